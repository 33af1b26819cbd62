//! [`Signature`] and [`Call`]: arguments bound to parameters as Python binds them, with Python's complaints.

use std::rc::Rc;

use crate::python::{Args, Flow, Unknown, Value, Vm};
use crate::source::Span;

/// The parameters of a function.
pub(in crate::alembic) struct Signature {
    /// Its name, for messages.
    pub name: &'static str,
    /// Parameters that may be given by position.
    pub positional: &'static [&'static str],
    /// How many of them have no default.
    pub required: usize,
    /// Parameters that are given by keyword only.
    pub keyword: &'static [&'static str],
    /// Whether more positional arguments are taken (`*args`).
    pub rest: bool,
    /// Which other keywords are taken.
    pub extra: Extra,
    /// How many arguments Python counts that the script does not write (`self`).
    pub implicit: usize,
}

/// Which keywords a function takes beyond its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic) enum Extra {
    /// None.
    None,
    /// Those of dialects: `postgresql_using`.
    Dialect,
    /// Any.
    Any,
}

/// A call with its arguments bound.
pub(in crate::alembic) struct Call {
    signature: &'static Signature,
    values: Vec<Option<Value>>,
    /// The arguments of `*args`.
    pub rest: Vec<Value>,
    /// The keywords beyond the parameters.
    pub extra: Vec<(Rc<str>, Value)>,
    /// There may be more arguments than these.
    pub open: Option<Rc<Unknown>>,
    /// The spans of the arguments as written.
    spans: Vec<Span>,
    /// The call.
    pub span: Span,
}

const NO_SIGNATURE: Signature =
    Signature { name: "", positional: &[], required: 0, keyword: &[], rest: false, extra: Extra::None, implicit: 0 };

impl Signature {
    /// A function of positional parameters, all of them required.
    pub(in crate::alembic) const fn new(name: &'static str, positional: &'static [&'static str]) -> Self {
        Self { name, positional, required: positional.len(), ..NO_SIGNATURE }
    }

    /// The last `count` positional parameters have defaults.
    pub(in crate::alembic) const fn optional(self, count: usize) -> Self {
        Self { required: self.positional.len().saturating_sub(count), ..self }
    }

    /// With parameters that are given by keyword only.
    pub(in crate::alembic) const fn keywords(self, keyword: &'static [&'static str]) -> Self {
        Self { keyword, ..self }
    }

    /// With `*args`.
    pub(in crate::alembic) const fn rest(self) -> Self {
        Self { rest: true, ..self }
    }

    /// With `**kw`, of dialects or of any names.
    pub(in crate::alembic) const fn extra(self, extra: Extra) -> Self {
        Self { extra, ..self }
    }

    /// As a method: `self` counts in messages.
    pub(in crate::alembic) const fn method(self) -> Self {
        Self { implicit: 1, ..self }
    }

    /// Binds arguments; a mismatch is the `TypeError` that Python raises.
    pub(in crate::alembic) fn bind(&'static self, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Call> {
        let given = args.positional.len();
        let most = self.positional.len();
        let mut values = vec![None; most + self.keyword.len()];
        let mut rest = Vec::new();
        for (at, value) in args.positional.into_iter().enumerate() {
            match values.get_mut(at) {
                Some(slot) if at < most => *slot = Some(value),
                _ => rest.push(value),
            }
        }
        if !rest.is_empty() && !self.rest {
            let takes = most + self.implicit;
            let message = format!(
                "{}() takes {takes} positional argument{} but {} were given",
                self.name,
                if takes == 1 { "" } else { "s" },
                given + self.implicit
            );
            return Err(vm.raise("TypeError", &message, span));
        }
        let mut extra = Vec::new();
        for (name, value) in args.keyword {
            let Some(at) = self.position(&name) else {
                self.check_extra(vm, &name, span)?;
                extra.push((name, value));
                continue;
            };
            let Some(slot) = values.get_mut(at) else { continue };
            if slot.is_some() {
                let message = format!("{}() got multiple values for argument '{name}'", self.name);
                return Err(vm.raise("TypeError", &message, span));
            }
            *slot = Some(value);
        }
        let call = Call { signature: self, values, rest, extra, open: args.open, spans: args.spans, span };
        if call.open.is_none() {
            self.check_missing(vm, &call, span)?;
        }
        Ok(call)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.positional.iter().chain(self.keyword).position(|parameter| *parameter == name)
    }

    fn check_extra(&self, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<()> {
        let message = match self.extra {
            Extra::Any => return Ok(()),
            Extra::Dialect if is_dialect_argument(name) => return Ok(()),
            Extra::Dialect => {
                format!("Additional arguments should be named <dialectname>_<argument>, got '{name}'")
            }
            Extra::None => format!("{}() got an unexpected keyword argument '{name}'", self.name),
        };
        Err(vm.raise("TypeError", &message, span))
    }

    fn check_missing(&self, vm: &mut Vm<'_>, call: &Call, span: Span) -> Flow<()> {
        let missing: Vec<String> = self
            .positional
            .iter()
            .zip(&call.values)
            .take(self.required)
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| format!("'{name}'"))
            .collect();
        let Some((last, before)) = missing.split_last() else { return Ok(()) };
        let names = match before {
            [] => last.clone(),
            [one] => format!("{one} and {last}"),
            many => format!("{}, and {last}", many.join(", ")),
        };
        let message = format!(
            "{}() missing {} required positional argument{}: {names}",
            self.name,
            missing.len(),
            if before.is_empty() { "" } else { "s" }
        );
        Err(vm.raise("TypeError", &message, span))
    }
}

fn is_dialect_argument(name: &str) -> bool {
    let dialects = ["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle", "cockroachdb", "snowflake"];
    name.split_once('_').is_some_and(|(dialect, _)| dialects.contains(&dialect))
}

impl Call {
    /// The argument of that parameter, where it was given.
    pub(in crate::alembic) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(self.signature.position(name)?)?.as_ref()
    }

    /// The argument of that parameter, where it was given and is not `None`.
    pub(in crate::alembic) fn some(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| !matches!(value, Value::None))
    }

    /// A keyword beyond the parameters, where it was given and is not `None`.
    pub(in crate::alembic) fn extra(&self, name: &str) -> Option<&Value> {
        self.extra.iter().find(|(key, _)| &**key == name).map(|(_, value)| value).filter(|v| !matches!(v, Value::None))
    }

    /// Where the `at`-th argument of `*args` stands.
    pub(in crate::alembic) fn rest_span(&self, at: usize) -> Span {
        self.spans.get(self.signature.positional.len() + at).copied().unwrap_or(self.span)
    }
}
