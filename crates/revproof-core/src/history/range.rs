//! The ranges of `history -r START:END`.

use super::error::ResolveError;
use super::graph::{Edges, History, RevisionId};
use super::resolve::Place;
use super::set::RevisionSet;
use super::target::{Relative, assertion, for_destination};

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeEnd<'a> {
    /// Anything that names revisions; `base` and `heads` are where a range begins and ends by itself.
    Symbol(&'a str),
    /// `current`: the version rows.
    Rows(&'a [RevisionId]),
}

impl History {
    /// The revisions from `start` to `end`, both included, newest first: what `history` lists.
    pub fn range(&self, start: RangeEnd<'_>, end: RangeEnd<'_>) -> Result<Vec<RevisionId>, ResolveError> {
        self.in_range(start, end).map_err(|error| for_destination(error, &self.written(end)))
    }

    /// The revisions that `show` shows, where a walk down that leads out of the graph is an error.
    pub fn shown(&self, symbol: &str) -> Result<Vec<RevisionId>, ResolveError> {
        let places = self.places(symbol)?;
        places.into_iter().map(|place| place.and_then(Place::revision).ok_or_else(|| assertion(symbol))).collect()
    }

    fn in_range(&self, start: RangeEnd<'_>, end: RangeEnd<'_>) -> Result<Vec<RevisionId>, ResolveError> {
        let mut targets = self.end_targets(start, end)?;
        if let RangeEnd::Symbol(symbol) = start
            && let Some((branch, _)) = symbol.split_once('@')
        {
            let branch = self.label_of(branch)?;
            targets.retain(|id| self.get(*id).is_some_and(|node| node.branches.iter().any(|b| **b == *branch)));
        }
        self.check_overlap(&targets)?;
        let required = self.ancestors(&targets);
        let from = self.start_revisions(start, end, &required)?;
        self.check_overlap(&from)?;
        let mut found = required;
        found.subtract(&self.ancestors(&from));
        found.union(&from.iter().copied().collect());
        if !from.is_empty() {
            let above = self.reach_up(&from, Edges::Down);
            found.intersect(&above);
        }
        let count = found.len();
        let order = self.newest_first(found, &targets);
        // The ends are on one line by way of a `depends_on` only, along which no range runs: Alembic dies here.
        if order.len() < count {
            return Err(self.not_a_range(start, end));
        }
        Ok(order)
    }

    fn end_targets(&self, start: RangeEnd<'_>, end: RangeEnd<'_>) -> Result<Vec<RevisionId>, ResolveError> {
        let end = match end {
            RangeEnd::Rows(rows) => return Ok(rows.to_vec()),
            RangeEnd::Symbol(symbol) => symbol,
        };
        let Some(relative) = Relative::parse(end) else { return self.shown(end) };
        // A walk that leads out of the graph ends at its last revision.
        let place = match (relative.symbol, relative.up && relative.count > 0) {
            (Some(symbol), true) => {
                let from = self.resolve_one(symbol)?.map_or(Place::Outside, Place::At);
                self.walk_up_within(from, relative.count, relative.branch)?
            }
            (Some(symbol), false) => {
                self.walk_down_within(self.branch_start(relative.branch, symbol)?, relative.count)?
            }
            (None, true) => {
                let rows = match start {
                    RangeEnd::Rows(rows) => rows.to_vec(),
                    // Only what is named as one revision can be counted from.
                    RangeEnd::Symbol(symbol) => self.resolve_one(symbol)?.into_iter().collect(),
                };
                self.walk_up_within(self.relative_start(&rows, relative.branch)?, relative.count, relative.branch)?
            }
            (None, false) => Place::Outside,
        };
        let sign = if relative.up || relative.count == 0 { "" } else { "-" };
        match (place, relative.symbol) {
            (Place::At(id), _) => Ok(vec![id]),
            (_, Some(_)) => Err(assertion(end)),
            (_, None) if relative.up && relative.count > 0 => {
                Err(ResolveError::RelativeTooFar { relative: relative.text.to_owned(), count: relative.count })
            }
            (_, None) => Err(ResolveError::RelativeTooFar {
                relative: format!("{sign}{}", relative.count),
                count: relative.count,
            }),
        }
    }

    /// The revisions that a range begins with; none where it begins at the base.
    fn start_revisions(
        &self,
        start: RangeEnd<'_>,
        end: RangeEnd<'_>,
        required: &RevisionSet,
    ) -> Result<Vec<RevisionId>, ResolveError> {
        let not_a_range = || self.not_a_range(start, end);
        let symbol = match start {
            RangeEnd::Rows(rows) if rows.iter().all(|row| required.contains(*row)) => return Ok(rows.to_vec()),
            RangeEnd::Rows(_) => return Err(not_a_range()),
            RangeEnd::Symbol(symbol) => symbol,
        };
        let places = self.places(symbol)?;
        let outside = |place: &Option<Place>| match place {
            Some(Place::At(id)) => !required.contains(*id),
            Some(_) => true,
            None => false,
        };
        if places.iter().any(outside) {
            return Err(not_a_range());
        }
        if matches!(places.first(), Some(None)) {
            return Ok(self.counted_from_end(symbol, end)?.into_iter().collect());
        }
        places.into_iter().map(|place| place.and_then(Place::revision).ok_or_else(|| assertion(symbol))).collect()
    }

    /// Where `-N` leads beyond the base from the heads, Alembic counts it from the end of the range once more, and
    /// stays at the base.
    fn counted_from_end(&self, symbol: &str, end: RangeEnd<'_>) -> Result<Option<RevisionId>, ResolveError> {
        let Some(relative) = Relative::parse(symbol) else { return Err(assertion(symbol)) };
        let from = match (end, relative.branch) {
            (RangeEnd::Symbol(end), None) => self.resolve_one(&format!("{end}@{end}"))?,
            (RangeEnd::Symbol(end), Some(branch)) => {
                let id = self.identify(end, None)?;
                let on_branch = self.filter_for_lineage(&[id], branch, Edges::Down)?;
                Some(*on_branch.first().ok_or_else(|| assertion(symbol))?)
            }
            (RangeEnd::Rows(rows), _) => rows.first().copied(),
        };
        let Some(from) = from else { return Ok(None) };
        Ok(self.walk_down_within(Place::At(from), relative.count)?.revision())
    }

    /// The label of the branch that `LABEL@…` or `REVISION@…` names.
    fn label_of(&self, branch: &str) -> Result<String, ResolveError> {
        let Some(node) = self.resolve_one(branch)?.and_then(|id| self.get(id)) else { return Ok(branch.to_owned()) };
        match node.branches.as_slice() {
            _ if *node.name != *branch => Ok(branch.to_owned()),
            [label] => Ok(label.to_string()),
            _ => Err(assertion(branch)),
        }
    }

    fn not_a_range(&self, start: RangeEnd<'_>, end: RangeEnd<'_>) -> ResolveError {
        ResolveError::NotARange { start: self.written(start), end: self.written(end) }
    }

    /// An end of a range as Alembic writes it: rows as Python writes a tuple.
    fn written(&self, end: RangeEnd<'_>) -> String {
        match end {
            RangeEnd::Symbol(symbol) => symbol.to_owned(),
            RangeEnd::Rows(rows) => {
                let names: Vec<String> = rows.iter().map(|id| format!("'{}'", self.name(*id))).collect();
                let comma = if names.len() == 1 { "," } else { "" };
                format!("({}{comma})", names.join(", "))
            }
        }
    }

    /// Walks up, at most to where the graph ends.
    fn walk_up_within(&self, from: Place, steps: u64, branch: Option<&str>) -> Result<Place, ResolveError> {
        let mut place = from;
        for _ in 0..steps {
            match self.walk_up(place, 1, branch)? {
                Some(next) => place = next,
                None => break,
            }
        }
        Ok(place)
    }

    /// Walks down, at most to the base.
    fn walk_down_within(&self, from: Place, steps: u64) -> Result<Place, ResolveError> {
        let mut place = from;
        for _ in 0..steps {
            match self.walk_down(place, 1)? {
                Some(next) => place = next,
                None => break,
            }
        }
        Ok(place)
    }
}
