use revproof_core::analyse::analyse;
use revproof_core::config::Config;
use revproof_messages::{Ask, CellMark, Chain, End, File, Mark, Reply, Verdict, encode};

use super::{Page, sample, samples};

#[test]
fn every_sample_goes_up_down_and_back() {
    for name in samples() {
        let mut page = Page::open(sample(&name));
        assert_eq!(page.proof.error, None, "{name}");
        assert_eq!(page.proof.chains.len(), 1, "{name}");
        let revisions = page.proof.chains[0].revisions.len();
        assert!(page.view.past.is_empty() && page.view.current.is_empty(), "{name}");
        page.up("heads");
        assert_eq!(page.view.refused, None, "{name}");
        let past = page.view.past.len();
        let failed = page.view.past.last().is_some_and(|step| step.end == End::Failed);
        assert!(failed || past == revisions, "{name}: {past} of {revisions}");
        for steps in (0..past).rev() {
            page.ask(Ask::Rewind(steps));
            assert_eq!(page.view.past.len(), steps, "{name} after {steps}");
        }
        assert!(page.view.current.is_empty() && page.view.tables.is_empty(), "{name}");
        page.up("heads");
        assert_eq!(page.view.past.len(), past, "{name}");
        if !failed {
            page.down("base");
            assert!(page.view.refused.is_none(), "{name}: {:?}", page.view.refused);
        }
        assert!(!encode(&page.view).is_empty());
    }
}

#[test]
fn the_report_is_that_of_the_command() {
    for name in samples() {
        let page = Page::open(sample(&name));
        let files: std::collections::BTreeMap<String, String> =
            sample(&name).into_iter().map(|file| (file.path, file.text)).collect();
        let expected = serde_json::to_string(&analyse(&files, "", &Config::default())).unwrap();
        let report = serde_json::to_string(&page.session.proved.as_ref().unwrap().report).unwrap();
        assert_eq!(report, expected, "{name}");
    }
}

#[test]
fn the_numbers_that_a_rename_loses_are_named() {
    let mut page = Page::open(sample("phonebook"));
    let lossy = page.proof.chains[0].revisions.iter().find(|revision| revision.id == "4e97a20fd6b8").unwrap();
    assert_ne!(lossy.verdict, Verdict::Reversible);
    let id = lossy.id.clone();
    page.up(&id);
    let table = page.view.tables.iter().find(|table| table.columns.iter().any(|c| c.mark == Mark::Gone)).unwrap();
    assert_eq!(table.mark, Mark::Changed);
    let lost: Vec<&str> = table
        .rows
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter(|cell| cell.mark == CellMark::Lost)
        .filter_map(|cell| cell.was.as_deref())
        .collect();
    assert!(!lost.is_empty());
    assert!(page.view.said.contains("dropped") && page.view.said.contains("lost"), "{}", page.view.said);
    let problem = page.proof.problems.iter().find(|problem| problem.revision.as_deref() == Some(&id)).unwrap();
    assert!(problem.about_rows || !problem.shown_by.is_empty());
    let down = problem.shown_by.clone();
    assert!(!down.is_empty());
    // Down again the column is back, and the values are not.
    page.down("-1");
    let column =
        page.view.tables.iter().flat_map(|table| &table.columns).find(|column| column.mark == Mark::New).unwrap();
    assert!(table_has_no_value(&page, &column.name.clone()));
}

fn table_has_no_value(page: &Page, column: &str) -> bool {
    page.view.tables.iter().all(|table| {
        let at = table.rows.columns.iter().position(|head| head.name == column);
        at.is_none_or(|at| table.rows.rows.iter().all(|row| row.cells[at].text == "NULL"))
    })
}

#[test]
fn a_downgrade_that_says_it_worked_fails_when_one_goes_up_again() {
    let mut page = Page::open(sample("says_it_worked"));
    let shown = page
        .proof
        .problems
        .iter()
        .find(|problem| problem.shown_by.len() == 3)
        .expect("shown by going up again")
        .clone();
    for asked in &shown.shown_by {
        page.make(asked.clone());
        assert_eq!(page.view.refused, None, "{asked:?}");
    }
    let last = page.view.past.last().unwrap();
    assert_eq!(last.end, End::Failed, "{last:#?}");
    assert!(last.failure.is_some() && last.left.is_some() && last.spot.is_some());
    assert!(!last.kept);
    assert_eq!(last.sqlstate.as_deref(), Some("42P07"));
    assert!(last.operations.iter().any(|operation| operation.failure.is_some()));
    assert!(page.view.said.contains("fails"), "{}", page.view.said);
}

#[test]
fn each_database_of_a_project_is_a_chain() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let ini = "[alembic]\nscript_location = migrations\ndatabases = one, two\n\
               [one]\nsqlalchemy.url = postgresql://\n[two]\nsqlalchemy.url = sqlite://\n";
    let script = "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = 'a'\ndown_revision = None\n\n\n\
                  def upgrade(engine_name):\n    globals()['upgrade_' + engine_name]()\n\n\n\
                  def downgrade(engine_name):\n    globals()['downgrade_' + engine_name]()\n\n\n\
                  def upgrade_one():\n    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))\n\n\n\
                  def downgrade_one():\n    op.drop_table('users')\n\n\n\
                  def upgrade_two():\n    op.create_table('logs', sa.Column('id', sa.Integer(), primary_key=True))\n\n\n\
                  def downgrade_two():\n    op.drop_table('log')\n";
    let files = vec![file("alembic.ini", ini), file("migrations/env.py", ""), file("migrations/versions/a.py", script)];
    let mut page = Page::open(files);
    let told =
        |chain: &Chain| (chain.database.clone().unwrap_or_default(), chain.dialect.clone(), chain.revisions[0].verdict);
    let expected = [
        ("one".to_owned(), "postgresql".to_owned(), Verdict::Reversible),
        ("two".to_owned(), "sqlite".to_owned(), Verdict::Broken),
    ];
    assert_eq!(page.proof.chains.iter().map(told).collect::<Vec<_>>(), expected);
    assert!(page.proof.problems.iter().any(|problem| problem.chain == 1 && problem.message.contains("log")));
    let tables = |page: &Page| page.view.tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
    page.up("head");
    assert_eq!(tables(&page), ["users"]);
    page.ask(Ask::Chain(1));
    assert_eq!((page.view.chain, tables(&page).len()), (1, 0));
    page.up("head");
    assert_eq!(tables(&page), ["logs"]);
    page.down("base");
    assert_eq!(page.view.past.last().map(|step| step.end), Some(End::Failed));
    page.ask(Ask::Chain(0));
    assert_eq!(tables(&page), ["users"]);
    let mut sql = |chain| {
        page.ask(Ask::Chain(chain));
        match page.session.ask(Ask::Sql { revision: "a".to_owned(), downgrade: false, dialect: None }) {
            Reply::Sql(sql) => (sql.dialect, sql.pieces.into_iter().map(|piece| piece.text).collect::<String>()),
            other => panic!("{other:?}"),
        }
    };
    let ((one, users), (two, logs)) = (sql(0), sql(1));
    assert_eq!((one.as_str(), two.as_str()), ("postgresql", "sqlite"));
    assert!(users.contains("users") && logs.contains("logs"), "{users}{logs}");
}
