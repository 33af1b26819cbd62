//! What `upgrade` and `downgrade` have in common: a plan is made, carried out on the simulated database, and told.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use revproof_core::alembic::{Environment, Script};
use revproof_core::directory::ScriptDirectory;
use revproof_core::history::{History, ResolveError, RevisionId, Step};
use revproof_core::offline::Settings;
use revproof_core::render::{plan_json, plan_text, step_json, step_text};
use revproof_core::replay::{Baseline, Subject};
use revproof_core::schema::{Dialect, Name};
use revproof_core::workflow::{
    Dump, Entry, Journal, Left, Plan, Ran, Simulated, StepDone, StepEnd, current_rows, edited, edited_modules,
};
use serde_json::Value;

use crate::args::{DirectoryArgs, FactFormat};
use crate::listing::{unresolved, usable};
use crate::migrations::{self, Migrations, name_of};
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

/// What is to be done to one database.
struct Errand<'m> {
    environment: &'m Environment,
    state: State,
    journal: Journal,
    /// The version rows that it begins with.
    rows: Vec<RevisionId>,
    plan: Plan,
}

/// What was done to one.
struct Moved<'m> {
    environment: &'m Environment,
    state: State,
    journal: Journal,
    /// How many entries of the journal were there before.
    since: usize,
    ran: Ran,
    /// What of the dump that it began with was not understood.
    missing: Vec<String>,
    /// Whether it was rolled back because another database failed.
    rolled_back: bool,
}

fn work(migrations: &Migrations<'_>, args: &MoveArgs, purge: bool, planner: &Planner) -> Result<Told> {
    usable(migrations)?;
    if args.baseline.is_some() && migrations.databases.len() > 1 {
        return Err(Refusal::error(
            "A dump is one of a single database, and the project has several",
            "say which one it is of with `--database`",
        ));
    }
    let keeps = !args.plan && args.from.is_empty();
    let state = migrations.databases.first().map(|environment| State::of(migrations, environment));
    let lock = state.filter(|_| keeps).map(|state| state.lock()).transpose()?;
    let errands = migrations.databases.iter().map(|environment| prepare(migrations, environment, args, purge, planner));
    let errands: Vec<Errand<'_>> = errands.collect::<Result<_>>()?;
    if args.plan {
        let plans = errands.iter().map(|errand| show_plan(migrations, errand, args.output_format));
        return Ok(Told { text: plans.collect(), failure: None });
    }
    // As env.py of the templates has it: one database after the other, up to the first that fails.
    let mut moved: Vec<Moved<'_>> = Vec::new();
    for errand in errands {
        moved.push(carry_out(migrations, errand, !args.from.is_empty(), purge)?);
        if moved.last().is_some_and(Moved::failed) {
            break;
        }
    }
    if moved.last().is_some_and(Moved::failed) && migrations.databases.len() > 1 {
        moved.iter_mut().for_each(Moved::roll_back);
    }
    let failure = moved.last().and_then(|last| failure(last, migrations));
    if let Some(lock) = &lock {
        moved.iter().try_for_each(|moved| moved.state.write(lock, &moved.journal))?;
    }
    let text = moved.iter().map(|moved| show(moved, args.output_format, migrations)).collect();
    Ok(Told { text, failure })
}

fn prepare<'m>(
    migrations: &Migrations<'m>,
    environment: &'m Environment,
    args: &MoveArgs,
    purge: bool,
    planner: &Planner,
) -> Result<Errand<'m>> {
    let directory = migrations.directory;
    let state = State::of(migrations, environment);
    let apart = !args.from.is_empty();
    let journal = match if apart { None } else { state.read(environment.dialect)? } {
        Some(_) if args.baseline.is_some() => return Err(not_fresh()),
        Some(journal) => journal,
        None => fresh(migrations, environment, args.baseline.as_deref())?,
    };
    warn_of_edits(&journal, migrations);
    let rows = match (purge, apart) {
        (true, _) => Vec::new(),
        (_, true) => from_rows(migrations, &args.from)?,
        _ => kept_rows(directory, &journal)?,
    };
    let steps = planner(&directory.history, &rows).map_err(|error| unresolved(&error, migrations))?;
    let plan = Plan::new(&directory.history, &directory.scripts, steps, &rows);
    Ok(Errand { environment, state, journal, rows, plan })
}

fn carry_out<'m>(migrations: &Migrations<'m>, errand: Errand<'m>, apart: bool, purge: bool) -> Result<Moved<'m>> {
    let directory = migrations.directory;
    let Errand { environment, state, journal, rows, plan } = errand;
    let subject = Subject::new(directory, migrations.sources, migrations.config).on(environment);
    let mut database = Simulated::open(&subject, &directory.project, journal);
    let since = database.journal().entries.len();
    if Settings::of(directory, environment.dialect).transaction_per_migration {
        database.commit_each();
    }
    if purge {
        database.set_rows(Vec::new());
    } else if apart {
        bring_to(&mut database, migrations, &rows)?;
    }
    let missing = database.missing().to_vec();
    let ran = database.run(&plan);
    let journal = database.journal().clone();
    Ok(Moved { environment, state, journal, since, ran, missing, rolled_back: false })
}

impl Moved<'_> {
    fn failed(&self) -> bool {
        self.ran.steps.last().is_some_and(StepDone::failed)
    }

    /// Rolls back the transaction that env.py of the templates opens on every database before it begins: where one of
    /// them fails, all of them go back, as far as their dialects can.
    fn roll_back(&mut self) {
        let dialect = self.environment.dialect;
        let failed = self.failed();
        if self.ran.steps.is_empty() || failed && dialect != Dialect::Sqlite {
            return;
        }
        self.rolled_back = !failed;
        self.journal.roll_back(self.since, dialect);
        let kept = if dialect == Dialect::MySql { self.ran.steps.len().saturating_sub(1) } else { 0 };
        self.ran.steps.iter_mut().skip(kept).for_each(|step| step.kept = false);
    }
}

/// The journal of a new database: an empty one, or that of a dump.
pub(crate) fn fresh(migrations: &Migrations<'_>, environment: &Environment, dump: Option<&Path>) -> Result<Journal> {
    let dialect = environment.dialect;
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

/// Warns of the scripts that were edited since they were applied, and of the modules that they import.
pub(crate) fn warn_of_edits(journal: &Journal, migrations: &Migrations<'_>) {
    let directory = migrations.directory;
    let applied = journal.applied(&directory.history, &directory.modules);
    let told = |script: &Script| {
        let file = migrations.shown(script);
        format!("{file} was edited after it was applied; the database holds what it did then (`revproof rule RP110`)")
    };
    for warning in edited(&applied, &directory.scripts).into_iter().map(told) {
        output::warn(&warning);
    }
    for (module, revisions) in edited_modules(&applied) {
        let revisions = revisions.join(", ");
        output::warn(&format!(
            "the module {module} was edited after {revisions} had been applied with it; the database holds what it did then \
             (`revproof rule RP110`)"
        ));
    }
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

/// Where the kept databases of these migrations are; `None` where there is no such database yet.
pub(crate) fn position(migrations: &Migrations<'_>) -> Result<Option<Vec<RevisionId>>> {
    let mut rows: Option<Vec<RevisionId>> = None;
    for environment in &migrations.databases {
        let Some(found) = position_of(migrations, environment)? else { continue };
        let known = rows.get_or_insert_with(Vec::new);
        for row in found {
            if !known.contains(&row) {
                known.push(row);
            }
        }
    }
    Ok(rows)
}

/// Where one of them is.
pub(crate) fn position_of(migrations: &Migrations<'_>, environment: &Environment) -> Result<Option<Vec<RevisionId>>> {
    let journal = State::of(migrations, environment).read(environment.dialect)?;
    journal.map(|journal| kept_rows(migrations.directory, &journal)).transpose()
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

fn show_plan(migrations: &Migrations<'_>, errand: &Errand<'_>, format: FactFormat) -> String {
    let line = |step| match format {
        FactFormat::Text => plan_text(step),
        FactFormat::Json => {
            format!("{}\n", of_database(plan_json(step, &migrations.directory.history), errand.environment))
        }
    };
    let lines: String = errand.plan.steps.iter().map(line).collect();
    if format == FactFormat::Json {
        return lines;
    }
    let heading = heading(migrations, errand.environment);
    if lines.is_empty() { format!("{heading}Nothing to do.\n") } else { heading + &lines }
}

/// The line over what is said of one database of several, in the words of the templates' env.py.
pub(crate) fn heading(migrations: &Migrations<'_>, environment: &Environment) -> String {
    migrations.heading(environment).map(|name| format!("Migrating database {name}\n")).unwrap_or_default()
}

/// An object that names its database, where the project has several.
pub(crate) fn of_database(mut object: Value, environment: &Environment) -> Value {
    if let (Some(fields), Some(name)) = (object.as_object_mut(), name_of(environment)) {
        fields.insert("database".to_owned(), name.into());
    }
    object
}

/// Ranges are for `--sql` alone.
pub(crate) fn check_target(target: &str) -> Result<()> {
    if target.contains(':') {
        return Err(Refusal::error("Range revision not allowed", "name one revision; `--from` says where to start"));
    }
    Ok(())
}

/// What was done, step by step.
fn show(moved: &Moved<'_>, format: FactFormat, migrations: &Migrations<'_>) -> String {
    let (environment, ran) = (moved.environment, &moved.ran);
    if format == FactFormat::Json {
        let history = &migrations.directory.history;
        let line = |step| of_database(step_json(step, &moved.missing, history), environment).to_string() + "\n";
        return ran.steps.iter().map(line).collect();
    }
    let shown = |path: &str| migrations.place.shown(path);
    let mut out = heading(migrations, environment);
    ran.steps.iter().for_each(|step| out.push_str(&step_text(step, &shown)));
    let unknown = ran.steps.iter().filter(|step| step.end == StepEnd::Unknown).count();
    if ran.steps.is_empty() {
        out.push_str("Nothing to do.\n");
    } else if moved.rolled_back {
        _ = writeln!(out, "Another database fails, so this one is rolled back: it is {}.", at(&moved.journal.rows()));
    } else if unknown > 0 {
        let what = if unknown == 1 { "One step" } else { "Some steps" };
        _ = writeln!(out, "{what} could not be evaluated in full: from there on a real database may differ.");
    }
    out
}

/// Why a command failed, where it did.
fn failure(moved: &Moved<'_>, migrations: &Migrations<'_>) -> Option<anyhow::Error> {
    let (environment, ran) = (moved.environment, &moved.ran);
    let step = ran.steps.last().filter(|step| step.failed())?;
    let dialect = environment.dialect;
    let on = name_of(environment).map(|name| format!(" on the database {name}")).unwrap_or_default();
    let at = at(&moved.journal.rows());
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
    Some(Refusal::error(
        format!("The {} of {name} fails{on}: {}{place}", step.planned.kind(), failure_of(step)),
        format!("{left}; mend the script and run the command again"),
    ))
}

fn at(rows: &[Name]) -> String {
    if rows.is_empty() { "at no revision".to_owned() } else { format!("at {}", rows.join(", ")) }
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
