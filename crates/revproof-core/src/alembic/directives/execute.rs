//! `execute` and the small directives around it.

use std::rc::Rc;

use super::{Site, context};
use crate::alembic::arguments::Signature;
use crate::alembic::{apply, core, items, known, lower};
use crate::op::{OpKind, Origin, SqlText};
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

static EXECUTE: Signature = Signature::new("execute", &["sqltext"]).keywords(&["execution_options"]).method();

/// `op.execute(sqltext)`. It does not wait in a batch block either.
pub(super) fn execute(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let argument = args.spans.first().copied();
    let call = EXECUTE.bind(vm, args, span)?;
    let value = call.get("sqltext").cloned().unwrap_or(Value::None);
    if let Some(ddl) = value.downcast::<items::DdlObject>() {
        lower::execute_now(&ddl, vm, span)?;
        return Ok(Value::None);
    }
    let sql = match &value {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Dict(_) | Value::List(_) => {
            if vm.host.offline().is_some() {
                return Err(vm.raise("AttributeError", "the value has no attribute 'compile'", span));
            }
            let message = "Executable SQL or text() construct expected, got something else.";
            return Err(vm.raise("sqlalchemy.exc.ArgumentError", message, span));
        }
        _ => match known::text(vm, &value) {
            Some(text) if vm.host.offline().is_some() => core::printed_text(vm, &text, span)?,
            Some(text) => {
                let literal = argument.and_then(|argument| literal_span(&text, argument));
                Some(SqlText { text: (&*text).into(), params: Vec::new(), literal })
            }
            None if value.as_unknown().is_some() && vm.host.offline().is_none() => partial_text(&value),
            None => core::statement(vm, &value, span)?,
        },
    };
    let _ = site;
    let unknown = || {
        let why = known::unknown(&value, span).why.clone();
        OpKind::Opaque { what: "op.execute".into(), why, touches: Vec::new(), rows_only: false }
    };
    let kind = sql.map_or_else(unknown, OpKind::Sql);
    apply(vm, kind, Origin::Sql, span)?;
    Ok(Value::None)
}

/// A text of which only some pieces are known.
fn partial_text(value: &Value) -> Option<SqlText> {
    core::sql_text(value.as_unknown()?.partial.as_ref()?)
}

/// Where a text stands, when the argument is that very text in quotes, simple or triple, without escapes.
fn literal_span(text: &str, argument: Span) -> Option<Span> {
    let length = u32::try_from(text.len()).ok()?;
    let quotes = argument.end.checked_sub(argument.start)?.checked_sub(length)?;
    let mark = match quotes {
        2 => 1,
        6 => 3,
        _ => return None,
    };
    Some(Span::new(argument.file, argument.start + mark, argument.end - mark))
}

/// `op.f(name)`.
pub(super) fn conventional(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let _ = site;
    items::conventional(vm, &args, span)
}

static NOTHING: Signature = Signature::new("get_bind", &[]).method();

/// `op.get_bind()`.
pub(super) fn get_bind(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let _ = site;
    NOTHING.bind(vm, args, span)?;
    Ok(core::bind().unwrap_or_else(|| vm.unknown("the connection is not evaluated", span)))
}

/// `op.get_context()`.
pub(super) fn get_context(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    NOTHING.bind(vm, args, span)?;
    Ok(context::migration_context(&site.context))
}

static INLINE: Signature = Signature::new("inline_literal", &["value", "type_"]).optional(1).method();

/// `op.inline_literal(value, type_=None)`.
pub(super) fn inline_literal(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let _ = site;
    let call = INLINE.bind(vm, args, span)?;
    let value = call.get("value").cloned().unwrap_or(Value::None);
    Ok(core::inline_literal(&value).unwrap_or(value))
}
