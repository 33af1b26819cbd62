//! The tab of the SQL that a step sends, with what each statement locks.

use crate::dom::prelude::*;
use revproof_messages::{Ask, Reply, SqlPiece, SqlView};

use super::answer::{answer, refusal};
use super::diff::{choice, selected};
use super::{marks, marks::copy};
use crate::state::State;
use crate::words::Word;

/// The dialects by name, and what people call them.
const DIALECTS: [(&str, &str); 3] = [("postgresql", "PostgreSQL"), ("mysql", "MySQL"), ("sqlite", "SQLite")];

/// The tab.
#[component]
pub(super) fn Sql() -> impl IntoNode {
    let state = expect_context::<State>();
    let last = state.database.with_untracked(|database| database.past.last().map(|step| step.kind.clone()));
    let downgrade = RwSignal::new(last.as_deref() == Some("downgrade"));
    let revision = RwSignal::new(None::<String>);
    let dialect = RwSignal::new(None::<String>);
    let shown = Memo::new(move |_| revision.get().unwrap_or_else(|| selected(state)));
    // What is selected elsewhere is shown here too.
    effect(move || {
        state.revision.track();
        revision.set(None);
    });
    let reply = answer(state, move || {
        let (revision, downgrade) = (shown.get(), downgrade.get());
        (revision != "base").then(|| Ask::Sql { revision, downgrade, dialect: dialect.get() })
    });
    let content = move || {
        if shown.with(|shown| shown == "base") {
            return view! { <p class="nothing">"Select a revision to see its SQL."</p> };
        }
        reply.with(|reply| match reply {
            None => view! { <p class="nothing">"Writing the SQL…"</p> },
            Some(Reply::Sql(sql)) => statements(state, sql),
            Some(reply) => refusal(reply),
        })
    };
    let way = move |down: bool, text: &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=move || (downgrade.get() == down).to_string()
                on:click=move |_| downgrade.set(down)
            >
                {text}
            </button>
        }
    };
    let option = |(name, title): (&'static str, &'static str)| view! { <option value=name>{title}</option> };
    let choose = move |name: String| dialect.set(Some(name).filter(|name| !name.is_empty()));
    view! {
        <div class="tools">
            {choice(state, "Revision", shown.into(), revision)}
            <span class="switch" role="group" aria-label="Direction">{way(false, "upgrade")} {way(true, "downgrade")}</span>
            <label class="choice">
                "Dialect"
                <select on:change:target=move |event| choose(event.target().value())>
                    <option value="">"as proved"</option>
                    {DIALECTS.map(option).collect_view()}
                </select>
            </label>
        </div>
        {content}
    }
}

fn statements(state: State, sql: &SqlView) -> Node {
    let whole: Vec<&str> = sql.pieces.iter().map(|piece| piece.text.trim_end()).collect();
    let whole = StoredValue::new(whole.join("\n\n"));
    let refused = sql.refused.clone().map(|why| {
        let word = Word { sign: "?", text: "no more SQL:", class: "is-unknown" };
        view! { <div class="note is-unknown">{word.view()} {why}</div> }
    });
    let none = sql.pieces.is_empty() && sql.refused.is_none();
    let pieces = sql.pieces.iter().map(|piece| statement(state, piece)).collect_view();
    view! {
        <section class="statements">
            <h3>{sql.dialect.clone()} {copy(state, "Copy all statements", move || whole.get_value())}</h3>
            {none.then(|| view! { <p class="nothing">"The step sends no SQL."</p> })}
            <ol>{pieces}</ol>
            {refused}
        </section>
    }
}

fn statement(state: State, piece: &SqlPiece) -> Node {
    let note = piece.note.clone().map(|note| view! { <p class="lock">{note}</p> });
    view! {
        <li class="statement">
            <pre tabindex="0"><code>{piece.text.clone()}</code></pre>
            <div class="about">{note} {marks::place(state, piece.spot.clone())}</div>
        </li>
    }
}
