use super::failing_upgrade::{explain, failed_upgrades};
use crate::lint::origins::made;
use crate::lint::{Context, Findings, declare_rule};
use crate::op::{FailureKind, OpKind};
use crate::schema::Name;

declare_rule! {
    /// ## What it does
    ///
    /// Reports an upgrade that fails because it makes a table, column, constraint, index or type that exists already,
    /// and shows the line that made it.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// The upgrade fails wherever the chain is run from its start. Often two branches made the same change, or a
    /// migration was generated against a database that lagged behind.
    ///
    /// On PostgreSQL a favourite is an enum type: `create_table` creates it for the first table that uses it, and again
    /// for the second.
    ///
    /// ## What to do instead
    ///
    /// Remove the second creation. For an enum type that exists, use `postgresql.ENUM(…, create_type=False)`.
    ///
    /// ```python good
    /// # file: add_phone.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('phone', sa.String(20)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'phone')
    /// ```
    RP703 "object-exists" {
        group: Proof,
        severity: Error,
        summary: "the upgrade fails because it makes something that exists already",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for (revision, failure) in failed_upgrades(cx) {
        if failure.kind != FailureKind::DuplicateObject {
            continue;
        }
        let run = &revision.trace.upgrade;
        let span = run.failure_span.unwrap_or(revision.upgrade_span());
        let mut finding = RULE.finding_in(revision, Some(span), format!("the upgrade fails: {}", failure.message));
        let failed = revision.upgraded().find(|done| !done.is_ok() && done.operation.span == span);
        let name = failed.and_then(|done| new_name(&done.operation.kind));
        let name = name.or_else(|| failure.object.as_ref().map(|object| &object.name));
        if let Some(origin) = name.and_then(|name| made(cx, revision, name, Some(span))) {
            let place = if origin.revision.trace.revision == revision.trace.revision {
                String::new()
            } else {
                format!(" in revision {}", origin.revision.title())
            };
            finding = finding.label(origin.span, format!("it was made here{place}"));
        }
        let is_type = failed.is_some_and(|done| matches!(done.operation.kind, OpKind::CreateEnum { .. }));
        let finding = finding.help(if is_type {
            "use the type that exists: postgresql.ENUM(…, name=…, create_type=False)"
        } else {
            "remove this line, or the one that made it first"
        });
        found.push(explain(cx, revision, run, failure, finding));
    }
}

/// The name that an operation would make.
fn new_name(kind: &OpKind) -> Option<&Name> {
    match kind {
        OpKind::CreateTable { table, .. } => Some(&table.name.name),
        OpKind::AddColumn { column, .. } => Some(&column.name),
        OpKind::CreateIndex { index, .. } => index.name.as_ref(),
        OpKind::AddConstraint { constraint, .. } => constraint.name.as_ref(),
        OpKind::RenameTable { to, .. } => Some(to),
        OpKind::CreateEnum { name, .. } | OpKind::CreateSequence { name, .. } | OpKind::CreateObject { name, .. } => {
            Some(&name.name)
        }
        _ => None,
    }
}
