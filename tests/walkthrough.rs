//! The walk-throughs of the README and of the manual, done as they are written there: files are written, commands are run,
//! and what they say is what is shown.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::command::root;
use crate::project::Project;

#[test]
fn the_walk_through_of_the_readme_works_as_written() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let (_, section) = readme.split_once("## The workflow, without a database").expect("it has the section");
    let (section, _) = section.split_once("\n## ").expect("another section follows");
    let commands = walk(section);
    assert!(commands >= 15, "only {commands} commands were run");
}

#[test]
fn the_walk_through_of_the_manual_works_as_written() {
    let page = fs::read_to_string(root().join("docs/workflow.md")).expect("there is such a page");
    let commands = walk(&page);
    assert!(commands >= 15, "only {commands} commands were run");
}

/// Does what the blocks of a text say, and returns how many commands that were.
fn walk(text: &str) -> usize {
    let project = Project::new(&[]);
    let mut commands = 0;
    for block in text.split("```").skip(1).step_by(2) {
        let (kind, body) = block.split_once('\n').expect("a block has lines");
        match kind {
            "python" | "sql" => {
                let first = body.lines().next().and_then(|line| line.split_once(' '));
                let (_, path) = first.expect("it begins with a path behind the sign of a comment");
                project.write(path, body.as_bytes());
            }
            "console" => commands += body.split("$ ").skip(1).map(|step| run(project.path(), step)).count(),
            other => panic!("a block of {other}"),
        }
    }
    commands
}

/// Runs one command; what it says is what stands below it, where anything does.
fn run(folder: &Path, step: &str) {
    let (command, expected) = step.split_once('\n').expect("a command ends its line");
    let binary = Path::new(env!("CARGO_BIN_EXE_revproof"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", binary.parent().expect("it is in a folder").display());
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .stdin(Stdio::null())
        .output()
        .expect("a shell starts");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("it is UTF-8").replace(&format!("{}/", folder.display()), "");
    if expected.is_empty() {
        assert!(output.status.success(), "{command}: {said}");
    } else {
        assert_eq!(said.trim_end(), expected.trim_end(), "{command}");
    }
}
