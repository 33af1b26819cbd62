//! [`split`]: the files in a text that was pasted, be they marked or not.

use revproof_messages::File;

/// The files in a text, in order. A line that names a file begins one: `# file: a.py`, `-- file: a.sql`, `=== a.py ===`,
/// `diff --git`'s `+++ b/a.py`. Where there is none, a script begins at its docstring or at its header.
pub(crate) fn split(text: &str) -> Vec<File> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim().is_empty() {
        return Vec::new();
    }
    let marked = at_markers(text);
    let parts = if marked.is_empty() { scripts(text).into_iter().map(|text| (None, text)).collect() } else { marked };
    let mut files: Vec<File> = Vec::new();
    for (at, (name, text)) in parts.into_iter().enumerate() {
        let path = name.as_deref().and_then(clean).unwrap_or_else(|| name_of(&text, at));
        let path = free(&path, &files);
        files.push(File { path, text });
    }
    files
}

/// The parts of a text with marks; what stands before the first is one too, where it says anything.
fn at_markers(text: &str) -> Vec<(Option<String>, String)> {
    let mut parts: Vec<(Option<String>, String)> = Vec::new();
    let mut before = String::new();
    for line in text.split_inclusive('\n') {
        match (marker(line), parts.last_mut()) {
            (Some(name), _) => parts.push((Some(name.to_owned()), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => before.push_str(line),
        }
    }
    if !parts.is_empty() && !before.trim().is_empty() {
        parts.insert(0, (None, before));
    }
    for (_, text) in &mut parts {
        *text = unfenced(text);
    }
    parts
}

/// The name on a line that begins a file.
fn marker(line: &str) -> Option<&str> {
    let line = line.trim();
    let comment = ["#", "--", "//"].into_iter().find_map(|sign| line.strip_prefix(sign)).map(str::trim_start);
    let said = comment.and_then(|rest| {
        ["file:", "File:", "FILE:", "path:", "filename:"].into_iter().find_map(|word| rest.strip_prefix(word))
    });
    let framed = || {
        ["===", "---", "***", "###", "##"].into_iter().find_map(|frame| {
            let inner = line.strip_prefix(frame)?.trim_start_matches(['=', '-', '*', '#']);
            Some(inner.trim_end_matches(['=', '-', '*', '#']).trim().trim_matches('`'))
        })
    };
    let name = said.map(str::trim).or_else(framed)?;
    let known = [".py", ".sql", ".toml", ".ini", ".cfg", ".mako", ".txt", ".md"];
    let is_name = !name.is_empty() && name.len() <= 200 && !name.contains(['\t', '"', '\'', '(', ':']);
    let is_file = known.iter().any(|ending| name.ends_with(ending)) && (said.is_some() || !name.contains(' '));
    (is_name && is_file).then_some(name)
}

/// The text within a fence of Markdown, where it stands in one.
fn unfenced(text: &str) -> String {
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    let inner = inner.and_then(|inner| inner.split_once('\n')).map(|(_, body)| body);
    let body = inner.unwrap_or(trimmed);
    if body.is_empty() { String::new() } else { format!("{}\n", body.trim_end()) }
}

/// The scripts in a text without marks. A script assigns `revision` once; it begins at the docstring before that, or
/// where the functions of the one before have ended.
fn scripts(text: &str) -> Vec<String> {
    let text = unfenced(text);
    let lines: Vec<&str> = text.lines().collect();
    let headers: Vec<usize> = lines.iter().enumerate().filter(|(_, line)| is_header(line)).map(|(at, _)| at).collect();
    let floors = headers.iter().map(|header| header + 1);
    let starts = headers.iter().skip(1).zip(floors).map(|(header, floor)| begin(&lines, floor, *header));
    let mut parts = Vec::new();
    let mut from = 0;
    for start in starts.chain([lines.len()]).collect::<Vec<_>>() {
        let part = lines.get(from..start).unwrap_or_default().join("\n");
        if !part.trim().is_empty() {
            parts.push(format!("{}\n", part.trim_matches('\n').trim_end()));
        }
        from = start;
    }
    parts
}

/// Whether a line assigns `revision`.
fn is_header(line: &str) -> bool {
    line.strip_prefix("revision").is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with(':') && rest.contains('=') || rest.starts_with('=') && !rest.starts_with("==")
    })
}

/// Where the script begins whose header is at a line, above which `floor` is the first that may be its own.
fn begin(lines: &[&str], floor: usize, header: usize) -> usize {
    let mut at = header;
    while at > floor {
        let line = lines.get(at - 1).map_or("", |line| line.trim_end());
        let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| line.ends_with(quotes));
        if let Some(quotes) = quotes {
            let opens =
                |at: &usize| lines.get(*at).is_some_and(|line| line.trim_start_matches(['r', 'R']).starts_with(quotes));
            let one_line = line.trim_start_matches(['r', 'R']).strip_prefix(quotes).is_some_and(|rest| rest.len() >= 3);
            if one_line {
                return at - 1;
            }
            return (floor..at - 1).rev().find(opens).unwrap_or(at);
        }
        let first = line.split([' ', ':', '=']).next().unwrap_or_default();
        let own = matches!(first, "" | "import" | "from" | "down_revision" | "branch_labels" | "depends_on")
            && !line.starts_with(char::is_whitespace)
            || line.starts_with('#');
        if line == ")" {
            let opens =
                |at: &usize| lines.get(*at).is_some_and(|line| line.ends_with('(') && line.starts_with("from "));
            let Some(open) = (floor..at - 1).rev().find(opens) else { return at };
            at = open;
        } else if own {
            at -= 1;
        } else {
            return at;
        }
    }
    at
}

/// A name for a file that has none.
fn name_of(text: &str, at: usize) -> String {
    let revision = text.lines().find(|line| is_header(line)).and_then(|line| line.split_once('='));
    let revision =
        revision.map(|(_, value)| value.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']));
    if let Some(revision) = revision.filter(|id| !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || c == '_'))
    {
        let message = text.trim_start().trim_start_matches(['r', '"', '\'']).lines().next().unwrap_or_default();
        let slug: String =
            message.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        let slug = slug.split('_').filter(|word| !word.is_empty()).take(6).collect::<Vec<_>>().join("_");
        let is_docstring = text.trim_start().trim_start_matches('r').starts_with(['"', '\'']) && !slug.is_empty();
        let slug = if is_docstring { format!("_{slug}") } else { String::new() };
        return format!("versions/{revision}{slug}.py");
    }
    let first = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    if text.contains("[tool.") {
        "pyproject.toml".to_owned()
    } else if text.contains("[alembic]") {
        "alembic.ini".to_owned()
    } else if text.contains("context.configure(") {
        "env.py".to_owned()
    } else if matches!(first.as_str(), "INSERT" | "CREATE" | "UPDATE" | "DELETE" | "ALTER" | "BEGIN;") {
        format!("pasted_{}.sql", at + 1)
    } else {
        format!("pasted_{}.py", at + 1)
    }
}

/// A path as the workspace has them: no drive, no folder above, `/` between the parts. `None` where nothing is left.
pub(crate) fn clean(path: &str) -> Option<String> {
    let path = path.trim().replace('\\', "/");
    let path = path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(&path);
    let parts = path
        .split('/')
        .map(str::trim)
        .filter(|part| !part.is_empty() && *part != "." && *part != ".." && !part.ends_with(':'));
    let parts: Vec<String> = parts.map(|part| part.chars().filter(|c| !c.is_control()).collect()).collect();
    let path = parts.join("/");
    (!path.is_empty() && path.len() <= 400).then_some(path)
}

/// A path that no other file has.
fn free(path: &str, files: &[File]) -> String {
    let taken = |path: &str| files.iter().any(|file| file.path == path);
    let (stem, ending) =
        path.rsplit_once('.').map_or((path, String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    let mut candidates = (2..).map(|n| format!("{stem}_{n}{ending}"));
    if taken(path) { candidates.find(|path| !taken(path)).unwrap_or_default() } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let files = split(text);
        let files: Vec<(&str, &str)> = files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
        assert_eq!(files, expected);
    }

    #[test]
    fn marks_name_files() {
        check("# file: a.py\nx = 1\n\n# file: sub/b.py\ny = 2\n", &[("a.py", "x = 1\n"), ("sub/b.py", "y = 2\n")]);
        check("-- file: a.sql\nSELECT 1;\n", &[("a.sql", "SELECT 1;\n")]);
        check("=== a.py ===\nx\n=== b.py ===\ny\n", &[("a.py", "x\n"), ("b.py", "y\n")]);
        check(
            "### `versions/a.py`\n\n```python\nx = 1\n```\n\n### b.toml\n```toml\ny = 2\n```",
            &[("versions/a.py", "x = 1\n"), ("b.toml", "y = 2\n")],
        );
        check("# file: ../../etc/a.py\nx\n# file: a.py\ny", &[("etc/a.py", "x\n"), ("a.py", "y\n")]);
        check("# file: a.py\nx\n# file: a.py\ny", &[("a.py", "x\n"), ("a_2.py", "y\n")]);
        check("  \n\n", &[]);
    }

    #[test]
    fn comments_and_rules_of_dashes_are_no_marks() {
        let text = "revision = 'a'\n# file: see the docs\n# ---- helper.py is imported ----\n### things ###\n";
        assert_eq!(split(text).len(), 1);
    }

    #[test]
    fn scripts_begin_at_their_docstrings() {
        let a = "\"\"\"create users\n\nRevision ID: a1\nRevises:\n\"\"\"\nfrom alembic import op\n\n# revision identifiers\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n    op.execute(\"\"\"\n    SELECT 1\n    \"\"\")\n\n\ndef downgrade():\n    pass\n";
        let b = "\"\"\"Add Phone, too\"\"\"\nimport sqlalchemy as sa\nfrom alembic import (\n    op,\n)\n\ndown_revision: str = 'a1'\nrevision: str = \"b2\"\n\ndef upgrade():\n    pass\n";
        let c = "revision = 'c3'\ndown_revision = 'b2'\n";
        let all = format!("{a}{b}\n\n{c}");
        check(&all, &[("versions/a1_create_users.py", a), ("versions/b2_add_phone_too.py", b), ("versions/c3.py", c)]);
        check(&format!("```python\n{c}```"), &[("versions/c3.py", c)]);
        check(
            &all.replace('\n', "\r\n"),
            &[("versions/a1_create_users.py", a), ("versions/b2_add_phone_too.py", b), ("versions/c3.py", c)],
        );
    }

    #[test]
    fn what_is_no_script_gets_a_name_too() {
        check("[tool.revproof]\nrows = 'none'", &[("pyproject.toml", "[tool.revproof]\nrows = 'none'\n")]);
        check("INSERT INTO t VALUES (1);", &[("pasted_1.sql", "INSERT INTO t VALUES (1);\n")]);
        check("x = 1", &[("pasted_1.py", "x = 1\n")]);
    }
}
