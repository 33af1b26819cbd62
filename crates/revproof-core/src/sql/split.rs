//! [`split`]: a SQL text to its statements.

use super::do_block::do_block;
use super::lexer::{Kind, Token, lex};
use super::read::read;
use super::reader::Reader;
use super::statement::Part;
use crate::schema::Dialect;

/// Splits a text at its semicolons and reads each statement. Empty statements and comments are no part of the result;
/// a `DO` block whose body could be read gives a part for each statement in it.
pub fn split(text: &str, dialect: Dialect) -> Vec<Part> {
    let tokens = lex(text, dialect);
    let mut parts = Vec::new();
    for tokens in statements(text, &tokens, dialect) {
        let mut reader = Reader::new(text, tokens, dialect);
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
        if reader.is("DO")
            && dialect == Dialect::PostgreSql
            && let Some(found) = do_block(&reader)
        {
            parts.extend(found);
            continue;
        }
        let (statement, guard) = read(&mut reader);
        parts.push(Part { range: first.start..last.end, statement, guard });
    }
    parts
}

/// The tokens of each statement, without the semicolons.
pub(super) fn statements<'t>(text: &str, tokens: &'t [Token], dialect: Dialect) -> Vec<&'t [Token]> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut blocks = 0_usize;
    let mut has_body = false;
    let reader = Reader::new(text, tokens, dialect);
    for (index, token) in tokens.iter().enumerate() {
        let raw = reader.raw(*token);
        if token.kind == Kind::Op && raw == ";" && blocks == 0 {
            found.extend(tokens.get(start..index).filter(|tokens| !tokens.is_empty()));
            start = index + 1;
            has_body = false;
            continue;
        }
        if token.kind != Kind::Word {
            continue;
        }
        if !has_body && index < start + 12 {
            let is = |word: &str| raw.eq_ignore_ascii_case(word);
            let creates = tokens.get(start).is_some_and(|t| reader.raw(*t).eq_ignore_ascii_case("CREATE"));
            has_body |= creates && (is("TRIGGER") || is("FUNCTION") || is("PROCEDURE") || is("EVENT"));
        }
        if has_body {
            let next = Reader { at: index + 1, ..reader.clone() };
            let previous_is_end = index > start
                && tokens.get(index.wrapping_sub(1)).is_some_and(|t| reader.raw(*t).eq_ignore_ascii_case("END"));
            if raw.eq_ignore_ascii_case("BEGIN") && (dialect != Dialect::PostgreSql || next.is("ATOMIC"))
                || blocks > 0 && raw.eq_ignore_ascii_case("CASE") && !previous_is_end
            {
                blocks += 1;
            } else if raw.eq_ignore_ascii_case("END") && !next.is_any(&["IF", "LOOP", "WHILE", "REPEAT"]) {
                blocks = blocks.saturating_sub(1);
            }
        }
    }
    found.extend(tokens.get(start..).filter(|tokens| !tokens.is_empty()));
    found
}
