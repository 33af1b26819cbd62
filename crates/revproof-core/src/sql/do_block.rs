//! `DO $$ … $$` (PostgreSQL): the idioms of guarded DDL, read.

use std::sync::Arc;

use super::condition::conditions;
use super::guard::{Condition, Guard};
use super::lenient::{absorb, forgive};
use super::lexer::{Kind, Token, lex};
use super::mentions::touched;
use super::read::read;
use super::reader::{Reader, dollar_body};
use super::split::split;
use super::statement::{Part, Statement, opaque};
use crate::schema::QName;

/// How deep blocks may nest.
const MAX_DEPTH: usize = 8;

/// The statements of a `DO` block, each under the condition that the block puts it under. A block that does anything
/// else is one opaque operation, which touches what its text names, or anything where it executes computed text.
pub(super) fn do_block(reader: &Reader<'_>) -> Option<Vec<Part>> {
    let (whole, last) = (reader.tokens.first()?, reader.tokens.last()?);
    let token = reader.tokens.iter().find(|token| token.kind == Kind::Dollar)?;
    let (body, offset) = dollar_body(reader.raw(*token))?;
    let shift = |inner: Token| Token {
        start: inner.start + token.start + offset,
        end: inner.end + token.start + offset,
        ..inner
    };
    let tokens: Vec<Token> = lex(body, reader.dialect).into_iter().map(shift).collect();
    let mut inner = Reader::new(reader.text, &tokens, reader.dialect);
    let mut parts = Vec::new();
    if block(&mut inner, MAX_DEPTH, &mut parts).is_some() && inner.is_end() {
        return Some(parts);
    }
    inner.at = 0;
    let is_dynamic = tokens.iter().any(|token| inner.raw(*token).eq_ignore_ascii_case("EXECUTE"));
    let touches: Vec<QName> = if is_dynamic { Vec::new() } else { touched(&inner) };
    let op = opaque("DO $$ … $$", "the block does more than guarded DDL, and blocks are not executed", touches);
    Some(vec![Part { range: whole.start..last.end, statement: Statement::Ddl(vec![op]), guard: None }])
}

/// `BEGIN … [EXCEPTION …] END`.
fn block(reader: &mut Reader<'_>, depth: usize, parts: &mut Vec<Part>) -> Option<()> {
    reader.expect("BEGIN")?;
    let mut inside = Vec::new();
    list(reader, depth, &mut inside)?;
    if reader.eat("EXCEPTION") {
        // An error undoes the whole block, which is what one lenient statement does.
        let [part] = inside.as_mut_slice() else { return None };
        let caught = handlers(reader)?;
        forgive(part, caught)?;
    }
    reader.expect("END")?;
    parts.extend(inside);
    reader.eat_op(";");
    Some(())
}

/// Statements up to the end of the block or branch.
fn list(reader: &mut Reader<'_>, depth: usize, parts: &mut Vec<Part>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    while !reader.is_any(&["END", "EXCEPTION", "ELSE", "ELSIF"]) {
        if reader.is("BEGIN") {
            block(reader, depth, parts)?;
        } else if reader.eat("IF") {
            let start = reader.at;
            while !reader.is("THEN") {
                reader.bump()?;
            }
            let tokens = reader.tokens.get(start..reader.at)?;
            let conditions: Arc<[Condition]> = conditions(&mut Reader { tokens, at: 0, ..reader.clone() })?.into();
            reader.expect("THEN")?;
            branch(reader, depth, &Guard { conditions: Arc::clone(&conditions), otherwise: false }, parts)?;
            if reader.eat("ELSE") {
                branch(reader, depth, &Guard { conditions, otherwise: true }, parts)?;
            }
            reader.expect("END IF")?;
            reader.expect_op(";")?;
        } else {
            one(reader, parts)?;
        }
    }
    Some(())
}

/// The statements of a branch, all under its guard.
fn branch(reader: &mut Reader<'_>, depth: usize, guard: &Guard, parts: &mut Vec<Part>) -> Option<()> {
    let mut inside = Vec::new();
    list(reader, depth, &mut inside)?;
    let is_single = inside.len() == 1;
    for part in &mut inside {
        if is_single && absorb(part, guard) {
            continue;
        }
        if part.guard.is_some() {
            return None;
        }
        part.guard = Some(guard.clone());
    }
    parts.extend(inside);
    Some(())
}

/// One statement with its semicolon.
fn one(reader: &mut Reader<'_>, parts: &mut Vec<Part>) -> Option<()> {
    let start = reader.at;
    while !reader.is_op(";") {
        reader.bump()?;
    }
    let tokens = reader.tokens.get(start..reader.at)?;
    reader.at += 1;
    let mut statement = Reader { tokens, at: 0, ..reader.clone() };
    let (first, last) = (tokens.first()?, tokens.last()?);
    if statement.is_any(&["NULL", "RAISE"]) {
        return Some(());
    }
    if statement.eat("EXECUTE") {
        let text = statement.string()?;
        statement.end()?;
        for part in split(&text, reader.dialect) {
            parts.push(Part { range: first.start..last.end, ..part });
        }
        return Some(());
    }
    if statement.eat("PERFORM") {
        let called = reader.text.get(tokens.get(1)?.start..last.end)?;
        for part in split(&format!("SELECT {called}"), reader.dialect) {
            parts.push(Part { range: first.start..last.end, ..part });
        }
        return Some(());
    }
    if statement.is_any(&["SELECT", "WITH", "RETURN", "DO"]) {
        return None;
    }
    let (read, guard) = read(&mut statement);
    if matches!(read, Statement::Unreadable { .. } | Statement::Transaction(_)) {
        return None;
    }
    parts.push(Part { range: first.start..last.end, statement: read, guard });
    Some(())
}

/// What the handlers of a block catch without doing anything: a thing that exists already (`true`), or does not exist.
fn handlers(reader: &mut Reader<'_>) -> Option<bool> {
    let mut caught = None;
    while reader.eat("WHEN") {
        loop {
            let condition = reader.name()?;
            let is_duplicate = condition.starts_with("duplicate_") || &*condition == "unique_violation";
            if !is_duplicate && !condition.starts_with("undefined_") || caught.is_some_and(|c| c != is_duplicate) {
                return None;
            }
            caught = Some(is_duplicate);
            if !reader.eat("OR") {
                break;
            }
        }
        reader.expect("THEN")?;
        while reader.is_any(&["NULL", "RAISE"]) {
            if reader.is_at(1, "EXCEPTION") {
                return None;
            }
            while !reader.eat_op(";") {
                reader.bump()?;
            }
        }
    }
    caught
}
