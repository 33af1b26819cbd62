//! `pg_catalog`. Object identifiers are numbers made from names: only that equal ones belong together matters.

use super::information_schema::constraints_of;
use super::{columns, not_simulated, optional, schema_of, text};
use crate::engine::database::Database;
use crate::engine::relation::Relation;
use crate::engine::value::count;
use crate::op::Datum;
use crate::schema::{Name, ObjectKind, QName, Table};

type Rows = Vec<Vec<Datum>>;

/// The system table of that name.
pub(super) fn table(db: &Database, name: &str) -> Option<Relation> {
    let (names, rows): (&[&str], Rows) = match name {
        "pg_tables" => (&["schemaname", "tablename", "tableowner"], pg_tables(db)),
        "pg_views" => (&["schemaname", "viewname"], objects(db, ObjectKind::View)),
        "pg_matviews" => (&["schemaname", "matviewname"], objects(db, ObjectKind::MaterializedView)),
        "pg_sequences" => (
            &["schemaname", "sequencename"],
            db.catalog.sequences.keys().map(|s| vec![schema_of(db, s), text(&s.name)]).collect(),
        ),
        "pg_extension" => (&["+oid", "extname"], named(db, ObjectKind::Extension)),
        "pg_proc" => (&["+oid", "proname"], named(db, ObjectKind::Function)),
        "pg_namespace" => (&["+oid", "nspname"], namespaces(db)),
        "pg_type" => (&["+oid", "typname", "+typnamespace", "typtype", "typcategory"], types(db)),
        "pg_enum" => (&["+oid", "+enumtypid", "+enumsortorder", "enumlabel"], enum_values(db)),
        "pg_class" => (&["+oid", "relname", "+relnamespace", "relkind"], classes(db)),
        "pg_constraint" => (
            &["+oid", "conname", "+connamespace", "contype", "+conrelid", "+confrelid"],
            db.catalog.tables.values().flat_map(|t| constraints(db, t)).collect(),
        ),
        "pg_indexes" => (
            &["schemaname", "tablename", "indexname", "indexdef"],
            db.catalog.tables.values().flat_map(|t| indexes(db, t)).collect(),
        ),
        "pg_attribute" => (
            &["+attrelid", "attname", "+attnum", "?attnotnull", "?attisdropped", "?atthasdef", "attidentity"],
            db.catalog.tables.values().flat_map(|t| attributes(db, t)).collect(),
        ),
        "pg_trigger" => (&["+tgrelid", "tgname", "?tgisinternal"], triggers(db)),
        _ => return None,
    };
    Some(Relation { columns: columns(names), rows })
}

/// The object identifier of a table, an index, a sequence or a type, where it exists.
pub(in crate::engine) fn oid_of(db: &Database, name: &QName) -> Option<i64> {
    let catalog = &db.catalog;
    let known = catalog.tables.contains_key(name)
        || catalog.sequences.contains_key(name)
        || catalog.enums.contains_key(name)
        || catalog.objects.keys().any(|(_, other)| other == name)
        || catalog.tables.values().any(|t| t.indexes.iter().any(|index| index.name == name.name));
    known.then(|| oid(name))
}

fn oid(name: &QName) -> i64 {
    let bytes = name.schema.iter().flat_map(|s| s.bytes().chain([0])).chain(name.name.bytes());
    // FNV-1a; kept to what fits an unsigned 31-bit number behind the server's own objects.
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    16_384 + i64::try_from(hash % 2_000_000_000).unwrap_or_default()
}

fn namespace(schema: Option<&Name>) -> Datum {
    Datum::Int(match schema.map(|s| &**s) {
        None => 2200,
        Some("pg_catalog") => 11,
        Some(name) => oid(&QName::new(name)),
    })
}

fn pg_tables(db: &Database) -> Rows {
    let row = |name: &QName| vec![schema_of(db, name), text(&name.name), not_simulated("tableowner")];
    db.catalog.tables.keys().map(row).collect()
}

fn objects(db: &Database, wanted: ObjectKind) -> Rows {
    let of_kind = db.catalog.objects.keys().filter(|(kind, _)| *kind == wanted);
    of_kind.map(|(_, name)| vec![schema_of(db, name), text(&name.name)]).collect()
}

fn named(db: &Database, wanted: ObjectKind) -> Rows {
    let of_kind = db.catalog.objects.keys().filter(|(kind, _)| *kind == wanted);
    of_kind.map(|(_, name)| vec![Datum::Int(oid(name)), text(&name.name)]).collect()
}

fn namespaces(db: &Database) -> Rows {
    let own =
        db.catalog.objects.keys().filter(|(kind, _)| *kind == ObjectKind::Schema).map(|(_, name)| name.name.clone());
    let mut rows = vec![
        vec![Datum::Int(2200), text("public")],
        vec![Datum::Int(11), text("pg_catalog")],
        vec![Datum::Int(13_000), text("information_schema")],
    ];
    rows.extend(own.map(|name| vec![namespace(Some(&name)), text(&name)]));
    rows
}

fn types(db: &Database) -> Rows {
    let row = |name: &QName, kind: &str, category: &str| {
        vec![Datum::Int(oid(name)), text(&name.name), namespace(name.schema.as_ref()), text(kind), text(category)]
    };
    let mut rows: Rows = db.catalog.enums.keys().map(|name| row(name, "e", "E")).collect();
    rows.extend(db.catalog.tables.keys().map(|name| row(name, "c", "C")));
    for (kind, name) in db.catalog.objects.keys() {
        match kind {
            ObjectKind::Domain => rows.push(row(name, "d", "U")),
            ObjectKind::Type => rows.push(row(name, "c", "C")),
            _ => {}
        }
    }
    rows
}

fn enum_values(db: &Database) -> Rows {
    let mut rows = Vec::new();
    for (name, ty) in &db.catalog.enums {
        for (at, value) in ty.values.iter().enumerate() {
            let own = oid(&name.sibling(format!("{}.{value}", name.name)));
            rows.push(vec![Datum::Int(own), Datum::Int(oid(name)), Datum::Int(count(at) + 1), text(value)]);
        }
    }
    rows
}

fn classes(db: &Database) -> Rows {
    let row = |name: &QName, kind: &str| {
        vec![Datum::Int(oid(name)), text(&name.name), namespace(name.schema.as_ref()), text(kind)]
    };
    let mut rows = Vec::new();
    for (name, table) in &db.catalog.tables {
        rows.push(row(name, "r"));
        rows.extend(table.indexes.iter().map(|index| row(&name.sibling(index.name.clone()), "i")));
        let behind = table.primary_key.iter().filter_map(|k| k.name.as_ref());
        let behind = behind.chain(table.uniques.iter().filter_map(|u| u.name.as_ref()));
        rows.extend(behind.map(|index| row(&name.sibling(index.clone()), "i")));
    }
    rows.extend(db.catalog.sequences.keys().map(|name| row(name, "S")));
    for (kind, name) in db.catalog.objects.keys() {
        match kind {
            ObjectKind::View => rows.push(row(name, "v")),
            ObjectKind::MaterializedView => rows.push(row(name, "m")),
            _ => {}
        }
    }
    rows
}

fn constraints(db: &Database, table: &Table) -> Rows {
    let _ = db;
    let row = |constraint: &super::information_schema::Constraint<'_>| {
        let kind = match constraint.kind {
            "PRIMARY KEY" => "p",
            "UNIQUE" => "u",
            "FOREIGN KEY" => "f",
            _ => "c",
        };
        vec![
            Datum::Int(oid(&table.name.sibling(format!("{}.{}", table.name.name, constraint.name)))),
            text(&constraint.name),
            namespace(table.name.schema.as_ref()),
            text(kind),
            Datum::Int(oid(&table.name)),
            Datum::Int(constraint.target.map_or(0, |(target, _)| oid(target))),
        ]
    };
    constraints_of(table).iter().map(row).collect()
}

fn indexes(db: &Database, table: &Table) -> Rows {
    let behind = table.primary_key.iter().filter_map(|k| k.name.as_ref());
    let behind = behind.chain(table.uniques.iter().filter_map(|u| u.name.as_ref()));
    let own = table.indexes.iter().map(|index| &index.name);
    let row = |name: &Name| {
        vec![schema_of(db, &table.name), text(&table.name.name), optional(Some(name)), not_simulated("indexdef")]
    };
    behind.chain(own).map(row).collect()
}

fn attributes(db: &Database, table: &Table) -> Rows {
    let _ = db;
    let numbered = (1_i64..).zip(&table.columns);
    numbered
        .map(|(at, column)| {
            let identity = column.identity.as_ref().map_or("", |identity| if identity.always { "a" } else { "d" });
            vec![
                Datum::Int(oid(&table.name)),
                text(&column.name),
                Datum::Int(at),
                Datum::Bool(!column.nullable),
                Datum::Bool(false),
                Datum::Bool(column.default.is_some() || column.computed.is_some()),
                text(identity),
            ]
        })
        .collect()
}

/// Triggers are known as `table.trigger`.
fn triggers(db: &Database) -> Rows {
    let of_kind = db.catalog.objects.keys().filter(|(kind, _)| *kind == ObjectKind::Trigger);
    let row = |(_, name): &(ObjectKind, QName)| {
        let (table, trigger) = name.name.split_once('.').unwrap_or(("", &name.name));
        vec![Datum::Int(oid(&name.sibling(table))), text(trigger), Datum::Bool(false)]
    };
    of_kind.map(row).collect()
}
