//! Whether our answer is the server's.

use revproof_core::op::{Datum, FailureKind, RowSet};
use serde_json::Value;

use super::{ours, theirs};

/// What differs; what we say that we don't know differs from nothing.
/// Rows are compared in their order where `ordered`.
pub(super) fn compare(ours: &ours::Outcome, theirs: &theirs::Outcome, ordered: bool) -> Vec<String> {
    let mut found = Vec::new();
    for (at, real) in theirs.steps.iter().enumerate() {
        if matches!(ours.steps.last(), Some(ours::Step::Unknown)) && at >= ours.steps.len() {
            // A refusal that is not certain ends our case.
            return found;
        }
        let Some(own) = ours.steps.get(at) else {
            found.push(format!("we stop before statement {}, which gives {real:?}", at + 1));
            return found;
        };
        found.extend(step(own, real, ordered));
    }
    let own = ours.steps.get(theirs.steps.len());
    found.extend(own.map(|own| format!("the server has stopped, but we go on: {own:?}")));
    if !found.is_empty() || ours.steps.iter().any(|step| matches!(step, ours::Step::Failed(..))) {
        return found;
    }
    for (name, own) in &ours.tables {
        match (own, theirs.tables.get(name)) {
            (Some(own), Some(real)) => found.extend(rows(own, real, None).map(|d| format!("table {name}: {d}"))),
            (None, _) => {}
            (Some(_), None) => found.push(format!("the server has no table {name}")),
        }
    }
    let missing = theirs.tables.keys().filter(|name| !ours.tables.contains_key(*name));
    found.extend(missing.map(|name| format!("we have no table {name}")));
    found
}

fn step(own: &ours::Step, real: &theirs::Step, ordered: bool) -> Option<String> {
    use {ours::Step as O, theirs::Step as T};
    match (own, real) {
        (O::Unknown, _) | (O::Count(None), T::Count(_)) => None,
        (O::Rows(own), T::Rows(real)) => rows(own, real, Some(ordered)),
        (O::Count(Some(own)), T::Count(real)) => {
            (i64::try_from(*own) != Ok(*real) && *real >= 0).then(|| format!("{real} rows are written, not {own}"))
        }
        (O::Failed(kind, own), T::Failed(state, real)) => {
            let wanted = kinds(state, real);
            (!wanted.contains(kind)).then(|| format!("the server says {state} {real:?}, we say {kind:?} {own:?}"))
        }
        (own, real) => Some(format!("the server gives {real:?}, we give {own:?}")),
    }
}

/// The rows of a table have names, those of a query perhaps an order.
fn rows(own: &RowSet, real: &theirs::Rows, query: Option<bool>) -> Option<String> {
    let told = || Some(format!("the server gives {}, we give {}", shown(real), shown_own(own)));
    let names: Vec<&str> = own.columns.iter().map(AsRef::as_ref).collect();
    let wanted: Vec<&str> = real.columns.iter().map(|(name, _)| name.as_str()).collect();
    if names != wanted && (query.is_none() || names.len() != wanted.len()) {
        return Some(format!("the server's columns are {wanted:?}, ours {names:?}"));
    }
    if own.rows.len() != real.rows.len() {
        return told();
    }
    let types: Vec<&str> = real.columns.iter().map(|(_, ty)| ty.as_str()).collect();
    // Each row of ours takes one of theirs, those without unknown values first.
    let mut left: Vec<&Vec<Option<String>>> = real.rows.iter().collect();
    let mut known: Vec<&Vec<Datum>> = own.rows.iter().collect();
    if query != Some(true) {
        known.sort_by_key(|row| row.iter().filter(|cell| matches!(cell, Datum::Unknown(_))).count());
    }
    for row in known {
        let alike = |real: &&Vec<Option<String>>| {
            row.iter().zip(real.iter()).zip(&types).all(|((own, real), ty)| same(own, real.as_deref(), ty))
        };
        match left.iter().position(alike) {
            Some(at) if at == 0 || query != Some(true) => _ = left.remove(at),
            _ => return told(),
        }
    }
    None
}

/// Whether a value and its type are those of the server. What the engine makes up for the clock and for chance is like
/// anything of its type.
fn same(own: &Datum, real: Option<&str>, ty: &str) -> bool {
    const NOW: &str = "2030-01-01 00:00:00";
    const DRAWN: &str = "5eed0000-0000-4000-8000-";
    let Some(real) = real else { return matches!(own, Datum::Null | Datum::Unknown(_)) };
    match own {
        Datum::Timestamp(own) if own.starts_with(NOW) => return ty.starts_with("timestamp"),
        Datum::Date(own) if **own == NOW[..10] => return ty == "date",
        Datum::Text(own) if own.starts_with(NOW) => return ty == "text" || real.starts_with("text:"),
        Datum::Uuid(own) if own.starts_with(DRAWN) => return ty == "uuid",
        _ => {}
    }
    if ty == "?" {
        let (class, real) = real.split_once(':').unwrap_or_default();
        return match own {
            Datum::Unknown(_) => true,
            Datum::Int(own) => class == "integer" && own.to_string() == real,
            Datum::Float(own) => class == "real" && real.parse() == Ok(*own),
            Datum::Text(own) => class == "text" && **own == *real,
            Datum::Bytes(own) => class == "blob" && hex(own) == real,
            _ => false,
        };
    }
    match own {
        Datum::Unknown(_) => true,
        Datum::Null => false,
        Datum::Bool(own) => ty == "bool" && real == if *own { "t" } else { "f" },
        Datum::Int(own) => matches!(ty, "int2" | "int4" | "int8") && own.to_string() == real,
        Datum::Float(own) => {
            matches!(ty, "float4" | "float8") && (real.parse() == Ok(*own) || own.is_nan() && real == "NaN")
        }
        Datum::Decimal(own) => ty == "numeric" && **own == *real,
        Datum::Date(own) => ty == "date" && **own == *real,
        Datum::Time(own) => ty == "time" && **own == *real,
        Datum::Timestamp(own) => match own.strip_suffix("+00:00") {
            Some(own) => ty == "timestamptz" && format!("{own}+00") == real,
            None => ty == "timestamp" && **own == *real,
        },
        Datum::Interval(own) => ty == "interval" && **own == *real,
        Datum::Uuid(own) => ty == "uuid" && **own == *real,
        Datum::Json(own) => match ty {
            "json" => **own == *real,
            "jsonb" => serde_json::from_str::<Value>(own).ok() == serde_json::from_str(real).ok(),
            _ => false,
        },
        Datum::Bytes(own) => ty == "bytea" && format!("\\x{}", hex(own)) == real,
        Datum::List(_) => ty.starts_with('_') && array(own) == real,
        // Names, enums and texts of all lengths.
        Datum::Text(own) => {
            const OTHERS: [&str; 12] = [
                "bool",
                "int2",
                "int4",
                "int8",
                "float4",
                "float8",
                "numeric",
                "date",
                "timestamp",
                "timestamptz",
                "uuid",
                "bytea",
            ];
            // Blanks at the end of CHAR(n) count for nothing.
            let real = if ty == "bpchar" { real.trim_end_matches(' ') } else { real };
            !OTHERS.contains(&ty) && own.trim_end_matches(if ty == "bpchar" { ' ' } else { '\0' }) == real
        }
    }
}

fn array(datum: &Datum) -> String {
    match datum {
        Datum::List(items) => format!("{{{}}}", items.iter().map(array).collect::<Vec<_>>().join(",")),
        Datum::Null => String::from("NULL"),
        Datum::Bool(own) => String::from(if *own { "t" } else { "f" }),
        Datum::Int(own) => own.to_string(),
        Datum::Float(own) => own.to_string(),
        Datum::Text(own) if own.contains([' ', ',', '"']) || own.is_empty() || own.eq_ignore_ascii_case("null") => {
            format!("{own:?}")
        }
        Datum::Decimal(own) | Datum::Text(own) | Datum::Date(own) | Datum::Uuid(own) => own.to_string(),
        other => format!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// The kinds that an error of a server may be to us.
fn kinds(state: &str, sentence: &str) -> &'static [FailureKind] {
    use FailureKind as K;
    const SENTENCES: [(&str, &[FailureKind]); 10] = [
        ("Cannot add a NOT NULL", &[K::NotNullViolation]),
        ("NOT NULL constraint failed", &[K::NotNullViolation]),
        ("UNIQUE constraint failed", &[K::UniqueViolation]),
        ("CHECK constraint failed", &[K::CheckViolation]),
        ("FOREIGN KEY constraint failed", &[K::ForeignKeyViolation]),
        ("no such ", &[K::UndefinedObject]),
        ("has no column named", &[K::UndefinedObject]),
        ("already exists", &[K::DuplicateObject]),
        ("datatype mismatch", &[K::DatatypeMismatch, K::InvalidValue]),
        ("integer overflow", &[K::InvalidValue]),
    ];
    if state.is_empty() {
        let known = SENTENCES.iter().find(|(part, _)| sentence.contains(part));
        return known.map_or(&[K::InvalidStatement, K::InvalidValue, K::Unsupported], |(_, kinds)| kinds);
    }
    match state {
        "23502" => &[K::NotNullViolation],
        "23503" => &[K::ForeignKeyViolation],
        "23505" => &[K::UniqueViolation],
        "23514" => &[K::CheckViolation],
        "42P01" | "42703" | "42704" | "3F000" => &[K::UndefinedObject],
        // No operator for such operands is a function that does not exist.
        "42883" => &[K::UndefinedObject, K::DatatypeMismatch],
        "42701" | "42P07" | "42710" | "42712" => &[K::DuplicateObject, K::InvalidStatement],
        "42804" | "42846" | "42P18" => &[K::DatatypeMismatch],
        "2BP01" => &[K::DependentObjects],
        "0A000" => &[K::Unsupported, K::InvalidStatement, K::DependentObjects],
        _ if state.starts_with("22") => &[K::InvalidValue],
        _ => &[K::InvalidStatement],
    }
}

fn shown(rows: &theirs::Rows) -> String {
    let line = |row: &Vec<Option<String>>| {
        row.iter().map(|cell| cell.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join("|")
    };
    let types: Vec<&str> = rows.columns.iter().map(|(_, ty)| ty.as_str()).collect();
    format!("{{{}}} ({})", rows.rows.iter().map(line).collect::<Vec<_>>().join(" / "), types.join("|"))
}

fn shown_own(rows: &RowSet) -> String {
    let line = |row: &Vec<Datum>| row.iter().map(|cell| format!("{cell:?}")).collect::<Vec<_>>().join("|");
    format!("{{{}}}", rows.rows.iter().map(line).collect::<Vec<_>>().join(" / "))
}
