use super::not_null_without_default::columns;
use super::set_not_null_with_nulls::row_finding;
use crate::lint::{Context, Findings, declare_rule};
use crate::op::FailureKind;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a unique constraint, unique index or primary key that is added to columns in which rows may hold the
    /// same values. revproof puts duplicates wherever the schema allows them, and shows the rows.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(80)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: unique_email.py
    /// def upgrade():
    ///     op.create_unique_constraint('uq_users_email', 'users', ['email'])
    ///
    /// def downgrade():
    ///     op.drop_constraint('uq_users_email', 'users', type_='unique')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Until now nothing kept duplicates out, so there may be some, and the upgrade fails on them: *could not create
    /// unique index: Key (email)=(…) is duplicated*.
    ///
    /// ## What to do instead
    ///
    /// Remove or merge the duplicates first, in the same upgrade. If you know that there are none, suppress the
    /// finding with the reason.
    ///
    /// ```python good
    /// # file: unique_email.py
    /// def upgrade():
    ///     op.execute("UPDATE users SET email = email || '.' || id")
    ///     op.create_unique_constraint('uq_users_email', 'users', ['email'])
    ///
    /// def downgrade():
    ///     op.drop_constraint('uq_users_email', 'users', type_='unique')
    /// ```
    RP503 "unique-with-duplicates" {
        group: Rows,
        severity: Warning,
        summary: "a unique constraint or index is added to columns in which rows may hold duplicates",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        for run in [&revision.trace.upgrade, &revision.trace.downgrade] {
            for seen in run.seed_findings.iter().filter(|seen| seen.failure.kind == FailureKind::UniqueViolation) {
                let Some(violation) = &seen.failure.violation else { continue };
                let (table, names) = (&violation.table, columns(&violation.columns));
                let message = format!("{names} of `{table}` becomes unique, but rows may hold the same values");
                let finding = row_finding(&RULE, revision, seen, message);
                let listed = violation.columns.join(", ");
                found.push(finding.help(format!(
                    "remove or merge duplicates first; this finds them: SELECT {listed}, count(*) FROM {table} \
                     GROUP BY {listed} HAVING count(*) > 1"
                )));
            }
        }
    }
}
