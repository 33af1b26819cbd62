//! [`parse`]: the text of a template to [`Node`]s.

use super::TemplateError;
use super::scan;

/// How deep tags may stand in tags.
const DEPTH: usize = 32;

/// A piece of a template, and the line that it starts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// From 1.
    pub(super) line: u32,
    pub(super) kind: NodeKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// Text that is written as it stands.
    Text(String),
    /// `${text | filters}`
    Expression { text: String, filters: String },
    /// `<% text %>`, and `<%! text %>`, which runs before everything else.
    Code { text: String, is_module: bool },
    /// `% text`; an end (`% endfor`) has no text to be run.
    Control { keyword: String, is_end: bool, text: String },
    /// `<%keyword attributes>children</%keyword>`
    Tag { keyword: String, attributes: Vec<(String, String)>, children: Vec<Node> },
}

/// The nodes of a template.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, TemplateError> {
    let mut lexer = Lexer { text, at: scan::coding_comment(text), open: Vec::new(), controls: vec![Vec::new()] };
    let mut nodes = Vec::new();
    while lexer.at < text.len() {
        lexer.next(&mut nodes)?;
    }
    if let Some(tag) = lexer.open.last() {
        return Err(TemplateError::at(tag.line, format!("Unclosed tag: <%{}>", tag.keyword)));
    }
    lexer.close_controls()?;
    Ok(nodes)
}

/// A tag that has not been closed yet, and the nodes before it.
struct Open {
    line: u32,
    keyword: String,
    attributes: Vec<(String, String)>,
    before: Vec<Node>,
}

struct Lexer<'t> {
    text: &'t str,
    /// The byte that is read next.
    at: usize,
    open: Vec<Open>,
    /// The control lines that wait for their end, for each open tag: keyword and line.
    controls: Vec<Vec<(String, u32)>>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn line(&self) -> u32 {
        let before = self.text.get(..self.at).unwrap_or_default();
        before.bytes().filter(|b| *b == b'\n').count() as u32 + 1
    }

    fn at_line_start(&self) -> bool {
        self.text.get(..self.at).is_some_and(|before| before.is_empty() || before.ends_with('\n'))
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, TemplateError> {
        Err(TemplateError::at(self.line(), message))
    }

    /// Reads one node, or a part of the text that makes none.
    fn next(&mut self, nodes: &mut Vec<Node>) -> Result<(), TemplateError> {
        let rest = self.rest();
        if rest.starts_with("${") {
            return self.expression(nodes);
        }
        if self.at_line_start()
            && let Some((line, length)) = scan::control_line(rest)
        {
            return self.control(line, length, nodes);
        }
        if let Some(after) = rest.strip_prefix("<%doc>")
            && let Some(end) = after.find("</%doc>")
        {
            self.at += "<%doc></%doc>".len() + end;
            return Ok(());
        }
        if let Some(tag) = scan::tag_start(rest) {
            return self.start_tag(tag, nodes);
        }
        if let Some((keyword, length)) = scan::tag_end(rest) {
            return self.end_tag(keyword, length, nodes);
        }
        if rest.starts_with("<%") {
            return self.code(nodes);
        }
        if self.at_line_start()
            && let Some(after) = rest.trim_start().strip_prefix("%%")
        {
            let more = after.len() - after.trim_start_matches('%').len();
            let end = rest.len() - after.len() + more;
            let text = rest.get(..end).unwrap_or_default().replacen("%%", "%", 1);
            self.push(end, NodeKind::Text(text), nodes);
            return Ok(());
        }
        let (text, skipped) = scan::text(rest, self.at_line_start());
        if text.is_empty() && skipped == 0 {
            // A line that looks like one of the template's and is none: Mako drops its first character, and goes on.
            self.at += rest.chars().next().map_or(1, char::len_utf8);
            return Ok(());
        }
        let kind = NodeKind::Text(text.to_owned());
        if !text.is_empty() {
            self.push(text.len(), kind, nodes);
        }
        self.at += skipped;
        Ok(())
    }

    fn push(&mut self, length: usize, kind: NodeKind, nodes: &mut Vec<Node>) {
        nodes.push(Node { line: self.line(), kind });
        self.at += length;
    }

    fn expression(&mut self, nodes: &mut Vec<Node>) -> Result<(), TemplateError> {
        let rest = self.rest().get(2..).unwrap_or_default();
        let unclosed = || TemplateError::at(self.line(), "an expression begins here and does not end: `}` is missing");
        let (text, end) = scan::until(rest, true, &["|", "}"]).ok_or_else(unclosed)?;
        let (filters, end) = if rest.get(end..).is_some_and(|rest| rest.starts_with('|')) {
            let rest = rest.get(end + 1..).unwrap_or_default();
            let (filters, length) = scan::until(rest, true, &["}"]).ok_or_else(unclosed)?;
            (filters.trim().to_owned(), end + 1 + length)
        } else {
            (String::new(), end)
        };
        self.push(2 + end + 1, NodeKind::Expression { text: text.replace("\r\n", "\n"), filters }, nodes);
        Ok(())
    }

    fn code(&mut self, nodes: &mut Vec<Node>) -> Result<(), TemplateError> {
        let rest = self.rest();
        let is_module = rest.starts_with("<%!");
        let opening = if is_module { 3 } else { 2 };
        let rest = rest.get(opening..).unwrap_or_default();
        let Some((text, end)) = scan::until(rest, false, &["%>"]) else {
            return self.error("a block of code begins here and does not end: `%>` is missing");
        };
        self.push(opening + end + 2, NodeKind::Code { text: text.replace("\r\n", "\n"), is_module }, nodes);
        Ok(())
    }

    fn control(&mut self, line: scan::Line<'_>, length: usize, nodes: &mut Vec<Node>) -> Result<(), TemplateError> {
        let scan::Line::Control(text) = line else {
            self.at += length;
            return Ok(());
        };
        let Some((keyword, is_end)) = scan::keyword(text) else {
            return self.error(format!("Invalid control line: '{text}'"));
        };
        let current = self.controls.last().and_then(|open| open.last()).map(|(keyword, _)| keyword.as_str());
        let is_primary = matches!(keyword, "for" | "if" | "while" | "try" | "with");
        match current {
            None if is_end => return self.error(format!("No starting keyword '{keyword}' for '{text}'")),
            Some(known) if is_end && known != keyword => {
                return self.error(format!("Keyword '{text}' doesn't match keyword '{known}'"));
            }
            _ if is_end || is_primary => {}
            Some(known) if continues(known, keyword) => {}
            Some(known) => {
                return self.error(format!("Keyword '{keyword}' not a legal ternary for keyword '{known}'"));
            }
            None => return self.error(format!("Unsupported control keyword: '{keyword}'")),
        }
        let line = self.line();
        if let Some(open) = self.controls.last_mut() {
            if is_end {
                open.pop();
            } else if is_primary {
                open.push((keyword.to_owned(), line));
            }
        }
        let keyword = keyword.to_owned();
        self.push(length, NodeKind::Control { keyword, is_end, text: text.to_owned() }, nodes);
        Ok(())
    }

    fn start_tag(&mut self, tag: scan::Tag<'_>, nodes: &mut Vec<Node>) -> Result<(), TemplateError> {
        let scan::Tag { keyword, attributes, is_closed, length } = tag;
        let keyword = keyword.to_owned();
        if is_closed {
            self.push(length, NodeKind::Tag { keyword, attributes, children: Vec::new() }, nodes);
            return Ok(());
        }
        let line = self.line();
        if keyword == "text" {
            let rest = self.rest().get(length..).unwrap_or_default();
            let Some(end) = rest.find("</%text>") else { return self.error("Unclosed tag: <%text>") };
            let content = rest.get(..end).unwrap_or_default().to_owned();
            let children = vec![Node { line, kind: NodeKind::Text(content) }];
            self.push(length + end + "</%text>".len(), NodeKind::Tag { keyword, attributes, children }, nodes);
            return Ok(());
        }
        if self.open.len() >= DEPTH {
            return self.error(format!("tags are nested more than {DEPTH} deep"));
        }
        self.at += length;
        self.open.push(Open { line, keyword, attributes, before: std::mem::take(nodes) });
        self.controls.push(Vec::new());
        Ok(())
    }

    fn end_tag(&mut self, keyword: &str, length: usize, nodes: &mut Vec<Node>) -> Result<(), TemplateError> {
        let Some(open) = self.open.pop() else {
            return self.error(format!("Closing tag without opening tag: </%{keyword}>"));
        };
        if open.keyword != keyword {
            return self.error(format!("Closing tag </%{keyword}> does not match tag: <%{}>", open.keyword));
        }
        self.close_controls()?;
        self.controls.pop();
        self.at += length;
        let children = std::mem::replace(nodes, open.before);
        nodes.push(Node {
            line: open.line,
            kind: NodeKind::Tag { keyword: open.keyword, attributes: open.attributes, children },
        });
        Ok(())
    }

    /// Refuses control lines that are left open at the end of a tag or of the file.
    fn close_controls(&self) -> Result<(), TemplateError> {
        match self.controls.last().and_then(|open| open.last()) {
            Some((keyword, line)) => {
                Err(TemplateError::at(*line, format!("Unterminated control keyword: '{keyword}'")))
            }
            None => Ok(()),
        }
    }
}

/// Whether a control line goes on with what another one has begun.
fn continues(open: &str, keyword: &str) -> bool {
    match open {
        "if" => matches!(keyword, "else" | "elif"),
        "try" => matches!(keyword, "except" | "finally"),
        "for" => keyword == "else",
        _ => false,
    }
}
