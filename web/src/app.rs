//! The page as a whole.

use leptos::prelude::*;

use crate::code::Code;
use crate::database::Database;
use crate::header::Header;
use crate::pane::PaneBar;
use crate::problems::Problems;
use crate::revisions::Revisions;
use crate::splitter::Splitter;
use crate::state::State;

/// The page.
#[component]
pub(crate) fn App() -> impl IntoView {
    let state = State::new();
    provide_context(state);
    view! {
        <div class="page" data-pane=move || state.pane.get().name() class:stale=move || state.stale.get()>
            <Header/>
            <main class="panes">
                <Revisions/>
                <Splitter name="Width of the revisions" property="--revisions" start=280.0 grows_right=true/>
                <Code/>
                <Splitter name="Width of the database" property="--database" start=560.0 grows_right=false/>
                <Database/>
            </main>
            <Problems/>
            <PaneBar/>
            <div class="live" role="status">{move || state.said.get()}</div>
        </div>
    }
}
