//! [`Words`]: a SQL statement as a list of words, for the few questions that rules ask of data statements.
//!
//! The simulation parses SQL properly; a rule only wants to know whether a statement reads a column or empties a
//! table, and must be able to ask that of a statement that nothing could parse.

/// A SQL statement, cut into words.
#[derive(Debug)]
pub(crate) struct Words {
    list: Vec<Word>,
}

#[derive(Debug, PartialEq, Eq)]
enum Word {
    /// A keyword or identifier, in lower case and without quotes.
    Name(String),
    /// A string or a number.
    Literal,
    /// A bound value.
    Parameter,
    /// Anything else.
    Sign(char),
}

impl Words {
    /// Cuts a statement into words.
    pub(crate) fn of(sql: &str) -> Self {
        let mut list = Vec::new();
        let mut chars = sql.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '-' if chars.peek() == Some(&'-') => while chars.next().is_some_and(|c| c != '\n') {},
                '\'' => {
                    while chars.next().is_some_and(|c| c != '\'') {}
                    list.push(Word::Literal);
                }
                '"' | '`' => {
                    let mut name = String::new();
                    name.extend(std::iter::from_fn(|| chars.next_if(|next| *next != c)));
                    chars.next();
                    list.push(Word::Name(name.to_lowercase()));
                }
                ':' if chars.peek().is_some_and(|next| next.is_alphabetic()) => {
                    while chars.next_if(|c| c.is_alphanumeric() || *c == '_').is_some() {}
                    list.push(Word::Parameter);
                }
                c if c.is_alphabetic() || c == '_' => {
                    let mut name = c.to_lowercase().collect::<String>();
                    while let Some(next) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                        name.extend(next.to_lowercase());
                    }
                    list.push(Word::Name(name));
                }
                c if c.is_ascii_digit() => {
                    while chars.next_if(|c| c.is_alphanumeric() || *c == '.').is_some() {}
                    list.push(Word::Literal);
                }
                // A cast's `::` is one sign, so that what follows is no parameter.
                ':' => {
                    chars.next_if_eq(&':');
                    list.push(Word::Sign(':'));
                }
                c if c.is_whitespace() => {}
                c => list.push(Word::Sign(c)),
            }
        }
        Self { list }
    }

    /// Whether the statement writes rows somewhere that it reads from this table.
    pub(crate) fn copies_from(&self, table: &str) -> bool {
        let reads = self.list.windows(2).any(|pair| match pair {
            [Word::Name(a), Word::Name(b)] => (a == "from" || a == "join" || a == "using") && b == table,
            _ => false,
        }) || self.qualified_after("from", table)
            || self.qualified_after("join", table);
        reads && self.has("select") && (self.has("insert") || self.has("create"))
    }

    /// Whether the statement writes something that it makes of this column.
    pub(crate) fn copies_column(&self, column: &str) -> bool {
        if self.has("insert") || self.has("create") || self.has("merge") {
            let select = self.list.iter().position(|word| word.is("select"));
            return select.is_some_and(|at| self.list.iter().skip(at).any(|word| word.is(column)));
        }
        let Some(set) = self.list.iter().position(|word| word.is("set")) else { return false };
        if !self.has("update") {
            return false;
        }
        // On the left of `=` a column is written, in the condition it is only looked at.
        let end = self.list.iter().rposition(|word| word.is("where")).filter(|at| *at > set);
        let body = self.list.get(set..end.unwrap_or(self.list.len())).unwrap_or_default();
        body.iter().enumerate().any(|(at, word)| {
            word.is(column) && !(body.get(at + 1) == Some(&Word::Sign('=')) && starts_assignment(body, at))
        })
    }

    /// Whether the statement writes this column from a bound value, as a loop over rows does.
    pub(crate) fn binds_column(&self, column: &str) -> bool {
        self.list.windows(3).any(|three| match three {
            [name, Word::Sign('='), Word::Parameter] => name.is(column),
            _ => false,
        }) && self.has("update")
    }

    /// The table that the statement empties: a DELETE without a condition, or a TRUNCATE.
    pub(crate) fn empties(&self) -> Option<(Option<&str>, &str)> {
        let mut words = self.list.iter();
        let is_delete = words.next()?.is("delete") && words.next()?.is("from");
        if !is_delete || self.has("where") || self.has("using") || self.has("limit") || self.has("join") {
            return None;
        }
        let rest: Vec<&Word> = words.filter(|word| !word.is("only")).collect();
        match rest.as_slice() {
            [Word::Name(schema), Word::Sign('.'), Word::Name(table), ..] => Some((Some(schema), table)),
            [Word::Name(table), ..] => Some((None, table)),
            _ => None,
        }
    }

    /// Whether the statement starts with this keyword.
    pub(crate) fn starts_with(&self, keyword: &str) -> bool {
        self.list.first().is_some_and(|word| word.is(keyword))
    }

    /// Whether the statement takes all columns at once.
    pub(crate) fn has_star(&self) -> bool {
        self.list.contains(&Word::Sign('*'))
    }

    /// Whether the word occurs outside strings.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.list.iter().any(|word| word.is(name))
    }

    fn qualified_after(&self, keyword: &str, table: &str) -> bool {
        self.list.windows(4).any(|four| match four {
            [first, _, Word::Sign('.'), last] => first.is(keyword) && last.is(table),
            _ => false,
        })
    }
}

/// Whether the name at `at` of a SET list is the one that is written: it follows SET, a comma or its table.
fn starts_assignment(body: &[Word], at: usize) -> bool {
    match at.checked_sub(1).and_then(|before| body.get(before)) {
        Some(Word::Sign(',')) => true,
        Some(Word::Sign('.')) => {
            at.checked_sub(3).and_then(|b| body.get(b)).is_some_and(|w| w.is("set") || *w == Word::Sign(','))
        }
        Some(word) => word.is("set"),
        None => false,
    }
}

impl Word {
    fn is(&self, name: &str) -> bool {
        matches!(self, Self::Name(own) if own.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_reads_what_it_writes_elsewhere() {
        let copies = |sql: &str| Words::of(sql).copies_column("phone");
        assert!(copies("UPDATE users SET mobile = phone"));
        assert!(copies("UPDATE users SET mobile = coalesce(\"phone\", '')"));
        assert!(copies("INSERT INTO contacts (number) SELECT phone FROM users"));
        assert!(copies("UPDATE c SET n = u.phone FROM users u WHERE u.id = c.id"));
        assert!(!copies("UPDATE users SET phone = NULL"));
        assert!(!copies("UPDATE users SET mobile = '' WHERE phone IS NULL"));
        assert!(!copies("UPDATE users SET mobile = 'phone'"));
        assert!(!copies("INSERT INTO users (phone) VALUES ('1')"));
    }

    #[test]
    fn a_table_is_copied_by_a_select_from_it() {
        let copies = |sql: &str| Words::of(sql).copies_from("users");
        assert!(copies("INSERT INTO people SELECT * FROM users"));
        assert!(copies("insert into people select * from public.\"users\" u"));
        assert!(copies("WITH moved AS (DELETE FROM users RETURNING *) INSERT INTO people SELECT * FROM moved"));
        assert!(!copies("INSERT INTO users SELECT * FROM people"));
        assert!(!copies("DELETE FROM users"));
    }

    #[test]
    fn only_a_delete_without_a_condition_empties() {
        assert_eq!(Words::of("DELETE FROM users").empties(), Some((None, "users")));
        assert_eq!(Words::of("delete from app.\"users\"").empties(), Some((Some("app"), "users")));
        assert_eq!(Words::of("DELETE FROM users WHERE id = 1").empties(), None);
        assert_eq!(Words::of("UPDATE users SET a = 1").empties(), None);
    }
}
