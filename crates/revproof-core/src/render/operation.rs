//! An operation in a few words: `add column users.phone`.

use super::plain::one_line;
use crate::op::{ColumnChange, ConstraintKind, ConstraintSpec, OpKind};
use crate::replay::shorten;
use crate::schema::{ObjectKind, QName};

/// What an operation does, in a few words and on one line.
pub fn operation_text(kind: &OpKind) -> String {
    one_line(&match kind {
        OpKind::CreateTable { table, .. } => format!("create table {}", table.name),
        OpKind::DropTable { table, .. } => format!("drop table {table}"),
        OpKind::RenameTable { table, to, .. } => format!("rename table {table} to {to}"),
        OpKind::MoveTable { table, schema } => {
            format!("move table {table} to schema {}", schema.as_deref().unwrap_or("(default)"))
        }
        OpKind::CommentTable { table, .. } => format!("comment on table {table}"),
        OpKind::AddColumn { table, column, .. } => format!("add column {table}.{}", column.name),
        OpKind::DropColumn { table, column, .. } => format!("drop column {table}.{column}"),
        OpKind::AlterColumn { table, column, changes } => {
            let changes: Vec<String> = changes.iter().map(column_change).collect();
            format!("alter column {table}.{column}: {}", changes.join(", "))
        }
        OpKind::CreateIndex { index, .. } => {
            let unique = if index.unique { "unique " } else { "" };
            format!("create {unique}index {} on {}", index.name.as_deref().unwrap_or("(unnamed)"), index.table)
        }
        OpKind::DropIndex { index, .. } => format!("drop index {index}"),
        OpKind::RenameIndex { index, to, .. } => format!("rename index {index} to {to}"),
        OpKind::AddConstraint { table, constraint } => format!("add {} to {table}", constraint_text(constraint)),
        OpKind::DropConstraint { table, name, .. } => {
            format!("drop constraint {} of {table}", name.as_deref().unwrap_or("(unnamed)"))
        }
        OpKind::RenameConstraint { table, name, to } => format!("rename constraint {name} of {table} to {to}"),
        OpKind::ValidateConstraint { table, name } => format!("validate constraint {name} of {table}"),
        OpKind::Rebuild(batch) => {
            let parts: Vec<String> = batch.changes.iter().map(|part| operation_text(&part.kind)).collect();
            format!("rebuild table {}: {}", batch.table, parts.join(", "))
        }
        OpKind::CreateEnum { name, .. } => format!("create type {name}"),
        OpKind::DropType { name, .. } => format!("drop type {name}"),
        OpKind::AddEnumValue { name, value, .. } => format!("add value '{value}' to type {name}"),
        OpKind::RenameEnumValue { name, value, to } => format!("rename value '{value}' of type {name} to '{to}'"),
        OpKind::RenameType { name, to } => format!("rename type {name} to {to}"),
        OpKind::CreateSequence { name, .. } => format!("create sequence {name}"),
        OpKind::DropSequence { name, .. } => format!("drop sequence {name}"),
        OpKind::AlterSequence { name, .. } => format!("alter sequence {name}"),
        OpKind::CreateObject { kind, name, .. } => format!("create {}", object(*kind, name)),
        OpKind::DropObject { kind, name, .. } => format!("drop {}", object(*kind, name)),
        OpKind::RenameObject { kind, name, to } => format!("rename {} to {to}", object(*kind, name)),
        OpKind::Refresh { view, .. } => format!("refresh {}", object(ObjectKind::MaterializedView, view)),
        OpKind::Truncate { tables, .. } => {
            format!("truncate {}", tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        OpKind::BulkInsert { table, rows } => {
            let rows = if rows.len() == 1 { "1 row".to_owned() } else { format!("{} rows", rows.len()) };
            format!("insert {rows} into {table}")
        }
        OpKind::Sql(text) => shorten(&text.text).trim_matches('`').to_owned(),
        OpKind::NoEffect { what } | OpKind::Opaque { what, .. } => what.to_string(),
    })
    .trim_end()
    .to_owned()
}

fn column_change(change: &ColumnChange) -> String {
    match change {
        ColumnChange::Type { .. } => "type".to_owned(),
        ColumnChange::Nullable(true) => "drop not null".to_owned(),
        ColumnChange::Nullable(false) => "set not null".to_owned(),
        ColumnChange::Default(Some(_)) => "set default".to_owned(),
        ColumnChange::Default(None) => "drop default".to_owned(),
        ColumnChange::Comment(_) => "comment".to_owned(),
        ColumnChange::Identity(_) => "identity".to_owned(),
        ColumnChange::DropComputed => "drop expression".to_owned(),
        ColumnChange::Autoincrement(_) => "autoincrement".to_owned(),
        ColumnChange::Spelled(_) => "as it is".to_owned(),
        ColumnChange::Rename(to) => format!("rename to {to}"),
    }
}

fn constraint_text(constraint: &ConstraintSpec) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "primary key",
        ConstraintKind::Unique { .. } => "unique constraint",
        ConstraintKind::ForeignKey { .. } => "foreign key",
        ConstraintKind::Check { .. } => "check",
        ConstraintKind::Exclude { .. } => "exclusion constraint",
    };
    constraint.name.as_deref().map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"))
}

fn object(kind: ObjectKind, name: &QName) -> String {
    format!("{} {name}", kind.noun())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::SqlText;

    #[track_caller]
    fn check(kind: &OpKind, expected: &str) {
        assert_eq!(operation_text(kind), expected);
    }

    #[test]
    fn an_operation_is_a_line_of_a_few_words() {
        let table = QName::new("users");
        check(
            &OpKind::DropColumn { table: table.clone(), column: "phone".into(), if_exists: false, cascade: false },
            "drop column users.phone",
        );
        let changes = vec![ColumnChange::Nullable(false), ColumnChange::Rename("tel".into())];
        check(
            &OpKind::AlterColumn { table, column: "phone".into(), changes },
            "alter column users.phone: set not null, rename to tel",
        );
        let sql = SqlText { text: "UPDATE users\n  SET a = 1".into(), params: Vec::new(), literal: None };
        check(&OpKind::Sql(sql), "UPDATE users SET a = 1");
        check(
            &OpKind::CreateObject {
                kind: ObjectKind::MaterializedView,
                name: QName::new("totals"),
                definition: "".into(),
                depends_on: Vec::new(),
                or_replace: false,
                if_not_exists: false,
            },
            "create materialized view totals",
        );
    }
}
