//! What an index is made of.

use super::lexer::Kind;
use super::reader::Reader;
use crate::op::{IndexPartSpec, IndexSpec};
use crate::schema::{Dialect, Name, QName};

/// `USING btree` and such.
pub(super) fn index_method(reader: &mut Reader<'_>) -> Option<Name> {
    if !reader.is("USING") || reader.is_at(1, "INDEX") {
        return None;
    }
    reader.at += 1;
    reader.name()
}

/// `KEY name (columns)` in a table's body.
pub(super) fn mysql_index(reader: &mut Reader<'_>, table: &QName) -> Option<IndexSpec> {
    let mut probe = reader.clone();
    let using = ["FULLTEXT", "SPATIAL"]
        .into_iter()
        .find(|kind| probe.eat(kind))
        .map(|kind| Name::from(kind.to_ascii_lowercase()));
    if !probe.eat_any(&["KEY", "INDEX"]) && using.is_none() {
        return None;
    }
    let name = if probe.is_op("(") { None } else { Some(probe.name()?) };
    index_method(&mut probe);
    let parts = index_parts(&mut probe)?;
    probe.skip_to(&[]);
    *reader = probe;
    Some(IndexSpec {
        name,
        table: table.clone(),
        parts,
        keys: None,
        unique: false,
        using,
        predicate: None,
        include: Vec::new(),
        nulls_not_distinct: false,
        spelling: None,
    })
}

/// The parts of an index, in parentheses.
pub(super) fn index_parts(reader: &mut Reader<'_>) -> Option<Vec<IndexPartSpec>> {
    let mut inner = reader.parens()?;
    let mut parts = Vec::new();
    while !inner.is_end() {
        parts.push(index_part(&mut inner)?);
        if !inner.eat_op(",") {
            break;
        }
    }
    inner.end()?;
    Some(parts).filter(|parts| !parts.is_empty())
}

fn index_part(reader: &mut Reader<'_>) -> Option<IndexPartSpec> {
    let start = reader.at;
    let suffix = |reader: &mut Reader<'_>| {
        let start = reader.at;
        reader.skip_to(&[]);
        Some(reader.slice(start, reader.at)).filter(|suffix| !suffix.is_empty())
    };
    if let Some(mut inner) = reader.parens() {
        let expression = inner.rest();
        let rest = suffix(reader);
        return Some(IndexPartSpec::Expression(expression, rest));
    }
    let is_string = reader.peek()?.kind == Kind::Str;
    let name = reader.name()?;
    let is_call = reader.is_op("(") && reader.dialect != Dialect::MySql || reader.is_op(".");
    if is_call || is_string {
        reader.skip_call(start);
        let expression = reader.slice(start, reader.at);
        return Some(IndexPartSpec::Expression(expression, suffix(reader)));
    }
    if reader.is_op("(") {
        // A length (MySQL); it may also be a call, which MySQL wants in parentheses of its own.
        let rest = suffix(reader);
        return Some(IndexPartSpec::Column(name, rest));
    }
    if reader.peek().is_some_and(|token| token.kind == Kind::Op) && !reader.is_op(",") {
        reader.at = start;
        return Some(IndexPartSpec::Expression(reader.expression(&["ASC", "DESC", "NULLS"])?, suffix(reader)));
    }
    Some(IndexPartSpec::Column(name, suffix(reader)))
}
