//! How tightly nodes bind, as SQLAlchemy's table of precedences has it.

use super::expression::{Expression, Kind};

/// `NOT`, comparisons.
pub(super) const COMPARISON: i32 = 5;
/// `COLLATE`.
pub(super) const COLLATE: i32 = 4;
/// `AND`, `DESC`.
pub(super) const AND: i32 = 3;
/// `OR`.
pub(super) const OR: i32 = 2;
/// `-x`, `*`.
pub(super) const SIGN: i32 = 8;
/// Indexing.
pub(super) const ITEM: i32 = 15;
/// Where every operator is put in parentheses.
pub(super) const TIGHTEST: i32 = 100;
/// Where anything may stand bare.
pub(super) const LOOSEST: i32 = -100;

/// How tightly the node binds; `None` where nothing tears it apart.
pub(super) fn of(node: &Expression) -> Option<i32> {
    match &node.kind {
        Kind::Binary { op, .. } => Some(op.precedence()),
        Kind::Between { .. } | Kind::Not(_) => Some(COMPARISON),
        Kind::Chain(true, _) => Some(AND),
        Kind::Chain(false, _) => Some(OR),
        Kind::Sign(..) => Some(SIGN),
        Kind::Suffix(_, text) => Some(if text.starts_with("COLLATE") { COLLATE } else { AND }),
        Kind::Exists(_) => Some(0),
        Kind::Label(_, inner) => of(inner),
        _ => None,
    }
}
