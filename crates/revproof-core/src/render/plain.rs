//! Text that is safe to print: scripts choose names, messages and values, and none of them may steer the terminal.

use std::borrow::Cow;

use crate::diagnostic::Severity;

/// The word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// `text` with its control characters made visible, line breaks kept.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    replace(text, |c| c != '\n' && hidden(c))
}

/// `text` on one line, with its control characters made visible.
pub(super) fn one_line(text: &str) -> String {
    replace(&text.replace("\r\n", " ").replace(['\n', '\t'], " "), hidden).into_owned()
}

/// `text` in at most `width` characters, its end cut where it is longer.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// `text` broken at spaces into lines of at most `width` characters; a longer word stays whole, and line breaks stay.
pub(super) fn wrap(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return text.lines().map(str::to_owned).collect() };
    text.lines().flat_map(|line| wrap_line(line, width.max(20))).collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut current, mut used) = (String::new(), 0);
    for word in line.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(std::mem::take(&mut current));
            used = 0;
        }
        if used > 0 {
            current.push(' ');
            used += 1;
        }
        current.push_str(word);
        used += length;
    }
    lines.push(current);
    lines
}

/// Control characters, and those that turn the direction of the text around.
fn hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn replace(text: &str, unwanted: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&unwanted) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if unwanted(c) { '\u{fffd}' } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_replaced() {
        assert_eq!(visible("a\u{1b}[31mb\nc"), "a\u{fffd}[31mb\nc");
        assert_eq!(one_line("a\r\nb\tc\u{202e}"), "a b c\u{fffd}");
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_stay_whole() {
        let check = |text: &str, width, expected: &[&str]| assert_eq!(wrap(text, width), expected, "{text}");
        check("one two three four five", Some(20), &["one two three four", "five"]);
        check("one\ntwo", None, &["one", "two"]);
        check("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b", Some(20), &["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b"]);
        assert_eq!(cut("phone numbers", 6), "phone…");
    }
}
