//! [`DdlObject`]: DDL as objects to execute, `CreateSequence(…)`, `DropTable(…)`.

use std::rc::Rc;

use super::{IndexObject, SequenceObject, TableObject};
use crate::alembic::object;
use crate::op::OpKind;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::schema::{Name, ObjectKind, QName};
use crate::source::Span;

/// A DDL statement that a script executes.
#[derive(Debug, Clone)]
pub(in crate::alembic) enum DdlObject {
    /// A statement that is one operation.
    Statement(Box<OpKind>),
    /// `CreateTable(table)`.
    CreateTable(Rc<TableObject>, bool),
    /// `CreateIndex(index)`.
    CreateIndex(Rc<IndexObject>, bool),
}

impl Foreign for DdlObject {
    object!("DDLElement");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(vm.unknown(format!("a DDL element's {name} is not known"), span)))
    }
}

/// The class of that name.
pub(super) fn attribute(name: &str) -> Option<Value> {
    let known = matches!(
        name,
        "CreateSequence" | "DropSequence" | "CreateSchema" | "DropSchema" | "CreateTable" | "DropTable" | "CreateIndex"
    );
    known.then(|| Value::object(DdlClass(name.into())))
}

/// A class of DDL statements.
#[derive(Debug)]
struct DdlClass(Rc<str>);

impl Foreign for DdlClass {
    object!("type");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(vm.unknown(format!("{}.{name} is not known", self.0), span)))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let flag = |name: &str| matches!(args.keyword(name), Some(Value::Bool(true)));
        let (if_exists, if_not_exists, cascade) = (flag("if_exists"), flag("if_not_exists"), flag("cascade"));
        let element = args.positional.first().or_else(|| args.keyword("element")).or_else(|| args.keyword("name"));
        let Some(element) = element else {
            let message = format!("{}.__init__() missing 1 required positional argument: 'element'", self.0);
            return Err(vm.raise("TypeError", &message, span));
        };
        let built = match &*self.0 {
            "CreateSequence" => element.downcast::<SequenceObject>().map(|s| statement(s.creation(if_not_exists))),
            "DropSequence" => element.downcast::<SequenceObject>().map(|sequence| {
                statement(OpKind::DropSequence { name: sequence.name.clone(), if_exists, cascade: false })
            }),
            "CreateTable" => {
                element.downcast::<TableObject>().map(|table| DdlObject::CreateTable(table, if_not_exists))
            }
            "DropTable" => element
                .downcast::<TableObject>()
                .map(|table| statement(OpKind::DropTable { table: table.name.clone(), if_exists, cascade: false })),
            "CreateIndex" => {
                element.downcast::<IndexObject>().map(|index| DdlObject::CreateIndex(index, if_not_exists))
            }
            _ => element.as_str().map(|name| schema(&self.0, name, if_exists, if_not_exists, cascade)),
        };
        Ok(match built {
            Some(built) => Value::object(built),
            None => vm.unknown(format!("what {} is made of can't be known", self.0), span),
        })
    }
}

fn statement(kind: OpKind) -> DdlObject {
    DdlObject::Statement(Box::new(kind))
}

fn schema(class: &str, name: &str, if_exists: bool, if_not_exists: bool, cascade: bool) -> DdlObject {
    let (kind, name) = (ObjectKind::Schema, QName::new(name));
    statement(if class == "CreateSchema" {
        let definition = Name::from("");
        OpKind::CreateObject { kind, name, definition, depends_on: Vec::new(), or_replace: false, if_not_exists }
    } else {
        OpKind::DropObject { kind, name, if_exists, cascade }
    })
}
