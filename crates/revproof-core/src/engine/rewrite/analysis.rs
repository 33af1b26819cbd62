//! What PostgreSQL's analysis refuses before it looks at a row: operators that do not exist for two types, and literals
//! that are none of the type that their place gives them.

use sqlparser::ast::{Expr, UnaryOperator};

use super::Compiler;
use super::typed::Typed;
use crate::ddl::{assignable, comparable};
use crate::engine::cast::{Mode, type_name};
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};
use crate::schema::{Column, Dialect, SqlType};

/// The operators that there are beside those of two numbers: the category of the left operand, the operator, that of
/// the right one.
const OPERATORS: [&str; 55] = [
    "M+M", "M-M", "M*N", "M/N", "N*M", "M/M", "D+N", "D-N", "N+D", "D+T", "T+D", "D+Z", "Z+D", "D+V", "D-V", "V+D",
    "D-D", "D-P", "P-D", "P-P", "P+V", "P-V", "V+P", "T+V", "T-V", "V+T", "T-T", "Z+V", "Z-V", "V+Z", "V+V", "V-V",
    "V*N", "V/N", "N*V", "b&b", "b|b", "b#b", "I+N", "I-N", "N+I", "I-I", "I&I", "I|I", "K-S", "K-N", "K-A", "D-T",
    "P+T", "P-T", "T+P", "T*N", "T/N", "N*T", "V-T",
];

/// What `||` joins, beside text with anything but an array.
const JOINED: [&str; 3] = ["K|K", "b|b", "Y|Y"];

/// The category of a type, as far as operators go; `?` where what it brings along is not known.
fn category(ty: &SqlType) -> char {
    match ty {
        SqlType::SmallInt
        | SqlType::Integer
        | SqlType::BigInt
        | SqlType::Numeric(..)
        | SqlType::Decimal(..)
        | SqlType::Float(_)
        | SqlType::Real
        | SqlType::Double => 'N',
        SqlType::Char(_) | SqlType::NChar(_) | SqlType::VarChar(_) | SqlType::NVarChar(_) | SqlType::Text(_) => 'S',
        SqlType::Boolean => 'B',
        SqlType::Enum(_) => 'E',
        SqlType::Date => 'D',
        SqlType::Time { tz: false, .. } => 'T',
        SqlType::Time { tz: true, .. } => 'Z',
        SqlType::Timestamp { .. } | SqlType::DateTime(_) => 'P',
        SqlType::Interval { .. } => 'V',
        SqlType::Uuid => 'U',
        SqlType::Bytea | SqlType::Blob(_) | SqlType::Binary(_) | SqlType::VarBinary(_) => 'Y',
        SqlType::Json => 'J',
        SqlType::Jsonb => 'K',
        SqlType::Bit { .. } => 'b',
        SqlType::Array(_) => 'A',
        SqlType::Builtin(name) => match &**name {
            "MONEY" => 'M',
            "INET" | "CIDR" => 'I',
            "XML" => 'X',
            _ => '?',
        },
        _ => '?',
    }
}

impl Compiler<'_> {
    /// Whether an arithmetic operator exists for two operands, of which a literal without a type is taken to be what the
    /// other one is; `None` where that is not known.
    pub(super) fn operator_exists(&self, left: &Typed, op: &str, right: &Typed) -> Option<bool> {
        let (Some(a), Some(b)) = (left.ty.as_ref().or(right.ty.as_ref()), right.ty.as_ref().or(left.ty.as_ref()))
        else {
            return None;
        };
        let (a, b) = (category(a), category(b));
        if self.dialect() != Dialect::PostgreSql || [a, b].contains(&'?') {
            return None;
        }
        if (a, b) == ('N', 'N') {
            return Some(true);
        }
        // A literal may be anything that the operator takes beside the other operand.
        let open = left.ty.is_none() || right.ty.is_none();
        let fits = |known: &&str| {
            let mut parts = known.chars();
            let (x, between, y) = (parts.next(), parts.next(), parts.next());
            let same_left = x == Some(a) || open && left.ty.is_none();
            let same_right = y == Some(b) || open && right.ty.is_none();
            between.is_some_and(|sign| op == sign.to_string()) && same_left && same_right
        };
        Some(OPERATORS.iter().any(fits))
    }

    /// Whether `||` joins two operands; `None` where that is not known.
    pub(super) fn joins(left: &Typed, right: &Typed) -> Option<bool> {
        let (Some(a), Some(b)) = (&left.ty, &right.ty) else { return Some(true) };
        let (a, b) = (category(a), category(b));
        if [a, b].contains(&'?') {
            return None;
        }
        let array = [a, b].contains(&'A');
        let text = !array && [a, b].contains(&'S');
        Some(array || text || JOINED.contains(&format!("{a}|{b}").as_str()))
    }

    /// Whether two types can be compared; `None` where that is not known.
    pub(super) fn comparison_exists(left: &Typed, right: &Typed) -> Option<bool> {
        let (Some(a), Some(b)) = (&left.ty, &right.ty) else { return None };
        if [a, b].iter().any(|ty| matches!(category(ty), 'J' | 'X')) {
            return Some(false);
        }
        match (comparable(a, b), comparable(b, a)) {
            (Some(false), Some(false)) => Some(false),
            (Some(_), Some(_)) => Some(true),
            _ => None,
        }
    }

    /// A value that a column is set to: what is wrong with it whatever rows there are.
    /// `literal` says that it stands there as a literal, so that a number is put into the column's type as well.
    pub(in crate::engine) fn check_assigned(
        &mut self,
        value: &Typed,
        column: &Column,
        literal: bool,
    ) -> Evaluation<()> {
        if self.dialect() != Dialect::PostgreSql || value.is_null() && value.ty.is_none() {
            return Ok(());
        }
        match &value.ty {
            None if value.as_const().is_some() => self.coerce(value.clone(), &column.ty, Mode::Literal).map(|_| ()),
            Some(ty) if assignable(ty, &column.ty) == Some(false) => {
                let (to, from) = (type_name(&column.ty), type_name(ty));
                let message = format!("column \"{}\" is of type {to} but expression is of type {from}", column.name);
                Err(Stop::fail(FailureKind::DatatypeMismatch, message))
            }
            Some(_) if literal || value.as_const().is_some_and(|datum| !matches!(datum, Datum::Unknown(_))) => {
                let (stable, computed) =
                    (self.stable > 0 && !literal, self.coerce(value.clone(), &column.ty, Mode::Assignment));
                match computed {
                    // What is computed when the statement is executed fails where there is a row, which gets it.
                    Err(stop) if stable && self.is_without_rows() => Err(Stop::unsupported(stop.why())),
                    Err(Stop::Fail(_)) if stable => Ok(()),
                    Err(Stop::Unsupported(_)) if !literal => Ok(()),
                    computed => computed.map(|_| ()),
                }
            }
            _ => Ok(()),
        }
    }
}

/// Whether an expression is a number or text as it stands.
pub(in crate::engine) fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Value(_) => true,
        Expr::Nested(inner) | Expr::UnaryOp { op: UnaryOperator::Minus, expr: inner } => is_literal(inner),
        _ => false,
    }
}
