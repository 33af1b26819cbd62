//! [`undo`]: the directive that takes an operation back, as Python to paste.

use super::code::{column, drop_constraint, list, python_bool, quote, schema, sql_type};
use super::context::{Done, Revision};
use crate::op::{ColumnChange, ConstraintKind, ConstraintKindName, OpKind};
use crate::schema::{ColumnId, ForeignKey, Index, QName, Table};

/// The directives that take the whole upgrade back, last operation first; operations that no directive takes back
/// are left out.
pub(crate) fn undo_all(revision: Revision<'_>) -> Vec<String> {
    let mut lines: Vec<String> = revision.upgraded().filter(|done| done.is_ok()).filter_map(undo).collect();
    lines.reverse();
    // Dropping a table drops what stands on it.
    let dropped: Vec<QName> = revision
        .upgraded()
        .filter_map(|done| match &done.operation.kind {
            OpKind::CreateTable { table, .. } => Some(table.name.clone()),
            _ => None,
        })
        .collect();
    lines.retain(|line| !dropped.iter().any(|table| stands_on(line, table)));
    lines
}

/// Whether a directive drops a part of a table that goes as a whole.
fn stands_on(line: &str, table: &QName) -> bool {
    let name = quote(&table.name);
    let part = ["op.drop_index(", "op.drop_constraint(", "op.drop_column("].iter().any(|start| line.starts_with(start));
    part && line.contains(&name)
}

/// The directive that takes an operation back; `None` where there is none, or its code would only be guessed.
pub(crate) fn undo(done: Done<'_>) -> Option<String> {
    let before = &done.step.before.catalog;
    match &done.operation.kind {
        OpKind::CreateTable { table, .. } => {
            Some(format!("op.drop_table({}{})", quote(&table.name.name), schema(&table.name)))
        }
        OpKind::DropTable { table, .. } => create_table(before.table(table)?),
        OpKind::RenameTable { table, to, .. } => {
            Some(format!("op.rename_table({}, {}{})", quote(to), quote(&table.name), schema(table)))
        }
        OpKind::AddColumn { table, column, .. } => {
            Some(format!("op.drop_column({}, {}{})", quote(&table.name), quote(&column.name), schema(table)))
        }
        OpKind::DropColumn { table, column: name, .. } => {
            let column = column(before.table(table)?.column(name)?)?;
            Some(format!("op.add_column({}, {column}{})", quote(&table.name), schema(table)))
        }
        OpKind::AlterColumn { table, column, changes } => alter_back(before.table(table)?, table, column, changes),
        OpKind::CreateIndex { index, .. } => {
            let name = index.name.as_ref()?;
            Some(format!(
                "op.drop_index({}, table_name={}{})",
                quote(name),
                quote(&index.table.name),
                schema(&index.table)
            ))
        }
        OpKind::DropIndex { index, .. } => before.tables.values().find_map(|table| {
            let found = table.indexes.iter().find(|other| other.name == index.name)?;
            create_index(table, found)
        }),
        OpKind::AddConstraint { table, constraint } => {
            let kind = match constraint.kind {
                ConstraintKind::PrimaryKey { .. } => ConstraintKindName::PrimaryKey,
                ConstraintKind::Unique { .. } => ConstraintKindName::Unique,
                ConstraintKind::ForeignKey { .. } => ConstraintKindName::ForeignKey,
                ConstraintKind::Check { .. } => ConstraintKindName::Check,
                ConstraintKind::Exclude { .. } => return None,
            };
            Some(drop_constraint(table, constraint.name.as_ref()?, Some(kind)))
        }
        OpKind::DropConstraint { table, name, .. } => add_constraint(before.table(table)?, name.as_ref()?),
        OpKind::CreateEnum { name, .. } => Some(format!("op.execute({})", quote(&format!("DROP TYPE {name}")))),
        OpKind::CreateSequence { name, .. } => Some(format!("op.execute({})", quote(&format!("DROP SEQUENCE {name}")))),
        OpKind::CommentTable { table, comment: Some(_) } => {
            let comment = &before.table(table)?.comment;
            let name = quote(&table.name);
            Some(match comment {
                Some(comment) => format!("op.create_table_comment({name}, {}{})", quote(comment), schema(table)),
                None => format!("op.drop_table_comment({name}{})", schema(table)),
            })
        }
        _ => None,
    }
}

fn alter_back(before: &Table, table: &QName, name: &str, changes: &[ColumnChange]) -> Option<String> {
    let old = before.column(name)?;
    let (mut now, mut arguments) = (name.to_owned(), Vec::new());
    for change in changes {
        arguments.push(match change {
            ColumnChange::Rename(to) => {
                now = to.to_string();
                format!("new_column_name={}", quote(name))
            }
            ColumnChange::Type { .. } => format!("type_={}", sql_type(&old.ty)?),
            ColumnChange::Nullable(_) => format!("nullable={}", python_bool(old.nullable)),
            ColumnChange::Default(_) => match &old.default {
                Some(default) => format!("server_default=sa.text({})", quote(default)),
                None => "server_default=None".to_owned(),
            },
            ColumnChange::Comment(_) => match &old.comment {
                Some(comment) => format!("comment={}", quote(comment)),
                None => "comment=None".to_owned(),
            },
            ColumnChange::Identity(_)
            | ColumnChange::DropComputed
            | ColumnChange::Autoincrement(_)
            | ColumnChange::Spelled(_) => return None,
        });
    }
    let arguments = arguments.join(", ");
    Some(format!("op.alter_column({}, {}, {arguments}{})", quote(&table.name), quote(&now), schema(table)))
}

pub(super) fn create_index(table: &Table, index: &Index) -> Option<String> {
    let plain = index.predicate.is_none() && index.using.is_none() && index.include.is_empty();
    let columns: Option<Vec<ColumnId>> =
        index.parts.iter().map(|part| part.column.filter(|_| part.suffix.is_none())).collect();
    let columns = columns.filter(|_| plain)?;
    Some(format!(
        "op.create_index({}, {}, {}, unique={}{})",
        quote(&index.name),
        quote(&table.name.name),
        list(&table.column_names(&columns)),
        python_bool(index.unique),
        schema(&table.name)
    ))
}

pub(super) fn add_constraint(table: &Table, name: &str) -> Option<String> {
    let named = |other: &Option<crate::schema::Name>| other.as_deref() == Some(name);
    let columns = |ids: &[ColumnId]| list(&table.column_names(ids));
    let on = quote(&table.name.name);
    if let Some(unique) = table.uniques.iter().find(|unique| named(&unique.name)) {
        let columns = columns(&unique.columns);
        return Some(format!("op.create_unique_constraint({}, {on}, {columns}{})", quote(name), schema(&table.name)));
    }
    if let Some(key) = table.foreign_keys.iter().find(|key| named(&key.name)) {
        return Some(foreign_key(table, key, name));
    }
    if let Some(check) = table.checks.iter().find(|check| named(&check.name)) {
        let condition = quote(&check.condition);
        return Some(format!("op.create_check_constraint({}, {on}, {condition}{})", quote(name), schema(&table.name)));
    }
    let key = table.primary_key.as_ref().filter(|key| named(&key.name))?;
    Some(format!("op.create_primary_key({}, {on}, {}{})", quote(name), columns(&key.columns), schema(&table.name)))
}

fn foreign_key(table: &Table, key: &ForeignKey, name: &str) -> String {
    let mut parts = vec![
        quote(name),
        quote(&table.name.name),
        quote(&key.ref_table.name),
        list(&table.column_names(&key.columns)),
        list(&key.ref_columns),
    ];
    for (argument, action) in [("ondelete", key.on_delete), ("onupdate", key.on_update)] {
        parts.extend(action.said().map(|action| format!("{argument}='{action}'")));
    }
    for (argument, schema) in [("source_schema", &table.name.schema), ("referent_schema", &key.ref_table.schema)] {
        parts.extend(schema.as_ref().map(|schema| format!("{argument}={}", quote(schema))));
    }
    format!("op.create_foreign_key({})", parts.join(", "))
}

pub(super) fn create_table(table: &Table) -> Option<String> {
    let mut lines = vec![format!("op.create_table({},", quote(&table.name.name))];
    for one in &table.columns {
        lines.push(format!("    {},", column(one)?));
    }
    let quoted =
        |ids: &[ColumnId]| table.column_names(ids).iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ");
    let named =
        |name: &Option<crate::schema::Name>| name.as_ref().map(|n| format!(", name={}", quote(n))).unwrap_or_default();
    for key in &table.foreign_keys {
        let target = key.ref_columns.iter().map(|column| quote(&format!("{}.{column}", key.ref_table)));
        let target = target.collect::<Vec<_>>().join(", ");
        lines.push(format!("    sa.ForeignKeyConstraint([{}], [{target}]{}),", quoted(&key.columns), named(&key.name)));
    }
    if let Some(key) = &table.primary_key {
        lines.push(format!("    sa.PrimaryKeyConstraint({}{}),", quoted(&key.columns), named(&key.name)));
    }
    for unique in &table.uniques {
        lines.push(format!("    sa.UniqueConstraint({}{}),", quoted(&unique.columns), named(&unique.name)));
    }
    if let Some(schema) = &table.name.schema {
        lines.push(format!("    schema={},", quote(schema)));
    }
    lines.push(")".to_owned());
    for index in &table.indexes {
        lines.push(create_index(table, index)?);
    }
    Some(lines.join("\n"))
}
