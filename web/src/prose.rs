//! [`prose`]: sentences of revproof, in which code stands between backticks.

use crate::dom::prelude::*;

/// A sentence with its code as code.
pub(crate) fn prose(text: &str) -> Node {
    if !text.contains('`') {
        return text.to_owned().into_node();
    }
    parts(text)
        .into_iter()
        .map(|(code, part)| {
            if code {
                view! { <code>{part}</code> }
            } else {
                part.into_node()
            }
        })
        .collect_view()
        .into_node()
}

/// The parts of a text, each with whether it is code. A backtick without a fellow is one.
fn parts(text: &str) -> Vec<(bool, String)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, after)) = after.split_once('`') else { break };
        if !before.is_empty() {
            parts.push((false, before.to_owned()));
        }
        parts.push((true, code.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push((false, rest.to_owned()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[(bool, &str)]) {
        let parts = parts(text);
        assert_eq!(parts.iter().map(|(code, part)| (*code, part.as_str())).collect::<Vec<_>>(), want);
    }

    #[test]
    fn code_is_told_from_words() {
        check("`a.b` looks like `c`, but", &[(true, "a.b"), (false, " looks like "), (true, "c"), (false, ", but")]);
        check("words", &[(false, "words")]);
        check("one ` alone", &[(false, "one ` alone")]);
        check("`a` and one ` alone", &[(true, "a"), (false, " and one ` alone")]);
        check("", &[]);
    }
}
