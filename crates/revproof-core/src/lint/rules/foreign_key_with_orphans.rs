use super::not_null_without_default::columns;
use super::set_not_null_with_nulls::row_finding;
use crate::lint::{Context, Findings, declare_rule};
use crate::op::{ConstraintKind, FailureKind, OpKind, Operation};
use crate::schema::QName;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a foreign key that is added to a column whose rows may point to nothing. revproof puts values without a
    /// parent wherever the schema allows them, and shows the rows.
    ///
    /// ```python given
    /// # file: posts.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///     op.create_table('posts', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('user_id', sa.Integer()))
    ///
    /// def downgrade():
    ///     op.drop_table('posts')
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: posts_fk.py
    /// def upgrade():
    ///     op.create_foreign_key('fk_posts_user_id_users', 'posts', 'users', ['user_id'], ['id'])
    ///
    /// def downgrade():
    ///     op.drop_constraint('fk_posts_user_id_users', 'posts', type_='foreignkey')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Until now nothing kept orphans out, so rows whose parent was deleted may be there, and the upgrade fails on
    /// them: *insert or update on table "posts" violates foreign key constraint*. SQLite does not check and carries
    /// them on.
    ///
    /// ## What to do instead
    ///
    /// Delete the orphans or set their column to NULL first, in the same upgrade. On PostgreSQL a constraint may also
    /// be added `NOT VALID` and validated later.
    ///
    /// ```python good
    /// # file: posts_fk.py
    /// def upgrade():
    ///     op.execute('UPDATE posts SET user_id = NULL WHERE user_id NOT IN (SELECT id FROM users)')
    ///     op.create_foreign_key('fk_posts_user_id_users', 'posts', 'users', ['user_id'], ['id'])
    ///
    /// def downgrade():
    ///     op.drop_constraint('fk_posts_user_id_users', 'posts', type_='foreignkey')
    /// ```
    RP504 "foreign-key-with-orphans" {
        group: Rows,
        severity: Warning,
        summary: "a foreign key is added to a column whose rows may point to nothing",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        for run in [&revision.trace.upgrade, &revision.trace.downgrade] {
            for seen in run.seed_findings.iter().filter(|seen| seen.failure.kind == FailureKind::ForeignKeyViolation) {
                let Some(violation) = &seen.failure.violation else { continue };
                let (table, names) = (&violation.table, columns(&violation.columns));
                let (message, help) = match referenced(&seen.operation) {
                    Some(parent) => (
                        format!("{names} of `{table}` gets a foreign key to `{parent}`, but rows may point to nothing"),
                        format!("delete such rows, or set {names} to NULL in them, before the constraint is added"),
                    ),
                    None => (
                        format!("rows of `{table}` stand in a foreign key's way"),
                        "delete or repoint the referencing rows first".to_owned(),
                    ),
                };
                found.push(row_finding(&RULE, revision, seen, message).help(help));
            }
        }
    }
}

/// The table that the new foreign key points to, if the operation makes one.
fn referenced(operation: &Operation) -> Option<&QName> {
    let constraints = match &operation.kind {
        OpKind::AddConstraint { constraint, .. } => std::slice::from_ref(constraint),
        OpKind::AddColumn { column, .. } => &column.constraints,
        _ => return None,
    };
    constraints.iter().find_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey { ref_table, .. } => Some(ref_table),
        _ => None,
    })
}
