//! `CREATE TABLE` and `CREATE INDEX`.

use super::columns::{Element, element};
use super::index_parts::{index_method, index_parts};
use super::reader::Reader;
use super::statement::opaque;
use crate::op::{ConstraintKind, ConstraintSpec, IndexSpec, OpKind, SqlText, TableSpec};
use crate::schema::Dialect;

/// Behind `CREATE [TEMPORARY] TABLE`. A temporary table is seen as a table like any other: the statements that follow
/// use it, and one that is left behind lives as long as the run does.
pub(super) fn create_table(reader: &mut Reader<'_>) -> Option<Vec<OpKind>> {
    let if_not_exists = reader.if_not_exists();
    let name = reader.qname()?;
    let mut table = TableSpec {
        name: name.clone(),
        columns: Vec::new(),
        constraints: Vec::new(),
        comment: None,
        as_query: None,
        spelling: None,
    };
    let mut indexes = Vec::new();
    if reader.eat("PARTITION OF") || reader.is("LIKE") {
        reader.rest();
        return Some(vec![opaque("CREATE TABLE", "its columns are those of another table", vec![name])]);
    }
    let is_query = |r: &Reader<'_>| r.is_any(&["SELECT", "WITH", "VALUES"]);
    if reader.is_op("(") {
        let mut body = reader.parens()?;
        if is_query(&body) {
            table.as_query = Some(query(&mut body));
        }
        let names_only = |r: &Reader<'_>| r.is_at(0, "AS") && !r.is_at(1, "IDENTITY");
        while !body.is_end() {
            if names_only(reader) {
                // `CREATE TABLE t (a, b) AS SELECT …`
                reader.rest();
                return Some(vec![opaque("CREATE TABLE AS", "its columns are renamed ones of a query", vec![name])]);
            }
            match element(&mut body, &name)? {
                Element::Column(column) => table.columns.push(*column),
                Element::Constraint(constraint) => table.constraints.push(constraint),
                Element::Index(index) => indexes.push(*index),
                Element::Like => {
                    reader.rest();
                    return Some(vec![opaque("CREATE TABLE", "its columns are those of another table", vec![name])]);
                }
            }
            if !body.eat_op(",") {
                body.end()?;
            }
        }
    }
    let (mut inherits, mut without_rowid) = (false, false);
    while !reader.is_end() {
        if reader.eat("AS") || is_query(reader) {
            let mut inner = reader.parens().unwrap_or_else(|| reader.clone());
            table.as_query = Some(query(&mut inner));
            reader.rest();
        } else if reader.eat("COMMENT") {
            reader.eat_op("=");
            table.comment = Some(reader.string()?);
        } else {
            // Storage options say nothing that is simulated.
            inherits |= reader.is("INHERITS");
            without_rowid |= reader.is("WITHOUT") && reader.is_at(1, "ROWID");
            if reader.parens().is_none() {
                reader.bump()?;
            }
        }
    }
    if inherits {
        return Some(vec![opaque(
            "CREATE TABLE … INHERITS",
            "some of its columns are those of another table",
            vec![name],
        )]);
    }
    if table.columns.is_empty() && table.as_query.is_none() && reader.dialect != Dialect::PostgreSql {
        return None;
    }
    if without_rowid && reader.dialect == Dialect::Sqlite {
        table.without_rowid();
    }
    // MySQL makes an index for a foreign key only where the statement has none that serves.
    let is_key = |constraint: &ConstraintSpec| matches!(constraint.kind, ConstraintKind::ForeignKey { .. });
    let (keys, now): (Vec<_>, Vec<_>) =
        table.constraints.into_iter().partition(|constraint| !indexes.is_empty() && is_key(constraint));
    table.constraints = now;
    let name = table.name.clone();
    let create = OpKind::CreateTable { table, if_not_exists };
    let indexes = indexes.into_iter().map(|index| OpKind::CreateIndex { index, if_not_exists, concurrently: false });
    let keys = keys.into_iter().map(|constraint| OpKind::AddConstraint { table: name.clone(), constraint });
    Some([create].into_iter().chain(indexes).chain(keys).collect())
}

/// Takes all that is left for a query.
fn query(reader: &mut Reader<'_>) -> SqlText {
    let mut text = reader.rest();
    for tail in ["with no data", "with data"] {
        if let Some(query) = strip_suffix(&text, tail) {
            text = query.into();
        }
    }
    SqlText { text, params: Vec::new(), literal: None }
}

fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    tail.eq_ignore_ascii_case(suffix).then(|| head.trim_end())
}

/// Behind `CREATE [UNIQUE] INDEX`.
pub(super) fn create_index(reader: &mut Reader<'_>, unique: bool, using: Option<&str>) -> Option<Vec<OpKind>> {
    let concurrently = reader.eat("CONCURRENTLY");
    let if_not_exists = reader.if_not_exists();
    let name = if reader.is("ON") { None } else { Some(reader.qname()?) };
    let mut method = index_method(reader).or(using.map(Into::into));
    reader.expect("ON")?;
    reader.eat("ONLY");
    let mut table = reader.qname()?;
    // SQLite qualifies the index, not its table.
    if let Some(name) = name.as_ref().filter(|_| table.schema.is_none()) {
        table = name.sibling(table.name.clone());
    }
    method = index_method(reader).or(method);
    let mut index = IndexSpec {
        name: name.map(|name| name.name.clone()),
        table,
        parts: index_parts(reader)?,
        keys: None,
        unique,
        using: None,
        predicate: None,
        include: Vec::new(),
        nulls_not_distinct: false,
        spelling: None,
    };
    while !reader.is_end() {
        if reader.eat("INCLUDE") {
            index.include = reader.columns()?;
        } else if reader.eat("NULLS NOT DISTINCT") {
            index.nulls_not_distinct = true;
        } else if reader.eat("NULLS DISTINCT") {
        } else if reader.eat("WITH") {
            reader.parens()?;
        } else if reader.eat("TABLESPACE") {
            reader.name()?;
        } else if reader.eat("WHERE") {
            index.predicate = Some(reader.rest());
        } else if reader.dialect == Dialect::MySql {
            match index_method(reader) {
                Some(found) => method = Some(found),
                None => {
                    reader.bump()?;
                }
            }
        } else {
            return None;
        }
    }
    index.using = method.filter(|method| !method.eq_ignore_ascii_case("btree"));
    Some(vec![OpKind::CreateIndex { index, if_not_exists, concurrently }])
}
