//! Columns that are made, added or dropped.

use std::sync::Arc;

use super::changed::{Demand, RowStep};
use super::failures::{self, refuse};
use super::naming;
use super::types;
use super::work::Work;
use crate::op::{ColumnSpec, ConstraintKind, DefaultSpec, Failure, FailureKind, Outcome};
use crate::schema::{
    Column, ColumnId, Computed, Dialect, Name, QName, Sequence, SqlType, Table, Token, TokenKind, condition_text,
    default_text, nextval_sequence, nextval_text, same, tokens, unknown_column,
};

/// A default of which only the existence is known.
pub(super) const UNKNOWN: &str = "?";

/// Makes a column of a table that is being made or changed. Its constraints are left to the caller.
pub(super) fn make(work: &mut Work, table: &mut Table, spec: &ColumnSpec) -> Outcome<ColumnId> {
    let dialect = work.dialect;
    let name = naming::stored(&spec.name, dialect);
    if dialect == Dialect::PostgreSql && SYSTEM_COLUMNS.contains(&&*name) {
        let message = format!("column name \"{name}\" conflicts with a system column name");
        return Err(Failure::new(FailureKind::DuplicateObject, message));
    }
    let ty = types::resolve(work, &spec.ty)?;
    let id = ColumnId(table.next_column);
    table.next_column = table.next_column.saturating_add(1);
    let mut column = Column::new(id, name, ty);
    column.nullable = spec.nullable;
    column.never_rowid = dialect == Dialect::Sqlite && column.ty == SqlType::Integer && spec.ty != SqlType::Integer;
    if spec.serial && column.never_rowid {
        let message = "AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY";
        return Err(refuse(FailureKind::InvalidStatement, &table.name, message));
    }
    column.collation.clone_from(&spec.collation);
    column.comment = spec.comment.clone().filter(|comment| !comment.is_empty());
    column.computed = spec.computed.as_ref().map(|computed| Computed {
        expression: condition_text(&computed.expression, dialect),
        persisted: computed.persisted || dialect == Dialect::PostgreSql,
    });
    if let Some(default) = &spec.default {
        column.default = default_of(work, &table.name, &column.name, &column.ty, default)?;
    }
    if spec.serial && dialect != Dialect::PostgreSql {
        column.autoincrement = true;
        column.nullable = dialect == Dialect::Sqlite && spec.nullable;
    }
    if dialect == Dialect::PostgreSql && (spec.serial || spec.identity.is_some()) {
        let sequence = naming::sequence_name(&work.catalog, table, &column.name);
        let made = Sequence::of_column(sequence.clone(), spec.identity.as_ref(), &table.name);
        work.catalog.sequences.insert(sequence.clone(), Arc::new(made));
        column.nullable = false;
        if spec.serial {
            column.default = Some(nextval_text(&sequence));
        }
        column.owned_sequence = Some(sequence);
        column.identity.clone_from(&spec.identity);
    }
    table.columns.push(Arc::new(column));
    Ok(id)
}

/// What a column is computed from is there.
pub(super) fn computed_stands(table: &Table, spec: &ColumnSpec) -> Outcome<()> {
    let Some(computed) = spec.computed.as_ref().filter(|_| !table.assumed) else { return Ok(()) };
    let columns = super::work::column_names(table);
    match unknown_column(&computed.expression, &columns, Dialect::PostgreSql) {
        Some(unknown) => {
            let message = format!("column \"{unknown}\" does not exist");
            Err(refuse(FailureKind::UndefinedObject, &table.name, message))
        }
        None => Ok(()),
    }
}

const SYSTEM_COLUMNS: [&str; 6] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

/// A default as the catalog holds it, or the refusal of one that the type does not take.
pub(super) fn default_of(
    work: &mut Work,
    table: &QName,
    column: &str,
    ty: &SqlType,
    default: &DefaultSpec,
) -> Outcome<Option<Name>> {
    let sql = match default {
        DefaultSpec::Sql(sql) => sql,
        DefaultSpec::Unknown(why) => {
            work.doubt(why.clone());
            return Ok(Some(Name::from(UNKNOWN)));
        }
    };
    types::check_default(work, table, column, ty, sql)?;
    if work.dialect == Dialect::Sqlite {
        check_sqlite_default(table, sql)?;
    }
    let text = default_text(sql, ty, work.dialect);
    if work.dialect != Dialect::Sqlite && text.eq_ignore_ascii_case("null") {
        // PostgreSQL remembers that a NULL was cast to a length.
        let cast = work.dialect == Dialect::PostgreSql && has_length(ty);
        return Ok(cast.then(|| default_text(&format!("NULL::{}", ty.text(work.dialect)), ty, work.dialect)));
    }
    if work.dialect == Dialect::PostgreSql
        && let Some(sequence) = nextval_sequence(&condition_text(sql, work.dialect))
    {
        if !work.catalog.sequences.contains_key(&sequence) {
            let message = format!("relation \"{sequence}\" does not exist");
            return Err(refuse(FailureKind::UndefinedObject, &sequence, message));
        }
        return Ok(Some(nextval_text(&sequence)));
    }
    Ok(Some(text))
}

fn has_length(ty: &SqlType) -> bool {
    match ty {
        SqlType::VarChar(length) => length.is_some(),
        SqlType::Char(_) | SqlType::Bit { .. } => true,
        SqlType::Numeric(precision, _) | SqlType::Time { precision, .. } | SqlType::Timestamp { precision, .. } => {
            precision.is_some()
        }
        _ => false,
    }
}

/// `ALTER TABLE … ADD COLUMN`.
pub(super) fn add(work: &mut Work, name: &QName, spec: &ColumnSpec, if_not_exists: bool) -> Outcome<()> {
    let mut table = work.edit(name)?;
    if let Some(column) = work.find(&table, &spec.name) {
        if if_not_exists {
            return Ok(());
        }
        if !column.id.is_assumed() {
            return Err(failures::duplicate_column(work.dialect, &table.name, &spec.name));
        }
        // A script takes it for granted and another adds it: it was not there to be taken for granted.
        let id = column.id;
        table.columns.retain(|column| column.id != id);
    }
    if work.dialect == Dialect::Sqlite {
        sqlite_refusals(&table, spec)?;
    }
    let id = make(work, &mut table, spec)?;
    if work.dialect == Dialect::PostgreSql {
        computed_stands(&table, spec)?;
    }
    let mut demands = Vec::new();
    let column_name = table.column_name(id);
    for constraint in &spec.constraints {
        demands.push((super::constraint::add(work, &mut table, constraint, Some(&column_name))?, constraint.not_valid));
    }
    let name = table.name.clone();
    let column = table.column_by_id(id);
    let constant = column.is_none_or(|column| is_constant(column.default.as_deref()));
    let assumed = table.assumed;
    work.put(table);
    if work.dialect == Dialect::Sqlite {
        if !constant {
            work.must_hold(&name, Demand::NoRows(Arc::from("Cannot add a column with non-constant default")));
        }
        let columns = super::work::column_names(work.table(&name)?);
        if let Some(computed) = spec.computed.as_ref().filter(|_| !assumed)
            && let Some(unknown) = unknown_column(&computed.expression, &columns, work.dialect)
        {
            let message = format!("error in table {} after add column: no such column: {unknown}", name.name);
            return Err(refuse(FailureKind::UndefinedObject, &name, message));
        }
        if spec.computed.as_ref().is_some_and(|computed| computed.persisted) {
            work.must_hold(&name, Demand::NoRows(Arc::from("cannot add a STORED column")));
        }
    }
    work.step(RowStep::ColumnAdded { table: name.clone(), column: id });
    for (demand, not_valid) in demands {
        if !not_valid {
            work.must_hold(&name, demand);
        }
    }
    Ok(())
}

/// What SQLite can't add, whether there are rows or not.
fn sqlite_refusals(table: &Table, spec: &ColumnSpec) -> Outcome<()> {
    let has = |what: fn(&ConstraintKind) -> bool| spec.constraints.iter().any(|constraint| what(&constraint.kind));
    let message = if has(|kind| matches!(kind, ConstraintKind::PrimaryKey { .. })) {
        "Cannot add a PRIMARY KEY column"
    } else if has(|kind| matches!(kind, ConstraintKind::Unique { .. })) {
        "Cannot add a UNIQUE column"
    } else {
        return Ok(());
    };
    Err(refuse(FailureKind::InvalidStatement, &table.name, message))
}

/// Whether SQLite takes a default for a constant, as far as it knows when the column is added: a literal, with signs,
/// in brackets or cast.
fn is_constant(default: Option<&str>) -> bool {
    let Some(default) = default else { return true };
    let found = tokens(default, Dialect::Sqlite);
    match found.as_slice() {
        [word] if word.kind == TokenKind::Word => !word.text.to_ascii_uppercase().starts_with("CURRENT_"),
        found => is_constant_term(found),
    }
}

fn is_constant_term(found: &[Token<'_>]) -> bool {
    match found {
        [only] => {
            let named = ["true", "false", "null"].iter().any(|word| only.is_word(word));
            named || !matches!(only.kind, TokenKind::Word | TokenKind::Symbol)
        }
        [sign, rest @ ..] if matches!(sign.text, "-" | "+") => is_constant_term(rest),
        [open, inner @ .., close] if open.text == "(" && close.text == ")" => is_constant_term(inner),
        [cast, open, inner @ .., close] if cast.is_word("cast") && open.text == "(" && close.text == ")" => {
            let end = inner.iter().position(|token| token.is_word("as"));
            end.and_then(|end| inner.get(..end)).is_some_and(is_constant_term)
        }
        _ => false,
    }
}

/// What SQLite takes for a default without brackets is one literal, one name, or a number with a sign.
fn check_sqlite_default(table: &QName, default: &str) -> Outcome<()> {
    let found = tokens(default, Dialect::Sqlite);
    let signed = |token: &Token<'_>| matches!(token.text, "-" | "+");
    let term = if found.first().is_some_and(signed) { found.get(1..).unwrap_or_default() } else { found.as_slice() };
    let closes = |rest: &[Token<'_>]| {
        let mut depth = 0_i32;
        rest.iter().position(|token| {
            depth += i32::from(token.text == "(") - i32::from(token.text == ")");
            depth == 0
        })
    };
    let next = match term {
        [open, ..] if open.text == "(" => closes(term).and_then(|end| term.get(end + 1)),
        [_, rest @ ..] => rest.first(),
        [] => None,
    };
    match next {
        // What can stand there as well belongs to the column, not to the default.
        Some(next) if matches!(next.kind, TokenKind::Symbol | TokenKind::Text | TokenKind::Number) => {
            Err(refuse(FailureKind::InvalidStatement, table, format!("near \"{}\": syntax error", next.text)))
        }
        _ => Ok(()),
    }
}

/// `ALTER TABLE … DROP COLUMN`.
pub(super) fn drop(work: &mut Work, name: &QName, column: &str, if_exists: bool, cascade: bool) -> Outcome<()> {
    let table = work.edit(name)?;
    let Some(found) = work.find(&table, column) else {
        if if_exists || table.assumed {
            return Ok(());
        }
        return Err(match work.dialect {
            Dialect::MySql => refuse(
                FailureKind::UndefinedObject,
                &table.name,
                format!("Can't DROP '{column}'; check that column/key exists"),
            ),
            dialect => failures::no_column(dialect, &table.name, column),
        });
    };
    let id = found.id;
    match work.dialect {
        Dialect::PostgreSql => postgresql_drop(work, table, id, cascade),
        Dialect::Sqlite => sqlite_drop(work, table, id),
        Dialect::MySql => mysql_drop(work, table, id),
    }
}

fn postgresql_drop(work: &mut Work, mut table: Table, id: ColumnId, cascade: bool) -> Outcome<()> {
    let name = table.column_name(id);
    let mut dependents = Vec::new();
    // Foreign keys of other tables rest on the keys that go with the column.
    let mut keys = Vec::new();
    for key in keys_with(&table, id) {
        keys.extend(super::foreign_key::resting_on(work, &table, &key));
    }
    keys.retain(|(child, key)| *child != table.name || !key.columns.contains(&id));
    dependents.extend(keys.iter().map(|(child, key)| super::foreign_key::described(child, key)));
    let views = super::objects::views_naming_column(work, &table, &name);
    dependents.extend(views.iter().map(|view| format!("view {}", view.name)));
    let generated: Vec<ColumnId> = table
        .columns
        .iter()
        .filter(|other| other.id != id)
        .filter(|other| {
            other
                .computed
                .as_ref()
                .is_some_and(|computed| super::work::mentions(&table, &computed.expression, work.dialect).contains(&id))
        })
        .map(|other| other.id)
        .collect();
    dependents
        .extend(generated.iter().map(|other| format!("column {} of table {}", table.column_name(*other), table.name)));
    let sequence = table.column_by_id(id).and_then(|column| column.owned_sequence.clone());
    if let Some(sequence) = &sequence {
        for (user, column) in super::sequence::users(work, sequence) {
            if user != table.name || column.id != id {
                dependents.push(format!("default value for column {} of table {user}", column.name));
            }
        }
    }
    if !dependents.is_empty() && !cascade {
        let what = format!("column {name} of table {}", table.name);
        return Err(failures::depended_on(&table.name, &what, &dependents));
    }
    take_out(&mut table, id);
    let table_name = table.name.clone();
    work.put(table);
    super::foreign_key::drop_all(work, &keys)?;
    for view in views {
        super::objects::drop_cascade(work, &view);
    }
    if let Some(sequence) = sequence {
        super::sequence::remove(work, &sequence)?;
    }
    work.step(RowStep::ColumnDropped { table: table_name.clone(), column: id, name });
    for other in generated {
        let table = work.edit(&table_name)?;
        postgresql_drop(work, table, other, true)?;
    }
    Ok(())
}

/// The names of the keys that a column is part of.
fn keys_with(table: &Table, id: ColumnId) -> Vec<Name> {
    let primary = table.primary_key.iter().filter(|key| key.columns.contains(&id)).filter_map(|key| key.name.clone());
    let uniques = table.uniques.iter().filter(|unique| unique.columns.contains(&id)).filter_map(|u| u.name.clone());
    let indexes = table.indexes.iter().filter(|index| super::index::has(index, id)).map(|index| index.name.clone());
    primary.chain(uniques).chain(indexes).collect()
}

/// Takes a column out with all indexes and constraints of its table that involve it.
pub(super) fn take_out(table: &mut Table, id: ColumnId) {
    let name = table.column_name(id);
    table.columns.retain(|column| column.id != id);
    if table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&id)) {
        table.primary_key = None;
    }
    table.uniques.retain(|unique| !unique.columns.contains(&id));
    table.checks.retain(|check| !check.columns.contains(&id));
    table.exclusions.retain(|exclusion| !exclusion.columns.contains(&id));
    table.foreign_keys.retain(|key| !key.columns.contains(&id));
    table.indexes.retain(|index| {
        let predicate = index.predicate.as_deref().is_some_and(|predicate| {
            let gone = [name.clone()];
            !crate::schema::mentioned(predicate, &gone, Dialect::PostgreSql).is_empty()
        });
        !super::index::has(index, id) && !predicate
    });
}

fn sqlite_drop(work: &mut Work, mut table: Table, id: ColumnId) -> Outcome<()> {
    let name = table.column_name(id);
    let about = table.name.clone();
    let refused = |message: String| Err(refuse(FailureKind::DependentObjects, &about, message));
    if table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&id)) {
        return refused(format!("cannot drop PRIMARY KEY column: \"{name}\""));
    }
    if table.columns.len() == 1 && !table.assumed {
        return refused(format!("cannot drop column \"{name}\": no other columns exist"));
    }
    let in_table = |what: String| refused(format!("error in table {about} after drop column: {what}"));
    if table.uniques.iter().any(|unique| unique.columns.contains(&id)) {
        return in_table(format!("no such column: {name}"));
    }
    if table.foreign_keys.iter().any(|key| key.columns.contains(&id)) {
        return in_table(format!("unknown column \"{name}\" in foreign key definition"));
    }
    if table.checks.iter().any(|check| check.columns.contains(&id)) {
        return in_table(format!("no such column: {name}"));
    }
    let gone = [name.clone()];
    for column in &table.columns {
        if let Some(computed) = &column.computed
            && column.id != id
            && !crate::schema::mentioned(&computed.expression, &gone, Dialect::Sqlite).is_empty()
        {
            return in_table(format!("no such column: {name}"));
        }
    }
    for index in &table.indexes {
        let predicate = index.predicate.as_deref().unwrap_or_default();
        if super::index::has(index, id) || !crate::schema::mentioned(predicate, &gone, Dialect::Sqlite).is_empty() {
            return refused(format!("error in index {} after drop column: no such column: {name}", index.name));
        }
    }
    if let Some(view) = super::objects::views_naming_column(work, &table, &name).first() {
        return refused(format!("error in view {} after drop column: no such column: {name}", view.name));
    }
    take_out(&mut table, id);
    work.put(table);
    super::objects::sqlite_views_stand(work)?;
    super::index::sqlite_stand(work, FailureKind::DependentObjects, "drop column")?;
    work.step(RowStep::ColumnDropped { table: about, column: id, name });
    Ok(())
}

fn mysql_drop(work: &mut Work, mut table: Table, id: ColumnId) -> Outcome<()> {
    let name = table.column_name(id);
    let needed = |constraint: &Name, of: String| {
        let message = format!("Cannot drop column '{name}': needed in a foreign key constraint '{constraint}'{of}");
        Err(refuse(FailureKind::DependentObjects, &table.name, message))
    };
    if let Some(key) = table.foreign_keys.iter().find(|key| key.columns.contains(&id)) {
        return needed(&key.name.clone().unwrap_or_else(|| Name::from("?")), String::new());
    }
    for child in work.catalog.referencing(&table.name) {
        let Some(child) = work.catalog.table(&child) else { continue };
        let key = child.foreign_keys.iter().find(|key| {
            key.ref_table == table.name && key.ref_columns.iter().any(|column| same(column, &name, Dialect::MySql))
        });
        if let Some(key) = key {
            return needed(&key.name.clone().unwrap_or_else(|| Name::from("?")), format!(" of table '{}'", child.name));
        }
    }
    if let Some(check) = table.checks.iter().find(|check| check.columns.contains(&id) && check.columns.len() > 1) {
        let message = format!(
            "Check constraint '{}' uses column '{name}', hence column cannot be dropped or renamed.",
            check.name.as_deref().unwrap_or("?")
        );
        return Err(refuse(FailureKind::DependentObjects, &table.name, message));
    }
    // MySQL takes the column out of the keys that it is part of, and drops the keys that have no other.
    for unique in &mut table.uniques {
        unique.columns.retain(|column| *column != id);
    }
    table.uniques.retain(|unique| !unique.columns.is_empty());
    for index in &mut table.indexes {
        index.parts.retain(|part| part.column != Some(id));
    }
    table.indexes.retain(|index| !index.parts.is_empty());
    if let Some(key) = &mut table.primary_key {
        key.columns.retain(|column| *column != id);
        if key.columns.is_empty() {
            table.primary_key = None;
        }
    }
    take_out(&mut table, id);
    let about = table.name.clone();
    work.put(table);
    work.step(RowStep::ColumnDropped { table: about, column: id, name });
    Ok(())
}
