//! Files and folders that are dropped, and text that is pasted, anywhere on the page.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, Element, File, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

use super::limits::wanted;
use super::read;
use crate::state::State;

/// A folder with more entries than this is not the folder of migrations.
const MOST: usize = 20_000;

/// Opens what is dropped on the page.
pub(crate) fn catch_drops(state: State, above: RwSignal<bool>) {
    let holds_files = |transfer: &DataTransfer| transfer.types().includes(&"Files".into(), 0);
    window_event_listener(ev::dragover, move |event| {
        if event.data_transfer().is_some_and(|transfer| holds_files(&transfer)) {
            event.prevent_default();
            above.set(true);
        }
    });
    window_event_listener(ev::dragleave, move |event| {
        // It left the window, not an element of it.
        if event.related_target().is_none() {
            above.set(false);
        }
    });
    window_event_listener(ev::drop, move |event| {
        above.set(false);
        let Some(transfer) = event.data_transfer().filter(holds_files) else { return };
        event.prevent_default();
        // The entries have to be taken now: after this event the browser forgets them.
        let (entries, files) = dropped(&transfer);
        spawn_local(async move {
            let mut all = files;
            for entry in entries {
                walk(entry, &mut all).await;
            }
            read::open(state, all).await;
        });
    });
}

/// Opens text that is pasted where nothing else takes it.
pub(crate) fn catch_pastes(state: State) {
    window_event_listener_untyped("paste", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let taken =
            |target: &Element| target.closest("input, textarea, select, [contenteditable]").ok().flatten().is_some();
        if target.as_ref().is_some_and(taken) {
            return;
        }
        let Ok(Some(transfer)) =
            Reflect::get(&event, &"clipboardData".into()).map(|t| t.dyn_into::<DataTransfer>().ok())
        else {
            return;
        };
        let files = transfer.files().map(|files| read::chosen(&files)).unwrap_or_default();
        if !files.is_empty() {
            event.prevent_default();
            spawn_local(read::open(state, files));
        } else if let Some(text) = transfer.get_data("text/plain").ok().filter(|text| !text.trim().is_empty()) {
            event.prevent_default();
            state.paste(text);
        }
    });
}

/// What was dropped: folders and files as entries, or, in a browser without them, as files.
fn dropped(transfer: &DataTransfer) -> (Vec<FileSystemEntry>, Vec<(String, File)>) {
    let items = transfer.items();
    let items = (0..items.length()).filter_map(|at| items.get(at)).filter(|item| item.kind() == "file");
    let entries: Vec<FileSystemEntry> = items.filter_map(|item| item.webkit_get_as_entry().ok().flatten()).collect();
    let files = transfer.files().filter(|_| entries.is_empty());
    (entries, files.map(|files| read::chosen(&files)).unwrap_or_default())
}

/// Collects the files of an entry and of all within.
async fn walk(entry: FileSystemEntry, found: &mut Vec<(String, File)>) {
    let mut open = vec![entry];
    let mut seen = 0;
    while let Some(entry) = open.pop() {
        seen += 1;
        if seen > MOST {
            return;
        }
        let path = entry.full_path().trim_start_matches('/').to_owned();
        // Chromium has these classes under other names: an entry has to be asked what it is.
        if entry.is_directory() {
            let folder: FileSystemDirectoryEntry = entry.unchecked_into();
            // A folder in which nothing would be read is not walked.
            if wanted(&format!("{path}/x.py")) {
                open.extend(inside(&folder.create_reader()).await);
            }
        } else if (wanted(&path) || path.to_ascii_lowercase().ends_with(".zip"))
            && let Some(file) = file_of(&entry.unchecked_into()).await
        {
            found.push((path, file));
        }
    }
}

/// What lies in a folder. The browser gives it in parts.
async fn inside(reader: &FileSystemDirectoryReader) -> Vec<FileSystemEntry> {
    let mut all = Vec::new();
    loop {
        let part = called(|good, bad| reader.read_entries_with_callback_and_callback(&good, &bad)).await;
        let part = part.map(|part| Array::from(&part)).unwrap_or_default();
        if part.length() == 0 {
            return all;
        }
        all.extend(part.iter().map(JsCast::unchecked_into));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Option<File> {
    called(|good, bad| {
        entry.file_with_callback_and_callback(&good, &bad);
        Ok(())
    })
    .await?
    .dyn_into()
    .ok()
}

/// Awaits what a function of the old kind gives to its callback; `None` where it fails.
async fn called(start: impl FnOnce(Function, Function) -> Result<(), JsValue>) -> Option<JsValue> {
    let start = Rc::new(RefCell::new(Some(start)));
    let promise = Promise::new(&mut move |good, bad| {
        if let Some(start) = start.borrow_mut().take()
            && let Err(error) = start(good, bad.clone())
        {
            // Rejecting a promise does not fail.
            _ = bad.call1(&JsValue::NULL, &error);
        }
    });
    JsFuture::from(promise).await.ok()
}
