//! [`OpenWorld`]: projects that began with a database that no revision makes (`db.create_all()` first, Alembic later).

use rustc_hash::FxHashSet;

use crate::alembic::Script;
use crate::history::{History, RevisionNode};
use crate::op::{Failure, FailureKind};
use crate::schema::{Catalog, QName};
use crate::source::Sources;

/// Which tables may be assumed to exist although no revision makes them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct OpenWorld {
    /// Whether the chain starts from a database of its own: its first revisions make no table.
    open: bool,
    /// The names that some script seems to make. Found by looking for the words in the text, so it may hold too many
    /// names but hardly too few: a table in it is never assumed.
    made: FxHashSet<String>,
}

impl OpenWorld {
    /// Looks at the scripts of a chain.
    pub(super) fn new(sources: &Sources, scripts: &[Script], history: &History) -> Self {
        let text = |node: &RevisionNode| {
            let script = scripts.get(node.id.0 as usize)?;
            sources.get(script.file).map(|file| &*file.text)
        };
        let makes_tables = |text: &str| {
            let mut made = FxHashSet::default();
            collect_made(text, &mut made);
            !made.is_empty() || computes_names(text)
        };
        let mut bases = history.nodes.iter().filter(|node| node.down.is_empty()).filter_map(text);
        if history.nodes.is_empty() || bases.any(makes_tables) {
            return Self::default();
        }
        let mut made = FxHashSet::default();
        history.nodes.iter().filter_map(text).for_each(|text| collect_made(text, &mut made));
        Self { open: true, made }
    }

    /// The table that has to be assumed for this failure to go away, where one may be.
    pub(super) fn assumes(&self, failure: &Failure, catalog: &Catalog) -> Option<QName> {
        if !self.open || failure.kind != FailureKind::UndefinedObject || failure.doubt.is_some() {
            return None;
        }
        let table = failure.object.as_ref()?;
        let unknown_to_all = catalog.table(table).is_none() && !self.made.contains(&*table.name.to_lowercase());
        unknown_to_all.then(|| table.clone())
    }
}

/// Whether a script makes tables under names that can't be read off its text.
fn computes_names(text: &str) -> bool {
    text.contains("create_table(") || text.contains("create_all(") || text.to_ascii_lowercase().contains("create table")
}

/// The words that follow `create_table(`, `rename_table(…,` and `CREATE TABLE` in a text.
fn collect_made(text: &str, made: &mut FxHashSet<String>) {
    for marker in ["create_table(", "rename_table("] {
        for (at, _) in text.match_indices(marker) {
            let rest = text.get(at + marker.len()..).unwrap_or_default();
            let wanted = if marker == "create_table(" { 1 } else { 2 };
            made.extend(string_literals(rest).take(wanted).map(str::to_lowercase));
        }
    }
    let lower = text.to_ascii_lowercase();
    for marker in ["create table", "rename to"] {
        for (at, _) in lower.match_indices(marker) {
            let rest = lower.get(at + marker.len()..).unwrap_or_default();
            let rest = rest.trim_start().trim_start_matches("if not exists").trim_start();
            let name: String = rest
                .chars()
                .skip_while(|c| *c == '"' || *c == '`')
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'))
                .collect();
            if let Some(last) = name.rsplit('.').next().filter(|n| !n.is_empty()) {
                made.insert(last.to_owned());
            }
        }
    }
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
