use super::not_null_without_default::columns;
use crate::diagnostic::Diagnostic;
use crate::lint::{Context, Findings, Revision, Rule, declare_rule, sample};
use crate::op::{FailureKind, OpKind};
use crate::replay::SeedFinding;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a column that is made NOT NULL, or part of a primary key, while rows may hold NULL in it. revproof puts
    /// a NULL wherever the schema allows one, and shows the row.
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
    /// # file: email_required.py
    /// def upgrade():
    ///     op.alter_column('users', 'email', existing_type=sa.String(80), nullable=False)
    ///
    /// def downgrade():
    ///     op.alter_column('users', 'email', existing_type=sa.String(80), nullable=True)
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Until now the schema allowed NULL, so some row probably has one, and the upgrade fails: *column "email" of
    /// relation "users" contains null values*.
    ///
    /// ## What to do instead
    ///
    /// Fill the NULLs first, in the same upgrade.
    ///
    /// ```python good
    /// # file: email_required.py
    /// def upgrade():
    ///     op.execute("UPDATE users SET email = 'unknown' WHERE email IS NULL")
    ///     op.alter_column('users', 'email', existing_type=sa.String(80), nullable=False)
    ///
    /// def downgrade():
    ///     op.alter_column('users', 'email', existing_type=sa.String(80), nullable=True)
    /// ```
    RP502 "set-not-null-with-nulls" {
        group: Rows,
        severity: Warning,
        summary: "a column is made NOT NULL while rows may hold NULL in it",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        for run in [&revision.trace.upgrade, &revision.trace.downgrade] {
            for seen in run.seed_findings.iter().filter(|seen| seen.failure.kind == FailureKind::NotNullViolation) {
                if matches!(seen.operation.kind, OpKind::AddColumn { .. }) {
                    continue;
                }
                let Some(violation) = &seen.failure.violation else { continue };
                let (table, names) = (&violation.table, &violation.columns);
                let message = format!("{} of `{table}` becomes NOT NULL, but may hold NULL", columns(names));
                let finding = row_finding(&RULE, revision, seen, message);
                let column = names.first().map_or("…", |name| &**name);
                found.push(finding.help(format!(
                    "fill it first: op.execute(\"UPDATE {table} SET {column} = … WHERE {column} IS NULL\")"
                )));
            }
        }
    }
}

/// A finding about rows that stand in the way, with what the server says and the rows.
pub(super) fn row_finding(
    rule: &'static Rule,
    revision: Revision<'_>,
    seen: &SeedFinding,
    message: String,
) -> Diagnostic {
    let mut finding = rule.finding_in(revision, Some(seen.operation.span), message);
    finding.notes.push(format!("it fails with: {}", sample::cut(&seen.failure.message, 160)));
    if let Some(violation) = &seen.failure.violation {
        finding.notes.extend(sample::rows(violation));
    }
    finding
}
