use super::failing_upgrade::{explain, failed_upgrades};
use crate::lint::origins::{gone, table_of};
use crate::lint::{Context, Findings, Revision, declare_rule, nearest};
use crate::op::{FailureKind, OpKind};
use crate::schema::{Catalog, Name, QName, Table};
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Reports an upgrade that fails because it names a table, column, constraint, index or type that does not exist
    /// at that point of the chain. It says where the object was dropped or renamed, or which name was probably meant.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('user', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('user', 'email')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// The upgrade fails wherever the chain is run from its start: on a new developer's machine, in tests, on a new
    /// server. It may work in production, if the object was made there by hand; then the chain does not say what
    /// production looks like.
    ///
    /// ## What to do instead
    ///
    /// Correct the name, or make the object in an earlier revision.
    ///
    /// ```python good
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    RP702 "unknown-object" {
        group: Proof,
        severity: Error,
        summary: "the upgrade fails because it names something that does not exist",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for (revision, failure) in failed_upgrades(cx) {
        if failure.kind != FailureKind::UndefinedObject {
            continue;
        }
        let run = &revision.trace.upgrade;
        let span = run.failure_span.unwrap_or(revision.upgrade_span());
        let mut finding = RULE.finding_in(revision, Some(span), format!("the upgrade fails: {}", failure.message));
        let missing = missing(revision, span).or_else(|| failure.object.as_ref().map(|object| object.name.clone()));
        if let Some(name) = missing {
            if let Some(origin) = gone(cx, revision, &name, Some(span)) {
                let place = if origin.revision.trace.revision == revision.trace.revision {
                    String::new()
                } else {
                    format!(" in revision {}", origin.revision.title())
                };
                finding = finding.label(origin.span, format!("`{name}` was dropped or renamed here{place}"));
            }
            finding = match meant(revision, span, &name) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("make `{name}` in an earlier revision, or correct the name")),
            };
        }
        found.push(explain(cx, revision, run, failure, finding));
    }
}

/// The name that the failing operation could not find: that of its table, else that of the part it is about.
fn missing(revision: Revision<'_>, span: Span) -> Option<Name> {
    let done = revision.upgraded().find(|done| !done.is_ok() && done.operation.span == span)?;
    let kind = &done.operation.kind;
    if let Some(table) = table_of(kind).filter(|table| done.step.before.catalog.table(table).is_none()) {
        return Some(table.name.clone());
    }
    part(kind).cloned()
}

fn part(kind: &OpKind) -> Option<&Name> {
    match kind {
        OpKind::DropColumn { column, .. } | OpKind::AlterColumn { column, .. } => Some(column),
        OpKind::DropConstraint { name, .. } => name.as_ref(),
        OpKind::RenameConstraint { name, .. } => Some(name),
        OpKind::DropIndex { index, .. } | OpKind::RenameIndex { index, .. } => Some(&index.name),
        OpKind::DropType { name, .. } | OpKind::AddEnumValue { name, .. } | OpKind::RenameType { name, .. } => {
            Some(&name.name)
        }
        _ => None,
    }
}

/// The name nearest to a missing one, among those that exist at that point.
fn meant(revision: Revision<'_>, span: Span, missing: &str) -> Option<Name> {
    let done = revision.upgraded().find(|done| done.operation.span == span);
    let catalog = done.map_or(&revision.trace.before.catalog, |done| &done.step.before.catalog);
    let table = done.and_then(|done| table_of(&done.operation.kind));
    let candidates = candidates(catalog, table);
    let others = candidates.iter().map(|name| &**name).filter(|name| *name != missing);
    nearest(missing, others).map(Name::from)
}

fn candidates(catalog: &Catalog, table: Option<&QName>) -> Vec<Name> {
    if let Some(table) = table.and_then(|table| catalog.table(table)) {
        return parts(table);
    }
    catalog.tables.keys().chain(catalog.enums.keys()).map(|name| name.name.clone()).collect()
}

/// The names of a table's columns, constraints and indexes.
fn parts(table: &Table) -> Vec<Name> {
    let columns = table.columns.iter().map(|column| &column.name);
    let uniques = table.uniques.iter().filter_map(|unique| unique.name.as_ref());
    let keys = table.foreign_keys.iter().filter_map(|key| key.name.as_ref());
    let checks = table.checks.iter().filter_map(|check| check.name.as_ref());
    let indexes = table.indexes.iter().map(|index| &index.name);
    columns.chain(uniques).chain(keys).chain(checks).chain(indexes).cloned().collect()
}
