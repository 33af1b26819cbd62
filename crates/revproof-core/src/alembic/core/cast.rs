//! What a type is called in a `CAST`.

use super::ty::{Family, Ty};
use crate::alembic::types;
use crate::schema::{Dialect, SqlType};

/// The type in a `CAST`; `None` where it can't be known.
pub(super) fn type_text(ty: &Ty, dialect: Dialect, printed: bool) -> Option<String> {
    if dialect == Dialect::MySql {
        let name = mysql(ty.family())?;
        let params = ty.given().map(|ty| ty.on(dialect).params.clone()).filter(|_| printed).unwrap_or_default();
        return Some(match (name, params.length, params.precision, params.scale) {
            ("CHAR", Some(length), ..) => format!("CHAR({length})"),
            ("DECIMAL", _, Some(precision), Some(scale)) => format!("DECIMAL({precision}, {scale})"),
            ("DECIMAL", _, Some(precision), None) => format!("DECIMAL({precision})"),
            _ => name.to_owned(),
        });
    }
    match ty {
        Ty::Given(ty) if printed => types::spell(ty, dialect, None).ok()?,
        Ty::Given(ty) => match types::compile(ty, dialect).ok()? {
            SqlType::Unknown => None,
            ty => Some(ty.text(dialect)),
        },
        Ty::Of(family) => plain(*family).map(str::to_owned),
        Ty::Null => None,
    }
}

const fn plain(family: Family) -> Option<&'static str> {
    Some(match family {
        Family::Boolean => "BOOLEAN",
        Family::Integer => "INTEGER",
        Family::Numeric => "NUMERIC",
        Family::Float => "FLOAT",
        Family::Text => "VARCHAR",
        Family::Date => "DATE",
        Family::Time => "TIME",
        Family::DateTime => "TIMESTAMP",
        Family::Interval => "INTERVAL",
        _ => return None,
    })
}

/// MySQL casts to a handful of types only.
const fn mysql(family: Family) -> Option<&'static str> {
    Some(match family {
        Family::Integer | Family::Boolean => "SIGNED INTEGER",
        Family::Numeric => "DECIMAL",
        Family::Float => "FLOAT",
        Family::Text | Family::Enum => "CHAR",
        Family::Date => "DATE",
        Family::Time => "TIME",
        Family::DateTime => "DATETIME",
        Family::Json => "JSON",
        Family::Binary => "BINARY",
        _ => return None,
    })
}
