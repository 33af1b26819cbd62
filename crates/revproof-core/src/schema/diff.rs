//! Structural differences between two catalogs.

use std::fmt::Debug;
use std::sync::Arc;

use imbl::ordmap::DiffItem;

use super::catalog::{Catalog, Object};
use super::diff_table::table_differences;
use super::name::{Name, QName};
use super::tokens::same_statement;

/// How a sentence ends about what only the first of two catalogs has.
pub(super) const IS_MISSING: &str = " is missing";
/// How a sentence ends about what only the second has.
pub(super) const IS_LEFT_OVER: &str = " is left over";

/// One difference between two catalogs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table, type, sequence or other object that differs.
    pub object: QName,
    /// The part of it, where only a part differs: `column email`, `index ix_users_email`.
    pub part: Option<Name>,
    /// Which way.
    pub kind: DifferenceKind,
    /// One sentence, lower-case, with no full stop: `column users.email is VARCHAR(64), was VARCHAR(120)`.
    pub sentence: String,
}

/// Which way two catalogs differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DifferenceKind {
    /// The first has it, the second hasn't.
    Missing,
    /// The second has it, the first hasn't.
    Extra,
    /// Both have it, but not alike.
    Changed,
}

impl Difference {
    /// It as a change that was made: `+ table users`, `- column users.email`, `~ column users.email is TEXT, was …`.
    pub fn as_change(&self) -> String {
        let without = |ending: &str| self.sentence.strip_suffix(ending).unwrap_or(&self.sentence);
        match self.kind {
            DifferenceKind::Extra => format!("+ {}", without(IS_LEFT_OVER)),
            DifferenceKind::Missing => format!("- {}", without(IS_MISSING)),
            DifferenceKind::Changed => format!("~ {}", self.sentence),
        }
    }
}

/// How `after` differs from `before`: what is missing, extra or changed. The order of columns, of constraints and of
/// indexes is no difference, nor are column ids.
pub fn diff(before: &Catalog, after: &Catalog) -> Vec<Difference> {
    let mut out = Vec::new();
    for item in before.tables.diff(&after.tables) {
        match item {
            // A table that is only assumed was there all along.
            DiffItem::Add(name, table) if !table.assumed => out.push(whole(DifferenceKind::Extra, "table", name)),
            DiffItem::Remove(name, table) if !table.assumed => out.push(whole(DifferenceKind::Missing, "table", name)),
            DiffItem::Update { old: (_, old), new: (_, new) } if !Arc::ptr_eq(old, new) => {
                table_differences(old, new, after.dialect, &mut out);
            }
            _ => {}
        }
    }
    for item in before.enums.diff(&after.enums) {
        match item {
            DiffItem::Add(name, _) => out.push(whole(DifferenceKind::Extra, "type", name)),
            DiffItem::Remove(name, _) => out.push(whole(DifferenceKind::Missing, "type", name)),
            DiffItem::Update { old: (name, old), new: (_, new) } => {
                if old.values != new.values {
                    let values = |values: &[Name]| values.join(", ");
                    let sentence =
                        format!("type {name} has the values {}, had {}", values(&new.values), values(&old.values));
                    out.push(Difference { object: name.clone(), part: None, kind: DifferenceKind::Changed, sentence });
                }
            }
        }
    }
    for item in before.sequences.diff(&after.sequences) {
        match item {
            DiffItem::Add(name, _) => out.push(whole(DifferenceKind::Extra, "sequence", name)),
            DiffItem::Remove(name, _) => out.push(whole(DifferenceKind::Missing, "sequence", name)),
            DiffItem::Update { old: (name, old), new: (_, new) } => {
                if (old.start, old.increment, &old.owner) != (new.start, new.increment, &new.owner) {
                    out.push(changed(name, "sequence", "another start, increment or owner"));
                }
            }
        }
    }
    for item in before.objects.diff(&after.objects) {
        match item {
            DiffItem::Add((kind, name), _) => out.push(whole(DifferenceKind::Extra, kind.noun(), name)),
            DiffItem::Remove((kind, name), _) => out.push(whole(DifferenceKind::Missing, kind.noun(), name)),
            DiffItem::Update { old: ((kind, name), old), new: (_, new) } => {
                if !same_statement(&old.definition, &new.definition, before.dialect) {
                    out.push(changed(name, kind.noun(), "another definition"));
                } else if old.indexes != new.indexes {
                    out.push(changed(name, kind.noun(), "other indexes"));
                } else if old.labels != new.labels {
                    let labels = |view: &Object| view.labels.join(", ");
                    let how = format!("the columns {}, had {}", labels(new), labels(old));
                    out.push(changed(name, kind.noun(), &how));
                }
            }
        }
    }
    out
}

fn whole(kind: DifferenceKind, what: &str, name: &QName) -> Difference {
    let way = if kind == DifferenceKind::Missing { IS_MISSING } else { IS_LEFT_OVER };
    Difference { object: name.clone(), part: None, kind, sentence: format!("{what} {name}{way}") }
}

fn changed(name: &QName, what: &str, how: &str) -> Difference {
    let sentence = format!("{what} {name} has {how}");
    Difference { object: name.clone(), part: None, kind: DifferenceKind::Changed, sentence }
}

/// Pairs the parts of two tables that are equal as a whole, then those of one name, and tells of the rest.
pub(super) fn parts<T: PartialEq + Debug>(
    table: &QName,
    what: &str,
    old: Vec<(Option<Name>, T)>,
    new: Vec<(Option<Name>, T)>,
    describe: impl Fn(&T) -> String,
    out: &mut Vec<Difference>,
) {
    let mut new: Vec<Option<(Option<Name>, T)>> = new.into_iter().map(Some).collect();
    let mut left = Vec::new();
    for own in old {
        match new.iter_mut().find(|other| other.as_ref().is_some_and(|other| *other == own)) {
            Some(other) => *other = None,
            None => left.push(own),
        }
    }
    for (name, own) in left {
        let same_name = |other: &Option<(Option<Name>, T)>| {
            name.is_some() && other.as_ref().is_some_and(|(other, _)| *other == name)
        };
        let twin = new.iter_mut().find(|other| same_name(other)).and_then(Option::take);
        let label = name.as_ref().map_or_else(|| describe(&own), |name| format!("{name} ({})", describe(&own)));
        let part = part_name(what, name.as_ref(), &own, &describe);
        let (kind, sentence) = match twin {
            Some((_, twin)) => {
                let name = name.as_deref().unwrap_or_default();
                let sentence = format!("{what} {name} on {table} is now {}, was {}", describe(&twin), describe(&own));
                (DifferenceKind::Changed, sentence)
            }
            None => (DifferenceKind::Missing, format!("{what} {label} on {table}{IS_MISSING}")),
        };
        out.push(Difference { object: table.clone(), part: Some(part), kind, sentence });
    }
    for (name, own) in new.into_iter().flatten() {
        let label = name.as_ref().map_or_else(|| describe(&own), |name| format!("{name} ({})", describe(&own)));
        out.push(Difference {
            object: table.clone(),
            part: Some(part_name(what, name.as_ref(), &own, &describe)),
            kind: DifferenceKind::Extra,
            sentence: format!("{what} {label} on {table}{IS_LEFT_OVER}"),
        });
    }
}

fn part_name<T>(what: &str, name: Option<&Name>, own: &T, describe: &impl Fn(&T) -> String) -> Name {
    Name::from(name.map_or_else(|| format!("{what} {}", describe(own)), |name| format!("{what} {name}")))
}
