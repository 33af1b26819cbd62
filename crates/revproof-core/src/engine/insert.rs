//! INSERT: the values or the query's rows are computed, then written by [`super::write`].

use std::sync::Arc;

use sqlparser::ast::{
    Assignment, AssignmentTarget, ConflictTarget, Expr, Insert, ObjectNamePart, OnConflict, OnConflictAction, OnInsert,
    Query, SelectItem, SetExpr, SqliteOnConflict, TableObject, Values,
};

use super::bulk::{undefined_column, undefined_table};
use super::cast::Mode;
use super::change::{plain, returning};
use super::constraint::{self, UniqueKey, conflicts, unique_keys};
use super::database::Database;
use super::defaults::{default_value, to_column};
use super::relation::Relation;
use super::rewrite::{Compiler, Node, Scan, Typed, find_column, find_table, fold, qualified_name};
use super::rows::{Row, TableRows};
use super::statement::{Done, With, is_default};
use super::stop::{Evaluation, Stop};
use super::write::{self, Given, complete_row};
use crate::op::{Datum, FailureKind};
use crate::schema::{Column, ColumnId, Dialect, Name, Table};

/// What becomes of a row whose key is there already.
enum OnDuplicate<'s> {
    /// It is refused.
    Fail,
    /// It is left out; with a list of columns only where they are the key.
    Skip(Option<Vec<ColumnId>>),
    /// The row that is there goes.
    Replace,
    /// The row that is there is changed.
    Update { key: Option<Vec<ColumnId>>, assignments: &'s [Assignment], selection: Option<&'s Expr> },
}

/// `INSERT`.
pub(super) fn insert(
    db: &mut Database,
    statement: &Insert,
    with: &With<'_>,
    params: &[(Name, Datum)],
) -> Evaluation<Done> {
    let dialect = db.catalog.dialect;
    let TableObject::TableName(object) = &statement.table else {
        return Err(Stop::unsupported("inserting into something other than a table is not supported"));
    };
    let Some(name) = qualified_name(object, dialect) else {
        return Err(Stop::unsupported("inserting into something other than a table is not supported"));
    };
    let Some(table) = find_table(db, &name).cloned() else {
        if db.catalog.objects.keys().any(|(_, other)| *other == name) {
            return Err(Stop::unsupported(format!("inserting into the view {name} is not supported")));
        }
        return Err(Stop::from(undefined_table(db, &name)));
    };
    let odd = statement.overwrite || statement.partitioned.is_some() || !statement.after_columns.is_empty();
    if odd || statement.insert_alias.is_some() {
        return Err(Stop::unsupported("an INSERT of this form is not supported"));
    }
    let alias = statement.table_alias.as_ref().map(|alias| fold(&alias.alias, dialect));
    let on_duplicate = on_duplicate(db, &table, statement)?;
    let given = given_rows(db, &table, statement, with, params)?;
    let mut rows = Vec::with_capacity(given.len());
    for given in given {
        rows.push(complete_row(db, &table, given)?);
    }
    let mut done = Done::default();
    let numbers = match on_duplicate {
        OnDuplicate::Fail => write::insert(db, &table, rows, &mut done.doubts)?,
        other => one_by_one(db, (&table, alias.as_deref()), rows, &other, params, &mut done)?,
    };
    done.count = done.count.max(numbers.len() as u64);
    let target = plain(object);
    done.returned = returning(db, &table, &target, &numbers, statement.returning.as_deref(), params)?;
    Ok(done)
}

fn on_duplicate<'s>(db: &Database, table: &Table, statement: &'s Insert) -> Evaluation<OnDuplicate<'s>> {
    if statement.replace_into || statement.or == Some(SqliteOnConflict::Replace) {
        return Ok(OnDuplicate::Replace);
    }
    if statement.ignore || statement.or == Some(SqliteOnConflict::Ignore) {
        return Ok(OnDuplicate::Skip(None));
    }
    match &statement.on {
        None => Ok(OnDuplicate::Fail),
        Some(OnInsert::DuplicateKeyUpdate(assignments)) => {
            Ok(OnDuplicate::Update { key: None, assignments, selection: None })
        }
        Some(OnInsert::OnConflict(OnConflict { conflict_target, action })) => {
            let key = conflict_key(db, table, conflict_target.as_ref())?;
            match action {
                OnConflictAction::DoNothing => Ok(OnDuplicate::Skip(key)),
                OnConflictAction::DoUpdate(update) => Ok(OnDuplicate::Update {
                    key,
                    assignments: &update.assignments,
                    selection: update.selection.as_ref(),
                }),
            }
        }
        Some(_) => Err(Stop::unsupported("this ON clause is not supported")),
    }
}

/// The columns of `ON CONFLICT (…)`, which must be a key.
fn conflict_key(db: &Database, table: &Table, target: Option<&ConflictTarget>) -> Evaluation<Option<Vec<ColumnId>>> {
    let dialect = db.catalog.dialect;
    match target {
        None => Ok(None),
        Some(ConflictTarget::Columns(idents)) => {
            let mut columns = Vec::with_capacity(idents.len());
            for ident in idents {
                let name = fold(ident, dialect);
                match find_column(table, &name, dialect) {
                    Some(column) => columns.push(column.id),
                    None => return Err(Stop::from(undefined_column(db, &table.name, &name))),
                }
            }
            let same = |key: &UniqueKey<'_>| {
                key.columns.len() == columns.len() && columns.iter().all(|id| key.columns.contains(id))
            };
            if !unique_keys(table).any(|key| same(&key)) {
                let message = "there is no unique or exclusion constraint matching the ON CONFLICT specification";
                return Err(Stop::fail(FailureKind::InvalidStatement, message));
            }
            Ok(Some(columns))
        }
        Some(ConflictTarget::OnConstraint(name)) => {
            let Some(ObjectNamePart::Identifier(ident)) = name.0.last() else {
                return Err(Stop::unsupported("this ON CONFLICT is not supported"));
            };
            let wanted = fold(ident, dialect);
            let key = unique_keys(table).find(|key| key.name.is_some_and(|n| **n == *wanted));
            key.map(|key| Some(key.columns.to_vec())).ok_or_else(|| {
                let message = format!("constraint \"{wanted}\" for table \"{}\" does not exist", table.name.name);
                Stop::fail(FailureKind::UndefinedObject, message)
            })
        }
    }
}

/// What the statement gives, row by row.
fn given_rows(
    db: &mut Database,
    table: &Arc<Table>,
    statement: &Insert,
    with: &With<'_>,
    params: &[(Name, Datum)],
) -> Evaluation<Vec<Vec<(ColumnId, Given)>>> {
    let columns = named_columns(db, table, statement)?;
    if !statement.assignments.is_empty() {
        return set_form(db, table, &statement.assignments, params).map(|row| vec![row]);
    }
    let Some(source) = &statement.source else { return Ok(vec![Vec::new()]) };
    if let (SetExpr::Values(values), None, None) = (source.body.as_ref(), &source.order_by, &source.limit_clause) {
        return value_rows(db, (&columns, !statement.columns.is_empty()), values, source, with, params);
    }
    let selected = select(db, source, with, params)?;
    if selected.columns.len() > columns.len() {
        let message = "INSERT has more expressions than target columns";
        return Err(Stop::fail(FailureKind::InvalidStatement, message));
    }
    let explicit = !statement.columns.is_empty();
    if explicit && selected.columns.len() < columns.len() && !selected.columns.is_empty() {
        let message = "INSERT has more target columns than expressions";
        return Err(Stop::fail(FailureKind::InvalidStatement, message));
    }
    if selected.rows.is_empty() {
        check_selected(db, &columns, source, &selected, params)?;
    }
    let typed = columns.iter().zip(&selected.columns);
    let modes: Vec<Mode> = typed.map(|(column, (_, ty))| write::mode_of(ty.as_ref(), column)).collect();
    let row = |row: Vec<Datum>| {
        let cells = columns.iter().zip(row).zip(&modes);
        cells.map(|((column, datum), mode)| (column.id, Given::Value(datum, *mode))).collect()
    };
    Ok(selected.rows.into_iter().map(row).collect())
}

/// What is wrong with a query that gives no rows: literals that are none of their column's type, and types that do not
/// go into it.
fn check_selected(
    db: &mut Database,
    columns: &[Arc<Column>],
    source: &Query,
    selected: &Relation,
    params: &[(Name, Datum)],
) -> Evaluation<()> {
    let items = match source.body.as_ref() {
        SetExpr::Select(select) => select.projection.as_slice(),
        _ => &[],
    };
    let mut compiler = Compiler::new(db, params);
    for (at, ((_, ty), column)) in selected.columns.iter().zip(columns).enumerate() {
        let literal = match items.get(at) {
            Some(SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. })
                if super::rewrite::is_literal(expr) && items.len() == selected.columns.len() =>
            {
                expr
            }
            _ => {
                let value = Typed { node: Node::Const(Datum::Unknown("".into())), ty: ty.clone() };
                if ty.is_some() {
                    compiler.check_assigned(&value, column, false)?;
                }
                continue;
            }
        };
        let value = compiler.expr(literal)?;
        compiler.check_assigned(&value, column, true)?;
    }
    Ok(())
}

fn select(db: &mut Database, source: &Query, with: &With<'_>, params: &[(Name, Datum)]) -> Evaluation<Relation> {
    let mut compiler = Compiler::new(db, params);
    with.bind(&mut compiler)?;
    compiler.relation_of(source)?.without_identities()
}

/// The columns that values are given for: those that are named, else all.
fn named_columns(db: &Database, table: &Table, statement: &Insert) -> Evaluation<Vec<Arc<Column>>> {
    let dialect = db.catalog.dialect;
    if statement.columns.is_empty() {
        if table.assumed {
            return Err(Stop::unsupported(format!("what columns {} has is not known", table.name)));
        }
        return Ok(table.columns.clone());
    }
    let mut columns: Vec<Arc<Column>> = Vec::with_capacity(statement.columns.len());
    for name in &statement.columns {
        let Some(ObjectNamePart::Identifier(ident)) = name.0.last() else {
            return Err(Stop::unsupported("a column list of this form is not supported"));
        };
        let wanted = fold(ident, dialect);
        let Some(column) = find_column(table, &wanted, dialect) else {
            if table.assumed {
                return Err(Stop::unsupported(format!("column {wanted} may belong to a table that no script makes")));
            }
            return Err(Stop::from(undefined_column(db, &table.name, &wanted)));
        };
        if columns.iter().any(|c| c.id == column.id) {
            if dialect == Dialect::Sqlite {
                return Err(Stop::unsupported("a column that is given twice is not supported"));
            }
            let message = format!("column \"{wanted}\" specified more than once");
            return Err(Stop::fail(FailureKind::InvalidStatement, message));
        }
        columns.push(column.clone());
    }
    Ok(columns)
}

/// `INSERT … VALUES`.
fn value_rows(
    db: &mut Database,
    (columns, explicit): (&[Arc<Column>], bool),
    values: &Values,
    source: &Query,
    with: &With<'_>,
    params: &[(Name, Datum)],
) -> Evaluation<Vec<Vec<(ColumnId, Given)>>> {
    let dialect = db.catalog.dialect;
    let mut compiler = Compiler::new(db, params);
    with.bind(&mut compiler)?;
    compiler.with(source)?;
    let mut rows = Vec::with_capacity(values.rows.len());
    for value_row in &values.rows {
        let given = value_row.content.len();
        if given < columns.len() && (explicit || dialect != Dialect::PostgreSql) {
            let message = match dialect {
                Dialect::PostgreSql => String::from("INSERT has more target columns than expressions"),
                Dialect::Sqlite => format!("{given} values for {} columns", columns.len()),
                Dialect::MySql => String::from("Column count doesn't match value count at row 1"),
            };
            return Err(Stop::fail(FailureKind::InvalidStatement, message));
        }
        if given > columns.len() {
            let message = "INSERT has more expressions than target columns";
            return Err(Stop::fail(FailureKind::InvalidStatement, message));
        }
        let mut row = Vec::with_capacity(columns.len());
        for (column, expr) in columns.iter().zip(&value_row.content) {
            row.push((column.id, value(&mut compiler, expr, column)?));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// MySQL's `INSERT … SET`.
fn set_form(
    db: &mut Database,
    table: &Table,
    assignments: &[Assignment],
    params: &[(Name, Datum)],
) -> Evaluation<Vec<(ColumnId, Given)>> {
    let mut row = Vec::with_capacity(assignments.len());
    for assignment in assignments {
        let (column, expr) = assigned(db, table, assignment)?;
        let mut compiler = Compiler::new(db, params);
        row.push((column.id, value(&mut compiler, expr, &column)?));
    }
    Ok(row)
}

fn assigned<'s>(db: &Database, table: &Table, assignment: &'s Assignment) -> Evaluation<(Arc<Column>, &'s Expr)> {
    let AssignmentTarget::ColumnName(name) = &assignment.target else {
        return Err(Stop::unsupported("SET of several columns at once is not supported"));
    };
    let Some(ObjectNamePart::Identifier(ident)) = name.0.last() else {
        return Err(Stop::unsupported("SET of this form is not supported"));
    };
    let wanted = fold(ident, db.catalog.dialect);
    match find_column(table, &wanted, db.catalog.dialect) {
        Some(column) => Ok((column.clone(), &assignment.value)),
        None => Err(Stop::from(undefined_column(db, &table.name, &wanted))),
    }
}

/// One value, which depends on no row. A value that can't be simulated is a value that is not known.
fn value(compiler: &mut Compiler<'_>, expr: &Expr, column: &Column) -> Evaluation<Given> {
    if is_default(expr) {
        return Ok(Given::Default);
    }
    let typed = match compiler.expr(expr) {
        Ok(typed) => typed,
        Err(Stop::Unsupported(why)) => return Ok(Given::Value(Datum::Unknown(why), Mode::Literal)),
        Err(stop) => return Err(stop),
    };
    let mode = write::mode_of(typed.ty.as_ref(), column);
    match typed.as_const() {
        Some(datum) => Ok(Given::Value(datum.clone(), mode)),
        None => Ok(Given::Value(Datum::Unknown("a value that depends on a row".into()), mode)),
    }
}

/// Adds rows one by one, looking for each whether its key is there already.
fn one_by_one(
    db: &mut Database,
    (table, alias): (&Arc<Table>, Option<&str>),
    rows: Vec<Row>,
    on_duplicate: &OnDuplicate<'_>,
    params: &[(Name, Datum)],
    done: &mut Done,
) -> Evaluation<Vec<i64>> {
    let mut numbers = Vec::with_capacity(rows.len());
    for row in rows {
        let in_the_way = in_the_way(db, table, &row, on_duplicate, &mut done.doubts)?;
        let Some(first) = in_the_way.first().copied() else {
            numbers.extend(write::insert(db, table, vec![row], &mut done.doubts)?);
            continue;
        };
        match on_duplicate {
            OnDuplicate::Fail | OnDuplicate::Skip(_) => {}
            OnDuplicate::Replace => {
                write::delete(db, table, in_the_way, &mut done.doubts)?;
                numbers.extend(write::insert(db, table, vec![row], &mut done.doubts)?);
            }
            OnDuplicate::Update { assignments, selection, .. } => {
                if numbers.contains(&first) && db.catalog.dialect == Dialect::PostgreSql {
                    let message = "ON CONFLICT DO UPDATE command cannot affect row a second time";
                    return Err(Stop::fail(FailureKind::InvalidStatement, message));
                }
                let target = (table, alias.unwrap_or(&table.name.name));
                if update_instead(db, target, (first, &row), assignments, *selection, params, &mut done.doubts)? {
                    numbers.push(first);
                }
            }
        }
    }
    Ok(numbers)
}

/// The rows that have a key of this row.
fn in_the_way(
    db: &Database,
    table: &Table,
    row: &Row,
    on_duplicate: &OnDuplicate<'_>,
    doubts: &mut constraint::Doubts,
) -> Evaluation<Vec<i64>> {
    if let Some(why) = db.row_doubt(&table.name) {
        return Err(Stop::Unsupported(why));
    }
    let Some(stored) = db.rows_of(&table.name).filter(|rows| !rows.is_empty()) else { return Ok(Vec::new()) };
    let wanted = match on_duplicate {
        OnDuplicate::Skip(key) | OnDuplicate::Update { key, .. } => key.as_ref(),
        OnDuplicate::Fail | OnDuplicate::Replace => None,
    };
    let mut with_new: TableRows = stored.clone();
    let number = db.next_row;
    with_new.push(number, row.clone());
    let mut found = Vec::new();
    for key in unique_keys(table) {
        if wanted.is_some_and(|w| w.len() != key.columns.len() || !w.iter().all(|id| key.columns.contains(id))) {
            continue;
        }
        let pairs = conflicts(db, table, &with_new, &key, &[number], doubts);
        found.extend(pairs.into_iter().map(|(_, other)| other));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// `DO UPDATE SET …`. Whether the row was changed.
fn update_instead(
    db: &mut Database,
    (table, name): (&Arc<Table>, &str),
    (number, proposed): (i64, &Row),
    assignments: &[Assignment],
    selection: Option<&Expr>,
    params: &[(Name, Datum)],
    doubts: &mut constraint::Doubts,
) -> Evaluation<bool> {
    let Some(existing) = db.rows_of(&table.name).and_then(|rows| rows.get(number)).cloned() else { return Ok(false) };
    if db.catalog.dialect == Dialect::MySql {
        return Err(Stop::unsupported("ON DUPLICATE KEY UPDATE of an existing row is not supported"));
    }
    let excluded = Relation {
        columns: table.columns.iter().map(|c| (c.name.clone(), Some(c.ty.clone()))).collect(),
        rows: vec![table.columns.iter().map(|c| proposed.get(c.id).clone()).collect()],
    };
    let mut changes = Vec::with_capacity(assignments.len());
    for assignment in assignments {
        let (column, expr) = assigned(db, table, assignment)?;
        let value = if is_default(expr) {
            write::known_or_not(default_value(db, table, &column))?
        } else {
            let mut compiler = beside(db, (table, name), (number, &existing), &excluded, params);
            let typed = compiler.expr(expr)?;
            let mode = write::mode_of(typed.ty.as_ref(), &column);
            let value = compiler.only_value(&typed)?;
            write::known_or_not(to_column(db, &column, &value, mode))?
        };
        changes.push((column.id, value));
    }
    if let Some(selection) = selection {
        let mut compiler = beside(db, (table, name), (number, &existing), &excluded, params);
        let code = compiler.filter(selection, false)?;
        let holds = compiler.only_value(&code.typed(crate::schema::SqlType::Boolean))?;
        if !matches!(holds, Datum::Bool(true) | Datum::Int(1)) {
            return Ok(false);
        }
    }
    write::update(db, table, vec![(number, changes)], &[], doubts)?;
    Ok(true)
}

/// A compiler that sees an existing row by its table's name and a proposed one as `excluded`.
fn beside<'d>(
    db: &'d mut Database,
    (table, name): (&Arc<Table>, &str),
    (number, existing): (i64, &Arc<Row>),
    excluded: &Relation,
    params: &'d [(Name, Datum)],
) -> Compiler<'d> {
    let mut compiler = Compiler::new(db, params);
    // Bare names are those of the existing row, so it stands further in.
    compiler.open();
    let proposed = compiler.bind(String::from("excluded"), Scan::of_relation(Arc::new(excluded.clone())));
    compiler.pin(proposed, 0);
    compiler.open();
    let rows = vec![(number, existing.clone())];
    compiler.bind(name.to_owned(), Scan::of_rows(table.clone(), rows));
    compiler
}
