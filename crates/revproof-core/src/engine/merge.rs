//! `MERGE`: which rows belong together is found first, then rows are changed, deleted and inserted.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use sqlparser::ast::{
    Expr, Merge, MergeAction, MergeClause, MergeClauseKind, MergeInsertExpr, MergeInsertKind, MergeUpdateKind,
    ObjectNamePart, TableWithJoins,
};

use super::bulk::undefined_column;
use super::change::{Source, assignments, target};
use super::database::Database;
use super::defaults::{default_value, to_column};
use super::rewrite::{Compiler, find_column, fold, is_literal};
use super::statement::{Done, With, is_default};
use super::stop::{Evaluation, Stop};
use super::write::{self, Change, Given, complete_row};
use crate::op::{Datum, FailureKind};
use crate::schema::{Column, ColumnId, Dialect, Name, Table};

/// What becomes of the rows.
#[derive(Default)]
struct Plan {
    changes: Vec<Change>,
    deleted: Vec<i64>,
    inserted: Vec<Vec<(ColumnId, Given)>>,
}

/// `MERGE`.
pub(super) fn merge(
    db: &mut Database,
    statement: &Merge,
    with: &With<'_>,
    params: &[(Name, Datum)],
) -> Evaluation<Done> {
    let alone = |factor: &sqlparser::ast::TableFactor| TableWithJoins { relation: factor.clone(), joins: Vec::new() };
    let (into, source) = (alone(&statement.table), alone(&statement.source));
    let table = target(db, &into)?;
    let strange = |clause: &MergeClause| {
        matches!(clause.clause_kind, MergeClauseKind::NotMatchedByTarget | MergeClauseKind::NotMatchedBySource)
    };
    if db.catalog.dialect != Dialect::PostgreSql
        || statement.output.is_some()
        || statement.clauses.iter().any(strange)
        || statement.clauses.iter().any(|clause| clause.to_string().to_lowercase().contains("nextval"))
    {
        return Err(Stop::unsupported("a MERGE of this form is not supported"));
    }
    let mut plan = Plan::default();
    let mut scratch = db.clone();
    let beside = {
        let mut compiler = Compiler::new(&mut scratch, params);
        with.bind(&mut compiler)?;
        compiler.open();
        compiler.from(&[&source])?;
        compiler.all_places().len()
    };
    let matched = matched_rows(&mut scratch, (&table, &into, &source), beside, statement, with, params, &mut plan)?;
    new_rows(&mut scratch, (&table, &source), &matched, statement, with, params, &mut plan)?;
    let mut done = Done::default();
    let touched = plan.changes.iter().map(|(number, _)| number).chain(&plan.deleted);
    let mut seen = FxHashSet::default();
    if touched.into_iter().any(|number| !seen.insert(*number)) {
        let message = "MERGE command cannot affect row a second time";
        return Err(Stop::fail(FailureKind::InvalidStatement, message));
    }
    done.count += write::update(db, &table, plan.changes, &[], &mut done.doubts)?;
    done.count += write::delete(db, &table, plan.deleted, &mut done.doubts)?;
    let mut rows = Vec::with_capacity(plan.inserted.len());
    for given in plan.inserted {
        rows.push(complete_row(db, &table, given)?);
    }
    done.count += write::insert(db, &table, rows, &mut done.doubts)?.len() as u64;
    Ok(done)
}

/// The rows that are open to a clause, and satisfy its condition.
fn chosen(compiler: &mut Compiler<'_>, open: &[usize], condition: Option<&Expr>) -> Evaluation<Vec<usize>> {
    let Some(condition) = condition else { return Ok(open.to_vec()) };
    let code = compiler.on_places(open, |compiler| compiler.filter(condition, false))?;
    let truths = compiler.truths_of(code)?;
    Ok(open.iter().copied().filter(|at| truths.get(*at) == Some(&true)).collect())
}

/// Decides over the rows that belong together. Returns which rows of the source do.
fn matched_rows(
    db: &mut Database,
    (table, into, source): (&Arc<Table>, &TableWithJoins, &TableWithJoins),
    beside: usize,
    statement: &Merge,
    with: &With<'_>,
    params: &[(Name, Datum)],
    plan: &mut Plan,
) -> Evaluation<FxHashSet<usize>> {
    let mut assigned = Vec::new();
    for clause in &statement.clauses {
        assigned.push(match &clause.action {
            MergeAction::Update(update) => {
                let MergeUpdateKind::Set(list) = &update.kind else {
                    return Err(Stop::unsupported("a MERGE of this form is not supported"));
                };
                assignments(db, table, list)?
            }
            _ => Vec::new(),
        });
    }
    let defaults = db.clone();
    let mut compiler = Compiler::new(db, params);
    with.bind(&mut compiler)?;
    compiler.open();
    compiler.from(&[into, source])?;
    let on = compiler.filter(&statement.on, false)?;
    // Each row of the table stands beside all of the source, in their order.
    let places = compiler.true_places(&on)?;
    compiler.restrict(&on)?;
    let scan = compiler.scan()?;
    let mut open = compiler.all_places();
    for (clause, assigned) in statement.clauses.iter().zip(assigned) {
        if clause.clause_kind != MergeClauseKind::Matched {
            continue;
        }
        let rows = chosen(&mut compiler, &open, clause.predicate.as_ref())?;
        let numbers: Vec<i64> = rows.iter().filter_map(|at| compiler.row_number(scan, *at)).collect();
        match &clause.action {
            MergeAction::Update(_) => {
                let mut changes: Vec<Change> = numbers.iter().map(|number| (*number, Vec::new())).collect();
                for (column, source) in assigned {
                    let values = match source {
                        Source::Default => None,
                        Source::Expr(expr) => Some(column_values(&mut compiler, &rows, expr, &column)?),
                        Source::Column(..) => return Err(Stop::unsupported("a MERGE of this form is not supported")),
                    };
                    for ((_, cells), at) in changes.iter_mut().zip(&rows) {
                        let value = match &values {
                            Some((values, mode)) => {
                                let value = values.get(*at).cloned().unwrap_or(Datum::Null);
                                write::known_or_not(to_column(&defaults, &column, &value, *mode))?
                            }
                            None => write::known_or_not(default_value(&mut defaults.clone(), table, &column))?,
                        };
                        cells.push((column.id, value));
                    }
                }
                plan.changes.extend(changes);
            }
            MergeAction::Delete { .. } => plan.deleted.extend(numbers),
            MergeAction::DoNothing { .. } => {}
            MergeAction::Insert(_) => {
                return Err(Stop::fail(FailureKind::InvalidStatement, "syntax error at or near \"INSERT\""));
            }
        }
        open.retain(|at| rows.binary_search(at).is_err());
    }
    compiler.settle()?;
    Ok(places.into_iter().map(|place| place % beside.max(1)).collect())
}

/// The values of an expression for these rows, and how they get into a column.
fn column_values(
    compiler: &mut Compiler<'_>,
    rows: &[usize],
    expr: &Expr,
    column: &Column,
) -> Evaluation<(Vec<Datum>, super::cast::Mode)> {
    let value = compiler.on_places(rows, |compiler| compiler.expr(expr))?;
    compiler.check_assigned(&value, column, is_literal(expr))?;
    let mode = write::mode_of(value.ty.as_ref(), column);
    Ok((compiler.values_of(&value)?, mode))
}

/// Decides over the rows of the source that belong to none.
fn new_rows(
    db: &mut Database,
    (table, source): (&Arc<Table>, &TableWithJoins),
    matched: &FxHashSet<usize>,
    statement: &Merge,
    with: &With<'_>,
    params: &[(Name, Datum)],
    plan: &mut Plan,
) -> Evaluation<()> {
    let dialect = db.catalog.dialect;
    let mut columns = Vec::new();
    for clause in &statement.clauses {
        let MergeAction::Insert(MergeInsertExpr { columns: names, .. }) = &clause.action else {
            columns.push(Vec::new());
            continue;
        };
        let mut given: Vec<Arc<Column>> = if names.is_empty() { table.columns.clone() } else { Vec::new() };
        for name in names {
            let Some(ObjectNamePart::Identifier(ident)) = name.0.last() else {
                return Err(Stop::unsupported("a column list of this form is not supported"));
            };
            let wanted = fold(ident, dialect);
            let column = find_column(table, &wanted, dialect);
            given.push(column.cloned().ok_or_else(|| Stop::from(undefined_column(db, &table.name, &wanted)))?);
        }
        columns.push(given);
    }
    let mut compiler = Compiler::new(db, params);
    with.bind(&mut compiler)?;
    compiler.open();
    compiler.from(&[source])?;
    let mut open = compiler.all_places();
    open.retain(|at| !matched.contains(at));
    for (clause, columns) in statement.clauses.iter().zip(columns) {
        if clause.clause_kind != MergeClauseKind::NotMatched {
            continue;
        }
        let rows = chosen(&mut compiler, &open, clause.predicate.as_ref())?;
        match &clause.action {
            MergeAction::Insert(MergeInsertExpr { kind: MergeInsertKind::Values(values), .. }) => {
                let [given] = values.rows.as_slice() else {
                    return Err(Stop::unsupported("a MERGE of this form is not supported"));
                };
                if given.content.len() > columns.len() {
                    let message = "INSERT has more expressions than target columns";
                    return Err(Stop::fail(FailureKind::InvalidStatement, message));
                }
                let mut inserted: Vec<Vec<(ColumnId, Given)>> = vec![Vec::new(); rows.len()];
                for (column, expr) in columns.iter().zip(&given.content) {
                    if is_default(expr) {
                        continue;
                    }
                    let (values, mode) = column_values(&mut compiler, &rows, expr, column)?;
                    for (row, at) in inserted.iter_mut().zip(&rows) {
                        let value = values.get(*at).cloned().unwrap_or(Datum::Null);
                        row.push((column.id, Given::Value(value, mode)));
                    }
                }
                plan.inserted.extend(inserted);
            }
            MergeAction::DoNothing { .. } => {}
            _ => return Err(Stop::fail(FailureKind::InvalidStatement, "a row that is not there can only be inserted")),
        }
        open.retain(|at| rows.binary_search(at).is_err());
    }
    compiler.settle()?;
    Ok(())
}
