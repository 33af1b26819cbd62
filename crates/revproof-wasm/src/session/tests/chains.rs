use revproof_core::analyse::analyse;
use revproof_core::config::Config;
use revproof_messages::{Ask, CellMark, End, Mark, Verdict, encode};

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
