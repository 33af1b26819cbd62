//! The values of attributes, classes, properties and styles.

use std::borrow::Cow;

use leptos::prelude::{Get, RwSignal, Signal};
use wasm_bindgen::JsValue;

use super::element::{Element, Kind};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// None: the attribute is not there.
    Nothing,
    /// Whether it is there.
    Truth(bool),
    /// A text.
    Text(Cow<'static, str>),
}

impl Value {
    /// As JavaScript has it.
    pub(super) fn script(&self) -> JsValue {
        match self {
            Self::Nothing => JsValue::NULL,
            Self::Truth(truth) => (*truth).into(),
            Self::Text(text) => text.as_ref().into(),
        }
    }

    /// Whether it is there, and the text that it has then.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Nothing | Self::Truth(false) => None,
            Self::Truth(true) => Some(""),
            Self::Text(text) => Some(text),
        }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// What can be given as a value: one that stays, or what gives it whenever a signal changes that it reads.
pub(crate) trait Given {
    /// The element with this value.
    fn give(self, element: Element, kind: Kind, name: &'static str) -> Element;
}

/// What stays as it is.
macro_rules! fixed {
    ($($type:ty),*) => {$(
        impl Given for $type {
            fn give(self, element: Element, kind: Kind, name: &'static str) -> Element {
                element.fixed(kind, name, self.into())
            }
        }
    )*};
}

fixed!(bool, &'static str, String, Option<&'static str>, Option<String>);

/// What gives a value, again and again.
pub(crate) trait Give {
    /// The value as it is now.
    fn value(&mut self) -> Value;
}

impl<T: Into<Value>, F: FnMut() -> T> Give for F {
    fn value(&mut self) -> Value {
        self().into()
    }
}

impl<T: Into<Value>, F: FnMut() -> T + 'static> Given for F {
    fn give(self, element: Element, kind: Kind, name: &'static str) -> Element {
        element.live(kind, name, Box::new(self))
    }
}

/// Signals, which are read.
macro_rules! read {
    ($($type:ty),*) => {$(
        impl Given for $type {
            fn give(self, element: Element, kind: Kind, name: &'static str) -> Element {
                (move || self.get()).give(element, kind, name)
            }
        }
    )*};
}

read!(RwSignal<bool>, RwSignal<String>, Signal<String>);
