use crate::lint::made::walk;
use crate::lint::{Context, Findings, declare_rule};
use crate::op::{ColumnChange, OpKind};
use crate::schema::{Dialect, SqlType};

declare_rule! {
    /// ## What it does
    ///
    /// Reports an upgrade that gives a column a type that holds less: a shorter length, a smaller integer, fewer
    /// digits, a date in place of a timestamp, a timestamp without its time zone, and the like. Where the rows of the
    /// proof already fail on it, [failing-cast](failing-cast.md) shows them instead.
    ///
    /// ```python given
    /// # file: items.py
    /// def upgrade():
    ///     op.create_table(
    ///         'items',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('made', sa.DateTime()),
    ///     )
    ///
    /// def downgrade():
    ///     op.drop_table('items')
    /// ```
    ///
    /// ```python bad
    /// # file: made_date.py
    /// def upgrade():
    ///     op.alter_column('items', 'made', type_=sa.Date(), existing_type=sa.DateTime())
    ///
    /// def downgrade():
    ///     op.alter_column('items', 'made', type_=sa.DateTime(), existing_type=sa.Date())
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Either the change fails on the first value that does not fit, or the server silently cuts or rounds what is
    /// there. A downgrade restores the type, but not what was cut off.
    ///
    /// ## What to do instead
    ///
    /// Check what the table holds, decide what happens to the values that do not fit, and write that down in the
    /// upgrade. Or add a new column of the new type and keep the old one for a while.
    ///
    /// ```python good
    /// # file: made_on.py
    /// def upgrade():
    ///     op.add_column('items', sa.Column('made_on', sa.Date()))
    ///     op.execute('UPDATE items SET made_on = CAST(made AS DATE)')
    ///
    /// def downgrade():
    ///     op.drop_column('items', 'made_on')
    /// ```
    RP303 "narrowing-type" {
        group: Data,
        severity: Warning,
        summary: "an upgrade changes a column to a type that holds less",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    let dialect = cx.chain.dialect;
    for revision in cx.revisions() {
        walk(&revision.trace.upgrade, |done, made| {
            let OpKind::AlterColumn { table, column, changes } = &done.operation.kind else { return };
            let new = changes.iter().find_map(|change| match change {
                ColumnChange::Type { ty, .. } => Some(ty.canonical(dialect)),
                _ => None,
            });
            let old = done.step.before.catalog.table(table).and_then(|table| table.column(column));
            let (Some(new), Some(old)) = (new, old) else { return };
            if made.column(table, column) {
                return;
            }
            let Some(what) = narrows(&old.ty, &new, dialect) else { return };
            let span = done.operation.span;
            let (from, to) = (old.ty.text(dialect), new.text(dialect));
            let message = format!("`{table}.{column}` changes from {from} to {to}, which {what}");
            let mut finding = RULE.finding_in(revision, Some(span), message);
            finding.notes.extend(done.condition());
            let finding = finding
                .note("values that do not fit make the change fail, or are cut or rounded without a word")
                .help(format!("look first: SELECT {column}, count(*) FROM {table} GROUP BY 1"));
            found.push(finding).covers_at(&super::lossy_downgrade::RULE, span);
        });
    }
}

/// What a change of type loses, as half a sentence; `None` where the new type holds all that the old one does.
fn narrows(old: &SqlType, new: &SqlType, dialect: Dialect) -> Option<String> {
    if let (Some((old_rank, _)), Some((new_rank, bits))) = (integer(old), integer(new)) {
        // SQLite keeps any integer in any integer column.
        return (new_rank < old_rank && dialect != Dialect::Sqlite).then(|| format!("holds {bits} bits only"));
    }
    if let (Some(old), Some(new)) = (length(old), length(new)) {
        return (new < old && dialect != Dialect::Sqlite).then(|| format!("holds {new} characters only"));
    }
    match (old, new) {
        (SqlType::Numeric(op, os) | SqlType::Decimal(op, os), SqlType::Numeric(np, ns) | SqlType::Decimal(np, ns)) => {
            let np = (*np)?;
            let (ns, whole) = (ns.unwrap_or(0), |p: u32, s: i32| i64::from(p) - i64::from(s));
            let Some(op) = *op else { return Some(format!("holds {np} digits only")) };
            let os = os.unwrap_or(0);
            if whole(np, ns) < whole(op, os) {
                return Some(format!("holds {} digits before the point only", whole(np, ns)));
            }
            (ns < os).then(|| format!("holds {ns} digits behind the point only"))
        }
        (SqlType::Numeric(..) | SqlType::Decimal(..) | SqlType::Float(_) | SqlType::Real | SqlType::Double, new)
            if integer(new).is_some() =>
        {
            Some("drops what stands behind the point".to_owned())
        }
        (SqlType::Double | SqlType::Float(None), SqlType::Real) => Some("holds 6 digits only".to_owned()),
        (SqlType::Timestamp { .. } | SqlType::DateTime(_), SqlType::Date) => Some("drops the time of day".to_owned()),
        (SqlType::Timestamp { .. } | SqlType::DateTime(_), SqlType::Time { .. }) => Some("drops the date".to_owned()),
        (SqlType::Timestamp { tz: true, .. }, SqlType::Timestamp { tz: false, .. }) => {
            Some("drops the time zone".to_owned())
        }
        _ => None,
    }
}

/// The order of the integer types, and their width.
fn integer(ty: &SqlType) -> Option<(u8, u8)> {
    Some(match ty {
        SqlType::TinyInt => (1, 8),
        SqlType::SmallInt => (2, 16),
        SqlType::MediumInt => (3, 24),
        SqlType::Integer => (4, 32),
        SqlType::BigInt => (5, 64),
        SqlType::Unsigned(of) => return integer(of),
        _ => return None,
    })
}

/// The length of a text type; without a limit it is the greatest.
fn length(ty: &SqlType) -> Option<u32> {
    match ty {
        SqlType::Char(n) => Some(n.unwrap_or(1)),
        SqlType::VarChar(n) | SqlType::NChar(n) | SqlType::NVarChar(n) => Some(n.unwrap_or(u32::MAX)),
        SqlType::Text(_) => Some(u32::MAX),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::TextSize;

    #[test]
    fn a_type_narrows_where_it_holds_less() {
        let check = |old: &SqlType, new: &SqlType| narrows(old, new, Dialect::PostgreSql);
        let varchar = |n| SqlType::VarChar(Some(n));
        let timestamp = |tz| SqlType::Timestamp { precision: None, tz };
        assert_eq!(check(&varchar(120), &varchar(80)).as_deref(), Some("holds 80 characters only"));
        assert_eq!(check(&SqlType::Text(TextSize::Plain), &varchar(80)).as_deref(), Some("holds 80 characters only"));
        assert_eq!(check(&varchar(80), &varchar(120)), None);
        assert_eq!(check(&varchar(80), &SqlType::Text(TextSize::Plain)), None);
        assert_eq!(check(&SqlType::BigInt, &SqlType::Integer).as_deref(), Some("holds 32 bits only"));
        assert_eq!(check(&SqlType::Integer, &SqlType::BigInt), None);
        let numeric = |p, s| SqlType::Numeric(Some(p), Some(s));
        assert_eq!(check(&numeric(10, 4), &numeric(10, 2)).as_deref(), Some("holds 2 digits behind the point only"));
        assert_eq!(check(&numeric(10, 2), &numeric(8, 2)).as_deref(), Some("holds 6 digits before the point only"));
        assert_eq!(check(&numeric(10, 2), &numeric(12, 2)), None);
        assert_eq!(check(&timestamp(false), &SqlType::Date).as_deref(), Some("drops the time of day"));
        assert_eq!(check(&timestamp(true), &timestamp(false)).as_deref(), Some("drops the time zone"));
        assert_eq!(narrows(&varchar(120), &varchar(80), Dialect::Sqlite), None);
    }
}
