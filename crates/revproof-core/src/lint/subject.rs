//! [`Subject`]: what a server's message says is missing.

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subject<'a> {
    /// What kind of thing, as the message calls it: `relation`, `column`, `constraint`, `type`.
    pub(crate) kind: &'a str,
    /// Its name.
    pub(crate) name: &'a str,
    /// The table that it should be in, where the message says so.
    pub(crate) table: Option<&'a str>,
}

/// The first thing that a message names, in the words of PostgreSQL, SQLite or MySQL.
pub(crate) fn subject(message: &str) -> Option<Subject<'_>> {
    // SQLite: `no such column: total`.
    if let Some(rest) = message.strip_prefix("no such ")
        && let Some((kind, name)) = rest.split_once(": ")
    {
        return Some(named(kind, name));
    }
    // PostgreSQL, where a query names a column of a table: `column chat.meta does not exist`.
    if let Some(rest) = message.strip_prefix("column ")
        && let Some((name, _)) = rest.split_once(' ').filter(|(name, _)| !name.starts_with('"'))
    {
        return Some(named("column", name));
    }
    let quote = message.find(['"', '\''])?;
    let (before, rest) = message.split_at_checked(quote)?;
    let mark = rest.chars().next()?;
    let mut quoted = rest.split(mark).skip(1);
    let name = quoted.next()?;
    let kind = before.split_whitespace().last().unwrap_or_default();
    let table = quoted.next().filter(|between| between.ends_with("relation ")).and_then(|_| quoted.next());
    Some(Subject { kind, table, ..named(kind, name) })
}

/// A name that may say its table or database before a dot.
fn named<'a>(kind: &'a str, name: &'a str) -> Subject<'a> {
    match name.rsplit_once('.') {
        Some((table, name)) if kind.eq_ignore_ascii_case("column") => Subject { kind, name, table: Some(table) },
        Some((_, name)) => Subject { kind, name, table: None },
        None => Subject { kind, name, table: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_what_is_missing() {
        let cases = [
            ("relation \"user\" does not exist", ("relation", "user", None)),
            ("column \"plan\" of relation \"users\" does not exist", ("column", "plan", Some("users"))),
            ("column \"owner\" referenced in foreign key constraint does not exist", ("column", "owner", None)),
            ("column chat.meta does not exist", ("column", "meta", Some("chat"))),
            ("constraint \"fk_a\" of relation \"b\" does not exist", ("constraint", "fk_a", Some("b"))),
            ("no such table: users", ("table", "users", None)),
            ("no such column: users.total", ("column", "total", Some("users"))),
            ("Table 'app.users' doesn't exist", ("Table", "users", None)),
            ("Unknown column 'total' in 'users'", ("column", "total", None)),
        ];
        for (message, (kind, name, table)) in cases {
            assert_eq!(subject(message), Some(Subject { kind, name, table }), "{message}");
        }
        assert_eq!(subject("it is not there"), None);
    }
}
