//! A sign of life on stderr, for people who wait at a terminal.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run that is over before this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the sign moves.
const TICK: Duration = Duration::from_millis(100);

/// How far the work has come, told by the thread that does it.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Files read.
    pub(crate) read: AtomicUsize,
    /// Revisions replayed.
    pub(crate) done: AtomicUsize,
    /// Revisions to be replayed; 0 as long as that is not known.
    pub(crate) total: AtomicUsize,
}

/// Waits for `work`, and shows how far it has come where somebody is looking.
pub(crate) fn wait<T>(work: JoinHandle<T>, counters: &Counters) -> thread::Result<T> {
    if !io::stderr().is_terminal() {
        return work.join();
    }
    let start = Instant::now();
    while !work.is_finished() && start.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(2));
    }
    if !work.is_finished() {
        show(&work, counters);
    }
    work.join()
}

fn show<T>(work: &JoinHandle<T>, counters: &Counters) {
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    while !work.is_finished() {
        bar.set_message(message(counters));
        bar.tick();
        thread::sleep(TICK);
    }
    bar.finish_and_clear();
}

fn message(counters: &Counters) -> String {
    match counters.total.load(Ordering::Relaxed) {
        0 => format!("reading: {} files", counters.read.load(Ordering::Relaxed)),
        total => format!("proving: {} of {total} revisions", counters.done.load(Ordering::Relaxed)),
    }
}
