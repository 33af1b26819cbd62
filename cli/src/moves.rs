//! What `upgrade` and `downgrade` have in common: a plan is made, carried out on the simulated database, and told.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::alembic::Script;
use revproof_core::directory::ScriptDirectory;
use revproof_core::history::{History, ResolveError, RevisionId, Step};
use revproof_core::offline::Settings;
use revproof_core::render::{plan_json, plan_text, step_json, step_text};
use revproof_core::replay::{Baseline, Subject};
use revproof_core::schema::Name;
use revproof_core::workflow::{
    Dump, Entry, Journal, Left, Plan, Ran, Simulated, StepDone, StepEnd, current_rows, edited,
};

use crate::args::{DirectoryArgs, FactFormat};
use crate::listing::{unresolved, usable};
use crate::migrations::{self, Migrations};
use crate::refusal::Refusal;
use crate::state::State;
use crate::{output, settings};

/// What all commands that move the simulated database take.
#[derive(Debug, Clone, Args)]
pub(crate) struct MoveArgs {
    #[command(flatten)]
    pub(crate) directory: DirectoryArgs,
    /// Show what would be done, and change nothing
    #[arg(long)]
    pub(crate) plan: bool,
    /// Start from this revision, on a database of its own, instead of from the one that is kept; `base` for an empty
    /// one; several for several heads
    #[arg(long, value_name = "REV")]
    pub(crate) from: Vec<String>,
    /// Begin with the database of this dump (`pg_dump --schema-only`, `sqlite3 .schema`, `mysqldump --no-data`)
    /// instead of an empty one
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Print the SQL instead, as Alembic's offline mode does: from an empty database, or `START:TARGET`
    #[arg(long, conflicts_with_all = ["plan", "from", "baseline", "output_format"])]
    pub(crate) sql: bool,
    /// With `--sql`: say in comments what each statement locks and which line it comes from
    #[arg(long, requires = "sql")]
    pub(crate) annotate: bool,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) output_format: FactFormat,
}

/// The steps of a command from the current version rows.
pub(crate) type Planner = dyn Fn(&History, &[RevisionId]) -> Result<Vec<Step>, ResolveError> + Send;

/// What a command came to: what it prints, and why it failed, where it did.
struct Told {
    text: String,
    failure: Option<anyhow::Error>,
}

/// Plans, carries out, keeps and tells. With `purge`, the version rows that are there are forgotten first.
pub(crate) fn run(args: MoveArgs, purge: bool, planner: Box<Planner>) -> Result<ExitCode> {
    let directory = args.directory.clone();
    let told = migrations::with(&directory, move |migrations| work(migrations, &args, purge, &planner))?;
    output::print(&told.text)?;
    match told.failure {
        Some(failure) => Err(failure),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn work(migrations: &Migrations<'_>, args: &MoveArgs, purge: bool, planner: &Planner) -> Result<Told> {
    usable(migrations)?;
    let directory = migrations.directory;
    let state = State::of(migrations);
    let dialect = directory.environment.dialect;
    let apart = !args.from.is_empty();
    let lock = if args.plan || apart { None } else { Some(state.lock()?) };
    let journal = match if apart { None } else { state.read(dialect)? } {
        Some(_) if args.baseline.is_some() => return Err(not_fresh()),
        Some(journal) => journal,
        None => fresh(migrations, args.baseline.as_deref())?,
    };
    for warning in edited_since(&journal, migrations) {
        output::warn(&warning);
    }
    let rows = match (purge, apart) {
        (true, _) => Vec::new(),
        (_, true) => from_rows(migrations, &args.from)?,
        _ => kept_rows(directory, &journal)?,
    };
    let steps = planner(&directory.history, &rows).map_err(|error| unresolved(&error, migrations))?;
    let plan = Plan::new(&directory.history, &directory.scripts, steps, &rows);
    if args.plan {
        return Ok(Told { text: show_plan(&plan, args.output_format, directory), failure: None });
    }
    let subject = Subject::new(directory, migrations.sources, migrations.config);
    let mut database = Simulated::open(&subject, &directory.project, journal);
    if Settings::of(directory).transaction_per_migration {
        database.commit_each();
    }
    if purge {
        database.set_rows(Vec::new());
    } else if apart {
        bring_to(&mut database, migrations, &rows)?;
    }
    let ran = database.run(&plan);
    if let Some(lock) = &lock {
        state.write(lock, database.journal())?;
    }
    let failure = ran.steps.last().filter(|step| step.failed()).map(|step| failure(&ran, step, migrations));
    Ok(Told { text: show(&ran, args.output_format, migrations), failure })
}

/// The journal of a new database: an empty one, or that of a dump.
pub(crate) fn fresh(migrations: &Migrations<'_>, dump: Option<&Path>) -> Result<Journal> {
    let dialect = migrations.directory.environment.dialect;
    let rows = &migrations.config.rows;
    let Some(file) = dump else { return Ok(Journal::new(dialect, rows, None)) };
    let sql = settings::read_text(file, "baseline")?;
    let path = file.display().to_string();
    let baseline = Baseline::read(&sql, dialect);
    not_understood(&path, &baseline);
    let mut journal = Journal::new(dialect, rows, Some(Dump { path, sql: sql.into() }));
    if !baseline.versions.is_empty() {
        journal.entries.push(Entry::Stamp { rows: baseline.versions });
    }
    Ok(journal)
}

/// Warns of what of a dump is missing.
pub(crate) fn not_understood(dump: &str, baseline: &Baseline) {
    for why in &baseline.missing {
        output::warn(&format!("{dump}: not understood, so what it makes is missing: {why}"));
    }
}

fn not_fresh() -> anyhow::Error {
    Refusal::error(
        "There is a simulated database already, and `--baseline` is what one begins with",
        "`revproof reset --baseline FILE` starts over from the dump",
    )
}

/// The scripts that were edited since they were applied, each with what that means.
pub(crate) fn edited_since(journal: &Journal, migrations: &Migrations<'_>) -> Vec<String> {
    let directory = migrations.directory;
    let applied = journal.applied(&directory.history);
    let told = |script: &Script| {
        let file = migrations.shown(script);
        format!("{file} was edited after it was applied; the database holds what it did then (`revproof rule RP110`)")
    };
    edited(&applied, &directory.scripts).into_iter().map(told).collect()
}

/// The version rows of the kept database.
pub(crate) fn kept_rows(directory: &ScriptDirectory<'_>, journal: &Journal) -> Result<Vec<RevisionId>> {
    current_rows(&directory.history, &journal.rows()).map_err(|error| {
        Refusal::error(
            error.to_string(),
            "the simulated database is at a revision whose script is gone: bring the script back, `revproof stamp \
             --purge` another revision, or start over with `revproof reset`",
        )
    })
}

/// Where the kept database of these migrations is; `None` where there is no such database yet.
pub(crate) fn position(migrations: &Migrations<'_>) -> Result<Option<Vec<RevisionId>>> {
    let directory = migrations.directory;
    let journal = State::of(migrations).read(directory.environment.dialect)?;
    journal.map(|journal| kept_rows(directory, &journal)).transpose()
}

/// The version rows that the arguments name.
fn from_rows(migrations: &Migrations<'_>, from: &[String]) -> Result<Vec<RevisionId>> {
    let mut rows = Vec::new();
    for symbol in from {
        let found = migrations.directory.history.resolve(symbol).map_err(|error| unresolved(&error, migrations))?;
        rows.extend(found.into_iter().filter(|id| !rows.contains(id)).collect::<Vec<_>>());
    }
    Ok(rows)
}

/// Upgrades an empty database to version rows.
fn bring_to(database: &mut Simulated<'_>, migrations: &Migrations<'_>, rows: &[RevisionId]) -> Result<()> {
    let directory = migrations.directory;
    let history = &directory.history;
    for row in rows {
        let now = current_rows(history, &database.journal().rows()).unwrap_or_default();
        let name = history.name(*row);
        let steps = history.plan_upgrade(&name, &now).map_err(|error| unresolved(&error, migrations))?;
        let ran = database.run(&Plan::new(history, &directory.scripts, steps, &now));
        if let Some(step) = ran.steps.last().filter(|step| step.failed()) {
            return Err(Refusal::error(
                format!("The way to {name} fails already: {}", failure_of(step)),
                "`revproof check` says what to do about it",
            ));
        }
    }
    let rows: Vec<Name> = history.names(rows);
    database.set_rows(rows);
    Ok(())
}

fn show_plan(plan: &Plan, format: FactFormat, directory: &ScriptDirectory<'_>) -> String {
    let line = |step| match format {
        FactFormat::Text => plan_text(step),
        FactFormat::Json => format!("{}\n", plan_json(step, &directory.history)),
    };
    let lines: String = plan.steps.iter().map(line).collect();
    if lines.is_empty() && format == FactFormat::Text { "Nothing to do.\n".to_owned() } else { lines }
}

/// Ranges are for `--sql` alone.
pub(crate) fn check_target(target: &str) -> Result<()> {
    if target.contains(':') {
        return Err(Refusal::error("Range revision not allowed", "name one revision; `--from` says where to start"));
    }
    Ok(())
}

/// What was done, step by step.
pub(crate) fn show(ran: &Ran, format: FactFormat, migrations: &Migrations<'_>) -> String {
    if format == FactFormat::Json {
        let history = &migrations.directory.history;
        let lines = ran.steps.iter().map(|step| step_json(step, history).to_string() + "\n");
        return lines.collect();
    }
    let shown = |path: &str| migrations.place.shown(path);
    let mut out: String = ran.steps.iter().map(|step| step_text(step, &shown)).collect();
    let unknown = ran.steps.iter().filter(|step| step.end == StepEnd::Unknown).count();
    if ran.steps.is_empty() {
        out.push_str("Nothing to do.\n");
    } else if unknown > 0 {
        let what = if unknown == 1 { "One step" } else { "Some steps" };
        _ = writeln!(out, "{what} could not be evaluated in full: from there on a real database may differ.");
    }
    out
}

fn failure(ran: &Ran, step: &StepDone, migrations: &Migrations<'_>) -> anyhow::Error {
    let dialect = migrations.directory.environment.dialect;
    let rows = migrations.directory.history.names(&step.planned.rows);
    let at = if rows.is_empty() { "at no revision".to_owned() } else { format!("at {}", rows.join(", ")) };
    let place = match &step.end {
        StepEnd::Failed { failure } => failure.place.as_ref(),
        _ => None,
    };
    let place = place.map(|p| format!(" ({}:{})", migrations.place.shown(&p.path), p.line)).unwrap_or_default();
    let name = step.planned.revision().map(|id| migrations.directory.history.name(id)).unwrap_or_default();
    let server = title(dialect.name());
    let left = match ran.left {
        Some(Left::Nothing) => format!("{server} takes the whole run back: the database is still {at}"),
        Some(Left::Committed) => format!("{server} keeps what was committed before: the database is {at}"),
        Some(Left::Everything) | None => {
            format!("{server} keeps what was done before the failure: the database is {at}")
        }
    };
    Refusal::error(
        format!("The {} of {name} fails: {}{place}", step.planned.kind(), failure_of(step)),
        format!("{left}; mend the script and run the command again"),
    )
}

fn failure_of(step: &StepDone) -> &str {
    match &step.end {
        StepEnd::Failed { failure } => &failure.message,
        _ => "",
    }
}

fn title(dialect: &str) -> &str {
    match dialect {
        "postgresql" => "PostgreSQL",
        "mysql" => "MySQL",
        _ => "SQLite",
    }
}
