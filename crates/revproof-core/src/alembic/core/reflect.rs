//! What the inspector tells of one table, in the shapes of SQLAlchemy's `Inspector`.

use std::cell::RefCell;
use std::rc::Rc;

use super::reflected::reflected;
use crate::alembic::items::ColumnObject;
use crate::alembic::types::SaType;
use crate::python::{Dict, Value};
use crate::schema::{Catalog, Column, ColumnId, Dialect, Index, Name, PrimaryKey, SqlType, Table};

/// A dict.
pub(super) fn dict(entries: Vec<(&str, Value)>) -> Value {
    let entries = entries.into_iter().map(|(key, value)| (Value::str(key), value)).collect();
    Value::Dict(Rc::new(RefCell::new(Dict { entries })))
}

/// The text under a key of a dict.
pub(super) fn entry(value: &Value, key: &str) -> Option<Rc<str>> {
    let Value::Dict(dict) = value else { return None };
    let dict = dict.borrow();
    let found = dict.entries.iter().find(|(known, _)| known.as_str() == Some(key));
    found.and_then(|(_, value)| value.as_str()).map(Rc::from)
}

fn optional(name: Option<&Name>) -> Value {
    name.map_or(Value::None, |name| Value::str(name))
}

fn names(names: &[Name]) -> Value {
    Value::list(names.iter().map(|name| Value::str(name)).collect())
}

/// A column of the catalog as a schema item.
pub(super) fn column_object(column: &Column, table: &Table) -> ColumnObject {
    let keys: &[ColumnId] = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    ColumnObject {
        primary_key: keys.contains(&column.id),
        nullable: Some(column.nullable),
        ..ColumnObject::light(&column.name, Some(Rc::new(SaType::reflected(column.ty.clone()))))
    }
}

/// `get_columns`.
pub(super) fn columns(table: &Table, catalog: &Catalog) -> Value {
    let key: &[ColumnId] = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    Value::list(
        table
            .columns
            .iter()
            .map(|column| {
                let serial = column.default.as_ref().is_some_and(|default| default.starts_with("nextval("))
                    || column.owned_sequence.is_some();
                let default = match &column.computed {
                    Some(_) => Value::None,
                    None => optional(column.default.as_ref()),
                };
                let mut entries = vec![
                    ("name", Value::str(&column.name)),
                    ("type", Value::object(reflected(&column.ty, catalog))),
                    ("nullable", Value::Bool(column.nullable)),
                    ("default", default),
                ];
                match catalog.dialect {
                    Dialect::PostgreSql => {
                        entries.push(("autoincrement", Value::Bool(serial || column.identity.is_some())));
                        entries.push(("comment", optional(column.comment.as_ref())));
                    }
                    Dialect::Sqlite => {
                        let place = key.iter().position(|id| *id == column.id).map_or(0, |at| at + 1);
                        entries.push(("primary_key", Value::Int(i64::try_from(place).unwrap_or_default())));
                    }
                    Dialect::MySql => {
                        entries.push(("comment", optional(column.comment.as_ref())));
                        if column.autoincrement || matches!(column.ty, SqlType::Integer | SqlType::BigInt) {
                            entries.push(("autoincrement", Value::Bool(column.autoincrement)));
                        }
                    }
                }
                if let Some(identity) = &column.identity {
                    let number = |number: Option<i64>, default: i64| Value::Int(number.unwrap_or(default));
                    let most = match column.ty {
                        SqlType::SmallInt => i64::from(i16::MAX),
                        SqlType::BigInt => i64::MAX,
                        _ => i64::from(i32::MAX),
                    };
                    entries.push((
                        "identity",
                        dict(vec![
                            ("always", Value::Bool(identity.always)),
                            ("start", number(identity.start, 1)),
                            ("increment", number(identity.increment, 1)),
                            ("minvalue", number(identity.min_value, 1)),
                            ("maxvalue", number(identity.max_value, most)),
                            ("cycle", Value::Bool(identity.cycle)),
                            ("cache", number(identity.cache, 1)),
                        ]),
                    ));
                }
                if let Some(computed) = &column.computed {
                    entries.push((
                        "computed",
                        dict(vec![
                            ("sqltext", Value::str(&computed.expression)),
                            ("persisted", Value::Bool(computed.persisted)),
                        ]),
                    ));
                }
                dict(entries)
            })
            .collect(),
    )
}

/// `get_pk_constraint`.
pub(super) fn primary_key(table: &Table, catalog: &Catalog) -> Value {
    let key = table.primary_key.as_ref();
    let columns = key.map(|key| table.column_names(&key.columns)).unwrap_or_default();
    let mut entries =
        vec![("constrained_columns", names(&columns)), ("name", optional(key.and_then(|key| key.name.as_ref())))];
    if catalog.dialect == Dialect::PostgreSql {
        entries.push(("comment", Value::None));
    }
    dict(entries)
}

/// `get_primary_keys` of SQLAlchemy 1.
pub(super) fn primary_keys(table: &Table, _catalog: &Catalog) -> Value {
    names(&table.primary_key.as_ref().map(|key| table.column_names(&key.columns)).unwrap_or_default())
}

/// `get_foreign_keys`.
pub(super) fn foreign_keys(table: &Table, catalog: &Catalog) -> Value {
    let postgresql = catalog.dialect == Dialect::PostgreSql;
    let mut keys: Vec<_> = table.foreign_keys.iter().collect();
    if postgresql {
        keys.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let listed = keys.into_iter().map(|key| {
        let mut options = Vec::new();
        if let Some(action) = key.on_update.said() {
            options.push(("onupdate", Value::str(action)));
        }
        if let Some(action) = key.on_delete.said() {
            options.push(("ondelete", Value::str(action)));
        }
        if let Some(deferrable) = key.deferrable {
            options.push(("deferrable", Value::Bool(deferrable)));
        }
        if key.initially_deferred == Some(true) {
            options.push(("initially", Value::str("DEFERRED")));
        }
        let referred = if key.ref_columns.is_empty() {
            let other = catalog.table(&key.ref_table);
            let columns = other
                .and_then(|table| table.primary_key.as_ref().map(|key: &PrimaryKey| table.column_names(&key.columns)));
            columns.unwrap_or_default()
        } else {
            key.ref_columns.clone()
        };
        let mut entries = vec![
            ("name", optional(key.name.as_ref())),
            ("constrained_columns", names(&table.column_names(&key.columns))),
            ("referred_schema", optional(key.ref_table.schema.as_ref())),
            ("referred_table", Value::str(&key.ref_table.name)),
            ("referred_columns", names(&referred)),
            ("options", dict(options)),
        ];
        if postgresql {
            entries.push(("comment", Value::None));
        }
        dict(entries)
    });
    Value::list(listed.collect())
}

/// `get_unique_constraints`.
pub(super) fn uniques(table: &Table, catalog: &Catalog) -> Value {
    let mut uniques: Vec<_> = table.reflected_uniques(catalog.dialect).collect();
    if catalog.dialect == Dialect::PostgreSql {
        uniques.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let mut listed: Vec<Value> = uniques
        .into_iter()
        .map(|unique| {
            let mut entries = vec![
                ("name", optional(unique.name.as_ref())),
                ("column_names", names(&table.column_names(&unique.columns))),
            ];
            match catalog.dialect {
                Dialect::PostgreSql => entries.push(("comment", Value::None)),
                Dialect::MySql => entries.push(("duplicates_index", optional(unique.name.as_ref()))),
                Dialect::Sqlite => {}
            }
            dict(entries)
        })
        .collect();
    if catalog.dialect == Dialect::MySql {
        // MySQL does not tell a unique index from a unique constraint.
        listed.extend(table.indexes.iter().filter(|index| index.unique).map(|index| {
            dict(vec![
                ("name", Value::str(&index.name)),
                ("column_names", column_names(index, table)),
                ("duplicates_index", Value::str(&index.name)),
            ])
        }));
    }
    Value::list(listed)
}

fn column_names(index: &Index, table: &Table) -> Value {
    Value::list(
        index
            .parts
            .iter()
            .map(|part| part.column.map_or(Value::None, |id| Value::str(&table.column_name(id))))
            .collect(),
    )
}

/// `get_indexes`: on PostgreSQL and MySQL unique constraints show here too.
pub(super) fn indexes(table: &Table, catalog: &Catalog) -> Value {
    let mut listed: Vec<(Name, Value)> = Vec::new();
    for index in &table.indexes {
        listed.push((index.name.clone(), own_index(index, table, catalog.dialect)));
    }
    if catalog.dialect != Dialect::Sqlite {
        for unique in &table.uniques {
            let Some(name) = &unique.name else { continue };
            let mut entries = vec![
                ("name", Value::str(name)),
                ("unique", Value::Bool(true)),
                ("column_names", names(&table.column_names(&unique.columns))),
            ];
            if catalog.dialect == Dialect::PostgreSql {
                entries.push(("duplicates_constraint", Value::str(name)));
                entries.push(("include_columns", Value::list(Vec::new())));
                entries.push(("dialect_options", dict(vec![("postgresql_include", Value::list(Vec::new()))])));
            }
            listed.push((name.clone(), dict(entries)));
        }
    }
    listed.sort_by(|a, b| a.0.cmp(&b.0));
    Value::list(listed.into_iter().map(|(_, value)| value).collect())
}

fn own_index(index: &Index, table: &Table, dialect: Dialect) -> Value {
    let mut entries = vec![
        ("name", Value::str(&index.name)),
        (
            "unique",
            if dialect == Dialect::Sqlite { Value::Int(i64::from(index.unique)) } else { Value::Bool(index.unique) },
        ),
        ("column_names", column_names(index, table)),
    ];
    if index.parts.iter().any(|part| part.expression.is_some()) {
        let expressions = index.parts.iter().map(|part| match (&part.expression, part.column) {
            (Some(expression), _) => Value::str(expression),
            (None, Some(id)) => Value::str(&table.column_name(id)),
            (None, None) => Value::None,
        });
        entries.push(("expressions", Value::list(expressions.collect())));
    }
    let sorting: Vec<(Value, Value)> = index
        .parts
        .iter()
        .filter_map(|part| {
            let suffix = part.suffix.as_ref()?.to_ascii_lowercase();
            let mut words = Vec::new();
            if suffix.contains("desc") {
                words.push(Value::str("desc"));
            }
            if suffix.contains("nulls first") {
                words.push(Value::str("nulls_first"));
            } else if suffix.contains("nulls last") {
                words.push(Value::str("nulls_last"));
            }
            let column = table.column_name(part.column?);
            (!words.is_empty()).then(|| (Value::str(&column), Value::tuple(words)))
        })
        .collect();
    if !sorting.is_empty() && dialect != Dialect::Sqlite {
        entries.push(("column_sorting", Value::Dict(Rc::new(RefCell::new(Dict { entries: sorting })))));
    }
    let mut options = Vec::new();
    match dialect {
        Dialect::PostgreSql => {
            let include = names(&table.column_names(&index.include));
            entries.push(("include_columns", include.clone()));
            options.push(("postgresql_include", include));
            if let Some(using) = index.using.as_ref().filter(|using| &***using != "btree") {
                options.push(("postgresql_using", Value::str(using)));
            }
            if let Some(predicate) = &index.predicate {
                options.push(("postgresql_where", Value::str(predicate)));
            }
        }
        Dialect::Sqlite => {
            if let Some(predicate) = &index.predicate {
                options.push(("sqlite_where", Value::str(predicate)));
            }
        }
        Dialect::MySql => {}
    }
    if dialect != Dialect::MySql {
        entries.push(("dialect_options", dict(options)));
    }
    dict(entries)
}

/// `get_check_constraints`.
pub(super) fn checks(table: &Table, catalog: &Catalog) -> Value {
    let mut checks: Vec<_> = table.checks.iter().collect();
    if catalog.dialect == Dialect::PostgreSql {
        checks.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let listed = checks.into_iter().map(|check| {
        let mut entries = vec![("name", optional(check.name.as_ref())), ("sqltext", Value::str(&check.condition))];
        if catalog.dialect == Dialect::PostgreSql {
            entries.push(("comment", Value::None));
        }
        dict(entries)
    });
    Value::list(listed.collect())
}

/// `get_table_comment`.
pub(super) fn comment(table: &Table, _catalog: &Catalog) -> Value {
    dict(vec![("text", optional(table.comment.as_ref()))])
}

/// Alembic's own table.
pub(super) fn version_table(dialect: Dialect) -> Table {
    let id = ColumnId(0);
    let column = Column {
        id,
        name: "version_num".into(),
        ty: SqlType::VarChar(Some(32)),
        nullable: false,
        default: None,
        owned_sequence: None,
        identity: None,
        computed: None,
        autoincrement: false,
        never_rowid: false,
        collation: None,
        comment: None,
    };
    let name = (dialect != Dialect::MySql).then(|| Name::from("alembic_version_pkc"));
    Table {
        name: "alembic_version".into(),
        columns: vec![column.into()],
        primary_key: Some(PrimaryKey { name, columns: vec![id] }),
        foreign_keys: Vec::new(),
        uniques: Vec::new(),
        checks: Vec::new(),
        exclusions: Vec::new(),
        indexes: Vec::new(),
        comment: None,
        next_column: 1,
        assumed: false,
    }
}
