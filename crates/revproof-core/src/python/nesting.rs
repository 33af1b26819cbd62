//! How deep values hold each other. A chain of containers is let go of link by link, each on the stack of the one
//! before, so its length is bounded: every so often all that is in reach is measured, and a run that has built a chain
//! too long is ended like one that has taken too many steps.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::object::class::Class;
use super::object::function::Function;
use super::object::instance::Instance;
use super::object::items::Items;
use super::object::method::{BoundMethod, BuiltinMethod, Wrapped};
use super::object::module::ModuleObject;
use super::scope::{Scope, Table};
use super::stdlib::Partial;
use super::value::{Flow, Raised, Value};
use super::vm::Vm;
use crate::source::Span;

/// After how many things that may add a link the chains are measured.
const MEASURED_EVERY: u32 = 1000;

/// The longest chain.
const MAX_HEIGHT: usize = 500;

impl Vm<'_> {
    /// Counts something that may have put a container into another; measures every so often.
    pub(super) fn nest(&mut self, links: u32, span: Span) -> Flow<()> {
        self.nested = self.nested.saturating_add(links);
        if self.nested < MEASURED_EVERY {
            return Ok(());
        }
        self.nested = 0;
        let mut roots: Vec<Node> = self.scopes.iter().map(|scope| Node::Scope(Rc::clone(scope))).collect();
        roots.extend(self.modules.values().map(|module| Node::Value(module.clone())));
        self.heights.0.clear();
        if is_too_high(roots, &mut self.heights) {
            self.steps = 0;
            return Err(Raised::limit(span));
        }
        Ok(())
    }
}

/// Something that holds others.
enum Node {
    Value(Value),
    Scope(Rc<Scope>),
}

impl Node {
    /// What it is known by; `None` where it holds nothing.
    fn address(&self) -> Option<usize> {
        match self {
            Self::Value(value) => address(value),
            Self::Scope(scope) => Some(Rc::as_ptr(scope) as usize),
        }
    }
}

/// One that is being measured: what it holds that is still to be looked at, and its height so far.
struct Measured {
    address: usize,
    children: Vec<Node>,
    height: usize,
}

fn is_too_high(roots: Vec<Node>, heights: &mut Heights) -> bool {
    let mut path = vec![Measured { address: 0, children: roots, height: 0 }];
    while let Some(top) = path.last_mut() {
        let Some(child) = top.children.pop() else {
            let height = top.height + 1;
            heights.0.insert(top.address, height);
            path.pop();
            if let Some(above) = path.last_mut() {
                above.height = above.height.max(height);
            }
            continue;
        };
        let Some(address) = child.address() else { continue };
        if let Some(height) = heights.0.get(&address) {
            top.height = top.height.max(*height);
            continue;
        }
        if path.len() > MAX_HEIGHT {
            return true;
        }
        // While it is on the path it counts as nothing: circles are never let go of.
        heights.0.insert(address, 0);
        path.push(heights.open(address, &child));
    }
    heights.0.get(&0).is_some_and(|height| *height > MAX_HEIGHT)
}

/// The heights of all that has been measured, by address. They hold for one measurement, their room for the next as well.
#[derive(Default)]
pub(super) struct Heights(FxHashMap<usize, usize>);

impl Heights {
    /// A node with all that it holds.
    fn open(&self, address: usize, node: &Node) -> Measured {
        let mut opened = Measured { address, children: Vec::new(), height: 0 };
        let value = match node {
            Node::Scope(scope) => {
                self.take_table(&mut opened, &scope.table.borrow());
                opened.children.extend(scope.parent.iter().map(|parent| Node::Scope(Rc::clone(parent))));
                return opened;
            }
            Node::Value(value) => value,
        };
        match value {
            Value::List(items) | Value::Set(items) => self.take_all(&mut opened, items.borrow().iter()),
            Value::Tuple(items) => self.take_all(&mut opened, items.iter()),
            Value::Dict(dict) => {
                let dict = dict.borrow();
                self.take_all(&mut opened, dict.entries.iter().flat_map(|(key, value)| [key, value]));
            }
            _ => self.take_object(&mut opened, value),
        }
        opened
    }

    /// What most containers share with others has been measured before, and is not kept to be looked at.
    fn take_all<'v>(&self, holder: &mut Measured, held: impl Iterator<Item = &'v Value>) {
        for value in held {
            let Some(address) = address(value) else { continue };
            match self.0.get(&address) {
                Some(height) => holder.height = holder.height.max(*height),
                None => holder.children.push(Node::Value(value.clone())),
            }
        }
    }

    fn take_table(&self, holder: &mut Measured, table: &Table) {
        self.take_all(holder, table.entries().iter().map(|entry| &entry.value));
    }

    fn take_object(&self, holder: &mut Measured, value: &Value) {
        if let Some(instance) = value.downcast::<Instance>() {
            self.take_table(holder, &instance.table.borrow());
            self.take_all(holder, instance.payload.borrow().iter());
        } else if let Some(function) = value.downcast::<Function>() {
            self.take_all(holder, function.held().iter());
            holder.children.push(Node::Scope(Rc::clone(&function.scope)));
        } else if let Some(class) = value.downcast::<Class>() {
            self.take_table(holder, &class.table.borrow());
            self.take_all(holder, class.bases.iter());
        } else if let Some(items) = value.downcast::<Items>() {
            holder.children.push(Node::Value(Value::List(Rc::clone(&items.left))));
        } else if let Some(method) = value.downcast::<BoundMethod>() {
            self.take_all(holder, [&method.function, &method.receiver].into_iter());
        } else if let Some(method) = value.downcast::<BuiltinMethod>() {
            self.take_all(holder, [&method.receiver].into_iter());
        } else if let Some(wrapped) = value.downcast::<Wrapped>() {
            self.take_all(holder, [&wrapped.function].into_iter());
            self.take_all(holder, wrapped.setter.borrow().iter());
            self.take_all(holder, wrapped.expression.borrow().iter());
        } else if let Some(module) = value.downcast::<ModuleObject>() {
            holder.children.push(Node::Scope(Rc::clone(&module.scope)));
        } else if let Some(partial) = value.downcast::<Partial>() {
            self.take_all(holder, partial.held().iter());
        }
    }
}

/// What a container is known by; `None` for what can't hold others.
fn address(value: &Value) -> Option<usize> {
    Some(match value {
        Value::List(items) | Value::Set(items) => Rc::as_ptr(items) as usize,
        Value::Tuple(items) => Rc::as_ptr(items).cast::<()>() as usize,
        Value::Dict(dict) => Rc::as_ptr(dict) as usize,
        Value::Object(object) => Rc::as_ptr(object).cast::<()>() as usize,
        _ => return None,
    })
}

/// Whether a value can hold others.
pub(super) fn may_hold(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Set(_) | Value::Tuple(_) | Value::Dict(_) | Value::Object(_))
}
