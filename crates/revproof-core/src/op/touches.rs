//! Which tables, types and other objects an operation changes.

use super::kind::{ColumnChange, OpKind};
use crate::schema::{Dialect, ObjectKind, QName};

impl OpKind {
    /// The names of the objects that this operation makes, changes or drops, those that it only refers to left out.
    /// SQL text names none here: it is split into statements first.
    pub fn touches(&self) -> Vec<QName> {
        match self {
            Self::CreateTable { table, .. } => vec![table.name.clone()],
            Self::DropTable { table, .. }
            | Self::MoveTable { table, .. }
            | Self::CommentTable { table, .. }
            | Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::AddConstraint { table, .. }
            | Self::DropConstraint { table, .. }
            | Self::RenameConstraint { table, .. }
            | Self::ValidateConstraint { table, .. }
            | Self::BulkInsert { table, .. } => vec![table.clone()],
            Self::RenameTable { table, to, .. } => vec![table.clone(), table.sibling(to.clone())],
            Self::CreateIndex { index, .. } => vec![index.table.clone()],
            Self::DropIndex { index, table, .. } => vec![table.clone().unwrap_or_else(|| index.clone())],
            Self::RenameIndex { index, to, .. } => vec![index.clone(), index.sibling(to.clone())],
            Self::Rebuild(batch) => vec![batch.table.clone()],
            Self::CreateEnum { name, .. }
            | Self::DropType { name, .. }
            | Self::AddEnumValue { name, .. }
            | Self::RenameEnumValue { name, .. }
            | Self::CreateSequence { name, .. }
            | Self::DropSequence { name, .. }
            | Self::AlterSequence { name, to: None, .. }
            | Self::CreateObject { name, .. }
            | Self::DropObject { name, .. } => vec![name.clone()],
            Self::RenameType { name, to }
            | Self::AlterSequence { name, to: Some(to), .. }
            | Self::RenameObject { name, to, .. } => {
                vec![name.clone(), name.sibling(to.clone())]
            }
            Self::Truncate { tables, .. } => tables.clone(),
            Self::Opaque { touches, .. } => touches.clone(),
            Self::Sql(_) | Self::Refresh { .. } | Self::NoEffect { .. } => Vec::new(),
        }
    }

    /// The names of the constraints of its table that it is about.
    pub fn constraint_names(&self) -> Vec<&str> {
        match self {
            Self::AddConstraint { constraint, .. } => constraint.name.iter().map(AsRef::as_ref).collect(),
            Self::DropConstraint { name, .. } => name.iter().map(AsRef::as_ref).collect(),
            Self::RenameConstraint { name, to, .. } => vec![name, to],
            Self::ValidateConstraint { name, .. } => vec![name],
            _ => Vec::new(),
        }
    }

    /// Whether a check that its table has, or perhaps has not, may stand in its way or go with it.
    pub fn rests_on_checks(&self, dialect: Dialect) -> bool {
        match self {
            Self::AlterColumn { changes, .. } => {
                let harmless = |change: &ColumnChange| {
                    matches!(change, ColumnChange::Nullable(_) | ColumnChange::Default(_) | ColumnChange::Comment(_))
                };
                !changes.iter().all(harmless)
            }
            // PostgreSQL drops the check with its column.
            Self::DropColumn { .. } => dialect != Dialect::PostgreSql,
            Self::DropTable { .. }
            | Self::RenameTable { .. }
            | Self::MoveTable { .. }
            | Self::Rebuild(_)
            | Self::BulkInsert { .. }
            | Self::Opaque { .. } => true,
            _ => false,
        }
    }

    /// Whether all that it may do is to make or drop a role or such, on which nothing in the schema rests.
    pub fn is_apart(&self) -> bool {
        match self {
            Self::CreateObject { kind: ObjectKind::Other, depends_on, .. } => depends_on.is_empty(),
            Self::NoEffect { .. } | Self::DropObject { kind: ObjectKind::Other, .. } => true,
            _ => false,
        }
    }

    /// Whether it changes nothing that is simulated, whatever the database.
    pub const fn is_inert(&self) -> bool {
        matches!(self, Self::NoEffect { .. } | Self::Refresh { .. })
    }
}
