//! A replayed chain and its findings → [`ChainReport`].

use super::chain::{ChainReport, DoubtReport, ErrorReport, MergeReport, RestoresReport, RevisionReport, RunReport};
use super::differences::sentences;
use super::finding::{DiagnosticReport, Place};
use super::summary::Summary;
use crate::diagnostic::Diagnostic;
use crate::history::{RevisionId, RevisionNode};
use crate::lint::Chain;
use crate::replay::{MergeCheck, RevisionTrace, Run};
use crate::schema::Name;
use crate::source::Sources;

/// The report of one chain. `dialect_source` says why its dialect was chosen (`from sqlalchemy.url in alembic.ini`);
/// the findings keep their order.
pub fn build(chain: &Chain, dialect_source: String, diagnostics: &[Diagnostic], sources: &Sources) -> ChainReport {
    let view = View { chain, sources };
    let nodes = &chain.history.nodes;
    let named = |keep: fn(&RevisionNode) -> bool| -> Vec<String> {
        nodes.iter().filter(|n| keep(n)).map(|n| n.name.to_string()).collect()
    };
    let heads = named(|n| n.children.is_empty());
    let revisions: Vec<RevisionReport> = chain.trace.revisions.iter().map(|r| view.revision(r)).collect();
    let root = &chain.project.root;
    let diagnostics: Vec<_> = diagnostics.iter().map(|d| DiagnosticReport::of(d, root, sources)).collect();
    ChainReport {
        root: root.clone(),
        database: chain.database.as_ref().map(|database| database.shown().to_owned()),
        dialect: chain.dialect,
        dialect_source,
        baseline_not_understood: chain.trace.baseline_missing.clone(),
        bases: named(|n| n.down.is_empty()),
        naming: chain.project.naming.clone(),
        merges: chain.trace.merges.iter().map(|m| view.merge(m)).collect(),
        summary: Summary::of(heads.len(), &revisions, &diagnostics),
        heads,
        revisions,
        diagnostics,
    }
}

/// What every part of the report is looked up in.
struct View<'a> {
    chain: &'a Chain,
    sources: &'a Sources,
}

impl View<'_> {
    fn revision(&self, trace: &RevisionTrace) -> RevisionReport {
        let script = self.chain.scripts.get(trace.revision.0 as usize);
        let strings = |names: Option<&Vec<Name>>| names.into_iter().flatten().map(ToString::to_string).collect();
        RevisionReport {
            revision: self.name(trace.revision),
            down_revision: strings(script.map(|s| &s.down_revision)),
            depends_on: strings(script.map(|s| &s.depends_on)),
            branch_labels: strings(script.map(|s| &s.branch_labels)),
            message: script.map(|s| s.message.to_string()).unwrap_or_default(),
            file: script.map(|s| s.path.to_string()).unwrap_or_default(),
            upgrade: self.run(&trace.upgrade),
            downgrade: self.run(&trace.downgrade),
            again: self.run(&trace.again),
            restores: RestoresReport {
                schema: trace.restores.schema,
                rows: trace.restores.rows,
                differences: sentences(&trace.restores),
            },
            verdict: trace.verdict,
            because: trace.because.clone(),
            rests_on_failed: trace.rests_on_failed.map(|id| self.name(id)),
        }
    }

    fn run(&self, run: &Run) -> RunReport {
        let line = run.failure_span.and_then(|s| self.sources.position(s)).map(|p| p.line);
        let doubts = run.doubts.iter().map(|doubt| DoubtReport {
            why: doubt.why.to_string(),
            place: Place::of(doubt.span, &self.chain.project.root, self.sources),
        });
        RunReport {
            status: run.status,
            error: run.failure.as_ref().map(|f| ErrorReport { kind: f.kind, message: f.message.clone(), line }),
            operations: run.operations,
            doubts: doubts.collect(),
        }
    }

    fn merge(&self, merge: &MergeCheck) -> MergeReport {
        let revision = self.name(merge.revision);
        MergeReport { revision, commutes: merge.commutes, differences: merge.differences.clone() }
    }

    fn name(&self, id: RevisionId) -> String {
        self.chain.scripts.get(id.0 as usize).map_or_else(|| "?".to_owned(), |s| s.revision.to_string())
    }
}
