//! Why a move can't be made, and what to do on the page.

use revproof_core::config::nearest;
use revproof_core::history::{History, ResolveError};

/// Alembic's sentence and what to do.
pub(crate) fn unresolved(error: &ResolveError, history: &History) -> (String, String) {
    (error.to_string(), help(error, history))
}

fn help(error: &ResolveError, history: &History) -> String {
    match error {
        ResolveError::NotFound { candidates, .. } if !candidates.is_empty() => {
            format!("It is the beginning of {}: give more of one.", candidates.join(", "))
        }
        ResolveError::NotFound { argument, .. } => {
            let names = || history.nodes.iter().flat_map(|node| node.labels.iter().chain([&node.name]).map(|n| &**n));
            match nearest(argument, names()) {
                Some(near) => format!("Did you mean {near}?"),
                None => "Choose one of the revisions in the graph.".to_owned(),
            }
        }
        ResolveError::MultipleHeads { heads, .. } | ResolveError::MultipleStampHeads { heads } => format!(
            "Go to one of {} by itself or to all of them (`heads`), or join them with a merge revision.",
            heads.join(", ")
        ),
        ResolveError::Overlap { .. } => "Name one of them only: the newer one brings the older one along.".to_owned(),
        ResolveError::AmbiguousWalk | ResolveError::AmbiguousUpgrade => {
            "Several ways lead there: choose the revision to go to.".to_owned()
        }
        ResolveError::NotApplied { .. } => "It is not applied here, or others that are stand on it.".to_owned(),
        ResolveError::NotOnBranch => "That branch has nothing to take back.".to_owned(),
        ResolveError::RelativeTooFar { .. } | ResolveError::WalkedTooFar | ResolveError::Assertion { .. } => {
            "The history ends before that.".to_owned()
        }
        ResolveError::NotARange { .. } => "Choose two revisions of one branch.".to_owned(),
    }
}
