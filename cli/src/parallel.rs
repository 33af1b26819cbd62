//! Work that is done side by side: files are read and parsed on all processors. The replay is not: each revision stands on
//! the one before it.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use revproof_core::python::{InTurn, Parsed, Parser, parse};
use revproof_core::source::SourceFile;

use crate::prove::STACK;

/// So many files are done before a second thread is worth its start.
const FEW: usize = 16;

/// Parses files side by side.
pub(crate) struct SideBySide;

impl Parser for SideBySide {
    fn parse(&self, files: Vec<SourceFile>) -> Vec<Parsed> {
        match pool(files.len()) {
            Some(pool) => pool.install(|| files.par_iter().map(parse).collect()),
            None => InTurn.parse(files),
        }
    }
}

/// What `work` makes of each item, in that order.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    match pool(items.len()) {
        Some(pool) => pool.install(|| items.par_iter().map(work).collect()),
        None => items.iter().map(work).collect(),
    }
}

/// The threads for so many files, with room for scripts that nest deeply; none where they are few, or where the system
/// gives none. They end with their work: what they have allocated is then the allocator's to give to the thread that
/// replays, which a long history takes a tenth less memory by.
fn pool(files: usize) -> Option<ThreadPool> {
    if files <= FEW {
        return None;
    }
    ThreadPoolBuilder::new().stack_size(STACK).build().ok()
}
