//! Rows of the visitor's own: INSERT statements, and a form that writes them.

use crate::dom::prelude::*;
use revproof_messages::{Cell, CellMark, Mark, Rows, Table};

use crate::state::State;

/// What kind of rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Seeded,
    None,
    Own,
}

/// The choice of rows, and the editor for one's own.
#[component]
pub(super) fn Own() -> impl IntoNode {
    let state = expect_context::<State>();
    let kind = move || {
        state.workspace.with(|workspace| match workspace.rows {
            Rows::Seeded => Kind::Seeded,
            Rows::None => Kind::None,
            Rows::Own(_) => Kind::Own,
        })
    };
    let editing = RwSignal::new(false);
    let draft = RwSignal::new(String::new());
    // Rows can be chosen elsewhere too: in the bar of the page, by a link.
    effect(move || {
        let own = state.workspace.with(|workspace| match &workspace.rows {
            Rows::Own(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = own {
            editing.set(true);
            draft.set(text);
        }
    });
    let choose = move |rows: Kind| match rows {
        Kind::Seeded => configure(state, Rows::Seeded),
        Kind::None => configure(state, Rows::None),
        Kind::Own => {
            editing.update(|editing| *editing = !*editing);
            if draft.with_untracked(String::is_empty) {
                draft.set(state.database.with_untracked(|database| database.tables.iter().map(inserts).collect()));
            }
        }
    };
    let button = move |this: Kind, text: &'static str| {
        let pressed = move || (kind() == this).to_string();
        let expanded = move || (this == Kind::Own).then(|| editing.get().to_string());
        view! {
            <button type="button" aria-pressed=pressed aria-expanded=expanded on:click=move |_| choose(this)>{text}</button>
        }
    };
    view! {
        <div class="tools" role="group" aria-label="Rows of the database">
            <span>"Rows:"</span>
            {button(Kind::Seeded, "Made up")}
            {button(Kind::None, "None")}
            {button(Kind::Own, "My own…")}
        </div>
        {move || editing.get().then(|| editor(state, draft))}
    }
}

fn configure(state: State, rows: Rows) {
    let dialect = state.workspace.with_untracked(|workspace| workspace.dialect.clone());
    state.configure(dialect, rows);
}

fn editor(state: State, draft: RwSignal<String>) -> Node {
    let apply = move |_| configure(state, Rows::Own(draft.get_untracked()));
    view! {
        <div class="own">
            <label for="own-rows">"INSERT statements. Each is run as soon as its table is there, and no rows are made up beside them."</label>
            <textarea
                id="own-rows"
                rows="6"
                spellcheck="false"
                autocapitalize="off"
                placeholder="INSERT INTO users (id, name) VALUES (1, 'Ada');"
                prop:value=draft
                on:input:target=move |event| draft.set(event.target().value())
            ></textarea>
            <Form draft/>
            <div class="tools">
                <button type="button" class="primary" on:click=apply>"Use these rows"</button>
            </div>
        </div>
    }
}

/// The form that writes an INSERT statement.
#[component]
fn Form(
    /// The statements that it adds to.
    draft: RwSignal<String>,
) -> impl IntoNode {
    let state = expect_context::<State>();
    let chosen = RwSignal::new(None::<String>);
    let typed = RwSignal::new(Vec::<String>::new());
    let names = Memo::new(move |_| {
        let there = |table: &&Table| table.mark != Mark::Gone;
        state
            .database
            .with(|database| database.tables.iter().filter(there).map(|table| table.name.clone()).collect::<Vec<_>>())
    });
    let table = Memo::new(move |_| {
        let wanted = chosen.get();
        state.database.with(|database| {
            let mut tables = database.tables.iter().filter(|table| table.mark != Mark::Gone);
            tables.find(|table| wanted.as_ref().is_none_or(|wanted| *wanted == table.name)).cloned()
        })
    });
    let add = move |_| {
        let Some(table) = table.get_untracked() else { return };
        let given = table.columns.iter().filter(|column| column.mark != Mark::Gone).zip(typed.get_untracked());
        let given: Vec<(&str, String)> = given
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(column, value)| (column.name.as_str(), literal(&value, &column.type_text)))
            .collect();
        if !given.is_empty() {
            draft.update(|draft| {
                if !draft.is_empty() && !draft.ends_with('\n') {
                    draft.push('\n');
                }
                draft.push_str(&insert(&table.name, &given));
            });
            typed.update(|typed| typed.iter_mut().for_each(String::clear));
            state.say(format!("A row for {} was added to the statements", table.name));
        }
    };
    let options = move || names.get().into_iter().map(|name| view! { <option>{name}</option> }).collect_view();
    let fields = move || {
        table.get().map(|table| {
            let columns = table.columns.into_iter().filter(|column| column.mark != Mark::Gone);
            let columns: Vec<_> = columns.collect();
            typed.set(vec![String::new(); columns.len()]);
            let field = |(at, column): (usize, revproof_messages::Column)| {
                let shown = move || typed.with(|typed| typed.get(at).cloned());
                let write = move |text: String| {
                    typed.update(|typed| {
                        if let Some(typed) = typed.get_mut(at) {
                            *typed = text;
                        }
                    });
                };
                view! {
                    <label class="field">
                        <span><code>{column.name}</code> " " <span class="soft">{column.type_text}</span></span>
                        <input
                            type="text"
                            autocomplete="off"
                            spellcheck="false"
                            prop:value=shown
                            on:input:target=move |event| write(event.target().value())
                        />
                    </label>
                }
            };
            columns.into_iter().enumerate().map(field).collect_view()
        })
    };
    view! {
        <fieldset class="add-row" hidden=move || names.with(Vec::is_empty)>
            <legend>"Add a row"</legend>
            <label class="field">
                <span>"Table"</span>
                <select on:change:target=move |event| chosen.set(Some(event.target().value()))>{options}</select>
            </label>
            {fields}
            <button type="button" on:click=add>"Add"</button>
        </fieldset>
    }
}

/// The rows of a table as INSERT statements.
fn inserts(table: &Table) -> String {
    let there = |row: &&revproof_messages::Row| row.mark != Mark::Gone;
    let type_of = |name: &str| {
        let column = table.columns.iter().find(|column| column.name == name && column.mark != Mark::Gone);
        column.map(|column| column.type_text.as_str())
    };
    let value = |cell: &Cell, name: &str| match cell.mark {
        CellMark::Null | CellMark::Unknown | CellMark::Lost => "NULL".to_owned(),
        _ => literal(&cell.text, type_of(name).unwrap_or_default()),
    };
    let row = |row: &revproof_messages::Row| {
        let cells = table.rows.columns.iter().zip(&row.cells).filter(|(column, _)| column.mark != Mark::Gone);
        let cells: Vec<_> = cells.map(|(column, cell)| (column.name.as_str(), value(cell, &column.name))).collect();
        insert(&table.name, &cells)
    };
    table.rows.rows.iter().filter(there).map(row).collect()
}

fn insert(table: &str, values: &[(&str, String)]) -> String {
    let columns: Vec<&str> = values.iter().map(|(column, _)| *column).collect();
    let values: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    format!("INSERT INTO {table} ({}) VALUES ({});\n", columns.join(", "), values.join(", "))
}

/// A value as SQL: numbers and truth values as they are where the column holds such, everything else in quotes.
fn literal(text: &str, type_text: &str) -> String {
    let plain = ["INT", "NUM", "DEC", "REAL", "FLOAT", "DOUBLE", "SERIAL"];
    let upper = type_text.to_ascii_uppercase();
    let number = plain.iter().any(|name| upper.contains(name)) && is_number(text.trim());
    let truth = upper.contains("BOOL") && matches!(text, "true" | "false");
    let null = text.eq_ignore_ascii_case("null");
    if number || truth || null { text.trim().to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Whether a text is a number as SQL writes one. (What Rust has for it comes with tables of 12 KB.)
fn is_number<'a>(text: &'a str) -> bool {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = |text: &'a str| text.strip_prefix(['+', '-']).unwrap_or(text);
    let (exponent, number) = (unsigned(exponent), unsigned(number));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    !exponent.is_empty() && digits(exponent) && !(whole.is_empty() && part.is_empty()) && digits(whole) && digits(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: bool) {
        assert_eq!(is_number(text), want, "{text}");
    }

    #[test]
    fn numbers_are_those_of_sql() {
        for text in ["0", "-12", "+1", "1.5", ".5", "1.", "1e9", "-2.5E-3"] {
            check(text, true);
        }
        for text in ["", ".", "-", "1e", "e5", "1,5", "0x1", "inf", "NaN", "1 2", "--1", "1.2.3"] {
            check(text, false);
        }
    }

    #[test]
    fn a_value_is_quoted_where_its_column_holds_texts() {
        assert_eq!(literal("12", "INTEGER"), "12");
        assert_eq!(literal("12", "VARCHAR(8)"), "'12'");
        assert_eq!(literal("inf", "FLOAT"), "'inf'");
        assert_eq!(literal("O'Hara", "TEXT"), "'O''Hara'");
    }
}
