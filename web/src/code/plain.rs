//! [`Plain`]: an editor without colours, for as long as there is no other.

use crate::dom::prelude::*;
use leptos::html::Textarea;

use crate::state::State;

/// The text of the open file in a plain text area.
#[component]
pub(super) fn Plain() -> impl IntoNode {
    let state = expect_context::<State>();
    let area = NodeRef::<Textarea>::new();
    let text = Memo::new(move |_| {
        let path = state.file.get();
        state.workspace.with(|workspace| {
            let file = workspace.files.iter().find(|file| Some(&file.path) == path.as_ref());
            file.map(|file| file.text.clone()).unwrap_or_default()
        })
    });
    let write = move |text: String| {
        if let Some(path) = state.file.get_untracked() {
            state.change(vec![(path, Some(text))]);
        }
    };
    effect(move || {
        if let (Some(spot), Some(area)) = (state.spot.get(), area.get()) {
            // It scrolls there only when it has the focus; a browser that can't select shows the file from its start.
            _ = area.set_selection_range(spot.from, spot.to);
        }
    });
    view! {
        <textarea
            class="plain"
            aria-label="Text of the file"
            spellcheck="false"
            autocapitalize="off"
            autocomplete="off"
            wrap="off"
            node_ref=area
            prop:value=move || text.get()
            on:input:target=move |event| write(event.target().value())
        ></textarea>
    }
}
