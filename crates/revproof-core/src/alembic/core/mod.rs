//! SQLAlchemy Core, connections, the inspector, sessions and the ORM: what scripts use to read and write rows.
//!
//! [`attribute`] answers the names that these add to `sqlalchemy` and its submodules; the other functions are what
//! the schema side ([`super::items`], [`super::library`]) asks of expressions.

use std::rc::Rc;

use super::items::{ColumnObject, TableObject};
use crate::op::SqlText;
use crate::python::{Flow, Operator, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

/// The value of `name` in the SQLAlchemy module `module` (`sqlalchemy`, `sqlalchemy.sql`, `sqlalchemy.orm`, …);
/// `None` where this side knows no such name.
pub(super) fn attribute(module: &str, name: &str) -> Option<Value> {
    let _ = (module, name);
    None
}

/// The connection that `op.get_bind()` gives.
pub(super) fn bind() -> Option<Value> {
    None
}

/// The SQL text of a server default, check condition or index expression given as `sa.text(…)`, a function call or
/// another expression, in DDL form: literals inline, columns without their table. `None` where it is no expression,
/// or holds something that can't be known.
pub(super) fn render(value: &Value, dialect: Dialect) -> Option<String> {
    let _ = (value, dialect);
    None
}

/// The statement that `op.execute(value)` sends, for anything but a plain string. `None` where it can't be known.
pub(super) fn statement(vm: &mut Vm<'_>, value: &Value, span: Span) -> Flow<Option<SqlText>> {
    let _ = (vm, value, span);
    Ok(None)
}

/// `op.inline_literal(value)`.
pub(super) fn inline_literal(value: &Value) -> Option<Value> {
    let _ = value;
    None
}

/// What an attribute of a column is when it is used in an expression: `.is_`, `.in_`, `.label`, `.asc`, ….
pub(super) fn column_attr(column: &Rc<ColumnObject>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
    let _ = (column, vm, name, span);
    Ok(None)
}

/// `column <operator> other`; `Ok(None)` is `NotImplemented`.
pub(super) fn column_binary(
    column: &Rc<ColumnObject>,
    vm: &mut Vm<'_>,
    operator: Operator,
    other: &Value,
    reflected: bool,
    span: Span,
) -> Flow<Option<Value>> {
    let _ = (column, vm, operator, other, reflected, span);
    Ok(None)
}

/// `-column`, `~column`.
pub(super) fn column_unary(column: &Rc<ColumnObject>, vm: &mut Vm<'_>, sign: char, span: Span) -> Flow<Option<Value>> {
    let _ = (column, vm, sign, span);
    Ok(None)
}

/// What an attribute of a table is when it is used in a statement: `.c`, `.columns`, `.select`, `.insert`, `.update`,
/// `.delete`, `.join`, `.alias`, `.create`, `.drop`, ….
pub(super) fn table_attr(table: &Rc<TableObject>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
    let _ = (table, vm, name, span);
    Ok(None)
}
