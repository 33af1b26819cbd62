//! What a page begins with: a link, an example, what was typed before it was there, the work of the last visit, or the
//! first example.

use leptos::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, Reply};
use web_sys::HtmlTextAreaElement;

use super::{Notice, State};
use crate::browser;
use crate::examples::{Example, example};
use wasm_bindgen::JsCast;

/// How links with a workspace begin.
const LINK: &str = "r1.";
/// How links to an example begin.
const EXAMPLE: &str = "ex=";

impl State {
    /// Opens what the page begins with.
    pub(crate) fn begin(self) {
        let fragment = browser::fragment();
        let typed = typed();
        if fragment.starts_with(LINK) {
            // Only the worker can read it: see `begin_with_link`.
            self.say("Opening the link");
        } else if !typed.trim().is_empty() {
            self.own.set(true);
            self.paste(typed);
        } else if let Some(example) = fragment.strip_prefix(EXAMPLE).and_then(example) {
            self.open_example(example);
        } else if let (None, Some((workspace, selection))) = (browser::parameter("safe"), Self::last_work()) {
            self.open(workspace, selection);
            self.own.set(true);
        } else {
            self.open_example(Example::first());
            self.notice.set(Notice::Welcome);
        }
        window_event_listener(leptos::ev::hashchange, move |_| self.follow_fragment());
    }

    /// Opens an example.
    pub(crate) fn open_example(self, example: &Example) {
        self.open(example.workspace(), example.selection());
        self.say(format!("Example: {}. {}", example.title, example.story));
    }

    /// Splits a text that was pasted into files, and opens them.
    pub(crate) fn paste(self, text: String) {
        spawn_local(async move {
            match self.ask(Ask::Split(text)).await {
                Some(Reply::Files(files)) => self.bring_files(files),
                Some(other) => self.take(other),
                None => {}
            }
        });
    }

    /// Opens files that the worker found in a text or an archive.
    pub(crate) fn bring_files(self, files: Vec<(String, Option<String>)>) {
        let files = files.into_iter().filter_map(|(path, text)| Some(revproof_messages::File { path, text: text? }));
        self.bring(files.collect());
    }

    /// Opens the workspace in the page's address, where there is one.
    pub(super) fn begin_with_link(self) {
        let fragment = browser::fragment();
        if !fragment.starts_with(LINK) {
            return;
        }
        spawn_local(async move {
            match self.ask(Ask::OpenLink(fragment)).await {
                Some(Reply::Opened(workspace, selection)) => {
                    self.open(*workspace, selection);
                    self.say("The link is opened");
                }
                Some(other) => {
                    self.take(other);
                    if self.workspace.with_untracked(|workspace| workspace.files.is_empty()) {
                        let notice = self.notice.get_untracked();
                        self.open_example(Example::first());
                        self.notice.set(notice);
                    }
                }
                None => return,
            }
            // A page that is loaded again goes on with what was made of the link.
            browser::clear_address();
        });
    }

    fn follow_fragment(self) {
        let fragment = browser::fragment();
        match fragment.strip_prefix(EXAMPLE).map(example) {
            Some(Some(example)) => self.open_example(example),
            Some(None) => self.notice.set(Notice::Told(format!("There is no example {fragment}"))),
            None => self.begin_with_link(),
        }
    }
}

/// What was typed or pasted before the page was there.
fn typed() -> String {
    let area = browser::element("early").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    area.map(|area| area.value()).unwrap_or_default()
}
