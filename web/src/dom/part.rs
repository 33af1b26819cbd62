//! [`Kept`]: what became of a part of an element in the document.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use leptos::prelude::RenderEffect;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement};

use super::element::{Handle, Kind, Part, Place};
use super::value::{Give, Value};

/// What became of a part.
pub(super) enum Kept {
    /// A value that stays until the part is another one.
    Fixed(Place, Value),
    /// A value that follows its signals.
    Live(Place, #[expect(dead_code, reason = "it ends with this")] RenderEffect<Value>),
    /// What is done at an event, until the part is another one.
    On(Listener),
    /// The element was told.
    Held,
}

impl Kept {
    /// Makes it so.
    pub(super) fn new(element: &Element, part: Part) -> Self {
        match part {
            Part::Fixed(place, value) => {
                set(element, place, &value);
                Self::Fixed(place, value)
            }
            Part::Live(place, value) => Self::live(element, place, value),
            Part::On(name, handler) => Self::On(Listener::new(element, name, handler)),
            Part::Held(told) => {
                told(element);
                Self::Held
            }
        }
    }

    /// Whether a part says something about the same.
    pub(super) fn is_of(&self, part: &Part) -> bool {
        match (self, part) {
            (Self::Fixed(old, _) | Self::Live(old, _), Part::Fixed(new, _) | Part::Live(new, _)) => old == new,
            (Self::On(old), Part::On(new, _)) => old.name == *new,
            (Self::Held, Part::Held(_)) => true,
            _ => false,
        }
    }

    /// Makes what the part says now of what it said before.
    pub(super) fn follow(&mut self, element: &Element, part: Part) {
        match (&mut *self, part) {
            (Self::Fixed(_, old), Part::Fixed(_, new)) if *old == new => {}
            (Self::On(listener), Part::On(_, new)) => *listener.handler.borrow_mut() = new,
            (_, part) => *self = Self::new(element, part),
        }
    }

    fn live(element: &Element, place: Place, mut value: Box<dyn Give>) -> Self {
        let element = element.clone();
        let effect = RenderEffect::new(move |old: Option<Value>| {
            let value = value.value();
            if old.as_ref() != Some(&value) {
                set(&element, place, &value);
            }
            value
        });
        Self::Live(place, effect)
    }
}

/// What the browser calls at an event, for as long as it is there.
pub(super) struct Listener {
    element: Element,
    name: Cow<'static, str>,
    handler: Rc<RefCell<Rc<dyn Handle>>>,
    called: Closure<dyn Fn(Event)>,
}

impl Listener {
    fn new(element: &Element, name: Cow<'static, str>, handler: Rc<dyn Handle>) -> Self {
        let handler = Rc::new(RefCell::new(handler));
        let now = handler.clone();
        // It is called outside of the borrow: what it does can lead to another one, or to the same event again.
        let called = Closure::<dyn Fn(Event)>::new(move |event| {
            let handler = now.borrow().clone();
            handler.handle(event);
        });
        // It fails for no element.
        _ = element.add_event_listener_with_callback(&name, called.as_ref().unchecked_ref());
        Self { element: element.clone(), name, handler, called }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // The browser may tell an element that is gone already that it was closed.
        _ = self.element.remove_event_listener_with_callback(&self.name, self.called.as_ref().unchecked_ref());
    }
}

/// Elements of the page take all of these: none of them fails.
fn set(element: &Element, place: Place, value: &Value) {
    let (kind, name) = place;
    match kind {
        Kind::Attribute => match value.text() {
            Some(text) => _ = element.set_attribute(name, text),
            None => _ = element.remove_attribute(name),
        },
        Kind::Class => {
            let list = element.class_list();
            _ = if *value == Value::Truth(true) { list.add_1(name) } else { list.remove_1(name) };
        }
        Kind::Property => _ = Reflect::set(element, &name.into(), &value.script()),
        Kind::Style => {
            let style = element.unchecked_ref::<HtmlElement>().style();
            _ = style.set_property(name, value.text().unwrap_or_default());
        }
        Kind::Html => element.set_inner_html(value.text().unwrap_or_default()),
    }
}
