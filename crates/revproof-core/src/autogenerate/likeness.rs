//! What makes two parts of two states of a table the same: their columns by name, and what expressions mean.

use crate::schema::{Check, ColumnId, ForeignKey, Index, IndexPart, Name, QName, ReferentialAction, Table, Unique};

/// What an index is made of.
#[derive(PartialEq)]
pub(super) struct IndexLike {
    parts: Vec<(Name, Option<Name>)>,
    unique: bool,
    using: Option<Name>,
    predicate: Option<Name>,
    include: Vec<Name>,
    nulls_not_distinct: bool,
}

/// What a unique constraint is made of.
pub(super) type UniqueLike = (Vec<Name>, bool, bool, bool);

/// What a foreign key is made of.
#[derive(PartialEq)]
pub(super) struct ForeignKeyLike {
    columns: Vec<Name>,
    ref_table: QName,
    ref_columns: Vec<Name>,
    actions: (ReferentialAction, ReferentialAction),
    deferrable: (bool, bool),
    match_type: Option<Name>,
}

pub(super) fn of_index(table: &Table, index: &Index) -> IndexLike {
    let part = |part: &IndexPart| {
        let column = part.column.map(|id| table.column_name(id));
        (column.or_else(|| part.expression.clone()).unwrap_or_else(|| "".into()), part.suffix.clone())
    };
    IndexLike {
        parts: index.parts.iter().map(part).collect(),
        unique: index.unique,
        using: index.using.clone(),
        predicate: index.predicate.clone(),
        include: table.column_names(&index.include),
        nulls_not_distinct: index.nulls_not_distinct,
    }
}

pub(super) fn of_unique(table: &Table, unique: &Unique) -> UniqueLike {
    let is = |flag: Option<bool>| flag == Some(true);
    let columns = table.column_names(&unique.columns);
    (columns, unique.nulls_not_distinct, is(unique.deferrable), is(unique.initially_deferred))
}

pub(super) fn of_foreign_key(table: &Table, key: &ForeignKey) -> ForeignKeyLike {
    ForeignKeyLike {
        columns: table.column_names(&key.columns),
        ref_table: key.ref_table.clone(),
        ref_columns: key.ref_columns.clone(),
        actions: (key.on_delete, key.on_update),
        deferrable: (key.deferrable == Some(true), key.initially_deferred == Some(true)),
        match_type: key.match_type.clone(),
    }
}

pub(super) fn of_check(_: &Table, check: &Check) -> (Name, bool) {
    (check.condition.clone(), check.not_valid)
}

/// The columns that a part of a table needs.
pub(super) fn needs(table: &Table, columns: &[ColumnId]) -> bool {
    columns.iter().all(|id| table.column_by_id(*id).is_some())
}
