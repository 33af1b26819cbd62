//! How files come in: pasted, dropped, chosen.

mod drop;
mod limits;
mod read;

use crate::dom::prelude::*;
use leptos::html::Input;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

use crate::dialog::Dialog;
use crate::state::State;

pub(crate) use drop::{catch_drops, catch_pastes};

/// A button that opens the box to paste into.
#[component]
pub(crate) fn PasteButton() -> impl IntoNode {
    let state = expect_context::<State>();
    view! {
        <button type="button" aria-haspopup="dialog" on:click=move |_| state.pasting.set(true)>"Paste files…"</button>
    }
}

/// Buttons to choose files, or a folder.
#[component]
pub(crate) fn BringButtons() -> impl IntoNode {
    view! {
        <ChooseButton title="Choose files…" folder=false/>
        <ChooseButton title="Choose folder…" folder=true/>
    }
}

#[component]
fn ChooseButton(title: &'static str, folder: bool) -> impl IntoNode {
    let state = expect_context::<State>();
    let input = NodeRef::<Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let files = input.files().map(|files| read::chosen(&files)).unwrap_or_default();
        // So that the same files can be chosen again after they were changed.
        input.set_value("");
        spawn_local(read::open(state, files));
    };
    effect(move || {
        if let Some(input) = input.get().filter(|_| folder) {
            // A browser that does not know it lets one choose files.
            _ = js_sys::Reflect::set(&input, &"webkitdirectory".into(), &JsValue::TRUE);
        }
    });
    view! {
        <button type="button" on:click=choose>{title}</button>
        <input
            type="file"
            class="aside"
            tabindex="-1"
            aria-hidden="true"
            data-choose=if folder { "folder" } else { "files" }
            multiple
            node_ref=input
            on:change=chosen
        />
    }
}

/// The box to paste into.
#[component]
pub(crate) fn PasteDialog() -> impl IntoNode {
    let state = expect_context::<State>();
    let text = RwSignal::new(String::new());
    let open = move |_| {
        state.pasting.set(false);
        state.paste(text.get_untracked());
        text.set(String::new());
    };
    view! {
        <Dialog id="paste" title="Paste files".to_owned() open=state.pasting close=move |()| state.pasting.set(false)>
            <label for="paste-box">
                "One migration, or many one after the other: they are told apart by their headers, or by lines like "
                <code>"# file: versions/1a2b_add_phone.py"</code> "."
            </label>
            <textarea
                id="paste-box"
                rows="14"
                spellcheck="false"
                autofocus
                prop:value=move || text.get()
                on:input:target=move |event| text.set(event.target().value())
            ></textarea>
            <div class="dialog-actions">
                <button type="button" class="primary" disabled=move || text.with(|text| text.trim().is_empty()) on:click=open>
                    "Open"
                </button>
            </div>
        </Dialog>
    }
}
