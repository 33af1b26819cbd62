//! What a statement locks, and what it does to its table meanwhile: PostgreSQL's lock modes, the algorithms of MySQL's
//! online DDL, and the one lock of SQLite. Nothing is said where the server's own manual leaves it open.

use crate::op::{ColumnChange, ColumnSpec, ConstraintKind, ConstraintKindName, ConstraintSpec, DefaultSpec, OpKind};
use crate::schema::{Dialect, QName, SqlType};
use crate::sql::{self, Statement};

/// What is known for sure of the locks of an operation.
pub(super) fn note(op: &OpKind, dialect: Dialect) -> Option<String> {
    if let OpKind::Sql(text) = op {
        let parts = sql::split(&text.text, dialect);
        let [part] = parts.as_slice() else { return None };
        return match &part.statement {
            Statement::Ddl(kinds) => match kinds.as_slice() {
                [kind] => note(kind, dialect),
                _ => None,
            },
            Statement::Data(_) => data(&text.text, dialect),
            _ => None,
        };
    }
    match dialect {
        Dialect::PostgreSql => postgresql(op),
        Dialect::Sqlite => sqlite(op),
        Dialect::MySql => mysql(op),
    }
}

/// INSERT, UPDATE and DELETE.
fn data(text: &str, dialect: Dialect) -> Option<String> {
    let first = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    let changes = matches!(first.as_str(), "INSERT" | "UPDATE" | "DELETE");
    match dialect {
        Dialect::PostgreSql if changes => Some("ROW EXCLUSIVE: reads and other writes go on".to_owned()),
        Dialect::Sqlite if changes => Some(FILE.to_owned()),
        _ => None,
    }
}

const FILE: &str = "locks the whole database file against other writes";

fn postgresql(op: &OpKind) -> Option<String> {
    let exclusive = |table: &QName, what: &str| Some(format!("ACCESS EXCLUSIVE on {table}{what}"));
    match op {
        OpKind::CreateTable { table, .. } => {
            let mut named: Vec<String> = table
                .constraints
                .iter()
                .chain(table.columns.iter().flat_map(|column| &column.constraints))
                .filter_map(referenced)
                .filter(|other| **other != table.name)
                .map(ToString::to_string)
                .collect();
            named.dedup();
            (!named.is_empty()).then(|| format!("SHARE ROW EXCLUSIVE on {}", named.join(", ")))
        }
        OpKind::DropTable { table, .. } => exclusive(table, ""),
        OpKind::AddColumn { table, column, .. } => {
            let other = column.constraints.iter().find_map(referenced);
            let other = other.map_or_else(String::new, |other| format!(", SHARE ROW EXCLUSIVE on {other}"));
            exclusive(table, &format!("{other}{}", added(column)))
        }
        OpKind::AlterColumn { table, changes, .. } => {
            let [change] = changes.as_slice() else { return None };
            match change {
                ColumnChange::Type { .. } => exclusive(
                    table,
                    "; rewrites the table and its indexes, unless the old type is binary coercible to the new one",
                ),
                ColumnChange::Nullable(false) => {
                    exclusive(table, "; scans it, unless a valid CHECK already proves that there is no NULL")
                }
                ColumnChange::Nullable(true) | ColumnChange::Default(_) | ColumnChange::Rename(_) => {
                    exclusive(table, "; neither scans nor rewrites it")
                }
                ColumnChange::Comment(_) => Some(format!("SHARE UPDATE EXCLUSIVE on {table}")),
                ColumnChange::Identity(_) | ColumnChange::DropComputed | ColumnChange::Spelled(_) => {
                    exclusive(table, "")
                }
                ColumnChange::Autoincrement(_) => None,
            }
        }
        OpKind::CommentTable { table, .. } => Some(format!("SHARE UPDATE EXCLUSIVE on {table}")),
        OpKind::AddConstraint { table, constraint } => match &constraint.kind {
            ConstraintKind::ForeignKey { ref_table, .. } => {
                let scan = if constraint.not_valid { "; checks no row yet" } else { "; scans it to check every row" };
                let both = if ref_table == table { String::new() } else { format!(" and {ref_table}") };
                Some(format!(
                    "SHARE ROW EXCLUSIVE on {table}{both}{}",
                    scan.replace("scans it", &format!("scans {table}"))
                ))
            }
            ConstraintKind::Check { .. } if constraint.not_valid => exclusive(table, "; checks no row yet"),
            ConstraintKind::Check { .. } => exclusive(table, "; scans it to check every row"),
            ConstraintKind::PrimaryKey { using_index: Some(_), .. }
            | ConstraintKind::Unique { using_index: Some(_), .. } => exclusive(table, ""),
            _ => exclusive(table, "; scans it to build an index"),
        },
        OpKind::ValidateConstraint { table, .. } => {
            Some(format!("SHARE UPDATE EXCLUSIVE on {table}; scans it to check every row"))
        }
        OpKind::CreateIndex { index, concurrently: true, .. } => {
            Some(format!("SHARE UPDATE EXCLUSIVE on {}: writes go on; scans it twice", index.table))
        }
        OpKind::CreateIndex { index, .. } => {
            Some(format!("SHARE on {}: no writes meanwhile; scans it to build the index", index.table))
        }
        OpKind::DropIndex { concurrently: true, .. } => Some("reads and writes go on".to_owned()),
        OpKind::RenameTable { table, .. }
        | OpKind::DropColumn { table, .. }
        | OpKind::DropConstraint { table, .. }
        | OpKind::DropIndex { table: Some(table), .. } => exclusive(table, "; neither scans nor rewrites it"),
        OpKind::Truncate { tables, .. } => {
            let tables: Vec<String> = tables.iter().map(ToString::to_string).collect();
            Some(format!("ACCESS EXCLUSIVE on {}", tables.join(", ")))
        }
        OpKind::BulkInsert { table, .. } => Some(format!("ROW EXCLUSIVE on {table}: reads and other writes go on")),
        _ => None,
    }
}

fn referenced(constraint: &ConstraintSpec) -> Option<&QName> {
    match &constraint.kind {
        ConstraintKind::ForeignKey { ref_table, .. } => Some(ref_table),
        _ => None,
    }
}

/// What adding a column does to the rows that are there.
fn added(column: &ColumnSpec) -> &'static str {
    let stored = column.computed.as_ref().map(|computed| computed.persisted);
    let checked = column.constraints.iter().any(|constraint| matches!(constraint.kind, ConstraintKind::Check { .. }));
    let default = match &column.default {
        None => Some(false),
        Some(DefaultSpec::Sql(text)) => is_volatile(text),
        Some(DefaultSpec::Unknown(_)) => None,
    };
    let of_domain = matches!(column.ty, SqlType::Named(..) | SqlType::Unknown);
    match (stored, default) {
        (Some(true), _) => "; rewrites it",
        _ if column.serial || column.identity.is_some() => "; rewrites it",
        (_, Some(true)) => "; rewrites it: the default is computed anew for every row",
        (None, Some(false)) if checked => "; scans it to check every row",
        (None, Some(false)) if !of_domain => "; neither scans nor rewrites it",
        _ => "",
    }
}

/// Whether a default gives another value for every row, where that is known: literals and the time of the transaction
/// do not.
fn is_volatile(default: &str) -> Option<bool> {
    let text = default.trim().to_ascii_lowercase();
    let name = text.split('(').next().unwrap_or_default();
    let volatile = [
        "gen_random_uuid",
        "uuid_generate_v4",
        "uuid_generate_v1",
        "random",
        "clock_timestamp",
        "timeofday",
        "nextval",
    ];
    if volatile.contains(&name) && text.contains('(') {
        return Some(true);
    }
    let stable = matches!(
        text.as_str(),
        "now()"
            | "current_timestamp"
            | "current_date"
            | "localtimestamp"
            | "true"
            | "false"
            | "null"
            | "transaction_timestamp()"
    );
    let literal = text.parse::<f64>().is_ok() || is_string(&text);
    (stable || literal).then_some(false)
}

/// One string literal and nothing else.
fn is_string(text: &str) -> bool {
    let inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
}

fn sqlite(op: &OpKind) -> Option<String> {
    Some(match op {
        OpKind::DropColumn { table, .. } => format!("{FILE}; rewrites {table}"),
        OpKind::CreateIndex { index, .. } => format!("{FILE}; scans {} to build the index", index.table),
        OpKind::NoEffect { .. } | OpKind::Opaque { .. } => return None,
        _ => FILE.to_owned(),
    })
}

/// What is said holds for `InnoDB` of MySQL 8.0.
fn mysql(op: &OpKind) -> Option<String> {
    const REBUILD: &str = "INPLACE, rebuilds the table";
    const WRITES: &str = "INPLACE: writes go on";
    Some(match op {
        OpKind::AddColumn { column, .. } if column.serial => {
            "INPLACE, rebuilds the table: no writes meanwhile".to_owned()
        }
        OpKind::AddColumn { column, .. } if column.computed.as_ref().is_some_and(|computed| computed.persisted) => {
            "COPY: no writes meanwhile".to_owned()
        }
        OpKind::AddColumn { column, .. }
            if column.constraints.is_empty() && column.default.as_ref().is_none_or(is_literal) =>
        {
            "INSTANT since MySQL 8.0.12".to_owned()
        }
        OpKind::DropColumn { .. } => format!("INSTANT since MySQL 8.0.29; before, {REBUILD}"),
        OpKind::RenameTable { .. } => "INSTANT".to_owned(),
        OpKind::AlterColumn { changes, .. } if matches!(changes.as_slice(), [ColumnChange::Default(_)]) => {
            "INSTANT".to_owned()
        }
        OpKind::CreateIndex { index, .. } => {
            let prefix = index.spelling.as_ref().and_then(|spelling| spelling.prefix.as_ref()).or(index.using.as_ref());
            let special = prefix.is_some_and(|prefix| {
                prefix.eq_ignore_ascii_case("fulltext") || prefix.eq_ignore_ascii_case("spatial")
            });
            if special { "INPLACE: no writes meanwhile".to_owned() } else { WRITES.to_owned() }
        }
        OpKind::DropIndex { .. } => WRITES.to_owned(),
        OpKind::AddConstraint { constraint, .. } => match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } => REBUILD.to_owned(),
            ConstraintKind::Unique { .. } => WRITES.to_owned(),
            ConstraintKind::ForeignKey { .. } => {
                "COPY: no writes meanwhile; INPLACE where foreign_key_checks is off".to_owned()
            }
            _ => return None,
        },
        OpKind::DropConstraint { kind: Some(ConstraintKindName::ForeignKey | ConstraintKindName::Unique), .. } => {
            WRITES.to_owned()
        }
        OpKind::DropConstraint { kind: Some(ConstraintKindName::PrimaryKey), .. } => {
            "COPY: no writes meanwhile".to_owned()
        }
        _ => return None,
    })
}

fn is_literal(default: &DefaultSpec) -> bool {
    matches!(default, DefaultSpec::Sql(text) if is_string(text) || text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::SqlText;

    #[track_caller]
    fn check(dialect: Dialect, sql: &str, expected: &str) {
        let op = OpKind::Sql(SqlText { text: sql.into(), params: Vec::new(), literal: None });
        assert_eq!(note(&op, dialect).unwrap_or_default(), expected, "{sql}");
    }

    #[test]
    fn locks_of_postgresql() {
        let check = |sql: &str, expected: &str| check(Dialect::PostgreSql, sql, expected);
        check("CREATE TABLE t (a int)", "");
        check("CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p (id))", "SHARE ROW EXCLUSIVE on p");
        check("ALTER TABLE t ADD COLUMN a int", "ACCESS EXCLUSIVE on t; neither scans nor rewrites it");
        check(
            "ALTER TABLE t ADD COLUMN a timestamp DEFAULT now()",
            "ACCESS EXCLUSIVE on t; neither scans nor rewrites it",
        );
        check(
            "ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid()",
            "ACCESS EXCLUSIVE on t; rewrites it: the default is computed anew for every row",
        );
        check("ALTER TABLE t ADD COLUMN a int DEFAULT f()", "ACCESS EXCLUSIVE on t");
        check("ALTER TABLE t ADD COLUMN a serial", "ACCESS EXCLUSIVE on t; rewrites it");
        check(
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
            "ACCESS EXCLUSIVE on t; scans it, unless a valid CHECK already proves that there is no NULL",
        );
        check(
            "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)",
            "SHARE ROW EXCLUSIVE on t and p; scans t to check every row",
        );
        check("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "ACCESS EXCLUSIVE on t; checks no row yet");
        check("CREATE INDEX i ON t (a)", "SHARE on t: no writes meanwhile; scans it to build the index");
        check("CREATE INDEX CONCURRENTLY i ON t (a)", "SHARE UPDATE EXCLUSIVE on t: writes go on; scans it twice");
        check("UPDATE t SET a = 1", "ROW EXCLUSIVE: reads and other writes go on");
        check("SELECT 1", "");
        check("DO $$ BEGIN END $$", "");
    }

    #[test]
    fn algorithms_of_mysql_and_the_lock_of_sqlite() {
        check(Dialect::MySql, "ALTER TABLE t ADD COLUMN a int", "INSTANT since MySQL 8.0.12");
        check(Dialect::MySql, "ALTER TABLE t ADD COLUMN a datetime DEFAULT (uuid())", "");
        check(Dialect::MySql, "CREATE INDEX i ON t (a)", "INPLACE: writes go on");
        check(Dialect::MySql, "ALTER TABLE t MODIFY a bigint", "");
        check(Dialect::Sqlite, "DROP TABLE t", FILE);
        check(Dialect::Sqlite, "ALTER TABLE t DROP COLUMN a", &format!("{FILE}; rewrites t"));
    }
}
