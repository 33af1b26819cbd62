//! Operations as compact text, close to the SQL that Alembic would send.

use crate::op::{
    ColumnChange, ColumnSpec, ConstraintKind, ConstraintSpec, Datum, DefaultSpec, IndexPartSpec, IndexSpec, OpKind,
    Operation, TableSpec,
};
use crate::schema::{BlobSize, ReferentialAction, SqlType, TextSize};

pub(super) fn operation(operation: &Operation) -> String {
    match &operation.kind {
        OpKind::CreateTable { table, if_not_exists } => {
            format!("CREATE TABLE {}{}", if *if_not_exists { "IF NOT EXISTS " } else { "" }, table_text(table))
        }
        OpKind::DropTable { table, if_exists, .. } => format!("DROP TABLE {}{table}", exists(*if_exists)),
        OpKind::RenameTable { table, to, .. } => format!("RENAME TABLE {table} TO {to}"),
        OpKind::CommentTable { table, comment } => format!("COMMENT ON TABLE {table} IS {comment:?}"),
        OpKind::AddColumn { table, column, if_not_exists } => {
            let maybe = if *if_not_exists { "IF NOT EXISTS " } else { "" };
            format!("ALTER {table} ADD COLUMN {maybe}{}", column_text(column))
        }
        OpKind::DropColumn { table, column, if_exists, .. } => {
            format!("ALTER {table} DROP COLUMN {}{column}", exists(*if_exists))
        }
        OpKind::AlterColumn { table, column, changes } => {
            let changes: Vec<String> = changes.iter().map(change_text).collect();
            format!("ALTER {table}.{column}: {}", changes.join("; "))
        }
        OpKind::CreateIndex { index, if_not_exists, concurrently } => {
            let concurrently = if *concurrently { " CONCURRENTLY" } else { "" };
            let maybe = if *if_not_exists { " IF NOT EXISTS" } else { "" };
            format!("CREATE {}{concurrently}{maybe}", index_text(index)).replace("INDEX ", "INDEX ")
        }
        OpKind::DropIndex { index, table, if_exists, concurrently, .. } => {
            let concurrently = if *concurrently { "CONCURRENTLY " } else { "" };
            let table = table.as_ref().map(|table| format!(" ON {table}")).unwrap_or_default();
            format!("DROP INDEX {concurrently}{}{index}{table}", exists(*if_exists))
        }
        OpKind::AddConstraint { table, constraint } => format!("ALTER {table} ADD {}", constraint_text(constraint)),
        OpKind::DropConstraint { table, name, if_exists, kind, .. } => {
            let kind = kind.map(|kind| format!(" [{kind:?}]")).unwrap_or_default();
            format!("ALTER {table} DROP CONSTRAINT {}{}{kind}", exists(*if_exists), name.as_deref().unwrap_or("?"))
        }
        OpKind::Rebuild(batch) => {
            let changes: Vec<String> = batch.changes.iter().map(self::operation).collect();
            let mut text = format!("REBUILD {} {{ {} }}", batch.table, changes.join("; "));
            if let Some(from) = &batch.copy_from {
                text = format!("{text} FROM {}", table_text(from));
            }
            if !batch.table_args.is_empty() {
                let args: Vec<String> = batch.table_args.iter().map(constraint_text).collect();
                text = format!("{text} WITH {}", args.join(", "));
            }
            for (column, before, other) in &batch.placement {
                text = format!("{text} {column} {} {other}", if *before { "BEFORE" } else { "AFTER" });
            }
            text
        }
        OpKind::CreateEnum { name, values, if_not_exists } => {
            let maybe = if *if_not_exists { "IF NOT EXISTS " } else { "" };
            format!("CREATE TYPE {maybe}{name} AS ENUM ({})", values.join(", "))
        }
        OpKind::DropType { name, if_exists, .. } => format!("DROP TYPE {}{name}", exists(*if_exists)),
        OpKind::CreateSequence { name, .. } => format!("CREATE SEQUENCE {name}"),
        OpKind::DropSequence { name, .. } => format!("DROP SEQUENCE {name}"),
        OpKind::BulkInsert { table, rows } => {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|(name, value)| format!("{name}={}", datum_text(value)))
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect();
            format!("INSERT {table}: {}", rows.join(" | "))
        }
        OpKind::Sql(sql) => {
            let params: Vec<String> =
                sql.params.iter().map(|(name, value)| format!(" :{name}={}", datum_text(value))).collect();
            format!("SQL {}{}", sql.text.trim(), params.concat())
        }
        OpKind::Opaque { what, why, touches, .. } => {
            let touches: Vec<String> = touches.iter().map(ToString::to_string).collect();
            format!("OPAQUE {what} ({why}) {}", touches.join(",")).trim_end().to_owned()
        }
        other => format!("{other:?}"),
    }
}

fn exists(flag: bool) -> &'static str {
    if flag { "IF EXISTS " } else { "" }
}

fn table_text(table: &TableSpec) -> String {
    let mut parts: Vec<String> = table.columns.iter().map(column_text).collect();
    parts.extend(table.constraints.iter().map(constraint_text));
    let comment = table.comment.as_ref().map(|comment| format!(" COMMENT {comment:?}")).unwrap_or_default();
    format!("{} ({}){comment}", table.name, parts.join(", "))
}

fn column_text(column: &ColumnSpec) -> String {
    let mut text = format!("{} {}", column.name, type_text(&column.ty));
    if column.serial {
        text.push_str(" SERIAL");
    }
    if let Some(collation) = &column.collation {
        text = format!("{text} COLLATE {collation}");
    }
    if let Some(default) = &column.default {
        text = format!("{text} DEFAULT {}", default_text(default));
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    if let Some(identity) = &column.identity {
        text = format!("{text} IDENTITY {}", if identity.always { "ALWAYS" } else { "BY DEFAULT" });
    }
    if let Some(computed) = &column.computed {
        text = format!("{text} AS ({}) {}", computed.expression, if computed.persisted { "STORED" } else { "VIRTUAL" });
    }
    if let Some(comment) = &column.comment {
        text = format!("{text} COMMENT {comment:?}");
    }
    for constraint in &column.constraints {
        text = format!("{text} {}", constraint_text(constraint));
    }
    text
}

fn default_text(default: &DefaultSpec) -> String {
    match default {
        DefaultSpec::Sql(text) => text.to_string(),
        DefaultSpec::Unknown(why) => format!("<{why}>"),
    }
}

fn constraint_text(constraint: &ConstraintSpec) -> String {
    let mut parts: Vec<String> = constraint.name.iter().map(|name| format!("CONSTRAINT {name}")).collect();
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } => parts.push(format!("PRIMARY KEY ({})", columns.join(", "))),
        ConstraintKind::Unique { columns, nulls_not_distinct, .. } => {
            let nulls = if *nulls_not_distinct { "NULLS NOT DISTINCT " } else { "" };
            parts.push(format!("UNIQUE {nulls}({})", columns.join(", ")));
        }
        ConstraintKind::ForeignKey { columns, ref_table, ref_columns, on_delete, on_update, match_type } => {
            let (columns, ref_columns) = (columns.join(", "), ref_columns.join(", "));
            parts.push(format!("FOREIGN KEY({columns}) REFERENCES {ref_table} ({ref_columns})"));
            parts.extend(match_type.iter().map(|kind| format!("MATCH {kind}")));
            for (what, action) in [("DELETE", on_delete), ("UPDATE", on_update)] {
                if *action != ReferentialAction::NoAction {
                    parts.push(format!("ON {what} {action:?}"));
                }
            }
        }
        ConstraintKind::Check { condition } => parts.push(format!("CHECK ({condition})")),
        ConstraintKind::Exclude { definition, .. } => parts.push(format!("EXCLUDE {definition}")),
    }
    if constraint.deferrable == Some(true) {
        parts.push("DEFERRABLE".to_owned());
    }
    if constraint.initially_deferred == Some(true) {
        parts.push("INITIALLY DEFERRED".to_owned());
    }
    if constraint.not_valid {
        parts.push("NOT VALID".to_owned());
    }
    parts.join(" ")
}

fn index_text(index: &IndexSpec) -> String {
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| match part {
            IndexPartSpec::Column(name, None) => name.to_string(),
            IndexPartSpec::Column(name, Some(suffix)) => format!("{name} {suffix}"),
            IndexPartSpec::Expression(text, suffix) => {
                format!("({text}){}", suffix.as_ref().map(|suffix| format!(" {suffix}")).unwrap_or_default())
            }
        })
        .collect();
    let mut text = format!(
        "{}INDEX {} ON {} ({})",
        if index.unique { "UNIQUE " } else { "" },
        index.name.as_deref().unwrap_or("?"),
        index.table,
        parts.join(", ")
    );
    if let Some(using) = &index.using {
        text = format!("{text} USING {using}");
    }
    if !index.include.is_empty() {
        text = format!("{text} INCLUDE ({})", index.include.join(", "));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(predicate) = &index.predicate {
        text = format!("{text} WHERE {predicate}");
    }
    text
}

fn change_text(change: &ColumnChange) -> String {
    match change {
        ColumnChange::Type { ty, using, .. } => {
            let using = using.as_ref().map(|using| format!(" USING {using}")).unwrap_or_default();
            format!("TYPE {}{using}", type_text(ty))
        }
        ColumnChange::Nullable(true) => "NULL".to_owned(),
        ColumnChange::Nullable(false) => "NOT NULL".to_owned(),
        ColumnChange::Default(None) => "DROP DEFAULT".to_owned(),
        ColumnChange::Default(Some(default)) => format!("DEFAULT {}", default_text(default)),
        ColumnChange::Comment(comment) => format!("COMMENT {}", comment.as_deref().unwrap_or("NULL")),
        ColumnChange::Identity(None) => "DROP IDENTITY".to_owned(),
        ColumnChange::Identity(Some(identity)) => {
            format!("IDENTITY {}", if identity.always { "ALWAYS" } else { "BY DEFAULT" })
        }
        ColumnChange::DropComputed => "DROP EXPRESSION".to_owned(),
        ColumnChange::Autoincrement(on) => format!("AUTO_INCREMENT {on}"),
        ColumnChange::Rename(name) => format!("RENAME {name}"),
        ColumnChange::Spelled(action) => action.to_string(),
    }
}

/// A type as its SQL, near enough to tell types apart.
pub(super) fn type_text(ty: &SqlType) -> String {
    let sized = |name: &str, size: &Option<u32>| match size {
        Some(size) => format!("{name}({size})"),
        None => name.to_owned(),
    };
    match ty {
        SqlType::Integer => "INTEGER".to_owned(),
        SqlType::BigInt => "BIGINT".to_owned(),
        SqlType::SmallInt => "SMALLINT".to_owned(),
        SqlType::Boolean => "BOOLEAN".to_owned(),
        SqlType::VarChar(size) => sized("VARCHAR", size),
        SqlType::Char(size) => sized("CHAR", size),
        SqlType::Numeric(None, _) => "NUMERIC".to_owned(),
        SqlType::Numeric(Some(p), None) => format!("NUMERIC({p})"),
        SqlType::Numeric(Some(p), Some(s)) => format!("NUMERIC({p}, {s})"),
        SqlType::Float(size) => sized("FLOAT", size),
        SqlType::Text(TextSize::Plain) => "TEXT".to_owned(),
        SqlType::Blob(BlobSize::Plain) => "BLOB".to_owned(),
        SqlType::DateTime(size) => sized("DATETIME", size),
        SqlType::Timestamp { precision, tz } => {
            format!("{}{}", sized("TIMESTAMP", precision), if *tz { "TZ" } else { "" })
        }
        SqlType::Time { precision, tz } => format!("{}{}", sized("TIME", precision), if *tz { "TZ" } else { "" }),
        SqlType::Enum(name) => format!("enum {name}"),
        SqlType::InlineEnum(values) => format!("ENUM({})", values.join(",")),
        SqlType::Array(inner) => format!("{}[]", type_text(inner)),
        SqlType::Builtin(name) => name.to_string(),
        SqlType::Named(name, args) if args.is_empty() => format!("\"{name}\""),
        SqlType::Named(name, args) => format!("\"{name}\"({})", args.join(",")),
        SqlType::Unsigned(inner) => format!("{} UNSIGNED", type_text(inner)),
        SqlType::Unknown => "<unknown>".to_owned(),
        other => format!("{other:?}").to_uppercase(),
    }
}

fn datum_text(datum: &Datum) -> String {
    match datum {
        Datum::Null => "NULL".to_owned(),
        Datum::Bool(truth) => truth.to_string(),
        Datum::Int(number) => number.to_string(),
        Datum::Text(text) => format!("'{text}'"),
        Datum::Date(text) => format!("date {text}"),
        Datum::Timestamp(text) => format!("timestamp {text}"),
        Datum::Decimal(text) => format!("decimal {text}"),
        Datum::Uuid(text) => format!("uuid {text}"),
        Datum::Json(text) => format!("json {text}"),
        Datum::Unknown(why) => format!("<{why}>"),
        other => format!("{other:?}"),
    }
}
