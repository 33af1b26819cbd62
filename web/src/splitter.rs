//! [`Splitter`]: the line between two panes, moved with the pointer or the arrow keys.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

/// How narrow a pane can be made.
const LEAST: f64 = 160.0;
/// How far an arrow key goes.
const STEP: f64 = 24.0;

/// A line between two panes. It sets a CSS property of the panes to the width of the one that it belongs to.
#[component]
pub(crate) fn Splitter(
    /// What is read out.
    name: &'static str,
    /// The CSS property.
    property: &'static str,
    /// The width before it is moved.
    start: f64,
    /// Whether the pane grows when the line moves right.
    grows_right: bool,
) -> impl IntoView {
    let line = NodeRef::<Div>::new();
    let width = RwSignal::new(start);
    let held = RwSignal::new(None::<(f64, f64)>);
    let most = move || parent(line).map_or(start, |parent| (f64::from(parent.client_width()) * 0.6).max(LEAST));
    let set = move |wanted: f64| {
        let wanted = wanted.clamp(LEAST, most());
        width.set(wanted);
        if let Some(panes) = parent(line) {
            // The page goes on without: the panes keep their width.
            _ = panes.style().set_property(property, &format!("{wanted}px"));
        }
    };
    let grown = move |by: f64| width.get_untracked() + if grows_right { by } else { -by };
    let key = move |event: KeyboardEvent| {
        let wanted = match event.key().as_str() {
            "ArrowLeft" => grown(-STEP),
            "ArrowRight" => grown(STEP),
            "Home" => LEAST,
            "End" => most(),
            _ => return,
        };
        event.prevent_default();
        set(wanted);
    };
    let down = move |event: PointerEvent| {
        if let Some(line) = line.get_untracked() {
            // Without it the line is lost when the pointer is faster than it.
            _ = line.set_pointer_capture(event.pointer_id());
        }
        event.prevent_default();
        held.set(Some((f64::from(event.client_x()), width.get_untracked())));
    };
    let moved = move |event: PointerEvent| {
        if let Some((from, was)) = held.get_untracked() {
            let by = f64::from(event.client_x()) - from;
            set(was + if grows_right { by } else { -by });
        }
    };
    view! {
        <div
            class="splitter"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=name
            aria-valuenow=move || width.get().round().to_string()
            aria-valuemin=LEAST.to_string()
            aria-valuemax=move || most().round().to_string()
            node_ref=line
            on:keydown=key
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| held.set(None)
            on:pointercancel=move |_| held.set(None)
            on:dblclick=move |_| set(start)
        ></div>
    }
}

fn parent(line: NodeRef<Div>) -> Option<HtmlElement> {
    line.get_untracked()?.parent_element()?.dyn_into().ok()
}
