//! [`Docstring`]: the string at the head of a script, read from its text.

use std::sync::Arc;

use crate::schema::Name;
use crate::source::{FileId, Span};

/// What a script's docstring says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Docstring {
    /// Its first line.
    pub message: Arc<str>,
    /// The `Revises:` line: what it names, and where.
    pub revises: Option<(Vec<Name>, Span)>,
    /// The `Create Date:` line.
    pub create_date: Option<Arc<str>>,
}

impl Docstring {
    /// Reads the docstring of a file.
    pub(super) fn read(text: &str, file: FileId) -> Self {
        let Some((start, content)) = find(text) else { return Self::default() };
        let message = content.trim_start().lines().next().unwrap_or_default().trim();
        let mut docstring = Self { message: message.into(), ..Self::default() };
        let mut at = start;
        for line in content.split_inclusive('\n') {
            let end = at + line.trim_end().len();
            if let Some(value) = line.trim_start().strip_prefix("Revises:") {
                let names = value.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty());
                let begin = at + (line.len() - line.trim_start().len());
                let span = Span::new(file, begin as u32, end as u32);
                docstring.revises = Some((names.map(Name::from).collect(), span));
            } else if let Some(value) = line.trim_start().strip_prefix("Create Date:") {
                docstring.create_date = Some(value.trim().into());
            }
            at += line.len();
        }
        docstring
    }
}

/// The content of the string that a file begins with, and where it starts.
fn find(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start_matches('\u{feff}').trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            break;
        }
        at += line.len();
    }
    let rest = text.get(at..)?;
    let start = rest.trim_start_matches('\u{feff}');
    at += rest.len() - start.len();
    let unprefixed = start.trim_start_matches(['r', 'R', 'u', 'U']);
    at += start.len() - unprefixed.len();
    for mark in ["\"\"\"", "'''", "\"", "'"] {
        let Some(inner) = unprefixed.strip_prefix(mark) else { continue };
        let (content, _) = inner.split_once(mark)?;
        return Some((at + mark.len(), content));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Docstring;
    use crate::source::FileId;

    fn check(text: &str, message: &str, revises: &[&str], date: Option<&str>) {
        let docstring = Docstring::read(text, FileId(0));
        assert_eq!(&*docstring.message, message);
        let names = docstring.revises.map(|(names, _)| names).unwrap_or_default();
        assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), revises);
        assert_eq!(docstring.create_date.as_deref(), date);
    }

    #[test]
    fn message_parents_and_date_are_read() {
        let text = "# a comment\n\"\"\"add users\n\nRevision ID: b2\nRevises: a1, a0\nCreate Date: 2024-01-31 10:00:00\n\n\"\"\"\n";
        check(text, "add users", &["a1", "a0"], Some("2024-01-31 10:00:00"));
        check("revision = 'x'\n\"\"\"not a docstring\"\"\"", "", &[], None);
        check("r'''\n  spaced\nRevises: \n'''", "spaced", &[], None);
        check("\"\"\"never closed", "", &[], None);
    }

    #[test]
    fn the_revises_line_is_pointed_at() {
        let text = "\"\"\"m\n\nRevises: a1\n\"\"\"";
        let span = Docstring::read(text, FileId(0)).revises.map(|(_, span)| span);
        assert_eq!(span.and_then(|span| text.get(span.start as usize..span.end as usize)), Some("Revises: a1"));
    }
}
