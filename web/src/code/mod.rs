//! [`Code`]: the files.

use leptos::prelude::*;
use revproof_messages::{File, Workspace};

use crate::state::State;

/// The pane of the files.
#[component]
pub(crate) fn Code() -> impl IntoView {
    let state = expect_context::<State>();
    let text = move || {
        let path = state.file.get();
        state.workspace.with(|workspace| {
            let file = workspace.files.iter().find(|file| Some(&file.path) == path.as_ref());
            file.map(|file| file.text.clone()).unwrap_or_default()
        })
    };
    let write = move |text: String| {
        if let Some(path) = state.file.get_untracked() {
            return state.change(vec![(path, Some(text))]);
        }
        let file = File { path: "versions/pasted.py".to_owned(), text };
        state.open(Workspace { files: vec![file], ..Workspace::default() });
    };
    view! {
        <section id="code" class="pane" aria-labelledby="code-title">
            <div class="pane-head"><h2 id="code-title">"Code"</h2></div>
            <div class="pane-body">
                <textarea
                    aria-label="Text of the file"
                    spellcheck="false"
                    prop:value=text
                    on:input:target=move |event| write(event.target().value())
                ></textarea>
            </div>
        </section>
    }
}
