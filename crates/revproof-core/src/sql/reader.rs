//! [`Reader`]: a cursor over the tokens of one statement.

use std::borrow::Cow;
use std::sync::Arc;

use super::lexer::{Kind, Token};
use crate::schema::{Dialect, Name, QName};

/// A cursor over tokens. What can't be read is `None`, and the cursor stands where reading stopped.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) dialect: Dialect,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token], dialect: Dialect) -> Self {
        Self { text, tokens, at: 0, dialect }
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn is_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The whole input has been read.
    pub(super) fn end(&self) -> Option<()> {
        self.is_end().then_some(())
    }

    /// A token's text, as written.
    pub(super) fn raw(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    pub(super) fn raw_at(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.at + ahead).map_or("", |token| self.raw(*token))
    }

    pub(super) fn bump(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// Whether the keyword stands so many tokens ahead.
    pub(super) fn is_at(&self, ahead: usize, keyword: &str) -> bool {
        let Some(token) = self.tokens.get(self.at + ahead) else { return false };
        token.kind == Kind::Word && self.raw(*token).eq_ignore_ascii_case(keyword)
    }

    pub(super) fn is(&self, keyword: &str) -> bool {
        self.is_at(0, keyword)
    }

    pub(super) fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }

    /// Steps over these keywords, written with blanks between, if all of them stand here.
    pub(super) fn eat(&mut self, keywords: &str) -> bool {
        let mut count = 0;
        for keyword in keywords.split(' ') {
            if !self.is_at(count, keyword) {
                return false;
            }
            count += 1;
        }
        self.at += count;
        true
    }

    pub(super) fn eat_any(&mut self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.eat(keyword))
    }

    pub(super) fn expect(&mut self, keywords: &str) -> Option<()> {
        self.eat(keywords).then_some(())
    }

    pub(super) fn is_op(&self, op: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Op && self.raw(token) == op)
    }

    pub(super) fn eat_op(&mut self, op: &str) -> bool {
        let found = self.is_op(op);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn expect_op(&mut self, op: &str) -> Option<()> {
        self.eat_op(op).then_some(())
    }

    /// An identifier, folded as the dialect folds bare ones.
    pub(super) fn name(&mut self) -> Option<Name> {
        let token = self.peek()?;
        let raw = self.raw(token);
        let name = match token.kind {
            Kind::Word if self.dialect == Dialect::PostgreSql && raw.bytes().any(|b| b.is_ascii_uppercase()) => {
                Name::from(raw.to_ascii_lowercase())
            }
            Kind::Word => Name::from(raw),
            Kind::Quoted => Name::from(unquote(raw)),
            // SQLite takes a string for a name where only a name can stand.
            Kind::Str if self.dialect == Dialect::Sqlite => Name::from(unquote(raw)),
            _ => return None,
        };
        self.at += 1;
        Some(name)
    }

    /// A name that may be qualified; the default schema is left out.
    pub(super) fn qname(&mut self) -> Option<QName> {
        let mut name = self.name()?;
        let mut schema = None;
        while self.is_op(".") {
            self.at += 1;
            schema = Some(name);
            name = self.name()?;
        }
        let schema = schema.filter(|schema| Some(&**schema) != self.dialect.default_schema());
        Some(QName::in_schema(schema, name))
    }

    /// `a, b, c` of qualified names.
    pub(super) fn qnames(&mut self) -> Option<Vec<QName>> {
        let mut names = vec![self.qname()?];
        while self.eat_op(",") {
            names.push(self.qname()?);
        }
        Some(names)
    }

    /// A string's value.
    pub(super) fn string(&mut self) -> Option<Name> {
        let token = self.peek()?;
        let value = self.string_value(token)?;
        self.at += 1;
        Some(value)
    }

    pub(super) fn string_value(&self, token: Token) -> Option<Name> {
        let raw = self.raw(token);
        match token.kind {
            Kind::Str => {
                let backslash = raw.starts_with(['E', 'e']) || self.dialect == Dialect::MySql;
                let body = raw.get(raw.find(['\'', '"'])?..)?;
                let value = unquote(body);
                Some(Name::from(if backslash { unescape(&value) } else { value }))
            }
            Kind::Dollar => Some(Name::from(dollar_body(raw)?.0)),
            _ => None,
        }
    }

    /// An integer, signed or not.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let negative = self.eat_op("-");
        let token = self.peek().filter(|token| token.kind == Kind::Number)?;
        let value: i64 = self.raw(token).parse().ok()?;
        self.at += 1;
        Some(if negative { -value } else { value })
    }

    /// The inside of the parentheses that open here; the cursor goes behind them.
    pub(super) fn parens(&mut self) -> Option<Reader<'a>> {
        if !self.is_op("(") {
            return None;
        }
        let open = self.at;
        let close = self.closing(open)?;
        self.at = close + 1;
        Some(Reader { tokens: self.tokens.get(open + 1..close)?, at: 0, ..self.clone() })
    }

    /// The token that closes the parenthesis or bracket at `open`.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (index, token) in self.tokens.iter().enumerate().skip(open) {
            if token.kind != Kind::Op {
                continue;
            }
            match self.raw(*token) {
                "(" | "[" => depth += 1,
                ")" | "]" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(index);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// `(a, b)` of names; what follows a name up to the comma (a length, `ASC`, a collation) is passed over.
    pub(super) fn columns(&mut self) -> Option<Vec<Name>> {
        let mut inner = self.parens()?;
        let mut names = Vec::new();
        while !inner.is_end() {
            names.push(inner.name()?);
            inner.skip_to(&[]);
            if !inner.eat_op(",") {
                break;
            }
        }
        inner.end()?;
        Some(names)
    }

    /// Goes to the next comma, or one of these keywords, outside any parentheses, or to the end.
    pub(super) fn skip_to(&mut self, stops: &[&str]) {
        while let Some(token) = self.peek() {
            if self.is_op(",") || self.is_any(stops) {
                return;
            }
            let opens = token.kind == Kind::Op && matches!(self.raw(token), "(" | "[");
            self.at = if opens { self.closing(self.at).unwrap_or(self.tokens.len()) } else { self.at } + 1;
        }
    }

    /// The text up to where [`Reader::skip_to`] goes; at least one token.
    pub(super) fn expression(&mut self, stops: &[&str]) -> Option<Arc<str>> {
        let start = self.at;
        let first = self.peek()?;
        if first.kind == Kind::Op && matches!(self.raw(first), "," | ")") {
            return None;
        }
        if !(first.kind == Kind::Op && matches!(self.raw(first), "(" | "[")) {
            self.at += 1;
        }
        self.skip_to(stops);
        Some(self.slice(start, self.at))
    }

    /// Goes behind the function call that begins at `start`.
    pub(super) fn skip_call(&mut self, start: usize) {
        self.at = start;
        while !self.is_op("(") && !self.is_end() {
            self.at += 1;
        }
        self.parens();
    }

    /// All that is left, as text.
    pub(super) fn rest(&mut self) -> Arc<str> {
        let start = self.at;
        self.at = self.tokens.len();
        self.slice(start, self.at)
    }

    /// The text of these tokens, as it is sent: SQLAlchemy takes the backslash of `\:` away.
    pub(super) fn slice(&self, from: usize, to: usize) -> Arc<str> {
        let tokens = self.tokens.get(from..to).unwrap_or_default();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Arc::from("") };
        Arc::from(&*sent(self.text.get(first.start..last.end).unwrap_or_default()))
    }

    /// The text of all tokens, with one blank wherever there was white space or a comment.
    pub(super) fn folded(&self) -> Name {
        let mut folded = String::new();
        let mut end = None;
        for token in self.tokens {
            if end.is_some_and(|end| end < token.start) {
                folded.push(' ');
            }
            folded.push_str(&sent(self.raw(*token)));
            end = Some(token.end);
        }
        Name::from(folded)
    }

    pub(super) fn if_exists(&mut self) -> bool {
        self.eat("IF EXISTS")
    }

    pub(super) fn if_not_exists(&mut self) -> bool {
        self.eat("IF NOT EXISTS")
    }

    /// `CASCADE` or `RESTRICT`, if either stands here; whether it is the first.
    pub(super) fn cascade(&mut self) -> bool {
        let cascade = self.eat("CASCADE");
        if !cascade {
            self.eat("RESTRICT");
        }
        cascade
    }
}

/// A SQL text as it is sent.
pub(super) fn sent(text: &str) -> Cow<'_, str> {
    if text.contains("\\:") { Cow::Owned(text.replace("\\:", ":")) } else { Cow::Borrowed(text) }
}

/// The inside of a dollar-quoted string, and how far in it begins.
pub(super) fn dollar_body(raw: &str) -> Option<(&str, usize)> {
    let length = raw.get(1..)?.find('$')? + 2;
    Some((raw.get(length..raw.len().checked_sub(length)?)?, length))
}

/// What stands between quotes, doubled ones halved.
fn unquote(raw: &str) -> String {
    let mut chars = raw.chars();
    let (open, close) = (chars.next(), chars.next_back());
    let body = chars.as_str();
    match (open, close) {
        (Some('['), Some(']')) => body.to_owned(),
        (Some(mark), _) => body.replace(&format!("{mark}{mark}"), &mark.to_string()),
        _ => body.to_owned(),
    }
}

fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('0') => out.push('\0'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}
