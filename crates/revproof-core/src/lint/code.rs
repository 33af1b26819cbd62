//! Python to paste: directives, columns and types as `flask db migrate` would write them.

use super::context::Done;
use crate::op::ConstraintKindName;
use crate::schema::{Column, Name, QName, SqlType, TextSize};
use crate::source::{Sources, Span};

/// A Python string literal.
pub(crate) fn quote(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\n', "\\n");
    if escaped.contains('\'') && !escaped.contains('"') {
        format!("\"{escaped}\"")
    } else {
        format!("'{}'", escaped.replace('\'', "\\'"))
    }
}

/// A Python list of strings.
pub(crate) fn list(names: &[Name]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quote(name)).collect();
    format!("[{}]", quoted.join(", "))
}

/// The `schema=` argument that a name needs, with the comma before it.
pub(crate) fn schema(name: &QName) -> String {
    name.schema.as_ref().map(|schema| format!(", schema={}", quote(schema))).unwrap_or_default()
}

/// `op.drop_constraint(…)`.
pub(crate) fn drop_constraint(table: &QName, name: &str, kind: Option<ConstraintKindName>) -> String {
    let kind = kind.map(|kind| format!(", type_='{}'", kind_name(kind))).unwrap_or_default();
    format!("op.drop_constraint({}, {}{kind}{})", quote(name), quote(&table.name), schema(table))
}

fn kind_name(kind: ConstraintKindName) -> &'static str {
    match kind {
        ConstraintKindName::PrimaryKey => "primary",
        ConstraintKindName::Unique => "unique",
        ConstraintKindName::ForeignKey => "foreignkey",
        ConstraintKindName::Check => "check",
        ConstraintKindName::Exclude => "exclude",
    }
}

/// `sa.Column(…)`, as far as a column can be written as one; `None` where its type can't.
pub(crate) fn column(column: &Column) -> Option<String> {
    let mut parts = vec![quote(&column.name), sql_type(&column.ty)?];
    if let Some(computed) = &column.computed {
        let (expression, persisted) = (quote(&computed.expression), python_bool(computed.persisted));
        parts.push(format!("sa.Computed({expression}, persisted={persisted})"));
    } else if column.identity.is_some() {
        parts.push("sa.Identity()".to_owned());
    } else if let Some(default) = column.default.as_ref().filter(|_| column.owned_sequence.is_none()) {
        parts.push(format!("server_default=sa.text({})", quote(default)));
    }
    parts.push(format!("nullable={}", python_bool(column.nullable)));
    Some(format!("sa.Column({})", parts.join(", ")))
}

/// `True` or `False`.
pub(crate) const fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// A type, as `sa.…`; `None` for one that needs more than a name.
pub(crate) fn sql_type(ty: &SqlType) -> Option<String> {
    let sized = |name: &str, size: Option<u32>| match size {
        Some(size) => format!("sa.{name}(length={size})"),
        None => format!("sa.{name}()"),
    };
    let zoned = |name: &str, tz: bool| if tz { format!("sa.{name}(timezone=True)") } else { format!("sa.{name}()") };
    Some(match ty {
        SqlType::Boolean => "sa.Boolean()".to_owned(),
        SqlType::SmallInt => "sa.SmallInteger()".to_owned(),
        SqlType::Integer => "sa.Integer()".to_owned(),
        SqlType::BigInt => "sa.BigInteger()".to_owned(),
        SqlType::Numeric(None, _) | SqlType::Decimal(None, _) => "sa.Numeric()".to_owned(),
        SqlType::Numeric(Some(p), s) | SqlType::Decimal(Some(p), s) => {
            format!("sa.Numeric(precision={p}, scale={})", s.unwrap_or(0))
        }
        SqlType::Float(_) | SqlType::Double => "sa.Float()".to_owned(),
        SqlType::Real => "sa.REAL()".to_owned(),
        SqlType::Char(size) => sized("CHAR", *size),
        SqlType::VarChar(size) => sized("String", *size),
        SqlType::Text(TextSize::Plain) => "sa.Text()".to_owned(),
        SqlType::Bytea | SqlType::Blob(_) => "sa.LargeBinary()".to_owned(),
        SqlType::Date => "sa.Date()".to_owned(),
        SqlType::Time { precision: None, tz } => zoned("Time", *tz),
        SqlType::Timestamp { precision: None, tz } => zoned("DateTime", *tz),
        SqlType::DateTime(None) => "sa.DateTime()".to_owned(),
        SqlType::Interval { .. } => "sa.Interval()".to_owned(),
        SqlType::Uuid => "sa.Uuid()".to_owned(),
        SqlType::Json => "sa.JSON()".to_owned(),
        SqlType::Jsonb => "postgresql.JSONB()".to_owned(),
        SqlType::Array(of) => format!("sa.ARRAY({})", sql_type(of)?),
        SqlType::Enum(name) => {
            format!("postgresql.ENUM(name={}{}, create_type=False)", quote(&name.name), schema(name))
        }
        _ => return None,
    })
}

/// A call as it stands in a script, taken apart.
pub(crate) struct Call<'a> {
    /// What stands before the directive's name: `op`, `batch_op`.
    pub(crate) receiver: &'a str,
    /// The arguments as written.
    pub(crate) arguments: Vec<&'a str>,
}

/// Takes the call under a span apart, if it is `receiver.directive(…)` and nothing else.
pub(crate) fn call<'a>(sources: &'a Sources, span: Span, directive: &str) -> Option<Call<'a>> {
    let text = sources.text(span).trim();
    let (head, rest) = text.split_once('(')?;
    let (receiver, name) = head.trim().rsplit_once('.')?;
    let body = rest.strip_suffix(')')?;
    let plain = receiver.chars().all(|c| c.is_alphanumeric() || c == '_');
    (name == directive && plain).then(|| Call { receiver, arguments: split(body) })
}

/// Splits arguments at the commas that stand outside brackets and strings.
fn split(body: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0_usize, None, 0);
    let mut parts = Vec::new();
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(body.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(body.get(start..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The whole line, or lines, of a statement that shares them with nothing else; the span ends after the line break.
pub(crate) fn statement_lines(sources: &Sources, done: Done<'_>) -> Option<Span> {
    let span = done.operation.span;
    let text = &sources.get(span.file)?.text;
    let (before, after) = (text.get(..span.start as usize)?, text.get(span.end as usize..)?);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = after.split('\n').next().unwrap_or_default();
    let alone = before.get(line_start..)?.trim().is_empty() && rest.trim().is_empty();
    let end = span.end as usize + rest.len() + usize::from(after.len() > rest.len());
    alone.then(|| Span::new(span.file, line_start as u32, end as u32))
}

/// The white space before a statement.
pub(crate) fn indentation(sources: &Sources, span: Span) -> String {
    let before = sources.get(span.file).and_then(|file| file.text.get(..span.start as usize)).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.chars().take_while(|c| c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_split_outside_brackets_and_strings() {
        assert_eq!(
            split("'a, b', sa.Column('x', sa.Integer()), ['c', 'd'],"),
            ["'a, b'", "sa.Column('x', sa.Integer())", "['c', 'd']"]
        );
        assert_eq!(split("'it\\'s, so', 1"), ["'it\\'s, so'", "1"]);
    }

    #[test]
    fn a_call_is_taken_apart_only_if_it_is_plain() {
        let mut sources = Sources::default();
        let mut check = |text: &str| {
            let id = sources.add("a.py", text);
            let span = Span::new(id, 0, text.len() as u32);
            call(&sources, span, "drop_column").map(|call| (call.receiver.to_owned(), call.arguments.len()))
        };
        assert_eq!(check("op.drop_column('a', 'b')"), Some(("op".to_owned(), 2)));
        assert_eq!(check("batch_op.drop_column('b')"), Some(("batch_op".to_owned(), 1)));
        assert_eq!(check("op.add_column('a', 'b')"), None);
        assert_eq!(check("ops[0].drop_column('b')"), None);
    }
}
