//! `ALTER TABLE`, and comments, which PostgreSQL sets apart.

use std::fmt::Write as _;

use super::table::{column, constraint, default_text as default, identity_words};
use super::{if_exists_words, if_not_exists_words, literal, write_type};
use crate::op::{ColumnChange, ConstraintKindName, OpKind};
use crate::schema::{Dialect, Name, QName, quote, quote_qualified};

pub(super) fn alter_table(op: &OpKind, dialect: Dialect) -> Vec<String> {
    let ident = |name: &str| quote(name, dialect).into_owned();
    let alter = |table: &QName, action: String| format!("ALTER TABLE {} {action}", quote_qualified(table, dialect));
    let one = match op {
        OpKind::RenameTable { table, to, if_exists } => {
            let to = if dialect == Dialect::MySql {
                quote_qualified(&table.sibling(to.clone()), dialect)
            } else {
                ident(to)
            };
            let exists = if_exists_words(*if_exists);
            format!("ALTER TABLE {exists}{} RENAME TO {to}", quote_qualified(table, dialect))
        }
        OpKind::MoveTable { table, schema } => {
            let schema = schema.as_deref().or(dialect.default_schema()).unwrap_or_default();
            alter(table, format!("SET SCHEMA {}", ident(schema)))
        }
        OpKind::CommentTable { table, comment } => {
            if dialect == Dialect::MySql {
                alter(
                    table,
                    format!(
                        "COMMENT {}",
                        comment.as_deref().map_or_else(|| "NULL".to_owned(), |comment| literal(comment, dialect))
                    ),
                )
            } else {
                let text = comment.as_deref().map_or_else(|| "NULL".to_owned(), |comment| literal(comment, dialect));
                format!("COMMENT ON TABLE {} IS {text}", quote_qualified(table, dialect))
            }
        }
        OpKind::AddColumn { table, column: spec, if_not_exists } => {
            let exists = if_not_exists_words(*if_not_exists);
            let add = alter(table, format!("ADD COLUMN {exists}{}", column(spec, dialect)));
            let comment = spec.comment.as_ref().filter(|_| dialect == Dialect::PostgreSql);
            let comment = comment.map(|text| column_comment(table, &spec.name, Some(text), dialect));
            return [add].into_iter().chain(comment).collect();
        }
        OpKind::DropColumn { table, column, if_exists, cascade } => {
            let cascade = if *cascade { " CASCADE" } else { "" };
            alter(table, format!("DROP COLUMN {}{}{cascade}", if_exists_words(*if_exists), ident(column)))
        }
        OpKind::AddConstraint { table, constraint: spec } => alter(table, format!("ADD {}", constraint(spec, dialect))),
        OpKind::DropConstraint { table, name, kind, if_exists, cascade } => {
            let name = name.as_deref().map_or_else(|| "NULL".to_owned(), ident);
            let exists = if_exists_words(*if_exists);
            let cascade = if *cascade { " CASCADE" } else { "" };
            let what = match kind {
                Some(ConstraintKindName::ForeignKey) if dialect == Dialect::MySql => format!("FOREIGN KEY {name}"),
                Some(ConstraintKindName::PrimaryKey) if dialect == Dialect::MySql => "PRIMARY KEY".to_owned(),
                Some(ConstraintKindName::Unique) if dialect == Dialect::MySql => format!("INDEX {name}"),
                Some(ConstraintKindName::Check) if dialect == Dialect::MySql => format!("CHECK {name}"),
                _ => format!("CONSTRAINT {exists}{name}{cascade}"),
            };
            alter(table, format!("DROP {what}"))
        }
        OpKind::RenameConstraint { table, name, to } => {
            alter(table, format!("RENAME CONSTRAINT {} TO {}", ident(name), ident(to)))
        }
        OpKind::ValidateConstraint { table, name } => alter(table, format!("VALIDATE CONSTRAINT {}", ident(name))),
        _ => return Vec::new(),
    };
    vec![one]
}

pub(super) fn alter_column(table: &QName, column: &Name, changes: &[ColumnChange], dialect: Dialect) -> Vec<String> {
    if dialect == Dialect::MySql {
        return redefine(table, column, changes, dialect);
    }
    let mut column = column.clone();
    let mut statements = Vec::new();
    for change in changes {
        let name = quote(&column, dialect).into_owned();
        let action = match change {
            ColumnChange::Type { ty, using, collation, spelled, .. } => {
                let collation = collation.as_ref().map_or_else(String::new, |c| format!(" COLLATE \"{c}\""));
                let using = using.as_ref().filter(|_| dialect == Dialect::PostgreSql);
                let using = using.map_or_else(String::new, |using| format!(" USING {using}"));
                match spelled {
                    Some(ty) => format!("ALTER COLUMN {name} TYPE {ty}{using}"),
                    None => format!("ALTER COLUMN {name} TYPE {}{collation}{using}", write_type(ty, dialect)),
                }
            }
            ColumnChange::Nullable(true) => format!("ALTER COLUMN {name} DROP NOT NULL"),
            ColumnChange::Nullable(false) => format!("ALTER COLUMN {name} SET NOT NULL"),
            ColumnChange::Default(Some(spec)) => format!("ALTER COLUMN {name} SET DEFAULT {}", default(spec)),
            ColumnChange::Default(None) => format!("ALTER COLUMN {name} DROP DEFAULT"),
            ColumnChange::Identity(Some(identity)) => {
                format!("ALTER COLUMN {name} ADD {}", identity_words(identity, None))
            }
            ColumnChange::Identity(None) => format!("ALTER COLUMN {name} DROP IDENTITY"),
            ColumnChange::Spelled(action) => format!("ALTER COLUMN {name} {action}"),
            ColumnChange::DropComputed => format!("ALTER COLUMN {name} DROP EXPRESSION"),
            ColumnChange::Comment(comment) => {
                statements.push(column_comment(table, &column, comment.as_ref(), dialect));
                continue;
            }
            ColumnChange::Autoincrement(_) => continue,
            ColumnChange::Rename(to) => {
                let word = if dialect == Dialect::Sqlite { "RENAME COLUMN" } else { "RENAME" };
                column = to.clone();
                format!("{word} {name} TO {}", quote(to, dialect))
            }
        };
        statements.push(format!("ALTER TABLE {} {action}", quote_qualified(table, dialect)));
    }
    statements
}

/// MySQL says the whole column anew, except for a default alone or a new name alone.
fn redefine(table: &QName, column: &Name, changes: &[ColumnChange], dialect: Dialect) -> Vec<String> {
    let table = quote_qualified(table, dialect);
    let name = quote(column, dialect);
    match changes {
        [ColumnChange::Default(Some(spec))] => {
            return vec![format!("ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {}", default(spec))];
        }
        [ColumnChange::Default(None)] => return vec![format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")],
        [ColumnChange::Rename(to)] => {
            return vec![format!("ALTER TABLE {table} RENAME COLUMN {name} TO {}", quote(to, dialect))];
        }
        _ => {}
    }
    let (mut ty, mut null, mut to) = (String::new(), "NULL", None);
    let (mut counts, mut rest) = ("", String::new());
    for change in changes {
        match change {
            ColumnChange::Type { spelled: Some(new), .. } => ty = format!(" {new}"),
            ColumnChange::Type { ty: new, .. } => ty = format!(" {}", write_type(new, dialect)),
            ColumnChange::Nullable(nullable) => null = if *nullable { "NULL" } else { "NOT NULL" },
            ColumnChange::Default(Some(spec)) => {
                let _ = write!(rest, " DEFAULT {}", default(spec));
            }
            ColumnChange::Autoincrement(true) => counts = " AUTO_INCREMENT",
            ColumnChange::Comment(Some(comment)) => {
                let _ = write!(rest, " COMMENT {}", literal(comment, dialect));
            }
            ColumnChange::Rename(new) => to = Some(new),
            _ => {}
        }
    }
    let verb = match to {
        Some(to) => format!("CHANGE {name} {}", quote(to, dialect)),
        None => format!("MODIFY {name}"),
    };
    vec![format!("ALTER TABLE {table} {verb}{ty} {null}{counts}{rest}")]
}

fn column_comment(table: &QName, column: &Name, comment: Option<&Name>, dialect: Dialect) -> String {
    let text = comment.map_or_else(|| "NULL".to_owned(), |comment| literal(comment, dialect));
    format!("COMMENT ON COLUMN {}.{} IS {text}", quote_qualified(table, dialect), quote(column, dialect))
}
