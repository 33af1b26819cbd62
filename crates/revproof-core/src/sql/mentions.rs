//! Which tables a query names, and other names that a text seems to touch.

use super::lexer::{Kind, Token};
use super::reader::Reader;
use crate::schema::QName;

/// The tables and views that a query reads: what follows `FROM` and `JOIN`, without its own CTEs and functions.
pub(super) fn relations(reader: &Reader<'_>) -> Vec<QName> {
    let mut own: Vec<QName> = Vec::new();
    let mut found: Vec<QName> = Vec::new();
    let mut reader = reader.clone();
    // Whether an open parenthesis belongs to a call such as `extract(year FROM x)`.
    let mut calls: Vec<bool> = Vec::new();
    while let Some(token) = reader.peek() {
        let raw = reader.raw(token);
        match (token.kind, raw) {
            (Kind::Op, "(") => {
                let callee = reader.at.checked_sub(1).and_then(|at| reader.tokens.get(at));
                calls.push(callee.is_some_and(|token| takes_from(reader.raw(*token))));
                reader.at += 1;
            }
            (Kind::Op, ")") => {
                calls.pop();
                reader.at += 1;
            }
            (Kind::Word, _) if is_from(&reader) && calls.last() != Some(&true) => {
                reader.at += 1;
                loop {
                    reader.eat_any(&["LATERAL", "ONLY"]);
                    let Some(name) = reader.qname() else { break };
                    if !reader.is_op("(") && !own.contains(&name) && !found.contains(&name) {
                        found.push(name);
                    }
                    // An alias may stand before the next table of the list.
                    reader.eat("AS");
                    let mut ahead = reader.clone();
                    if ahead.name().is_some() && ahead.is_op(",") {
                        reader = ahead;
                    }
                    if !reader.eat_op(",") {
                        break;
                    }
                }
            }
            (Kind::Word | Kind::Quoted, _) if reader.is_at(1, "AS") && opens_cte(&reader) => {
                own.extend(reader.qname());
            }
            _ => reader.at += 1,
        }
    }
    found.retain(|name| !own.contains(name));
    found
}

/// Names of tables, types and indexes that follow the verbs and prepositions of SQL anywhere in a text: a guess.
pub(super) fn touched(reader: &Reader<'_>) -> Vec<QName> {
    const BEFORE: &[&str] = &["TABLE", "INTO", "UPDATE", "FROM", "JOIN", "ON", "TYPE", "VIEW", "SEQUENCE", "TRUNCATE"];
    let mut found = Vec::new();
    let mut reader = reader.clone();
    while !reader.is_end() {
        if !reader.is_any(BEFORE) {
            reader.at += 1;
            continue;
        }
        reader.at += 1;
        reader.eat("IF NOT EXISTS");
        reader.eat("IF EXISTS");
        reader.eat("ONLY");
        let Some(name) = reader.qname() else { continue };
        let is_system = name.schema.as_deref().is_some_and(|s| s == "pg_catalog" || s == "information_schema")
            || name.name.starts_with("pg_");
        if !is_system && !reader.is_op("(") && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn is_from(reader: &Reader<'_>) -> bool {
    let before = |keyword: &str| {
        let token: Option<&Token> = reader.at.checked_sub(1).and_then(|at| reader.tokens.get(at));
        token.is_some_and(|token| reader.raw(*token).eq_ignore_ascii_case(keyword))
    };
    reader.is("JOIN") || reader.is("FROM") && !before("DISTINCT")
}

fn takes_from(callee: &str) -> bool {
    ["extract", "substring", "trim", "overlay", "position"].iter().any(|name| callee.eq_ignore_ascii_case(name))
}

fn opens_cte(reader: &Reader<'_>) -> bool {
    reader.raw_at(2) == "("
        || reader.is_at(2, "MATERIALIZED")
        || reader.is_at(2, "NOT") && reader.is_at(3, "MATERIALIZED")
}
