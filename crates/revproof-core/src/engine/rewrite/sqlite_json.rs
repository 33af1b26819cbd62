//! SQLite's JSON functions. Whether a text is JSON or a string there, an invisible mark on the value decides, which
//! those functions set; it shows in how their arguments are written.

use sqlparser::ast::{Expr, FunctionArguments, ObjectNamePart};

use super::Compiler;
use super::calls::plain_argument;
use super::typed::Typed;
use crate::engine::functions::{JsonGiven, sqlite_json};
use crate::engine::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{Dialect, Name, SqlType};

/// The functions that are simulated.
const FUNCTIONS: [&str; 12] = [
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_insert",
    "json_object",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_type",
    "json_valid",
];

/// The columns of `json_each`.
pub(super) fn each_columns() -> Vec<(Name, Option<SqlType>)> {
    let names = ["key", "value", "type", "atom", "id", "parent", "fullkey", "path"];
    names.into_iter().map(|name| (Name::from(name), Some(SqlType::None))).collect()
}

impl Compiler<'_> {
    /// A call of one of SQLite's JSON functions; `None` where it is none.
    pub(super) fn sqlite_json_call(&mut self, name: &str, exprs: &[&Expr]) -> Evaluation<Option<Typed>> {
        if self.dialect() != Dialect::Sqlite || !FUNCTIONS.contains(&name) {
            return Ok(None);
        }
        let given: Vec<JsonGiven> = exprs.iter().map(|expr| self.json_given(expr)).collect();
        let mut args = Vec::with_capacity(exprs.len());
        for expr in exprs {
            args.push(self.expr(expr)?);
        }
        self.sqlite_json_of(name, &args, given).map(Some)
    }

    /// `->` and `->>` on SQLite.
    pub(super) fn sqlite_json_part(&mut self, name: &str, value: Typed, path: Typed) -> Evaluation<Typed> {
        self.sqlite_json_of(name, &[value, path], Vec::new())
    }

    fn sqlite_json_of(&mut self, name: &str, args: &[Typed], given: Vec<JsonGiven>) -> Evaluation<Typed> {
        let called = name.to_owned();
        let value = self.rowwise(args, SqlType::None, move |_, values| {
            if let Some(why) = values.iter().find_map(|value| match value {
                Datum::Unknown(why) => Some(why.clone()),
                _ => None,
            }) {
                return Err(Stop::Unsupported(why));
            }
            let unsupported = || Err(Stop::unsupported(format!("the function {called} of this is not supported")));
            sqlite_json(&called, values, &given).unwrap_or_else(unsupported)
        })?;
        Ok(self.without_affinity(value))
    }

    /// What an argument is to a function that makes JSON of it.
    pub(super) fn json_given(&self, expr: &Expr) -> JsonGiven {
        match expr {
            Expr::Nested(inner) => self.json_given(inner),
            Expr::BinaryOp { op: sqlparser::ast::BinaryOperator::Arrow, .. } => JsonGiven::Json,
            Expr::Value(_) | Expr::UnaryOp { .. } | Expr::Cast { .. } | Expr::BinaryOp { .. } => JsonGiven::Text,
            // The mark does not get into a table; out of a query it may come or not.
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => {
                let stored = self.scopes.iter().all(|scope| scope.bindings.iter().all(|b| b.table.is_some()));
                if stored { JsonGiven::Text } else { JsonGiven::Either }
            }
            Expr::Function(call) => {
                let Some(ObjectNamePart::Identifier(name)) = call.name.0.last() else { return JsonGiven::Either };
                let name = name.value.to_lowercase();
                let args = match &call.args {
                    FunctionArguments::List(list) => list.args.iter().filter_map(plain_argument).collect(),
                    _ => Vec::new(),
                };
                match name.as_str() {
                    "json_extract" if args.len() == 2 => JsonGiven::Either,
                    "json_type" | "json_valid" | "json_array_length" => JsonGiven::Text,
                    "json_group_array" | "json_group_object" | "json_patch" => JsonGiven::Json,
                    name if FUNCTIONS.contains(&name) => JsonGiven::Json,
                    "coalesce" | "ifnull" | "iif" | "nullif" | "min" | "max" => JsonGiven::Either,
                    _ => JsonGiven::Text,
                }
            }
            _ => JsonGiven::Either,
        }
    }
}
