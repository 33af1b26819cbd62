//! Arithmetic and the other binary and unary operators.

use std::rc::Rc;

use ruff_python_ast::{Expr, ExprBinOp};
use ruff_text_size::Ranged;

use super::{Frame, Vm};
use crate::python::format;
use crate::python::join::is_rest;
use crate::python::object::type_name;
use crate::python::partial::TextBuilder;
use crate::python::value::{Flow, Operator, Reach, Value};
use crate::source::Span;

/// Whether a value is a text, known in part at least.
fn is_text(value: &Value) -> bool {
    match value {
        Value::Str(_) => true,
        Value::Unknown(unknown) => unknown.partial.is_some(),
        _ => false,
    }
}

/// Whether a value may be a text.
fn may_be_text(value: &Value) -> bool {
    match value {
        Value::Unknown(unknown) => unknown.reach == Reach::Data && !unknown.rest,
        value => is_text(value),
    }
}

/// The longest text or list that an operator makes.
const MAX_LENGTH: usize = 1 << 20;

pub(super) fn operator(op: ruff_python_ast::Operator) -> Operator {
    match op {
        ruff_python_ast::Operator::Add => Operator::Add,
        ruff_python_ast::Operator::Sub => Operator::Sub,
        ruff_python_ast::Operator::Mult => Operator::Mul,
        ruff_python_ast::Operator::MatMult => Operator::MatMul,
        ruff_python_ast::Operator::Div => Operator::Div,
        ruff_python_ast::Operator::Mod => Operator::Mod,
        ruff_python_ast::Operator::Pow => Operator::Pow,
        ruff_python_ast::Operator::LShift => Operator::LShift,
        ruff_python_ast::Operator::RShift => Operator::RShift,
        ruff_python_ast::Operator::BitOr => Operator::BitOr,
        ruff_python_ast::Operator::BitXor => Operator::BitXor,
        ruff_python_ast::Operator::BitAnd => Operator::BitAnd,
        ruff_python_ast::Operator::FloorDiv => Operator::FloorDiv,
    }
}

impl Vm<'_> {
    /// Walks the left spine of `a + b + c + …` in a loop: the chain may be long.
    pub(super) fn binary_expression(&mut self, frame: &Frame<'_>, binary: &ExprBinOp) -> Flow<Value> {
        let mut spine = vec![binary];
        while let Some(Expr::BinOp(left)) = spine.last().map(|binary| &*binary.left) {
            spine.push(left);
        }
        let Some(innermost) = spine.last() else { return Ok(Value::None) };
        let mut value = self.expression(frame, &innermost.left)?;
        for binary in spine.into_iter().rev() {
            let right = self.expression(frame, &binary.right)?;
            let span = super::span(frame.file, binary.range());
            value = self.binary(&value, operator(binary.op), &right, span)?;
        }
        Ok(value)
    }

    /// `left operator right`, no comparison.
    pub(in crate::python) fn binary(&mut self, left: &Value, op: Operator, right: &Value, span: Span) -> Flow<Value> {
        // `%` with a known template takes an unknown value as far as `%s` goes: no further.
        if let Some(value) = self.binary_builtin(left, op, right, span)? {
            return Ok(value);
        }
        if let Value::Object(object) = left
            && let Some(value) = Rc::clone(object).binary(self, op, right, false, span)?
        {
            return Ok(value);
        }
        if let Value::Object(object) = right
            && let Some(value) = Rc::clone(object).binary(self, op, left, true, span)?
        {
            return Ok(value);
        }
        if op == Operator::Add && (is_text(left) || is_text(right)) && may_be_text(left) && may_be_text(right) {
            let mut text = TextBuilder::default();
            text.push_value(self, left, span);
            text.push_value(self, right, span);
            self.charge(text.len() as u64 / 64, || span)?;
            return Ok(text.finish(span));
        }
        if let Value::Unknown(_) = left {
            return Ok(Value::Unknown(self.why(left, span)));
        }
        if let Value::Unknown(_) = right {
            return Ok(Value::Unknown(self.why(right, span)));
        }
        let message = match (op, left) {
            (Operator::Add, Value::Str(_)) => {
                format!("can only concatenate str (not \"{}\") to str", type_name(right))
            }
            _ => format!(
                "unsupported operand type(s) for {}: '{}' and '{}'",
                sign(op),
                type_name(left),
                type_name(right)
            ),
        };
        Err(self.raise("TypeError", &message, span))
    }

    /// `left operator= right`: lists, dicts and sets change in place.
    pub(super) fn binary_in_place(&mut self, left: &Value, op: Operator, right: &Value, span: Span) -> Flow<Value> {
        match (left, op) {
            (Value::List(items), Operator::Add) => {
                let more = self.items_with_rest(right, span)?;
                self.charge(more.len() as u64, || span)?;
                self.touch_list(items);
                items.borrow_mut().extend(more);
                Ok(left.clone())
            }
            (Value::Dict(dict), Operator::BitOr) => {
                let mut new = dict.borrow().clone();
                self.dict_update(&mut new, right, span)?;
                self.touch_dict(dict);
                *dict.borrow_mut() = new;
                Ok(left.clone())
            }
            (Value::Set(items), _) if matches!(right, Value::Set(_)) => {
                let result = self.binary(left, op, right, span)?;
                if let Value::Set(new) = &result {
                    self.touch_set(items);
                    let new = new.borrow().clone();
                    *items.borrow_mut() = new;
                    return Ok(left.clone());
                }
                Ok(result)
            }
            _ => self.binary(left, op, right, span),
        }
    }

    fn binary_builtin(&mut self, left: &Value, op: Operator, right: &Value, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match (left, op, right) {
            (Value::Str(a), Operator::Add, Value::Str(b)) => {
                self.charge((a.len() + b.len()) as u64 / 64, || span)?;
                Value::Str([&**a, &**b].concat().into())
            }
            (Value::Str(template), Operator::Mod, _) => return format::percent(self, template, right, span).map(Some),
            (Value::Bytes(a), Operator::Add, Value::Bytes(b)) => {
                self.charge((a.len() + b.len()) as u64 / 64, || span)?;
                Value::Bytes([&**a, &**b].concat().into())
            }
            (Value::List(a), Operator::Add, Value::List(b)) => {
                let items = [a.borrow().as_slice(), b.borrow().as_slice()].concat();
                self.charge(items.len() as u64, || span)?;
                Value::list(items)
            }
            (Value::Tuple(a), Operator::Add, Value::Tuple(b)) => {
                self.charge((a.len() + b.len()) as u64, || span)?;
                Value::Tuple([&**a, &**b].concat().into())
            }
            (
                Value::Int(_) | Value::Bool(_),
                Operator::Mul,
                Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_),
            ) => {
                return self.repeat(right, left, span).map(Some);
            }
            (
                Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_),
                Operator::Mul,
                Value::Int(_) | Value::Bool(_),
            ) => {
                return self.repeat(left, right, span).map(Some);
            }
            (Value::Dict(a), Operator::BitOr, Value::Dict(_)) => {
                let mut dict = a.borrow().clone();
                self.dict_update(&mut dict, right, span)?;
                Value::dict(dict)
            }
            (Value::Set(a), _, Value::Set(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                return self.set_operation(&a, op, &b, span);
            }
            (Value::Bool(a), Operator::BitAnd, Value::Bool(b)) => Value::Bool(*a && *b),
            (Value::Bool(a), Operator::BitOr, Value::Bool(b)) => Value::Bool(*a || *b),
            (Value::Bool(a), Operator::BitXor, Value::Bool(b)) => Value::Bool(*a ^ *b),
            _ => match (number(left), number(right)) {
                (Some(Number::Int(a)), Some(Number::Int(b))) => return self.integers(a, op, b, span),
                (Some(a), Some(b)) => return self.floats(a.float(), op, b.float(), span),
                _ => return Ok(None),
            },
        }))
    }

    /// `value * times`.
    fn repeat(&mut self, value: &Value, times: &Value, span: Span) -> Flow<Value> {
        let times = match times {
            Value::Int(times) => usize::try_from(*times).unwrap_or(0),
            Value::Bool(times) => usize::from(*times),
            _ => 0,
        };
        let length = match value {
            Value::Str(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::List(items) => items.borrow().len(),
            Value::Tuple(items) => items.len(),
            _ => 0,
        };
        if length.saturating_mul(times) > MAX_LENGTH {
            return Ok(self.unknown("something too long to be simulated is made by `*`", span));
        }
        self.charge((length * times) as u64 / 8, || span)?;
        Ok(match value {
            Value::Str(text) => Value::Str(text.repeat(times).into()),
            Value::Bytes(bytes) => Value::Bytes(bytes.repeat(times).into()),
            Value::List(items) => {
                let items = items.borrow();
                Value::list(items.iter().cycle().take(items.len() * times).cloned().collect())
            }
            Value::Tuple(items) => Value::tuple(items.iter().cycle().take(items.len() * times).cloned().collect()),
            other => other.clone(),
        })
    }

    fn integers(&mut self, a: i64, op: Operator, b: i64, span: Span) -> Flow<Option<Value>> {
        let result = match op {
            Operator::Add => a.checked_add(b),
            Operator::Sub => a.checked_sub(b),
            Operator::Mul => a.checked_mul(b),
            Operator::FloorDiv | Operator::Mod | Operator::Div if b == 0 => {
                let message = match op {
                    Operator::Div => "division by zero",
                    _ => "integer division or modulo by zero",
                };
                return Err(self.raise("ZeroDivisionError", message, span));
            }
            #[expect(clippy::cast_precision_loss, reason = "so does Python")]
            Operator::Div => return Ok(Some(Value::Float(a as f64 / b as f64))),
            Operator::FloorDiv => floor_div(a, b),
            Operator::Mod => floor_div(a, b).and_then(|q| q.checked_mul(b)).and_then(|p| a.checked_sub(p)),
            Operator::Pow => match u32::try_from(b) {
                Ok(exponent) => a.checked_pow(exponent),
                #[expect(clippy::cast_precision_loss, reason = "so does Python")]
                Err(_) if b < 0 => return self.floats(a as f64, op, b as f64, span),
                Err(_) => None,
            },
            Operator::LShift | Operator::RShift if b < 0 => {
                return Err(self.raise("ValueError", "negative shift count", span));
            }
            Operator::LShift => u32::try_from(b)
                .ok()
                .filter(|b| *b < 63)
                .and_then(|b| 1_i64.checked_shl(b))
                .and_then(|factor| a.checked_mul(factor)),
            Operator::RShift => Some(a >> b.min(63)),
            Operator::BitOr => Some(a | b),
            Operator::BitAnd => Some(a & b),
            Operator::BitXor => Some(a ^ b),
            _ => return Ok(None),
        };
        Ok(Some(result.map_or_else(|| self.unknown("the number has over 64 bits", span), Value::Int)))
    }

    fn floats(&mut self, a: f64, op: Operator, b: f64, span: Span) -> Flow<Option<Value>> {
        if b == 0.0 && matches!(op, Operator::Div | Operator::FloorDiv | Operator::Mod) {
            let message = match op {
                Operator::Mod => "float modulo",
                Operator::FloorDiv => "float floor division by zero",
                _ => "float division by zero",
            };
            return Err(self.raise("ZeroDivisionError", message, span));
        }
        Ok(Some(Value::Float(match op {
            Operator::Add => a + b,
            Operator::Sub => a - b,
            Operator::Mul => a * b,
            Operator::Div => a / b,
            Operator::FloorDiv => (a / b).floor(),
            Operator::Mod => a - b * (a / b).floor(),
            Operator::Pow => a.powf(b),
            _ => return Ok(None),
        })))
    }

    fn set_operation(&mut self, a: &[Value], op: Operator, b: &[Value], span: Span) -> Flow<Option<Value>> {
        if !matches!(op, Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor) {
            return Ok(None);
        }
        self.charge((a.len() + b.len()) as u64, || span)?;
        // What is unknown may be equal to anything.
        if let Some(unknown) = a.iter().chain(b).find(|item| matches!(item, Value::Unknown(_)))
            && (op != Operator::BitOr || is_rest(unknown))
        {
            let why = self.why(&unknown.clone(), span);
            return Ok(Some(Value::set(vec![crate::python::join::rest(&why)])));
        }
        let mut result = Vec::new();
        for item in a {
            let shared = self.find(b, item, span)?;
            if op == Operator::BitOr || (op == Operator::BitAnd) == shared {
                result.push(item.clone());
            }
        }
        if matches!(op, Operator::BitOr | Operator::BitXor) {
            for item in b {
                if !self.find(a, item, span)? {
                    result.push(item.clone());
                }
            }
        }
        Ok(Some(Value::set(result)))
    }

    fn find(&mut self, items: &[Value], item: &Value, span: Span) -> Flow<bool> {
        self.charge(items.len() as u64 / 16, || span)?;
        Ok(items.iter().any(|other| self.equal(other, item, span) == Some(true)))
    }

    pub(super) fn unary_value(&mut self, value: &Value, sign: char, span: Span) -> Flow<Value> {
        match (value, number(value)) {
            (Value::Unknown(_), _) => return Ok(Value::Unknown(self.why(value, span))),
            (Value::Object(object), _) => {
                if let Some(value) = Rc::clone(object).unary(self, sign, span)? {
                    return Ok(value);
                }
            }
            (_, Some(Number::Int(int))) => {
                let result = match sign {
                    '-' => int.checked_neg(),
                    '~' => Some(!int),
                    _ => Some(int),
                };
                return Ok(result.map_or_else(|| self.unknown("the number has over 64 bits", span), Value::Int));
            }
            (_, Some(Number::Float(float))) if sign != '~' => {
                return Ok(Value::Float(if sign == '-' { -float } else { float }));
            }
            _ => {}
        }
        let message = format!("bad operand type for unary {sign}: '{}'", type_name(value));
        Err(self.raise("TypeError", &message, span))
    }
}

/// A number as Python's arithmetic sees it.
#[derive(Debug, Clone, Copy)]
pub(in crate::python) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    #[expect(clippy::cast_precision_loss, reason = "so does Python")]
    pub(in crate::python) fn float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}

/// The number that a value is; `True` is 1.
pub(in crate::python) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Bool(truth) => Some(Number::Int(i64::from(*truth))),
        Value::Int(int) => Some(Number::Int(*int)),
        Value::Float(float) => Some(Number::Float(*float)),
        _ => None,
    }
}

/// `a // b` for a `b` that is not zero.
pub(in crate::python) fn floor_div(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    let remainder = a.checked_rem(b)?;
    if remainder != 0 && (remainder < 0) != (b < 0) { quotient.checked_sub(1) } else { Some(quotient) }
}

fn sign(op: Operator) -> &'static str {
    match op {
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mul => "*",
        Operator::Div => "/",
        Operator::FloorDiv => "//",
        Operator::Mod => "%",
        Operator::Pow => "** or pow()",
        Operator::MatMul => "@",
        Operator::LShift => "<<",
        Operator::RShift => ">>",
        Operator::BitOr => "|",
        Operator::BitAnd => "&",
        Operator::BitXor => "^",
        Operator::Eq => "==",
        Operator::NotEq => "!=",
        Operator::Lt => "<",
        Operator::LtE => "<=",
        Operator::Gt => ">",
        Operator::GtE => ">=",
    }
}
