//! `PRAGMA`, as far as it asks for something.

use sqlparser::ast::{ObjectName, ObjectNamePart, Value, ValueWithSpan};

use super::{certain, columns, index_columns, optional, text};
use crate::engine::database::Database;
use crate::engine::relation::Relation;
use crate::engine::rewrite::find_table;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::count;
use crate::op::{Answer, Datum, Effect};
use crate::schema::{Dialect, QName, Table};
use crate::sql::write_type;

/// Answers a `PRAGMA`; one that sets something has no effect that is simulated.
pub(in crate::engine) fn pragma(
    db: &mut Database,
    name: &ObjectName,
    value: Option<&ValueWithSpan>,
    sets: bool,
) -> Evaluation<Answer> {
    let Some(ObjectNamePart::Identifier(ident)) = name.0.last() else { return Err(Stop::unsupported("this PRAGMA")) };
    let wanted = ident.value.to_lowercase();
    if wanted == "foreign_keys" && value.is_some() {
        db.foreign_keys_on = true;
        return Ok(Answer::Done(Effect::default()));
    }
    if wanted == "legacy_alter_table"
        && let Some(value) = value
    {
        let renames_alone = is_on(&value.value);
        if renames_alone && db.foreign_keys_on {
            return Err(Stop::unsupported("what a rename mends depends on whether foreign keys are on"));
        }
        db.catalog.renames_alone = renames_alone;
        return Ok(Answer::Done(Effect::default()));
    }
    if sets {
        return Ok(Answer::Done(Effect::default()));
    }
    let db = &*db;
    let rows = |names: &[&str], rows: Vec<Vec<Datum>>| {
        Ok(Answer::Rows(Relation { columns: columns(names), rows }.into_row_set(Dialect::Sqlite)))
    };
    match wanted.as_str() {
        "foreign_keys" if db.foreign_keys_on => {
            return Err(Stop::unsupported(
                "whether foreign keys are on depends on the transaction that a PRAGMA is in",
            ));
        }
        "foreign_keys" => return rows(&["+foreign_keys"], vec![vec![Datum::Int(0)]]),
        "integrity_check" | "quick_check" => return rows(&["integrity_check"], vec![vec![text("ok")]]),
        _ => {}
    }
    let table = match value.map(|v| &v.value) {
        Some(Value::SingleQuotedString(t) | Value::DoubleQuotedString(t)) => QName::new(t.as_str()),
        Some(other) => QName::new(other.to_string()),
        None => return Err(Stop::unsupported(format!("PRAGMA {wanted} is not supported"))),
    };
    certain(db)?;
    let found = find_table(db, &table);
    if wanted == "table_info" && found.is_some_and(|table| table.columns.iter().any(|column| column.never_rowid)) {
        return Err(Stop::unsupported("how the types of the table are spelled is not kept"));
    }
    let of_table = |make: fn(&Table) -> Vec<Vec<Datum>>| found.map(|t| make(t)).unwrap_or_default();
    match wanted.as_str() {
        "table_info" => rows(&["+cid", "name", "type", "+notnull", "dflt_value", "+pk"], of_table(table_info)),
        "index_list" => rows(&["+seq", "name", "+unique", "origin", "+partial"], of_table(index_list)),
        "foreign_key_list" => {
            rows(&["+id", "+seq", "table", "from", "to", "on_update", "on_delete", "match"], of_table(foreign_key_list))
        }
        "index_info" => {
            let indexes = db.catalog.tables.values().flat_map(|t| t.indexes.iter().map(move |i| (t, i)));
            let index = indexes.into_iter().find(|(_, index)| index.name == table.name);
            let parts = index.map(|(table, index)| index_columns(table, index)).unwrap_or_default();
            let row = |(at, name): (i64, Option<_>)| vec![Datum::Int(at), Datum::Null, optional(name.as_ref())];
            rows(&["+seqno", "+cid", "name"], (0..).zip(parts).map(row).collect())
        }
        _ => Err(Stop::unsupported(format!("PRAGMA {wanted} is not supported"))),
    }
}

/// Whether a value switches something on.
fn is_on(value: &Value) -> bool {
    let text = value.to_string().to_ascii_lowercase();
    matches!(text.trim_matches(['\'', '"']), "on" | "yes" | "true" | "1")
}

fn table_info(table: &Table) -> Vec<Vec<Datum>> {
    let key = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    (0_i64..)
        .zip(&table.columns)
        .map(|(at, column)| {
            let place = key.iter().position(|id| *id == column.id).map_or(0, |at| count(at) + 1);
            vec![
                Datum::Int(at),
                text(&column.name),
                text(write_type(&column.ty, Dialect::Sqlite)),
                Datum::Int(i64::from(!column.nullable)),
                optional(column.default.as_ref()),
                Datum::Int(place),
            ]
        })
        .collect()
}

fn index_list(table: &Table) -> Vec<Vec<Datum>> {
    let row = |(at, index): (i64, &crate::schema::Index)| {
        let flag = |yes: bool| Datum::Int(i64::from(yes));
        vec![Datum::Int(at), text(&index.name), flag(index.unique), text("c"), flag(index.predicate.is_some())]
    };
    (0_i64..).zip(&table.indexes).map(row).collect()
}

fn foreign_key_list(table: &Table) -> Vec<Vec<Datum>> {
    let mut rows = Vec::new();
    for (id, key) in (0_i64..).zip(&table.foreign_keys) {
        for (at, column) in key.columns.iter().enumerate() {
            rows.push(vec![
                Datum::Int(id),
                Datum::Int(count(at)),
                text(&key.ref_table.name),
                text(table.column_name(*column)),
                optional(key.ref_columns.get(at)),
                text(key.on_update.words()),
                text(key.on_delete.words()),
                text("NONE"),
            ]);
        }
    }
    rows
}
