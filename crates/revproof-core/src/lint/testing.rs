//! What tests of rules need: a chain from a text, proved and linted; and fixes applied.

use std::collections::BTreeMap;

use super::context::Chain;
use super::examples::chained_files;
use super::run::run;
use crate::config::{Config, Rows};
use crate::diagnostic::{Diagnostic, Fix};
use crate::directory::{self, ScriptDirectory};
use crate::python::Environ;
use crate::replay::{Subject, replay};
use crate::schema::{Dialect, Name};
use crate::source::Sources;
use crate::workflow::{Entry, Journal, ScriptRun, applied};

/// What the name of a file ends with that is a script as it was applied to the simulated database.
const AS_APPLIED: &str = " as applied";

/// The journal of a simulated database to which these scripts were applied, each named after its revision.
fn journal(scripts: &[&(String, String)], dialect: Dialect) -> Journal {
    let mut journal = Journal::new(dialect, &Rows::Seeded, None);
    for (path, text) in scripts {
        let revision: Name = path.trim_end_matches(AS_APPLIED).trim_end_matches(".py").into();
        let script = journal.keep(&path.as_str().into(), &text.as_str().into());
        let run = ScriptRun {
            revision: revision.clone(),
            script,
            broken_off: false,
            x_arguments: Vec::new(),
            environ: Environ::default(),
            modules: BTreeMap::new(),
            rows: vec![revision],
        };
        journal.entries.push(Entry::Upgrade(run));
    }
    journal
}

/// What the rules find in a chain, and the files that they looked at.
pub(crate) struct Checked {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
}

/// Proves and lints a chain that is written as the examples of a manual are: files after lines `# file: name.py`,
/// headers made where there are none.
pub(crate) fn check(text: &str, dialect: Dialect) -> Checked {
    check_files(&chained_files(text), dialect)
}

/// Proves and lints a chain of files.
pub(crate) fn check_files(files: &[(String, String)], dialect: Dialect) -> Checked {
    let (then, now): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| path.ends_with(AS_APPLIED));
    let in_folder = now.iter().map(|(path, text)| (format!("migrations/versions/{path}"), text.clone()));
    let mut tree: BTreeMap<String, String> = in_folder.collect();
    if !then.is_empty() {
        tree.insert(".revproof/migrations/journal".to_owned(), journal(&then, dialect).write());
    }
    let config = Config { dialect: Some(dialect), ..Config::default() };
    let (directories, sources) = directory::read(&tree, "migrations", &config);
    let read = directories.into_iter().next().expect("a folder of scripts");
    let trace = replay(&Subject::new(&read, &sources, &config), &mut |_| {});
    let ScriptDirectory { project, environment, scripts, unreadable, history, problems, .. } = read;
    let applied = applied(&tree, &project, &environment, &history, &read.modules);
    let chain = Chain { project, database: None, dialect, scripts, unreadable, history, problems, trace, applied };
    let diagnostics = run(&chain, &sources, &config);
    Checked { diagnostics, sources }
}

/// The findings of a chain on PostgreSQL, one line each: `drop-column at drop_fax.py:2: op.drop_column('users', 'fax')`.
pub(crate) fn findings(text: &str) -> Vec<String> {
    check(text, Dialect::PostgreSql).lines()
}

impl Checked {
    /// One line per finding: the rule, and the text that it points at.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.diagnostics
            .iter()
            .map(|diagnostic| {
                let text = diagnostic.span.map(|span| self.sources.text(span)).unwrap_or_default();
                format!("{}: {}", diagnostic.rule.name, text.lines().next().unwrap_or_default())
            })
            .collect()
    }

    /// The files after a fix.
    pub(crate) fn fixed(&self, fix: &Fix) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> =
            self.sources.iter().map(|file| (file.path.to_string(), file.text.to_string())).collect();
        let mut edits: Vec<_> = fix.edits.iter().collect();
        edits.sort_by_key(|edit| std::cmp::Reverse((edit.span.file, edit.span.start)));
        for edit in edits {
            let (_, text) = &mut files[edit.span.file.0 as usize];
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        files.into_iter().map(|(path, text)| (name(&path), text)).collect()
    }
}
