//! What a view on PostgreSQL keeps of its tables: it is analysed once, when it is made.

use std::sync::Arc;

use super::catalog::{Catalog, Object};
use super::name::{Name, QName};
use super::table::{Column, ColumnId};
use super::tokens::{Token, same, tokens};

impl Object {
    /// Looks the columns of a view up in its tables as they are now.
    pub(crate) fn bind(&mut self, catalog: &Catalog) {
        let all = tokens(&self.definition, catalog.dialect);
        self.columns = columns(self, catalog, &all);
        self.labels = match plain_items(&all) {
            Some(items) => items.into_iter().flat_map(|item| labels(self, catalog, item)).collect(),
            // Which of its tables' columns it has is beyond a tokenizer, but it may not come back over others.
            None if has_star(&all) => self.columns.iter().map(|(_, _, name)| name.clone()).collect(),
            None => Vec::new(),
        };
    }

    /// What the columns are called, where the definition tells of each; an empty name is that of an expression.
    pub(crate) fn told_labels(&self, catalog: &Catalog) -> Option<&[Name]> {
        let star = |token: &Token<'_>| token.text == "*";
        let all = tokens(&self.definition, catalog.dialect);
        let plain = plain_items(&all).is_some() && (!all.iter().any(star) || !self.labels.contains(&Name::default()));
        plain.then_some(self.labels.as_slice())
    }

    /// Whether the query, read again, would give the same columns as when the view was made.
    pub(crate) fn reads_as_bound(&self, catalog: &Catalog) -> bool {
        let mut again = self.clone();
        again.bind(catalog);
        again.columns == self.columns && again.labels == self.labels
    }
}

/// The columns of its tables that a view names, all of them where it has a star.
fn columns(view: &Object, catalog: &Catalog, all: &[Token<'_>]) -> Vec<(QName, ColumnId, Name)> {
    let dialect = catalog.dialect;
    let star = has_star(all);
    let named = |column: &Column| {
        all.iter().any(|token| token.identifier(dialect).is_some_and(|name| same(&name, &column.name, dialect)))
    };
    let tables = view.depends_on.iter().filter_map(|name| catalog.table(name));
    let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let used = columns.filter(|(_, column)| star || named(column));
    used.map(|(table, column)| (table.name.clone(), column.id, column.name.clone())).collect()
}

fn has_star(all: &[Token<'_>]) -> bool {
    all.windows(2).any(|pair| {
        let [before, after] = pair else { return false };
        after.text == "*" && (before.is_word("select") || before.text == "." || before.text == ",")
    })
}

/// The items of a plain `SELECT … FROM table`; `None` where the query is more than that.
fn plain_items<'t, 's>(all: &'t [Token<'s>]) -> Option<Vec<&'t [Token<'s>]>> {
    let at = |word: &str| all.iter().position(|token| token.is_word(word));
    let (select, from) = (at("select")?, at("from")?);
    let more = ["join", "with", "union", "except", "intersect", "distinct"];
    let behind = all.get(from..)?;
    let is_more = |token: &Token<'_>| more.iter().any(|word| token.is_word(word)) || token.text == "(";
    // The names of the columns may stand before the query.
    let names_them = all.get(..select)?.iter().any(|token| token.text == "(");
    let comma = behind.iter().any(|token| token.text == ",");
    if names_them || comma || all.get(select..)?.iter().any(is_more) {
        return None;
    }
    Some(all.get(select + 1..from)?.split(|token| token.text == ",").collect())
}

/// What the columns of an item are called; an empty name is that of an expression.
fn labels(view: &Object, catalog: &Catalog, item: &[Token<'_>]) -> Vec<Name> {
    let word = |token: &Token<'_>| token.identifier(catalog.dialect).map(Name::from);
    let is_value = |token: &Token<'_>| ["true", "false", "null", "not"].iter().any(|word| token.is_word(word));
    let label = match item {
        [.., star] if star.text == "*" => {
            return view.depends_on.first().map_or_else(unknown, |of| all_of(of, catalog));
        }
        [.., keyword, last] if keyword.is_word("as") => word(last),
        [only] if !is_value(only) => word(only),
        [_, dot, last] if dot.text == "." => word(last),
        [first, last] if !is_value(first) => word(first).and_then(|_| word(last)),
        _ => None,
    };
    vec![label.unwrap_or_default()]
}

/// What the columns of a table or view are called.
fn all_of(source: &QName, catalog: &Catalog) -> Vec<Name> {
    if let Some(table) = catalog.table(source).filter(|table| !table.assumed) {
        return table.columns.iter().map(|column| column.name.clone()).collect();
    }
    let plain = |view: &&Arc<Object>| plain_items(&tokens(&view.definition, catalog.dialect)).is_some();
    catalog.view(source).filter(plain).map_or_else(unknown, |view| view.labels.clone())
}

/// The label of something that is beyond us.
fn unknown() -> Vec<Name> {
    vec![Name::default()]
}
