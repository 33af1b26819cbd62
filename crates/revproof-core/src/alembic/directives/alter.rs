//! `alter_column`.

use std::rc::Rc;

use super::Site;
use super::batch::Queued;
use super::send::command_error;
use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::items::{ColumnObject, ComputedObject, IdentityObject};
use crate::alembic::known::{self, Known};
use crate::alembic::lower::{compile_error, constraint_spec, default_spec, type_check, type_name};
use crate::alembic::types::{self, SaType};
use crate::op::{ColumnChange, ConstraintKindName, DefaultSpec, Failure, FailureKind, OpKind, Origin, SINGLE_PERCENT};
use crate::python::{Args, Flow, Unknown, Value, Vm};
use crate::schema::{Dialect, Name, QName, SqlType};
use crate::source::Span;

const KEYWORDS: [&str; 14] = [
    "nullable",
    "comment",
    "server_default",
    "new_column_name",
    "type_",
    "existing_type",
    "existing_server_default",
    "existing_nullable",
    "existing_comment",
    "schema",
    "autoincrement",
    "existing_autoincrement",
    "insert_before",
    "insert_after",
];

static ALTER: Signature =
    Signature::new("alter_column", &["table_name", "column_name"]).keywords(&KEYWORDS).extra(Extra::Any).method();
static BATCH_ALTER: Signature =
    Signature::new("alter_column", &["column_name"]).keywords(&KEYWORDS).extra(Extra::Any).method();

/// What happens to the comment.
enum Comment {
    /// It is left alone.
    Keep,
    /// It is set, or with `None` taken away.
    Set(Option<Name>),
}

/// What `alter_column` is told.
struct Alteration<'a> {
    call: &'a Call,
    span: Span,
    table: QName,
    column: Name,
    nullable: Option<bool>,
    existing_nullable: Option<bool>,
    rename: Option<Name>,
    ty: Option<Rc<SaType>>,
    existing: Option<Rc<SaType>>,
    comment: Comment,
    existing_comment: Option<Name>,
    autoincrement: Option<bool>,
    using: Option<Rc<str>>,
}

/// `op.alter_column(table_name, column_name, …)`.
pub(super) fn alter_column(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let signature = if site.batch.is_some() { &BATCH_ALTER } else { &ALTER };
    let call = signature.bind(vm, args, span)?;
    if call.extra("name").is_some() {
        let message = "alter_column() got multiple values for keyword argument 'name'";
        return Err(vm.raise("TypeError", message, span));
    }
    if let Some(using) = call.extra("postgresql_using")
        && call.some("type_").is_some()
        && is_clause(vm, using)
    {
        return Err(vm.raise("TypeError", "Boolean value of this clause is not defined", span));
    }
    let table = match site.table(vm, &call, "table_name", "schema") {
        Ok(table) => table,
        Err(why) => {
            site.opaque(vm, "op.alter_column", Vec::new(), &why, span)?;
            return Ok(Value::None);
        }
    };
    let alteration = match read(vm, &call, table.clone(), span) {
        Ok(alteration) => alteration,
        Err(why) => {
            site.opaque(vm, "op.alter_column", vec![table], &why, span)?;
            return Ok(Value::None);
        }
    };
    send(site, vm, &alteration)?;
    if let Some(why) = &call.open {
        site.opaque(vm, "op.alter_column", vec![table], why, span)?;
    }
    Ok(Value::None)
}

fn read<'a>(vm: &mut Vm<'_>, call: &'a Call, table: QName, span: Span) -> Known<Alteration<'a>> {
    let text = |vm: &mut Vm<'_>, name: &str| known::optional_text(vm, call.get(name), span);
    let ty = |name: &str| -> Known<Option<Rc<SaType>>> {
        match call.some(name) {
            None => Ok(None),
            Some(value) => types::coerce(value).map(Some).ok_or_else(|| known::unknown(value, span)),
        }
    };
    let column = known::name(vm, call.get("column_name"), span)?;
    let comment = match call.get("comment") {
        None | Some(Value::Bool(false)) => Comment::Keep,
        Some(_) => Comment::Set(text(vm, "comment")?.map(|comment| Name::from(&*comment))),
    };
    // A column renamed to its own name is renamed all the same where it is only written.
    let written = vm.host.offline().is_some();
    let rename = text(vm, "new_column_name")?.filter(|name| written || *name != column);
    Ok(Alteration {
        call,
        span,
        table,
        nullable: known::optional_flag(vm, call.get("nullable"), span)?,
        existing_nullable: known::optional_flag(vm, call.get("existing_nullable"), span).unwrap_or_default(),
        rename: rename.map(|name| Name::from(&*name)),
        // A type that can't be known is a change of type all the same.
        ty: match ty("type_") {
            Ok(ty) => ty,
            Err(why) => Some(Rc::new(unknown_type(why))),
        },
        existing: match ty("existing_type") {
            Ok(ty) => ty,
            Err(why) => Some(Rc::new(unknown_type(why))),
        },
        comment,
        existing_comment: text(vm, "existing_comment").unwrap_or_default().map(|comment| Name::from(&*comment)),
        autoincrement: match call.get("autoincrement") {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => None,
        },
        using: match call.extra("postgresql_using").filter(|_| vm.host.catalog().dialect == Dialect::PostgreSql) {
            None => None,
            Some(value) => Some(using_text(vm, value, span)?),
        },
        column: Name::from(&*column),
    })
}

fn unknown_type(why: Rc<Unknown>) -> SaType {
    SaType { unknown: Some(why), ..SaType::plain("TypeEngine", types::Kind::Unknown) }
}

/// Whether a value is a clause of SQLAlchemy's where Alembic's PostgreSQL wants a string.
fn is_clause(vm: &mut Vm<'_>, value: &Value) -> bool {
    let dialect = vm.host.catalog().dialect;
    dialect == Dialect::PostgreSql
        && known::text(vm, value).is_none()
        && crate::alembic::core::render(value, dialect).is_some()
}

fn using_text(vm: &mut Vm<'_>, value: &Value, span: Span) -> Known<Rc<str>> {
    let text = known::text(vm, value).ok_or_else(|| known::unknown(value, span))?;
    // The text goes into the statement as it stands.
    Ok(match vm.host.offline() {
        Some(_) => text.replace('%', &SINGLE_PERCENT.to_string()).into(),
        None => text,
    })
}

/// Sends the checks that the types bring along and the change itself.
fn send(site: &Rc<Site>, vm: &mut Vm<'_>, alteration: &Alteration<'_>) -> Flow<()> {
    let dialect = vm.host.catalog().dialect;
    let span = alteration.span;
    let check = |ty: &Rc<SaType>| {
        let column = ColumnObject::light(&alteration.column, Some(ty.clone()));
        type_check(&column, dialect, span)
    };
    // Alembic drops no check of a type on MySQL.
    if let (Some(existing), Some(_)) = (&alteration.existing, &alteration.ty)
        && (dialect != Dialect::MySql || site.rebuilds())
        && let Some(check) = check(existing)
        && let Some((spec, _)) = constraint_spec(vm, site.naming(), &alteration.table, &check)?
    {
        drop_type_check(site, vm, alteration, spec.name)?;
    }
    // A rebuilt table loses the check of a type whose column is renamed (`ApplyBatchImpl.alter_column`).
    if site.would_rebuild(dialect)
        && alteration.rename.is_some()
        && let Some(existing) = &alteration.existing
    {
        match type_name(existing, dialect) {
            Ok(Some(name)) => drop_type_check(site, vm, alteration, Some(name))?,
            Ok(None) => {}
            Err(class) => {
                let message = format!("'{class}' object has no attribute 'name'");
                return Err(vm.raise("AttributeError", &message, span));
            }
        }
    }
    let changes = match dialect {
        Dialect::MySql if !site.rebuilds() => mysql_changes(vm, alteration)?,
        _ => changes(site, vm, alteration, dialect)?,
    };
    if !changes.is_empty() {
        let kind = OpKind::AlterColumn { table: alteration.table.clone(), column: alteration.column.clone(), changes };
        site.send(vm, kind, site.origin(), span)?;
    }
    if dialect == Dialect::Sqlite && site.batch.is_none() && matches!(alteration.comment, Comment::Set(_)) {
        // What comes before it is written; a new name would come after it.
        let message = "the sqlite compiler can't render an alembic.ddl.base.ColumnComment";
        return Err(vm.raise_failure(Failure::new(FailureKind::Unsupported, message), span));
    }
    if let Some(ty) = &alteration.ty
        && let Some(check) = check(ty)
        && let Some((constraint, _)) = constraint_spec(vm, site.naming(), &alteration.table, &check)?
    {
        let kind = OpKind::AddConstraint { table: alteration.table.clone(), constraint };
        site.send_queued(
            vm,
            Queued { type_of: Some(alteration.column.clone()), ..Queued::new(kind, Origin::Implied, span) },
        )?;
    }
    Ok(())
}

fn drop_type_check(site: &Rc<Site>, vm: &mut Vm<'_>, alteration: &Alteration<'_>, name: Option<Name>) -> Flow<()> {
    let kind = OpKind::DropConstraint {
        table: alteration.table.clone(),
        name,
        kind: Some(ConstraintKindName::Check),
        if_exists: false,
        cascade: false,
    };
    site.send_queued(
        vm,
        Queued { type_of: Some(alteration.column.clone()), ..Queued::new(kind, Origin::Implied, alteration.span) },
    )
}

/// The changes in the order in which PostgreSQL and the default implementation send them.
fn changes(site: &Rc<Site>, vm: &mut Vm<'_>, alteration: &Alteration<'_>, dialect: Dialect) -> Flow<Vec<ColumnChange>> {
    let span = alteration.span;
    let mut changes = Vec::new();
    if alteration.using.is_some() && alteration.ty.is_none() && dialect == Dialect::PostgreSql {
        return Err(command_error(vm, "postgresql_using must be used with the type_ parameter", span));
    }
    let ty = match &alteration.ty {
        Some(ty) => Some(ColumnChange::Type {
            ty: compiled(vm, alteration, ty, dialect)?,
            family: Some(ty.family(dialect)),
            using: alteration.using.as_deref().filter(|_| dialect == Dialect::PostgreSql).map(Into::into),
            collation: ty.on(dialect).collation(),
            spelled: spelled(vm, alteration, ty, dialect)?,
        }),
        None => None,
    };
    let type_first = dialect == Dialect::PostgreSql;
    let (before, after) = if type_first { (ty, None) } else { (None, ty) };
    changes.extend(before);
    changes.extend(alteration.nullable.map(ColumnChange::Nullable));
    if let Some(change) = default_change(site, vm, alteration, dialect)? {
        changes.push(change);
    }
    changes.extend(after);
    match &alteration.comment {
        Comment::Set(_) if dialect == Dialect::Sqlite && site.batch.is_none() => return Ok(changes),
        Comment::Set(comment) if dialect != Dialect::Sqlite => changes.push(ColumnChange::Comment(comment.clone())),
        Comment::Set(_) | Comment::Keep => {}
    }
    changes.extend(alteration.rename.clone().map(ColumnChange::Rename));
    Ok(changes)
}

/// What `server_default=` changes.
fn default_change(
    site: &Rc<Site>,
    vm: &mut Vm<'_>,
    alteration: &Alteration<'_>,
    dialect: Dialect,
) -> Flow<Option<ColumnChange>> {
    let span = alteration.span;
    let Some(value) = alteration.call.get("server_default") else { return Ok(None) };
    if matches!(value, Value::Bool(false)) {
        return Ok(None);
    }
    let existing = alteration.call.some("existing_server_default");
    let is_computed = |value: &Value| value.downcast::<ComputedObject>().is_some();
    let is_identity = |value: &Value| value.downcast::<IdentityObject>().is_some();
    if is_computed(value) || existing.is_some_and(is_computed) {
        if existing.is_some_and(is_computed) && matches!(value, Value::None) && site.batch.is_some() {
            return Ok(Some(ColumnChange::DropComputed));
        }
        let message = "Adding or removing a \"computed\" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported.";
        return Err(compile_error(vm, message, span));
    }
    if is_identity(value) || existing.is_some_and(is_identity) {
        if dialect != Dialect::PostgreSql {
            let message = "Adding, removing or modifying an \"identity\" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.";
            return Err(compile_error(vm, message, span));
        }
        let identity = value.downcast::<IdentityObject>();
        let before = existing.and_then(Value::downcast::<IdentityObject>);
        if let (Some(identity), Some(_)) = (&identity, vm.host.offline()) {
            return Ok(Some(ColumnChange::Spelled(identity_words(identity, before.as_deref()).into())));
        }
        return Ok(Some(ColumnChange::Identity(identity.map(|identity| identity.identity.clone()))));
    }
    // A rebuilt table defines its columns, so what a definition puts in parentheses is put there.
    let inline = site.batch.is_some() && dialect == Dialect::Sqlite;
    Ok(Some(ColumnChange::Default(default_spec(vm, value, inline, span)?)))
}

/// What is added to a column as an identity, or changed of the one it has.
fn identity_words(identity: &IdentityObject, before: Option<&IdentityObject>) -> String {
    let generated = if identity.identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let Some(before) = before else {
        let options = identity.options();
        let options = if options.is_empty() { String::new() } else { format!(" ({options})") };
        return format!("ADD GENERATED {generated} AS IDENTITY{options}");
    };
    let old = before.listed();
    let mut words: Vec<(&str, String)> = identity
        .listed()
        .into_iter()
        .filter(|option| !old.contains(option))
        .map(|(name, text)| (name, format!("SET {text} ")))
        .collect();
    if identity.identity.always != before.identity.always {
        words.push(("always", format!("SET GENERATED {generated} ")));
    }
    words.sort_by_key(|(name, _)| *name);
    words.into_iter().map(|(_, text)| text).collect::<String>().trim_end().to_owned()
}

/// MySQL says everything anew in one `MODIFY` or `CHANGE`: what the directive does not name is lost.
fn mysql_changes(vm: &mut Vm<'_>, alteration: &Alteration<'_>) -> Flow<Vec<ColumnChange>> {
    let span = alteration.span;
    let dialect = Dialect::MySql;
    let given = alteration.call.get("server_default").filter(|value| !matches!(value, Value::Bool(false)));
    let existing = alteration.call.get("existing_server_default").filter(|value| !matches!(value, Value::Bool(false)));
    for value in [given, existing].into_iter().flatten() {
        let what = if value.downcast::<IdentityObject>().is_some() {
            "Adding, removing or modifying an \"identity\" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect."
        } else if value.downcast::<ComputedObject>().is_some() {
            "Adding or removing a \"computed\" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported."
        } else {
            continue;
        };
        return Err(compile_error(vm, what, span));
    }
    let effective = alteration.ty.as_ref().or(alteration.existing.as_ref());
    // A class that is not called has no affinity to look at.
    let called = alteration.call.some("type_").or_else(|| alteration.call.some("existing_type"));
    let is_moment = called.is_some_and(|ty| ty.downcast::<SaType>().is_some())
        && effective.is_some_and(|ty| {
            let kind = &ty.on(dialect).kind;
            matches!(kind, types::Kind::DateTime | types::Kind::PlainDateTime | types::Kind::Timestamp)
        });
    let changes_moment = is_moment && !matches!(given, Some(Value::None));
    let modifies = alteration.rename.is_some()
        || alteration.nullable.is_some()
        || alteration.ty.is_some()
        || alteration.autoincrement.is_some()
        || matches!(alteration.comment, Comment::Set(_))
        || changes_moment;
    if !modifies {
        return match given {
            Some(value) => Ok(vec![ColumnChange::Default(default_spec(vm, value, false, span)?)]),
            None => Ok(Vec::new()),
        };
    }
    let Some(ty) = effective else {
        let message = "All MySQL CHANGE/MODIFY COLUMN operations require the existing type.";
        return Err(command_error(vm, message, span));
    };
    let default: Option<DefaultSpec> = match given.or(existing) {
        Some(value) => default_spec(vm, value, false, span)?,
        None => None,
    };
    let comment = match &alteration.comment {
        Comment::Set(comment) => comment.clone(),
        Comment::Keep => alteration.existing_comment.clone(),
    };
    let autoincrement = alteration.autoincrement.or(match alteration.call.get("existing_autoincrement") {
        Some(Value::Bool(flag)) => Some(*flag),
        _ => None,
    });
    let mut changes = vec![
        ColumnChange::Type {
            ty: compiled(vm, alteration, ty, dialect)?,
            family: Some(ty.family(dialect)),
            using: None,
            collation: ty.on(dialect).collation(),
            spelled: spelled(vm, alteration, ty, dialect)?,
        },
        ColumnChange::Nullable(alteration.nullable.or(alteration.existing_nullable).unwrap_or(true)),
        ColumnChange::Default(default),
        ColumnChange::Comment(comment),
        ColumnChange::Autoincrement(autoincrement.unwrap_or(false)),
    ];
    // `CHANGE` names the column anew, be it as it was.
    let same = changes_moment && vm.host.offline().is_some();
    let rename = alteration.rename.clone().or_else(|| same.then(|| alteration.column.clone()));
    changes.extend(rename.map(ColumnChange::Rename));
    Ok(changes)
}

/// The type as it is written, where nothing else is asked.
fn spelled(vm: &mut Vm<'_>, alteration: &Alteration<'_>, ty: &SaType, dialect: Dialect) -> Flow<Option<Name>> {
    if vm.host.offline().is_none() {
        return Ok(None);
    }
    match types::spell(ty, dialect, alteration.table.schema.as_deref()) {
        Ok(Some(text)) => Ok(Some(text.into())),
        Ok(None) => {
            let why = ty.on(dialect).unknown.as_ref().map_or("the type can't be known".into(), |why| why.why.clone());
            vm.host.not_evaluated(why, alteration.span);
            Ok(None)
        }
        Err(failure) => Err(vm.raise_failure(failure, alteration.span)),
    }
}

fn compiled(vm: &mut Vm<'_>, alteration: &Alteration<'_>, ty: &SaType, dialect: Dialect) -> Flow<SqlType> {
    match types::compile_column(ty, dialect, alteration.table.schema.as_deref()) {
        Err(_) if vm.host.offline().is_some() => Ok(SqlType::Unknown),
        compiled => compiled.map_err(|failure| vm.raise_failure(failure, alteration.span)),
    }
}
