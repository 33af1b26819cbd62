//! `value[key]`, slices, and their assignment and deletion.

use std::rc::Rc;

use ruff_python_ast::{ExprSlice, ExprSubscript};

use super::{Frame, Vm};
use crate::python::join::{is_rest, rest};
use crate::python::object::slice::Slice;
use crate::python::object::type_name;
use crate::python::value::{Flow, Value};
use crate::source::Span;

impl Vm<'_> {
    pub(super) fn subscript(&mut self, frame: &Frame<'_>, subscript: &ExprSubscript, span: Span) -> Flow<Value> {
        let value = self.expression(frame, &subscript.value)?;
        let key = self.expression(frame, &subscript.slice)?;
        self.item(&value, &key, span)
    }

    pub(super) fn slice_object(&mut self, frame: &Frame<'_>, slice: &ExprSlice) -> Flow<Value> {
        let mut part = |part: &Option<Box<ruff_python_ast::Expr>>| match part {
            Some(expr) => self.expression(frame, expr),
            None => Ok(Value::None),
        };
        let (lower, upper, step) = (part(&slice.lower)?, part(&slice.upper)?, part(&slice.step)?);
        Ok(Value::object(Slice { lower, upper, step }))
    }

    /// `value[key]`.
    pub(in crate::python) fn item(&mut self, value: &Value, key: &Value, span: Span) -> Flow<Value> {
        if let Some(slice) = key.downcast::<Slice>() {
            return self.slice(value, &slice, key, span);
        }
        match value {
            Value::Unknown(_) => Ok(Value::Unknown(self.why(value, span))),
            Value::Object(object) => Rc::clone(object).index(self, key, span),
            Value::Dict(dict) => self.dict_item(dict, key, span),
            Value::List(items) => {
                let items = items.borrow().clone();
                self.item_at(&items, key, "list", span)
            }
            Value::Tuple(items) => self.item_at(items, key, "tuple", span),
            Value::Str(text) => {
                let Some(at) = self.position(key, text.chars().count(), "string", span)? else {
                    return Ok(Value::Unknown(self.why(key, span)));
                };
                Ok(text.chars().nth(at).map_or(Value::None, |c| Value::Str(c.to_string().into())))
            }
            Value::Bytes(bytes) => {
                let Some(at) = self.position(key, bytes.len(), "index", span)? else {
                    return Ok(Value::Unknown(self.why(key, span)));
                };
                Ok(bytes.get(at).map_or(Value::None, |byte| Value::Int(i64::from(*byte))))
            }
            other => {
                let message = format!("'{}' object is not subscriptable", type_name(other));
                Err(self.raise("TypeError", &message, span))
            }
        }
    }

    fn item_at(&mut self, items: &[Value], key: &Value, kind: &str, span: Span) -> Flow<Value> {
        if let Some(at) = items.iter().position(is_rest) {
            // Known as far as the known items reach.
            return Ok(match (key, items.get(at)) {
                (Value::Int(key), _) if usize::try_from(*key).is_ok_and(|key| key < at) => {
                    usize::try_from(*key).ok().and_then(|key| items.get(key)).cloned().unwrap_or(Value::None)
                }
                (_, Some(unknown)) => Value::Unknown(self.why(&unknown.clone(), span)),
                (_, None) => Value::None,
            });
        }
        match self.position(key, items.len(), kind, span)? {
            Some(at) => Ok(items.get(at).cloned().unwrap_or(Value::None)),
            None => Ok(Value::Unknown(self.why(key, span))),
        }
    }

    /// The place that `key` names among `length`; `None` where the key is not known.
    fn position(&mut self, key: &Value, length: usize, kind: &str, span: Span) -> Flow<Option<usize>> {
        let at = match key {
            Value::Int(at) => *at,
            Value::Bool(at) => i64::from(*at),
            Value::Unknown(_) => return Ok(None),
            Value::Object(_) => match self.payload(key) {
                Some(Value::Int(at)) => at,
                _ => return Err(self.bad_index(kind, key, span)),
            },
            other => return Err(self.bad_index(kind, other, span)),
        };
        let place = if at < 0 { at.checked_add_unsigned(length as u64) } else { Some(at) };
        match place.and_then(|place| usize::try_from(place).ok()).filter(|place| *place < length) {
            Some(place) => Ok(Some(place)),
            None => Err(self.raise("IndexError", &format!("{kind} index out of range"), span)),
        }
    }

    fn bad_index(&mut self, kind: &str, key: &Value, span: Span) -> crate::python::Raised {
        let message = format!("{kind} indices must be integers or slices, not {}", type_name(key));
        self.raise("TypeError", &message, span)
    }

    fn slice(&mut self, value: &Value, slice: &Slice, key: &Value, span: Span) -> Flow<Value> {
        if let Some(unknown) =
            [&slice.lower, &slice.upper, &slice.step].into_iter().find(|part| matches!(part, Value::Unknown(_)))
        {
            return Ok(Value::Unknown(self.why(unknown, span)));
        }
        let select = |items: &[Value]| -> Option<Vec<Value>> {
            Some(slice_indices(slice, items.len())?.into_iter().filter_map(|at| items.get(at).cloned()).collect())
        };
        let selected = match value {
            Value::Unknown(_) => return Ok(Value::Unknown(self.why(value, span))),
            Value::Object(object) => return Rc::clone(object).index(self, key, span),
            Value::List(items) => {
                let items = items.borrow().clone();
                match items.iter().find(|item| is_rest(item)) {
                    Some(unknown) => {
                        let why = self.why(unknown, span);
                        Some(Value::list(vec![rest(&why)]))
                    }
                    None => select(&items).map(Value::list),
                }
            }
            Value::Tuple(items) => match items.iter().find(|item| is_rest(item)) {
                Some(unknown) => {
                    let why = self.why(unknown, span);
                    Some(Value::tuple(vec![rest(&why)]))
                }
                None => select(items).map(Value::tuple),
            },
            Value::Str(text) => {
                let chars: Vec<char> = text.chars().collect();
                slice_indices(slice, chars.len()).map(|indices| {
                    Value::Str(indices.into_iter().filter_map(|at| chars.get(at)).collect::<String>().into())
                })
            }
            Value::Bytes(bytes) => slice_indices(slice, bytes.len())
                .map(|indices| Value::Bytes(indices.into_iter().filter_map(|at| bytes.get(at).copied()).collect())),
            other => {
                let message = format!("'{}' object is not subscriptable", type_name(other));
                return Err(self.raise("TypeError", &message, span));
            }
        };
        match selected {
            Some(value) => Ok(value),
            None => Err(self.raise("ValueError", "slice step cannot be zero", span)),
        }
    }

    /// `object[key] = value`.
    pub(in crate::python) fn set_item(&mut self, object: &Value, key: &Value, value: Value, span: Span) -> Flow<()> {
        match object {
            Value::Unknown(_) => Ok(()),
            Value::Object(object) => Rc::clone(object).set_index(self, key, value, span),
            Value::Dict(dict) => {
                self.touch_dict(dict);
                let mut entries = std::mem::take(&mut *dict.borrow_mut());
                let result = self.dict_put(&mut entries, key.clone(), value, span);
                *dict.borrow_mut() = entries;
                result
            }
            Value::List(items) => self.set_list_item(items, key, value, span),
            other => {
                let message = format!("'{}' object does not support item assignment", type_name(other));
                Err(self.raise("TypeError", &message, span))
            }
        }
    }

    fn set_list_item(
        &mut self,
        items: &Rc<std::cell::RefCell<Vec<Value>>>,
        key: &Value,
        value: Value,
        span: Span,
    ) -> Flow<()> {
        if let Some(slice) = key.downcast::<Slice>() {
            let new = self.items_with_rest(&value, span)?;
            self.touch_list(items);
            let mut items = items.borrow_mut();
            let indices = slice_indices(&slice, items.len()).unwrap_or_default();
            let consecutive = matches!(slice.step, Value::None | Value::Int(1));
            if consecutive {
                let start = indices.first().copied().unwrap_or_else(|| slice_start(&slice, items.len()));
                let end = start + indices.len();
                items.splice(start..end, new);
            } else {
                for (at, value) in indices.into_iter().zip(new) {
                    if let Some(item) = items.get_mut(at) {
                        *item = value;
                    }
                }
            }
            return Ok(());
        }
        let unknown = items.borrow().iter().find(|item| is_rest(item)).cloned();
        if let Some(unknown) = unknown.or_else(|| matches!(key, Value::Unknown(_)).then(|| key.clone())) {
            let why = self.why(&unknown, span);
            self.touch_list(items);
            *items.borrow_mut() = vec![rest(&why)];
            return Ok(());
        }
        let length = items.borrow().len();
        if let Some(at) = self.position(key, length, "list assignment", span)? {
            self.touch_list(items);
            if let Some(item) = items.borrow_mut().get_mut(at) {
                *item = value;
            }
        }
        Ok(())
    }

    /// `del object[key]`.
    pub(super) fn delete_item(&mut self, object: &Value, key: &Value, span: Span) -> Flow<()> {
        match object {
            Value::Unknown(_) => Ok(()),
            Value::Dict(dict) => {
                if self.dict_remove(dict, key, span)?.is_none() {
                    return Err(crate::python::object::exception::key_error(self, key, span));
                }
                Ok(())
            }
            Value::List(items) => {
                let length = items.borrow().len();
                let places = match key.downcast::<Slice>() {
                    Some(slice) => slice_indices(&slice, length).unwrap_or_default(),
                    None => self.position(key, length, "list assignment", span)?.into_iter().collect(),
                };
                self.touch_list(items);
                let mut at = 0;
                items.borrow_mut().retain(|_| {
                    at += 1;
                    !places.contains(&(at - 1))
                });
                Ok(())
            }
            Value::Object(_) => {
                let deleter = self.attr(object, "__delitem__", span)?;
                let args = crate::python::Args { positional: vec![key.clone()], ..Default::default() };
                self.call(&deleter, args, span).map(|_| ())
            }
            other => {
                let message = format!("'{}' object doesn't support item deletion", type_name(other));
                Err(self.raise("TypeError", &message, span))
            }
        }
    }
}

/// The places that a slice selects among `length`; `None` where its step is zero.
pub(in crate::python) fn slice_indices(slice: &Slice, length: usize) -> Option<Vec<usize>> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let part = |value: &Value| match value {
        Value::Int(int) => Some(*int),
        Value::Bool(truth) => Some(i64::from(*truth)),
        _ => None,
    };
    let step = part(&slice.step).unwrap_or(1);
    if step == 0 {
        return None;
    }
    let clamp = |at: i64, low: i64, high: i64| {
        let at = if at < 0 { at.saturating_add(length) } else { at };
        at.clamp(low, high)
    };
    let (start, end) = if step > 0 {
        (
            part(&slice.lower).map_or(0, |at| clamp(at, 0, length)),
            part(&slice.upper).map_or(length, |at| clamp(at, 0, length)),
        )
    } else {
        (
            part(&slice.lower).map_or(length - 1, |at| clamp(at, -1, length - 1)),
            part(&slice.upper).map_or(-1, |at| clamp(at, -1, length - 1)),
        )
    };
    let mut places = Vec::new();
    let mut at = start;
    while (step > 0 && at < end) || (step < 0 && at > end) {
        if let Ok(place) = usize::try_from(at) {
            places.push(place);
        }
        at = at.saturating_add(step);
    }
    Some(places)
}

fn slice_start(slice: &Slice, length: usize) -> usize {
    let whole = i64::try_from(length).unwrap_or(i64::MAX);
    match slice.lower {
        Value::Int(at) if at < 0 => usize::try_from(at.saturating_add(whole)).unwrap_or(0),
        Value::Int(at) => usize::try_from(at.min(whole)).unwrap_or(0),
        _ => 0,
    }
}
