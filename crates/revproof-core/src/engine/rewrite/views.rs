//! Views: what is read from one is what its query gives now.

use std::sync::Arc;

use super::Compiler;
use super::select::labelled;
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{Column, ColumnId, Dialect, Name, Object, ObjectKind, QName, Table, Token, tokens};
use crate::sql::{Statement, split};

impl Compiler<'_> {
    /// The rows of a view.
    pub(super) fn view(&mut self, view: &Object) -> Evaluation<Relation> {
        let beyond = || Stop::unsupported(format!("the view {} is not simulated", view.name));
        let dialect = self.dialect();
        if let Some(why) = self.db.doubt(&view.name) {
            return Err(Stop::Unsupported(why));
        }
        // A materialized view holds what its query gave when it was last refreshed.
        let is_known = self.knows_the_columns_of(view);
        if view.kind != ObjectKind::View || !is_known && !self.is_bound(view) {
            return Err(beyond());
        }
        let (labels, query) = parts(&view.definition, dialect).ok_or_else(beyond)?;
        let statements = split(&query, dialect);
        let [part] = statements.as_slice() else { return Err(beyond()) };
        let Statement::Data(ast) = &part.statement else { return Err(beyond()) };
        let sqlparser::ast::Statement::Query(query) = ast.as_ref() else { return Err(beyond()) };
        // Its query sees nothing of the one that reads it.
        let bound = (!is_known).then(|| view.columns.clone());
        let mut own = Compiler { depth: self.depth, bound, ..Compiler::new(self.db, &[]) };
        let relation = match own.nested(|own| own.relation_of(query)) {
            // It was read when the view was made: what it names may only be called something else by now.
            Err(Stop::Fail(failure)) if !failure.kind.is_data() => return Err(beyond()),
            relation => relation?,
        };
        if relation.rows.iter().flatten().any(|cell| matches!(cell, Datum::Unknown(_))) {
            return Err(Stop::unsupported(format!("the view {} gives values that are not known", view.name)));
        }
        Ok(labelled(relation, &labels))
    }

    /// Whether the definition says what the view reads. PostgreSQL knows the columns whatever they are called later, and
    /// writes a star out when the view is made; the others read the text again each time.
    fn knows_the_columns_of(&self, view: &Object) -> bool {
        let catalog = &self.db.catalog;
        if catalog.dialect != Dialect::PostgreSql {
            return true;
        }
        if view.definition.contains('*') {
            return view.reads_as_bound(catalog);
        }
        let is_called = |(table, id, name): &(QName, ColumnId, Name)| {
            catalog.table(table).and_then(|table| table.column_by_id(*id)).is_some_and(|column| column.name == *name)
        };
        view.columns.iter().all(is_called)
    }

    /// Whether what the view reads is known by the columns that its tables had when it was made.
    fn is_bound(&self, view: &Object) -> bool {
        let of_tables = view.depends_on.iter().all(|name| self.db.catalog.table(name).is_some());
        // Of two tables alike columns are joined, which the text does not name.
        of_tables && !tokens(&view.definition, self.dialect()).iter().any(|token| token.is_word("natural"))
    }

    /// A table as the view that is read knows it.
    pub(super) fn as_bound(&self, table: &Arc<Table>) -> Arc<Table> {
        let Some(bound) = &self.bound else { return table.clone() };
        let known = |column: &Arc<Column>| {
            let (.., name) = bound.iter().find(|(of, id, _)| *of == table.name && *id == column.id)?;
            Some(Arc::new(Column { name: name.clone(), ..Column::clone(column) }))
        };
        Arc::new(Table { columns: table.columns.iter().filter_map(known).collect(), ..Table::clone(table) })
    }
}

/// The names that a definition gives the columns, and its query.
fn parts(definition: &str, dialect: Dialect) -> Option<(Vec<Name>, String)> {
    let all = tokens(definition, dialect);
    let start = all.iter().position(|token| token.is_word("as"))?;
    let (head, query) = (all.get(..start)?, all.get(start + 1..)?);
    let mut labels = Vec::new();
    if let Some(open) = head.iter().position(|token| token.text == "(") {
        let view = head.iter().position(|token| token.is_word("view"))?;
        let named = head.iter().skip(view).take(open - view).any(|token| token.identifier(dialect).is_some());
        let list = head.get(open + 1..)?;
        let end = list.iter().position(|token| token.text == ")")?;
        // What else stands in brackets are options.
        if !named || list.len() != end + 1 || head.iter().any(|token| token.is_word("with")) {
            return None;
        }
        labels.extend(list.get(..end)?.iter().filter_map(|token| token.identifier(dialect).map(Name::from)));
    }
    let recursive = head.iter().any(|token| token.is_word("recursive"));
    (!recursive).then(|| (labels, without_check_option(query)))
}

/// The text of a query, without what follows it in `CREATE VIEW`.
fn without_check_option(query: &[Token<'_>]) -> String {
    let mut text = String::new();
    for (at, token) in query.iter().enumerate() {
        let next = query.get(at + 1);
        let option = |word: &str| next.is_some_and(|next| next.is_word(word));
        if token.is_word("with") && ["check", "cascaded", "local", "data", "no"].into_iter().any(option) {
            break;
        }
        if token.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}
