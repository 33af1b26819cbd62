//! SQLAlchemy Core, connections, the inspector, sessions and the ORM: what scripts use to read and write rows.
//!
//! [`attribute`] answers the names that these add to `sqlalchemy` and its submodules; the other functions are what
//! the schema side ([`super::items`], [`super::library`]) asks of expressions. An [`Expression`], a [`select::Select`] or a
//! [`change::Change`] is a tree as SQLAlchemy would hold it; the [`Compiler`] writes it as the dialect's SQL.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "functions and methods that scripts call all have one signature, whatever they make of it"
)]

mod adapt;
mod arguments;
mod bind;
mod cast;
mod change;
mod compiler;
mod cursor;
mod datum;
mod defaults;
mod depth;
mod dialect;
mod dialects;
mod driver_text;
mod dump;
mod element;
mod execute;
mod expression;
mod froms;
mod func;
mod functions;
mod inline;
mod inspector;
mod join;
mod json;
mod labels;
mod literal;
mod method;
mod moment;
mod operator;
mod operators;
mod orm;
mod partial;
mod precedence;
mod printed;
mod refine;
mod reflect;
mod reflected;
mod result;
mod row;
mod select;
mod selectable;
mod source;
mod statement;
#[cfg(test)]
mod tests;
mod text;
mod ty;
mod url;
mod write;
mod write_change;
mod write_select;

use std::rc::Rc;

pub(super) use self::inspector::no_inspection;

use self::compiler::{Compiler, Style};
use self::expression::Expression;
use self::source::Source;
use self::ty::Ty;
use super::items::{ColumnObject, TableObject};
use crate::op::{Datum, SqlText};
use crate::python::{Flow, Operator, Value, Vm, hybrid_property};
use crate::schema::Dialect;
use crate::source::Span;

/// The value of `name` in the SQLAlchemy module `module` (`sqlalchemy`, `sqlalchemy.sql`, `sqlalchemy.orm`, …);
/// `None` where this side knows no such name.
pub(super) fn attribute(module: &str, name: &str) -> Option<Value> {
    match module {
        "sqlalchemy"
        | "sqlalchemy.sql"
        | "sqlalchemy.sql.expression"
        | "sqlalchemy.sql.functions"
        | "sqlalchemy.sql.elements"
        | "sqlalchemy.sql.selectable"
        | "sqlalchemy.sql.dml"
        | "sqlalchemy.future"
        | "sqlalchemy.schema"
        | "sqlalchemy.sql.ddl" => functions::named(name),
        "sqlalchemy.dialects.postgresql"
        | "sqlalchemy.dialects.sqlite"
        | "sqlalchemy.dialects.mysql"
        | "sqlalchemy.dialects.mariadb" => dialects::named(name),
        "flask_sqlalchemy.SQLAlchemy" => orm::of_handle(name),
        "sqlalchemy.ext.automap" | "sqlalchemy.ext.declarative" => orm::named(name),
        "sqlalchemy.ext.hybrid" => hybrid(name),
        "sqlalchemy.inspection" if name == "inspect" => functions::named(name),
        "sqlalchemy.engine" | "sqlalchemy.engine.reflection" | "sqlalchemy.engine.base" => match name {
            "Inspector" => Some(inspector::class()),
            "create_engine" => functions::named(name),
            _ => None,
        },
        _ if module == "sqlalchemy.orm" || module.starts_with("sqlalchemy.orm.") => {
            orm::named(name).or_else(|| functions::named(name))
        }
        _ if module.starts_with("sqlalchemy.dialects.postgresql.")
            || module.starts_with("sqlalchemy.dialects.sqlite.")
            || module.starts_with("sqlalchemy.dialects.mysql.") =>
        {
            dialects::named(name)
        }
        _ => None,
    }
}

/// `sqlalchemy.ext.hybrid`.
fn hybrid(name: &str) -> Option<Value> {
    match name {
        "hybrid_property" => Some(method::Function::value(|vm, args, span| hybrid_property(vm, &args, span))),
        // Called on the class, it is asked the same question with the class for the instance.
        "hybrid_method" => {
            Some(method::Function::value(|_, args, _| Ok(args.positional.into_iter().next().unwrap_or(Value::None))))
        }
        _ => None,
    }
}

/// The connection that `op.get_bind()` gives.
pub(super) fn bind() -> Option<Value> {
    Some(bind::Connection::value())
}

/// The SQL text of a server default, check condition or index expression given as `sa.text(…)`, a function call or
/// another expression, in DDL form: literals inline, columns without their table. `None` where it is no expression,
/// or holds something that can't be known.
pub(super) fn render(value: &Value, dialect: Dialect) -> Option<String> {
    let node = expression::as_node(value)?;
    let mut compiler = Compiler::new(dialect, Style::Ddl, &[]);
    compiler.operand(&node, precedence::LOOSEST, false);
    (compiler.doubt.is_none() && compiler.missing.is_empty()).then_some(compiler.text)
}

/// A part of an index that is no plain column, as SQLAlchemy writes it in a `CREATE INDEX`. `None` as for [`render`].
pub(super) fn index_part(value: &Value, dialect: Dialect) -> Option<String> {
    use self::expression::Kind;
    let text = render(value, dialect)?;
    let node = expression::as_node(value)?;
    let grouped = match dialect {
        Dialect::PostgreSql => matches!(node.kind, Kind::Binary { .. } | Kind::Chain(..) | Kind::Between { .. }),
        Dialect::Sqlite => false,
        Dialect::MySql => match &node.kind {
            Kind::Suffix(_, suffix) => !matches!(&**suffix, "ASC" | "DESC"),
            other => matches!(other, Kind::Call { .. } | Kind::Binary { .. }),
        },
    };
    Some(if grouped { format!("({text})") } else { text })
}

/// The keys of the columns that SQLAlchemy finds in a part of an index; a text that is the whole of it is a key as it
/// stands (`sqla_compat._textual_index_element`).
pub(super) fn column_keys(value: &Value) -> Vec<Rc<str>> {
    use self::expression::Kind;
    let Some(node) = expression::as_node(value) else { return Vec::new() };
    if let Kind::Text(text) = &node.kind {
        return vec![Rc::clone(&text.sql)];
    }
    let mut keys = Vec::new();
    froms::ends(&node, &mut |end| {
        if let Kind::Column { name, .. } | Kind::Raw(name) = &end.kind {
            keys.push(Rc::clone(name));
        }
    });
    keys
}

/// Whether a value is a `text(…)`.
pub(super) fn is_text(value: &Value) -> bool {
    expression::as_node(value).is_some_and(|node| matches!(node.kind, expression::Kind::Text(_)))
}

/// The statement that `op.execute(value)` sends, for anything but a plain string. `None` where it can't be known.
pub(super) fn statement(vm: &mut Vm<'_>, value: &Value, span: Span) -> Flow<Option<SqlText>> {
    let Some(statement) = statement::Statement::of(value) else { return Ok(None) };
    if vm.host.offline().is_some() {
        return print(vm, &statement, span);
    }
    let compiled = statement.compile(vm.host.catalog().dialect, &[]);
    compiled.check(vm, span)?;
    Ok(compiled.sql.ok())
}

/// A string that is executed, as `text(…)` of it is printed in offline mode.
pub(super) fn printed_text(vm: &mut Vm<'_>, text: &Rc<str>, span: Span) -> Flow<Option<SqlText>> {
    print(vm, &statement::Statement::Text(Rc::new(text::Text::new(text.clone(), None))), span)
}

/// A value as a literal in offline mode; `None` where it can't be known.
pub(super) fn printed_value(
    vm: &mut Vm<'_>,
    value: &Value,
    ty: Option<&Rc<super::types::SaType>>,
    span: Span,
) -> Flow<Option<String>> {
    let dialect = vm.host.catalog().dialect;
    let mut ty = ty.cloned().map_or(Ty::Null, Ty::Given);
    let mut value = value.clone();
    if let Some(node) = value.downcast::<Expression>()
        && let expression::Kind::Bind(bind) = &node.kind
    {
        // `op.inline_literal(…)` knows its own type.
        ty = node.ty.clone();
        value = bind.value.clone().unwrap_or(Value::None);
    }
    match printed::literal(&value, &ty, dialect) {
        Ok(text) => Ok(Some(text)),
        Err(printed::NoLiteral::Unknown(_)) => Ok(None),
        Err(printed::NoLiteral::Refused(message)) => Err(vm.raise("sqlalchemy.exc.CompileError", &message, span)),
    }
}

/// A statement as the offline mode prints it, with the values of its defaults.
fn print(vm: &mut Vm<'_>, statement: &statement::Statement, span: Span) -> Flow<Option<SqlText>> {
    let Some(offline) = vm.host.offline().copied() else { return Ok(None) };
    let filled;
    let statement = match statement {
        statement::Statement::Change(change) => {
            filled = statement::Statement::Change(Rc::new(defaults::apply(vm, change, &[], span)?));
            &filled
        }
        other => other,
    };
    let compiled = statement.print(vm.host.catalog().dialect, offline);
    if let Some(message) = compiled.refused {
        return Err(vm.raise("sqlalchemy.exc.CompileError", &message, span));
    }
    Ok(compiled.sql.ok())
}

/// A session that all of a script shares.
fn session_value() -> Value {
    Value::object(orm::Session::default())
}

/// The text of an object that is text in all but name: `op.f("x")`.
fn plain_text(value: &Value) -> Option<Rc<str>> {
    value.downcast::<super::objects::Conventional>().map(|name| name.text.clone())
}

/// The value as the database gets it; `ty` is the type of the column, where there is one.
pub(super) fn datum(value: &Value, ty: Option<&Rc<super::types::SaType>>, dialect: Dialect) -> Datum {
    datum::datum(value, &ty.cloned().map_or(Ty::Null, Ty::Given), dialect)
}

pub(super) use partial::sql_text;

/// `op.inline_literal(value)`.
pub(super) fn inline_literal(value: &Value) -> Option<Value> {
    Some(Value::Object(Expression::bind("param", value.clone(), Ty::Null)))
}

/// What an attribute of a column is when it is used in an expression: `.is_`, `.in_`, `.label`, `.asc`, ….
pub(super) fn column_attr(column: &Rc<ColumnObject>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
    Ok(operators::attribute(&Expression::column(column), vm, name, span))
}

/// `column <operator> other`; `Ok(None)` is `NotImplemented`.
pub(super) fn column_binary(
    column: &Rc<ColumnObject>,
    _vm: &mut Vm<'_>,
    operator: Operator,
    other: &Value,
    reflected: bool,
    _span: Span,
) -> Flow<Option<Value>> {
    Ok(operators::binary(&Expression::column(column), operator, other, reflected))
}

/// `-column`, `~column`.
pub(super) fn column_unary(
    column: &Rc<ColumnObject>,
    _vm: &mut Vm<'_>,
    sign: char,
    _span: Span,
) -> Flow<Option<Value>> {
    Ok(Some(Value::Object(operators::unary(&Expression::column(column), sign))))
}

/// What an attribute of a table is when it is used in a statement: `.c`, `.columns`, `.select`, `.insert`, `.update`,
/// `.delete`, `.join`, `.alias`, ….
pub(super) fn table_attr(table: &Rc<TableObject>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
    let source = Rc::new(Source::Table(Rc::clone(table)));
    if let Some(value) = selectable::attribute(&source, name) {
        return Ok(Some(value));
    }
    let _ = (vm, span);
    Ok(None)
}
