//! [`Eyes`]: which folders are watched, and what is seen there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher, recommended_watcher};

/// Programs write a file in several steps; so long nothing must happen for it to be done.
const QUIET: Duration = Duration::from_millis(60);

/// Where something happens all the time, it is looked at after so long all the same.
const PATIENCE: Duration = Duration::from_secs(1);

/// The watched folders.
pub(super) struct Eyes {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    folders: BTreeSet<PathBuf>,
    /// The folder below which every file counts.
    root: PathBuf,
    /// The files outside of it that count.
    own: Vec<PathBuf>,
}

impl Eyes {
    pub(super) fn open() -> Result<Self> {
        let (tell, events): (Sender<_>, _) = channel();
        let watcher = recommended_watcher(tell).context("cannot watch files on this system")?;
        Ok(Self { watcher, events, folders: BTreeSet::new(), root: PathBuf::new(), own: Vec::new() })
    }

    /// Watches these folders, and no others; whether any of them is new. One that can't be watched is left out: what is above
    /// it tells when it goes.
    pub(super) fn look_at(&mut self, root: &Path, folders: BTreeSet<PathBuf>, own: Vec<PathBuf>) -> bool {
        (self.root, self.own) = (root.to_owned(), own);
        for old in self.folders.difference(&folders) {
            _ = self.watcher.unwatch(old);
        }
        let (mut seen, mut any_new) = (BTreeSet::new(), false);
        for folder in folders {
            let known = self.folders.contains(&folder);
            if known || self.watcher.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
                any_new |= !known;
                seen.insert(folder);
            }
        }
        self.folders = seen;
        any_new
    }

    /// Waits until something has changed and come to rest: the paths. `None` where nothing can be seen any more.
    pub(super) fn wait(&mut self) -> Option<BTreeSet<PathBuf>> {
        let mut touched = BTreeSet::new();
        while touched.is_empty() {
            let event = self.events.recv().ok()?;
            self.take_in(event, &mut touched);
        }
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            match self.events.recv_timeout(QUIET) {
                Ok(event) => self.take_in(event, &mut touched),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        Some(touched)
    }

    fn take_in(&mut self, event: notify::Result<Event>, touched: &mut BTreeSet<PathBuf>) {
        let Ok(event) = event else { return };
        // Reading a file is no change of it, and this command reads them all.
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        for path in event.paths {
            // A folder that is gone is watched no more, even if there is one of its name again.
            if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(notify::event::ModifyKind::Name(_))) {
                self.folders.remove(&path);
            }
            if path.starts_with(&self.root) || self.own.contains(&path) || self.root.starts_with(&path) {
                touched.insert(path);
            }
        }
    }
}
