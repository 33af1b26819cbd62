//! [`create_table`]: a table and everything that comes with it, in the order in which SQLAlchemy sends it.

use std::rc::Rc;

use super::column::{ColumnPlace, column_spec, numbers_itself};
use super::constraint::constraint_spec;
use super::index::index_spec;
use super::naming::Naming;
use super::table_options::spelling;
use super::typed::type_check;
use super::{compile_error, doubt, opaque};
use crate::alembic::apply;
use crate::alembic::items::{
    Autoincrement, ColumnObject, ConstraintForm, ConstraintObject, IndexObject, ReferenceObject, TableObject,
};
use crate::alembic::known::{self, NameArg};
use crate::alembic::types::named_enum;
use crate::op::{ColumnChange, ConstraintSpec, OpKind, Origin, TableSpec};
use crate::python::{Flow, Unknown, Value, Vm};
use crate::schema::{Dialect, Name, QName};
use crate::source::Span;

/// How a table is created.
pub(in crate::alembic) struct Creation {
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// How the script said it.
    pub origin: Origin,
    /// Whether enum types are only made where they don't exist (`metadata.create_all`), rather than once per run.
    pub check_enums: bool,
}

/// Sends a table: its enum types, itself, its indexes.
pub(in crate::alembic) fn create_table(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &Rc<TableObject>,
    creation: &Creation,
    span: Span,
) -> Flow<()> {
    let (mut spec, unsure) = table_spec(vm, naming, table, span)?;
    let comments = later_comments(vm, &mut spec);
    if vm.host.catalog().dialect == Dialect::PostgreSql {
        for column in table.columns.borrow().iter() {
            create_enum(vm, column, &table.name, creation, span)?;
        }
    }
    let name = spec.name.clone();
    let kind = OpKind::CreateTable { table: spec, if_not_exists: creation.if_not_exists };
    apply(vm, kind, creation.origin, span)?;
    let dialect = vm.host.catalog().dialect;
    for index in table_indexes(table, &name, dialect, span) {
        create_index(vm, naming, &name, &index, false, Origin::Implied)?;
    }
    for comment in comments {
        apply(vm, comment, Origin::Implied, span)?;
    }
    match unsure.or_else(|| table.open.clone()) {
        Some(why) => opaque(vm, "CREATE TABLE", vec![name], &why, span),
        None => Ok(()),
    }
}

/// On PostgreSQL comments are statements of their own, which come after the indexes. The simulation makes no difference
/// of it; what is only written does.
fn later_comments(vm: &Vm<'_>, spec: &mut TableSpec) -> Vec<OpKind> {
    if vm.host.offline().is_none() || vm.host.catalog().dialect != Dialect::PostgreSql {
        return Vec::new();
    }
    let table = spec.name.clone();
    let of_table =
        spec.comment.take().map(|comment| OpKind::CommentTable { table: table.clone(), comment: Some(comment) });
    let of_columns = spec.columns.iter_mut().filter_map(|column| {
        let changes = vec![ColumnChange::Comment(Some(column.comment.take()?))];
        Some(OpKind::AlterColumn { table: table.clone(), column: column.name.clone(), changes })
    });
    of_table.into_iter().chain(of_columns).collect()
}

/// Sends an index.
pub(in crate::alembic) fn create_index(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    index: &IndexObject,
    if_not_exists: bool,
    origin: Origin,
) -> Flow<()> {
    let dialect = vm.host.catalog().dialect;
    let (spec, unsure) = index_spec(vm, naming, table, index)?;
    let span = index.span;
    if let Some(why) = unsure {
        return opaque(vm, "CREATE INDEX", vec![table.clone()], &why, span);
    }
    let option = index.option("postgresql_concurrently").filter(|_| dialect == Dialect::PostgreSql);
    let concurrently = known::flag(vm, option, false, span).unwrap_or_default();
    apply(vm, OpKind::CreateIndex { index: spec, if_not_exists, concurrently }, origin, span).map(|_| ())
}

/// Sends the enum types of a table's columns, where this run has not done so.
pub(in crate::alembic) fn create_enums(vm: &mut Vm<'_>, table: &Rc<TableObject>, span: Span) -> Flow<()> {
    let creation = Creation { if_not_exists: false, origin: Origin::Implied, check_enums: false };
    if vm.host.catalog().dialect == Dialect::PostgreSql {
        for column in table.columns.borrow().iter() {
            create_enum(vm, column, &table.name, &creation, span)?;
        }
    }
    Ok(())
}

/// The checks that the types of a table's columns bring along, for those columns that `named` gives a name.
pub(in crate::alembic) fn type_checks(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &Rc<TableObject>,
    named: &dyn Fn(&str) -> Option<Name>,
    span: Span,
) -> Flow<Vec<ConstraintSpec>> {
    let dialect = vm.host.catalog().dialect;
    let mut checks = Vec::new();
    for column in table.columns.borrow().iter() {
        let Some(name) = named(&column.name()) else { continue };
        let named = ColumnObject::light(&name, column.ty.clone());
        if let Some(check) = type_check(&named, dialect, column.span.unwrap_or(span)) {
            push(vm, naming, &table.name, &check, &mut checks, &mut None)?;
        }
    }
    Ok(checks)
}

/// Sends the enum type of a column, where this run has not done so.
fn create_enum(vm: &mut Vm<'_>, column: &ColumnObject, table: &QName, creation: &Creation, span: Span) -> Flow<()> {
    let Some(spec) = column.ty.as_ref().and_then(|ty| named_enum(ty, Dialect::PostgreSql)) else { return Ok(()) };
    if !spec.create_type {
        return Ok(());
    }
    let Some(name) = spec.spelled(vm, table.schema.as_deref()) else { return Ok(()) };
    if vm.host.enum_already_emitted(&name) {
        return Ok(());
    }
    match spec.labels() {
        Ok(values) => {
            let kind = OpKind::CreateEnum { name, values, if_not_exists: creation.check_enums };
            apply(vm, kind, Origin::Implied, span).map(|_| ())
        }
        Err(why) => opaque(vm, "CREATE TYPE", vec![name], &why, span),
    }
}

/// The definition of a table, and why something of it can't be known, if so.
pub(in crate::alembic) fn table_spec(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &Rc<TableObject>,
    span: Span,
) -> Flow<(TableSpec, Option<Rc<Unknown>>)> {
    let dialect = vm.host.catalog().dialect;
    let columns = table.columns.borrow();
    let constraints = table.constraints.borrow();
    let mut unsure = None;

    for constraint in constraints.iter() {
        check_columns(vm, table, &columns, constraint)?;
    }
    let key = primary_key(&columns, &constraints, span);
    let key_columns: &[Rc<str>] = match &key.form {
        ConstraintForm::PrimaryKey { columns } => columns,
        _ => &[],
    };
    let autoincrement = autoincrement_column(vm, &columns, &constraints, key_columns, span)?;

    if let Some(counting) = composite_counter(&columns, key_columns).filter(|_| dialect == Dialect::Sqlite) {
        let message = format!(
            "(in table '{}', column '{}'): SQLite does not support autoincrement for composite primary keys",
            table.name.name,
            counting.name()
        );
        return Err(compile_error(vm, &message, counting.span.unwrap_or(span)));
    }
    let key = counter_first(key.clone(), autoincrement.as_ref(), &constraints);

    let mut specs = Vec::with_capacity(columns.len());
    let mut lowered = Vec::with_capacity(constraints.len() + 2);
    if !key_columns.is_empty() {
        push(vm, naming, &table.name, &key, &mut lowered, &mut unsure)?;
    }
    for constraint in constraints.iter().filter(|c| !matches!(c.form, ConstraintForm::PrimaryKey { .. })) {
        push(vm, naming, &table.name, constraint, &mut lowered, &mut unsure)?;
    }
    for column in columns.iter() {
        let name = column.name();
        let place = ColumnPlace {
            table: &table.name,
            in_primary_key: key_columns.contains(&name),
            autoincrement: autoincrement.as_ref() == Some(&name),
            in_table: true,
            sqlite_autoincrement: table.sqlite_autoincrement,
        };
        let (mut spec, why) = column_spec(vm, column, place, span)?;
        doubt(&mut unsure, why.as_ref());
        for check in &column.checks {
            push(vm, naming, &table.name, check, &mut spec.constraints, &mut unsure)?;
        }
        specs.push(spec);
        column_constraints(vm, naming, &table.name, column, &mut lowered, &mut unsure, span)?;
    }
    let comment = table.comment.as_deref().filter(|_| dialect != Dialect::Sqlite).map(Name::from);
    let spelling = vm.host.offline().is_some().then(|| Box::new(spelling(table, dialect)));
    let mut spec =
        TableSpec { name: table.name.clone(), columns: specs, constraints: lowered, comment, as_query: None, spelling };
    if dialect == Dialect::Sqlite && super::table_options::without_rowid(table) {
        spec.without_rowid();
    }
    Ok((spec, unsure))
}

/// The column of a key of several that says that it numbers itself.
fn composite_counter(columns: &[Rc<ColumnObject>], key: &[Rc<str>]) -> Option<Rc<ColumnObject>> {
    let counts = |column: &&Rc<ColumnObject>| column.autoincrement == Autoincrement::On && key.contains(&column.name());
    columns.iter().find(counts).filter(|_| key.len() > 1).cloned()
}

/// The key that follows from the columns' flags begins with the column that numbers itself.
fn counter_first(
    key: Rc<ConstraintObject>,
    counter: Option<&Rc<str>>,
    constraints: &[Rc<ConstraintObject>],
) -> Rc<ConstraintObject> {
    let explicit =
        constraints.iter().any(|c| matches!(&c.form, ConstraintForm::PrimaryKey { columns } if !columns.is_empty()));
    let (ConstraintForm::PrimaryKey { columns }, Some(counter), false) = (&key.form, counter, explicit) else {
        return key;
    };
    let rest = columns.iter().filter(|column| *column != counter);
    let columns = std::iter::once(counter).chain(rest).cloned().collect();
    Rc::new(ConstraintObject { form: ConstraintForm::PrimaryKey { columns }, ..ConstraintObject::clone(&key) })
}

/// The table constraints that follow from a column's flags, in SQLAlchemy's order: unique, the check of its type,
/// foreign keys.
fn column_constraints(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    column: &ColumnObject,
    into: &mut Vec<ConstraintSpec>,
    unsure: &mut Option<Rc<Unknown>>,
    span: Span,
) -> Flow<()> {
    let span = column.span.unwrap_or(span);
    let dialect = vm.host.catalog().dialect;
    if let Some(unique) = unique_of(column, span) {
        push(vm, naming, table, &unique, into, unsure)?;
    }
    if let Some(check) = type_check(column, dialect, span) {
        push(vm, naming, table, &check, into, unsure)?;
    }
    for reference in &column.references {
        if let Some(spec) = reference_spec(vm, naming, table, column, reference)? {
            into.push(spec);
        }
        doubt(unsure, reference.taint.as_ref());
    }
    Ok(())
}

/// The constraint of `unique=True`; with `index=True` the index is unique instead.
pub(in crate::alembic) fn unique_of(column: &ColumnObject, span: Span) -> Option<ConstraintObject> {
    (column.unique && !column.index).then(|| {
        let form = ConstraintForm::Unique { columns: vec![column.name()], nulls_not_distinct: false };
        ConstraintObject::new(NameArg::None, form, span)
    })
}

/// The indexes that come with a column of a table: that of `index=True`, and the one that `geoalchemy2` makes of a spatial
/// column on PostgreSQL, unless it is told not to.
pub(in crate::alembic) fn indexes_of(
    column: &ColumnObject,
    table: &QName,
    dialect: Dialect,
    span: Span,
) -> Vec<Rc<IndexObject>> {
    let plain = IndexObject {
        name: NameArg::None,
        parts: vec![Value::Str(column.name())],
        unique: column.unique,
        options: Vec::new(),
        taint: None,
        span,
    };
    let is_spatial = dialect == Dialect::PostgreSql && column.ty.as_ref().is_some_and(|ty| ty.params.spatial_index);
    let spatial = is_spatial.then(|| IndexObject {
        name: NameArg::Final(format!("idx_{}_{}", table.name, column.name()).into()),
        unique: false,
        options: vec![("postgresql_using".into(), Value::str("gist"))],
        ..plain.clone()
    });
    column.index.then_some(plain).into_iter().chain(spatial).map(Rc::new).collect()
}

/// The indexes of a table: its own and those of its columns.
fn table_indexes(table: &Rc<TableObject>, name: &QName, dialect: Dialect, span: Span) -> Vec<Rc<IndexObject>> {
    let mut indexes = table.indexes.borrow().clone();
    for column in table.columns.borrow().iter() {
        indexes.extend(indexes_of(column, name, dialect, column.span.unwrap_or(span)));
    }
    indexes
}

/// The foreign key of a `ForeignKey(…)` at a column; `None` where the dialect leaves it out.
pub(in crate::alembic) fn reference_spec(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    column: &ColumnObject,
    reference: &ReferenceObject,
) -> Flow<Option<ConstraintSpec>> {
    let form = ConstraintForm::ForeignKey { columns: vec![column.name()], target: reference.target.clone() };
    let mut constraint = ConstraintObject::new(reference.name.clone(), form, reference.span);
    constraint.deferrable = reference.deferrable;
    constraint.initially.clone_from(&reference.initially);
    Ok(constraint_spec(vm, naming, table, &constraint)?.map(|(spec, _)| spec))
}

fn push(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    constraint: &ConstraintObject,
    into: &mut Vec<ConstraintSpec>,
    unsure: &mut Option<Rc<Unknown>>,
) -> Flow<()> {
    if let Some((spec, why)) = constraint_spec(vm, naming, table, constraint)? {
        into.push(spec);
        doubt(unsure, why.as_ref());
    }
    Ok(())
}

/// The primary key: the explicit one, or that of the columns' flags.
fn primary_key(columns: &[Rc<ColumnObject>], constraints: &[Rc<ConstraintObject>], span: Span) -> Rc<ConstraintObject> {
    let flagged = || columns.iter().filter(|column| column.primary_key).map(|column| column.name()).collect::<Vec<_>>();
    let explicit = constraints.iter().rev().find(|c| matches!(c.form, ConstraintForm::PrimaryKey { .. }));
    match explicit.map(|constraint| (constraint, &constraint.form)) {
        Some((constraint, ConstraintForm::PrimaryKey { columns })) if columns.is_empty() => {
            let form = ConstraintForm::PrimaryKey { columns: flagged() };
            Rc::new(ConstraintObject { form, ..ConstraintObject::clone(constraint) })
        }
        Some((constraint, _)) => constraint.clone(),
        None => {
            let form = ConstraintForm::PrimaryKey { columns: flagged() };
            Rc::new(ConstraintObject::new(NameArg::None, form, span))
        }
    }
}

/// The column that numbers itself, if the primary key has one (`_autoincrement_column`).
fn autoincrement_column(
    vm: &mut Vm<'_>,
    columns: &[Rc<ColumnObject>],
    constraints: &[Rc<ConstraintObject>],
    key: &[Rc<str>],
    span: Span,
) -> Flow<Option<Rc<str>>> {
    let find = |name: &Rc<str>| columns.iter().find(|column| column.name() == *name);
    let refers = |name: &Rc<str>| {
        constraints.iter().any(|constraint| match &constraint.form {
            ConstraintForm::ForeignKey { columns, .. } => columns.contains(name),
            _ => false,
        })
    };
    if let [only] = key {
        let Some(column) = find(only) else { return Ok(None) };
        let has_foreign_key = !column.references.is_empty() || refers(only);
        let numbers = column.autoincrement != Autoincrement::Off
            && numbers_itself(vm, column, has_foreign_key, column.span.unwrap_or(span))?;
        return Ok(numbers.then(|| only.clone()));
    }
    for name in key {
        let Some(column) = find(name) else { continue };
        if column.autoincrement == Autoincrement::On && numbers_itself(vm, column, false, column.span.unwrap_or(span))?
        {
            return Ok(Some(name.clone()));
        }
    }
    Ok(None)
}

/// A constraint over a column that the table does not have is an error of the script.
fn check_columns(
    vm: &mut Vm<'_>,
    table: &TableObject,
    columns: &[Rc<ColumnObject>],
    constraint: &ConstraintObject,
) -> Flow<()> {
    let (what, named) = match &constraint.form {
        ConstraintForm::PrimaryKey { columns } => ("PrimaryKeyConstraint", columns),
        ConstraintForm::Unique { columns, .. } => ("UniqueConstraint", columns),
        ConstraintForm::ForeignKey { columns, .. } => ("ForeignKeyConstraint", columns),
        ConstraintForm::Check { .. } | ConstraintForm::Exclude { .. } => return Ok(()),
    };
    let missing =
        named.iter().find(|name| !columns.iter().any(|column| column.key() == **name || column.name() == **name));
    match missing {
        Some(name) if table.open.is_none() => {
            let message =
                format!("Can't create {what} on table '{}': no column named '{name}' is present.", table.name.name);
            Err(vm.raise("sqlalchemy.exc.ConstraintColumnNotFoundError", &message, constraint.span))
        }
        _ => Ok(()),
    }
}
