//! The tab of the schema: tables and what is in them, with marks of what the last step changed.

use crate::dom::prelude::*;
use revproof_messages::{Column, Line, Mark, Table};

use super::marks;
use crate::state::State;
use crate::words::{self, Word};

/// The tab.
#[component]
pub(super) fn Schema() -> impl IntoNode {
    let state = expect_context::<State>();
    let only_changed = RwSignal::new(false);
    let tables = move || {
        let only = only_changed.get();
        state.database.with(|database| {
            let tables = database.tables.iter().filter(|table| !only || changed(table));
            tables.map(|table| card(table, only)).collect_view()
        })
    };
    let others = move || {
        let only = only_changed.get();
        state.database.with(|database| {
            let others: Vec<&Line> = database.others.iter().filter(|line| !only || line.mark != Mark::Same).collect();
            (!others.is_empty()).then(|| {
                let others = others.into_iter().map(line).collect_view();
                view! { <section class="others"><h3>"Types, sequences, views"</h3><ul class="lines">{others}</ul></section> }
            })
        })
    };
    let nothing = move || {
        let (none, calm) = state.database.with(|database| {
            let still = |line: &Line| line.mark == Mark::Same;
            let none = database.tables.is_empty() && database.others.is_empty();
            (none, !database.tables.iter().any(changed) && database.others.iter().all(still))
        });
        match (none, calm && only_changed.get()) {
            (true, _) => Some("The database is empty: no tables."),
            (_, true) => Some("The last step changed nothing in the schema."),
            _ => None,
        }
    };
    view! {
        <div class="tools">
            <label class="check">
                <input type="checkbox" prop:checked=only_changed on:change:target=move |event| only_changed.set(event.target().checked())/>
                "Only what the last step changed"
            </label>
        </div>
        {tables}
        {others}
        {move || nothing().map(|text| view! { <p class="nothing">{text}</p> })}
    }
}

/// Whether anything of a table changed.
fn changed(table: &Table) -> bool {
    table.mark != Mark::Same
        || table.columns.iter().any(|column| column.mark != Mark::Same)
        || table.lines.iter().any(|line| line.mark != Mark::Same)
}

fn card(table: &Table, only: bool) -> Node {
    // All of a table that came or went has changed.
    let keep = |mark: Mark| !only || matches!(table.mark, Mark::New | Mark::Gone) || mark != Mark::Same;
    let columns = table.columns.iter().filter(|found| keep(found.mark)).map(column).collect_view();
    let lines: Vec<Node> = table.lines.iter().filter(|line| keep(line.mark)).map(line).collect();
    let lines = (!lines.is_empty()).then(|| view! { <ul class="lines">{lines}</ul> });
    let assumed = table.assumed.then(|| {
        let word = Word { sign: "?", text: "taken for granted: no revision makes it", class: "is-unknown" };
        word.view()
    });
    view! {
        <details class=format!("table {}", words::class(table.mark)) open=true>
            <summary>
                <h3>{table.name.clone()}</h3>
                {words::mark(table.mark).map(Word::view)}
                {marks::was(table.was.clone())}
                {assumed}
            </summary>
            <div class="scroll" tabindex="0" role="group" aria-label=format!("Columns of {}", table.name)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col"><span class="aside">"What became of it"</span></th>
                            <th scope="col">"Column"</th>
                            <th scope="col">"Type"</th>
                            <th scope="col">"NULL"</th>
                            <th scope="col">"Default"</th>
                            <th scope="col">"Keys"</th>
                        </tr>
                    </thead>
                    <tbody>{columns}</tbody>
                </table>
            </div>
            {lines}
        </details>
    }
}

fn column(column: &Column) -> Node {
    let was = |field: &str| {
        let found = column.was.iter().find(|was| was.name == field);
        marks::was(found.map(|found| if found.was.is_empty() { "none".to_owned() } else { found.was.clone() }))
    };
    let null = if column.nullable { "NULL" } else { "NOT NULL" };
    view! {
        <tr class=words::class(column.mark)>
            {marks::cell(column.mark)}
            <th scope="row"><code>{column.name.clone()}</code> {was("name")}</th>
            <td><code>{column.type_text.clone()}</code> {was("type")}</td>
            <td class="null" class:soft=column.nullable>{null} {was("nullable")}</td>
            <td class="default">{column.default.clone().map(|default| view! { <code>{default}</code> })} {was("default")}</td>
            <td>{column.keys.iter().map(|key| view! { <span class="badge">{key.clone()}</span> }).collect_view()}</td>
        </tr>
    }
}

fn line(line: &Line) -> Node {
    view! {
        <li class=words::class(line.mark)>
            {words::mark(line.mark).map(Word::view)}
            <code>{line.text.clone()}</code>
            {marks::was(line.was.clone())}
        </li>
    }
}
