//! `math`.

use super::function;
use crate::python::eval::{Number, number};
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "pi" => Some(Value::Float(std::f64::consts::PI)),
        "e" => Some(Value::Float(std::f64::consts::E)),
        "inf" => Some(Value::Float(f64::INFINITY)),
        "nan" => Some(Value::Float(f64::NAN)),
        "floor" => function("floor", |vm, args, span| whole(vm, args, f64::floor, span)),
        "ceil" => function("ceil", |vm, args, span| whole(vm, args, f64::ceil, span)),
        "trunc" => function("trunc", |vm, args, span| whole(vm, args, f64::trunc, span)),
        "sqrt" => function("sqrt", |vm, args, span| float(vm, args, f64::sqrt, span)),
        "fabs" => function("fabs", |vm, args, span| float(vm, args, f64::abs, span)),
        "isnan" => function("isnan", |_, args, _| Ok(Value::Bool(argument(args).is_some_and(f64::is_nan)))),
        "isinf" => function("isinf", |_, args, _| Ok(Value::Bool(argument(args).is_some_and(f64::is_infinite)))),
        "log" | "log2" | "log10" | "exp" | "pow" | "sin" | "cos" | "tan" | "gcd" | "comb" | "factorial" => {
            function("log", |vm, _, span| Ok(vm.unknown("the mathematics are not simulated", span)))
        }
        _ => None,
    }
}

fn argument(args: &Args) -> Option<f64> {
    args.positional.first().and_then(number).map(Number::float)
}

fn whole(vm: &mut Vm<'_>, args: &Args, round: fn(f64) -> f64, span: Span) -> Flow<Value> {
    if let Some(Number::Int(int)) = args.positional.first().and_then(number) {
        return Ok(Value::Int(int));
    }
    match argument(args).map(round) {
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        Some(float) if float.abs() < 9e18 => Ok(Value::Int(float as i64)),
        _ => Ok(vm.unknown("the number can't be rounded here", span)),
    }
}

fn float(vm: &mut Vm<'_>, args: &Args, of: fn(f64) -> f64, span: Span) -> Flow<Value> {
    match argument(args).map(of) {
        Some(float) if !float.is_nan() => Ok(Value::Float(float)),
        Some(_) => Err(vm.raise("ValueError", "math domain error", span)),
        None => Ok(vm.unknown("the number is not simulated", span)),
    }
}
