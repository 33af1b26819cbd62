//! What stands at a place of a template, by the rules of Mako's own scanner. Each takes the text from that place on.

/// A line that belongs to the template and not to its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'t> {
    /// `% text`
    Control(&'t str),
    /// `## text`
    Comment,
}

/// `<%keyword attributes>`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    pub(super) keyword: &'t str,
    pub(super) attributes: Vec<(String, String)>,
    /// `/>`
    pub(super) is_closed: bool,
    /// How many bytes it takes.
    pub(super) length: usize,
}

/// The length of the comment in the first line that names an encoding: it is no part of the template.
pub(super) fn coding_comment(text: &str) -> usize {
    let Some((line, _)) = text.split_once('\n') else { return 0 };
    let names = |rest: &str| {
        let rest = rest.strip_prefix([':', '=']).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with(|c: char| is_word(c) || matches!(c, '-' | '.')))
    };
    let is_comment =
        line.starts_with('#') && line.match_indices("coding").any(|(at, _)| line.get(at + 6..).is_some_and(names));
    if is_comment { line.len() + 1 } else { 0 }
}

/// A control line or a comment at the start of a line, and how many bytes it takes with its line break.
pub(super) fn control_line(text: &str) -> Option<(Line<'_>, usize)> {
    let inner = text.trim_start_matches([' ', '\t']);
    let (is_comment, inner) = match inner.strip_prefix("##") {
        Some(inner) => (true, inner),
        None => (false, inner.strip_prefix('%').filter(|inner| !inner.starts_with('%'))?),
    };
    let inner = inner.trim_start_matches([' ', '\t']);
    let mut end = inner.len();
    let mut after = inner.len();
    let mut continued = false;
    for (at, c) in inner.char_indices() {
        match c {
            '\\' => continued = true,
            '\r' => {}
            '\n' if continued => continued = false,
            '\n' => {
                let line = inner.get(..at).unwrap_or_default();
                (end, after) = (line.strip_suffix('\r').unwrap_or(line).len(), at + 1);
                break;
            }
            _ => continued = false,
        }
    }
    let line = inner.get(..end).unwrap_or_default();
    let taken = text.len() - inner.len() + after;
    // A lone carriage return ends no line for Mako, and is no part of one.
    let is_whole = !line.replace("\\\r\n", "").contains('\r');
    is_whole.then_some((if is_comment { Line::Comment } else { Line::Control(line) }, taken))
}

/// The keyword of a control line, and whether it is the end of what that keyword begins.
pub(super) fn keyword(text: &str) -> Option<(&str, bool)> {
    let word = word(text);
    match word.strip_prefix("end").filter(|rest| !rest.is_empty()) {
        Some(keyword) => Some((keyword, true)),
        None if word.is_empty() => None,
        None => Some((word, false)),
    }
}

/// `<%keyword attributes>` or `<%keyword attributes/>`.
pub(super) fn tag_start(text: &str) -> Option<Tag<'_>> {
    let inner = text.strip_prefix("<%")?;
    let end = inner.find(|c: char| !is_word(c) && !matches!(c, '.' | ':')).unwrap_or(inner.len());
    let (keyword, mut rest) = inner.split_at(end);
    if keyword.is_empty() {
        return None;
    }
    let mut attributes = Vec::new();
    // The name of the value that comes next, and whether a `=` stands between them.
    let mut pending: Option<&str> = None;
    let mut assigned = false;
    loop {
        let trimmed = rest.trim_start();
        let is_closed = trimmed.starts_with("/>");
        if is_closed || trimmed.starts_with('>') {
            let length = text.len() - trimmed.len() + if is_closed { 2 } else { 1 };
            return Some(Tag { keyword, attributes, is_closed, length });
        }
        let next = trimmed.chars().next()?;
        match next {
            '=' => assigned = true,
            ',' => {}
            '"' | '\'' => {
                let (value, after) = trimmed.get(1..)?.split_once(next)?;
                if let Some(name) = pending.take().filter(|_| assigned) {
                    attributes.push((name.to_owned(), value.replace("\r\n", "\n")));
                }
                assigned = false;
                rest = after;
                continue;
            }
            c if is_word(c) && trimmed.len() < rest.len() => {
                let name = word(trimmed);
                (pending, assigned) = (Some(name), false);
                rest = trimmed.get(name.len()..)?;
                continue;
            }
            _ => return None,
        }
        rest = trimmed.get(1..)?;
    }
}

/// `</%keyword>` and how many bytes it takes.
pub(super) fn tag_end(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix("</%")?;
    let start = inner.trim_start_matches([' ', '\t']);
    let name_end = start.char_indices().skip(1).find(|(_, c)| matches!(c, ' ' | '\t' | '>')).map(|(at, _)| at)?;
    let (name, rest) = start.split_at(name_end);
    let rest = rest.trim_start_matches([' ', '\t']).strip_prefix('>')?;
    Some((name, text.len() - rest.len()))
}

/// The text before the next thing that is none, and how many bytes after it are dropped (an escaped line break).
pub(super) fn text(text: &str, at_line_start: bool) -> (&str, usize) {
    let mut line_start = at_line_start;
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        if line_start {
            let inner = rest.trim_start_matches([' ', '\t']);
            if inner.starts_with('%') || inner.starts_with("##") {
                return (text.get(..at).unwrap_or_default(), 0);
            }
        }
        let before = || text.get(..at).unwrap_or_default();
        if rest.starts_with("${") || rest.starts_with("<%") || rest.starts_with("</%") {
            return (before(), 0);
        }
        if rest.starts_with("\\\n") {
            return (before(), 2);
        }
        if rest.starts_with("\\\r\n") {
            return (before(), 3);
        }
        line_start = c == '\n';
    }
    (text, 0)
}

/// The code before the first of the `ends` that stands in no string and no comment, and where that end is. With
/// `nested`, an end in brackets is none.
pub(super) fn until<'t>(text: &'t str, nested: bool, ends: &[&str]) -> Option<(&'t str, usize)> {
    let mut at = 0;
    let mut levels = [0_i64; 3];
    while at < text.len() {
        let rest = text.get(at..)?;
        if rest.starts_with('#')
            && let Some(end) = rest.find('\n')
        {
            at += end + 1;
            continue;
        }
        if let Some(length) = string(rest) {
            at += length;
            continue;
        }
        let end = ends.iter().find(|end| rest.starts_with(**end));
        if let Some(end) = end {
            if !nested || levels.iter().all(|level| *level <= 0) {
                return Some((text.get(..at)?, at));
            }
            count(end, &mut levels);
            at += end.len();
            continue;
        }
        let stops = |rest: &str| rest.starts_with(['"', '\'', '#']) || ends.iter().any(|end| rest.starts_with(end));
        let plain = rest.char_indices().map(|(at, _)| at).find(|at| rest.get(*at..).is_some_and(stops))?;
        if plain == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        count(rest.get(..plain)?, &mut levels);
        at += plain;
    }
    None
}

/// Counts the brackets that are open.
fn count(text: &str, levels: &mut [i64; 3]) {
    for (level, brackets) in levels.iter_mut().zip(["{}", "()", "[]"]) {
        for c in text.chars().filter(|c| brackets.contains(*c)) {
            *level += if brackets.starts_with(c) { 1 } else { -1 };
        }
    }
}

/// The length of the string literal at the start of the text.
fn string(text: &str) -> Option<usize> {
    ["\"\"\"", "'''", "\"", "'"].into_iter().find_map(|quote| {
        let inner = text.strip_prefix(quote)?;
        let mut escaped = false;
        for (at, c) in inner.char_indices() {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if inner.get(at..)?.starts_with(quote) {
                return Some(quote.len() * 2 + at);
            }
        }
        None
    })
}

/// The word at the start of the text.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !is_word(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
