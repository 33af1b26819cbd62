//! What becomes of the page when its worker comes and goes.

use std::fmt::Write;

use leptos::prelude::*;
use revproof_messages::Workspace;

use super::{Engine, State};
use crate::browser;

/// Where is kept which text made the worker panic, and how often.
const CRASHES: &str = "revproof.crashes";
/// So often a text is tried.
const PATIENCE: u32 = 2;

impl State {
    /// A worker is there: it is told everything.
    pub(super) fn risen(self) {
        self.up.set_value(true);
        self.given.set_value(false);
        self.proving.set_value(false);
        match self.engine.get_untracked() {
            Engine::Quarantined(_) | Engine::Stopped => return,
            Engine::Restarted(_) => {}
            _ => self.engine.set(Engine::Ready),
        }
        self.give();
        self.begin_with_link();
    }

    /// The worker panicked. Another takes its place and is given the same text, unless it was that already twice.
    pub(super) fn fallen(self, message: String) {
        self.up.set_value(false);
        self.unsent.update_value(Vec::clear);
        let times = self.workspace.with_untracked(count);
        if times >= PATIENCE {
            self.set_apart();
            self.engine.set(Engine::Quarantined(message));
        } else {
            self.engine.set(Engine::Restarted(message));
        }
        if let Some(link) = self.link.get_value() {
            link.restart();
        }
    }

    /// Ends a proof that takes long: another worker takes the place of the one that is at it, and waits.
    pub(crate) fn stop(self) {
        self.up.set_value(false);
        self.long.set(false);
        self.unsent.update_value(Vec::clear);
        self.engine.set(Engine::Stopped);
        self.say("The analysis was stopped");
        if let Some(link) = self.link.get_value() {
            link.restart();
        }
    }

    /// Tries a text once more that was given up.
    pub(crate) fn try_again(self) {
        self.changes();
        self.give();
    }

    /// Loads the worker again that could not be loaded.
    pub(crate) fn reload_worker(self) {
        self.engine.set(Engine::Loading(0.0, 0.0));
        if let Some(link) = self.link.get_value() {
            link.restart();
        }
    }
}

/// What to tell those who can mend it.
pub(crate) fn report(state: State, message: &str) -> String {
    let agent = leptos::prelude::window().navigator().user_agent().unwrap_or_default();
    let mut text = format!("revproof {} panicked in the browser.\n\n{message}\n\n{agent}\n", env!("CARGO_PKG_VERSION"));
    state.workspace.with_untracked(|workspace| {
        for file in &workspace.files {
            // Writing to a String does not fail. A fence that no line of a migration is likely to be.
            _ = write!(text, "\n`{}`\n\n~~~~~\n{}\n~~~~~\n", file.path, file.text);
        }
    });
    text
}

/// How often this text made the worker panic, this time included.
fn count(workspace: &Workspace) -> u32 {
    let print = print(workspace).to_string();
    let before = browser::kept(CRASHES);
    let before = before.as_deref().and_then(|kept| kept.split_once(' '));
    let times = before.filter(|(of, _)| *of == print).and_then(|(_, times)| times.parse().ok()).unwrap_or(0) + 1;
    browser::keep(CRASHES, &format!("{print} {times}"));
    times
}

/// A number that tells a text from another (FNV-1a).
fn print(workspace: &Workspace) -> u64 {
    let bytes =
        workspace.files.iter().flat_map(|file| file.path.bytes().chain([0]).chain(file.text.bytes()).chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |print, byte| (print ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use revproof_messages::File;

    #[test]
    fn texts_have_different_prints() {
        let workspace = |files: &[(&str, &str)]| Workspace {
            files: files.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() }).collect(),
            ..Workspace::default()
        };
        let one = print(&workspace(&[("a", "b"), ("c", "d")]));
        assert_eq!(one, print(&workspace(&[("a", "b"), ("c", "d")])));
        for other in [&[("a", "b"), ("c", "e")][..], &[("ab", ""), ("c", "d")], &[("a", "b")], &[]] {
            assert_ne!(one, print(&workspace(other)), "{other:?}");
        }
    }
}
