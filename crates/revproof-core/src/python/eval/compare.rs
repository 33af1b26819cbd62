//! Comparisons, `is`, `in`, and the three-valued equality behind them.

use std::cmp::Ordering;
use std::rc::Rc;

use ruff_python_ast::{CmpOp, ExprCompare};

use super::operator::{Number, number};
use super::{Frame, Vm};
use crate::python::join::{is_rest, same};
use crate::python::object::type_name;
use crate::python::value::{Flow, Operator, Value};
use crate::source::Span;

/// How deep two containers are compared.
const MAX_COMPARED_DEPTH: u32 = 40;

impl Vm<'_> {
    /// `a < b < c`.
    pub(super) fn compare_expression(&mut self, frame: &Frame<'_>, compare: &ExprCompare) -> Flow<Value> {
        let mut left = self.expression(frame, &compare.left)?;
        let mut result = Value::Bool(true);
        let count = compare.ops.len();
        for (at, (op, right)) in compare.ops.iter().zip(&compare.comparators).enumerate() {
            let span = frame.span(compare);
            let right = self.expression(frame, right)?;
            let value = self.compare(&left, *op, &right, span)?;
            if at + 1 == count && count == 1 {
                return Ok(value);
            }
            match self.truth(&value) {
                Some(false) => return Ok(value),
                Some(true) => {
                    if !matches!(result, Value::Unknown(_)) {
                        result = value;
                    }
                }
                None => result = Value::Unknown(self.why(&value, span)),
            }
            left = right;
        }
        Ok(result)
    }

    pub(in crate::python) fn compare(&mut self, left: &Value, op: CmpOp, right: &Value, span: Span) -> Flow<Value> {
        let operator = match op {
            CmpOp::Is => return Ok(self.identity(left, right, false, span)),
            CmpOp::IsNot => return Ok(self.identity(left, right, true, span)),
            CmpOp::In => return self.contains(right, left, span),
            CmpOp::NotIn => {
                let value = self.contains(right, left, span)?;
                return Ok(match self.truth(&value) {
                    Some(truth) => Value::Bool(!truth),
                    None => Value::Unknown(self.why(&value, span)),
                });
            }
            CmpOp::Eq => Operator::Eq,
            CmpOp::NotEq => Operator::NotEq,
            CmpOp::Lt => Operator::Lt,
            CmpOp::LtE => Operator::LtE,
            CmpOp::Gt => Operator::Gt,
            CmpOp::GtE => Operator::GtE,
        };
        self.compare_values(left, operator, right, span)
    }

    pub(in crate::python) fn compare_values(
        &mut self,
        left: &Value,
        op: Operator,
        right: &Value,
        span: Span,
    ) -> Flow<Value> {
        if let Value::Object(object) = left
            && let Some(value) = Rc::clone(object).binary(self, op, right, false, span)?
        {
            return Ok(value);
        }
        if let Value::Object(object) = right
            && let Some(value) = Rc::clone(object).binary(self, mirrored(op), left, true, span)?
        {
            return Ok(value);
        }
        if let Some(unknown) = [left, right].into_iter().find(|value| matches!(value, Value::Unknown(_)))
            && !same(left, right)
        {
            return Ok(Value::Unknown(self.why(unknown, span)));
        }
        if matches!(op, Operator::Eq | Operator::NotEq) {
            return Ok(match self.equal(left, right, span) {
                Some(equal) => Value::Bool(equal == (op == Operator::Eq)),
                None => {
                    let why = self.why(left, span);
                    Value::Unknown(why)
                }
            });
        }
        if let (Value::Set(a), Value::Set(b)) = (left, right) {
            let (a, b) = (a.borrow().clone(), b.borrow().clone());
            return Ok(self.compare_sets(&a, op, &b, span));
        }
        match self.order(left, right, span)? {
            Some(ordering) => Ok(Value::Bool(match op {
                Operator::Lt => ordering == Some(Ordering::Less),
                Operator::LtE => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
                Operator::Gt => ordering == Some(Ordering::Greater),
                _ => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
            })),
            None => {
                let why = self.why(left, span);
                Ok(Value::Unknown(why))
            }
        }
    }

    fn compare_sets(&mut self, a: &[Value], op: Operator, b: &[Value], span: Span) -> Value {
        let within = |vm: &mut Self, a: &[Value], b: &[Value]| -> Option<bool> {
            if a.iter().chain(b).any(|item| matches!(item, Value::Unknown(_))) {
                return None;
            }
            Some(a.iter().all(|item| b.iter().any(|other| vm.equal(item, other, span) == Some(true))))
        };
        let result = match op {
            Operator::Lt => within(self, a, b).map(|w| w && a.len() < b.len()),
            Operator::LtE => within(self, a, b),
            Operator::Gt => within(self, b, a).map(|w| w && b.len() < a.len()),
            _ => within(self, b, a),
        };
        result.map_or_else(|| self.unknown("not all items of the set are known", span), Value::Bool)
    }

    /// The order of two values: the outer `None` is "not known", the inner one "none of less, equal, greater" (NaN).
    #[expect(clippy::option_option, reason = "both absences mean something else")]
    pub(in crate::python) fn order(
        &mut self,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Flow<Option<Option<Ordering>>> {
        match (left, right) {
            (Value::Str(a), Value::Str(b)) => return Ok(Some(Some(a.cmp(b)))),
            (Value::Bytes(a), Value::Bytes(b)) => return Ok(Some(Some(a.cmp(b)))),
            (Value::List(a), Value::List(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                return self.order_items(&a, &b, span);
            }
            (Value::Tuple(a), Value::Tuple(b)) => return self.order_items(a, b, span),
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => return Ok(None),
            (Value::Object(_), _) | (_, Value::Object(_)) => {
                let less = self.compare_objects(left, Operator::Lt, right, span)?;
                if let Some(less) = less {
                    return Ok(match self.truth(&less) {
                        Some(true) => Some(Some(Ordering::Less)),
                        Some(false) => Some(match self.equal(left, right, span) {
                            Some(true) => Some(Ordering::Equal),
                            Some(false) => Some(Ordering::Greater),
                            None => return Ok(None),
                        }),
                        None => None,
                    });
                }
            }
            _ => match (number(left), number(right)) {
                (Some(Number::Int(a)), Some(Number::Int(b))) => return Ok(Some(Some(a.cmp(&b)))),
                (Some(a), Some(b)) => return Ok(Some(a.float().partial_cmp(&b.float()))),
                _ => {}
            },
        }
        let message =
            format!("'<' not supported between instances of '{}' and '{}'", type_name(left), type_name(right));
        Err(self.raise("TypeError", &message, span))
    }

    fn compare_objects(&mut self, left: &Value, op: Operator, right: &Value, span: Span) -> Flow<Option<Value>> {
        if let Value::Object(object) = left
            && let Some(value) = Rc::clone(object).binary(self, op, right, false, span)?
        {
            return Ok(Some(value));
        }
        if let Value::Object(object) = right {
            return Rc::clone(object).binary(self, mirrored(op), left, true, span);
        }
        Ok(None)
    }

    #[expect(clippy::option_option, reason = "both absences mean something else")]
    fn order_items(&mut self, a: &[Value], b: &[Value], span: Span) -> Flow<Option<Option<Ordering>>> {
        for (a, b) in a.iter().zip(b) {
            match self.equal(a, b, span) {
                Some(true) => {}
                Some(false) => return self.deeper(1, || span, |vm| vm.order(a, b, span)),
                None => return Ok(None),
            }
        }
        Ok(Some(Some(a.len().cmp(&b.len()))))
    }

    fn identity(&mut self, left: &Value, right: &Value, negated: bool, span: Span) -> Value {
        match (left, right) {
            _ if same(left, right) => Value::Bool(!negated),
            (Value::Unknown(_), _) => Value::Unknown(self.why(left, span)),
            (_, Value::Unknown(_)) => Value::Unknown(self.why(right, span)),
            (Value::Object(a), Value::Object(b)) if same_builtin(&**a, &**b) => Value::Bool(!negated),
            _ => Value::Bool(negated),
        }
    }

    /// `left == right`; `None` where it can't be known.
    pub fn equal(&mut self, left: &Value, right: &Value, span: Span) -> Option<bool> {
        self.equal_within(left, right, span, 0)
    }

    fn equal_within(&mut self, left: &Value, right: &Value, span: Span, depth: u32) -> Option<bool> {
        if depth > MAX_COMPARED_DEPTH {
            return None;
        }
        match (left, right) {
            (Value::Str(a), Value::Str(b)) => Some(a == b),
            (Value::None, Value::None) => Some(true),
            (Value::Bytes(a), Value::Bytes(b)) => Some(a == b),
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
            (Value::List(a), Value::List(b)) => {
                if Rc::ptr_eq(a, b) {
                    return Some(true);
                }
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                self.equal_items(&a, &b, span, depth)
            }
            (Value::Tuple(a), Value::Tuple(b)) => self.equal_items(a, b, span, depth),
            (Value::Dict(a), Value::Dict(b)) => {
                if Rc::ptr_eq(a, b) {
                    return Some(true);
                }
                let (a, b) = (a.borrow().entries.clone(), b.borrow().entries.clone());
                if a.iter().chain(&b).any(|(key, _)| matches!(key, Value::Unknown(_))) {
                    return None;
                }
                if a.len() != b.len() {
                    return Some(false);
                }
                let mut known = true;
                for (key, value) in &a {
                    let other = b.iter().find(|(k, _)| self.equal_within(k, key, span, depth + 1) == Some(true))?;
                    match self.equal_within(value, &other.1, span, depth + 1) {
                        Some(true) => {}
                        Some(false) => return Some(false),
                        None => known = false,
                    }
                }
                known.then_some(true)
            }
            (Value::Set(a), Value::Set(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                if a.iter().chain(&b).any(|item| matches!(item, Value::Unknown(_))) {
                    return None;
                }
                Some(
                    a.len() == b.len()
                        && a.iter().all(|x| b.iter().any(|y| self.equal_within(x, y, span, depth + 1) == Some(true))),
                )
            }
            (Value::Object(_), _) | (_, Value::Object(_)) => {
                if same(left, right) {
                    return Some(true);
                }
                match self.compare_objects(left, Operator::Eq, right, span) {
                    Ok(Some(value)) => self.truth(&value),
                    Ok(None) => match (left, right) {
                        (Value::Object(a), Value::Object(b)) => Some(same_builtin(&**a, &**b)),
                        _ => Some(false),
                    },
                    Err(_) => None,
                }
            }
            _ => match (number(left), number(right)) {
                (Some(Number::Int(a)), Some(Number::Int(b))) => Some(a == b),
                #[expect(clippy::float_cmp, reason = "Python compares exactly")]
                (Some(a), Some(b)) => Some(a.float() == b.float()),
                _ => Some(false),
            },
        }
    }

    fn equal_items(&mut self, a: &[Value], b: &[Value], span: Span, depth: u32) -> Option<bool> {
        if a.iter().chain(b).any(is_rest) {
            return None;
        }
        if a.len() != b.len() {
            return Some(false);
        }
        let mut known = true;
        for (a, b) in a.iter().zip(b) {
            match self.equal_within(a, b, span, depth + 1) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => known = false,
            }
        }
        known.then_some(true)
    }

    /// `item in container`.
    pub(in crate::python) fn contains(&mut self, container: &Value, item: &Value, span: Span) -> Flow<Value> {
        match (container, item) {
            (Value::Unknown(_), _) => return Ok(Value::Unknown(self.why(container, span))),
            (Value::Str(text), Value::Str(part)) => return Ok(Value::Bool(text.contains(&**part))),
            (Value::Str(_), Value::Unknown(_)) => return Ok(Value::Unknown(self.why(item, span))),
            (Value::Str(_), other) => {
                let message = format!("'in <string>' requires string as left operand, not {}", type_name(other));
                return Err(self.raise("TypeError", &message, span));
            }
            (Value::Object(object), _) => {
                if let Some(value) = Rc::clone(object).contains(self, item, span)? {
                    return Ok(value);
                }
            }
            (Value::Dict(dict), _) => {
                let keys: Vec<_> = dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect();
                return self.contains_item(&keys, item, span);
            }
            _ => {}
        }
        let items = self.items_with_rest(container, span)?;
        self.contains_item(&items, item, span)
    }

    fn contains_item(&mut self, items: &[Value], item: &Value, span: Span) -> Flow<Value> {
        self.charge(items.len() as u64 / 32, || span)?;
        let mut why = None;
        for other in items {
            match self.equal(other, item, span) {
                Some(true) => return Ok(Value::Bool(true)),
                Some(false) => {}
                None => {
                    let unknown = if matches!(other, Value::Unknown(_)) { other } else { item };
                    why.get_or_insert_with(|| unknown.clone());
                }
            }
        }
        Ok(match why {
            Some(unknown) => Value::Unknown(self.why(&unknown, span)),
            None => Value::Bool(false),
        })
    }
}

/// `a op b` is `b mirrored(op) a`.
fn mirrored(op: Operator) -> Operator {
    match op {
        Operator::Lt => Operator::Gt,
        Operator::LtE => Operator::GtE,
        Operator::Gt => Operator::Lt,
        Operator::GtE => Operator::LtE,
        other => other,
    }
}

/// Whether both are the same builtin type or function.
fn same_builtin(a: &dyn crate::python::value::Foreign, b: &dyn crate::python::value::Foreign) -> bool {
    crate::python::object::native::same(a, b)
}
