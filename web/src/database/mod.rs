//! [`Database`]: the simulated database: how it came to be as it is, and what is in it.

mod answer;
mod cells;
mod console;
mod diagram;
mod diff;
mod marks;
mod own;
mod past;
mod play;
mod report;
mod round_trip;
mod rows;
mod schema;
mod sql;
mod stepper;
mod tabs;

use crate::dom::prelude::*;
use revproof_messages::Tab;

use crate::revisions::with_chain;
use crate::state::State;

/// The pane of the database.
#[component]
pub(crate) fn Database() -> impl IntoNode {
    let state = expect_context::<State>();
    let dialect = move || with_chain(state, |chain| chain.dialect.clone());
    let source = move || with_chain(state, |chain| chain.dialect_source.clone());
    let panel = move || match state.tab.get() {
        Tab::Schema => view! { <schema::Schema/> },
        Tab::Rows => view! { <rows::Rows/> },
        Tab::Diff => view! { <diff::Diff/> },
        Tab::Sql => view! { <sql::Sql/> },
        Tab::RoundTrip => view! { <round_trip::RoundTrip/> },
        Tab::Diagram => view! { <diagram::Diagram/> },
        Tab::Console => view! { <console::Console/> },
    };
    view! {
        <section id="database" class="pane" aria-labelledby="database-title">
            <div class="pane-head">
                <h2 id="database-title">"Database"</h2>
                <span class="size">{dialect} " " <span class="source">{source}</span></span>
            </div>
            <stepper::Stepper/>
            <div class="pane-body">
                <report::Report/>
                <tabs::TabBar/>
                <div
                    id="panel"
                    class="panel"
                    role="tabpanel"
                    tabindex="0"
                    aria-labelledby=move || tabs::id(state.tab.get())
                >
                    {panel}
                </div>
            </div>
        </section>
    }
}
