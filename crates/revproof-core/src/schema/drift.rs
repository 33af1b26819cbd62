//! [`drift`]: how a real database differs from what the migrations make.

use std::sync::Arc;

use super::catalog::{Catalog, VERSION_TABLE};
use super::dialect::Dialect;
use super::diff::{Difference, diff};
use super::name::{Name, QName};
use super::table::Table;
use super::tokens::{Token, TokenKind, tokens};

/// How `real`, which a server has described, differs from `made`: [`diff`] without what a server writes in another way
/// when it is asked for an expression that it was given.
pub fn drift(made: &Catalog, real: &Catalog) -> Vec<Difference> {
    let key = |d: &Difference| (d.object.clone(), d.part.clone());
    let meant: Vec<_> = diff(&loose(made), &loose(real)).iter().map(key).collect();
    diff(made, real).into_iter().filter(|difference| meant.contains(&key(difference))).collect()
}

/// The catalog with every expression reduced to what it means.
pub(crate) fn loose(catalog: &Catalog) -> Catalog {
    let dialect = catalog.dialect;
    let mut loose = catalog.clone();
    loose.take_table(&QName::new(VERSION_TABLE));
    let tables: Vec<Arc<Table>> = loose.tables.values().cloned().collect();
    for table in tables {
        let mut table = Table::clone(&table);
        let reduce = |text: &mut Name| *text = reduced(text, dialect).into();
        for column in &mut table.columns {
            let column = Arc::make_mut(column);
            column.default.iter_mut().for_each(reduce);
            column.computed.iter_mut().for_each(|computed| reduce(&mut computed.expression));
        }
        table.checks.iter_mut().for_each(|check| reduce(&mut check.condition));
        for index in &mut table.indexes {
            index.predicate.iter_mut().for_each(reduce);
            index.parts.iter_mut().filter_map(|part| part.expression.as_mut()).for_each(reduce);
            index.parts.iter_mut().filter_map(|part| part.suffix.as_mut()).for_each(reduce);
        }
        loose.put_table(Arc::new(table));
    }
    loose
}

/// An expression without casts, brackets, white space and case, `BETWEEN`, `IN` and `LIKE` written as PostgreSQL prints
/// them.
fn reduced(text: &str, dialect: Dialect) -> String {
    let all = tokens(text, dialect);
    let mut words: Vec<String> = Vec::with_capacity(all.len());
    let mut rest = all.as_slice();
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match token.text {
            "::" => rest = after_type(after),
            ":" if after.first().is_some_and(|next| next.text == ":") => {
                rest = after_type(after.get(1..).unwrap_or_default());
            }
            "(" | ")" | "[" | "]" => {}
            "!=" => words.push("<>".to_owned()),
            "~~" => words.push("like".to_owned()),
            other if token.kind == TokenKind::Text => words.push(other.to_owned()),
            other => {
                let unquoted = other.trim_matches(['"', '`']);
                words.push(unquoted.to_lowercase());
            }
        }
    }
    spelled_out(&words).concat()
}

/// The tokens behind the type of a cast.
fn after_type<'a, 't>(tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    let mut at = 0;
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let is = |at: usize, words: &[&str]| words.iter().any(|word| text(at).eq_ignore_ascii_case(word));
    at += 1;
    while text(at) == "." {
        at += 2;
    }
    while is(at, &["varying", "precision", "with", "without", "time", "zone"]) {
        at += 1;
    }
    if text(at) == "(" {
        while at < tokens.len() && text(at) != ")" {
            at += 1;
        }
        at += 1;
    }
    while is(at, &["with", "without", "time", "zone", "[", "]", "[]"]) {
        at += 1;
    }
    tokens.get(at..).unwrap_or_default()
}

/// `x between a and b` as `x >= a and x <= b`; `= any array` as `in`.
fn spelled_out(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut rest = words;
    loop {
        rest = match rest {
            [x, between, a, and, b, after @ ..] if between == "between" && and == "and" => {
                out.extend([x, ">=", a, "and", x, "<=", b].map(str::to_owned));
                after
            }
            [equals, any, array, after @ ..] if equals == "=" && any == "any" && array == "array" => {
                out.push("in".to_owned());
                after
            }
            [unequal, all, array, after @ ..] if unequal == "<>" && all == "all" && array == "array" => {
                out.extend(["not".to_owned(), "in".to_owned()]);
                after
            }
            [word, after @ ..] => {
                out.push(word.clone());
                after
            }
            [] => return out,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_prints_in_another_way_is_the_same() {
        let check = |one: &str, other: &str, same: bool| {
            let (one, other) = (reduced(one, Dialect::PostgreSql), reduced(other, Dialect::PostgreSql));
            assert_eq!(one == other, same, "{one} and {other}");
        };
        check("'new'::order_status", "'new'::public.order_status", true);
        check("lower(name)", "lower((name)::text)", true);
        check("stars BETWEEN 1 AND 5", "((stars >= 1) AND (stars <= 5))", true);
        check(
            "state IN ('a', 'b')",
            "((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            true,
        );
        check("x::numeric(10, 2) > 0", "x > 0", true);
        check("a != 'B'", "(a)::text <> 'B'::text", true);
        check("now()::timestamp without time zone", "now()", true);
        check("'New'", "'new'", false);
        check("stars > 1", "stars >= 1", false);
        check("state IN ('a')", "state NOT IN ('a')", false);
    }
}
