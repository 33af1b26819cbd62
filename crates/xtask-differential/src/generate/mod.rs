//! Random, plausible chains: what a team might write, with the mistakes that it might make.

mod batch;
mod columns;
mod constraints;
mod data;
mod downgrades;
mod enums;
mod objects;
mod step;
mod tables;
mod types;
mod world;

use revproof_core::schema::Dialect;
use step::Step;
use world::World;

use crate::chain::{Chain, Revision};
use crate::random::Random;

/// The chain of a seed.
pub(crate) fn chain(seed: u64, dialect: Dialect) -> Chain {
    let mut generator = Generator { random: Random::new(seed), world: World::new(dialect) };
    let count = generator.random.between(3, 8);
    let mut revisions: Vec<Revision> = Vec::new();
    let mut heads: Vec<String> = Vec::new();
    for number in 0..count {
        let id = format!("r{number}");
        let down = generator.parents(&revisions, &mut heads);
        heads.push(id.clone());
        let is_merge = down.len() > 1;
        let revision = generator.revision(id, down, number == 0, is_merge);
        revisions.push(revision);
    }
    Chain { revisions }
}

/// Writes one chain.
struct Generator {
    random: Random,
    world: World,
}

impl Generator {
    /// What a new revision stands on: mostly the last one; now and then an older one, which makes a branch, or all heads,
    /// which merges them.
    fn parents(&mut self, revisions: &[Revision], heads: &mut Vec<String>) -> Vec<String> {
        if heads.len() > 1 && self.random.percent(50) {
            return std::mem::take(heads);
        }
        if revisions.len() > 1 && self.random.percent(8) {
            let parent = self.random.below(revisions.len() - 1);
            heads.retain(|head| *head != revisions[parent].id);
            return vec![revisions[parent].id.clone()];
        }
        heads.pop().into_iter().collect()
    }

    fn revision(&mut self, id: String, down: Vec<String>, first: bool, is_merge: bool) -> Revision {
        let mut revision = Revision { id, down, ..Revision::default() };
        let wanted = if first { 2 } else { self.random.between(1, 4) };
        if is_merge && self.random.percent(70) {
            return revision;
        }
        let mut steps = Vec::new();
        let mut tries = 0;
        while steps.len() < wanted && tries < 30 {
            tries += 1;
            steps.extend(if first { Some(self.create_table()) } else { self.step() });
        }
        revision.upgrade = steps.iter().flat_map(|step: &Step| step.up.clone()).collect();
        revision.downgrade = steps.iter().rev().flat_map(|step| step.down.clone()).collect();
        if self.random.percent(25) {
            downgrades::spoil(&mut self.random, &mut revision.downgrade);
        }
        revision
    }

    fn step(&mut self) -> Option<Step> {
        match self.random.below(100) {
            0..12 => Some(self.create_table()),
            12..16 => self.drop_table(),
            16..20 => self.rename_table(),
            20..23 => self.comment_table(),
            23..30 => self.change_enum(),
            30..34 => self.change_view(),
            34..37 => self.change_sequence(),
            37..56 => self.change_rows(),
            _ => self.change_table(),
        }
    }
}

#[cfg(test)]
mod tests {
    use revproof_core::schema::Dialect;

    use super::chain;

    #[test]
    fn a_seed_gives_the_same_chain_every_time() {
        for dialect in [Dialect::PostgreSql, Dialect::Sqlite] {
            assert_eq!(chain(3, dialect), chain(3, dialect));
            assert_ne!(chain(3, dialect), chain(4, dialect));
        }
    }
}
