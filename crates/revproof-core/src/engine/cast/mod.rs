//! [`cast`]: a value into a column or through a `CAST`, as each dialect does it, and [`CastError`], its refusals.

mod affinity;
mod moment;
mod postgres;
mod strict;
mod text_form;

use std::sync::Arc;

use crate::op::{Datum, Failure, FailureKind};
use crate::schema::{Catalog, Dialect, SqlType};

pub(crate) use affinity::{Affinity, affinity, number_prefix, store};
pub(crate) use text_form::type_name;

/// How a value gets to be of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A literal whose type is not settled: text is read as the type's input. What drivers send is this.
    Literal,
    /// An expression that is stored in a column.
    Assignment,
    /// `CAST(… AS …)`.
    Explicit,
}

/// Why a value does not fit a type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CastError {
    /// It does not, and the server says so: kind and sentence.
    Refused(FailureKind, String),
    /// The types don't go together: the sentence names the type that the value has.
    Mismatch(String),
    /// It can't be told here.
    Unsupported(Arc<str>),
}

impl CastError {
    fn invalid(message: impl Into<String>) -> Self {
        Self::Refused(FailureKind::InvalidValue, message.into())
    }

    fn unsupported(why: impl Into<Arc<str>>) -> Self {
        Self::Unsupported(why.into())
    }

    /// The failure of a statement that would store the value in a column; `Err` where it can't be told.
    pub(crate) fn failure(self, catalog: &Catalog, column: &str, ty: &SqlType) -> Result<Failure, Arc<str>> {
        match self {
            Self::Refused(kind, message) => {
                let message = match catalog.dialect {
                    Dialect::MySql => message.replace("{column}", column),
                    _ => message,
                };
                Ok(Failure::new(kind, message))
            }
            Self::Mismatch(from) => {
                let to = type_name(ty);
                let message = format!("column \"{column}\" is of type {to} but expression is of type {from}");
                Ok(Failure::new(FailureKind::DatatypeMismatch, message))
            }
            Self::Unsupported(why) => Err(why),
        }
    }
}

/// The value as one of that type.
pub(crate) fn cast(catalog: &Catalog, datum: &Datum, ty: &SqlType, mode: Mode) -> Result<Datum, CastError> {
    match datum {
        Datum::Null => return Ok(Datum::Null),
        Datum::Unknown(why) => return Ok(Datum::Unknown(why.clone())),
        _ => {}
    }
    match catalog.dialect {
        Dialect::PostgreSql => postgres::cast(catalog, datum, ty, mode),
        Dialect::Sqlite => affinity::cast(datum, ty, mode),
        Dialect::MySql => strict::cast(datum, ty, mode),
    }
}

/// The value of one type as one of another, where what it is says too little: bits, amounts and addresses are kept as text.
pub(crate) fn convert(
    catalog: &Catalog,
    datum: &Datum,
    from: Option<&SqlType>,
    to: &SqlType,
    mode: Mode,
) -> Result<Datum, CastError> {
    if catalog.dialect != Dialect::PostgreSql {
        return cast(catalog, datum, to, mode);
    }
    match (datum, from, to) {
        (Datum::Text(bits), Some(SqlType::Bit { varying: false, .. }), SqlType::Integer | SqlType::BigInt)
            if mode == Mode::Explicit =>
        {
            postgres::number_of_bits(bits, to)
        }
        (Datum::Text(amount), Some(SqlType::Builtin(name)), SqlType::Numeric(..)) if &**name == "MONEY" => {
            cast(catalog, &postgres::number_of_money(amount), to, Mode::Explicit)
        }
        (
            Datum::Text(address),
            Some(SqlType::Builtin(name)),
            SqlType::VarChar(_) | SqlType::Char(_) | SqlType::Text(_),
        ) if &**name == "INET" && !address.contains('/') => {
            // As text it says how long its network is, even where that is the whole of it.
            let whole = if address.contains(':') { 128 } else { 32 };
            cast(catalog, &Datum::Text(format!("{address}/{whole}").into()), to, mode)
        }
        _ => cast(catalog, datum, to, mode),
    }
}
