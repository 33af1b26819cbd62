//! Rows against the real PostgreSQL and SQLite: every construct of SQL that the engine takes gives what the servers
//! give, on the same rows, and what it does not take is unknown: never a wrong row.
//!
//! The table stands in `cases/`. `cargo xtask alembic` and `cargo xtask postgres` install what this needs.

mod cases;
mod compare;
mod ours;
mod theirs;

use cases::{Case, Wanted};

#[test]
fn sql_gives_what_the_servers_give_or_is_unknown() {
    let cases = cases::read();
    let only = std::env::var("REVPROOF_ROWS").unwrap_or_default();
    let cases: Vec<Case> = cases.into_iter().filter(|case| format!("{case:?}").contains(&only)).collect();
    let theirs = theirs::ask(&cases);
    let mut report = Vec::new();
    for (case, theirs) in cases.iter().zip(&theirs) {
        let found = check(case, theirs);
        if !found.is_empty() {
            report.push(format!("{}: {}\n  {}", case.place, case.sql, found.join("\n  ")));
        }
    }
    let unknown = cases.iter().filter(|case| case.wanted == Wanted::Unknown).count();
    eprintln!("{} cases, {unknown} of them unknown on purpose", cases.len());
    assert!(report.is_empty(), "{} cases differ:\n\n{}", report.len(), report.join("\n\n"));
}

/// What is wrong with our answer.
fn check(case: &Case, theirs: &theirs::Outcome) -> Vec<String> {
    if let Some(why) = &theirs.broken {
        return vec![format!("the set-up fails on the server: {why}")];
    }
    let ours = match ours::execute(case) {
        Ok(ours) => ours,
        Err(why) => return vec![format!("the set-up fails on our engine: {why}")],
    };
    let mut found = compare::compare(&ours, theirs, is_ordered(&case.sql));
    match (case.wanted, ours.unknown()) {
        (Wanted::Same, Some(why)) => found.push(format!("we don't know it: {why}")),
        (Wanted::Unknown, None) => found.push(String::from("we should not know it, but do")),
        _ => {}
    }
    found
}

/// Whether a query says in which order it wants its rows.
fn is_ordered(sql: &str) -> bool {
    let open = |before: &str| before.matches('(').count() == before.matches(')').count();
    sql.match_indices("ORDER BY").any(|(at, _)| open(&sql[..at]))
}
