//! [`Suppressions`]: `# revproof: ignore[drop-column] reason` comments, what they hide, and those that hide nothing.

use memchr::memmem;

use super::rule::Rule;
use super::rules::{rules, unused_suppression};
use super::select::{self, Selection};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Span};

/// The suppressions of one file.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    list: Vec<Suppression>,
}

/// One rule selector of one comment.
#[derive(Debug)]
struct Suppression {
    selector: String,
    span: Span,
    reach: Reach,
    used: bool,
    /// What is wrong with it, where something is.
    fault: Option<String>,
}

/// What a suppression reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The whole file: it stands before the first statement.
    File,
    /// The line (from 1) that it stands on, and the next where it stands alone.
    Line { line: u32, alone: bool },
}

impl Suppressions {
    /// Reads the comments of a file.
    pub(crate) fn read(file: &SourceFile) -> Self {
        let mut list = Vec::new();
        // Scanning for comments costs more than this, and nearly no file has one.
        if memmem::find(file.text.as_bytes(), b"revproof:").is_none() {
            return Self { list };
        }
        for comment in comments(&file.text) {
            let Some(body) = comment.text.trim_start_matches('#').trim_start().strip_prefix("revproof:") else {
                continue;
            };
            let start = comment.start as u32;
            let span = Span::new(file.id, start, start + comment.text.len() as u32);
            let reach = if comment.in_head {
                Reach::File
            } else {
                Reach::Line { line: file.position(start).line, alone: comment.alone }
            };
            let entry =
                |selector: &str, fault| Suppression { selector: selector.to_owned(), span, reach, used: false, fault };
            match selectors(body) {
                Ok(names) => list.extend(
                    names.map(|name| entry(name, select::check(name).err().map(|unknown| unknown.to_string()))),
                ),
                Err(fault) => list.push(entry("", Some(fault.to_owned()))),
            }
        }
        Self { list }
    }

    /// Whether a finding of this file, on these lines, is hidden; remembers what hid it.
    pub(crate) fn hides(&mut self, rule: &Rule, first: u32, last: u32) -> bool {
        let mut hidden = false;
        for suppression in self.list.iter_mut().filter(|s| s.fault.is_none()) {
            let reaches = match suppression.reach {
                Reach::File => true,
                Reach::Line { line, alone } => (first..=last).contains(&line) || alone && line + 1 == first,
            };
            if reaches && select::fits(&suppression.selector, rule).is_some() {
                suppression.used = true;
                hidden = true;
            }
        }
        hidden
    }

    /// The suppressions that hid nothing, or that say something else than they should.
    pub(crate) fn leftovers(&self, selection: &Selection) -> impl Iterator<Item = Diagnostic> {
        self.list.iter().filter_map(|suppression| {
            let rule = &unused_suppression::RULE;
            if let Some(fault) = &suppression.fault {
                return Some(rule.finding(Some(suppression.span), format!("this suppression hides nothing: {fault}")));
            }
            // A rule that is switched off finds nothing; its suppressions wait for it.
            let asked = |rule: &&&Rule| selection.is_on(rule.id) && select::fits(&suppression.selector, rule).is_some();
            if suppression.used || rules().iter().find(asked).is_none() {
                return None;
            }
            let message = format!("`{}` finds nothing here to suppress", suppression.selector);
            Some(rule.finding(Some(suppression.span), message).help("remove it from the comment"))
        })
    }
}

/// The rule selectors of `ignore[a, b] reason`.
fn selectors(body: &str) -> Result<impl Iterator<Item = &str>, &'static str> {
    let Some(rest) = body.trim_start().strip_prefix("ignore") else {
        return Err("only `ignore[…]` is known after `revproof:`");
    };
    let Some((list, _reason)) = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return Err("the rules must be named: `ignore[drop-column] reason`");
    };
    if list.trim().is_empty() {
        return Err("the rules must be named: `ignore[drop-column] reason`");
    }
    Ok(list.split(',').map(str::trim).filter(|name| !name.is_empty()))
}

/// A comment of a Python file.
struct Comment<'a> {
    start: usize,
    text: &'a str,
    /// Nothing but white space stands before it on its line.
    alone: bool,
    /// It stands before the first statement that is not the docstring.
    in_head: bool,
}

/// The comments of a Python text. Works on broken files too, which is why it asks no parser.
fn comments(text: &str) -> Vec<Comment<'_>> {
    let mut comments = Vec::new();
    let bytes = text.as_bytes();
    let (mut at, mut alone, mut strings_seen, mut in_head) = (0, true, 0, true);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' => alone = true,
            b' ' | b'\t' | b'\r' | 0x0c | 0xef | 0xbb | 0xbf => {}
            b'#' => {
                let length = text.get(at..).map_or(0, |rest| rest.find('\n').unwrap_or(rest.len()));
                let text = text.get(at..at + length).unwrap_or_default().trim_end();
                comments.push(Comment { start: at, text, alone, in_head });
                at += length;
                continue;
            }
            b'"' | b'\'' => {
                strings_seen += 1;
                in_head &= strings_seen == 1 && alone;
                alone = false;
                at = end_of_string(bytes, at);
                continue;
            }
            _ => (alone, in_head) = (false, false),
        }
        at += 1;
    }
    comments
}

/// One past the last byte of the string that starts at `start`; a string that its line does not close ends with it.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let Some(quote) = bytes.get(start) else { return start + 1 };
    let rest = bytes.get(start..).unwrap_or_default();
    let triple = [*quote; 3];
    let is_triple = rest.starts_with(&triple);
    let mut at = start + if is_triple { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\\' {
            at += 2;
        } else if is_triple && bytes.get(at..).is_some_and(|rest| rest.starts_with(&triple)) {
            return at + 3;
        } else if !is_triple && (byte == quote || *byte == b'\n') {
            return at + 1;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::super::rules::find;
    use super::*;
    use crate::source::Sources;

    /// Whether a finding of drop-column on these lines is hidden, and what is left over.
    fn check(text: &str, first: u32, last: u32) -> (bool, Vec<String>) {
        let mut sources = Sources::default();
        let id = sources.add("a.py", text);
        let mut suppressions = Suppressions::read(sources.get(id).expect("just added"));
        let hidden = suppressions.hides(find("drop-column").expect("a rule"), first, last);
        (hidden, suppressions.leftovers(&Selection::default()).map(|finding| finding.message).collect())
    }

    #[test]
    fn a_comment_reaches_its_line_and_alone_the_next() {
        let none: Vec<String> = Vec::new();
        assert_eq!(check("x = 1\ndrop()  # revproof: ignore[drop-column] unused\n", 2, 2), (true, none.clone()));
        assert_eq!(check("x = 1\n# revproof: ignore[RP302]\ndrop()\n", 3, 3), (true, none.clone()));
        assert_eq!(check("x = 1\ndrop(\n    1,  # revproof: ignore[RP3]\n)\n", 2, 4), (true, none));
        let unused = vec!["`drop-column` finds nothing here to suppress".to_owned()];
        assert_eq!(check("x = 1  # revproof: ignore[drop-column]\ndrop()\n", 2, 2), (false, unused));
    }

    #[test]
    fn the_head_ends_with_the_first_statement_after_the_docstring() {
        let none: Vec<String> = Vec::new();
        assert_eq!(
            check("# revproof: ignore[drop-column]\n\"\"\"doc\"\"\"\nx = 1\ndrop()\n", 4, 4),
            (true, none.clone())
        );
        assert_eq!(
            check("\"\"\"doc\n# no\n\"\"\"\n# revproof: ignore[drop-column]\n\nx = 1\ndrop()\n", 7, 7),
            (true, none)
        );
    }

    #[test]
    fn comments_in_strings_are_no_comments() {
        assert_eq!(check("x = '# revproof: ignore[drop-column]'\n", 1, 1), (false, Vec::new()));
        assert_eq!(check("x = '''\n# revproof: ignore[drop-column]\n'''\n", 3, 3), (false, Vec::new()));
    }

    #[test]
    fn a_typo_silences_nothing() {
        let (hidden, left) = check("x = 1\ndrop()  # revproof: ignore[drop-colunm]\n", 2, 2);
        assert!(!hidden);
        assert_eq!(left, ["this suppression hides nothing: unknown rule `drop-colunm`; did you mean `drop-column`?"]);
        let (hidden, left) = check("x = 1\ndrop()  # revproof: ignore\n", 2, 2);
        assert!(!hidden);
        assert_eq!(left, ["this suppression hides nothing: the rules must be named: `ignore[drop-column] reason`"]);
    }
}
