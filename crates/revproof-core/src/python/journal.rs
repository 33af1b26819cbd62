//! [`Journal`]: what containers held before a condition that can't be decided, so that the other branch can start from
//! there and both ends can be joined.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::scope::Table;
use super::value::{Dict, Value};

/// From how many touched containers on an index of them is kept.
const INDEXED_FROM: usize = 8;

/// A container that can change.
#[derive(Clone)]
pub(super) enum Place {
    List(Rc<RefCell<Vec<Value>>>),
    Set(Rc<RefCell<Vec<Value>>>),
    Dict(Rc<RefCell<Dict>>),
    Table(Rc<RefCell<Table>>),
}

/// What it holds.
#[derive(Clone)]
pub(super) enum Content {
    Items(Vec<Value>),
    Dict(Dict),
    Table(Table),
}

impl Place {
    /// Whether no one but the journal knows it any more: the variables of a function that has returned.
    fn is_forgotten(&self) -> bool {
        let holders = match self {
            Self::List(items) | Self::Set(items) => Rc::strong_count(items),
            Self::Dict(dict) => Rc::strong_count(dict),
            Self::Table(table) => Rc::strong_count(table),
        };
        holders == 1
    }

    pub(super) fn address(&self) -> usize {
        match self {
            Self::List(items) | Self::Set(items) => Rc::as_ptr(items).cast::<()>() as usize,
            Self::Dict(dict) => Rc::as_ptr(dict).cast::<()>() as usize,
            Self::Table(table) => Rc::as_ptr(table).cast::<()>() as usize,
        }
    }

    /// How many parts it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::List(items) | Self::Set(items) => items.borrow().len(),
            Self::Dict(dict) => dict.borrow().entries.len(),
            Self::Table(table) => table.borrow().entries().len(),
        }
    }

    pub(super) fn content(&self) -> Content {
        match self {
            Self::List(items) | Self::Set(items) => Content::Items(items.borrow().clone()),
            Self::Dict(dict) => Content::Dict(dict.borrow().clone()),
            Self::Table(table) => Content::Table(table.borrow().clone()),
        }
    }

    /// Whether it has the names that it had, in that order, and others at most after them.
    pub(super) fn goes_on_from(&self, before: &Content) -> bool {
        matches!((self, before), (Self::Table(now), Content::Table(before)) if now.borrow().starts_like(before))
    }

    /// Lets it hold something else; gives what it held.
    pub(super) fn put(&self, content: Content) -> Content {
        match (self, content) {
            (Self::List(items) | Self::Set(items), Content::Items(new)) => Content::Items(items.replace(new)),
            (Self::Dict(dict), Content::Dict(new)) => Content::Dict(dict.replace(new)),
            (Self::Table(table), Content::Table(new)) => Content::Table(table.replace(new)),
            (_, content) => content,
        }
    }
}

impl Content {
    /// How many parts it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Items(items) => items.len(),
            Self::Dict(dict) => dict.entries.len(),
            Self::Table(table) => table.entries().len(),
        }
    }
}

/// A container and what it held before.
pub(super) struct Saved {
    pub(super) place: Place,
    /// Shared with the conditions around.
    pub(super) before: Rc<Content>,
}

/// What was touched since one condition began.
#[derive(Default)]
pub(super) struct Touched {
    saved: Vec<Saved>,
    index: FxHashSet<usize>,
}

impl Touched {
    /// The containers that matter after the condition.
    pub(super) fn into_saved(self) -> Vec<Saved> {
        let mut saved = self.saved;
        saved.retain(|saved| !saved.place.is_forgotten());
        saved
    }

    fn remember(&mut self, place: &Place, before: impl FnOnce() -> Rc<Content>) {
        if !self.knows(place.address()) {
            self.saved.push(Saved { place: place.clone(), before: before() });
        }
    }

    /// Whether a container was touched before. From some number of them on an index of them is kept.
    fn knows(&mut self, address: usize) -> bool {
        if self.saved.len() < INDEXED_FROM {
            return self.saved.iter().any(|saved| saved.place.address() == address);
        }
        if self.index.is_empty() {
            self.index.extend(self.saved.iter().map(|saved| saved.place.address()));
        }
        !self.index.insert(address)
    }
}

/// One [`Touched`] per condition that is open, innermost last.
#[derive(Default)]
pub(super) struct Journal {
    frames: Vec<Touched>,
}

impl Journal {
    pub(super) fn is_idle(&self) -> bool {
        self.frames.is_empty()
    }

    /// How many conditions are open.
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    pub(super) fn begin(&mut self) {
        self.frames.push(Touched::default());
    }

    pub(super) fn end(&mut self) -> Touched {
        self.frames.pop().unwrap_or_default()
    }

    /// To be called before `place` changes.
    pub(super) fn touch(&mut self, place: &Place) {
        if let Some(frame) = self.frames.last_mut() {
            frame.remember(place, || Rc::new(place.content()));
        }
    }

    /// Hands what an inner condition saved on to the one around it.
    pub(super) fn inherit(&mut self, saved: &Saved) {
        if let Some(frame) = self.frames.last_mut() {
            frame.remember(&saved.place, || Rc::clone(&saved.before));
        }
    }
}
