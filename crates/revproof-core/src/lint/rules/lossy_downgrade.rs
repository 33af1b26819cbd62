use crate::engine::RowChange;
use crate::lint::sample;
use crate::lint::words::Words;
use crate::lint::{Context, Done, Findings, Revision, declare_rule};
use crate::op::{ColumnChange, OpKind};
use crate::replay::Verdict;
use crate::schema::{Name, QName};
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a revision whose downgrade restores the schema, but not the rows: it compares every value before the
    /// upgrade with what is there after upgrade and downgrade, and says which are lost and how many. What
    /// [drop-table](drop-table.md), [drop-column](drop-column.md), [narrowing-type](narrowing-type.md) or
    /// [truncate-or-delete-all](truncate-or-delete-all.md) already report is not said again.
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
    /// # file: lower_email.py
    /// def upgrade():
    ///     op.execute('UPDATE users SET email = upper(email)')
    ///     op.create_index('ix_users_email', 'users', ['email'])
    ///
    /// def downgrade():
    ///     op.drop_index('ix_users_email', table_name='users')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// After a rollback the application works, and some of what users had entered is different or missing. Nobody
    /// notices at once, and by then the backup is old.
    ///
    /// ## What to do instead
    ///
    /// Keep what the upgrade overwrites, or let the downgrade refuse. If the loss is meant, suppress the finding with
    /// the reason.
    ///
    /// ```python good
    /// # file: lower_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email_shown', sa.String(80)))
    ///     op.execute('UPDATE users SET email_shown = upper(email)')
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email_shown')
    /// ```
    RP305 "lossy-downgrade" {
        group: Data,
        severity: Warning,
        summary: "upgrade and downgrade bring the schema back, but not the rows",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions().filter(|revision| revision.trace.verdict == Verdict::Lossy) {
        for change in &revision.trace.restores.row_differences.tables {
            let mut columns: Vec<Option<&Name>> = Vec::new();
            if change.lost_rows + change.new_rows > 0 {
                columns.push(None);
            }
            for value in &change.values {
                if !columns.contains(&Some(&value.column)) {
                    columns.push(Some(&value.column));
                }
            }
            for column in columns {
                report(revision, change, column, found);
            }
        }
    }
}

fn report(revision: Revision<'_>, change: &RowChange, column: Option<&Name>, found: &mut Findings) {
    let Some(table) = &change.table else { return };
    let what = match column {
        None => rows(table, change),
        Some(column) => {
            let count = change.values.iter().filter(|value| value.column == *column).count();
            format!(
                "{} of `{table}.{column}` {} not come back",
                counted(count, "value"),
                if count == 1 { "does" } else { "do" }
            )
        }
    };
    let cause = revision.upgraded().filter(|done| done.is_ok()).find_map(|done| causes(done, table, column));
    let span = cause.unwrap_or(revision.downgrade_span());
    let mut finding = RULE.finding_in(revision, Some(span), format!("after upgrade and downgrade {what}"));
    for value in change.values.iter().filter(|value| Some(&value.column) == column).take(3) {
        let after = value.after.as_ref().map_or_else(|| "gone".to_owned(), sample::value);
        finding = finding.note(format!(
            "row {}: {} was {}, is {after}",
            value.row,
            value.column,
            sample::value(&value.before)
        ));
    }
    if cause.is_some() {
        let only_new = column.is_none() && change.lost_rows == 0;
        let what = if only_new { "this does not take it away" } else { "this does not bring it back" };
        finding = finding.label(revision.downgrade_span(), what);
    }
    found.push(finding.help("let `downgrade()` put the rows back as they were, or refuse"));
}

fn rows(table: &QName, change: &RowChange) -> String {
    let is = |count| if count == 1 { "is" } else { "are" };
    let (lost, new) = (change.lost_rows, change.new_rows);
    match (lost, new) {
        (_, 0) => format!("{} of `{table}` {} missing", counted(lost, "row"), is(lost)),
        (0, _) => {
            let were = if new == 1 { "was" } else { "were" };
            format!("{} {} in `{table}` that {were} not there before", counted(new, "row"), is(new))
        }
        _ => format!("{} of `{table}` {} missing, and {} new", counted(lost, "row"), is(lost), counted(new, "row")),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The place of an operation, if it is what changed that table's rows or that column's values.
fn causes(done: Done<'_>, table: &QName, column: Option<&Name>) -> Option<Span> {
    let is_cause = match &done.operation.kind {
        OpKind::DropTable { table: dropped, .. } => dropped == table,
        OpKind::Truncate { tables, .. } => tables.contains(table),
        OpKind::BulkInsert { table: filled, .. } => filled == table,
        OpKind::DropColumn { table: on, column: dropped, .. } => on == table && column == Some(dropped),
        OpKind::AlterColumn { table: on, column: altered, changes } => {
            on == table
                && column == Some(altered)
                && changes.iter().any(|change| matches!(change, ColumnChange::Type { .. }))
        }
        OpKind::Sql(sql) => {
            let words = Words::of(&sql.text);
            words.has(&table.name) && column.is_none_or(|column| words.has(column) || words.starts_with("delete"))
        }
        _ => false,
    };
    is_cause.then_some(done.operation.span)
}
