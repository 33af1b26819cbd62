//! `revproof revision --autogenerate`: the script that leads from the simulated database to a dump.

use std::path::Path;

use anyhow::Result;
use revproof_core::alembic::Environment;
use revproof_core::autogenerate::{Generated, Operations};
use revproof_core::draft::{Draft, Request};
use revproof_core::history::RevisionId;
use revproof_core::replay::{Baseline, Subject};
use revproof_core::schema::{Catalog, drift};
use revproof_core::workflow::{Journal, Simulated, Trial, Tried};

use crate::migrations::Migrations;
use crate::moves::{fresh, kept_rows, not_understood};
use crate::refusal::Refusal;
use crate::revision::drafted;
use crate::state::State;
use crate::{output, settings};

/// The script, or nothing where the database is as it is wanted already.
pub(crate) fn draft(
    migrations: &Migrations<'_>,
    mut request: Request,
    against: Option<&Path>,
) -> Result<Option<Draft>> {
    let environment = migrations.one_database()?;
    request.database = environment.database.as_ref().map(|database| database.name.clone());
    let journal = up_to_date(migrations, environment)?;
    let Some(file) = against else {
        return Err(Refusal::error(
            "revproof does not read models, so it has nothing to compare the database with",
            "give the schema that is wanted: `--against dump.sql`, written by `pg_dump --schema-only`, `sqlite3 .schema` or \
             `mysqldump --no-data` on a database that `db.create_all()` made",
        ));
    };
    let wanted = wanted(environment, file)?;
    let directory = migrations.directory;
    let subject = Subject::new(directory, migrations.sources, migrations.config).on(environment);
    let database = Simulated::open(&subject, &directory.project, journal);
    let before = &database.database().catalog;
    if drift(before, &wanted).is_empty() {
        output::print("No changes in schema detected.\n")?;
        return Ok(None);
    }
    let operations = Operations::between(before, &wanted, batch(migrations));
    request.generated = Some(operations.render(&[], &[]));
    let draft = drafted(migrations, &request)?;
    let trial = database.try_script(&draft.path, &draft.text, &wanted).map_err(anyhow::Error::msg)?;
    let (up, down) = remarks(&trial, before);
    for (direction, remarks, tried) in [("upgrade", &up, &trial.upgrade), ("downgrade", &down, &trial.downgrade)] {
        let rows = tried.refused_rows.iter().map(|why| format!("rows that may be there refuse it: {why}"));
        remarks.iter().cloned().chain(rows).for_each(|remark| output::warn(&format!("{direction}(): {remark}")));
    }
    if up.is_empty() && down.is_empty() {
        return Ok(Some(draft));
    }
    let generated: Generated = operations.render(&up, &down);
    request.generated = Some(generated);
    drafted(migrations, &request).map(Some)
}

/// The journal of the simulated database, which must be at all heads.
fn up_to_date(migrations: &Migrations<'_>, environment: &Environment) -> Result<Journal> {
    let directory = migrations.directory;
    let journal = match State::of(migrations, environment).read(environment.dialect)? {
        Some(journal) => journal,
        None => fresh(migrations, environment, None)?,
    };
    let sorted = |mut ids: Vec<RevisionId>| {
        ids.sort_unstable();
        ids
    };
    let rows = sorted(kept_rows(directory, &journal)?);
    let heads = sorted(directory.history.heads());
    if rows == heads {
        return Ok(journal);
    }
    let goal = if heads.len() > 1 { "revproof upgrade heads" } else { "revproof upgrade" };
    let help = format!("run `{goal}` first, so that only what no revision does yet is generated");
    Err(Refusal::error("Target database is not up to date.", help))
}

/// The schema of the dump. What is not understood of it would be dropped, so all of it must be.
fn wanted(environment: &Environment, file: &Path) -> Result<Catalog> {
    let dump = settings::read_text(file, "dump")?;
    let baseline = Baseline::read(&dump, environment.dialect);
    if baseline.missing.is_empty() {
        return Ok(baseline.database.catalog);
    }
    let shown = file.display().to_string();
    not_understood(&shown, &baseline);
    Err(Refusal::error(
        format!("{shown} is not understood in full, and what is not would be dropped by the new script"),
        "take those statements out of the dump if no revision makes what they make, or write the script by hand",
    ))
}

/// Whether `env.py` asks for batch blocks.
fn batch(migrations: &Migrations<'_>) -> bool {
    use revproof_core::python::Plain;
    matches!(migrations.directory.configured.get("render_as_batch"), Some(Plain::Bool(true)))
}

/// What has to be said at the head of the two functions.
fn remarks(trial: &Trial, before: &Catalog) -> (Vec<String>, Vec<String>) {
    let unknown = before.opaque.iter().map(|why| format!("the simulated database is not known in full: {why}"));
    let touched = before.uncertain.iter().map(|(name, why)| format!("{name} is not known for sure: {why}"));
    let mut up: Vec<String> = unknown.chain(touched).collect();
    up.extend(said(&trial.upgrade));
    let down = if trial.upgrade.failure.is_none() { said(&trial.downgrade) } else { Vec::new() };
    (up, down)
}

fn said(tried: &Tried) -> Vec<String> {
    let failure = tried.failure.iter().map(|why| format!("as it stands this fails: {why}"));
    let doubts = tried.doubts.iter().map(|why| format!("not evaluated: {why}"));
    let mut said: Vec<String> = failure.chain(doubts).collect();
    if tried.failure.is_none() {
        said.extend(tried.left.iter().map(|change| format!("not rendered, to be added by hand: {change}")));
    }
    said
}
