//! An element: its skeleton, and what can change of it.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use rstml::node::{NodeAttribute, NodeElement};
use syn::{Error, Expr, Ident, Result};

use crate::skeleton::{is_drawn, is_fixed, literal, skeleton};

/// An element as calls of `dom::Element`.
pub(crate) fn element(element: &NodeElement<rstml::Infallible>) -> Result<TokenStream> {
    let html = skeleton(element);
    let new = if is_drawn(element) { quote!(drawn) } else { quote!(new) };
    let tag = element.name().to_string();
    let live = element.attributes().iter().filter(|attribute| literal(attribute).is_none());
    let attributes = live.map(|live| attribute(&tag, live)).collect::<Result<Vec<_>>>()?;
    let children = if is_fixed(element) { &[][..] } else { &element.children };
    let children = children.iter().map(super::shown).collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        crate::dom::Element::#new(#html) #(#attributes)* #(.child(#children))*
    })
}

/// An attribute that is not part of the skeleton.
fn attribute(tag: &str, attribute: &NodeAttribute) -> Result<TokenStream> {
    let (keyed, value) = super::keyed(attribute)?;
    let name = keyed.key.to_string();
    let value = value.ok_or_else(|| Error::new_spanned(keyed, "a value is expected"))?;
    Ok(match name.split_once(':') {
        Some(("on", event)) => handler(tag, event, value)?,
        Some(("class", class)) => quote! { .class(#class, #value) },
        Some(("prop", property)) => quote! { .property(#property, #value) },
        Some(("style", property)) => quote! { .style(#property, #value) },
        Some(_) => return Err(Error::new_spanned(keyed, "on:, class:, prop: or style: is expected")),
        None if name == "inner_html" => quote! { .html(#value) },
        None if name == "node_ref" => quote! { .held(#value) },
        None => quote! { .attribute(#name, #value) },
    })
}

fn handler(tag: &str, event: &str, handler: &Expr) -> Result<TokenStream> {
    let (event, targeted) = event.strip_suffix(":target").map_or((event, false), |event| (event, true));
    let event = Ident::new(event, Span::call_site());
    if !targeted {
        return Ok(quote! { .on(&::leptos::ev::#event, #handler) });
    }
    let target = match tag {
        "input" => quote!(HtmlInputElement),
        "select" => quote!(HtmlSelectElement),
        "textarea" => quote!(HtmlTextAreaElement),
        _ => return Err(Error::new_spanned(handler, "only fields have targets of a type")),
    };
    Ok(quote! { .on_target::<::web_sys::#target, _>(&::leptos::ev::#event, #handler) })
}
