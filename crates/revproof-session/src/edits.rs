//! Changes to the files that the page offers: fixes, suppressions, new revisions. Nothing is changed here; what comes out
//! are the files as they would be.

use revproof_core::alembic::{Script, python_literal, script_options};
use revproof_core::analyse::analyse_loaded;
use revproof_core::config::Config;
use revproof_core::directory::ScriptDirectory;
use revproof_core::draft::{DraftError, Moment, Request, draft};
use revproof_core::history::RevisionId;
use revproof_core::report::{DiagnosticReport, Report};
use revproof_core::source::{FileTree, SourceFile, Sources, Span};
use revproof_core::workflow::digest;

use super::input::{Files, Input, Loaded, load};
use super::queries::{Refusal, revision};
use super::refusal::unresolved;

/// Files: path, and text or `None` for one that goes.
pub(crate) type Changed = Vec<(String, Option<String>)>;

/// The template of new scripts, where a workspace brings none of its own: that of `revproof init`.
const TEMPLATE: &str = include_str!("../../../cli/src/templates/generic/script.py.mako");

/// The files after the fix of a finding.
pub(crate) fn fix(report: &Report, at: usize) -> Result<Changed, Refusal> {
    let finding = finding(report, at)?;
    let Some(fix) = &finding.fix else {
        return Err(("There is no fix for this finding".to_owned(), finding.help.clone().unwrap_or_default()));
    };
    let edits = fix.edits.iter().map(|edit| (edit.place.span, edit.text.clone()));
    Ok(edited(&report.sources, edits.collect()))
}

fn finding(report: &Report, at: usize) -> Result<&DiagnosticReport, Refusal> {
    let gone =
        || ("The finding is gone".to_owned(), "The files have changed since: look at the list again.".to_owned());
    report.diagnostics().nth(at).ok_or_else(gone)
}

/// The files with spans replaced.
fn edited(sources: &Sources, mut edits: Vec<(Span, String)>) -> Changed {
    // From the end, so that what stands before an edit is where it was.
    edits.sort_by_key(|(span, _)| std::cmp::Reverse((span.file, span.start)));
    let mut changed: Changed = Vec::new();
    for (span, text) in edits {
        let Some(file) = sources.get(span.file) else { continue };
        let at = changed.iter().position(|(path, _)| **path == *file.path).unwrap_or_else(|| {
            changed.push((file.path.to_string(), Some(file.text.to_string())));
            changed.len() - 1
        });
        let Some((_, Some(whole))) = changed.get_mut(at) else { continue };
        let range = span.start as usize..span.end.max(span.start) as usize;
        if whole.get(range.clone()).is_some() {
            whole.replace_range(range, &text);
        }
    }
    changed
}

/// The files after a comment that suppresses a finding: on the line above it, or where that can't be, at the head of the
/// file. Whichever it is has been proved to hide this finding and no other.
pub(crate) fn ignore(report: &Report, at: usize, loaded: &Loaded) -> Result<Changed, Refusal> {
    let finding = finding(report, at)?;
    let in_settings = || {
        let help =
            format!("Write `ignore = [\"{}\"]` into revproof.toml to leave the rule out everywhere.", finding.rule);
        ("No comment can suppress this finding".to_owned(), help)
    };
    let span = finding.span.ok_or_else(in_settings)?;
    let file = report.sources.get(span.file).ok_or_else(in_settings)?;
    let line = file.position(span.start).line;
    let candidates = [at_line(file, line, &finding.rule), at_head(file, &finding.rule)];
    let hidden = candidates.into_iter().find(|text| hides(report, at, loaded, &file.path, text));
    hidden.map(|text| vec![(file.path.to_string(), Some(text))]).ok_or_else(in_settings)
}

/// The text with the comment above a line, or with the rule in the comment that is there.
fn at_line(file: &SourceFile, line: u32, rule: &str) -> String {
    let above = file.line(line.saturating_sub(1));
    let start = file.line_range(line).start;
    if line > 1 && above.trim_start().starts_with("# revproof: ignore[") {
        return with_rule(file, line - 1, rule);
    }
    let text = file.line(line);
    let indent = text.get(..text.len() - text.trim_start().len()).unwrap_or_default();
    inserted(file, start, &format!("{indent}# revproof: ignore[{rule}]\n"))
}

/// The text with the comment before everything else.
fn at_head(file: &SourceFile, rule: &str) -> String {
    let known = (1..=file.line_count()).take_while(|line| {
        let text = file.line(*line).trim_start();
        text.is_empty() || text.starts_with('#')
    });
    let mut known = known.filter(|line| file.line(*line).starts_with("# revproof: ignore["));
    match known.next() {
        Some(line) => with_rule(file, line, rule),
        None => inserted(file, 0, &format!("# revproof: ignore[{rule}]\n")),
    }
}

fn with_rule(file: &SourceFile, line: u32, rule: &str) -> String {
    let range = file.line_range(line);
    let close = file.line(line).find(']').map(|at| range.start + at);
    inserted(file, close.unwrap_or(range.end), &format!(", {rule}"))
}

fn inserted(file: &SourceFile, at: usize, text: &str) -> String {
    let (before, after) = file.text.split_at_checked(at).unwrap_or((&file.text, ""));
    format!("{before}{text}{after}")
}

/// Whether a text of a file hides one finding of a report and no other. Findings that this one made superfluous may come
/// in its place.
fn hides(report: &Report, at: usize, loaded: &Loaded, path: &str, text: &str) -> bool {
    let input = loaded.borrow_owner();
    let mut files = input.files.clone();
    files.0.insert(path.to_owned(), text.into());
    let after = prove(files, input.config.clone());
    let told = |finding: &DiagnosticReport| (finding.code.clone(), finding.message.clone(), finding.file.clone());
    let found: Vec<_> = after.diagnostics().map(told).collect();
    let is_as_it_should = |(n, finding)| found.contains(&told(finding)) == (n != at);
    let faults = |report: &Report| report.diagnostics().filter(|f| f.rule == "unused-suppression").count();
    report.diagnostics().enumerate().all(is_as_it_should) && faults(&after) <= faults(report)
}

fn prove(files: Files, config: Config) -> Report {
    let loaded = load(Input { files, config }, None);
    let (input, chains) = (loaded.borrow_owner(), loaded.borrow_dependent());
    let mut sources = chains.sources.clone();
    analyse_loaded(&chains.directories, &mut sources, &input.files, &input.config, None, &mut |_| {})
}

/// A new revision on top of one, or one that merges all heads.
pub(crate) fn new_revision(
    loaded: &Loaded,
    directory: &ScriptDirectory<'_>,
    heads: Vec<String>,
    message: &str,
    is_merge: bool,
) -> Result<Changed, Refusal> {
    let files = &loaded.borrow_owner().files;
    let message = message.trim();
    let request = Request {
        rev_id: identifier(directory, &heads, message),
        message: (!message.is_empty()).then(|| message.to_owned()),
        splice: !is_merge,
        heads,
        is_merge,
        ..Request::default()
    };
    let tree = WithTemplate { files, path: template(directory) };
    let options = script_options(&tree, &directory.project, "");
    let made = draft(directory, &tree, &options, &request, now(directory));
    let draft = made.map_err(|error| match error {
        DraftError::Symbol(error) => unresolved(&error, &directory.history),
        DraftError::Refused { sentence, help } => (sentence, help),
        DraftError::Template { path, error } => {
            (format!("{path} can't be rendered: {}", error.message), "Correct the template.".to_owned())
        }
    })?;
    Ok(vec![(draft.path, Some(draft.text))])
}

/// The workspace, with a template of scripts where it has none.
struct WithTemplate<'a> {
    files: &'a Files,
    path: String,
}

impl FileTree for WithTemplate<'_> {
    fn read(&self, path: &str) -> revproof_core::source::Read {
        match self.files.read(path) {
            revproof_core::source::Read::Missing if path == self.path => {
                revproof_core::source::Read::Text(TEMPLATE.into())
            }
            read => read,
        }
    }

    fn list(&self, folder: &str) -> Vec<revproof_core::source::Entry> {
        self.files.list(folder)
    }
}

fn template(directory: &ScriptDirectory<'_>) -> String {
    let project = &directory.project;
    let folder = project.script_location.as_deref().unwrap_or(&project.root);
    if folder.is_empty() { "script.py.mako".to_owned() } else { format!("{folder}/script.py.mako") }
}

/// Twelve digits that no other revision has. There is neither chance nor a clock here: they come from what the revision
/// is, so that the same question has the same answer.
fn identifier(directory: &ScriptDirectory<'_>, heads: &[String], message: &str) -> String {
    let names: Vec<String> = directory.scripts.iter().map(|script| script.revision.to_string()).collect();
    let seed = format!("{}\n{}\n{message}", heads.join(" "), names.join(" "));
    let candidates = (0..).map(|n| digest(&format!("{seed}\n{n}")).chars().take(12).collect::<String>());
    // All digits, or nearly, would be a number to some tools.
    let is_good = |id: &String| id.chars().any(|c| c.is_ascii_alphabetic()) && !names.contains(id);
    candidates.into_iter().find(is_good).unwrap_or_default()
}

/// The moment that a new script says it was made: that of the newest there is, for there is no clock here.
fn now(directory: &ScriptDirectory<'_>) -> Moment {
    let newest = directory.scripts.iter().filter_map(|script| script.create_date.as_deref()).max();
    let number = |from: usize, to: usize| newest.and_then(|date| date.get(from..to)?.parse::<i16>().ok());
    let small = |from: usize, to: usize, or: i8| number(from, to).and_then(|n| i8::try_from(n).ok()).unwrap_or(or);
    Moment {
        year: number(0, 4).unwrap_or(2026),
        month: small(5, 7, 1).clamp(1, 12),
        day: small(8, 10, 1).clamp(1, 28),
        hour: small(11, 13, 0).clamp(0, 23),
        minute: small(14, 16, 0).clamp(0, 59),
        second: small(17, 19, 0).clamp(0, 59),
        microsecond: 0,
        offset: None,
        epoch: 0,
    }
}

/// The scripts of one branch put on top of another head.
pub(crate) fn reparent(
    directory: &ScriptDirectory<'_>,
    sources: &Sources,
    head: &str,
    onto: &str,
) -> Result<Changed, Refusal> {
    let history = &directory.history;
    let (head, onto) = (revision(history, head)?, revision(history, onto)?);
    let (moving, staying) = (history.ancestors(&[head]), history.ancestors(&[onto]));
    if staying.contains(head) || moving.contains(onto) {
        let (below, above) = if staying.contains(head) { (head, onto) } else { (onto, head) };
        let why = format!("{} stands on {} already", history.name(above), history.name(below));
        return Err((why, "Choose two heads.".to_owned()));
    }
    let own = |id: &RevisionId| !staying.contains(*id);
    let is_first = |id: &RevisionId| {
        history.get(*id).is_some_and(|node| !node.down.iter().any(|below| moving.contains(*below) && own(below)))
    };
    let firsts: Vec<RevisionId> = moving.iter().filter(own).filter(is_first).collect();
    let [first] = firsts.as_slice() else {
        let names = firsts.iter().map(|id| history.name(*id).to_string()).collect::<Vec<_>>().join(", ");
        let why = format!("The branch of {} begins in several places ({names})", history.name(head));
        return Err((why, "Join the heads with a merge revision instead.".to_owned()));
    };
    let script = directory.scripts.get(first.0 as usize);
    let script = script.ok_or_else(|| ("There is no such script".to_owned(), String::new()))?;
    if script.down_revision.len() > 1 {
        let why = format!("{} is a merge point: it has several parents to keep", script.revision);
        return Err((why, "Join the heads with a merge revision instead.".to_owned()));
    }
    moved(script, sources, &history.name(onto))
}

/// A script with another parent, in its variable and in its docstring.
fn moved(script: &Script, sources: &Sources, parent: &str) -> Result<Changed, Refusal> {
    let unclear = || {
        let why = format!("`down_revision` of {} is not written as a plain value", script.revision);
        (why, format!("Write `down_revision = {}` there by hand.", python_literal(parent)))
    };
    let file = sources.get(script.file).ok_or_else(unclear)?;
    let span = script.down_revision_span.ok_or_else(unclear)?;
    let value = file.text.get(span.start as usize..span.end as usize).ok_or_else(unclear)?;
    // The span is that of the value, or of the whole assignment.
    let offset = value.find('=').map_or(0, |at| at + 1);
    let plain = value.get(offset..).unwrap_or_default();
    let lead = plain.len() - plain.trim_start().len();
    let plain = plain.trim();
    let is_plain = plain == "None" || plain.starts_with(['"', '\'', '(', '[']) || plain.starts_with("Union");
    if !is_plain {
        return Err(unclear());
    }
    let start = span.start + (offset + lead) as u32;
    let value = Span::new(script.file, start, start + plain.len() as u32);
    let quote = if plain.starts_with('"') { '"' } else { '\'' };
    let mut edits = vec![(value, format!("{quote}{parent}{quote}"))];
    if let Some((_, span)) = &script.doc_revises {
        edits.push((*span, format!("Revises: {parent}")));
    }
    Ok(edited(sources, edits))
}
