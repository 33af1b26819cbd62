//! The graph as a file.

use crate::dom::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, Reply};

use crate::browser;
use crate::dialog::Menu;
use crate::state::State;

/// What the graph can be had as: format, title, media type, ending.
const FORMATS: [(&str, &str, &str, &str); 3] = [
    ("svg", "Picture (SVG)", "image/svg+xml", "svg"),
    ("mermaid", "Mermaid", "text/plain", "mmd"),
    ("dot", "Graphviz (DOT)", "text/plain", "dot"),
];

/// The menu from which the graph is saved.
#[component]
pub(super) fn GraphMenu() -> impl IntoNode {
    let state = expect_context::<State>();
    let save = move |format: &'static str, mime: &'static str, ending: &'static str| {
        spawn_local(async move {
            match state.ask(Ask::Graph { format: format.to_owned() }).await {
                Some(Reply::Text(text)) => {
                    let name = format!("revisions.{ending}");
                    let done = browser::download(&name, mime, text.as_bytes()).is_some();
                    state.say(if done {
                        format!("The graph was saved as {name}")
                    } else {
                        "The browser did not let the page save".to_owned()
                    });
                }
                Some(reply) => state.take(reply),
                None => {}
            }
        });
    };
    let item = move |(format, title, mime, ending)| {
        let pressed = move |_| save(format, mime, ending);
        view! {
            <li>
                <button type="button" popovertarget="graph-menu" popovertargetaction="hide" on:click=pressed>{title}</button>
            </li>
        }
    };
    view! {
        <Menu id="graph-menu" title="Save" label="Save the graph"><ul>{FORMATS.map(item).collect_view()}</ul></Menu>
    }
}
