//! That the real ones are asked as they should be.

use super::compare::{End, Seen, normal, theirs};
use super::{Chain, real, rev, words};

/// What the real one says on each of the command lines.
fn asked(chain: &Chain, steps: &[&str]) -> Vec<Seen> {
    let project = chain.write();
    let lines: Vec<Vec<String>> = steps.iter().map(|step| words(step)).collect();
    let answers = real::run(project.path(), chain.face, &lines);
    answers.iter().map(|answer| normal(theirs(answer, chain.face), project.path())).collect()
}

fn revisions() -> [super::chain::Rev; 3] {
    [
        rev("aaaa1111", &[]).labels(&["zeta", "alpha"]),
        rev("bbbb2222", &["aaaa1111"])
            .does("op.create_table('t', sa.Column('id', sa.Integer()))", "op.drop_table('t')"),
        rev("cccc3333", &[]).depends_on(&["zeta"]).doc("only a message"),
    ]
}

#[test]
fn the_real_ones_answer_with_text_log_rows_and_how_they_ended() {
    for chain in [Chain::alembic(&revisions()), Chain::flask(&revisions())] {
        let seen = asked(&chain, &["upgrade bbbb2222", "heads", "history", "show nope", "downgrade heads+1"]);
        let [upgrade, heads, history, show, crash] = seen.as_slice() else { panic!("five answers") };
        assert_eq!(
            upgrade.log,
            ["Running upgrade  -> aaaa1111, rev aaaa1111", "Running upgrade aaaa1111 -> bbbb2222, rev bbbb2222"]
        );
        assert_eq!(upgrade.rows.as_deref(), Some(["bbbb2222".to_owned()].as_slice()));
        assert_eq!(heads.stdout, "bbbb2222 (alpha, zeta) (head)\ncccc3333 (head)\n");
        assert!(history.stdout.contains("<base> (zeta) -> cccc3333 (head), only a message\n"), "{history}");
        assert_eq!(show.end, End::Refused("Can't locate revision identified by 'nope'".to_owned()));
        assert_eq!(show.stdout, "");
        assert!(matches!(crash.end, End::Crashed(_) | End::Refused(_)), "{crash}");
    }
}

#[test]
fn a_command_line_that_is_not_understood_is_told_from_a_refusal() {
    let [usage] = asked(&Chain::alembic(&[]), &["history --nonsense"]).try_into().expect("one answer");
    assert_eq!(usage.end, End::Usage);
}

#[test]
fn single_quotes_keep_words_together() {
    assert_eq!(words("revision -m 'two words' --rev-id a"), ["revision", "-m", "two words", "--rev-id", "a"]);
}
