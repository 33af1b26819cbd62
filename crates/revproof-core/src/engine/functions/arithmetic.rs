//! Arithmetic as each dialect does it: PostgreSQL by the types of the operands, SQLite by the values.

use crate::engine::cast::{number_prefix, type_name};
use crate::engine::decimal::Decimal;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType};

/// An operator of two numbers, which are of the result's type on PostgreSQL. No operand is NULL.
pub(in crate::engine) fn arithmetic(
    dialect: Dialect,
    op: char,
    left: &Datum,
    right: &Datum,
    ty: &SqlType,
) -> Evaluation<Datum> {
    if dialect == Dialect::Sqlite {
        return Ok(dynamic(op, &number_prefix(left), &number_prefix(right)));
    }
    match (left, right) {
        (Datum::Int(a), Datum::Int(b)) => whole(op, *a, *b, ty),
        (Datum::Float(a), Datum::Float(b)) => floating(op, *a, *b, ty),
        _ => {
            let number = |datum: &Datum| match datum {
                Datum::Decimal(digits) => Fixed::parse(digits),
                Datum::Int(i) => Some(Fixed { digits: i128::from(*i), scale: 0 }),
                _ => None,
            };
            let (Some(a), Some(b)) = (number(left), number(right)) else { return Err(too_long()) };
            fixed(op, a, b).map(|fixed| Datum::Decimal(fixed.to_string().into()))
        }
    }
}

/// The sum of numbers and how many there are, as PostgreSQL's `avg` divides them.
pub(in crate::engine) fn average(sum: &Datum, count: i64) -> Evaluation<Datum> {
    arithmetic(Dialect::PostgreSql, '/', sum, &Datum::Decimal(count.to_string().into()), &SqlType::Numeric(None, None))
}

fn too_long() -> Stop {
    Stop::unsupported("numbers of so many digits are not simulated")
}

fn refused(message: impl Into<String>) -> Stop {
    Stop::fail(FailureKind::InvalidValue, message)
}

fn by_zero() -> Stop {
    refused("division by zero")
}

fn whole(op: char, a: i64, b: i64, ty: &SqlType) -> Evaluation<Datum> {
    let result = match op {
        '+' => a.checked_add(b),
        '-' => a.checked_sub(b),
        '*' => a.checked_mul(b),
        '/' | '%' if b == 0 => return Err(by_zero()),
        '/' => a.checked_div(b),
        '%' => Some(a.checked_rem(b).unwrap_or(0)),
        '&' => Some(a & b),
        '|' => Some(a | b),
        '#' => Some(a ^ b),
        _ => return Err(Stop::unsupported(format!("the operator {op} is not supported"))),
    };
    let fits = |i: &i64| match ty {
        SqlType::SmallInt | SqlType::TinyInt => i16::try_from(*i).is_ok(),
        SqlType::BigInt | SqlType::Unsigned(_) => true,
        _ => i32::try_from(*i).is_ok(),
    };
    let in_range = result.filter(fits).map(Datum::Int);
    in_range.ok_or_else(|| refused(format!("{} out of range", type_name(ty))))
}

#[expect(clippy::cast_possible_truncation, reason = "that is what single precision is")]
fn floating(op: char, a: f64, b: f64, ty: &SqlType) -> Evaluation<Datum> {
    let result = match op {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        '/' if b == 0.0 => return Err(by_zero()),
        '/' => a / b,
        _ => return Err(Stop::unsupported(format!("the operator {op} is not supported"))),
    };
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(refused("value out of range: overflow"));
    }
    let single = *ty == SqlType::Real;
    Ok(Datum::Float(if single { (result as f32).to_string().parse().unwrap_or(result) } else { result }))
}

/// What SQLite makes of two numbers.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "SQLite loses it too")]
fn dynamic(op: char, left: &Datum, right: &Datum) -> Datum {
    let real = |datum: &Datum| match datum {
        Datum::Int(i) => *i as f64,
        Datum::Float(f) => *f,
        _ => 0.0,
    };
    let int = |datum: &Datum| match datum {
        Datum::Int(i) => *i,
        Datum::Float(f) => *f as i64,
        _ => 0,
    };
    let (a, b) = (int(left), int(right));
    let both = matches!((left, right), (Datum::Int(_), Datum::Int(_)));
    let exact = match op {
        '+' if both => a.checked_add(b),
        '-' if both => a.checked_sub(b),
        '*' if both => a.checked_mul(b),
        '/' if both && b == 0 => return Datum::Null,
        '/' if both => a.checked_div(b),
        '%' if b == 0 => return Datum::Null,
        '%' if both => Some(a.checked_rem(b).unwrap_or(0)),
        '%' => return Datum::Float(a.checked_rem(b).unwrap_or(0) as f64),
        '&' => Some(a & b),
        '|' => Some(a | b),
        _ => None,
    };
    if let Some(exact) = exact {
        return Datum::Int(exact);
    }
    let (a, b) = (real(left), real(right));
    let result = match op {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        _ if b == 0.0 => return Datum::Null,
        _ => a / b,
    };
    if result.is_nan() { Datum::Null } else { Datum::Float(result) }
}

/// A decimal number: digits, of which the last `scale` stand behind the point.
#[derive(Clone, Copy)]
struct Fixed {
    digits: i128,
    scale: u32,
}

impl Fixed {
    fn parse(text: &str) -> Option<Self> {
        let scale = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits: String = text.chars().filter(|c| *c != '.').collect();
        Some(Self { digits: digits.parse().ok()?, scale: u32::try_from(scale).ok()? })
    }

    fn at(self, scale: u32) -> Option<i128> {
        self.digits.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    /// The place of the first group of four digits, counted from the point, and that group.
    fn first_group(self) -> (i32, u128) {
        let digits = self.digits.unsigned_abs();
        if digits == 0 {
            return (0, 0);
        }
        let length = i32::try_from(digits.to_string().len()).unwrap_or(0);
        let before = length - i32::try_from(self.scale).unwrap_or(0);
        let weight = (before - 1).div_euclid(4);
        let shift = length - (before - weight * 4);
        let power = |n: i32| 10_u128.pow(n.unsigned_abs());
        let group = if shift >= 0 { digits / power(shift) } else { digits * power(shift) };
        (weight, group)
    }
}

impl std::fmt::Display for Fixed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plain = format!("{}e-{}", self.digits, self.scale);
        Decimal::parse(&plain).map_or(Ok(()), |decimal| decimal.fmt(f))
    }
}

fn fixed(op: char, a: Fixed, b: Fixed) -> Evaluation<Fixed> {
    let scale = a.scale.max(b.scale);
    let at_one_scale = || Some((a.at(scale)?, b.at(scale)?));
    let result = match op {
        '*' => a.digits.checked_mul(b.digits).map(|digits| Fixed { digits, scale: a.scale + b.scale }),
        '/' | '%' if b.digits == 0 => return Err(by_zero()),
        '/' => quotient(a, b),
        _ => at_one_scale().and_then(|(x, y)| {
            let digits = match op {
                '+' => x.checked_add(y),
                '-' => x.checked_sub(y),
                '%' => x.checked_rem(y),
                _ => None,
            };
            digits.map(|digits| Fixed { digits, scale })
        }),
    };
    result.ok_or_else(too_long)
}

/// The quotient with as many digits as PostgreSQL gives: at least sixteen that say something.
fn quotient(a: Fixed, b: Fixed) -> Option<Fixed> {
    let ((weight_a, first_a), (weight_b, first_b)) = (a.first_group(), b.first_group());
    let weight = weight_a - weight_b - i32::from(first_a <= first_b);
    let scale = u32::try_from(16 - weight * 4).unwrap_or(0).max(a.scale).max(b.scale);
    let shift = i64::from(scale) + i64::from(b.scale) - i64::from(a.scale);
    let power = 10_i128.checked_pow(u32::try_from(shift.unsigned_abs()).ok()?)?;
    let (over, under) =
        if shift < 0 { (a.digits, b.digits.checked_mul(power)?) } else { (a.digits.checked_mul(power)?, b.digits) };
    let (whole, rest) = (over / under, over % under);
    let up = rest.unsigned_abs() >= under.unsigned_abs() - rest.unsigned_abs();
    let away = if (over < 0) == (under < 0) { 1 } else { -1 };
    Some(Fixed { digits: if up && rest != 0 { whole + away } else { whole }, scale })
}
