//! A row of the list of revisions, and what is read out for it.

use crate::dom::prelude::*;
use revproof_messages::{Chain, DatabaseView, Move, Revision};

use super::lanes;
use crate::state::State;
use crate::words;

/// What a row shows, taken from proof and database.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// The revision.
    pub(super) revision: Revision,
    /// Its place in the chain, from 0 for the newest.
    pub(super) at: usize,
    /// How many revisions the chain has.
    of: usize,
    /// Whether the database stands on it.
    current: bool,
    /// Whether it is applied.
    applied: bool,
    /// How many lanes the graph is wide.
    lanes: u32,
    /// Whether the lines of the graph are drawn: not where rows between are left out.
    lines: bool,
}

impl Row {
    /// The row of the revision at a place of its chain.
    pub(super) fn new(chain: &Chain, at: usize, database: &DatabaseView, lines: bool) -> Option<Self> {
        let revision = chain.revisions.get(at)?.clone();
        Some(Self {
            at,
            of: chain.revisions.len(),
            current: database.current.contains(&revision.id),
            applied: database.applied.contains(&revision.id),
            lanes: if lines { chain.lanes } else { 1 },
            lines,
            revision,
        })
    }

    /// What is read out: `9c1e add phone, revision 5 of 8, child of 51bd, head, lossy, 2 errors`.
    fn name(&self) -> String {
        let revision = &self.revision;
        let mut parts = vec![
            format!("{} {}", words::short(&revision.id), revision.message),
            format!("revision {} of {}", self.of - self.at, self.of),
        ];
        let parents: Vec<&str> = revision.down.iter().map(|id| words::short(id)).collect();
        parts.push(if parents.is_empty() {
            "no parent".to_owned()
        } else {
            format!("child of {}", parents.join(" and "))
        });
        parts.extend(revision.depends_on.iter().map(|id| format!("depends on {}", words::short(id))));
        parts.extend(self.badges().into_iter().map(|(_, text)| text));
        parts.push(words::verdict(revision.verdict).text.to_owned());
        parts.join(", ")
    }

    /// The badges: class and text.
    fn badges(&self) -> Vec<(&'static str, String)> {
        let revision = &self.revision;
        let is = [
            (self.current, "badge is-current", "current"),
            (revision.head, "badge", "head"),
            (revision.branch_point, "badge", "branch point"),
            (revision.down.len() > 1, "badge", "merge"),
        ];
        let is = is.into_iter().filter(|(is, _, _)| *is).map(|(_, class, text)| (class, text.to_owned()));
        let labels = revision.labels.iter().map(|label| ("badge is-label", format!("label {label}")));
        let counts = [("badge is-error", revision.errors, "error"), ("badge is-warning", revision.warnings, "warning")];
        let counts = counts.into_iter().filter(|(_, number, _)| *number > 0);
        let counts = counts.map(|(class, number, what)| (class, words::count(number as usize, what)));
        counts.chain(is).chain(labels).collect()
    }

    /// The row, to be seen.
    pub(super) fn view(self, state: State, cursor: RwSignal<Option<String>>) -> Node {
        let id = StoredValue::new(self.revision.id.clone());
        let is_cursor =
            move || cursor.with(|cursor| cursor.as_ref().is_some_and(|cursor| id.with_value(|id| id == cursor)));
        let is_selected = move || state.revision.with(|chosen| id.with_value(|id| chosen.as_ref() == Some(id)));
        let go = move || go(state, id.get_value());
        let select = move |_| {
            cursor.set(Some(id.get_value()));
            state.select(&id.get_value());
        };
        let word = words::verdict(self.revision.verdict);
        let badge = |(class, text): (&'static str, String)| {
            let sign = (class == "badge is-current").then_some("▶\u{fe0e} ");
            view! { <span class=class>{sign}{text}</span> }
        };
        let towards = if self.applied { "Downgrade to here" } else { "Upgrade to here" };
        let button = (!self.current).then(|| {
            let pressed = move |event: web_sys::MouseEvent| {
                event.stop_propagation();
                cursor.set(Some(id.get_value()));
                go();
            };
            let stop = move || if is_cursor() { "0" } else { "-1" };
            view! { <button type="button" class="go" tabindex=stop on:click=pressed>{towards}</button> }
        });
        view! {
            <li
                id=format!("revision-{}", self.at)
                role="treeitem"
                data-verdict=word.text
                class=format!("revision {}", word.class)
                class:cursor=is_cursor
                class:current=self.current
                aria-posinset=(self.at + 1).to_string()
                aria-setsize=self.of.to_string()
                aria-selected=move || is_selected().to_string()
                aria-current=self.current.then_some("step")
                on:click=select
                on:dblclick=move |_| if !state.follow.get_untracked() { go() }
            >
                {lanes::view(&self.revision, self.lanes, self.applied, self.lines)}
                <span class="aside name">{self.name()}</span>
                <span class="what" aria-hidden="true">
                    <span class="message">{self.revision.message.clone()}</span>
                    <span class="second">
                        <code title=self.revision.id.clone()>{words::short(&self.revision.id).to_owned()}</code>
                        {word.view()}
                        {self.badges().into_iter().map(badge).collect_view()}
                    </span>
                </span>
                {button}
            </li>
        }
    }
}

/// Selects a revision and moves the database there.
pub(super) fn go(state: State, id: String) {
    state.select(&id);
    // Where the database follows, it is on its way already.
    if !state.follow.get_untracked() {
        state.go(Move::To(id));
    }
}
