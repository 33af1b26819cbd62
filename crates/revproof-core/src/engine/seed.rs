//! Seeded rows.

use super::database::Database;
use crate::schema::QName;

/// Seeds.
pub(super) fn seed(db: &mut Database, before: Option<&Database>) -> Vec<(QName, String)> {
    let _ = (db, before);
    Vec::new()
}
