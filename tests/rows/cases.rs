//! The table: what is executed on which dialect, and what our engine must make of it.

use revproof_core::schema::Dialect;

/// The files of the table. Each is a list of groups:
///
/// ```text
/// ## the name of a group
/// CREATE TABLE t (…);            the set-up of each of its cases, on both dialects
/// pg: CREATE TYPE …;             … on PostgreSQL only
/// lite: INSERT …;                … on SQLite only
/// == SELECT …                    a case: first PostgreSQL, then SQLite
/// ?= UPDATE …; SELECT …
///     FROM …                     a line that goes on
/// ```
///
/// `=` means that we answer as the server does, `?` that we must say that we don't know, `-` that the dialect is not
/// asked. A line that begins with `#` is a comment.
const FILES: [(&str, &str); 9] = [
    ("queries", include_str!("cases/queries.txt")),
    ("values", include_str!("cases/values.txt")),
    ("functions", include_str!("cases/functions.txt")),
    ("windows", include_str!("cases/windows.txt")),
    ("writes", include_str!("cases/writes.txt")),
    ("analysis", include_str!("cases/analysis.txt")),
    ("constraints", include_str!("cases/constraints.txt")),
    ("empty", include_str!("cases/empty.txt")),
    ("views", include_str!("cases/views.txt")),
];

/// What must come of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What the server answers.
    Same,
    /// That it is not known.
    Unknown,
}

/// A case on one dialect.
#[derive(Debug)]
pub(super) struct Case {
    /// Where it stands: file and group.
    pub(super) place: String,
    pub(super) dialect: Dialect,
    pub(super) wanted: Wanted,
    /// The SQL of the set-up.
    pub(super) setup: String,
    /// The SQL of the case.
    pub(super) sql: String,
}

/// All cases.
pub(super) fn read() -> Vec<Case> {
    FILES.iter().flat_map(|(name, text)| groups(name, text)).collect()
}

fn groups(file: &str, text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for group in text.split("## ").skip(1) {
        let (title, body) = group.split_once('\n').expect("a group has lines");
        let mut setup = [String::new(), String::new()];
        let mut marked: Vec<(&str, String)> = Vec::new();
        for line in body.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match (line.split_at_checked(3), marked.last_mut()) {
                (Some((mark, sql)), _) if is_mark(mark) => marked.push((mark, sql.to_owned())),
                (_, Some((_, sql))) => *sql = format!("{sql}\n{line}"),
                _ => add(&mut setup, line),
            }
        }
        for (mark, sql) in marked {
            for (at, dialect) in [Dialect::PostgreSql, Dialect::Sqlite].into_iter().enumerate() {
                let wanted = match mark.as_bytes()[at] {
                    b'=' => Wanted::Same,
                    b'?' => Wanted::Unknown,
                    _ => continue,
                };
                let place = format!("{file}, {title}, {dialect}");
                cases.push(Case { place, dialect, wanted, setup: setup[at].clone(), sql: sql.clone() });
            }
        }
    }
    cases
}

fn is_mark(mark: &str) -> bool {
    let [first, second, b' '] = mark.as_bytes() else { return false };
    [first, second].iter().all(|c| b"=?-".contains(c)) && mark != "-- "
}

fn add(setup: &mut [String; 2], line: &str) {
    for (at, prefix) in ["pg: ", "lite: "].into_iter().enumerate() {
        if let Some(line) = line.strip_prefix(prefix) {
            setup[at] += line;
            setup[at] += "\n";
            return;
        }
    }
    for text in setup {
        *text += line;
        *text += "\n";
    }
}
