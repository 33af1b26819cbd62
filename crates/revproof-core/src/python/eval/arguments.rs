//! Calls: the arguments, what is called, and what is told to the host where that is not known.

use std::rc::Rc;

use ruff_python_ast::{Expr, ExprCall};

use super::{Frame, Vm};
use crate::python::join::is_rest;
use crate::python::methods;
use crate::python::nesting::may_hold;
use crate::python::object::{class, type_name};
use crate::python::value::{Args, Dict, Flow, Reach, Unknown, Value};
use crate::source::Span;

/// What is called on a connection or a session to make it do something: where the object is one of code that was not
/// read, such a call is not passed over.
const DATABASE_METHODS: [&str; 14] = [
    "execute",
    "executemany",
    "exec_driver_sql",
    "exec",
    "scalar",
    "scalars",
    "commit",
    "flush",
    "add",
    "add_all",
    "create_all",
    "drop_all",
    "bulk_insert_mappings",
    "bulk_save_objects",
];

impl Vm<'_> {
    /// The value of a call; `for_its_sake` where it stands as a statement, and is made for what it does.
    pub(super) fn call_expression(&mut self, frame: &Frame<'_>, call: &ExprCall, for_its_sake: bool) -> Flow<Value> {
        let span = frame.span(call);
        match &*call.func {
            Expr::Attribute(attribute) => {
                let receiver = self.expression(frame, &attribute.value)?;
                let name = attribute.attr.as_str();
                if let Value::Unknown(unknown) = &receiver {
                    let args = self.arguments(frame, call)?;
                    return Ok(self.call_unknown(unknown, Some(name), &args, span, for_its_sake));
                }
                if matches!(receiver, Value::Object(_)) {
                    let callee = self.attr(&receiver, name, frame.span(&*call.func))?;
                    let args = self.arguments(frame, call)?;
                    return self.call_value(&callee, args, span, for_its_sake);
                }
                let args = self.arguments(frame, call)?;
                self.charge(1, || span)?;
                if may_hold(&receiver) {
                    self.nest(1, span)?;
                }
                match methods::call(self, &receiver, name, &args, span)? {
                    Some(value) => Ok(value),
                    None => Err(self.no_attribute(&receiver, name, frame.span(&*call.func))),
                }
            }
            Expr::Name(name) => {
                let callee = self.name(frame, name.id.as_str(), || frame.span(name))?;
                let args = self.arguments(frame, call)?;
                if args.positional.is_empty()
                    && let Some(value) = self.call_with_frame(frame, name.id.as_str(), span)?
                {
                    return Ok(value);
                }
                self.call_value(&callee, args, span, for_its_sake)
            }
            func => {
                let callee = self.expression(frame, func)?;
                let args = self.arguments(frame, call)?;
                self.call_value(&callee, args, span, for_its_sake)
            }
        }
    }

    /// The builtins that look at the frame that calls them.
    fn call_with_frame(&mut self, frame: &Frame<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let table = match name {
            "super" => {
                return Ok(Some(match &frame.owner {
                    Some((owner, receiver)) => match owner.upgrade() {
                        Some(owner) => class::superclass(&owner, receiver),
                        None => self.unknown("the class of `super()` is not known", span),
                    },
                    None => return Err(self.raise("RuntimeError", "super(): no arguments", span)),
                }));
            }
            "globals" => Rc::clone(&frame.scope.module().table),
            "locals" | "vars" => Rc::clone(&frame.scope.table),
            "dir" => {
                let mut names = frame.scope.names();
                names.sort();
                return Ok(Some(Value::list(names.into_iter().map(Value::Str).collect())));
            }
            _ => return Ok(None),
        };
        let entries = table
            .borrow()
            .entries()
            .iter()
            .map(|entry| (Value::str(entry.name.as_str()), entry.value.clone()))
            .collect();
        Ok(Some(Value::dict(Dict { entries })))
    }

    /// The arguments of a call, spread out.
    pub(in crate::python) fn arguments(&mut self, frame: &Frame<'_>, call: &ExprCall) -> Flow<Args> {
        let (positional, keyword) = (call.arguments.args.len(), call.arguments.keywords.len());
        let mut args = Args {
            positional: Vec::with_capacity(positional),
            keyword: Vec::with_capacity(keyword),
            spans: Vec::with_capacity(positional + keyword),
            open: None,
        };
        let mut spread = false;
        for arg in &*call.arguments.args {
            if let Expr::Starred(starred) = arg {
                spread = true;
                let value = self.expression(frame, &starred.value)?;
                for item in self.items_with_rest(&value, frame.span(arg))? {
                    match &item {
                        Value::Unknown(unknown) if unknown.rest => {
                            args.open.get_or_insert_with(|| {
                                Rc::new(Unknown { rest: false, partial: None, ..(**unknown).clone() })
                            });
                        }
                        _ => args.positional.push(item),
                    }
                }
            } else {
                args.positional.push(self.expression(frame, arg)?);
                if !spread {
                    args.spans.push(frame.span(arg));
                }
            }
        }
        for keyword in &call.arguments.keywords {
            let value = self.expression(frame, &keyword.value)?;
            let Some(name) = &keyword.arg else {
                spread = true;
                self.spread_keywords(&value, &mut args, frame.span(keyword))?;
                continue;
            };
            args.keyword.push((name.as_str().into(), value));
            if !spread {
                args.spans.push(frame.span(&keyword.value));
            }
        }
        Ok(args)
    }

    fn spread_keywords(&mut self, value: &Value, args: &mut Args, span: Span) -> Flow<()> {
        let mut dict = Dict::default();
        self.dict_update(&mut dict, value, span)?;
        for (key, value) in dict.entries {
            match key {
                Value::Str(key) => args.keyword.push((key, value)),
                Value::Unknown(unknown) => {
                    args.open
                        .get_or_insert_with(|| Rc::new(Unknown { rest: false, partial: None, ..(*unknown).clone() }));
                }
                _ => return Err(self.raise("TypeError", "keywords must be strings", span)),
            }
        }
        Ok(())
    }

    /// `callee(…)`.
    pub fn call(&mut self, callee: &Value, args: Args, span: Span) -> Flow<Value> {
        self.call_value(callee, args, span, false)
    }

    fn call_value(&mut self, callee: &Value, args: Args, span: Span, for_its_sake: bool) -> Flow<Value> {
        match callee {
            Value::Object(object) => {
                let object = Rc::clone(object);
                // Nothing comes to hang on what is called with nothing to hold.
                if args.positional.iter().chain(args.keyword.iter().map(|(_, value)| value)).any(may_hold) {
                    self.nest(2, span)?;
                }
                self.deeper(4, || span, |vm| object.call(vm, args, span))
            }
            Value::Unknown(unknown) => Ok(self.call_unknown(unknown, None, &args, span, for_its_sake)),
            other => {
                let message = format!("'{}' object is not callable", type_name(other));
                Err(self.raise("TypeError", &message, span))
            }
        }
    }

    /// Calls something unknown: the host is told where that may do something to the database.
    fn call_unknown(
        &mut self,
        callee: &Rc<Unknown>,
        method: Option<&str>,
        args: &Args,
        span: Span,
        for_its_sake: bool,
    ) -> Value {
        let handed_over = args.positional.iter().chain(args.keyword.iter().map(|(_, value)| value)).any(hands_over);
        let acts = match callee.reach {
            Reach::Database => true,
            Reach::Code => for_its_sake || method.is_some_and(|name| DATABASE_METHODS.contains(&name)),
            Reach::Data => false,
        };
        if handed_over || acts {
            self.host.not_evaluated(callee.why.clone(), span);
        }
        let reach = if handed_over { callee.reach.max(Reach::Code) } else { callee.reach };
        Value::Unknown(Rc::new(Unknown {
            why: callee.why.clone(),
            span: callee.span,
            reach,
            rest: false,
            partial: None,
        }))
    }
}

/// Whether the argument gives its receiver a hold on the database.
fn hands_over(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.reaches_database(),
        Value::Unknown(unknown) => unknown.reach == Reach::Database,
        Value::List(items) | Value::Set(items) => {
            items.borrow().iter().any(|item| !is_rest(item) && hands_over_one(item))
        }
        Value::Tuple(items) => items.iter().any(hands_over_one),
        Value::Dict(dict) => dict.borrow().entries.iter().any(|(_, value)| hands_over_one(value)),
        _ => false,
    }
}

fn hands_over_one(value: &Value) -> bool {
    matches!(value, Value::Object(object) if object.reaches_database())
}
