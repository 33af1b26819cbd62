use revproof_messages::{Ask, CellMark, Export, File, Mark, Move, Problem, Reply, Rows, Selection, Tab, Workspace};

use super::{Page, USERS, sample, samples, scripts};

const FORK: [&str; 3] = [
    USERS,
    "b1 < a1: op.add_column('users', sa.Column('mail', sa.String(20))) / op.drop_column('users', 'mail')",
    "b2 < a1: op.create_table('posts', sa.Column('id', sa.Integer, primary_key=True), sa.Column('user', sa.Integer, sa.ForeignKey('users.id'))) / op.drop_table('posts')",
];

fn text(page: &mut Page, ask: Ask) -> String {
    match page.ask(ask) {
        Reply::Text(text) => text,
        reply => panic!("{reply:?}"),
    }
}

fn changed(page: &mut Page, ask: Ask) -> Vec<(String, Option<String>)> {
    match page.ask(ask) {
        Reply::Files(files) => files,
        reply => panic!("{reply:?}"),
    }
}

fn refused(page: &mut Page, ask: Ask) -> String {
    match page.ask(ask) {
        Reply::Refused { message, help } => {
            assert!(!help.is_empty(), "{message}");
            message
        }
        reply => panic!("{reply:?}"),
    }
}

#[test]
fn the_console_reads_and_writes_the_database() {
    let mut page = Page::open(scripts("versions", &[USERS]));
    page.rows(Rows::None);
    page.up("head");
    let Reply::Queried(answers, view) = page.ask(Ask::Query(
        "INSERT INTO users VALUES (1, '555'), (2, NULL); SELECT id, phone FROM users ORDER BY id".to_owned(),
    )) else {
        panic!()
    };
    assert_eq!((answers[0].written, answers[1].columns.join(" ")), (Some(2), "id phone".to_owned()));
    assert_eq!((answers[1].rows[0][1].text.as_str(), answers[1].rows[1][1].mark), ("555", CellMark::Null));
    assert_eq!((view.past.len(), view.past[1].kind.as_str()), (2, "query"));
    assert!(view.tables[0].rows.rows.iter().all(|row| row.mark == Mark::New));
    let Reply::Queried(answers, view) = page.ask(Ask::Query("SELECT nowhere FROM users".to_owned())) else { panic!() };
    assert!(answers[0].error.is_some());
    assert_eq!(view.past.len(), 2, "what only reads is no step");
    let Reply::Queried(answers, _) = page.ask(Ask::Query("DROP TABLE users".to_owned())) else { panic!() };
    assert!(answers[0].error.as_deref().unwrap().contains("revisions"));
    page.down("base");
    assert!(page.view.said.contains("lost"), "{}", page.view.said);
    page.ask(Ask::Rewind(2));
    assert_eq!(page.view.moves, [Move::Upgrade("head".to_owned()), page.view.moves[1].clone()]);
    assert!(matches!(&page.view.moves[1], Move::Query(_)));
    page.ask(Ask::Replay(vec![Move::Upgrade("head".to_owned())]));
    assert_eq!((page.view.past.len(), page.view.tables[0].rows.rows.len()), (1, 0));
}

#[test]
fn two_revisions_are_compared() {
    let mut page = Page::open(scripts("versions", &FORK));
    let mut compare = |from: &str, to: &str| match page.ask(Ask::Compare { from: from.to_owned(), to: to.to_owned() }) {
        Reply::Compared(diff) => diff,
        reply => panic!("{reply:?}"),
    };
    let diff = compare("a1", "b1");
    let mail = diff.lines.iter().find(|line| line.after.starts_with("mail")).unwrap();
    assert_eq!((mail.depth, mail.mark, mail.before.as_str()), (1, Mark::New, ""));
    assert!(diff.sql.contains("ALTER TABLE users ADD COLUMN mail"), "{}", diff.sql);
    assert!(diff.doubts.is_empty());
    let diff = compare("b1", "b2");
    assert!(diff.lines.iter().any(|line| line.mark == Mark::Gone && line.before.starts_with("mail")));
    assert!(diff.lines.iter().any(|line| line.depth == 0 && line.mark == Mark::New && line.after == "table posts"));
    assert!(diff.sql.contains("DROP COLUMN mail") && diff.sql.contains("CREATE TABLE posts"), "{}", diff.sql);
    let diff = compare("base", "a1");
    assert!(diff.lines.iter().all(|line| line.mark == Mark::New));
    let diff = compare("b2", "b2");
    assert!(diff.lines.iter().all(|line| line.mark == Mark::Same));
    assert!(refused(&mut page, Ask::Compare { from: "a1".to_owned(), to: "zz".to_owned() }).contains("zz"));
}

#[test]
fn a_comparison_holds_nothing_of_another_branch() {
    let more = [
        FORK[0],
        FORK[1],
        FORK[2],
        "c2 < b2: op.add_column('posts', sa.Column('text', sa.Text)) / op.drop_column('posts', 'text')",
        "c1 < b1: op.add_column('users', sa.Column('more', sa.Text)) / op.drop_column('users', 'more')",
        "m1 < c1, c2: pass / pass",
    ];
    // What is compared first must not decide what is seen next.
    for first in ["m1", "c1", "c2", "base"] {
        let mut page = Page::open(scripts("versions", &more));
        let mut compare = |to: &str| match page.ask(Ask::Compare { from: "base".to_owned(), to: to.to_owned() }) {
            Reply::Compared(diff) => diff.lines.into_iter().map(|line| line.after).collect::<Vec<_>>(),
            reply => panic!("{reply:?}"),
        };
        compare(first);
        let has = |lines: &[String], start: &str| lines.iter().any(|line| line.starts_with(start));
        let (one, two, both) = (compare("c1"), compare("c2"), compare("m1"));
        assert!(has(&one, "more") && !has(&one, "table posts"), "{first}: {one:?}");
        assert!(has(&two, "text") && !has(&two, "mail"), "{first}: {two:?}");
        assert!(has(&both, "more") && has(&both, "text"), "{first}: {both:?}");
    }
}

#[test]
fn a_step_is_shown_as_sql_in_every_dialect() {
    let mut page = Page::open(scripts("versions", &FORK));
    let mut sql = |downgrade: bool, dialect: Option<&str>| {
        let ask = Ask::Sql { revision: "b1".to_owned(), downgrade, dialect: dialect.map(str::to_owned) };
        match page.ask(ask) {
            Reply::Sql(sql) => sql,
            reply => panic!("{reply:?}"),
        }
    };
    let up = sql(false, None);
    assert_eq!(up.dialect, "postgresql");
    let add = up.pieces.iter().find(|piece| piece.text.contains("ADD COLUMN mail VARCHAR(20)")).unwrap();
    assert_eq!(add.spot.as_ref().map(|spot| spot.line), Some(10));
    assert!(add.note.as_deref().unwrap().contains("ACCESS EXCLUSIVE"), "{:?}", add.note);
    let down = sql(true, Some("mysql"));
    assert!(down.pieces.iter().any(|piece| piece.text.contains("ALTER TABLE users DROP COLUMN mail")));
    assert_eq!((down.dialect.as_str(), down.refused), ("mysql", None));
    assert!(
        refused(
            &mut page,
            Ask::Sql { revision: "b1".to_owned(), downgrade: false, dialect: Some("oracle".to_owned()) }
        )
        .contains("oracle")
    );
}

#[test]
fn every_fix_and_every_suppression_does_what_it_says() {
    let mut suppressed = 0;
    for name in samples() {
        let mut page = Page::open(sample(&name));
        let problems = page.proof.problems.clone();
        for (at, problem) in problems.iter().enumerate() {
            if problem.fix.is_some() {
                let files = changed(&mut page, Ask::Fix(at));
                let mut other = Page::open(sample(&name));
                other.ask(Ask::Change(files));
                let same = |other: &&Problem| other.message == problem.message && other.rule == problem.rule;
                assert!(other.proof.problems.iter().find(same).is_none(), "{name}: {}", problem.message);
            } else {
                refused(&mut page, Ask::Fix(at));
            }
            let files = changed(&mut page, Ask::Ignore(at));
            suppressed += 1;
            let mut other = Page::open(sample(&name));
            other.ask(Ask::Change(files));
            let same = |a: &Problem, b: &Problem| (&a.rule, &a.message) == (&b.rule, &b.message);
            for (n, kept) in problems.iter().enumerate() {
                let is_there = other.proof.problems.iter().any(|other| same(other, kept));
                assert_eq!(is_there, n != at, "{name}: {}", kept.message);
            }
        }
    }
    assert!(suppressed > 10, "{suppressed}");
    assert!(refused(&mut Page::open(scripts("", &[USERS])), Ask::Fix(99)).contains("gone"));
}

#[test]
fn two_heads_are_settled_either_way() {
    for files in [sample("two_heads"), scripts("versions", &FORK), scripts("", &FORK)] {
        let mut page = Page::open(files.clone());
        let heads = page.proof.chains[0].heads.clone();
        assert_eq!(heads.len(), 2);
        let merge = changed(&mut page, Ask::MergeHeads { message: "bring both together".to_owned() });
        assert_eq!(merge, changed(&mut page, Ask::MergeHeads { message: "bring both together".to_owned() }));
        page.ask(Ask::Change(merge));
        assert_eq!(page.proof.chains[0].heads.len(), 1, "{:?}", page.proof.problems);
        assert_eq!(page.proof.chains[0].revisions[0].down.len(), 2);
        let mut page = Page::open(files);
        let ask = Ask::Reparent { head: heads[0].clone(), onto: heads[1].clone() };
        let moved = changed(&mut page, ask.clone());
        assert_eq!(moved.len(), 1);
        page.ask(Ask::Change(moved));
        assert_eq!(page.proof.chains[0].heads, [heads[0].clone()]);
        assert!(
            page.proof.problems.iter().all(|problem| problem.rule != "revises-mismatch"),
            "{:?}",
            page.proof.problems
        );
        assert!(refused(&mut page, ask).contains("already"));
    }
}

#[test]
fn a_new_revision_goes_on_from_the_head_or_any_other() {
    let mut page = Page::open(scripts("versions", &FORK[..2]));
    let new = changed(&mut page, Ask::NewRevision { head: None, message: "say more".to_owned() });
    assert!(new[0].0.starts_with("versions/") && new[0].0.ends_with("_say_more.py"), "{}", new[0].0);
    page.ask(Ask::Change(new));
    let revisions = &page.proof.chains[0].revisions;
    assert_eq!(
        (revisions.len(), revisions[0].down.join(""), revisions[0].message.as_str()),
        (3, "b1".to_owned(), "say more")
    );
    assert_eq!(revisions[0].id.len(), 12);
    let other = changed(&mut page, Ask::NewRevision { head: Some("a1".to_owned()), message: String::new() });
    page.ask(Ask::Change(other));
    assert_eq!(page.proof.chains[0].heads.len(), 2);
    assert!(refused(&mut page, Ask::NewRevision { head: None, message: String::new() }).contains("head"));
}

#[test]
fn a_link_opens_to_the_same_page() {
    for name in samples() {
        let mut page = Page::open_with(Workspace {
            files: sample(&name),
            dialect: Some("sqlite".to_owned()),
            rows: Rows::Own("INSERT INTO t VALUES ('ä')".to_owned()),
            ..Workspace::default()
        });
        page.up("+1");
        page.down("base");
        let selection = Selection { file: Some("alembic.ini".to_owned()), revision: None, tab: Tab::RoundTrip };
        let Reply::Link(link) = page.ask(Ask::Share(selection.clone())) else { panic!() };
        assert!(link.fragment.starts_with("r1.") && link.fragment.len() < 12_000, "{name}: {}", link.fragment.len());
        assert_eq!(link.warning.is_some(), link.fragment.len() > 2_000);
        let Reply::Opened(workspace, opened) = page.ask(Ask::OpenLink(link.fragment)) else { panic!() };
        assert_eq!(opened, selection);
        assert_eq!((workspace.files.clone(), workspace.moves.len()), (sample(&name), 2));
        let again = Page::open_with(*workspace);
        assert_eq!((again.proof, again.view), (page.proof.clone(), page.view.clone()), "{name}");
    }
    let mut page = Page::open(Vec::new());
    assert!(refused(&mut page, Ask::OpenLink("r9.x".to_owned())).contains("can't be opened"));
    let mut seed = 1_u32;
    let mut noise = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        char::from(b'a' + (seed % 26) as u8)
    };
    let noise: String = (0..60_000).map(|_| noise()).collect();
    page.ask(Ask::Change(vec![("a.py".to_owned(), Some(noise))]));
    let Reply::Link(link) = page.ask(Ask::Share(Selection::default())) else { panic!() };
    assert!(link.fragment.is_empty() && link.warning.unwrap().contains("zip"));
}

#[test]
fn the_workspace_goes_out_in_every_form() {
    let mut page = Page::open(sample("phonebook"));
    let mut export = |format: Export| {
        let ask = Ask::Export { format, selection: Selection::default(), page: "https://example.org/".to_owned() };
        match page.ask(ask) {
            Reply::Exported(exported) => exported,
            reply => panic!("{reply:?}"),
        }
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert!(text(export(Export::MarkdownLink).bytes).contains("](https://example.org/#r1."));
    let markdown = text(export(Export::Markdown).bytes);
    assert!(markdown.contains("### revproof: 3 revisions") && markdown.contains("column-rename"), "{markdown}");
    let issue = text(export(Export::Issue).bytes);
    assert!(issue.contains("<details><summary>alembic.ini</summary>") && issue.contains("column-rename"), "{issue}");
    let html = text(export(Export::Html).bytes);
    assert!(html.starts_with("<!doctype html>") && html.contains("https://example.org/#r1."));
    let zip = export(Export::Zip);
    assert_eq!(zip.mime, "application/zip");
    let files = changed(&mut page, Ask::Unzip(zip.bytes));
    assert_eq!(files.len(), sample("phonebook").len());
}

#[test]
fn pictures_are_drawn_of_what_is_there() {
    let mut page = Page::open(scripts("versions", &FORK));
    page.up("heads");
    let svg = text(&mut page, Ask::Diagram);
    assert!(svg.contains("class=\"erd\"") && svg.contains("posts (user) refers to users (id)"), "{svg}");
    for (format, part) in [("svg", "<svg"), ("mermaid", "flowchart"), ("dot", "digraph"), ("text", "b1"), ("json", "{")]
    {
        assert!(text(&mut page, Ask::Graph { format: format.to_owned() }).contains(part), "{format}");
    }
    assert!(refused(&mut page, Ask::Graph { format: "png".to_owned() }).contains("png"));
}

#[test]
fn pasted_files_and_rules_can_be_tried() {
    let mut page = Page::open(Vec::new());
    let Reply::Rules(rules) = page.ask(Ask::Rules) else { panic!() };
    for rule in &rules {
        let Reply::Rule(manual) = page.ask(Ask::Rule(rule.name.clone())) else { panic!("{}", rule.name) };
        let tried = Page::open(manual.example);
        let found = tried.proof.problems.iter().any(|problem| problem.code == rule.code);
        // What is applied to a database that is kept is no part of a workspace.
        assert!(found || rule.name == "edited-after-apply", "{}: {:?}", rule.name, tried.proof.problems);
    }
    assert!(refused(&mut page, Ask::Rule("drop-colum".to_owned())).contains("drop-colum"));
    let pasted: String = scripts("", &FORK).into_iter().map(|File { text, .. }| text).collect();
    let files = changed(&mut page, Ask::Split(pasted));
    assert_eq!(files.len(), 3);
    page.ask(Ask::Change(files));
    assert_eq!(page.proof.chains[0].revisions.len(), 3, "{:?}", page.proof);
}
