//! [`PreviewDialog`]: what a change does to the files, before it is made.

use crate::dom::prelude::*;

use super::difference::{Line, hunks};
use crate::dialog::Dialog;
use crate::state::{Preview, State};

/// The dialog.
#[component]
pub(crate) fn PreviewDialog() -> impl IntoNode {
    let state = expect_context::<State>();
    let title = Signal::derive(move || {
        state.preview.with(|preview| preview.as_ref().map(|preview| preview.title.clone()).unwrap_or_default())
    });
    let apply = move |_| {
        let Some(Preview { title, files }) = state.preview.get_untracked() else { return };
        let open = files.iter().find(|(_, text)| text.is_some()).map(|(path, _)| path.clone());
        state.preview.set(None);
        state.change(files);
        if open.is_some() {
            state.file.set(open);
        }
        state.say(format!("Done: {title}"));
    };
    let files = move || {
        let files = state.preview.get().map(|preview| preview.files).unwrap_or_default();
        files.into_iter().map(|(path, text)| view! { <FileChange path text/> }).collect_view()
    };
    view! {
        <Dialog
            id="preview"
            title
            open=Signal::derive(move || state.preview.with(Option::is_some))
            close=move |()| state.preview.set(None)
        >
            <div class="changes">{files}</div>
            <div class="dialog-actions">
                <button type="button" on:click=move |_| state.preview.set(None)>"Cancel"</button>
                <button type="button" class="primary" id="apply" autofocus on:click=apply>"Apply"</button>
            </div>
        </Dialog>
    }
}

/// What happens to one file.
#[component]
fn FileChange(path: String, text: Option<String>) -> impl IntoNode {
    let state = expect_context::<State>();
    let before = state.text(&path);
    let what = match (&before, &text) {
        (None, _) => "new file",
        (_, None) => "taken away",
        _ => "changed",
    };
    let lines = hunks(before.as_deref().unwrap_or_default(), text.as_deref().unwrap_or_default());
    let line = |line: Line| match line {
        Line::Same(text) => view! { <span class="same">"  "{text}"\n"</span> },
        Line::Gone(text) => view! { <del>"- "{text}"\n"</del> },
        Line::New(text) => view! { <ins>"+ "{text}"\n"</ins> },
        Line::Skipped(0) => ().into_node(),
        Line::Skipped(count) => view! { <span class="skipped">{format!("⋯ {count} lines\n")}</span> },
    };
    view! {
        <h3>{path} <small>" "{what}</small></h3>
        <pre class="change" tabindex="0">{lines.into_iter().map(line).collect_view()}</pre>
    }
}
