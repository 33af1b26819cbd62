//! `view!`, by which the page of the playground (`web`) writes its elements. It reads what the `view!` of Leptos reads.
//! What comes out is not a type for each view, with code of its own to build and to update it, but calls to the few
//! functions of `web/src/dom`: with it the page is half as large.

mod element;
mod skeleton;

use proc_macro2::TokenStream;
use quote::quote;
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeElement};
use syn::{Error, Expr, Result, Stmt};

/// Elements, texts, blocks of code and components, as a `dom::Node`.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let view = rstml::parse2(tokens.into()).and_then(|nodes| all(&nodes));
    view.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Several nodes as one.
fn all(nodes: &[Node]) -> Result<TokenStream> {
    let nodes = nodes.iter().map(shown).collect::<Result<Vec<_>>>()?;
    let mut nodes: Vec<_> = nodes.into_iter().map(|node| quote! { crate::dom::IntoNode::into_node(#node) }).collect();
    Ok(match (nodes.pop(), nodes.is_empty()) {
        (Some(only), true) => only,
        (last, _) => quote! { crate::dom::Node::Many(vec![#(#nodes,)* #last]) },
    })
}

/// What can be shown: something that is `dom::IntoNode`.
fn shown(node: &Node) -> Result<TokenStream> {
    match node {
        Node::Element(element) if is_component(element) => component(element),
        Node::Element(element) => element::element(element),
        Node::Text(text) => {
            let text = &text.value;
            Ok(quote! { #text })
        }
        Node::Block(block) => {
            let value = block.try_block().and_then(|block| match block.stmts.as_slice() {
                [Stmt::Expr(value, None)] => Some(value),
                _ => None,
            });
            Ok(value.map_or_else(|| quote! { #block }, |value| quote! { #value }))
        }
        Node::Fragment(fragment) => all(&fragment.children),
        other => Err(Error::new_spanned(other, "an element, a text in quotes, or code in braces is expected")),
    }
}

/// Components are named as types are.
fn is_component(element: &NodeElement<rstml::Infallible>) -> bool {
    let name = element.name().to_string();
    name.rsplit("::").next().is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// A call of a component, whose properties `#[component]` made a builder for.
fn component(element: &NodeElement<rstml::Infallible>) -> Result<TokenStream> {
    let name = element.name();
    let setters = element.attributes().iter().map(|attribute| {
        let (attribute, value) = keyed(attribute)?;
        let key = &attribute.key;
        // `<Group title/>` is `<Group title=title/>`.
        Ok(value.map_or_else(|| quote! { .#key(#key) }, |value| quote! { .#key(#value) }))
    });
    let setters = setters.collect::<Result<Vec<_>>>()?;
    let children = if element.children.is_empty() {
        None
    } else {
        let children = all(&element.children)?;
        Some(quote! { .children(crate::dom::IntoChildren::into_children(move || #children)) })
    };
    Ok(quote! {
        ::leptos::component::component_view(
            #name,
            ::leptos::component::component_props_builder(&#name) #(#setters)* #children .build(),
        )
    })
}

/// An attribute with its value.
fn keyed(attribute: &NodeAttribute) -> Result<(&KeyedAttribute, Option<&Expr>)> {
    match attribute {
        NodeAttribute::Attribute(keyed) => Ok((keyed, keyed.value())),
        NodeAttribute::Block(block) => Err(Error::new_spanned(block, "an attribute with a name is expected")),
    }
}
