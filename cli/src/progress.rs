//! A sign of life on stderr, for people who wait at a terminal.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run that is over before this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the sign moves.
const TICK: Duration = Duration::from_millis(100);

/// Waits for `work` and shows how many files it has read so far.
pub(crate) fn wait<T>(work: JoinHandle<T>, read: &Arc<AtomicUsize>) -> std::thread::Result<T> {
    if !io::stderr().is_terminal() {
        return work.join();
    }
    let start = Instant::now();
    while !work.is_finished() && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(2));
    }
    if work.is_finished() {
        return work.join();
    }
    let style = ProgressStyle::with_template("{spinner} proving: {msg}, {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
    while !work.is_finished() {
        bar.set_message(format!("{} files read", read.load(Ordering::Relaxed)));
        bar.tick();
        std::thread::sleep(TICK);
    }
    bar.finish_and_clear();
    work.join()
}
