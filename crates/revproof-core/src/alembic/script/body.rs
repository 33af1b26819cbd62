//! [`is_trivial`]: whether a function does nothing at all.

/// Whether the body of the `def` whose name ends at `after_name` holds nothing but `pass`, `...`, a bare return, a
/// docstring or comments. Read from the text: the answer is asked for before anything is evaluated.
pub(super) fn is_trivial(text: &str, after_name: usize) -> bool {
    let Some(header) = text.get(after_name..) else { return false };
    let Some(body) = body_of(header) else { return false };
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let inline = uncommented(first);
    if !inline.is_empty() {
        return inline.split(';').all(|statement| is_nothing(statement.trim()));
    }
    let mut lines = rest.lines();
    let mut docstring_allowed = true;
    let mut seen = false;
    while let Some(line) = lines.next() {
        let statement = uncommented(line.trim());
        if statement.is_empty() {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            break;
        }
        seen = true;
        if docstring_allowed && let Some(mark) = string_mark(line.trim()) {
            docstring_allowed = false;
            if !skip_string(line.trim(), mark, &mut lines) {
                return false;
            }
            continue;
        }
        docstring_allowed = false;
        if !statement.split(';').all(|statement| is_nothing(statement.trim())) {
            return false;
        }
    }
    seen
}

/// What follows the colon that ends a function's header.
fn body_of(header: &str) -> Option<&str> {
    let mut depth = 0_u32;
    for (at, c) in header.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ':' if depth == 0 => return header.get(at + 1..),
            '#' | '\'' | '"' => return None,
            _ => {}
        }
    }
    None
}

fn uncommented(line: &str) -> &str {
    line.split_once('#').map_or(line, |(code, _)| code).trim()
}

fn is_nothing(statement: &str) -> bool {
    matches!(statement, "" | "pass" | "..." | "return" | "return None" | "None")
}

/// The quotes that a line begins with, where it begins with a string.
fn string_mark(line: &str) -> Option<&'static str> {
    let line = line.trim_start_matches(['r', 'R', 'u', 'U']);
    ["\"\"\"", "'''", "\"", "'"].into_iter().find(|mark| line.starts_with(mark))
}

/// Passes over a string that starts on this line; whether nothing but the string stands there.
fn skip_string<'t>(line: &'t str, mark: &str, lines: &mut impl Iterator<Item = &'t str>) -> bool {
    let opened = line.trim_start_matches(['r', 'R', 'u', 'U']).get(mark.len()..).unwrap_or_default();
    let mut current = opened;
    loop {
        if let Some((_, after)) = current.split_once(mark) {
            return uncommented(after).is_empty();
        }
        if mark.len() == 1 {
            return false;
        }
        match lines.next() {
            Some(next) => current = next,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_trivial;

    fn check(function: &str, expected: bool) {
        assert_eq!(is_trivial(function, "def upgrade".len()), expected, "{function}");
    }

    #[test]
    fn bodies_that_do_nothing_are_told_from_others() {
        check("def upgrade():\n    pass\n", true);
        check("def upgrade() -> None:\n    # nothing\n    pass  # at all\n\ndef downgrade():\n    op.x()\n", true);
        check("def upgrade(): ...\n", true);
        check("def upgrade():\n    \"\"\"Two\n    lines.\"\"\"\n    return\n", true);
        check("def upgrade(a={'x': 1}):\n    pass\n", false);
        check("def upgrade():\n    op.drop_table('x')\n", false);
        check("def upgrade():\n    pass\n    op.drop_table('x')\n", false);
        check("def upgrade():\n\n    '''doc''' + x()\n", false);
        check("def upgrade():\n    return helper()\n", false);
    }
}
