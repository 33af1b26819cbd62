//! The directives that `geoalchemy2.alembic_helpers` adds to `op`. On PostgreSQL they are the plain ones under other names;
//! elsewhere they call functions of a spatial extension, which are not evaluated.

use std::rc::Rc;

use super::{Directive, Site, columns, indexes, tables};
use crate::alembic::items::ColumnObject;
use crate::alembic::types::{Params, SaType};
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

/// The directive of that name.
pub(super) fn directive(name: &str, batch: bool, dialect: Dialect) -> Option<Directive> {
    if dialect != Dialect::PostgreSql {
        return None;
    }
    Some(match name {
        "add_geospatial_column" => add_column,
        "drop_geospatial_column" => columns::drop_column,
        "create_geospatial_index" => indexes::create_index,
        "drop_geospatial_index" => drop_index,
        "create_geospatial_table" if !batch => tables::create_table,
        "drop_geospatial_table" if !batch => tables::drop_table,
        _ => return None,
    })
}

/// Unlike the plain directive it makes no index of its own.
fn add_column(site: &Rc<Site>, vm: &mut Vm<'_>, mut args: Args, span: Span) -> Flow<Value> {
    let keywords = args.keyword.iter_mut().map(|(_, value)| value);
    for value in args.positional.iter_mut().chain(keywords) {
        let Some(column) = value.downcast::<ColumnObject>() else { continue };
        let Some(ty) = &column.ty else { continue };
        let params = Params { spatial_index: false, ..ty.params.clone() };
        let ty = Rc::new(SaType { params, ..SaType::clone(ty) });
        *value = Value::object(ColumnObject { ty: Some(ty), ..ColumnObject::clone(&column) });
    }
    columns::add_column(site, vm, args, span)
}

/// The name of the column is for SQLite.
fn drop_index(site: &Rc<Site>, vm: &mut Vm<'_>, mut args: Args, span: Span) -> Flow<Value> {
    if let Some(at) = args.keyword.iter().position(|(name, _)| &**name == "column_name") {
        args.keyword.remove(at);
        // Without the places of the arguments those of the call stand for them.
        args.spans.clear();
    }
    indexes::drop_index(site, vm, args, span)
}
