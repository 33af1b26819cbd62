//! `upgrade` and `downgrade`: from a target and the current rows to what is run.

use super::error::ResolveError;
use super::graph::{Edges, History, RevisionId};
use super::resolve::Place;
use super::set::RevisionSet;

/// `[branch@][symbol](+|-)N`.
pub(super) struct Relative<'a> {
    pub(super) branch: Option<&'a str>,
    pub(super) symbol: Option<&'a str>,
    /// As typed.
    pub(super) text: &'a str,
    pub(super) up: bool,
    pub(super) count: u64,
}

impl History {
    /// The revisions that `alembic upgrade TARGET` applies, in order, where `rows` are current.
    pub fn upgrade_order(&self, target: &str, rows: &[RevisionId]) -> Result<Vec<RevisionId>, ResolveError> {
        self.upgrade_revisions(target, rows).map_err(|error| for_destination(error, target))
    }

    /// The revisions that `alembic downgrade TARGET` reverts, in order, where `rows` are current.
    pub fn downgrade_order(&self, target: &str, rows: &[RevisionId]) -> Result<Vec<RevisionId>, ResolveError> {
        self.downgrade_revisions(target, rows).map_err(|error| for_destination(error, target))
    }

    fn upgrade_revisions(&self, target: &str, rows: &[RevisionId]) -> Result<Vec<RevisionId>, ResolveError> {
        let targets = self.upgrade_targets(target, rows)?;
        self.check_overlap(&targets)?;
        self.check_overlap(rows)?;
        let mut needs = self.ancestors(&targets);
        needs.subtract(&self.ancestors(rows));
        let mut order = self.newest_first(needs, &targets);
        order.reverse();
        Ok(order)
    }

    fn upgrade_targets(&self, target: &str, rows: &[RevisionId]) -> Result<Vec<RevisionId>, ResolveError> {
        let Some(relative) = Relative::parse(target) else { return self.resolve(target) };
        let too_far = || ResolveError::RelativeTooFar { relative: relative.text.to_owned(), count: relative.count };
        if relative.up && relative.count > 0 {
            let Some(symbol) = relative.symbol else {
                let start = self.relative_start(rows, relative.branch)?;
                let end = self.walk_up(start, relative.count, relative.branch)?;
                return place_id(end).map(|id| vec![id]).ok_or_else(too_far);
            };
            let start = self.resolve_one(symbol)?.map_or(Place::Outside, Place::At);
            let end = self.walk_up(start, relative.count, relative.branch)?;
            return place_id(end).map(|id| vec![id]).ok_or_else(|| assertion(target));
        }
        let Some(symbol) = relative.symbol else {
            let relative = if relative.count == 0 { "0".to_owned() } else { format!("-{}", relative.count) };
            let count = relative.trim_start_matches('-').parse().unwrap_or(u64::MAX);
            return Err(ResolveError::RelativeTooFar { relative, count });
        };
        let start = self.branch_start(relative.branch, symbol)?;
        place_id(self.walk_down(start, relative.count)?).map(|id| vec![id]).ok_or_else(|| assertion(target))
    }

    /// Where `+N` counts from.
    pub(super) fn relative_start(&self, rows: &[RevisionId], branch: Option<&str>) -> Result<Place, ResolveError> {
        let mut starts = rows.to_vec();
        if let Some(branch) = branch {
            starts = self.filter_for_lineage(rows, branch, Edges::Down)?;
            if starts.is_empty() {
                // The branch has no row of its own: its last revision that is applied by way of another.
                let applied: Vec<RevisionId> = self.ancestors(rows).iter().collect();
                let on_branch = self.filter_for_lineage(&applied, branch, Edges::Down)?;
                let below: RevisionSet =
                    on_branch.iter().filter_map(|id| self.get(*id)).flat_map(|node| node.needs.clone()).collect();
                starts = on_branch.into_iter().filter(|id| !below.contains(*id)).collect();
            }
        }
        match starts.as_slice() {
            [] => Ok(Place::Outside),
            [start] => Ok(Place::At(*start)),
            _ => Err(ResolveError::AmbiguousUpgrade),
        }
    }

    fn downgrade_revisions(&self, target: &str, rows: &[RevisionId]) -> Result<Vec<RevisionId>, ResolveError> {
        let (branch, target_id) = self.downgrade_target(target, rows)?;
        let mut roots = match target_id {
            None => self.bases(),
            Some(id) => self.get(id).map(|node| node.children.clone()).unwrap_or_default(),
        };
        // Alembic finds a base once more under each of its labels, so that one labelled base counts as several roots.
        let is_labelled_base = |id: &RevisionId| target_id.is_none() && roots.contains(id);
        let again = self.labels.iter().filter(|(_, id)| is_labelled_base(id)).count();
        if let Some(branch) = branch.filter(|_| roots.len() + again > 1) {
            let line = self.reach_down(&[branch.revision(self)?], Edges::Down);
            roots.retain(|root| line.contains(*root));
            if roots.is_empty() {
                return Err(ResolveError::NotOnBranch);
            }
        }
        let mut reverted = self.descendants(&roots);
        reverted.intersect(&self.ancestors(rows));
        if reverted.is_empty() && target_id.is_some_and(|id| !rows.contains(&id)) {
            return Err(ResolveError::NotApplied { destination: target.to_owned() });
        }
        Ok(self.newest_first(reverted, rows))
    }

    /// The branch that a downgrade is limited to, and the revision that it goes to (`None` is the base).
    fn downgrade_target<'a>(
        &self,
        target: &'a str,
        rows: &[RevisionId],
    ) -> Result<(Option<Branch<'a>>, Option<RevisionId>), ResolveError> {
        let Some(relative) = Relative::parse(target) else {
            let (branch, symbol) = target.rsplit_once('@').unwrap_or(("", target));
            let branch = Some(branch).filter(|branch| !branch.is_empty()).map(Branch::Named);
            return Ok((branch, self.resolve_one(symbol)?));
        };
        let too_far = || ResolveError::RelativeTooFar { relative: relative.text.to_owned(), count: relative.count };
        let named = relative.branch.map(Branch::Named);
        if relative.up || relative.count == 0 {
            let Some(symbol) = relative.symbol else { return Err(too_far()) };
            let start = self.resolve_one(symbol)?.map_or(Place::Outside, Place::At);
            return match self.walk_up(start, relative.count, relative.branch)? {
                Some(Place::At(id)) => Ok((named, Some(id))),
                _ => Err(ResolveError::WalkedTooFar),
            };
        }
        if let Some(symbol) = relative.symbol {
            let start = self.branch_start(relative.branch, symbol)?;
            let end = self.walk_down(start, relative.count)?.ok_or(ResolveError::WalkedTooFar)?;
            return Ok((named, place_id(Some(end))));
        }
        let (branch, start) = if let Some(branch) = relative.branch {
            (Branch::Named(branch), self.current_on_branch(rows, branch, target)?)
        } else {
            let row = rows.first().copied().ok_or_else(too_far)?;
            (Branch::Revision(row), row)
        };
        let end = self.walk_down(Place::At(start), relative.count)?.ok_or_else(too_far)?;
        Ok((Some(branch), place_id(Some(end))))
    }

    /// The one revision of a branch that is current, be it by way of another branch that depends on it.
    fn current_on_branch(&self, rows: &[RevisionId], branch: &str, target: &str) -> Result<RevisionId, ResolveError> {
        let mut found = self.filter_for_lineage(rows, branch, Edges::Down)?;
        if found.is_empty() {
            let applied = self.ancestors(rows);
            let is_tip = |id: &RevisionId| {
                let children = self.get(*id).map(|node| node.children.clone()).unwrap_or_default();
                !self.reach_up(&children, Edges::Down).meets(&applied)
            };
            let tips: Vec<RevisionId> = applied.iter().filter(is_tip).collect();
            found = self.filter_for_lineage(&tips, branch, Edges::Down)?;
        }
        match found.as_slice() {
            [id] => Ok(*id),
            _ => Err(assertion(target)),
        }
    }

    pub(super) fn branch_start(&self, branch: Option<&str>, symbol: &str) -> Result<Place, ResolveError> {
        let found = match branch {
            Some(branch) => self.resolve_one(&format!("{branch}@{symbol}"))?,
            None => self.resolve_one(symbol)?,
        };
        Ok(found.map_or(Place::Outside, Place::At))
    }

    pub(super) fn check_overlap(&self, ids: &[RevisionId]) -> Result<(), ResolveError> {
        if ids.len() < 2 {
            return Ok(());
        }
        for id in ids {
            let below = self.ancestors(&[*id]);
            let others: Vec<RevisionId> =
                ids.iter().copied().filter(|other| other != id && below.contains(*other)).collect();
            if !others.is_empty() {
                return Err(ResolveError::Overlap { revision: self.name(*id), others: self.names(&others) });
            }
        }
        Ok(())
    }
}

/// What limits a downgrade to a branch.
enum Branch<'a> {
    Named(&'a str),
    Revision(RevisionId),
}

impl Branch<'_> {
    fn revision(&self, history: &History) -> Result<RevisionId, ResolveError> {
        match self {
            Self::Named(name) => history.branch_revision(name),
            Self::Revision(id) => Ok(*id),
        }
    }
}

impl<'a> Relative<'a> {
    /// As Alembic's regular expression reads it: from the start, whatever follows the digits.
    pub(super) fn parse(target: &'a str) -> Option<Self> {
        let at_signs = target.match_indices('@').map(|(at, _)| at).filter(|at| *at > 0);
        let with_branch = at_signs.filter_map(|at| Some((Some(target.get(..at)?), target.get(at + 1..)?)));
        with_branch.chain([(None, target)]).find_map(|(branch, rest)| {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let sign = rest.find(|c| !is_word(c))?;
            let (symbol, tail) = rest.split_at_checked(sign)?;
            let digits = tail.strip_prefix(['+', '-'])?;
            let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            let digits = digits.get(..length).filter(|digits| !digits.is_empty())?;
            Some(Self {
                branch,
                symbol: Some(symbol).filter(|symbol| !symbol.is_empty()),
                text: tail.get(..=length)?,
                up: tail.starts_with('+'),
                count: digits.parse().unwrap_or(u64::MAX),
            })
        })
    }
}

fn place_id(place: Option<Place>) -> Option<RevisionId> {
    place.and_then(Place::revision)
}

pub(super) fn assertion(target: &str) -> ResolveError {
    ResolveError::Assertion { argument: target.to_owned() }
}

/// Alembic names the destination as typed where it says that there are several heads.
pub(super) fn for_destination(error: ResolveError, destination: &str) -> ResolveError {
    match error {
        ResolveError::MultipleHeads { heads, .. } => {
            ResolveError::MultipleHeads { argument: destination.to_owned(), heads }
        }
        other => other,
    }
}
