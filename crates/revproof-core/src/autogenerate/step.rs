//! [`Step`]: what a generated script does, and how it is undone.

use std::sync::Arc;

use crate::schema::{Check, Column, EnumType, ForeignKey, Index, Name, QName, Table, Unique};

/// One thing that a script does.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A statement for what Alembic has no directive for, and the one that undoes it.
    Execute { sql: String, undo: String },
    /// An enum type is made.
    CreateType(Arc<EnumType>),
    /// An enum type is dropped.
    DropType(Arc<EnumType>),
    /// A table is made, without its indexes.
    CreateTable(Side),
    /// A table is dropped.
    DropTable(Side),
    /// A table is changed.
    Alter { table: QName, actions: Vec<Action> },
}

/// A table as it is on one of the two sides.
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub(super) table: Arc<Table>,
    /// Whether it is the side of the database: names of constraints are final there (`op.f()`).
    pub(super) existing: bool,
}

/// One change of a table.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Add(Part, Side),
    Drop(Part, Side),
    AlterColumn { from: Arc<Column>, to: Arc<Column> },
    Comment { from: Option<Name>, to: Option<Name> },
}

/// What is added to a table or dropped from it.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Column(Arc<Column>),
    Index(Index),
    Unique(Unique),
    ForeignKey(ForeignKey),
    Check(Check),
}

/// The steps that undo these.
pub(super) fn reversed(steps: &[Step]) -> Vec<Step> {
    steps.iter().rev().map(Step::reversed).collect()
}

impl Step {
    fn reversed(&self) -> Self {
        match self.clone() {
            Self::Execute { sql, undo } => Self::Execute { sql: undo, undo: sql },
            Self::CreateType(ty) => Self::DropType(ty),
            Self::DropType(ty) => Self::CreateType(ty),
            Self::CreateTable(side) => Self::DropTable(side),
            Self::DropTable(side) => Self::CreateTable(side),
            Self::Alter { table, actions } => {
                Self::Alter { table, actions: actions.into_iter().rev().map(Action::reversed).collect() }
            }
        }
    }
}

impl Action {
    fn reversed(self) -> Self {
        match self {
            Self::Add(part, side) => Self::Drop(part, side),
            Self::Drop(part, side) => Self::Add(part, side),
            Self::AlterColumn { from, to } => Self::AlterColumn { from: to, to: from },
            Self::Comment { from, to } => Self::Comment { from: to, to: from },
        }
    }
}
