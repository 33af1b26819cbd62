//! Files out of the browser's hands into the workspace.

use js_sys::{Reflect, Uint8Array};
use revproof_messages::{Ask, File as TextFile, Reply};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileList};

use super::limits::admit;
use crate::state::State;

/// Archives larger than this are not tried.
const ARCHIVE: u32 = 20_000_000;

/// The files of a chooser, each with its path in the folder that was chosen.
pub(super) fn chosen(files: &FileList) -> Vec<(String, File)> {
    let all = (0..files.length()).filter_map(|at| files.get(at));
    all.map(|file| (path(&file), file)).collect()
}

/// Reads files and opens them. An archive is unpacked.
pub(super) async fn open(state: State, files: Vec<(String, File)>) {
    let (archives, files): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(path, _)| path.to_ascii_lowercase().ends_with(".zip"));
    let brought = files.len();
    for (name, archive) in &archives {
        unpack(state, name, archive).await;
    }
    let (files, left) = admit(files.into_iter().map(|(path, file)| (path, size(&file), file)).collect());
    if files.is_empty() && archives.is_empty() {
        let what =
            if brought == 0 { "There are no files in it" } else { "None of these is a file that revproof reads" };
        return state.tell(format!("{what}. It reads .py, .toml, .ini and .sql files, and zip archives of them."));
    }
    let mut read = Vec::new();
    let mut refused = Vec::new();
    for (path, file) in files {
        match JsFuture::from(Blob::text(&file)).await.ok().and_then(|text| text.as_string()) {
            Some(text) => read.push(TextFile { path, text }),
            None => refused.push(path),
        }
    }
    state.bring(read);
    if !refused.is_empty() {
        state.tell(format!("The browser can't read {}: was it changed or moved meanwhile?", refused.join(", ")));
    } else if let Some(left) = left {
        state.tell(left);
    }
}

async fn unpack(state: State, name: &str, archive: &File) {
    if size(archive) > ARCHIVE {
        return state.tell(format!(
            "{name} is too large to be unpacked here (more than {} MB): take only the folder of the migrations into it",
            ARCHIVE / 1_000_000
        ));
    }
    let Ok(buffer) = JsFuture::from(archive.array_buffer()).await else {
        return state.tell(format!("The browser can't read {name}"));
    };
    match state.ask(Ask::Unzip(Uint8Array::new(&buffer).to_vec())).await {
        Some(Reply::Files(files)) => {
            let files = files.into_iter().filter_map(|(path, text)| Some((path, text?)));
            let (files, left) =
                admit(files.map(|(path, text)| (path, u32::try_from(text.len()).unwrap_or(u32::MAX), text)).collect());
            if files.is_empty() {
                return state.tell(format!("There is no file in {name} that revproof reads"));
            }
            state.bring(files.into_iter().map(|(path, text)| TextFile { path, text }).collect());
            if let Some(left) = left {
                state.tell(left);
            }
        }
        Some(other) => state.take(other),
        None => state.tell(format!("{name} was not unpacked: the files have changed meanwhile. Drop it again")),
    }
}

/// How many bytes a file has; those of a very large one are not counted to the end.
#[expect(clippy::cast_sign_loss, reason = "no file has less than no bytes, and the cast ends at the largest number")]
fn size(file: &File) -> u32 {
    file.size() as u32
}

/// The path in the folder that was chosen, or the name.
fn path(file: &File) -> String {
    let inside = Reflect::get(file, &JsValue::from("webkitRelativePath")).ok().and_then(|path| path.as_string());
    inside.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}
