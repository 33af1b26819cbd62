//! The order of the columns of a table that a batch block makes anew, as Alembic finds it: by pairs of columns of which
//! one stands before the other, sorted topologically. The pairs name columns as the block knows them.

use crate::schema::Name;

/// What is known of the order while a block's changes are gathered.
pub(super) struct Ordering {
    /// The old table's columns without those that have been dropped.
    existing: Vec<Name>,
    /// What new columns stand before or after.
    pairs: Vec<(Name, Name)>,
    /// Whether the block gives an order of its own, so that a new column asks for no place.
    given: bool,
}

impl Ordering {
    /// The columns of the old table, in order.
    pub(super) fn new(existing: Vec<Name>, given: bool) -> Self {
        Self { existing, pairs: Vec::new(), given }
    }

    /// Whether a column that is added would stand behind the last of the old ones and, being one of them, before it.
    pub(super) fn goes_round(&self, column: &str) -> Option<&Name> {
        let last = self.existing.last()?;
        (&**last != column && self.existing.iter().any(|own| &**own == column)).then_some(last)
    }

    /// A column is dropped.
    pub(super) fn drop(&mut self, column: &str) {
        self.existing.retain(|own| &**own != column);
    }

    /// A column is added before or after others; where it is after none and before none, behind the last.
    pub(super) fn add(&mut self, column: &Name, before: Option<&Name>, after: Option<&Name>) {
        let (mut before, mut after) = (before.cloned(), after.cloned());
        let place = |name: &Name| self.existing.iter().position(|own| own == name);
        if !self.given {
            match (&before, &after) {
                (None, Some(own)) => {
                    before = match place(own) {
                        Some(at) => self.existing.get(at + 1).cloned(),
                        None => {
                            self.pairs.iter().rev().find(|(first, _)| first == own).map(|(_, second)| second.clone())
                        }
                    };
                }
                (Some(own), None) => {
                    after = match place(own) {
                        Some(at) => at.checked_sub(1).and_then(|at| self.existing.get(at).cloned()),
                        None => {
                            self.pairs.iter().rev().find(|(_, second)| second == own).map(|(first, _)| first.clone())
                        }
                    };
                }
                _ => {}
            }
        }
        let free = before.is_none() && after.is_none();
        self.pairs.extend(before.map(|before| (column.clone(), before)));
        self.pairs.extend(after.map(|after| (after, column.clone())));
        if let Some(last) = self.existing.last().filter(|_| free && !self.given) {
            self.pairs.push((last.clone(), column.clone()));
        }
    }

    /// The columns in their order, `groups` being what the block asks for itself.
    pub(super) fn sorted(&self, columns: Vec<Name>, groups: &[Vec<Name>]) -> Vec<Name> {
        if groups.is_empty() && self.pairs.is_empty() {
            return columns;
        }
        let mut pairs: Vec<(Name, Name)> = self.pairs.clone();
        let neighbours = |names: &[Name]| -> Vec<(Name, Name)> {
            names.iter().zip(names.iter().skip(1)).map(|(a, b)| (a.clone(), b.clone())).collect()
        };
        if groups.is_empty() {
            // Alembic takes the first of each pair from the new table.
            pairs.extend(columns.iter().cloned().zip(self.existing.iter().skip(1).cloned()));
        }
        pairs.extend(groups.iter().flat_map(|group| neighbours(group)));
        pairs.retain(|(first, second)| first != second);
        let mut waiting = columns;
        let mut sorted = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let free = |name: &Name| !pairs.iter().any(|(first, second)| second == name && waiting.contains(first));
            let (next, rest): (Vec<Name>, Vec<Name>) = waiting.iter().cloned().partition(free);
            if next.is_empty() {
                sorted.extend(rest);
                break;
            }
            sorted.extend(next);
            waiting = rest;
        }
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::Ordering;
    use crate::schema::Name;

    fn names(text: &str) -> Vec<Name> {
        text.split_whitespace().map(Name::from).collect()
    }

    #[test]
    fn a_new_column_stands_behind_the_last_unless_that_is_dropped_after_it() {
        let mut order = Ordering::new(names("id order ref"), false);
        order.add(&Name::from("new"), None, None);
        assert_eq!(order.sorted(names("id order ref new"), &[]), names("id order ref new"));
        order.drop("ref");
        assert_eq!(order.sorted(names("id order new"), &[]), names("id new order"));
    }

    #[test]
    fn a_new_column_stands_where_it_is_told_to() {
        let mut order = Ordering::new(names("a b c"), false);
        order.add(&Name::from("new"), None, Some(&Name::from("a")));
        assert_eq!(order.sorted(names("a b c new"), &[]), names("a new b c"));
    }

    #[test]
    fn groups_give_an_order_of_their_own() {
        let order = Ordering::new(names("a b c"), true);
        assert_eq!(order.sorted(names("a b c"), &[names("c a")]), names("b c a"));
    }
}
