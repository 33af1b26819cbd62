//! The list of revisions: which rows there are, which of them are in sight, and what the keys do.

use crate::dom::prelude::*;
use leptos::ev::KeyboardEvent;
use leptos::html::{Div, Ol};
use revproof_messages::{Chain, Revision};

use super::lanes::ROW;
use super::row::{Row, go};
use crate::browser;
use crate::state::State;

/// From so many rows on only those in sight are in the page.
const MANY: usize = 200;

/// Rows above and below what is in sight, so that a quick scroll finds no gap.
const MARGIN: usize = 12;

/// What is in sight before the first scroll tells.
const TALL: f64 = 1600.0;

/// The list, with the rows that hold the search text.
#[component]
pub(super) fn List(
    /// What is searched for.
    search: RwSignal<String>,
) -> impl IntoNode {
    let state = expect_context::<State>();
    let (frame, list) = (NodeRef::<Div>::new(), NodeRef::<Ol>::new());
    let sight = RwSignal::new((0.0, TALL));
    let cursor = RwSignal::new(None::<String>);
    let places = Memo::new(move |_| with_chain(state, |chain| found(chain, &search.read())));
    let shown = Memo::new(move |_| window(places.with(Vec::len), sight.get()));
    let height = |rows: usize| format!("{}px", rows * ROW as usize);
    let rows = move || {
        let (from, to) = shown.get();
        let whole = search.with(String::is_empty);
        let places: Vec<usize> = places.with(|places| places.get(from..to).unwrap_or_default().to_vec());
        let rows: Vec<Row> = state.database.with(|database| {
            with_chain(state, |chain| places.iter().filter_map(|at| Row::new(chain, *at, database, whole)).collect())
        });
        rows.into_iter().map(|row| row.view(state, cursor)).collect_view()
    };
    let reach = move |at: usize| reach(frame, places.with_untracked(|places| places.iter().position(|p| *p == at)));
    // Whatever selects a revision brings its row into sight.
    effect(move || {
        let chosen = state.revision.get();
        if let Some(at) = chosen.as_deref().and_then(|id| with_chain(state, |chain| place(chain, id))) {
            cursor.set(chosen);
            reach(at);
        }
    });
    let key = move |event: KeyboardEvent| {
        let own = event.target() == event.current_target();
        if !own || event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let at = cursor.get_untracked().and_then(|id| with_chain(state, |chain| place(chain, &id)));
        let key = event.key();
        if let (Some(at), "Enter" | " ") = (at, key.as_str()) {
            event.prevent_default();
            let Some(id) = with_chain(state, |chain| chain.revisions.get(at).map(|revision| revision.id.clone()))
            else {
                return;
            };
            if key == "Enter" { go(state, id) } else { state.select(&id) }
        } else if let Some(next) = with_chain(state, |chain| target(chain, &places.read_untracked(), at, &key)) {
            event.prevent_default();
            cursor.set(with_chain(state, |chain| chain.revisions.get(next).map(|revision| revision.id.clone())));
            reach(next);
        }
    };
    let active = move || {
        let at = cursor.with(|id| with_chain(state, |chain| place(chain, id.as_deref()?)))?;
        let (from, to) = shown.get();
        let there = places.with(|places| places.get(from..to).unwrap_or_default().contains(&at));
        there.then(|| format!("revision-{at}"))
    };
    let scrolled = move |_| {
        if let Some(frame) = frame.get_untracked() {
            sight.set((f64::from(frame.scroll_top()), f64::from(frame.client_height())));
        }
    };
    view! {
        <div class="pane-body" node_ref=frame on:scroll=scrolled>
            <ol
                class="graph"
                role="tree"
                aria-label="Revisions, newest first"
                aria-describedby="graph-keys"
                aria-activedescendant=active
                tabindex="0"
                node_ref=list
                on:keydown=key
                style:padding-block-start=move || height(shown.get().0)
                style:padding-block-end=move || height(places.with(Vec::len) - shown.get().1)
            >
                {rows}
            </ol>
        </div>
    }
}

/// The chain that is shown.
pub(crate) fn with_chain<T: Default>(state: State, with: impl FnOnce(&Chain) -> T) -> T {
    let at = state.database.with(|database| database.chain);
    state.proof.with(|proof| proof.chains.get(at).map(with).unwrap_or_default())
}

/// The places of the revisions that hold a text.
fn found(chain: &Chain, text: &str) -> Vec<usize> {
    let text = browser::small(text.trim());
    let holds = |revision: &Revision| {
        let labels = revision.labels.iter();
        [&revision.id, &revision.message, &revision.file]
            .into_iter()
            .chain(labels)
            .any(|part| browser::small(part).contains(&text))
    };
    let revisions = chain.revisions.iter().enumerate();
    revisions.filter(|(_, revision)| text.is_empty() || holds(revision)).map(|(at, _)| at).collect()
}

/// From which row to which one are in the page, where so many pixels are scrolled away and so many are in sight.
fn window(rows: usize, (top, height): (f64, f64)) -> (usize, usize) {
    if rows <= MANY {
        return (0, rows);
    }
    // Pixels are far below what the numbers hold.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no page is that tall")]
    let row = |pixels: f64| (pixels.max(0.0) / f64::from(ROW)) as usize;
    (row(top).saturating_sub(MARGIN).min(rows), (row(top + height) + MARGIN).min(rows))
}

fn place(chain: &Chain, id: &str) -> Option<usize> {
    chain.revisions.iter().position(|revision| revision.id == id)
}

/// Where a key leads: rows with the arrows up and down, parent and child with those left and right.
fn target(chain: &Chain, places: &[usize], at: Option<usize>, key: &str) -> Option<usize> {
    let row = at.and_then(|at| places.iter().position(|place| *place == at));
    let of = |ids: &dyn Fn(&Revision) -> Option<String>| place(chain, &ids(chain.revisions.get(at?)?)?);
    match key {
        "ArrowDown" => places.get(row.map_or(0, |row| row + 1)).copied(),
        "ArrowUp" => places.get(row.map_or(Some(0), |row| row.checked_sub(1))?).copied(),
        "Home" => places.first().copied(),
        "End" => places.last().copied(),
        "ArrowLeft" => of(&|revision| revision.down.first().cloned()),
        "ArrowRight" => of(&|revision| revision.next.first().cloned()),
        _ => None,
    }
}

/// Scrolls so that a row is in sight, no further than needed.
fn reach(frame: NodeRef<Div>, row: Option<usize>) {
    let (Some(frame), Some(row)) = (frame.get_untracked(), row.and_then(|row| i32::try_from(row).ok())) else { return };
    let height = i32::try_from(ROW).unwrap_or_default();
    let (top, bottom) = (row * height, (row + 1) * height);
    if top < frame.scroll_top() {
        frame.set_scroll_top(top);
    } else if bottom > frame.scroll_top() + frame.client_height() {
        frame.set_scroll_top(bottom - frame.client_height());
    }
}
