//! [`view`]: the simulated database as the page shows it, with what the last step did to it.

use std::fmt::Write;

use revproof_core::history::{RevisionId, Step};
use revproof_core::op::FailureKind;
use revproof_core::render::operation_text;
use revproof_core::schema::Dialect;
use revproof_core::workflow::{Left, Note, StepDone, StepEnd};
use revproof_messages::{DatabaseView, Doubt, End, Operation, StepView};

use super::input::Site;
use super::proof::count;
use super::renames::Renames;
use super::simulation::{Past, Seen, Simulation, What};
use super::spots::Spots;
use super::tables::Pair;

/// The simulated database of a chain.
pub(crate) fn view(
    chain: usize,
    site: Site<'_, '_>,
    simulation: &Simulation,
    spots: Spots<'_>,
    refusal: Option<&str>,
) -> DatabaseView {
    let history = &site.directory.history;
    let (rows, applied) = (simulation.rows(), simulation.applied());
    let name = |id: RevisionId| history.name(id).to_string();
    let order = history.application_order();
    let is_up = |id: &RevisionId| {
        let node = history.get(*id);
        !applied.contains(*id) && node.is_some_and(|node| node.needs.iter().all(|below| applied.contains(*below)))
    };
    let is_down = |id: &RevisionId| {
        let node = history.get(*id);
        applied.contains(*id)
            && node.is_some_and(|node| !node.all_children.iter().any(|above| applied.contains(*above)))
    };
    let words = Words { site, spots };
    let last = simulation.past.last();
    let operations = last.map(|past| past.operations.as_slice()).unwrap_or_default();
    let within = simulation.within.filter(|n| *n < operations.len());
    let shown = simulation.shown();
    let made = operations.get(..within.unwrap_or(operations.len())).unwrap_or_default();
    let renames = last.filter(|past| past.left != Some(Left::Nothing) || within.is_some());
    let renames = renames.map(|_| Renames::of(made)).unwrap_or_default();
    let before = last.map_or(shown, |past| match within {
        Some(_) => operations.first().map_or(&past.before, |first| &first.before),
        None => &past.before,
    });
    let pair = Pair { before, after: shown, renames: &renames };
    DatabaseView {
        chain,
        current: rows.iter().map(|id| name(*id)).collect(),
        applied: order.iter().filter(|id| applied.contains(**id)).map(|id| name(*id)).collect(),
        up: order.iter().filter(|id| is_up(id)).map(|id| name(*id)).collect(),
        down: order.iter().rev().filter(|id| is_down(id)).map(|id| name(*id)).collect(),
        said: said(simulation, &words, &rows),
        past: simulation.past.iter().map(|past| words.step(past)).collect(),
        moves: simulation.moves(),
        within,
        refused: simulation.refused.clone(),
        tables: pair.tables(),
        others: pair.others(),
        doubts: doubts(simulation, shown, refusal),
    }
}

/// What is not known of a state.
fn doubts(simulation: &Simulation, shown: &revproof_core::engine::Database, refusal: Option<&str>) -> Vec<String> {
    let catalog = &shown.catalog;
    let mut doubts = Vec::new();
    doubts.extend(refusal.map(|why| format!("Alembic would refuse every command on these files: {why}")));
    doubts.extend(catalog.opaque.iter().map(|why| format!("anything may be otherwise: {why}")));
    doubts.extend(catalog.uncertain.iter().map(|(name, why)| format!("{name} may not be as it stands here: {why}")));
    let assumed = catalog.own_tables().filter(|table| table.assumed);
    doubts.extend(assumed.map(|table| format!("no revision creates {}: it is taken for granted", table.name)));
    doubts.extend(simulation.refused_rows().iter().map(|why| format!("of your rows, {why}")));
    doubts
}

/// What happened, for those who hear the page.
fn said(simulation: &Simulation, words: &Words<'_, '_>, rows: &[RevisionId]) -> String {
    if let Some((why, help)) = &simulation.refused {
        return format!("{why}. {help}");
    }
    let Some(past) = simulation.past.last() else { return "The database is empty.".to_owned() };
    let (done, revision) = match &past.what {
        What::Query(_, written) => {
            let rows = written.map_or_else(String::new, |n| format!(", {} written", count(n as usize, "row")));
            return format!("The statements were run{rows}.");
        }
        What::Step(done, revision) => (done, revision),
    };
    let names: Vec<String> = rows.iter().map(|id| words.site.directory.history.name(*id).to_string()).collect();
    let here = if names.is_empty() { "base".to_owned() } else { names.join(", ") };
    if let StepEnd::Failed { failure } = &done.end {
        let name = revision.map(|id| words.site.directory.history.name(id).to_string()).unwrap_or_default();
        let left = past.left.map(|left| format!(" {}.", words.left(left))).unwrap_or_default();
        return format!(
            "The {} of {name} fails: {}.{left} The database is at {here}.",
            done.planned.kind(),
            failure.message
        );
    }
    let verb = match done.planned.step {
        Step::Upgrade(_) => "Upgraded to",
        Step::Downgrade(_) => "Downgraded to",
        Step::Stamp(_) => "Stamped",
    };
    let mut said = format!("{verb} {here}.");
    let changes: Vec<String> =
        done.schema.iter().map(|change| in_words(change)).chain(done.rows.iter().cloned()).collect();
    let (shown, more) = changes.split_at_checked(4).unwrap_or((&changes, &[]));
    if !shown.is_empty() {
        let more = if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
        _ = write!(said, " {}{more}.", shown.join(", "));
    }
    if done.end == StepEnd::Unknown {
        said.push_str(" Not all of it could be evaluated: from here on a real database may differ.");
    }
    said
}

/// `- column users.phone` as one would say it.
fn in_words(change: &str) -> String {
    if let Some(gone) = change.strip_prefix("- ") {
        return format!("{gone} dropped");
    }
    if let Some(new) = change.strip_prefix("+ ") {
        return format!("{new} added");
    }
    change.strip_prefix("~ ").unwrap_or(change).to_owned()
}

struct Words<'a, 'd> {
    site: Site<'a, 'd>,
    spots: Spots<'a>,
}

impl Words<'_, '_> {
    fn step(&self, past: &Past) -> StepView {
        let (done, revision) = match &past.what {
            What::Step(done, revision) => (done, revision),
            What::Query(sql, written) => {
                let rows = written.map(|n| format!("{} written", count(n as usize, "row")));
                return StepView {
                    kind: "query".to_owned(),
                    line: sql.clone(),
                    kept: true,
                    rows: rows.into_iter().collect(),
                    ..StepView::default()
                };
            }
        };
        let (end, failure) = match &done.end {
            StepEnd::Done => (End::Done, None),
            StepEnd::Unknown => (End::Unknown, None),
            StepEnd::Failed { failure } => (End::Failed, Some(failure)),
        };
        let postgres = self.site.environment.dialect == Dialect::PostgreSql;
        StepView {
            kind: done.planned.kind().to_owned(),
            revision: revision.map(|id| self.site.directory.history.name(id).to_string()),
            line: done.planned.line(),
            end,
            kept: done.kept,
            failure: failure.map(|failure| failure.message.clone()),
            sqlstate: failure
                .zip(past.failure.filter(|_| postgres))
                .and_then(|(note, kind)| sqlstate(kind, &note.message)),
            left: past.left.map(|left| self.left(left)),
            spot: failure.and_then(|failure| self.spots.of_place(failure.place.as_ref()?)),
            schema: done.schema.clone(),
            rows: rows(done),
            doubts: self.doubts(&done.doubts),
            refused_rows: self.doubts(&done.refused_rows),
            operations: past.operations.iter().map(|seen| self.operation(seen)).collect(),
        }
    }

    fn doubts(&self, notes: &[Note]) -> Vec<Doubt> {
        let doubt = |note: &Note| Doubt {
            why: note.message.clone(),
            spot: note.place.as_ref().and_then(|place| self.spots.of_place(place)),
        };
        notes.iter().map(doubt).collect()
    }

    fn operation(&self, seen: &Seen) -> Operation {
        Operation {
            text: operation_text(&seen.kind),
            spot: self.spots.of(seen.span),
            rows: seen.rows,
            failure: seen.failure.clone(),
        }
    }

    fn left(&self, left: Left) -> String {
        let server = match self.site.environment.dialect {
            Dialect::PostgreSql => "PostgreSQL",
            Dialect::MySql => "MySQL",
            Dialect::Sqlite => "SQLite",
        };
        match left {
            Left::Nothing => format!("{server} takes the whole run back"),
            Left::Committed => format!("{server} keeps what was committed before"),
            Left::Everything => format!("{server} keeps what was done before the failure"),
        }
    }
}

/// What became of rows, those that were made up for new tables among it.
fn rows(done: &StepDone) -> Vec<String> {
    let made_up = done.made_up.iter().map(|(table, n)| format!("{} made up in {table}", count(*n, "row")));
    done.rows.iter().cloned().chain(made_up).collect()
}

/// PostgreSQL's code of a failure, where its kind and its words leave one.
fn sqlstate(kind: FailureKind, message: &str) -> Option<String> {
    let about = |word: &str| message.starts_with(word) || message.contains(&format!(" {word} \""));
    let code = match kind {
        FailureKind::UndefinedObject if message.starts_with("column ") => "42703",
        FailureKind::UndefinedObject if message.starts_with("relation ") || message.starts_with("table ") => "42P01",
        FailureKind::UndefinedObject if message.starts_with("schema ") => "3F000",
        FailureKind::UndefinedObject if message.starts_with("function ") => "42883",
        FailureKind::UndefinedObject => "42704",
        FailureKind::DuplicateObject if message.starts_with("column ") => "42701",
        FailureKind::DuplicateObject if message.starts_with("relation ") => "42P07",
        FailureKind::DuplicateObject if message.starts_with("schema ") => "42P06",
        FailureKind::DuplicateObject if about("type") || about("constraint") => "42710",
        FailureKind::DependentObjects => "2BP01",
        FailureKind::DatatypeMismatch => "42804",
        FailureKind::NotNullViolation => "23502",
        FailureKind::UniqueViolation => "23505",
        FailureKind::ForeignKeyViolation => "23503",
        FailureKind::CheckViolation => "23514",
        FailureKind::InvalidValue if message.contains("too long") => "22001",
        FailureKind::InvalidValue if message.contains("out of range") => "22003",
        FailureKind::InvalidValue if message.contains("invalid input syntax") => "22P02",
        FailureKind::InFailedTransaction => "25P02",
        FailureKind::InTransactionBlock => "25001",
        FailureKind::DuplicateObject
        | FailureKind::InvalidValue
        | FailureKind::InvalidStatement
        | FailureKind::Unsupported
        | FailureKind::Script => return None,
    };
    Some(code.to_owned())
}
