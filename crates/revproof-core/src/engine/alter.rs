//! What a DDL operation does to rows: [`apply_steps`] follows what [`crate::ddl`] did to the catalog.

use std::sync::Arc;

use super::cast::{CastError, Mode, cast, convert, type_name};
use super::constraint::{self, Doubts, FirstRefusal, must_hold, violation};
use super::database::Database;
use super::defaults::{constant_default, default_value};
use super::expression::{evaluate_rows, refused_rows};
use super::rows::TableRows;
use super::sequence::counts;
use super::stop::Stop;
use super::{query, write};
use crate::ddl::{Demand, RowStep};
use crate::op::{Datum, Failure, FailureKind, Outcome};
use crate::schema::{Check, ColumnId, Dialect, Name, QName, SqlType, Table, Token, TokenKind, tokens};

/// Does to rows what a DDL operation says, step by step.
///
/// The steps of a batch block on SQLite are one statement, which copies row by row; unique indexes come after it.
pub(super) fn apply_steps(db: &mut Database, steps: &[RowStep], doubts: &mut Doubts) -> Outcome<()> {
    let mut first = FirstRefusal::default();
    for step in steps {
        if matches!(step, RowStep::MustHold { what: Demand::UniqueIndex(_), .. }) {
            first.told()?;
        }
        let done = apply_step(db, step, doubts);
        match db.catalog.dialect {
            Dialect::Sqlite => first.take(done)?,
            _ => done?,
        }
    }
    first.told()
}

fn apply_step(db: &mut Database, step: &RowStep, doubts: &mut Doubts) -> Outcome<()> {
    match step {
        RowStep::TableCreated { table, query } => {
            db.tables.remove(table);
            let checks = db.catalog.tables.get(table).map(|table| table.checks.clone()).unwrap_or_default();
            for check in &checks {
                condition_reads(db, table, check)?;
            }
            if let (Some(query), Some(table)) = (query, db.catalog.tables.get(table).cloned()) {
                return query::fill_from(db, &table, query, doubts);
            }
        }
        RowStep::TableDropped(table) => {
            db.tables.remove(table);
        }
        RowStep::TableRenamed { from, to } => {
            if let Some(rows) = db.tables.remove(from) {
                db.tables.insert(to.clone(), rows);
            }
        }
        RowStep::ColumnAdded { table, column } => return column_added(db, table, *column, doubts),
        RowStep::ColumnDropped { .. } => {}
        RowStep::ColumnRetyped { table, column, from, to, using, cast } => {
            let how = Conversion { using: using.as_deref(), cast: *cast };
            return column_retyped(db, table, *column, (from, to), how, doubts);
        }
        RowStep::MustHold { table, what } => {
            if let Demand::Check(check) = what {
                condition_reads(db, table, check)?;
            }
            number_keys(db, table, what)?;
            let Some(rows) = db.tables.get(table).filter(|rows| !rows.is_empty() || rows.taint.is_some()) else {
                return Ok(());
            };
            let skip = rows.is_empty() && rows.taint.is_none();
            if let (false, Some(table)) = (skip, db.catalog.tables.get(table)) {
                return must_hold(db, table, what, doubts);
            }
        }
        RowStep::ViewFilled { view, how } => return query::fill_view(db, view, *how, doubts),
        RowStep::EnumValueRenamed { name, from, to } => enum_value_renamed(db, name, from, to),
        RowStep::Truncated { table, restart } => {
            if *restart {
                db.rows_mut(table).reset_counters();
                let owned = db.catalog.tables.get(table).map(|table| {
                    table.columns.iter().filter_map(|column| column.owned_sequence.clone()).collect::<Vec<_>>()
                });
                for sequence in owned.into_iter().flatten() {
                    db.sequences.remove(&sequence);
                }
            }
            if db.tables.contains_key(table) {
                let rows = db.rows_mut(table);
                rows.clear();
                rows.scripted = true;
                rows.taint = None;
                // Only MySQL starts counting anew; PostgreSQL is asked to with RESTART IDENTITY.
                if db.catalog.dialect == Dialect::MySql {
                    db.rows_mut(table).reset_counters();
                }
            }
        }
    }
    Ok(())
}

/// PostgreSQL looks for the functions and operators of a check, and reads its literals as values of the types that they are
/// compared with, rows or none.
fn condition_reads(db: &Database, name: &QName, check: &Check) -> Outcome<()> {
    let Some(table) = db.catalog.tables.get(name).filter(|table| !table.assumed) else { return Ok(()) };
    if db.catalog.dialect != Dialect::PostgreSql {
        return Ok(());
    }
    match refused_rows(db, table, &TableRows::default(), &check.condition) {
        Err(Stop::Fail(failure))
            if matches!(failure.kind, FailureKind::InvalidValue | FailureKind::UndefinedObject) =>
        {
            Err(failure.about(name.clone()))
        }
        _ => Ok(()),
    }
}

/// A key that is the number of the row in SQLite is never NULL: a row without gets the next.
fn number_keys(db: &mut Database, name: &QName, what: &Demand) -> Outcome<()> {
    if db.catalog.dialect != Dialect::Sqlite || !matches!(what, Demand::NotNull(_) | Demand::PrimaryKey(_)) {
        return Ok(());
    }
    let Some(table) = db.filled_table(name) else { return Ok(()) };
    let Some(key) = table.columns.iter().find(|column| counts(Dialect::Sqlite, &table, column)) else { return Ok(()) };
    let rows = db.rows_of(name).into_iter().flat_map(TableRows::iter);
    let without: Vec<i64> = rows.filter(|(_, row)| *row.get(key.id) == Datum::Null).map(|(number, _)| number).collect();
    for number in without {
        let value = match default_value(db, &table, key) {
            Ok(value) => value,
            Err(Stop::Fail(failure)) => return Err(failure.about(name.clone())),
            Err(Stop::Unsupported(why)) => Datum::Unknown(why),
        };
        if let Some(row) = db.rows_mut(name).get_mut(number) {
            row.set(key.id, value);
        }
    }
    Ok(())
}

/// Rows get a new column's default, else NULL.
fn column_added(db: &mut Database, name: &QName, id: ColumnId, doubts: &mut Doubts) -> Outcome<()> {
    let Some(table) = db.filled_table(name) else { return Ok(()) };
    let Some(column) = table.column_by_id(id).cloned() else { return Ok(()) };
    let numbers: Vec<i64> = db.rows_of(name).map(|rows| rows.iter().map(|(n, _)| n).collect()).unwrap_or_default();
    if column.computed.is_some() {
        write::compute(db, &table, &numbers);
    } else if let Some(value) = constant_default(db, &column) {
        db.rows_mut(name).for_each_mut(|_, row| row.set(id, value.clone()));
    } else if column.default.is_some() || column.identity.is_some() || column.autoincrement {
        for number in numbers {
            let value = match default_value(db, &table, &column) {
                Ok(value) => value,
                Err(Stop::Fail(failure)) => return Err(failure.about(name.clone())),
                Err(Stop::Unsupported(why)) => Datum::Unknown(why),
            };
            if let Some(row) = db.rows_mut(name).get_mut(number) {
                row.set(id, value);
            }
        }
    } else if db.catalog.dialect == Dialect::MySql && !column.nullable {
        // MySQL fills a NOT NULL column in with the implicit default of its type.
        if let Some(value) = implicit_default(&column.ty) {
            db.rows_mut(name).for_each_mut(|_, row| row.set(id, value.clone()));
            return Ok(());
        }
        doubts.push(format!("the implicit default of column {} is not simulated", column.name).into());
        db.rows_mut(name).for_each_mut(|_, row| row.set(id, Datum::Unknown("an implicit default".into())));
        return Ok(());
    }
    if column.nullable { Ok(()) } else { must_hold(db, &table, &Demand::NotNull(id), doubts) }
}

/// MySQL's implicit default of a type.
fn implicit_default(ty: &SqlType) -> Option<Datum> {
    Some(match ty {
        SqlType::Boolean
        | SqlType::TinyInt
        | SqlType::SmallInt
        | SqlType::MediumInt
        | SqlType::Integer
        | SqlType::BigInt
        | SqlType::Unsigned(_)
        | SqlType::Year => Datum::Int(0),
        SqlType::Float(_) | SqlType::Real | SqlType::Double => Datum::Float(0.0),
        SqlType::Numeric(..) | SqlType::Decimal(..) => Datum::Decimal("0".into()),
        SqlType::Char(_) | SqlType::VarChar(_) | SqlType::NChar(_) | SqlType::NVarChar(_) | SqlType::Text(_) => {
            Datum::Text("".into())
        }
        SqlType::InlineEnum(values) => Datum::Text(values.first()?.clone()),
        _ => return None,
    })
}

/// PostgreSQL reads the conditions on a column again when its type changes, those of checks and of indexes: their operators
/// must be there for the new one, and a literal keeps the type that it had beside the column. Of VARCHAR and CHAR it keeps a
/// cast to text, which all types have.
fn conditions_compare(db: &Database, name: &QName, id: ColumnId, from: &SqlType) -> Outcome<()> {
    if matches!(from, SqlType::VarChar(_) | SqlType::Char(_)) {
        return Ok(());
    }
    let Some(table) = db.catalog.tables.get(name).filter(|_| db.catalog.dialect == Dialect::PostgreSql) else {
        return Ok(());
    };
    let Some(column) = table.column_by_id(id) else { return Ok(()) };
    let no_operator = |operator: &str| {
        let message = format!("operator does not exist: {} {operator} {}", type_name(&column.ty), type_name(from));
        Err(Failure::new(FailureKind::UndefinedObject, message).about(name.clone()))
    };
    let checks = table.checks.iter().filter(|check| check.columns.contains(&id));
    if matches!(from, SqlType::Enum(_)) && *from != column.ty {
        // No type is compared with an enum but the enum.
        let parts =
            table.indexes.iter().flat_map(|index| index.parts.iter().filter_map(|part| part.expression.as_ref()));
        let predicates = table.indexes.iter().filter_map(|index| index.predicate.as_ref());
        let mut conditions = checks.clone().map(|check| &check.condition).chain(predicates).chain(parts);
        if let Some(operator) = conditions.find_map(|condition| compared_with_literal(condition, &column.name)) {
            return no_operator(operator);
        }
    }
    for check in checks {
        match refused_rows(db, table, &TableRows::default(), &check.condition) {
            Err(Stop::Fail(failure)) if failure.kind == FailureKind::UndefinedObject => {
                return Err(failure.about(name.clone()));
            }
            Err(Stop::Fail(failure)) if failure.kind == FailureKind::InvalidValue => return no_operator("="),
            _ => {}
        }
    }
    Ok(())
}

/// The operator by which a condition compares a column itself, not what is made of it, with a literal.
fn compared_with_literal<'c>(condition: &'c str, column: &Name) -> Option<&'c str> {
    let all = tokens(condition, Dialect::PostgreSql);
    all.iter().enumerate().find_map(|(at, token)| {
        let itself = token.identifier(Dialect::PostgreSql).is_some_and(|name| *name == **column);
        let (before, after) = all.split_at_checked(at).filter(|_| itself)?;
        let after = after.get(1..)?;
        // A cast or another operator on either side makes another value of it, which is then what is compared.
        let free = |beside: Option<&Token<'_>>| {
            beside.is_none_or(|beside| beside.kind == TokenKind::Word || matches!(beside.text, "(" | ")" | "," | "."))
        };
        let to_the_left = match before {
            _ if !free(after.first()) => None,
            [.., literal, operator] if literal.kind == TokenKind::Text => comparison(operator),
            [.., literal, cast, _, operator] if literal.kind == TokenKind::Text && cast.text == "::" => {
                comparison(operator)
            }
            _ => None,
        };
        to_the_left.or_else(|| {
            let (operator, rest) = match after {
                [not, operator, rest @ ..] if not.is_word("not") => (operator, rest),
                [operator, rest @ ..] => (operator, rest),
                [] => return None,
            };
            let opens = |token: &&Token<'_>| {
                matches!(token.text, "(" | "[") || ["any", "all", "array"].iter().any(|word| token.is_word(word))
            };
            let literal = rest.iter().find(|token| !opens(token))?;
            comparison(operator).filter(|_| literal.kind == TokenKind::Text && free(before.last()))
        })
    })
}

/// The operator that a comparison is made with.
fn comparison<'c>(token: &Token<'c>) -> Option<&'c str> {
    match token.text {
        "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" => Some(token.text),
        _ if token.is_word("in") || token.is_word("between") => Some("="),
        _ => None,
    }
}

/// How values get to be of a column's new type.
#[derive(Clone, Copy)]
struct Conversion<'a> {
    /// `USING`.
    using: Option<&'a str>,
    /// Whether a batch block copies them with a `CAST`.
    cast: bool,
}

/// Values are cast to a column's new type, or computed by `USING`.
fn column_retyped(
    db: &mut Database,
    name: &QName,
    id: ColumnId,
    (from, to): (&SqlType, &SqlType),
    how: Conversion<'_>,
    doubts: &mut Doubts,
) -> Outcome<()> {
    conditions_compare(db, name, id, from)?;
    let Some(table) = db.filled_table(name) else { return Ok(()) };
    let Some(column) = table.column_by_id(id).cloned() else { return Ok(()) };
    let Some(rows) = db.rows_of(name).cloned() else { return Ok(()) };
    let dialect = db.catalog.dialect;
    let (sources, mode) = match how.using {
        Some(expression) if plain_cast(expression, &column.name, (from, to)) => {
            (column_values(&rows, id), Mode::Explicit)
        }
        Some(expression) => match evaluate_with_type(db, &table, &rows, id, from, expression) {
            Ok(values) => (values, Mode::Assignment),
            Err(Stop::Fail(failure)) => return Err(*failure),
            Err(Stop::Unsupported(why)) => {
                doubts.push(format!("the USING expression {expression} is not simulated: {why}").into());
                db.rows_mut(name).for_each_mut(|_, row| row.set(id, Datum::Unknown(why.clone())));
                return Ok(());
            }
        },
        None => (column_values(&rows, id), Mode::Assignment),
    };
    let mut refused: Vec<(i64, Datum, Failure)> = Vec::new();
    let mut values = Vec::with_capacity(sources.len());
    for ((number, _), source) in rows.iter().zip(sources) {
        match copied(db, source.clone(), to, how).and_then(|source| retype(db, &source, from, to, mode)) {
            Ok(value) => values.push((number, value)),
            Err(CastError::Unsupported(why)) => {
                doubts.push(why.clone());
                values.push((number, Datum::Unknown(why)));
            }
            Err(error) => match error.failure(&db.catalog, &column.name, to) {
                Ok(failure) => refused.push((number, source, failure)),
                Err(why) => values.push((number, Datum::Unknown(why))),
            },
        }
    }
    if let Some((_, _, failure)) = refused.first() {
        let numbers: Vec<i64> = refused.iter().map(|(n, ..)| *n).collect();
        let mut shown = violation(db, &table, None, &[id], &numbers);
        for (row, (_, value, _)) in shown.sample.iter_mut().zip(&refused) {
            if let Some(cell) = row.iter_mut().find(|(n, _)| *n == column.name) {
                cell.1 = value.clone();
            }
        }
        let mut failure = failure.clone().about(name.clone());
        if failure.kind != FailureKind::InvalidValue {
            failure.kind = FailureKind::InvalidValue;
            failure.message = format!("column \"{}\" cannot be cast to type {}", column.name, type_name(to));
        }
        failure.doubt.clone_from(&rows.taint);
        return Err(failure.with_violation(shown));
    }
    let same_storage = dialect == Dialect::Sqlite;
    let mut changed = Vec::new();
    let stored = db.rows_mut(name);
    for (number, value) in values {
        if same_storage && stored.get(number).is_some_and(|row| *row.get(id) == value) {
            continue;
        }
        if let Some(row) = stored.get_mut(number) {
            row.set(id, value);
            changed.push(number);
        }
    }
    // What differed may be alike now.
    constraint::check_keys(db, &table, id, &changed, doubts)
}

fn column_values(rows: &TableRows, id: ColumnId) -> Vec<Datum> {
    rows.iter().map(|(_, row)| row.get(id).clone()).collect()
}

/// The value that a batch block copies.
fn copied(db: &Database, value: Datum, to: &SqlType, how: Conversion<'_>) -> Result<Datum, CastError> {
    if how.cast && value != Datum::Null { cast(&db.catalog, &value, to, Mode::Explicit) } else { Ok(value) }
}

/// One value in its new type. Enum types swap through text; a type that can't be read as text has been refused by the
/// catalog already.
fn retype(db: &Database, value: &Datum, from: &SqlType, to: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match to {
        SqlType::Enum(_) if mode == Mode::Assignment => cast(&db.catalog, value, to, Mode::Literal),
        SqlType::Json | SqlType::Jsonb if matches!(from, SqlType::Json | SqlType::Jsonb) => Ok(value.clone()),
        _ => convert(&db.catalog, value, Some(from), to, mode),
    }
}

fn is_textual(ty: &SqlType) -> bool {
    matches!(ty, SqlType::Char(_) | SqlType::VarChar(_) | SqlType::NChar(_) | SqlType::NVarChar(_) | SqlType::Text(_))
}

/// Whether `USING` is only the column's own cast to the new type, perhaps through text: `x::integer`,
/// `x::text::new_enum`.
fn plain_cast(expression: &str, column: &Name, (from, to): (&SqlType, &SqlType)) -> bool {
    let mut parts = expression.trim().split("::").map(|part| part.trim().trim_matches('"').to_ascii_lowercase());
    let (Some(source), Some(first), second, None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    // Text that is no text of its own is another thing than the value: `true` is no number, 1 is.
    let textual = is_textual(from) || matches!(from, SqlType::Enum(_));
    let through_text = |name: &str| textual && matches!(name, "text" | "varchar" | "character varying");
    let target = match &second {
        Some(last) if through_text(&first) => last,
        Some(_) => return false,
        None => &first,
    };
    let wanted = type_name(to).to_ascii_lowercase();
    let alias = match target.as_str() {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "bool" => "boolean",
        "float8" => "double precision",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        other => other,
    };
    *source == *column.to_ascii_lowercase() && alias == wanted
}

/// Evaluates `USING` with the column as it was.
fn evaluate_with_type(
    db: &Database,
    table: &Table,
    rows: &TableRows,
    id: ColumnId,
    from: &SqlType,
    expression: &str,
) -> Result<Vec<Datum>, Stop> {
    let mut before = table.clone();
    if let Some(column) = before.columns.iter_mut().find(|c| c.id == id) {
        Arc::make_mut(column).ty = from.clone();
    }
    evaluate_rows(db, &before, rows, expression)
}

/// Columns of an enum type hold the new name of a value.
fn enum_value_renamed(db: &mut Database, name: &QName, from: &Name, to: &Name) {
    let renamed = |datum: &Datum| matches!(datum, Datum::Text(t) if t == from);
    let tables: Vec<Arc<Table>> =
        db.filled_tables().filter_map(|(table, _)| db.catalog.tables.get(table).cloned()).collect();
    for table in tables {
        for column in &table.columns {
            if !matches!(&column.ty, SqlType::Enum(ty) if ty == name) {
                continue;
            }
            db.rows_mut(&table.name).for_each_mut(|_, row| {
                if renamed(row.get(column.id)) {
                    row.set(column.id, Datum::Text(to.clone()));
                }
            });
        }
    }
}
