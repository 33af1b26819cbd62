//! [`Node`]: what is to be seen, and what can be said in its place.

use std::borrow::Cow;
use std::rc::Rc;

use leptos::prelude::{Get, Memo};

use super::element::Element;

/// What is to be seen.
pub(crate) enum Node {
    /// Nothing.
    Nothing,
    /// A text.
    Text(Cow<'static, str>),
    /// An element.
    Element(Element),
    /// One after the other.
    Many(Vec<Node>),
    /// What is made again whenever a signal changes that it reads.
    Live(Box<dyn Make>),
}

/// What makes a node, again and again. (A trait of its own, as that of closures brings three functions for each.)
pub(crate) trait Make {
    /// The node as it is now.
    fn make(&mut self) -> Node;
}

impl<T: IntoNode, F: FnMut() -> T> Make for F {
    fn make(&mut self) -> Node {
        self().into_node()
    }
}

/// What can be said for a [`Node`].
pub(crate) trait IntoNode {
    /// The node.
    fn into_node(self) -> Node;

    /// The element with this as its last child.
    fn add_to(self, parent: Element) -> Element
    where
        Self: Sized,
    {
        parent.node(self.into_node())
    }
}

impl IntoNode for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl IntoNode for Element {
    fn into_node(self) -> Node {
        Node::Element(self)
    }

    fn add_to(self, parent: Element) -> Element {
        parent.element(self)
    }
}

impl IntoNode for () {
    fn into_node(self) -> Node {
        Node::Nothing
    }
}

impl IntoNode for &'static str {
    fn into_node(self) -> Node {
        Node::Text(Cow::Borrowed(self))
    }

    fn add_to(self, parent: Element) -> Element {
        parent.text(self)
    }
}

impl IntoNode for String {
    fn into_node(self) -> Node {
        Node::Text(Cow::Owned(self))
    }
}

impl IntoNode for usize {
    fn into_node(self) -> Node {
        self.to_string().into_node()
    }
}

impl IntoNode for u32 {
    fn into_node(self) -> Node {
        self.to_string().into_node()
    }
}

impl<T: IntoNode> IntoNode for Option<T> {
    fn into_node(self) -> Node {
        self.map_or(Node::Nothing, IntoNode::into_node)
    }
}

impl<T: IntoNode> IntoNode for Vec<T> {
    fn into_node(self) -> Node {
        self.collect_view()
    }
}

impl<T: IntoNode, F: FnMut() -> T + 'static> IntoNode for F {
    fn into_node(self) -> Node {
        Node::Live(Box::new(self))
    }

    fn add_to(self, parent: Element) -> Element {
        parent.live_child(Box::new(self))
    }
}

/// What can be shown one after the other.
pub(crate) trait CollectView {
    /// All of it as one node.
    fn collect_view(self) -> Node;
}

impl<T: IntoNode, I: IntoIterator<Item = T>> CollectView for I {
    fn collect_view(self) -> Node {
        Node::Many(self.into_iter().map(IntoNode::into_node).collect())
    }
}

/// What a component holds, shown once.
pub(crate) type Children = Box<dyn FnOnce() -> Node>;

/// What a component holds, shown as often as it likes.
pub(crate) type ChildrenFn = Rc<dyn Fn() -> Node>;

/// What `view!` makes of what stands within a component.
pub(crate) trait IntoChildren<F> {
    /// The content.
    fn into_children(content: F) -> Self;
}

impl<F: FnOnce() -> Node + 'static> IntoChildren<F> for Children {
    fn into_children(content: F) -> Self {
        Box::new(content)
    }
}

impl<F: Fn() -> Node + 'static> IntoChildren<F> for ChildrenFn {
    fn into_children(content: F) -> Self {
        Rc::new(content)
    }
}

/// What is there only while something holds. It is not made again while that does not change.
pub(crate) fn show(when: impl Fn() -> bool + Send + Sync + 'static, content: impl Fn() -> Node + 'static) -> Node {
    let when = Memo::new(move |_| when());
    (move || when.get().then(&content)).into_node()
}
