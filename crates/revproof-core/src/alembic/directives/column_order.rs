//! In which order the columns of a table that is built anew stand: `insert_before=`, `insert_after=` and
//! `partial_reordering=`, as Alembic sorts them.

use crate::schema::Name;

/// What is known of the order.
pub(super) struct Order {
    /// The columns of the old table that are left.
    existing: Vec<Name>,
    /// `partial_reordering=`.
    groups: Vec<Vec<Name>>,
    /// Of added columns: what stands before what.
    added: Vec<(Name, Name)>,
}

impl Order {
    /// The order of the old table.
    pub(super) fn new(existing: Vec<Name>, groups: Vec<Vec<Name>>) -> Self {
        Self { existing, groups, added: Vec::new() }
    }

    /// A column goes.
    pub(super) fn drop(&mut self, column: &Name) {
        self.existing.retain(|known| known != column);
    }

    /// A column is added, before (`true`) or after (`false`) others.
    pub(super) fn add(&mut self, column: &Name, places: &[(bool, Name)]) {
        let place = |wanted: bool| places.iter().find(|(before, _)| *before == wanted).map(|(_, other)| other.clone());
        let (mut before, mut after) = (place(true), place(false));
        let at = |name: &Name| self.existing.iter().position(|known| known == name);
        if self.groups.is_empty() {
            if let (Some(other), None) = (&after, &before) {
                before = match at(other) {
                    Some(at) => self.existing.get(at + 1).cloned(),
                    None => self.added.iter().find(|(first, _)| first == other).map(|(_, then)| then.clone()),
                };
            }
            if let (Some(other), None) = (&before, &after) {
                after = match at(other) {
                    Some(at) => at.checked_sub(1).and_then(|at| self.existing.get(at)).cloned(),
                    None => self.added.iter().find(|(_, then)| then == other).map(|(first, _)| first.clone()),
                };
            }
        }
        let nowhere = before.is_none() && after.is_none();
        self.added.extend(before.map(|other| (column.clone(), other)));
        self.added.extend(after.map(|other| (other, column.clone())));
        if let (true, true, Some(last)) = (nowhere, self.groups.is_empty(), self.existing.last()) {
            self.added.push((last.clone(), column.clone()));
        }
    }

    /// Sorts the columns.
    pub(super) fn arrange<T>(&self, columns: &mut [T], key: impl Fn(&T) -> Name) {
        if self.groups.is_empty() && self.added.is_empty() {
            return;
        }
        let keys: Vec<Name> = columns.iter().map(&key).collect();
        let lists = if self.groups.is_empty() {
            let count = self.existing.len();
            vec![keys.iter().take(count).cloned().collect()]
        } else {
            self.groups.clone()
        };
        let mut pairs: Vec<(Name, Name)> = Vec::new();
        for list in &lists {
            pairs.extend(list.iter().zip(list.iter().skip(1)).map(|(first, then)| (first.clone(), then.clone())));
        }
        pairs.extend(self.added.iter().cloned());
        let sorted = sort(&keys, &pairs);
        let place = |column: &T| sorted.iter().position(|known| *known == key(column)).unwrap_or(usize::MAX);
        columns.sort_by_key(place);
    }
}

/// SQLAlchemy's topological sort: again and again what nothing left stands before.
fn sort(names: &[Name], pairs: &[(Name, Name)]) -> Vec<Name> {
    let mut left: Vec<Name> = names.to_vec();
    let mut sorted = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free =
            |name: &Name| !pairs.iter().any(|(first, then)| then == name && first != name && left.contains(first));
        let next: Vec<Name> = left.iter().filter(|name| free(name)).cloned().collect();
        if next.is_empty() {
            // A circle, which SQLAlchemy refuses.
            sorted.append(&mut left);
            break;
        }
        left.retain(|name| !next.contains(name));
        sorted.extend(next);
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::Order;
    use crate::schema::Name;

    fn check(add: &[(&str, &[(bool, &str)])], groups: &[&[&str]], expected: &str) {
        let names = |names: &[&str]| names.iter().map(|name| Name::from(*name)).collect::<Vec<_>>();
        let mut columns = names(&["a", "b", "c"]);
        let mut order = Order::new(columns.clone(), groups.iter().map(|group| names(group)).collect());
        for (column, places) in add {
            let places: Vec<(bool, Name)> =
                places.iter().map(|(before, other)| (*before, Name::from(*other))).collect();
            order.add(&Name::from(*column), &places);
            columns.push(Name::from(*column));
        }
        order.arrange(&mut columns, Name::clone);
        assert_eq!(columns.join(" "), expected);
    }

    #[test]
    fn columns_stand_where_they_are_put() {
        check(&[], &[], "a b c");
        check(&[("n", &[])], &[], "a b c n");
        check(&[("n", &[(true, "a")])], &[], "n a b c");
        check(&[("n", &[(false, "a")]), ("m", &[(false, "n")])], &[], "a n m b c");
        check(&[], &[&["c", "a"]], "b c a");
    }
}
