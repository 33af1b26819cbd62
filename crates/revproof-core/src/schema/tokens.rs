//! A small tokenizer for expressions: enough to fold white space, to find the columns that an expression names and to
//! rename them.

use super::dialect::Dialect;
use super::name::Name;
use super::quote::quote;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An unquoted word.
    Word,
    /// A quoted identifier.
    Quoted,
    /// A string literal, or another literal in quotes.
    Text,
    /// A number.
    Number,
    /// Anything else: an operator or a bracket.
    Symbol,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Its text, with its quotes.
    pub(crate) text: &'a str,
    /// Whether white space or a comment stands before it.
    pub(crate) spaced: bool,
}

impl Token<'_> {
    /// Whether this is the keyword, in any case.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// The identifier that the token stands for, folded as the dialect folds it.
    pub(crate) fn identifier(&self, dialect: Dialect) -> Option<String> {
        match self.kind {
            TokenKind::Word if dialect == Dialect::PostgreSql => Some(self.text.to_lowercase()),
            TokenKind::Word => Some(self.text.to_owned()),
            TokenKind::Quoted => {
                let inner = self.text.get(1..self.text.len().saturating_sub(1))?;
                let close = self.text.chars().next_back()?;
                Some(inner.replace(&format!("{close}{close}"), &close.to_string()))
            }
            _ => None,
        }
    }
}

/// The tokens of a text. What can't be read becomes symbols; nothing is refused.
pub(crate) fn tokens(sql: &str, dialect: Dialect) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = sql;
    let mut spaced = false;
    while let Some(first) = rest.chars().next() {
        if let Some(length) = blank(rest, first) {
            spaced = true;
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let (kind, length) = token(rest, first, dialect);
        let length = length.max(first.len_utf8()).min(rest.len());
        let Some((text, after)) = rest.split_at_checked(length) else { break };
        out.push(Token { kind, text, spaced });
        spaced = false;
        rest = after;
    }
    out
}

fn blank(rest: &str, first: char) -> Option<usize> {
    if first.is_whitespace() {
        return Some(first.len_utf8());
    }
    if rest.starts_with("--") {
        return Some(rest.find('\n').map_or(rest.len(), |at| at + 1));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |at| at + 2));
    }
    None
}

fn token(rest: &str, first: char, dialect: Dialect) -> (TokenKind, usize) {
    match first {
        '\'' => (TokenKind::Text, quoted(rest, '\'', dialect == Dialect::MySql)),
        '"' if dialect == Dialect::MySql => (TokenKind::Text, quoted(rest, '"', true)),
        '"' => (TokenKind::Quoted, quoted(rest, '"', false)),
        '`' if dialect != Dialect::PostgreSql => (TokenKind::Quoted, quoted(rest, '`', false)),
        '[' if dialect == Dialect::Sqlite => (TokenKind::Quoted, rest.find(']').map_or(1, |at| at + 1)),
        '$' => match dollar_quoted(rest) {
            Some(length) => (TokenKind::Text, length),
            None => (TokenKind::Symbol, 1),
        },
        c if c.is_ascii_digit() => (TokenKind::Number, number(rest)),
        c if c.is_alphabetic() || c == '_' => {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len());
            let prefix = rest.get(..length).unwrap_or_default();
            if length == 1 && rest.get(1..2) == Some("'") && "eEbBxXnN".contains(prefix) {
                let body = rest.get(1..).unwrap_or_default();
                return (TokenKind::Text, 1 + quoted(body, '\'', prefix.eq_ignore_ascii_case("e")));
            }
            (TokenKind::Word, length)
        }
        ':' if rest.starts_with("::") => (TokenKind::Symbol, 2),
        '<' | '>' | '!' | '=' | '|' | '-' | '#' | '@' | '~' | '&' => {
            let length = rest.find(|c: char| !"<>!=|-#@~&".contains(c)).unwrap_or(rest.len());
            // A minus sign that follows another operator belongs to what comes after it.
            let text = rest.get(..length).unwrap_or_default();
            let length = if length > 1 && text.ends_with('-') { length - 1 } else { length };
            (TokenKind::Symbol, length)
        }
        c => (TokenKind::Symbol, c.len_utf8()),
    }
}

fn quoted(rest: &str, quote: char, backslash: bool) -> usize {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if backslash && c == '\\' {
            chars.next();
        } else if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return at + c.len_utf8();
            }
        }
    }
    rest.len()
}

fn dollar_quoted(rest: &str) -> Option<usize> {
    let tag_end = rest.get(1..)?.find('$')? + 2;
    let tag = rest.get(..tag_end)?;
    if !tag.trim_matches('$').chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let body = rest.get(tag_end..)?;
    Some(body.find(tag).map_or(rest.len(), |at| tag_end + at + tag.len()))
}

fn number(rest: &str) -> usize {
    let mut length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let exponent = rest.get(length..).unwrap_or_default();
    if exponent.starts_with(['e', 'E']) {
        let digits = exponent.get(1..).unwrap_or_default().trim_start_matches(['+', '-']);
        let count = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        if count > 0 {
            length += exponent.len() - digits.len() + count;
        }
    }
    length
}

/// The text with white space folded, comments taken out and brackets around the whole taken off.
pub(crate) fn folded(sql: &str, dialect: Dialect) -> String {
    let all = tokens(sql, dialect);
    let mut part = all.as_slice();
    while let [open, inner @ .., close] = part {
        if open.text != "(" || close.text != ")" || !balanced(inner) {
            break;
        }
        part = inner;
    }
    let mut out = String::with_capacity(sql.len());
    for (at, token) in part.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| part.get(at));
        if before.is_some_and(|before| wants_space(before, token)) {
            out.push(' ');
        }
        out.push_str(token.text);
    }
    out
}

fn balanced(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_i32;
    for token in tokens {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// White space is settled by what stands around it, not by what was written, so that equal conditions are equal text.
fn wants_space(before: &Token<'_>, token: &Token<'_>) -> bool {
    let glued_after = ["(", ".", "::", "["];
    let glued_before = [")", ",", ".", "::", "[", "]", ";"];
    if glued_after.contains(&before.text) || glued_before.contains(&token.text) {
        return false;
    }
    if token.text == "(" {
        let call = matches!(before.kind, TokenKind::Word | TokenKind::Quoted)
            && !token.spaced
            && !KEYWORDS_BEFORE_BRACKET.iter().any(|word| before.is_word(word));
        return !call;
    }
    true
}

const KEYWORDS_BEFORE_BRACKET: [&str; 12] =
    ["in", "and", "or", "not", "any", "all", "exists", "when", "then", "else", "between", "is"];

/// Which of `columns` an expression names, each once, in order of first mention.
pub(crate) fn mentioned<'c>(sql: &str, columns: &'c [Name], dialect: Dialect) -> Vec<&'c Name> {
    let mut out: Vec<&Name> = Vec::new();
    for (name, _) in references(&tokens(sql, dialect), dialect) {
        if let Some(column) = columns.iter().find(|column| same(column, &name, dialect))
            && !out.contains(&column)
        {
            out.push(column);
        }
    }
    out
}

/// An expression's first word that can only be a column, and is none of `columns`. Nothing where the expression is
/// beyond a tokenizer (a subquery).
pub(crate) fn unknown_column(sql: &str, columns: &[Name], dialect: Dialect) -> Option<String> {
    unknown_columns(sql, columns, dialect, |token| !may_be_string(token, dialect))
}

/// Whether SQLite takes part of an expression for a string, which has the look of a column that is none of `columns`.
pub(crate) fn has_string_for_column(sql: &str, columns: &[Name], dialect: Dialect) -> bool {
    unknown_columns(sql, columns, dialect, |token| may_be_string(token, dialect)).is_some()
}

/// SQLite takes a name in double quotes that is no column for a string.
fn may_be_string(token: &Token<'_>, dialect: Dialect) -> bool {
    dialect == Dialect::Sqlite && token.kind == TokenKind::Quoted && token.text.starts_with('"')
}

fn unknown_columns(
    sql: &str,
    columns: &[Name],
    dialect: Dialect,
    wanted: impl Fn(&Token<'_>) -> bool,
) -> Option<String> {
    let all = tokens(sql, dialect);
    if all.iter().any(|token| token.is_word("select") || token.is_word("cast") || token.is_word("extract")) {
        return None;
    }
    references(&all, dialect)
        .into_iter()
        .filter(|(name, token)| wanted(token) && (token.kind == TokenKind::Quoted || !is_keyword(name)))
        .map(|(name, _)| name)
        .find(|name| !columns.iter().any(|column| same(column, name, dialect)))
}

/// Whether two texts say the same, whatever names are written in quotes that do not need them.
pub(crate) fn same_statement(one: &str, other: &str, dialect: Dialect) -> bool {
    let words = |text: &str| -> Vec<String> {
        let all = tokens(text, dialect);
        all.iter().map(|token| token.identifier(dialect).unwrap_or_else(|| token.text.into())).collect()
    };
    one == other || words(one) == words(other)
}

/// The expression with one column renamed.
pub(crate) fn renamed(sql: &str, from: &str, to: &str, dialect: Dialect) -> String {
    let all = tokens(sql, dialect);
    let mut out = String::with_capacity(sql.len() + to.len());
    for (at, token) in all.iter().enumerate() {
        if token.spaced && at > 0 {
            out.push(' ');
        }
        let hit = is_reference(&all, at) && token.identifier(dialect).is_some_and(|name| same(from, &name, dialect));
        // SQLite writes the new name in quotes where the old one stands in quotes.
        let quoted = dialect == Dialect::Sqlite && token.kind == TokenKind::Quoted;
        if hit && quoted {
            out.extend(["\"", &to.replace('"', "\"\""), "\""]);
        } else if hit {
            out.push_str(&quote(to, dialect));
        } else {
            out.push_str(token.text);
        }
    }
    out
}

fn references<'a>(all: &[Token<'a>], dialect: Dialect) -> Vec<(String, Token<'a>)> {
    all.iter()
        .enumerate()
        .filter(|(at, _)| is_reference(all, *at))
        .filter_map(|(_, token)| Some((token.identifier(dialect)?, *token)))
        .collect()
}

/// Whether the token at `at` may name a column: it is no function, no type of a cast, no qualifier.
fn is_reference(all: &[Token<'_>], at: usize) -> bool {
    let Some(token) = all.get(at) else { return false };
    if !matches!(token.kind, TokenKind::Word | TokenKind::Quoted) {
        return false;
    }
    let before = at.checked_sub(1).and_then(|at| all.get(at));
    let after = all.get(at + 1);
    if before.is_some_and(|before| before.text == "::" || before.is_word("as") || before.is_word("collate")) {
        return false;
    }
    // `character varying`, `double precision`: the later word of a type's name.
    let type_before = |words: &[&str]| before.is_some_and(|before| words.iter().any(|word| before.is_word(word)));
    if token.is_word("precision") && type_before(&["double"])
        || token.is_word("varying") && type_before(&["character", "char", "bit"])
    {
        return false;
    }
    !after.is_some_and(|after| {
        after.text == "(" && !KEYWORDS_BEFORE_BRACKET.iter().any(|word| token.is_word(word)) && !after.spaced
            || after.text == "."
            || after.kind == TokenKind::Text && !after.spaced
    })
}

/// Whether two identifiers are one name in the dialect.
pub(crate) fn same(a: &str, b: &str, dialect: Dialect) -> bool {
    if dialect == Dialect::PostgreSql { a == b } else { a.eq_ignore_ascii_case(b) }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

const KEYWORDS: [&str; 87] = [
    "all",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "at",
    "between",
    "bigint",
    "binary",
    "boolean",
    "both",
    "by",
    "case",
    "character",
    "collate",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "date",
    "day",
    "desc",
    "distinct",
    "div",
    "double",
    "else",
    "end",
    "escape",
    "exists",
    "false",
    "for",
    "from",
    "glob",
    "hour",
    "ilike",
    "in",
    "int",
    "integer",
    "interval",
    "is",
    "isnull",
    "json",
    "jsonb",
    "leading",
    "like",
    "localtime",
    "localtimestamp",
    "match",
    "minute",
    "mod",
    "month",
    "normalized",
    "not",
    "notnull",
    "null",
    "numeric",
    "or",
    "overlaps",
    "placing",
    "regexp",
    "row",
    "second",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "text",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "true",
    "unknown",
    "user",
    "using",
    "variadic",
    "when",
    "with",
    "without",
    "year",
    "zone",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(dialect: Dialect, sql: &str, text: &str, columns: &[&str]) {
        let known: Vec<Name> = ["a", "b", "c", "date"].into_iter().map(Name::from).collect();
        let found: Vec<String> = mentioned(sql, &known, dialect).into_iter().map(ToString::to_string).collect();
        assert_eq!((folded(sql, dialect).as_str(), found), (text, columns.iter().map(ToString::to_string).collect()));
    }

    #[test]
    fn white_space_comments_and_outer_brackets_are_no_difference() {
        let pg = Dialect::PostgreSql;
        check(pg, "( a>0 )", "a > 0", &["a"]);
        check(pg, "a  >\n0 -- positive\n", "a > 0", &["a"]);
        check(pg, "(a > 0) AND (b > 0)", "(a > 0) AND (b > 0)", &["a", "b"]);
        check(pg, "a IN('x','y')", "a IN ('x', 'y')", &["a"]);
        check(pg, "lower( a )", "lower(a)", &["a"]);
    }

    #[test]
    fn columns_are_found_whatever_their_spelling() {
        let pg = Dialect::PostgreSql;
        check(pg, "A = 'b' || \"c\"", "A = 'b' || \"c\"", &["a", "c"]);
        check(pg, "t.a::date > date(b)", "t.a::date > date(b)", &["a", "b"]);
        check(pg, "x -> 'it''s a' = $$b$$", "x -> 'it''s a' = $$b$$", &[]);
        check(Dialect::MySql, "`A` > \"b\"", "`A` > \"b\"", &["a"]);
        check(Dialect::Sqlite, "[a] > 1.5e3", "[a] > 1.5e3", &["a"]);
    }

    #[test]
    fn a_column_that_is_not_there_is_found() {
        let known = [Name::from("a")];
        let find = |sql| unknown_column(sql, &known, Dialect::PostgreSql);
        assert_eq!(find("a > 0 AND b IS NOT NULL"), Some("b".to_owned()));
        assert_eq!(find("a > 0 AND lower(a::text) LIKE 'b%' OR a = ANY (ARRAY['x'])"), None);
        assert_eq!(find("a IN (SELECT b FROM c)"), None);
        assert_eq!(find("a > (0)::double precision AND a::character varying(2) = 'x'"), None);
        assert_eq!(find("a > precision"), Some("precision".to_owned()));
        assert_eq!(find("\"B\" > 0"), Some("B".to_owned()));
    }

    #[test]
    fn a_rename_leaves_literals_functions_and_types_alone() {
        let text = renamed("a > 'a' AND a(A) = \"a\"::a", "a", "order", Dialect::PostgreSql);
        assert_eq!(text, "\"order\" > 'a' AND a(\"order\") = \"order\"::a");
    }

    #[test]
    fn anything_is_tokens() {
        for text in ["'open", "\"", "/* open", "$tag$ open", "é'", "::::", "1.e", "$$", "[", "`"] {
            for dialect in [Dialect::PostgreSql, Dialect::Sqlite, Dialect::MySql] {
                let whole: String = tokens(text, dialect).iter().map(|token| token.text).collect();
                assert_eq!(whole.replace(' ', ""), text.replace(' ', "").replace("/*open", ""), "{text}");
            }
        }
    }
}
