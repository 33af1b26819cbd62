//! `sa.func`: functions by name.

use std::rc::Rc;

use super::expression::{Expression, Kind, Node, coerce};
use super::ty::{Family, Ty};
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// `sa.func`, and what attributes of it make: `sa.func.pg_catalog.now`.
#[derive(Debug, Default)]
pub(super) struct Func {
    /// The name so far; empty for `sa.func` itself.
    name: String,
}

impl Foreign for Func {
    object!("_FunctionGenerator");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, name: &str, _span: Span) -> Flow<Option<Value>> {
        if name.starts_with("__") {
            return Ok(None);
        }
        // A name that Python keeps for itself is written with an underscore behind it: `func.char_`.
        let part = if name.ends_with('_') { name.get(..name.len() - 1).unwrap_or(name) } else { name };
        let name = if self.name.is_empty() { part.to_owned() } else { format!("{}.{part}", self.name) };
        Ok(Some(Value::object(Self { name })))
    }

    fn call(self: Rc<Self>, _vm: &mut Vm<'_>, args: Args, _span: Span) -> Flow<Value> {
        let short = self.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let mut nodes: Vec<Node> =
            args.positional.iter().map(|value| coerce(value, &short, &literal_type(&short))).collect();
        if let Some(open) = &args.open {
            nodes.push(Expression::bind("param", Value::Unknown(open.clone()), Ty::Null));
        }
        let given = args.keyword("type_").map(Ty::of_value).filter(|ty| !ty.is_null());
        let ty = given.unwrap_or_else(|| type_of(&short, &nodes));
        Ok(Value::Object(Expression::new(Kind::Call { name: self.name.as_str().into(), args: nodes }, ty)))
    }
}

fn literal_type(_name: &str) -> Ty {
    Ty::Null
}

fn type_of(name: &str, args: &[Node]) -> Ty {
    match name {
        "now" | "current_timestamp" | "localtimestamp" | "sysdate" => Ty::Of(Family::DateTime),
        "current_date" => Ty::Of(Family::Date),
        "current_time" | "localtime" => Ty::Of(Family::Time),
        "count" | "char_length" | "rank" | "dense_rank" => Ty::Of(Family::Integer),
        "concat" | "current_user" | "session_user" | "user" => Ty::Of(Family::Text),
        "max" | "min" | "sum" | "coalesce" => {
            args.iter().map(|arg| arg.ty.clone()).find(|ty| !ty.is_null()).unwrap_or_default()
        }
        _ => Ty::Null,
    }
}
