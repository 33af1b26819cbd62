use proptest::prelude::*;

use super::*;
use crate::schema::Name;

/// Revisions written as `name < parent,parent ^ dependency,… # label,…`, separated by `;`, in order of loading.
fn read(text: &str) -> (History, Vec<Problem>) {
    let names = |part: &str| -> Vec<Name> {
        part.split(',').map(str::trim).filter(|n| !n.is_empty()).map(Name::from).collect()
    };
    let part = |script: &str, mark: char| {
        let rest = script.split_once(mark).map_or("", |(_, rest)| rest);
        names(rest.split(['<', '^', '#']).next().unwrap_or_default())
    };
    let scripts: Vec<[Vec<Name>; 4]> = text
        .split(';')
        .map(str::trim)
        .filter(|script| !script.is_empty())
        .map(|s| [names(s.split(['<', '^', '#']).next().unwrap()), part(s, '<'), part(s, '^'), part(s, '#')])
        .collect();
    let headers: Vec<Header<'_>> = scripts
        .iter()
        .map(|[name, down, depends_on, labels]| Header { name: &name[0], down, depends_on, labels })
        .collect();
    History::new(&headers)
}

fn graph(text: &str) -> History {
    let (history, problems) = read(text);
    assert_eq!(problems, [], "{text}");
    history
}

fn show(history: &History, ids: &[RevisionId]) -> String {
    ids.iter().map(|id| history.name(*id).to_string()).collect::<Vec<_>>().join(" ")
}

fn rows(history: &History, names: &str) -> Vec<RevisionId> {
    names.split_whitespace().map(|name| history.find(name).unwrap().id).collect()
}

#[track_caller]
fn check(history: &History, command: &str, current: &str, expected: &str) {
    let current = rows(history, current);
    let outcome = match command.split_once(' ').unwrap_or((command, "")) {
        ("upgrade", target) => history.upgrade_order(target, &current),
        ("downgrade", target) => history.downgrade_order(target, &current),
        ("history", range) => {
            let (start, end) = range.split_once(':').unwrap();
            let [start, end] = [start, end].map(|symbol| match symbol {
                "current" => RangeEnd::Rows(&current),
                _ => RangeEnd::Symbol(symbol),
            });
            history.range(start, end)
        }
        ("show", symbol) => history.shown(symbol),
        (_, symbol) => history.resolve(symbol),
    };
    let said = outcome.map_or_else(|error| error.to_string(), |ids| show(history, &ids));
    assert_eq!(said, expected, "{command}");
}

const LINE: &str = "aaaa1111; bbbb2222 < aaaa1111; cccc3333 < bbbb2222; dddd4444 < cccc3333";
const DIAMOND: &str = "a1; b1 < a1; b2 < b1; c1 < a1; m1 < b2,c1; d1 < m1";
const TREES: &str = "base1 # users; user2 < base1; bill1 # billing; bill2 < bill1 ^ user2; bill3 < bill2";

#[test]
fn sets_of_a_diamond() {
    let history = graph(DIAMOND);
    assert_eq!(show(&history, &history.heads()), "d1");
    assert_eq!(show(&history, &history.bases()), "a1");
    assert_eq!(show(&history, &history.merge_points()), "m1");
    assert_eq!(show(&history, &history.branch_points()), "a1");
    assert_eq!(show(&history, &history.application_order()), "a1 c1 b1 b2 m1 d1");
    let b2 = rows(&history, "b2");
    assert_eq!(show(&history, &history.ancestors(&b2).iter().collect::<Vec<_>>()), "a1 b1 b2");
    assert_eq!(show(&history, &history.descendants(&b2).iter().collect::<Vec<_>>()), "b2 m1 d1");
}

#[test]
fn heads_and_real_heads_differ_by_dependencies() {
    let history = graph(TREES);
    assert_eq!(show(&history, &history.heads()), "user2 bill3");
    assert_eq!(show(&history, &history.real_heads()), "bill3");
    check(&history, "resolve heads", "", "bill3");
    check(&history, "resolve users@heads", "", "user2");
    check(&history, "resolve users@head", "", "user2");
    check(&history, "resolve billing@base", "", "");
}

#[test]
fn identifiers_labels_and_beginnings_of_either() {
    let history = graph(LINE);
    check(&history, "resolve b", "", "bbbb2222");
    check(&history, "resolve bbbb2222", "", "bbbb2222");
    check(&history, "resolve head", "", "dddd4444");
    check(&history, "resolve base", "", "");
    check(&history, "resolve -1", "", "cccc3333");
    check(&history, "resolve nope", "", "Can't locate revision identified by 'nope'");
    check(&history, "resolve head-1", "", "Can't locate revision identified by 'head-1'");
    let history = graph("abcd1111; abcd2222 < abcd1111; ab < abcd2222");
    check(&history, "resolve ab", "", "ab");
    check(&history, "resolve abcd", "", "Can't locate revision identified by 'abcd'");
    let Err(ResolveError::NotFound { candidates, .. }) = history.resolve("abcd") else { panic!("it is ambiguous") };
    assert_eq!(candidates.len(), 2);
    let history = graph(TREES);
    check(&history, "resolve billing", "", "bill1");
    check(&history, "resolve user", "", "Can't locate revision identified by 'user'");
    check(&history, "resolve users@user", "", "Can't locate revision identified by 'user'");
    check(&history, "resolve users@bill", "", "Can't locate revision identified by 'bill'");
    check(&history, "resolve users@bill2", "", "Can't locate revision identified by 'bill2'");
}

#[test]
fn a_line_upwards() {
    let history = graph(LINE);
    check(&history, "upgrade head", "", "aaaa1111 bbbb2222 cccc3333 dddd4444");
    check(&history, "upgrade cccc", "aaaa1111", "bbbb2222 cccc3333");
    check(&history, "upgrade base", "", "");
    check(&history, "upgrade +2", "bbbb2222", "cccc3333 dddd4444");
    check(&history, "upgrade +1", "", "aaaa1111");
    check(&history, "upgrade aaaa1111+1", "", "aaaa1111 bbbb2222");
    check(&history, "upgrade head-1", "bbbb2222", "cccc3333");
    check(&history, "upgrade base+1", "bbbb2222", "");
    check(&history, "upgrade +9", "bbbb2222", "Relative revision +9 didn't produce 9 migrations");
    check(&history, "upgrade -1", "bbbb2222", "Relative revision -1 didn't produce 1 migrations");
    check(&history, "upgrade +0", "bbbb2222", "Relative revision 0 didn't produce 0 migrations");
    let stop = "'aaaa1111-9' leads out of the revision graph (Alembic stops with an AssertionError)";
    check(&history, "upgrade aaaa1111-9", "", stop);
}

#[test]
fn a_line_downwards() {
    let history = graph(LINE);
    check(&history, "downgrade base", "bbbb2222", "bbbb2222 aaaa1111");
    check(&history, "downgrade -1", "dddd4444", "dddd4444");
    check(&history, "downgrade head-2", "dddd4444", "dddd4444 cccc3333");
    check(&history, "downgrade base+1", "dddd4444", "dddd4444 cccc3333 bbbb2222");
    check(&history, "downgrade dddd4444", "dddd4444", "");
    check(&history, "downgrade dddd4444-9", "dddd4444", "Walked too far");
    check(&history, "downgrade -9", "dddd4444", "Relative revision -9 didn't produce 9 migrations");
    check(&history, "downgrade +1", "dddd4444", "Relative revision +1 didn't produce 1 migrations");
    check(&history, "downgrade -1", "", "Relative revision -1 didn't produce 1 migrations");
    let refused = "Destination head is not a valid downgrade target from current head(s)";
    check(&history, "downgrade head", "bbbb2222", refused);
}

#[test]
fn branches_and_merges() {
    let history = graph(DIAMOND);
    check(&history, "upgrade b2", "c1", "b1 b2");
    check(&history, "downgrade a1", "d1", "d1 m1 b2 b1 c1");
    check(&history, "downgrade b2", "m1", "m1");
    check(&history, "downgrade -1", "m1", "Ambiguous walk");
    check(&history, "upgrade +1", "a1", "Ambiguous walk");
    check(&history, "upgrade +1", "b1 c1", "Ambiguous upgrade from multiple current revisions");
    check(&history, "upgrade m1", "b1 a1", "Requested revision b1 overlaps with other requested revisions a1");
    let history = graph("a1; b1 < a1; c1 < a1");
    let several = "Multiple head revisions are present for given argument 'head'; please specify a specific target \
                   revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads";
    check(&history, "upgrade head", "", several);
    check(&history, "upgrade heads", "", "a1 c1 b1");
    check(&history, "upgrade b1@head", "", "a1 b1");
    check(&history, "downgrade b1@a1", "b1 c1", "b1");
    let stamp = history.stamp(&["head"], &[]).unwrap_err().to_string();
    assert_eq!(stamp, "Multiple heads are present; please specify a single target revision");
}

#[test]
fn what_depends_on_a_reverted_revision_goes_too() {
    let history = graph(TREES);
    check(&history, "upgrade billing@head", "", "base1 user2 bill1 bill2 bill3");
    check(&history, "downgrade users@base", "bill3", "bill3 bill2 user2 base1");
    check(&history, "downgrade users@-1", "bill2", "bill2 user2");
}

#[test]
fn a_dependency_that_an_ancestor_has_is_not_needed_again() {
    let history = graph("x; a; b < a ^ x; c < b ^ x");
    let needs = |name: &str| show(&history, &history.find(name).unwrap().needs);
    assert_eq!((needs("b"), needs("c")), ("a x".to_owned(), "b".to_owned()));
}

#[test]
fn labels_go_down_the_branch_and_up_to_the_branch_point() {
    let branches = |text: &str| {
        let history = graph(text);
        let of = |node: &RevisionNode| format!("{}:{}", node.name, node.branches.join(","));
        history.nodes.iter().map(of).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(branches("a; b < a; c < b # x; d < c"), "a:x b:x c:x d:x");
    assert_eq!(branches("a; b < a; e < b; c < b # x; d < c"), "a: b: e: c:x d:x");
    assert_eq!(branches("a; b < a # x; c < a; m < b,c"), "a: b:x c: m:x");
}

#[test]
fn version_rows_follow_alembic() {
    let run = |history: &History, up: bool, revision: &str, current: &str| {
        let mut rows = rows(history, current);
        let id = history.find(revision).unwrap().id;
        let changes = if up { history.after_upgrade(id, &rows) } else { history.after_downgrade(id, &rows) };
        for change in changes {
            change.apply(&mut rows);
        }
        show(history, &rows)
    };
    let history = graph(DIAMOND);
    assert_eq!(run(&history, true, "a1", ""), "a1");
    assert_eq!(run(&history, true, "b1", "a1"), "b1");
    assert_eq!(run(&history, true, "c1", "b2"), "b2 c1");
    assert_eq!(run(&history, true, "m1", "b2 c1"), "m1");
    assert_eq!(run(&history, false, "m1", "m1"), "c1 b2");
    assert_eq!(run(&history, false, "b1", "b1 c1"), "c1");
    assert_eq!(run(&history, false, "a1", "a1"), "");
    let history = graph(TREES);
    assert_eq!(run(&history, true, "bill2", "user2 bill1"), "bill2");
    assert_eq!(run(&history, false, "bill2", "bill2"), "user2 bill1");
}

#[test]
fn stamps() {
    let stamp = |history: &History, target: &str, current: &str| {
        let mut rows = rows(history, current);
        let steps = history.stamp(&[target], &rows).unwrap();
        for change in steps.iter().flat_map(|step| &step.changes) {
            change.apply(&mut rows);
        }
        show(history, &rows)
    };
    let history = graph(DIAMOND);
    assert_eq!(stamp(&history, "head", ""), "d1");
    assert_eq!(stamp(&history, "a1", "b2 c1"), "a1");
    assert_eq!(stamp(&history, "m1", "b2 c1"), "m1");
    assert_eq!(stamp(&history, "c1", "b2"), "b2 c1");
    assert_eq!(stamp(&history, "base", "b2 c1"), "");
    assert_eq!(stamp(&history, "b2", "b2"), "b2");
}

#[test]
fn what_is_wrong_is_told_and_the_rest_is_usable() {
    let problems = |text: &str| {
        let (history, problems) = read(text);
        format!("{} | {problems:?}", show(&history, &history.application_order()))
    };
    assert_eq!(problems("a; b < nope"), r#"b a | [MissingParent { script: 1, parent: "nope" }]"#);
    assert_eq!(problems("a ^ nope"), r#"a | [MissingDependency { script: 0, dependency: "nope" }]"#);
    assert_eq!(problems("a; b < a; a"), "a b | [Duplicate { script: 0, kept: 2 }]");
    assert_eq!(problems("a < a"), "a | [Cycle { scripts: [0], by_dependency: false }]");
    assert_eq!(problems("a ^ a"), "a | [Cycle { scripts: [0], by_dependency: true }]");
    assert_eq!(problems("a < b; b < a"), "b a | [Cycle { scripts: [0, 1], by_dependency: false }]");
    assert_eq!(problems("b < c; c < b; d < c"), "b c d | [Cycle { scripts: [1, 0], by_dependency: false }]");
    assert_eq!(problems("a ^ b; b < a"), "a b | [Cycle { scripts: [1, 0], by_dependency: true }]");
    assert_eq!(problems("a # x; b < a # x"), r#"a b | [DuplicateLabel { script: 1, other: 0, label: "x" }]"#);
    assert_eq!(problems("a # b; b < a"), r#"a b | [DuplicateLabel { script: 0, other: 1, label: "b" }]"#);
    assert_eq!(
        problems("a-1@b"),
        r#"a-1@b | [IllegalIdentifier { script: 0, why: "Character(s) '-, @' not allowed in revision identifier 'a-1@b'" }]"#
    );
}

#[test]
fn nothing_at_all() {
    let history = graph("");
    check(&history, "upgrade head", "", "");
    check(&history, "downgrade base", "", "");
    check(&history, "resolve heads", "", "");
    check(&history, "upgrade +1", "", "Relative revision +1 didn't produce 1 migrations");
}

#[test]
fn long_chains_need_no_stack() {
    let names: Vec<Vec<Name>> = (0..100_000).map(|n| vec![Name::from(format!("r{n}"))]).collect();
    let header = |n: usize| Header {
        name: &names[n][0],
        down: n.checked_sub(1).map_or(&[] as &[Name], |parent| &names[parent]),
        depends_on: &[],
        labels: &[],
    };
    // Newest first, so that every walk goes the long way.
    let headers: Vec<Header<'_>> = (0..names.len()).rev().map(header).collect();
    let (history, problems) = History::new(&headers);
    assert!(problems.is_empty());
    let order = history.application_order();
    assert_eq!((order.len(), order[0]), (100_000, RevisionId(99_999)));
    assert_eq!(history.downgrade_order("base", &history.heads()).unwrap().len(), 100_000);
}

proptest! {
    #[test]
    fn orders_respect_every_edge(edges in prop::collection::vec((0..40_usize, 0..40_usize, any::<bool>()), 0..80)) {
        let names: Vec<Name> = (0..40).map(|n| Name::from(format!("r{n:03}"))).collect();
        let mut down = vec![Vec::new(); 40];
        let mut depends_on = vec![Vec::new(); 40];
        for (from, to, by_down) in edges {
            if by_down { down[from].push(names[to].clone()) } else { depends_on[from].push(names[to].clone()) }
        }
        let header = |n: usize| Header { name: &names[n], down: &down[n], depends_on: &depends_on[n], labels: &[] };
        let headers: Vec<Header<'_>> = (0..40).map(header).collect();
        let (history, _) = History::new(&headers);
        let order = history.application_order();
        prop_assert_eq!(order.len(), 40);
        let at = |id: &RevisionId| order.iter().position(|other| other == id);
        for node in &history.nodes {
            for before in node.down.iter().chain(&node.depends_on) {
                prop_assert!(at(before) < at(&node.id));
            }
        }
        let mut back = history.downgrade_order("base", &history.real_heads()).unwrap();
        prop_assert_eq!(back.len(), 40);
        back.reverse();
        let mut rows = Vec::new();
        for id in &order {
            for change in history.after_upgrade(*id, &rows) {
                change.apply(&mut rows);
            }
        }
        rows.sort();
        prop_assert_eq!(rows, history.real_heads());
    }

    #[test]
    fn no_symbol_is_too_odd(symbol in "[a-d@+\\-0-9é ]{0,12}") {
        let history = graph(TREES);
        let _ = history.resolve(&symbol);
        for current in ["", "bill3", "base1 bill1"] {
            let current = rows(&history, current);
            let _ = (history.upgrade_order(&symbol, &current), history.downgrade_order(&symbol, &current));
            let _ = history.stamp(&[&symbol], &current);
        }
    }
}

#[test]
fn ranges_of_a_history() {
    let line = graph(LINE);
    let check = |range, current, expected| check(&line, range, current, expected);
    check("history base:heads", "", "dddd4444 cccc3333 bbbb2222 aaaa1111");
    check("history bbbb:cccc", "", "cccc3333 bbbb2222");
    check("history -2:heads", "", "dddd4444 cccc3333 bbbb2222");
    check("history base:head-1", "", "cccc3333 bbbb2222 aaaa1111");
    check("history base:+2", "", "bbbb2222 aaaa1111");
    check("history aaaa:+9", "", "dddd4444 cccc3333 bbbb2222 aaaa1111");
    check("history current:heads", "cccc3333", "dddd4444 cccc3333");
    check("history base:current", "bbbb2222", "bbbb2222 aaaa1111");
    let refused = |range: &str, said: &str| {
        let sentence =
            format!("Requested range {said} does not refer to ancestor/descendant revisions along the same branch");
        self::check(&line, &format!("history {range}"), "cccc3333", &sentence);
    };
    refused("head:base", "head:base");
    refused("current:bbbb", "('cccc3333',):bbbb");
    check("show -2", "", "bbbb2222");
    check("show -9", "", "'-9' leads out of the revision graph (Alembic stops with an AssertionError)");
}

#[test]
fn ranges_across_branches() {
    let trees = graph(TREES);
    let check = |range, expected| check(&trees, range, "", expected);
    check("history billing@base:heads", "bill3 bill2 bill1 user2 base1");
    check("history users@base:users@head", "user2 base1");
    let sentence = "Requested range user2:bill3 does not refer to ancestor/descendant revisions along the same branch";
    check("history user2:bill3", sentence);
}
