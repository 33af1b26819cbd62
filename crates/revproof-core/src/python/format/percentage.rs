//! `template % values`.

use std::rc::Rc;

use super::spec::{Spec, float, integer, pad};
use super::{MAX_WIDTH, ascii};
use crate::python::eval::number;
use crate::python::object::type_name;
use crate::python::partial::TextBuilder;
use crate::python::value::{Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// `template % values`; an `Unknown` where a value that is put in is not known.
pub(crate) fn percent(vm: &mut Vm<'_>, template: &Rc<str>, values: &Value, span: Span) -> Flow<Value> {
    let (mut positional, single) = match values {
        Value::Tuple(items) => (items.to_vec(), false),
        other => (vec![other.clone()], true),
    };
    if let Some(open) = positional.iter().find(|item| crate::python::join::is_rest(item)) {
        return Ok(Value::Unknown(vm.why(&open.clone(), span)));
    }
    positional.reverse();
    let mut out = TextBuilder::default();
    let mut used_mapping = false;
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut value = None;
        if chars.peek() == Some(&'(') {
            chars.next();
            let mut key = String::new();
            let mut depth = 1;
            for c in chars.by_ref() {
                match c {
                    '(' => depth += 1,
                    ')' => {
                        depth -= 1;
                        if depth == 0 {
                            break;
                        }
                    }
                    _ => {}
                }
                key.push(c);
            }
            used_mapping = true;
            value = Some(vm.item(values, &Value::Str(key.into()), span)?);
        }
        let mut spec = Spec::default();
        while let Some(flag) = chars.peek() {
            match flag {
                '-' => spec.align = Some('<'),
                '+' => spec.sign = Some('+'),
                ' ' => spec.sign = spec.sign.or(Some(' ')),
                '0' => spec.zero = true,
                '#' => spec.alternate = true,
                _ => break,
            }
            chars.next();
        }
        if spec.align.is_some() {
            spec.zero = false;
        }
        spec.width = match count(vm, &mut chars, &mut positional, span)? {
            Some(Ok(width)) => width,
            Some(Err(why)) => return Ok(why),
            None => 0,
        };
        if chars.peek() == Some(&'.') {
            chars.next();
            spec.precision = match count(vm, &mut chars, &mut positional, span)? {
                Some(Ok(precision)) => Some(precision),
                Some(Err(why)) => return Ok(why),
                None => Some(0),
            };
        }
        while let Some('l' | 'h' | 'L') = chars.peek() {
            chars.next();
        }
        let Some(kind) = chars.next() else {
            return Err(vm.raise("ValueError", "incomplete format", span));
        };
        if kind == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = value.or_else(|| positional.pop()) else {
            return Err(vm.raise("TypeError", "not enough arguments for format string", span));
        };
        if let Value::Unknown(_) = value {
            out.push_value(vm, &value, span);
            continue;
        }
        match conversion(vm, &value, kind, spec, span)? {
            Some(text) => out.push_str(&text),
            None => out.push_value(vm, &value, span),
        }
    }
    let left_over = !positional.is_empty() && !used_mapping;
    let mapping = matches!(values, Value::Dict(_) | Value::Object(_)) && single;
    if left_over && !mapping && !matches!(values, Value::Unknown(_)) {
        return Err(vm.raise("TypeError", "not all arguments converted during string formatting", span));
    }
    vm.charge(out.len() as u64 / 64, || span)?;
    Ok(out.finish(span))
}

fn count(
    vm: &mut Vm<'_>,
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    positional: &mut Vec<Value>,
    span: Span,
) -> Flow<Option<Result<usize, Value>>> {
    if chars.peek() == Some(&'*') {
        chars.next();
        return match positional.pop() {
            Some(Value::Int(count)) => Ok(Some(Ok(usize::try_from(count).unwrap_or(0).min(MAX_WIDTH)))),
            Some(unknown @ Value::Unknown(_)) => Ok(Some(Err(Value::Unknown(vm.why(&unknown, span))))),
            _ => Err(vm.raise("TypeError", "* wants int", span)),
        };
    }
    let mut number: Option<usize> = None;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize).min(MAX_WIDTH));
    }
    Ok(number.map(Ok))
}

fn conversion(vm: &mut Vm<'_>, value: &Value, kind: char, mut spec: Spec, span: Span) -> Flow<Option<String>> {
    let cut = |text: &str, spec: &Spec| -> String {
        let shown: String = match spec.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        let plain = Spec { zero: false, fill: None, align: spec.align, width: spec.width, ..Spec::default() };
        pad(&shown, &plain, '>')
    };
    Ok(Some(match kind {
        's' => match vm.text(value) {
            Some(text) => cut(&text, &spec),
            None => return Ok(None),
        },
        'r' => match vm.repr(value) {
            Some(text) => cut(&text, &spec),
            None => return Ok(None),
        },
        'a' => match vm.repr(value) {
            Some(text) => cut(&ascii(&text), &spec),
            None => return Ok(None),
        },
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let value = vm.payload(value).unwrap_or_else(|| value.clone());
            let int = match number(&value) {
                Some(crate::python::eval::Number::Int(int)) => int,
                #[expect(clippy::cast_possible_truncation, reason = "`%d` cuts the fraction off")]
                Some(crate::python::eval::Number::Float(float)) => float as i64,
                None => {
                    let message = format!("%{kind} format: a real number is required, not {}", type_name(&value));
                    return Err(vm.raise("TypeError", &message, span));
                }
            };
            spec.kind = if matches!(kind, 'd' | 'i' | 'u') { None } else { Some(kind) };
            match spec.precision.take() {
                None => integer(int, &spec).unwrap_or_default(),
                // The precision of a whole number is how many digits it has at least.
                Some(digits) => {
                    let sign = usize::from(int < 0 || spec.sign.is_some());
                    let filled = if spec.zero { spec.width } else { 0 };
                    let digits = Spec { zero: true, width: filled.max(digits + sign), align: None, ..spec.clone() };
                    let text = integer(int, &digits).unwrap_or_default();
                    pad(&text, &Spec { align: spec.align, width: spec.width, ..Spec::default() }, '>')
                }
            }
        }
        'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
            let Some(number) = number(value) else {
                let message = format!("must be real number, not {}", type_name(value));
                return Err(vm.raise("TypeError", &message, span));
            };
            spec.kind = Some(kind);
            float(number.float(), &spec).unwrap_or_default()
        }
        'c' => match value {
            Value::Str(text) => cut(text, &spec),
            Value::Int(code) => {
                let c = u32::try_from(*code).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
                cut(&c.to_string(), &spec)
            }
            _ => return Err(vm.raise("TypeError", "%c requires int or char", span)),
        },
        other => {
            let message = format!("unsupported format character '{other}' ({:#x})", u32::from(other));
            return Err(vm.raise("ValueError", &message, span));
        }
    }))
}
