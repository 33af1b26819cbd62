//! UPDATE and DELETE: GlueSQL finds the rows and computes the values, [`super::write`] writes them.

use std::sync::Arc;

use sqlparser::ast::{
    Assignment, AssignmentTarget, Delete, Expr, ObjectName, ObjectNamePart, Query, SelectItem, Statement as Ast,
    TableFactor, TableWithJoins, Update, UpdateTableFromKind,
};

use super::bulk::{undefined_column, undefined_table};
use super::cast::Mode;
use super::database::Database;
use super::defaults::{default_value, to_column};
use super::relation::Relation;
use super::rewrite::{
    Compiler, Scan, Typed, find_column, find_table, fold, hidden, is_identity, is_literal, is_single,
};
use super::statement::{Done, With, alias_of, collect_written, deleted_from, is_default, table_name};
use super::stop::{Evaluation, Stop};
use super::write::{self, Change};
use crate::op::{Datum, FailureKind};
use crate::schema::{Column, ColumnId, Dialect, Name, QName, ReferentialAction, Table};

/// `UPDATE`.
pub(super) fn update(
    db: &mut Database,
    statement: &Update,
    with: &With<'_>,
    params: &[(Name, Datum)],
) -> Evaluation<Done> {
    let table = target(db, &statement.table)?;
    let assigned = assignments(db, &table, &statement.assignments)?;
    if statement.or.is_some() || statement.limit.is_some() {
        return Err(Stop::unsupported("an UPDATE of this form is not supported"));
    }
    let from: &[TableWithJoins] = match &statement.from {
        None => &[],
        Some(UpdateTableFromKind::AfterSet(from) | UpdateTableFromKind::BeforeSet(from)) => from,
    };
    let found = find(db, (&statement.table, from), with, statement.selection.as_ref(), &assigned, params);
    let (found, computed) = found?;
    let mut changes: Vec<Change> = Vec::with_capacity(found.len());
    let mut doubts = Vec::new();
    for (number, values) in found {
        let mut cells = Vec::with_capacity(assigned.len());
        let mut values = values.into_iter();
        for (column, source) in &assigned {
            let value = match source {
                Source::Default => write::known_or_not(default_value(db, &table, column))?,
                Source::Expr(_) | Source::Column(..) => {
                    let (value, mode) = values.next().unwrap_or((Datum::Null, Mode::Literal));
                    write::known_or_not(to_column(db, column, &value, mode))?
                }
            };
            cells.push((column.id, value));
        }
        changes.push((number, cells));
    }
    let numbers: Vec<i64> = changes.iter().map(|(n, _)| *n).collect();
    let count = write::update(db, &table, changes, &computed, &mut doubts)?;
    let returned = returning(db, &table, &statement.table, &numbers, statement.returning.as_deref(), params)?;
    Ok(Done { count, returned, doubts })
}

/// `DELETE`.
pub(super) fn delete(
    db: &mut Database,
    statement: &Delete,
    with: &With<'_>,
    params: &[(Name, Datum)],
) -> Evaluation<Done> {
    let Some(from) = deleted_from(statement) else { return Err(Stop::unsupported("a DELETE without a table")) };
    let table = target(db, from)?;
    let several = statement.tables.len() > 1 || statement.limit.is_some();
    let named_otherwise = statement.tables.first().is_some_and(|name| !names_target(db, name, from));
    if several || named_otherwise {
        return Err(Stop::unsupported("a DELETE of this form is not supported"));
    }
    let using = statement.using.as_deref().unwrap_or_default();
    let found = find(db, (from, using), with, statement.selection.as_ref(), &[], params);
    let numbers: Vec<i64> = found?.0.into_iter().map(|(number, _)| number).collect();
    let returned = returning(db, &table, from, &numbers, statement.returning.as_deref(), params)?;
    let mut doubts = Vec::new();
    let count = write::delete(db, &table, numbers, &mut doubts)?;
    Ok(Done { count, returned, doubts })
}

fn names_target(db: &Database, name: &ObjectName, from: &TableWithJoins) -> bool {
    let dialect = db.catalog.dialect;
    let Some(ObjectNamePart::Identifier(ident)) = name.0.last() else { return false };
    let wanted = fold(ident, dialect);
    alias_of(from, dialect).as_deref() == Some(&wanted) || table_name(from, dialect).is_some_and(|t| *t.name == *wanted)
}

/// The table that a statement writes.
pub(super) fn target(db: &Database, table: &TableWithJoins) -> Evaluation<Arc<Table>> {
    let Some(name) = table_name(table, db.catalog.dialect) else {
        return Err(Stop::unsupported("writing something other than a table is not supported"));
    };
    if let Some(table) = find_table(db, &name) {
        return Ok(table.clone());
    }
    if db.catalog.objects.keys().any(|(_, other)| *other == name) {
        return Err(Stop::unsupported(format!("writing through the view {name} is not supported")));
    }
    Err(Stop::from(undefined_table(db, &name)))
}

/// What a column is set to.
#[derive(Clone)]
pub(super) enum Source<'s> {
    /// An expression.
    Expr(&'s Expr),
    /// A column of a query, which has so many.
    Column(&'s Query, usize, usize),
    /// Its default.
    Default,
}

/// The columns that are set, and to what.
pub(super) fn assignments<'s>(
    db: &Database,
    table: &Table,
    list: &'s [Assignment],
) -> Evaluation<Vec<(Arc<Column>, Source<'s>)>> {
    let mut out: Vec<(Arc<Column>, Source<'s>)> = Vec::with_capacity(list.len());
    let add = |out: &mut Vec<(Arc<Column>, Source<'s>)>, name: &ObjectName, value: &'s Expr| {
        let column = assigned_column(db, table, name)?;
        let postgres = db.catalog.dialect == Dialect::PostgreSql;
        if postgres && out.iter().any(|(known, _)| known.id == column.id) {
            let message = format!("multiple assignments to same column \"{}\"", column.name);
            return Err(Stop::fail(FailureKind::InvalidStatement, message));
        }
        if postgres && column.identity.as_ref().is_some_and(|identity| identity.always) && !is_default(value) {
            let message = format!("column \"{}\" can only be updated to DEFAULT", column.name);
            return Err(Stop::fail(FailureKind::InvalidStatement, message));
        }
        out.push((column, if is_default(value) { Source::Default } else { Source::Expr(value) }));
        Ok::<(), Stop>(())
    };
    for assignment in list {
        match (&assignment.target, &assignment.value) {
            (AssignmentTarget::ColumnName(name), value) => add(&mut out, name, value)?,
            (AssignmentTarget::Tuple(names), Expr::Tuple(values)) if names.len() == values.len() => {
                for (name, value) in names.iter().zip(values) {
                    add(&mut out, name, value)?;
                }
            }
            (AssignmentTarget::Tuple(names), value @ Expr::Subquery(query)) => {
                for (at, name) in names.iter().enumerate() {
                    add(&mut out, name, value)?;
                    if let Some((_, source)) = out.last_mut() {
                        *source = Source::Column(query, at, names.len());
                    }
                }
            }
            _ => return Err(Stop::unsupported("SET of several columns at once is not supported")),
        }
    }
    Ok(out)
}

fn assigned_column(db: &Database, table: &Table, name: &ObjectName) -> Evaluation<Arc<Column>> {
    let dialect = db.catalog.dialect;
    let Some(ObjectNamePart::Identifier(ident)) = name.0.last() else {
        return Err(Stop::unsupported("SET of this form is not supported"));
    };
    let wanted = fold(ident, dialect);
    if let ([ObjectNamePart::Identifier(first), _, ..], true) = (name.0.as_slice(), dialect != Dialect::MySql) {
        let first = fold(first, dialect);
        return Err(match dialect {
            Dialect::Sqlite => Stop::fail(FailureKind::InvalidStatement, "near \".\": syntax error"),
            _ if find_column(table, &first, dialect).is_some() => Stop::unsupported("SET of a part of a column"),
            _ => Stop::from(undefined_column(db, &table.name, &first)),
        });
    }
    let Some(column) = find_column(table, &wanted, dialect) else {
        if table.assumed {
            return Err(Stop::unsupported(format!("column {wanted} may belong to a table that no script makes")));
        }
        return Err(Stop::from(undefined_column(db, &table.name, &wanted)));
    };
    if column.computed.is_some() {
        let message = format!("column \"{wanted}\" can only be updated to DEFAULT");
        return Err(Stop::fail(FailureKind::InvalidStatement, message));
    }
    Ok(column.clone())
}

/// A row that was found: its number, and for each assigned expression the value and how it is to be cast.
type Found = (i64, Vec<(Datum, Mode)>);

/// Finds the rows that a statement is about, and computes what they are set to. Also returns the columns that are set to
/// something that depends on values of rows.
fn find(
    db: &mut Database,
    (target, others): (&TableWithJoins, &[TableWithJoins]),
    with: &With<'_>,
    selection: Option<&Expr>,
    assigned: &[(Arc<Column>, Source<'_>)],
    params: &[(Name, Datum)],
) -> Evaluation<(Vec<Found>, Vec<ColumnId>)> {
    let mut compiler = Compiler::new(db, params);
    with.bind(&mut compiler)?;
    compiler.open();
    let tables: Vec<&TableWithJoins> = std::iter::once(target).chain(others).collect();
    compiler.from(&tables)?;
    let mut unknown = None;
    if let Some(selection) = selection {
        match compiler.filter(selection, false) {
            Ok(condition) => compiler.restrict(&condition)?,
            // What is wrong with the rest is wrong all the same.
            Err(Stop::Unsupported(why)) => unknown = Some(why),
            Err(stop) => return Err(stop),
        }
    }
    let mut values: Vec<Typed> = Vec::with_capacity(assigned.len());
    let mut columns: Vec<&Column> = Vec::with_capacity(assigned.len());
    for (column, source) in assigned {
        let given = match source {
            Source::Expr(expr) => Some((compiler.expr(expr), is_literal(expr))),
            Source::Column(query, at, of) => Some((compiler.query_column(query, *at, *of), false)),
            Source::Default => None,
        };
        if let Some((value, literal)) = given {
            let value = match value {
                Err(Stop::Unsupported(why)) => {
                    unknown.get_or_insert(why);
                    continue;
                }
                value => value?,
            };
            if is_identity(value.ty.as_ref()) {
                return Err(hidden());
            }
            compiler.check_assigned(&value, column, literal)?;
            // Its digits go with its type.
            let single = is_single(value.ty.as_ref()) && !is_single(Some(&column.ty));
            values.push(if single { compiler.coerce(value, &column.ty, Mode::Assignment)? } else { value });
            columns.push(column);
        }
    }
    if let Some(why) = unknown {
        return Err(Stop::Unsupported(why));
    }
    compiler.settle()?;
    let scan = compiler.scan()?;
    let modes: Vec<Mode> =
        values.iter().zip(&columns).map(|(typed, column)| write::mode_of(typed.ty.as_ref(), column)).collect();
    let mut found: Vec<Found> = Vec::new();
    for (row, cells) in compiler.values(&values, scan)?.into_iter().enumerate() {
        if let Some(number) = compiler.row_number(scan, row) {
            found.push((number, cells.into_iter().zip(modes.iter().copied()).collect()));
        }
    }
    found.sort_by_key(|(number, _)| *number);
    // Where several rows of the other tables match, any may be taken: that is known only where all say the same.
    found.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
    let many = found.len();
    found.dedup_by_key(|(number, _)| *number);
    if many > found.len() {
        return Err(Stop::unsupported("several rows match one row that is updated"));
    }
    let computed = values.iter().zip(&columns).filter(|(value, _)| value.as_const().is_none());
    let computed = computed.map(|(_, column)| column.id).collect();
    Ok((found, computed))
}

/// What `RETURNING` gives of rows as they stand.
pub(super) fn returning(
    db: &mut Database,
    table: &Arc<Table>,
    target: &TableWithJoins,
    numbers: &[i64],
    items: Option<&[SelectItem]>,
    params: &[(Name, Datum)],
) -> Evaluation<Option<Relation>> {
    let Some(items) = items else { return Ok(None) };
    let dialect = db.catalog.dialect;
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let rows: Vec<_> = db
        .rows_of(&table.name)
        .map(|rows| rows.iter().filter(|(n, _)| sorted.binary_search(n).is_ok()).map(|(n, r)| (n, r.clone())).collect())
        .unwrap_or_default();
    let name = alias_of(target, dialect).unwrap_or_else(|| table.name.name.to_string());
    let mut compiler = Compiler::new(db, params);
    compiler.open();
    compiler.bind(name, Scan::of_rows(table.clone(), rows));
    let columns = compiler.projection(items)?;
    let mut relation = Relation { columns: Vec::new(), rows: vec![Vec::new(); numbers.len()] };
    for (label, value) in columns {
        relation.columns.push((label, value.ty.clone()));
        for (row, datum) in relation.rows.iter_mut().zip(compiler.values_of(&value)?) {
            row.push(datum);
        }
    }
    compiler.settle()?;
    relation.without_identities().map(Some)
}

/// What a statement that can't be simulated leaves behind: what it may have written is not known from here on.
pub(super) fn taint(db: &mut Database, statement: &Ast, why: &Arc<str>) {
    let dialect = db.catalog.dialect;
    let written = match statement {
        Ast::Update(update) => target(db, &update.table).ok(),
        Ast::Delete(delete) => deleted_from(delete).and_then(|table| target(db, table).ok()),
        _ => None,
    };
    if written.is_some_and(|table| db.is_empty(&table.name)) {
        // There is nothing that it could have changed.
        return;
    }
    if let Ast::Update(update) = statement
        && update.or.is_none()
        && let Ok(table) = target(db, &update.table)
        && let Ok(assigned) = assignments(db, &table, &update.assignments)
    {
        // Only the columns that it sets are in doubt.
        let ids: Vec<ColumnId> = assigned.iter().map(|(c, _)| c.id).collect();
        let references = |key: &crate::schema::ForeignKey| {
            let cascades = !matches!(key.on_update, ReferentialAction::NoAction | ReferentialAction::Restrict);
            key.ref_table == table.name && cascades
        };
        let followed = db.catalog.tables.values().any(|t| t.foreign_keys.iter().any(references));
        if !followed && db.rows_of(&table.name).is_some_and(|rows| rows.taint.is_none()) {
            db.rows_mut(&table.name).for_each_mut(|_, row| {
                for id in &ids {
                    row.write(*id, Datum::Unknown(why.clone()));
                }
            });
            return;
        }
    }
    let mut tables = Vec::new();
    collect_written(statement, dialect, &mut tables, 0);
    let deletes = !matches!(statement, Ast::Insert(_));
    let mut at = 0;
    while let Some(name) = tables.get(at).cloned() {
        at += 1;
        let Some(name) = find_table(db, &name).map(|t| t.name.clone()) else { continue };
        db.taint_rows(&name, why);
        // Deleting and updating may reach further, along foreign keys.
        let reached: Vec<QName> = db
            .catalog
            .tables
            .values()
            .filter(|t| deletes && t.foreign_keys.iter().any(|key| key.ref_table == name && acts(key)))
            .map(|t| t.name.clone())
            .collect();
        tables
            .extend(reached.into_iter().filter(|t| db.rows_of(t).is_some_and(|r| !r.is_empty() && r.taint.is_none())));
    }
}

fn acts(key: &crate::schema::ForeignKey) -> bool {
    let passive = |action| matches!(action, ReferentialAction::NoAction | ReferentialAction::Restrict);
    !passive(key.on_delete) || !passive(key.on_update)
}

/// The plain table that a factor is.
pub(super) fn plain(name: &ObjectName) -> TableWithJoins {
    let relation = TableFactor::Table {
        name: name.clone(),
        alias: None,
        args: None,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_hints: Vec::new(),
    };
    TableWithJoins { relation, joins: Vec::new() }
}
