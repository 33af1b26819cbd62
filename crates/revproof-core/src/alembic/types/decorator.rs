//! Types of the script's own: subclasses of `TypeDecorator`, `UserDefinedType` or of any other type.

use std::rc::Rc;

use super::class::{Base, TypeClass};
use super::kind::Kind;
use super::{SaType, coerce};
use crate::alembic::object;
use crate::alembic::objects::Function;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::schema::Name;
use crate::source::Span;

/// A class that a script derives from a type.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct ScriptClass {
    /// The class that it derives from.
    pub parent: Rc<TypeClass>,
    /// Its own attributes.
    pub namespace: Vec<(Rc<str>, Value)>,
    /// The type of an instance without arguments, where it can be known.
    pub bare: Option<Rc<SaType>>,
}

impl ScriptClass {
    fn own(&self, name: &str) -> Option<&Value> {
        self.namespace.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }

    /// An attribute of the class or of the script's classes above it.
    fn find(&self, name: &str) -> Option<Value> {
        let mut class = self;
        for _ in 0..32 {
            if let Some(value) = class.own(name) {
                return Some(value.clone());
            }
            match &class.parent.base {
                Base::Script(parent) => class = parent,
                _ => return None,
            }
        }
        None
    }

    /// The first class above it that is not the script's.
    fn root(&self) -> Option<Rc<TypeClass>> {
        let mut parent = self.parent.clone();
        for _ in 0..32 {
            let next = match &parent.base {
                Base::Script(class) => class.parent.clone(),
                _ => return Some(parent),
            };
            parent = next;
        }
        None
    }
}

/// `class name(parent): namespace`.
pub(super) fn subclass(
    parent: &Rc<TypeClass>,
    vm: &mut Vm<'_>,
    name: &Rc<str>,
    namespace: &[(Rc<str>, Value)],
    span: Span,
) -> Flow<Value> {
    let mut class = ScriptClass { parent: parent.clone(), namespace: namespace.to_vec(), bare: None };
    class.bare = implementation(&class, vm, &Args::default(), span)?;
    Ok(Value::object(TypeClass { name: name.clone(), base: Base::Script(Rc::new(class)) }))
}

/// `name(…)`, an instance of a class of the script's own.
pub(super) fn build(name: &str, class: &ScriptClass, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<SaType> {
    let inner = match class.find("__init__") {
        // What an initialiser of its own makes of the arguments is not followed.
        Some(_) if args.positional.is_empty() && args.keyword.is_empty() => class.bare.clone(),
        Some(init) => {
            let why = format!("the arguments of {name} are read by its own __init__");
            let unknown = vm.unknown(why, span);
            let _ = init;
            return Ok(SaType { unknown: unknown.as_unknown().cloned(), ..SaType::plain(name, Kind::Unknown) });
        }
        None => implementation(class, vm, &args, span)?,
    };
    Ok(SaType::plain(name, inner.map_or(Kind::Unknown, Kind::Decorated)))
}

/// The type that stands behind an instance with these arguments.
fn implementation(class: &ScriptClass, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Option<Rc<SaType>>> {
    if let Some(load) = class.find("load_dialect_impl") {
        return dialect_implementation(class, vm, &load, span);
    }
    if let Some(spec) = class.find("get_col_spec") {
        let me = this(class);
        let call = Args { positional: vec![me], ..Args::default() };
        let text = vm.call(&spec, call, span)?;
        return Ok(text.as_str().map(|text| Rc::new(SaType::plain("UserDefinedType", named(text)))));
    }
    if let Some(inner) = class.find("impl") {
        return match inner.downcast::<TypeClass>() {
            Some(inner) => Ok(coerce(&inner.call(vm, args.clone(), span)?)),
            None => Ok(coerce(&inner)),
        };
    }
    match class.root() {
        Some(root) if !matches!(root.base, Base::Abstract) => Ok(coerce(&root.call(vm, args.clone(), span)?)),
        _ => Ok(None),
    }
}

/// Calls the script's `load_dialect_impl(self, dialect)` for the dialect at hand.
fn dialect_implementation(class: &ScriptClass, vm: &mut Vm<'_>, load: &Value, span: Span) -> Flow<Option<Rc<SaType>>> {
    let dialect = Value::object(TypeDialect);
    let call = Args { positional: vec![this(class), dialect], ..Args::default() };
    Ok(coerce(&vm.call(load, call, span)?))
}

/// `self` in the methods of the class.
fn this(class: &ScriptClass) -> Value {
    Value::object(TypeClass { name: "self".into(), base: Base::Script(Rc::new(class.clone())) })
}

/// A column specification as text: `VECTOR(3)` is a name with arguments.
fn named(text: &str) -> Kind {
    let text = text.trim();
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches(')')),
        None => (text, ""),
    };
    let arguments = arguments.split(',').map(str::trim).filter(|a| !a.is_empty()).map(Name::from).collect();
    Kind::Named(Name::from(name.to_lowercase()), arguments)
}

/// The `dialect` that `load_dialect_impl` is given.
#[derive(Debug)]
struct TypeDialect;

impl Foreign for TypeDialect {
    object!("Dialect");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "name" => Value::str(vm.host.catalog().dialect.name()),
            "type_descriptor" => Function::value(|vm, args, span| {
                Ok(args.positional.first().cloned().unwrap_or_else(|| vm.unknown("no type is given", span)))
            }),
            _ => vm.unknown(format!("dialect.{name} is not known"), span),
        }))
    }
}
