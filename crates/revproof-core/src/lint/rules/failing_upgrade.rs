use crate::diagnostic::Diagnostic;
use crate::lint::{Context, Findings, Revision, declare_rule, sample};
use crate::op::{Failure, FailureKind};
use crate::replay::{Run, RunStatus};

declare_rule! {
    /// ## What it does
    ///
    /// Reports an upgrade that fails for certain, with what the server, Alembic or Python would say. A name that does
    /// not exist, or exists already, is [unknown-object](unknown-object.md) or [object-exists](object-exists.md).
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('age', sa.String(20)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: age_number.py
    /// def upgrade():
    ///     op.alter_column('users', 'age', type_=sa.Integer())
    ///
    /// def downgrade():
    ///     op.alter_column('users', 'age', type_=sa.String(20))
    /// ```
    ///
    /// ## Why it matters
    ///
    /// The deployment stops here. On PostgreSQL the revision is rolled back as a whole; on SQLite and MySQL what it
    /// did up to there stays done, and neither running it again nor the downgrade works.
    ///
    /// ## What to do instead
    ///
    /// Correct the line that the message names. Later revisions are proved as if this one had done what it could, and
    /// say so where it matters.
    ///
    /// ```python good
    /// # file: age_text.py
    /// def upgrade():
    ///     op.alter_column('users', 'age', type_=sa.Text())
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'age')
    ///     op.add_column('users', sa.Column('age', sa.String(20)))
    /// ```
    RP701 "failing-upgrade" {
        group: Proof,
        severity: Error,
        summary: "the upgrade fails",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for (revision, failure) in failed_upgrades(cx) {
        if matches!(failure.kind, FailureKind::UndefinedObject | FailureKind::DuplicateObject) {
            continue;
        }
        let run = &revision.trace.upgrade;
        let span = run.failure_span.unwrap_or(revision.upgrade_span());
        let finding = RULE.finding_in(revision, Some(span), format!("the upgrade fails: {}", failure.message));
        found.push(explain(cx, revision, run, failure, finding));
    }
    for revision in cx.revisions() {
        let run = &revision.trace.upgrade;
        let message = match run.status {
            RunStatus::Missing => "there is no `upgrade()`, so Alembic can't run this revision".to_owned(),
            RunStatus::Refused => {
                format!("the upgrade refuses: {}", run.failure.as_ref().map_or("", |failure| &failure.message))
            }
            _ => continue,
        };
        found.push(RULE.finding_in(revision, run.failure_span, message));
    }
}

/// The upgrades that fail for certain, with their failures.
pub(super) fn failed_upgrades<'a>(cx: &Context<'a>) -> impl Iterator<Item = (Revision<'a>, &'a Failure)> {
    cx.revisions().filter_map(|revision| {
        let run = &revision.trace.upgrade;
        let failure = run.failure.as_ref().filter(|_| run.status == RunStatus::Failed)?;
        Some((revision, failure))
    })
}

/// Adds to a finding about a failure what is known about it: the rows at fault, what is left half done, and an earlier
/// failure that it may follow from.
pub(super) fn explain(
    cx: &Context<'_>,
    revision: Revision<'_>,
    run: &Run,
    failure: &Failure,
    mut finding: Diagnostic,
) -> Diagnostic {
    if let Some(violation) = &failure.violation {
        finding.notes.extend(sample::rows(violation));
    }
    let done = run.steps.iter().filter(|step| step.result.is_ok() && !step.operation.kind.is_inert()).count();
    if done > 0 && !cx.chain.dialect.transactional_ddl() {
        let (steps, verb) = if done == 1 { ("step", "stays") } else { ("steps", "stay") };
        finding
            .notes
            .push(format!("{} has no transactional DDL here: {done} {steps} before it {verb} done", cx.chain.dialect));
    }
    if let Some(earlier) = revision.trace.rests_on_failed.and_then(|id| cx.revision(id)) {
        finding.notes.push(format!("revision {} failed before; this may follow from it", earlier.title()));
        if let Some(span) = earlier.trace.upgrade.failure_span {
            finding = finding.label(span, "the earlier failure");
        }
    }
    finding
}
