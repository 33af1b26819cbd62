//! INSERT, UPDATE, DELETE and queries: sqlparser's own tree, for the row engine.

use std::sync::Arc;

use sqlparser::ast::{Statement as Ast, Value};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};

use super::lexer::Kind;
use super::parser::parser_dialect;
use super::reader::{Reader, sent};
use super::statement::{Statement, opaque};
use crate::schema::{Dialect, QName};

/// How deep parentheses and subqueries may nest.
const MAX_DEPTH: usize = 40;
/// How many operators may follow each other at one level: the tree of `a OR b OR c …` is as deep as it is long, and
/// everything that walks it takes stack for each step.
const MAX_OPERATORS: usize = 400;

/// The system tables of PostgreSQL that scripts have been seen to write.
const SYSTEM_TABLES: &[&str] = &[
    "pg_attrdef",
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_database",
    "pg_depend",
    "pg_description",
    "pg_enum",
    "pg_index",
    "pg_namespace",
    "pg_proc",
    "pg_settings",
    "pg_trigger",
    "pg_type",
];

/// Parses a statement whose tokens the reader holds.
pub(super) fn parse_data(reader: &Reader<'_>) -> Statement {
    let (Some(first), Some(last)) = (reader.tokens.first(), reader.tokens.last()) else {
        return unreadable("there is no statement");
    };
    if !is_shallow(reader) {
        return unreadable("the statement is nested too deeply to be read");
    }
    if let Some(table) = written_system_table(reader) {
        let why = "what a change of the system tables themselves does to the schema is not simulated";
        return Statement::Ddl(vec![opaque(&format!("a change of {table}"), why, Vec::new())]);
    }
    let text = sent(reader.text.get(first.start..last.end).unwrap_or_default());
    if reader.is_any(&["EXPLAIN", "DESCRIBE", "DESC"]) {
        return unreadable(&format!("what {} tells is not simulated", reader.raw(*first).to_ascii_uppercase()));
    }
    match parse(&text, reader.dialect) {
        Ok(statement) => Statement::Data(Arc::new(statement)),
        Err(why) => {
            let why = why.strip_prefix("sql parser error: ").unwrap_or(&why);
            unreadable(&format!("this SQL can't be read: {why}"))
        }
    }
}

/// The system table of PostgreSQL that a statement writes: `DELETE FROM pg_enum …` takes a value out of a type.
fn written_system_table(reader: &Reader<'_>) -> Option<QName> {
    if reader.dialect != Dialect::PostgreSql {
        return None;
    }
    let mut reader = reader.clone();
    let writes = reader.eat("UPDATE")
        || (reader.eat("DELETE") && reader.eat("FROM"))
        || (reader.eat("INSERT") && reader.eat("INTO"));
    if !writes {
        return None;
    }
    reader.eat("ONLY");
    reader.qname().filter(|name| match name.schema.as_deref() {
        None => SYSTEM_TABLES.contains(&&*name.name),
        Some(schema) => schema == "pg_catalog",
    })
}

/// Parses one statement with the dialect's parser.
fn parse(text: &str, dialect: Dialect) -> Result<Ast, String> {
    let parser_dialect = parser_dialect(dialect);
    let mut tokens =
        Tokenizer::new(parser_dialect, text).tokenize_with_location().map_err(|error| error.to_string())?;
    match dialect {
        Dialect::Sqlite => tokens = with_is(&with_null_tests(tokens)),
        Dialect::PostgreSql => tokens = with_whole_texts(with_null_tests(tokens)),
        Dialect::MySql => {}
    }
    let parser = Parser::new(parser_dialect).with_recursion_limit(MAX_DEPTH);
    let mut parser = parser.with_tokens_with_locations(tokens);
    let statement = statement(&mut parser, dialect).map_err(|error| error.to_string())?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(format!("syntax error at or near \"{}\"", rest.token));
    }
    Ok(statement)
}

/// `a ISNULL` and `a NOTNULL`, as the standard writes them.
fn with_null_tests(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let test = |token: &TokenWithSpan| match &token.token {
        Token::Word(word) if word.quote_style.is_some() => None,
        Token::Word(word) if word.value.eq_ignore_ascii_case("isnull") => Some(["IS", "NULL"].as_slice()),
        Token::Word(word) if word.value.eq_ignore_ascii_case("notnull") => Some(["IS", "NOT", "NULL"].as_slice()),
        _ => None,
    };
    if !tokens.iter().any(|token| test(token).is_some()) {
        return tokens;
    }
    let written = |token: TokenWithSpan| match test(&token) {
        Some(words) => words.iter().map(|word| TokenWithSpan::new(Token::make_keyword(word), token.span)).collect(),
        None => vec![token],
    };
    tokens.into_iter().flat_map(written).collect()
}

/// A text that is continued on another line, as one.
fn with_whole_texts(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if let Token::SingleQuotedString(more) = &token.token {
            let blanks = out.iter().rev().map_while(|token| match &token.token {
                Token::Whitespace(blank) => Some(blank),
                _ => None,
            });
            let ends = |blank: &Whitespace| matches!(blank, Whitespace::Newline | Whitespace::SingleLineComment { .. });
            let (count, is_next_line) = blanks.fold((0, false), |(count, is), blank| (count + 1, is || ends(blank)));
            let before = out.iter_mut().rev().nth(count).filter(|_| is_next_line);
            if let Some(TokenWithSpan { token: Token::SingleQuotedString(text), .. }) = before {
                text.push_str(more);
                continue;
            }
        }
        out.push(token);
    }
    out
}

/// SQLite's `a IS b` and `a IS NOT b`, as the standard writes them.
fn with_is(tokens: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let word = |at: usize| match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word)) if word.quote_style.is_none() => word.keyword,
        _ => Keyword::NoKeyword,
    };
    let next = |at: usize| {
        let blank = |token: &&TokenWithSpan| matches!(token.token, Token::Whitespace(_));
        at + 1 + tokens.iter().skip(at + 1).take_while(blank).count()
    };
    let known = |at: usize| {
        use Keyword as K;
        matches!(word(at), K::NULL | K::TRUE | K::FALSE | K::DISTINCT | K::JSON | K::UNKNOWN | K::NORMALIZED)
    };
    let mut out = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        out.push(token.clone());
        let negated = word(at) == Keyword::NOT;
        let before = (0..at).rev().find(|at| !matches!(tokens.get(*at).map(|t| &t.token), Some(Token::Whitespace(_))));
        let ends = if negated {
            before.is_some_and(|before| word(before) == Keyword::IS)
        } else {
            word(at) == Keyword::IS && word(next(at)) != Keyword::NOT
        };
        if !ends || known(next(at)) {
            continue;
        }
        if negated {
            out.pop();
        }
        let words: &[&str] = if negated { &["DISTINCT", "FROM"] } else { &["NOT", "DISTINCT", "FROM"] };
        out.extend(words.iter().map(|word| TokenWithSpan::new(Token::make_keyword(word), token.span)));
    }
    out
}

/// Parses what a statement about rows can be. `Parser::parse_statement` would do it too, and would bring the parsers of
/// all other statements with it, which are a sixteenth of what a visitor of the playground loads.
fn statement(parser: &mut Parser<'_>, dialect: Dialect) -> Result<Ast, ParserError> {
    let first = parser.next_token();
    let keyword = match &first.token {
        Token::Word(word) => word.keyword,
        _ => Keyword::NoKeyword,
    };
    match keyword {
        Keyword::INSERT => parser.parse_insert(first),
        Keyword::REPLACE if dialect == Dialect::Sqlite => {
            // It stands for INSERT OR REPLACE, and is read again as the word after OR.
            parser.prev_token();
            parser.parse_insert(first)
        }
        Keyword::REPLACE => parser.parse_replace(first),
        Keyword::UPDATE => parser.parse_update(first),
        Keyword::DELETE => parser.parse_delete(first),
        Keyword::MERGE => parser.parse_merge(first).map(Into::into),
        Keyword::PRAGMA => pragma(parser),
        _ => {
            parser.prev_token();
            parser.parse_query().map(Into::into)
        }
    }
}

/// A `PRAGMA`, whose value may be a bare word.
fn pragma(parser: &mut Parser<'_>) -> Result<Ast, ParserError> {
    let name = parser.parse_object_name(false)?;
    let is_eq = parser.consume_token(&Token::Eq);
    let called = !is_eq && parser.consume_token(&Token::LParen);
    if !is_eq && !called {
        return Ok(Ast::Pragma { name, value: None, is_eq });
    }
    let value = match parser.peek_token().token {
        Token::Word(word) => {
            parser.advance_token();
            Value::SingleQuotedString(word.value).into()
        }
        _ => parser.parse_value()?,
    };
    if called {
        parser.expect_token(&Token::RParen)?;
    }
    Ok(Ast::Pragma { name, value: Some(value), is_eq })
}

fn is_shallow(reader: &Reader<'_>) -> bool {
    const OPERATORS: &[&str] =
        &["AND", "OR", "UNION", "EXCEPT", "INTERSECT", "NOT", "IS", "LIKE", "BETWEEN", "COLLATE"];
    // Operators since the last comma, for each open parenthesis.
    let mut levels = vec![0_usize];
    for token in reader.tokens {
        let raw = reader.raw(*token);
        let Some(count) = levels.last_mut() else { return false };
        match (token.kind, raw) {
            (Kind::Op, "(" | "[") => levels.push(0),
            (Kind::Op, ")" | "]") => {
                levels.pop();
            }
            (Kind::Op, ",") => *count = 0,
            (Kind::Op, ".") => {}
            (Kind::Op, _) => *count += 1,
            (Kind::Word, word) if OPERATORS.iter().any(|op| word.eq_ignore_ascii_case(op)) => *count += 1,
            _ => {}
        }
        if levels.len() > MAX_DEPTH || levels.last().is_some_and(|count| *count > MAX_OPERATORS) {
            return false;
        }
    }
    true
}

fn unreadable(why: &str) -> Statement {
    Statement::Unreadable { why: Arc::from(why), certain: false }
}
