//! [`Class`]: a class of a script, or an exception class.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, StmtAnnAssign, StmtClassDef};

use super::function::Function;
use super::instance::Instance;
use super::method::{BoundMethod, Wrapped, Wrapper, any};
use super::native::{Native, Type};
use super::{dataclass, enumeration, exception};
use crate::python::eval::Frame;
use crate::python::journal::Place;
use crate::python::scope::{Scope, ScopeKind, Table};
use crate::python::value::{Args, Flow, Foreign, Operator, Unknown, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// A class.
#[derive(Debug)]
pub(in crate::python) struct Class {
    pub(in crate::python) name: Rc<str>,
    /// The name with its module, where that matters for messages: `sqlalchemy.exc.OperationalError`.
    pub(in crate::python) full_name: Rc<str>,
    pub(in crate::python) bases: Vec<Value>,
    /// The classes that it derives from, nearest first.
    pub(in crate::python) ancestors: Vec<Rc<Class>>,
    pub(in crate::python) table: Rc<RefCell<Table>>,
    pub(in crate::python) kind: Cell<ClassKind>,
    /// The builtin type that it derives from.
    pub(in crate::python) builtin: Option<&'static str>,
    /// A base that is not known.
    pub(in crate::python) unknown_base: Option<Rc<Unknown>>,
    /// The names annotated in its body, in order, with whether they have a value: the fields of a dataclass.
    pub(in crate::python) fields: RefCell<Vec<Name>>,
    /// The members of an enum.
    pub(in crate::python) members: RefCell<Vec<(Rc<str>, Value)>>,
}

/// What kind of class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::python) enum ClassKind {
    Plain,
    Exception,
    Enum,
    Dataclass,
    NamedTuple,
}

impl Class {
    /// A class without a body.
    pub(in crate::python) fn new(full_name: &str, bases: Vec<Value>, kind: ClassKind) -> Rc<Self> {
        let mut ancestors: Vec<Rc<Class>> = Vec::new();
        let mut builtin = None;
        let mut unknown_base = None;
        for base in &bases {
            if let Some(class) = base.downcast::<Class>() {
                builtin = builtin.or(class.builtin);
                unknown_base = unknown_base.or_else(|| class.unknown_base.clone());
                for class in std::iter::once(&class).chain(&class.ancestors) {
                    // The last place wins, so that a shared base comes after all that derive from it.
                    ancestors.retain(|known| !Rc::ptr_eq(known, class));
                    ancestors.push(Rc::clone(class));
                }
            } else if let Some(class) = base.downcast::<Type>() {
                builtin = builtin.or((class.name != "object").then_some(class.name));
            } else if let Value::Unknown(unknown) = base {
                unknown_base.get_or_insert_with(|| Rc::clone(unknown));
            }
        }
        let kind = match kind {
            ClassKind::Plain => {
                ancestors.iter().map(|class| class.kind.get()).find(|k| *k != ClassKind::Plain).unwrap_or(kind)
            }
            kind => kind,
        };
        let name = full_name.rsplit('.').next().unwrap_or(full_name).into();
        Rc::new(Self {
            name,
            full_name: full_name.into(),
            bases,
            ancestors,
            table: Rc::default(),
            kind: Cell::new(kind),
            builtin,
            unknown_base,
            fields: RefCell::default(),
            members: RefCell::default(),
        })
    }

    /// Whether it derives from something that stands for a class of a library, whose methods are not those of the script.
    pub(in crate::python) fn has_modelled_base(&self) -> bool {
        let classes = std::iter::once(self).chain(self.ancestors.iter().map(|class| &**class));
        classes.flat_map(|class| &class.bases).any(|base| {
            matches!(base, Value::Object(_)) && base.downcast::<Class>().is_none() && base.downcast::<Type>().is_none()
        })
    }

    pub(in crate::python) fn is_exception(&self) -> bool {
        self.kind.get() == ClassKind::Exception
    }

    /// Whether it is `other` or derives from it; `None` where that can't be known.
    pub(in crate::python) fn derives_from(&self, other: &Class) -> Option<bool> {
        if std::ptr::eq(self, other) || self.ancestors.iter().any(|class| std::ptr::eq(Rc::as_ptr(class), other)) {
            return Some(true);
        }
        if self.unknown_base.is_some() { None } else { Some(false) }
    }

    /// The value of a name in the class or in what it derives from, unbound, and the class that has it.
    pub(in crate::python) fn find(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.table.borrow().get(name) {
            return Some(value.clone());
        }
        self.ancestors.iter().find_map(|class| class.table.borrow().get(name).cloned())
    }

    pub(in crate::python) fn set(&self, name: &str, value: Value, span: Span) {
        self.table.borrow_mut().set(&Name::new(name), value, span);
    }
}

/// The value of a `class` statement.
pub(in crate::python) fn define(vm: &mut Vm<'_>, frame: &Frame<'_>, def: &StmtClassDef) -> Flow<Value> {
    let span = frame.span(&def.name);
    let mut decorators = Vec::new();
    for decorator in &def.decorator_list {
        decorators.push(vm.expression(frame, &decorator.expression)?);
    }
    let mut bases = Vec::new();
    for base in def.bases() {
        bases.push(vm.expression(frame, base)?);
    }
    let mut keywords: Vec<(Rc<str>, Value)> = Vec::new();
    for keyword in def.keywords() {
        if let Some(name) = &keyword.arg {
            keywords.push((name.as_str().into(), vm.expression(frame, &keyword.value)?));
        }
    }
    let scope = Scope::new(ScopeKind::Class, Some(Rc::clone(&frame.scope)));
    vm.scopes.push(Rc::clone(&scope));
    let body = vm.block(&frame.inside(Rc::clone(&scope)), &def.body);
    vm.scopes.pop();
    body?;
    let mut value = make(vm, def.name.as_str(), bases, &scope, &keywords, span)?;
    for decorator in decorators.iter().rev() {
        value = super::function::decorate(vm, decorator, value, span)?;
    }
    Ok(value)
}

fn make(
    vm: &mut Vm<'_>,
    name: &str,
    bases: Vec<Value>,
    scope: &Rc<Scope>,
    keywords: &[(Rc<str>, Value)],
    span: Span,
) -> Flow<Value> {
    let fields = std::mem::take(&mut *scope.annotated.borrow_mut());
    // A library decides what a class that derives from its own is.
    for base in &bases {
        if let Value::Object(object) = base
            && base.downcast::<Class>().is_none()
            && base.downcast::<Type>().is_none()
        {
            let namespace = with_mixins(&bases, scope);
            if let Some(class) = Rc::clone(object).subclass(vm, &name.into(), &namespace, keywords, span)? {
                return Ok(class);
            }
        }
    }
    let class = Class::new(name, bases, ClassKind::Plain);
    let inherited: Vec<Name> = class.ancestors.iter().rev().flat_map(|class| class.fields.borrow().clone()).collect();
    let mut names = inherited;
    for field in fields {
        if !names.contains(&field) {
            names.push(field);
        }
    }
    *class.fields.borrow_mut() = names;
    for entry in scope.table.borrow().entries() {
        let function = match entry.value.downcast::<Wrapped>() {
            Some(wrapped) => {
                own(wrapped.setter.borrow().as_ref(), &class);
                Some(wrapped.function.clone())
            }
            None => Some(entry.value.clone()),
        };
        own(function.as_ref(), &class);
        class.table.borrow_mut().set(&entry.name, entry.value.clone(), entry.span);
    }
    if class.kind.get() == ClassKind::Enum {
        enumeration::make_members(vm, &class, span)?;
    }
    Ok(Value::Object(class))
}

/// The names of a class body, behind those that the script's own classes among its bases lend it. A base that can't be
/// known lends names that can't be known: it stands there without one.
fn with_mixins(bases: &[Value], scope: &Rc<Scope>) -> Vec<(Rc<str>, Value)> {
    let mut namespace: Vec<(Rc<str>, Value)> = Vec::new();
    let mut put = |name: &str, value: &Value| match namespace.iter_mut().find(|(known, _)| &**known == name) {
        Some(known) => known.1 = value.clone(),
        None => namespace.push((name.into(), value.clone())),
    };
    for base in bases.iter().rev() {
        if let Value::Unknown(_) = base {
            put("", base);
        }
        let Some(mixin) = base.downcast::<Class>() else { continue };
        for class in mixin.ancestors.iter().rev().chain(std::iter::once(&mixin)) {
            for entry in class.table.borrow().entries() {
                put(entry.name.as_str(), &entry.value);
            }
        }
    }
    for entry in scope.table.borrow().entries() {
        put(entry.name.as_str(), &entry.value);
    }
    namespace
}

fn own(function: Option<&Value>, class: &Rc<Class>) {
    if let Some(function) = function.and_then(Value::downcast::<Function>) {
        function.owner.replace(Rc::downgrade(class));
    }
}

/// Remembers a name that is annotated in a class body: it may be the field of a dataclass.
pub(in crate::python) fn annotate(frame: &Frame<'_>, assign: &StmtAnnAssign) {
    if frame.scope.kind != ScopeKind::Class {
        return;
    }
    if let Expr::Name(name) = &*assign.target
        && !is_class_variable(&assign.annotation)
    {
        frame.scope.annotated.borrow_mut().push(name.id.clone());
    }
}

fn is_class_variable(annotation: &Expr) -> bool {
    match annotation {
        Expr::Name(name) => name.id.as_str() == "ClassVar",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "ClassVar",
        Expr::Subscript(subscript) => is_class_variable(&subscript.value),
        _ => false,
    }
}

/// `super()` in a method of `owner` whose first argument is `receiver`.
pub(in crate::python) fn superclass(owner: &Rc<Class>, receiver: &Value) -> Value {
    Value::object(Super { owner: Rc::clone(owner), receiver: receiver.clone() })
}

/// `super()`
#[derive(Debug)]
struct Super {
    owner: Rc<Class>,
    receiver: Value,
}

impl Foreign for Super {
    fn type_name(&self) -> Rc<str> {
        "super".into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let class = match self.receiver.downcast::<Instance>() {
            Some(instance) => Rc::clone(&instance.class),
            None => self.receiver.downcast::<Class>().unwrap_or_else(|| Rc::clone(&self.owner)),
        };
        // What comes after the owner in the order of the receiver's class.
        let after: Vec<Rc<Class>> = if Rc::ptr_eq(&class, &self.owner) {
            class.ancestors.clone()
        } else {
            class.ancestors.iter().skip_while(|c| !Rc::ptr_eq(c, &self.owner)).skip(1).cloned().collect()
        };
        for class in &after {
            let value = class.table.borrow().get(name).cloned();
            if let Some(value) = value {
                return bind(vm, value, &self.receiver, class, span).map(Some);
            }
        }
        if let Some(unknown) = &class.unknown_base {
            return Ok(Some(Value::Unknown(Rc::clone(unknown))));
        }
        Ok(match name {
            "__init__" if class.is_exception() => {
                Some(BoundMethod::value(Native::lenient("__init__", exception::init), self.receiver.clone()))
            }
            "__init__" | "__init_subclass__" | "__post_init__" | "__setattr__" => {
                Some(Native::lenient("__init__", |_, _, _| Ok(Value::None)))
            }
            "__new__" => Some(Native::lenient("__new__", |vm, args, span| match args.positional.first() {
                Some(class) => match class.downcast::<Class>() {
                    Some(class) => Ok(Value::object(Instance::bare(&class))),
                    None => Ok(vm.unknown("what `__new__` makes is not known", span)),
                },
                None => Ok(Value::None),
            })),
            _ => match self.receiver.downcast::<Instance>().and_then(|i| i.payload.borrow().clone()) {
                Some(payload) => Some(vm.attr(&payload, name, span)?),
                None => match name {
                    "__str__" | "__repr__" => Some(BoundMethod::value(
                        Native::lenient("__repr__", |vm, args, _| {
                            let text = args.positional.first().and_then(super::instance::plain_text);
                            let _ = vm;
                            Ok(text.map_or(Value::str("<object>"), Value::Str))
                        }),
                        self.receiver.clone(),
                    )),
                    _ => None,
                },
            },
        })
    }
}

/// What `receiver.name` is, where the class has `value` under that name.
pub(in crate::python) fn bind(
    vm: &mut Vm<'_>,
    value: Value,
    receiver: &Value,
    class: &Rc<Class>,
    span: Span,
) -> Flow<Value> {
    if value.downcast::<Function>().is_some() {
        return Ok(BoundMethod::value(value, receiver.clone()));
    }
    let Some(wrapped) = value.downcast::<Wrapped>() else { return Ok(value) };
    match wrapped.kind {
        Wrapper::Static => Ok(wrapped.function.clone()),
        Wrapper::Method => Ok(BoundMethod::value(wrapped.function.clone(), receiver.clone())),
        Wrapper::Class => {
            let class: Value = match receiver.downcast::<Instance>() {
                Some(instance) => Value::Object(Rc::clone(&instance.class) as Rc<dyn Foreign>),
                None if receiver.downcast::<Class>().is_some() => receiver.clone(),
                None => Value::Object(Rc::clone(class) as Rc<dyn Foreign>),
            };
            Ok(BoundMethod::value(wrapped.function.clone(), class))
        }
        Wrapper::Property | Wrapper::Hybrid => {
            vm.call(&wrapped.function, Args { positional: vec![receiver.clone()], ..Args::default() }, span)
        }
    }
}

impl Foreign for Class {
    fn type_name(&self) -> Rc<str> {
        "type".into()
    }

    any!();

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if self.kind.get() == ClassKind::Enum
            && let Some((_, member)) = self.members.borrow().iter().find(|(member, _)| &**member == name)
        {
            return Ok(Some(member.clone()));
        }
        if let Some(value) = self.find(name) {
            return match value.downcast::<Wrapped>() {
                Some(wrapped) => Ok(Some(match wrapped.kind {
                    Wrapper::Static | Wrapper::Method => wrapped.function.clone(),
                    Wrapper::Class => BoundMethod::value(wrapped.function.clone(), Value::Object(self)),
                    Wrapper::Property => value,
                    Wrapper::Hybrid => {
                        let positional = vec![Value::Object(self as Rc<dyn Foreign>)];
                        vm.call(&wrapped.on_class(), Args { positional, ..Args::default() }, span)?
                    }
                })),
                None => Ok(Some(value)),
            };
        }
        match name {
            "__name__" | "__qualname__" => return Ok(Some(Value::Str(Rc::clone(&self.name)))),
            "__bases__" => return Ok(Some(Value::tuple(self.bases.clone()))),
            "__mro__" => {
                let ancestors = self.ancestors.iter().map(|class| Value::Object(Rc::clone(class) as Rc<dyn Foreign>));
                let all =
                    std::iter::once(Value::Object(Rc::clone(&self) as Rc<dyn Foreign>)).chain(ancestors).collect();
                return Ok(Some(Value::tuple(all)));
            }
            "__module__" => {
                let module = self.full_name.rsplit_once('.').map_or("__main__", |(module, _)| module);
                return Ok(Some(Value::str(module)));
            }
            "__doc__" => return Ok(Some(Value::None)),
            "__members__" if self.kind.get() == ClassKind::Enum => {
                let entries =
                    self.members.borrow().iter().map(|(n, v)| (Value::Str(Rc::clone(n)), v.clone())).collect();
                return Ok(Some(Value::dict(crate::python::Dict { entries })));
            }
            "__dict__" => {
                let table = self.table.borrow();
                let entries = table.entries().iter().map(|e| (Value::str(e.name.as_str()), e.value.clone())).collect();
                return Ok(Some(Value::dict(crate::python::Dict { entries })));
            }
            _ => {}
        }
        if let Some(special) = dataclass::class_attribute(&self, name) {
            return Ok(Some(special));
        }
        if let Some(unknown) = &self.unknown_base {
            return Ok(Some(Value::Unknown(Rc::clone(unknown))));
        }
        for base in &self.bases {
            if let Value::Object(object) = base
                && base.downcast::<Class>().is_none()
                && let Some(value) = Rc::clone(object).attr(vm, name, span)?
            {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, value: Value, span: Span) -> Flow<()> {
        vm.journal.touch(&Place::Table(Rc::clone(&self.table)));
        self.set(name, value, span);
        Ok(())
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        if self.kind.get() == ClassKind::Enum {
            let functional = self.members.borrow().is_empty() && args.get(1, "names").is_some();
            return if functional {
                enumeration::functional(vm, &self, &args, span)
            } else {
                enumeration::by_value(vm, &self, &args, span)
            };
        }
        super::instance::construct(vm, &self, args, span)
    }

    fn index(self: Rc<Self>, vm: &mut Vm<'_>, key: &Value, span: Span) -> Flow<Value> {
        if self.kind.get() == ClassKind::Enum {
            return enumeration::by_name(vm, &self, key, span);
        }
        if let Some(getter) = self.find("__class_getitem__") {
            let args = vec![Value::Object(Rc::clone(&self) as Rc<dyn Foreign>), key.clone()];
            return super::items::call_with(vm, &getter, args, span);
        }
        // `Generic[T]`
        Ok(Value::Object(self))
    }

    fn iterate(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Option<Vec<Value>>> {
        if self.kind.get() == ClassKind::Enum {
            return Ok(Some(enumeration::distinct(&self)));
        }
        if self.unknown_base.is_some() {
            return Ok(None);
        }
        Err(vm.raise("TypeError", "'type' object is not iterable", span))
    }

    fn binary(self: Rc<Self>, _: &mut Vm<'_>, operator: Operator, _: &Value, _: bool, _: Span) -> Flow<Option<Value>> {
        Ok(match operator {
            Operator::BitOr => Some(Value::Object(self)),
            _ => None,
        })
    }

    fn len(&self) -> Option<usize> {
        (self.kind.get() == ClassKind::Enum).then(|| enumeration::distinct(self).len())
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(class.downcast::<Type>().is_some_and(|class| matches!(class.name, "type" | "object")))
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(if self.kind.get() == ClassKind::Enum {
            format!("<enum '{}'>", self.name).into()
        } else {
            format!("<class '{}'>", self.full_name).into()
        })
    }
}

/// `issubclass(class, other)`; `None` where it can't be known.
pub(in crate::python) fn is_subclass(class: &Value, other: &Value) -> Option<bool> {
    if let Value::Tuple(others) = other {
        let results: Vec<_> = others.iter().map(|other| is_subclass(class, other)).collect();
        return if results.contains(&Some(true)) {
            Some(true)
        } else {
            results.iter().all(|r| *r == Some(false)).then_some(false)
        };
    }
    match (class.downcast::<Class>(), other.downcast::<Class>()) {
        (Some(class), Some(other)) => class.derives_from(&other),
        (Some(class), None) => {
            let other = other.downcast::<Type>()?;
            Some(other.name == "object" || class.builtin == Some(other.name))
        }
        (None, _) => {
            let (class, other) = (class.downcast::<Type>()?, other.downcast::<Type>()?);
            Some(class.name == other.name || other.name == "object" || (class.name, other.name) == ("bool", "int"))
        }
    }
}
