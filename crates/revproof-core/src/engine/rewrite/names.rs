//! Names: folding, tables, columns.

use std::sync::Arc;

use gluesql_core::ast::Expr;
use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::typed::{Code, Node, Typed};
use super::{Compiler, Scope};
use crate::engine::database::Database;
use crate::engine::sequence::counts;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, Failure, FailureKind};
use crate::schema::{Column, Dialect, Name, QName, SqlType, Table};

/// An identifier as the dialect stores it.
pub(in crate::engine) fn fold(ident: &Ident, dialect: Dialect) -> String {
    if ident.quote_style.is_none() && dialect == Dialect::PostgreSql {
        return ident.value.to_lowercase();
    }
    ident.value.clone()
}

/// A name as the dialect stores it; the default schema is left out.
pub(in crate::engine) fn qualified_name(name: &ObjectName, dialect: Dialect) -> Option<QName> {
    let mut parts = Vec::with_capacity(name.0.len());
    for part in &name.0 {
        let ObjectNamePart::Identifier(ident) = part else { return None };
        parts.push(fold(ident, dialect));
    }
    let last = parts.pop()?;
    let schema = parts.pop().filter(|schema| dialect.default_schema() != Some(schema));
    Some(QName::in_schema(schema, last))
}

/// The table of that name; SQLite and MySQL don't mind case.
pub(in crate::engine) fn find_table<'a>(db: &'a Database, name: &QName) -> Option<&'a Arc<Table>> {
    let exact = db.catalog.tables.get(name);
    if exact.is_some() || db.catalog.dialect == Dialect::PostgreSql {
        return exact;
    }
    let alike = |other: &QName| {
        other.name.eq_ignore_ascii_case(&name.name)
            && other
                .schema
                .as_deref()
                .unwrap_or_default()
                .eq_ignore_ascii_case(name.schema.as_deref().unwrap_or_default())
    };
    db.catalog.tables.iter().find(|(other, _)| alike(other)).map(|(_, table)| table)
}

/// The column of that name.
pub(in crate::engine) fn find_column<'a>(table: &'a Table, name: &str, dialect: Dialect) -> Option<&'a Arc<Column>> {
    table.columns.iter().find(|c| same_name(&c.name, name, dialect))
}

pub(super) fn same_name(a: &str, b: &str, dialect: Dialect) -> bool {
    a == b || (dialect != Dialect::PostgreSql && a.eq_ignore_ascii_case(b))
}

/// What tables have beside their columns.
const SYSTEM_COLUMNS: [&str; 8] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "rowid", "_rowid_"];

/// A name that was found: the scope, the scan, the column's place there, its type.
pub(super) type Found = (usize, usize, usize, Option<SqlType>);

impl Compiler<'_> {
    /// A column by its name, with or without the name of its table in front.
    pub(super) fn column(&mut self, parts: &[Ident]) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let names: Vec<String> = parts.iter().map(|ident| fold(ident, dialect)).collect();
        let (qualifier, name) = match names.as_slice() {
            [name] => (None, name),
            [table, name] | [_, table, name] => (Some(table.as_str()), name),
            _ => return Err(Stop::unsupported("a name has too many parts")),
        };
        if let Some(found) = self.find(qualifier, name)? {
            return self.read(found);
        }
        match self.identity(qualifier, name)? {
            Some(identity) => Ok(identity),
            None => match self.row_number_column(qualifier, name) {
                Some(column) => match self.find(qualifier, &column)? {
                    Some(found) => self.read(found),
                    None => Err(self.unresolved(qualifier, name)),
                },
                None => Err(self.unresolved(qualifier, name)),
            },
        }
    }

    /// Looks a name up, from the innermost query outwards.
    pub(super) fn find(&self, qualifier: Option<&str>, name: &str) -> Evaluation<Option<Found>> {
        let dialect = self.dialect();
        for (depth, scope) in self.scopes.iter().enumerate().rev() {
            let mut found: Option<Found> = None;
            for binding in &scope.bindings {
                if qualifier.is_some_and(|q| !same_name(&binding.name, q, dialect)) {
                    continue;
                }
                let hidden = qualifier.is_none() && binding.merged.iter().any(|m| same_name(m, name, dialect));
                let at = binding.columns.iter().position(|(column, _)| same_name(column, name, dialect));
                let scalar = binding.scalar && qualifier.is_none() && same_name(&binding.name, name, dialect);
                let at = at.or(scalar.then_some(0));
                let (Some(at), false) = (at, hidden) else { continue };
                if found.is_some() {
                    let message = format!("column reference \"{name}\" is ambiguous");
                    return Err(Stop::fail(FailureKind::InvalidStatement, message));
                }
                let ty = binding.columns.get(at).and_then(|(_, ty)| ty.clone());
                found = Some((depth, binding.scan, binding.offset + at, ty));
            }
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn read(&mut self, (depth, scan, at, ty): Found) -> Evaluation<Typed> {
        let grouped = self.scopes.get(depth).is_some_and(|scope| scope.grouped.is_some());
        let (scan, at) = if grouped { self.grouped_column(depth, at)? } else { (scan, at) };
        if depth + 1 < self.scopes.len() || self.pinned.iter().any(|(pinned, _)| *pinned == scan) {
            let Some((_, row)) = self.pinned.iter().rev().find(|(pinned, _)| *pinned == scan) else {
                self.captured = Some(scan);
                return Err(Stop::unsupported("a query that depends on the rows of the query around it"));
            };
            return match self.cell(scan, *row, at).clone() {
                Datum::Unknown(why) => Err(Stop::Unsupported(why)),
                datum => Ok(Typed { node: Node::Const(datum), ty }),
            };
        }
        let ident = self.load(scan, at, ty.as_ref())?;
        let expr = Expr::CompoundIdentifier { alias: format!("t{scan}"), ident };
        Ok(Typed { node: Node::Code(Code { expr, scans: vec![scan], plain: true, size: 1 }), ty })
    }

    /// The column of SQLite that is the row number by another name.
    fn row_number_column(&self, qualifier: Option<&str>, name: &str) -> Option<String> {
        let dialect = self.dialect();
        if dialect != Dialect::Sqlite || !SYSTEM_COLUMNS.iter().any(|system| name.eq_ignore_ascii_case(system)) {
            return None;
        }
        let bindings = self.scopes.iter().rev().find(|scope| !scope.bindings.is_empty())?.bindings.as_slice();
        let mut named = bindings.iter().filter(|b| qualifier.is_none_or(|q| same_name(&b.name, q, dialect)));
        let table = named.next()?.table.as_ref()?;
        let found = table.columns.iter().find(|column| counts(dialect, table, column))?;
        named.next().is_none().then(|| found.name.to_string())
    }

    /// What to say of a name that stands for nothing.
    fn unresolved(&self, qualifier: Option<&str>, name: &str) -> Stop {
        let assumed = |scope: &Scope| scope.bindings.iter().any(|b| b.table.as_ref().is_some_and(|t| t.assumed));
        let whole_row = || self.scopes.iter().any(|s| s.bindings.iter().any(|b| b.name == name));
        if SYSTEM_COLUMNS.iter().any(|system| name.eq_ignore_ascii_case(system)) || qualifier.is_none() && whole_row() {
            return Stop::unsupported(format!("the system column {name} is not supported"));
        }
        if self.scopes.iter().any(assumed) {
            return Stop::unsupported(format!("column {name} may belong to a table that no script makes"));
        }
        let dialect = self.dialect();
        let known = |q: &str| self.scopes.iter().any(|s| s.bindings.iter().any(|b| same_name(&b.name, q, dialect)));
        let message = match (dialect, qualifier) {
            (Dialect::PostgreSql, Some(q)) if !known(q) => format!("missing FROM-clause entry for table \"{q}\""),
            (Dialect::PostgreSql, Some(q)) => format!("column {q}.{name} does not exist"),
            (Dialect::PostgreSql, None) => format!("column \"{name}\" does not exist"),
            (Dialect::Sqlite, Some(q)) => format!("no such column: {q}.{name}"),
            (Dialect::Sqlite, None) => format!("no such column: {name}"),
            (Dialect::MySql, Some(q)) => format!("Unknown column '{q}.{name}'"),
            (Dialect::MySql, None) => format!("Unknown column '{name}'"),
        };
        let mut failure = Failure::new(FailureKind::UndefinedObject, message);
        failure.doubt.clone_from(&self.db.catalog.opaque);
        Stop::from(failure)
    }

    /// Whether a bare name is a column here.
    pub(super) fn is_column(&self, ident: &Ident) -> bool {
        let name = fold(ident, self.dialect());
        !matches!(self.find(None, &name), Ok(None))
    }

    /// The columns that `*` or `t.*` stands for, of the innermost query.
    pub(super) fn all_columns(&mut self, qualifier: Option<&str>) -> Evaluation<Vec<(Name, Typed)>> {
        let dialect = self.dialect();
        let depth = self.scopes.len().saturating_sub(1);
        let bindings = self.scopes.last().map(|s| s.bindings.clone()).unwrap_or_default();
        let mut columns = Vec::new();
        let mut any = false;
        for binding in &bindings {
            if qualifier.is_some_and(|q| !same_name(&binding.name, q, dialect)) {
                continue;
            }
            any = true;
            if binding.table.as_ref().is_some_and(|table| table.assumed) {
                return Err(Stop::unsupported("the columns of a table that no script makes are not known"));
            }
            for (at, (name, ty)) in binding.columns.iter().enumerate() {
                if qualifier.is_none() && binding.merged.contains(name) {
                    continue;
                }
                columns.push((name.clone(), self.read((depth, binding.scan, binding.offset + at, ty.clone()))?));
            }
        }
        if !any && let Some(q) = qualifier {
            return Err(self.unresolved(Some(q), "*"));
        }
        Ok(columns)
    }
}
