//! [`TableObject`]: a `sa.Table` or a `sa.table`.

use std::cell::RefCell;
use std::rc::Rc;

use super::column::ColumnObject;
use crate::alembic::core;
use crate::python::{Flow, Foreign, Unknown, Value, Vm};
use crate::schema::QName;
use crate::source::Span;

/// A `sa.Table(…)`, a `sa.table(…)` or the table of a declarative model.
#[derive(Debug)]
pub(in crate::alembic) struct TableObject {
    /// Its name and schema.
    pub name: QName,
    /// Its columns.
    pub columns: RefCell<Vec<Rc<ColumnObject>>>,
    /// Why it may have more columns, or other ones, than these, if so.
    pub open: Option<Rc<Unknown>>,
    /// `MetaData`, where it belongs to one.
    pub metadata: Value,
}

impl TableObject {
    /// A bare table, as `sa.table(name, *columns)` makes it; takes the columns into possession.
    pub(in crate::alembic) fn light(name: QName, columns: Vec<Rc<ColumnObject>>) -> Rc<Self> {
        let table = Rc::new(Self { name, columns: RefCell::default(), open: None, metadata: Value::None });
        for column in columns {
            table.adopt(column);
        }
        table
    }

    /// Takes a column into possession.
    pub(in crate::alembic) fn adopt(self: &Rc<Self>, column: Rc<ColumnObject>) {
        *column.table.borrow_mut() = Rc::downgrade(self);
        self.columns.borrow_mut().push(column);
    }

    /// The column with that key.
    pub(in crate::alembic) fn column(&self, key: &str) -> Option<Rc<ColumnObject>> {
        self.columns.borrow().iter().find(|column| &*column.key() == key).cloned()
    }
}

impl Foreign for TableObject {
    super::super::object!("Table");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        match name {
            "name" | "key" => Ok(Some(Value::str(&self.name.name))),
            "schema" => Ok(Some(self.name.schema.as_ref().map_or(Value::None, |schema| Value::str(schema)))),
            "metadata" => Ok(Some(self.metadata.clone())),
            _ => core::table_attr(&self, vm, name, span),
        }
    }
}
