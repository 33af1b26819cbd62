//! [`Mounted`]: what became of a description in the document, and how it becomes what another one says.

use any_spawner::Executor;
use leptos::prelude::{Owner, RenderEffect, document};
use std::borrow::Cow;
use web_sys::{Comment, Node as Dom, Text};

use super::element::Element;
use super::node::{IntoNode, Make, Node};
use super::part::Kept;
use super::skeleton;

/// What became of a description. All of it is one piece of the document, with at least one node.
enum Mounted {
    /// Nothing, at this place.
    Nothing(Comment),
    Text(Text, Cow<'static, str>),
    Element(Box<Built>),
    /// What stands one after the other, and the place behind it.
    Many(Vec<Mounted>, Comment),
    Live(RenderEffect<Mounted>),
}

/// What became of an element.
struct Built {
    element: web_sys::Element,
    html: &'static str,
    parts: Vec<Kept>,
    children: Vec<Mounted>,
}

/// Shows what a function gives in the page, for as long as the page is there.
pub(crate) fn mount<T: IntoNode>(view: impl FnOnce() -> T) {
    // It fails where it was done before.
    _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let mounted = owner.with(|| Mounted::new(view().into_node()));
    if let Some(body) = document().body() {
        mounted.insert(&body, None);
    }
    std::mem::forget((owner, mounted));
}

impl Mounted {
    /// Makes it. It is not in the document yet.
    fn new(node: Node) -> Self {
        match node {
            Node::Nothing => Self::Nothing(place()),
            Node::Text(text) => Self::Text(document().create_text_node(&text), text),
            Node::Element(element) => Self::Element(Box::new(Built::new(element))),
            Node::Many(nodes) => Self::Many(nodes.into_iter().map(Self::new).collect(), place()),
            Node::Live(node) => Self::live(node, None),
        }
    }

    fn live(mut node: Box<dyn Make>, mut before: Option<Self>) -> Self {
        Self::Live(RenderEffect::new(move |old: Option<Self>| {
            let node = node.make();
            match old.or_else(|| before.take()) {
                Some(old) => old.follow(node),
                None => Self::new(node),
            }
        }))
    }

    /// Becomes what another description says. Elements that are of the same kind stay, with their focus and whatever the
    /// visitor has done with them.
    fn follow(self, node: Node) -> Self {
        match (self, node) {
            (Self::Nothing(place), Node::Nothing) => Self::Nothing(place),
            (Self::Text(dom, old), Node::Text(new)) => {
                if old != new {
                    dom.set_data(&new);
                }
                Self::Text(dom, new)
            }
            (Self::Element(mut built), Node::Element(element)) if built.is_of(&element) => {
                built.follow(element);
                Self::Element(built)
            }
            (Self::Many(old, end), Node::Many(new)) => {
                let mut old = old.into_iter();
                let mut all = Vec::with_capacity(new.len());
                for node in new {
                    all.push(if let Some(old) = old.next() {
                        old.follow(node)
                    } else {
                        let new = Self::new(node);
                        new.insert_before(&end);
                        new
                    });
                }
                old.for_each(Self::remove);
                Self::Many(all, end)
            }
            (Self::Live(effect), Node::Live(node)) => Self::live(node, effect.take_value()),
            (old, node) => {
                let new = Self::new(node);
                old.first(&mut |first| new.insert_before(first));
                old.remove();
                new
            }
        }
    }

    /// Puts it into the document.
    fn insert(&self, parent: &Dom, before: Option<&Dom>) {
        self.each(&mut |dom| _ = parent.insert_before(dom, before));
    }

    fn insert_before(&self, dom: &Dom) {
        if let Some(parent) = dom.parent_node() {
            self.insert(&parent, Some(dom));
        }
    }

    /// Takes it out of the document.
    fn remove(self) {
        self.each(&mut |dom| {
            if let Some(parent) = dom.parent_node() {
                _ = parent.remove_child(dom);
            }
        });
    }

    /// Its first node.
    fn first(&self, with: &mut dyn FnMut(&Dom)) {
        match self {
            Self::Many(nodes, end) => match nodes.first() {
                Some(first) => first.first(with),
                None => with(end),
            },
            Self::Live(effect) => _ = effect.with_value_mut(|mounted| mounted.first(with)),
            one => one.each(with),
        }
    }

    /// Its nodes, in order.
    fn each(&self, with: &mut dyn FnMut(&Dom)) {
        match self {
            Self::Nothing(place) => with(place),
            Self::Text(text, _) => with(text),
            Self::Element(built) => with(&built.element),
            Self::Many(nodes, end) => {
                for node in nodes {
                    node.each(with);
                }
                with(end);
            }
            Self::Live(effect) => _ = effect.with_value_mut(|mounted| mounted.each(with)),
        }
    }
}

impl Built {
    fn new(Element(new): Element) -> Self {
        let element = skeleton::copy(new.html, new.drawn);
        let children: Vec<Mounted> = new.children.into_iter().map(Mounted::new).collect();
        for child in &children {
            child.insert(&element, None);
        }
        // After the children: what is chosen in a list must be in it.
        let parts = new.parts.into_iter().map(|part| Kept::new(&element, part)).collect();
        Self { element, html: new.html, parts, children }
    }

    /// Whether it can become this element.
    fn is_of(&self, new: &Element) -> bool {
        self.html == new.0.html
            && self.children.len() == new.0.children.len()
            && self.parts.len() == new.0.parts.len()
            && self.parts.iter().zip(&new.0.parts).all(|(kept, part)| kept.is_of(part))
    }

    fn follow(&mut self, Element(new): Element) {
        let old = std::mem::take(&mut self.children);
        self.children = old.into_iter().zip(new.children).map(|(old, new)| old.follow(new)).collect();
        for (kept, part) in self.parts.iter_mut().zip(new.parts) {
            kept.follow(&self.element, part);
        }
    }
}

/// A place in the document where nothing is to be seen.
fn place() -> Comment {
    document().create_comment("")
}
