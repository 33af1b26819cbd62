//! SQL in a driver's own style of parameters: `%s`, `%(name)s`, `?`.

use std::rc::Rc;

use super::arguments::entries;
use super::expression::Bind;
use super::text::{Text, escape};
use super::ty::Ty;
use crate::python::Value;
use crate::schema::Dialect;

/// The text with its parameters as binds; `None` where they don't fit.
pub(super) fn read(sql: &str, params: Option<&Value>, dialect: Dialect) -> Option<Text> {
    let named = params.and_then(entries);
    let listed: Option<Vec<Value>> = match params {
        Some(Value::Tuple(items)) => Some(items.to_vec()),
        Some(Value::List(items)) => Some(items.borrow().clone()),
        _ => None,
    };
    let none = named.as_ref().is_none_or(Vec::is_empty) && listed.as_ref().is_none_or(Vec::is_empty);
    if none {
        return Some(Text { sql: sql.into(), raw: true, ..Text::default() });
    }
    let mut writer = Writer {
        text: String::with_capacity(sql.len()),
        binds: Vec::new(),
        listed: listed.unwrap_or_default(),
        next: 0,
    };
    let complete = if dialect == Dialect::Sqlite {
        marks(sql, named.as_deref().unwrap_or_default(), &mut writer)
    } else {
        percents(sql, named.as_deref().unwrap_or_default(), &mut writer)
    };
    complete.map(|()| Text { sql: writer.text.into(), binds: writer.binds, ..Text::default() })
}

struct Writer {
    text: String,
    binds: Vec<(Bind, Ty)>,
    listed: Vec<Value>,
    next: usize,
}

impl Writer {
    fn plain(&mut self, text: &str) {
        self.text.push_str(&escape(text));
    }

    fn bind(&mut self, name: Rc<str>, value: Value) {
        self.text.push(':');
        self.text.push_str(&name);
        if !self.binds.iter().any(|(bind, _)| bind.name == name) {
            let ty = Ty::of_literal(&value);
            self.binds.push((Bind { name, unique: false, value: Some(value), expanding: false }, ty));
        }
    }

    fn positional(&mut self) -> Option<()> {
        let value = self.listed.get(self.next)?.clone();
        self.next += 1;
        let name = format!("param_{}", self.next);
        self.bind(name.into(), value);
        Some(())
    }
}

/// psycopg2's and MySQL's: `%s`, `%(name)s`, `%%`.
fn percents(sql: &str, named: &[(Rc<str>, Value)], writer: &mut Writer) -> Option<()> {
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('%') {
        writer.plain(before);
        if let Some(after) = after.strip_prefix('%') {
            writer.text.push('%');
            rest = after;
        } else if let Some(after) = after.strip_prefix('s') {
            writer.positional()?;
            rest = after;
        } else {
            let (name, after) = after.strip_prefix('(')?.split_once(")s")?;
            let (key, value) = named.iter().find(|(key, _)| &**key == name)?;
            writer.bind(key.clone(), value.clone());
            rest = after;
        }
    }
    writer.plain(rest);
    Some(())
}

/// SQLite's: `?` and `:name`, not in quotes.
fn marks(sql: &str, named: &[(Rc<str>, Value)], writer: &mut Writer) -> Option<()> {
    let mut quote: Option<char> = None;
    let mut start = 0;
    let mut skip = 0;
    for (at, c) in sql.char_indices() {
        if at < skip {
            continue;
        }
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '?') => {
                writer.plain(sql.get(start..at)?);
                writer.positional()?;
                start = at + 1;
            }
            (None, ':') if !named.is_empty() => {
                let tail = sql.get(at + 1..)?;
                let length = tail.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tail.len());
                let name = tail.get(..length)?;
                if let Some((key, value)) = named.iter().find(|(key, _)| &**key == name) {
                    writer.plain(sql.get(start..at)?);
                    writer.bind(key.clone(), value.clone());
                    start = at + 1 + length;
                    skip = start;
                }
            }
            _ => {}
        }
    }
    writer.plain(sql.get(start..)?);
    Some(())
}
