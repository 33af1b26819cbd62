//! [`hunks`]: the difference of two texts, line by line.

/// So many lines around a change are shown.
const AROUND: usize = 3;
/// Texts whose differing parts are longer than this (lines times lines) are shown as replaced.
const MOST: usize = 1_000_000;

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// It is in both.
    Same(String),
    /// It is only in the first.
    Gone(String),
    /// It is only in the second.
    New(String),
    /// So many lines that are in both are not shown.
    Skipped(usize),
}

/// The difference, without the lines far from any change.
pub(super) fn hunks(before: &str, after: &str) -> Vec<Line> {
    let lines = difference(&before.lines().collect::<Vec<_>>(), &after.lines().collect::<Vec<_>>());
    let is_change = |line: &Line| !matches!(line, Line::Same(_));
    let near = |at: usize| {
        let end = (at + AROUND + 1).min(lines.len());
        lines.get(at.saturating_sub(AROUND)..end).is_some_and(|around| around.iter().any(is_change))
    };
    let mut shown = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match (near(at), shown.last_mut()) {
            (true, _) => shown.push(line.clone()),
            (false, Some(Line::Skipped(count))) => *count += 1,
            (false, _) => shown.push(Line::Skipped(1)),
        }
    }
    shown
}

/// The longest common subsequence, by the textbook, of what is left between common start and common end.
fn difference(before: &[&str], after: &[&str]) -> Vec<Line> {
    let start = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (head, before) = before.split_at(start);
    let after = after.get(start..).unwrap_or_default();
    let end = before.iter().rev().zip(after.iter().rev()).take_while(|(one, other)| one == other).count();
    let (before, tail) = before.split_at(before.len() - end);
    let after = after.get(..after.len() - end).unwrap_or_default();
    let same = |line: &&str| Line::Same((*line).to_owned());
    let mut lines: Vec<Line> = head.iter().map(same).collect();
    if before.len().saturating_mul(after.len()) > MOST {
        lines.extend(before.iter().map(|line| Line::Gone((*line).to_owned())));
        lines.extend(after.iter().map(|line| Line::New((*line).to_owned())));
    } else {
        middle(before, after, &mut lines);
    }
    lines.extend(tail.iter().map(same));
    lines
}

fn middle(before: &[&str], after: &[&str], lines: &mut Vec<Line>) {
    let width = after.len() + 1;
    // How long the common subsequence of what follows is, for each pair of places.
    let mut longest = vec![0_u32; (before.len() + 1) * width];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            longest[i * width + j] = if before[i] == after[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < before.len() || j < after.len() {
        if i < before.len() && j < after.len() && before[i] == after[j] {
            lines.push(Line::Same(before[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == after.len() || (i < before.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
            lines.push(Line::Gone(before[i].to_owned()));
            i += 1;
        } else {
            lines.push(Line::New(after[j].to_owned()));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, want: &str) {
        let line = |line: &Line| match line {
            Line::Same(text) => format!(" {text}"),
            Line::Gone(text) => format!("-{text}"),
            Line::New(text) => format!("+{text}"),
            Line::Skipped(count) => format!("@{count}"),
        };
        let (before, after) = (before.replace(' ', "\n"), after.replace(' ', "\n"));
        assert_eq!(hunks(&before, &after).iter().map(line).collect::<Vec<_>>().join("|"), want);
    }

    #[test]
    fn a_difference_shows_what_goes_and_what_comes() {
        check("a b c", "a x c", " a|-b|+x| c");
        check("", "a b", "+a|+b");
        check("a b", "", "-a|-b");
        check("a b c d", "b c e d", "-a| b| c|+e| d");
        check("same", "same", "@1");
    }

    #[test]
    fn what_is_far_from_a_change_is_not_shown() {
        check("1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 x", "@5| 6| 7| 8|-9|+x");
        check("a 1 2 3 4 5 6 7 8 b", "1 2 3 4 5 6 7 8", "-a| 1| 2| 3|@2| 6| 7| 8|-b");
    }

    #[test]
    fn every_line_of_both_is_there_even_where_the_texts_are_long() {
        let long = |word: &str| (0..1100).fold(String::new(), |text, n| text + &format!("{word}{n}\n"));
        let lines = hunks(&long("a"), &long("b"));
        assert_eq!(lines.iter().filter(|line| matches!(line, Line::Gone(_))).count(), 1100);
        assert_eq!(lines.iter().filter(|line| matches!(line, Line::New(_))).count(), 1100);
    }
}
