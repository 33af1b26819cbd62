//! `CREATE TABLE … AS`, and what fills materialized views.

use std::sync::Arc;

use super::cast::{Affinity, Mode, affinity};
use super::constraint::Doubts;
use super::database::Database;
use super::relation::Relation;
use super::statement::read;
use super::stop::{Evaluation, Stop};
use super::write::{Given, complete_row, insert};
use crate::ddl::Filling;
use crate::op::{Failure, FailureKind, Outcome, SqlText};
use crate::schema::{Column, ColumnId, Dialect, Object, ObjectKind, QName, SqlType, Table, TextSize, quote_qualified};
use crate::sql::{Statement, split};

/// Fills a new table with the rows of its query (`CREATE TABLE … AS`).
pub(super) fn fill_from(db: &mut Database, table: &Table, query: &SqlText, doubts: &mut Doubts) -> Outcome<()> {
    match rows_of(db, query).and_then(|relation| fill(db, table, relation, doubts)) {
        Ok(()) => Ok(()),
        Err(Stop::Fail(failure)) => Err(*failure),
        Err(Stop::Unsupported(why)) => {
            db.taint_rows(&table.name, &why);
            doubts.push(why);
            Ok(())
        }
    }
}

/// Fills a materialized view, or holds what it was last filled with to one more index.
pub(super) fn fill_view(db: &mut Database, name: &QName, how: Filling, doubts: &mut Doubts) -> Outcome<()> {
    let Some(view) = db.catalog.view(name).cloned() else { return Ok(()) };
    let held = db.filled.iter().find(|(filled, _)| filled == name).map(|(_, tables)| tables.clone());
    let remember = |db: &mut Database, tables: Option<_>| {
        let filled = Arc::make_mut(&mut db.filled);
        filled.retain(|(filled, _)| filled != name);
        filled.push((name.clone(), tables));
    };
    match how {
        Filling::Not => {
            remember(db, None);
            return Ok(());
        }
        Filling::Indexed => {
            if let Some(Some(tables)) = held {
                let mut before = db.clone();
                before.tables = tables;
                gives(&before, &view, doubts)?;
            }
            // Rows that came later, made-up ones too, are in it once it is refreshed.
            if let Err(failure) = gives(db, &view, doubts) {
                doubts.push(failure.message.as_str().into());
            }
            return Ok(());
        }
        Filling::Concurrently if held == Some(None) => {
            let message = "CONCURRENTLY cannot be used when the materialized view is not populated";
            return Err(Failure::new(FailureKind::Unsupported, message).about(name.clone()));
        }
        Filling::Concurrently | Filling::Anew => {}
    }
    gives(db, &view, doubts)?;
    let tables = db.tables.clone();
    remember(db, Some(tables));
    Ok(())
}

/// The query of a materialized view must go through, and its unique indexes must hold for what it gives.
fn gives(db: &Database, view: &Object, doubts: &mut Doubts) -> Outcome<()> {
    // What it gives now is what a plain view gives.
    let mut plain = db.clone();
    let as_view = Object { kind: ObjectKind::View, ..view.clone() };
    plain.catalog.objects.insert((ObjectKind::View, view.name.clone()), Arc::new(as_view));
    let from = quote_qualified(&view.name, db.catalog.dialect);
    let mut queries = vec![(None, format!("SELECT * FROM {from}"))];
    for index in view.indexes.iter().filter(|index| index.unique) {
        let parts: Vec<&str> = index.parts.iter().filter_map(|part| part.expression.as_deref()).collect();
        let given = parts.iter().filter(|_| !index.nulls_not_distinct).map(|part| format!("({part}) IS NOT NULL"));
        let asked = given.chain(index.predicate.iter().map(|predicate| format!("({predicate})")));
        let asked = asked.chain(std::iter::once("TRUE".to_owned())).collect::<Vec<_>>().join(" AND ");
        let keys = parts.join(", ");
        let text = format!("SELECT count(*) FROM {from} WHERE {asked} GROUP BY {keys} HAVING count(*) > 1");
        queries.push((Some(index), text));
    }
    for (index, text) in queries {
        let query = SqlText { text: text.into(), params: Vec::new(), literal: None };
        match (index, rows_of(&mut plain, &query)) {
            (Some(index), Ok(double)) if !double.rows.is_empty() => {
                let message = format!("could not create unique index \"{}\"", index.name);
                return Err(Failure::new(FailureKind::UniqueViolation, message).about(view.name.clone()));
            }
            (_, Ok(_)) => {}
            (_, Err(Stop::Fail(failure))) if failure.kind.is_data() => return Err(failure.about(view.name.clone())),
            // Where there is nothing to read, nothing can go wrong.
            (_, Err(_)) if view.depends_on.iter().all(|of| db.catalog.table(of).is_some() && db.is_empty(of)) => {}
            (_, Err(Stop::Fail(failure))) => doubts.push(failure.message.as_str().into()),
            (_, Err(Stop::Unsupported(why))) => doubts.push(why),
        }
    }
    Ok(())
}

fn rows_of(db: &mut Database, query: &SqlText) -> Evaluation<Relation> {
    let parts = split(&query.text, db.catalog.dialect);
    let [part] = parts.as_slice() else { return Err(Stop::unsupported("the query of CREATE TABLE AS")) };
    let Statement::Data(ast) = &part.statement else { return Err(Stop::unsupported("the query of CREATE TABLE AS")) };
    let sqlparser::ast::Statement::Query(query_ast) = ast.as_ref() else {
        return Err(Stop::unsupported("the query of CREATE TABLE AS"));
    };
    read(db, query_ast, &query.params)
}

fn fill(db: &mut Database, table: &Table, relation: Relation, doubts: &mut Doubts) -> Evaluation<()> {
    let table = match table.columns.is_empty() {
        true => define(db, table, &relation, doubts),
        false if relation.columns.len() == table.columns.len() => Arc::new(table.clone()),
        false => {
            return Err(Stop::unsupported(format!("which columns the query of {} gives is not known", table.name)));
        }
    };
    let mut rows = Vec::with_capacity(relation.rows.len());
    for row in relation.rows {
        let cells = table.columns.iter().zip(row);
        let given = cells.map(|(column, datum)| (column.id, Given::Value(datum, Mode::Literal))).collect();
        rows.push(complete_row(db, &table, given)?);
    }
    insert(db, &table, rows, doubts)?;
    Ok(())
}

/// Gives a new table the columns of its query, and takes the doubt about them back.
fn define(db: &mut Database, table: &Table, relation: &Relation, doubts: &mut Doubts) -> Arc<Table> {
    let mut defined = table.clone();
    let dialect = db.catalog.dialect;
    for (name, ty) in &relation.columns {
        let id = ColumnId(defined.next_column);
        defined.next_column += 1;
        let bare = if dialect == Dialect::Sqlite { SqlType::None } else { SqlType::Text(TextSize::Plain) };
        let ty = ty.clone().unwrap_or(bare);
        let ty = if dialect == Dialect::Sqlite { declared_by_sqlite(&ty) } else { ty };
        defined.columns.push(Column::new(id, name.clone(), ty).into());
    }
    defined.assumed = false;
    let defined = Arc::new(defined);
    db.catalog.tables.insert(table.name.clone(), defined.clone());
    let taken_back = format!("the columns of `{}` come from a query", table.name);
    doubts.retain(|doubt| **doubt != *taken_back);
    defined
}

/// The type that SQLite declares for a column of `CREATE TABLE … AS`: the name of its affinity.
fn declared_by_sqlite(ty: &SqlType) -> SqlType {
    match affinity(ty) {
        Affinity::Integer => SqlType::Builtin("INT".into()),
        Affinity::Text => SqlType::Text(TextSize::Plain),
        Affinity::Blob => SqlType::None,
        Affinity::Real => SqlType::Real,
        Affinity::Numeric => SqlType::Builtin("NUM".into()),
    }
}
