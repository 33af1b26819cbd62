//! The tab of the rows: every table with what became of its rows and values.

use crate::dom::prelude::*;
use revproof_messages::{Change, Mark, Row, RowsView, Table};

use super::cells::cell;
use super::own::Own;
use crate::state::State;
use crate::words::{self, Word};

/// The tab.
#[component]
pub(super) fn Rows() -> impl IntoNode {
    let state = expect_context::<State>();
    let tables = move || {
        state.database.with(|database| {
            // Rows that a server would have stopped at were taken away so that one can go on: nothing lost them.
            let refused = database.past.last().is_some_and(|step| !step.refused_rows.is_empty());
            database.tables.iter().map(|found| table(found, refused)).collect_view()
        })
    };
    let empty = move || state.database.with(|database| database.tables.is_empty());
    view! {
        <Own/>
        {tables}
        {move || empty().then(|| view! { <p class="nothing">"The database is empty: no tables, no rows."</p> })}
    }
}

fn table(table: &Table, refused: bool) -> Node {
    let rows = &table.rows;
    let all = rows.rows.iter().filter(|row| row.mark != Mark::Gone).count() + rows.more as usize;
    let shown = match (&rows.why_none, rows.rows.is_empty()) {
        (Some(why), _) => {
            let word = Word { sign: "?", text: "no rows:", class: "is-unknown" };
            view! { <div class="note is-unknown">{word.view()} {why.clone()}</div> }
        }
        (None, true) => view! { <p class="nothing">"No rows."</p> },
        (None, false) => grid(&table.name, rows, refused),
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
}

fn grid(name: &str, rows: &RowsView, refused: bool) -> Node {
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
                <tbody>{rows.rows.iter().map(|found| row(found, refused)).collect_view()}</tbody>
            </table>
        </div>
        {more}
    }
}

fn column(column: &Change) -> Node {
    view! {
        <th scope="col" class=words::class(column.mark)>
            <code>{column.name.clone()}</code> {words::mark(column.mark).map(Word::view)}
        </th>
    }
}

fn row(row: &Row, refused: bool) -> Node {
    let word = match row.mark {
        Mark::Gone if refused => Some(Word { sign: "⊘", text: "refused", class: "is-warning" }),
        Mark::Gone => Some(Word { sign: "−", text: "lost", class: "is-gone" }),
        mark => words::mark(mark),
    };
    let made_up = row.seeded.then(|| view! { <span class="badge">"made up"</span> });
    view! {
        <tr class=word.map_or("", |word| word.class)>
            <td class="of">{word.map(Word::view)} {made_up}</td>
            {row.cells.iter().map(cell).collect_view()}
        </tr>
    }
}
