//! `op.bulk_insert`.

use super::cast::Mode;
use super::database::Database;
use super::stop::Stop;
use super::write::{Given, complete_row, insert};
use crate::op::{Datum, Effect, Failure, FailureKind, Outcome};
use crate::schema::{Dialect, Name, QName};

/// Inserts rows as a driver would send them.
pub(super) fn insert_rows(
    db: &mut Database,
    name: &QName,
    rows: &[Vec<(Name, Datum)>],
    effect: &mut Effect,
) -> Outcome<()> {
    let Some(table) = db.catalog.tables.get(name).cloned() else { return Err(undefined_table(db, name)) };
    let mut complete = Vec::with_capacity(rows.len());
    for row in rows {
        let mut given = Vec::with_capacity(row.len());
        for (column, datum) in row {
            let Some(column) = table.column(column) else {
                if table.assumed {
                    continue;
                }
                return Err(undefined_column(db, name, column));
            };
            given.push((column.id, Given::Value(datum.clone(), driver_mode(datum))));
        }
        match complete_row(db, &table, given) {
            Ok(row) => complete.push(row),
            Err(Stop::Fail(failure)) => return Err(failure.about(name.clone())),
            Err(Stop::Unsupported(why)) => {
                db.taint_rows(name, &why);
                effect.doubts.push(why);
                return Ok(());
            }
        }
    }
    effect.rows = Some(complete.len() as u64);
    insert(db, &table, complete, &mut effect.doubts)?;
    Ok(())
}

/// Drivers send text as a literal whose type the column settles, everything else with its type.
pub(super) fn driver_mode(datum: &Datum) -> Mode {
    match datum {
        Datum::Text(_) | Datum::Json(_) | Datum::List(_) | Datum::Uuid(_) | Datum::Interval(_) => Mode::Literal,
        _ => Mode::Assignment,
    }
}

/// A table that does not exist.
pub(super) fn undefined_table(db: &Database, name: &QName) -> Failure {
    let message = match db.catalog.dialect {
        Dialect::PostgreSql => format!("relation \"{name}\" does not exist"),
        Dialect::Sqlite => format!("no such table: {name}"),
        Dialect::MySql => format!("Table '{name}' doesn't exist"),
    };
    let mut failure = Failure::new(FailureKind::UndefinedObject, message).about(name.clone());
    failure.doubt = db.doubt(name);
    failure
}

/// A column that its table does not have.
pub(super) fn undefined_column(db: &Database, table: &QName, column: &str) -> Failure {
    let message = match db.catalog.dialect {
        Dialect::PostgreSql => format!("column \"{column}\" of relation \"{}\" does not exist", table.name),
        Dialect::Sqlite => format!("table {} has no column named {column}", table.name),
        Dialect::MySql => format!("Unknown column '{column}' in 'field list'"),
    };
    let mut failure = Failure::new(FailureKind::UndefinedObject, message).about(table.clone());
    failure.doubt = db.doubt(table);
    failure
}
