//! Expressions of the schema, evaluated on rows: checks, defaults, generated columns, `USING`, index expressions.

use std::sync::Arc;

use sqlparser::ast::Expr;
use sqlparser::parser::Parser;

use super::cast::Mode;
use super::database::Database;
use super::rewrite::{Compiler, Scan};
use super::rows::TableRows;
use super::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{Dialect, SqlType, Table};
use crate::sql::parser_dialect;

/// How deep an expression may nest for the parser.
const MAX_DEPTH: usize = 40;
/// The longest expression that is looked at.
const MAX_LENGTH: usize = 20_000;

/// The value of an expression on each row of a table.
pub(super) fn evaluate_rows(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    expression: &str,
) -> Evaluation<Vec<Datum>> {
    let parsed = parse(expression, db.catalog.dialect)?;
    on_rows(db, table, rows, |compiler| {
        let value = compiler.expr(&parsed)?;
        compiler.values_of(&value)
    })
}

/// On which rows of a table a condition is false for certain: NULL is as good as true.
pub(super) fn refused_rows(db: &Database, table: &Table, rows: &TableRows, condition: &str) -> Evaluation<Vec<bool>> {
    let parsed = parse(condition, db.catalog.dialect)?;
    on_rows(db, table, rows, |compiler| {
        let code = compiler.filter(&parsed, true)?;
        compiler.truths_of(code)
    })
}

/// On which rows of a table a condition is true.
pub(super) fn matching_rows(db: &Database, table: &Table, rows: &TableRows, condition: &str) -> Evaluation<Vec<bool>> {
    let parsed = parse(condition, db.catalog.dialect)?;
    on_rows(db, table, rows, |compiler| {
        let code = compiler.filter(&parsed, false)?;
        compiler.truths_of(code)
    })
}

fn on_rows<T>(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    work: impl FnOnce(&mut Compiler<'_>) -> Evaluation<T>,
) -> Evaluation<T> {
    let mut scratch = db.clone();
    let mut compiler = Compiler::new(&mut scratch, &[]);
    let scan = Scan::of_table(Arc::new(table.clone()), Some(rows));
    compiler.open();
    compiler.bind(table.name.name.to_string(), scan);
    let result = work(&mut compiler)?;
    compiler.settle()?;
    Ok(result)
}

/// The value of an expression that names no column, for a column of that type.
pub(super) fn evaluate_alone(db: &mut Database, expression: &str, ty: &SqlType) -> Evaluation<Datum> {
    let parsed = parse(expression, db.catalog.dialect)?;
    let mut compiler = Compiler::new(db, &[]);
    let value = compiler.expr(&parsed)?;
    let value = compiler.coerce(value, ty, Mode::Assignment)?;
    match value.as_const() {
        Some(datum) => Ok(datum.clone()),
        None => Err(Stop::unsupported(format!("the expression {expression} is not simulated"))),
    }
}

/// Reads an expression.
fn parse(expression: &str, dialect: Dialect) -> Evaluation<Expr> {
    let unreadable = || {
        let shown: String = expression.chars().take(60).collect();
        Stop::unsupported(format!("the expression {shown} is not understood"))
    };
    if expression.len() > MAX_LENGTH {
        return Err(unreadable());
    }
    let parser_dialect = parser_dialect(dialect);
    let parser = Parser::new(parser_dialect).with_recursion_limit(MAX_DEPTH);
    let mut parser = parser.try_with_sql(expression).map_err(|_| unreadable())?;
    let parsed = parser.parse_expr().map_err(|_| unreadable())?;
    if parser.peek_token().token != sqlparser::tokenizer::Token::EOF {
        return Err(unreadable());
    }
    Ok(parsed)
}
