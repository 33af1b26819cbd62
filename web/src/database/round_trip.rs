//! The tab of the round trips: up, down and up again of every revision, and what came back.

use crate::dom::prelude::*;
use revproof_messages::{Ask, Move, Revision, Run, RunState, Tab, Verdict};

use crate::revisions::with_chain;
use crate::state::State;
use crate::words::{self, Word};

/// So many rows are shown before one asks for all.
const MANY: usize = 150;

/// How far a round trip is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leg {
    Up,
    Down,
    Again,
}

/// The tab.
#[component]
pub(super) fn RoundTrip() -> impl IntoNode {
    let state = expect_context::<State>();
    let only_bad = RwSignal::new(false);
    let all = RwSignal::new(false);
    let revisions = Memo::new(move |_| {
        let bad = only_bad.get();
        with_chain(state, |chain| {
            let revisions = chain.revisions.iter();
            revisions.filter(|found| !bad || found.verdict != Verdict::Reversible).cloned().collect::<Vec<_>>()
        })
    });
    let rows = move || {
        let most = if all.get() { usize::MAX } else { MANY };
        revisions.with(|revisions| revisions.iter().take(most).map(|found| row(state, found)).collect_view())
    };
    let more = move || revisions.with(Vec::len).saturating_sub(MANY);
    let rest = move || {
        (more() > 0 && !all.get()).then(|| {
            let text = format!("Show {} more", more());
            view! { <p class="more"><button type="button" on:click=move |_| all.set(true)>{text}</button></p> }
        })
    };
    view! {
        <div class="tools">
            <label class="check">
                <input type="checkbox" prop:checked=only_bad on:change:target=move |event| only_bad.set(event.target().checked())/>
                "Only what does not come back"
            </label>
            <span class="soft">"Choose a run to replay it."</span>
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label="Round trips">
            <table class="matrix">
                <thead>
                    <tr>
                        {["Revision", "Up", "Down", "Schema", "Rows", "Up again", "Verdict"]
                            .map(|title| view! { <th scope="col">{title}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {rest}
    }
}

fn row(state: State, revision: &Revision) -> Node {
    let selected = {
        let id = revision.id.clone();
        move || state.revision.with(|chosen| chosen.as_ref() == Some(&id))
    };
    let select = {
        let id = revision.id.clone();
        move |_| state.select(&id)
    };
    let because = (!revision.because.is_empty() && revision.verdict != Verdict::Reversible)
        .then(|| view! { <p class="because">{revision.because.clone()}</p> });
    // Where the downgrade did not run there is nothing to compare.
    let compared = |back: Option<bool>| match revision.downgrade.state {
        RunState::Ok | RunState::Empty | RunState::Unknown => words::restored(back),
        _ if back.is_some() => words::restored(back),
        _ => words::run(RunState::Skipped),
    };
    view! {
        <tr class:selected=selected>
            <th scope="row">
                <button type="button" class="quiet" on:click=select>
                    <code>{words::short(&revision.id).to_owned()}</code>
                    <span>{revision.message.clone()}</span>
                </button>
                {because}
            </th>
            {run(state, revision, Leg::Up, &revision.upgrade)}
            {run(state, revision, Leg::Down, &revision.downgrade)}
            <td>{compared(revision.schema_restored).view()}</td>
            <td>{compared(revision.rows_restored).view()}</td>
            {run(state, revision, Leg::Again, &revision.again)}
            <td>{words::verdict(revision.verdict).view()}</td>
        </tr>
    }
}

/// A run, which can be replayed where it was run.
fn run(state: State, revision: &Revision, leg: Leg, run: &Run) -> Node {
    let word: Word = words::run(run.state);
    if matches!(run.state, RunState::Skipped | RunState::Missing) {
        return view! { <td>{word.view()}</td> };
    }
    let verb = match leg {
        Leg::Up => "upgrade",
        Leg::Down => "downgrade",
        Leg::Again => "second upgrade",
    };
    let name = format!("{}: replay the {verb} of {}", word.text, words::short(&revision.id));
    let moves = moves(revision, leg);
    let id = revision.id.clone();
    let file = revision.file.clone();
    let replay = move |_| {
        state.revision.set(Some(id.clone()));
        if !file.is_empty() {
            state.file.set(Some(file.clone()));
        }
        state.tab.set(Tab::Rows);
        state.send(Ask::Replay(moves.clone()));
    };
    view! { <td><button type="button" class="quiet" aria-label=name on:click=replay>{word.view()}</button></td> }
}

/// The moves, from an empty database, that make a run.
fn moves(revision: &Revision, leg: Leg) -> Vec<Move> {
    let up = Move::To(revision.id.clone());
    let down = Move::Downgrade(match revision.down.as_slice() {
        [] => "base".to_owned(),
        [one] => one.clone(),
        _ => "-1".to_owned(),
    });
    match leg {
        Leg::Up => vec![up],
        Leg::Down => vec![up, down],
        Leg::Again => vec![up, down, Move::Upgrade(revision.id.clone())],
    }
}
