//! [`Empty`]: what stands where files would, while there are none.

use crate::dom::prelude::*;

use crate::bring::BringButtons;
use crate::header::Examples;
use crate::state::State;

/// A place to drop and to paste, and the examples.
#[component]
pub(super) fn Empty() -> impl IntoNode {
    let state = expect_context::<State>();
    let text = RwSignal::new(String::new());
    view! {
        <div class="empty">
            <div class="drop-zone">
                <p>"Drop files, a " <code>"versions/"</code> " folder, or a zip here."</p>
                <BringButtons/>
            </div>
            <label for="first-paste">"Or paste your migration files, one after the other"</label>
            <textarea
                id="first-paste"
                rows="10"
                spellcheck="false"
                prop:value=move || text.get()
                on:input:target=move |event| text.set(event.target().value())
            ></textarea>
            <button
                type="button"
                class="primary"
                disabled=move || text.with(|text| text.trim().is_empty())
                on:click=move |_| state.paste(text.get_untracked())
            >
                "Open"
            </button>
            <h3>"Or look at an example"</h3>
            <Examples/>
        </div>
    }
}
