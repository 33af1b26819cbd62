use revproof_messages::{Ask, CellMark, End, File, Mark, Move, Rows, Workspace};

use super::{Page, USERS, scripts};

const CHAIN: [&str; 4] = [
    USERS,
    "b2 < a1: op.add_column('users', sa.Column('mail', sa.String(20))); op.create_index('ix_mail', 'users', ['mail']) / op.drop_index('ix_mail'); op.drop_column('users', 'mail')",
    "c3 < b2: op.alter_column('users', 'phone', new_column_name='tel') / op.alter_column('users', 'tel', new_column_name='phone')",
    "d4 < c3: op.rename_table('users', 'people') / op.rename_table('people', 'users')",
];

#[test]
fn the_database_goes_up_down_and_anywhere() {
    let mut page = Page::open(scripts("versions", &CHAIN));
    assert_eq!((page.view.up.join(" "), page.view.down.join(" ")), ("a1".to_owned(), String::new()));
    page.up("+1");
    assert_eq!(page.schema(), "users(id phone)");
    assert_eq!((page.view.up.join(" "), page.view.down.join(" ")), ("b2".to_owned(), "a1".to_owned()));
    page.make(Move::To("d4".to_owned()));
    assert_eq!(page.schema(), "people(id tel mail)");
    assert_eq!(page.view.current, ["d4"]);
    page.make(Move::To("a1".to_owned()));
    assert_eq!(page.schema(), "users(id phone mail)");
    assert_eq!(page.view.tables[0].columns[2].mark, Mark::Gone);
    page.make(Move::To("base".to_owned()));
    assert_eq!((page.view.current.len(), page.view.tables[0].mark), (0, Mark::Gone));
    page.down("-1");
    let (why, help) = page.view.refused.clone().unwrap();
    assert!(why.contains("-1") && !help.is_empty(), "{why}");
    page.up("nowhere");
    assert!(page.view.refused.clone().unwrap().0.contains("nowhere"));
    page.make(Move::Stamp("c3".to_owned()));
    assert_eq!((page.view.current.join(" "), page.view.past.last().unwrap().kind.as_str()), ("c3".to_owned(), "stamp"));
}

#[test]
fn what_a_step_renames_is_not_gone() {
    let mut page = Page::open(scripts("versions", &CHAIN));
    page.up("c3");
    let column = &page.view.tables[0].columns[1];
    assert_eq!((column.name.as_str(), column.mark, column.was[0].was.as_str()), ("tel", Mark::Changed, "phone"));
    assert!(page.view.tables[0].rows.rows.iter().all(|row| row.cells.iter().all(|cell| cell.mark != CellMark::Lost)));
    page.up("d4");
    let table = &page.view.tables[0];
    assert_eq!((table.name.as_str(), table.was.as_deref(), table.mark), ("people", Some("users"), Mark::Changed));
    assert!(!table.rows.rows.is_empty());
    assert!(table.rows.rows.iter().all(|row| row.mark == Mark::Same));
    assert_eq!(page.view.tables.len(), 1);
}

#[test]
fn the_operations_of_a_step_are_shown_one_by_one() {
    let mut page = Page::open(scripts("versions", &CHAIN));
    page.up("b2");
    let texts: Vec<&str> = page.view.past[1].operations.iter().map(|operation| operation.text.as_str()).collect();
    assert_eq!(texts, ["add column users.mail", "create index ix_mail on users"]);
    let line = page.view.past[1].operations[0].spot.as_ref().unwrap().line;
    assert_eq!(line, 10);
    page.ask(Ask::Within(0));
    assert_eq!((page.schema(), page.view.within), ("users(id phone)".to_owned(), Some(0)));
    page.ask(Ask::Within(1));
    assert_eq!((page.schema(), page.view.tables[0].lines.len()), ("users(id phone mail)".to_owned(), 1));
    page.ask(Ask::Within(2));
    assert_eq!((page.view.within, page.view.tables[0].lines.len()), (None, 2));
}

#[test]
fn a_rewind_into_a_command_leaves_the_moves_that_lead_there() {
    let mut page = Page::open(scripts("versions", &CHAIN));
    page.up("head");
    page.down("base");
    page.ask(Ask::Rewind(6));
    assert_eq!(page.view.current, ["b2"]);
    assert_eq!(page.schema(), "users(id phone mail)");
    page.ask(Ask::Rewind(3));
    assert_eq!(page.view.current, ["c3"]);
    // The moves are what a change of a file does again.
    page.ask(Ask::Change(vec![("notes.txt".to_owned(), Some("hello".to_owned()))]));
    assert_eq!((page.view.current.join(" "), page.view.past.len()), ("c3".to_owned(), 3));
}

#[test]
fn the_branches_of_a_fork_are_walked_one_by_one() {
    let chain = [
        USERS,
        "b1 < a1: op.create_table('left', sa.Column('id', sa.Integer, primary_key=True)) / op.drop_table('left')",
        "b2 < a1: op.create_table('right', sa.Column('id', sa.Integer, primary_key=True)) / op.drop_table('right')",
        "m1 < b1, b2: pass / pass",
    ];
    let mut page = Page::open(scripts("versions", &chain[..3]));
    page.up("head");
    let (why, help) = page.view.refused.clone().unwrap();
    assert!(why.contains("Multiple head revisions") && help.contains("merge"), "{why} {help}");
    page.up("a1");
    page.view.up.sort();
    assert_eq!(page.view.up, ["b1", "b2"]);
    page.up("b2");
    page.up("b1");
    assert_eq!(page.view.down.len(), 2);
    page.make(Move::Revert("b2".to_owned()));
    assert_eq!((page.view.current.join(" "), page.view.refused.clone()), ("b1".to_owned(), None));
    page.make(Move::To("b2".to_owned()));
    assert_eq!(page.view.current, ["b2"]);
    let mut page = Page::open(scripts("versions", &chain));
    page.up("head");
    page.make(Move::Revert("m1".to_owned()));
    assert_eq!(page.view.current.len(), 2);
    page.make(Move::Revert("a1".to_owned()));
    assert!(page.view.refused.is_some(), "others stand on it");
    page.ask(Ask::Rewind(2));
    assert_eq!((page.view.past.len(), page.view.current.len()), (2, 1));
}

#[test]
fn a_failure_takes_back_what_the_server_takes_back() {
    let chain = [
        USERS,
        "b2 < a1: op.add_column('users', sa.Column('mail', sa.String(20))) / op.drop_column('users', 'mail')",
        "c3 < b2: op.add_column('users', sa.Column('more', sa.Integer)); op.drop_column('users', 'nowhere') / pass",
    ];
    let mut page = Page::open(scripts("versions", &chain));
    page.up("head");
    assert_eq!((page.view.current.len(), page.view.past.len()), (0, 3));
    let past = &page.view.past;
    assert_eq!(past.iter().map(|step| step.kept).collect::<Vec<_>>(), [false; 3]);
    assert_eq!((past[2].end, past[2].left.as_deref()), (End::Failed, Some("PostgreSQL takes the whole run back")));
    assert!(page.view.tables.iter().all(|table| table.mark == Mark::Same), "nothing is left, so nothing is marked");
    page.ask(Ask::Within(1));
    assert_eq!(page.schema(), "users(id phone mail more)");
    page.ask(Ask::Rewind(2));
    assert_eq!((page.view.current.join(" "), page.schema()), ("b2".to_owned(), "users(id phone mail)".to_owned()));
    page.ask(Ask::Configure { dialect: Some("mysql".to_owned()), rows: Rows::Seeded });
    page.up("head");
    assert_eq!(page.view.past.last().unwrap().left.as_deref(), Some("MySQL keeps what was done before the failure"));
    assert!(page.schema().contains("more"), "{}", page.schema());
}

#[test]
fn moves_wait_for_a_file_that_is_broken_for_the_moment() {
    let files = scripts("versions", &CHAIN);
    let mut page = Page::open(files.clone());
    page.up("c3");
    page.up("d4");
    let File { path, text } = files[3].clone();
    page.ask(Ask::Change(vec![(path.clone(), Some("def upgrade(:".to_owned()))]));
    assert_eq!(page.view.current, ["c3"]);
    assert!(page.view.refused.is_some() && !page.view.doubts.is_empty());
    page.ask(Ask::Change(vec![(path, Some(text))]));
    assert_eq!((page.view.current.join(" "), page.view.refused.clone()), ("d4".to_owned(), None));
}

#[test]
fn a_workspace_is_opened_where_it_was_left() {
    let moves = vec![Move::Upgrade("head".to_owned()), Move::Downgrade("-1".to_owned())];
    let page = Page::open_with(Workspace { files: scripts("", &CHAIN), moves, ..Workspace::default() });
    assert_eq!((page.view.current.join(" "), page.view.past.len()), ("c3".to_owned(), 5));
}
