//! [`Splitter`]: the line between two panes, moved with the pointer or the arrow keys.

use crate::dom::prelude::*;
use leptos::html::Div;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use crate::browser;

/// How small a pane can be made.
const LEAST: f64 = 96.0;
/// How far an arrow key goes.
const STEP: f64 = 24.0;

/// Where the pane is whose size a line changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Left of the line.
    Left,
    /// Right of it.
    Right,
    /// Below it.
    Below,
}

/// A line between two panes. It sets a CSS property of what holds it to the size of the pane that it belongs to.
#[component]
pub(crate) fn Splitter(
    /// What is read out.
    name: &'static str,
    /// The CSS property.
    property: &'static str,
    /// Where the pane is.
    side: Side,
    /// The identifier of the pane.
    pane: &'static str,
) -> impl IntoNode {
    let line = NodeRef::<Div>::new();
    // Unknown until it is moved: before, the style sheet says.
    let extent = RwSignal::new(None::<f64>);
    let held = StoredValue::new(None::<(f64, f64)>);
    let along = move |width: i32, height: i32| f64::from(if side == Side::Below { height } else { width });
    let now = move || {
        let pane = browser::element(pane);
        extent.get_untracked().or_else(|| Some(along(pane.as_ref()?.offset_width(), pane?.offset_height())))
    };
    let most = move || {
        let room = parent(line).map_or(1000.0, |parent| along(parent.client_width(), parent.client_height()));
        (room * 0.6).max(LEAST)
    };
    let set = move |wanted: f64| {
        let wanted = wanted.min(most()).max(LEAST);
        extent.set(Some(wanted));
        if let Some(parent) = parent(line) {
            browser::style(&parent, property, &browser::pixels(wanted));
        }
    };
    let sign = if side == Side::Left { 1.0 } else { -1.0 };
    let key = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => -STEP,
            "ArrowRight" | "ArrowDown" => STEP,
            "Home" => f64::NEG_INFINITY * sign,
            "End" => f64::INFINITY * sign,
            _ => return,
        };
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        event.prevent_default();
        set(now().unwrap_or(LEAST) + by * sign);
    };
    let at = move |event: &PointerEvent| along(event.client_x(), event.client_y());
    let down = move |event: PointerEvent| {
        if let Some(line) = line.get_untracked() {
            // Without it the line is lost when the pointer is faster than it.
            _ = line.set_pointer_capture(event.pointer_id());
        }
        event.prevent_default();
        held.set_value(now().map(|now| (at(&event), now)));
    };
    let moved = move |event: PointerEvent| {
        if let Some((from, was)) = held.get_value() {
            set(was + (at(&event) - from) * sign);
        }
    };
    let value = move || browser::whole(extent.get().or_else(now).unwrap_or(LEAST)).to_string();
    let told = RwSignal::new(String::new());
    // What it is can only be told when the panes are there.
    effect(move || {
        if line.get().is_some() {
            request_animation_frame(move || told.set(untrack(value)));
        }
    });
    effect(move || {
        extent.track();
        told.set(value());
    });
    view! {
        <div
            class="splitter"
            class:across=side == Side::Below
            role="separator"
            tabindex="0"
            aria-orientation=if side == Side::Below { "horizontal" } else { "vertical" }
            aria-label=name
            aria-controls=pane
            aria-valuenow=move || told.get()
            aria-valuemin=browser::whole(LEAST).to_string()
            aria-valuemax=move || {
                told.track();
                browser::whole(most()).to_string()
            }
            node_ref=line
            on:keydown=key
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| held.set_value(None)
            on:pointercancel=move |_| held.set_value(None)
        ></div>
    }
}

fn parent(line: NodeRef<Div>) -> Option<HtmlElement> {
    line.get_untracked()?.parent_element()?.dyn_into().ok()
}
