use revproof_messages::{Ask, CellMark, File, FileKind, Reply, Rows, Severity, Workspace};

use super::{Page, USERS, sample, scripts};

fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn scripts_count_wherever_they_are() {
    for folder in ["", "versions", "some/where/deep", "my scripts"] {
        let page = Page::open(scripts(folder, &[USERS]));
        assert_eq!(page.proof.chains.len(), 1, "{folder:?}");
        assert_eq!(page.proof.files[0].kind, FileKind::Script, "{folder:?}");
        assert_eq!(page.proof.files[0].revision.as_deref(), Some("a1"), "{folder:?}");
        let file = &page.proof.chains[0].revisions[0].file;
        assert_eq!(*file, page.proof.files[0].path);
    }
    let files = [scripts("one", &[USERS]), scripts("two", &[USERS])].concat();
    let mut page = Page::open(files);
    assert_eq!(page.proof.chains.len(), 2);
    page.up("head");
    page.ask(Ask::Chain(1));
    assert_eq!((page.view.chain, page.view.past.len()), (1, 0));
    page.ask(Ask::Chain(0));
    assert_eq!((page.view.chain, page.view.past.len()), (0, 1));
}

#[test]
fn what_is_broken_is_told_and_never_a_panic() {
    let two = |line: &str| scripts("versions", &[USERS, line]);
    let check = |files: Vec<File>, rule: &str| {
        let page = Page::open(files);
        assert!(page.proof.problems.iter().any(|problem| problem.rule == rule), "{rule}: {:?}", page.proof.problems);
    };
    let mut broken = two("b2 < a1: pass / pass");
    broken[1].text = "revision = 'b2'\ndef upgrade(:\n".to_owned();
    check(broken, "unreadable-script");
    check(two("b2 < nowhere: pass / pass"), "missing-parent");
    check(scripts("versions", &["a1 < b2: pass / pass", "b2 < a1: pass / pass"]), "revision-cycle");
    check(scripts("versions", &[USERS, "b2 < a1: pass / pass", "b3 < a1: pass / pass"]), "multiple-heads");
    check(
        two("a1: pass / pass")
            .into_iter()
            .map(|mut f| {
                if f.text.contains("pass") {
                    f.path = "versions/other.py".to_owned();
                }
                f
            })
            .collect(),
        "duplicate-revision",
    );
    for ask in [Ask::Rewind(3), Ask::Within(9), Ask::Chain(4)] {
        let mut page = Page::open(Vec::new());
        assert_eq!(page.proof.chains.len(), 0);
        assert!(matches!(page.ask(ask), Reply::Refused { .. }));
    }
}

#[test]
fn settings_are_read_from_the_files_and_the_page_overrides_them() {
    let with = |text: &str| [scripts("m/versions", &[USERS]), vec![file("revproof.toml", text)]].concat();
    let page = Page::open(with("dialect = 'sqlite'"));
    assert_eq!(page.proof.chains[0].dialect, "sqlite");
    let page = Page::open_with(Workspace {
        files: with("dialect = 'sqlite'"),
        dialect: Some("mysql".to_owned()),
        ..Workspace::default()
    });
    assert_eq!(page.proof.chains[0].dialect, "mysql");
    let page = Page::open(with("dialekt = 'sqlite'"));
    assert!(
        page.proof.error.as_deref().unwrap().starts_with("revproof.toml:1: unknown setting"),
        "{:?}",
        page.proof.error
    );
    assert_eq!((page.proof.files.len(), page.proof.files[1].kind), (2, FileKind::Settings));
    let page = Page::open(with("rows = 'mine.sql'"));
    assert!(page.proof.error.as_deref().unwrap().contains("add `mine.sql`"), "{:?}", page.proof.error);
    let page = Page::open(with("ignore = ['nothing-like-it']"));
    assert!(page.proof.error.is_some());
    let shared = file("pyproject.toml", "[tool.revproof]\nrows = 'none'\n");
    let mut page = Page::open([scripts("m/versions", &[USERS]), vec![shared]].concat());
    page.up("head");
    assert!(page.view.tables[0].rows.rows.is_empty());
}

#[test]
fn own_rows_take_the_place_of_made_up_ones() {
    let drop = "b2 < a1: op.drop_column('users', 'phone') / op.add_column('users', sa.Column('phone', sa.String(20)))";
    let mut page = Page::open(scripts("versions", &[USERS, drop]));
    page.rows(Rows::Own(
        "INSERT INTO users VALUES (7, '555'); INSERT INTO nowhere VALUES (1); CREATE TABLE x (y int)".to_owned(),
    ));
    page.up("a1");
    page.up("b2");
    let rows = &page.view.tables[0].rows;
    assert_eq!((rows.rows.len(), rows.rows[0].seeded), (1, false));
    let lost = &rows.rows[0].cells[1];
    assert_eq!((lost.mark, lost.was.as_deref()), (CellMark::Lost, Some("555")));
    assert!(page.view.doubts.iter().any(|doubt| doubt.contains("CREATE TABLE")), "{:?}", page.view.doubts);
    assert!(page.view.said.contains("1 value of users.phone lost"), "{}", page.view.said);
    page.rows(Rows::None);
    assert!(page.view.tables[0].rows.rows.is_empty());
}

#[test]
fn places_are_counted_as_an_editor_counts() {
    let mut files = scripts("versions", &[USERS, "b2 < a1: op.drop_table('users') / pass"]);
    files[1].text = files[1].text.replace("make b2", "größer 🎉 b2").replace("    op.drop", "    # 🎉 é\n    op.drop");
    let page = Page::open(files.clone());
    let units: Vec<u16> = files[1].text.encode_utf16().collect();
    let spots = page.proof.problems.iter().filter_map(|problem| problem.spot.as_ref());
    let texts: Vec<String> = spots
        .filter(|spot| spot.file == files[1].path)
        .map(|spot| String::from_utf16(&units[spot.from as usize..spot.to as usize]).unwrap())
        .collect();
    assert!(texts.iter().any(|text| text == "op.drop_table('users')"), "{texts:?}");
    assert!(page.proof.problems.iter().any(|problem| problem.severity != Severity::Info));
}

#[test]
fn what_is_typed_gives_the_proof_that_opening_it_gives() {
    let mut page = Page::open(sample("phonebook"));
    let mut files = sample("phonebook");
    for at in 0..files.len() {
        let whole = files[at].text.clone();
        // A comment, a line that is not finished, a function that is gone, and all as it was.
        let cut = whole.find("def downgrade").unwrap_or(whole.len() / 2);
        for text in [format!("{whole}\n# seen\n"), format!("{whole}\nop."), whole[..cut].to_owned(), whole] {
            files[at].text.clone_from(&text);
            page.ask(Ask::Change(vec![(files[at].path.clone(), Some(text))]));
            let opened = Page::open(files.clone());
            assert_eq!(format!("{:#?}", page.proof), format!("{:#?}", opened.proof), "{}", files[at].path);
            assert_eq!(format!("{:#?}", page.view), format!("{:#?}", opened.view), "{}", files[at].path);
        }
    }
}
