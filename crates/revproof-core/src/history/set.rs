//! [`RevisionSet`]: a set of revisions.

use super::graph::RevisionId;

/// A set of revisions of one [`super::History`], as bits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevisionSet {
    words: Vec<u64>,
}

impl RevisionSet {
    /// Whether the revision is in it.
    pub fn contains(&self, id: RevisionId) -> bool {
        self.words.get(id.0 as usize / 64).is_some_and(|word| word & bit(id) != 0)
    }

    /// Puts a revision in; whether it was new.
    pub fn insert(&mut self, id: RevisionId) -> bool {
        let index = id.0 as usize / 64;
        if index >= self.words.len() {
            self.words.resize(index + 1, 0);
        }
        let Some(word) = self.words.get_mut(index) else { return false };
        let new = *word & bit(id) == 0;
        *word |= bit(id);
        new
    }

    /// Takes a revision out.
    pub fn remove(&mut self, id: RevisionId) {
        if let Some(word) = self.words.get_mut(id.0 as usize / 64) {
            *word &= !bit(id);
        }
    }

    /// Takes out every revision that is in the other set.
    pub fn subtract(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Takes out every revision that is not in the other set.
    pub fn intersect(&mut self, other: &Self) {
        for (index, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(index).copied().unwrap_or(0);
        }
    }

    /// Puts in every revision of the other set.
    pub fn union(&mut self, other: &Self) {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Whether the two have a revision in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// How many revisions are in it.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The revisions, by number.
    pub fn iter(&self) -> impl Iterator<Item = RevisionId> + '_ {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            (0..64).filter(move |shift| word >> shift & 1 == 1).map(move |shift| RevisionId(index as u32 * 64 + shift))
        })
    }
}

impl FromIterator<RevisionId> for RevisionSet {
    fn from_iter<I: IntoIterator<Item = RevisionId>>(ids: I) -> Self {
        let mut set = Self::default();
        for id in ids {
            set.insert(id);
        }
        set
    }
}

const fn bit(id: RevisionId) -> u64 {
    1 << (id.0 % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: &[u32]) -> RevisionSet {
        ids.iter().map(|id| RevisionId(*id)).collect()
    }

    fn ids(set: &RevisionSet) -> Vec<u32> {
        set.iter().map(|id| id.0).collect()
    }

    #[test]
    fn sets_do_what_sets_do() {
        let mut a = set(&[0, 63, 64, 200]);
        assert_eq!(ids(&a), [0, 63, 64, 200]);
        assert_eq!(a.len(), 4);
        assert!(a.contains(RevisionId(64)) && !a.contains(RevisionId(65)) && !a.contains(RevisionId(9999)));
        assert!(a.meets(&set(&[200])) && !a.meets(&set(&[1])));
        a.subtract(&set(&[63]));
        a.intersect(&set(&[0, 64]));
        assert_eq!(ids(&a), [0, 64]);
        a.union(&set(&[300]));
        a.remove(RevisionId(0));
        assert_eq!(ids(&a), [64, 300]);
        assert!(set(&[]).is_empty() && !a.is_empty());
    }
}
