//! [`Revisions`]: the graph of revisions.

use leptos::prelude::*;
use revproof_messages::{Move, Revision};

use crate::state::State;

/// The pane of the revisions.
#[component]
pub(crate) fn Revisions() -> impl IntoView {
    let state = expect_context::<State>();
    let row = move |revision: &Revision| {
        let (id, target) = (revision.id.clone(), revision.id.clone());
        let spot = revision.upgrade.doubts.iter().find_map(|doubt| doubt.spot.clone());
        let select = move |_| {
            state.select(&id);
            if let Some(spot) = &spot {
                state.reveal(spot);
            }
        };
        let go = move |_| state.replay(vec![Move::To(target.clone())]);
        view! { <li><button type="button" on:click=select on:dblclick=go>{revision.message.clone()}</button></li> }
    };
    let rows = move || {
        let revisions = |proof: &_| chain(proof, 0).iter().map(row).collect_view();
        state.proof.with(|proof| revisions(proof))
    };
    view! {
        <section id="revisions" class="pane" aria-labelledby="revisions-title">
            <div class="pane-head"><h2 id="revisions-title">"Revisions"</h2></div>
            <div class="pane-body"><ol>{rows}</ol></div>
        </section>
    }
}

fn chain(proof: &revproof_messages::Proof, at: usize) -> &[Revision] {
    proof.chains.get(at).map_or(&[], |chain| &chain.revisions)
}
