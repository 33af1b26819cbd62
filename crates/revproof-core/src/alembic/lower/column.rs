//! [`column_spec`]: a column's definition.

use std::rc::Rc;

use super::default::{computed_spec, default_spec};
use super::{compile_error, doubt};
use crate::alembic::items::{Autoincrement, ColumnObject};
use crate::alembic::known;
use crate::alembic::types::{self, Affinity, Kind, SaType};
use crate::op::{ColumnSpec, ColumnSpelling, DefaultSpec, Failure};
use crate::python::{Flow, Unknown, Vm};
use crate::schema::{Dialect, Name, QName, SqlType};
use crate::source::Span;

/// What a column's definition hangs on besides the column.
#[derive(Debug, Clone, Copy)]
pub(in crate::alembic) struct ColumnPlace<'a> {
    /// Its table.
    pub table: &'a QName,
    /// Whether it is part of the primary key.
    pub in_primary_key: bool,
    /// Whether it is the column that numbers itself (`_autoincrement_column`).
    pub autoincrement: bool,
    /// Whether the definition is one of a `CREATE TABLE`, whose errors name it.
    pub in_table: bool,
    /// Whether the table says `sqlite_autoincrement=True`.
    pub sqlite_autoincrement: bool,
}

/// The definition of a column, and why something of it can't be known, if so.
pub(in crate::alembic) fn column_spec(
    vm: &mut Vm<'_>,
    column: &ColumnObject,
    place: ColumnPlace<'_>,
    span: Span,
) -> Flow<(ColumnSpec, Option<Rc<Unknown>>)> {
    let dialect = vm.host.catalog().dialect;
    let span = column.span.unwrap_or(span);
    let mut unsure = column.taint.clone();
    let ty = column_type(vm, column, place, dialect, span)?;
    let spelling = spelling(vm, column, place, &mut unsure, span)?;
    let default = match &column.server_default {
        Some(value) => default_spec(vm, value, true, span)?,
        None => None,
    };
    let computed = match &column.computed {
        Some(computed) => match computed_spec(vm, computed, span)? {
            Ok(computed) => Some(computed),
            Err(why) => {
                unsure = Some(why);
                None
            }
        },
        None => None,
    };
    let identity = column.identity.as_ref().filter(|_| dialect == Dialect::PostgreSql);
    if let Some(identity) = identity {
        doubt(&mut unsure, identity.taint.as_ref());
    }
    let spec = ColumnSpec {
        name: Name::from(&*column.name()),
        nullable: column.is_nullable(place.in_primary_key),
        serial: is_serial(column, place, dialect, default.as_ref()),
        family: column.ty.as_ref().map(|ty| ty.family(dialect)),
        ty,
        default,
        identity: identity.map(|identity| identity.identity.clone()),
        computed,
        collation: column.ty.as_ref().and_then(|ty| ty.on(dialect).collation()),
        comment: column.comment.as_deref().filter(|_| dialect != Dialect::Sqlite).map(Name::from),
        constraints: Vec::new(),
        spelling,
        span: column.span,
    };
    Ok((spec, unsure))
}

fn column_type(
    vm: &mut Vm<'_>,
    column: &ColumnObject,
    place: ColumnPlace<'_>,
    dialect: Dialect,
    span: Span,
) -> Flow<SqlType> {
    let compiled = match &column.ty {
        Some(ty) => types::compile_column(ty, dialect, place.table.schema.as_deref()),
        None => types::compile(&types::SaType::plain("NullType", Kind::Null), dialect),
    };
    if vm.host.offline().is_some() {
        // What is written is spelled; what the server makes of it is not asked.
        return Ok(compiled.unwrap_or(SqlType::Unknown));
    }
    compiled.map_err(|failure| {
        let message = format!("(in table '{}', column '{}'): {}", place.table.name, column.name(), failure.message);
        vm.raise_failure(Failure { message, ..failure }, span)
    })
}

/// How the offline mode writes what the definition holds in a plainer form.
fn spelling(
    vm: &mut Vm<'_>,
    column: &ColumnObject,
    place: ColumnPlace<'_>,
    unsure: &mut Option<Rc<Unknown>>,
    span: Span,
) -> Flow<Option<Box<ColumnSpelling>>> {
    if vm.host.offline().is_none() {
        return Ok(None);
    }
    let dialect = vm.host.catalog().dialect;
    let null = SaType::plain("NullType", Kind::Null);
    let ty = column.ty.as_deref().unwrap_or(&null);
    let text = match types::spell(ty, dialect, place.table.schema.as_deref()) {
        Ok(Some(text)) => text,
        Ok(None) => {
            let why = ty.on(dialect).unknown.clone();
            doubt(unsure, Some(&why.unwrap_or_else(|| known::because("the type of a column can't be known", span))));
            String::new()
        }
        Err(failure) if place.in_table => {
            let message = format!("(in table '{}', column '{}'): {}", place.table.name, column.name(), failure.message);
            return Err(compile_error(vm, &message, span));
        }
        Err(failure) => return Err(vm.raise_failure(failure, span)),
    };
    let is_timestamp = matches!(innermost(ty.on(dialect)).kind, Kind::Timestamp);
    Ok(Some(Box::new(ColumnSpelling {
        ty: text.into(),
        computed: column.computed.as_ref().map(|computed| match computed.persisted {
            Some(true) => " STORED",
            Some(false) => " VIRTUAL",
            None => "",
        }),
        identity: column.identity.as_ref().map_or_else(|| "".into(), |identity| identity.options()),
        null: is_timestamp && dialect == Dialect::MySql,
    })))
}

/// What decorators stand around.
fn innermost(ty: &SaType) -> &SaType {
    let mut ty = ty;
    for _ in 0..16 {
        match &ty.kind {
            Kind::Decorated(inner) => ty = inner,
            _ => break,
        }
    }
    ty
}

/// Whether the column numbers itself: `SERIAL`, `AUTO_INCREMENT`, `AUTOINCREMENT`.
fn is_serial(column: &ColumnObject, place: ColumnPlace<'_>, dialect: Dialect, default: Option<&DefaultSpec>) -> bool {
    if !place.autoincrement {
        return false;
    }
    match dialect {
        Dialect::PostgreSql => {
            let sequence_is_optional = column.sequence.as_ref().is_none_or(|sequence| sequence.optional);
            column.identity.is_none() && !column.has_default && sequence_is_optional
        }
        Dialect::MySql => default.is_none(),
        Dialect::Sqlite => {
            let integer = column.ty.as_ref().is_some_and(|ty| ty.on(dialect).affinity() == Affinity::Integer);
            place.sqlite_autoincrement && integer && column.references.is_empty()
        }
    }
}

/// Whether a column may number itself (`_validate_autoinc`); a column that says so without being able to is an error.
pub(in crate::alembic) fn numbers_itself(
    vm: &mut Vm<'_>,
    column: &ColumnObject,
    has_foreign_key: bool,
    span: Span,
) -> Flow<bool> {
    let forced = column.autoincrement == Autoincrement::On;
    let dialect = vm.host.catalog().dialect;
    let affinity = column.ty.as_ref().map_or(Affinity::Other, |ty| ty.on(dialect).affinity());
    if affinity == Affinity::Other {
        if forced {
            let message =
                format!("Column type on column '{}' is not compatible with autoincrement=True", column.name());
            return Err(compile_error(vm, &message, span));
        }
        return Ok(false);
    }
    if forced {
        return Ok(true);
    }
    // SQLAlchemy 2.1 lets no number but an integer count by itself; 2.0 did.
    if affinity == Affinity::Numeric {
        return Ok(false);
    }
    let excused = column.autoincrement == Autoincrement::IgnoreForeignKey;
    Ok(!column.has_default && column.server_default.is_none() && (!has_foreign_key || excused))
}
