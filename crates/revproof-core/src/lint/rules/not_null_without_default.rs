use super::set_not_null_with_nulls::row_finding;
use crate::lint::code::{list, quote, schema, sql_type};
use crate::lint::{Context, Findings, declare_rule};
use crate::op::{ColumnSpec, FailureKind, OpKind};
use crate::schema::{Dialect, Name, QName, SqlType};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a NOT NULL column that is added to a table with rows and has no server default. revproof fills every
    /// table with a few rows before it goes on, and shows one that stands in the way.
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
    /// # file: add_plan.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('plan', sa.String(20), nullable=False))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'plan')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// The server has no value for the rows that are there: *column "plan" of relation "users" contains null values*.
    /// It works on the empty database of a test and fails on the first that holds a row. `default=` in the model does
    /// not help, because it is applied by Python, to new rows.
    ///
    /// In a downgrade it means that a NOT NULL column can't be brought back to a table with rows.
    ///
    /// ## What to do instead
    ///
    /// Give the column a `server_default`; or add it nullable, fill it, and then forbid NULL.
    ///
    /// ```python good
    /// # file: add_plan.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('plan', sa.String(20), nullable=True))
    ///     op.execute("UPDATE users SET plan = 'free'")
    ///     op.alter_column('users', 'plan', existing_type=sa.String(20), nullable=False)
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'plan')
    /// ```
    RP501 "not-null-without-default" {
        group: Rows,
        severity: Error,
        summary: "a NOT NULL column without a server default is added to a table that may have rows",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        for run in [&revision.trace.upgrade, &revision.trace.downgrade] {
            for seen in run.seed_findings.iter().filter(|seen| seen.failure.kind == FailureKind::NotNullViolation) {
                let OpKind::AddColumn { table, column, .. } = &seen.operation.kind else { continue };
                let message = format!(
                    "`{table}.{}` is added NOT NULL without a server default, which fails on any row",
                    column.name
                );
                let finding = row_finding(&RULE, revision, seen, message);
                found.push(finding.help(help(table, column, cx.chain.dialect)));
            }
        }
    }
}

fn help(table: &QName, column: &ColumnSpec, dialect: Dialect) -> String {
    let ty = column.ty.canonical(dialect);
    let Some(python) = sql_type(&ty) else {
        return "give it a server_default, or add it nullable, fill it, and then forbid NULL".to_owned();
    };
    let (name, on, at) = (quote(&column.name), quote(&table.name), schema(table));
    let fill = quote(&format!("UPDATE {table} SET {} = {}", column.name, filler(&ty)));
    format!(
        "add it nullable, fill it, and then forbid NULL:\n\n    op.add_column({on}, sa.Column({name}, {python}, \
         nullable=True){at})\n    op.execute({fill})\n    op.alter_column({on}, {name}, existing_type={python}, \
         nullable=False{at})"
    )
}

/// A value to start from, as SQL; the user knows a better one.
fn filler(ty: &SqlType) -> &'static str {
    match ty {
        SqlType::Boolean => "false",
        SqlType::SmallInt | SqlType::Integer | SqlType::BigInt | SqlType::Numeric(..) | SqlType::Float(_) => "0",
        SqlType::Timestamp { .. } | SqlType::DateTime(_) => "now()",
        SqlType::Date => "current_date",
        SqlType::Json | SqlType::Jsonb => "'{}'",
        _ => "'…'",
    }
}

/// The columns as a list, for messages.
pub(super) fn columns(names: &[Name]) -> String {
    match names {
        [one] => format!("`{one}`"),
        _ => list(names).replace('\'', "`").trim_matches(['[', ']']).to_owned(),
    }
}
