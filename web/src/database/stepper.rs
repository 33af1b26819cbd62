//! The stepper: base, down, where the database stands, up, head.

use crate::dom::prelude::*;
use revproof_messages::{Chain, DatabaseView, Move};

use super::play::Play;
use crate::revisions::with_chain;
use crate::state::State;
use crate::words;

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Way {
    /// The revisions that a step this way can be about.
    fn next(self, database: &DatabaseView) -> &[String] {
        match self {
            Self::Up => &database.up,
            Self::Down => &database.down,
        }
    }

    /// The step that is about a revision.
    fn step(self, id: &str) -> Move {
        match self {
            Self::Up => Move::Upgrade(id.to_owned()),
            // At a merge point `downgrade -1` goes on down one branch.
            Self::Down => Move::Revert(id.to_owned()),
        }
    }
}

/// The buttons that move the database by a revision, or all the way.
#[component]
pub(super) fn Stepper() -> impl IntoNode {
    let state = expect_context::<State>();
    let choosing = RwSignal::new(None::<Way>);
    // A choice is over once the database stands elsewhere.
    effect(move || {
        state.database.track();
        choosing.set(None);
    });
    let step = move |way: Way| {
        let next = state.database.with_untracked(|database| way.next(database).to_vec());
        match next.as_slice() {
            [] => {}
            [one] => state.go(way.step(one)),
            _ => choosing.update(|choosing| *choosing = if *choosing == Some(way) { None } else { Some(way) }),
        }
    };
    let ends = move |way: Way| state.database.with(|database| way.next(database).is_empty());
    let chooses = move |way: Way| {
        let several = state.database.with(|database| way.next(database).len() > 1);
        several.then(|| (choosing.get() == Some(way)).to_string())
    };
    let all = move |way: Way| {
        if state.database.with_untracked(|database| !way.next(database).is_empty()) {
            state.go(match way {
                Way::Up => Move::Upgrade("head".to_owned()),
                Way::Down => Move::Downgrade("base".to_owned()),
            });
        }
    };
    let button = move |id, way, sign: (&'static str, &'static str), word, name, pressed: Callback<()>| {
        let (before, after) = sign;
        view! {
            <button
                id=id
                type="button"
                aria-label=name
                aria-disabled=move || ends(way).then_some("true")
                aria-expanded=move || if id == "step-up" || id == "step-down" { chooses(way) } else { None }
                on:click=move |_| pressed.run(())
            >
                <span aria-hidden="true">{before}</span>
                <span class="word">{word}</span>
                <span aria-hidden="true">{after}</span>
            </button>
        }
    };
    let pressed = move |way| Callback::new(move |()| step(way));
    let pressed_all = move |way| Callback::new(move |()| all(way));
    view! {
        <div class="stepper" role="group" aria-label="Step through the revisions">
            {button("step-base", Way::Down, ("|◀\u{fe0e}", ""), "base", "base: downgrade all", pressed_all(Way::Down))}
            {button("step-down", Way::Down, ("◀\u{fe0e}", ""), "down", "down: downgrade one revision", pressed(Way::Down))}
            <p class="position">{move || position(state)}</p>
            {button("step-up", Way::Up, ("", "▶\u{fe0e}"), "up", "up: upgrade one revision", pressed(Way::Up))}
            {button("step-head", Way::Up, ("", "▶\u{fe0e}|"), "head", "head: upgrade all", pressed_all(Way::Up))}
            <Play/>
        </div>
        {move || choosing.get().map(|way| chooser(state, way))}
    }
}

/// The choice at a branch point, or where several branches end.
fn chooser(state: State, way: Way) -> Node {
    let next = state.database.with(|database| way.next(database).to_vec());
    let choice = move |id: String| {
        let title = with_chain(state, |chain| title(chain, &id));
        let pressed = move |_| state.go(way.step(&id));
        view! { <button type="button" on:click=pressed>{title}</button> }
    };
    let (asked, all) = match way {
        Way::Up => ("Upgrade to which?", Some(Move::Upgrade("heads".to_owned()))),
        Way::Down => ("Downgrade which?", None),
    };
    let all = all.map(|all| {
        view! { <button type="button" on:click=move |_| state.go(all.clone())>"All heads"</button> }
    });
    view! {
        <div class="chooser" role="group" aria-label=asked>
            <span>{asked}</span>
            {next.into_iter().map(choice).collect_view()}
            {all}
        </div>
    }
}

/// Where the database stands: `5 of 8: 9c1e add phone`.
fn position(state: State) -> Node {
    let current = state.database.with(|database| database.current.clone());
    let (places, titles, all) = with_chain(state, |chain| {
        let all = chain.revisions.len();
        let place = |id: &String| chain.revisions.iter().position(|revision| revision.id == *id).map(|at| all - at);
        let mut places = Vec::new();
        for place in current.iter().filter_map(place) {
            places.insert(places.partition_point(|before| *before < place), place);
        }
        let titles: Vec<String> = current.iter().map(|id| title(chain, id)).collect();
        (places, titles, all)
    });
    let number = match places.as_slice() {
        [] if current.is_empty() => format!("0 of {all}"),
        places => {
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            format!("{} of {all}", places.join(" and "))
        }
    };
    let title = if current.is_empty() { "base, an empty database".to_owned() } else { titles.join(" and ") };
    view! { <strong>{number}": "</strong><span class="title">{title}</span> }
}

/// A revision as people call it.
fn title(chain: &Chain, id: &str) -> String {
    let message = chain.revisions.iter().find(|revision| revision.id == id).map_or("", |revision| &revision.message);
    format!("{} {message}", words::short(id))
}
