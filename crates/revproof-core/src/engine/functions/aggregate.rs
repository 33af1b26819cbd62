//! Aggregate functions on the rows of one group.

use rustc_hash::FxHashSet;

use super::arithmetic::{arithmetic, average};
use super::dynamic::plain_text;
use super::json::json_call;
use crate::engine::cast::number_prefix;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{compare, count, key, text};
use crate::op::Datum;
use crate::schema::{Dialect, SqlType};

/// What an aggregate gives; `rows` are its arguments for each row, none for `count(*)`.
pub(in crate::engine) fn aggregate(
    name: &str,
    rows: &[&[Datum]],
    distinct: bool,
    ty: &SqlType,
    dialect: Dialect,
) -> Evaluation<Datum> {
    let first = |row: &&[Datum]| row.first().cloned();
    let mut given: Vec<Datum> = rows.iter().filter_map(first).collect();
    if distinct {
        let mut seen = FxHashSet::default();
        given.retain(|datum| seen.insert(key(datum, dialect)));
    }
    if name == "array_agg" {
        return Ok(if given.is_empty() { Datum::Null } else { Datum::List(given) });
    }
    let json = match name {
        "jsonb_agg" => Some(("jsonb_build_array", given.clone())),
        "json_agg" => Some(("json_build_array", given.clone())),
        "jsonb_object_agg" => Some(("jsonb_build_object", rows.concat())),
        "json_object_agg" => Some(("json_object_agg", rows.concat())),
        _ => None,
    };
    if let Some((made, values)) = json {
        if distinct && name.contains("object") {
            return Err(Stop::unsupported(format!("{name} with DISTINCT is not supported")));
        }
        if values.is_empty() {
            return Ok(Datum::Null);
        }
        let unsupported = || Err(Stop::unsupported(format!("{name} of this is not supported")));
        return json_call(made, &values).unwrap_or_else(unsupported);
    }
    if name == "count" && rows.first().is_some_and(|row| row.is_empty()) {
        return Ok(Datum::Int(count(rows.len())));
    }
    let nulls = given.len();
    given.retain(|datum| *datum != Datum::Null);
    let truth = |all: bool| {
        let decided = given.iter().any(|datum| matches!(datum, Datum::Bool(b) if *b != all));
        if given.is_empty() { Datum::Null } else { Datum::Bool(decided != all) }
    };
    Ok(match name {
        "count" => Datum::Int(count(given.len())),
        "bool_and" | "every" => truth(true),
        "bool_or" => truth(false),
        "min" => given.into_iter().min_by(compare).unwrap_or(Datum::Null),
        "max" => given.into_iter().max_by(compare).unwrap_or(Datum::Null),
        "total" => match sum(&given, ty, dialect)? {
            Datum::Null => Datum::Float(0.0),
            total => real(&total),
        },
        "sum" => sum(&given, ty, dialect)?,
        "avg" => {
            let number = count(given.len());
            match sum(&given, ty, dialect)? {
                Datum::Null => Datum::Null,
                #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
                total if dialect == Dialect::Sqlite || matches!(total, Datum::Float(_)) => match real(&total) {
                    Datum::Float(total) => Datum::Float(total / number as f64),
                    other => other,
                },
                total => average(&total, number)?,
            }
        }
        "string_agg" | "group_concat" => {
            let separator = |row: &&[Datum]| row.get(1).map_or_else(|| String::from(","), |d| text(d).into_owned());
            if distinct && rows.iter().any(|row| separator(row) != separator(rows.first().unwrap_or(row))) {
                return Err(Stop::unsupported("separators that differ are not supported with DISTINCT"));
            }
            // The separator of a row stands before it.
            let mut joined: Option<String> = None;
            let mut shown: Vec<(String, String)> = Vec::with_capacity(rows.len());
            if distinct {
                let between = rows.first().map_or_else(|| String::from(","), separator);
                shown.extend(given.iter().map(|datum| (between.clone(), plain_text(datum, dialect))));
            } else {
                let kept = rows.iter().filter(|row| first(row) != Some(Datum::Null));
                shown
                    .extend(kept.map(|row| (separator(row), plain_text(row.first().unwrap_or(&Datum::Null), dialect))));
            }
            for (separator, value) in shown {
                joined = Some(joined.map_or_else(|| value.clone(), |before| before + &separator + &value));
            }
            joined.map_or(Datum::Null, |joined| Datum::Text(joined.into()))
        }
        _ => return Err(Stop::unsupported(format!("the aggregate {name} over {nulls} rows is not supported"))),
    })
}

fn sum(given: &[Datum], ty: &SqlType, dialect: Dialect) -> Evaluation<Datum> {
    let numeric = matches!(ty, SqlType::Numeric(..));
    let number = |datum: &Datum| match datum {
        Datum::Int(i) if numeric && dialect != Dialect::Sqlite => Datum::Decimal(i.to_string().into()),
        other if dialect == Dialect::Sqlite => number_prefix(other),
        other => other.clone(),
    };
    let mut given = given.iter().map(number);
    let Some(mut total) = given.next() else { return Ok(Datum::Null) };
    for datum in given {
        let whole = matches!((&total, &datum), (Datum::Int(_), Datum::Int(_)));
        total = arithmetic(dialect, '+', &total, &datum, ty)?;
        if whole && matches!(total, Datum::Float(_)) {
            return Err(Stop::fail(crate::op::FailureKind::InvalidValue, "integer overflow"));
        }
    }
    Ok(total)
}

#[expect(clippy::cast_precision_loss, reason = "SQLite loses it too")]
fn real(datum: &Datum) -> Datum {
    match datum {
        Datum::Int(i) => Datum::Float(*i as f64),
        other => other.clone(),
    }
}
