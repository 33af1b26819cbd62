//! Texts of defaults and conditions, as the server prints them back.

use super::dialect::Dialect;
use super::name::{Name, QName};
use super::quote::{quote, quote_qualified};
use super::tokens::{Token, TokenKind, folded, tokens};
use super::types::SqlType;

/// A server default of a column of that type as the server prints it back.
pub fn default_text(sql: &str, ty: &SqlType, dialect: Dialect) -> Name {
    match dialect {
        Dialect::PostgreSql => Name::from(postgresql(sql, ty)),
        Dialect::Sqlite => Name::from(sqlite(sql)),
        Dialect::MySql => Name::from(mysql(sql)),
    }
}

/// A condition or expression with white space folded, so that equal conditions are equal text.
pub fn condition_text(sql: &str, dialect: Dialect) -> Name {
    Name::from(folded(sql, dialect))
}

/// An expression without the brackets that a server prints around all of it.
pub(crate) fn bare(expression: &str) -> &str {
    let Some(inner) = expression.strip_prefix('(').and_then(|e| e.strip_suffix(')')) else { return expression };
    let mut depth = 0_i32;
    for c in inner.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth < 0 {
            return expression;
        }
    }
    inner
}

/// The default that draws on a sequence.
pub(crate) fn nextval_text(sequence: &QName) -> Name {
    let dialect = Dialect::PostgreSql;
    Name::from(format!("nextval('{}'::regclass)", quote_qualified(sequence, dialect).replace('\'', "''")))
}

/// The sequence that a default draws on.
pub(crate) fn nextval_sequence(default: &str) -> Option<QName> {
    let inside = default.strip_prefix("nextval('")?;
    let (name, _) = inside.split_once("'::regclass)").or_else(|| inside.split_once("')"))?;
    let starts_word = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if starts_word && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Some(QName::new(name));
    }
    let parts: Vec<String> =
        tokens(name, Dialect::PostgreSql).iter().filter_map(|token| token.identifier(Dialect::PostgreSql)).collect();
    match parts.as_slice() {
        [name] => Some(QName::new(name.as_str())),
        [schema, name] if schema == "public" => Some(QName::new(name.as_str())),
        [schema, name] => Some(QName::in_schema(Some(schema.as_str()), name.as_str())),
        _ => None,
    }
}

/// The text between the quotes of a string literal.
pub(crate) fn literal_value(text: &str) -> Option<String> {
    let start = text.find('\'')?;
    let inner = text.get(start + 1..text.len().checked_sub(1)?)?;
    Some(inner.replace("''", "'"))
}

fn sqlite(sql: &str) -> String {
    let mut text = sql.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth = 0_i32;
        if inner.chars().any(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth < 0
        }) {
            break;
        }
        text = inner.trim();
    }
    text.to_owned()
}

fn mysql(sql: &str) -> String {
    let text = folded(sql, Dialect::MySql);
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "true" => "'1'".to_owned(),
        "false" => "'0'".to_owned(),
        "now()" | "current_timestamp" | "current_timestamp()" | "localtimestamp" | "localtime" => {
            "CURRENT_TIMESTAMP".to_owned()
        }
        _ if text.parse::<f64>().is_ok() => format!("'{text}'"),
        _ => text,
    }
}

fn postgresql(sql: &str, ty: &SqlType) -> String {
    let text = folded(sql, Dialect::PostgreSql);
    let all = tokens(&text, Dialect::PostgreSql);
    match all.as_slice() {
        [only] => single(only, ty),
        [sign, number] if number.kind == TokenKind::Number && sign.text == "-" => {
            format!("'-{}'::{}", number.text, number_type(number.text))
        }
        [literal, cast, target @ ..] if literal.kind == TokenKind::Text && cast.text == "::" && is_type(target) => {
            cast_literal(literal.text, target, ty)
        }
        [number, cast, target @ ..] if number.kind == TokenKind::Number && cast.text == "::" && is_type(target) => {
            if cast_name(target) == number_type(number.text) {
                number.text.to_owned()
            } else {
                format!("({})::{}", number.text, cast_name(target))
            }
        }
        [null, cast, target @ ..] if null.is_word("null") && cast.text == "::" && is_type(target) => {
            format!("NULL::{}", cast_name(target))
        }
        _ => expression(&all),
    }
}

fn single(token: &Token<'_>, ty: &SqlType) -> String {
    match token.kind {
        TokenKind::Text => literal(token.text, ty),
        TokenKind::Number if number_type(token.text) == "bigint" => format!("'{}'::bigint", token.text),
        TokenKind::Word => word(token.text),
        _ => token.text.to_owned(),
    }
}

/// Keywords that are printed in upper case; `true`, `false` and functions are in lower case.
fn word(text: &str) -> String {
    let lower = text.to_lowercase();
    match lower.as_str() {
        "current_timestamp" | "current_date" | "current_time" | "localtimestamp" | "localtime" | "current_user"
        | "session_user" | "current_role" | "current_schema" | "current_catalog" | "null" | "array" | "from"
        | "and" | "or" | "not" | "case" | "when" | "then" | "else" | "end" | "is" | "extract" | "coalesce" | "in"
        | "like" | "nullif" | "greatest" | "least" => lower.to_uppercase(),
        _ => lower,
    }
}

fn number_type(text: &str) -> &'static str {
    if text.contains(['.', 'e', 'E']) || text.parse::<i64>().is_err() {
        "numeric"
    } else if text.parse::<i32>().is_err() {
        "bigint"
    } else {
        "integer"
    }
}

/// A string literal that takes the column's type.
fn literal(text: &str, ty: &SqlType) -> String {
    let value = literal_value(text).unwrap_or_default();
    let quoted = |value: &str, ty: &str| format!("'{}'::{ty}", value.replace('\'', "''"));
    let trimmed = value.trim();
    match ty {
        SqlType::Boolean => match trimmed.to_ascii_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "on" | "1" => "true".to_owned(),
            "f" | "false" | "n" | "no" | "off" | "0" => "false".to_owned(),
            _ => quoted(&value, "boolean"),
        },
        SqlType::Integer if trimmed.parse::<i32>().is_ok_and(|number| number >= 0) => trimmed.to_owned(),
        SqlType::Numeric(..) if trimmed.contains('.') && trimmed.parse::<f64>().is_ok_and(|n| n >= 0.0) => {
            trimmed.to_owned()
        }
        SqlType::Date if is_moment(trimmed) => quoted(trimmed.get(..10).unwrap_or_default(), "date"),
        SqlType::Time { tz: false, .. } if is_moment(trimmed) => {
            quoted(trimmed.get(11..).unwrap_or_default(), &type_name(ty))
        }
        SqlType::Time { .. } if trimmed.len() == 5 => quoted(&format!("{trimmed}:00"), &type_name(ty)),
        SqlType::Double | SqlType::Real => {
            let number = trimmed.parse::<f64>().map_or_else(|_| value.clone(), |number| number.to_string());
            quoted(&number, &type_name(ty))
        }
        SqlType::Timestamp { tz, .. } if is_date(trimmed) => {
            quoted(&format!("{trimmed} 00:00:00{}", if *tz { "+00" } else { "" }), &type_name(ty))
        }
        SqlType::Timestamp { tz: true, .. } if is_moment(trimmed) => quoted(&format!("{trimmed}+00"), &type_name(ty)),
        SqlType::Unknown => text.to_owned(),
        _ => quoted(&value, &type_name(ty)),
    }
}

/// A date and a time of day, without a zone.
fn is_moment(text: &str) -> bool {
    let Some((date, time)) = text.split_once(' ') else { return false };
    is_date(date) && time.len() == 8 && time.chars().all(|c| c.is_ascii_digit() || c == ':')
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.chars().enumerate().all(|(at, c)| if at == 4 || at == 7 { c == '-' } else { c.is_ascii_digit() })
}

/// A type as a cast names it: without length or precision.
fn type_name(ty: &SqlType) -> String {
    match ty {
        SqlType::VarChar(_) => "character varying".to_owned(),
        SqlType::Char(_) => "bpchar".to_owned(),
        SqlType::Numeric(..) => "numeric".to_owned(),
        SqlType::Bit { varying: false, .. } => "\"bit\"".to_owned(),
        SqlType::Bit { varying: true, .. } => "bit varying".to_owned(),
        SqlType::Interval { .. } => "interval".to_owned(),
        SqlType::Time { tz, .. } => format!("time {} time zone", if *tz { "with" } else { "without" }),
        SqlType::Timestamp { tz, .. } => format!("timestamp {} time zone", if *tz { "with" } else { "without" }),
        SqlType::Enum(_) => ty.text(Dialect::PostgreSql),
        SqlType::Named(name, _) => name.to_string(),
        SqlType::Array(element) => match &**element {
            SqlType::Char(_) => "bpchar[]".to_owned(),
            element => format!("{}[]", type_name(element)),
        },
        other => other.text(Dialect::PostgreSql).to_lowercase(),
    }
}

/// Whether the tokens are one type name and nothing more.
fn is_type(target: &[Token<'_>]) -> bool {
    !target.is_empty()
        && target.iter().all(|token| {
            matches!(token.kind, TokenKind::Word | TokenKind::Quoted | TokenKind::Number)
                || matches!(token.text, "[" | "]" | "(" | ")" | "," | ".")
        })
}

/// The type of a cast as PostgreSQL spells it, without length or precision.
fn cast_name(target: &[Token<'_>]) -> String {
    let mut words = String::new();
    let mut depth = 0;
    let mut array = "";
    for token in target {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "[" => array = "[]",
            "]" => {}
            text if depth == 0 => {
                if !words.is_empty() && text != "." && !words.ends_with('.') {
                    words.push(' ');
                }
                match token.identifier(Dialect::PostgreSql) {
                    Some(name) if token.kind == TokenKind::Quoted => {
                        words.push_str(&quote(&name, Dialect::PostgreSql));
                    }
                    Some(name) => words.push_str(&name),
                    None => words.push_str(text),
                }
            }
            _ => {}
        }
    }
    let name = match words.strip_prefix("public.").unwrap_or(&words) {
        "varchar" => "character varying",
        "char" | "character" => "bpchar",
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "bool" => "boolean",
        "decimal" => "numeric",
        "float8" | "float" => "double precision",
        "float4" => "real",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        other => other,
    };
    format!("{name}{array}")
}

fn cast_literal(text: &str, target: &[Token<'_>], ty: &SqlType) -> String {
    let name = cast_name(target);
    if name == type_name(ty) {
        return literal(text, ty);
    }
    match name.as_str() {
        "boolean" => literal(text, &SqlType::Boolean),
        "integer" => literal(text, &SqlType::Integer),
        "numeric" => literal(text, &SqlType::Numeric(None, None)),
        _ => format!("'{}'::{name}", literal_value(text).unwrap_or_default().replace('\'', "''")),
    }
}

/// An expression: functions in lower case, string literals with the type `text`, operators in brackets.
fn expression(all: &[Token<'_>]) -> String {
    let mut out = String::new();
    let mut depth = 0_i32;
    let mut operator = false;
    let mut bare = false;
    // Functions that take anything leave a literal's type open.
    let variadic = all.first().is_some_and(|first| first.text.to_lowercase().contains("_build_"));
    for (at, token) in all.iter().enumerate() {
        if token.spaced && at > 0 && !std::mem::take(&mut bare) {
            out.push(' ');
        }
        let after = all.get(at + 1);
        match token.kind {
            TokenKind::Word if token.is_word("interval") && after.is_some_and(|t| t.kind == TokenKind::Text) => {
                // `interval '1 day'` is printed as `'1 day'::interval`, so the blank after the word goes too.
                bare = true;
            }
            TokenKind::Word => {
                operator |= depth == 0 && (token.is_word("at") || token.is_word("and") || token.is_word("or"));
                out.push_str(&match token.text.to_lowercase().as_str() {
                    zone @ ("at" | "time" | "zone") => zone.to_uppercase(),
                    _ => word(token.text),
                });
            }
            TokenKind::Text => {
                out.push_str(token.text);
                let typed = after.is_some_and(|after| after.text == "::");
                let interval = at.checked_sub(1).and_then(|at| all.get(at)).is_some_and(|t| t.is_word("interval"));
                if interval {
                    out.push_str("::interval");
                } else if !typed && !variadic {
                    out.push_str("::text");
                }
            }
            _ => {
                match token.text {
                    "(" | "[" => depth += 1,
                    ")" | "]" => depth -= 1,
                    "+" | "-" | "*" | "/" | "||" | "%" => operator |= depth == 0,
                    _ => {}
                }
                out.push_str(token.text);
            }
        }
    }
    if operator { format!("({out})") } else { out }
}
