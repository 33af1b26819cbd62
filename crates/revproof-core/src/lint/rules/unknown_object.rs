use super::failing_upgrade::{explain, failed_upgrades};
use crate::lint::origins::{gone, table_of};
use crate::lint::subject::{Subject, subject};
use crate::lint::{Context, Findings, Revision, declare_rule, nearest};
use crate::op::FailureKind;
use crate::schema::{Name, QName, Table};
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
        if let Some(subject) = subject(&failure.message) {
            let name = subject.name;
            if let Some(origin) = gone(cx, revision, name, Some(span)) {
                let place = if origin.revision.trace.revision == revision.trace.revision {
                    String::new()
                } else {
                    format!(" in revision {}", origin.revision.title())
                };
                finding = finding.label(origin.span, format!("`{name}` was dropped or renamed here{place}"));
            }
            finding = match meant(revision, span, subject) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("make `{name}` in an earlier revision, or correct the name")),
            };
        }
        found.push(explain(cx, revision, run, failure, finding));
    }
}

/// The name nearest to a missing one, among those of its kind that exist at that point.
fn meant(revision: Revision<'_>, span: Span, missing: Subject<'_>) -> Option<Name> {
    let done = revision.upgraded().find(|done| done.operation.span == span);
    let catalog = done.map_or(&revision.trace.before.catalog, |done| &done.step.before.catalog);
    let own = done.and_then(|done| table_of(&done.operation.kind));
    let of_table = |table: &QName| missing.table.map_or(own == Some(table), |name| name == &*table.name);
    let candidates: Vec<Name> = match missing.kind.to_ascii_lowercase().as_str() {
        "relation" | "table" => catalog.tables.keys().map(|name| name.name.clone()).collect(),
        "type" => catalog.enums.keys().map(|name| name.name.clone()).collect(),
        _ => catalog.tables.values().filter(|table| of_table(&table.name)).flat_map(|table| parts(table)).collect(),
    };
    let others = candidates.iter().map(|name| &**name).filter(|name| *name != missing.name);
    nearest(missing.name, others).map(Name::from)
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
