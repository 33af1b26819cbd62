//! `create_index` and `drop_index`.

use std::rc::Rc;

use super::Site;
use crate::alembic::arguments::{Extra, Signature};
use crate::alembic::items::IndexObject;
use crate::alembic::known::{self, NameArg};
use crate::alembic::lower::{index_name, index_spec};
use crate::op::OpKind;
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::{Dialect, QName};
use crate::source::Span;

static CREATE: Signature = Signature::new("create_index", &["index_name", "table_name", "columns"])
    .keywords(&["schema", "unique", "if_not_exists", "quote", "info"])
    .extra(Extra::Dialect)
    .method();
static BATCH_CREATE: Signature = Signature::new("create_index", &["index_name", "columns"])
    .keywords(&["unique", "if_not_exists", "quote", "info"])
    .extra(Extra::Dialect)
    .method();

/// `op.create_index(index_name, table_name, columns, …)`.
pub(super) fn create_index(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let signature = if site.batch.is_some() { &BATCH_CREATE } else { &CREATE };
    let call = signature.bind(vm, args, span)?;
    let table = match site.table(vm, &call, "table_name", "schema") {
        Ok(table) => table,
        Err(why) => {
            site.opaque(vm, "op.create_index", Vec::new(), &why, span)?;
            return Ok(Value::None);
        }
    };
    let columns = call.get("columns").cloned().unwrap_or(Value::None);
    let if_not_exists = known::flag(vm, call.get("if_not_exists"), false, span);
    let parts = known::items(vm, &columns, span)?;
    let (parts, if_not_exists) = match (parts, if_not_exists) {
        (Ok(parts), Ok(if_not_exists)) => (parts, if_not_exists),
        (Err(why), _) | (_, Err(why)) => {
            site.opaque(vm, "op.create_index", vec![table], &why, span)?;
            return Ok(Value::None);
        }
    };
    let name = NameArg::read(vm, call.get("index_name"), span);
    let index = IndexObject::read(vm, name, parts, call, span);
    let (spec, unsure) = index_spec(vm, site.naming(), &table, &index)?;
    if let Some(why) = unsure {
        site.opaque(vm, "op.create_index", vec![table], &why, span)?;
        return Ok(Value::None);
    }
    let option =
        index.option("postgresql_concurrently").filter(|_| vm.host.catalog().dialect == Dialect::PostgreSql).cloned();
    let concurrently = known::flag(vm, option.as_ref(), false, span).unwrap_or_default();
    site.send(vm, OpKind::CreateIndex { index: spec, if_not_exists, concurrently }, site.origin(), span)?;
    Ok(Value::None)
}

static DROP: Signature = Signature::new("drop_index", &["index_name", "table_name"])
    .optional(1)
    .keywords(&["schema", "if_exists", "unique", "quote", "info"])
    .extra(Extra::Dialect)
    .method();
static BATCH_DROP: Signature = Signature::new("drop_index", &["index_name"])
    .keywords(&["if_exists", "unique", "quote", "info", "table_name"])
    .extra(Extra::Dialect)
    .method();

/// `op.drop_index(index_name, table_name=None, …)`.
pub(super) fn drop_index(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let dialect = vm.host.catalog().dialect;
    let signature = if site.batch.is_some() { &BATCH_DROP } else { &DROP };
    let call = signature.bind(vm, args, span)?;
    let table = match (&site.batch, call.some("table_name")) {
        (None, None) => None,
        _ => match site.table(vm, &call, "table_name", "schema") {
            Ok(table) => Some(table),
            Err(why) => {
                site.opaque(vm, "op.drop_index", Vec::new(), &why, span)?;
                return Ok(Value::None);
            }
        },
    };
    let schema = match &table {
        Some(table) => table.schema.clone(),
        None => match known::optional_text(vm, call.get("schema"), span) {
            Ok(schema) => known::spelled(vm, "", schema.as_deref()).schema.clone(),
            Err(why) => {
                site.opaque(vm, "op.drop_index", Vec::new(), &why, span)?;
                return Ok(Value::None);
            }
        },
    };
    let touches: Vec<QName> = table.iter().cloned().collect();
    let name = NameArg::read(vm, call.get("index_name"), span);
    if let NameArg::Unknown(why) = &name {
        site.opaque(vm, "op.drop_index", touches, why, span)?;
        return Ok(Value::None);
    }
    let if_exists = match known::flag(vm, call.get("if_exists"), false, span) {
        Ok(if_exists) => if_exists,
        Err(why) => {
            site.opaque(vm, "op.drop_index", touches, &why, span)?;
            return Ok(Value::None);
        }
    };
    let no_table = QName::new("no_table");
    let Some(name) = index_name(vm, site.naming(), table.as_ref().unwrap_or(&no_table), &name, &[], span)? else {
        let message = "DROP INDEX requires that the index have a name";
        return Err(crate::alembic::lower::compile_error(vm, message, span));
    };
    let option = call.extra("postgresql_concurrently").filter(|_| dialect == Dialect::PostgreSql).cloned();
    let concurrently = known::flag(vm, option.as_ref(), false, span).unwrap_or_default();
    // Alembic makes a table up where none is named, and MySQL's words need one.
    let table = table.or_else(|| vm.host.offline().map(|_| QName::in_schema(schema.clone(), "no_table")));
    let index = QName::in_schema(schema, name);
    site.send(vm, OpKind::DropIndex { index, table, if_exists, cascade: false, concurrently }, site.origin(), span)?;
    Ok(Value::None)
}
