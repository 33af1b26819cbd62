//! `history`, `heads`, `branches` and `show` on every shape of a graph.

use super::{Chain, check, rev};

/// The command lines that say all there is to say of a chain.
const ALL: [&str; 12] = [
    "history",
    "history --verbose",
    "heads",
    "heads -v",
    "heads --resolve-dependencies",
    "heads --resolve-dependencies -v",
    "branches",
    "branches -v",
    "show heads",
    "show head",
    "show base",
    "history -v -r base:heads",
];

#[track_caller]
fn check_all(case: &str, chain: &Chain, more: &[&str]) {
    check(case, chain, &[&ALL, more].concat());
}

fn branched() -> Vec<super::chain::Rev> {
    vec![
        rev("aaaa1111", &[]),
        rev("bbbb1111", &["aaaa1111"]),
        rev("bbbb2222", &["bbbb1111"]),
        rev("cccc1111", &["aaaa1111"]),
    ]
}

fn labelled() -> Vec<super::chain::Rev> {
    vec![
        rev("aaaa1111", &[]).labels(&["core"]),
        rev("aaaa2222", &["aaaa1111"]),
        rev("ffff1111", &[]).labels(&["feat", "featx"]),
        rev("ffff2222", &["ffff1111"]).depends_on(&["aaaa1111"]),
        rev("ffff3333", &["ffff2222"]).depends_on(&["aaaa2222"]),
    ]
}

#[test]
fn one_line_of_revisions() {
    let chain = [
        rev("aaaa1111", &[]),
        rev("bbbb2222", &["aaaa1111"]),
        rev("cccc3333", &["bbbb2222"]),
        rev("dddd4444", &["cccc3333"]),
    ];
    let more = [
        "show -1",
        "show -2",
        "show -4",
        "show -9",
        "show a",
        "show bbbb2222",
        "show bbbb",
        "show nope",
        "show head-1",
        "show head:base",
        "show +1",
        "show bbbb2222+1",
        "show bbbb@head",
        "show d@base",
        "show dddd4444@-2",
    ];
    check_all("linear", &Chain::alembic(&chain), &more);
}

#[test]
fn no_revision_at_all() {
    check_all("empty", &Chain::alembic(&[]), &["show -1", "show x", "history -r :x", "history -r x:", "history -r-1:"]);
}

#[test]
fn two_branches() {
    let more = [
        "show bbbb",
        "show bbbb1111@head",
        "show cccc1111@head",
        "show bbbb2222@-1",
        "show -1",
        "show -2",
        "show aaaa1111@heads",
    ];
    check_all("branched", &Chain::alembic(&branched()), &more);
}

#[test]
fn branches_that_meet_again() {
    let mut chain = branched();
    chain.push(rev("mmmm1111", &["bbbb2222", "cccc1111"]));
    let more = ["show mmmm1111", "show -1", "show -2", "show bbbb1111@head", "show aaaa1111"];
    check_all("merged", &Chain::alembic(&chain), &more);
    chain.push(rev("dddd1111", &["mmmm1111"]));
    chain.push(rev("eeee1111", &["mmmm1111"]));
    check_all("merged and branched again", &Chain::alembic(&chain), &["show mmmm", "show -1"]);
}

#[test]
fn three_branches_merged_at_once_and_a_branch_with_a_child_that_sorts_before_it() {
    let chain = [
        rev("base0000", &[]),
        rev("zzzz1111", &["base0000"]),
        rev("yyyy1111", &["base0000"]),
        rev("xxxx1111", &["base0000"]),
        rev("aaaa9999", &["zzzz1111", "yyyy1111", "xxxx1111"]).labels(&["all"]),
        rev("aaaa8888", &["yyyy1111"]),
    ];
    check_all("octopus", &Chain::alembic(&chain), &["show all", "show all@head", "show all@heads", "show aaaa"]);
}

#[test]
fn labels_several_bases_and_dependencies() {
    let more = [
        "show feat",
        "show core",
        "show core@head",
        "show feat@heads",
        "show fea",
        "show feat@base",
        "show feat@ffff2",
        "show core@ffff2222",
        "show feat@-1",
        "show feat@-9",
        "show nolabel@head",
    ];
    check_all("labelled", &Chain::alembic(&labelled()), &more);
}

#[test]
fn labels_in_the_middle_of_a_line_and_through_merges() {
    let chain = [
        rev("aaaa0001", &[]),
        rev("bbbb0001", &["aaaa0001"]),
        rev("cccc0001", &["bbbb0001"]).labels(&["lab"]),
        rev("dddd0001", &["cccc0001"]),
        rev("eeee0001", &["bbbb0001"]).labels(&["other"]),
        rev("ffff0001", &["dddd0001", "eeee0001"]).labels(&["both", "twice"]),
        rev("gggg0001", &["ffff0001"]),
    ];
    check_all(
        "labels in the middle",
        &Chain::alembic(&chain),
        &["show lab", "show both", "show lab@head", "show other@-1"],
    );
}

#[test]
fn dependencies_by_label_on_several_and_on_ancestors_of_dependencies() {
    let chain = [
        rev("a1a1a1a1", &[]).labels(&["a"]),
        rev("a2a2a2a2", &["a1a1a1a1"]),
        rev("a3a3a3a3", &["a2a2a2a2"]),
        rev("b1b1b1b1", &[]).depends_on(&["a2a2a2a2", "a1a1a1a1"]),
        rev("b2b2b2b2", &["b1b1b1b1"]).depends_on(&["a"]),
        rev("c1c1c1c1", &[]).depends_on(&["b2b2b2b2", "a3a3a3a3"]),
    ];
    check_all(
        "dependencies",
        &Chain::alembic(&chain),
        &["show b2b2b2b2", "show c1c1c1c1", "show -1", "show a@head", "show a@heads"],
    );
}

#[test]
fn docstrings_of_every_kind() {
    let chain = [
        rev("aaaa0001", &[]).doc(""),
        rev("bbbb0001", &["aaaa0001"]).doc("only a message"),
        rev("cccc0001", &["bbbb0001"]).doc("a message that goes on\nin a second line\n\nRevision ID: cccc0001\n"),
        rev("dddd0001", &["cccc0001"]).doc("\n\n   indented message   \n\n    and more\n\t\ttabs\n\n\nthe end   \n\n"),
        rev("eeee0001", &["dddd0001"]).doc("ünïcödé – 日本語 🎉\n\nCreate Date: never"),
        rev("ffff0001", &["eeee0001"]).doc("escapes \\t \\x41 \\n\\nsecond paragraph \\\\ 'quotes'"),
        rev("gggg0001", &["ffff0001"]).doc("windows\r\n\r\nRevision ID: gggg0001\r\n"),
        rev("hhhh0001", &["gggg0001"]).doc("line \\\ncontinued\n \nnot a paragraph\n\nlast"),
        rev("iiii0001", &["hhhh0001"]).doc("one\\u2028two\u{2029}three\n\u{a0}\u{3000}"),
    ];
    let chain = Chain::alembic(&chain)
        .with("migrations/versions/jjjj.py", "# no docstring\nrevision = 'jjjj0001'\ndown_revision = 'iiii0001'\n")
        .with(
            "migrations/versions/kkkk.py",
            "'single ' \"joined\"\nrevision: str = 'kkkk0001'\ndown_revision: str = ('jjjj0001',)\n",
        )
        .with(
            "migrations/versions/llll.py",
            "r'''raw \\n text'''\nrevision = 'llll0001'\ndown_revision = ['kkkk0001']\n",
        )
        .with("migrations/versions/abc123.py", "f'not a docstring'\ndown_revision = 'llll0001'\n");
    check_all("docstrings", &chain, &["show aaaa", "show hhhh", "show jjjj", "show abc"]);
}

#[test]
fn what_would_steer_a_terminal() {
    let chain = Chain::alembic(&[rev("aaaa0001", &[]).doc("form\\x0cfeed \\x85 \\x1b[31mred \\x1cend")]);
    check("control characters", &chain, &["history", "show aaaa0001"]);
}

#[test]
fn beginnings_of_identifiers() {
    let chain = [
        rev("abcd1111", &[]),
        rev("abcd2222", &["abcd1111"]),
        rev("abcd3333", &["abcd2222"]).labels(&["abcdef", "xy"]),
        rev("abc", &["abcd3333"]),
        rev("1234", &["abc"]),
    ];
    let symbols = [
        "show abcd",
        "show abcd1",
        "show abc",
        "show ab",
        "show abcde",
        "show x",
        "show xy",
        "show xyz",
        "show 1",
        "show 123",
        "show xy@abcd2",
        "show abcdef@1",
        "history -r abcd:",
        "history -r :abcd1",
        "history -r abcd1:abcd3",
        "show ''",
        "show @head",
        "show xy@",
    ];
    check_all("partial", &Chain::alembic(&chain), &symbols);
}

#[test]
fn the_same_through_flask_migrate() {
    check_all(
        "flask: branched",
        &Chain::flask(&branched()),
        &["show", "show nope", "show bbbb2222", "history -r bbbb1111:bbbb2222", "history -r cccc1111:bbbb2222"],
    );
    check_all("flask: labelled", &Chain::flask(&labelled()), &["show core@head", "history -r feat@base:feat@head"]);
}

#[test]
fn a_line_of_history_for_every_range() {
    let chain = [
        rev("aaaa1111", &[]),
        rev("bbbb2222", &["aaaa1111"]),
        rev("cccc3333", &["bbbb2222"]),
        rev("dddd4444", &["cccc3333"]),
    ];
    let ranges = [
        "history -r foo",
        "history -r :",
        "history -r base:",
        "history -r :head",
        "history -r head:base",
        "history -r base:base",
        "history -r head:head",
        "history -r aaaa1111:cccc3333",
        "history -r aaaa:",
        "history -r :bbbb2222",
        "history -r a:b:c",
        "history -r-1:",
        "history -r-2:",
        "history -r-2:head",
        "history -r-3:cccc3333",
        "history -r-4:",
        "history -r-5:",
        "history -r-9:",
        "history -r-9:head",
        "history -r-9:cccc3333",
        "history -r-9:-1",
        "history -r-2:-1",
        "history -r:head-1",
        "history -r :heads-1",
        "history -r head-1:head",
        "history -r aaaa1111+1:head",
        "history -r aaaa1111:+1",
        "history -r aaaa1111:+9",
        "history -r aaaa1111:+0",
        "history -r base:+2",
        "history -r :+2",
        "history -r-2:+1",
        "history -r aaaa1111:bbbb2222+1",
        "history -r aaaa1111:bbbb2222+9",
        "history -r :dddd4444-1",
        "history -r :dddd4444-3",
        "history -r :dddd4444-4",
        "history -r :dddd4444-9",
        "history -r bbbb2222:aaaa1111",
        "history -r nope:head",
        "history -r aaaa1111:nope",
        "history -r heads:heads",
        "history -r heads:",
        "history -r dddd4444@base:",
        "history -r :base",
        "history -r aaaa1111@head:",
        "history -r nope@base:",
        "history -r 'aaaa1111 : head'",
        "history -r ' aaaa1111:head '",
        "history -r base+1:head",
        "history -r :base+1",
        "history -r :+x",
        "history -r aaaa1111:base",
    ];
    check("ranges", &Chain::alembic(&chain), &ranges);
}

#[test]
fn ranges_in_a_graph_with_branches() {
    let mut chain = branched();
    chain.push(rev("mmmm1111", &["bbbb2222", "cccc1111"]));
    let ranges = [
        "history -r bbbb1111:mmmm1111",
        "history -r cccc1111:bbbb2222",
        "history -r cccc1111:mmmm1111",
        "history -r aaaa1111:bbbb2222",
        "history -r :bbbb2222",
        "history -r-1:",
        "history -r-2:",
        "history -r :mmmm1111-1",
        "history -r aaaa1111:+1",
        "history -r aaaa1111:+2",
        "history -r bbbb1111:+9",
        "history -r :aaaa1111+1",
        "history -r bbbb1111@base:",
        "history -r bbbb1111@head:",
        "history -r mmmm1111@base:mmmm1111",
        "history -r :cccc1111@+1",
    ];
    check("ranges across branches", &Chain::alembic(&chain), &ranges);
    let two_heads = [
        "history -r base:head",
        "history -r head:",
        "history -r heads:",
        "history -r heads:heads",
        "history -r-1:",
        "history -r-2:",
        "history -r bbbb1111:heads",
        "history -r cccc1111:",
        "history -r bbbb1111@base:heads",
        "history -r :bbbb1111@head",
        "history -r aaaa1111:bbbb1111@head",
    ];
    check("ranges with two heads", &Chain::alembic(&branched()), &two_heads);
}

#[test]
fn ranges_on_a_branch_that_has_a_label() {
    let ranges = [
        "history -r core@base:core@head",
        "history -r feat@base:heads",
        "history -r feat@base:feat@head",
        "history -r featx@base:",
        "history -r core@base:",
        "history -r ffff1111@base:",
        "history -r aaaa1111@base:",
        "history -r aaaa1111@base:aaaa2222",
        "history -r ffff2222:ffff3333",
        "history -r aaaa1111:ffff3333",
        "history -r aaaa2222:ffff3333",
        "history -r :feat@head",
        "history -r :core@heads",
        "history -r feat@-1:",
        "history -r core@-1:",
        "history -r feat@-9:",
        "history -r feat@-9:ffff3333",
        "history -r core@+1:",
        "history -r core@base:core@+1",
        "history -r :core@+1",
        "history -r :feat@+2",
        "history -r ffff1111:feat@+1",
        "history -r feat:",
        "history -r core:core@head",
        "history -r fea@base:",
        "history -r feat@base:core@head",
    ];
    check("ranges by label", &Chain::alembic(&labelled()), &ranges);
}

#[test]
fn where_the_database_is() {
    let mut chain = branched();
    chain.push(rev("mmmm1111", &["bbbb2222", "cccc1111"]));
    let asked = [
        "history -i",
        "history -i -v",
        "history -r current:",
        "history -r :current",
        "history -i -r :current",
        "history -i -r current:heads",
        "history -r current:current",
        "history -r current:bbbb2222",
        "show current",
    ];
    let moves = ["stamp aaaa1111", "stamp bbbb1111", "upgrade cccc1111", "upgrade heads", "stamp base"];
    let steps: Vec<&str> =
        asked.iter().copied().chain(moves.iter().flat_map(|step| [&[*step], asked.as_slice()].concat())).collect();
    check("current position", &Chain::alembic(&chain), &steps);
    check(
        "flask: current position",
        &Chain::flask(&branched()),
        &["upgrade heads", "history -i", "history -r current:", "history -r :current", "show current"],
    );
}

#[test]
fn where_the_database_is_on_branches_that_depend_on_each_other() {
    let asked = [
        "history -i",
        "history -r current:",
        "history -r :current",
        "history -r feat@base:current",
        "show current",
        "history -r-1:current",
    ];
    let moves = ["stamp core@head", "upgrade feat@+1", "upgrade heads", "stamp feat@head core@head"];
    let steps: Vec<&str> = moves.iter().flat_map(|step| [&[*step], asked.as_slice()].concat()).collect();
    check("current position on branches", &Chain::alembic(&labelled()), &steps);
}
