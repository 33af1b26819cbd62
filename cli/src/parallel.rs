//! Work that is done side by side: files are read and parsed on all processors. The replay is not: each revision stands on
//! the one before it.

use std::sync::OnceLock;

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
        match pool().filter(|_| files.len() > FEW) {
            Some(pool) => pool.install(|| files.par_iter().map(parse).collect()),
            None => InTurn.parse(files),
        }
    }
}

/// What `work` makes of each item, in that order.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    match pool().filter(|_| items.len() > FEW) {
        Some(pool) => pool.install(|| items.par_iter().map(work).collect()),
        None => items.iter().map(work).collect(),
    }
}

/// The threads, with room for scripts that nest deeply; none where the system gives none.
fn pool() -> Option<&'static ThreadPool> {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    POOL.get_or_init(|| ThreadPoolBuilder::new().stack_size(STACK).build().ok()).as_ref()
}
