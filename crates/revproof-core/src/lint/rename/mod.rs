//! Renames that were written as a drop and an add: [`column_renames`], [`table_renames`].
//!
//! Every pair of a dropped and an added thing is weighed ([`weigh`]); pairs that weigh enough and have no rival are
//! renames. What was copied before the drop is left alone: whoever copies knows what they do.

mod columns;
mod fix;
mod tables;
mod weigh;

pub(crate) use columns::{ColumnRename, column_renames};
pub(crate) use fix::rename_column_fix;
pub(crate) use tables::table_renames;

/// The pairs of `(left, right, weight)` that no other pair of either side equals or beats.
fn without_rivals<T>(pairs: Vec<T>, key: impl Fn(&T) -> (usize, usize, i32)) -> Vec<T> {
    let keys: Vec<(usize, usize, i32)> = pairs.iter().map(&key).collect();
    let beaten = |(left, right, weight): (usize, usize, i32)| {
        let rival = |(l, r, w): &(usize, usize, i32)| (*l == left) != (*r == right) && *w >= weight;
        keys.iter().any(rival)
    };
    pairs.into_iter().filter(|pair| !beaten(key(pair))).collect()
}
