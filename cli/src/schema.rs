//! `revproof schema`.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use revproof_core::analyse::{ChainStates, State, schema_states};
use revproof_core::config::nearest;
use revproof_core::render::{changes_mermaid, changes_text, schema_mermaid, schema_sql, schema_text};
use revproof_core::report::{changed_tables, whole_schema};
use revproof_core::schema::Catalog;
use serde_json::{Value, json};

use crate::args::{SchemaArgs, SchemaFormat};
use crate::check::nothing_found;
use crate::place::Place;
use crate::{output, prove, settings};

/// Prints the schema that the revisions make.
pub(crate) fn run(args: &SchemaArgs) -> Result<ExitCode> {
    if args.every && args.output_format == SchemaFormat::Sql {
        bail!("`--every` has no SQL: use `--at REV --output-format sql` for the schema at one revision");
    }
    let place = Place::find(args.input.path.as_deref(), args.input.environment.ini_section.as_deref())?;
    let config = settings::for_schema(&args.input, &place)?;
    let at = args.at.clone();
    let mut chains = prove::on_disk(&place, move |files, path, _| schema_states(files, path, &config, at.as_deref()))?;
    if chains.is_empty() {
        bail!("{}", nothing_found(&place, args.input.environment.ini_section.as_deref()));
    }
    if let Some(name) = &args.database {
        let known: Vec<String> = chains.iter().filter_map(|chain| chain.database.clone()).collect();
        let is_it = |known: &str| known == name || known == "<default>" && name == "default";
        if !known.iter().any(|known| is_it(known)) {
            let known = if known.is_empty() { "none has several".to_owned() } else { known.join(", ") };
            bail!("no project here has a database `{name}`; there are: {known}");
        }
        chains.retain(|chain| chain.database.as_deref().is_some_and(is_it));
    }
    if let Some(revision) = &args.at {
        if chains.iter().all(|chain| chain.states.is_empty()) {
            bail!("{}", no_such_revision(revision, &chains));
        }
        chains.retain(|chain| !chain.states.is_empty());
    }
    for chain in &mut chains {
        chain.root = place.shown(&chain.root);
    }
    output::print(&show(&chains, args))?;
    Ok(ExitCode::SUCCESS)
}

fn no_such_revision(revision: &str, chains: &[ChainStates]) -> String {
    let known = || chains.iter().flat_map(|chain| chain.revisions.iter().map(String::as_str));
    let fitting = known().filter(|name| name.starts_with(revision)).count();
    if fitting > 1 {
        return format!("`{revision}` is the start of {fitting} revisions: give more of it");
    }
    match nearest(revision, known()) {
        Some(near) => format!("no revision `{revision}`; did you mean `{near}`?"),
        None => format!("no revision `{revision}` among the {} there are", known().count()),
    }
}

fn show(chains: &[ChainStates], args: &SchemaArgs) -> String {
    let several = chains.len() > 1;
    let mut out = String::new();
    for chain in chains {
        let root = several.then_some(chain);
        match (args.output_format, args.every) {
            (SchemaFormat::Json, true) => chain.states.iter().for_each(|s| line(&mut out, &step(root, s))),
            (SchemaFormat::Json, false) => line(&mut out, &whole(root, chain)),
            (format, every) => {
                let comment = match format {
                    SchemaFormat::Sql => "-- ",
                    SchemaFormat::Mermaid => "%% ",
                    SchemaFormat::Text | SchemaFormat::Json => "",
                };
                if several {
                    let database =
                        chain.database.as_deref().map(|name| format!(", database {name}")).unwrap_or_default();
                    _ = writeln!(out, "{comment}{}{database}: {}\n", chain.root, chain.dialect);
                }
                out.push_str(&readable(chain, format, every));
            }
        }
    }
    out
}

fn readable(chain: &ChainStates, format: SchemaFormat, every: bool) -> String {
    if every {
        let changes = if format == SchemaFormat::Mermaid { changes_mermaid } else { changes_text };
        let step = |s: &State| format!("revision {}\n\n{}\n", s.revision, changes(&s.before, &s.after));
        return chain.states.iter().map(step).collect();
    }
    let catalog = last(chain);
    let text = match format {
        SchemaFormat::Sql => schema_sql(&catalog),
        SchemaFormat::Mermaid => schema_mermaid(&catalog),
        SchemaFormat::Text | SchemaFormat::Json => schema_text(&catalog),
    };
    if text.is_empty() { "the schema is empty\n".to_owned() } else { text }
}

/// What one revision changed, as one line of JSON.
fn step(root: Option<&ChainStates>, state: &State) -> Value {
    let mut step = json!({ "revision": state.revision, "changed": changed_tables(&state.before, &state.after) });
    add_root(&mut step, root);
    step
}

/// The last schema of a chain.
fn whole(root: Option<&ChainStates>, chain: &ChainStates) -> Value {
    let mut whole = whole_schema(&last(chain));
    if let (Some(fields), Some(state)) = (whole.as_object_mut(), chain.states.last()) {
        fields.insert("revision".to_owned(), json!(state.revision));
    }
    add_root(&mut whole, root);
    whole
}

fn add_root(value: &mut Value, chain: Option<&ChainStates>) {
    if let (Some(fields), Some(chain)) = (value.as_object_mut(), chain) {
        fields.insert("root".to_owned(), json!(chain.root));
        if let Some(database) = &chain.database {
            fields.insert("database".to_owned(), json!(database));
        }
    }
}

fn last(chain: &ChainStates) -> Catalog {
    chain.states.last().map_or_else(|| Catalog::new(chain.dialect), |state| state.after.clone())
}

fn line(out: &mut String, value: &Value) {
    _ = writeln!(out, "{value}");
}
