//! Literals and bound values.

use sqlparser::ast::{Expr, UnaryOperator, Value};

use super::Compiler;
use super::typed::{Node, Typed};
use crate::engine::decimal::Decimal;
use crate::engine::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{Dialect, SqlType};

impl Compiler<'_> {
    /// A literal.
    pub(super) fn literal(&self, value: &Value) -> Evaluation<Typed> {
        let text = |text: &str| Typed { node: Node::Const(Datum::Text(text.into())), ty: None };
        let literal = match value {
            Value::Null => Typed::null(),
            Value::Boolean(b) if self.dialect() == Dialect::PostgreSql => Typed::constant(Datum::Bool(*b)),
            Value::Boolean(b) => Typed::constant(Datum::Int(i64::from(*b))),
            Value::Number(digits, _) => number(digits, self.dialect())?,
            Value::SingleQuotedString(t)
            | Value::EscapedStringLiteral(t)
            | Value::UnicodeStringLiteral(t)
            | Value::NationalStringLiteral(t) => text(t),
            Value::DollarQuotedString(t) => text(&t.value),
            Value::DoubleQuotedString(t) if self.dialect() != Dialect::PostgreSql => text(t),
            Value::HexStringLiteral(hex) if self.dialect() == Dialect::Sqlite => {
                let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok());
                let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
                Typed::constant(Datum::Bytes(bytes.ok_or_else(|| Stop::unsupported("a malformed blob"))?.into()))
            }
            Value::Placeholder(name) => self.bound(name)?,
            other => return Err(Stop::unsupported(format!("the literal {other} is not supported"))),
        };
        Ok(self.without_affinity(literal))
    }

    /// On SQLite only columns and casts have an affinity.
    pub(super) fn without_affinity(&self, value: Typed) -> Typed {
        if self.dialect() == Dialect::Sqlite { Typed { ty: None, ..value } } else { value }
    }

    /// A bound value; without one it is NULL, as Alembic sends it.
    fn bound(&self, placeholder: &str) -> Evaluation<Typed> {
        let Some(name) = placeholder.strip_prefix(':') else {
            return Err(Stop::unsupported(format!("the placeholder {placeholder} has no value")));
        };
        let datum = self.params.iter().find(|(n, _)| &**n == name).map_or(&Datum::Null, |(_, datum)| datum);
        match datum {
            // Whatever it is, there is no row that it is put beside.
            Datum::Unknown(_) if self.is_without_rows() => Ok(Typed::null()),
            Datum::Unknown(why) => Err(Stop::Unsupported(why.clone())),
            Datum::Bool(b) if self.dialect() != Dialect::PostgreSql => Ok(Typed::constant(Datum::Int(i64::from(*b)))),
            // Drivers send these as quoted literals, whose type the place settles.
            Datum::Json(t) => Ok(Typed { node: Node::Const(Datum::Text(t.clone())), ty: None }),
            Datum::Date(t) | Datum::Time(t) | Datum::Timestamp(t) | Datum::Uuid(t) | Datum::Decimal(t)
                if self.dialect() == Dialect::Sqlite =>
            {
                Ok(Typed { node: Node::Const(Datum::Text(t.clone())), ty: None })
            }
            datum => Ok(Typed::constant(datum.clone())),
        }
    }

    /// The bound value that an expression is, where it is one that is not known.
    pub(super) fn unknown_bound(&self, expr: &Expr) -> Option<Typed> {
        match expr {
            Expr::Nested(inner) => self.unknown_bound(inner),
            Expr::Value(value) => {
                let Value::Placeholder(placeholder) = &value.value else { return None };
                let name = placeholder.strip_prefix(':')?;
                let (_, datum) = self.params.iter().find(|(known, _)| &**known == name)?;
                let unknown = matches!(datum, Datum::Unknown(_));
                unknown.then(|| Typed { node: Node::Const(datum.clone()), ty: None })
            }
            _ => None,
        }
    }

    /// A literal with a sign, or none.
    pub(super) fn signed(&mut self, op: UnaryOperator, expr: &Expr) -> Evaluation<Option<Typed>> {
        if op != UnaryOperator::Minus {
            return Ok(None);
        }
        let Expr::Value(value) = expr else { return Ok(None) };
        let Value::Number(digits, _) = &value.value else { return Ok(None) };
        number(&format!("-{digits}"), self.dialect()).map(|value| Some(self.without_affinity(value)))
    }
}

/// A number: an integer where it is one and fits, else a decimal, or what the dialect takes it for.
fn number(digits: &str, dialect: Dialect) -> Evaluation<Typed> {
    if let Ok(i) = digits.parse::<i64>() {
        return Ok(Typed::constant(Datum::Int(i)));
    }
    let float = digits.contains(['e', 'E']) && dialect != Dialect::PostgreSql;
    if dialect == Dialect::Sqlite || float {
        let f = digits.parse().map_err(|_| Stop::unsupported(format!("the number {digits} is not supported")))?;
        return Ok(Typed::constant_of(Datum::Float(f), SqlType::Double));
    }
    let plain =
        Decimal::parse(digits).ok_or_else(|| Stop::unsupported(format!("the number {digits} is not supported")))?;
    Ok(Typed::constant_of(Datum::Decimal(plain.to_string().into()), SqlType::Numeric(None, None)))
}
