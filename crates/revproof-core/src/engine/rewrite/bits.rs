//! Operators on the bits of whole numbers, and PostgreSQL's power.

use sqlparser::ast::BinaryOperator as Op;

use super::Compiler;
use super::typed::Typed;
use super::types::Kind;
use crate::engine::cast::{Mode, number_prefix};
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType};

/// The types of whole numbers, the narrower ones first, and how many bits they have.
const WHOLE: [(SqlType, u32); 3] = [(SqlType::SmallInt, 16), (SqlType::Integer, 32), (SqlType::BigInt, 64)];

impl Compiler<'_> {
    /// `<<`, `>>`, `#` and `^`.
    pub(super) fn bits(&mut self, left: Typed, op: &Op, right: Typed) -> Evaluation<Typed> {
        let unsupported = || Stop::unsupported(format!("the operator {op} on this type is not supported"));
        let op = op.clone();
        if self.dialect() == Dialect::Sqlite && matches!(op, Op::PGBitwiseShiftLeft | Op::PGBitwiseShiftRight) {
            return self.shifted(left, right, op == Op::PGBitwiseShiftLeft);
        }
        if self.dialect() != Dialect::PostgreSql {
            return Err(unsupported());
        }
        if op == Op::PGExp {
            return self.power(left, right);
        }
        let (Some((a, bits)), Some((b, _))) = (width(&left), width(&right)) else { return Err(unsupported()) };
        let shift = op != Op::PGBitwiseXor;
        // A number is shifted by an integer.
        if shift && b > 1 {
            return Err(unsupported());
        }
        let (ty, bits) = if shift { (a, bits) } else { (a.max(b), 64) };
        let ty = WHOLE.get(ty).map_or(SqlType::BigInt, |(ty, _)| ty.clone());
        self.rowwise(&[left, right], ty, move |_, values| match values {
            [Datum::Int(a), Datum::Int(b)] if !shift => Ok(Datum::Int(a ^ b)),
            [Datum::Int(a), Datum::Int(b)] => match u32::try_from(*b) {
                Ok(by) if by < bits && op == Op::PGBitwiseShiftRight => Ok(Datum::Int(a >> by)),
                Ok(by) if by < bits => Ok(Datum::Int(cut(a.wrapping_shl(by), bits))),
                _ => Err(Stop::unsupported("a shift by so many bits is the machine's own affair")),
            },
            _ => Ok(Datum::Null),
        })
    }

    /// `<<` and `>>` of SQLite, which shifts by a negative number the other way.
    fn shifted(&mut self, left: Typed, right: Typed, leftwards: bool) -> Evaluation<Typed> {
        let value = self.rowwise(&[left, right], SqlType::None, move |_, values| match values {
            [Datum::Null, _] | [_, Datum::Null] => Ok(Datum::Null),
            [number, by] => {
                let (number, by) = (whole(number), whole(by));
                let bits = u32::try_from(by.unsigned_abs()).unwrap_or(u32::MAX);
                Ok(Datum::Int(if leftwards == (by >= 0) {
                    number.checked_shl(bits).unwrap_or(0)
                } else {
                    number.checked_shr(bits).unwrap_or(if number < 0 { -1 } else { 0 })
                }))
            }
            _ => Ok(Datum::Null),
        })?;
        Ok(self.without_affinity(value))
    }

    /// `~`.
    pub(super) fn bits_turned(&mut self, value: Typed) -> Evaluation<Typed> {
        if self.dialect() == Dialect::Sqlite {
            let turned = self.rowwise(&[value], SqlType::None, |_, values| match values {
                [Datum::Null] => Ok(Datum::Null),
                [value] => Ok(Datum::Int(!whole(value))),
                _ => Ok(Datum::Null),
            })?;
            return Ok(self.without_affinity(turned));
        }
        let ty = value.ty.clone().filter(|_| self.dialect() == Dialect::PostgreSql && width(&value).is_some());
        let ty = ty.ok_or_else(|| Stop::unsupported("the operator ~ on this type is not supported"))?;
        self.rowwise(&[value], ty, |_, values| match values {
            [Datum::Int(bits)] => Ok(Datum::Int(!bits)),
            _ => Ok(Datum::Null),
        })
    }

    /// A power. That of numbers with decimals has digits of its own, which are not simulated.
    fn power(&mut self, base: Typed, exponent: Typed) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let number = |side: &Typed| matches!(side.kind(dialect), Kind::Int | Kind::Float);
        if !number(&base) || !number(&exponent) {
            return Err(Stop::unsupported("a power of this type is not supported"));
        }
        let (base, exponent) = (
            self.coerce(base, &SqlType::Double, Mode::Explicit)?,
            self.coerce(exponent, &SqlType::Double, Mode::Explicit)?,
        );
        let refused = |message: &str| Err(Stop::fail(FailureKind::InvalidValue, message));
        self.rowwise(&[base, exponent], SqlType::Double, move |_, values| {
            let [Datum::Float(a), Datum::Float(b)] = values else { return Ok(Datum::Null) };
            if *a == 0.0 && *b < 0.0 {
                return refused("zero raised to a negative power is undefined");
            }
            if *a < 0.0 && b.fract() != 0.0 {
                return refused("a negative number raised to a non-integer power yields a complex result");
            }
            let power = a.powf(*b);
            if power.is_infinite() && a.is_finite() && b.is_finite() {
                return refused("value out of range: overflow");
            }
            if power == 0.0 && *a != 0.0 {
                return refused("value out of range: underflow");
            }
            Ok(Datum::Float(power))
        })
    }
}

/// The place of a type of whole numbers, and how many bits it has.
fn width(value: &Typed) -> Option<(usize, u32)> {
    let at = WHOLE.iter().position(|(ty, _)| value.ty.as_ref() == Some(ty))?;
    WHOLE.get(at).map(|(_, bits)| (at, *bits))
}

/// The lowest bits of a number, the highest of them being its sign.
fn cut(number: i64, bits: u32) -> i64 {
    let unused = 64 - bits;
    number.wrapping_shl(unused).wrapping_shr(unused)
}

/// A value as SQLite takes it for a whole number.
#[expect(clippy::cast_possible_truncation, reason = "SQLite cuts it off")]
fn whole(value: &Datum) -> i64 {
    match number_prefix(value) {
        Datum::Int(i) => i,
        Datum::Float(f) => f as i64,
        _ => 0,
    }
}
