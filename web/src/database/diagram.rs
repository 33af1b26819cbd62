//! The tab of the entity-relationship diagram, and the same in words.

use crate::dom::prelude::*;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use revproof_messages::{Ask, DatabaseView, Mark, Reply, Table};

use super::answer::{answer, refusal};
use crate::state::State;

/// How much larger a step makes it.
const LARGER: (u32, u32) = (5, 4);
const SMALLER: (u32, u32) = (4, 5);
/// As large as it is, in percent.
const FULL: u32 = 100;
/// How far an arrow key goes, in pixels.
const PAN: i32 = 60;

/// The tab.
#[component]
pub(super) fn Diagram() -> impl IntoNode {
    let state = expect_context::<State>();
    let zoom = RwSignal::new(FULL);
    let frame = NodeRef::<Div>::new();
    let held = RwSignal::new(None::<(i32, i32)>);
    let reply = answer(state, move || {
        state.database.track();
        Some(Ask::Diagram)
    });
    let scale = move |(by, of): (u32, u32)| zoom.update(|zoom| *zoom = (*zoom * by / of).clamp(FULL / 5, FULL * 4));
    let key = move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "+" | "=" => scale(LARGER),
            "-" => scale(SMALLER),
            "0" => zoom.set(FULL),
            "ArrowLeft" => pan(frame, -PAN, 0),
            "ArrowRight" => pan(frame, PAN, 0),
            "ArrowUp" => pan(frame, 0, -PAN),
            "ArrowDown" => pan(frame, 0, PAN),
            _ => return,
        }
        event.prevent_default();
    };
    let moved = move |event: web_sys::PointerEvent| {
        if let Some((x, y)) = held.get_untracked() {
            pan(frame, x - event.client_x(), y - event.client_y());
            held.set(Some((event.client_x(), event.client_y())));
        }
    };
    let content = move || {
        reply.with(|reply| match reply {
            None => view! { <p class="nothing">"Drawing…"</p> },
            Some(Reply::Text(svg)) => view! {
                <div class="drawing" style:zoom=move || format!("{}%", zoom.get()) inner_html=svg.clone()></div>
            },
            Some(reply) => refusal(reply),
        })
    };
    let size = move || format!("{} %", zoom.get());
    view! {
        <div class="tools" role="group" aria-label="Size of the diagram">
            <button type="button" aria-label="Smaller" on:click=move |_| scale(SMALLER)>"−"</button>
            <button type="button" on:click=move |_| zoom.set(FULL)>{size}</button>
            <button type="button" aria-label="Larger" on:click=move |_| scale(LARGER)>"+"</button>
            <span class="soft">"Arrow keys move it, + and − change its size."</span>
        </div>
        <div
            class="diagram"
            class:held=move || held.get().is_some()
            role="img"
            aria-label="Diagram of the tables and their foreign keys; in words below"
            tabindex="0"
            node_ref=frame
            on:keydown=key
            on:pointerdown=move |event| if event.pointer_type() == "mouse" { held.set(Some((event.client_x(), event.client_y()))) }
            on:pointermove=moved
            on:pointerup=move |_| held.set(None)
            on:pointerleave=move |_| held.set(None)
        >
            {content}
        </div>
        <details class="in-words">
            <summary>"The diagram in words"</summary>
            <ul>{move || state.database.with(in_words)}</ul>
        </details>
    }
}

fn pan(frame: NodeRef<Div>, x: i32, y: i32) {
    if let Some(frame) = frame.get_untracked() {
        frame.set_scroll_left(frame.scroll_left() + x);
        frame.set_scroll_top(frame.scroll_top() + y);
    }
}

/// Each table with its columns, and what they refer to.
fn in_words(database: &std::sync::Arc<DatabaseView>) -> Node {
    let table = |table: &Table| {
        let columns = table.columns.iter().filter(|column| column.mark != Mark::Gone);
        let column = |column: &revproof_messages::Column| match column.keys.as_slice() {
            [] => column.name.clone(),
            keys => format!("{} ({})", column.name, keys.join(", ")),
        };
        let columns: Vec<String> = columns.map(column).collect();
        view! { <li><strong>{table.name.clone()}</strong> ": " {columns.join(", ")}</li> }
    };
    let there = database.tables.iter().filter(|table| table.mark != Mark::Gone);
    there.map(table).collect_view()
}
