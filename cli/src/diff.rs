//! `revproof diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use revproof_core::alembic::Environment;
use revproof_core::history::RevisionId;
use revproof_core::offline;
use revproof_core::render::changes_mermaid;
use revproof_core::replay::{Baseline, Subject, upgrades};
use revproof_core::report::changed_tables;
use revproof_core::schema::{Catalog, Difference, DifferenceKind, diff, drift};
use serde_json::{Value, json};

use crate::args::DirectoryArgs;
use crate::listing::{unresolved, usable};
use crate::migrations::{self, Migrations};
use crate::moves::{not_understood, of_database};
use crate::sql::sql_heading;
use crate::{output, settings};

/// The arguments of `diff`.
#[derive(Debug, Clone, Args)]
pub(crate) struct DiffArgs {
    /// The revision to compare from
    #[arg(default_value = "base")]
    from: String,
    /// The revision to compare to
    #[arg(default_value = "heads")]
    to: String,
    #[command(flatten)]
    directory: DirectoryArgs,
    /// Compare the schema of all revisions with the dump of a real database instead (`pg_dump --schema-only`,
    /// `sqlite3 .schema`, `mysqldump --no-data`); exits with 1 if they differ
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to"])]
    against: Option<PathBuf>,
    /// The format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    output_format: DiffFormat,
}

/// A format of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum DiffFormat {
    /// A line per difference
    #[default]
    Text,
    /// One object
    Json,
    /// The SQL that the revisions between the two send
    Sql,
    /// An entity-relationship diagram of the tables that change
    Mermaid,
}

/// Two schemas to compare, and what they are called.
struct Pair {
    before: Catalog,
    after: Catalog,
    names: (String, String),
    /// What of a dump was not understood.
    missing: Vec<String>,
}

/// Shows how two schemas differ.
pub(crate) fn run(args: DiffArgs) -> Result<ExitCode> {
    let directory = args.directory.clone();
    let drift = args.against.is_some();
    let (text, differs) = migrations::with(&directory, move |migrations| compare(migrations, &args))?;
    output::print(&text)?;
    Ok(if drift && differs { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn compare(migrations: &Migrations<'_>, args: &DiffArgs) -> Result<(String, bool)> {
    usable(migrations)?;
    let one = [migrations.one_database()];
    let databases: Vec<&Environment> = match &args.against {
        // A dump is one of a single database.
        Some(_) => one.into_iter().collect::<Result<_>>()?,
        None => migrations.databases.clone(),
    };
    let (mut text, mut differs) = (String::new(), false);
    for environment in databases {
        let (one, differ) = compare_on(migrations, environment, args)?;
        text.push_str(&one);
        differs |= differ;
    }
    Ok((text, differs))
}

fn compare_on(migrations: &Migrations<'_>, environment: &Environment, args: &DiffArgs) -> Result<(String, bool)> {
    let pair = match &args.against {
        Some(_) if args.output_format == DiffFormat::Sql => {
            bail!("a dump has no revisions to send SQL: leave `--against` or `--output-format sql` out")
        }
        Some(file) => {
            let dump = settings::read_text(file, "dump")?;
            let shown = file.display().to_string();
            let baseline = Baseline::read(&dump, environment.dialect);
            not_understood(&shown, &baseline);
            let before = at(migrations, environment, "heads")?;
            Pair {
                before,
                after: baseline.database.catalog,
                names: ("the migrations".to_owned(), shown),
                missing: baseline.missing,
            }
        }
        None if args.output_format == DiffFormat::Sql => {
            return Ok((
                sql_heading(migrations, environment) + &sql(migrations, environment, &args.from, &args.to)?,
                true,
            ));
        }
        None => {
            let names = (args.from.clone(), args.to.clone());
            let at = |symbol| at(migrations, environment, symbol);
            Pair { before: at(&args.from)?, after: at(&args.to)?, names, missing: Vec::new() }
        }
    };
    let differ = if args.against.is_some() { drift } else { diff };
    let differences = differ(&pair.before, &pair.after);
    let text = match args.output_format {
        DiffFormat::Json => format!("{}\n", of_database(object(&pair, &differences), environment)),
        DiffFormat::Mermaid => changes_mermaid(&pair.before, &pair.after),
        DiffFormat::Text | DiffFormat::Sql if differences.is_empty() => "No differences.\n".to_owned(),
        DiffFormat::Text | DiffFormat::Sql => {
            let lines: Vec<String> = differences.iter().map(Difference::as_change).collect();
            format!("{}\n", lines.join("\n"))
        }
    };
    let heading = match (migrations.heading(environment), args.output_format) {
        (Some(name), DiffFormat::Mermaid) => format!("%% database {name}\n"),
        (Some(name), DiffFormat::Text) => format!("database {name}\n"),
        _ => String::new(),
    };
    Ok((heading + &text, !differences.is_empty()))
}

/// The schema at what a symbol names.
fn at(migrations: &Migrations<'_>, environment: &Environment, symbol: &str) -> Result<Catalog> {
    let directory = migrations.directory;
    let needed = directory.history.ancestors(&resolve(migrations, symbol)?);
    let order = directory.history.application_order().into_iter().filter(|id| needed.contains(*id));
    let subject = Subject::new(directory, migrations.sources, migrations.config).on(environment);
    let last = upgrades(&subject, order).pop();
    Ok(last.map_or_else(|| Catalog::new(environment.dialect), |(_, _, after)| after))
}

fn resolve(migrations: &Migrations<'_>, symbol: &str) -> Result<Vec<RevisionId>> {
    migrations.directory.history.resolve(symbol).map_err(|error| unresolved(&error, migrations))
}

/// What the revisions on the way up, or else on the way down, send.
fn sql(migrations: &Migrations<'_>, environment: &Environment, from: &str, to: &str) -> Result<String> {
    let directory = migrations.directory;
    let history = &directory.history;
    let (rows, goal) = (resolve(migrations, from)?, resolve(migrations, to)?);
    let goes_up = rows.iter().all(|row| history.ancestors(&goal).contains(*row));
    let steps = if goes_up { history.plan_upgrade(to, &rows) } else { history.plan_downgrade(to, &rows) };
    let steps = steps.map_err(|error| unresolved(&error, migrations))?;
    let settings = offline::Settings::of(directory, environment.dialect);
    match offline::script(directory, environment, &steps, &rows, &settings) {
        Ok(chunks) => Ok(offline::text(&chunks)),
        Err(refused) => bail!("{refused}"),
    }
}

fn object(pair: &Pair, differences: &[Difference]) -> Value {
    let way = |kind| match kind {
        DifferenceKind::Missing => "only-in-from",
        DifferenceKind::Extra => "only-in-to",
        DifferenceKind::Changed => "changed",
    };
    let difference = |d: &Difference| json!({ "kind": way(d.kind), "object": d.object.to_string(), "part": d.part, "change": d.as_change() });
    let mut object = json!({
        "from": pair.names.0,
        "to": pair.names.1,
        "differences": differences.iter().map(difference).collect::<Vec<_>>(),
        "changed": changed_tables(&pair.before, &pair.after),
    });
    if !pair.missing.is_empty() {
        object["not_understood"] = json!(pair.missing);
    }
    object
}
