use crate::diagnostic::Severity;
use crate::lint::code::quote;
use crate::lint::{Context, Findings, declare_rule};
use crate::op::{ConstraintKind, ConstraintSpec, OpKind, Origin};
use crate::schema::{Dialect, QName};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a constraint that is added to a table without a name (`op.create_unique_constraint(None, …)`,
    /// `op.create_foreign_key(None, …)`) in a project without a naming convention. Constraints inside `create_table`
    /// are left alone, and so is a revision of which
    /// [unnamed-constraint-drop](unnamed-constraint-drop.md) reports the nameless drop.
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
    /// # file: unique_email.py
    /// def upgrade():
    ///     op.create_unique_constraint(None, 'users', ['id', 'email'])
    ///
    /// def downgrade():
    ///     op.drop_constraint('users_id_email_key', 'users', type_='unique')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// The server chooses a name, each server by rules of its own, and sooner or later a migration has to drop the
    /// constraint by that name. PostgreSQL's names can be foreseen, so it is information there; MySQL's depend on the
    /// order of events, and SQLite gives none at all.
    ///
    /// ## What to do instead
    ///
    /// Name the constraint, or give the `MetaData` of the models a naming convention, after which `flask db migrate`
    /// writes the names by itself.
    ///
    /// ```python good
    /// # file: unique_email.py
    /// def upgrade():
    ///     op.create_unique_constraint('uq_users_id_email', 'users', ['id', 'email'])
    ///
    /// def downgrade():
    ///     op.drop_constraint('uq_users_id_email', 'users', type_='unique')
    /// ```
    RP404 "unnamed-constraint" {
        group: Intent,
        severity: Warning,
        summary: "a constraint is added without a name, so the server chooses one that later migrations must guess",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    if !cx.chain.project.naming.is_empty() {
        return;
    }
    for revision in cx.revisions() {
        let unnamed = revision.upgraded().filter(|done| done.is_ok()).filter_map(|done| {
            let OpKind::AddConstraint { table, constraint } = &done.operation.kind else { return None };
            let is_plain = matches!(done.operation.origin, Origin::Directive | Origin::Batch);
            let (what, name) = suggestion(table, constraint)?;
            (constraint.name.is_none() && is_plain).then_some((done.operation.span, table, what, name))
        });
        let unnamed: Vec<_> = unnamed.collect();
        let Some(((span, table, what, name), rest)) = unnamed.split_first() else { continue };
        let message = match rest.len() {
            0 => format!("this {what} of `{table}` gets no name, so the server chooses one"),
            n => format!("this {what} of `{table}` and {n} more get no name, so the server chooses one"),
        };
        let mut finding = RULE.finding_in(revision, Some(*span), message);
        for (span, _, _, name) in rest.iter().take(5) {
            finding = finding.label(*span, format!("for example '{name}'"));
        }
        if cx.chain.dialect == Dialect::PostgreSql {
            finding.severity = Severity::Info;
        }
        found.push(finding.help(format!("name it, for example {}", quote(name))));
    }
}

/// What the constraint is called, and a name for it by the convention of SQLAlchemy's manual.
fn suggestion(table: &QName, constraint: &ConstraintSpec) -> Option<(&'static str, String)> {
    let first = |columns: &[crate::schema::Name]| columns.first().map_or("", |name| &**name).to_owned();
    match &constraint.kind {
        ConstraintKind::Unique { columns, .. } => {
            Some(("unique constraint", format!("uq_{}_{}", table.name, first(columns))))
        }
        ConstraintKind::ForeignKey { columns, ref_table, .. } => {
            Some(("foreign key", format!("fk_{}_{}_{}", table.name, first(columns), ref_table.name)))
        }
        ConstraintKind::Check { .. } => Some(("check constraint", format!("ck_{}_…", table.name))),
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Exclude { .. } => None,
    }
}
