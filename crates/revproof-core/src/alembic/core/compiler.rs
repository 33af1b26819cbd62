//! [`Compiler`]: writes expressions and statements as the dialect's SQL, with their values beside them or inline.

use std::rc::Rc;
use std::sync::Arc;

use super::datum::datum;
use super::expression::{Bind, Expression};
use super::inline;
use super::printed::{self, NoLiteral};
use super::source::Source;
use super::text::{Piece, Text, escape, pieces};
use super::ty::Ty;
use crate::op::{Datum, Offline, Paramstyle, SINGLE_PERCENT};
use crate::python::{Unknown, Value};
use crate::schema::{Dialect, Name, quote};

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As `:name`, the values beside the text.
    Bound,
    /// Inline, as literals.
    #[cfg(test)]
    Inline,
    /// Inline, and columns without their tables, as DDL wants them.
    Ddl,
    /// As Alembic's offline mode prints it: lines broken where SQLAlchemy breaks them, values as literals or as the
    /// driver's placeholders.
    Printed(Offline),
}

/// Writes SQL.
pub(super) struct Compiler<'a> {
    /// The dialect.
    pub dialect: Dialect,
    /// How values are written.
    pub style: Style,
    /// The text so far.
    pub text: String,
    /// The values beside it.
    pub params: Vec<(Name, Datum)>,
    /// The values that come with the execution, by the names of the binds.
    pub given: &'a [(Rc<str>, Value)],
    /// What the queries around select from, innermost last.
    pub around: Vec<Vec<Rc<Source>>>,
    /// The names of anonymous aliases.
    pub aliases: Vec<(*const Source, Rc<str>)>,
    /// The common table expressions met, with their texts.
    pub ctes: Vec<(Rc<str>, String, bool)>,
    /// The columns of the query that is being written are named one and all: it is a derived table.
    pub derived: bool,
    /// How deep the tree is being written.
    pub depth: u32,
    /// Why the text is not to be relied on, if so.
    pub doubt: Option<Doubt>,
    /// Binds that have got no value.
    pub missing: Vec<Rc<str>>,
    /// What SQLAlchemy refuses to compile, if so.
    pub refused: Option<String>,
    counters: Vec<(Rc<str>, u32)>,
}

/// Why a text can't be written.
#[derive(Debug, Clone)]
pub(super) enum Doubt {
    /// Something in it is not known.
    Unknown(Rc<Unknown>),
    /// The dialect or this compiler has no words for it.
    Why(Arc<str>),
}

impl Doubt {
    /// Half a sentence.
    pub(super) fn why(&self) -> Arc<str> {
        match self {
            Self::Unknown(unknown) => Arc::clone(&unknown.why),
            Self::Why(why) => Arc::clone(why),
        }
    }
}

/// Deeper trees than this are given up on.
const DEPTH: u32 = 200;

impl<'a> Compiler<'a> {
    /// A compiler that has written nothing yet.
    pub(super) fn new(dialect: Dialect, style: Style, given: &'a [(Rc<str>, Value)]) -> Self {
        Self {
            dialect,
            style,
            text: String::new(),
            params: Vec::new(),
            given,
            around: Vec::new(),
            aliases: Vec::new(),
            ctes: Vec::new(),
            derived: false,
            depth: 0,
            doubt: None,
            missing: Vec::new(),
            refused: None,
            counters: Vec::new(),
        }
    }

    /// Appends text.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends an identifier.
    pub(super) fn identifier(&mut self, name: &str) {
        let quoted = quote(name, self.dialect);
        self.text.push_str(&quoted);
    }

    /// Remembers why the text is not to be relied on.
    pub(super) fn doubt(&mut self, why: impl Into<Arc<str>>) {
        if self.doubt.is_none() {
            self.doubt = Some(Doubt::Why(why.into()));
        }
    }

    /// Goes one level down, unless the tree is too deep.
    pub(super) fn descend(&mut self, write: impl FnOnce(&mut Self)) {
        if self.depth >= DEPTH {
            self.doubt("the expression is nested too deeply");
            return;
        }
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// Writes with separators between.
    pub(super) fn list<T>(&mut self, items: &[T], separator: &str, mut write: impl FnMut(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.push(separator);
            }
            write(self, item);
        }
    }

    /// What `write` writes, as a text of its own.
    pub(super) fn aside(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let before = std::mem::take(&mut self.text);
        write(self);
        std::mem::replace(&mut self.text, before)
    }

    /// Writes a bound value.
    pub(super) fn bind(&mut self, bind: &Bind, ty: &Ty) {
        let given = self.given.iter().find(|(name, _)| !bind.unique && *name == bind.name).map(|(_, value)| value);
        let Some(value) = given.or(bind.value.as_ref()).cloned() else {
            if let Style::Printed(offline) = self.style {
                // SQLAlchemy writes a bind without a value as NULL.
                if offline.literal_binds {
                    self.push("NULL");
                } else {
                    self.placeholder(offline, &bind.name, !bind.unique);
                }
                return;
            }
            self.missing.push(bind.name.clone());
            let name = self.unique_name(&bind.name, !bind.unique);
            self.push(":");
            self.push(&name);
            return;
        };
        if bind.expanding {
            self.expand(bind, &value, ty);
            return;
        }
        if let Value::Tuple(items) = &value
            && self.dialect == Dialect::PostgreSql
            && self.style == Style::Bound
            && ty.is_null()
        {
            // psycopg2 writes a tuple as `(1, 2)`, which `IN :values` rests on.
            self.push("(");
            self.list(items, ", ", |c, item| c.value(&bind.name, true, item, ty));
            self.push(")");
            return;
        }
        self.value(&bind.name, bind.unique, &value, ty);
    }

    /// Writes a value.
    pub(super) fn value(&mut self, name: &str, unique: bool, value: &Value, ty: &Ty) {
        if let Style::Printed(offline) = self.style {
            self.printed(offline, name, unique, value, ty);
            return;
        }
        let datum = datum(value, ty, self.dialect);
        if self.style != Style::Bound {
            match inline::literal(&datum, self.dialect) {
                Some(text) => self.push(&text),
                None => match value {
                    Value::Unknown(unknown) => {
                        self.doubt.get_or_insert(Doubt::Unknown(unknown.clone()));
                    }
                    _ => self.doubt("a value has no literal form"),
                },
            }
            return;
        }
        let name = self.unique_name(name, !unique);
        self.push(":");
        self.push(&name);
        if !self.params.iter().any(|(known, _)| **known == *name) {
            self.params.push((name, datum));
        }
    }

    /// Writes a value as the offline mode prints it.
    fn printed(&mut self, offline: Offline, name: &str, unique: bool, value: &Value, ty: &Ty) {
        if !offline.literal_binds {
            self.placeholder(offline, name, !unique);
            return;
        }
        let natural = Ty::of_literal(value);
        self.literal(value, if ty.is_null() { &natural } else { ty });
    }

    /// Whether it writes SQL with values in it, as the offline mode does.
    pub(super) fn writes_literals(&self) -> bool {
        matches!(self.style, Style::Printed(offline) if offline.literal_binds)
    }

    /// Writes a value's literal of that type.
    pub(super) fn literal(&mut self, value: &Value, ty: &Ty) {
        match printed::literal(value, ty, self.dialect) {
            Ok(text) => self.push(&text),
            Err(NoLiteral::Unknown(why)) => self.doubt(why),
            Err(NoLiteral::Refused(message)) => {
                self.refused.get_or_insert(message);
            }
        }
    }

    /// Writes the driver's placeholder of a bind.
    pub(super) fn placeholder(&mut self, offline: Offline, name: &str, keep: bool) {
        let name = self.unique_name(name, keep);
        let text = match offline.paramstyle {
            Paramstyle::Qmark => "?".to_owned(),
            Paramstyle::Named => format!(":{name}"),
            Paramstyle::Format => format!("{SINGLE_PERCENT}s"),
            Paramstyle::Pyformat => format!("{SINGLE_PERCENT}({name})s"),
            Paramstyle::NumericDollar => {
                self.params.push((name, Datum::Null));
                format!("${}", self.params.len())
            }
        };
        self.push(&text);
    }

    /// Writes a blank, and before a clause that SQLAlchemy begins a line with, the line break too.
    pub(super) fn clause(&mut self, words: &str) {
        self.push(if matches!(self.style, Style::Printed(_)) { " \n" } else { " " });
        self.push(words);
    }

    /// Writes the values of an `expanding` bind: `(:x_1, :x_2)`.
    fn expand(&mut self, bind: &Bind, value: &Value, ty: &Ty) {
        let items = match value {
            Value::List(items) | Value::Set(items) => items.borrow().clone(),
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        if items.is_empty() {
            self.push("(SELECT 1 WHERE 1 != 1)");
            return;
        }
        self.push("(");
        self.list(&items, ", ", |c, item| c.value(&bind.name, true, item, ty));
        self.push(")");
    }

    /// A name for a bind; `keep` where it is one that the script chose, and may be used again for the same value.
    fn unique_name(&mut self, name: &str, keep: bool) -> Name {
        if keep {
            return name.into();
        }
        // Only a word is read back as a bind.
        let mut base: String = name.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
        if base.is_empty() {
            base.push_str("param");
        }
        let at = self.counters.iter().position(|(known, _)| **known == *base).unwrap_or_else(|| {
            self.counters.push((base.as_str().into(), 0));
            self.counters.len().saturating_sub(1)
        });
        loop {
            let number = self.counters.get_mut(at).map_or(0, |(_, number)| {
                *number = number.saturating_add(1);
                *number
            });
            let name = format!("{base}_{number}");
            // A bind of the script's own may be called so.
            if number == u32::MAX || !self.params.iter().any(|(known, _)| **known == *name) {
                return name.into();
            }
        }
    }

    /// Writes text that a script gives as it stands, in a place where it is not the whole statement.
    pub(super) fn raw(&mut self, text: &str) {
        if self.style == Style::Bound {
            let text = escape(text);
            self.push(&text);
        } else {
            self.push(text);
        }
    }

    /// Writes `sa.text(…)`.
    pub(super) fn fragment(&mut self, text: &Text) {
        if text.raw {
            self.raw(&text.sql);
            return;
        }
        for piece in pieces(&text.sql) {
            match piece {
                Piece::Plain(plain) => self.push(plain),
                Piece::Colon if self.style == Style::Bound => self.push("\\:"),
                Piece::Colon => self.push(":"),
                Piece::Bind(name) => {
                    if let Some((bind, ty)) = text.bind(name) {
                        self.bind(bind, ty);
                    } else {
                        let bind = Bind { name: name.into(), unique: false, value: None, expanding: false };
                        self.bind(&bind, &Ty::Null);
                    }
                }
            }
        }
    }

    /// The name of an alias that has none of its own.
    pub(super) fn alias_name(&mut self, source: &Source, stem: &str) -> Rc<str> {
        let key = std::ptr::from_ref(source);
        if let Some((_, name)) = self.aliases.iter().find(|(known, _)| std::ptr::eq(*known, key)) {
            return name.clone();
        }
        let name: Rc<str> = self.unique_name(stem, false).as_ref().into();
        self.aliases.push((key, name.clone()));
        name
    }

    /// Writes a node, in parentheses where an operator that binds as tightly as `against` would tear it apart.
    pub(super) fn operand(&mut self, node: &Expression, against: i32, same: bool) {
        let parenthesised = super::precedence::of(node).is_some_and(|own| own <= against) && !same;
        if parenthesised {
            self.push("(");
        }
        self.descend(|c| c.node(node));
        if parenthesised {
            self.push(")");
        }
    }
}
