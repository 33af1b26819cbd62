//! The methods of `int` and `float`.

use super::operator;
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) const INT_NAMES: [&str; 6] =
    ["bit_length", "bit_count", "to_bytes", "conjugate", "as_integer_ratio", "__index__"];
pub(super) const FLOAT_NAMES: [&str; 4] = ["is_integer", "as_integer_ratio", "hex", "conjugate"];

pub(super) fn call(vm: &mut Vm<'_>, number: &Value, name: &str, args: &Args, span: Span) -> Flow<Option<Value>> {
    Ok(Some(match (number, name) {
        (Value::Int(int), "bit_length") => Value::Int(i64::from(64 - int.unsigned_abs().leading_zeros())),
        (Value::Int(int), "bit_count") => Value::Int(i64::from(int.unsigned_abs().count_ones())),
        (_, "conjugate" | "__index__") => number.clone(),
        (Value::Float(float), "is_integer") => Value::Bool(float.fract() == 0.0),
        (_, "to_bytes" | "as_integer_ratio" | "hex") => vm.unknown(format!("`{name}` is not simulated"), span),
        _ => return operator(vm, number, name, args, span),
    }))
}
