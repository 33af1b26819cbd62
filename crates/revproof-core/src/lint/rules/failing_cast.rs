use super::not_null_without_default::columns;
use super::set_not_null_with_nulls::row_finding;
use crate::lint::{Context, Findings, declare_rule};
use crate::op::{ColumnChange, FailureKind, OpKind};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a change of type that values in the column may not survive, and a check constraint that existing rows
    /// may not pass. revproof puts long texts, texts that are no numbers and other edge cases wherever the schema
    /// allows them, and shows the rows.
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
    ///     op.alter_column('users', 'age', type_=sa.Integer(), postgresql_using='age::integer')
    ///
    /// def downgrade():
    ///     op.alter_column('users', 'age', type_=sa.String(20))
    /// ```
    ///
    /// ## Why it matters
    ///
    /// One value that does not fit is enough for the whole upgrade to fail: *invalid input syntax for type integer:
    /// "twelve"*, *value too long for type character varying(20)*.
    ///
    /// ## What to do instead
    ///
    /// Mend or empty the values that do not fit first, or write a `USING` expression that takes every value.
    ///
    /// ```python good
    /// # file: age_number.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('age_years', sa.Integer()))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'age_years')
    /// ```
    RP505 "failing-cast" {
        group: Rows,
        severity: Warning,
        summary: "a change of type, or a new check, fails on values that may be there",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        for run in [&revision.trace.upgrade, &revision.trace.downgrade] {
            for seen in &run.seed_findings {
                let kind = seen.failure.kind;
                let is_check = kind == FailureKind::CheckViolation;
                if !is_check && !matches!(kind, FailureKind::InvalidValue | FailureKind::DatatypeMismatch) {
                    continue;
                }
                let Some(violation) = &seen.failure.violation else { continue };
                let (table, names) = (&violation.table, columns(&violation.columns));
                let message = match &seen.operation.kind {
                    _ if is_check => format!("`{table}` gets a check that rows may not pass"),
                    OpKind::AlterColumn { changes, .. } => match new_type(cx, changes) {
                        Some(ty) => format!("{names} of `{table}` becomes {ty}, but may hold values that do not fit"),
                        None => format!("{names} of `{table}` may hold values that do not survive this"),
                    },
                    _ => format!("{names} of `{table}` may hold values that do not survive this"),
                };
                let finding = row_finding(&RULE, revision, seen, message);
                let help = if is_check {
                    "mend or delete the rows that do not pass first"
                } else {
                    "mend the values that do not fit first, or give a USING expression that takes every value"
                };
                found.push(finding.help(help)).covers_at(&super::narrowing_type::RULE, seen.operation.span);
            }
        }
    }
}

fn new_type(cx: &Context<'_>, changes: &[ColumnChange]) -> Option<String> {
    changes.iter().find_map(|change| match change {
        ColumnChange::Type { ty, .. } => Some(ty.canonical(cx.chain.dialect).text(cx.chain.dialect)),
        _ => None,
    })
}
