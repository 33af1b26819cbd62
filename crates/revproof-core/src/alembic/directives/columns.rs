//! `add_column` and `drop_column`.

use std::rc::Rc;

use super::Site;
use super::batch::{Queued, is_expression};
use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::items::{Autoincrement, ColumnObject};
use crate::alembic::known;
use crate::alembic::lower::{
    ColumnPlace, column_spec, constraint_spec, index_spec, indexes_of, numbers_itself, reference_spec, type_check,
    unique_of,
};
use crate::op::{ColumnChange, ColumnSpec, ConstraintKind, ConstraintSpec, OpKind, Origin};
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::{Dialect, Name, QName};
use crate::source::Span;

static ADD: Signature = Signature::new("add_column", &["table_name", "column"])
    .keywords(&["schema", "if_not_exists", "inline_references", "inline_primary_key"])
    .method();
static BATCH_ADD: Signature = Signature::new("add_column", &["column"])
    .keywords(&["insert_before", "insert_after", "if_not_exists", "inline_references", "inline_primary_key"])
    .method();

/// `op.add_column(table_name, column, …)`.
pub(super) fn add_column(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let signature = if site.batch.is_some() { &BATCH_ADD } else { &ADD };
    let call = signature.bind(vm, args, span)?;
    let table = match site.table(vm, &call, "table_name", "schema") {
        Ok(table) => table,
        Err(why) => {
            site.opaque(vm, "op.add_column", Vec::new(), &why, span)?;
            return Ok(Value::None);
        }
    };
    let value = call.get("column").cloned().unwrap_or(Value::None);
    let Some(column) = value.downcast::<ColumnObject>() else {
        if value.as_unknown().is_none() {
            let message = format!("'{value:?}' object has no attribute 'table'");
            return Err(vm.raise("AttributeError", &message, span));
        }
        site.opaque(vm, "op.add_column", vec![table], &known::unknown(&value, span), span)?;
        return Ok(Value::None);
    };
    if column.name.borrow().is_none() {
        let message =
            "Column must be constructed with a non-blank name or assign a non-blank .name before adding to a Table.";
        return Err(vm.raise("sqlalchemy.exc.ArgumentError", message, span));
    }
    add(site, vm, &call, table, &column, span)?;
    Ok(Value::None)
}

fn add(site: &Rc<Site>, vm: &mut Vm<'_>, call: &Call, table: QName, column: &ColumnObject, span: Span) -> Flow<()> {
    let dialect = vm.host.catalog().dialect;
    let autoincrement = column.primary_key
        && column.autoincrement != Autoincrement::Off
        && numbers_itself(vm, column, !column.references.is_empty(), span)?;
    let place = ColumnPlace {
        table: &table,
        in_primary_key: column.primary_key,
        autoincrement,
        in_table: false,
        sqlite_autoincrement: false,
    };
    let (mut spec, mut unsure) = column_spec(vm, column, place, span)?;
    unsure = unsure.or_else(|| call.open.clone());
    let mut flag = |vm: &mut Vm<'_>, name: &str| {
        known::flag(vm, call.get(name), false, span).unwrap_or_else(|why| {
            unsure = Some(why);
            false
        })
    };
    let if_not_exists = flag(vm, "if_not_exists");
    let inline_references = flag(vm, "inline_references");
    let inline_primary_key = flag(vm, "inline_primary_key");
    if inline_primary_key && column.primary_key {
        let columns = vec![spec.name.clone()];
        spec.constraints.push(plain(ConstraintKind::PrimaryKey { columns, using_index: None }, span));
    }
    for check in &column.checks {
        if let Some((check, why)) = constraint_spec(vm, site.naming(), &table, check)? {
            spec.constraints.push(check);
            unsure = unsure.or(why);
        }
    }
    let mut later = Vec::new();
    if let Some(unique) = unique_of(column, span)
        && let Some((unique, _)) = constraint_spec(vm, site.naming(), &table, &unique)?
    {
        later.push((unique, None));
    }
    if let Some(check) = type_check(column, dialect, span)
        && let Some((check, _)) = constraint_spec(vm, site.naming(), &table, &check)?
    {
        later.push((check, Some(Name::from(&*column.name()))));
    }
    for reference in &column.references {
        let Some(reference) = reference_spec(vm, site.naming(), &table, column, reference)? else { continue };
        if inline_references && column.references.len() == 1 {
            spec.constraints.push(at_column(reference));
        } else {
            later.push((reference, None));
        }
    }
    let comment = if site.batch.is_none() { later_comment(vm, &mut spec, &table) } else { None };
    let mut queued = Queued::new(
        OpKind::AddColumn { table: table.clone(), column: Box::new(spec), if_not_exists },
        site.origin(),
        span,
    );
    queued.expression_default = is_expression(column.server_default.as_ref());
    queued.placement = placement(vm, call, span, &mut unsure);
    site.send_queued(vm, queued)?;

    for (constraint, type_of) in later {
        let kind = OpKind::AddConstraint { table: table.clone(), constraint };
        site.send_queued(vm, Queued { type_of, ..Queued::new(kind, Origin::Implied, span) })?;
    }
    for index in indexes_of(column, &table, vm.host.catalog().dialect, span) {
        let (index, _) = index_spec(vm, site.naming(), &table, &index)?;
        let kind = OpKind::CreateIndex { index, if_not_exists: false, concurrently: false };
        site.send(vm, kind, Origin::Implied, span)?;
    }
    if let Some(comment) = comment {
        site.send(vm, comment, Origin::Implied, span)?;
    }
    match unsure {
        Some(why) => site.opaque(vm, "op.add_column", vec![table], &why, span),
        None => Ok(()),
    }
}

/// PostgreSQL's comment on a new column, which is written after what else comes with it.
fn later_comment(vm: &Vm<'_>, spec: &mut ColumnSpec, table: &QName) -> Option<OpKind> {
    if vm.host.offline().is_none() || vm.host.catalog().dialect != Dialect::PostgreSql {
        return None;
    }
    let changes = vec![ColumnChange::Comment(Some(spec.comment.take()?))];
    Some(OpKind::AlterColumn { table: table.clone(), column: spec.name.clone(), changes })
}

fn plain(kind: ConstraintKind, span: Span) -> ConstraintSpec {
    ConstraintSpec {
        name: None,
        kind,
        deferrable: None,
        initially_deferred: None,
        not_valid: false,
        tail: None,
        span: Some(span),
    }
}

/// A foreign key as it stands at its column, where Alembic leaves out its name.
fn at_column(mut reference: ConstraintSpec) -> ConstraintSpec {
    reference.name = None;
    reference
}

/// `insert_before=` and `insert_after=`.
fn placement(
    vm: &mut Vm<'_>,
    call: &Call,
    span: Span,
    unsure: &mut Option<Rc<crate::python::Unknown>>,
) -> Vec<(bool, Name)> {
    let mut places = Vec::new();
    for (name, before) in [("insert_before", true), ("insert_after", false)] {
        match known::optional_text(vm, call.get(name), span) {
            Ok(Some(other)) => places.push((before, Name::from(&*other))),
            Ok(None) => {}
            Err(why) => *unsure = Some(why),
        }
    }
    places
}

static DROP: Signature =
    Signature::new("drop_column", &["table_name", "column_name"]).keywords(&["schema"]).extra(Extra::Any).method();
static BATCH_DROP: Signature = Signature::new("drop_column", &["column_name"]).extra(Extra::Any).method();

/// `op.drop_column(table_name, column_name, schema=None, **kw)`.
pub(super) fn drop_column(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let signature = if site.batch.is_some() { &BATCH_DROP } else { &DROP };
    let call = signature.bind(vm, args, span)?;
    let table = site.table(vm, &call, "table_name", "schema");
    let given = call.get("column_name").map(|value| match value.downcast::<ColumnObject>() {
        Some(column) => Value::Str(column.name()),
        None => value.clone(),
    });
    let column = known::name(vm, given.as_ref(), span);
    let if_exists = known::flag(vm, call.extra("if_exists"), false, span);
    match (table, column, if_exists) {
        (Ok(table), Ok(column), Ok(if_exists)) => {
            let column = Name::from(&*column);
            site.send(vm, OpKind::DropColumn { table, column, if_exists, cascade: false }, site.origin(), span)?;
        }
        (Ok(table), Err(why), _) | (Ok(table), _, Err(why)) => {
            site.opaque(vm, "op.drop_column", vec![table], &why, span)?;
        }
        (Err(why), ..) => site.opaque(vm, "op.drop_column", Vec::new(), &why, span)?,
    }
    Ok(Value::None)
}
