//! [`Url`]: `engine.url`, of which only the dialect is known.

use std::rc::Rc;

use super::dialect::{DialectObject, driver};
use super::method::Method;
use crate::alembic::object;
use crate::python::{Flow, Foreign, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

/// `engine.url`.
#[derive(Debug)]
pub(super) struct Url {
    /// The dialect.
    pub dialect: Dialect,
}

impl Url {
    fn drivername(&self) -> String {
        match self.dialect {
            Dialect::MySql => format!("{}+{}", self.dialect.name(), driver(self.dialect)),
            _ => self.dialect.name().to_owned(),
        }
    }
}

impl Foreign for Url {
    object!("URL");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "drivername" => Value::str(&self.drivername()),
            "get_backend_name" => Method::value(&self, |url, _, _, _| Ok(Value::str(url.dialect.name()))),
            "get_driver_name" => Method::value(&self, |url, _, _, _| Ok(Value::str(driver(url.dialect)))),
            "get_dialect" => Method::value(&self, |_, _, _, _| Ok(Value::object(DialectObject))),
            "__str__" | "render_as_string" | "__to_string__" => {
                Method::value(&self, |url, _, _, _| Ok(Value::str(&format!("{}://", url.drivername()))))
            }
            _ if name.starts_with("__") => return Ok(None),
            _ => vm.unknown("the address of the database is not known", span),
        }))
    }

    fn text(&self) -> Option<Rc<str>> {
        // Scripts look at how the address begins; what comes after the dialect is not known.
        Some(format!("{}://", self.drivername()).into())
    }
}
