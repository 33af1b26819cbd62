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
use super::scope::Scope;
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
        if is_too_high(roots) {
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

/// One that is being measured: what it holds that is still to be looked at, and its height so far.
struct Measured {
    address: usize,
    children: Vec<Node>,
    height: usize,
}

fn is_too_high(roots: Vec<Node>) -> bool {
    let mut heights: FxHashMap<usize, usize> = FxHashMap::default();
    let mut path = vec![Measured { address: 0, children: roots, height: 0 }];
    while let Some(top) = path.last_mut() {
        let Some(child) = top.children.pop() else {
            let height = top.height + 1;
            heights.insert(top.address, height);
            path.pop();
            if let Some(above) = path.last_mut() {
                above.height = above.height.max(height);
            }
            continue;
        };
        let Some((address, children)) = open(&child) else { continue };
        if let Some(height) = heights.get(&address) {
            top.height = top.height.max(*height);
            continue;
        }
        if path.len() > MAX_HEIGHT {
            return true;
        }
        // While it is on the path it counts as nothing: circles are never let go of.
        heights.insert(address, 0);
        path.push(Measured { address, children, height: 0 });
    }
    heights.get(&0).is_some_and(|height| *height > MAX_HEIGHT)
}

/// What a node holds; `None` where it holds nothing.
fn open(node: &Node) -> Option<(usize, Vec<Node>)> {
    let value = match node {
        Node::Scope(scope) => {
            let mut children: Vec<Node> = values(&scope.table.borrow());
            children.extend(scope.parent.iter().map(|parent| Node::Scope(Rc::clone(parent))));
            return Some((Rc::as_ptr(scope) as usize, children));
        }
        Node::Value(value) => value,
    };
    let holds = |items: &[Value]| items.iter().filter(|item| may_hold(item)).cloned().map(Node::Value).collect();
    Some(match value {
        Value::List(items) | Value::Set(items) => (Rc::as_ptr(items) as usize, holds(&items.borrow())),
        Value::Tuple(items) => (Rc::as_ptr(items).cast::<()>() as usize, holds(items)),
        Value::Dict(dict) => {
            let dict = dict.borrow();
            let children = dict.entries.iter().flat_map(|(key, value)| [key, value]);
            (std::ptr::from_ref(&*dict) as usize, children.filter(|v| may_hold(v)).cloned().map(Node::Value).collect())
        }
        Value::Object(object) => (Rc::as_ptr(object).cast::<()>() as usize, open_object(value)?),
        _ => return None,
    })
}

fn open_object(value: &Value) -> Option<Vec<Node>> {
    let several = |values: &[&Value]| values.iter().map(|value| Node::Value((*value).clone())).collect();
    if let Some(instance) = value.downcast::<Instance>() {
        let mut children = values(&instance.table.borrow());
        children.extend(instance.payload.borrow().clone().map(Node::Value));
        return Some(children);
    }
    if let Some(function) = value.downcast::<Function>() {
        let mut children: Vec<Node> = function.held().into_iter().map(Node::Value).collect();
        children.push(Node::Scope(Rc::clone(&function.scope)));
        return Some(children);
    }
    if let Some(class) = value.downcast::<Class>() {
        let mut children = values(&class.table.borrow());
        children.extend(class.bases.iter().cloned().map(Node::Value));
        return Some(children);
    }
    if let Some(items) = value.downcast::<Items>() {
        return Some(several(&[&Value::List(Rc::clone(&items.left))]));
    }
    if let Some(method) = value.downcast::<BoundMethod>() {
        return Some(several(&[&method.function, &method.receiver]));
    }
    if let Some(method) = value.downcast::<BuiltinMethod>() {
        return Some(several(&[&method.receiver]));
    }
    if let Some(wrapped) = value.downcast::<Wrapped>() {
        let mut children = vec![Node::Value(wrapped.function.clone())];
        children.extend(wrapped.setter.borrow().clone().map(Node::Value));
        children.extend(wrapped.expression.borrow().clone().map(Node::Value));
        return Some(children);
    }
    if let Some(module) = value.downcast::<ModuleObject>() {
        return Some(vec![Node::Scope(Rc::clone(&module.scope))]);
    }
    if let Some(partial) = value.downcast::<Partial>() {
        return Some(partial.held().into_iter().map(Node::Value).collect());
    }
    None
}

fn values(table: &super::scope::Table) -> Vec<Node> {
    table.entries().iter().map(|entry| &entry.value).filter(|v| may_hold(v)).cloned().map(Node::Value).collect()
}

/// Whether a value can hold others.
pub(super) fn may_hold(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Set(_) | Value::Tuple(_) | Value::Dict(_) | Value::Object(_))
}
