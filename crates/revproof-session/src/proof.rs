//! [`proof`]: a report as the page shows it, with places as its editor counts them.

use std::sync::Arc;

use revproof_core::alembic::Script;
use revproof_core::config::Rows;
use revproof_core::diagnostic::Severity as ReportSeverity;
use revproof_core::directory::ScriptDirectory;
use revproof_core::lint::{self, Group};
use revproof_core::replay::{RevisionTrace, RunStatus, Trace, Verdict as ReportVerdict};
use revproof_core::report::{
    ChainReport, DiagnosticReport, FixReport, Graph, LabelReport, Place, Report, RevisionReport, RunReport,
};
use revproof_core::source::Span;
use revproof_core::workflow::schema_changes;
use revproof_messages::{
    Chain, Doubt, Edit, FileKind, FileView, Fix, Label, Lane, LaneLine, Merge, Move, Problem, Proof, Revision, Run,
    RunState, Severity, Verdict, Workspace,
};
use rustc_hash::FxHashMap;

use super::input::{Loaded, is_python};
use super::spots::Spots;

/// What was proved of the files of a workspace.
pub(crate) fn proof(report: &Report, loaded: &Loaded, workspace: &Workspace, changes: &[Changes]) -> Proof {
    let loaded_chains = loaded.borrow_dependent();
    let view = View { report, spots: Spots(&report.sources) };
    let chains = report.chains.iter().zip(loaded_chains.sites()).enumerate();
    let problems: Vec<Problem> =
        chains.flat_map(|(at, (chain, site))| view.problems(at, chain, site.directory)).collect();
    Proof {
        summary: summary(report, &loaded.borrow_owner().config.rows),
        chains: report.chains.iter().zip(changes).map(|(chain, changes)| view.chain(chain, changes)).collect(),
        files: files(workspace, &problems, &view.revisions_by_file(&loaded_chains.directories)),
        problems,
        error: None,
        version: report.tool.version.to_owned(),
    }
}

/// What the upgrade and the downgrade of each revision change in the schema, in order of application.
pub(crate) type Changes = Vec<Changed>;

/// What the upgrade and the downgrade of a revision change in the schema, a handful of lines each.
pub(crate) struct Changed {
    seen: Arc<RevisionTrace>,
    up: Vec<String>,
    down: Vec<String>,
}

/// What the runs of a replay change in the schema; of a revision that was taken over from the last replay, what was known.
pub(crate) fn changes(trace: &Trace, last: Changes) -> Changes {
    let mut last = last.into_iter();
    let of = |seen: &Arc<RevisionTrace>| {
        let known = last.next().filter(|known| Arc::ptr_eq(&known.seen, seen));
        known.unwrap_or_else(|| changed(seen))
    };
    trace.revisions.iter().map(of).collect()
}

fn changed(seen: &Arc<RevisionTrace>) -> Changed {
    const SHOWN: usize = 5;
    let few = |mut lines: Vec<String>| {
        let more = lines.len().saturating_sub(SHOWN);
        if more > 1 {
            lines.truncate(SHOWN);
            lines.push(format!("and {more} more"));
        }
        lines
    };
    let up = schema_changes(&seen.before, &seen.upgrade);
    let down = seen.upgrade.after.as_ref().map(|after| schema_changes(after, &seen.downgrade));
    Changed { seen: seen.clone(), up: few(up), down: few(down.unwrap_or_default()) }
}

/// A proof of nothing, because something is wrong with the files as a whole.
pub(crate) fn nothing(error: String, workspace: &Workspace) -> Proof {
    Proof {
        summary: "Nothing was proved.".to_owned(),
        files: files(workspace, &[], &FxHashMap::default()),
        error: Some(error),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Proof::default()
    }
}

/// One sentence that names what was proved.
fn summary(report: &Report, rows: &Rows) -> String {
    let sums = &report.summary;
    if report.chains.is_empty() {
        return "No revision scripts here yet.".to_owned();
    }
    let rows = match rows {
        Rows::Seeded => "with made-up rows",
        Rows::None => "without rows",
        Rows::File { .. } => "with your rows",
    };
    let (revisions, heads) = (count(sums.revisions, "revision"), count(sums.heads, "head"));
    let chains = if report.chains.len() > 1 { format!("{} chains, ", report.chains.len()) } else { String::new() };
    let others = [(sums.lossy, "lossy"), (sums.irreversible, "irreversible"), (sums.broken, "broken")];
    let others = others.into_iter().chain([(sums.unknown, "unknown")]).filter(|(n, _)| *n > 0);
    let others = others.fold(String::new(), |others, (n, word)| others + &format!(", {n} {word}"));
    let is = if sums.reversible == 1 { "is" } else { "are" };
    let problems = match (sums.errors, sums.warnings, sums.infos) {
        (0, 0, 0) => "No problems".to_owned(),
        (0, 0, infos) => format!("{infos} for information"),
        (0, warnings, _) => count(warnings, "warning"),
        (errors, 0, _) => count(errors, "error"),
        (errors, warnings, _) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    };
    format!(
        "{chains}{revisions}, {heads}. {} of {} {is} reversible {rows}{others}. {problems}.",
        sums.reversible, sums.revisions
    )
}

/// `1 row`, `2 rows`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

struct View<'a> {
    report: &'a Report,
    spots: Spots<'a>,
}

impl View<'_> {
    /// The revision of each script's file.
    fn revisions_by_file(&self, directories: &[ScriptDirectory<'_>]) -> FxHashMap<String, String> {
        let scripts = directories.iter().flat_map(|directory| &directory.scripts);
        let named = scripts.filter_map(|script| {
            Some((self.report.sources.get(script.file)?.path.to_string(), script.revision.to_string()))
        });
        named.collect()
    }

    fn chain(&self, chain: &ChainReport, changes: &Changes) -> Chain {
        let graph = Graph::of_chain(chain);
        let lanes = revproof_core::render::lanes(&graph);
        let width = lanes.iter().flat_map(|lane| {
            let ends = lane.lines.iter().flat_map(|line| [line.from, line.to]);
            ends.chain([lane.column])
        });
        let mut next: FxHashMap<&str, Vec<String>> = FxHashMap::default();
        for revision in &chain.revisions {
            for parent in &revision.down_revision {
                next.entry(parent).or_default().push(revision.revision.clone());
            }
        }
        let mut counts: FxHashMap<&str, (u32, u32)> = FxHashMap::default();
        for finding in &chain.diagnostics {
            let Some(revision) = &finding.revision else { continue };
            let counts = counts.entry(revision).or_default();
            match finding.severity {
                ReportSeverity::Error => counts.0 += 1,
                ReportSeverity::Warning => counts.1 += 1,
                ReportSeverity::Info => {}
            }
        }
        let lanes_width = width.max().map_or(0, |last| last as u32 + 1);
        let newest_first = chain.revisions.iter().zip(changes).rev().zip(&lanes);
        let revisions = newest_first.map(|((revision, Changed { up, down, .. }), lane)| {
            let next = next.get(revision.revision.as_str()).cloned().unwrap_or_default();
            let (errors, warnings) = counts.get(revision.revision.as_str()).copied().unwrap_or_default();
            let mut shown = Revision { errors, warnings, lane: lane_of(lane), ..self.revision(chain, revision, next) };
            shown.upgrade.changes.clone_from(up);
            shown.again.changes.clone_from(up);
            shown.downgrade.changes.clone_from(down);
            shown
        });
        Chain {
            root: chain.root.clone(),
            database: chain.database.clone(),
            dialect: chain.dialect.name().to_owned(),
            dialect_source: chain.dialect_source.clone(),
            heads: chain.heads.clone(),
            revisions: revisions.collect(),
            merges: chain
                .merges
                .iter()
                .map(|merge| Merge {
                    revision: merge.revision.clone(),
                    commutes: merge.commutes,
                    differences: merge.differences.clone(),
                })
                .collect(),
            lanes: lanes_width,
        }
    }

    fn revision(&self, chain: &ChainReport, revision: &RevisionReport, next: Vec<String>) -> Revision {
        Revision {
            id: revision.revision.clone(),
            message: revision.message.clone(),
            file: join(&chain.root, &revision.file),
            down: revision.down_revision.clone(),
            head: chain.heads.contains(&revision.revision),
            branch_point: next.len() > 1,
            next,
            depends_on: revision.depends_on.clone(),
            labels: revision.branch_labels.clone(),
            verdict: verdict(revision.verdict),
            because: revision.because.clone(),
            upgrade: self.run(&revision.upgrade),
            downgrade: self.run(&revision.downgrade),
            again: self.run(&revision.again),
            schema_restored: revision.restores.schema,
            rows_restored: revision.restores.rows,
            differences: revision.restores.differences.clone(),
            ..Revision::default()
        }
    }

    fn run(&self, run: &RunReport) -> Run {
        let doubt = |doubt: &revproof_core::report::DoubtReport| Doubt {
            why: doubt.why.clone(),
            spot: doubt.place.as_ref().and_then(|place| self.spots.of(place.span)),
        };
        Run {
            state: state(run.status),
            error: run.error.as_ref().map(|error| error.message.clone()),
            line: run.error.as_ref().and_then(|error| error.line),
            changes: Vec::new(),
            doubts: run.doubts.iter().map(doubt).collect(),
        }
    }

    fn problems(&self, at: usize, chain: &ChainReport, directory: &ScriptDirectory<'_>) -> Vec<Problem> {
        let revisions: FxHashMap<&str, &RevisionReport> =
            chain.revisions.iter().map(|revision| (revision.revision.as_str(), revision)).collect();
        let scripts: FxHashMap<&str, &Script> =
            directory.scripts.iter().map(|script| (&*script.revision, script)).collect();
        let problem = |finding: &DiagnosticReport| {
            let revision = finding.revision.as_deref();
            let seen = revision.and_then(|id| Some((*revisions.get(id)?, *scripts.get(id)?)));
            let group = lint::find(&finding.code).map(|rule| rule.group);
            Problem {
                rule: finding.rule.clone(),
                code: finding.code.clone(),
                severity: severity(finding.severity),
                message: finding.message.clone(),
                chain: at,
                revision: finding.revision.clone(),
                spot: finding.span.and_then(|span| self.spots.of(span)),
                labels: finding.labels.iter().filter_map(|label| self.label(label)).collect(),
                notes: finding.notes.clone(),
                help: finding.help.clone(),
                fix: finding.fix.as_ref().map(|fix| self.fix(fix)),
                shown_by: seen
                    .map(|(report, script)| shown_by(group, finding.span, report, script))
                    .unwrap_or_default(),
                about_rows: matches!(group, Some(Group::Data | Group::Intent | Group::Rows)),
            }
        };
        chain.diagnostics.iter().map(problem).collect()
    }

    fn label(&self, label: &LabelReport) -> Option<Label> {
        Some(Label { spot: self.spots.of(label.place.span)?, message: label.message.clone() })
    }

    fn fix(&self, fix: &FixReport) -> Fix {
        let edit = |place: &Place, text: &String| Some(Edit { spot: self.spots.of(place.span)?, text: text.clone() });
        let edits = fix.edits.iter().filter_map(|part| edit(&part.place, &part.text)).collect();
        Fix { title: fix.title.clone(), edits }
    }
}

/// The moves that show a finding: up to the revision; where it is about the way back, down again; and where that does
/// not lead to where it began, up once more.
fn shown_by(group: Option<Group>, span: Option<Span>, report: &RevisionReport, script: &Script) -> Vec<Move> {
    let up = Move::Upgrade(report.revision.clone());
    let goes_up = !matches!(report.upgrade.status, RunStatus::Failed | RunStatus::Refused | RunStatus::Missing);
    let function = span.and_then(|span| {
        let functions = [script.upgrade_span, script.downgrade_span].into_iter().flatten();
        functions.filter(|name| name.file == span.file && name.start <= span.end).max_by_key(|name| name.start)
    });
    let in_downgrade = function.is_some() && function == script.downgrade_span;
    if !goes_up || !(in_downgrade || group == Some(Group::Downgrade)) {
        return vec![up];
    }
    let mut moves = vec![up.clone(), Move::Revert(report.revision.clone())];
    if report.again.status == RunStatus::Failed {
        moves.push(up);
    }
    moves
}

fn files(workspace: &Workspace, problems: &[Problem], revisions: &FxHashMap<String, String>) -> Vec<FileView> {
    let of = |path: &str, severity: Severity| {
        let here = |problem: &&Problem| problem.spot.as_ref().is_some_and(|spot| spot.file == path);
        problems.iter().filter(here).filter(|problem| problem.severity == severity).count() as u32
    };
    let view = |path: &String| FileView {
        path: path.clone(),
        kind: kind(path, revisions.contains_key(path)),
        revision: revisions.get(path).cloned(),
        errors: of(path, Severity::Error),
        warnings: of(path, Severity::Warning),
    };
    workspace.files.iter().map(|file| view(&file.path)).collect()
}

fn kind(path: &str, is_script: bool) -> FileKind {
    match path.rsplit('/').next().unwrap_or(path) {
        _ if is_script => FileKind::Script,
        "revproof.toml" | "pyproject.toml" => FileKind::Settings,
        "alembic.ini" | "env.py" | "script.py.mako" | "setup.cfg" => FileKind::Project,
        name if is_python(name) => FileKind::Project,
        _ => FileKind::Other,
    }
}

/// A path that is seen from the root of a chain, in the workspace.
pub(crate) fn join(root: &str, path: &str) -> String {
    let mut joined: Vec<&str> = root.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match joined.last() {
            Some(last) if part == ".." && *last != ".." => _ = joined.pop(),
            _ => joined.push(part),
        }
    }
    joined.join("/")
}

fn lane_of(row: &revproof_core::render::Lane) -> Lane {
    let line = |line: &revproof_core::render::LaneLine| LaneLine {
        from: line.from as u32,
        to: line.to as u32,
        dashed: line.dashed,
        loose: line.loose,
    };
    Lane { at: row.column as u32, lines: row.lines.iter().map(line).collect() }
}

const fn severity(severity: ReportSeverity) -> Severity {
    match severity {
        ReportSeverity::Error => Severity::Error,
        ReportSeverity::Warning => Severity::Warning,
        ReportSeverity::Info => Severity::Info,
    }
}

const fn verdict(verdict: ReportVerdict) -> Verdict {
    match verdict {
        ReportVerdict::Reversible => Verdict::Reversible,
        ReportVerdict::Lossy => Verdict::Lossy,
        ReportVerdict::Irreversible => Verdict::Irreversible,
        ReportVerdict::Broken => Verdict::Broken,
        ReportVerdict::Unknown => Verdict::Unknown,
    }
}

const fn state(status: RunStatus) -> RunState {
    match status {
        RunStatus::Ok => RunState::Ok,
        RunStatus::Failed => RunState::Failed,
        RunStatus::Missing => RunState::Missing,
        RunStatus::Empty => RunState::Empty,
        RunStatus::Refused => RunState::Refused,
        RunStatus::Unknown => RunState::Unknown,
        RunStatus::Skipped => RunState::Skipped,
    }
}
