//! The tab of the difference between the schemas at two revisions.

use crate::dom::prelude::*;
use revproof_messages::{Ask, DiffLine, DiffView, Mark, Reply};

use super::answer::{answer, refusal};
use super::{marks, marks::copy};
use crate::revisions::with_chain;
use crate::state::State;
use crate::words;

/// The tab.
#[component]
pub(super) fn Diff() -> impl IntoNode {
    let state = expect_context::<State>();
    let (from, to) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let all = RwSignal::new(false);
    // Where nothing is chosen, the two sides of the selected revision.
    let shown = Memo::new(move |_| {
        let to = to.get().unwrap_or_else(|| selected(state));
        let from = from.get().unwrap_or_else(|| parent(state, &to));
        (from, to)
    });
    let reply = answer(state, move || {
        let (from, to) = shown.get();
        Some(Ask::Compare { from, to })
    });
    let content = move || {
        let all = all.get();
        reply.with(|reply| match reply {
            None => view! { <p class="nothing">"Comparing…"</p> },
            Some(Reply::Compared(diff)) => comparison(state, diff, all, reply_sql(reply.as_ref())),
            Some(reply) => refusal(reply),
        })
    };
    let other_way = move |_| {
        let (old_from, old_to) = shown.get_untracked();
        from.set(Some(old_to));
        to.set(Some(old_from));
    };
    view! {
        <div class="tools">
            {choice(state, "From", Signal::derive(move || shown.get().0), from)}
            {choice(state, "To", Signal::derive(move || shown.get().1), to)}
            <button type="button" on:click=other_way>"Other way"</button>
            <label class="check">
                <input type="checkbox" prop:checked=all on:change:target=move |event| all.set(event.target().checked())/>
                "Unchanged too"
            </label>
        </div>
        {content}
    }
}

/// The selected revision, or else the one that the database stands on.
pub(super) fn selected(state: State) -> String {
    let current = || state.database.with(|database| database.current.first().cloned());
    state.revision.get().or_else(current).unwrap_or_else(|| "base".to_owned())
}

fn parent(state: State, id: &str) -> String {
    let parent = with_chain(state, |chain| {
        chain.revisions.iter().find(|revision| revision.id == id).and_then(|revision| revision.down.first().cloned())
    });
    parent.unwrap_or_else(|| "base".to_owned())
}

/// A choice of a revision, or of the empty database.
pub(super) fn choice(
    state: State,
    name: &'static str,
    shown: Signal<String>,
    chosen: RwSignal<Option<String>>,
) -> Node {
    let options = move || {
        let option = |revision: &revproof_messages::Revision| {
            let text = format!("{} {}", words::short(&revision.id), revision.message);
            let id = revision.id.clone();
            let is = {
                let id = id.clone();
                move || shown.with(|shown| *shown == id)
            };
            view! { <option value=id prop:selected=is>{text}</option> }
        };
        with_chain(state, |chain| Some(chain.revisions.iter().map(option).collect_view()))
    };
    view! {
        <label class="choice">
            {name}
            <select aria-label=name on:change:target=move |event| chosen.set(Some(event.target().value()))>
                {options}
                <option value="base" prop:selected=move || shown.with(|shown| shown == "base")>"base (empty)"</option>
            </select>
        </label>
    }
}

fn reply_sql(reply: Option<&Reply>) -> StoredValue<String> {
    StoredValue::new(match reply {
        Some(Reply::Compared(diff)) => diff.sql.clone(),
        _ => String::new(),
    })
}

fn comparison(state: State, diff: &DiffView, all: bool, text: StoredValue<String>) -> Node {
    let lines: Vec<&DiffLine> = diff.lines.iter().filter(|line| all || line.mark != Mark::Same).collect();
    let title = |id: &str| if id == "base" { "base".to_owned() } else { words::short(id).to_owned() };
    let (from, to) = (title(&diff.from), title(&diff.to));
    if lines.is_empty() {
        let said = format!("Nothing differs between {from} and {to}.");
        return view! { <p class="nothing">{said}</p> };
    }
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Differences">
            <table class="diff">
                <thead>
                    <tr>
                        <th scope="col"><span class="aside">"What became of it"</span></th>
                        <th scope="col">"Before: " <code>{from}</code></th>
                        <th scope="col">"After: " <code>{to}</code></th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
        <section class="statements">
            <h3>"As SQL" {copy(state, "Copy the SQL", move || text.get_value())}</h3>
            <pre tabindex="0"><code>{diff.sql.clone()}</code></pre>
        </section>
    }
}

fn line(line: &DiffLine) -> Node {
    let inner = line.depth > 0;
    let part = |text: &str, gone: bool| {
        let text = text.to_owned();
        let text = if gone {
            view! { <del>{text}</del> }
        } else {
            text.into_node()
        };
        view! { <code class:inner=inner>{text}</code> }
    };
    view! {
        <tr class=words::class(line.mark)>
            {marks::cell(line.mark)}
            <td>{part(&line.before, line.mark == Mark::Gone)}</td>
            <td>{part(&line.after, false)}</td>
        </tr>
    }
}
