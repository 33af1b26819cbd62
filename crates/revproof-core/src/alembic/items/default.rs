//! What fills a column in on the server's side: [`IdentityObject`], [`ComputedObject`], `FetchedValue`.

use std::rc::Rc;

use crate::alembic::arguments::{Extra, Signature};
use crate::alembic::known;
use crate::alembic::object;
use crate::alembic::objects::Class;
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm};
use crate::schema::{Identity, Name};
use crate::source::Span;

/// A `sa.Identity(…)`.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct IdentityObject {
    /// Its options.
    pub identity: Identity,
    /// `nominvalue`, `nomaxvalue`, and `cycle` where it is given.
    pub negations: (bool, bool, Option<bool>),
    /// Why something about it can't be known, if so.
    pub taint: Option<Rc<Unknown>>,
}

/// A `sa.Computed(…)`.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct ComputedObject {
    /// Its expression.
    pub expression: Value,
    /// `persisted`.
    pub persisted: Option<bool>,
}

/// A `sa.FetchedValue()`.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct FetchedValueObject;

static IDENTITY: Signature = Signature::new(
    "Identity.__init__",
    &[
        "always",
        "on_null",
        "start",
        "increment",
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
        "order",
    ],
)
.optional(11)
.extra(Extra::Dialect)
.method();

/// `Identity(always=False, on_null=None, start=None, …)`.
pub(super) fn identity(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = IDENTITY.bind(vm, args, span)?;
    let mut taint = call.open.clone();
    let mut number = |name: &str| {
        known::number(call.get(name), span).unwrap_or_else(|why| {
            taint = Some(why);
            None
        })
    };
    let (start, increment) = (number("start"), number("increment"));
    let (min_value, max_value, cache) = (number("minvalue"), number("maxvalue"), number("cache"));
    let mut flag = |vm: &mut Vm<'_>, name: &str| {
        known::flag(vm, call.get(name), false, span).unwrap_or_else(|why| {
            taint = Some(why);
            false
        })
    };
    let (always, cycle) = (flag(vm, "always"), flag(vm, "cycle"));
    let identity = Identity { always, start, increment, min_value, max_value, cycle, cache };
    let negations = (flag(vm, "nominvalue"), flag(vm, "nomaxvalue"), call.some("cycle").map(|_| cycle));
    Ok(Value::object(IdentityObject { identity, negations, taint }))
}

impl IdentityObject {
    /// Its options, each with its name, in the order in which SQLAlchemy writes them.
    pub(in crate::alembic) fn listed(&self) -> Vec<(&'static str, String)> {
        let identity = &self.identity;
        let (no_min, no_max, cycle) = self.negations;
        let mut options = Vec::new();
        options.extend(identity.increment.map(|n| ("increment", format!("INCREMENT BY {n}"))));
        options.extend(identity.start.map(|n| ("start", format!("START WITH {n}"))));
        options.extend(identity.min_value.map(|n| ("minvalue", format!("MINVALUE {n}"))));
        options.extend(identity.max_value.map(|n| ("maxvalue", format!("MAXVALUE {n}"))));
        options.extend(no_min.then(|| ("nominvalue", "NO MINVALUE".to_owned())));
        options.extend(no_max.then(|| ("nomaxvalue", "NO MAXVALUE".to_owned())));
        options.extend(identity.cache.map(|n| ("cache", format!("CACHE {n}"))));
        options.extend(cycle.map(|cycle| ("cycle", if cycle { "CYCLE" } else { "NO CYCLE" }.to_owned())));
        options
    }

    /// Its options as SQLAlchemy writes them, with blanks between.
    pub(in crate::alembic) fn options(&self) -> Name {
        let options: Vec<String> = self.listed().into_iter().map(|(_, text)| text).collect();
        options.join(" ").into()
    }
}

static COMPUTED: Signature = Signature::new("Computed.__init__", &["sqltext", "persisted"]).optional(1).method();

/// `Computed(sqltext, persisted=None)`.
pub(super) fn computed(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = COMPUTED.bind(vm, args, span)?;
    let persisted = match known::optional_flag(vm, call.get("persisted"), span) {
        Ok(persisted) => persisted,
        Err(why) => return Ok(Value::Unknown(why)),
    };
    let expression = call.get("sqltext").cloned().unwrap_or(Value::None);
    Ok(Value::object(ComputedObject { expression, persisted }))
}

/// `FetchedValue(for_update=False)`.
pub(super) fn fetched_value(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let _ = (vm, args, span);
    Ok(Value::object(FetchedValueObject))
}

/// `DefaultClause(arg)` is its argument.
pub(super) fn default_clause(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    Ok(args.get(0, "arg").cloned().unwrap_or_else(|| vm.unknown("the default is not given", span)))
}

macro_rules! opaque_item {
    ($object:ty, $name:literal) => {
        impl Foreign for $object {
            object!($name);

            fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
                Ok(Some(vm.unknown(format!("{}.{name} is not known", $name), span)))
            }

            fn is_instance(&self, class: &Value) -> Option<bool> {
                Some(Class::named(class, $name))
            }
        }
    };
}

opaque_item!(IdentityObject, "Identity");
opaque_item!(ComputedObject, "Computed");
opaque_item!(FetchedValueObject, "FetchedValue");
