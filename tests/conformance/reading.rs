//! `history`, `heads`, `branches` and `show`.

use super::{Chain, check, rev};

/// The command lines that say all there is to say of a chain.
const ALL: [&str; 10] = [
    "history",
    "history -v",
    "heads",
    "heads -v",
    "heads --resolve-dependencies",
    "branches",
    "branches -v",
    "show heads",
    "show head",
    "show base",
];

#[track_caller]
fn check_all(case: &str, chain: &Chain, more: &[&str]) {
    check(case, chain, &[&ALL, more].concat());
}

fn linear() -> Chain {
    Chain::alembic(&[
        rev("aaaa1111", &[]),
        rev("bbbb2222", &["aaaa1111"]),
        rev("cccc3333", &["bbbb2222"]),
        rev("dddd4444", &["cccc3333"]),
    ])
}

#[test]
fn one_line_of_revisions() {
    check_all(
        "linear",
        &linear(),
        &["show -1", "show -2", "show a", "show bbbb2222", "show bbbb", "show nope", "show head-1", "show head:base"],
    );
}
