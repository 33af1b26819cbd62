//! The directives that add and drop constraints.

use std::rc::Rc;

use super::Site;
use super::send::{NO_ALTER, unsupported};
use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::core;
use crate::alembic::items::{
    ConstraintForm, ConstraintObject, Reference, Target, column_names, exclusion, nulls_not_distinct,
};
use crate::alembic::known::{self, Known, NameArg};
use crate::alembic::lower::{constraint_spec, drop_name};
use crate::op::{ConstraintKindName, Failure, FailureKind, OpKind};
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::{Dialect, QName};
use crate::source::Span;

/// A signature on `op` and the one on `batch_op`.
struct Pair {
    plain: Signature,
    batch: Signature,
}

impl Pair {
    fn bind(&'static self, site: &Site, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Call> {
        let signature = if site.batch.is_some() { &self.batch } else { &self.plain };
        signature.bind(vm, args, span)
    }
}

/// Adds the constraint of that form, or tells why it can't be known.
fn add(
    site: &Rc<Site>,
    vm: &mut Vm<'_>,
    call: &Call,
    what: &str,
    table: Known<QName>,
    form: Known<ConstraintForm>,
) -> Flow<Value> {
    let span = call.span;
    let (table, form) = match (table, form) {
        (Ok(table), Ok(form)) => (table, form),
        (Ok(table), Err(why)) => {
            site.opaque(vm, what, vec![table], &why, span)?;
            return Ok(Value::None);
        }
        (Err(why), _) => {
            site.opaque(vm, what, Vec::new(), &why, span)?;
            return Ok(Value::None);
        }
    };
    if vm.host.catalog().dialect == Dialect::Sqlite && site.batch.is_none() {
        return Err(unsupported(vm, NO_ALTER, span));
    }
    let name = NameArg::read(vm, call.get("constraint_name"), span);
    let constraint = ConstraintObject::new(name, form, span).options(vm, call, span);
    let Some((spec, unsure)) = constraint_spec(vm, site.naming(), &table, &constraint)? else {
        return Ok(Value::None);
    };
    match unsure {
        Some(why) => site.opaque(vm, what, vec![table], &why, span)?,
        None => site.send(vm, OpKind::AddConstraint { table, constraint: spec }, site.origin(), span)?,
    }
    Ok(Value::None)
}

/// The columns of a constraint.
fn columns(vm: &mut Vm<'_>, call: &Call, name: &str) -> Flow<Known<Vec<Rc<str>>>> {
    let given = call.get(name).cloned().unwrap_or(Value::None);
    if matches!(given, Value::None) {
        return Ok(Ok(Vec::new()));
    }
    Ok(match known::items(vm, &given, call.span)? {
        Ok(items) => column_names(vm, &items, call.span),
        Err(why) => Err(why),
    })
}

static PRIMARY_KEY: Pair = Pair {
    plain: Signature::new("create_primary_key", &["constraint_name", "table_name", "columns"])
        .keywords(&["schema"])
        .method(),
    batch: Signature::new("create_primary_key", &["constraint_name", "columns"]).method(),
};

/// `op.create_primary_key(constraint_name, table_name, columns, schema=None)`.
pub(super) fn create_primary_key(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = PRIMARY_KEY.bind(site, vm, args, span)?;
    let table = site.table(vm, &call, "table_name", "schema");
    let form = columns(vm, &call, "columns")?.map(|columns| ConstraintForm::PrimaryKey { columns });
    add(site, vm, &call, "op.create_primary_key", table, form)
}

static UNIQUE: Pair = Pair {
    plain: Signature::new("create_unique_constraint", &["constraint_name", "table_name", "columns"])
        .keywords(&["schema", "deferrable", "initially", "info"])
        .extra(Extra::Dialect)
        .method(),
    batch: Signature::new("create_unique_constraint", &["constraint_name", "columns"])
        .keywords(&["deferrable", "initially", "info"])
        .extra(Extra::Dialect)
        .method(),
};

/// `op.create_unique_constraint(constraint_name, table_name, columns, …)`.
pub(super) fn create_unique_constraint(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = UNIQUE.bind(site, vm, args, span)?;
    let table = site.table(vm, &call, "table_name", "schema");
    let nulls_not_distinct = nulls_not_distinct(vm, &call, span);
    let form = columns(vm, &call, "columns")?.map(|columns| ConstraintForm::Unique { columns, nulls_not_distinct });
    add(site, vm, &call, "op.create_unique_constraint", table, form)
}

static FOREIGN_KEY: Pair = Pair {
    plain: Signature::new(
        "create_foreign_key",
        &["constraint_name", "source_table", "referent_table", "local_cols", "remote_cols"],
    )
    .keywords(&[
        "onupdate",
        "ondelete",
        "deferrable",
        "initially",
        "match",
        "source_schema",
        "referent_schema",
        "use_alter",
        "info",
        "link_to_name",
    ])
    .extra(Extra::Dialect)
    .method(),
    batch: Signature::new("create_foreign_key", &["constraint_name", "referent_table", "local_cols", "remote_cols"])
        .keywords(&[
            "referent_schema",
            "onupdate",
            "ondelete",
            "deferrable",
            "initially",
            "match",
            "use_alter",
            "info",
            "link_to_name",
            "source_schema",
        ])
        .extra(Extra::Dialect)
        .method(),
};

/// `op.create_foreign_key(constraint_name, source_table, referent_table, local_cols, remote_cols, …)`.
pub(super) fn create_foreign_key(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = FOREIGN_KEY.bind(site, vm, args, span)?;
    let table = site.table(vm, &call, "source_table", "source_schema");
    let local = columns(vm, &call, "local_cols")?;
    let remote = columns(vm, &call, "remote_cols")?;
    let form = reference(vm, &call, local, remote);
    if let Ok(ConstraintForm::ForeignKey { columns, target }) = &form
        && columns.len() != target.references.len()
    {
        let message = "ForeignKeyConstraint number of constrained columns must match the number of referenced columns.";
        return Err(vm.raise("sqlalchemy.exc.ArgumentError", message, span));
    }
    add(site, vm, &call, "op.create_foreign_key", table, form)
}

fn reference(
    vm: &mut Vm<'_>,
    call: &Call,
    local: Known<Vec<Rc<str>>>,
    remote: Known<Vec<Rc<str>>>,
) -> Known<ConstraintForm> {
    let span = call.span;
    let (columns, remote) = (local?, remote?);
    let table = known::name(vm, call.get("referent_table"), span)?;
    let schema = known::optional_text(vm, call.get("referent_schema"), span)?;
    let table = QName::in_schema(schema.as_deref(), &*table);
    let references =
        remote.into_iter().map(|column| Reference { table: table.clone(), column: Some(column) }).collect();
    let target = Target::with_actions(vm, references, call, span)?;
    Ok(ConstraintForm::ForeignKey { columns, target })
}

static CHECK: Pair = Pair {
    plain: Signature::new("create_check_constraint", &["constraint_name", "table_name", "condition"])
        .keywords(&["schema", "deferrable", "initially", "info"])
        .extra(Extra::Dialect)
        .method(),
    batch: Signature::new("create_check_constraint", &["constraint_name", "condition"])
        .keywords(&["deferrable", "initially", "info"])
        .extra(Extra::Dialect)
        .method(),
};

/// `op.create_check_constraint(constraint_name, table_name, condition, …)`.
pub(super) fn create_check_constraint(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = CHECK.bind(site, vm, args, span)?;
    let table = site.table(vm, &call, "table_name", "schema");
    let condition = call.get("condition").cloned().unwrap_or(Value::None);
    let form = match condition {
        Value::Unknown(why) => Err(why),
        condition => Ok(ConstraintForm::Check { condition }),
    };
    add(site, vm, &call, "op.create_check_constraint", table, form)
}

static EXCLUDE: Pair = Pair {
    plain: Signature::new("create_exclude_constraint", &["constraint_name", "table_name"])
        .rest()
        .keywords(&["schema", "using", "where", "deferrable", "initially", "ops"])
        .extra(Extra::Dialect)
        .method(),
    batch: Signature::new("create_exclude_constraint", &["constraint_name"])
        .rest()
        .keywords(&["using", "where", "deferrable", "initially", "ops"])
        .extra(Extra::Dialect)
        .method(),
};

/// `op.create_exclude_constraint(constraint_name, table_name, *elements, …)`.
pub(super) fn create_exclude_constraint(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = EXCLUDE.bind(site, vm, args, span)?;
    let table = site.table(vm, &call, "table_name", "schema");
    if call.rest.iter().any(|element| matches!(element, Value::Tuple(pair) if pair.first().is_some_and(core::is_text)))
    {
        let message =
            "Column must be constructed with a non-blank name or assign a non-blank .name before adding to a Table.";
        return Err(vm.raise("sqlalchemy.exc.ArgumentError", message, span));
    }
    let form = exclusion(vm, &call.rest, call.some("using"), call.some("where"), span)?;
    add(site, vm, &call, "op.create_exclude_constraint", table, form)
}

static DROP: Pair = Pair {
    plain: Signature::new("drop_constraint", &["constraint_name", "table_name", "type_"])
        .optional(1)
        .keywords(&["schema", "if_exists"])
        .method(),
    batch: Signature::new("drop_constraint", &["constraint_name", "type_"]).optional(1).method(),
};

/// `op.drop_constraint(constraint_name, table_name, type_=None, …)`.
pub(super) fn drop_constraint(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let dialect = vm.host.catalog().dialect;
    let call = DROP.bind(site, vm, args, span)?;
    let table = match site.table(vm, &call, "table_name", "schema") {
        Ok(table) => table,
        Err(why) => {
            site.opaque(vm, "op.drop_constraint", Vec::new(), &why, span)?;
            return Ok(Value::None);
        }
    };
    let kind = match call.some("type_").map(|value| (value.as_str(), value)) {
        None => None,
        Some((Some("foreignkey"), _)) => Some(ConstraintKindName::ForeignKey),
        Some((Some("primary"), _)) => Some(ConstraintKindName::PrimaryKey),
        Some((Some("unique"), _)) => Some(ConstraintKindName::Unique),
        Some((Some("check"), _)) => Some(ConstraintKindName::Check),
        Some((_, value)) if value.as_unknown().is_some() => None,
        Some(_) => {
            let message = "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None";
            return Err(vm.raise("TypeError", message, span));
        }
    };
    let given = NameArg::read(vm, call.get("constraint_name"), span);
    let if_exists = known::flag(vm, call.get("if_exists"), false, span);
    let (why, if_exists) = match (&given, if_exists) {
        (NameArg::Unknown(why), _) => (Some(why.clone()), false),
        (_, Err(why)) => (Some(why), false),
        (_, Ok(if_exists)) => (None, if_exists),
    };
    if let Some(why) = why {
        site.opaque(vm, "op.drop_constraint", vec![table], &why, span)?;
        return Ok(Value::None);
    }
    let name = drop_name(vm, site.naming(), &table, &given, kind, span)?;
    if name.is_none() && site.batch.is_none() && vm.host.offline().is_some() && dialect != Dialect::Sqlite {
        let message = "Can't emit DROP CONSTRAINT for constraint; it has no name";
        return Err(match dialect {
            Dialect::MySql => vm.raise("AssertionError", "", span),
            _ => crate::alembic::lower::compile_error(vm, message, span),
        });
    }
    if name.is_none() && site.batch.is_none() && dialect != Dialect::Sqlite {
        let message = "Can't emit DROP CONSTRAINT for constraint; it has no name";
        let failure = Failure::new(FailureKind::InvalidStatement, message).about(table.clone());
        // The host sees the directive as well: a rule looks for constraints that are dropped without a name.
        site.send(vm, OpKind::DropConstraint { table, name, kind, if_exists, cascade: false }, site.origin(), span)?;
        return Err(vm.raise_failure(failure, span));
    }
    let if_exists = if_exists && dialect != Dialect::MySql;
    site.send(vm, OpKind::DropConstraint { table, name, kind, if_exists, cascade: false }, site.origin(), span)?;
    Ok(Value::None)
}
