//! [`Pane`]: the parts of the page, of which a narrow screen shows one.

use crate::dom::prelude::*;

use crate::state::State;

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Pane {
    /// The graph of revisions.
    Revisions,
    /// The files.
    #[default]
    Code,
    /// The simulated database.
    Database,
    /// The list of problems.
    Problems,
}

impl Pane {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 4] = [Self::Revisions, Self::Code, Self::Database, Self::Problems];

    /// The identifier of its section.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Revisions => "revisions",
            Self::Code => "code",
            Self::Database => "database",
            Self::Problems => "problems",
        }
    }

    /// What its button in the bar says.
    fn title(self) -> &'static str {
        match self {
            Self::Revisions => "Graph",
            Self::Code => "Code",
            Self::Database => "Database",
            Self::Problems => "Problems",
        }
    }
}

/// The bar with which a narrow screen chooses its pane.
#[component]
pub(crate) fn PaneBar() -> impl IntoNode {
    let state = expect_context::<State>();
    let problems = move || state.proof.with(|proof| proof.problems.len());
    let button = move |pane: Pane| {
        let badge =
            move || (pane == Pane::Problems && problems() > 0).then(|| view! { <span class="badge">{problems}</span> });
        view! {
            <button
                type="button"
                aria-pressed=move || (state.pane.get() == pane).to_string()
                on:click=move |_| state.pane.set(pane)
            >
                {pane.title()} {badge}
            </button>
        }
    };
    view! { <nav class="panebar" aria-label="Panes">{Pane::ALL.map(button).collect_view()}</nav> }
}
