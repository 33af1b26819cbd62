//! `information_schema`.

use super::{columns, not_simulated, optional, schema_of, text};
use crate::engine::cast::type_name;
use crate::engine::database::Database;
use crate::engine::relation::Relation;
use crate::engine::value::count;
use crate::op::Datum;
use crate::schema::{Column, Dialect, Name, ObjectKind, QName, SqlType, Table};

/// The view of that name.
pub(super) fn table(db: &Database, name: &str) -> Option<Relation> {
    let (names, rows): (&[&str], Vec<Vec<Datum>>) = match name {
        "tables" => (&["table_schema", "table_name", "table_type"], tables(db)),
        "views" => (&["table_schema", "table_name"], objects(db, ObjectKind::View)),
        "sequences" => (
            &["sequence_schema", "sequence_name"],
            db.catalog.sequences.keys().map(|s| vec![schema_of(db, s), text(&s.name)]).collect(),
        ),
        "schemata" => (&["schema_name"], schemata(db)),
        "columns" => (
            &[
                "table_schema",
                "table_name",
                "column_name",
                "+ordinal_position",
                "column_default",
                "is_nullable",
                "data_type",
                "+character_maximum_length",
                "+numeric_precision",
                "+numeric_scale",
                "udt_name",
                "is_identity",
                "is_generated",
                "column_type",
                "column_key",
                "extra",
            ],
            all_columns(db),
        ),
        "table_constraints" => (
            &["constraint_schema", "constraint_name", "table_schema", "table_name", "constraint_type"],
            constraints(db, |db, table, constraint, out| {
                let (schema, name) = (schema_of(db, &table.name), text(&table.name.name));
                out.push(vec![schema.clone(), text(&constraint.name), schema, name, text(constraint.kind)]);
            }),
        ),
        "key_column_usage" => (
            &[
                "constraint_schema",
                "constraint_name",
                "table_schema",
                "table_name",
                "column_name",
                "+ordinal_position",
                "referenced_table_name",
                "referenced_column_name",
            ],
            constraints(db, key_columns),
        ),
        "constraint_column_usage" => (
            &["table_schema", "table_name", "column_name", "constraint_schema", "constraint_name"],
            constraints(db, used_columns),
        ),
        "referential_constraints" => (
            &[
                "constraint_schema",
                "constraint_name",
                "unique_constraint_name",
                "update_rule",
                "delete_rule",
                "table_name",
                "referenced_table_name",
            ],
            db.catalog.tables.values().flat_map(|t| references(db, t)).collect(),
        ),
        "check_constraints" => (
            &["constraint_schema", "constraint_name", "check_clause"],
            db.catalog.tables.values().flat_map(|t| checks(db, t)).collect(),
        ),
        _ => return None,
    };
    // PostgreSQL has none of the columns that only MySQL knows, which stand last.
    let foreign = |name: &&str| matches!(*name, "column_type" | "column_key" | "extra");
    let own = names.iter().take_while(|name| db.catalog.dialect != Dialect::PostgreSql || !foreign(name)).count();
    let (names, mut rows) = (names.get(..own).unwrap_or_default(), rows);
    for row in &mut rows {
        row.truncate(own);
    }
    Some(Relation { columns: columns(names), rows })
}

fn tables(db: &Database) -> Vec<Vec<Datum>> {
    let row = |name: &QName, kind: &str| vec![schema_of(db, name), text(&name.name), text(kind)];
    let views = db.catalog.objects.keys().filter(|(kind, _)| *kind == ObjectKind::View);
    let tables = db.catalog.tables.keys().map(|name| row(name, "BASE TABLE"));
    tables.chain(views.map(|(_, name)| row(name, "VIEW"))).collect()
}

fn objects(db: &Database, wanted: ObjectKind) -> Vec<Vec<Datum>> {
    let of_kind = db.catalog.objects.keys().filter(|(kind, _)| *kind == wanted);
    of_kind.map(|(_, name)| vec![schema_of(db, name), text(&name.name)]).collect()
}

fn schemata(db: &Database) -> Vec<Vec<Datum>> {
    let own =
        db.catalog.objects.keys().filter(|(kind, _)| *kind == ObjectKind::Schema).map(|(_, n)| n.name.to_string());
    let system = ["public", "information_schema", "pg_catalog"].map(String::from);
    system.into_iter().chain(own).map(|name| vec![text(name)]).collect()
}

fn all_columns(db: &Database) -> Vec<Vec<Datum>> {
    let mut rows = Vec::new();
    for table in db.catalog.tables.values() {
        for (at, column) in table.columns.iter().enumerate() {
            rows.push(column_row(db, table, at, column));
        }
    }
    rows
}

fn column_row(db: &Database, table: &Table, at: usize, column: &Column) -> Vec<Datum> {
    let yes_no = |yes: bool| text(if yes { "YES" } else { "NO" });
    let postgresql = db.catalog.dialect == Dialect::PostgreSql;
    let (length, precision, scale) = sizes(&column.ty);
    let number = |n: Option<i64>| n.map_or(Datum::Null, Datum::Int);
    vec![
        schema_of(db, &table.name),
        text(&table.name.name),
        text(&column.name),
        Datum::Int(count(at) + 1),
        optional(column.default.as_ref()),
        yes_no(column.nullable),
        if postgresql { text(data_type(&column.ty)) } else { not_simulated("data_type") },
        number(length),
        number(precision),
        number(scale),
        if postgresql { udt_name(&column.ty).map_or_else(|| not_simulated("udt_name"), text) } else { Datum::Null },
        yes_no(column.identity.is_some()),
        text(if column.computed.is_some() { "ALWAYS" } else { "NEVER" }),
        not_simulated("column_type"),
        not_simulated("column_key"),
        not_simulated("extra"),
    ]
}

fn data_type(ty: &SqlType) -> String {
    match ty {
        SqlType::Enum(_) | SqlType::Named(..) => String::from("USER-DEFINED"),
        SqlType::Array(_) => String::from("ARRAY"),
        SqlType::VarChar(_) => String::from("character varying"),
        SqlType::Char(_) => String::from("character"),
        ty => type_name(ty),
    }
}

/// Length, precision and scale.
fn sizes(ty: &SqlType) -> (Option<i64>, Option<i64>, Option<i64>) {
    match ty {
        SqlType::VarChar(n) | SqlType::NVarChar(n) => (n.map(i64::from), None, None),
        SqlType::Char(n) | SqlType::NChar(n) => (Some(i64::from(n.unwrap_or(1))), None, None),
        SqlType::SmallInt => (None, Some(16), Some(0)),
        SqlType::Integer => (None, Some(32), Some(0)),
        SqlType::BigInt => (None, Some(64), Some(0)),
        SqlType::Real => (None, Some(24), None),
        SqlType::Double => (None, Some(53), None),
        SqlType::Numeric(p, s) => (None, p.map(i64::from), p.map(|_| i64::from(s.unwrap_or(0)))),
        _ => (None, None, None),
    }
}

fn udt_name(ty: &SqlType) -> Option<String> {
    Some(String::from(match ty {
        SqlType::Boolean => "bool",
        SqlType::SmallInt => "int2",
        SqlType::Integer => "int4",
        SqlType::BigInt => "int8",
        SqlType::Numeric(..) | SqlType::Decimal(..) => "numeric",
        SqlType::Real => "float4",
        SqlType::Double | SqlType::Float(_) => "float8",
        SqlType::VarChar(_) => "varchar",
        SqlType::Char(_) => "bpchar",
        SqlType::Text(_) => "text",
        SqlType::Bytea => "bytea",
        SqlType::Date => "date",
        SqlType::Time { tz: false, .. } => "time",
        SqlType::Timestamp { tz: false, .. } => "timestamp",
        SqlType::Timestamp { tz: true, .. } => "timestamptz",
        SqlType::Interval { .. } => "interval",
        SqlType::Uuid => "uuid",
        SqlType::Json => "json",
        SqlType::Jsonb => "jsonb",
        SqlType::Enum(name) | SqlType::Named(name, _) => return Some(name.name.to_string()),
        SqlType::Array(item) => return udt_name(item).map(|item| format!("_{item}")),
        _ => return None,
    }))
}

/// A constraint with a name.
pub(super) struct Constraint<'t> {
    pub(super) name: Name,
    /// As `information_schema` calls it.
    pub(super) kind: &'static str,
    pub(super) columns: &'t [crate::schema::ColumnId],
    /// The referenced table and columns.
    pub(super) target: Option<(&'t QName, &'t [Name])>,
}

/// The constraints of a table that have a name.
pub(super) fn constraints_of(table: &Table) -> Vec<Constraint<'_>> {
    let mut out = Vec::new();
    let mut add = |name: Option<&Name>, kind, columns, target| {
        if let Some(name) = name {
            out.push(Constraint { name: name.clone(), kind, columns, target });
        }
    };
    if let Some(key) = &table.primary_key {
        add(key.name.as_ref(), "PRIMARY KEY", key.columns.as_slice(), None);
    }
    for unique in &table.uniques {
        add(unique.name.as_ref(), "UNIQUE", unique.columns.as_slice(), None);
    }
    for key in &table.foreign_keys {
        let target = Some((&key.ref_table, key.ref_columns.as_slice()));
        add(key.name.as_ref(), "FOREIGN KEY", key.columns.as_slice(), target);
    }
    for check in &table.checks {
        add(check.name.as_ref(), "CHECK", check.columns.as_slice(), None);
    }
    out
}

type Rows = Vec<Vec<Datum>>;

fn constraints(db: &Database, each: impl Fn(&Database, &Table, &Constraint<'_>, &mut Rows)) -> Rows {
    let mut rows = Vec::new();
    for table in db.catalog.tables.values() {
        for constraint in constraints_of(table) {
            each(db, table, &constraint, &mut rows);
        }
    }
    rows
}

fn key_columns(db: &Database, table: &Table, constraint: &Constraint<'_>, rows: &mut Rows) {
    if constraint.kind == "CHECK" {
        return;
    }
    let schema = schema_of(db, &table.name);
    for (at, id) in constraint.columns.iter().enumerate() {
        let target = constraint.target.map_or(Datum::Null, |(name, _)| text(&name.name));
        let column = constraint.target.and_then(|(_, names)| names.get(at)).map_or(Datum::Null, text);
        rows.push(vec![
            schema.clone(),
            text(&constraint.name),
            schema.clone(),
            text(&table.name.name),
            text(table.column_name(*id)),
            Datum::Int(count(at) + 1),
            target,
            column,
        ]);
    }
}

/// The columns that a constraint is about: of a foreign key, those that it references.
fn used_columns(db: &Database, table: &Table, constraint: &Constraint<'_>, rows: &mut Rows) {
    let (owner, names) = match constraint.target {
        Some((name, names)) => (name, names.to_vec()),
        None => (&table.name, table.column_names(constraint.columns)),
    };
    for name in names {
        rows.push(vec![
            schema_of(db, owner),
            text(&owner.name),
            text(name),
            schema_of(db, &table.name),
            text(&constraint.name),
        ]);
    }
}

fn references(db: &Database, table: &Table) -> Rows {
    let named = table.foreign_keys.iter().filter_map(|key| key.name.as_ref().map(|name| (key, name)));
    named
        .map(|(key, name)| {
            vec![
                schema_of(db, &table.name),
                text(name),
                not_simulated("unique_constraint_name"),
                text(key.on_update.words()),
                text(key.on_delete.words()),
                text(&table.name.name),
                text(&key.ref_table.name),
            ]
        })
        .collect()
}

fn checks(db: &Database, table: &Table) -> Rows {
    let named = table.checks.iter().filter_map(|check| check.name.as_ref());
    named.map(|name| vec![schema_of(db, &table.name), text(name), not_simulated("check_clause")]).collect()
}
