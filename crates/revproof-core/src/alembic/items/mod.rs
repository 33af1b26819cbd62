//! Schema items: [`ColumnObject`], [`TableObject`], constraints and indexes, as `sa.Column(…)` and its like make them.
//!
//! Core expressions are built from the same objects; what a column or a table does in an expression or a statement
//! is asked of [`super::core`].

mod column;
mod constraint;
mod default;
mod index;
mod metadata;
mod reference;
mod sequence;
mod statement;
mod table;

pub(super) use column::{Autoincrement, ColumnObject};
pub(super) use constraint::{ConstraintForm, ConstraintObject, column_names, exclusion, nulls_not_distinct};
pub(super) use default::{ComputedObject, FetchedValueObject, IdentityObject};
pub(super) use index::IndexObject;
pub(super) use metadata::MetaDataObject;
pub(super) use reference::{Reference, ReferenceObject, Target};
pub(super) use sequence::SequenceObject;
pub(super) use statement::DdlObject;
pub(super) use table::TableObject;

use super::objects::{Class, Conventional, Function};
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// The schema item, or the helper of schema items, of that name.
pub(super) fn attribute(name: &str) -> Option<Value> {
    Some(match name {
        "Column" => Class::value("Column", column::construct),
        "Table" => Class::value("Table", table::construct),
        "MetaData" => Class::value("MetaData", metadata::construct),
        "ForeignKey" => Class::value("ForeignKey", reference::construct),
        "ForeignKeyConstraint" => Class::value("ForeignKeyConstraint", constraint::foreign_key),
        "PrimaryKeyConstraint" => Class::value("PrimaryKeyConstraint", constraint::primary_key),
        "UniqueConstraint" => Class::value("UniqueConstraint", constraint::unique),
        "CheckConstraint" => Class::value("CheckConstraint", constraint::check),
        "ExcludeConstraint" => Class::value("ExcludeConstraint", constraint::exclude),
        "Index" => Class::value("Index", index::construct),
        "Sequence" => Class::value("Sequence", sequence::construct),
        "Identity" => Class::value("Identity", default::identity),
        "Computed" => Class::value("Computed", default::computed),
        "FetchedValue" => Class::value("FetchedValue", default::fetched_value),
        "DefaultClause" => Function::value(default::default_clause),
        "quoted_name" => Function::value(|vm, args, span| quoted_name(vm, &args, span)),
        "conv" => Function::value(|vm, args, span| conventional(vm, &args, span)),
        _ => return statement::attribute(name),
    })
}

/// `op.f(name)`, `conv(name)`.
pub(super) fn conventional(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(name) = args.get(0, "name").or_else(|| args.keyword("value")) else {
        return Err(vm.raise("TypeError", "f() missing 1 required positional argument: 'name'", span));
    };
    Ok(match super::known::text(vm, name) {
        Some(text) => Conventional::value(text),
        None => name.clone(),
    })
}

/// `quoted_name(text, quote)`.
fn quoted_name(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(name) = args.get(0, "value") else {
        let message = "quoted_name.__new__() missing 1 required positional argument: 'value'";
        return Err(vm.raise("TypeError", message, span));
    };
    let Some(text) = super::known::text(vm, name) else { return Ok(name.clone()) };
    let folded = matches!(args.get(1, "quote"), Some(Value::Bool(false)));
    Ok(Value::object(Conventional { text, quoted_only: true, folded }))
}
