//! SQL text of which only some pieces are known: the unknown ones become bound values that are not known.

use std::rc::Rc;

use crate::op::{Datum, HOLE, SqlText};
use crate::python::{PartialText, TextPiece, Unknown};

/// A text whose holes have been filled with names.
pub(super) struct Filled {
    /// The text. A hole where a value stands is `:name`; one inside a name, or where one stands, is a plain word.
    pub text: String,
    /// The names, with the reasons.
    pub holes: Vec<(Rc<str>, Rc<Unknown>)>,
}

/// The text with its unknown pieces as bound values; `None` where it ends inside a quote.
pub(in crate::alembic) fn sql_text(partial: &PartialText) -> Option<SqlText> {
    let Filled { text, holes } = fill(partial)?;
    let params = holes.iter().map(|(name, unknown)| ((&**name).into(), Datum::Unknown(unknown.why.clone()))).collect();
    Some(SqlText { text: text.into(), params, literal: None })
}

/// Fills the holes. A quoted literal with a hole in it is one value; a hole that stands alone is taken for one
/// expression.
pub(super) fn fill(partial: &PartialText) -> Option<Filled> {
    let mut filler = Filler { out: String::new(), holes: Vec::new(), state: State::Plain };
    let mut pieces = partial.pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            TextPiece::Known(text) | TextPiece::Any(text) => filler.known(text),
            TextPiece::Hole(unknown) => {
                let goes_on = match pieces.peek() {
                    Some(TextPiece::Known(text) | TextPiece::Any(text)) => {
                        text.chars().next().is_some_and(is_part_of_name)
                    }
                    Some(TextPiece::Hole(_)) => true,
                    None => false,
                };
                filler.hole(unknown, goes_on);
            }
        }
    }
    filler.end_literal();
    let whole = matches!(filler.state, State::Plain | State::LineComment);
    whole.then_some(Filled { text: filler.out, holes: filler.holes })
}

/// Where in SQL the text has come to.
#[derive(Debug, Clone)]
enum State {
    Plain,
    /// In a string that began here, with the first hole in it.
    Literal(usize, Option<Rc<Unknown>>),
    /// Behind the quote that ended a string, unless another one follows.
    LiteralEnd(usize, Option<Rc<Unknown>>),
    QuotedName,
    /// In a dollar-quoted string with this delimiter.
    Dollar(String),
    LineComment,
    BlockComment,
}

struct Filler {
    out: String,
    holes: Vec<(Rc<str>, Rc<Unknown>)>,
    state: State,
}

impl Filler {
    fn known(&mut self, text: &str) {
        for c in text.chars() {
            if c != '\'' {
                self.end_literal();
            }
            self.out.push(c);
            self.step(c);
        }
    }

    /// What a character of known text, which has just been written, leads to.
    fn step(&mut self, c: char) {
        match &self.state {
            State::Plain => match c {
                '\'' => self.state = State::Literal(self.out.len() - 1, None),
                '"' | '`' => self.state = State::QuotedName,
                '-' if self.out.ends_with("--") => self.state = State::LineComment,
                '*' if self.out.ends_with("/*") => self.state = State::BlockComment,
                '$' => {
                    if let Some(delimiter) = dollar_delimiter(&self.out) {
                        self.state = State::Dollar(delimiter);
                    }
                }
                _ => {}
            },
            State::Literal(start, hole) if c == '\'' => {
                self.state = State::LiteralEnd(*start, hole.clone());
            }
            State::LiteralEnd(start, hole) if c == '\'' => self.state = State::Literal(*start, hole.clone()),
            State::QuotedName if matches!(c, '"' | '`') => self.state = State::Plain,
            State::Dollar(delimiter) if c == '$' && self.out.ends_with(delimiter.as_str()) => self.state = State::Plain,
            State::LineComment if c == '\n' => self.state = State::Plain,
            State::BlockComment if c == '/' && self.out.ends_with("*/") => self.state = State::Plain,
            _ => {}
        }
    }

    /// A literal that has ended, and with a hole in it, becomes a value.
    fn end_literal(&mut self) {
        if let State::LiteralEnd(start, hole) = &self.state {
            let (start, hole) = (*start, hole.clone());
            self.state = State::Plain;
            if let Some(hole) = hole {
                self.value_in_place_of_literal(start, &hole);
            }
        }
    }

    fn hole(&mut self, unknown: &Rc<Unknown>, goes_on: bool) {
        self.end_literal();
        let takes_a_value = !goes_on && self.takes_a_value();
        match &mut self.state {
            State::LineComment | State::BlockComment => {}
            State::Literal(_, first) => {
                first.get_or_insert_with(|| Rc::clone(unknown));
            }
            State::Plain if takes_a_value => self.value(unknown, None),
            State::Plain | State::QuotedName | State::Dollar(_) | State::LiteralEnd(..) => {
                let name = self.name(unknown);
                self.out.push_str(&name);
            }
        }
    }

    /// Whether an expression, not a name, stands next.
    fn takes_a_value(&self) -> bool {
        const BEFORE_NAMES: [&str; 21] = [
            "from",
            "into",
            "update",
            "table",
            "join",
            "index",
            "exists",
            "type",
            "constraint",
            "column",
            "only",
            "view",
            "sequence",
            "schema",
            "by",
            "as",
            "on",
            "to",
            "using",
            "values",
            "in",
        ];
        if self.out.chars().next_back().is_some_and(is_part_of_name) {
            return false;
        }
        let word = last_word(&self.out).to_lowercase();
        !word.is_empty() && !BEFORE_NAMES.contains(&word.as_str()) || word.is_empty() && !self.out.trim_end().is_empty()
    }

    /// A literal with a hole in it becomes one value. `interval '…'` becomes a cast.
    fn value_in_place_of_literal(&mut self, start: usize, hole: &Rc<Unknown>) {
        const TYPES: [&str; 5] = ["date", "time", "timestamp", "timestamptz", "interval"];
        self.out.truncate(start);
        if self.out.ends_with(['E', 'e', 'N', 'n']) && last_word(&self.out).len() == 1 {
            self.out.pop();
        }
        let trimmed = self.out.trim_end().len();
        let word = self.out.get(..trimmed).map(last_word).unwrap_or_default().to_lowercase();
        if TYPES.contains(&word.as_str()) {
            self.out.truncate(trimmed - word.len());
            self.value(hole, Some(&word));
        } else {
            self.value(hole, None);
        }
    }

    /// Brackets around it keep a `::type` behind it apart, which SQLAlchemy would not take for a bind.
    fn value(&mut self, unknown: &Rc<Unknown>, cast_to: Option<&str>) {
        let name = self.name(unknown);
        match cast_to {
            Some(ty) => self.out.extend(["CAST(:", &name, " AS ", ty, ")"]),
            None => self.out.extend(["(:", &name, ")"]),
        }
    }

    fn name(&mut self, unknown: &Rc<Unknown>) -> Rc<str> {
        let name: Rc<str> = format!("{HOLE}{}", self.holes.len() + 1).into();
        self.holes.push((Rc::clone(&name), Rc::clone(unknown)));
        name
    }
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '`' | '$')
}

/// The word at the end of a text, white space behind it left out.
fn last_word(text: &str) -> &str {
    let text = text.trim_end();
    let start = text.char_indices().rev().find(|(_, c)| !c.is_alphanumeric() && *c != '_');
    text.get(start.map_or(0, |(at, c)| at + c.len_utf8())..).unwrap_or_default()
}

/// The `$tag$` that a text ends with.
fn dollar_delimiter(text: &str) -> Option<String> {
    let inner = text.strip_suffix('$')?;
    let open = inner.rfind('$')?;
    let tag = inner.get(open + 1..)?;
    let before = inner.get(..open)?.chars().next_back();
    let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_') && !tag.starts_with(|c: char| c.is_numeric());
    (is_tag && !before.is_some_and(char::is_alphanumeric)).then(|| format!("${tag}$"))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::fill;
    use crate::python::{PartialText, TextPiece, Unknown};
    use crate::source::{FileId, Span};

    /// The text with `{}` for holes, filled.
    fn filled(template: &str) -> Option<String> {
        let mut pieces = Vec::new();
        for (at, text) in template.split("{}").enumerate() {
            if at > 0 {
                pieces.push(TextPiece::Hole(Unknown::data("it is read from elsewhere", Span::new(FileId(0), 0, 0))));
            }
            if !text.is_empty() {
                pieces.push(TextPiece::Known(Rc::from(text)));
            }
        }
        fill(&PartialText { pieces }).map(|filled| filled.text)
    }

    #[test]
    fn holes_become_bound_values() {
        let check = |template: &str, expected: &str| assert_eq!(filled(template).as_deref(), Some(expected));
        check("UPDATE t SET a = '{}' WHERE b = {}", "UPDATE t SET a = (:__hole_1) WHERE b = (:__hole_2)");
        check("VALUES ('it''s {}-{}', {}, '')", "VALUES ((:__hole_1), (:__hole_2), '')");
        check("SELECT '{}'::uuid, E'\\n{}'", "SELECT (:__hole_1)::uuid, (:__hole_2)");
        check("a > now() - interval '{} days'", "a > now() - CAST(:__hole_1 AS interval)");
        check("SELECT 1 -- {}\n", "SELECT 1 -- \n");
    }

    #[test]
    fn holes_in_names_stay_words() {
        let check = |template: &str, expected: &str| assert_eq!(filled(template).as_deref(), Some(expected));
        check("DELETE FROM {} WHERE a = '{}'", "DELETE FROM __hole_1 WHERE a = (:__hole_2)");
        check("CREATE INDEX ix_{}_a ON t (a)", "CREATE INDEX ix___hole_1_a ON t (a)");
        check("UPDATE \"{}\" SET a = 1", "UPDATE \"__hole_1\" SET a = 1");
    }

    #[test]
    fn a_text_that_ends_in_a_literal_is_none() {
        assert_eq!(filled("UPDATE t SET a = '{}"), None);
    }
}
