//! Symbols to revisions: identifiers, partial ones, labels, `head`, `heads`, `base`, `branch@symbol`, `-N`.

use super::error::ResolveError;
use super::graph::{Edges, History, RevisionId};
use super::set::RevisionSet;
use crate::schema::Name;

/// What a symbol stands for, before partial identifiers are looked up.
pub(super) struct Symbol<'a> {
    /// The part before the first `@`.
    pub(super) branch: Option<&'a str>,
    pub(super) kind: SymbolKind<'a>,
}

pub(super) enum SymbolKind<'a> {
    /// `base`, or `head` of nothing.
    Nothing,
    /// `head`, `heads`.
    Revisions(Vec<RevisionId>),
    /// An identifier, a label, or a part of one.
    Text(&'a str),
}

/// Where a walk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Not begun: below the bases for a walk up, above the heads for a walk down.
    Outside,
    /// Below the bases.
    Base,
    /// At a revision.
    At(RevisionId),
}

impl Place {
    /// The revision that a walk stands at.
    pub(super) fn revision(self) -> Option<RevisionId> {
        match self {
            Self::At(id) => Some(id),
            Self::Outside | Self::Base => None,
        }
    }
}

impl History {
    /// The revisions that a symbol names: an identifier or the unique beginning of one, a branch label, `head`,
    /// `heads`, `base` (none), `branch@symbol`, `-N` and `branch@-N` (counted down from the heads).
    pub fn resolve(&self, symbol: &str) -> Result<Vec<RevisionId>, ResolveError> {
        Ok(self.places(symbol)?.into_iter().filter_map(|place| place?.revision()).collect())
    }

    /// What a symbol names, with the walks down from the heads that end at the base, or (`None`) lead beyond it.
    pub(super) fn places(&self, symbol: &str) -> Result<Vec<Option<Place>>, ResolveError> {
        let Symbol { branch, kind } = self.symbol(symbol)?;
        let text = match kind {
            SymbolKind::Nothing => return Ok(Vec::new()),
            SymbolKind::Revisions(ids) => {
                for id in &ids {
                    self.check_branch(*id, branch)?;
                }
                return Ok(ids.into_iter().map(|id| Some(Place::At(id))).collect());
            }
            SymbolKind::Text(text) => text,
        };
        let Some(steps) = text.strip_prefix('-').and_then(|digits| digits.parse::<u64>().ok()).filter(|n| *n > 0)
        else {
            return Ok(vec![Some(Place::At(self.identify(text, branch)?))]);
        };
        let on_branch = |head: &RevisionId| {
            branch.is_none_or(|label| self.get(*head).is_some_and(|n| n.branches.iter().any(|b| &**b == label)))
        };
        self.real_heads().into_iter().filter(on_branch).map(|head| self.walk_down(Place::At(head), steps)).collect()
    }

    /// The one revision that a symbol names; `None` is the base. A symbol of several revisions is refused.
    pub fn resolve_one(&self, symbol: &str) -> Result<Option<RevisionId>, ResolveError> {
        let Symbol { branch, kind } = self.symbol(symbol)?;
        match kind {
            SymbolKind::Text(text) => self.identify(text, branch).map(Some),
            SymbolKind::Nothing => {
                if let Some(branch) = branch {
                    self.branch_revision(branch)?;
                }
                Ok(None)
            }
            SymbolKind::Revisions(ids) => match ids.as_slice() {
                [] => Ok(None),
                [id] => {
                    self.check_branch(*id, branch)?;
                    Ok(Some(*id))
                }
                _ => Err(ResolveError::MultipleHeads { argument: symbol.to_owned(), heads: self.names(&ids) }),
            },
        }
    }

    /// Those of the revisions that are ancestors or descendants of what a branch label, or any other symbol, names.
    pub fn on_branch(&self, ids: &[RevisionId], branch: &str) -> Result<Vec<RevisionId>, ResolveError> {
        self.filter_for_lineage(ids, branch, Edges::Down)
    }

    pub(super) fn filter_for_lineage(
        &self,
        ids: &[RevisionId],
        against: &str,
        edges: Edges,
    ) -> Result<Vec<RevisionId>, ResolveError> {
        let Symbol { branch, kind } = self.symbol(against)?;
        if ids.is_empty() {
            // Alembic looks nothing up for nothing, so an unknown branch goes unnoticed here.
            return Ok(Vec::new());
        }
        let mut tests = Vec::new();
        if let Some(branch) = branch {
            tests.push(self.identify(branch, None)?);
        }
        match kind {
            SymbolKind::Nothing => {}
            SymbolKind::Revisions(found) => tests.extend(found),
            SymbolKind::Text(text) => tests.push(self.identify(text, None)?),
        }
        if tests.is_empty() {
            return Ok(ids.to_vec());
        }
        let lineage = self.lineage(&tests, edges);
        Ok(ids.iter().copied().filter(|id| lineage.contains(*id)).collect())
    }

    pub(super) fn symbol<'a>(&self, symbol: &'a str) -> Result<Symbol<'a>, ResolveError> {
        let (branch, text) = match symbol.split_once('@') {
            Some((branch, text)) => (Some(branch), text),
            None => (None, symbol),
        };
        let named = branch.filter(|branch| !branch.is_empty());
        let kind = match text {
            "heads" => SymbolKind::Revisions(match named {
                Some(branch) => self.filter_for_lineage(&self.heads(), branch, Edges::Down)?,
                None => self.real_heads(),
            }),
            "head" => {
                let heads = self.heads();
                let heads = match named {
                    Some(branch) => self.filter_for_lineage(&heads, branch, Edges::Down)?,
                    None => heads,
                };
                if heads.len() > 1 {
                    let argument = named.map_or_else(|| "head".to_owned(), |branch| format!("{branch}@head"));
                    return Err(ResolveError::MultipleHeads { argument, heads: self.names(&heads) });
                }
                if heads.is_empty() { SymbolKind::Nothing } else { SymbolKind::Revisions(heads) }
            }
            "base" => SymbolKind::Nothing,
            text => SymbolKind::Text(text),
        };
        Ok(Symbol { branch: named, kind })
    }

    /// The revision of an identifier, a label, or the unique beginning of one, which must be on the branch, if one is
    /// given.
    pub(super) fn identify(&self, text: &str, branch: Option<&str>) -> Result<RevisionId, ResolveError> {
        let lineage = match branch {
            Some(branch) => Some(self.lineage(&[self.branch_revision(branch)?], Edges::Down)),
            None => None,
        };
        let on_branch = |id: RevisionId| lineage.as_ref().is_none_or(|lineage| lineage.contains(id));
        let not_found = |candidates| ResolveError::NotFound { argument: text.to_owned(), candidates };
        if let Some(id) = self.keys.get(text) {
            return if on_branch(*id) { Ok(*id) } else { Err(not_found(Vec::new())) };
        }
        if text.is_empty() {
            return Err(not_found(Vec::new()));
        }
        let names = self.nodes.iter().map(|node| (&node.name, node.id));
        let keys = names.chain(self.labels.iter().map(|(label, id)| (label, *id)));
        let matches = keys.filter(|(key, id)| key.starts_with(text) && is_long_enough(key) && on_branch(*id));
        let matches: Vec<(&Name, RevisionId)> = matches.collect();
        match matches.as_slice() {
            [(_, id)] => Ok(*id),
            _ => Err(not_found(matches.iter().map(|(key, _)| (*key).clone()).collect())),
        }
    }

    /// The revision that a branch is known by: a label's, or any revision's.
    pub(super) fn branch_revision(&self, branch: &str) -> Result<RevisionId, ResolveError> {
        self.identify(branch, None)
    }

    fn check_branch(&self, id: RevisionId, branch: Option<&str>) -> Result<(), ResolveError> {
        let Some(branch) = branch else { return Ok(()) };
        if self.lineage(&[self.branch_revision(branch)?], Edges::Down).contains(id) {
            return Ok(());
        }
        Err(ResolveError::NotFound { argument: self.name(id).to_string(), candidates: Vec::new() })
    }

    fn lineage(&self, of: &[RevisionId], edges: Edges) -> RevisionSet {
        let mut lineage = self.reach_up(of, edges);
        lineage.union(&self.reach_down(of, edges));
        lineage
    }

    /// Walks up; `None` where the graph ends before.
    pub(super) fn walk_up(&self, from: Place, steps: u64, branch: Option<&str>) -> Result<Option<Place>, ResolveError> {
        let mut place = from;
        for _ in 0..steps {
            let children = match place {
                Place::Outside | Place::Base => self.bases(),
                Place::At(id) => self.get(id).map(|node| node.children.clone()).unwrap_or_default(),
            };
            let children = match branch {
                Some(branch) => self.filter_for_lineage(&children, branch, Edges::Down)?,
                None => children,
            };
            match children.as_slice() {
                [] => return Ok(None),
                [child] => place = Place::At(*child),
                _ => return Err(ResolveError::AmbiguousWalk),
            }
        }
        Ok(Some(place))
    }

    /// Walks down; `None` where the graph ends before.
    pub(super) fn walk_down(&self, from: Place, steps: u64) -> Result<Option<Place>, ResolveError> {
        let mut place = from;
        for _ in 0..steps {
            let parents = match place {
                Place::Base => return Ok(None),
                Place::Outside => self.heads(),
                Place::At(id) => self.get(id).map(|node| node.down.clone()).unwrap_or_default(),
            };
            place = match parents.as_slice() {
                [] => Place::Base,
                [parent] => Place::At(*parent),
                _ => return Err(ResolveError::AmbiguousWalk),
            };
        }
        Ok(Some(place))
    }
}

fn is_long_enough(key: &str) -> bool {
    key.chars().nth(3).is_some()
}
