//! The tab in which SQL is run on the database as it stands.

use crate::dom::prelude::*;
use leptos::ev::KeyboardEvent;
use leptos::html::Textarea;
use leptos::task::spawn_local;
use revproof_messages::{Ask, QueryAnswer, Reply};

use super::answer::refusal;
use super::cells::cell;
use crate::state::State;
use crate::words::{self, Word};

/// What was run before, oldest first, and which of it is shown; lives as long as the page.
#[derive(Clone, Copy)]
struct History {
    lines: RwSignal<Vec<String>>,
    at: RwSignal<Option<usize>>,
}

/// The tab.
#[component]
pub(super) fn Console() -> impl IntoNode {
    let state = expect_context::<State>();
    let input = NodeRef::<Textarea>::new();
    let text = RwSignal::new(String::new());
    let reply = RwSignal::new(None::<Reply>);
    let history = History { lines: RwSignal::new(Vec::new()), at: RwSignal::new(None) };
    let run = move || {
        let query = text.get_untracked();
        if query.trim().is_empty() {
            return;
        }
        history.keep(&query);
        spawn_local(async move {
            let Some(answer) = state.ask(Ask::Query(query)).await else {
                return state.say("The files have changed meanwhile: run it again".to_owned());
            };
            state.take(answer.clone());
            // The tab may have been closed meanwhile.
            _ = reply.try_set(Some(answer));
            _ = text.try_set(String::new());
        });
    };
    let key = move |event: KeyboardEvent| {
        let Some(input) = input.get_untracked() else { return };
        let (value, caret) = (input.value(), input.selection_start().ok().flatten().unwrap_or_default() as usize);
        let older = event.key() == "ArrowUp" && !event.alt_key() && !value.chars().take(caret).any(|c| c == '\n');
        let newer = event.key() == "ArrowDown" && !event.alt_key() && !value.chars().skip(caret).any(|c| c == '\n');
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            run();
        } else if (older || newer)
            && let Some(line) = history.turn(older)
        {
            event.prevent_default();
            text.set(line);
        }
    };
    let results = move || {
        reply.with(|reply| match reply {
            Some(Reply::Queried(answers, _)) => answers.iter().map(result).collect_view(),
            Some(reply) => refusal(reply),
            None => {
                let examples =
                    "For example SELECT * FROM a table, or an UPDATE before a downgrade, to see what becomes of it.";
                view! { <p class="nothing">{examples}</p> }
            }
        })
    };
    view! {
        <div class="console">
            <label for="console-input">"SQL, run on the simulated database as it stands"</label>
            <textarea
                id="console-input"
                rows="3"
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                placeholder="SELECT * FROM …"
                node_ref=input
                prop:value=text
                on:input:target=move |event| text.set(event.target().value())
                on:keydown=key
            ></textarea>
            <div class="tools">
                <button type="button" class="primary" on:click=move |_| run()>"Run"</button>
                <span class="soft">"Ctrl+Enter runs it. Arrow up brings back what was run before."</span>
            </div>
            <div class="results">{results}</div>
        </div>
    }
}

impl History {
    fn keep(self, query: &str) {
        self.at.set(None);
        self.lines.update(|lines| {
            if lines.last().map(String::as_str) != Some(query) {
                lines.push(query.to_owned());
            }
        });
    }

    /// The line before the one that is shown, or the one after it.
    fn turn(self, older: bool) -> Option<String> {
        let lines = self.lines.get_untracked();
        let at = match (self.at.get_untracked(), older) {
            (None, true) => lines.len().checked_sub(1)?,
            (Some(at), true) => at.checked_sub(1)?,
            (Some(at), false) => at + 1,
            (None, false) => return None,
        };
        self.at.set((at < lines.len()).then_some(at));
        Some(lines.get(at).cloned().unwrap_or_default())
    }
}

fn result(answer: &QueryAnswer) -> Node {
    let failed = Word { sign: "✗", text: "error:", class: "is-failed" };
    let unknown = Word { sign: "?", text: "not known:", class: "is-unknown" };
    let box_of = |word: Word, text: &String| {
        view! { <div class=format!("note {}", word.class)>{word.view()} {text.clone()}</div> }
    };
    let written = answer.written.map(|rows| {
        let rows = words::count(usize::try_from(rows).unwrap_or(usize::MAX), "row");
        view! { <p class="written">{rows} " written"</p> }
    });
    let grid = (!answer.columns.is_empty()).then(|| grid(answer));
    view! {
        <section class="result">
            <pre tabindex="0"><code>{answer.statement.clone()}</code></pre>
            {answer.error.as_ref().map(|error| box_of(failed, error))}
            {answer.unknown.as_ref().map(|why| box_of(unknown, why))}
            {written}
            {grid}
        </section>
    }
}

fn grid(answer: &QueryAnswer) -> Node {
    let title = |column: &String| view! { <th scope="col"><code>{column.clone()}</code></th> };
    let row = |cells: &Vec<revproof_messages::Cell>| view! { <tr>{cells.iter().map(cell).collect_view()}</tr> };
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Result">
            <table class="rows plain">
                <thead><tr>{answer.columns.iter().map(title).collect_view()}</tr></thead>
                <tbody>{answer.rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="more">{words::count(answer.rows.len(), "row")}</p>
    }
}
