//! The shortcuts of the page as a whole. None of them is one of a browser's own, but Ctrl+S, which would save a page
//! that is of no use without its files.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::Tab;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::browser;
use crate::header::copy_link;
use crate::pane::Pane;
use crate::state::State;

/// Where the focus goes in a pane, best first.
const INSIDE: [(Pane, &str); 4] = [
    (Pane::Revisions, "#revisions [tabindex='0'], #revisions button"),
    (Pane::Code, "#code .cm-content, #code textarea, #code [role=tab][tabindex='0'], #code button"),
    (Pane::Database, "#database [tabindex='0'], #database button:not(:disabled)"),
    (Pane::Problems, "#problems .chosen .problem-line, #problems .problem-line, #problem-filter"),
];

/// Listens to the keys.
pub(crate) fn listen(state: State) {
    window_event_listener(ev::keydown, move |event| {
        if !event.default_prevented() && pressed(state, &event) {
            event.prevent_default();
        }
    });
}

/// Does what a key stands for; whether it stands for anything.
fn pressed(state: State, event: &KeyboardEvent) -> bool {
    let key = event.key();
    let control = event.ctrl_key() || event.meta_key();
    // While a dialog is open the page behind it does not move.
    let dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
    if dialog {
        return false;
    }
    match (key.as_str(), control, event.alt_key()) {
        ("F6", false, false) => next_pane(state, event.shift_key()),
        ("F8", false, false) => state.next_problem(event.shift_key()),
        ("s" | "S", true, false) if !event.shift_key() => spawn_local(async move { _ = copy_link(state).await }),
        ("ArrowUp", false, true) => press("step-up"),
        ("ArrowDown", false, true) => press("step-down"),
        ("Home", false, true) => press("step-base"),
        ("End", false, true) => press("step-head"),
        (digit, false, true) => {
            let at = event.code().strip_prefix("Digit").unwrap_or(digit).parse::<usize>().ok();
            let Some(tab) = at.and_then(|at| Tab::ALL.get(at.checked_sub(1)?)) else { return false };
            state.tab.set(*tab);
            state.pane.set(Pane::Database);
        }
        ("?", false, false) if !writing(event) => state.help.set(true),
        ("/", false, false) if !writing(event) => {
            state.pane.set(Pane::Problems);
            request_animation_frame(|| _ = browser::focus("#problem-filter"));
        }
        _ => return false,
    }
    true
}

/// Presses a button of the stepper, which knows where there is a choice.
fn press(id: &str) {
    if let Some(button) = browser::element(id) {
        button.click();
    }
}

/// Whether the key goes into a text.
fn writing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("input, textarea, select, [contenteditable]").ok().flatten().is_some())
}

/// Puts the focus into the next pane, or the one before.
fn next_pane(state: State, back: bool) {
    let here = document().active_element();
    let within = |pane: Pane| {
        let section = browser::element(pane.name());
        section.is_some_and(|section| section.contains(here.as_ref().map(AsRef::as_ref)))
    };
    let last = Pane::ALL.len() - 1;
    let at = Pane::ALL.iter().position(|pane| within(*pane));
    let to = match (at, back) {
        (None, false) => 0,
        (None, true) => last,
        (Some(at), false) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        (Some(at), true) => at.checked_sub(1).unwrap_or(last),
    };
    let pane = Pane::ALL[to];
    state.pane.set(pane);
    // A narrow screen shows the pane only then.
    request_animation_frame(move || {
        let inside = INSIDE.iter().find(|(of, _)| *of == pane).map_or("", |(_, inside)| inside);
        // In the order of preference, not in that of the page.
        if !inside.split(", ").any(browser::focus) {
            browser::focus(&format!("#{} h2", pane.name()));
        }
    });
}
