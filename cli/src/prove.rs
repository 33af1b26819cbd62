//! Runs the core on a place of the disk.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use anyhow::{Context, Result};
use revproof_core::analyse::Progress;
use revproof_core::source::FileTree;

use crate::disk::Disk;
use crate::place::Place;
use crate::progress::{self, Counters};

/// Scripts nest as deep as their authors like; the evaluator has limits of its own, and room to reach them.
pub(crate) const STACK: usize = 64 * 1024 * 1024;

/// What `work` makes of the files and the path in them, on a thread with room for deep scripts. It may tell how far it
/// has come.
pub(crate) fn on_disk<T, F>(place: &Place, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&dyn FileTree, &str, &mut dyn FnMut(Progress)) -> T + Send + 'static,
{
    let counters = Arc::new(Counters::default());
    let (root, path, told) = (place.root.clone(), place.path.clone(), Arc::clone(&counters));
    let run = move || {
        let mut tell = |progress: Progress| {
            told.done.store(progress.done, Ordering::Relaxed);
            told.total.store(progress.total, Ordering::Relaxed);
        };
        work(&Disk::new(root, Arc::clone(&told)), &path, &mut tell)
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).context("cannot start the analysis")?;
    match progress::wait(thread, &counters) {
        Ok(done) => Ok(done),
        Err(payload) => panic::resume_unwind(payload),
    }
}
