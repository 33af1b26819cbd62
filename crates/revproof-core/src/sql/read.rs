//! From the tokens of one statement to a [`Statement`].

use std::sync::Arc;

use super::alter_table::alter_table;
use super::create::{create_index, create_table};
use super::data::parse_data;
use super::guard::{Condition, Guard};
use super::lexer::Kind;
use super::named::{alter_sequence, alter_type, create_sequence, create_type, table_column};
use super::objects::{alter_object, create_object, drop_objects, kind};
use super::reader::Reader;
use super::statement::{Lowered, Statement, no_effect, opaque};
use crate::op::{ColumnChange, OpKind, SqlText, TableSpec};
use crate::schema::{Dialect, ObjectKind};

const DATA: &[&str] =
    &["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES", "MERGE", "REPLACE", "EXPLAIN", "DESCRIBE", "DESC"];
const TRANSACTION: &[&str] = &["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"];
/// Statements that change nothing that is simulated.
#[rustfmt::skip]
const NO_EFFECT: &[&str] = &[
    "SET", "RESET", "GRANT", "REVOKE", "ANALYZE", "ANALYSE", "VACUUM", "LOCK", "UNLOCK", "REINDEX", "CLUSTER", "SHOW",
    "PRAGMA", "NOTIFY", "LISTEN", "UNLISTEN", "DISCARD", "DEALLOCATE", "CHECKPOINT", "FLUSH", "OPTIMIZE", "USE",
    "SECURITY", "ATTACH", "DETACH", "CHECK", "REASSIGN",
];
const BEYOND: &[&str] =
    &["CALL", "EXECUTE", "COPY", "PREPARE", "LOAD", "IMPORT", "DO", "DECLARE", "FETCH", "CLOSE", "HANDLER", "INSTALL"];

/// Objects that nothing here can depend on, as `CREATE` and `DROP` name them.
#[rustfmt::skip]
const UNSEEN: &[&str] = &[
    "ACCESS", "CAST", "CONVERSION", "DATABASE", "GROUP", "OPERATOR", "TABLESPACE", "TEXT", "TRANSFORM",
];
/// Objects whose changes, but for a new name, say nothing that is simulated.
#[rustfmt::skip]
const UNSEEN_CHANGES: &[&str] = &[
    "COLLATION", "CONVERSION", "DATABASE", "DEFAULT", "EVENT", "EXTENSION", "FUNCTION", "GROUP", "LARGE", "OPERATOR",
    "PROCEDURE", "PUBLICATION", "ROLE", "ROUTINE", "STATISTICS", "SUBSCRIPTION", "SYSTEM", "TABLESPACE", "TEXT",
    "USER",
];
/// All that can stand behind `CREATE`, `ALTER` or `DROP` on some server.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "ACCESS", "AGGREGATE", "ALGORITHM", "CAST", "COLLATION", "CONSTRAINT", "CONVERSION", "DATABASE", "DEFAULT",
    "DEFINER", "DOMAIN", "EVENT", "EXTENSION", "FOREIGN", "FULLTEXT", "FUNCTION", "GLOBAL", "GROUP", "INDEX",
    "INSTANCE", "LANGUAGE", "LARGE", "LOCAL", "LOGFILE", "MATERIALIZED", "OPERATOR", "OR", "OWNED", "POLICY",
    "PREPARE", "PROCEDURAL", "PROCEDURE", "PUBLICATION", "RECURSIVE", "RESOURCE", "ROLE", "ROUTINE", "RULE", "SCHEMA",
    "SEQUENCE", "SERVER", "SPATIAL", "SQL", "STATISTICS", "SUBSCRIPTION", "SYSTEM", "TABLE", "TABLESPACE", "TEMP",
    "TEMPORARY", "TEXT", "TRANSFORM", "TRIGGER", "TRUSTED", "TYPE", "UNDO", "UNIQUE", "UNLOGGED", "USER", "VIEW",
    "VIRTUAL",
];

/// Reads one statement; its tokens are not empty.
pub(super) fn read(reader: &mut Reader<'_>) -> (Statement, Option<Guard>) {
    if let Some(why) = malformed(reader) {
        return (Statement::Unreadable { why, certain: true }, None);
    }
    if reader.is_op("(") || reader.is_any(DATA) && !is_select_into(reader) {
        return (parse_data(reader), None);
    }
    if reader.is_any(TRANSACTION) {
        return (Statement::Transaction(reader.folded()), None);
    }
    let first = reader.raw_at(0).to_ascii_uppercase();
    if reader.is("PRAGMA") && is_pragma_query(reader) {
        return (parse_data(reader), None);
    }
    if changes_search_path(reader) {
        let why = "names without a schema mean other tables from here on";
        return (Statement::Ddl(vec![opaque("SET search_path", why, Vec::new())]), None);
    }
    if NO_EFFECT.contains(&first.as_str()) {
        return (Statement::Ddl(vec![no_effect(&first)]), None);
    }
    if BEYOND.contains(&first.as_str()) {
        let why = "what it executes is not simulated";
        let mut table = Reader { at: 1, ..reader.clone() };
        let touches = if first == "COPY" { table.qname().into_iter().collect() } else { Vec::new() };
        return (Statement::Ddl(vec![opaque(&first, why, touches)]), None);
    }
    let lowered = match first.as_str() {
        "CREATE" => create(reader).map(unguarded),
        "DROP" => drop(reader).map(unguarded),
        "ALTER" => alter(reader),
        "COMMENT" => comment(reader).map(unguarded),
        "TRUNCATE" => truncate(reader).map(unguarded),
        "RENAME" => rename(reader).map(unguarded),
        "REFRESH" => refresh(reader).map(|op| unguarded(vec![op])),
        "SELECT" => select_into(reader).map(|op| unguarded(vec![op])),
        _ => return (syntax_error(reader, true), None),
    };
    match lowered {
        Some(Lowered { ops, guard }) if reader.is_end() => (Statement::Ddl(ops), guard),
        _ => (syntax_error(reader, !names_a_kind(reader)), None),
    }
}

fn unguarded(ops: Vec<OpKind>) -> Lowered {
    Lowered { ops, guard: None }
}

fn syntax_error(reader: &Reader<'_>, certain: bool) -> Statement {
    let why = match reader.peek() {
        Some(token) => format!("syntax error at or near \"{}\"", reader.raw(token)),
        None => "the statement could not be read to its end".to_owned(),
    };
    Statement::Unreadable { why: Arc::from(why), certain }
}

/// Quotes without an end and parentheses that don't match: no server takes them.
fn malformed(reader: &Reader<'_>) -> Option<Arc<str>> {
    let mut depth = 0_i64;
    for token in reader.tokens {
        match (token.kind, reader.raw(*token)) {
            (Kind::Unterminated, raw) => {
                let start: String = raw.chars().take(20).collect();
                return Some(Arc::from(format!("unterminated quoted text or comment at or near \"{start}\"")));
            }
            (Kind::Op, "(") => depth += 1,
            (Kind::Op, ")") => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return Some(Arc::from("syntax error at or near \")\""));
        }
    }
    (depth != 0).then(|| Arc::from("syntax error at end of input"))
}

/// `SELECT … INTO table`, which makes a table.
fn is_select_into(reader: &Reader<'_>) -> bool {
    if !reader.is("SELECT") || reader.dialect != Dialect::PostgreSql {
        return false;
    }
    let mut ahead = reader.clone();
    loop {
        ahead.skip_to(&["INTO", "FROM"]);
        if !ahead.eat_op(",") {
            return ahead.is("INTO");
        }
    }
}

fn select_into(reader: &mut Reader<'_>) -> Option<OpKind> {
    loop {
        reader.skip_to(&["INTO"]);
        if reader.eat("INTO") {
            break;
        }
        reader.bump()?;
    }
    let before = reader.slice(0, reader.at - 1);
    reader.eat_any(&["TEMPORARY", "TEMP", "UNLOGGED"]);
    reader.eat("TABLE");
    let name = reader.qname()?;
    let text = Arc::from(format!("{before} {}", reader.rest()));
    let as_query = Some(SqlText { text, params: Vec::new(), literal: None });
    let table =
        TableSpec { name, columns: Vec::new(), constraints: Vec::new(), comment: None, as_query, spelling: None };
    Some(OpKind::CreateTable { table, if_not_exists: false })
}

/// Whether what follows `CREATE`, `ALTER` or `DROP` is anything that some server has; else no server takes it.
fn names_a_kind(reader: &Reader<'_>) -> bool {
    let start = Reader { at: 0, ..reader.clone() };
    let Some(second) = reader.tokens.get(1).filter(|_| start.is_any(&["CREATE", "ALTER", "DROP"])) else { return true };
    second.kind != Kind::Word || KINDS.iter().any(|word| start.is_at(1, word))
}

/// `SET search_path` to anything but what it is anyway.
fn changes_search_path(reader: &Reader<'_>) -> bool {
    let mut ahead = reader.clone();
    if ahead.dialect != Dialect::PostgreSql || !ahead.eat("SET") {
        return false;
    }
    ahead.eat_any(&["LOCAL", "SESSION"]);
    if !ahead.eat("search_path") {
        return false;
    }
    let is_usual = |raw: &str| {
        let name = raw.trim_matches(['"', '\'']);
        matches!(raw, "=" | ",")
            || ["TO", "DEFAULT", "public", "$user"].iter().any(|usual| name.eq_ignore_ascii_case(usual))
    };
    !ahead.tokens.get(ahead.at..).unwrap_or_default().iter().all(|token| is_usual(ahead.raw(*token)))
}

fn is_pragma_query(reader: &Reader<'_>) -> bool {
    let mut words = reader.tokens.iter().map(|token| reader.raw(*token)).skip(1).skip_while(|raw| raw.len() <= 4);
    words.next().is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        if name == "foreign_keys" {
            // Switched off is what they are; what is switched on has to be known when it is asked for.
            let value = words.nth(1).map(str::to_ascii_lowercase);
            return value.is_none_or(|value| matches!(value.as_str(), "on" | "1" | "true" | "yes"));
        }
        if name == "legacy_alter_table" {
            return true;
        }
        // Without a value it is a question, but for those that do something.
        if words.next().is_none() {
            return !matches!(name.as_str(), "optimize" | "wal_checkpoint" | "incremental_vacuum" | "shrink_memory");
        }
        name.ends_with("_info") || name.ends_with("_list") || name.ends_with("_xinfo") || name.ends_with("_check")
    })
}

fn create(reader: &mut Reader<'_>) -> Option<Vec<OpKind>> {
    reader.at += 1;
    let or_replace = reader.eat("OR REPLACE");
    reader.eat_any(&["GLOBAL", "LOCAL"]);
    reader.eat_any(&["TEMPORARY", "TEMP"]);
    reader.eat_any(&["UNLOGGED", "RECURSIVE", "TRUSTED", "PROCEDURAL"]);
    if reader.eat("TABLE") {
        return create_table(reader);
    }
    if reader.eat("UNIQUE INDEX") {
        return create_index(reader, true, None);
    }
    if reader.eat("INDEX") {
        return create_index(reader, false, None);
    }
    for using in ["FULLTEXT", "SPATIAL"] {
        if reader.is(using) && reader.is_at(1, "INDEX") {
            reader.at += 2;
            return create_index(reader, false, Some(&using.to_ascii_lowercase()));
        }
    }
    if reader.eat("TYPE") {
        return create_type(reader).map(|op| vec![op]);
    }
    if reader.eat("SEQUENCE") {
        return create_sequence(reader).map(|op| vec![op]);
    }
    if reader.eat("VIRTUAL TABLE") || reader.eat("FOREIGN TABLE") {
        reader.if_not_exists();
        let name = reader.qname()?;
        reader.rest();
        return Some(vec![opaque("CREATE VIRTUAL TABLE", "such a table is not simulated", vec![name])]);
    }
    // MySQL puts options between `CREATE` and the kind.
    while reader.is_any(&["ALGORITHM", "DEFINER", "SQL", "CONSTRAINT", "DEFAULT"]) {
        while !reader.is_any(&["VIEW", "TRIGGER", "FUNCTION", "PROCEDURE", "EVENT"]) {
            reader.bump()?;
        }
    }
    if let Some(kind) = kind(reader) {
        return create_object(reader, kind, or_replace).map(|op| vec![op]);
    }
    unseen(reader, UNSEEN, "CREATE")
}

/// Objects that nothing here can depend on.
fn unseen(reader: &mut Reader<'_>, kinds: &[&str], verb: &str) -> Option<Vec<OpKind>> {
    if !reader.is_any(kinds) {
        return None;
    }
    let what = format!("{verb} {}", reader.raw_at(0).to_ascii_uppercase());
    reader.rest();
    Some(vec![no_effect(&what)])
}

fn drop(reader: &mut Reader<'_>) -> Option<Vec<OpKind>> {
    reader.at += 1;
    reader.eat_any(&["TEMPORARY", "FOREIGN"]);
    let ops: Vec<OpKind>;
    if reader.eat("TABLE") {
        let if_exists = reader.if_exists();
        let tables = reader.qnames()?;
        let cascade = reader.cascade();
        ops = tables.into_iter().map(|table| OpKind::DropTable { table, if_exists, cascade }).collect();
    } else if reader.eat("INDEX") {
        let concurrently = reader.eat("CONCURRENTLY");
        let if_exists = reader.if_exists();
        let indexes = reader.qnames()?;
        let table = if reader.eat("ON") { Some(reader.qname()?) } else { None };
        let cascade = reader.cascade();
        if reader.dialect == Dialect::MySql {
            reader.rest();
        }
        let drop = |index| OpKind::DropIndex { index, table: table.clone(), if_exists, cascade, concurrently };
        ops = indexes.into_iter().map(drop).collect();
    } else if reader.eat("TYPE") {
        let if_exists = reader.if_exists();
        let types = reader.qnames()?;
        let cascade = reader.cascade();
        ops = types.into_iter().map(|name| OpKind::DropType { name, if_exists, cascade }).collect();
    } else if reader.eat("SEQUENCE") {
        let if_exists = reader.if_exists();
        let names = reader.qnames()?;
        let cascade = reader.cascade();
        ops = names.into_iter().map(|name| OpKind::DropSequence { name, if_exists, cascade }).collect();
    } else if reader.eat("OWNED") || reader.eat("DATABASE") {
        reader.rest();
        ops = vec![opaque("DROP", "it drops everything of an owner or a database", Vec::new())];
    } else if let Some(kind) = kind(reader) {
        ops = drop_objects(reader, kind)?;
    } else {
        return unseen(reader, UNSEEN, "DROP");
    }
    Some(ops)
}

fn alter(reader: &mut Reader<'_>) -> Option<Lowered> {
    reader.at += 1;
    if reader.eat("TABLE") || reader.eat("FOREIGN TABLE") {
        return alter_table(reader);
    }
    if reader.eat("TYPE") {
        return alter_type(reader);
    }
    if reader.eat("SEQUENCE") {
        return alter_sequence(reader);
    }
    if reader.eat("INDEX") {
        let if_exists = reader.if_exists();
        let index = reader.qname()?;
        if reader.eat("RENAME TO") {
            let to = reader.name()?;
            return Some(unguarded(vec![OpKind::RenameIndex { index, to, if_exists }]));
        }
        reader.rest();
        return Some(unguarded(vec![no_effect("ALTER INDEX")]));
    }
    let is_rename = reader.tokens.iter().any(|token| reader.raw(*token).eq_ignore_ascii_case("RENAME"));
    if !is_rename && let Some(ops) = unseen(reader, UNSEEN_CHANGES, "ALTER") {
        return Some(unguarded(ops));
    }
    let kind = kind(reader)?;
    let if_exists = reader.if_exists();
    let name = reader.qname()?;
    let guard = if_exists.then(|| Guard::on(Condition::Relation { name: name.clone(), partial: None, exists: true }));
    alter_object(reader, kind, name, guard.filter(|_| matches!(kind, ObjectKind::View | ObjectKind::MaterializedView)))
}

fn comment(reader: &mut Reader<'_>) -> Option<Vec<OpKind>> {
    reader.expect("COMMENT ON")?;
    let is_table = reader.eat("TABLE");
    if !is_table && !reader.eat("COLUMN") {
        reader.rest();
        return Some(vec![no_effect("COMMENT")]);
    }
    let (table, column) = if is_table {
        (reader.qname()?, None)
    } else {
        let (table, column) = table_column(reader)?;
        (table, Some(column))
    };
    reader.expect("IS")?;
    let comment = if reader.eat("NULL") { None } else { Some(reader.string()?) };
    Some(vec![match column {
        Some(column) => OpKind::AlterColumn { table, column, changes: vec![ColumnChange::Comment(comment)] },
        None => OpKind::CommentTable { table, comment },
    }])
}

fn refresh(reader: &mut Reader<'_>) -> Option<OpKind> {
    if !reader.eat("REFRESH MATERIALIZED VIEW") {
        return None;
    }
    let concurrently = reader.eat("CONCURRENTLY");
    let view = reader.qname()?;
    let fills = reader.eat("WITH DATA") || !reader.eat("WITH NO DATA");
    Some(OpKind::Refresh { view, concurrently, fills })
}

fn truncate(reader: &mut Reader<'_>) -> Option<Vec<OpKind>> {
    reader.at += 1;
    reader.eat("TABLE");
    reader.eat("ONLY");
    let mut tables = Vec::new();
    loop {
        tables.push(reader.qname()?);
        reader.eat_op("*");
        if !reader.eat_op(",") {
            break;
        }
    }
    let restart = reader.eat("RESTART IDENTITY");
    if !restart {
        reader.eat("CONTINUE IDENTITY");
    }
    Some(vec![OpKind::Truncate { tables, restart, cascade: reader.cascade() }])
}

/// `RENAME TABLE a TO b, c TO d` (MySQL).
fn rename(reader: &mut Reader<'_>) -> Option<Vec<OpKind>> {
    reader.expect("RENAME TABLE")?;
    let mut ops = Vec::new();
    loop {
        let table = reader.qname()?;
        reader.expect("TO")?;
        ops.push(OpKind::RenameTable { table, to: reader.qname()?.name.clone(), if_exists: false });
        if !reader.eat_op(",") {
            return Some(ops);
        }
    }
}
