//! Each test feeds [`check`] SQL and the operations that it must come to.

mod ddl;
mod dialects;
mod do_blocks;
mod objects;
mod robust;
mod splitting;
mod writing;

use super::{Part, Statement, split};
use crate::schema::Dialect;

pub(super) const PG: Dialect = Dialect::PostgreSql;
pub(super) const LITE: Dialect = Dialect::Sqlite;
pub(super) const MY: Dialect = Dialect::MySql;

#[track_caller]
pub(super) fn check(dialect: Dialect, sql: &str, expected: &str) {
    let parts: Vec<String> = split(sql, dialect).iter().map(show).collect();
    assert_eq!(parts.join("\n"), expected, "{sql}");
}

fn show(part: &Part) -> String {
    let mut text = match &part.statement {
        Statement::Ddl(ops) => ops.iter().map(|op| compact(&format!("{op:?}"))).collect::<Vec<_>>().join("; "),
        Statement::Data(statement) => format!("data {statement}"),
        Statement::Transaction(what) => format!("transaction {what}"),
        Statement::Unreadable { why, certain: true } => format!("certainly {why}"),
        Statement::Unreadable { why, certain: false } => format!("perhaps {why}"),
    };
    if let Some(guard) = &part.guard {
        let conditions: Vec<String> = guard
            .conditions
            .iter()
            .map(|c| compact(&format!("{c:?}").replace("exists: false", "missing: true")))
            .collect();
        let word = if guard.otherwise { "unless" } else { "if" };
        text = format!("{word} {}: {text}", conditions.join(" and "));
    }
    text
}

/// The debug text without fields that say nothing, and names without their quotes.
fn compact(debug: &str) -> String {
    let mut text = debug.to_owned();
    for nothing in ["None", "false", "[]", "NoAction"] {
        let mut from = 0;
        while let Some(found) = text[from..].find(&format!(": {nothing}")) {
            let colon = from + found;
            let end = colon + 2 + nothing.len();
            let start = text[..colon].rfind([' ', '{']).map_or(0, |at| at + 1);
            if text[end..].starts_with(", ") {
                text.replace_range(start..end + 2, "");
                from = start;
            } else if text[end..].starts_with(" }") {
                let start = text[..start].trim_end_matches([' ', ',']).len();
                text.replace_range(start..end, "");
                from = start;
            } else {
                from = end;
            }
        }
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("QName { name: \"") {
        out.push_str(&rest[..at]);
        rest = &rest[at + "QName { name: \"".len()..];
        let end = rest.find("\" }").unwrap();
        out.push_str(&rest[..end]);
        rest = &rest[end + 3..];
    }
    out.push_str(rest);
    out.replace("Some(", "(").replace("constraints: [ConstraintSpec { kind: ", "[").replace("changes: ", "")
}
