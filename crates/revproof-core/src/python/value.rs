//! [`Value`], and [`Foreign`]: how a library's objects take part.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::partial::PartialText;
use super::vm::Vm;
use crate::source::Span;

/// The class name that says that a [`Raised`] is the end of the steps. No Python class can have it.
const STEP_LIMIT: &str = "<step limit>";

/// What evaluating something gives: a value, or an exception on its way up.
pub type Flow<T> = Result<T, Raised>;

/// A Python value.
#[derive(Clone)]
pub enum Value {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// An integer; arithmetic that leaves 64 bits gives `Unknown`.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// A list.
    List(Rc<RefCell<Vec<Value>>>),
    /// A tuple.
    Tuple(Rc<[Value]>),
    /// A dict.
    Dict(Rc<RefCell<Dict>>),
    /// A set or a frozenset, in order of insertion.
    Set(Rc<RefCell<Vec<Value>>>),
    /// Everything else that the evaluator itself knows: functions, classes, instances, modules, builtins, dates,
    /// UUIDs, iterators, … Reached through [`Foreign`] like a library's objects.
    Object(Rc<dyn Foreign>),
    /// A value that can't be known.
    Unknown(Rc<Unknown>),
}

/// Why a value can't be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Why, as half a sentence that fits after "not known: " (`os.environ is read`, `geoalchemy2 is a third-party
    /// package`).
    pub why: Arc<str>,
    /// Where it arose.
    pub span: Span,
    /// What calling it might do.
    pub reach: Reach,
    /// Whether it stands, as an item of a container, for any number of items that can't be known.
    pub rest: bool,
    /// The pieces of it that are known, where it is a text.
    pub partial: Option<Rc<PartialText>>,
}

/// What calling something unknown might do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reach {
    /// It is data; calling it does nothing to the database.
    #[default]
    Data,
    /// It comes from code that was not read: a call for its own sake may do anything.
    Code,
    /// It may be a door to the database: any call may do anything.
    Database,
}

/// A dict: keys in order of insertion, compared as Python compares them.
#[derive(Clone, Default)]
pub struct Dict {
    /// The entries. Scripts' dicts are small; a linear search beats a hash of dynamic values.
    pub entries: Vec<(Value, Value)>,
}

/// The arguments of a call.
#[derive(Debug, Clone, Default)]
pub struct Args {
    /// The positional ones.
    pub positional: Vec<Value>,
    /// The keyword ones.
    pub keyword: Vec<(Rc<str>, Value)>,
    /// Where each stands: positional ones first, then keyword ones. Shorter than the arguments where a `*` or `**`
    /// spread them.
    pub spans: Vec<Span>,
    /// There may be more than these: a `*x` or `**x` of an unknown value.
    pub open: Option<Rc<Unknown>>,
}

/// An exception on its way up.
#[derive(Debug, Clone)]
pub struct Raised {
    /// The exception object (an instance of an exception class).
    pub exception: Value,
    /// Its class name, for messages: `NotImplementedError`.
    pub class: Rc<str>,
    /// `str(exception)`.
    pub message: Rc<str>,
    /// Where it was raised.
    pub span: Span,
    /// The refusal of the simulated database behind it, where one is.
    pub failure: Option<Box<crate::op::Failure>>,
}

/// A binary operator or comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `@`
    MatMul,
    /// `<<`
    LShift,
    /// `>>`
    RShift,
    /// `|`
    BitOr,
    /// `&`
    BitAnd,
    /// `^`
    BitXor,
    /// `==`
    Eq,
    /// `!=`
    NotEq,
    /// `<`
    Lt,
    /// `<=`
    LtE,
    /// `>`
    Gt,
    /// `>=`
    GtE,
}

/// An object with behaviour of its own. Every method has a default that is Python's: no such attribute, not callable,
/// not iterable, true. To say "not known", return `Ok(vm.unknown(…))`.
#[expect(clippy::len_without_is_empty, reason = "Python asks for the length alone")]
pub trait Foreign: fmt::Debug {
    /// The name of its type, as `type(x).__name__` gives it.
    fn type_name(&self) -> Rc<str>;

    /// Itself, for downcasting: `value.downcast::<Column>()`.
    fn as_any(&self) -> &dyn Any;

    /// Itself as `Rc<dyn Any>`, for shared downcasting.
    fn into_any(self: Rc<Self>) -> Rc<dyn Any>;

    /// `self.name`; `None` is "no such attribute".
    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>>;

    /// `self.name = value`; the default refuses.
    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, value: Value, span: Span) -> Flow<()> {
        let _ = value;
        Err(vm.raise("AttributeError", &format!("'{}' object attribute '{name}' is read-only", self.type_name()), span))
    }

    /// `self(…)`.
    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let _ = args;
        Err(vm.raise("TypeError", &format!("'{}' object is not callable", self.type_name()), span))
    }

    /// `self[key]`.
    fn index(self: Rc<Self>, vm: &mut Vm<'_>, key: &Value, span: Span) -> Flow<Value> {
        let _ = key;
        Err(vm.raise("TypeError", &format!("'{}' object is not subscriptable", self.type_name()), span))
    }

    /// `self[key] = value`.
    fn set_index(&self, vm: &mut Vm<'_>, key: &Value, value: Value, span: Span) -> Flow<()> {
        let _ = (key, value);
        Err(vm.raise("TypeError", &format!("'{}' object does not support item assignment", self.type_name()), span))
    }

    /// The items of `for x in self`; `Ok(None)` where they can't be known.
    fn iterate(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Option<Vec<Value>>> {
        Err(vm.raise("TypeError", &format!("'{}' object is not iterable", self.type_name()), span))
    }

    /// `self <operator> other`, or with `reflected` `other <operator> self`; `Ok(None)` is `NotImplemented`.
    fn binary(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        reflected: bool,
        span: Span,
    ) -> Flow<Option<Value>> {
        let _ = (vm, operator, other, reflected, span);
        Ok(None)
    }

    /// `-self`, `+self`, `~self` by their sign; `Ok(None)` is a `TypeError`.
    fn unary(self: Rc<Self>, vm: &mut Vm<'_>, sign: char, span: Span) -> Flow<Option<Value>> {
        let _ = (vm, sign, span);
        Ok(None)
    }

    /// `item in self`; `Ok(None)` falls back on `iterate`.
    fn contains(self: Rc<Self>, vm: &mut Vm<'_>, item: &Value, span: Span) -> Flow<Option<Value>> {
        let _ = (vm, item, span);
        Ok(None)
    }

    /// `bool(self)`; `None` where it can't be known.
    fn truth(&self) -> Option<bool> {
        Some(true)
    }

    /// `len(self)`; `None` is "has none".
    fn len(&self) -> Option<usize> {
        None
    }

    /// `with self as x`: what `x` is.
    fn enter(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
        Err(vm.raise("AttributeError", &format!("'{}' object has no attribute '__enter__'", self.type_name()), span))
    }

    /// The end of the `with` block, with the exception that ended it; `true` swallows it.
    fn exit(self: Rc<Self>, vm: &mut Vm<'_>, raised: Option<&Raised>, span: Span) -> Flow<bool> {
        let _ = (vm, raised, span);
        Ok(false)
    }

    /// `class name(self, …): namespace`: the class that deriving from this object makes; `Ok(None)` means that the
    /// evaluator makes a plain class of it.
    fn subclass(
        self: Rc<Self>,
        vm: &mut Vm<'_>,
        name: &Rc<str>,
        namespace: &[(Rc<str>, Value)],
        keywords: &[(Rc<str>, Value)],
        span: Span,
    ) -> Flow<Option<Value>> {
        let _ = (vm, name, namespace, keywords, span);
        Ok(None)
    }

    /// `isinstance(self, class)`, `issubclass` alike; `None` where it can't be known.
    fn is_instance(&self, class: &Value) -> Option<bool> {
        let _ = class;
        Some(false)
    }

    /// `str(self)`; `None` where it can't be known.
    fn text(&self) -> Option<Rc<str>> {
        None
    }

    /// `repr(self)`; `None` where it can't be known.
    fn repr(&self) -> Option<Rc<str>> {
        self.text()
    }

    /// Whether whoever is handed this object can do something to the database with it: `op`, a connection, a session.
    fn reaches_database(&self) -> bool {
        false
    }
}

impl Unknown {
    /// Data that can't be known.
    pub fn data(why: impl Into<Arc<str>>, span: Span) -> Rc<Self> {
        Rc::new(Self { why: why.into(), span, reach: Reach::Data, rest: false, partial: None })
    }
}

impl Raised {
    /// Stands for the end of the steps: it passes every `except` and every `finally`.
    pub(super) fn limit(span: Span) -> Self {
        let message = "the step limit was reached".into();
        Self { exception: Value::None, class: STEP_LIMIT.into(), message, span, failure: None }
    }

    /// Whether this is the end of the steps, not an exception.
    pub fn is_limit(&self) -> bool {
        &*self.class == STEP_LIMIT
    }
}

impl Value {
    /// A dict value.
    pub fn dict(dict: Dict) -> Self {
        Self::Dict(Rc::new(RefCell::new(dict)))
    }

    /// A set value; the items are taken to be different.
    pub fn set(items: Vec<Value>) -> Self {
        Self::Set(Rc::new(RefCell::new(items)))
    }

    /// A string value.
    pub fn str(text: &str) -> Self {
        Self::Str(text.into())
    }

    /// A list value.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    /// A tuple value.
    pub fn tuple(items: Vec<Value>) -> Self {
        Self::Tuple(items.into())
    }

    /// An object value.
    pub fn object(object: impl Foreign + 'static) -> Self {
        Self::Object(Rc::new(object))
    }

    /// The object behind it, if it is a `T`.
    pub fn downcast<T: 'static>(&self) -> Option<Rc<T>> {
        match self {
            Self::Object(object) => Rc::clone(object).into_any().downcast::<T>().ok(),
            _ => None,
        }
    }

    /// The text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Why it can't be known, if it can't.
    pub fn as_unknown(&self) -> Option<&Rc<Unknown>> {
        match self {
            Self::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(b) => f.write_str(if *b { "True" } else { "False" }),
            Self::Int(i) => write!(f, "{i}"),
            Self::Float(x) => write!(f, "{x:?}"),
            Self::Str(s) => write!(f, "{s:?}"),
            Self::Bytes(b) => write!(f, "b{:?}", String::from_utf8_lossy(b)),
            Self::List(items) => f.debug_list().entries(items.borrow().iter()).finish(),
            Self::Tuple(items) => {
                f.write_str("tuple")?;
                f.debug_list().entries(items.iter()).finish()
            }
            Self::Dict(dict) => f.debug_map().entries(dict.borrow().entries.iter().map(|(k, v)| (k, v))).finish(),
            Self::Set(items) => f.debug_set().entries(items.borrow().iter()).finish(),
            Self::Object(object) => write!(f, "<{}>", object.type_name()),
            Self::Unknown(unknown) => write!(f, "<unknown: {}>", unknown.why),
        }
    }
}

impl Args {
    /// The value of parameter `name`, which is the `position`-th positional one (from 0).
    pub fn get(&self, position: usize, name: &str) -> Option<&Value> {
        self.positional.get(position).or_else(|| self.keyword(name))
    }

    /// The value of keyword `name`.
    pub fn keyword(&self, name: &str) -> Option<&Value> {
        self.keyword.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }
}
