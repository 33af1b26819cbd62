//! [`Text`]: `sa.text("…")`, and how its binds are found.

use std::rc::Rc;

use super::arguments::items;
use super::expression::{Bind, Expression, Kind};
use super::method::Body;
use super::select::Select;
use super::ty::Ty;
use crate::python::{Args, Flow, Unknown, Value, Vm};
use crate::source::Span;

/// `sa.text("…")`.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    /// The text as written, binds as `:name`.
    pub sql: Rc<str>,
    /// What `.bindparams(…)` said of its binds.
    pub binds: Vec<(Bind, Ty)>,
    /// Where the text stands in the script, when it is one plain literal.
    pub literal: Option<Span>,
    /// What `.columns(…)` said of the columns that it gives.
    pub columns: Vec<(Rc<str>, Ty)>,
    /// It is sent as it stands: no binds in it (`exec_driver_sql`, `DDL`).
    pub raw: bool,
}

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text as it stands, escapes and all.
    Plain(&'t str),
    /// `:name`.
    Bind(&'t str),
    /// `\:`, which stands for a colon.
    Colon,
}

impl Text {
    /// A text without binds of its own yet.
    pub(super) fn new(text: Rc<str>, literal: Option<Span>) -> Self {
        Self { sql: text, literal, ..Self::default() }
    }

    /// A text of which only some pieces are known; the others are values bound in it.
    pub(super) fn of_partial(unknown: &Unknown) -> Option<Self> {
        let filled = super::partial::fill(unknown.partial.as_ref()?)?;
        let mut text = Self::new(filled.text.into(), None);
        for (name, hole) in filled.holes {
            text.set(Bind { name, unique: false, value: Some(Value::Unknown(hole)), expanding: false }, Ty::Null);
        }
        Some(text)
    }

    /// The bind of that name.
    pub(super) fn bind(&self, name: &str) -> Option<&(Bind, Ty)> {
        self.binds.iter().find(|(bind, _)| &*bind.name == name)
    }

    /// The names of the binds, each once, in order.
    pub(super) fn bind_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        if self.raw {
            return names;
        }
        for piece in pieces(&self.sql) {
            if let Piece::Bind(name) = piece
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        names
    }

    fn set(&mut self, bind: Bind, ty: Ty) {
        match self.binds.iter_mut().find(|(known, _)| known.name == bind.name) {
            Some(known) => {
                let ty = if ty.is_null() { known.1.clone() } else { ty };
                *known = (bind, ty);
            }
            None => self.binds.push((bind, ty)),
        }
    }
}

/// Cuts a text at its binds as SQLAlchemy does: a colon before a word is a bind unless another colon, a word or a
/// backslash stands before it, or a colon behind the word. Quotes and comments are not looked at.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut before: Option<char> = None;
    let mut start = 0;
    while let Some(at) = rest.get(start..).and_then(|tail| tail.find(':')).map(|at| at + start) {
        let previous = rest.get(..at).and_then(|head| head.chars().next_back()).or(before);
        let tail = rest.get(at + 1..).unwrap_or_default();
        if previous == Some('\\') && !tail.starts_with(':') {
            if let Some(plain) = rest.get(..at.saturating_sub(1)).filter(|plain| !plain.is_empty()) {
                pieces.push(Piece::Plain(plain));
            }
            pieces.push(Piece::Colon);
            rest = tail;
            before = Some(':');
            start = 0;
            continue;
        }
        let length = tail.find(|c| !is_word(c)).unwrap_or(tail.len());
        let name = tail.get(..length).unwrap_or_default();
        let behind = tail.get(length..).unwrap_or_default();
        let blocked = previous.is_some_and(|c| c == ':' || c == '\\' || is_word(c)) || behind.starts_with(':');
        if name.is_empty() || blocked {
            start = at + 1;
            continue;
        }
        if let Some(plain) = rest.get(..at).filter(|plain| !plain.is_empty()) {
            pieces.push(Piece::Plain(plain));
        }
        pieces.push(Piece::Bind(name));
        before = name.chars().next_back();
        rest = behind;
        start = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest));
    }
    pieces
}

/// Writes text so that no colon in it is taken for a bind.
pub(super) fn escape(text: &str) -> String {
    if !pieces(text).iter().any(|piece| !matches!(piece, Piece::Plain(_))) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 4);
    let mut previous = None;
    for (at, c) in text.char_indices() {
        let word =
            text.get(at + 1..).and_then(|tail| tail.chars().next()).is_some_and(|c| c.is_alphanumeric() || c == '_');
        if c == ':' && word && previous != Some(':') {
            escaped.push('\\');
        }
        escaped.push(c);
        previous = Some(c);
    }
    escaped
}

/// The methods of a text.
pub(super) fn method(name: &str) -> Option<Body<Text>> {
    Some(match name {
        "bindparams" => bindparams,
        "params" => |text, _, args, _| {
            let mut text = (**text).clone();
            for (name, value) in args.keyword.iter().cloned().chain(dict_entries(&args)) {
                let ty = Ty::of_literal(&value);
                text.set(Bind { name, unique: false, value: Some(value), expanding: false }, ty);
            }
            Ok(value(text))
        },
        "columns" => columns,
        "execution_options" | "self_group" => |text, _, _, _| Ok(value((**text).clone())),
        "as_scalar" | "scalar_subquery" => |text, _, _, _| Ok(value((**text).clone())),
        "subquery" | "cte" | "alias" => |text, vm, args, span| {
            let select = Value::object(Select::of_text(Rc::clone(text)));
            let method = vm.attr(&select, "subquery", span)?;
            vm.call(&method, args, span)
        },
        _ => return None,
    })
}

/// The text as a value.
pub(super) fn value(text: Text) -> Value {
    Value::Object(Expression::untyped(Kind::Text(Rc::new(text))))
}

fn dict_entries(args: &Args) -> Vec<(Rc<str>, Value)> {
    args.positional.iter().filter_map(super::arguments::entries).flatten().collect()
}

fn bindparams(text: &Rc<Text>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let mut text = (**text).clone();
    let known: Vec<Rc<str>> = text.bind_names().into_iter().map(Rc::from).collect();
    let mut given = Vec::new();
    for value in items(vm, &args, span)? {
        if let Some(node) = value.downcast::<Expression>()
            && let Kind::Bind(bind) = &node.kind
        {
            given.push((Bind { unique: false, ..bind.clone() }, node.ty.clone()));
        }
    }
    for (name, value) in args.keyword {
        let ty = Ty::of_literal(&value);
        given.push((Bind { name, unique: false, value: Some(value), expanding: false }, ty));
    }
    for (bind, ty) in given {
        if !known.contains(&bind.name) {
            let message = format!("This text() construct doesn't define a bound parameter named {:?}", &*bind.name)
                .replace('"', "'");
            return Err(vm.raise("sqlalchemy.exc.ArgumentError", &message, span));
        }
        text.set(bind, ty);
    }
    Ok(value(text))
}

fn columns(text: &Rc<Text>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let mut text = (**text).clone();
    for value in items(vm, &args, span)? {
        if let Some(node) = super::expression::as_node(&value)
            && let Some(name) = node.own_name()
        {
            text.columns.push((name.clone(), node.ty.clone()));
        }
    }
    text.columns.extend(args.keyword.iter().map(|(name, ty)| (name.clone(), Ty::of_value(ty))));
    Ok(value(text))
}

#[cfg(test)]
mod tests {
    use super::{Piece, escape, pieces};

    fn binds(text: &str) -> Vec<&str> {
        pieces(text)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Bind(name) => Some(name),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_colon_before_a_word_is_a_bind() {
        assert_eq!(binds("UPDATE t SET a = :a WHERE b=:b_2"), ["a", "b_2"]);
        assert_eq!(binds("SELECT x::int, '12:30', now() AT TIME ZONE :tz"), ["tz"]);
        assert_eq!(binds(r"SELECT '\:a', x\:\:int, :b"), ["b"]);
        assert_eq!(binds("SELECT '{\"a\":true}'"), ["true"]);
        assert_eq!(binds(":a:"), Vec::<&str>::new());
    }

    #[test]
    fn escaped_colons_are_colons() {
        assert_eq!(pieces(r"'\:a'"), [Piece::Plain("'"), Piece::Colon, Piece::Plain("a'")]);
        assert_eq!(escape("x::int = ':a'"), r"x::int = '\:a'");
        assert_eq!(binds(&escape("x::int = ':a' or b=:c")), Vec::<&str>::new());
    }
}
