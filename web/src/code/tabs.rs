//! [`Tabs`]: a tab for each file, and what can be done with files.

use std::collections::BTreeMap;

use crate::dom::prelude::*;
use revproof_messages::Ask;
use web_sys::KeyboardEvent;

use crate::bring::{BringButtons, PasteButton};
use crate::browser;
use crate::dialog::{Dialog, Menu};
use crate::state::State;

/// How many errors and warnings are in files, by path.
type Counts = BTreeMap<String, (u32, u32)>;

/// What the dialog asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Naming {
    /// Nothing: it is closed.
    None,
    /// The path of a new file.
    New,
    /// Another path for this file.
    Rename(String),
    /// What a new revision does.
    Revision,
}

/// The tabs, and the menu beside them.
#[component]
pub(super) fn Tabs() -> impl IntoNode {
    let state = expect_context::<State>();
    let paths = Memo::new(move |_| {
        state.workspace.with(|workspace| workspace.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>())
    });
    // Only those that have any: with a thousand files, no tab should look for itself among all of them.
    let counts = Memo::new(move |_| {
        state.proof.with(|proof| {
            let mut counts = Counts::new();
            for file in proof.files.iter().filter(|file| file.errors + file.warnings > 0) {
                counts.insert(file.path.clone(), (file.errors, file.warnings));
            }
            counts
        })
    });
    // What is asked for in a dialog: a new name of the file with a path, or that of a new file.
    let naming = RwSignal::new(Naming::None);
    effect(move || {
        if let Some(path) = state.file.get() {
            // The open file's tab is in sight.
            request_animation_frame(move || {
                if let Some(tab) = browser::element(&identifier(&path)) {
                    browser::into_sight(&tab);
                }
            });
        }
    });
    let key = move |event: KeyboardEvent| {
        let paths = paths.get_untracked();
        let Some(at) = state.file.get_untracked().and_then(|open| paths.iter().position(|path| *path == open)) else {
            return;
        };
        let last = paths.len() - 1;
        let to = match event.key().as_str() {
            "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
            "ArrowRight" => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            "Home" => 0,
            "End" => last,
            "Delete" => {
                event.prevent_default();
                return close(state, &paths, at);
            }
            "F2" => {
                event.prevent_default();
                return naming.set(Naming::Rename(paths[at].clone()));
            }
            _ => return,
        };
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        event.prevent_default();
        state.select_file(&paths[to]);
        focus_tab(&paths[to]);
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Files" on:keydown=key>
            {move || paths.get().into_iter().map(|path| view! { <FileTab path paths counts/> }).collect_view()}
        </div>
        <FileMenu naming/>
        <NamingDialog naming/>
    }
}

/// The identifier of a file's tab.
fn identifier(path: &str) -> String {
    format!("tab-{path}")
}

fn focus_tab(path: &str) {
    let path = path.to_owned();
    // The tab may be new.
    request_animation_frame(move || {
        if let Some(tab) = browser::element(&identifier(&path)) {
            // A tab that is gone has lost the focus anyway.
            _ = tab.focus();
        }
    });
}

/// Closes a file; the one beside it opens.
fn close(state: State, paths: &[String], at: usize) {
    let Some(path) = paths.get(at) else { return };
    let beside = paths.get(at + 1).or_else(|| paths.get(at.checked_sub(1)?));
    if state.file.with_untracked(|file| file.as_ref() == Some(path)) {
        state.file.set(beside.cloned());
    }
    state.change(vec![(path.clone(), None)]);
    state.say(format!("{path} closed"));
    if let Some(beside) = beside {
        focus_tab(beside);
    }
}

#[component]
fn FileTab(path: String, paths: Memo<Vec<String>>, counts: Memo<Counts>) -> impl IntoNode {
    let state = expect_context::<State>();
    let path = StoredValue::new(path);
    let is = move |other: &Option<String>| path.with_value(|path| other.as_ref() == Some(path));
    let open = Memo::new(move |_| state.file.with(is));
    let own =
        Memo::new(move |_| counts.with(|counts| path.with_value(|path| counts.get(path).copied())).unwrap_or_default());
    let marks = move || {
        let (errors, warnings) = own.get();
        let errors = (errors > 0).then(|| view! { <Count count=errors mark="✖" what="error"/> });
        let warnings = (warnings > 0).then(|| view! { <Count count=warnings mark="⚠" what="warning"/> });
        view! { {errors} {warnings} }
    };
    let cross = move |event: web_sys::MouseEvent| {
        event.stop_propagation();
        let all = paths.get_untracked();
        if let Some(at) = all.iter().position(|other| path.with_value(|path| path == other)) {
            close(state, &all, at);
        }
    };
    view! {
        <button
            type="button"
            role="tab"
            class="tab"
            id=identifier(&path.get_value())
            title=path.get_value()
            aria-selected=move || open.get().to_string()
            aria-controls="editor"
            tabindex=move || if open.get() { "0" } else { "-1" }
            on:click=move |_| path.with_value(|path| state.select_file(path))
            on:auxclick=move |event| if event.button() == 1 { cross(event) }
        >
            <span class="tab-name">{path.with_value(|path| short(path))}</span>
            {marks}
            // The keyboard has Delete, and the menu: a button within a tab is none to a screen reader.
            <span class="tab-close" aria-hidden="true" on:click=cross>"✕"</span>
        </button>
    }
}

#[component]
fn Count(count: u32, mark: &'static str, what: &'static str) -> impl IntoNode {
    let words = if count == 1 { format!(" 1 {what}") } else { format!(" {count} {what}s") };
    view! {
        <span class=format!("count is-{what}")>
            <span aria-hidden="true">{mark}{count}</span>
            <span class="aside">{words}</span>
        </span>
    }
}

/// The name of a file in its tab: without the folders.
fn short(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

#[component]
fn FileMenu(naming: RwSignal<Naming>) -> impl IntoNode {
    let state = expect_context::<State>();
    let none = move || state.file.get().is_none();
    let close_open = move |_| {
        let paths =
            state.workspace.with_untracked(|w| w.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>());
        let open = state.file.get_untracked();
        if let Some(at) = paths.iter().position(|path| Some(path) == open.as_ref()) {
            close(state, &paths, at);
        }
    };
    view! {
        <Menu id="file-menu" title="Files">
            <ul>
                <li><PasteButton/></li>
                <li class="menu-choose"><BringButtons/></li>
                <li><button type="button" on:click=move |_| naming.set(Naming::New)>"New file…"</button></li>
                <li><button type="button" on:click=move |_| naming.set(Naming::Revision)>"New revision…"</button></li>
                <li>
                    <button type="button" disabled=none on:click=move |_| naming.set(state.file.get_untracked().map_or(Naming::None, Naming::Rename))>
                        "Rename…"
                    </button>
                </li>
                <li>
                    <button type="button" disabled=none popovertarget="file-menu" popovertargetaction="hide" on:click=close_open>
                        "Close file"
                    </button>
                </li>
                <li>
                    <button type="button" popovertarget="file-menu" popovertargetaction="hide" on:click=move |_| state.clear()>
                        "Close all"
                    </button>
                </li>
            </ul>
        </Menu>
    }
}

/// Shows a new revision on top of the head, or of the selected head where there are several.
fn revise(state: State, message: &str) -> Result<(), String> {
    if message.is_empty() {
        return Err("A revision needs a message".to_owned());
    }
    let chosen = state.revision.get_untracked();
    let heads =
        state.proof.with_untracked(|proof| proof.chains.iter().flat_map(|c| c.heads.clone()).collect::<Vec<_>>());
    let head = chosen.filter(|chosen| heads.contains(chosen));
    state.preview(format!("New revision: {message}"), Ask::NewRevision { head, message: message.to_owned() });
    Ok(())
}

/// Asks for the path of a new file, or for another one.
#[component]
fn NamingDialog(naming: RwSignal<Naming>) -> impl IntoNode {
    let state = expect_context::<State>();
    let name = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    effect(move || {
        wrong.set(None);
        name.set(match naming.get() {
            Naming::Rename(path) => path,
            Naming::New => "versions/".to_owned(),
            Naming::Revision | Naming::None => String::new(),
        });
    });
    let done = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let new = name.get_untracked();
        let outcome = match naming.get_untracked() {
            Naming::Rename(old) => state.rename(&old, &new),
            Naming::New => state.add(&new),
            Naming::Revision => revise(state, new.trim()),
            Naming::None => Ok(()),
        };
        match outcome {
            Ok(()) => naming.set(Naming::None),
            Err(why) => wrong.set(Some(why)),
        }
    };
    let title = Signal::derive(move || match naming.get() {
        Naming::Rename(_) => "Rename file".to_owned(),
        Naming::Revision => "New revision".to_owned(),
        Naming::New | Naming::None => "New file".to_owned(),
    });
    let label = move || match naming.get() {
        Naming::Revision => "What it does, such as: add users.phone",
        _ => "Path in the project, such as versions/1a2b_add_phone.py or pyproject.toml",
    };
    view! {
        <Dialog id="naming" title open=Signal::derive(move || naming.get() != Naming::None) close=move |()| naming.set(Naming::None)>
            <form on:submit=done>
                <label for="naming-path">{label}</label>
                <input
                    id="naming-path"
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus
                    aria-describedby="naming-wrong"
                    prop:value=move || name.get()
                    on:input:target=move |event| name.set(event.target().value())
                />
                <p id="naming-wrong" class="wrong" role="alert">{move || wrong.get()}</p>
                <div class="dialog-actions"><button type="submit" class="primary">"OK"</button></div>
            </form>
        </Dialog>
    }
}
