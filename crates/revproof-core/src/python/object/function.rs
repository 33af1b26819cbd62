//! [`Function`]: a function or lambda of a script, and how it is called.

use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, ParameterWithDefault, Stmt};
use ruff_text_size::Ranged;

use super::class::Class;
use super::method::any;
use crate::python::conditional::{Leaves, Opened};
use crate::python::eval::{Completion, Frame, Yields};
use crate::python::join::{join_value, rest};
use crate::python::journal::Place;
use crate::python::nesting::may_hold;
use crate::python::parse::{Body, FunctionCode, span as span_of};
use crate::python::scope::{Scope, ScopeKind, Table};
use crate::python::value::{Args, Dict, Flow, Foreign, Unknown, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// How often a function calls itself under a condition that can't be decided before that is taken to go on.
const MAX_CONDITIONAL_RECURSION: usize = 4;

/// A function or lambda of a script.
#[derive(Debug)]
pub(in crate::python) struct Function {
    pub(in crate::python) code: Arc<FunctionCode>,
    /// Where it was defined.
    pub(in crate::python) scope: Rc<Scope>,
    /// The values of its defaults, in the order of the parameters that have one.
    defaults: Vec<Value>,
    /// The class in whose body it stands.
    pub(in crate::python) owner: RefCell<Weak<Class>>,
    attributes: Rc<RefCell<Table>>,
    /// A decorator that is not known: what it does around the function is not known either.
    doubt: Option<Rc<Unknown>>,
}

/// The value of a `def` or a `lambda`.
pub(in crate::python) fn define(
    vm: &mut Vm<'_>,
    frame: &Frame<'_>,
    code: &Arc<FunctionCode>,
    span: Span,
) -> Flow<Value> {
    vm.defining.note(&frame.scope);
    let mut defaults = Vec::new();
    for parameter in code.parameters.iter_non_variadic_params() {
        if let Some(default) = parameter.default() {
            defaults.push(vm.expression(frame, default)?);
        }
    }
    // Above the scope of a module stands nothing, so what is defined there makes nothing higher by itself.
    if defaults.iter().any(may_hold) || frame.scope.kind != ScopeKind::Module {
        vm.nest(1, span)?;
    }
    Ok(Value::object(Function {
        code: Arc::clone(code),
        scope: Rc::clone(&frame.scope),
        defaults,
        owner: RefCell::default(),
        attributes: Rc::default(),
        doubt: None,
    }))
}

/// `@decorator` on `value`. One that is not known leaves the function as it is, and its calls in doubt.
pub(in crate::python) fn decorate(vm: &mut Vm<'_>, decorator: &Value, value: Value, span: Span) -> Flow<Value> {
    if let (Value::Unknown(why), Some(function)) = (decorator, value.downcast::<Function>()) {
        return Ok(Value::object(Function {
            code: Arc::clone(&function.code),
            scope: Rc::clone(&function.scope),
            defaults: function.defaults.clone(),
            owner: RefCell::new(function.owner.borrow().clone()),
            attributes: Rc::clone(&function.attributes),
            doubt: Some(Rc::clone(why)),
        }));
    }
    if let (Value::Unknown(_), Some(_)) = (decorator, value.downcast::<Class>()) {
        return Ok(value);
    }
    vm.call(decorator, Args { positional: vec![value], ..Args::default() }, span)
}

impl Foreign for Function {
    fn type_name(&self) -> Rc<str> {
        "function".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        if let Some(value) = self.attributes.borrow().get(name) {
            return Ok(Some(value.clone()));
        }
        Ok(match name {
            "__name__" | "__qualname__" => Some(Value::str(&self.code.name)),
            "__doc__" => Some(match self.code.statements().first() {
                Some(Stmt::Expr(expr)) => match &*expr.value {
                    Expr::StringLiteral(text) => Value::str(text.value.to_str()),
                    _ => Value::None,
                },
                _ => Value::None,
            }),
            "__module__" => Some(self.scope.module().get("__name__").unwrap_or(Value::None)),
            "__dict__" | "__annotations__" => Some(Value::dict(Dict::default())),
            // What a decorator that is not known made of the function may have attributes of its own.
            _ => self.doubt.clone().map(Value::Unknown),
        })
    }

    fn set_attr(&self, vm: &mut Vm<'_>, name: &str, value: Value, span: Span) -> Flow<()> {
        vm.journal.touch(&Place::Table(Rc::clone(&self.attributes)));
        self.attributes.borrow_mut().set(&Name::new(name), value, span);
        Ok(())
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        if !self.code.is_generator {
            return self.run(vm, args, Yields::Nothing, span);
        }
        let yields = RefCell::new(Vec::new());
        self.run(vm, args, Yields::Collect(&yields), span)?;
        Ok(super::items::iterator("generator", yields.into_inner()))
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(format!("<function {}>", self.code.name).into())
    }
}

impl Function {
    /// The values that it keeps alive besides its scope.
    pub(in crate::python) fn held(&self) -> Vec<Value> {
        let attributes = self.attributes.borrow();
        let attributes = attributes.entries().iter().map(|entry| entry.value.clone());
        self.defaults.iter().cloned().chain(attributes).collect()
    }

    /// Evaluates the body.
    pub(in crate::python) fn run(&self, vm: &mut Vm<'_>, args: Args, yields: Yields<'_>, span: Span) -> Flow<Value> {
        if let Some(why) = &self.doubt {
            vm.host.not_evaluated(Arc::clone(&why.why), span);
        }
        if self.goes_on_without_end(vm) {
            return Ok(vm.unknown_code("a function calls itself no one knows how often", span));
        }
        let scope = Scope::new(ScopeKind::Function, Some(Rc::clone(&self.scope)));
        let receiver = args.positional.first().cloned();
        bind_arguments(vm, self, &scope, args, span)?;
        let owner = self.owner.borrow().clone();
        let frame = Frame {
            scope,
            children: &self.code.children,
            file: self.code.file,
            yields,
            owner: receiver.filter(|_| owner.strong_count() > 0).map(|receiver| (owner, receiver)),
        };
        let base = vm.opened.len();
        vm.scopes.push(Rc::clone(&frame.scope));
        vm.active.push((Arc::as_ptr(&self.code) as usize, vm.journal.depth()));
        let result = match &self.code.body {
            Body::Expression(expr) => vm.expression(&frame, expr).map(Completion::Return),
            Body::Block(body) => vm.block(&frame, body),
        };
        vm.active.pop();
        vm.scopes.pop();
        let is_kept = Rc::strong_count(&frame.scope) > 1;
        vm.ending = if is_kept { 0 } else { Rc::as_ptr(&frame.scope.table) as usize };
        let given = end(vm, base, result);
        vm.ending = 0;
        given
    }

    /// Whether it is calling itself, again and again, under a condition that can't be decided: a walk through data
    /// that is not known has no end of its own.
    fn goes_on_without_end(&self, vm: &Vm<'_>) -> bool {
        let code = Arc::as_ptr(&self.code) as usize;
        let mut own = vm.active.iter().filter(|(active, _)| *active == code);
        let Some((_, depth)) = own.next() else { return false };
        vm.journal.depth() > *depth && own.count() + 1 >= MAX_CONDITIONAL_RECURSION
    }
}

/// What a function gives, with what it has perhaps returned before.
fn end(vm: &mut Vm<'_>, base: usize, result: Flow<Completion>) -> Flow<Value> {
    let returned = vm.close_where(base, |leaves| matches!(leaves, Leaves::Function(_)));
    let mut result = result.map(|completion| match completion {
        Completion::Return(value) => value,
        _ => Value::None,
    });
    for opened in returned.into_iter().rev() {
        let Leaves::Function(value) = opened.leaves else { continue };
        result = match result {
            Ok(later) => Ok(join_value(&value, &later, &opened.why)),
            Err(raised) if raised.is_limit() => return Err(raised),
            Err(raised) => {
                let leaves = Leaves::Try(raised);
                vm.open(Opened { why: opened.why, span: opened.span, leaves });
                Ok(value)
            }
        };
    }
    result
}

/// Gives each parameter its argument or its default.
fn bind_arguments(vm: &mut Vm<'_>, function: &Function, scope: &Scope, args: Args, span: Span) -> Flow<()> {
    let parameters = &function.code.parameters;
    let file = function.code.file;
    let mut table = scope.table.borrow_mut();
    let mut positional = args.positional.into_iter();
    let mut keywords = args.keyword;
    let mut defaults = function.defaults.iter();
    let mut missing: Vec<String> = Vec::new();
    let given = positional.len();

    let named = parameters.posonlyargs.iter().map(|p| (p, true)).chain(parameters.args.iter().map(|p| (p, false)));
    let mut bind =
        |table: &mut Table, parameter: &ParameterWithDefault, value: Option<Value>, default: Option<&Value>| {
            let value = value.or_else(|| default.cloned()).or_else(|| {
                // It may be among the arguments that are not known.
                args.open.as_ref().map(|open| Value::Unknown(Rc::clone(open)))
            });
            match value {
                Some(value) => table.set(&parameter.parameter.name.id, value, span_of(file, parameter.range())),
                None => missing.push(format!("'{}'", parameter.parameter.name)),
            }
        };
    for (parameter, only_positional) in named {
        let default = if parameter.default.is_some() { defaults.next() } else { None };
        let name = parameter.parameter.name.as_str();
        let keyword = keywords.iter().position(|(key, _)| !only_positional && &**key == name);
        let value = match (positional.next(), keyword) {
            (Some(_), Some(_)) => {
                let message = format!("{}() got multiple values for argument '{name}'", function.code.name);
                drop(table);
                return Err(vm.raise("TypeError", &message, span));
            }
            (Some(value), None) => Some(value),
            (None, Some(at)) => Some(keywords.remove(at).1),
            (None, None) => None,
        };
        // An unknown argument may stand in for the default too.
        let default = if args.open.is_some() && value.is_none() { None } else { default };
        bind(&mut table, parameter, value, default);
    }
    if let Some(vararg) = &parameters.vararg {
        let mut items: Vec<Value> = positional.by_ref().collect();
        if let Some(open) = &args.open {
            items.push(rest(open));
        }
        table.set(&vararg.name.id, Value::tuple(items), span_of(file, vararg.range()));
    }
    for parameter in &parameters.kwonlyargs {
        let default = if parameter.default.is_some() { defaults.next() } else { None };
        let name = parameter.parameter.name.as_str();
        let keyword = keywords.iter().position(|(key, _)| &**key == name);
        let value = keyword.map(|at| keywords.remove(at).1);
        let default = if args.open.is_some() && value.is_none() { None } else { default };
        bind(&mut table, parameter, value, default);
    }
    if let Some(kwarg) = &parameters.kwarg {
        let mut entries: Vec<_> = keywords.drain(..).map(|(key, value)| (Value::Str(key), value)).collect();
        if let Some(open) = &args.open {
            entries.push((rest(open), rest(open)));
        }
        table.set(&kwarg.name.id, Value::dict(Dict { entries }), span_of(file, kwarg.range()));
    }
    drop(table);
    let name = &function.code.name;
    if let Some((keyword, _)) = keywords.first() {
        let message = format!("{name}() got an unexpected keyword argument '{keyword}'");
        return Err(vm.raise("TypeError", &message, span));
    }
    if positional.next().is_some() {
        let takes = parameters.posonlyargs.len() + parameters.args.len();
        let plural = if takes == 1 { "" } else { "s" };
        let were = if given == 1 { "was" } else { "were" };
        let message = format!("{name}() takes {takes} positional argument{plural} but {given} {were} given");
        return Err(vm.raise("TypeError", &message, span));
    }
    if !missing.is_empty() {
        let plural = if missing.len() == 1 { "" } else { "s" };
        let message =
            format!("{name}() missing {} required positional argument{plural}: {}", missing.len(), listed(&missing));
        return Err(vm.raise("TypeError", &message, span));
    }
    Ok(())
}

/// `a`, `a and b`, `a, b, and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
    }
}
