//! Tables and indexes that create and drop themselves: `table.create(bind)`, `index.drop(bind)`.

use std::rc::Rc;

use super::naming::Naming;
use super::table::{Creation, create_index, create_table};
use crate::alembic::apply;
use crate::alembic::items::{DdlObject, IndexObject, MetaDataObject, TableObject};
use crate::alembic::known;
use crate::op::{OpKind, Origin};
use crate::python::{Args, Flow, Value, Vm};
use crate::source::Span;

/// `table.create(bind, checkfirst=False)`.
pub(in crate::alembic) fn create_now(table: &Rc<TableObject>, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let checked = match known::flag(vm, args.get(1, "checkfirst"), false, span) {
        Ok(_) if vm.host.offline().is_some() => false,
        Ok(checked) => checked,
        Err(why) => {
            super::opaque(vm, "CREATE TABLE", vec![table.name.clone()], &why, span)?;
            return Ok(Value::None);
        }
    };
    // With `checkfirst` SQLAlchemy looks before it leaps, and leaves the indexes of a table that is there alone.
    if checked && vm.host.catalog().table(&table.name).is_some() {
        return Ok(Value::None);
    }
    let naming = naming_of(table);
    let creation = Creation { if_not_exists: checked, origin: Origin::Object, check_enums: checked };
    create_table(vm, &naming, table, &creation, span)?;
    Ok(Value::None)
}

/// `table.drop(bind, checkfirst=False)`.
pub(in crate::alembic) fn drop_now(table: &Rc<TableObject>, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let if_exists = match known::flag(vm, args.get(1, "checkfirst"), false, span) {
        Ok(_) if vm.host.offline().is_some() => false,
        Ok(checked) => checked,
        Err(why) => {
            super::opaque(vm, "DROP TABLE", vec![table.name.clone()], &why, span)?;
            return Ok(Value::None);
        }
    };
    let kind = OpKind::DropTable { table: table.name.clone(), if_exists, cascade: false };
    apply(vm, kind, Origin::Object, span)?;
    Ok(Value::None)
}

/// Sends a DDL object.
pub(in crate::alembic) fn execute_now(ddl: &DdlObject, vm: &mut Vm<'_>, span: Span) -> Flow<()> {
    match ddl {
        DdlObject::Statement(kind) => apply(vm, (**kind).clone(), Origin::Object, span).map(|_| ()),
        DdlObject::CreateTable(table, if_not_exists) => {
            let creation = Creation { if_not_exists: *if_not_exists, origin: Origin::Object, check_enums: true };
            create_table(vm, &naming_of(table), table, &creation, span)
        }
        DdlObject::CreateIndex(index, if_not_exists) => {
            let Some(table) = index.table() else {
                vm.host.not_evaluated("the table of an index that is created can't be known".into(), span);
                return Ok(());
            };
            create_index(vm, &naming_of(&table), &table.name, index, *if_not_exists, Origin::Object)
        }
    }
}

/// `index.create(bind)`.
pub(in crate::alembic) fn create_index_now(
    index: &Rc<IndexObject>,
    vm: &mut Vm<'_>,
    args: &Args,
    span: Span,
) -> Flow<Value> {
    let Some(table) = index.table() else {
        vm.host.not_evaluated("the table of an index that is created can't be known".into(), span);
        return Ok(Value::None);
    };
    let checked =
        known::flag(vm, args.get(1, "checkfirst"), false, span).unwrap_or_default() && vm.host.offline().is_none();
    create_index(vm, &naming_of(&table), &table.name, index, checked, Origin::Object)?;
    Ok(Value::None)
}

/// `index.drop(bind)`.
pub(in crate::alembic) fn drop_index_now(
    index: &Rc<IndexObject>,
    vm: &mut Vm<'_>,
    args: &Args,
    span: Span,
) -> Flow<Value> {
    let (Some(table), Some(name)) = (index.table(), index.name.text()) else {
        vm.host.not_evaluated("the name or table of an index that is dropped can't be known".into(), span);
        return Ok(Value::None);
    };
    let if_exists =
        known::flag(vm, args.get(1, "checkfirst"), false, span).unwrap_or_default() && vm.host.offline().is_none();
    let index = table.name.sibling(&**name);
    let kind =
        OpKind::DropIndex { index, table: Some(table.name.clone()), if_exists, cascade: false, concurrently: false };
    apply(vm, kind, Origin::Object, span)?;
    Ok(Value::None)
}

/// The naming convention of the metadata that a table belongs to.
pub(in crate::alembic) fn naming_of(table: &TableObject) -> Naming {
    let Some(metadata) = table.metadata.downcast::<MetaDataObject>() else { return Naming::default() };
    Naming::new(&metadata.convention())
}
