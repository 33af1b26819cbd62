//! The page as a whole.

use crate::dom::prelude::*;
use revproof_messages::Ask;

use crate::banner::Banner;
use crate::bring::{PasteDialog, catch_drops, catch_pastes};
use crate::code::Code;
use crate::database::Database;
use crate::header::Header;
use crate::keys;
use crate::pane::PaneBar;
use crate::problems::{Manual, PreviewDialog, Problems};
use crate::revisions::Revisions;
use crate::splitter::{Side, Splitter};
use crate::state::{Notice, State};

/// The page.
#[component]
pub(crate) fn App() -> impl IntoNode {
    let state = State::new();
    provide_context(state);
    let above = RwSignal::new(false);
    state.begin();
    state.keep_work();
    keys::listen(state);
    catch_drops(state, above);
    catch_pastes(state);
    window_event_listener_untyped("revproof:update", move |_| state.notice.set(Notice::Update));
    // How the tests see what becomes of the page when the analyser crashes.
    window_event_listener_untyped("revproof:panic", move |_| state.send(Ask::Panic));
    view! {
        <div
            class="page"
            data-pane=move || state.pane.get().name()
            class:stale=move || state.stale.get()
            class:late=move || state.late.get()
            class:dropping=move || above.get()
        >
            <Header/>
            <Banner/>
            <main class="panes">
                <Revisions/>
                <Splitter name="Width of the revisions" property="--revisions" side=Side::Left pane="revisions"/>
                <Code/>
                <Splitter name="Width of the database" property="--database" side=Side::Right pane="database"/>
                <Database/>
            </main>
            <Splitter name="Height of the problems" property="--problems" side=Side::Below pane="problems"/>
            <Problems/>
            <Manual/>
            <PaneBar/>
            <PasteDialog/>
            <PreviewDialog/>
            <div class="live hidden" role="status">{move || state.said.get()}</div>
        </div>
    }
}
