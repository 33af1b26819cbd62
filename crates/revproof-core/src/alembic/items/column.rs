//! [`ColumnObject`]: a `sa.Column` or a `sa.column`.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::table::TableObject;
use crate::alembic::core;
use crate::alembic::types::SaType;
use crate::python::{Flow, Foreign, Operator, Value, Vm};
use crate::source::Span;

/// A `sa.Column(…)` or a `sa.column(…)`.
#[derive(Debug, Default)]
pub(in crate::alembic) struct ColumnObject {
    /// Its name; `None` as long as it has none (`id = Column(Integer)` of a class) .
    pub name: RefCell<Option<Rc<str>>>,
    /// Its key in `table.c`, where that differs from its name.
    pub key: Option<Rc<str>>,
    /// Its type, where it is given and known.
    pub ty: Option<Rc<SaType>>,
    /// The table that it belongs to.
    pub table: RefCell<Weak<TableObject>>,
}

impl ColumnObject {
    /// A bare column, as `sa.column(name, ty)` makes it.
    pub(in crate::alembic) fn light(name: &str, ty: Option<Rc<SaType>>) -> Self {
        Self { name: RefCell::new(Some(name.into())), ty, ..Self::default() }
    }

    /// Its name; empty as long as it has none.
    pub(in crate::alembic) fn name(&self) -> Rc<str> {
        self.name.borrow().clone().unwrap_or_default()
    }

    /// Its key in `table.c`.
    pub(in crate::alembic) fn key(&self) -> Rc<str> {
        self.key.clone().unwrap_or_else(|| self.name())
    }
}

impl Foreign for ColumnObject {
    super::super::object!("Column");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        match name {
            "name" => Ok(Some(Value::Str(self.name()))),
            "key" => Ok(Some(Value::Str(self.key()))),
            "table" => Ok(Some(self.table.borrow().upgrade().map_or(Value::None, |table| Value::Object(table)))),
            "type" => Ok(Some(match &self.ty {
                Some(ty) => Value::Object(ty.clone()),
                None => vm.unknown("the column's type is not known", span),
            })),
            _ => core::column_attr(&self, vm, name, span),
        }
    }

    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        reflected: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        core::column_binary(&self, vm, operator, other, reflected, span)
    }

    fn unary(self: Rc<Self>, vm: &mut Vm<'_>, sign: char, span: Span) -> Flow<Option<Value>> {
        core::column_unary(&self, vm, sign, span)
    }
}
