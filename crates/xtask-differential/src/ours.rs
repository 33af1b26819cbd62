//! What revproof says of a chain, in the words of the driver.

use std::collections::BTreeMap;
use std::sync::Arc;

use revproof_core::config::{Config, Rows};
use revproof_core::directory;
use revproof_core::engine::Database;
use revproof_core::op::{Datum, FailureKind, OpKind};
use revproof_core::replay::{self, DoubtScope, RevisionTrace, Run, RunStatus, Step, Subject, Verdict};
use revproof_core::schema::{Dialect, Index, IndexPart, ObjectKind, QName, SqlType, reflect};
use serde_json::{Map, Value, json};

use crate::cell;
use crate::chain::{Script, files};
use crate::request::{Aside, Request, Step as Asked};
use crate::seeds;

/// What revproof says of one revision.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) id: String,
    pub(crate) before: State,
    pub(crate) up: Option<Ran>,
    pub(crate) down: Option<Ran>,
    pub(crate) again: Option<Ran>,
    /// Whether the downgrade brought the schema back, and the rows; `None` where it does not know.
    pub(crate) restores_schema: Option<bool>,
    pub(crate) restores_rows: Option<bool>,
    /// Whether rows were set aside on the way, so that the rows can't come back.
    pub(crate) set_aside: bool,
}

/// A run that took place.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) ended: Ended,
    /// The first refusal that only made-up rows were to blame for.
    pub(crate) finding: Option<FailureKind>,
    pub(crate) state: State,
    /// Whether rows were set aside that the run made itself, of made-up ones: those can't be taken away beforehand.
    pub(crate) set_aside_its_own: bool,
    /// Whether it may have copied rows before they were set aside: without them beforehand there are no such copies.
    pub(crate) copied_what_was_set_aside: bool,
    /// Why not all of it is known, where it isn't.
    pub(crate) why: String,
    /// Whether anything in it is in doubt.
    pub(crate) unsure: bool,
    /// Whether its rows are kept: of a second upgrade that comes to the schema of the first, those of the first are.
    pub(crate) keeps_rows: bool,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Well,
    Failed(Option<FailureKind>),
    Unknown,
}

/// A database at one moment.
#[derive(Debug)]
pub(crate) struct State {
    /// The tables, enums and sequences; `None` where they are not known.
    pub(crate) schema: Option<Value>,
    /// The rows of each table; `None` where they are not known.
    pub(crate) rows: BTreeMap<String, Option<Value>>,
}

/// Proves a chain. Returns what is said of each revision, and what is to be asked of the driver so that it sees the same
/// rows at the same moments.
pub(crate) fn prove(scripts: &[Script], dialect: Dialect, with_rows: bool) -> (Vec<Said>, Request) {
    let files = files(scripts);
    let rows = if with_rows { Rows::Seeded } else { Rows::None };
    let config = Config { dialect: Some(dialect), rows, ..Config::default() };
    let (directories, sources) = directory::read(&files, "", &config);
    let Some(read) = directories.first() else { return Default::default() };
    // The real database goes on from where a failure leaves it.
    let subject = Subject { beyond_failures: false, ..Subject::new(read, &sources, &config) };
    let trace = replay::replay(&subject, &mut |_| {});
    let mut said = Vec::new();
    let mut request = Request::default();
    let mut left: Option<Arc<Database>> = None;
    for seen in &trace.revisions {
        let id = read.history.name(seen.revision).to_string();
        let text = scripts.iter().find(|script| script.id == id).map(|script| script.text.clone()).unwrap_or_default();
        let aside = |run: &Run, db: Option<&Arc<Database>>| {
            db.map(|db| seeds::taking_away(db, &run.set_aside)).unwrap_or_default()
        };
        let aside = Aside {
            up: aside(&seen.upgrade, Some(&seen.before)),
            down: aside(&seen.downgrade, seen.upgrade.after.as_ref()),
            again: aside(&seen.again, seen.downgrade.after.as_ref()),
        };
        let seed = seeds::seeding(left.as_deref(), &seen.before);
        request.revisions.push(Asked { id: id.clone(), text, seed, aside });
        said.push(said_of(id, seen));
        left = seen.upgrade.after.clone().or_else(|| Some(seen.before.clone()));
    }
    (said, request)
}

fn said_of(id: String, seen: &RevisionTrace) -> Said {
    let mut aside: Vec<i64> = Vec::new();
    let mut ran = |run: &Run, before: Option<&Arc<Database>>| {
        aside.extend(run.set_aside.iter().map(|(_, number)| *number));
        ran(run, before, &aside)
    };
    let up = ran(&seen.upgrade, Some(&seen.before));
    let down = ran(&seen.downgrade, seen.upgrade.after.as_ref());
    let mut again = ran(&seen.again, seen.downgrade.after.as_ref());
    if let Some(again) = &mut again {
        again.keeps_rows = seen.verdict != Verdict::Reversible;
    }
    Said {
        id,
        before: state(&seen.before, &[], false, false),
        up,
        down,
        again,
        restores_schema: seen.restores.schema,
        restores_rows: seen.restores.rows,
        set_aside: !aside.is_empty(),
    }
}

fn ran(run: &Run, before: Option<&Arc<Database>>, aside: &[i64]) -> Option<Ran> {
    let kind = run.failure.as_ref().map(|failure| failure.kind);
    let ended = match run.status {
        RunStatus::Ok | RunStatus::Empty => Ended::Well,
        RunStatus::Failed | RunStatus::Refused => Ended::Failed(kind),
        RunStatus::Missing => Ended::Failed(None),
        RunStatus::Unknown => Ended::Unknown,
        RunStatus::Skipped => return None,
    };
    let open = |scope| run.doubts.iter().any(|doubt| doubt.scope == scope);
    let schema_open = ended == Ended::Unknown && (open(DoubtScope::Schema) || run.doubts.is_empty());
    let doubt = run.doubts.first().map(|doubt| doubt.why.to_string());
    let why = doubt.or_else(|| run.failure.as_ref().map(|failure| failure.message.clone())).unwrap_or_default();
    let was_there = |number: i64| before.is_some_and(|db| has_row(db, number));
    Some(Ran {
        ended,
        copied_what_was_set_aside: !run.set_aside.is_empty() && run.steps.iter().any(copies_rows),
        set_aside_its_own: run.set_aside.iter().any(|(_, number)| !was_there(*number)),
        finding: run.seed_findings.first().map(|finding| finding.failure.kind),
        state: state(run.after.as_ref()?, aside, schema_open, !run.doubts.is_empty()),
        why,
        unsure: !run.doubts.is_empty(),
        keeps_rows: true,
    })
}

/// Whether a step makes rows of others.
fn copies_rows(step: &Step) -> bool {
    let OpKind::Sql(sql) = &step.operation.kind else { return false };
    let text = sql.text.trim_start();
    text.get(..6).is_some_and(|first| first.eq_ignore_ascii_case("insert")) && text.contains(" SELECT ")
}

fn has_row(db: &Database, number: i64) -> bool {
    db.catalog.own_tables().any(|table| db.stored_rows(&table.name).iter().any(|row| row.number == number))
}

fn state(db: &Database, aside: &[i64], schema_open: bool, rows_open: bool) -> State {
    let catalog = &db.catalog;
    let open = schema_open || catalog.opaque.is_some() || !catalog.uncertain.is_empty();
    let mut tables = Map::new();
    let mut rows = BTreeMap::new();
    for table in catalog.own_tables() {
        let mut reflected = reflect(catalog, &table.name);
        for index in reflected["indexes"].as_array_mut().into_iter().flatten() {
            let Some(own) = table.indexes.iter().find(|own| index["name"] == *own.name) else { continue };
            let descends =
                |part: &IndexPart| part.suffix.as_ref().is_some_and(|s| s.to_uppercase().starts_with("DESC"));
            let descending: Vec<bool> = own.parts.iter().map(descends).collect();
            index["descending"] = if catalog.dialect == Dialect::Sqlite { json!(descending) } else { Value::Null };
            index["where"] = json!(own.predicate.as_deref());
            index["using"] = json!(own.using.as_deref().filter(|using| *using != "btree"));
            index["include"] =
                json!(table.column_names(&own.include).iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        tables.insert(name(&table.name), reflected);
        let known = !rows_open && !open && db.row_doubt(&table.name).is_none();
        rows.insert(name(&table.name), if known { rows_of(db, &table.name, aside) } else { None });
    }
    let enums: Map<String, Value> = catalog
        .enums
        .values()
        .map(|e| (name(&e.name), json!(e.values.iter().map(ToString::to_string).collect::<Vec<_>>())))
        .collect();
    let sequences: Vec<String> = catalog.sequences.keys().map(name).collect();
    let view = |(kind, name): &&(ObjectKind, QName)| {
        matches!(kind, ObjectKind::View | ObjectKind::Schema) && name.schema.is_none()
    };
    let views: Vec<String> = catalog.objects.keys().filter(view).map(|(_, view)| name(view)).collect();
    let mut schema = json!({ "tables": tables, "enums": enums, "sequences": sequences, "views": views });
    if catalog.dialect == Dialect::Sqlite {
        let on_expression = |index: &&Index| index.parts.iter().any(|part| part.column.is_none());
        let hidden = catalog.own_tables().flat_map(|table| &table.indexes).filter(on_expression);
        schema["expression_indexes"] = hidden.map(|index| index.name.to_string()).collect();
    }
    State { schema: (!open).then_some(schema), rows }
}

/// The rows of a table without those that were set aside; `None` where some value is not known.
fn rows_of(db: &Database, table: &QName, aside: &[i64]) -> Option<Value> {
    let columns: Vec<Arc<str>> = db.rows(table).columns;
    let dialect = db.catalog.dialect;
    let found = db.catalog.table(table)?;
    let scaled = |at: usize| found.columns.get(at).is_none_or(|column| column.ty != SqlType::Numeric(None, None));
    let stored = db.stored_rows(table).into_iter().filter(|row| !aside.contains(&row.number));
    let cells = |row: revproof_core::engine::StoredRow| -> Option<Value> {
        let cells = row.cells.iter().enumerate().map(|(at, datum)| match datum {
            // 1.5 and 1.50 are one number, of which a column without a scale may have either.
            Datum::Decimal(number) if !scaled(at) && number.contains('.') => {
                Some(Value::from(number.trim_end_matches('0').trim_end_matches('.')))
            }
            datum => cell::read_back(datum, dialect),
        });
        Some(Value::Array(cells.collect::<Option<Vec<Value>>>()?))
    };
    let rows: Option<Vec<Value>> = stored.map(cells).collect();
    Some(json!({ "columns": columns.iter().map(ToString::to_string).collect::<Vec<_>>(), "rows": rows? }))
}

fn name(name: &QName) -> String {
    match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.to_string(),
    }
}
