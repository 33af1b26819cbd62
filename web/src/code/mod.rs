//! [`Code`]: the files: their tabs, and the editor.

mod bridge;
mod editor;
mod empty;
mod lens;
mod plain;
mod tabs;

use crate::dom::prelude::*;
use crate::dom::show;

use crate::state::State;
use editor::Editor;
use empty::Empty;
use tabs::Tabs;

/// The pane of the files.
#[component]
pub(crate) fn Code() -> impl IntoNode {
    let state = expect_context::<State>();
    let empty = Memo::new(move |_| state.workspace.with(|workspace| workspace.files.is_empty()));
    view! {
        <section id="code" class="pane" aria-labelledby="code-title">
            <div class="pane-head">
                <h2 id="code-title">"Code"</h2>
                <Tabs/>
            </div>
            <div class="pane-body code-body">
                {show(move || empty.get(), || view! { <Empty/> })}
                <div class="code-editor" hidden=move || empty.get()><Editor/></div>
            </div>
        </section>
    }
}
