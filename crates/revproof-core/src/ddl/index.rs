//! Indexes.

use super::changed::Demand;
use super::failures::{self, refuse};
use super::foreign_key;
use super::naming;
use super::work::{Work, mentions};
use crate::op::{Failure, FailureKind, IndexPartSpec, IndexSpec, Outcome};
use crate::schema::{
    ColumnId, Dialect, Index, IndexPart, Name, ObjectKind, QName, Relation, SqlType, Table, TokenKind, condition_text,
    needs_quotes, same, tokens, unknown_column,
};

/// `CREATE INDEX`.
pub(super) fn create(work: &mut Work, spec: &IndexSpec, if_not_exists: bool) -> Outcome<()> {
    if let Some(view) = work.catalog.view(&spec.table).cloned()
        && view.kind == ObjectKind::MaterializedView
    {
        return super::view::create_index(work, &view, spec, if_not_exists);
    }
    let mut table = work.edit(&spec.table).map_err(|mut failure| {
        if work.dialect == Dialect::Sqlite {
            failure.message = format!("no such table: main.{}", spec.table);
        }
        failure
    })?;
    let name = spec.name.as_ref().map(|name| naming::stored(name, work.dialect));
    let taken = name.and_then(|name| name_taken(work, &table, &name));
    if taken.is_some() && if_not_exists {
        return Ok(());
    }
    // PostgreSQL looks for the columns first.
    let made =
        if taken.is_none() || work.dialect == Dialect::PostgreSql { Some(make(work, &mut table, spec)?) } else { None };
    let (Some(index), None) = (made, &taken) else { return taken.map_or(Ok(()), Err) };
    let name = table.name.clone();
    table.indexes.push(index.clone());
    work.put(table);
    if index.unique {
        work.must_hold(&name, Demand::UniqueIndex(index));
    }
    Ok(())
}

fn name_taken(work: &Work, table: &Table, name: &Name) -> Option<Failure> {
    let qualified = table.name.sibling(name.clone());
    match work.dialect {
        Dialect::MySql => {
            mysql_has(table, name).then(|| failures::duplicate_constraint(Dialect::MySql, &table.name, name))
        }
        Dialect::PostgreSql => {
            work.catalog.relation(&qualified).map(|by| failures::taken(Dialect::PostgreSql, &qualified, by))
        }
        Dialect::Sqlite => work.catalog.relation(&qualified).map(|by| {
            let message = match by {
                Relation::Table | Relation::View => format!("there is already a table named {name}"),
                _ => format!("index {name} already exists"),
            };
            refuse(FailureKind::DuplicateObject, &qualified, message)
        }),
    }
}

/// Whether a MySQL table has a key of that name.
pub(super) fn mysql_has(table: &Table, name: &str) -> bool {
    let eq = |other: &str| same(other, name, Dialect::MySql);
    table.indexes.iter().any(|index| eq(&index.name))
        || table.uniques.iter().any(|unique| unique.name.as_deref().is_some_and(eq))
}

/// Makes an index of a table, not yet in the table.
pub(super) fn make(work: &Work, table: &mut Table, spec: &IndexSpec) -> Outcome<Index> {
    let dialect = work.dialect;
    let mut parts = Vec::with_capacity(spec.parts.len());
    let mut labels: Vec<String> = Vec::new();
    for part in &spec.parts {
        parts.push(match part {
            // SQLite takes a name in double quotes that is no column for a string.
            IndexPartSpec::Column(column, suffix)
                if dialect == Dialect::Sqlite
                    && !table.assumed
                    && needs_quotes(column, dialect)
                    && work.find(table, column).is_none() =>
            {
                let expression = Some(Name::from(format!("\"{column}\"")));
                IndexPart { column: None, expression, mentions: Vec::new(), suffix: suffix.clone() }
            }
            IndexPartSpec::Column(column, suffix) => {
                let about = table.name.clone();
                let id = work.need(table, column, || failures::no_column_named(dialect, &about, column))?;
                labels.push(column.to_string());
                IndexPart { column: Some(id), expression: None, mentions: Vec::new(), suffix: suffix.clone() }
            }
            IndexPartSpec::Expression(text, suffix) => {
                let text = condition_text(text, dialect);
                expression_stands(work, table, &text)?;
                labels.push(expression_label(&text, dialect));
                let mentions = mentions(table, &text, dialect);
                IndexPart { column: None, expression: Some(text), mentions, suffix: suffix.clone() }
            }
        });
    }
    let mut include = Vec::new();
    for column in &spec.include {
        let about = table.name.clone();
        include.push(work.need(table, column, || failures::no_column_named(dialect, &about, column))?);
    }
    let predicate = match &spec.predicate {
        Some(predicate) => {
            let predicate = condition_text(predicate, dialect);
            expression_stands(work, table, &predicate)?;
            Some(predicate)
        }
        None => None,
    };
    let using = spec.using.as_ref().map(|using| using.to_ascii_lowercase()).filter(|using| using != "btree");
    if dialect == Dialect::PostgreSql {
        if let Some(method) = using.as_deref().filter(|_| spec.unique) {
            let message = format!("access method \"{method}\" does not support unique indexes");
            return Err(refuse(FailureKind::Unsupported, &table.name, message));
        }
        operator_classes(work, table, &parts, using.as_deref())?;
    }
    let name = match &spec.name {
        Some(name) => naming::stored(name, dialect),
        None => match dialect {
            Dialect::PostgreSql => {
                let joined = naming::joined(labels.iter().map(String::as_str));
                naming::free_relation(&work.catalog, table, Some(&joined), "idx")
            }
            Dialect::Sqlite => {
                return Err(Failure::new(FailureKind::InvalidStatement, "an index needs a name"));
            }
            Dialect::MySql => naming::mysql_key(table, labels.first().map_or("functional_index", String::as_str)),
        },
    };
    Ok(Index {
        name,
        parts,
        unique: spec.unique,
        using: using.map(Name::from),
        predicate,
        include,
        nulls_not_distinct: spec.nulls_not_distinct,
    })
}

fn expression_stands(work: &Work, table: &Table, expression: &str) -> Outcome<()> {
    if table.assumed {
        return Ok(());
    }
    let names = super::work::column_names(table);
    match unknown_column(expression, &names, work.dialect) {
        Some(column) => Err(failures::no_column_named(work.dialect, &table.name, &column)),
        None => Ok(()),
    }
}

/// What an expression contributes to a made-up index name: the function's name, else `expr`.
fn expression_label(expression: &str, dialect: Dialect) -> String {
    let all = tokens(expression, dialect);
    match all.as_slice() {
        [function, open, .., close]
            if function.kind == TokenKind::Word && open.text == "(" && close.text == ")" && !open.spaced =>
        {
            function.text.to_lowercase()
        }
        _ => "expr".to_owned(),
    }
}

/// A column's type must have an operator class for the access method.
pub(super) fn operator_classes(work: &Work, table: &Table, parts: &[IndexPart], using: Option<&str>) -> Outcome<()> {
    let method = using.unwrap_or("btree");
    for part in parts {
        let column = part.column.and_then(|id| table.column_by_id(id));
        let Some(column) = column else { continue };
        if part.suffix.as_deref().is_some_and(|suffix| suffix.contains("_ops")) {
            continue;
        }
        let lacks = match (method, &column.ty) {
            ("btree" | "hash", SqlType::Json) => true,
            ("btree", SqlType::Builtin(name)) => {
                matches!(&**name, "XML" | "POINT" | "LINE" | "LSEG" | "BOX" | "PATH" | "POLYGON" | "CIRCLE")
            }
            ("gin", ty) => {
                let scalar = !matches!(
                    ty,
                    SqlType::Array(_) | SqlType::Jsonb | SqlType::Builtin(_) | SqlType::Named(..) | SqlType::Unknown
                );
                let btree_gin = work.catalog.objects.contains_key(&(ObjectKind::Extension, QName::new("btree_gin")));
                scalar && !btree_gin
            }
            _ => false,
        };
        if lacks {
            let ty = super::casts::type_name(&column.ty);
            let message = format!("data type {ty} has no default operator class for access method \"{method}\"");
            return Err(refuse(FailureKind::UndefinedObject, &table.name, message));
        }
    }
    Ok(())
}

/// `DROP INDEX`.
pub(super) fn drop(work: &mut Work, name: &QName, on: Option<&QName>, if_exists: bool, cascade: bool) -> Outcome<()> {
    let owner = match (work.dialect, on) {
        (Dialect::MySql, Some(on)) => Some(work.table(on)?.name.clone()),
        (Dialect::MySql, None) => {
            return Err(Failure::new(FailureKind::InvalidStatement, "DROP INDEX needs a table name on MySQL"));
        }
        _ => work.catalog.index_owner(name).cloned(),
    };
    let Some(owner) = owner else {
        if super::view::change_index(work, name, None) {
            return Ok(());
        }
        return missing(work, name, on, if_exists);
    };
    let mut table = work.edit(&owner)?;
    let dialect = work.dialect;
    if let Some(at) = table.indexes.iter().position(|index| same(&index.name, &name.name, dialect)) {
        let index_name = table.indexes.get(at).map_or_else(|| name.name.clone(), |index| index.name.clone());
        let keys = foreign_key::resting_on(work, &table, &index_name);
        if !keys.is_empty() && dialect == Dialect::PostgreSql && !cascade {
            let dependents: Vec<String> = keys.iter().map(|(t, k)| foreign_key::described(t, k)).collect();
            return Err(failures::depended_on(&owner, &format!("index {}", name.name), &dependents));
        }
        if dialect == Dialect::MySql {
            needed_by_mysql(work, &table, &index_name)?;
        }
        table.indexes.remove(at);
        work.put(table);
        if dialect == Dialect::PostgreSql {
            foreign_key::drop_all(work, &keys)?;
        }
        return Ok(());
    }
    if dialect == Dialect::MySql {
        if let Some(at) =
            table.uniques.iter().position(|u| u.name.as_deref().is_some_and(|n| same(n, &name.name, dialect)))
        {
            needed_by_mysql(work, &table, &name.name)?;
            table.uniques.remove(at);
            work.put(table);
            return Ok(());
        }
        return missing(work, name, on, if_exists);
    }
    // The index stands behind a constraint.
    let message =
        format!("cannot drop index {} because constraint {} on table {} requires it", name.name, name.name, table.name);
    Err(refuse(FailureKind::DependentObjects, &owner, message))
}

/// SQLite reads all indexes again when a column is dropped or renamed, and then takes a name in double quotes that is no
/// column for a string no more.
pub(super) fn sqlite_stand(work: &Work, kind: FailureKind, after: &str) -> Outcome<()> {
    for table in work.catalog.tables.values() {
        for index in &table.indexes {
            let strings = index.parts.iter().filter_map(|part| part.expression.as_deref());
            let mut strings = strings.filter(|text| text.starts_with('"') && tokens(text, work.dialect).len() == 1);
            if let Some(column) = strings.next() {
                let message = format!("error in index {} after {after}: no such column: {column}", index.name);
                return Err(refuse(kind, &table.name, message));
            }
        }
    }
    Ok(())
}

fn missing(work: &mut Work, name: &QName, on: Option<&QName>, if_exists: bool) -> Outcome<()> {
    if work.dialect == Dialect::PostgreSql && work.catalog.relation(name).is_some() {
        return Err(failures::no_such_kind(name, "an index"));
    }
    if if_exists {
        return Ok(());
    }
    let assumed = match on.and_then(|on| work.catalog.table(on)) {
        Some(table) => table.assumed,
        None => work.catalog.tables.values().any(|table| table.assumed),
    };
    if assumed {
        if on.is_none() {
            work.doubt(format!("index `{name}` may belong to a table that no revision creates"));
        }
        return Ok(());
    }
    let message = match work.dialect {
        Dialect::PostgreSql => format!("index \"{}\" does not exist", name.name),
        Dialect::Sqlite => format!("no such index: {}", name.name),
        Dialect::MySql => format!("Can't DROP '{}'; check that column/key exists", name.name),
    };
    Err(refuse(FailureKind::UndefinedObject, name, message))
}

/// `InnoDB` keeps an index that a foreign key needs, unless another one does as well.
pub(super) fn needed_by_mysql(work: &Work, table: &Table, name: &Name) -> Outcome<()> {
    let parent = !foreign_key::resting_on(work, table, name).is_empty();
    let child = table.foreign_keys.iter().any(|key| {
        let keys = foreign_key::keys_on(table, &key.columns, Dialect::MySql);
        keys.len() == 1 && keys.iter().all(|only| only.name.is_some_and(|only| same(only, name, Dialect::MySql)))
    });
    if !parent && !child {
        return Ok(());
    }
    let message = format!("Cannot drop index '{name}': needed in a foreign key constraint");
    Err(refuse(FailureKind::DependentObjects, &table.name, message))
}

/// `ALTER INDEX … RENAME TO`. A constraint with that index goes by the new name too.
pub(super) fn rename(work: &mut Work, name: &QName, to: &Name, if_exists: bool) -> Outcome<()> {
    let owner = work.catalog.index_owner(name).cloned();
    if owner.is_none() && work.catalog.indexed_view(name).is_none() {
        let message = format!("relation \"{}\" does not exist", name.name);
        return if if_exists { Ok(()) } else { Err(refuse(FailureKind::UndefinedObject, name, message)) };
    }
    let to = naming::stored(to, work.dialect);
    let qualified = name.sibling(to.clone());
    if let Some(by) = work.catalog.relation(&qualified) {
        return Err(failures::taken(work.dialect, &qualified, by));
    }
    let Some(owner) = owner else {
        super::view::change_index(work, name, Some(&to));
        return Ok(());
    };
    let mut table = work.edit(&owner)?;
    rename_key(&mut table, &name.name, &to);
    work.put(table);
    Ok(())
}

/// Gives an index, or a constraint with one behind it, another name.
pub(super) fn rename_key(table: &mut Table, from: &str, to: &Name) {
    let hit = |name: &Option<Name>| name.as_deref() == Some(from);
    if let Some(index) = table.indexes.iter_mut().find(|index| &*index.name == from) {
        index.name = to.clone();
    } else if let Some(key) = table.primary_key.as_mut().filter(|key| hit(&key.name)) {
        key.name = Some(to.clone());
    } else if let Some(unique) = table.uniques.iter_mut().find(|unique| hit(&unique.name)) {
        unique.name = Some(to.clone());
    } else if let Some(exclusion) = table.exclusions.iter_mut().find(|exclusion| &*exclusion.name == from) {
        exclusion.name = to.clone();
    }
}

/// Whether an index holds this column.
pub(super) fn has(index: &Index, id: ColumnId) -> bool {
    index.parts.iter().any(|part| part.column == Some(id) || part.mentions.contains(&id)) || index.include.contains(&id)
}
