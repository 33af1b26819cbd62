//! What is kept in the browser between visits: the workspace and what is looked at, as JSON, so that a later version of
//! the page reads what an earlier one wrote.

use js_sys::{Array, JSON, Object, Reflect};
use leptos::prelude::*;
use revproof_messages::{File, Move, Rows, Selection, Tab, Workspace};
use wasm_bindgen::JsValue;

use super::{Notice, State};
use crate::browser;
use crate::dom::effect;

/// Where the work is kept.
const WORK: &str = "revproof.work";
/// Where it is kept after it made the worker panic twice.
const QUARANTINE: &str = "revproof.quarantine";
/// How much is kept, in characters: browsers give about five million to a page.
const MOST: usize = 2_000_000;
/// How long the page waits for the next key before it keeps the work.
const PAUSE: u64 = 500;

impl State {
    /// Keeps the visitor's work from now on, whenever it changes.
    pub(crate) fn keep_work(self) {
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        let keep = move || {
            waiting.set_value(None);
            self.keep_now();
        };
        effect(move || {
            self.workspace.track();
            self.file.track();
            self.revision.track();
            self.tab.track();
            if let Some(waiting) = waiting.get_value() {
                waiting.clear();
            }
            waiting.set_value(set_timeout_with_handle(keep, std::time::Duration::from_millis(PAUSE)).ok());
        });
        // A page that is put away may never be seen again.
        window_event_listener(leptos::ev::pagehide, move |_| self.keep_now());
    }

    fn keep_now(self) {
        if !self.own.get_untracked() || matches!(self.engine.get_untracked(), super::Engine::Quarantined(_)) {
            return;
        }
        let large = self.workspace.with_untracked(|w| w.files.iter().map(|file| file.text.len()).sum::<usize>() > MOST);
        if large || !browser::keep(WORK, &self.written()) {
            browser::forget(WORK);
            let words =
                "These files are too large to be kept in the browser: save them as a zip (Share) before you leave";
            if self.notice.with_untracked(|notice| *notice == Notice::None) {
                self.notice.set(Notice::Told(words.to_owned()));
            }
        }
    }

    /// What was kept at the last visit.
    pub(super) fn last_work() -> Option<(Workspace, Selection)> {
        read(&browser::kept(WORK)?)
    }

    /// Puts the work where the next visit does not open it by itself.
    pub(super) fn set_apart(self) {
        browser::keep(QUARANTINE, &self.written());
        browser::forget(WORK);
    }

    /// Workspace and selection as text.
    pub(super) fn written(self) -> String {
        let selection = self.selection();
        self.workspace.with_untracked(|workspace| write(workspace, &selection)).unwrap_or_default()
    }

    /// What the visitor looks at.
    pub(crate) fn selection(self) -> Selection {
        Selection {
            file: self.file.get_untracked(),
            revision: self.revision.get_untracked(),
            tab: self.tab.get_untracked(),
        }
    }
}

fn write(workspace: &Workspace, selection: &Selection) -> Option<String> {
    let object = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&object, &name.into(), value).ok();
    let optional = |text: &Option<String>| text.as_deref().map_or(JsValue::NULL, JsValue::from);
    let pair = |one: &str, other: &str| JsValue::from(Array::of2(&one.into(), &other.into()));
    let files: Array = workspace.files.iter().map(|file| pair(&file.path, &file.text)).collect();
    let moves: Array = workspace.moves.iter().map(|step| pair(step.spelled().0, step.spelled().1)).collect();
    set("files", &files)?;
    set("moves", &moves)?;
    set("dialect", &optional(&workspace.dialect))?;
    set(
        "rows",
        &match &workspace.rows {
            Rows::Seeded => JsValue::NULL,
            Rows::None => JsValue::FALSE,
            Rows::Own(text) => text.into(),
        },
    )?;
    set("chain", &workspace.chain.to_string().into())?;
    set("file", &optional(&selection.file))?;
    set("revision", &optional(&selection.revision))?;
    set("tab", &selection.tab.name().into())?;
    JSON::stringify(&object).ok().map(String::from)
}

/// A workspace out of its text. What is not understood is left out; `None` where there are no files.
pub(super) fn read(text: &str) -> Option<(Workspace, Selection)> {
    let object = JSON::parse(text).ok()?;
    let get = |name: &str| Reflect::get(&object, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let text = |name: &str| get(name).as_string();
    let pairs = |name: &str| {
        let both = |pair: JsValue| {
            let pair = Array::from(&pair);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        };
        let list = get(name);
        if Array::is_array(&list) { Array::from(&list).iter().filter_map(both).collect() } else { Vec::new() }
    };
    let files: Vec<File> = pairs("files").into_iter().map(|(path, text)| File { path, text }).collect();
    let rows = match (get("rows").as_bool(), text("rows")) {
        (_, Some(own)) => Rows::Own(own),
        (Some(false), _) => Rows::None,
        _ => Rows::Seeded,
    };
    let tab = text("tab").and_then(|name| Tab::of(&name));
    let chain = text("chain").and_then(|chain| chain.parse().ok()).unwrap_or(0);
    let moves = pairs("moves").into_iter().filter_map(|(kind, target)| Move::of(&kind, target)).collect();
    let selection = Selection { file: text("file"), revision: text("revision"), tab: tab.unwrap_or_default() };
    let workspace = Workspace { files, dialect: text("dialect"), rows, chain, moves };
    (!workspace.files.is_empty()).then_some((workspace, selection))
}
