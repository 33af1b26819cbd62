//! [`Element`]: an element as it is to be, and what becomes of its parts in the document.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::ev::EventDescriptor;
use leptos::html::ElementType;
use leptos::prelude::NodeRef;
use leptos::tachys::html::node_ref::NodeRefContainer;
use wasm_bindgen::prelude::*;
use web_sys::Event;

use super::node::{IntoNode, Make, Node};
use super::value::{Give, Given, Value};

/// An element as it is to be. As a box it is one number to whoever hands it on.
pub(crate) struct Element(pub(super) Box<Said>);

/// What is said of an element.
pub(super) struct Said {
    /// The HTML that it begins with.
    pub(super) html: &'static str,
    /// Whether it is part of a drawing.
    pub(super) drawn: bool,
    pub(super) parts: Vec<Part>,
    pub(super) children: Vec<Node>,
}

/// What is said of an element beside its HTML.
pub(super) enum Part {
    /// A value that stays.
    Fixed(Place, Value),
    /// A value that follows its signals.
    Live(Place, Box<dyn Give>),
    /// What is done at an event.
    On(Cow<'static, str>, Rc<dyn Handle>),
    /// What is told that the element is there.
    Held(Box<dyn FnOnce(&web_sys::Element)>),
}

/// Where a value goes.
pub(super) type Place = (Kind, &'static str);

/// What a value is of its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Attribute,
    Class,
    Property,
    Style,
    Html,
}

/// What is done at an event.
pub(super) trait Handle {
    /// Does it.
    fn handle(&self, event: Event);
}

// Most of the page's code is calls of these. They do not become part of their callers, so that a call is as short as it
// can be.
impl Element {
    /// One that begins with this HTML.
    #[inline(never)]
    pub(crate) fn new(html: &'static str) -> Self {
        Self(Box::new(Said { html, drawn: false, parts: Vec::new(), children: Vec::new() }))
    }

    /// The only element in the `svg` of this HTML.
    pub(crate) fn drawn(html: &'static str) -> Self {
        let mut element = Self::new(html);
        element.0.drawn = true;
        element
    }

    /// With an attribute.
    pub(crate) fn attribute(self, name: &'static str, value: impl Given) -> Self {
        value.give(self, Kind::Attribute, name)
    }

    /// With a class, where the value is true.
    pub(crate) fn class(self, name: &'static str, value: impl Given) -> Self {
        value.give(self, Kind::Class, name)
    }

    /// With a property, as scripts see it.
    pub(crate) fn property(self, name: &'static str, value: impl Given) -> Self {
        value.give(self, Kind::Property, name)
    }

    /// With a property of its style.
    pub(crate) fn style(self, name: &'static str, value: impl Given) -> Self {
        value.give(self, Kind::Style, name)
    }

    /// With this HTML in it.
    pub(crate) fn html(self, value: impl Given) -> Self {
        value.give(self, Kind::Html, "")
    }

    /// With a value that stays.
    #[inline(never)]
    pub(super) fn fixed(mut self, kind: Kind, name: &'static str, value: Value) -> Self {
        self.0.parts.push(Part::Fixed((kind, name), value));
        self
    }

    /// With a value that follows its signals.
    #[inline(never)]
    pub(super) fn live(mut self, kind: Kind, name: &'static str, value: Box<dyn Give>) -> Self {
        self.0.parts.push(Part::Live((kind, name), value));
        self
    }

    /// With something that is done at an event.
    pub(crate) fn on<E>(self, event: &E, handler: impl Fn(E::EventType) + 'static) -> Self
    where
        E: EventDescriptor,
        E::EventType: JsCast + 'static,
    {
        self.listen(event.name(), Rc::new(Typed(handler, PhantomData)))
    }

    /// The same, told with the element at which it happened.
    pub(crate) fn on_target<T, E>(self, event: &E, handler: impl Fn(Targeted<T>) + 'static) -> Self
    where
        T: JsCast + 'static,
        E: EventDescriptor,
    {
        self.listen(event.name(), Rc::new(AtTarget(handler, PhantomData)))
    }

    #[inline(never)]
    fn listen(mut self, event: Cow<'static, str>, handler: Rc<dyn Handle>) -> Self {
        self.0.parts.push(Part::On(event, handler));
        self
    }

    /// Tells a reference of it.
    pub(crate) fn held<E>(mut self, reference: NodeRef<E>) -> Self
    where
        E: ElementType,
        E::Output: JsCast + Clone + 'static,
    {
        self.0.parts.push(Part::Held(Box::new(move |element| reference.load(element))));
        self
    }

    /// With one more child.
    pub(crate) fn child(self, child: impl IntoNode) -> Self {
        child.add_to(self)
    }

    /// With one more child.
    #[inline(never)]
    pub(super) fn node(mut self, child: Node) -> Self {
        self.0.children.push(child);
        self
    }

    /// With a text.
    #[inline(never)]
    pub(super) fn text(self, text: &'static str) -> Self {
        self.node(Node::Text(Cow::Borrowed(text)))
    }

    /// With another element in it.
    #[inline(never)]
    pub(super) fn element(self, element: Self) -> Self {
        self.node(Node::Element(element))
    }

    /// With what follows its signals.
    #[inline(never)]
    pub(super) fn live_child(self, child: Box<dyn Make>) -> Self {
        self.node(Node::Live(child))
    }
}

/// What is done at an event of a known type.
struct Typed<F, E>(F, PhantomData<E>);

impl<E: JsCast, F: Fn(E)> Handle for Typed<F, E> {
    fn handle(&self, event: Event) {
        (self.0)(event.unchecked_into());
    }
}

/// What is done at an event at an element of a known type.
struct AtTarget<F, T>(F, PhantomData<T>);

impl<T, F: Fn(Targeted<T>)> Handle for AtTarget<F, T> {
    fn handle(&self, event: Event) {
        (self.0)(Targeted(event, PhantomData));
    }
}

/// An event at an element of a known type.
pub(crate) struct Targeted<T>(Event, PhantomData<T>);

impl<T: JsCast> Targeted<T> {
    /// The element.
    pub(crate) fn target(&self) -> T {
        JsValue::from(self.0.target()).unchecked_into()
    }
}
