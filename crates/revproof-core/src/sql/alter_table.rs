//! `ALTER TABLE`.

use super::columns::{Element, column, default, element, identity, identity_option};
use super::guard::{Condition, Guard};
use super::reader::Reader;
use super::statement::{Lowered, no_effect, opaque};
use super::types::column_type;
use crate::op::{ColumnChange, ColumnSpec, ConstraintKindName, OpKind};
use crate::schema::{Dialect, Name, QName};

/// Actions that say nothing that is simulated.
#[rustfmt::skip]
const NO_EFFECT: &[&str] = &[
    "ALGORITHM", "AUTO_INCREMENT", "CHARACTER", "CHARSET", "CLUSTER", "COLLATE", "CONVERT", "DEFAULT", "DISABLE",
    "ENABLE", "ENGINE", "FORCE", "LOCK", "NO", "NOT", "OF", "ORDER", "OWNER", "REPLICA", "RESET", "ROW_FORMAT", "SET",
];

/// Behind `ALTER TABLE`.
pub(super) fn alter_table(reader: &mut Reader<'_>) -> Option<Lowered> {
    let if_exists = reader.if_exists();
    reader.eat("ONLY");
    let table = reader.qname()?;
    reader.eat_op("*");
    let mut ops: Vec<OpKind> = Vec::new();
    loop {
        for op in action(reader, &table, if_exists)? {
            push(&mut ops, op);
        }
        if !reader.eat_op(",") {
            break;
        }
    }
    reader.end()?;
    let guard = if_exists.then_some(Guard::on(Condition::Table { table, exists: true }));
    Some(Lowered { ops, guard })
}

/// Changes of one column that stand side by side become one operation.
fn push(ops: &mut Vec<OpKind>, op: OpKind) {
    if let OpKind::AlterColumn { column, changes, .. } = &op
        && let Some(OpKind::AlterColumn { column: last, changes: earlier, .. }) = ops.last_mut()
        && column == last
        && !earlier.iter().any(|change| matches!(change, ColumnChange::Rename(_)))
    {
        earlier.extend(changes.iter().cloned());
        return;
    }
    ops.push(op);
}

fn action(reader: &mut Reader<'_>, table: &QName, if_exists: bool) -> Option<Vec<OpKind>> {
    if reader.eat("ADD") {
        return add(reader, table);
    }
    if reader.eat("DROP") {
        return drop(reader, table).map(|op| vec![op]);
    }
    if reader.eat("RENAME") {
        return rename(reader, table, if_exists).map(|op| vec![op]);
    }
    if reader.eat("ALTER CONSTRAINT") {
        reader.skip_to(&[]);
        return Some(vec![no_effect("ALTER CONSTRAINT")]);
    }
    if reader.eat("ALTER INDEX") {
        reader.skip_to(&[]);
        return Some(vec![no_effect("ALTER INDEX")]);
    }
    if reader.eat("ALTER") {
        reader.eat("COLUMN");
        let column = reader.name()?;
        let is_storage = reader.is_any(&["SET", "RESET"])
            && (reader.raw_at(1) == "(" || ["STATISTICS", "STORAGE", "COMPRESSION"].iter().any(|w| reader.is_at(1, w)));
        if is_storage {
            reader.skip_to(&[]);
            return Some(vec![no_effect("ALTER COLUMN … SET")]);
        }
        let changes = vec![column_change(reader)?];
        return Some(vec![OpKind::AlterColumn { table: table.clone(), column, changes }]);
    }
    if reader.eat("VALIDATE CONSTRAINT") {
        return Some(vec![OpKind::ValidateConstraint { table: table.clone(), name: reader.name()? }]);
    }
    if reader.eat("SET SCHEMA") {
        let schema = reader.name()?;
        let schema = Some(schema).filter(|schema| Some(&**schema) != reader.dialect.default_schema());
        return Some(vec![OpKind::MoveTable { table: table.clone(), schema }]);
    }
    if reader.dialect == Dialect::MySql {
        if reader.eat("MODIFY") {
            reader.eat("COLUMN");
            let column = column(reader)?;
            return Some(vec![redefine(table, column.name.clone(), column)]);
        }
        if reader.eat("CHANGE") {
            reader.eat("COLUMN");
            let old = reader.name()?;
            let column = column(reader)?;
            return Some(vec![redefine(table, old, column)]);
        }
        if reader.eat("COMMENT") {
            reader.eat_op("=");
            return Some(vec![OpKind::CommentTable { table: table.clone(), comment: Some(reader.string()?) }]);
        }
    }
    if reader.is_any(&["ATTACH", "DETACH", "INHERIT"]) {
        reader.skip_to(&[]);
        let why = "partitions and inherited tables are not simulated";
        return Some(vec![opaque("ALTER TABLE … PARTITION", why, vec![table.clone()])]);
    }
    if reader.is_any(NO_EFFECT) {
        let what = format!("ALTER TABLE … {}", reader.raw_at(0).to_ascii_uppercase());
        reader.skip_to(&[]);
        return Some(vec![no_effect(&what)]);
    }
    None
}

fn add(reader: &mut Reader<'_>, table: &QName) -> Option<Vec<OpKind>> {
    let is_column = reader.eat("COLUMN");
    let if_not_exists = reader.if_not_exists();
    let add_column = |column| OpKind::AddColumn { table: table.clone(), column: Box::new(column), if_not_exists };
    if is_column || if_not_exists {
        // MySQL: `ADD COLUMN (a INT, b INT)`.
        if let Some(mut list) = reader.parens() {
            let mut ops = Vec::new();
            while !list.is_end() {
                ops.push(add_column(column(&mut list)?));
                if !list.eat_op(",") {
                    break;
                }
            }
            list.end()?;
            return Some(ops);
        }
        return Some(vec![add_column(column(reader)?)]);
    }
    Some(vec![match element(reader, table)? {
        Element::Column(column) => add_column(*column),
        Element::Constraint(constraint) => OpKind::AddConstraint { table: table.clone(), constraint },
        Element::Index(index) => OpKind::CreateIndex { index: *index, if_not_exists: false, concurrently: false },
        Element::Like => return None,
    }])
}

fn drop(reader: &mut Reader<'_>, table: &QName) -> Option<OpKind> {
    let table = table.clone();
    let constraint = |name, kind, if_exists, cascade| OpKind::DropConstraint {
        table: table.clone(),
        name: Some(name),
        kind: Some(kind),
        if_exists,
        cascade,
    };
    if reader.eat("CONSTRAINT") || reader.eat("CHECK") {
        let if_exists = reader.if_exists();
        let name = Some(reader.name()?);
        return Some(OpKind::DropConstraint { table, name, kind: None, if_exists, cascade: reader.cascade() });
    }
    if reader.dialect == Dialect::MySql {
        if reader.eat("PRIMARY KEY") {
            return Some(constraint(Name::from("PRIMARY"), ConstraintKindName::PrimaryKey, false, false));
        }
        if reader.eat("FOREIGN KEY") {
            let if_exists = reader.if_exists();
            return Some(constraint(reader.name()?, ConstraintKindName::ForeignKey, if_exists, false));
        }
        if reader.eat_any(&["INDEX", "KEY"]) {
            let if_exists = reader.if_exists();
            let index = table.sibling(reader.name()?);
            return Some(OpKind::DropIndex {
                index,
                table: Some(table),
                if_exists,
                cascade: false,
                concurrently: false,
            });
        }
    }
    reader.eat("COLUMN");
    let if_exists = reader.if_exists();
    let column = reader.name()?;
    Some(OpKind::DropColumn { table, column, if_exists, cascade: reader.cascade() })
}

fn rename(reader: &mut Reader<'_>, table: &QName, if_exists: bool) -> Option<OpKind> {
    let table = table.clone();
    if reader.eat("TO") || reader.eat("AS") {
        return Some(OpKind::RenameTable { table, to: reader.qname()?.name.clone(), if_exists });
    }
    if reader.eat("CONSTRAINT") {
        let name = reader.name()?;
        reader.expect("TO")?;
        return Some(OpKind::RenameConstraint { table, name, to: reader.name()? });
    }
    if reader.dialect == Dialect::MySql && reader.eat_any(&["INDEX", "KEY"]) {
        let index = table.sibling(reader.name()?);
        reader.expect("TO")?;
        return Some(OpKind::RenameIndex { index, to: reader.name()?, if_exists: false });
    }
    reader.eat("COLUMN");
    let column = reader.name()?;
    reader.expect("TO")?;
    Some(OpKind::AlterColumn { table, column, changes: vec![ColumnChange::Rename(reader.name()?)] })
}

/// Behind `ALTER COLUMN name`.
fn column_change(reader: &mut Reader<'_>) -> Option<ColumnChange> {
    if reader.eat("SET DATA TYPE") || reader.eat("TYPE") {
        let ty = column_type(reader)?.ty;
        let collation = if reader.eat("COLLATE") { Some(reader.qname()?.name.clone()) } else { None };
        let using = if reader.eat("USING") { Some(reader.expression(&[])?) } else { None };
        return Some(ColumnChange::Type { ty, family: None, using, collation, spelled: None });
    }
    if reader.eat("SET NOT NULL") {
        return Some(ColumnChange::Nullable(false));
    }
    if reader.eat("DROP NOT NULL") {
        return Some(ColumnChange::Nullable(true));
    }
    if reader.eat("SET DEFAULT") {
        return Some(ColumnChange::Default(Some(default(reader, &[])?)));
    }
    if reader.eat("DROP DEFAULT") {
        return Some(ColumnChange::Default(None));
    }
    if reader.eat("DROP IDENTITY") {
        reader.if_exists();
        return Some(ColumnChange::Identity(None));
    }
    if reader.eat("DROP EXPRESSION") {
        reader.if_exists();
        return Some(ColumnChange::DropComputed);
    }
    if reader.eat("ADD GENERATED") {
        let always = reader.eat("ALWAYS") || !reader.eat("BY DEFAULT");
        reader.expect("AS IDENTITY")?;
        return Some(ColumnChange::Identity(Some(identity(reader, always)?)));
    }
    if reader.eat("SET GENERATED") {
        let always = reader.eat("ALWAYS") || !reader.eat("BY DEFAULT");
        let mut changed = identity(reader, always)?;
        while reader.eat("SET") {
            identity_option(reader, &mut changed)?;
        }
        return Some(ColumnChange::Identity(Some(changed)));
    }
    None
}

/// MySQL's `MODIFY` and `CHANGE` say the whole column anew.
fn redefine(table: &QName, old: Name, column: ColumnSpec) -> OpKind {
    let ColumnSpec { name, ty, nullable, default, serial, collation, comment, .. } = column;
    let mut changes = vec![
        ColumnChange::Type { ty, family: None, using: None, collation, spelled: None },
        ColumnChange::Nullable(nullable),
        ColumnChange::Default(default),
        ColumnChange::Autoincrement(serial),
        ColumnChange::Comment(comment),
    ];
    if name != old {
        changes.push(ColumnChange::Rename(name));
    }
    OpKind::AlterColumn { table: table.clone(), column: old, changes }
}
