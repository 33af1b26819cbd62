//! Checked DDL: [`apply`] changes a catalog as the dialect's server would, or refuses as it would, and [`Changed`]
//! says what rows need. [`assume`] adds a table that no script creates, so that a replay can go on.
//!
//! Nothing here knows about rows: what existing rows must satisfy is handed on to the row engine.

mod alter;
mod casts;
mod changed;
mod column;
mod constraint;
mod doubt;
mod drop_constraint;
mod enums;
mod failures;
mod foreign_key;
mod index;
mod naming;
mod objects;
mod open_world;
mod rebuild;
mod rebuild_naming;
mod rebuild_order;
mod rebuild_postgresql;
mod sequence;
mod table;
mod types;
mod view;
mod work;

#[cfg(test)]
mod tests;

use crate::op::{Batch, OpKind, Outcome};
use crate::schema::{Catalog, Object, Table};

pub(crate) use casts::{assignable, comparable, implicit, type_name as unsized_type_name};
pub use changed::{Changed, Demand, Filling, RowStep};
pub use open_world::{assume, assume_schema};
pub(crate) use types::may_be_moment;

use work::Work;

/// Applies a whole DDL operation to the catalog, or fails and leaves the catalog as it was. What is no DDL
/// ([`OpKind::BulkInsert`], [`OpKind::Sql`]) changes nothing.
pub fn apply(catalog: &mut Catalog, kind: &OpKind) -> Outcome<Changed> {
    let mut work = Work::new(catalog.clone());
    match perform(&mut work, kind) {
        Ok(()) => {
            *catalog = work.catalog;
            Ok(work.changed)
        }
        Err(failure) => Err(doubt::weigh(catalog, kind, failure)),
    }
}

/// The table that a batch block makes before it copies the rows of the old one, by its temporary name; `None` where the
/// block does not come so far.
pub fn new_table(catalog: &Catalog, batch: &Batch) -> Option<Table> {
    rebuild::new_table(&mut Work::new(catalog.clone()), batch).ok()
}

/// The table that a batch block fills, under the name of the old one, and what that asks of the rows; `None` where the block
/// does not come so far.
pub(crate) fn copied_rows(catalog: &Catalog, batch: &Batch) -> Option<(Table, Vec<RowStep>)> {
    rebuild::copied_rows(&mut Work::new(catalog.clone()), batch).ok()
}

fn perform(work: &mut Work, kind: &OpKind) -> Outcome<()> {
    match kind {
        OpKind::CreateTable { table, if_not_exists } => table::create(work, table, *if_not_exists),
        OpKind::DropTable { table, if_exists, cascade } => table::drop(work, table, *if_exists, *cascade),
        OpKind::RenameTable { table, to, if_exists } => table::rename(work, table, to, *if_exists),
        OpKind::MoveTable { table, schema } => table::set_schema(work, table, schema.as_ref()),
        OpKind::CommentTable { table, comment } => table::comment(work, table, comment.as_ref()),
        OpKind::Truncate { tables, restart, cascade } => table::truncate(work, tables, *restart, *cascade),
        OpKind::AddColumn { table, column, if_not_exists } => column::add(work, table, column, *if_not_exists),
        OpKind::DropColumn { table, column, if_exists, cascade } => {
            column::drop(work, table, column, *if_exists, *cascade)
        }
        OpKind::AlterColumn { table, column, changes } => alter::column(work, table, column, changes),
        OpKind::CreateIndex { index, if_not_exists, .. } => index::create(work, index, *if_not_exists),
        OpKind::DropIndex { index, table, if_exists, cascade, .. } => {
            index::drop(work, index, table.as_ref(), *if_exists, *cascade)
        }
        OpKind::RenameIndex { index, to, if_exists } => index::rename(work, index, to, *if_exists),
        OpKind::AddConstraint { table, constraint } => constraint::alter_add(work, table, constraint),
        OpKind::DropConstraint { table, name, kind, if_exists, cascade } => {
            drop_constraint::drop(work, table, name.as_ref(), *kind, *if_exists, *cascade)
        }
        OpKind::RenameConstraint { table, name, to } => drop_constraint::rename(work, table, name, to),
        OpKind::ValidateConstraint { table, name } => drop_constraint::validate(work, table, name),
        OpKind::Rebuild(batch) => rebuild::rebuild(work, batch),
        OpKind::CreateEnum { name, values, if_not_exists } => enums::create(work, name, values, *if_not_exists),
        OpKind::DropType { name, if_exists, cascade } => enums::drop(work, name, *if_exists, *cascade),
        OpKind::AddEnumValue { name, value, position, if_not_exists } => {
            enums::add_value(work, name, value, position.as_ref(), *if_not_exists)
        }
        OpKind::RenameEnumValue { name, value, to } => enums::rename_value(work, name, value, to),
        OpKind::RenameType { name, to } => enums::rename(work, name, to),
        OpKind::CreateSequence { name, start, increment, if_not_exists, owned_by, .. } => {
            sequence::create(work, name, *start, *increment, *if_not_exists, owned_by.as_ref())
        }
        OpKind::DropSequence { name, if_exists, cascade } => sequence::drop(work, name, *if_exists, *cascade),
        OpKind::AlterSequence { name, to, owned_by, .. } => sequence::alter(work, name, to.as_ref(), owned_by.as_ref()),
        OpKind::CreateObject { kind, name, definition, depends_on, or_replace, if_not_exists } => {
            let object = Object {
                kind: *kind,
                name: name.clone(),
                definition: definition.clone(),
                depends_on: depends_on.clone(),
                columns: Vec::new(),
                labels: Vec::new(),
                indexes: Vec::new(),
            };
            objects::create(work, object, *or_replace, *if_not_exists)
        }
        OpKind::DropObject { kind, name, if_exists, cascade } => objects::drop(work, *kind, name, *if_exists, *cascade),
        OpKind::RenameObject { kind, name, to } => objects::rename(work, *kind, name, to),
        OpKind::Refresh { view, concurrently, fills } => view::refresh(work, view, *concurrently, *fills),
        OpKind::Opaque { what, why, rows_only: true, .. } => {
            doubt::opaque_rows(work, what, why);
            Ok(())
        }
        OpKind::Opaque { what, why, touches, .. } => {
            doubt::opaque(work, what, why, touches);
            Ok(())
        }
        OpKind::BulkInsert { .. } | OpKind::Sql(_) | OpKind::NoEffect { .. } => Ok(()),
    }
}
