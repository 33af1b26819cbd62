//! [`Context`]: what a rule is given to look at.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::alembic::{Project, ProjectDatabase, Script};
use crate::diagnostic::Diagnostic;
use crate::history::{History, Problem, RevisionId};
use crate::op::{Certainty, OpKind, Operation};
use crate::replay::{RevisionTrace, Run, Step, Trace};
use crate::schema::{Dialect, Name};
use crate::source::{Sources, Span};
use crate::workflow::AppliedScript;

/// One chain, read and replayed.
#[derive(Debug)]
pub struct Chain {
    /// Where it is.
    pub project: Project,
    /// The database that it was replayed on, where the project has several.
    pub database: Option<ProjectDatabase>,
    /// The dialect it was replayed in.
    pub dialect: Dialect,
    /// Its scripts, in order of loading: `History` numbers are indexes of this list.
    pub scripts: Vec<Script>,
    /// Files that could not be read as scripts (RP106), as findings already.
    pub unreadable: Vec<Diagnostic>,
    /// Its graph.
    pub history: History,
    /// What is wrong with the graph.
    pub problems: Vec<Problem>,
    /// Its replay.
    pub trace: Trace,
    /// The script of every revision that is applied to its simulated database, as it was applied.
    pub applied: BTreeMap<Name, AppliedScript>,
}

/// What a rule is given to look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// All files.
    pub sources: &'a Sources,
    /// The chain.
    pub chain: &'a Chain,
    /// The place in the trace of each script's revision.
    places: Vec<Option<usize>>,
    /// The places of the revisions that are judged.
    judged: Range<usize>,
}

/// A revision that was replayed: its script and what was seen of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Revision<'a> {
    pub(crate) script: &'a Script,
    pub(crate) trace: &'a RevisionTrace,
}

/// An operation of a run. A batch block that rebuilds its table is one step with several of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Done<'a> {
    pub(crate) step: &'a Step,
    pub(crate) operation: &'a Operation,
}

impl<'a> Context<'a> {
    /// A chain to look at.
    pub(super) fn new(sources: &'a Sources, chain: &'a Chain) -> Self {
        let mut places = vec![None; chain.scripts.len()];
        for (place, trace) in chain.trace.revisions.iter().enumerate() {
            if let Some(slot) = places.get_mut(trace.revision.0 as usize) {
                *slot = Some(place);
            }
        }
        Self { sources, chain, places, judged: 0..chain.trace.revisions.len() }
    }

    /// The same with only the revision at this place to be judged.
    pub(super) fn judge_only(&mut self, place: usize) {
        self.judged = place..place.saturating_add(1);
    }

    /// The revisions that are judged, in order of application: a rule that is not about the graph says what it finds in
    /// these, and may look at those before them.
    pub(crate) fn revisions(&self) -> impl Iterator<Item = Revision<'a>> + use<'a> {
        self.revisions_at(self.judged.clone())
    }

    /// The revisions that are applied before this one, in that order.
    pub(crate) fn before(&self, revision: Revision<'a>) -> impl Iterator<Item = Revision<'a>> + use<'a> {
        self.revisions_at(0..self.place(revision.trace.revision).unwrap_or_default())
    }

    fn revisions_at(&self, places: Range<usize>) -> impl Iterator<Item = Revision<'a>> + use<'a> {
        let chain = self.chain;
        let traces = chain.trace.revisions.get(places).unwrap_or_default();
        traces.iter().filter_map(move |trace| {
            let script = chain.scripts.get(trace.revision.0 as usize)?;
            Some(Revision { script, trace })
        })
    }

    /// The script of that number.
    pub(crate) fn script(&self, id: RevisionId) -> Option<&'a Script> {
        self.chain.scripts.get(id.0 as usize)
    }

    /// What was seen of the revision of that number.
    pub(crate) fn revision(&self, id: RevisionId) -> Option<Revision<'a>> {
        let trace = self.chain.trace.revisions.get(self.place(id)?)?;
        Some(Revision { script: self.script(id)?, trace })
    }

    /// The place of a revision in the order of application.
    pub(crate) fn place(&self, id: RevisionId) -> Option<usize> {
        self.places.get(id.0 as usize).copied().flatten()
    }

    /// The revisions that this one builds on.
    pub(crate) fn parents(&self, revision: Revision<'a>) -> impl Iterator<Item = Revision<'a>> {
        let node = self.chain.history.get(revision.trace.revision);
        node.into_iter().flat_map(|node| &node.down).filter_map(|id| self.revision(*id))
    }

    /// Where a header variable (`depends_on`) is assigned: the line that starts with its name.
    pub(crate) fn assignment(&self, script: &Script, variable: &str) -> Option<Span> {
        let text = &self.sources.get(script.file)?.text;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let rest = line.strip_prefix(variable);
            if rest.is_some_and(|rest| rest.starts_with([' ', ':', '='])) {
                let length = line.trim_end().len();
                return Some(Span::new(script.file, start as u32, (start + length) as u32));
            }
            start += line.len();
        }
        None
    }
}

impl<'a> Revision<'a> {
    /// `def downgrade()`, or the revision's identifier where there is none.
    pub(crate) fn downgrade_span(self) -> Span {
        self.script.downgrade_span.unwrap_or(self.script.revision_span)
    }

    /// `def upgrade()`, or the revision's identifier where there is none.
    pub(crate) fn upgrade_span(self) -> Span {
        self.script.upgrade_span.unwrap_or(self.script.revision_span)
    }

    /// The upgrade's operations.
    pub(crate) fn upgraded(self) -> impl Iterator<Item = Done<'a>> {
        operations(&self.trace.upgrade)
    }

    /// The downgrade's operations.
    pub(crate) fn downgraded(self) -> impl Iterator<Item = Done<'a>> {
        operations(&self.trace.downgrade)
    }

    /// `12ab34 (add users)`, as messages name a revision.
    pub(crate) fn title(self) -> String {
        title(self.script)
    }
}

/// `12ab34 (add users)`, as messages name a revision.
pub(crate) fn title(script: &Script) -> String {
    if script.message.is_empty() {
        format!("`{}`", script.revision)
    } else {
        format!("`{}` ({})", script.revision, script.message)
    }
}

/// The operations of a run, those of rebuilding batch blocks one by one.
pub(crate) fn operations(run: &Run) -> impl Iterator<Item = Done<'_>> {
    run.steps.iter().flat_map(|step| {
        let (whole, parts) = match &step.operation.kind {
            OpKind::Rebuild(batch) => (None, batch.changes.as_slice()),
            _ => (Some(&step.operation), Default::default()),
        };
        whole.into_iter().chain(parts).map(move |operation| Done { step, operation })
    })
}

impl Done<'_> {
    /// Whether it went through.
    pub(crate) fn is_ok(self) -> bool {
        self.step.result.is_ok()
    }

    /// What a finding about it should add when it may not happen at all.
    pub(crate) fn condition(self) -> Option<String> {
        match &self.operation.certainty {
            Certainty::Certain => None,
            Certainty::Conditional { why, .. } => Some(format!("this stands under a condition: {why}")),
        }
    }
}
