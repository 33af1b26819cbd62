//! [`lex`]: SQL text to tokens that know where they stand.

use crate::schema::Dialect;

/// A token: its kind and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word: a keyword or a bare name.
    Word,
    /// A quoted name.
    Quoted,
    /// A string.
    Str,
    /// A dollar-quoted string (PostgreSQL).
    Dollar,
    /// A number.
    Number,
    /// A bound parameter, `:name`.
    Param,
    /// Anything else: one operator character, or `::`.
    Op,
    /// A quote or a comment without an end.
    Unterminated,
}

/// The tokens of a text, without white space and comments.
pub(super) fn lex(text: &str, dialect: Dialect) -> Vec<Token> {
    let mut lexer = Lexer { bytes: text.as_bytes(), at: 0, dialect };
    let mut tokens = Vec::with_capacity(text.len() / 5 + 4);
    while let Some(token) = lexer.next() {
        tokens.push(token);
    }
    tokens
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<Token> {
        if let Some(unterminated) = self.skip_blank() {
            return Some(unterminated);
        }
        let start = self.at;
        let byte = self.peek(0)?;
        let kind = match byte {
            b'\'' => self.quoted(b'\'', self.dialect == Dialect::MySql, Kind::Str),
            b'"' if self.dialect == Dialect::MySql => self.quoted(b'"', true, Kind::Str),
            b'"' => self.quoted(b'"', false, Kind::Quoted),
            b'`' if self.dialect != Dialect::PostgreSql => self.quoted(b'`', false, Kind::Quoted),
            b'[' if self.dialect == Dialect::Sqlite => self.bracketed(),
            b'$' if self.dialect == Dialect::PostgreSql => self.dollar(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_some_and(|b| b.is_ascii_digit()) && !self.follows_name() => self.number(),
            b':' => self.colon(),
            b'E' | b'e' if self.peek(1) == Some(b'\'') && self.dialect == Dialect::PostgreSql => {
                self.at += 1;
                self.quoted(b'\'', true, Kind::Str)
            }
            b'B' | b'b' | b'X' | b'x' | b'N' | b'n' if self.peek(1) == Some(b'\'') => {
                self.at += 1;
                self.quoted(b'\'', false, Kind::Str)
            }
            b if is_word(b) => {
                while self.peek(0).is_some_and(|b| is_word(b) || b == b'$') {
                    self.at += 1;
                }
                Kind::Word
            }
            // SQLAlchemy's way to write a colon that is no parameter; the backslash is not sent.
            b'\\' if self.peek(1) == Some(b':') => {
                self.at += 1;
                while self.peek(0) == Some(b':') {
                    self.at += 1;
                    if self.peek(0) == Some(b'\\') && self.peek(1) == Some(b':') {
                        self.at += 1;
                    }
                }
                Kind::Op
            }
            _ => {
                self.at += 1;
                Kind::Op
            }
        };
        Some(Token { kind, start, end: self.at })
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Steps over white space and comments; a comment without an end is a token.
    fn skip_blank(&mut self) -> Option<Token> {
        loop {
            match self.peek(0) {
                Some(b' ' | b'\t' | b'\r' | b'\n' | 0x0c) => self.at += 1,
                Some(b'-') if self.peek(1) == Some(b'-') => self.skip_line(),
                Some(b'#') if self.dialect == Dialect::MySql => self.skip_line(),
                Some(b'/') if self.peek(1) == Some(b'*') => {
                    let start = self.at;
                    if !self.skip_comment() {
                        return Some(Token { kind: Kind::Unterminated, start, end: self.at });
                    }
                }
                _ => return None,
            }
        }
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|b| b != b'\n') {
            self.at += 1;
        }
    }

    fn skip_comment(&mut self) -> bool {
        let mut depth = 0_u32;
        while self.peek(0).is_some() {
            match (self.peek(0), self.peek(1)) {
                (Some(b'/'), Some(b'*')) if depth == 0 || self.dialect == Dialect::PostgreSql => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth = depth.saturating_sub(1);
                    self.at += 2;
                    if depth == 0 {
                        return true;
                    }
                }
                _ => self.at += 1,
            }
        }
        false
    }

    fn quoted(&mut self, mark: u8, backslash: bool, kind: Kind) -> Kind {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            if byte == b'\\' && backslash {
                self.at = (self.at + 1).min(self.bytes.len());
            } else if byte == mark {
                if self.peek(0) != Some(mark) {
                    return kind;
                }
                self.at += 1;
            }
        }
        Kind::Unterminated
    }

    /// `[name]`; a subscript does not exist in SQLite.
    fn bracketed(&mut self) -> Kind {
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            if byte == b']' {
                return Kind::Quoted;
            }
        }
        Kind::Unterminated
    }

    /// `$tag$ … $tag$`, or `$1`.
    fn dollar(&mut self) -> Kind {
        let start = self.at;
        self.at += 1;
        while self.peek(0).is_some_and(is_word) {
            self.at += 1;
        }
        if self.peek(0) != Some(b'$') {
            return Kind::Op;
        }
        self.at += 1;
        let tag = self.bytes.get(start..self.at).unwrap_or_default();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if let Some(length) = find(rest, tag) {
            self.at += length + tag.len();
            Kind::Dollar
        } else {
            self.at = self.bytes.len();
            Kind::Unterminated
        }
    }

    fn number(&mut self) -> Kind {
        while let Some(byte) = self.peek(0) {
            let is_exponent_sign =
                matches!(byte, b'+' | b'-') && matches!(self.bytes.get(self.at.wrapping_sub(1)), Some(b'e' | b'E'));
            if !byte.is_ascii_alphanumeric() && byte != b'.' && byte != b'_' && !is_exponent_sign {
                break;
            }
            self.at += 1;
        }
        Kind::Number
    }

    fn colon(&mut self) -> Kind {
        let follows_word = self.at.checked_sub(1).and_then(|at| self.bytes.get(at)).is_some_and(|b| is_word(*b));
        self.at += 1;
        if self.peek(0) == Some(b':') {
            self.at += 1;
            return Kind::Op;
        }
        if follows_word || !self.peek(0).is_some_and(is_word) {
            return Kind::Op;
        }
        while self.peek(0).is_some_and(is_word) {
            self.at += 1;
        }
        Kind::Param
    }

    fn follows_name(&self) -> bool {
        self.at.checked_sub(1).and_then(|at| self.bytes.get(at)).is_some_and(|b| is_word(*b) || b"\"`]".contains(b))
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
