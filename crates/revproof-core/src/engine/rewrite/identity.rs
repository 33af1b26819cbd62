//! What identifies a row: SQLite's `rowid` where no column goes by that name, PostgreSQL's `ctid`. Which values they are
//! is the server's own affair; that rows have different ones, and in which order they were written, is known.

use std::sync::Arc;

use super::Compiler;
use super::names::same_name;
use super::typed::{Node, Typed};
use crate::engine::relation::Relation;
use crate::engine::sequence::counts;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{Dialect, Name, SqlType, Table};

/// The type of an identity by which rows can also be ordered.
const ORDERED: &str = "TID";

/// The type of an identity that only tells rows apart: an UPDATE gives rows of PostgreSQL another one.
const UNORDERED: &str = "TID OF ROWS THAT WERE UPDATED";

/// The type of an identity.
pub(super) fn identity_type(ordered: bool) -> SqlType {
    SqlType::Builtin(Name::from(if ordered { ORDERED } else { UNORDERED }))
}

/// Whether values of a type identify rows.
pub(in crate::engine) fn is_identity(ty: Option<&SqlType>) -> bool {
    matches!(ty, Some(SqlType::Builtin(name)) if matches!(&**name, ORDERED | UNORDERED))
}

/// Whether they also tell which row was written first.
pub(super) fn is_ordered_identity(ty: Option<&SqlType>) -> bool {
    ty == Some(&identity_type(true))
}

/// Identities are known to us by numbers of our own, which no script may see.
pub(in crate::engine) fn hidden() -> Stop {
    Stop::unsupported("the place of a row, which a server chooses, is not simulated")
}

impl Relation {
    /// Refuses rows that would show what identifies them.
    pub(in crate::engine) fn without_identities(self) -> Evaluation<Self> {
        let shows = self.columns.iter().any(|(_, ty)| is_identity(ty.as_ref()));
        if shows && !self.rows.is_empty() { Err(hidden()) } else { Ok(self) }
    }
}

impl Compiler<'_> {
    /// The identity of a row, where a name that is no column stands for it.
    pub(super) fn identity(&mut self, qualifier: Option<&str>, name: &str) -> Evaluation<Option<Typed>> {
        let dialect = self.dialect();
        let names: &[&str] = match dialect {
            Dialect::Sqlite => &["rowid", "_rowid_"],
            Dialect::PostgreSql => &["ctid"],
            Dialect::MySql => return Ok(None),
        };
        if !names.iter().any(|known| same_name(known, name, dialect)) {
            return Ok(None);
        }
        let Some((depth, scan, offset, table)) = self.identified(qualifier) else { return Ok(None) };
        if self.scopes.get(depth).is_some_and(|scope| scope.grouped.is_some()) {
            return Err(Stop::unsupported("what identifies a row is not supported beside an aggregate"));
        }
        let counting = table.columns.iter().any(|column| column.never_rowid || counts(dialect, &table, column));
        if dialect == Dialect::Sqlite && counting {
            return Ok(None);
        }
        self.db.note_order_question();
        let moved = self.db.rows_of(&table.name).is_some_and(|rows| rows.updated);
        let ty = identity_type(dialect == Dialect::Sqlite || !moved);
        if depth + 1 < self.scopes.len() || self.pinned.iter().any(|(pinned, _)| *pinned == scan) {
            let Some((_, row)) = self.pinned.iter().rev().find(|(pinned, _)| *pinned == scan) else {
                self.captured = Some(scan);
                return Err(Stop::unsupported("a query that depends on the rows of the query around it"));
            };
            let datum = self.identity_of(scan, *row, offset);
            return Ok(Some(Typed { node: Node::Const(datum), ty: Some(ty) }));
        }
        let len = self.length(scan);
        self.computed(scan, ty, len, |this, row| Ok(this.identity_of(scan, row, offset))).map(Some)
    }

    /// The only table that a name may be about: its scope, its scan, and the place of its first column there.
    fn identified(&self, qualifier: Option<&str>) -> Option<(usize, usize, usize, Arc<Table>)> {
        let dialect = self.dialect();
        for (depth, scope) in self.scopes.iter().enumerate().rev() {
            let named = |b: &&super::Binding| qualifier.is_none_or(|q| same_name(&b.name, q, dialect));
            let mut bindings = scope.bindings.iter().filter(named);
            let Some(binding) = bindings.next() else { continue };
            let table = binding.table.as_ref().filter(|table| !table.assumed && !table.columns.is_empty())?;
            return bindings.next().is_none().then(|| (depth, binding.scan, binding.offset, table.clone()));
        }
        None
    }

    fn identity_of(&self, scan: usize, row: usize, column: usize) -> Datum {
        self.number_behind(scan, row, column).map_or(Datum::Null, Datum::Int)
    }
}
