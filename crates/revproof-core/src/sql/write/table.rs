//! `CREATE TABLE`, columns and constraints.

use std::fmt::Write as _;

use super::{if_not_exists_words, literal, names, write_type};
use crate::op::{ColumnSpec, ConstraintKind, ConstraintSpec, DefaultSpec, TableSpec};
use crate::schema::{Dialect, Identity, Name, ReferentialAction, SqlType, quote, quote_qualified};

pub(super) fn create_table(table: &TableSpec, if_not_exists: bool, dialect: Dialect) -> Vec<String> {
    let name = quote_qualified(&table.name, dialect);
    let exists = if_not_exists_words(if_not_exists);
    if let Some(query) = table.as_query.as_ref().filter(|_| table.columns.is_empty()) {
        return vec![format!("CREATE TABLE {exists}{name} AS {}", query.text)];
    }
    let columns = table.columns.iter().map(|spec| column(spec, dialect));
    // The one key that counts on SQLite stands at its column.
    let counts = dialect == Dialect::Sqlite && table.columns.iter().any(|column| column.serial);
    let at_column = |spec: &&ConstraintSpec| counts && matches!(spec.kind, ConstraintKind::PrimaryKey { .. });
    let constraints = table.constraints.iter().filter(|spec| !at_column(spec)).map(|spec| constraint(spec, dialect));
    let body: Vec<String> = columns.chain(constraints).map(|line| format!("\n    {line}")).collect();
    let (mut prefixes, mut suffix) = (String::new(), String::new());
    if let Some(spelling) = &table.spelling {
        for word in &spelling.prefixes {
            prefixes.push_str(word);
            prefixes.push(' ');
        }
        suffix.push_str(&spelling.suffix);
    } else if let Some(comment) = table.comment.as_deref().filter(|_| dialect == Dialect::MySql) {
        let _ = write!(suffix, "COMMENT={}", literal(comment, dialect));
    }
    let create = format!("CREATE {prefixes}TABLE {exists}{name} ({}\n){suffix}", body.join(", "));
    let mut statements = vec![create];
    if dialect == Dialect::PostgreSql {
        statements
            .extend(table.comment.iter().map(|text| format!("COMMENT ON TABLE {name} IS {}", literal(text, dialect))));
        statements.extend(table.columns.iter().filter_map(|column| {
            let text = literal(column.comment.as_deref()?, dialect);
            Some(format!("COMMENT ON COLUMN {name}.{} IS {text}", quote(&column.name, dialect)))
        }));
    }
    statements
}

pub(super) fn column(column: &ColumnSpec, dialect: Dialect) -> String {
    let mut sql = quote(&column.name, dialect).into_owned();
    sql += &column_type(column, dialect);
    let serial_key = column.serial && dialect == Dialect::PostgreSql;
    let default = column.default.as_ref().filter(|_| !serial_key);
    let default = default.map_or_else(String::new, |spec| format!(" DEFAULT {}", default_text(spec)));
    let computed = column.computed.as_ref().map_or_else(String::new, |computed| {
        let plain = if computed.persisted { " STORED" } else { "" };
        let stored = column.spelling.as_ref().map_or(plain, |spelling| spelling.computed.unwrap_or_default());
        format!(" GENERATED ALWAYS AS ({}){stored}", computed.expression)
    });
    let identity = column.identity.as_ref().filter(|_| dialect == Dialect::PostgreSql);
    let null = match (column.nullable, identity) {
        (false, None) => " NOT NULL",
        (true, Some(_)) => " NULL",
        (true, None) if column.spelling.as_ref().is_some_and(|spelling| spelling.null) => " NULL",
        _ => "",
    };
    match dialect {
        Dialect::PostgreSql => {
            sql += &default;
            sql += &computed;
            if let Some(identity) = identity {
                let spelled = column.spelling.as_ref().map(|spelling| &*spelling.identity);
                let _ = write!(sql, " {}", identity_words(identity, spelled));
            }
            sql += null;
        }
        Dialect::Sqlite => {
            sql += &default;
            sql += null;
            if column.serial {
                sql += " PRIMARY KEY AUTOINCREMENT";
            }
            sql += &computed;
        }
        Dialect::MySql => {
            sql += &computed;
            sql += null;
            if let Some(comment) = &column.comment {
                let _ = write!(sql, " COMMENT {}", literal(comment, dialect));
            }
            sql += if column.serial { " AUTO_INCREMENT" } else { &default };
        }
    }
    for spec in &column.constraints {
        let is_key = matches!(spec.kind, ConstraintKind::PrimaryKey { .. });
        if !(is_key && column.serial && dialect == Dialect::Sqlite) {
            let _ = write!(sql, " {}", constraint(&without_columns(spec), dialect));
        }
    }
    sql
}

/// A constraint as it stands at its column, which it need not name.
fn without_columns(spec: &ConstraintSpec) -> ConstraintSpec {
    let mut spec = spec.clone();
    match &mut spec.kind {
        ConstraintKind::PrimaryKey { columns, .. }
        | ConstraintKind::Unique { columns, .. }
        | ConstraintKind::ForeignKey { columns, .. } => columns.clear(),
        ConstraintKind::Check { .. } | ConstraintKind::Exclude { .. } => {}
    }
    spec
}

/// The type behind a column's name, with a blank before it.
fn column_type(column: &ColumnSpec, dialect: Dialect) -> String {
    let ty = match (&column.ty, dialect) {
        (SqlType::SmallInt, Dialect::PostgreSql) if column.serial => "SMALLSERIAL".to_owned(),
        (SqlType::BigInt, Dialect::PostgreSql) if column.serial => "BIGSERIAL".to_owned(),
        (_, Dialect::PostgreSql) if column.serial => "SERIAL".to_owned(),
        (ty, _) => match &column.spelling {
            Some(spelling) => return format!(" {}", spelling.ty),
            None => write_type(ty, dialect),
        },
    };
    let ty = if ty.is_empty() { ty } else { format!(" {ty}") };
    match &column.collation {
        Some(collation) => {
            let mark = if dialect == Dialect::PostgreSql { "\"" } else { "" };
            format!("{ty} COLLATE {mark}{collation}{mark}")
        }
        None => ty,
    }
}

pub(super) fn default_text(spec: &DefaultSpec) -> String {
    match spec {
        DefaultSpec::Sql(text) => text.to_string(),
        DefaultSpec::Unknown(why) => format!("NULL /* {} */", why.replace("*/", "* /")),
    }
}

/// `GENERATED … AS IDENTITY (…)`.
pub(super) fn identity_words(identity: &Identity, spelled: Option<&str>) -> String {
    let generated = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    if let Some(options) = spelled {
        let options = if options.is_empty() { String::new() } else { format!(" ({options})") };
        return format!("GENERATED {generated} AS IDENTITY{options}");
    }
    let mut options = Vec::new();
    if let Some(increment) = identity.increment {
        options.push(format!("INCREMENT BY {increment}"));
    }
    if let Some(start) = identity.start {
        options.push(format!("START WITH {start}"));
    }
    if let Some(min_value) = identity.min_value {
        options.push(format!("MINVALUE {min_value}"));
    }
    if let Some(max_value) = identity.max_value {
        options.push(format!("MAXVALUE {max_value}"));
    }
    if let Some(cache) = identity.cache {
        options.push(format!("CACHE {cache}"));
    }
    if identity.cycle {
        options.push("CYCLE".to_owned());
    }
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    format!("GENERATED {generated} AS IDENTITY{options}")
}

pub(super) fn constraint(spec: &ConstraintSpec, dialect: Dialect) -> String {
    let mut sql = spec.name.as_ref().map_or_else(String::new, |name| format!("CONSTRAINT {} ", quote(name, dialect)));
    let listed = |columns: &[Name]| {
        if columns.is_empty() { String::new() } else { format!(" ({})", names(columns, dialect)) }
    };
    let using = |index: &Option<Name>| {
        index.as_ref().map_or_else(String::new, |index| format!(" USING INDEX {}", quote(index, dialect)))
    };
    let what = match &spec.kind {
        ConstraintKind::PrimaryKey { columns, using_index } => {
            format!("PRIMARY KEY{}{}", listed(columns), using(using_index))
        }
        ConstraintKind::Unique { columns, nulls_not_distinct, using_index } => {
            let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
            format!("UNIQUE{nulls}{}{}", listed(columns), using(using_index))
        }
        ConstraintKind::ForeignKey { columns, ref_table, ref_columns, on_delete, on_update, match_type } => {
            let from =
                if columns.is_empty() { String::new() } else { format!("FOREIGN KEY({}) ", names(columns, dialect)) };
            // SQLite refers within one database file.
            let lite = dialect == Dialect::Sqlite;
            let table =
                if lite { quote(&ref_table.name, dialect).into_owned() } else { quote_qualified(ref_table, dialect) };
            let mut text = format!("{from}REFERENCES {table}{}", listed(ref_columns));
            if spec.tail.is_none() {
                if let Some(match_type) = match_type {
                    let _ = write!(text, " MATCH {match_type}");
                }
                text += &action(" ON DELETE", *on_delete);
                text += &action(" ON UPDATE", *on_update);
            }
            text
        }
        ConstraintKind::Check { condition } => format!("CHECK ({condition})"),
        ConstraintKind::Exclude { definition, .. } => format!("EXCLUDE {definition}"),
    };
    sql.push_str(&what);
    if let Some(tail) = &spec.tail {
        sql.push_str(tail);
        sql += if spec.not_valid { " NOT VALID" } else { "" };
        return sql;
    }
    match spec.deferrable {
        Some(true) => sql += " DEFERRABLE",
        Some(false) => sql += " NOT DEFERRABLE",
        None => {}
    }
    match spec.initially_deferred {
        Some(true) => sql += " INITIALLY DEFERRED",
        Some(false) => sql += " INITIALLY IMMEDIATE",
        None => {}
    }
    if spec.not_valid {
        sql += " NOT VALID";
    }
    sql
}

fn action(event: &str, action: ReferentialAction) -> String {
    action.said().map(|words| format!("{event} {words}")).unwrap_or_default()
}
