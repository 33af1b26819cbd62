//! Access to JSON.

use serde_json::Value;

use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::count;
use crate::op::Datum;

/// `json -> path` and `json ->> path`.
pub(in crate::engine) fn json_get(json: &str, path: &Datum, as_text: bool) -> Evaluation<Datum> {
    let value: Value = serde_json::from_str(json).map_err(|_| Stop::unsupported("malformed JSON"))?;
    let found = match (path, &value) {
        (Datum::Text(key), Value::Object(members)) => members.get(&**key),
        (Datum::Int(at), Value::Array(items)) => {
            let at = if *at < 0 { count(items.len()).saturating_add(*at) } else { *at };
            usize::try_from(at).ok().and_then(|at| items.get(at))
        }
        _ => None,
    };
    Ok(match found {
        None => Datum::Null,
        Some(Value::Null) if as_text => Datum::Null,
        Some(Value::String(text)) if as_text => Datum::Text(text.as_str().into()),
        Some(Value::Number(number)) if number.is_f64() => {
            return Err(Stop::unsupported("a fractional number of JSON as text is not supported"));
        }
        Some(Value::Object(_) | Value::Array(_)) if as_text => {
            return Err(Stop::unsupported("a JSON object as text is not supported"));
        }
        Some(other) if as_text => Datum::Text(other.to_string().into()),
        Some(other) => Datum::Json(other.to_string().into()),
    })
}
