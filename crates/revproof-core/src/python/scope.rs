//! [`Scope`]: the names of a module, a function, a class body or a comprehension.

use std::cell::RefCell;
use std::mem;
use std::rc::{Rc, Weak};

use ruff_python_ast::name::Name;
use rustc_hash::FxHashMap;

use super::value::Value;
use crate::source::Span;

/// From how many names on an index is kept.
const INDEXED_FROM: usize = 24;

/// Names and their values, in order of first assignment.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    /// Shared with the copies that bind no other names.
    index: Option<Rc<FxHashMap<Name, u32>>>,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: Name,
    /// [`mark`] of the name.
    mark: u32,
    pub(super) value: Value,
    pub(super) span: Span,
}

/// What names that are the same have in common, and most others don't: their length and some of their bytes.
fn mark(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let length = bytes.len();
    u32::from_le_bytes([length as u8, byte(0), byte(length / 2), byte(length.wrapping_sub(1))])
}

impl Table {
    /// Whether its names begin with those of another table, in that order.
    pub(super) fn starts_like(&self, other: &Self) -> bool {
        let mut pairs = other.entries.iter().zip(&self.entries);
        other.entries.len() <= self.entries.len() && pairs.all(|(a, b)| a.name == b.name)
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(name).map(|at| *at as usize),
            None => {
                let mark = mark(name);
                self.entries.iter().position(|entry| entry.mark == mark && entry.name.as_str() == name)
            }
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.position(name).and_then(|at| self.entries.get(at))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// The value of a name that most likely is at this place.
    pub(super) fn get_from(&self, place: usize, name: &str) -> Option<&Value> {
        let there = self.entries.get(place).filter(|entry| entry.name.as_str() == name);
        there.map_or_else(|| self.get(name), |entry| Some(&entry.value))
    }

    /// Makes room for so many names.
    pub(super) fn reserve(&mut self, names: usize) {
        self.entries.reserve(names);
    }

    pub(super) fn set(&mut self, name: &Name, value: Value, span: Span) {
        if let Some(entry) = self.position(name).and_then(|at| self.entries.get_mut(at)) {
            entry.value = value;
            entry.span = span;
            return;
        }
        if let Some(index) = &mut self.index {
            Rc::make_mut(index).insert(name.clone(), self.entries.len() as u32);
        }
        self.entries.push(Entry { name: name.clone(), mark: mark(name), value, span });
        if self.index.is_none() && self.entries.len() > INDEXED_FROM {
            self.reindex();
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.position(name)?;
        let entry = self.entries.remove(at);
        if self.index.is_some() {
            self.reindex();
        }
        Some(entry.value)
    }

    fn reindex(&mut self) {
        let index = self.entries.iter().enumerate().map(|(at, e)| (e.name.clone(), at as u32)).collect();
        self.index = Some(Rc::new(index));
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Its entries, whose names stay what they are.
    pub(super) fn entries_mut(&mut self) -> &mut [Entry] {
        &mut self.entries
    }
}

/// A place for names.
#[derive(Debug)]
pub struct Scope {
    pub(super) kind: ScopeKind,
    pub(super) table: Rc<RefCell<Table>>,
    pub(super) parent: Option<Rc<Scope>>,
    /// The names that `global` and `nonlocal` have moved elsewhere; `true` is `global`.
    pub(super) declared: RefCell<Vec<(Name, bool)>>,
    /// The names that a class body annotates, in order: the fields of a dataclass.
    pub(super) annotated: RefCell<Vec<Name>>,
}

/// The scopes in which functions were defined. A function keeps its scope alive and the scope the function, so that
/// neither would ever be let go of: with the evaluator, all of them are emptied.
#[derive(Debug, Default)]
pub(super) struct Defining(Vec<Weak<Scope>>);

impl Defining {
    pub(super) fn note(&mut self, scope: &Rc<Scope>) {
        let noted = self.0.last().is_some_and(|last| last.as_ptr() == Rc::as_ptr(scope));
        if !noted {
            self.0.push(Rc::downgrade(scope));
        }
    }
}

impl Drop for Defining {
    fn drop(&mut self) {
        for scope in self.0.iter().filter_map(Weak::upgrade) {
            // Whatever is let go of here may be the last to hold another scope, so the table is not borrowed meanwhile.
            let table = scope.table.try_borrow_mut().map(|mut table| mem::take(&mut *table));
            drop(table);
        }
    }
}

/// What a scope belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Function,
    Class,
    Comprehension,
}

impl Scope {
    pub(super) fn new(kind: ScopeKind, parent: Option<Rc<Scope>>) -> Rc<Self> {
        Rc::new(Self {
            kind,
            table: Rc::default(),
            parent,
            declared: RefCell::default(),
            annotated: RefCell::default(),
        })
    }

    /// The value of a name of this very scope.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.table.borrow().get(name).cloned()
    }

    /// The value of a name of this very scope, and where it was last assigned.
    pub fn get_with_span(&self, name: &str) -> Option<(Value, Span)> {
        self.table.borrow().entry(name).map(|entry| (entry.value.clone(), entry.span))
    }

    /// The names of this very scope, in order of first assignment.
    pub fn names(&self) -> Vec<Rc<str>> {
        self.table.borrow().entries().iter().map(|entry| entry.name.as_str().into()).collect()
    }

    pub(super) fn module(self: &Rc<Self>) -> Rc<Scope> {
        let mut scope = self;
        while let Some(parent) = &scope.parent {
            scope = parent;
        }
        Rc::clone(scope)
    }

    /// The value of a name as code in this scope sees it, builtins left aside.
    pub(super) fn lookup(&self, name: &str) -> Option<Value> {
        if let Some(global) = self.declaration(name) {
            return if global { self.lookup_module(name) } else { self.parent.as_ref()?.lookup_enclosing(name) };
        }
        if let Some(value) = self.table.borrow().get(name) {
            return Some(value.clone());
        }
        self.parent.as_ref()?.lookup_enclosing(name)
    }

    /// The same from an inner scope: the names of a class body are not seen from there.
    fn lookup_enclosing(&self, name: &str) -> Option<Value> {
        let mut scope = Some(self);
        while let Some(at) = scope {
            if at.kind != ScopeKind::Class
                && let Some(value) = at.table.borrow().get(name)
            {
                return Some(value.clone());
            }
            scope = at.parent.as_deref();
        }
        None
    }

    fn lookup_module(&self, name: &str) -> Option<Value> {
        let mut scope = self;
        while let Some(parent) = &scope.parent {
            scope = parent;
        }
        scope.table.borrow().get(name).cloned()
    }

    fn declaration(&self, name: &str) -> Option<bool> {
        let declared = self.declared.borrow();
        if declared.is_empty() {
            return None;
        }
        declared.iter().find(|(declared, _)| declared.as_str() == name).map(|(_, global)| *global)
    }

    /// The table that an assignment of `name` in this scope goes to.
    pub(super) fn target(self: &Rc<Self>, name: &str) -> Rc<RefCell<Table>> {
        match self.declaration(name) {
            Some(true) => Rc::clone(&self.module().table),
            Some(false) => {
                let mut scope = self.parent.as_ref();
                while let Some(at) = scope {
                    if at.kind == ScopeKind::Function && at.table.borrow().get(name).is_some() {
                        return Rc::clone(&at.table);
                    }
                    scope = at.parent.as_ref();
                }
                Rc::clone(&self.table)
            }
            None => Rc::clone(&self.table),
        }
    }
}
