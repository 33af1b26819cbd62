//! What changes the files.

use leptos::prelude::*;
use leptos::task::spawn_local;
use revproof_messages::{Ask, File, Move, Selection, Workspace};

use super::{Notice, State, assign};
use crate::browser;

/// Where the files are kept that made place for others.
const ASIDE: &str = "revproof.aside";

impl State {
    /// Takes another workspace. The visitor's own work is put aside, not lost.
    pub(crate) fn open(self, workspace: Workspace, selection: Selection) {
        if self.own.get_untracked() {
            self.put_aside();
        } else if self.notice.with_untracked(|notice| *notice != Notice::PutAside) {
            self.notice.set(Notice::None);
        }
        self.own.set(false);
        self.unsent.update_value(Vec::clear);
        self.changes();
        let first = || workspace.files.first().map(|file| file.path.clone());
        self.file.set(selection.file.or_else(first));
        self.revision.set(selection.revision);
        self.tab.set(selection.tab);
        self.problem.set(None);
        self.spot.set(None);
        self.workspace.set(workspace);
        self.opened.update(|opened| *opened += 1);
        self.given.set_value(false);
        if self.up.get_value() {
            self.give();
        }
    }

    /// Opens files that the visitor brought: beside those that are there, or instead of them where those are none of his.
    pub(crate) fn bring(self, files: Vec<File>) {
        let Some(first) = files.first().map(|file| file.path.clone()) else { return };
        let count = files.len();
        if self.own.get_untracked() {
            self.change(files.into_iter().map(|file| (file.path, Some(file.text))).collect());
            self.file.set(Some(first));
        } else {
            let moves = vec![Move::Upgrade("heads".to_owned())];
            self.open(Workspace { files, moves, ..Workspace::default() }, Selection::default());
            self.own.set(true);
        }
        self.say(if count == 1 { "1 file opened".to_owned() } else { format!("{count} files opened") });
    }

    /// Changes files: path, and text or `None` for one that goes. New files go to the end.
    pub(crate) fn change(self, files: Vec<(String, Option<String>)>) {
        self.changes();
        assign(self.own, true);
        self.workspace.update(|workspace| {
            for (path, text) in &files {
                put(&mut workspace.files, path, text.as_deref());
            }
        });
        let open = self.file.get_untracked();
        if files.iter().any(|(path, text)| text.is_none() && Some(path) == open.as_ref()) {
            self.file.set(self.workspace.with_untracked(|w| w.files.first().map(|file| file.path.clone())));
        }
        self.unsent.update_value(|unsent| {
            unsent.retain(|(path, _)| files.iter().all(|(newer, _)| newer != path));
            unsent.extend(files);
        });
        if !self.proving.get_value() {
            self.flush();
        }
    }

    /// Gives a file another path. Why that can't be, where it can't.
    pub(crate) fn rename(self, from: &str, to: &str) -> Result<(), String> {
        let to = to.trim().trim_start_matches('/');
        if to.is_empty() {
            return Err("A file needs a name".to_owned());
        }
        if to == from {
            return Ok(());
        }
        if self.text(to).is_some() {
            return Err(format!("There is a file {to} already"));
        }
        let Some(text) = self.text(from) else { return Ok(()) };
        // In its place, so that the tab stays where it is.
        self.workspace.update(|workspace| {
            if let Some(file) = workspace.files.iter_mut().find(|file| file.path == from) {
                to.clone_into(&mut file.path);
            }
        });
        if self.file.with_untracked(|file| file.as_deref() == Some(from)) {
            self.file.set(Some(to.to_owned()));
        }
        self.change(vec![(from.to_owned(), None), (to.to_owned(), Some(text))]);
        Ok(())
    }

    /// Adds an empty file. Why that can't be, where it can't.
    pub(crate) fn add(self, path: &str) -> Result<(), String> {
        let path = path.trim().trim_start_matches('/');
        if path.is_empty() || path.ends_with('/') {
            return Err("A file needs a name".to_owned());
        }
        if self.text(path).is_some() {
            return Err(format!("There is a file {path} already"));
        }
        self.change(vec![(path.to_owned(), Some(String::new()))]);
        self.file.set(Some(path.to_owned()));
        self.editing.update(|wanted| *wanted += 1);
        Ok(())
    }

    /// Closes all files.
    pub(crate) fn clear(self) {
        self.open(Workspace::default(), Selection::default());
        self.proof.set(std::sync::Arc::default());
        self.database.set(std::sync::Arc::default());
        self.stale.set(false);
        self.late.set(false);
        self.say("All files are closed");
    }

    /// The text of a file.
    pub(crate) fn text(self, path: &str) -> Option<String> {
        self.workspace.with_untracked(|workspace| {
            workspace.files.iter().find(|file| file.path == path).map(|file| file.text.clone())
        })
    }

    /// Brings back the files that made place for others.
    pub(crate) fn bring_back(self) {
        let Some((workspace, selection)) = browser::kept(ASIDE).as_deref().and_then(super::kept::read) else { return };
        browser::forget(ASIDE);
        self.own.set(false);
        self.notice.set(Notice::None);
        self.open(workspace, selection);
        self.own.set(true);
    }

    /// Sends the changes that wait. While the worker is at those before, the next ones gather, so that it is never
    /// asked about a text that is already an old one.
    pub(super) fn flush(self) {
        let unsent = self.unsent.try_update_value(std::mem::take).unwrap_or_default();
        if unsent.is_empty() || !self.up.get_value() {
            return;
        }
        if !self.given.get_value() {
            return self.give();
        }
        self.proving.set_value(true);
        spawn_local(async move {
            let reply = self.ask_now(Ask::Change(unsent)).await;
            self.proving.set_value(false);
            if let Some(reply) = reply {
                self.take(reply);
            }
            self.flush();
        });
    }

    fn put_aside(self) {
        if browser::keep(ASIDE, &self.written()) {
            self.notice.set(Notice::PutAside);
        }
    }
}

fn put(files: &mut Vec<File>, path: &str, text: Option<&str>) {
    let at = files.iter().position(|file| file.path == path);
    match (at, text) {
        (Some(at), Some(text)) => text.clone_into(&mut files[at].text),
        (Some(at), None) => _ = files.remove(at),
        (None, Some(text)) => files.push(File { path: path.to_owned(), text: text.to_owned() }),
        (None, None) => {}
    }
}
