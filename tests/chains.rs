//! What is said of every chain in `migrations/`.

use crate::command::{chains, revproof, root};

#[test]
fn every_sample_chain_gives_what_its_story_says() {
    for chain in chains() {
        let ran = revproof(&format!("check migrations/{chain}"));
        let shown = without_time(&ran.stdout);
        insta::assert_snapshot!(chain.as_str(), format!("exit {}\n{}{shown}", ran.code.unwrap_or(-1), ran.stderr));
    }
}

#[test]
fn the_schema_of_every_sample_chain_is_written_as_sql() {
    for chain in chains().iter().filter(|chain| *chain != "notes_on_sqlite") {
        let shown = revproof(&format!("schema migrations/{chain} --output-format sql")).code(0).stdout;
        insta::assert_snapshot!(format!("{chain}.sql"), shown);
    }
}

#[test]
fn the_shop_is_clean_and_all_chains_together_are_not() {
    revproof("check migrations/shop").code(0).prints(&["10 reversible, 0 unknown; no findings"]);
    let all = revproof("check").code(1);
    for chain in chains() {
        assert!(all.stdout.contains(&format!("migrations/{chain}: ")), "{chain} is not proved:\n{}", all.stdout);
    }
}

#[test]
fn the_readme_tells_the_story_of_every_chain() {
    let readme = std::fs::read_to_string(root().join("migrations/README.md")).expect("the README is there");
    for chain in chains() {
        assert!(readme.contains(&format!("[`{chain}`]({chain})")), "{chain} has no line");
    }
}

/// The last line ends with the time that it took.
fn without_time(text: &str) -> String {
    match text.trim_end().rsplit_once(" in ") {
        Some((before, _)) => format!("{before} in …\n"),
        None => text.to_owned(),
    }
}
