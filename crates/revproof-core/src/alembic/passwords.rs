//! The packages that hash passwords. Data migrations make users, and these have one: what a hash looks like is known,
//! and nothing hangs on which one it is.

use std::rc::Rc;

use super::object;
use super::objects::{Function, Method};
use crate::python::{Flow, Foreign, PartialText, Reach, TextPiece, Unknown, Value, Vm};
use crate::source::Span;

/// A hash of bcrypt, whose length is always the same.
const BCRYPT: &str = "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";

/// The packages that are known here.
pub(in crate::alembic) const PACKAGES: [&str; 2] = ["flask_bcrypt", "bcrypt"];

/// A name of one of the packages.
pub(in crate::alembic) fn attribute(vm: &mut Vm<'_>, package: &str, name: &str, span: Span) -> Value {
    match name {
        "generate_password_hash" | "hashpw" | "gensalt" => Function::value(|_, _, _| Ok(Value::object(Hash))),
        "Bcrypt" if package == "flask_bcrypt" => Function::value(|_, _, _| Ok(Value::object(Bcrypt))),
        _ => vm.unknown(format!("`{package}.{name}` is of a third-party package"), span),
    }
}

/// `flask_bcrypt.Bcrypt(app)`
#[derive(Debug)]
struct Bcrypt;

impl Foreign for Bcrypt {
    object!("Bcrypt");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "init_app" => Some(Function::value(|_, _, _| Ok(Value::None))),
            _ => Some(attribute(vm, "flask_bcrypt", name, span)),
        })
    }
}

/// A hash, as the bytes that it is.
#[derive(Debug)]
struct Hash;

impl Foreign for Hash {
    object!("bytes");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "decode" => Some(Method::value(&self, |_, _, _, span| Ok(text(span)))),
            _ if name.starts_with("__") => None,
            _ => Some(vm.unknown("a password is hashed", span)),
        })
    }
}

/// A text that is like any hash.
fn text(span: Span) -> Value {
    let pieces = vec![TextPiece::Any(BCRYPT.into())];
    let partial = Some(Rc::new(PartialText { pieces }));
    Value::Unknown(Rc::new(Unknown {
        why: "a password is hashed".into(),
        span,
        reach: Reach::Data,
        rest: false,
        partial,
    }))
}
