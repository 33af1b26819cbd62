//! [`OpenWorld`]: projects that began with a database that no revision makes (`db.create_all()` first, Alembic later).

use rustc_hash::FxHashSet;

use crate::alembic::Script;
use crate::history::{History, RevisionNode};
use crate::op::{Failure, FailureKind, OpKind};
use crate::schema::{Catalog, ObjectKind, QName};
use crate::source::Sources;

/// Which tables and schemas may be assumed to exist although no revision makes them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct OpenWorld {
    /// Whether the chain starts from a database of its own: its first revisions make no table, or need one that no
    /// revision makes.
    open: bool,
    /// The names that the upgrade of some script seems to make. Found by looking for the words in the text, so it may
    /// hold too many names but hardly too few: what is in it is never assumed.
    made: FxHashSet<String>,
}

/// What is assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Assumption {
    Table(QName),
    Schema(QName),
}

impl OpenWorld {
    /// The world of a chain whose first revisions make no table is open from the start.
    pub(super) fn new(sources: &Sources, scripts: &[Script], history: &History) -> Self {
        let makes_tables = |text: &str| {
            let mut made = FxHashSet::default();
            let upgrade = without_downgrade(text);
            collect_made(&upgrade, &mut made);
            !made.is_empty() || computes_names(&upgrade)
        };
        let bases = history.nodes.iter().filter(|node| node.down.is_empty());
        if history.nodes.is_empty() || bases.filter_map(|base| text_of(base, sources, scripts)).any(makes_tables) {
            return Self::default();
        }
        Self::opened(sources, scripts, history)
    }

    /// An open one.
    pub(super) fn opened(sources: &Sources, scripts: &[Script], history: &History) -> Self {
        let mut world = Self { open: true, ..Self::default() };
        for text in history.nodes.iter().filter_map(|node| text_of(node, sources, scripts)) {
            let upgrade = without_downgrade(text);
            collect_made(&upgrade, &mut world.made);
            collect_renamed(&upgrade, &mut world.made);
        }
        world
    }

    /// Whether some script seems to make it.
    fn makes(&self, name: &QName) -> bool {
        self.made.contains(&qualified(name.schema.as_deref(), &name.name))
            || self.made.contains(&qualified(Some(SOME_SCHEMA), &name.name))
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// What an operation misses that may have been in the database from the start, be it a type, an index, a view or
    /// whatever else. That a script makes it tells little: types are renamed and made anew.
    pub(super) fn may_have<'f>(&self, kind: &'f OpKind, failure: &'f Failure, catalog: &Catalog) -> Option<&'f QName> {
        let is_known = |object: &QName| {
            // Where it is there it is a part of it that is missing, and its parts are known.
            catalog.relation(object).is_some()
                || catalog.enums.contains_key(object)
                || catalog.objects.keys().any(|(_, name)| name == object)
                || self.makes(object)
        };
        let whole = match kind {
            OpKind::DropIndex { table: Some(table), .. } => Some(table),
            _ => failure.object.as_ref(),
        };
        let may_have = self.open && failure.kind == FailureKind::UndefinedObject && !whole.is_some_and(is_known);
        failure.object.as_ref().filter(|_| may_have)
    }

    /// What may be assumed so that this failure goes away. Which kind of object it misses shows when it is tried.
    pub(super) fn assumes(&self, failure: &Failure, catalog: &Catalog) -> Vec<Assumption> {
        let missing = failure.object.as_ref().filter(|object| {
            self.open && failure.kind == FailureKind::UndefinedObject && failure.doubt.is_none() && !self.makes(object)
        });
        let Some(object) = missing else { return Vec::new() };
        let table = catalog.table(object).is_none().then(|| Assumption::Table(object.clone()));
        let key = (ObjectKind::Schema, object.clone());
        let schema = (!catalog.objects.contains_key(&key)).then(|| Assumption::Schema(object.clone()));
        table.into_iter().chain(schema).collect()
    }
}

/// What stands for a schema that can't be read off the text.
const SOME_SCHEMA: &str = "?";

fn qualified(schema: Option<&str>, name: &str) -> String {
    match schema.map(str::to_lowercase).filter(|schema| schema != "public") {
        Some(schema) => format!("{schema}.{}", name.to_lowercase()),
        None => name.to_lowercase(),
    }
}

fn text_of<'a>(node: &RevisionNode, sources: &'a Sources, scripts: &[Script]) -> Option<&'a str> {
    let script = scripts.get(node.id.0 as usize)?;
    sources.get(script.file).map(|file| &*file.text)
}

/// A script without the bodies of its downgrades: what they make, the upgrade has taken away, so it was there before. A body
/// ends at the first line that begins in the first column.
fn without_downgrade(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut within = false;
    for line in text.split_inclusive('\n') {
        let indented = line.starts_with([' ', '\t', '\r', '\n', ')', '#']);
        within = line.starts_with("def downgrade") || (within && indented);
        if !within {
            kept.push_str(line);
        }
    }
    kept
}

/// Whether a script makes tables under names that can't be read off its text.
fn computes_names(text: &str) -> bool {
    text.contains("create_table(") || text.contains("create_all(") || text.to_ascii_lowercase().contains("create table")
}

/// The words that follow `create_table(`, `CREATE TABLE`, `CREATE SCHEMA` and the like in a text.
fn collect_made(text: &str, made: &mut FxHashSet<String>) {
    collect_called(text, &["create_table(", "CreateSchema("], 0, made);
    collect_stated(text, &["create table", "create schema"], made);
}

/// The new names of what a text renames.
fn collect_renamed(text: &str, made: &mut FxHashSet<String>) {
    collect_called(text, &["rename_table("], 1, made);
    collect_stated(text, &["rename to"], made);
}

/// The literals at a place among the arguments of calls.
fn collect_called(text: &str, markers: &[&str], place: usize, made: &mut FxHashSet<String>) {
    for (at, marker) in markers.iter().flat_map(|marker| text.match_indices(marker)) {
        let rest = text.get(at + marker.len()..).unwrap_or_default();
        // The schema may be that of a type within.
        for schema in [None, schema_given(call(rest))] {
            made.extend(string_literals(rest).nth(place).map(|name| qualified(schema, name)));
        }
    }
}

/// The names that follow the words of statements.
fn collect_stated(text: &str, markers: &[&str], made: &mut FxHashSet<String>) {
    let lower = text.to_ascii_lowercase();
    for (at, marker) in markers.iter().flat_map(|marker| lower.match_indices(marker)) {
        let rest = lower.get(at + marker.len()..).unwrap_or_default();
        let rest = rest.trim_start().trim_start_matches("if not exists").trim_start();
        let name: String = rest
            .chars()
            .skip_while(|c| *c == '"' || *c == '`')
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'))
            .collect();
        let (schema, last) = name.rsplit_once('.').map_or((None, &*name), |(schema, last)| (Some(schema), last));
        if !last.is_empty() {
            made.insert(qualified(schema, last));
        }
    }
}

/// The arguments of a call, up to the parenthesis that closes it. A parenthesis in a string makes it too long or too short.
fn call(arguments: &str) -> &str {
    let mut depth = 1_usize;
    let end = arguments.find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    arguments.get(..end.unwrap_or(arguments.len())).unwrap_or_default()
}

/// The schema that is named last among the arguments of a call: those of columns come before that of the table.
fn schema_given(arguments: &str) -> Option<&str> {
    let (_, given) = arguments.rsplit_once("schema=")?;
    Some(string_literals(given).next().unwrap_or(SOME_SCHEMA))
}

/// The string literals at the start of an argument list, until something else than a literal is met.
fn string_literals(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.trim_start_matches([' ', '\n', '\r', '\t', ',']);
        let quote = start.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let body = start.get(1..)?;
        let end = body.find(quote)?;
        rest = body.get(end + 1..)?;
        body.get(..end)
    })
}
