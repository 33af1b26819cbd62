use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::lint::code::drop_constraint;
use crate::lint::context::operations;
use crate::lint::{Context, Done, Findings, Revision, declare_rule};
use crate::op::{ConstraintKindName, OpKind};
use crate::replay::Run;
use crate::schema::{Name, QName, Table};
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Reports `op.drop_constraint(None, …)`, and works out which constraint was meant.
    ///
    /// ```python bad
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: unique_email.py
    /// def upgrade():
    ///     op.create_unique_constraint(None, 'users', ['id', 'email'])
    ///
    /// def downgrade():
    ///     op.drop_constraint(None, 'users', type_='unique')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// This is what `flask db migrate` writes when the models give a constraint no name, with a comment that asks for
    /// one. Creating works, because the server chooses a name; dropping fails before anything is sent: *Can't emit
    /// DROP CONSTRAINT for constraint UniqueConstraint(); it has no name*.
    ///
    /// ## What to do instead
    ///
    /// Name the constraint where it is created and where it is dropped. A naming convention on the `MetaData` of the
    /// models names all of them once and for good.
    ///
    /// ```python good
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: unique_email.py
    /// def upgrade():
    ///     op.create_unique_constraint('uq_users_id_email', 'users', ['id', 'email'])
    ///
    /// def downgrade():
    ///     op.drop_constraint('uq_users_id_email', 'users', type_='unique')
    /// ```
    RP207 "unnamed-constraint-drop" {
        group: Downgrade,
        severity: Error,
        summary: "`drop_constraint(None, …)` names no constraint, which no database accepts",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        for run in [&revision.trace.upgrade, &revision.trace.downgrade] {
            let nameless = operations(run).filter_map(|done| match &done.operation.kind {
                OpKind::DropConstraint { table, name: None, kind, .. } => Some((done, table, *kind)),
                _ => None,
            });
            for (done, table, kind) in nameless {
                let finding = finding(cx, revision, done, table, kind);
                cover(found.push(finding), done.operation.span);
            }
            // Alembic may refuse before there is an operation to speak of.
            let Some(span) = run.failure_span.filter(|_| is_nameless(run)) else { continue };
            if operations(run).all(|done| done.operation.span != span) {
                let message = "this names no constraint, so Alembic refuses to drop it";
                let finding = RULE.finding_in(revision, Some(span), message);
                cover(found.push(finding.help("name the constraint, here and where it is created")), span);
            }
        }
    }
}

fn is_nameless(run: &Run) -> bool {
    run.failure.as_ref().is_some_and(|failure| {
        failure.message.contains("it has no name") || failure.message.contains("Constraint must have a name")
    })
}

fn cover(finding: &mut crate::lint::rule::Finding, span: Span) {
    finding.covers_at(&super::failing_downgrade::RULE, span).covers_at(&super::failing_upgrade::RULE, span);
    finding.covers(&super::unnamed_constraint::RULE);
}

fn finding(
    cx: &Context<'_>,
    revision: Revision<'_>,
    done: Done<'_>,
    table: &QName,
    kind: Option<ConstraintKindName>,
) -> Diagnostic {
    let span = done.operation.span;
    let message = format!("this drops no named constraint of `{table}`, which no database accepts");
    let mut finding = RULE.finding_in(revision, Some(span), message);
    let creation = revision.upgraded().find(|other| match &other.operation.kind {
        OpKind::AddConstraint { table: on, constraint } => on == table && constraint.name.is_none(),
        _ => false,
    });
    if let Some(creation) = creation {
        finding = finding.label(creation.operation.span, "it gets no name here either, so the server chooses one");
    }
    let Some(name) = meant(revision, done, table, kind) else {
        return finding.help("name the constraint, here and where it is created");
    };
    finding =
        finding.help(format!("the server's name for it is `{name}`:\n\n    {}", drop_constraint(table, &name, kind)));
    match name_edit(cx, span, &name) {
        Some(edit) => finding.fix(Fix { title: format!("drop `{name}`"), edits: vec![edit] }),
        None => finding,
    }
}

/// The one constraint of that kind that the revision gave the table.
fn meant(revision: Revision<'_>, done: Done<'_>, table: &QName, kind: Option<ConstraintKindName>) -> Option<Name> {
    let now = done.step.before.catalog.table(table)?;
    let then = revision.trace.before.catalog.table(table).map(|then| names(then, kind)).unwrap_or_default();
    let mut new = names(now, kind).into_iter().filter(|name| !then.contains(name));
    let name = new.next()?;
    new.next().is_none().then_some(name)
}

fn names(table: &Table, kind: Option<ConstraintKindName>) -> Vec<Name> {
    let is = |other: ConstraintKindName| kind.is_none_or(|kind| kind == other);
    let mut names: Vec<Option<&Name>> = Vec::new();
    if is(ConstraintKindName::Unique) {
        names.extend(table.uniques.iter().map(|unique| unique.name.as_ref()));
    }
    if is(ConstraintKindName::ForeignKey) {
        names.extend(table.foreign_keys.iter().map(|key| key.name.as_ref()));
    }
    if is(ConstraintKindName::Check) {
        names.extend(table.checks.iter().map(|check| check.name.as_ref()));
    }
    names.into_iter().flatten().cloned().collect()
}

/// Writes the name in place of the first `None` of the call.
fn name_edit(cx: &Context<'_>, span: Span, name: &str) -> Option<Edit> {
    let text = cx.sources.text(span);
    let open = text.find('(')? + 1;
    let at = open + text.get(open..)?.find("None")?;
    let lead = text.get(open..at)?.trim();
    let start = span.start + at as u32;
    let edit = Edit { span: Span::new(span.file, start, start + 4), text: crate::lint::code::quote(name) };
    lead.is_empty().then_some(edit)
}
