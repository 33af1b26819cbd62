//! The smallest chain that still shows a disagreement.

use crate::chain::Chain;

/// How many chains are tried at most.
const TRIES: usize = 250;

/// Leaves out part after part for as long as `shows` says that the rest still shows the disagreement.
pub(crate) fn shrink(chain: Chain, mut shows: impl FnMut(&Chain) -> bool) -> Chain {
    let mut smallest = chain;
    let mut tries = 0;
    loop {
        let next = smallest.smaller().into_iter().find(|smaller| {
            tries += 1;
            tries <= TRIES && smaller.size() < smallest.size() && shows(smaller)
        });
        match next {
            Some(smaller) if tries <= TRIES => smallest = smaller,
            _ => return smallest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shrink;
    use crate::chain::{Chain, Piece, Revision};

    #[test]
    fn what_a_disagreement_does_not_need_is_left_out() {
        let revision = |id: &str, down: &[&str], lines: &[&str]| Revision {
            id: id.to_owned(),
            down: down.iter().map(ToString::to_string).collect(),
            upgrade: lines.iter().map(|line| Piece::line(*line)).collect(),
            downgrade: vec![Piece::line("undo()")],
        };
        let chain = Chain {
            revisions: vec![
                revision("a", &[], &["one()", "two()"]),
                revision("b", &["a"], &["three()"]),
                revision("c", &["b"], &["four()", "fault()", "five()"]),
            ],
        };
        let small = shrink(chain, |chain| chain.scripts().iter().any(|script| script.text.contains("fault()")));
        assert_eq!(small.revisions.len(), 1);
        assert_eq!(small.revisions[0].upgrade, [Piece::line("fault()")]);
        assert!(small.revisions[0].down.is_empty() && small.revisions[0].downgrade.is_empty());
    }
}
