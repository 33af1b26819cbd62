//! What is the same whenever an element is made: its HTML.

use rstml::node::{Node, NodeAttribute, NodeElement};

/// Elements without an end.
const VOID: [&str; 6] = ["br", "col", "hr", "img", "input", "wbr"];

/// Elements that the browser makes other ones of outside of an `svg`.
const DRAWN: [&str; 8] = ["circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect"];

/// The HTML of an element with the attributes that never change, and, where all of it never changes, its children.
pub(crate) fn skeleton(element: &NodeElement<rstml::Infallible>) -> String {
    let mut html = String::new();
    let children = is_fixed(element).then_some(element.children.as_slice());
    write(element, children.unwrap_or_default(), &mut html);
    if is_drawn(element) { format!("<svg>{html}</svg>") } else { html }
}

/// Whether an element is part of a drawing.
pub(crate) fn is_drawn(element: &NodeElement<rstml::Infallible>) -> bool {
    DRAWN.contains(&element.name().to_string().as_str())
}

/// Whether an element is the same whenever it is made.
pub(crate) fn is_fixed(element: &NodeElement<rstml::Infallible>) -> bool {
    !super::is_component(element)
        && element.attributes().iter().all(|attribute| literal(attribute).is_some())
        && element.children.iter().all(|child| match child {
            Node::Element(element) => is_fixed(element),
            Node::Text(_) => true,
            _ => false,
        })
}

/// The name and value of an attribute that never changes.
pub(crate) fn literal(attribute: &NodeAttribute) -> Option<(String, String)> {
    let NodeAttribute::Attribute(keyed) = attribute else { return None };
    let name = keyed.key.to_string();
    let value = if keyed.value().is_none() { String::new() } else { keyed.value_literal_string()? };
    (!name.contains(':') && !["inner_html", "node_ref"].contains(&name.as_str())).then_some((name, value))
}

fn write(element: &NodeElement<rstml::Infallible>, children: &[Node], html: &mut String) {
    let name = element.name().to_string();
    html.push('<');
    html.push_str(&name);
    for (name, value) in element.attributes().iter().filter_map(literal) {
        html.push(' ');
        html.push_str(&name);
        // `open=true` is the attribute without a value, `open=false` is none; neither is written in the page.
        if !value.is_empty() && value != "true" || name.starts_with("aria-") {
            html.push_str("=\"");
            html.push_str(&escaped(&value));
            html.push('"');
        }
    }
    html.push('>');
    for child in children {
        match child {
            Node::Element(element) => write(element, &element.children, html),
            Node::Text(text) => html.push_str(&escaped(&text.value_string())),
            _ => {}
        }
    }
    if !VOID.contains(&name.as_str()) {
        html.push_str("</");
        html.push_str(&name);
        html.push('>');
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
