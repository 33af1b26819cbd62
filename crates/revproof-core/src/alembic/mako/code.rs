//! [`Writer`]: Python text with the line of the template that each of its lines comes from.

use std::fmt::Write;

/// Python code that is being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) text: String,
    /// For each line of the text, the line of the template; 0 where there is none.
    pub(super) lines: Vec<u32>,
    indent: usize,
}

impl Writer {
    /// Writes a line of code; line breaks in it are its own.
    pub(super) fn line(&mut self, code: &str, line: u32) {
        for _ in 0..self.indent {
            self.text.push_str("    ");
        }
        self.text.push_str(code);
        self.text.push('\n');
        self.lines.extend(code.split('\n').map(|_| line));
    }

    /// Writes code whose further lines stand on further lines of the template.
    pub(super) fn lines(&mut self, code: &str, line: u32) {
        let from = self.lines.len();
        self.line(code, line);
        for (more, known) in self.lines.iter_mut().skip(from).enumerate() {
            *known = line + more as u32;
        }
    }

    /// Writes the head of a compound statement. A body of nothing is no body, so it begins with `pass`.
    pub(super) fn open(&mut self, code: &str, line: u32) {
        self.lines(code, line);
        self.indent += 1;
        self.line("pass", line);
    }

    /// Ends the innermost compound statement.
    pub(super) fn close(&mut self) {
        self.indent = self.indent.saturating_sub(1);
    }

    /// Writes a block of code that has no margin of its own. What stands in a string over several lines is left alone.
    pub(super) fn block(&mut self, code: &str, line: u32) {
        let indent = self.indent;
        let mut scan = Scan::default();
        for (more, text) in code.split('\n').enumerate() {
            self.indent = if scan.is_inside { 0 } else { indent };
            scan.read(text);
            self.line(text, line + more as u32);
        }
        self.indent = indent;
    }
}

/// Code without the margin that its first line has.
pub(super) fn without_margin(code: &str) -> String {
    let mut scan = Scan::default();
    let mut margin: Option<usize> = None;
    let mut lines = Vec::new();
    for line in code.split('\n') {
        let inside = scan.is_inside;
        scan.read(line);
        if inside {
            lines.push(line.to_owned());
            continue;
        }
        let line = expand_tabs(line);
        let inner = line.trim_start_matches(' ');
        let has_code = !inner.is_empty() && !inner.starts_with('#');
        if margin.is_none() && has_code {
            margin = Some(line.len() - inner.len());
        }
        let cut = margin.unwrap_or(0).min(line.len() - inner.len());
        lines.push(line.get(cut..).unwrap_or_default().to_owned());
    }
    lines.join("\n")
}

fn expand_tabs(line: &str) -> String {
    let inner = line.trim_start_matches([' ', '\t']);
    let (margin, _) = line.split_at(line.len() - inner.len());
    let mut column = 0;
    for c in margin.chars() {
        column += if c == '\t' { 8 - column % 8 } else { 1 };
    }
    format!("{}{inner}", " ".repeat(column))
}

/// Whether the next line goes on with what the lines so far have begun: a long string, or a `\` at the end.
#[derive(Debug, Default)]
struct Scan {
    is_inside: bool,
    quote: Option<&'static str>,
}

impl Scan {
    fn read(&mut self, line: &str) {
        let mut rest = line;
        while !rest.is_empty() {
            if let Some(quote) = self.quote {
                let Some((_, after)) = rest.split_once(quote) else { break };
                (self.quote, rest) = (None, after);
                continue;
            }
            if rest.starts_with('#') {
                break;
            }
            let long = ["\"\"\"", "'''"].into_iter().find(|quote| rest.starts_with(quote));
            if let Some(quote) = long {
                self.quote = Some(quote);
                rest = rest.get(3..).unwrap_or_default();
                continue;
            }
            let short = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let mut chars = rest.chars();
            chars.next();
            rest = chars.as_str();
            if let Some(quote) = short {
                rest = rest.split_once(quote).map_or("", |(_, after)| after);
            }
        }
        self.is_inside = self.quote.is_some() || line.ends_with('\\');
    }
}

/// A text as a string literal of Python, on one line.
pub fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => _ = write!(out, "\\x{:02x}", c as u32),
            '\u{2028}' | '\u{2029}' | '\u{feff}' => _ = write!(out, "\\u{:04x}", c as u32),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::{Writer, literal, without_margin};

    #[test]
    fn a_margin_is_taken_off_and_strings_are_left_alone() {
        let code = "\n    a = '''x\n    y'''\n    if a:\n\tb = 1";
        assert_eq!(without_margin(code), "\na = '''x\n    y'''\nif a:\n    b = 1");
    }

    #[test]
    fn a_block_is_indented_as_a_whole() {
        let mut out = Writer::default();
        out.open("if x:", 3);
        out.block("a = 1\nb = '''\nc'''", 4);
        assert_eq!(out.text, "if x:\n    pass\n    a = 1\n    b = '''\nc'''\n");
        assert_eq!(out.lines, [3, 3, 4, 5, 6]);
    }

    #[test]
    fn a_literal_stands_on_one_line() {
        assert_eq!(literal("a'\\\n\u{7}é"), "'a\\'\\\\\\n\\x07é'");
    }
}
