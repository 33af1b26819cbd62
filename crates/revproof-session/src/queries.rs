//! Answers about schemas and SQL: the console, comparisons, the SQL of a step.

use std::rc::Rc;

use revproof_core::engine::Database;
use revproof_core::history::{History, RevisionId, Step};
use revproof_core::offline::{self, Chunk, Settings};
use revproof_core::op::{Answer, Datum, RowSet};
use revproof_core::render::datum_text;
use revproof_core::replay;
use revproof_core::schema::Catalog;
use revproof_core::workflow::Asked;
use revproof_messages::{Cell, CellMark, DiffLine, DiffView, Mark, QueryAnswer, SqlPiece, SqlView};
use rustc_hash::FxHashMap;

use super::input::{Input, Loaded, Site, load};
use super::refusal::unresolved;
use super::renames::Renames;
use super::spots::Spots;
use super::tables::Pair;

/// Why something can't be answered, and what to do.
pub(crate) type Refusal = (String, String);

/// What statements gave.
pub(crate) fn answers(asked: Vec<Asked>) -> Vec<QueryAnswer> {
    asked.into_iter().map(answer).collect()
}

fn answer(asked: Asked) -> QueryAnswer {
    let told = QueryAnswer { statement: asked.statement.trim().to_owned(), ..QueryAnswer::default() };
    match asked.answer {
        Ok(Answer::Rows(RowSet { columns, rows })) => QueryAnswer {
            columns: columns.iter().map(ToString::to_string).collect(),
            rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
            ..told
        },
        Ok(Answer::Done(effect)) => {
            let unknown = (!effect.doubts.is_empty()).then(|| effect.doubts.join("; "));
            QueryAnswer { written: effect.rows, unknown, ..told }
        }
        Ok(Answer::Unknown(why)) => QueryAnswer { unknown: Some(why.to_string()), ..told },
        Err(why) => QueryAnswer { error: Some(why), ..told },
    }
}

fn cell(datum: &Datum) -> Cell {
    let mark = match datum {
        Datum::Null => CellMark::Null,
        Datum::Unknown(_) => CellMark::Unknown,
        _ => CellMark::Same,
    };
    Cell { text: datum_text(datum), mark, was: None }
}

/// The schemas at the revisions of a chain, as far as they have been asked for.
#[derive(Default)]
pub(crate) struct Schemas(FxHashMap<RevisionId, Catalog>);

impl Schemas {
    /// The schema at a revision: what it and all that it stands on make of an empty database.
    fn at(&mut self, revision: Option<RevisionId>, loaded: &Loaded, site: Site<'_, '_>) -> Catalog {
        let empty = || Catalog::new(site.environment.dialect);
        let Some(revision) = revision else { return empty() };
        if let Some(known) = self.0.get(&revision) {
            return known.clone();
        }
        let history = &site.directory.history;
        let subject = site.subject(loaded);
        let wanted = history.ancestors(&[revision]);
        let order: Vec<RevisionId> =
            history.application_order().into_iter().filter(|id| wanted.contains(*id)).collect();
        for (at, (id, _, after)) in replay::upgrades(&subject, order.iter().copied()).into_iter().enumerate() {
            // On the way stand the schemas of others, where nothing of another branch has been applied before.
            if history.ancestors(&[id]).len() == at + 1 {
                self.0.insert(id, after);
            }
        }
        self.0.get(&revision).cloned().unwrap_or_else(empty)
    }
}

/// The difference of the schemas at two revisions.
pub(crate) fn compare(
    from: &str,
    to: &str,
    loaded: &Loaded,
    site: Site<'_, '_>,
    schemas: &mut Schemas,
) -> Result<DiffView, Refusal> {
    let history = &site.directory.history;
    let find = |symbol: &str| history.resolve_one(symbol).map_err(|error| unresolved(&error, history));
    let (start, end) = (find(from)?, find(to)?);
    let before = schemas.at(start, loaded, site);
    let after = schemas.at(end, loaded, site);
    let doubts = doubts(&before).into_iter().chain(doubts(&after));
    let mut doubts: Vec<String> = doubts.collect();
    doubts.dedup();
    let lines = lines(before, after);
    Ok(DiffView { from: from.to_owned(), to: to.to_owned(), lines, sql: way(start, end, site), doubts })
}

fn doubts(catalog: &Catalog) -> Vec<String> {
    let mut doubts: Vec<String> =
        catalog.opaque.iter().map(|why| format!("anything may be otherwise: {why}")).collect();
    doubts.extend(catalog.uncertain.iter().map(|(name, why)| format!("{name} may not be as it stands here: {why}")));
    let assumed = catalog.own_tables().filter(|table| table.assumed);
    doubts.extend(assumed.map(|table| format!("no revision creates {}: it is taken for granted", table.name)));
    doubts
}

/// The objects of two schemas, those that differ at all with their parts.
fn lines(before: Catalog, after: Catalog) -> Vec<DiffLine> {
    let (before, after) = (Database::without_rows(before), Database::without_rows(after));
    // What lies between is not looked at, so that a column of another name is another column.
    let renames = Renames::by_name();
    let pair = Pair { before: &before, after: &after, renames: &renames };
    let line = |depth: u8, mark: Mark, was: Option<String>, text: String| {
        let (before, after) = match mark {
            Mark::New => (String::new(), text),
            Mark::Gone => (text, String::new()),
            Mark::Same => (text.clone(), text),
            Mark::Changed => (was.unwrap_or_default(), text),
        };
        DiffLine { depth, mark, before, after }
    };
    let mut lines = Vec::new();
    for table in pair.tables() {
        let name = format!("table {}", table.name);
        lines.push(line(0, table.mark, Some(name.clone()), name));
        for column in &table.columns {
            let was = |name: &str, now: &str| {
                let field = column.was.iter().find(|field| field.name == name);
                field.map_or_else(|| now.to_owned(), |field| field.was.clone())
            };
            let none = "none".to_owned();
            let default = column.default.clone().unwrap_or_else(|| none.clone());
            let null = if column.nullable { "nullable" } else { "not null" };
            let text = |ty: &str, null: &str, default: &str| {
                let null = if null == "not null" { " not null" } else { "" };
                let default = if default == none { String::new() } else { format!(" default {default}") };
                format!("{} {ty}{null}{default}", column.name)
            };
            let old = text(&was("type", &column.type_text), &was("nullable", null), &was("default", &default));
            lines.push(line(1, column.mark, Some(old), text(&column.type_text, null, &default)));
        }
        lines.extend(table.lines.into_iter().map(|part| line(1, part.mark, part.was, part.text)));
    }
    lines.extend(pair.others().into_iter().map(|other| line(0, other.mark, other.was, other.text)));
    lines
}

/// The SQL of the scripts that lead from one revision to another.
fn way(from: Option<RevisionId>, to: Option<RevisionId>, site: Site<'_, '_>) -> String {
    let Site { directory, environment } = site;
    let history = &directory.history;
    let ids = |id: Option<RevisionId>| id.into_iter().collect::<Vec<_>>();
    let (applied, wanted) = (history.ancestors(&ids(from)), history.ancestors(&ids(to)));
    let order = history.application_order();
    let down = order.iter().rev().filter(|id| applied.contains(**id) && !wanted.contains(**id));
    let up = order.iter().filter(|id| wanted.contains(**id) && !applied.contains(**id));
    let plan: Vec<Step> = down.map(|id| Step::Downgrade(*id)).chain(up.map(|id| Step::Upgrade(*id))).collect();
    match offline::script(directory, environment, &plan, &ids(from), &Settings::of(directory, environment.dialect)) {
        Ok(chunks) => offline::text(&chunks),
        Err(refused) => format!("{}-- It goes no further: {}\n", offline::text(&refused.before), one_line(&refused)),
    }
}

fn one_line(text: &impl ToString) -> String {
    text.to_string().replace(['\n', '\r'], " ")
}

/// The SQL that a step sends, in the dialect of the chain or another.
pub(crate) fn sql(
    revision: &str,
    downgrade: bool,
    dialect: Option<&str>,
    loaded: &Rc<Loaded>,
    chain: usize,
) -> Result<SqlView, Refusal> {
    let other = match dialect {
        None => None,
        Some(name) => other_dialect(name, loaded, chain)?,
    };
    let loaded = other.as_ref().unwrap_or(loaded);
    let chains = loaded.borrow_dependent();
    let site = chains.site(chain);
    let Site { directory, environment } = site.ok_or_else(|| ("There is no such chain".to_owned(), String::new()))?;
    let history = &directory.history;
    let id = history.resolve_one(revision).map_err(|error| unresolved(&error, history))?;
    let id = id.ok_or_else(|| ("The base sends nothing".to_owned(), "Choose a revision.".to_owned()))?;
    let below = history.get(id).map(|node| node.needs.clone()).unwrap_or_default();
    let (step, rows) = if downgrade { (Step::Downgrade(id), vec![id]) } else { (Step::Upgrade(id), below) };
    let settings = Settings { annotate: true, ..Settings::of(directory, environment.dialect) };
    let (chunks, refused) = match offline::script(directory, environment, &[step], &rows, &settings) {
        Ok(chunks) => (chunks, None),
        Err(refused) => (refused.before.clone(), Some(refused.to_string())),
    };
    let mut sources = chains.sources.clone();
    directory.modules.files().into_iter().for_each(|file| sources.attach(file));
    let spots = Spots(&sources);
    let piece = |chunk: Chunk| SqlPiece {
        spot: chunk.span.and_then(|span| spots.of(span)),
        text: chunk.text,
        note: chunk.note,
    };
    Ok(SqlView {
        dialect: environment.dialect.name().to_owned(),
        pieces: chunks.into_iter().map(piece).collect(),
        refused,
    })
}

/// The same files in another dialect; `None` where it is that of the chain already.
fn other_dialect(name: &str, loaded: &Loaded, chain: usize) -> Result<Option<Rc<Loaded>>, Refusal> {
    let dialect = name.parse().map_err(|error| (error, "Choose one of the list.".to_owned()))?;
    let chains = loaded.borrow_dependent();
    if chains.site(chain).is_some_and(|site| site.environment.dialect == dialect) {
        return Ok(None);
    }
    let input = loaded.borrow_owner();
    let mut config = input.config.clone();
    config.dialect = Some(dialect);
    Ok(Some(Rc::new(load(Input { files: input.files.clone(), config }, None))))
}

/// The revision of an identifier or the beginning of one.
pub(crate) fn revision(history: &History, symbol: &str) -> Result<RevisionId, Refusal> {
    let found = history.resolve_one(symbol).map_err(|error| unresolved(&error, history))?;
    found.ok_or_else(|| ("The base is no revision".to_owned(), "Choose a revision.".to_owned()))
}
