//! [`run`]: asks the rules, and settles what is shown.

use rustc_hash::FxHashMap;

use super::context::{Chain, Context};
use super::memory::Memory;
use super::rule::{Cover, Finding, Findings, Group, Rule};
use super::rules::{rules, unused_suppression};
use super::select::Selection;
use super::suppress::Suppressions;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources};

/// What the selected rules find in a chain, less what is suppressed and what another finding already says, in order
/// of application, then of place. Settings that name no rule must have been refused before ([`Selection::of`]); here
/// they leave every rule on, so that they can't hide anything.
pub fn run(chain: &Chain, sources: &Sources, config: &Config) -> Vec<Diagnostic> {
    run_on_databases(&[chain], sources, config).pop().unwrap_or_default()
}

/// [`run`] on the databases of one project, for each what is found there and not in one before it. A comment hides
/// something if it does so in one of them.
pub fn run_on_databases(chains: &[&Chain], sources: &Sources, config: &Config) -> Vec<Vec<Diagnostic>> {
    run_again(chains, sources, config, &mut [])
}

/// [`run_on_databases`] that takes over what was found in revisions that are what they were, chain by chain.
pub fn run_again(
    chains: &[&Chain],
    sources: &Sources,
    config: &Config,
    memories: &mut [Memory],
) -> Vec<Vec<Diagnostic>> {
    let selection = Selection::of(config).unwrap_or_default();
    let mut suppressions = FxHashMap::default();
    let mut all: Vec<Vec<Diagnostic>> = Vec::with_capacity(chains.len());
    let mut memories = memories.iter_mut();
    for chain in chains {
        let memory = memories.next().map(|memory| memory.begin(chain, config));
        let mut found = check(chain, sources, &selection, memory, &mut suppressions);
        found.retain(|diagnostic| !all.iter().flatten().any(|known| known == diagnostic));
        all.push(found);
    }
    if let (Some(first), Some(chain)) = (all.first_mut(), chains.first())
        && selection.is_on(unused_suppression::RULE.id)
    {
        first.extend(leftovers(chain, &selection, &suppressions));
    }
    for (diagnostics, chain) in all.iter_mut().zip(chains) {
        for diagnostic in diagnostics.iter_mut() {
            if let Some(severity) = selection.severity(diagnostic.rule) {
                diagnostic.severity = severity;
            }
        }
        sort(diagnostics, chain, sources);
        diagnostics.dedup();
    }
    all
}

/// What the rules find, less what is suppressed and what another finding already says.
fn check(
    chain: &Chain,
    sources: &Sources,
    selection: &Selection,
    memory: Option<&mut Memory>,
    suppressions: &mut FxHashMap<FileId, Suppressions>,
) -> Vec<Diagnostic> {
    let findings = findings(&mut Context::new(sources, chain), selection, memory);
    read_suppressions(chain, sources, &findings, suppressions);
    let mut shown = findings.list;
    shown.retain(|finding| !is_suppressed(&finding.diagnostic, sources, suppressions));
    without_covered(shown)
}

/// All that the rules find: those about the graph in the chain as a whole, the others in one revision after the other.
fn findings(context: &mut Context<'_>, selection: &Selection, mut memory: Option<&mut Memory>) -> Findings {
    let on = rules().iter().filter(|rule| selection.is_on(rule.id));
    let (about_graph, about_revisions): (Vec<&Rule>, Vec<&Rule>) = on.partition(|rule| rule.group == Group::Graph);
    let mut findings = Findings::default();
    for rule in about_graph {
        (rule.check)(context, &mut findings);
    }
    for place in 0..context.chain.trace.revisions.len() {
        if let Some(known) = memory.as_deref().and_then(|memory| memory.found(place)) {
            findings.list.extend_from_slice(known);
            continue;
        }
        context.judge_only(place);
        let first = findings.list.len();
        for rule in &about_revisions {
            (rule.check)(context, &mut findings);
        }
        if let Some(memory) = memory.as_deref_mut() {
            memory.keep(findings.list.get(first..).unwrap_or_default());
        }
    }
    findings
}

/// Reads the suppressions of every file of the chain, and of the helper modules that findings point into.
fn read_suppressions(
    chain: &Chain,
    sources: &Sources,
    findings: &Findings,
    suppressions: &mut FxHashMap<FileId, Suppressions>,
) {
    let pointed_at = findings.list.iter().filter_map(|finding| finding.diagnostic.span).map(|span| span.file);
    for id in chain.scripts.iter().map(|script| script.file).chain(pointed_at) {
        suppressions.entry(id).or_insert_with(|| sources.get(id).map(Suppressions::read).unwrap_or_default());
    }
}

fn is_suppressed(
    diagnostic: &Diagnostic,
    sources: &Sources,
    suppressions: &mut FxHashMap<FileId, Suppressions>,
) -> bool {
    let Some(span) = diagnostic.span else { return false };
    let (Some(file), Some(of_file)) = (sources.get(span.file), suppressions.get_mut(&span.file)) else { return false };
    let Some(rule) = rules().iter().find(|rule| rule.id == diagnostic.rule) else { return false };
    let last = span.end.saturating_sub(1).max(span.start);
    of_file.hides(rule, file.position(span.start).line, file.position(last).line)
}

fn without_covered(findings: Vec<Finding>) -> Vec<Diagnostic> {
    let mut covers: FxHashMap<Option<String>, Vec<Cover>> = FxHashMap::default();
    let mut diagnostics = Vec::with_capacity(findings.len());
    for Finding { diagnostic, covers: own } in findings {
        if !own.is_empty() {
            covers.entry(diagnostic.revision.clone()).or_default().extend(own);
        }
        diagnostics.push(diagnostic);
    }
    diagnostics.retain(|diagnostic| {
        let of_revision = covers.get(&diagnostic.revision).map_or(&[][..], Vec::as_slice);
        !of_revision
            .iter()
            .any(|cover| cover.rule == diagnostic.rule && cover.span.is_none_or(|span| Some(span) == diagnostic.span))
    });
    diagnostics
}

fn leftovers(chain: &Chain, selection: &Selection, suppressions: &FxHashMap<FileId, Suppressions>) -> Vec<Diagnostic> {
    let mut leftovers = Vec::new();
    for script in &chain.scripts {
        let Some(of_file) = suppressions.get(&script.file) else { continue };
        leftovers.extend(of_file.leftovers(selection).map(|finding| finding.in_revision(&*script.revision)));
    }
    leftovers
}

fn sort(diagnostics: &mut [Diagnostic], chain: &Chain, sources: &Sources) {
    let order: FxHashMap<&str, usize> = chain
        .trace
        .revisions
        .iter()
        .enumerate()
        .filter_map(|(at, trace)| Some((&*chain.scripts.get(trace.revision.0 as usize)?.revision, at + 1)))
        .collect();
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| {
            let revision = d.revision.as_deref().and_then(|name| order.get(name)).copied().unwrap_or_default();
            (revision, d.span.map(|span| (sources.rank(span.file), span.start)), d.rule.code)
        };
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::findings;

    fn check(comment: &str) -> Vec<String> {
        findings(&format!(
            "# file: a.py\ndef upgrade():\n    op.create_table('users', sa.Column('phone', sa.String(20)))\n\ndef \
             downgrade():\n    op.drop_table('users')\n# file: b.py\ndef upgrade():\n    op.add_column('users', \
             sa.Column('phone_number', sa.String(20)))\n    op.drop_column('users', 'phone')  {comment}\n\ndef \
             downgrade():\n    op.add_column('users', sa.Column('phone', sa.String(20)))\n    op.drop_column('users', \
             'phone_number')\n"
        ))
    }

    #[test]
    fn one_cause_gives_one_finding() {
        assert_eq!(check(""), ["column-rename: op.drop_column('users', 'phone')"]);
    }

    #[test]
    fn a_suppressed_finding_covers_nothing() {
        assert_eq!(
            check("# revproof: ignore[column-rename] another phone"),
            ["drop-column: op.drop_column('users', 'phone')"]
        );
        assert_eq!(check("# revproof: ignore[drop-column]"), ["column-rename: op.drop_column('users', 'phone')"]);
        assert_eq!(check("# revproof: ignore[RP4, RP302]"), ["lossy-downgrade: op.drop_column('users', 'phone')"]);
        assert_eq!(check("# revproof: ignore[RP4, RP3] nobody reads it"), [""; 0]);
    }
}
