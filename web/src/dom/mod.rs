//! The elements of the page. What is to be seen is written with `view!` and comes as a [`Node`], a plain description;
//! [`mounted`] holds what became of it in the document, and follows when a signal changes that the description reads.
//!
//! Leptos has all of this, with a type for each view. Here there is one type for all views, one boxed closure for each
//! part that changes, and one function each to build and to update them: the page is half as large for it.

mod element;
mod mounted;
mod node;
mod part;
mod skeleton;
mod value;

pub(crate) use element::Element;
pub(crate) use mounted::mount;
pub(crate) use node::{Children, ChildrenFn, CollectView, IntoChildren, IntoNode, Node, show};

/// Does something now, and again whenever a signal changes that it reads. One kind of effect for all that is done.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    let mut run: Box<dyn FnMut()> = Box::new(run);
    leptos::prelude::Effect::new(move |_| run());
}

/// What every file needs that shows something.
pub(crate) mod prelude {
    pub(crate) use leptos::prelude::*;
    pub(crate) use revproof_view::view;

    pub(crate) use super::{Children, ChildrenFn, CollectView, IntoNode, Node, effect};
}
