//! Schema items become operations: [`Naming`] names what the script leaves unnamed, [`create_table`] and its like
//! say what SQLAlchemy would send.

mod column;
mod constraint;
mod default;
mod index;
mod index_options;
mod naming;
mod objects;
mod table;
mod table_options;
mod typed;

pub(super) use column::{ColumnPlace, column_spec, numbers_itself};
pub(super) use constraint::{constraint_spec, drop_name};
pub(super) use default::{default_spec, quote_literal};
pub(super) use index::{index_name, index_spec};
pub(super) use naming::Naming;
pub(super) use objects::{create_index_now, create_now, drop_index_now, drop_now, execute_now, naming_of};
pub(super) use table::{
    Creation, create_enums, create_table, indexes_of, reference_spec, table_spec, type_checks, unique_of,
};
pub(super) use typed::{type_check, type_name};

use std::rc::Rc;

use super::apply;
use crate::op::{Failure, FailureKind, OpKind, Origin};
use crate::python::{Flow, Raised, Unknown, Vm};
use crate::schema::QName;
use crate::source::Span;

/// A statement about these objects that can't be known: they are uncertain from here.
pub(super) fn opaque(vm: &mut Vm<'_>, what: &str, touches: Vec<QName>, why: &Unknown, span: Span) -> Flow<()> {
    let kind = OpKind::Opaque { what: what.into(), why: why.why.clone(), touches, rows_only: false };
    apply(vm, kind, Origin::Directive, span).map(|_| ())
}

/// A statement about the rows of these tables that can't be known.
pub(super) fn opaque_rows(vm: &mut Vm<'_>, what: &str, touches: Vec<QName>, why: &Unknown, span: Span) -> Flow<()> {
    let kind = OpKind::Opaque { what: what.into(), why: why.why.clone(), touches, rows_only: true };
    apply(vm, kind, Origin::Directive, span).map(|_| ())
}

/// What SQLAlchemy raises while it compiles a statement.
pub(super) fn compile_error(vm: &mut Vm<'_>, message: &str, span: Span) -> Raised {
    vm.raise_failure(Failure::new(FailureKind::InvalidStatement, message), span)
}

/// A doubt that is carried along while items are lowered, the first one kept.
pub(super) fn doubt(slot: &mut Option<Rc<Unknown>>, why: Option<&Rc<Unknown>>) {
    if slot.is_none() {
        *slot = why.cloned();
    }
}
