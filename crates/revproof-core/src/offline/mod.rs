//! What `alembic upgrade --sql` prints, without Alembic: [`script`] evaluates the scripts of a plan against a host that
//! writes every operation as SQL and sends none.
//!
//! The text is that of SQLAlchemy's compilers and of Alembic's offline mode to the character. What makes the offline
//! mode of Alembic raise makes this one refuse, and so does whatever can't be known: a script is printed whole or not
//! at all.

mod note;
mod recorder;
mod settings;
#[cfg(test)]
mod tests;
mod version;

use std::fmt::{self, Write as _};
use std::sync::Arc;

pub use settings::Settings;

use crate::alembic::{Direction, Environment, RunEnd, run};
use crate::directory::ScriptDirectory;
use crate::history::{RevisionId, Step};
use crate::op::FailureKind;
use crate::source::{Sources, Span};
use recorder::Recorder;

/// One statement or comment of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Its text, semicolon and all, without the empty line that follows it.
    pub text: String,
    /// The revision that it belongs to; none of what frames them.
    pub revision: Option<RevisionId>,
    /// The call in the script that it comes from, where it comes from one.
    pub span: Option<Span>,
    /// What it locks and what it does to the table meanwhile, where that is known for sure.
    pub note: Option<String>,
}

/// Why there is no SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The class of the exception that Alembic raises; none where Alembic would go on and this can't follow.
    pub class: Option<Arc<str>>,
    /// What it says.
    pub message: String,
    /// The revision whose script it is.
    pub revision: Option<RevisionId>,
    /// The line of the script.
    pub span: Option<Span>,
    /// What was written before; Alembic has printed it when it raises.
    pub before: Vec<Chunk>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.class {
            Some(class) if self.message.is_empty() => f.write_str(class),
            Some(class) => write!(f, "{class}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The SQL of a plan for the database of an environment, where `rows` are those of `alembic_version` at the start.
pub fn script(
    directory: &ScriptDirectory<'_>,
    environment: &Environment,
    plan: &[Step],
    rows: &[RevisionId],
    settings: &Settings,
) -> Result<Vec<Chunk>, Box<Refused>> {
    let mut recorder = Recorder::new(environment.dialect, settings);
    if let Some(argument) = &settings.untold {
        let message = format!(
            "env.py gives context.configure() a `{argument}` that can't be told from its text, and the SQL hangs on it; \
             write it as a plain value"
        );
        return Err(Box::new(Refused { class: None, message, revision: None, span: None, before: Vec::new() }));
    }
    let mut rows = rows.to_vec();
    if !settings.transaction_per_migration {
        recorder.begin();
    }
    for step in plan {
        if settings.transaction_per_migration {
            recorder.begin();
        }
        if rows.is_empty() {
            recorder.statement(&version::create(recorder.dialect(), settings), None);
        }
        recorder.comment(&format!("-- Running {}", step.log(&directory.history)));
        recorder.revision = step.revision();
        run_step(directory, environment, step, &mut recorder)?;
        for change in step.changes(&directory.history, &rows) {
            let sql = version::change(change, &directory.history, recorder.dialect(), settings);
            recorder.statement(&sql, None);
            change.apply(&mut rows);
        }
        recorder.revision = None;
        if settings.transaction_per_migration {
            recorder.commit();
        }
    }
    if !settings.transaction_per_migration {
        recorder.commit();
    }
    Ok(recorder.chunks)
}

/// The chunks as the text that Alembic prints.
pub fn text(chunks: &[Chunk]) -> String {
    chunks.iter().fold(String::new(), |out, chunk| out + &chunk.text + "\n\n")
}

/// The chunks with comments that say what each statement locks and which line of which script it comes from.
pub fn annotated(chunks: &[Chunk], sources: &Sources) -> String {
    let mut out = String::new();
    for chunk in chunks {
        if let Some((file, position)) =
            chunk.span.and_then(|span| Some((sources.get(span.file)?, sources.position(span)?)))
        {
            _ = writeln!(out, "-- {}:{}", file.path, position.line);
        }
        if let Some(note) = &chunk.note {
            _ = writeln!(out, "-- {note}");
        }
        out.push_str(&chunk.text);
        out.push_str("\n\n");
    }
    out
}

/// Evaluates the script of a step, where it has one.
fn run_step(
    directory: &ScriptDirectory<'_>,
    environment: &Environment,
    step: &Step,
    recorder: &mut Recorder<'_>,
) -> Result<(), Box<Refused>> {
    let direction = match step {
        Step::Upgrade(_) => Direction::Upgrade,
        Step::Downgrade(_) => Direction::Downgrade,
        Step::Stamp(_) => return Ok(()),
    };
    let script = step.revision().and_then(|id| directory.scripts.get(id.0 as usize));
    let Some(script) = script else { return Ok(()) };
    let end = run(script, direction, environment, recorder, &directory.modules);
    if let Some((why, span)) = recorder.doubt.take() {
        let message = format!("{why}; what can't be known has no SQL");
        return Err(Box::new(recorder.refuse(None, message, span)));
    }
    match end {
        RunEnd::Completed | RunEnd::Empty => Ok(()),
        RunEnd::Missing => {
            let name = if direction == Direction::Upgrade { "upgrade" } else { "downgrade" };
            let message = format!("module '{}' has no attribute '{name}'", script.revision);
            Err(Box::new(recorder.refuse(Some("AttributeError"), message, script.revision_span)))
        }
        RunEnd::Refused { message, class, span } => {
            Err(Box::new(recorder.refuse(Some(&class), message.to_string(), span)))
        }
        RunEnd::Raised { failure, class, span } => {
            let own = failure.kind == FailureKind::Script;
            let message = own.then(|| failure.message.strip_prefix(&*class)).flatten();
            let message = message.map_or(failure.message.as_str(), |rest| rest.trim_start_matches(": ")).to_owned();
            Err(Box::new(recorder.refuse(Some(&class), message, span)))
        }
        RunEnd::LimitReached { span } => {
            let message = "the script takes more steps to evaluate than the limit allows; it may never end".to_owned();
            Err(Box::new(recorder.refuse(None, message, span)))
        }
    }
}
