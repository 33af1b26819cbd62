//! A column as `sa.Column(…)`.

use super::compare_table::default;
use super::text::{self, repr};
use super::types;
use crate::schema::{Catalog, Column, Dialect, Identity, SqlType, Table, bare};

/// The expression that makes the column of a table.
pub(super) fn python(column: &Column, table: &Table, dialect: Dialect, enums: &Catalog) -> String {
    let mut arguments = vec![repr(&column.name), ty(&column.ty, dialect, enums)];
    if let Some(identity) = &column.identity {
        arguments.push(format!("sa.Identity({})", identity_options(identity)));
    }
    if let Some(computed) = &column.computed {
        let expression = repr(&text::without_parameters(bare(&computed.expression)));
        let persisted = if computed.persisted { "True" } else { "False" };
        arguments.push(format!("sa.Computed({expression}, persisted={persisted})"));
    }
    let default = default(column).filter(|_| column.computed.is_none());
    arguments.extend(default.map(|sql| format!("server_default={}", text::default(sql, dialect))));
    arguments.extend(autoincrement(column, table, dialect).map(str::to_owned));
    arguments.push(format!("nullable={}", if column.nullable { "True" } else { "False" }));
    arguments.extend(column.comment.as_ref().map(|comment| format!("comment={}", repr(comment))));
    format!("sa.Column({})", arguments.join(", "))
}

/// The type of a column, which is known to have one.
pub(super) fn ty(ty: &SqlType, dialect: Dialect, enums: &Catalog) -> String {
    types::python(ty, dialect, enums).unwrap_or_else(|| "sa.types.NULLTYPE".to_owned())
}

/// Whether the column numbers itself, said where SQLAlchemy's own choice could be another one.
fn autoincrement(column: &Column, table: &Table, dialect: Dialect) -> Option<&'static str> {
    let key = table.primary_key.as_ref()?;
    if !key.columns.contains(&column.id) || column.identity.is_some() {
        return None;
    }
    let numbers_itself = match dialect {
        Dialect::PostgreSql => column.owned_sequence.is_some(),
        Dialect::MySql => column.autoincrement,
        Dialect::Sqlite => return None,
    };
    let integer = matches!(
        column.ty,
        SqlType::TinyInt
            | SqlType::SmallInt
            | SqlType::MediumInt
            | SqlType::Integer
            | SqlType::BigInt
            | SqlType::Unsigned(_)
    );
    let alone = key.columns.len() == 1 && column.default.is_none();
    match numbers_itself {
        true => Some("autoincrement=True"),
        false if integer && alone => Some("autoincrement=False"),
        false => None,
    }
}

fn identity_options(identity: &Identity) -> String {
    let flag = |on| if on { "True" } else { "False" };
    let mut options = vec![format!("always={}", flag(identity.always))];
    let numbers = [
        ("start", identity.start),
        ("increment", identity.increment),
        ("minvalue", identity.min_value),
        ("maxvalue", identity.max_value),
        ("cache", identity.cache),
    ];
    options.extend(numbers.iter().filter_map(|(name, number)| number.map(|number| format!("{name}={number}"))));
    if identity.cycle {
        options.push("cycle=True".to_owned());
    }
    options.join(", ")
}
