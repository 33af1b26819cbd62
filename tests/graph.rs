//! `revproof graph`, and what the other commands that read say as JSON.

use crate::command::{revproof, revproof_in};
use crate::project::{Project, script};

#[test]
fn the_samples_are_drawn_with_their_verdicts() {
    let drawn = revproof("graph -d migrations/two_heads").code(0);
    insta::assert_snapshot!(drawn.stdout);
    assert_eq!(drawn.stderr, "");
    let bare = revproof("graph -d migrations/two_heads --no-verdicts").code(0).stdout;
    assert!(!bare.contains("reversible"), "{bare}");
}

#[test]
fn every_format_is_what_it_says() {
    let graph = revproof("graph -d migrations/two_heads --format json").code(0).json();
    let revisions = graph["revisions"].as_array().expect("revisions");
    assert!(revisions.iter().all(|r| r["verdict"].is_string() && r["file"].is_string()), "{graph:#}");
    let svg = revproof("graph -d migrations/two_heads --format svg").code(0).stdout;
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(!svg.contains("href") && !svg.contains("<script") && svg.contains("<desc"), "{svg}");
    revproof("graph -d migrations/two_heads --output-format mermaid").code(0).prints(&["flowchart BT\n", " --> "]);
    revproof("graph -d migrations/two_heads --format dot").code(0).prints(&["digraph", " -> "]);
}

#[test]
fn a_broken_graph_is_drawn_as_far_as_it_goes_and_then_refused() {
    let project = Project::of_chain(&[("pass", "pass"), ("pass", "pass"), ("pass", "pass")]);
    project.write("migrations/versions/r1.py", script(1, "pass", "pass").replace("'r0'", "'lost'").as_bytes());
    let drawn = revproof_in(project.path(), "graph --no-verdicts").code(1);
    assert!(
        drawn.stdout.contains("r2") && drawn.stdout.contains("r0") && drawn.stdout.contains('~'),
        "{}",
        drawn.stdout
    );
    assert!(drawn.stderr.starts_with("error: Revision lost referenced from lost -> r1"), "{}", drawn.stderr);
    assert!(drawn.stderr.contains("\nhelp: ") && drawn.stderr.contains("versions/r1.py:"), "{}", drawn.stderr);
}

#[test]
fn a_revision_is_one_line_of_json() {
    for command in ["history", "heads", "branches", "show heads"] {
        let shown = revproof(&format!("{command} -d migrations/two_heads --output-format json")).code(0).stdout;
        assert!(!shown.is_empty(), "{command}");
        for line in shown.lines() {
            let revision: serde_json::Value = serde_json::from_str(line).expect("one object per line");
            assert!(revision["revision"].is_string() && revision["message"].is_string(), "{command}: {line}");
            assert!(revision["down_revision"].is_array(), "{command}: {line}");
            let file = revision["file"].as_str().expect("a file");
            assert!(crate::command::root().join(file).is_file(), "{command}: {file}");
        }
    }
}

#[test]
fn several_folders_and_folders_that_are_not_there_are_refused() {
    revproof("history").refused(&["name one with `-d`"]);
    let nowhere = revproof("history -d nowhere").code(1);
    assert_eq!(
        nowhere.stderr.lines().next(),
        Some("error: Path doesn't exist: nowhere.  Please use the 'init' command to create a new scripts folder.")
    );
    let empty = Project::new(&[("notes.txt", "")]);
    let nothing = revproof_in(empty.path(), "heads").code(1).stderr;
    assert!(nothing.starts_with("error: Path doesn't exist: migrations.") && nothing.contains("help: "), "{nothing}");
}
