use std::collections::BTreeMap;

use super::{Keep, Project, Reading, Sources, load};

/// What is read of some files: `revision <- parents: message`, and the findings with their lines.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let tree: BTreeMap<String, String> =
        files.iter().map(|(name, text)| (format!("m/versions/{name}"), (*text).to_owned())).collect();
    let project =
        Project { root: "m".to_owned(), version_locations: vec!["m/versions".to_owned()], ..Project::default() };
    let mut sources = Sources::default();
    let (scripts, findings) = load(&tree, &project, &mut sources, Reading::plain(Keep::Code), None);
    let mut lines: Vec<String> = scripts
        .iter()
        .map(|s| {
            let mut line = format!("{} <- {}", s.revision, s.down_revision.join(","));
            for (what, names) in [("needs", &s.depends_on), ("labels", &s.branch_labels)] {
                if !names.is_empty() {
                    line = format!("{line} {what} {}", names.join(","));
                }
            }
            if s.message.is_empty() { line } else { format!("{line}: {}", s.message) }
        })
        .collect();
    lines.extend(findings.iter().map(|finding| {
        let line = finding.span.and_then(|span| sources.position(span)).map_or(0, |position| position.line);
        format!("{line}: {}", finding.message)
    }));
    assert_eq!(lines, expected);
}

#[test]
fn variables_may_be_plain_annotated_or_computed() {
    check(
        &[
            ("a.py", "\"\"\"first\n\nRevises:\n\"\"\"\nrevision = 'a'\ndown_revision = None\n"),
            (
                "b.py",
                "from typing import Union\nrevision: str = 'b'\ndown_revision: Union[str, None] = 'a'\nbranch_labels = ('x',)\n",
            ),
            ("c.py", "parents = ['a', 'b']\nrevision = 'c' + '1'\ndown_revision = tuple(parents)\ndepends_on = 'z'\n"),
        ],
        &["a <- : first", "b <- a labels x", "c1 <- a,b needs z"],
    );
}

#[test]
fn files_that_cannot_be_used_do_not_hide_others() {
    check(
        &[
            ("__init__.py", "x = 1"),
            ("a.py", "revision = 'a'\ndown_revision = None\n"),
            ("b.py", "revision = 'b'\ndown_revision = 'a'\n\ndef upgrade(:\n    pass\n"),
            ("c.py", "down_revision = 'a'\n"),
            ("d.py", "revision = 3\ndown_revision = 'a'\n"),
            ("e.py", "import os\nrevision = os.environ['REV']\ndown_revision = 'a'\n"),
            ("f.py", "revision = 'f'\n"),
            ("g.py", "revision = 'g'\nraise ValueError('no')\n"),
            ("helper.py", "def f(): pass\n"),
        ],
        &[
            "a <- ",
            "c <- a",
            "4: this script can't be used: invalid syntax: expected a parameter or the end of the parameter list",
            "1: this script can't be used: its `revision` is 3, not a string",
            "2: this script can't be used: its `revision` can't be known",
            "1: this script can't be used: it has no `down_revision`, so Alembic can't place it in the history",
            "2: this script can't be used: loading it raises ValueError: no",
            "1: this script can't be used: it has no `revision`, and its name helper.py is none either",
        ],
    );
}
