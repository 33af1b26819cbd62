//! In which order revisions are applied and reverted.

use super::graph::{History, RevisionId};
use super::set::RevisionSet;

impl History {
    /// The revisions in the order in which `upgrade heads` applies them to an empty database.
    pub fn application_order(&self) -> Vec<RevisionId> {
        let heads = self.real_heads();
        let mut order = self.newest_first(self.ancestors(&heads), &heads);
        order.reverse();
        order
    }

    /// Alembic's topological sort of `todo`, newest first: from the heads, in order of loading, each line is followed
    /// down to where another head still needs the revision, which is then followed first.
    pub(super) fn newest_first(&self, mut todo: RevisionSet, heads: &[RevisionId]) -> Vec<RevisionId> {
        // A revision is needed by another head as long as one of those that need it is left.
        let mut dependents = vec![0_u32; self.nodes.len()];
        for node in todo.iter().filter_map(|id| self.get(id)) {
            for need in &node.needs {
                if let Some(count) = self.rank(*need).and_then(|rank| dependents.get_mut(rank)) {
                    *count += 1;
                }
            }
        }
        let mut current: Vec<RevisionId> = heads.iter().copied().filter(|id| todo.contains(*id)).collect();
        current.sort_by_key(|id| self.rank(*id));
        current.dedup();
        let mut is_current: RevisionSet = current.iter().copied().collect();
        let mut output = Vec::with_capacity(todo.len());
        let mut index = 0;
        while let Some(candidate) = current.get(index).copied() {
            let left = self.rank(candidate).and_then(|rank| dependents.get(rank)).copied().unwrap_or(0);
            if left > 0
                && let Some(other) = self.first_head_above(candidate, &todo, &current, &is_current)
            {
                index = other;
                continue;
            }
            is_current.remove(candidate);
            if todo.contains(candidate) {
                todo.remove(candidate);
                output.push(candidate);
            }
            let needs = self.get(candidate).map_or(&[] as &[RevisionId], |node| &node.needs);
            let mut added = 0;
            for need in needs {
                if let Some(count) = self.rank(*need).and_then(|rank| dependents.get_mut(rank)) {
                    *count = count.saturating_sub(1);
                }
                if !todo.contains(*need) || !is_current.insert(*need) {
                    continue;
                }
                match current.get_mut(index) {
                    Some(place) if added == 0 => *place = *need,
                    _ => current.push(*need),
                }
                added += 1;
            }
            if added == 0 {
                current.remove(index);
                index = index.saturating_sub(1);
            }
        }
        output
    }

    /// The first of the current heads, other than the revision itself, from which a walk down comes to the revision.
    fn first_head_above(
        &self,
        revision: RevisionId,
        todo: &RevisionSet,
        current: &[RevisionId],
        is_current: &RevisionSet,
    ) -> Option<usize> {
        let mut seen = RevisionSet::default();
        let mut heads = RevisionSet::default();
        let mut walk = vec![revision];
        while let Some(id) = walk.pop() {
            for child in self.get(id).into_iter().flat_map(|node| &node.all_children) {
                let needs_it = |child: &RevisionId| self.get(*child).is_some_and(|node| node.needs.contains(&id));
                if !todo.contains(*child) || !needs_it(child) || !seen.insert(*child) {
                    continue;
                }
                if is_current.contains(*child) {
                    heads.insert(*child);
                }
                walk.push(*child);
            }
        }
        current.iter().position(|id| heads.contains(*id))
    }
}
