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
use super::statement::{Part, Statement, no_effect, opaque};
use crate::op::{HOLE, OpKind};
use crate::schema::QName;

/// What `RAISE` only tells.
const QUIET: &[&str] = &["NOTICE", "WARNING", "INFO", "LOG", "DEBUG"];

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
    if let Some(ops) = apart(&mut inner) {
        return Some(vec![Part { range: whole.start..last.end, statement: Statement::Ddl(ops), guard: None }]);
    }
    inner.at = 0;
    // Where computed text may do anything, so may the block.
    let touches = altered(&inner).map_or_else(Vec::new, |altered| [touched(&inner), altered].concat());
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
    if statement.is("NULL") || statement.eat("RAISE") && statement.eat_any(QUIET) {
        return Some(());
    }
    let range = first.start..last.end;
    if statement.at > 0 {
        statement.eat("EXCEPTION");
        let why = statement.string()?;
        parts.push(Part { range, statement: Statement::Unreadable { why, certain: true }, guard: None });
        return Some(());
    }
    if statement.eat("EXECUTE") {
        let (text, is_known) = executed(&mut statement)?;
        statement.end()?;
        for part in split(&text, reader.dialect) {
            if !is_known && !does_nothing(&part) {
                return None;
            }
            parts.push(Part { range: range.clone(), ..part });
        }
        return Some(());
    }
    if statement.eat("PERFORM") {
        let called = reader.text.get(tokens.get(1)?.start..last.end)?;
        for part in split(&format!("SELECT {called}"), reader.dialect) {
            parts.push(Part { range: range.clone(), ..part });
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
    parts.push(Part { range, statement: read, guard });
    Some(())
}

/// The text that `EXECUTE` computes, of which names and values may be made up: then it is not known.
fn executed(reader: &mut Reader<'_>) -> Option<(String, bool)> {
    if !reader.eat("format") {
        return Some((texts(reader)?, true));
    }
    let mut args = reader.parens()?;
    let pattern = texts(&mut args)?;
    let (mut pieces, mut is_known) = (pattern.split('%'), true);
    let mut text = pieces.next()?.to_owned();
    while let Some(piece) = pieces.next() {
        if piece.is_empty() {
            // `%%`.
            text += "%";
            text += pieces.next()?;
            continue;
        }
        args.expect_op(",")?;
        let mut ahead = args.clone();
        let value = texts(&mut ahead).filter(|_| ahead.is_end() || ahead.is_op(","));
        let written = args.expression(&[])?;
        // A piece that is not known is known by its name, wherever it stands.
        let name = written.trim_matches(['(', ':', ')']);
        let value = value.or_else(|| name.starts_with(HOLE).then(|| name.to_owned()));
        is_known &= value.is_some();
        let value = value.unwrap_or_else(|| String::from("x"));
        let (doubled, mark) = match piece.chars().next()? {
            'I' => (value.replace('"', "\"\""), "\""),
            'L' => (value.replace('\'', "''"), "'"),
            's' if is_known => (value, ""),
            _ => return None,
        };
        text.extend([mark, &doubled, mark, piece.get(1..)?]);
    }
    args.end()?;
    Some((text, is_known))
}

/// The tables that the texts change which a block computes: `format('ALTER TABLE t DROP CONSTRAINT %I', …)` changes `t`.
/// `None` where one may do more.
fn altered(reader: &Reader<'_>) -> Option<Vec<QName>> {
    let mut tables = Vec::new();
    let mut reader = reader.clone();
    while !reader.is_end() {
        if !reader.eat("EXECUTE") {
            reader.at += 1;
            continue;
        }
        reader.expect("format")?;
        let text = texts(&mut reader.parens()?)?;
        let tokens = lex(&text, reader.dialect);
        let mut inner = Reader::new(&text, &tokens, reader.dialect);
        inner.expect("ALTER TABLE")?;
        inner.if_exists();
        tables.push(inner.qname()?);
        let stays =
            inner.is_any(&["ADD", "DROP", "ALTER"]) && reader.is_op(";") && !text.contains("%s") && !text.contains(';');
        let spreads = tokens.iter().any(|token| inner.raw(*token).eq_ignore_ascii_case("CASCADE"));
        if !stays || spreads {
            return None;
        }
    }
    Some(tables)
}

/// A text, which may be continued on other lines.
fn texts(reader: &mut Reader<'_>) -> Option<String> {
    let mut text = reader.string()?.to_string();
    while let Some(more) = reader.string() {
        text += &more;
    }
    Some(text)
}

fn does_nothing(part: &Part) -> bool {
    matches!(&part.statement, Statement::Ddl(ops) if ops.iter().all(|op| matches!(op, OpKind::NoEffect { .. })))
}

/// What a block comes to that changes nothing of the schema whichever way it takes, but may make and drop roles and such,
/// which are there, or not, when it is done.
fn apart(reader: &mut Reader<'_>) -> Option<Vec<OpKind>> {
    let mut parts = Vec::new();
    while !reader.is_end() {
        if reader.eat("END IF") || reader.eat_any(&["BEGIN", "ELSE", "EXCEPTION", "END", "RETURN"]) {
            reader.eat_op(";");
        } else if reader.eat_any(&["IF", "ELSIF", "WHEN"]) {
            while !reader.eat("THEN") {
                let before = reader.bump()?;
                if reader.is_op("(") && !is_question(reader.raw(before)) {
                    return None;
                }
            }
        } else {
            one(reader, &mut parts)?;
        }
    }
    let mut ops = vec![no_effect("DO")];
    for mut part in parts {
        if does_nothing(&part) {
            continue;
        }
        let Statement::Ddl(made) = &part.statement else { return None };
        let [op] = made.as_slice() else { return None };
        let is_made = matches!(op, OpKind::CreateObject { .. });
        if !op.is_apart() {
            return None;
        }
        forgive(&mut part, is_made)?;
        let Statement::Ddl(made) = part.statement else { return None };
        ops.extend(made);
    }
    Some(ops)
}

/// Whether what stands before a parenthesis only asks for something.
fn is_question(before: &str) -> bool {
    const WORDS: &[&str] = &["exists", "not", "and", "or", "in", "where", "if", "=", "(", "lower", "count"];
    const CALLS: &[&str] = &["pg_", "has_", "to_reg", "current_"];
    let word = before.to_ascii_lowercase();
    WORDS.contains(&word.as_str()) || CALLS.iter().any(|call| word.starts_with(call))
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
