//! Quoting of identifiers, as SQLAlchemy's compilers do it: [`quote`] and [`needs_quotes`].

use std::borrow::Cow;

use super::dialect::Dialect;
use super::name::QName;

/// The identifier as SQLAlchemy writes it in the dialect's SQL: bare where that means the same name, else quoted.
pub fn quote(name: &str, dialect: Dialect) -> Cow<'_, str> {
    if needs_quotes(name, dialect) { Cow::Owned(quote_always(name, dialect)) } else { Cow::Borrowed(name) }
}

/// The identifier in quotes, needed or not.
pub fn quote_always(name: &str, dialect: Dialect) -> String {
    let mark = if dialect == Dialect::MySql { '`' } else { '"' };
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push(mark);
    for c in name.chars() {
        if c == mark {
            quoted.push(mark);
        }
        quoted.push(c);
    }
    quoted.push(mark);
    quoted
}

/// A name with its schema, each part quoted where it needs quotes.
pub fn quote_qualified(name: &QName, dialect: Dialect) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", quote(schema, dialect), quote(&name.name, dialect)),
        None => quote(&name.name, dialect).into_owned(),
    }
}

/// Whether the dialect would read the bare identifier as something else: a reserved word, other characters than
/// `A-Z0-9_$`, a digit or `$` in front, or upper case (which SQLAlchemy always takes for meant).
pub fn needs_quotes(name: &str, dialect: Dialect) -> bool {
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'$';
    let Some(&first) = name.as_bytes().first() else { return true };
    first.is_ascii_digit() || first == b'$' || !name.bytes().all(legal) || is_reserved(name, dialect)
}

/// Whether the word, in any case, is one that SQLAlchemy holds for reserved in the dialect.
pub fn is_reserved(word: &str, dialect: Dialect) -> bool {
    let words = match dialect {
        Dialect::PostgreSql => POSTGRESQL,
        Dialect::Sqlite => SQLITE,
        Dialect::MySql => MYSQL,
    };
    let contains = |word: &str| words.binary_search(&word).is_ok();
    if word.bytes().any(|b| b.is_ascii_uppercase()) { contains(&word.to_ascii_lowercase()) } else { contains(word) }
}

/// PostgreSQL's reserved words, sorted.
#[rustfmt::skip]
const POSTGRESQL: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between",
    "binary", "both", "case", "cast", "check", "collate", "column", "constraint", "create", "cross", "current_catalog",
    "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "default",
    "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign", "freeze",
    "from", "full", "grant", "group", "having", "ilike", "in", "initially", "inner", "intersect", "into", "is",
    "isnull", "join", "leading", "left", "like", "limit", "localtime", "localtimestamp", "natural", "new", "not",
    "notnull", "null", "of", "off", "offset", "old", "on", "only", "or", "order", "outer", "over", "overlaps",
    "placing", "primary", "references", "returning", "right", "select", "session_user", "similar", "some", "symmetric",
    "table", "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "verbose", "when",
    "where", "window", "with",
];

/// SQLite's reserved words, sorted.
#[rustfmt::skip]
const SQLITE: &[&str] = &[
    "add", "after", "all", "alter", "analyze", "and", "as", "asc", "attach", "autoincrement", "before", "begin",
    "between", "by", "cascade", "case", "cast", "check", "collate", "column", "commit", "conflict", "constraint",
    "create", "cross", "current_date", "current_time", "current_timestamp", "database", "default", "deferrable",
    "deferred", "delete", "desc", "detach", "distinct", "drop", "each", "else", "end", "escape", "except", "exclusive",
    "exists", "explain", "fail", "false", "for", "foreign", "from", "full", "glob", "group", "having", "if", "ignore",
    "immediate", "in", "index", "indexed", "initially", "inner", "insert", "instead", "intersect", "into", "is",
    "isnull", "join", "key", "left", "like", "limit", "match", "natural", "not", "notnull", "null", "of", "offset",
    "on", "or", "order", "outer", "plan", "pragma", "primary", "query", "raise", "references", "reindex", "rename",
    "replace", "restrict", "right", "rollback", "row", "select", "set", "table", "temp", "temporary", "then", "to",
    "transaction", "trigger", "true", "union", "unique", "update", "using", "vacuum", "values", "view", "virtual",
    "when", "where",
];

/// MySQL's reserved words, sorted.
#[rustfmt::skip]
const MYSQL: &[&str] = &[
    "accessible", "add", "admin", "all", "alter", "analyze", "and", "array", "as", "asc", "asensitive", "before",
    "between", "bigint", "binary", "blob", "both", "by", "call", "cascade", "case", "change", "char", "character",
    "check", "collate", "column", "condition", "constraint", "continue", "convert", "create", "cross", "cube",
    "cume_dist", "current_date", "current_time", "current_timestamp", "current_user", "cursor", "database",
    "databases", "day_hour", "day_microsecond", "day_minute", "day_second", "dec", "decimal", "declare", "default",
    "delayed", "delete", "dense_rank", "desc", "describe", "deterministic", "distinct", "distinctrow", "div", "double",
    "drop", "dual", "each", "else", "elseif", "empty", "enclosed", "escaped", "except", "exists", "exit", "explain",
    "false", "fetch", "first_value", "float", "float4", "float8", "for", "force", "foreign", "from", "fulltext",
    "function", "general", "generated", "get", "get_master_public_key", "grant", "group", "grouping", "groups",
    "having", "high_priority", "hour_microsecond", "hour_minute", "hour_second", "if", "ignore", "ignore_server_ids",
    "in", "index", "infile", "inner", "inout", "insensitive", "insert", "int", "int1", "int2", "int3", "int4", "int8",
    "integer", "intersect", "interval", "into", "io_after_gtids", "io_before_gtids", "is", "iterate", "join",
    "json_table", "key", "keys", "kill", "lag", "last_value", "lateral", "lead", "leading", "leave", "left", "like",
    "limit", "linear", "lines", "load", "localtime", "localtimestamp", "lock", "long", "longblob", "longtext", "loop",
    "low_priority", "master_bind", "master_heartbeat_period", "master_ssl_verify_server_cert", "match", "maxvalue",
    "mediumblob", "mediumint", "mediumtext", "member", "middleint", "minute_microsecond", "minute_second", "mod",
    "modifies", "natural", "no_write_to_binlog", "not", "nth_value", "ntile", "null", "numeric", "of", "on",
    "optimize", "optimizer_costs", "option", "optionally", "or", "order", "out", "outer", "outfile", "over",
    "parallel", "parse_gcol_expr", "partition", "percent_rank", "persist", "persist_only", "precision", "primary",
    "procedure", "purge", "qualify", "range", "rank", "read", "read_write", "reads", "real", "recursive", "references",
    "regexp", "release", "rename", "repeat", "replace", "require", "resignal", "restrict", "return", "revoke", "right",
    "rlike", "role", "row", "row_number", "rows", "schema", "schemas", "second_microsecond", "select", "sensitive",
    "separator", "set", "show", "signal", "slow", "smallint", "spatial", "specific", "sql", "sql_after_gtids",
    "sql_before_gtids", "sql_big_result", "sql_calc_found_rows", "sql_small_result", "sqlexception", "sqlstate",
    "sqlwarning", "ssl", "starting", "stored", "straight_join", "system", "table", "terminated", "then", "tinyblob",
    "tinyint", "tinytext", "to", "trailing", "trigger", "true", "undo", "union", "unique", "unlock", "unsigned",
    "update", "usage", "use", "using", "utc_date", "utc_time", "utc_timestamp", "values", "varbinary", "varchar",
    "varcharacter", "varying", "virtual", "when", "where", "while", "window", "with", "write", "xor", "year_month",
    "zerofill",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: [&str; 3]) {
        let dialects = [Dialect::PostgreSql, Dialect::Sqlite, Dialect::MySql];
        assert_eq!(dialects.map(|d| quote(name, d).into_owned()), expected);
    }

    #[test]
    fn names_are_quoted_only_where_they_must_be() {
        check("users", ["users", "users", "users"]);
        check("user", [r#""user""#, "user", "user"]);
        check("order", [r#""order""#, r#""order""#, "`order`"]);
        check("Users", [r#""Users""#, r#""Users""#, "`Users`"]);
        check("a b", [r#""a b""#, r#""a b""#, "`a b`"]);
        check("1st", [r#""1st""#, r#""1st""#, "`1st`"]);
        check("a$1", ["a$1", "a$1", "a$1"]);
        check("", [r#""""#, r#""""#, "``"]);
        check("größe", [r#""größe""#, r#""größe""#, "`größe`"]);
    }

    #[test]
    fn the_quote_mark_is_doubled_inside() {
        check(r#"a"b"#, [r#""a""b""#, r#""a""b""#, r#"`a"b`"#]);
        check("a`b", [r#""a`b""#, r#""a`b""#, "`a``b`"]);
    }

    #[test]
    fn schemas_are_quoted_apart_from_names() {
        let name = QName::in_schema(Some("Sales"), "user");
        assert_eq!(quote_qualified(&name, Dialect::PostgreSql), r#""Sales"."user""#);
    }

    #[test]
    fn word_lists_are_sorted() {
        for words in [POSTGRESQL, SQLITE, MYSQL] {
            assert!(words.is_sorted());
        }
    }
}
