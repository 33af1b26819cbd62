//! Checks that follow from a column's type: `Boolean(create_constraint=True)` and enums that are kept as text.

use std::rc::Rc;

use crate::alembic::items::{ColumnObject, ConstraintForm, ConstraintObject};
use crate::alembic::known::NameArg;
use crate::alembic::lower::quote_literal;
use crate::alembic::types::{EnumSpec, Kind, SaType};
use crate::python::Value;
use crate::schema::{Dialect, Name, quote};
use crate::source::Span;

/// The check that the type of a column brings along on a dialect; its condition is a plain string.
pub(in crate::alembic) fn type_check(column: &ColumnObject, dialect: Dialect, span: Span) -> Option<ConstraintObject> {
    let ty = column.ty.as_ref()?;
    let name = column.name();
    let column = quote(&name, dialect);
    let (condition, given) = check_of(ty, &column, dialect, 0)?;
    let form = ConstraintForm::Check { condition: Value::Str(condition.into()) };
    Some(ConstraintObject::new(given, form, span))
}

/// The name that SQLAlchemy keeps on a type that follows what happens to its column (`SchemaEventTarget`): on one that comes
/// with a check or with a type of the server's. `Err` is the class of such a type that has no such attribute.
pub(in crate::alembic) fn type_name(ty: &SaType, dialect: Dialect) -> Result<Option<Name>, Rc<str>> {
    let ty = ty.on(dialect);
    let name = match &ty.kind {
        Kind::Boolean => &ty.params.name,
        Kind::Enum(spec) => &spec.name,
        Kind::Array(_) => return Err("ARRAY".into()),
        // Both hand attributes on to the type that they stand for.
        Kind::Interval => return Err("DateTime".into()),
        Kind::Decorated(inner) => {
            return match &inner.kind {
                Kind::Boolean | Kind::Enum(_) => type_name(inner, dialect),
                Kind::Decorated(_) | Kind::Unknown => Ok(None),
                _ => Err(inner.class.clone()),
            };
        }
        _ => return Ok(None),
    };
    Ok(match name {
        NameArg::Plain(name) | NameArg::Final(name) => Some(Name::from(&**name)),
        NameArg::None | NameArg::Unknown(_) => None,
    })
}

fn check_of(ty: &SaType, column: &str, dialect: Dialect, depth: u8) -> Option<(String, NameArg)> {
    let ty = ty.on(dialect);
    match &ty.kind {
        Kind::Boolean if ty.params.create_constraint && dialect != Dialect::PostgreSql => {
            Some((format!("{column} IN (0, 1)"), ty.params.name.clone()))
        }
        Kind::Enum(spec) if is_checked(spec, dialect) => {
            let values = spec.values.as_ref().ok()?;
            let values: Vec<String> = values.iter().map(|value| quote_literal(value, dialect)).collect();
            Some((format!("{column} IN ({})", values.join(", ")), spec.name.clone()))
        }
        Kind::Decorated(inner) if depth < 16 => check_of(inner, column, dialect, depth + 1),
        _ => None,
    }
}

fn is_checked(spec: &EnumSpec, dialect: Dialect) -> bool {
    spec.create_constraint && (!spec.native || dialect == Dialect::Sqlite)
}
