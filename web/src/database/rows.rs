//! The tab of the rows: every table with what became of its rows and values.

use leptos::prelude::*;
use revproof_messages::{Change, Mark, Row, RowsView, Table};

use super::cells::cell;
use super::own::Own;
use crate::state::State;
use crate::words::{self, Word};

/// The tab.
#[component]
pub(super) fn Rows() -> impl IntoView {
    let state = expect_context::<State>();
    let tables = move || state.database.with(|database| database.tables.iter().map(table).collect_view());
    let empty = move || state.database.with(|database| database.tables.is_empty());
    view! {
        <Own/>
        {tables}
        {move || empty().then(|| view! { <p class="nothing">"The database is empty: no tables, no rows."</p> })}
    }
}

fn table(table: &Table) -> AnyView {
    let rows = &table.rows;
    let all = rows.rows.iter().filter(|row| row.mark != Mark::Gone).count() + rows.more as usize;
    let shown = match (&rows.why_none, rows.rows.is_empty()) {
        (Some(why), _) => {
            let word = Word { sign: "?", text: "no rows:", class: "is-unknown" };
            view! { <div class="note is-unknown">{word.view()} {why.clone()}</div> }.into_any()
        }
        (None, true) => view! { <p class="nothing">"No rows."</p> }.into_any(),
        (None, false) => grid(&table.name, rows),
    };
    view! {
        <section class=format!("table {}", words::class(table.mark))>
            <h3>
                {table.name.clone()}
                {words::mark(table.mark).map(Word::view)}
                <span class="size">{words::count(all, "row")}</span>
            </h3>
            {shown}
        </section>
    }
    .into_any()
}

fn grid(name: &str, rows: &RowsView) -> AnyView {
    let more = (rows.more > 0)
        .then(|| view! { <p class="more">{format!("and {} more", words::count(rows.more as usize, "row"))}</p> });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=format!("Rows of {name}")>
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col"><span class="aside">"What became of the row"</span></th>
                        {rows.columns.iter().map(column).collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {more}
    }
    .into_any()
}

fn column(column: &Change) -> AnyView {
    view! {
        <th scope="col" class=words::class(column.mark)>
            <code>{column.name.clone()}</code> {words::mark(column.mark).map(Word::view)}
        </th>
    }
    .into_any()
}

fn row(row: &Row) -> AnyView {
    let word = match row.mark {
        Mark::Gone => Some(Word { sign: "−", text: "lost", class: "is-gone" }),
        mark => words::mark(mark),
    };
    let made_up = row.seeded.then(|| view! { <span class="badge">"made up"</span> });
    view! {
        <tr class=words::class(row.mark)>
            <td class="of">{word.map(Word::view)} {made_up}</td>
            {row.cells.iter().map(cell).collect_view()}
        </tr>
    }
    .into_any()
}
