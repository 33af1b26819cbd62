//! Differences between two states of one table.

use super::dialect::Dialect;
use super::diff::{Difference, DifferenceKind, IS_LEFT_OVER, IS_MISSING, parts};
use super::name::Name;
use super::table::{Column, ColumnId, ForeignKey, Table};
use super::types::SqlType;

/// What differs between two states of a table.
pub(super) fn table_differences(old: &Table, new: &Table, dialect: Dialect, out: &mut Vec<Difference>) {
    if alike(old, new) {
        return;
    }
    columns(old, new, dialect, out);
    let table = &new.name;
    parts(table, "primary key", primary_key(old), primary_key(new), |columns| list(columns), out);
    parts(table, "unique constraint", uniques(old), uniques(new), describe_unique, out);
    parts(table, "foreign key", foreign_keys(old), foreign_keys(new), Clone::clone, out);
    parts(table, "check", checks(old), checks(new), describe_check, out);
    parts(table, "exclusion constraint", exclusions(old), exclusions(new), Clone::clone, out);
    parts(table, "index", indexes(old), indexes(new), Clone::clone, out);
    if old.comment != new.comment {
        let said = |comment: Option<&Name>| comment.map_or("none".to_owned(), |text| format!("\"{text}\""));
        out.push(Difference {
            object: table.clone(),
            part: Some(Name::from("comment")),
            kind: DifferenceKind::Changed,
            sentence: format!(
                "the comment of table {table} is {}, was {}",
                said(new.comment.as_ref()),
                said(old.comment.as_ref())
            ),
        });
    }
}

/// Whether two states are equal in everything that could be a difference. Nearly always they are: a downgrade that
/// restores a table leaves behind only that its next column gets another number.
fn alike(old: &Table, new: &Table) -> bool {
    old.columns == new.columns
        && old.primary_key == new.primary_key
        && old.foreign_keys == new.foreign_keys
        && old.uniques == new.uniques
        && old.checks == new.checks
        && old.exclusions == new.exclusions
        && old.indexes == new.indexes
        && old.comment == new.comment
}

fn columns(old: &Table, new: &Table, dialect: Dialect, out: &mut Vec<Difference>) {
    let table = &new.name;
    let mut push = |column: &Column, kind, sentence| {
        let part = Some(Name::from(format!("column {}", column.name)));
        out.push(Difference { object: table.clone(), part, kind, sentence });
    };
    for column in &old.columns {
        let Some(other) = new.column(&column.name) else {
            if !(column.id.is_assumed() && new.assumed) {
                let sentence = format!("column {table}.{}{IS_MISSING}", column.name);
                push(column, DifferenceKind::Missing, sentence);
            }
            continue;
        };
        for sentence in column_differences(table, column, other, dialect) {
            push(column, DifferenceKind::Changed, sentence);
        }
    }
    for column in &new.columns {
        // What a script took for granted was there all along.
        if old.column(&column.name).is_none() && !(column.id.is_assumed() && old.assumed) {
            let sentence = format!("column {table}.{}{IS_LEFT_OVER}", column.name);
            push(column, DifferenceKind::Extra, sentence);
        }
    }
}

fn column_differences(table: &super::name::QName, old: &Column, new: &Column, dialect: Dialect) -> Vec<String> {
    let mut out = Vec::new();
    let unknown = |column: &Column| column.ty == SqlType::Unknown;
    if unknown(old) || unknown(new) {
        return out;
    }
    let name = format!("{table}.{}", new.name);
    if old.ty != new.ty {
        out.push(format!("column {name} is {}, was {}", new.ty.text(dialect), old.ty.text(dialect)));
    }
    if old.nullable != new.nullable {
        let said = |nullable| if nullable { "nullable" } else { "NOT NULL" };
        out.push(format!("column {name} is {}, was {}", said(new.nullable), said(old.nullable)));
    }
    if old.default != new.default {
        out.push(format!(
            "column {name} has the default {}, had {}",
            said(new.default.as_ref()),
            said(old.default.as_ref())
        ));
    }
    if old.identity != new.identity {
        let said = |some| if some { "is" } else { "is not" };
        let changed = old.identity.is_some() == new.identity.is_some();
        out.push(if changed {
            format!("column {name} has other identity options")
        } else {
            format!("column {name} {} an identity column", said(new.identity.is_some()))
        });
    }
    if old.computed != new.computed {
        let text = |column: &Column| column.computed.as_ref().map(|computed| computed.expression.clone());
        out.push(format!(
            "column {name} is generated as {}, was {}",
            said(text(new).as_ref()),
            said(text(old).as_ref())
        ));
    }
    if old.autoincrement != new.autoincrement {
        let said = |on| if on { "has" } else { "has no" };
        out.push(format!("column {name} {} auto-increment", said(new.autoincrement)));
    }
    if old.collation != new.collation {
        out.push(format!(
            "column {name} has the collation {}, had {}",
            said(new.collation.as_ref()),
            said(old.collation.as_ref())
        ));
    }
    if old.comment != new.comment {
        out.push(format!(
            "column {name} has the comment {}, had {}",
            said(new.comment.as_ref()),
            said(old.comment.as_ref())
        ));
    }
    out
}

fn said(text: Option<&Name>) -> String {
    text.map_or_else(|| "none".to_owned(), ToString::to_string)
}

type Parts<T> = Vec<(Option<Name>, T)>;

fn list(names: &[Name]) -> String {
    names.join(", ")
}

fn primary_key(table: &Table) -> Parts<Vec<Name>> {
    table.primary_key.iter().map(|key| (key.name.clone(), table.column_names(&key.columns))).collect()
}

type UniqueParts = (Vec<Name>, bool, Option<bool>, Option<bool>);

fn uniques(table: &Table) -> Parts<UniqueParts> {
    let of = |unique: &super::table::Unique| {
        let columns = table.column_names(&unique.columns);
        (columns, unique.nulls_not_distinct, unique.deferrable, unique.initially_deferred)
    };
    table.uniques.iter().map(|unique| (unique.name.clone(), of(unique))).collect()
}

fn describe_unique(unique: &UniqueParts) -> String {
    let (columns, nulls_not_distinct, deferrable, _) = unique;
    let nulls = if *nulls_not_distinct { ", NULLS NOT DISTINCT" } else { "" };
    let deferrable = if *deferrable == Some(true) { ", deferrable" } else { "" };
    format!("{}{nulls}{deferrable}", list(columns))
}

fn foreign_keys(table: &Table) -> Parts<String> {
    table.foreign_keys.iter().map(|key| (key.name.clone(), describe_foreign_key(table, key))).collect()
}

fn describe_foreign_key(table: &Table, key: &ForeignKey) -> String {
    let mut text = list(&table.column_names(&key.columns));
    text.push_str(" to ");
    text.push_str(&key.ref_table.to_string());
    text.push('.');
    text.push_str(&list(&key.ref_columns));
    for (event, action) in [(" on delete ", key.on_delete), (" on update ", key.on_update)] {
        if let Some(words) = action.said() {
            text.push_str(event);
            text.push_str(&words.to_ascii_lowercase());
        }
    }
    if let Some(kind) = &key.match_type {
        text.push_str(" match ");
        text.push_str(kind);
    }
    for (flag, word) in [
        (key.deferrable == Some(true), " deferrable"),
        (key.initially_deferred == Some(true), " initially deferred"),
        (key.not_valid, " not valid"),
    ] {
        if flag {
            text.push_str(word);
        }
    }
    text
}

fn checks(table: &Table) -> Parts<(Name, bool)> {
    table.checks.iter().map(|check| (check.name.clone(), (check.condition.clone(), check.not_valid))).collect()
}

fn describe_check(check: &(Name, bool)) -> String {
    let (condition, not_valid) = check;
    if *not_valid { format!("{condition}, not valid") } else { condition.to_string() }
}

fn exclusions(table: &Table) -> Parts<String> {
    let of = |exclusion: &super::table::Exclusion| (Some(exclusion.name.clone()), exclusion.definition.to_string());
    table.exclusions.iter().map(of).collect()
}

fn indexes(table: &Table) -> Parts<String> {
    table
        .indexes
        .iter()
        .map(|index| {
            let mut text = String::new();
            if index.unique {
                text.push_str("unique ");
            }
            if let Some(using) = &index.using {
                text.push_str("using ");
                text.push_str(using);
                text.push(' ');
            }
            let columns: Vec<String> = index
                .parts
                .iter()
                .map(|part| {
                    let name = |id: ColumnId| table.column_name(id).to_string();
                    let what = part.column.map(name).or_else(|| part.expression.as_deref().map(str::to_owned));
                    let what = what.unwrap_or_default();
                    part.suffix.as_ref().map_or(what.clone(), |suffix| format!("{what} {suffix}"))
                })
                .collect();
            text.push_str(&columns.join(", "));
            if !index.include.is_empty() {
                text.push_str(" including ");
                text.push_str(&list(&table.column_names(&index.include)));
            }
            if let Some(predicate) = &index.predicate {
                text.push_str(" where ");
                text.push_str(predicate);
            }
            if index.nulls_not_distinct {
                text.push_str(" nulls not distinct");
            }
            (Some(index.name.clone()), text)
        })
        .collect()
}
