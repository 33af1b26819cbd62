//! Runs the core on a place of the disk.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::thread;

use anyhow::{Context, Result};
use revproof_core::source::FileTree;

use crate::disk::Disk;
use crate::place::Place;
use crate::progress;

/// Scripts nest as deep as their authors like; the evaluator has limits of its own, and room to reach them.
const STACK: usize = 64 * 1024 * 1024;

/// What `work` makes of the files, on a thread with room for deep scripts.
pub(crate) fn on_disk<T, F>(place: &Place, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&dyn FileTree, &str) -> T + Send + 'static,
{
    let read = Arc::new(AtomicUsize::new(0));
    let (root, path, counter) = (place.root.clone(), place.path.clone(), Arc::clone(&read));
    let thread = thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || work(&Disk::new(root, counter), &path))
        .context("cannot start the analysis")?;
    match progress::wait(thread, &read) {
        Ok(done) => Ok(done),
        Err(payload) => panic::resume_unwind(payload),
    }
}
