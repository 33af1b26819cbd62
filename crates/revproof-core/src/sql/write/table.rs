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
    let constraints = table.constraints.iter().map(|spec| constraint(spec, dialect));
    let body: Vec<String> = columns.chain(constraints).map(|line| format!("    {line}")).collect();
    let comment = table.comment.as_deref().filter(|_| dialect == Dialect::MySql);
    let comment = comment.map_or_else(String::new, |comment| format!("COMMENT={}", literal(comment)));
    let create = format!("CREATE TABLE {exists}{name} (\n{}\n){comment}", body.join(", \n"));
    let mut statements = vec![create];
    if dialect == Dialect::PostgreSql {
        statements.extend(table.comment.iter().map(|text| format!("COMMENT ON TABLE {name} IS {}", literal(text))));
        statements.extend(table.columns.iter().filter_map(|column| {
            let text = literal(column.comment.as_deref()?);
            Some(format!("COMMENT ON COLUMN {name}.{} IS {text}", quote(&column.name, dialect)))
        }));
    }
    statements
}

pub(super) fn column(column: &ColumnSpec, dialect: Dialect) -> String {
    let mut sql = quote(&column.name, dialect).into_owned();
    let ty = match (&column.ty, dialect) {
        (SqlType::SmallInt, Dialect::PostgreSql) if column.serial => "SMALLSERIAL".to_owned(),
        (SqlType::BigInt, Dialect::PostgreSql) if column.serial => "BIGSERIAL".to_owned(),
        (_, Dialect::PostgreSql) if column.serial => "SERIAL".to_owned(),
        (ty, _) => write_type(ty, dialect),
    };
    if !ty.is_empty() {
        let _ = write!(sql, " {ty}");
    }
    if let Some(collation) = &column.collation {
        let mark = if dialect == Dialect::PostgreSql { "\"" } else { "" };
        let _ = write!(sql, " COLLATE {mark}{collation}{mark}");
    }
    let default = column.default.as_ref().map_or_else(String::new, |spec| format!(" DEFAULT {}", default(spec)));
    let mysql = dialect == Dialect::MySql;
    if !mysql {
        sql += &default;
    }
    if let Some(computed) = &column.computed {
        let stored = if computed.persisted { " STORED" } else { "" };
        let _ = write!(sql, " GENERATED ALWAYS AS ({}){stored}", computed.expression);
    }
    if let Some(identity) = column.identity.as_ref().filter(|_| dialect == Dialect::PostgreSql) {
        let _ = write!(sql, " {}", identity_words(identity));
    }
    if !column.nullable {
        sql += " NOT NULL";
    }
    if mysql {
        if let Some(comment) = &column.comment {
            let _ = write!(sql, " COMMENT {}", literal(comment));
        }
        sql += if column.serial { " AUTO_INCREMENT" } else { &default };
    }
    for spec in &column.constraints {
        let _ = write!(sql, " {}", constraint(spec, dialect));
    }
    if dialect == Dialect::Sqlite && column.serial {
        sql += " AUTOINCREMENT";
    }
    sql
}

pub(super) fn default(spec: &DefaultSpec) -> String {
    match spec {
        DefaultSpec::Sql(text) => text.to_string(),
        DefaultSpec::Unknown(why) => format!("NULL /* {} */", why.replace("*/", "* /")),
    }
}

/// `GENERATED … AS IDENTITY (…)`.
pub(super) fn identity_words(identity: &Identity) -> String {
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
    format!("GENERATED {} AS IDENTITY{options}", if identity.always { "ALWAYS" } else { "BY DEFAULT" })
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
            let mut text = format!("{from}REFERENCES {}{}", quote_qualified(ref_table, dialect), listed(ref_columns));
            if let Some(match_type) = match_type {
                let _ = write!(text, " MATCH {match_type}");
            }
            text += &action(" ON DELETE", *on_delete);
            text += &action(" ON UPDATE", *on_update);
            text
        }
        ConstraintKind::Check { condition } => format!("CHECK ({condition})"),
        ConstraintKind::Exclude { definition, .. } => format!("EXCLUDE {definition}"),
    };
    sql.push_str(&what);
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
    let words = match action {
        ReferentialAction::NoAction => return String::new(),
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    };
    format!("{event} {words}")
}
