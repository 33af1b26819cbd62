use crate::lint::undo::undo_all;
use crate::lint::{Context, Findings, declare_rule};
use crate::replay::RunStatus;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a script without a `downgrade()` function.
    ///
    /// ```python bad
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    /// ```
    ///
    /// ## Why it matters
    ///
    /// `flask db downgrade` ends in *AttributeError: module has no attribute 'downgrade'*, in the middle of an
    /// incident, and the revisions below this one can't be reached any more either.
    ///
    /// ## What to do instead
    ///
    /// Write what takes the upgrade back. If there is no way back on purpose, say so: raise `NotImplementedError` with
    /// a sentence that helps whoever tries.
    ///
    /// ```python good
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    RP201 "missing-downgrade" {
        group: Downgrade,
        severity: Warning,
        summary: "a script has no `downgrade()` function, so there is no way back past it",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        // A failed upgrade is not followed by a downgrade, so the status alone does not tell.
        if revision.trace.downgrade.status != RunStatus::Missing && revision.script.downgrade_span.is_some() {
            continue;
        }
        if !matches!(revision.trace.downgrade.status, RunStatus::Missing | RunStatus::Skipped) {
            continue;
        }
        let message = "there is no `downgrade()`, so this revision and those below it can't be left again";
        let finding = RULE.finding_in(revision, revision.script.upgrade_span, message);
        let undo = undo_all(revision);
        found.push(finding.help(if undo.is_empty() {
            "write `downgrade()`, or let it raise NotImplementedError with the reason".to_owned()
        } else {
            format!("write it:\n\ndef downgrade():\n{}", indented(&undo))
        }));
    }
}

/// The lines of a function's body.
pub(super) fn indented(lines: &[String]) -> String {
    let lines = lines.iter().flat_map(|line| line.lines());
    lines.map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
