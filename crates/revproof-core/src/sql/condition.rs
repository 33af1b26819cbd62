//! The `IF` of a `DO` block: questions to PostgreSQL's system tables, as [`Condition`]s.

use super::guard::Condition;
use super::lexer::{Kind, lex};
use super::reader::Reader;
use crate::schema::{Name, QName};

/// Reads the whole of a condition: questions joined by `AND`.
pub(super) fn conditions(reader: &mut Reader<'_>) -> Option<Vec<Condition>> {
    let mut found = Vec::new();
    loop {
        let start = reader.at;
        reader.skip_to(&["AND", "OR"]);
        let tokens = reader.tokens.get(start..reader.at)?;
        found.push(condition(&mut Reader { tokens, at: 0, ..reader.clone() })?);
        if !reader.eat("AND") {
            break;
        }
    }
    reader.end()?;
    Some(found)
}

fn condition(reader: &mut Reader<'_>) -> Option<Condition> {
    let mut exists = true;
    loop {
        if reader.eat("NOT") {
            exists = !exists;
        } else if reader.is_op("(") {
            let inner = reader.parens()?;
            reader.end()?;
            *reader = inner;
        } else {
            break;
        }
    }
    if reader.eat("EXISTS") {
        let mut query = reader.parens()?;
        reader.end()?;
        return question(&mut query, exists);
    }
    let is_type = reader.is("to_regtype");
    if is_type || reader.is("to_regclass") {
        reader.at += 1;
        let name = named_by(&reader.parens()?.string()?, reader)?;
        reader.expect("IS")?;
        let exists = exists == reader.eat("NOT");
        reader.expect("NULL")?;
        reader.end()?;
        return Some(if is_type {
            Condition::Type { name, exists }
        } else {
            Condition::Relation { name, partial: None, exists }
        });
    }
    None
}

/// `SELECT … FROM <system table> WHERE name = 'x' AND …`.
fn question(query: &mut Reader<'_>, exists: bool) -> Option<Condition> {
    query.expect("SELECT")?;
    while !query.eat("FROM") {
        query.bump()?;
    }
    let source = query.qname()?.name.clone();
    while !query.eat("WHERE") {
        if query.is_any(&["LEFT", "RIGHT", "FULL", "UNION"]) {
            return None;
        }
        query.bump()?;
    }
    let mut asked: Vec<(Name, Name)> = Vec::new();
    loop {
        let column = last_name(query)?;
        let is_ignored = matches!(
            &*column,
            "table_schema"
                | "schemaname"
                | "nspname"
                | "constraint_schema"
                | "typtype"
                | "table_catalog"
                | "relkind"
                | "relnamespace"
                | "typnamespace"
                | "connamespace"
                | "attisdropped"
        );
        if &*column == "indexdef" {
            asked.push((column, predicate(query)?));
            if !query.eat("AND") {
                break;
            }
            continue;
        }
        query.expect_op("=")?;
        if is_ignored {
            query.expression(&["AND", "OR"])?;
        } else {
            let value = query.string()?;
            if query.eat_op("::") {
                query.name()?;
            }
            asked.push((column, value));
        }
        if !query.eat("AND") {
            break;
        }
    }
    if query.eat("LIMIT") {
        query.integer()?;
    }
    query.end()?;
    let mut ask = |column: &str| asked.iter().position(|(c, _)| &**c == column).map(|at| asked.swap_remove(at).1);
    let condition = match &*source {
        "pg_type" => Condition::Type { name: QName::new(ask("typname")?), exists },
        "tables" => Condition::Table { table: QName::new(ask("table_name")?), exists },
        "pg_tables" => Condition::Table { table: QName::new(ask("tablename")?), exists },
        "columns" => {
            let table = QName::new(ask("table_name")?);
            Condition::Column { table, column: ask("column_name")?, data_type: ask("data_type"), exists }
        }
        "pg_constraint" => {
            let name = ask("conname")?;
            let table = match ask("conrelid") {
                Some(table) => Some(named_by(&table, query)?),
                None => None,
            };
            let kind = match ask("contype") {
                Some(kind) => Some(kind.chars().next()?),
                None => None,
            };
            Condition::Constraint { table, name, kind, exists }
        }
        "table_constraints" => {
            let name = ask("constraint_name")?;
            let kind = match ask("constraint_type") {
                Some(kind) => Some(contype(&kind)?),
                None => None,
            };
            Condition::Constraint { table: ask("table_name").map(QName::new), name, kind, exists }
        }
        "pg_class" => relation(ask("relname")?, exists),
        "pg_indexes" => {
            let name = QName::new(ask("indexname")?);
            ask("tablename");
            Condition::Relation { name, partial: ask("indexdef").map(|with| &*with == WITH), exists }
        }
        "pg_views" => relation(ask("viewname")?, exists),
        "pg_matviews" => relation(ask("matviewname")?, exists),
        "views" => relation(ask("table_name")?, exists),
        _ => return None,
    };
    asked.is_empty().then_some(condition)
}

/// What stands for an index with a predicate, and for one without.
const WITH: &str = "with";
const WITHOUT: &str = "without";

/// `indexdef LIKE '%WHERE%'`, which asks whether an index has a predicate; no other question about its text is read.
fn predicate(query: &mut Reader<'_>) -> Option<Name> {
    let is_not = query.eat("NOT");
    if !query.eat("ILIKE") {
        query.expect("LIKE")?;
    }
    let pattern = query.string()?;
    pattern.trim_matches(['%', ' ']).eq_ignore_ascii_case("where").then(|| if is_not { WITHOUT } else { WITH }.into())
}

fn relation(name: Name, exists: bool) -> Condition {
    Condition::Relation { name: QName::new(name), partial: None, exists }
}

/// A kind of constraint as `pg_constraint.contype` says it.
fn contype(kind: &str) -> Option<char> {
    Some(match kind {
        "PRIMARY KEY" => 'p',
        "UNIQUE" => 'u',
        "FOREIGN KEY" => 'f',
        "CHECK" => 'c',
        _ => return None,
    })
}

/// The column of `alias.column`.
fn last_name(reader: &mut Reader<'_>) -> Option<Name> {
    let mut name = reader.name()?;
    while reader.eat_op(".") {
        name = reader.name()?;
    }
    Some(name)
}

/// The object that a text names, as `'public.users'::regclass` does.
fn named_by(text: &str, like: &Reader<'_>) -> Option<QName> {
    let tokens = lex(text, like.dialect);
    if tokens.iter().any(|token| !matches!(token.kind, Kind::Word | Kind::Quoted | Kind::Op)) {
        return None;
    }
    let mut reader = Reader::new(text, &tokens, like.dialect);
    let name = reader.qname()?;
    reader.end()?;
    Some(name)
}
