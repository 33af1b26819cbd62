//! Where a new revision stands in the graph.

use super::{DraftError, Request};
use crate::directory::ScriptDirectory;
use crate::history::{self, ResolveError, RevisionId};

/// What a new revision is tied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its parents.
    pub(super) down: Vec<RevisionId>,
    /// What it depends on: whole identifiers, or branch labels as they were typed.
    pub(super) depends_on: Vec<String>,
}

const SEVERAL_HEADS: &str = "Multiple heads are present; please specify the head revision on which the new revision \
                             should be based, or perform a merge.";

/// Looks up what the request names.
pub(super) fn find(directory: &ScriptDirectory<'_>, request: &Request) -> Result<Place, DraftError> {
    let history = &directory.history;
    if let Some(why) = history::illegal(&request.rev_id) {
        return DraftError::refused(why, "give `--rev-id` letters, digits and underscores, or leave it out");
    }
    let mut down = Vec::new();
    for symbol in &request.heads {
        let found = history.resolve(symbol).map_err(|error| match error {
            ResolveError::MultipleHeads { heads, .. } => DraftError::Refused {
                sentence: SEVERAL_HEADS.to_owned(),
                help: format!("give `--head` one of {}, or type `revproof merge heads`", listed(&heads)),
            },
            error => DraftError::Symbol(error),
        })?;
        down.extend(found);
    }
    let mut seen = Vec::new();
    for id in &down {
        if seen.contains(id) {
            return DraftError::refused("Duplicate head revisions specified", "name each revision once");
        }
        seen.push(*id);
    }
    let mut depends_on = Vec::new();
    for symbol in &request.depends_on {
        let Some(id) = history.resolve_one(symbol).map_err(DraftError::Symbol)? else {
            return DraftError::refused(
                format!("Can't locate revision identified by '{symbol}'"),
                "a revision can depend on another one only, not on the base",
            );
        };
        let is_label = history.get(id).is_some_and(|node| node.branches.iter().any(|label| **label == **symbol));
        depends_on.push(if is_label { symbol.clone() } else { history.name(id).to_string() });
    }
    Ok(Place { down, depends_on })
}

/// Refuses parents that have children already, unless that is wanted.
pub(super) fn may_be_based_on(
    directory: &ScriptDirectory<'_>,
    request: &Request,
    place: &Place,
) -> Result<(), DraftError> {
    let mut parents = place.down.iter().filter_map(|id| directory.history.get(*id));
    match parents.find(|node| !node.children.is_empty()) {
        Some(node) if !request.splice => DraftError::refused(
            format!(
                "Revision {} is not a head revision; please specify --splice to create a new branch from this revision",
                node.name
            ),
            "add `--splice` to branch off there, or leave `--head` out to go on from the head",
        ),
        _ => Ok(()),
    }
}

/// Refuses an identifier or a label that is taken: Alembic would write the script and fail on it from then on.
pub(super) fn names_are_free(directory: &ScriptDirectory<'_>, request: &Request) -> Result<(), DraftError> {
    let history = &directory.history;
    if history.named(&request.rev_id).is_some() {
        return DraftError::refused(
            format!("Revision {} is present more than once", request.rev_id),
            "give another `--rev-id`, or leave it out for a random one",
        );
    }
    let Some(label) = &request.branch_label else { return Ok(()) };
    let other = if *label == request.rev_id { Some(request.rev_id.clone()) } else { None };
    let other = other.or_else(|| history.named(label).map(|node| node.name.to_string()));
    match other {
        Some(other) => DraftError::refused(
            format!("Branch name '{label}' in revision {} already used by revision {other}", request.rev_id),
            "give `--branch-label` a name that no revision has",
        ),
        None => Ok(()),
    }
}

fn listed(names: &[crate::schema::Name]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
