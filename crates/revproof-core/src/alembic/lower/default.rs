//! Server defaults and generated columns as SQL text.

use std::rc::Rc;

use crate::alembic::core;
use crate::alembic::items::{ComputedObject, FetchedValueObject};
use crate::alembic::known;
use crate::op::DefaultSpec;
use crate::python::{Flow, Unknown, Value, Vm};
use crate::schema::{Computed, Dialect, Name};
use crate::source::Span;

/// What `server_default=value` becomes. In the definition of a column (`inline`) SQLite and MySQL want parentheses
/// around an expression; in `ALTER COLUMN … SET DEFAULT` nothing puts them there.
pub(in crate::alembic) fn default_spec(
    vm: &mut Vm<'_>,
    value: &Value,
    inline: bool,
    span: Span,
) -> Flow<Option<DefaultSpec>> {
    let dialect = vm.host.catalog().dialect;
    let text = match value {
        Value::None => return Ok(None),
        Value::Unknown(unknown) => return Ok(Some(DefaultSpec::Unknown(unknown.why.clone()))),
        Value::Str(text) => return Ok(Some(DefaultSpec::Sql(quote_literal(text, dialect).into()))),
        Value::Object(_) if value.downcast::<FetchedValueObject>().is_some() => return Ok(None),
        Value::Object(_) => match core::render(value, dialect) {
            Some(text) => text,
            None => match known::text(vm, value) {
                Some(text) => return Ok(Some(DefaultSpec::Sql(quote_literal(&text, dialect).into()))),
                None => return Ok(Some(DefaultSpec::Unknown(known::unknown(value, span).why.clone()))),
            },
        },
        other => {
            let message = format!(
                "Argument 'arg' is expected to be one of type 'str' or 'ClauseElement' or 'TextClause', got '{other:?}'"
            );
            return Err(vm.raise("sqlalchemy.exc.ArgumentError", &message, span));
        }
    };
    let text = if inline { parenthesise(text, dialect) } else { text };
    Ok(Some(DefaultSpec::Sql(text.into())))
}

/// A string as a SQL literal.
pub(in crate::alembic) fn quote_literal(text: &str, dialect: Dialect) -> String {
    let text = text.replace('\'', "''");
    match dialect {
        Dialect::MySql => format!("'{}'", text.replace('\\', "\\\\")),
        Dialect::PostgreSql | Dialect::Sqlite => format!("'{text}'"),
    }
}

/// Puts a default in parentheses where the dialect's compiler does.
fn parenthesise(text: String, dialect: Dialect) -> String {
    let start = text.trim_start();
    let quoted = start.starts_with(['\'', '"', '(']);
    let is_word = text.chars().all(|c| c.is_alphanumeric() || c == '_');
    if quoted || is_word {
        return text;
    }
    match dialect {
        Dialect::PostgreSql => text,
        Dialect::Sqlite => format!("({text})"),
        Dialect::MySql => {
            let upper = text.to_ascii_uppercase();
            let current = upper.strip_prefix("CURRENT_TIMESTAMP").or_else(|| upper.strip_prefix("NOW"));
            let with_digits = current.is_some_and(|rest| {
                rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')).is_some_and(|d| d.parse::<u8>().is_ok())
            });
            if upper.contains("ON UPDATE") || with_digits { text } else { format!("({text})") }
        }
    }
}

/// What `Computed(…)` becomes; `Err` is why its expression can't be known.
pub(super) fn computed_spec(
    vm: &mut Vm<'_>,
    computed: &ComputedObject,
    span: Span,
) -> Flow<Result<Computed, Rc<Unknown>>> {
    let dialect = vm.host.catalog().dialect;
    if dialect == Dialect::PostgreSql && computed.persisted == Some(false) && vm.host.offline().is_none() {
        let message = "PostrgreSQL computed columns do not support 'virtual' persistence; set the 'persisted' flag to None or True for PostgreSQL support.";
        return Err(super::compile_error(vm, message, span));
    }
    let expression = match &computed.expression {
        Value::Str(text) => Name::from(&**text),
        other => match core::render(other, dialect) {
            Some(text) => Name::from(text),
            None => return Ok(Err(known::unknown(other, span))),
        },
    };
    let persisted = computed.persisted.unwrap_or(dialect == Dialect::PostgreSql);
    Ok(Ok(Computed { expression, persisted }))
}
