//! [`OpenWorld`]: projects that began with a database that no revision makes (`db.create_all()` first, Alembic later).

use rustc_hash::FxHashSet;

use crate::alembic::Script;
use crate::history::{History, RevisionNode};
use crate::op::{Failure, FailureKind};
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
            collect_made(text, &mut made);
            !made.is_empty() || computes_names(text)
        };
        let bases = history.nodes.iter().filter(|node| node.down.is_empty());
        if history.nodes.is_empty() || bases.filter_map(|base| text_of(base, sources, scripts)).any(makes_tables) {
            return Self::default();
        }
        Self::opened(sources, scripts, history)
    }

    /// An open one.
    pub(super) fn opened(sources: &Sources, scripts: &[Script], history: &History) -> Self {
        let mut made = FxHashSet::default();
        let texts = history.nodes.iter().filter_map(|node| text_of(node, sources, scripts));
        texts.for_each(|text| collect_made(&without_downgrade(text), &mut made));
        Self { open: true, made }
    }

    /// Whether some script seems to make it.
    fn makes(&self, name: &QName) -> bool {
        self.made.contains(&qualified(name.schema.as_deref(), &name.name))
            || self.made.contains(&qualified(Some(SOME_SCHEMA), &name.name))
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// What has to be assumed for this failure to go away, where something may be.
    pub(super) fn assumes(&self, failure: &Failure, catalog: &Catalog) -> Option<Assumption> {
        if !self.open || failure.kind != FailureKind::UndefinedObject || failure.doubt.is_some() {
            return None;
        }
        let object = failure.object.as_ref()?;
        if self.makes(object) {
            return None;
        }
        if failure.message.starts_with("schema ") {
            let is_new = !catalog.objects.contains_key(&(ObjectKind::Schema, object.clone()));
            return is_new.then(|| Assumption::Schema(object.clone()));
        }
        catalog.table(object).is_none().then(|| Assumption::Table(object.clone()))
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

/// The words that follow `create_table(`, `rename_table(…,`, `CREATE TABLE`, `CREATE SCHEMA` and the like in a text.
fn collect_made(text: &str, made: &mut FxHashSet<String>) {
    for marker in ["create_table(", "rename_table(", "CreateSchema("] {
        for (at, _) in text.match_indices(marker) {
            let rest = text.get(at + marker.len()..).unwrap_or_default();
            let place = usize::from(marker == "rename_table(");
            // The schema may be that of a type within.
            for schema in [None, schema_given(call(rest))] {
                made.extend(string_literals(rest).nth(place).map(|name| qualified(schema, name)));
            }
        }
    }
    let lower = text.to_ascii_lowercase();
    for marker in ["create table", "create schema", "rename to"] {
        for (at, _) in lower.match_indices(marker) {
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
