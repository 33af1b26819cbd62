//! [`index_spec`]: an index's definition.

use std::rc::Rc;

use super::constraint::check_condition;
use super::doubt;
use super::index_options::spelling;
use super::naming::{Naming, Subject};
use crate::alembic::core;
use crate::alembic::items::{ColumnObject, IndexObject};
use crate::alembic::known::{self, NameArg};
use crate::op::{IndexPartSpec, IndexSpec};
use crate::python::{Flow, Unknown, Value, Vm};
use crate::schema::{Dialect, Name, QName};
use crate::source::Span;

/// The definition of an index, and why something of it can't be known, if so.
pub(in crate::alembic) fn index_spec(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    index: &IndexObject,
) -> Flow<(IndexSpec, Option<Rc<Unknown>>)> {
    let dialect = vm.host.catalog().dialect;
    let span = index.span;
    let mut unsure = index.taint.clone();
    let mut parts = Vec::with_capacity(index.parts.len());
    let mut columns = Vec::with_capacity(index.parts.len());
    let mut keys = Vec::with_capacity(index.parts.len());
    for value in &index.parts {
        let Some(part) = part_of(vm, value, dialect) else {
            doubt(&mut unsure, Some(&known::unknown(value, span)));
            continue;
        };
        if let IndexPartSpec::Column(name, _) = &part {
            columns.push(name.clone());
        }
        match known::text(vm, value) {
            Some(name) => keys.push(Name::from(&*name)),
            None => keys.extend(core::column_keys(value).iter().map(|key| Name::from(&**key))),
        }
        parts.push(add_suffix(vm, part, value, index, dialect));
    }
    let option = |suffix: &str| index.option(&format!("{}_{suffix}", dialect.name()));
    let predicate = match option("where") {
        Some(condition) => match check_condition(vm, condition, span) {
            Ok(condition) => Some(condition.into()),
            Err(why) => {
                doubt(&mut unsure, Some(&why));
                None
            }
        },
        None => None,
    };
    let using = option("using").or_else(|| option("prefix")).and_then(|using| known::text(vm, using));
    let using = using.map(|using| Name::from(using.to_lowercase())).filter(|using| &**using != "btree");
    let include = match known::names(vm, option("include"), span)? {
        Ok(names) => known::shared(&names),
        Err(why) => {
            doubt(&mut unsure, Some(&why));
            Vec::new()
        }
    };
    let nulls_not_distinct = matches!(option("nulls_not_distinct"), Some(Value::Bool(true)));
    if let NameArg::Unknown(why) = &index.name {
        doubt(&mut unsure, Some(why));
    }
    let name = index_name(vm, naming, table, &index.name, &columns, span)?;
    if name.is_none() && unsure.is_none() {
        return Err(super::compile_error(vm, "CREATE INDEX requires that the index have a name", span));
    }
    let spec = IndexSpec {
        name,
        table: table.clone(),
        parts,
        keys: Some(keys),
        unique: index.unique,
        using,
        predicate,
        include,
        nulls_not_distinct,
        spelling: None,
    };
    let spelling = if vm.host.offline().is_some() { Some(spelling(vm, &spec, index, dialect)?) } else { None };
    Ok((IndexSpec { spelling, ..spec }, unsure))
}

/// The name of an index.
pub(in crate::alembic) fn index_name(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    given: &NameArg,
    columns: &[Name],
    span: Span,
) -> Flow<Option<Name>> {
    naming.apply(vm, given, &Subject { key: "ix", table, columns, referred: None }, span)
}

/// One part of an index: a column name, a column or an expression.
fn part_of(vm: &mut Vm<'_>, value: &Value, dialect: Dialect) -> Option<IndexPartSpec> {
    if let Some(text) = known::text(vm, value) {
        return Some(IndexPartSpec::Column(Name::from(&*text), None));
    }
    if let Some(column) = value.downcast::<ColumnObject>() {
        return Some(IndexPartSpec::Column(Name::from(&*column.name()), None));
    }
    let text = core::render(value, dialect)?;
    Some(ordered_column(&text, dialect).unwrap_or_else(|| IndexPartSpec::Expression(text.into(), None)))
}

/// Reads `name`, `name DESC`, `"Name" ASC NULLS LAST`: a column with what follows it, not an expression.
fn ordered_column(text: &str, dialect: Dialect) -> Option<IndexPartSpec> {
    let text = text.trim();
    let (name, rest) = if let Some(quoted) = text.strip_prefix(['"', '`']) {
        let (name, rest) = quoted.split_once(['"', '`'])?;
        (name.to_owned(), rest.trim())
    } else {
        let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let folded = if dialect == Dialect::PostgreSql { name.to_lowercase() } else { name.to_owned() };
        (folded, rest.trim())
    };
    let is_identifier = !name.is_empty()
        && (text.starts_with(['"', '`']) || name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$'))
        && !name.starts_with(|c: char| c.is_ascii_digit());
    let upper = rest.to_ascii_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    let is_order = matches!(
        words.as_slice(),
        [] | ["ASC" | "DESC"] | ["NULLS", "FIRST" | "LAST"] | ["ASC" | "DESC", "NULLS", "FIRST" | "LAST"]
    );
    if !is_identifier || !is_order {
        return None;
    }
    let suffix = words.join(" ");
    Some(IndexPartSpec::Column(Name::from(name), (!suffix.is_empty()).then(|| Name::from(suffix))))
}

/// Adds what dialect options put behind a part: an operator class, a length.
fn add_suffix(
    vm: &mut Vm<'_>,
    part: IndexPartSpec,
    value: &Value,
    index: &IndexObject,
    dialect: Dialect,
) -> IndexPartSpec {
    let key = match &part {
        IndexPartSpec::Column(name, _) => name.to_string(),
        IndexPartSpec::Expression(..) => match vm.attr(value, "key", index.span) {
            Ok(Value::Str(key)) => key.to_string(),
            _ => return part,
        },
    };
    let keyed = |value: &Value| match value {
        Value::Dict(dict) => {
            let dict = dict.borrow();
            dict.entries.iter().find(|(k, _)| k.as_str() == Some(&key)).map(|(_, value)| value.clone())
        }
        Value::Int(_) => Some(value.clone()),
        _ => None,
    };
    let added = match dialect {
        Dialect::PostgreSql => match index.option("postgresql_ops").and_then(keyed) {
            Some(Value::Str(class)) => class.to_string(),
            _ => return part,
        },
        Dialect::MySql => match index.option("mysql_length").and_then(keyed) {
            Some(Value::Int(length)) => format!("({length})"),
            _ => return part,
        },
        Dialect::Sqlite => return part,
    };
    let join = |suffix: Option<Name>| match suffix {
        Some(suffix) => Some(Name::from(format!("{added} {suffix}"))),
        None => Some(Name::from(added.as_str())),
    };
    match part {
        IndexPartSpec::Column(name, suffix) => IndexPartSpec::Column(name, join(suffix)),
        IndexPartSpec::Expression(text, suffix) => IndexPartSpec::Expression(text, join(suffix)),
    }
}
