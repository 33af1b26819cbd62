//! Work that is done side by side: files are read and parsed on all processors. The replay is not: each revision stands on
//! the one before it.

use std::collections::HashMap;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use revproof_core::python::{InTurn, Module, Parsed, Parser, parse, parse_again};
use revproof_core::source::SourceFile;

use crate::prove::STACK;

/// So many files are done before a second thread is worth its start.
const FEW: usize = 16;

/// So many files are parsed before the first of them has been taken in. Trees take ten times the memory of the text.
const AHEAD: usize = 64;

/// Parses files side by side.
pub(crate) struct SideBySide;

impl Parser for SideBySide {
    fn parse(&self, files: Vec<SourceFile>, hand_on: &mut dyn FnMut(Parsed)) {
        let Some(pool) = pool(files.len()) else { return InTurn.parse(files, hand_on) };
        let (tell, told) = sync_channel(AHEAD);
        pool.in_place_scope_fifo(|scope| {
            for (place, file) in files.iter().enumerate() {
                let tell = tell.clone();
                scope.spawn_fifo(move |_| _ = tell.send((place, parse(file))));
            }
            drop(tell);
            let (mut early, mut next) = (HashMap::new(), 0);
            for (place, parsed) in told {
                early.insert(place, parsed);
                while let Some(parsed) = early.remove(&next) {
                    hand_on(parsed);
                    next += 1;
                }
            }
        });
    }

    fn ahead(&self, files: Vec<SourceFile>) -> Option<Box<dyn Iterator<Item = Module>>> {
        if files.len() <= FEW {
            return None;
        }
        let (tell, told) = sync_channel(AHEAD);
        let parse = move || _ = files.iter().map(parse_again).try_for_each(|code| tell.send(code));
        thread::Builder::new().stack_size(STACK).spawn(parse).ok()?;
        Some(Box::new(told.into_iter()))
    }
}

/// Lets go of what is done with on a thread that nobody waits for: the process may end before it has.
pub(crate) fn let_go(done: Box<dyn Send>) {
    // Where there is no such thread, it is dropped with what that should have done.
    _ = thread::Builder::new().stack_size(STACK).spawn(move || drop(done));
}

/// What `work` makes of each item, in that order.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    let Some(pool) = pool(items.len()) else { return items.iter().map(work).collect() };
    let done = pool.install(|| items.par_iter().map(work).collect());
    *IDLE.lock().unwrap_or_else(PoisonError::into_inner) = Some(pool);
    done
}

/// The threads that have read files, for whoever parses them: others would touch memory of their own first.
static IDLE: Mutex<Option<ThreadPool>> = Mutex::new(None);

/// The threads for so many files, with room for scripts that nest deeply; none where they are few, or where the system
/// gives none. They end with what was parsed: what they have allocated is then the allocator's to give to the thread that
/// replays, which a long history takes a tenth less memory by.
fn pool(files: usize) -> Option<ThreadPool> {
    if files <= FEW {
        return None;
    }
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).take();
    idle.or_else(|| ThreadPoolBuilder::new().stack_size(STACK).build().ok())
}
