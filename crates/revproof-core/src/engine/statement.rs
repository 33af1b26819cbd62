//! Data statements: who executes which, and what becomes of those that can't be simulated.

use std::sync::Arc;

use sqlparser::ast::{
    Delete, Expr, FromTable, Query, SetExpr, Statement as Ast, TableFactor, TableObject, TableWithJoins,
};

use super::database::Database;
use super::relation::Relation;
use super::rewrite::{Compiler, fold, qualified_name};
use super::stop::{Evaluation, Stop};
use super::{change, insert, merge, system_tables};
use crate::op::{Answer, Datum, Effect, Outcome};
use crate::schema::{Dialect, Name, QName};
use crate::sql::Statement;

/// What a statement did.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// How many rows it wrote.
    pub(super) count: u64,
    /// What `RETURNING` gives.
    pub(super) returned: Option<Relation>,
    /// What of it could not be simulated.
    pub(super) doubts: Vec<Arc<str>>,
}

/// The common table expressions in front of a statement that writes.
pub(super) enum With<'a> {
    /// There are none.
    Nothing,
    /// They are yet to be executed.
    Query(&'a Query),
    /// Their rows.
    Rows(Vec<(String, Arc<Relation>)>),
}

impl With<'_> {
    /// Makes them known to a query.
    pub(super) fn bind(&self, compiler: &mut Compiler<'_>) -> Evaluation<()> {
        match self {
            Self::Nothing => Ok(()),
            Self::Query(query) => compiler.with(query),
            Self::Rows(rows) => {
                compiler.ctes.extend(rows.iter().cloned());
                Ok(())
            }
        }
    }

    /// Executes those in front of a query where one of them writes: they may be executed but once.
    fn of<'a>(db: &mut Database, query: Option<&'a Query>, params: &[(Name, Datum)]) -> Evaluation<With<'a>> {
        let Some(query) = query else { return Ok(With::Nothing) };
        if !query.with.iter().flat_map(|with| &with.cte_tables).any(|cte| is_write(&cte.query)) {
            return Ok(With::Query(query));
        }
        let mut compiler = Compiler::new(db, params);
        compiler.with(query)?;
        Ok(With::Rows(std::mem::take(&mut compiler.ctes)))
    }
}

/// Whether a query is a statement that writes.
pub(super) fn is_write(query: &Query) -> bool {
    matches!(query.body.as_ref(), SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_))
}

/// Executes a data statement.
pub(super) fn execute(db: &mut Database, statement: &Statement, params: &[(Name, Datum)]) -> Outcome<Answer> {
    let Statement::Data(ast) = statement else {
        return Ok(Answer::Unknown(Arc::from("this is no statement about rows")));
    };
    let before = db.clone();
    let dialect = db.catalog.dialect;
    let result = match ast.as_ref() {
        Ast::Query(query) => match query.body.as_ref() {
            SetExpr::Insert(inner) | SetExpr::Update(inner) | SetExpr::Delete(inner) | SetExpr::Merge(inner) => {
                With::of(db, Some(query), params)
                    .and_then(|with| write(db, inner, &with, params))
                    .map(|done| answer(done, dialect))
            }
            _ => read(db, query, params).map(|relation| Answer::Rows(relation.into_row_set(dialect))),
        },
        Ast::Pragma { name, value, is_eq } => system_tables::pragma(db, name, value.as_ref(), *is_eq),
        statement => write(db, statement, &With::Nothing, params).map(|done| answer(done, dialect)),
    };
    match result {
        Ok(answer) => Ok(answer),
        Err(Stop::Fail(mut failure)) => {
            let written = written_tables(statement, db.catalog.dialect);
            if failure.doubt.is_none() {
                failure.doubt = written.iter().chain(&failure.object).find_map(|table| before.row_doubt(table));
            }
            failure.object = failure.object.or_else(|| written.into_iter().next());
            Err(*failure)
        }
        Err(Stop::Unsupported(why)) => {
            *db = before;
            change::taint(db, ast, &why);
            Ok(Answer::Unknown(why))
        }
    }
}

fn answer(done: Done, dialect: Dialect) -> Answer {
    match done.returned {
        Some(relation) if done.doubts.is_empty() => Answer::Rows(relation.into_row_set(dialect)),
        _ => Answer::Done(Effect { rows: Some(done.count), doubts: done.doubts }),
    }
}

/// A statement that writes, perhaps with common table expressions around it.
pub(super) fn write(db: &mut Database, statement: &Ast, with: &With<'_>, params: &[(Name, Datum)]) -> Evaluation<Done> {
    match statement {
        Ast::Insert(statement) => insert::insert(db, statement, with, params),
        Ast::Update(statement) => change::update(db, statement, with, params),
        Ast::Delete(statement) => change::delete(db, statement, with, params),
        Ast::Merge(statement) => merge::merge(db, statement, with, params),
        other => {
            let shown: String = other.to_string().chars().take(60).collect();
            Err(Stop::unsupported(format!("the statement {shown} is not supported")))
        }
    }
}

/// The rows of a query.
pub(super) fn read(db: &mut Database, query: &Query, params: &[(Name, Datum)]) -> Evaluation<Relation> {
    Compiler::new(db, params).relation_of(query)?.without_identities()
}

/// The tables that a data statement writes.
pub(super) fn written_tables(statement: &Statement, dialect: Dialect) -> Vec<QName> {
    let Statement::Data(ast) = statement else { return Vec::new() };
    let mut tables = Vec::new();
    collect_written(ast, dialect, &mut tables, 0);
    tables
}

/// The tables that a statement writes, those of common table expressions that write included.
pub(super) fn collect_written(statement: &Ast, dialect: Dialect, tables: &mut Vec<QName>, depth: u32) {
    let mut add = |name: Option<QName>| tables.extend(name);
    match statement {
        Ast::Insert(insert) => {
            if let TableObject::TableName(name) = &insert.table {
                add(qualified_name(name, dialect));
            }
        }
        Ast::Update(update) => add(table_name(&update.table, dialect)),
        Ast::Delete(delete) => add(deleted_from(delete).and_then(|t| table_name(t, dialect))),
        Ast::Merge(merge) => {
            if let TableFactor::Table { name, .. } = &merge.table {
                add(qualified_name(name, dialect));
            }
        }
        Ast::Query(query) if depth < 40 => {
            for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
                if let SetExpr::Insert(inner)
                | SetExpr::Update(inner)
                | SetExpr::Delete(inner)
                | SetExpr::Merge(inner) = cte.query.body.as_ref()
                {
                    collect_written(inner, dialect, tables, depth + 1);
                }
            }
            if let SetExpr::Insert(inner) | SetExpr::Update(inner) | SetExpr::Delete(inner) | SetExpr::Merge(inner) =
                query.body.as_ref()
            {
                collect_written(inner, dialect, tables, depth + 1);
            }
        }
        _ => {}
    }
}

/// The table that a `DELETE` deletes from.
pub(super) fn deleted_from(delete: &Delete) -> Option<&TableWithJoins> {
    let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
    from.first()
}

/// The name of a plain table.
pub(super) fn table_name(table: &TableWithJoins, dialect: Dialect) -> Option<QName> {
    match &table.relation {
        TableFactor::Table { name, .. } => qualified_name(name, dialect),
        _ => None,
    }
}

/// The name by which a statement speaks of its table.
pub(super) fn alias_of(table: &TableWithJoins, dialect: Dialect) -> Option<String> {
    match &table.relation {
        TableFactor::Table { alias: Some(alias), .. } => Some(fold(&alias.name, dialect)),
        _ => None,
    }
}

/// Whether an expression is the word `DEFAULT`.
pub(super) fn is_default(expr: &Expr) -> bool {
    matches!(expr, Expr::Identifier(ident) if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("default"))
}
