//! [`ResolveError`]: a revision, a target or a walk that Alembic refuses, in its words.

use std::fmt;

use crate::schema::Name;

/// Why Alembic refuses a command that names revisions. What it displays is what Alembic prints after `FAILED: `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolveError {
    /// No such revision or branch; or a partial identifier of several revisions; or a revision that is not a member
    /// of the branch.
    NotFound {
        /// What was looked for.
        argument: String,
        /// The revisions that it may have meant, where it was too short.
        candidates: Vec<Name>,
    },
    /// `head` where there are several.
    MultipleHeads {
        /// What was asked for: `head`, `users@head`.
        argument: String,
        /// The heads.
        heads: Vec<Name>,
    },
    /// `stamp head` where there are several.
    MultipleStampHeads {
        /// The heads.
        heads: Vec<Name>,
    },
    /// A revision and its ancestor are asked for at once.
    Overlap {
        /// The revision.
        revision: Name,
        /// The others.
        others: Vec<Name>,
    },
    /// The downgrade target is not among what is applied.
    NotApplied {
        /// The target.
        destination: String,
    },
    /// The ends of a range of `history` do not lie on one line.
    NotARange {
        /// The older end, as typed.
        start: String,
        /// The newer end, as typed.
        end: String,
    },
    /// The branch of a downgrade target has nothing to revert.
    NotOnBranch,
    /// A relative step that leads out of the graph, or in the wrong direction.
    RelativeTooFar {
        /// The step, as Alembic prints it.
        relative: String,
        /// Its length.
        count: u64,
    },
    /// A step from a named revision that leads out of the graph.
    WalkedTooFar,
    /// A step upwards at a branch point, or downwards at a merge point.
    AmbiguousWalk,
    /// `+N` where several revisions are current.
    AmbiguousUpgrade,
    /// Alembic itself stops with an `AssertionError` here.
    Assertion {
        /// What was asked for.
        argument: String,
    },
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { argument, .. } => write!(f, "Can't locate revision identified by '{argument}'"),
            Self::MultipleHeads { argument, .. } => write!(
                f,
                "Multiple head revisions are present for given argument '{argument}'; please specify a specific \
                 target revision, '<branchname>@{argument}' to narrow to a specific head, or 'heads' for all heads"
            ),
            Self::MultipleStampHeads { .. } => {
                f.write_str("Multiple heads are present; please specify a single target revision")
            }
            Self::Overlap { revision, others } => {
                write!(f, "Requested revision {revision} overlaps with other requested revisions {}", others.join(", "))
            }
            Self::NotApplied { destination } => {
                write!(f, "Destination {destination} is not a valid downgrade target from current head(s)")
            }
            Self::NotARange { start, end } => write!(
                f,
                "Requested range {start}:{end} does not refer to ancestor/descendant revisions along the same branch"
            ),
            Self::NotOnBranch => f.write_str("Not a valid downgrade target from current heads"),
            Self::RelativeTooFar { relative, count } => {
                write!(f, "Relative revision {relative} didn't produce {count} migrations")
            }
            Self::WalkedTooFar => f.write_str("Walked too far"),
            Self::AmbiguousWalk => f.write_str("Ambiguous walk"),
            Self::AmbiguousUpgrade => f.write_str("Ambiguous upgrade from multiple current revisions"),
            Self::Assertion { argument } => {
                write!(f, "'{argument}' leads out of the revision graph (Alembic stops with an AssertionError)")
            }
        }
    }
}

impl std::error::Error for ResolveError {}
