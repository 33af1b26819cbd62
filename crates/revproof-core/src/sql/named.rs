//! Types and sequences: `CREATE`, `ALTER`, `DROP`.

use super::columns::identity_option;
use super::guard::{Condition, Guard};
use super::objects::alter_object;
use super::reader::Reader;
use super::statement::{Lowered, no_effect, opaque};
use crate::op::OpKind;
use crate::schema::{Identity, Name, ObjectKind, QName};

/// Behind `CREATE TYPE`.
pub(super) fn create_type(reader: &mut Reader<'_>) -> Option<OpKind> {
    let name = reader.qname()?;
    if !reader.eat("AS ENUM") {
        reader.rest();
        return Some(OpKind::CreateObject {
            kind: ObjectKind::Type,
            name,
            definition: reader.folded(),
            depends_on: Vec::new(),
            or_replace: false,
            if_not_exists: false,
        });
    }
    let mut inner = reader.parens()?;
    let mut values = Vec::new();
    while !inner.is_end() {
        values.push(inner.string()?);
        if !inner.eat_op(",") {
            inner.end()?;
        }
    }
    Some(OpKind::CreateEnum { name, values, if_not_exists: false })
}

/// Behind `ALTER TYPE`.
pub(super) fn alter_type(reader: &mut Reader<'_>) -> Option<Lowered> {
    let name = reader.qname()?;
    let op = if reader.eat("ADD VALUE") {
        let if_not_exists = reader.if_not_exists();
        let value = reader.string()?;
        let before = reader.eat("BEFORE");
        let position = if before || reader.eat("AFTER") { Some((before, reader.string()?)) } else { None };
        OpKind::AddEnumValue { name, value, position, if_not_exists }
    } else if reader.eat("RENAME VALUE") {
        let value = reader.string()?;
        reader.expect("TO")?;
        OpKind::RenameEnumValue { name, value, to: reader.string()? }
    } else if reader.eat("RENAME TO") {
        OpKind::RenameType { name, to: reader.name()? }
    } else if reader.eat("OWNER TO") {
        reader.name()?;
        no_effect("ALTER TYPE … OWNER")
    } else {
        reader.rest();
        opaque("ALTER TYPE", "this change of a type is not simulated", vec![name])
    };
    Some(Lowered { ops: vec![op], guard: None })
}

/// Behind `CREATE SEQUENCE`.
pub(super) fn create_sequence(reader: &mut Reader<'_>) -> Option<OpKind> {
    let if_not_exists = reader.if_not_exists();
    let name = reader.qname()?;
    let mut options = no_options();
    let mut owned_by = None;
    while !reader.is_end() {
        if reader.eat("AS") {
            super::types::column_type(reader)?;
        } else if reader.eat("OWNED BY") {
            owned_by = owner(reader)?;
        } else {
            identity_option(reader, &mut options)?;
        }
    }
    let Identity { start, increment, .. } = options;
    Some(OpKind::CreateSequence { name, start, increment, if_not_exists, owned_by, spelled: None })
}

/// Behind `ALTER SEQUENCE`.
pub(super) fn alter_sequence(reader: &mut Reader<'_>) -> Option<Lowered> {
    let if_exists = reader.if_exists();
    let name = reader.qname()?;
    let guard = if_exists.then(|| Guard::on(Condition::Relation { name: name.clone(), partial: None, exists: true }));
    let one = |op| Some(Lowered { ops: vec![op], guard: guard.clone() });
    if reader.eat("RENAME TO") {
        return one(OpKind::AlterSequence { name, to: Some(reader.name()?), owned_by: None, restart: None });
    }
    if reader.is("SET") || reader.is("OWNER") {
        return alter_object(reader, ObjectKind::Other, name, guard);
    }
    let mut options = no_options();
    let (mut new_owner, mut restart) = (None, None);
    while !reader.is_end() {
        if reader.eat("OWNED BY") {
            new_owner = Some(owner(reader)?);
        } else if reader.eat("RESTART") {
            reader.eat("WITH");
            restart = Some(reader.integer());
        } else if reader.eat("AS") {
            super::types::column_type(reader)?;
        } else {
            identity_option(reader, &mut options)?;
        }
    }
    if new_owner.is_none() && restart.is_none() {
        return one(no_effect("ALTER SEQUENCE"));
    }
    one(OpKind::AlterSequence { name, to: None, owned_by: new_owner, restart })
}

/// `table.column` or `NONE`.
#[expect(clippy::option_option, reason = "the outer one is a failure to read")]
fn owner(reader: &mut Reader<'_>) -> Option<Option<(QName, Name)>> {
    if reader.eat("NONE") {
        return Some(None);
    }
    let (table, column) = table_column(reader)?;
    Some(Some((table, column)))
}

/// `[schema.]table.column`.
pub(super) fn table_column(reader: &mut Reader<'_>) -> Option<(QName, Name)> {
    let mut parts = vec![reader.name()?];
    while reader.eat_op(".") {
        parts.push(reader.name()?);
    }
    let column = parts.pop()?;
    let table = parts.pop()?;
    let schema = parts.pop().filter(|schema| Some(&**schema) != reader.dialect.default_schema());
    Some((QName::in_schema(schema, table), column))
}

fn no_options() -> Identity {
    Identity {
        always: false,
        start: None,
        increment: None,
        min_value: None,
        max_value: None,
        cycle: false,
        cache: None,
    }
}
