//! From headers to a [`History`] and its [`Problem`]s.

use rustc_hash::FxHashMap;

use super::cycles::break_cycles;
use super::graph::{Header, History, Problem, RevisionId, RevisionNode};
use super::labels::inherit_labels;
use super::set::RevisionSet;
use crate::schema::Name;

impl History {
    /// Builds the graph of these scripts, given in order of loading. What is wrong with it is told and mended: a
    /// missing parent is as none, the last of several scripts with one identifier stays, a circle is cut at one edge.
    pub fn new(headers: &[Header<'_>]) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut history = Self { slots: vec![None; headers.len()], ..Self::default() };
        let kept = history.place(headers, &mut problems);
        history.name_labels(headers, &kept, &mut problems);
        history.connect(headers, &kept, &mut problems);
        break_cycles(&mut history, &mut problems);
        history.add_children();
        history.settle_needs();
        inherit_labels(&mut history);
        (history, problems)
    }

    /// Gives each identifier its place; returns the scripts that stay, in order of place.
    fn place(&mut self, headers: &[Header<'_>], problems: &mut Vec<Problem>) -> Vec<usize> {
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        places.reserve(headers.len());
        let mut kept = Vec::with_capacity(headers.len());
        for (script, header) in headers.iter().enumerate() {
            if let Some(why) = illegal(header.name) {
                problems.push(Problem::IllegalIdentifier { script, why: Name::from(why) });
            }
            let place = *places.entry(header.name).or_insert(kept.len());
            match kept.get_mut(place) {
                Some(before) => {
                    problems.push(Problem::Duplicate { script: *before, kept: script });
                    *before = script;
                }
                None => kept.push(script),
            }
        }
        self.keys.reserve(kept.len());
        for (place, script) in kept.iter().enumerate() {
            if let (Some(slot), Some(header)) = (self.slots.get_mut(*script), headers.get(*script)) {
                *slot = Some(place as u32);
                self.keys.insert(header.name.clone(), RevisionId(*script as u32));
            }
        }
        kept
    }

    fn name_labels(&mut self, headers: &[Header<'_>], kept: &[usize], problems: &mut Vec<Problem>) {
        for &script in kept {
            let Some(header) = headers.get(script) else { continue };
            for label in header.labels {
                if let Some(other) = self.keys.get(label) {
                    let other = other.0 as usize;
                    problems.push(Problem::DuplicateLabel { script, other, label: label.clone() });
                    continue;
                }
                let id = RevisionId(script as u32);
                self.keys.insert(label.clone(), id);
                self.labels.push((label.clone(), id));
            }
        }
    }

    /// Makes the nodes, with their edges downwards.
    fn connect(&mut self, headers: &[Header<'_>], kept: &[usize], problems: &mut Vec<Problem>) {
        self.nodes.reserve(kept.len());
        for &script in kept {
            let Some(header) = headers.get(script) else { continue };
            let id = RevisionId(script as u32);
            let mut down = Vec::with_capacity(header.down.len());
            for parent in header.down {
                // A branch label is no parent: Alembic stops with a broken map.
                let found = self.keys.get(parent).copied();
                let found = found.filter(|id| headers.get(id.0 as usize).is_some_and(|h| h.name == parent));
                match found {
                    None => problems.push(Problem::MissingParent { script, parent: parent.clone() }),
                    Some(parent) if parent == id => {
                        problems.push(Problem::Cycle { scripts: vec![script], by_dependency: false });
                    }
                    Some(parent) if down.contains(&parent) => {}
                    Some(parent) => down.push(parent),
                }
            }
            let mut depends_on = Vec::with_capacity(header.depends_on.len());
            for dependency in header.depends_on {
                match self.keys.get(dependency).copied() {
                    None => {
                        problems.push(Problem::MissingDependency { script, dependency: dependency.clone() });
                    }
                    Some(dependency) if dependency == id => {
                        problems.push(Problem::Cycle { scripts: vec![script], by_dependency: true });
                    }
                    Some(dependency) if depends_on.contains(&dependency) => {}
                    Some(dependency) => depends_on.push(dependency),
                }
            }
            let own = |label: &&Name| self.keys.get(*label) == Some(&id) && *label != header.name;
            let labels: Vec<Name> = header.labels.iter().filter(own).cloned().collect();
            self.nodes.push(RevisionNode {
                id,
                name: header.name.clone(),
                down,
                depends_on,
                needs: Vec::new(),
                branches: labels.clone(),
                labels,
                children: Vec::new(),
                all_children: Vec::new(),
            });
        }
    }

    fn add_children(&mut self) {
        for place in 0..self.nodes.len() {
            let Some(node) = self.nodes.get_mut(place) else { continue };
            let id = node.id;
            let (down, depends_on) = (std::mem::take(&mut node.down), std::mem::take(&mut node.depends_on));
            for (parent, by_down) in down.iter().map(|p| (*p, true)).chain(depends_on.iter().map(|p| (*p, false))) {
                let Some(parent) = self.rank(parent).and_then(|rank| self.nodes.get_mut(rank)) else { continue };
                if by_down {
                    parent.children.push(id);
                }
                // Its own edges are added one after the other, so a repeated one can only be the last.
                if parent.all_children.last() != Some(&id) {
                    parent.all_children.push(id);
                }
            }
            if let Some(node) = self.nodes.get_mut(place) {
                (node.down, node.depends_on) = (down, depends_on);
            }
        }
    }

    /// Works out what each revision needs: parents, and dependencies that no ancestor has already.
    fn settle_needs(&mut self) {
        let mut dependents: FxHashMap<RevisionId, Vec<RevisionId>> = FxHashMap::default();
        for node in &self.nodes {
            for dependency in &node.depends_on {
                dependents.entry(*dependency).or_default().push(node.id);
            }
        }
        // Below several revisions that depend on one, only the first on each line needs it said.
        let mut implied: FxHashMap<RevisionId, RevisionSet> = FxHashMap::default();
        for (dependency, dependents) in dependents.into_iter().filter(|(_, dependents)| dependents.len() > 1) {
            let children: Vec<RevisionId> =
                dependents.iter().filter_map(|id| self.get(*id)).flat_map(|node| node.children.clone()).collect();
            implied.insert(dependency, self.reach_up(&children, super::graph::Edges::Down));
        }
        for node in &mut self.nodes {
            node.needs.clone_from(&node.down);
            for dependency in &node.depends_on {
                let is_implied = implied.get(dependency).is_some_and(|implied| implied.contains(node.id));
                if !is_implied && !node.needs.contains(dependency) {
                    node.needs.push(*dependency);
                }
            }
        }
    }
}

/// Why no command could name a revision of this identifier, in Alembic's words where it has any.
pub(crate) fn illegal(name: &str) -> Option<String> {
    let found: Vec<String> = ['+', '-', ':', '@'].into_iter().filter(|c| name.contains(*c)).map(String::from).collect();
    if !found.is_empty() {
        return Some(format!("Character(s) '{}' not allowed in revision identifier '{name}'", found.join(", ")));
    }
    match name {
        "" => Some("the revision identifier is empty".to_owned()),
        "head" | "heads" | "base" => {
            Some(format!("'{name}' has a meaning of its own in every command, so none can name this revision"))
        }
        _ => None,
    }
}
