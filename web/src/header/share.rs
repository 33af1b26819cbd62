//! [`Share`]: the workspace as a link, as Markdown, as a file.

use std::time::Duration;

use crate::dom::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, Export, Reply};

use crate::browser;
use crate::dialog::{Dialog, Menu};
use crate::state::State;

/// What can be made of the workspace, beside a link: what the button says, and whether it is a file.
const EXPORTS: [(Export, &str, bool); 5] = [
    (Export::MarkdownLink, "Copy Markdown link", false),
    (Export::Markdown, "Copy Markdown report", false),
    (Export::Issue, "Copy issue report", false),
    (Export::Zip, "Download zip", true),
    (Export::Html, "Download HTML report", true),
];

/// How long a button says that it is done.
const DONE: Duration = Duration::from_secs(2);

/// The menu.
#[component]
pub(crate) fn Share() -> impl IntoNode {
    let state = expect_context::<State>();
    let length = RwSignal::new(None::<usize>);
    let warning = RwSignal::new(None::<String>);
    let measure = move |()| {
        spawn_local(async move {
            if let Some(Reply::Link(link)) = state.ask(Ask::Share(state.selection())).await {
                let long = browser::address().len() + 1 + link.fragment.len();
                length.set((!link.fragment.is_empty()).then_some(long));
                warning.set(link.warning);
            }
        });
    };
    let about = move || match (length.get(), warning.get()) {
        (_, Some(warning)) => warning,
        (Some(length), None) => {
            format!("The link is {length} characters long; it holds the files, and nothing is stored elsewhere.")
        }
        (None, None) => String::new(),
    };
    view! {
        <Menu id="share" title="Share" opened=measure>
            <ul class="share">
                <li><ShareLink/></li>
                {EXPORTS.map(|export| view! { <li><ShareExport export/></li> }).collect_view()}
            </ul>
            <p class:is-warning=move || warning.get().is_some()>{about}</p>
        </Menu>
        <ByHand/>
    }
}

/// Copies a link to what is on the page, and says how that went.
pub(crate) async fn copy_link(state: State) -> bool {
    match state.ask(Ask::Share(state.selection())).await {
        Some(Reply::Link(link)) if !link.fragment.is_empty() => {
            let text = format!("{}#{}", browser::address(), link.fragment);
            let copied = hand_over(state, text).await;
            if copied {
                state.say(link.warning.unwrap_or_else(|| "Link copied".to_owned()));
            }
            copied
        }
        Some(Reply::Link(link)) => {
            state.tell(link.warning.unwrap_or_else(|| "The files are too large for a link: download a zip".to_owned()));
            false
        }
        Some(other) => {
            state.take(other);
            false
        }
        None => false,
    }
}

/// Copies a text; where the browser does not let us, the visitor can.
pub(crate) async fn hand_over(state: State, text: String) -> bool {
    let copied = browser::copy(&text).await;
    if !copied {
        state.by_hand.set(Some(text));
    }
    copied
}

#[component]
fn ShareLink() -> impl IntoNode {
    let state = expect_context::<State>();
    let done = RwSignal::new(None);
    let copy = move |_| spawn_local(async move { said(done, copy_link(state).await) });
    view! { <button type="button" id="share-link" on:click=copy>{move || word(done, "Copy link", "Copied!")}</button> }
}

#[component]
fn ShareExport(export: (Export, &'static str, bool)) -> impl IntoNode {
    let state = expect_context::<State>();
    let done = RwSignal::new(None);
    let (format, title, file) = export;
    let make = move |_| {
        spawn_local(async move {
            let ask = Ask::Export { format, selection: state.selection(), page: browser::address() };
            let well = match state.ask(ask).await {
                Some(Reply::Exported(made)) if file => browser::download(&made.name, &made.mime, &made.bytes).is_some(),
                Some(Reply::Exported(made)) => {
                    hand_over(state, String::from_utf8_lossy(&made.bytes).into_owned()).await
                }
                Some(other) => {
                    state.take(other);
                    false
                }
                None => false,
            };
            said(done, well);
            if well {
                state.say(format!("{title}: done"));
            }
        });
    };
    let after = if file { "Downloaded" } else { "Copied!" };
    view! { <button type="button" on:click=make>{move || word(done, title, after)}</button> }
}

fn said(done: RwSignal<Option<bool>>, well: bool) {
    done.set(Some(well));
    set_timeout(move || done.set(None), DONE);
}

fn word(done: RwSignal<Option<bool>>, before: &'static str, after: &'static str) -> &'static str {
    match done.get() {
        None => before,
        Some(true) => after,
        Some(false) => "Failed",
    }
}

/// The text that the browser did not let us copy.
#[component]
fn ByHand() -> impl IntoNode {
    let state = expect_context::<State>();
    let text = move || state.by_hand.get().unwrap_or_default();
    view! {
        <Dialog
            id="by-hand"
            title="Copy this text".to_owned()
            open=Signal::derive(move || state.by_hand.get().is_some())
            close=move |()| state.by_hand.set(None)
        >
            <p>"The browser does not let the page copy. The text is selected: copy it yourself."</p>
            <textarea
                class="by-hand"
                aria-label="Text to copy"
                readonly
                autofocus
                prop:value=text
                on:focus:target=move |event| event.target().select()
            ></textarea>
        </Dialog>
    }
}
