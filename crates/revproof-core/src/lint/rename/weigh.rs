//! How much speaks for a dropped and an added column being one.

use crate::lint::likeness::{Likeness, likeness};
use crate::op::{ColumnSpec, DefaultSpec};
use crate::schema::{Column, Dialect, SqlType, default_text};

/// What speaks for a rename.
#[derive(Debug)]
pub(super) struct Weight {
    /// The sum; [`ENOUGH`] makes a rename.
    pub(super) sum: i32,
    /// What it is made of, in half sentences.
    pub(super) reasons: Vec<String>,
    /// The names are plainly alike, and nothing speaks against it.
    pub(super) is_sure: bool,
}

/// From this sum on a pair is taken for a rename. The type alone never gets there, a name alone neither.
pub(super) const ENOUGH: i32 = 50;

/// Weighs what the columns themselves say; `None` where the types rule a rename out.
pub(super) fn weigh(old: &Column, new: &ColumnSpec, dialect: Dialect) -> Option<Weight> {
    let mut weight = Weight { sum: 0, reasons: Vec::new(), is_sure: false };
    let (old_ty, new_ty) = (&old.ty, &new.ty.canonical(dialect));
    if old_ty == new_ty && !matches!(old_ty, SqlType::Unknown | SqlType::None) {
        weight.add(if is_telling(old_ty) { 30 } else { 20 }, format!("both are {}", old_ty.text(dialect)));
    } else if family(old_ty).is_some() && family(old_ty) == family(new_ty) {
        weight.add(10, format!("{} and {} hold the same kind of value", old_ty.text(dialect), new_ty.text(dialect)));
    } else {
        return None;
    }
    match likeness(&old.name, &new.name) {
        Likeness::Alike => {
            weight.add(30, format!("the names `{}` and `{}` are alike", old.name, new.name));
            weight.is_sure = true;
        }
        Likeness::Related => weight.add(15, format!("the names `{}` and `{}` are related", old.name, new.name)),
        Likeness::Unlike => {}
    }
    if old.nullable == new.nullable {
        weight.add(10, if old.nullable { "both may be NULL" } else { "both are NOT NULL" }.to_owned());
    }
    match (&old.default, &new.default) {
        (Some(old), Some(DefaultSpec::Sql(new))) if *old == default_text(new, new_ty, dialect) => {
            weight.add(5, format!("both default to {old}"));
        }
        (Some(_), None) | (None, Some(_)) => weight.sum -= 5,
        _ => {}
    }
    if old.comment.is_some() && old.comment == new.comment {
        weight.add(15, "both have the same comment".to_owned());
    }
    Some(weight)
}

impl Weight {
    pub(super) fn add(&mut self, points: i32, reason: String) {
        self.sum += points;
        self.reasons.push(reason);
    }
}

/// Whether two columns of this type have more in common than two columns anyhow: a length, values, a rare type.
fn is_telling(ty: &SqlType) -> bool {
    !matches!(
        ty,
        SqlType::Boolean
            | SqlType::SmallInt
            | SqlType::Integer
            | SqlType::BigInt
            | SqlType::Numeric(None, _)
            | SqlType::Float(_)
            | SqlType::Real
            | SqlType::Double
            | SqlType::Char(Some(1..=2))
            | SqlType::VarChar(None | Some(1..=2 | 255))
            | SqlType::Text(_)
            | SqlType::Date
            | SqlType::Time { .. }
            | SqlType::Timestamp { .. }
            | SqlType::DateTime(_)
            | SqlType::Uuid
            | SqlType::Json
            | SqlType::Jsonb
    )
}

/// Types whose values can stand for each other.
fn family(ty: &SqlType) -> Option<u8> {
    Some(match ty {
        SqlType::TinyInt | SqlType::SmallInt | SqlType::MediumInt | SqlType::Integer | SqlType::BigInt => 0,
        SqlType::Unsigned(of) => return family(of),
        SqlType::Numeric(..) | SqlType::Decimal(..) | SqlType::Float(_) | SqlType::Real | SqlType::Double => 1,
        SqlType::Char(_) | SqlType::VarChar(_) | SqlType::NChar(_) | SqlType::NVarChar(_) | SqlType::Text(_) => 2,
        SqlType::Binary(_) | SqlType::VarBinary(_) | SqlType::Blob(_) | SqlType::Bytea => 3,
        SqlType::Timestamp { .. } | SqlType::DateTime(_) => 4,
        SqlType::Json | SqlType::Jsonb => 5,
        _ => return None,
    })
}
