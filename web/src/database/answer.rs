//! Questions that a tab asks while it is open, and asks again when what it is about changes.

use crate::dom::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, Reply};

use crate::state::State;

/// The newest reply to a question, which is asked again after every proof. `None` until the first has come.
pub(super) fn answer(state: State, question: impl Fn() -> Option<Ask> + 'static) -> RwSignal<Option<Reply>> {
    let reply = RwSignal::new(None);
    let newest = StoredValue::new(0_u32);
    effect(move || {
        state.proved.track();
        let Some(ask) = question() else { return };
        newest.update_value(|newest| *newest += 1);
        let number = newest.get_value();
        spawn_local(async move {
            let answer = state.ask(ask).await;
            // The tab may have been closed meanwhile, or a newer question be on its way.
            if answer.is_some() && newest.try_get_value() == Some(number) {
                reply.set(answer);
            }
        });
    });
    reply
}

/// What a refusal says.
pub(super) fn refusal(reply: &Reply) -> Node {
    match reply {
        Reply::Refused { message, help } => {
            let (message, help) = (message.clone(), help.clone());
            view! { <div class="note is-unknown"><strong>{message}</strong> <p>{help}</p></div> }
        }
        _ => ().into_node(),
    }
}
