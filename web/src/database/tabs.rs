//! The tabs of the pane.

use crate::dom::prelude::*;
use leptos::ev::KeyboardEvent;
use revproof_messages::{CellMark, Mark, Tab};

use crate::browser;
use crate::state::State;

/// The tabs in order, with their titles.
const TABS: [(Tab, &str); 7] = [
    (Tab::Schema, "Schema"),
    (Tab::Rows, "Rows"),
    (Tab::Diff, "Diff"),
    (Tab::Sql, "SQL"),
    (Tab::RoundTrip, "Round-trip"),
    (Tab::Diagram, "Diagram"),
    (Tab::Console, "Console"),
];

/// The identifier of a tab's element.
pub(super) fn id(tab: Tab) -> &'static str {
    match tab {
        Tab::Schema => "tab-schema",
        Tab::Rows => "tab-rows",
        Tab::Diff => "tab-diff",
        Tab::Sql => "tab-sql",
        Tab::RoundTrip => "tab-round-trip",
        Tab::Diagram => "tab-diagram",
        Tab::Console => "tab-console",
    }
}

/// The list of tabs.
#[component]
pub(super) fn TabBar() -> impl IntoNode {
    let state = expect_context::<State>();
    let key = move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let at = TABS.iter().position(|(tab, _)| *tab == state.tab.get_untracked()).unwrap_or_default();
        let next = match event.key().as_str() {
            "ArrowRight" => (at + 1) % TABS.len(),
            "ArrowLeft" => (at + TABS.len() - 1) % TABS.len(),
            "Home" => 0,
            "End" => TABS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let Some((tab, _)) = TABS.get(next) else { return };
        state.tab.set(*tab);
        browser::focus(&format!("#{}", id(*tab)));
    };
    let tab = move |(tab, title): (Tab, &'static str)| {
        let is = move || state.tab.get() == tab;
        let lost = move || (tab == Tab::Rows).then(|| lost(state)).filter(|lost| *lost > 0);
        let badge = move || lost().map(|lost| view! { <span class="badge is-gone">{format!("{lost} lost")}</span> });
        view! {
            <button
                id=id(tab)
                type="button"
                role="tab"
                aria-selected=move || is().to_string()
                aria-controls="panel"
                tabindex=move || if is() { "0" } else { "-1" }
                on:click=move |_| state.tab.set(tab)
            >
                {title} {badge}
            </button>
        }
    };
    view! {
        <div class="views" role="tablist" aria-label="Views of the database" on:keydown=key>
            {TABS.map(tab).collect_view()}
        </div>
    }
}

/// How many values the last step lost.
fn lost(state: State) -> usize {
    state.database.with(|database| {
        // Rows that a server would have stopped at were taken away so that one can go on: nothing lost them.
        if database.past.last().is_some_and(|step| !step.refused_rows.is_empty()) {
            return 0;
        }
        let rows = database.tables.iter().flat_map(|table| &table.rows.rows);
        let lost = |row: &revproof_messages::Row| {
            let cells = row.cells.iter();
            cells.filter(|cell| cell.mark == CellMark::Lost || row.mark == Mark::Gone && cell.text != "NULL").count()
        };
        rows.map(lost).sum()
    })
}
