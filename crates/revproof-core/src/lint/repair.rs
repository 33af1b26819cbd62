//! [`repair`]: the directives that a downgrade lacks, worked out from what differs after it.

use super::code::{column, drop_constraint, python_bool, quote, schema, sql_type};
use super::undo::{add_constraint, create_index, create_table};
use crate::op::ConstraintKindName;
use crate::schema::{Catalog, Column, Difference, DifferenceKind, Table};

/// The directives that would have brought `before` back, as Python to paste; what no directive can express is left
/// out.
pub(crate) fn repair(differences: &[&Difference], before: &Catalog, after: &Catalog) -> Vec<String> {
    let lines = |kind: DifferenceKind| {
        differences.iter().filter(move |one| one.kind == kind).filter_map(|one| repair_one(one, before, after))
    };
    // What is left over goes first, and last things first, so that nothing stands on what is dropped.
    let mut code: Vec<String> = lines(DifferenceKind::Extra).collect();
    code.reverse();
    code.extend(lines(DifferenceKind::Missing));
    code.extend(lines(DifferenceKind::Changed));
    code
}

fn repair_one(difference: &Difference, before: &Catalog, after: &Catalog) -> Option<String> {
    let name = &difference.object;
    let (was, is) = (before.table(name), after.table(name));
    let Some(part) = &difference.part else {
        return match difference.kind {
            DifferenceKind::Missing => create_table(was?),
            DifferenceKind::Extra if is.is_some() => {
                Some(format!("op.drop_table({}{})", quote(&name.name), schema(name)))
            }
            DifferenceKind::Extra => {
                let what = [(after.enums.contains_key(name), "TYPE"), (after.sequences.contains_key(name), "SEQUENCE")];
                let (_, what) = what.into_iter().find(|(is, _)| *is)?;
                Some(format!("op.execute({})", quote(&format!("DROP {what} {name}"))))
            }
            DifferenceKind::Changed => None,
        };
    };
    let (what, part) = part.rsplit_once(' ')?;
    match (what, difference.kind) {
        ("column", DifferenceKind::Missing) => {
            let definition = column(was?.column(part)?)?;
            Some(format!("op.add_column({}, {definition}{})", quote(&name.name), schema(name)))
        }
        ("column", DifferenceKind::Extra) => {
            Some(format!("op.drop_column({}, {}{})", quote(&name.name), quote(part), schema(name)))
        }
        ("column", DifferenceKind::Changed) => alter(was?, was?.column(part)?, is?.column(part)?),
        (_, DifferenceKind::Missing) => create_part(was?, part),
        (_, DifferenceKind::Extra) => drop_part(is?, part),
        (_, DifferenceKind::Changed) => Some(format!("{}\n{}", drop_part(is?, part)?, create_part(was?, part)?)),
    }
}

fn alter(table: &Table, was: &Column, is: &Column) -> Option<String> {
    let mut arguments = Vec::new();
    if was.ty != is.ty {
        arguments.push(format!("type_={}", sql_type(&was.ty)?));
    }
    if was.nullable != is.nullable {
        arguments.push(format!("nullable={}", python_bool(was.nullable)));
    }
    if was.default != is.default {
        let default =
            was.default.as_ref().map_or_else(|| "None".to_owned(), |text| format!("sa.text({})", quote(text)));
        arguments.push(format!("server_default={default}"));
    }
    if was.comment != is.comment {
        let comment = was.comment.as_ref().map_or_else(|| "None".to_owned(), |text| quote(text));
        arguments.push(format!("comment={comment}"));
    }
    let (on, column, at) = (quote(&table.name.name), quote(&was.name), schema(&table.name));
    (!arguments.is_empty()).then(|| format!("op.alter_column({on}, {column}, {}{at})", arguments.join(", ")))
}

fn create_part(table: &Table, name: &str) -> Option<String> {
    match table.indexes.iter().find(|index| *index.name == *name) {
        Some(index) => create_index(table, index),
        None => add_constraint(table, name),
    }
}

fn drop_part(table: &Table, name: &str) -> Option<String> {
    if table.indexes.iter().any(|index| *index.name == *name) {
        let (on, at) = (quote(&table.name.name), schema(&table.name));
        return Some(format!("op.drop_index({}, table_name={on}{at})", quote(name)));
    }
    let named = |other: &Option<crate::schema::Name>| other.as_deref() == Some(name);
    let kind = if table.uniques.iter().any(|unique| named(&unique.name)) {
        ConstraintKindName::Unique
    } else if table.foreign_keys.iter().any(|key| named(&key.name)) {
        ConstraintKindName::ForeignKey
    } else if table.checks.iter().any(|check| named(&check.name)) {
        ConstraintKindName::Check
    } else if table.primary_key.as_ref().is_some_and(|key| named(&key.name)) {
        ConstraintKindName::PrimaryKey
    } else {
        return None;
    };
    Some(drop_constraint(&table.name, name, Some(kind)))
}
