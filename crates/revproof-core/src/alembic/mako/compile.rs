//! [`compile`]: nodes of a template to the Python module that writes its output, as Mako itself does it.

use super::TemplateError;
use super::code::{Writer, literal, without_margin};
use super::lexer::{Node, NodeKind};

/// The filters that Mako knows by a short name, and what does their work here; `None` is nothing to do.
const FILTERS: [(&str, Option<&str>); 6] = [
    ("x", Some("_M_xml")),
    ("h", Some("_M_html")),
    ("trim", Some("_M_trim")),
    ("unicode", Some("str")),
    ("str", Some("str")),
    ("n", None),
];

/// Writes the code of the nodes: module code first, then the definitions, then the body.
pub(super) fn compile(nodes: &[Node], out: &mut Writer) -> Result<(), TemplateError> {
    for node in nodes {
        if let NodeKind::Code { text, is_module: true } = &node.kind {
            out.block(&without_margin(text), node.line);
        }
    }
    body(nodes, out)
}

/// The definitions among the nodes, then everything else.
fn body(nodes: &[Node], out: &mut Writer) -> Result<(), TemplateError> {
    definitions(nodes, out)?;
    statements(nodes, out)
}

/// Functions come first, so that what stands above them can call them.
fn definitions(nodes: &[Node], out: &mut Writer) -> Result<(), TemplateError> {
    for node in nodes {
        let NodeKind::Tag { keyword, attributes, children } = &node.kind else { continue };
        match keyword.as_str() {
            "def" => definition(node.line, attributes, children, out)?,
            "block" => definitions(children, out)?,
            _ => {}
        }
    }
    Ok(())
}

fn definition(
    line: u32,
    attributes: &[(String, String)],
    children: &[Node],
    out: &mut Writer,
) -> Result<(), TemplateError> {
    let mut signature = None;
    for (name, value) in attributes {
        match name.as_str() {
            "name" => signature = Some(value),
            _ => return Err(TemplateError::at(line, format!("`<%def {name}=…>` is not rendered by revproof"))),
        }
    }
    let Some(signature) = signature else {
        return Err(TemplateError::at(line, "Missing attribute(s): 'name'"));
    };
    if !signature.contains('(') {
        return Err(TemplateError::at(line, "Missing parenthesis in %def"));
    }
    out.open(&format!("def {signature}:"), line);
    body(children, out)?;
    out.line("return ''", line);
    out.close();
    Ok(())
}

fn statements(nodes: &[Node], out: &mut Writer) -> Result<(), TemplateError> {
    // For each control line that is open: whether it counts its rounds for `loop`.
    let mut loops: Vec<bool> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        match &node.kind {
            NodeKind::Text(text) => out.line(&format!("_M_write({}, {})", literal(text), node.line), node.line),
            NodeKind::Expression { text, filters } => {
                let text = filtered(text, filters, node.line)?;
                out.lines(&format!("_M_write({text}, {})", node.line), node.line);
            }
            NodeKind::Code { is_module: true, .. } => {}
            NodeKind::Code { text, is_module: false } => out.block(&without_margin(text), node.line),
            NodeKind::Control { is_end: true, .. } => {
                out.close();
                if loops.pop() == Some(true) {
                    out.line("loop = loop.parent", node.line);
                }
            }
            NodeKind::Control { keyword, text, .. } => {
                let text = statement(text, node.line)?;
                match keyword.as_str() {
                    "for" => {
                        let counts = nodes.get(at + 1..).is_some_and(uses_loop);
                        let counted = if counts { counted(text) } else { None };
                        loops.push(counted.is_some());
                        match counted {
                            Some((target, items)) => {
                                out.lines(&format!("loop = _Loop({items}, loop)"), node.line);
                                out.open(&format!("for {target} in loop.items:"), node.line);
                                out.line("loop.index += 1", node.line);
                            }
                            None => out.open(text, node.line),
                        }
                    }
                    "if" | "while" | "try" | "with" => {
                        loops.push(false);
                        out.open(text, node.line);
                    }
                    _ => {
                        out.close();
                        out.open(text, node.line);
                    }
                }
            }
            NodeKind::Tag { keyword, attributes, children } => tag(node.line, keyword, attributes, children, out)?,
        }
    }
    Ok(())
}

fn tag(
    line: u32,
    keyword: &str,
    attributes: &[(String, String)],
    children: &[Node],
    out: &mut Writer,
) -> Result<(), TemplateError> {
    let only = attributes.iter().find(|(name, _)| name != "name").map(|(name, _)| name);
    match (keyword, only) {
        ("def", _) => Ok(()),
        ("text" | "block", None) => statements(children, out),
        ("text" | "block", Some(attribute)) => {
            Err(TemplateError::at(line, format!("`<%{keyword} {attribute}=…>` is not rendered by revproof")))
        }
        ("page" | "inherit" | "include" | "namespace" | "call", _) => {
            Err(TemplateError::at(line, format!("`<%{keyword}>` is not rendered by revproof")))
        }
        _ if keyword.contains(':') => {
            Err(TemplateError::at(line, format!("`<%{keyword}>` is not rendered by revproof")))
        }
        _ => Err(TemplateError::at(line, format!("No such tag: '{keyword}'"))),
    }
}

/// A control line up to its colon, without a comment behind it.
fn statement(text: &str, line: u32) -> Result<&str, TemplateError> {
    let trimmed = text.trim();
    if trimmed.ends_with(':') {
        return Ok(trimmed);
    }
    let comment =
        trimmed.char_indices().filter(|(_, c)| *c == '#').map(|(at, _)| trimmed.get(..at).unwrap_or_default());
    let mut before = comment.map(str::trim_end).filter(|before| before.ends_with(':'));
    before.next().ok_or_else(|| {
        TemplateError::at(line, format!("Fragment '{trimmed}' is not a partial control statement: a `:` is missing"))
    })
}

/// The parts of `for target in items:`.
fn counted(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix("for")?.strip_suffix(':')?;
    let (target, items) = inner.split_once(" in ")?;
    Some((target.trim(), items.trim()))
}

/// Whether the body of the loop that begins right before these nodes speaks of `loop`.
fn uses_loop(nodes: &[Node]) -> bool {
    let mut depth = 0_u32;
    for node in nodes {
        match &node.kind {
            NodeKind::Control { keyword, is_end: true, .. } if depth == 0 && keyword == "for" => return false,
            NodeKind::Control { is_end: true, .. } => depth = depth.saturating_sub(1),
            NodeKind::Control { keyword, text, .. } => {
                if mentions_loop(text) {
                    return true;
                }
                if matches!(keyword.as_str(), "for" | "if" | "while" | "try" | "with") {
                    depth += 1;
                }
            }
            NodeKind::Expression { text, .. } | NodeKind::Code { text, .. } if mentions_loop(text) => return true,
            _ => {}
        }
    }
    false
}

fn mentions_loop(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "loop")
}

/// The expression with its filters around it; without `n` among them, `str` comes first.
fn filtered(text: &str, filters: &str, line: u32) -> Result<String, TemplateError> {
    let filters = split(filters);
    let is_plain = filters.contains(&"n");
    let mut target = if is_plain { text.to_owned() } else { format!("str({text})") };
    for filter in filters {
        let name = filter.split('(').next().unwrap_or_default().trim();
        let known = FILTERS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function);
        if matches!(name, "u" | "entity") || name.starts_with("decode") {
            return Err(TemplateError::at(line, format!("the filter `{name}` is not rendered by revproof")));
        }
        match known {
            Some(None) => {}
            Some(Some(function)) => target = format!("{function}({target})"),
            None => target = format!("{filter}({target})"),
        }
    }
    Ok(target)
}

/// The filters of a list, split at the commas that stand in no brackets.
fn split(filters: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let parts = filters.split(|c: char| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}
