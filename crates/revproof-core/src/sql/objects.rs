//! Views, functions, triggers, extensions and all other objects that are known by name and text.
//!
//! A trigger, policy or rule is named `table.name` where the dialect names it within its table (PostgreSQL), and `name`
//! where triggers have names of their own (SQLite, MySQL).

use super::guard::Guard;
use super::mentions::relations;
use super::reader::Reader;
use super::statement::{Lowered, no_effect, opaque};
use crate::op::OpKind;
use crate::schema::{Dialect, ObjectKind, QName};

/// Reads the words that say what kind of object it is.
pub(super) fn kind(reader: &mut Reader<'_>) -> Option<ObjectKind> {
    const KINDS: &[(&str, ObjectKind)] = &[
        ("VIEW", ObjectKind::View),
        ("MATERIALIZED VIEW", ObjectKind::MaterializedView),
        ("FUNCTION", ObjectKind::Function),
        ("AGGREGATE", ObjectKind::Function),
        ("ROUTINE", ObjectKind::Function),
        ("PROCEDURE", ObjectKind::Procedure),
        ("TRIGGER", ObjectKind::Trigger),
        ("EXTENSION", ObjectKind::Extension),
        ("SCHEMA", ObjectKind::Schema),
        ("DOMAIN", ObjectKind::Domain),
        ("POLICY", ObjectKind::Other),
        ("RULE", ObjectKind::Other),
        ("PUBLICATION", ObjectKind::Other),
        ("SUBSCRIPTION", ObjectKind::Other),
        ("ROLE", ObjectKind::Other),
        ("USER", ObjectKind::Other),
        ("COLLATION", ObjectKind::Other),
        ("STATISTICS", ObjectKind::Other),
        ("EVENT TRIGGER", ObjectKind::Other),
        ("EVENT", ObjectKind::Other),
        ("SERVER", ObjectKind::Other),
        ("FOREIGN DATA WRAPPER", ObjectKind::Other),
        ("TEXT SEARCH CONFIGURATION", ObjectKind::Other),
        ("TEXT SEARCH DICTIONARY", ObjectKind::Other),
        ("LANGUAGE", ObjectKind::Other),
    ];
    KINDS.iter().find(|(words, _)| reader.eat(words)).map(|(_, kind)| *kind)
}

/// Behind `CREATE … <kind>`.
pub(super) fn create_object(reader: &mut Reader<'_>, kind: ObjectKind, or_replace: bool) -> Option<OpKind> {
    let if_not_exists = reader.if_not_exists();
    let word = reader.at.checked_sub(1).and_then(|at| reader.tokens.get(at)).map_or("", |token| reader.raw(*token));
    let is_rule = word.eq_ignore_ascii_case("RULE");
    let is_policy = word.eq_ignore_ascii_case("POLICY");
    let mut name = if kind == ObjectKind::Schema && reader.is("AUTHORIZATION") {
        reader.at += 1;
        QName::new(reader.name()?)
    } else {
        reader.qname()?
    };
    let mut depends_on = Vec::new();
    match kind {
        ObjectKind::View | ObjectKind::MaterializedView => {
            reader.parens();
            while !reader.eat("AS") {
                reader.bump()?;
            }
            depends_on = relations(&Reader { at: 0, tokens: reader.tokens.get(reader.at..)?, ..reader.clone() });
        }
        ObjectKind::Trigger => {
            let table = table_behind(reader, "ON")?;
            while !reader.is_end() && !reader.is("EXECUTE") {
                reader.at += 1;
            }
            name = within(name, &table, reader.dialect);
            depends_on.push(table);
            if reader.eat("EXECUTE FUNCTION") || reader.eat("EXECUTE PROCEDURE") {
                depends_on.push(reader.qname()?);
            }
        }
        ObjectKind::Other if is_rule || is_policy => {
            let table = table_behind(reader, if is_rule { "TO" } else { "ON" })?;
            name = within(name, &table, reader.dialect);
            depends_on.push(table);
        }
        ObjectKind::Function | ObjectKind::Procedure if !reader.is_op("(") => return None,
        _ => {}
    }
    reader.rest();
    Some(OpKind::CreateObject { kind, name, definition: reader.folded(), depends_on, or_replace, if_not_exists })
}

/// Behind `DROP <kind>`.
pub(super) fn drop_objects(reader: &mut Reader<'_>, kind: ObjectKind) -> Option<Vec<OpKind>> {
    let if_exists = reader.if_exists();
    let mut names = Vec::new();
    loop {
        names.push(reader.qname()?);
        reader.parens();
        if !reader.eat_op(",") {
            break;
        }
    }
    if reader.eat("ON") {
        let table = reader.qname()?;
        names = names.into_iter().map(|name| within(name, &table, reader.dialect)).collect();
    }
    let cascade = reader.cascade();
    if kind == ObjectKind::Other {
        // `FOR role SERVER x` and such.
        reader.rest();
    }
    reader.end()?;
    Some(names.into_iter().map(|name| OpKind::DropObject { kind, name, if_exists, cascade }).collect())
}

/// Behind `ALTER <kind>`: a new name is understood, an owner or an option says nothing, the rest is beyond us.
pub(super) fn alter_object(
    reader: &mut Reader<'_>,
    kind: ObjectKind,
    mut name: QName,
    guard: Option<Guard>,
) -> Option<Lowered> {
    reader.parens();
    if reader.eat("ON") {
        let table = reader.qname()?;
        name = within(name, &table, reader.dialect);
    }
    let op = if reader.eat("RENAME TO") {
        let to = reader.name()?;
        // A trigger keeps the table in its name.
        let table = name.name.rsplit_once('.').filter(|_| matches!(kind, ObjectKind::Trigger | ObjectKind::Other));
        let to = table.map_or(to.clone(), |(table, _)| format!("{table}.{to}").into());
        OpKind::RenameObject { kind, name, to }
    } else if reader.is("OWNER")
        || reader.is("SET") && !reader.is_at(1, "SCHEMA")
        || reader.is_any(&["RESET", "DEPENDS", "UPDATE", "NO"])
    {
        reader.rest();
        no_effect("ALTER … OWNER or option")
    } else {
        reader.rest();
        opaque("ALTER", "this change of an object is not simulated", vec![name])
    };
    Some(Lowered { ops: vec![op], guard })
}

/// The name that follows a keyword, further on.
fn table_behind(reader: &mut Reader<'_>, keyword: &str) -> Option<QName> {
    while !reader.eat(keyword) {
        reader.bump()?;
    }
    reader.qname()
}

fn within(name: QName, table: &QName, dialect: Dialect) -> QName {
    if dialect == Dialect::PostgreSql { table.sibling(format!("{}.{}", table.name, name.name)) } else { name }
}
