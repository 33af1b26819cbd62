//! `decimal`.

use std::rc::Rc;

use super::scalar::{Decimal, Scalar, ScalarClass, ordered};
use crate::python::object::exception;
use crate::python::object::method::BoundMethod;
use crate::python::object::native::Native;
use crate::python::value::{Args, Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// The longest fraction that is kept.
const MAX_SCALE: u32 = 30;

pub(super) fn member(vm: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "Decimal" => Some(Value::object(ScalarClass("Decimal"))),
        "InvalidOperation" | "DecimalException" => {
            let class = exception::class(vm, &format!("decimal.{name}"), None);
            Some(Value::Object(class as Rc<dyn Foreign>))
        }
        "ROUND_HALF_UP" | "ROUND_HALF_EVEN" | "ROUND_DOWN" | "ROUND_UP" | "ROUND_CEILING" | "ROUND_FLOOR" => {
            Some(Value::str(name))
        }
        _ => None,
    }
}

pub(super) fn construct(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let number = match args.positional.first() {
        None => Some(Decimal { digits: 0, scale: 0 }),
        Some(value) => match (value, exact(value)) {
            (_, Some(number)) => Some(number),
            (Value::Str(text), _) => match parse(text) {
                Some(number) => Some(number),
                None if matches!(text.trim().to_lowercase().as_str(), "nan" | "inf" | "infinity" | "-inf") => {
                    return Ok(vm.unknown("a decimal that is no number is made", span));
                }
                None if text.contains(['e', 'E']) || text.len() > 25 => None,
                None => {
                    let message = "[<class 'decimal.ConversionSyntax'>]";
                    return Err(vm.raise("decimal.InvalidOperation", message, span));
                }
            },
            _ => None,
        },
    };
    Ok(match number {
        Some(number) => Scalar::Decimal(number).value(),
        None => vm.unknown("the decimal has too many digits to be simulated", span),
    })
}

fn parse(text: &str) -> Option<Decimal> {
    let plain = text.trim().replace('_', "");
    let (mantissa, exponent) = match plain.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (plain.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if fraction.contains(['+', '-']) || (whole.trim_start_matches(['+', '-']).is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    let scale = u32::try_from(scale).ok().filter(|scale| *scale <= MAX_SCALE)?;
    Some(Decimal { digits, scale })
}

/// The decimal that a number is exactly.
fn exact(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(int) => Some(Decimal { digits: i128::from(*int), scale: 0 }),
        Value::Bool(truth) => Some(Decimal { digits: i128::from(*truth), scale: 0 }),
        Value::Float(float) if float.fract() == 0.0 => {
            format!("{float:.0}").parse().ok().map(|digits| Decimal { digits, scale: 0 })
        }
        _ => match Scalar::of(value) {
            Some(Scalar::Decimal(number)) => Some(number),
            _ => None,
        },
    }
}

pub(super) fn text(number: Decimal) -> String {
    let sign = if number.digits < 0 { "-" } else { "" };
    let digits = number.digits.unsigned_abs().to_string();
    let scale = number.scale as usize;
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - scale).unwrap_or((&padded, ""));
    format!("{sign}{whole}.{fraction}")
}

/// Both at the same scale.
pub(super) fn aligned(a: Decimal, b: Decimal) -> Option<(i128, i128, u32)> {
    let scale = a.scale.max(b.scale);
    let raise = |number: Decimal| {
        10_i128.checked_pow(scale - number.scale).and_then(|factor| number.digits.checked_mul(factor))
    };
    Some((raise(a)?, raise(b)?, scale))
}

pub(super) fn binary(
    vm: &mut Vm<'_>,
    number: Decimal,
    operator: Operator,
    other: &Value,
    reflected: bool,
    span: Span,
) -> Flow<Option<Value>> {
    if let Value::Float(float) = other {
        let comparison = matches!(
            operator,
            Operator::Eq | Operator::NotEq | Operator::Lt | Operator::LtE | Operator::Gt | Operator::GtE
        );
        return Ok(if comparison {
            text(number).parse::<f64>().ok().and_then(|own| ordered(operator, &own, float))
        } else {
            None
        });
    }
    let Some(other) = exact(other) else { return Ok(None) };
    let too_long = || Some(vm.unknown("the decimal has too many digits to be simulated", span));
    let Some((mine, theirs, scale)) = aligned(number, other) else { return Ok(too_long()) };
    let (a, b) = if reflected { (theirs, mine) } else { (mine, theirs) };
    let result = match operator {
        Operator::Add => a.checked_add(b).map(|digits| Decimal { digits, scale }),
        Operator::Sub => a.checked_sub(b).map(|digits| Decimal { digits, scale }),
        Operator::Mul => {
            let scale = number.scale + other.scale;
            number
                .digits
                .checked_mul(other.digits)
                .filter(|_| scale <= MAX_SCALE)
                .map(|digits| Decimal { digits, scale })
        }
        Operator::Div | Operator::FloorDiv | Operator::Mod if b == 0 => {
            return Err(vm.raise("ZeroDivisionError", "[<class 'decimal.DivisionByZero'>]", span));
        }
        // Exact quotients only.
        Operator::Div if a.checked_rem(b) == Some(0) => Some(Decimal { digits: a / b, scale: 0 }),
        Operator::Div | Operator::FloorDiv | Operator::Mod | Operator::Pow => None,
        // The evaluator has mirrored a comparison already.
        _ => return Ok(ordered(operator, &mine, &theirs)),
    };
    Ok(match result {
        Some(number) => Some(Scalar::Decimal(number).value()),
        None => too_long(),
    })
}

pub(super) fn attribute(number: Decimal, name: &str) -> Option<Value> {
    let native =
        match name {
            "quantize" | "normalize" | "sqrt" | "to_integral_value" => Native::lenient("quantize", |vm, _, span| {
                Ok(vm.unknown("the rounding of a decimal is not simulated", span))
            }),
            "is_nan" | "is_infinite" => Native::lenient("is_nan", |_, _, _| Ok(Value::Bool(false))),
            "__float__" => Native::lenient("__float__", |_, args, _| {
                let float = args.positional.first().and_then(exact).and_then(|number| text(number).parse().ok());
                Ok(Value::Float(float.unwrap_or(0.0)))
            }),
            "__int__" => Native::lenient("__int__", |vm, args, span| {
                let whole = args.positional.first().and_then(exact).and_then(|number| {
                    number
                        .digits
                        .checked_div(10_i128.checked_pow(number.scale)?)
                        .and_then(|whole| i64::try_from(whole).ok())
                });
                Ok(whole.map_or_else(|| vm.unknown("the number has over 64 bits", span), Value::Int))
            }),
            _ => return None,
        };
    Some(BoundMethod::value(native, Scalar::Decimal(number).value()))
}
