//! What elements begin with: a piece of HTML, which the browser reads once and copies from then on.

use js_sys::Map;
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlTemplateElement};

thread_local! {
    /// The elements that were read, by the address of their HTML, which never changes.
    static READ: Map = Map::new();
}

/// A new element of this HTML; `drawn` where it stands in an `svg` of which it is a part.
pub(super) fn copy(html: &'static str, drawn: bool) -> Element {
    let address = JsValue::from(html.as_ptr() as usize);
    let kept = READ.with(|read| read.get(&address));
    let element = if kept.is_undefined() {
        let element = read(html, drawn);
        READ.with(|read| read.set(&address, &element));
        element
    } else {
        kept.unchecked_into()
    };
    // The copy of an element is one.
    element.clone_node_with_deep(true).unwrap_or_else(|_| element.clone().into()).unchecked_into()
}

fn read(html: &str, drawn: bool) -> Element {
    let template = document().create_element("template").expect("every browser has it");
    template.set_inner_html(html);
    let content = template.unchecked_into::<HtmlTemplateElement>().content();
    let first = content.first_element_child();
    let element = if drawn { first.and_then(|svg| svg.first_element_child()) } else { first };
    element.expect("`view!` writes one element")
}
