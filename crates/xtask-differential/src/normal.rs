//! A reflected schema as a list of facts, so that two of them can be compared one by one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use regex_lite::Regex;
use revproof_core::schema::Dialect;
use serde_json::Value;

/// A fact of a schema: what it is, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fact {
    pub(crate) place: String,
    pub(crate) kind: Kind,
}

/// What a fact is, whatever the names are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind(String);

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The facts of a schema; `loose` leaves out the order of columns, which no downgrade can bring back.
pub(crate) fn facts(schema: &Value, dialect: Dialect, loose: bool) -> BTreeMap<Fact, Value> {
    let mut facts = Facts { found: BTreeMap::new(), dialect };
    for (name, table) in schema["tables"].as_object().into_iter().flatten() {
        facts.table(name, table, loose);
    }
    for (name, labels) in schema["enums"].as_object().into_iter().flatten() {
        facts.add(name, "enum", labels.clone());
    }
    for name in schema["expression_indexes"].as_array().into_iter().flatten() {
        facts.add(name.as_str().unwrap_or_default(), "index on an expression", Value::Bool(true));
    }
    for (list, kind) in [("sequences", "sequence"), ("views", "view or schema")] {
        for name in schema[list].as_array().into_iter().flatten() {
            facts.add(name.as_str().unwrap_or_default(), kind, Value::Bool(true));
        }
    }
    facts.found
}

struct Facts {
    found: BTreeMap<Fact, Value>,
    dialect: Dialect,
}

impl Facts {
    fn add(&mut self, place: &str, kind: &str, value: Value) {
        self.found.insert(Fact { place: place.to_owned(), kind: Kind(kind.to_owned()) }, value);
    }

    fn table(&mut self, name: &str, table: &Value, loose: bool) {
        self.add(name, "table", Value::Bool(true));
        if !loose {
            let order: Vec<Value> = list(&table["columns"]).map(|column| column["name"].clone()).collect();
            self.add(name, "order of columns", Value::Array(order));
        }
        self.add(name, "comment", table["comment"].clone());
        for column in list(&table["columns"]) {
            let place = format!("{name}.{}", column["name"].as_str().unwrap_or_default());
            for field in ["type", "nullable", "default", "comment", "computed", "identity"] {
                self.add(&place, &format!("column {field}"), self.plain(&column[field]));
            }
        }
        let key = &table["primary_key"];
        if list(&key["constrained_columns"]).next().is_some() {
            self.add(name, "primary key", key.clone());
        }
        for (list_name, kind) in [
            ("foreign_keys", "foreign key"),
            ("unique_constraints", "unique constraint"),
            ("check_constraints", "check constraint"),
            ("indexes", "index"),
        ] {
            self.all_of(name, kind, &table[list_name]);
        }
    }

    /// Things that have names; where one has none, its text stands for it.
    fn all_of(&mut self, table: &str, kind: &str, things: &Value) {
        for thing in list(things) {
            let named = thing["name"].as_str().map(str::to_owned);
            let text = thing.to_string();
            let place = format!("{table}:{}", named.as_deref().unwrap_or(&text));
            let with_kind = |place: &str| Fact { place: place.to_owned(), kind: Kind(kind.to_owned()) };
            let mut place = place;
            while self.found.contains_key(&with_kind(&place)) {
                place.push('#');
            }
            self.add(&place, kind, self.plain(thing));
        }
    }

    /// A thing whose conditions and expressions are written in one way.
    fn plain(&self, thing: &Value) -> Value {
        let mut thing = thing.clone();
        for key in ["sqltext", "where", "expressions"] {
            let text = match thing.get_mut(key) {
                Some(Value::Array(texts)) => texts.iter_mut().collect(),
                Some(text) => vec![text],
                None => Vec::new(),
            };
            for text in text {
                if let Some(plain) = text.as_str().map(|text| plain(bracketed(text), self.dialect)) {
                    *text = Value::from(plain);
                }
            }
        }
        thing
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A cast as PostgreSQL prints it.
static CAST: LazyLock<Regex> = LazyLock::new(|| {
    let types = "character varying|double precision|(timestamp|time) with(out)? time zone|[a-z_0-9]+";
    regex(&format!(r"::({types})(\(\d+(,\d+)?\))?(\[\])?"))
});
/// A number that has lost its cast.
static QUOTED_NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"'(-?\d+)'"));
/// `IN` as PostgreSQL prints it.
static LIST: LazyLock<Regex> = LazyLock::new(|| regex(r"= ?any ?\( ?\(?array\[([^\]]*)\]\)? ?\)"));
/// `BETWEEN`, which PostgreSQL does not print.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| regex(r#"([\w".]+) between (\S+) and (\S+)"#));

/// An expression up to the bracket that closes it: of a computed column that SQLite has added with `ALTER TABLE`, SQLAlchemy
/// reads what stands behind it on the line as well.
fn bracketed(text: &str) -> &str {
    let (mut depth, mut quote) = (0_i32, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return &text[..at],
            (None, ')') => depth -= 1,
            _ => {}
        }
    }
    text
}

/// An expression without what PostgreSQL adds when it prints one: casts, brackets, `= ANY (ARRAY[…])` for `IN`, and two
/// comparisons for `BETWEEN`. revproof keeps conditions as they are written.
fn plain(text: &str, dialect: Dialect) -> String {
    if dialect != Dialect::PostgreSql {
        return text.to_owned();
    }
    let text = text.to_lowercase();
    let text = CAST.replace_all(&text, "");
    let text = LIST.replace_all(&text, "in ($1)");
    let text = BETWEEN.replace_all(&text, "$1 >= $2 and $1 <= $3");
    let text = QUOTED_NUMBER.replace_all(&text, "$1");
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"')).collect()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ours: &str, real: &str) {
        assert_eq!(plain(ours, Dialect::PostgreSql), plain(real, Dialect::PostgreSql));
    }

    #[test]
    fn an_expression_ends_with_its_bracket() {
        assert_eq!(bracketed("id * 2) VIRTUAL, status VARCHAR(255"), "id * 2");
        assert_eq!(bracketed("length(')') + (1)"), "length(')') + (1)");
    }

    #[test]
    fn an_expression_is_known_again_as_postgresql_prints_it() {
        check("a IN ('x', 'y')", "((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))");
        check("\"Total\" BETWEEN 0 AND 99", "((\"Total\" >= 0) AND (\"Total\" <= 99))");
        check("lower(note)", "lower((note)::text)");
        assert_ne!(plain("a > 0", Dialect::PostgreSql), plain("(a > 1)", Dialect::PostgreSql));
    }
}
