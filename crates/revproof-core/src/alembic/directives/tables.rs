//! `create_table`, `drop_table`, `rename_table` and table comments.

use std::rc::Rc;

use super::{Site, own};
use crate::alembic::arguments::{Extra, Signature};
use crate::alembic::items::{ColumnObject, ConstraintForm, Reference, TableObject};
use crate::alembic::known;
use crate::alembic::lower::{Creation, create_table as lower_table};
use crate::op::OpKind;
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

static CREATE: Signature = Signature::new("create_table", &["table_name"])
    .rest()
    .keywords(&[
        "if_not_exists",
        "schema",
        "comment",
        "info",
        "prefixes",
        "quote",
        "quote_schema",
        "listeners",
        "keep_existing",
        "extend_existing",
        "implicit_returning",
        "sqlite_autoincrement",
    ])
    .extra(Extra::Dialect)
    .method();

/// `op.create_table(table_name, *items, **options)`; gives the table.
pub(super) fn create_table(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = CREATE.bind(vm, args, span)?;
    let name = match site.table(vm, &call, "table_name", "schema") {
        Ok(name) => name,
        Err(why) => {
            site.opaque(vm, "op.create_table", Vec::new(), &why, span)?;
            return Ok(Value::Unknown(why));
        }
    };
    let mut unsure = call.open.clone();
    let mut table = TableObject::empty(name.clone());
    match known::optional_text(vm, call.get("comment"), span) {
        Ok(comment) => table.comment = comment,
        Err(why) => unsure = Some(why),
    }
    table.sqlite_autoincrement = matches!(call.get("sqlite_autoincrement"), Some(Value::Bool(true)));
    table.take_options(vm, &call, span)?;
    let if_not_exists = known::flag(vm, call.get("if_not_exists"), false, span).unwrap_or_else(|why| {
        unsure = Some(why);
        false
    });
    let table = Rc::new(table);
    for (at, item) in call.rest.iter().enumerate() {
        if matches!(item, Value::Str(_) | Value::Int(_) | Value::List(_) | Value::Dict(_) | Value::Tuple(_)) {
            let message = format!("'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got {item:?}");
            return Err(vm.raise("sqlalchemy.exc.ArgumentError", &message, call.rest_span(at)));
        }
        if let Some(why) = table.take(item, call.rest_span(at)) {
            unsure = Some(why);
        }
    }
    if unsure.is_none() {
        ensure_own_targets(&table);
    }
    let table = match &unsure {
        // Without all of its items the table can't be checked; what is known of it is made, and told to be in doubt.
        Some(why) => Rc::new(reopened(&table, why)),
        None => table,
    };
    let creation = Creation { if_not_exists, origin: site.origin(), check_enums: false };
    lower_table(vm, site.naming(), &table, &creation, span)?;
    Ok(Value::Object(table))
}

/// Alembic gives the target of each foreign key the columns that it refers to, without a type; where the target is the
/// table itself, that shows.
fn ensure_own_targets(table: &Rc<TableObject>) {
    let mut targets: Vec<Reference> = Vec::new();
    for column in table.columns.borrow().iter() {
        targets.extend(column.references.iter().flat_map(|reference| reference.target.references.clone()));
    }
    for constraint in table.constraints.borrow().iter() {
        if let ConstraintForm::ForeignKey { target, .. } = &constraint.form {
            targets.extend(target.references.clone());
        }
    }
    let own = targets.into_iter().filter(|target| target.table == table.name);
    for column in own.filter_map(|target| target.column) {
        if table.column(&column).is_none() {
            table.adopt(Rc::new(ColumnObject::light(&column, None)));
        }
    }
}

/// The same table, open to more than is known of it.
fn reopened(table: &Rc<TableObject>, why: &Rc<crate::python::Unknown>) -> TableObject {
    TableObject {
        name: table.name.clone(),
        columns: table.columns.clone(),
        constraints: table.constraints.clone(),
        indexes: table.indexes.clone(),
        comment: table.comment.clone(),
        sqlite_autoincrement: table.sqlite_autoincrement,
        prefixes: table.prefixes.clone(),
        options: table.options.clone(),
        open: Some(why.clone()),
        metadata: table.metadata.clone(),
    }
}

static DROP: Signature = Signature::new("drop_table", &["table_name"])
    .keywords(&["schema", "if_exists", "info", "prefixes", "comment"])
    .extra(Extra::Dialect)
    .method();

/// `op.drop_table(table_name, schema=None, if_exists=None)`.
pub(super) fn drop_table(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = DROP.bind(vm, args, span)?;
    let table = match site.table(vm, &call, "table_name", "schema") {
        Ok(table) => table,
        Err(why) => {
            site.opaque(vm, "op.drop_table", Vec::new(), &why, span)?;
            return Ok(Value::None);
        }
    };
    match known::flag(vm, call.get("if_exists"), false, span) {
        Ok(if_exists) => {
            site.send(vm, OpKind::DropTable { table, if_exists, cascade: false }, site.origin(), span)?;
        }
        Err(why) => site.opaque(vm, "op.drop_table", vec![table], &why, span)?,
    }
    Ok(Value::None)
}

static RENAME: Signature =
    Signature::new("rename_table", &["old_table_name", "new_table_name"]).keywords(&["schema"]).method();

/// `op.rename_table(old_table_name, new_table_name, schema=None)`.
pub(super) fn rename_table(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = RENAME.bind(vm, args, span)?;
    let table = site.table(vm, &call, "old_table_name", "schema");
    let to = known::name(vm, call.get("new_table_name"), span);
    match (table, to) {
        (Ok(table), Ok(to)) => {
            site.send(vm, OpKind::RenameTable { table, to: own(&to), if_exists: false }, site.origin(), span)?;
        }
        (Ok(table), Err(why)) => site.opaque(vm, "op.rename_table", vec![table], &why, span)?,
        (Err(why), _) => site.opaque(vm, "op.rename_table", Vec::new(), &why, span)?,
    }
    Ok(Value::None)
}

static COMMENT: Signature = Signature::new("create_table_comment", &["table_name", "comment"])
    .keywords(&["existing_comment", "schema"])
    .method();
static BATCH_COMMENT: Signature =
    Signature::new("create_table_comment", &["comment"]).keywords(&["existing_comment"]).method();
static DROP_COMMENT: Signature =
    Signature::new("drop_table_comment", &["table_name"]).keywords(&["existing_comment", "schema"]).method();
static BATCH_DROP_COMMENT: Signature =
    Signature::new("drop_table_comment", &[]).keywords(&["existing_comment"]).method();

/// `op.create_table_comment(table_name, comment, …)`.
pub(super) fn create_table_comment(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let signature = if site.batch.is_some() { &BATCH_COMMENT } else { &COMMENT };
    let call = signature.bind(vm, args, span)?;
    let table = site.table(vm, &call, "table_name", "schema");
    let comment = known::optional_text(vm, call.get("comment"), span);
    match (table, comment) {
        (Ok(table), Ok(comment)) => comment_table(site, vm, table, comment.as_deref(), span)?,
        (Ok(table), Err(why)) => site.opaque(vm, "op.create_table_comment", vec![table], &why, span)?,
        (Err(why), _) => site.opaque(vm, "op.create_table_comment", Vec::new(), &why, span)?,
    }
    Ok(Value::None)
}

/// `op.drop_table_comment(table_name, …)`.
pub(super) fn drop_table_comment(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let signature = if site.batch.is_some() { &BATCH_DROP_COMMENT } else { &DROP_COMMENT };
    let call = signature.bind(vm, args, span)?;
    match site.table(vm, &call, "table_name", "schema") {
        Ok(table) => {
            // MySQL takes a comment away by an empty one.
            let empty = vm.host.offline().is_some() && vm.host.catalog().dialect == Dialect::MySql;
            comment_table(site, vm, table, empty.then_some(""), span)?;
        }
        Err(why) => site.opaque(vm, "op.drop_table_comment", Vec::new(), &why, span)?,
    }
    Ok(Value::None)
}

fn comment_table(
    site: &Rc<Site>,
    vm: &mut Vm<'_>,
    table: crate::schema::QName,
    comment: Option<&str>,
    span: Span,
) -> Flow<()> {
    if vm.host.catalog().dialect == Dialect::Sqlite && site.batch.is_none() && vm.host.offline().is_none() {
        let message = "near \"COMMENT\": syntax error";
        return Err(crate::alembic::lower::compile_error(vm, message, span));
    }
    site.send(vm, OpKind::CommentTable { table, comment: comment.map(own) }, site.origin(), span)
}
