//! Where output goes: stdout, a file, or one line on stderr.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result};

use crate::args::Color;
use crate::refusal::Refusal;

/// Could not run.
const REFUSED: u8 = 2;

/// Says on stderr what a command was refused for and what to type, or on one line why it could not run.
pub(crate) fn refuse(error: &anyhow::Error) -> ExitCode {
    let Some(refusal) = error.downcast_ref::<Refusal>() else { return refuse_with(&format!("{error:#}")) };
    let (sentence, help) = (one_line(&refusal.sentence), one_line(&refusal.help));
    _ = writeln!(io::stderr(), "error: {sentence}\nhelp: {help}");
    ExitCode::FAILURE
}

/// Says on one line of stderr what should be looked at; the command goes on.
pub(crate) fn warn(warning: &str) {
    _ = writeln!(io::stderr(), "warning: {}", one_line(warning));
}

/// Says on one line of stderr why it could not run.
pub(crate) fn refuse_with(reason: &dyn Display) -> ExitCode {
    _ = writeln!(io::stderr(), "revproof: {}", one_line(&reason.to_string()));
    ExitCode::from(REFUSED)
}

/// The text on one line, without what would steer a terminal.
fn one_line(text: &str) -> String {
    text.replace('\n', " ").chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Whether stdout takes colours.
pub(crate) fn colors(choice: Color) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
    }
}

/// Whether stdout is a terminal that takes colours, and so links behind words.
pub(crate) fn is_linking() -> bool {
    io::stdout().is_terminal() && colors(Color::Auto)
}

/// The columns of the terminal behind stdout, where there is one.
pub(crate) fn width() -> Option<usize> {
    let stdout = io::stdout();
    stdout.is_terminal().then(|| terminal_size::terminal_size_of(&stdout)).flatten().map(|(w, _)| usize::from(w.0))
}

/// Prints to stdout. A reader that has seen enough (`| head -1`) is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to stdout"),
    }
}

/// Writes a file whole or not at all: whoever reads it meanwhile sees the old one or the new one.
pub(crate) fn write(file: &Path, text: &str) -> Result<()> {
    let name = file.file_name().with_context(|| format!("cannot write `{}`: it names no file", file.display()))?;
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}", std::process::id()));
    let temporary = file.with_file_name(hidden);
    fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, file)).map_err(|error| {
        _ = fs::remove_file(&temporary);
        anyhow::anyhow!("cannot write `{}`: {}", file.display(), reason(&error))
    })
}

/// What went wrong, without the number that the operating system gives it.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}
