//! What arguments say, read leniently: names, flags, numbers, lists. [`Known`] keeps "not known" apart from "not given".

use std::rc::Rc;
use std::sync::Arc;

use super::objects::Conventional;
use crate::python::{Flow, Unknown, Value, Vm, enum_member};
use crate::schema::{Dialect, Name, QName};
use crate::source::Span;

/// Something that an argument says, or why that can't be known.
pub(in crate::alembic) type Known<T> = Result<T, Rc<Unknown>>;

/// A name as a script gives it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::alembic) enum NameArg {
    /// None is given.
    #[default]
    None,
    /// A string: naming conventions may still apply.
    Plain(Rc<str>),
    /// `op.f(…)`: the name as it is meant.
    Final(Rc<str>),
    /// A name that can't be known.
    Unknown(Rc<Unknown>),
}

impl NameArg {
    /// Reads a name; a value that is no name at all counts as not known.
    pub(in crate::alembic) fn read(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Self {
        match value {
            None | Some(Value::None) => Self::None,
            Some(Value::Str(text)) => Self::Plain(text.clone()),
            Some(Value::Unknown(unknown)) => Self::Unknown(unknown.clone()),
            Some(value) => match value.downcast::<Conventional>() {
                Some(name) if name.folded => Self::Plain(name.text.to_lowercase().into()),
                Some(name) if name.quoted_only => Self::Plain(name.text.clone()),
                Some(name) => Self::Final(name.text.clone()),
                None => match text(vm, value) {
                    Some(text) => Self::Plain(text),
                    None => Self::Unknown(unknown(value, span)),
                },
            },
        }
    }

    /// The text of the name, where there is one.
    pub(in crate::alembic) fn text(&self) -> Option<&Rc<str>> {
        match self {
            Self::Plain(text) | Self::Final(text) => Some(text),
            Self::None | Self::Unknown(_) => None,
        }
    }

    /// The text of a name that has to be there.
    pub(in crate::alembic) fn required(self, span: Span) -> Known<Rc<str>> {
        match self {
            Self::Plain(text) | Self::Final(text) => Ok(text),
            Self::None => Err(because("a name is needed but None is given", span)),
            Self::Unknown(unknown) => Err(unknown),
        }
    }
}

/// A reason of our own why something can't be known.
pub(in crate::alembic) fn because(why: impl Into<Arc<str>>, span: Span) -> Rc<Unknown> {
    Unknown::data(why, span)
}

/// Why a value that can't be used can't be.
pub(in crate::alembic) fn unknown(value: &Value, span: Span) -> Rc<Unknown> {
    match value {
        Value::Unknown(unknown) => unknown.clone(),
        other => because(format!("{other:?} is not understood here"), span),
    }
}

/// The text of a string or of something that is one (`op.f`, a member of a `str` enum).
pub(in crate::alembic) fn text(vm: &mut Vm<'_>, value: &Value) -> Option<Rc<str>> {
    let _ = vm;
    match value {
        Value::Str(text) => Some(text.clone()),
        Value::Object(_) => match value.downcast::<Conventional>() {
            Some(name) => Some(name.text.clone()),
            // A member of a `str` enum is its value wherever SQLAlchemy wants a string.
            None => match enum_member(value) {
                Some((_, Value::Str(text))) => Some(text),
                _ => None,
            },
        },
        _ => None,
    }
}

/// A required name: of a table, a column.
pub(in crate::alembic) fn name(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Known<Rc<str>> {
    NameArg::read(vm, value, span).required(span)
}

/// An optional text: a schema, a comment, an option.
pub(in crate::alembic) fn optional_text(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Known<Option<Rc<str>>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => text(vm, value).map(Some).ok_or_else(|| unknown(value, span)),
    }
}

/// A truth value; `default` where none is given.
pub(in crate::alembic) fn flag(vm: &mut Vm<'_>, value: Option<&Value>, default: bool, span: Span) -> Known<bool> {
    match value {
        None | Some(Value::None) => Ok(default),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(value) => vm.truth(value).ok_or_else(|| unknown(value, span)),
    }
}

/// A truth value that may not be given.
pub(in crate::alembic) fn optional_flag(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Known<Option<bool>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => flag(vm, Some(value), false, span).map(Some),
    }
}

/// A number that may not be given.
pub(in crate::alembic) fn number(value: Option<&Value>, span: Span) -> Known<Option<i64>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(Value::Int(number)) => Ok(Some(*number)),
        Some(Value::Bool(flag)) => Ok(Some(i64::from(*flag))),
        Some(Value::Str(text)) => match text.trim().parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(because(format!("`{text}` is no number"), span)),
        },
        Some(value) => Err(unknown(value, span)),
    }
}

/// The items of an iterable.
pub(in crate::alembic) fn items(vm: &mut Vm<'_>, value: &Value, span: Span) -> Flow<Known<Vec<Value>>> {
    match value {
        Value::List(items) => Ok(Ok(items.borrow().clone())),
        Value::Tuple(items) => Ok(Ok(items.to_vec())),
        Value::Unknown(unknown) => Ok(Err(unknown.clone())),
        other => Ok(vm.iterate(other, span)?.ok_or_else(|| unknown(other, span))),
    }
}

/// The names that an iterable holds.
pub(in crate::alembic) fn names(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Flow<Known<Vec<Rc<str>>>> {
    let Some(value) = value else { return Ok(Ok(Vec::new())) };
    let items = match items(vm, value, span)? {
        Ok(items) => items,
        Err(unknown) => return Ok(Err(unknown)),
    };
    Ok(items.iter().map(|item| name(vm, Some(item), span)).collect())
}

/// The name of a table in a schema, as operations spell it: the default schema is none.
pub(in crate::alembic) fn qname(dialect: Dialect, name: &str, schema: Option<&str>) -> QName {
    let schema = schema.filter(|schema| !schema.is_empty() && Some(*schema) != dialect.default_schema());
    QName::in_schema(schema, name)
}

/// The name as a directive takes it: where statements are only written, a schema stays as it is spelled.
pub(in crate::alembic) fn spelled(vm: &Vm<'_>, name: &str, schema: Option<&str>) -> QName {
    if vm.host.offline().is_none() {
        return qname(vm.host.catalog().dialect, name, schema);
    }
    let schema = schema.filter(|schema| !schema.is_empty());
    QName::in_schema(schema, name)
}

/// The keys and values of a dict with string keys.
pub(in crate::alembic) fn entries(value: &Value, span: Span) -> Known<Vec<(Rc<str>, Value)>> {
    let Value::Dict(dict) = value else { return Err(unknown(value, span)) };
    let dict = dict.borrow();
    dict.entries
        .iter()
        .map(|(key, value)| match key {
            Value::Str(key) => Ok((key.clone(), value.clone())),
            other => match other.downcast::<Conventional>() {
                Some(name) => Ok((name.text.clone(), value.clone())),
                None => Err(unknown(other, span)),
            },
        })
        .collect()
}

/// Names as operations hold them.
pub(in crate::alembic) fn shared(names: &[Rc<str>]) -> Vec<Name> {
    names.iter().map(|name| Arc::from(&**name)).collect()
}
