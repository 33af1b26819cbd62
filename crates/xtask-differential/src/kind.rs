//! [`kind_of`]: the kind of a real error, in the terms of revproof.

use revproof_core::op::FailureKind;
use revproof_core::schema::Dialect;
use serde_json::Value;

/// The kind of an error as the driver describes it; `None` where it is of none, or there is no error.
pub(crate) fn kind_of(dialect: Dialect, error: &Value) -> Option<FailureKind> {
    let class = error["class"].as_str()?;
    let message = error["message"].as_str().unwrap_or_default();
    let code = error["code"].as_str().unwrap_or_default();
    match dialect {
        Dialect::PostgreSql if message.contains("used by a") => Some(FailureKind::DependentObjects),
        // A label that an enum does not have comes as an invalid parameter.
        Dialect::PostgreSql if code == "22023" => Some(FailureKind::UndefinedObject),
        Dialect::PostgreSql if !code.is_empty() => of_code(code),
        _ if code.is_empty() => of_python(class),
        _ => Some(of_sqlite(code, message)),
    }
}

/// The classes and codes of PostgreSQL's manual, appendix A.
fn of_code(code: &str) -> Option<FailureKind> {
    Some(match code {
        // A key that a foreign key could refer to is missing as well.
        "42830" | "42P01" | "42703" | "42704" | "42883" | "3F000" => FailureKind::UndefinedObject,
        "42P07" | "42701" | "42710" | "42712" | "42P06" => FailureKind::DuplicateObject,
        "2BP01" => FailureKind::DependentObjects,
        "42804" => FailureKind::DatatypeMismatch,
        "23502" => FailureKind::NotNullViolation,
        "23503" => FailureKind::ForeignKeyViolation,
        "23505" => FailureKind::UniqueViolation,
        "23514" => FailureKind::CheckViolation,
        "25P02" => FailureKind::InFailedTransaction,
        "25001" => FailureKind::InTransactionBlock,
        "0A000" => FailureKind::Unsupported,
        _ if code.starts_with("22") => FailureKind::InvalidValue,
        _ if code.starts_with("42") || code.starts_with("55") => FailureKind::InvalidStatement,
        _ => return None,
    })
}

/// SQLite has one code for everything that is wrong with a statement; its words tell more.
fn of_sqlite(code: &str, message: &str) -> FailureKind {
    let says = |words: &str| message.contains(words);
    match code {
        "SQLITE_CONSTRAINT_NOTNULL" => FailureKind::NotNullViolation,
        "SQLITE_CONSTRAINT_UNIQUE" | "SQLITE_CONSTRAINT_PRIMARYKEY" | "SQLITE_CONSTRAINT_ROWID" => {
            FailureKind::UniqueViolation
        }
        "SQLITE_CONSTRAINT_FOREIGNKEY" => FailureKind::ForeignKeyViolation,
        "SQLITE_CONSTRAINT_CHECK" => FailureKind::CheckViolation,
        "SQLITE_CONSTRAINT_DATATYPE" | "SQLITE_MISMATCH" => FailureKind::InvalidValue,
        _ if says("Cannot add a NOT NULL column with default value NULL") => FailureKind::NotNullViolation,
        // No statement that begins like this is known to it.
        _ if says("near \"ALTER\"") || says("near \"CONSTRAINT\"") => FailureKind::Unsupported,
        _ if says("error in view") => FailureKind::DependentObjects,
        _ if says("after drop column") || says("cannot drop") => FailureKind::DependentObjects,
        _ if says("no such") || says("has no column named") || says("unknown column") => FailureKind::UndefinedObject,
        _ if says("already exists") || says("duplicate column name") || says("already another table") => {
            FailureKind::DuplicateObject
        }
        _ => FailureKind::InvalidStatement,
    }
}

/// An error that comes from Alembic, SQLAlchemy or the script, before any statement is sent: most of these are of no kind
/// that a database knows.
fn of_python(class: &str) -> Option<FailureKind> {
    match class {
        "NotImplementedError" => Some(FailureKind::Unsupported),
        "CompileError" => Some(FailureKind::InvalidStatement),
        _ => None,
    }
}
