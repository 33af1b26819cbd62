//! Functions that give rows: in `FROM`, where they may read what stands to their left, and in the list of a `SELECT`.

use std::sync::Arc;

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArguments, ObjectName, ObjectNamePart, Select, SelectItem, TableAlias,
    TableFactor,
};

use super::calls::plain_argument;
use super::names::fold;
use super::scan::Pick;
use super::sqlite_json::each_columns;
use super::typed::{Node, Typed};
use super::types::Kind;
use super::{Compiler, Scan};
use crate::engine::cast::Mode;
use crate::engine::functions::{set_rows, sqlite_json_each};
use crate::engine::relation::Relation;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::count;
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, Name, SqlType, TextSize};

const TEXT: SqlType = SqlType::Text(TextSize::Plain);

/// A function in `FROM`.
pub(super) struct RowsCall<'e> {
    name: String,
    args: Option<Vec<&'e Expr>>,
    alias: Option<&'e TableAlias>,
    ordinality: bool,
}

/// What a function gives for each row that it is called for.
struct Expanded {
    columns: Vec<(Name, Option<SqlType>)>,
    /// Whether its only column is named as the function or its alias is.
    unnamed: bool,
    rows: Vec<Vec<Vec<Datum>>>,
}

/// A call in the list of a `SELECT`, as it is written: its column, and its type.
pub(super) type ExpandedCall = (String, usize, Option<SqlType>);

/// Whether a function gives rows.
fn gives_rows(name: &str, dialect: Dialect) -> bool {
    dialect == Dialect::Sqlite && name == "json_each"
        || dialect == Dialect::PostgreSql
            && matches!(
                name,
                "generate_series"
                    | "generate_subscripts"
                    | "unnest"
                    | "jsonb_array_elements"
                    | "jsonb_array_elements_text"
                    | "json_array_elements"
                    | "json_array_elements_text"
                    | "jsonb_each"
                    | "jsonb_each_text"
                    | "json_each"
                    | "json_each_text"
                    | "jsonb_object_keys"
                    | "json_object_keys"
                    | "string_to_table"
                    | "regexp_matches"
                    | "regexp_split_to_table"
            )
}

/// The function that an item of `FROM` is.
pub(super) fn rows_call(factor: &TableFactor) -> Option<RowsCall<'_>> {
    let named = |name: &ObjectName| match name.0.last() {
        Some(ObjectNamePart::Identifier(ident)) => ident.value.to_lowercase(),
        _ => name.to_string().to_lowercase(),
    };
    match factor {
        TableFactor::Table { name, alias, args: Some(args), with_ordinality, sample: None, version: None, .. } => {
            Some(RowsCall {
                name: named(name),
                args: args.args.iter().map(plain_argument).collect(),
                alias: alias.as_ref(),
                ordinality: *with_ordinality,
            })
        }
        TableFactor::Function { name, args, with_ordinality, alias, .. } => Some(RowsCall {
            name: named(name),
            args: args.iter().map(plain_argument).collect(),
            alias: alias.as_ref(),
            ordinality: *with_ordinality,
        }),
        TableFactor::UNNEST { alias, array_exprs, with_offset: false, with_ordinality, .. } => Some(RowsCall {
            name: String::from("unnest"),
            args: Some(array_exprs.iter().collect()),
            alias: alias.as_ref(),
            ordinality: *with_ordinality,
        }),
        _ => None,
    }
}

impl Compiler<'_> {
    /// A function in `FROM` that stands by itself.
    pub(super) fn rows_factor(&mut self, call: &RowsCall<'_>) -> Evaluation<usize> {
        let expanded = self.expanded(call, None)?;
        let rows = expanded.rows.into_iter().flatten().collect();
        self.bind_rows(call, expanded.columns, expanded.unnamed, rows)
    }

    /// A function in `FROM` that is called for each row of what stands to its left. Returns the rows side by side.
    pub(super) fn lateral_rows(&mut self, left: usize, call: &RowsCall<'_>, outer: bool) -> Evaluation<usize> {
        self.read_from(left);
        let left = if outer { left } else { self.restricted_early(left)? };
        let expanded = self.expanded(call, Some(left))?;
        let (mut rows, mut pairs) = (Vec::new(), Vec::new());
        for (at, found) in expanded.rows.into_iter().enumerate() {
            if found.is_empty() && outer {
                pairs.push((at, None));
            }
            for row in found {
                pairs.push((at, Some(rows.len())));
                rows.push(row);
            }
        }
        let right = self.bind_rows(call, expanded.columns, expanded.unnamed, rows)?;
        Ok(self.paired(left, right, pairs))
    }

    /// A server looks at the conditions on a table before it calls a function for its rows.
    fn restricted_early(&mut self, left: usize) -> Evaluation<usize> {
        let Some(selection) = self.scopes.last().and_then(|scope| scope.selection.clone()) else { return Ok(left) };
        for condition in conjuncts(&selection) {
            let (faults, draws, captured) = (self.faults.len(), self.draws, self.captured);
            let scan = self.scan()?;
            match self.filter(condition, false) {
                Ok(code) if self.draws == draws && code.scans.iter().all(|read| *read == scan) => {
                    self.restrict(&code)?;
                }
                // It reads what comes later.
                _ => {
                    self.faults.truncate(faults);
                    self.captured = captured;
                }
            }
        }
        self.scan()
    }

    fn bind_rows(
        &mut self,
        call: &RowsCall<'_>,
        mut columns: Vec<(Name, Option<SqlType>)>,
        unnamed: bool,
        rows: Vec<Vec<Datum>>,
    ) -> Evaluation<usize> {
        if call.alias.is_some_and(|alias| alias.columns.iter().any(|column| column.data_type.is_some())) {
            return Err(Stop::unsupported("a function in FROM whose columns are given types is not supported"));
        }
        let scalar = columns.len() == 1;
        if let (true, Some((label, _))) = (unnamed, columns.first_mut()) {
            *label = call.alias.map_or_else(|| call.name.clone(), |alias| fold(&alias.name, self.dialect())).into();
        }
        let mut rows = rows;
        if call.ordinality {
            columns.push((Name::from("ordinality"), Some(SqlType::BigInt)));
            for (at, row) in rows.iter_mut().enumerate() {
                row.push(Datum::Int(count(at) + 1));
            }
        }
        let scan = Scan::of_relation(Arc::new(Relation { columns, rows }));
        let at = self.bind_as(scan, call.alias, &call.name)?;
        if let Some(binding) = self.scopes.last_mut().and_then(|scope| scope.bindings.last_mut()) {
            binding.scalar = scalar;
        }
        Ok(at)
    }

    fn expanded(&mut self, call: &RowsCall<'_>, scan: Option<usize>) -> Evaluation<Expanded> {
        let (Some(args), true) = (&call.args, gives_rows(&call.name, self.dialect())) else {
            return Err(Stop::unsupported(format!("the function {} in FROM is not supported", call.name)));
        };
        if call.ordinality && scan.is_some_and(|scan| self.length(scan) > 1) {
            return Err(Stop::unsupported("WITH ORDINALITY for each row of a table is not supported"));
        }
        self.expand(&call.name, args, scan)
    }

    fn expand(&mut self, name: &str, args: &[&Expr], scan: Option<usize>) -> Evaluation<Expanded> {
        let mut typed = Vec::with_capacity(args.len());
        for arg in args {
            typed.push(self.expr(arg)?);
        }
        let sqlite = self.dialect() == Dialect::Sqlite;
        let (typed, columns, unnamed) =
            if sqlite { (typed, each_columns(), false) } else { self.signature(name, typed)? };
        let elsewhere = |arg: &Typed| arg.scans().iter().any(|read| Some(*read) != scan);
        if typed.iter().any(elsewhere) {
            return Err(Stop::unsupported(format!("{name} of values of other rows is not supported")));
        }
        self.settle()?;
        let given = match scan {
            Some(scan) => self.values(&typed, scan)?,
            None => vec![typed.iter().filter_map(|arg| arg.as_const().cloned()).collect()],
        };
        let rows = given
            .iter()
            .map(|args| if sqlite { sqlite_json_each(args) } else { set_rows(name, args) })
            .collect::<Evaluation<_>>()?;
        Ok(Expanded { columns, unnamed, rows })
    }

    /// The arguments as the function takes them, and the columns that it gives.
    #[expect(clippy::type_complexity, reason = "it is taken apart where it comes from")]
    fn signature(
        &mut self,
        name: &str,
        args: Vec<Typed>,
    ) -> Evaluation<(Vec<Typed>, Vec<(Name, Option<SqlType>)>, bool)> {
        let wrong = || Stop::unsupported(format!("{name} of values of these types is not supported"));
        let column = |name: &str, ty: SqlType| (Name::from(name), Some(ty));
        let text = name.ends_with("_text");
        let json = if name.starts_with("jsonb") { SqlType::Jsonb } else { SqlType::Json };
        match name {
            "generate_series" if matches!(args.len(), 2 | 3) => {
                let (args, ty) = self.series_arguments(args)?;
                Ok((args, vec![column(name, ty)], true))
            }
            "unnest" => {
                let mut columns = Vec::with_capacity(args.len());
                for arg in &args {
                    let Some(SqlType::Array(item)) = &arg.ty else { return Err(wrong()) };
                    columns.push(column(name, item.as_ref().clone()));
                }
                Ok((args, columns, true))
            }
            "generate_subscripts" if matches!(args.first().and_then(|a| a.ty.as_ref()), Some(SqlType::Array(_))) => {
                Ok((args, vec![column(name, SqlType::Integer)], true))
            }
            "regexp_matches" | "regexp_split_to_table" if matches!(args.len(), 2 | 3) => {
                let ty = if name == "regexp_matches" { SqlType::Array(Box::new(TEXT)) } else { TEXT };
                let text = args.iter().all(|arg| arg.kind(self.dialect()) == Kind::Text);
                if text { Ok((args, vec![column(name, ty)], true)) } else { Err(wrong()) }
            }
            "string_to_table" if args.len() == 2 => {
                let text = args.iter().all(|arg| arg.kind(self.dialect()) == Kind::Text);
                if text { Ok((args, vec![column(name, TEXT)], true)) } else { Err(wrong()) }
            }
            _ => {
                let [arg] = <[Typed; 1]>::try_from(args).map_err(|_| wrong())?;
                let arg = if arg.ty.is_none() { self.coerce(arg, &json, Mode::Literal)? } else { arg };
                if arg.ty != Some(json.clone()) {
                    let message = format!("function {name} of this type does not exist");
                    return Err(Stop::fail(FailureKind::UndefinedObject, message));
                }
                let value = if text { TEXT } else { json };
                let (columns, unnamed) = match name {
                    "jsonb_object_keys" | "json_object_keys" => (vec![column(name, TEXT)], true),
                    _ if name.contains("_each") => (vec![column("key", TEXT), column("value", value)], false),
                    _ => (vec![column("value", value)], false),
                };
                Ok((vec![arg], columns, unnamed))
            }
        }
    }

    /// Numbers of one type, or moments and an interval.
    fn series_arguments(&mut self, args: Vec<Typed>) -> Evaluation<(Vec<Typed>, SqlType)> {
        let dialect = self.dialect();
        let kinds: Vec<Kind> = args.iter().filter(|arg| arg.ty.is_some()).map(|arg| arg.kind(dialect)).collect();
        let moment = kinds.iter().any(|kind| matches!(kind, Kind::Date | Kind::Timestamp));
        let bare = |arg: &Typed| matches!(arg.ty, Some(SqlType::Timestamp { tz: false, .. }));
        let whole = |arg: &Typed| arg.ty == Some(SqlType::BigInt);
        let ty = if moment && args.len() == 3 {
            SqlType::Timestamp { precision: None, tz: !args.iter().any(bare) }
        } else if kinds.contains(&Kind::Decimal) {
            SqlType::Numeric(None, None)
        } else if kinds.is_empty() || kinds.iter().any(|kind| *kind != Kind::Int) {
            return Err(Stop::unsupported("generate_series of values of these types is not supported"));
        } else if args.iter().any(whole) {
            SqlType::BigInt
        } else {
            SqlType::Integer
        };
        let interval = SqlType::Interval { fields: None, precision: None };
        let mut given = Vec::with_capacity(args.len());
        for (at, arg) in args.into_iter().enumerate() {
            let to = if moment && at == 2 { &interval } else { &ty };
            let mode = if arg.ty.is_none() { Mode::Literal } else { Mode::Explicit };
            given.push(self.coerce(arg, to, mode)?);
        }
        Ok((given, ty))
    }

    /// Calls the functions of a list that give rows: from here on the query reads a row for each of theirs.
    pub(super) fn expand_list(&mut self, select: &Select, plain: bool) -> Evaluation<()> {
        let dialect = self.dialect();
        let mut calls: Vec<&Function> = Vec::new();
        for item in &select.projection {
            if let SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } = item {
                collect(expr, dialect, &mut calls);
            }
        }
        if calls.is_empty() {
            return Ok(());
        }
        if !plain {
            return Err(Stop::unsupported("a function that gives rows beside GROUP BY is not supported"));
        }
        let scan = self.scan()?;
        let width = self.width(scan);
        let mut found: Vec<(String, Expanded)> = Vec::new();
        for call in calls {
            let written = call.to_string();
            let FunctionArguments::List(list) = &call.args else { continue };
            let args: Option<Vec<&Expr>> = list.args.iter().map(plain_argument).collect();
            let args = args.ok_or_else(|| Stop::unsupported("a function of this form is not supported"))?;
            if found.iter().any(|(known, _)| *known == written) {
                continue;
            }
            let expanded = self.expand(&name_of(call), &args, Some(scan))?;
            if expanded.columns.len() != 1 {
                return Err(Stop::unsupported("a function that gives rows of several columns is not supported here"));
            }
            found.push((written, expanded));
        }
        let mut pairs = Vec::new();
        let mut relation = Relation::default();
        relation.columns.extend(found.iter().flat_map(|(_, expanded)| expanded.columns.iter().cloned()));
        for at in 0..self.length(scan) {
            let of = |expanded: &Expanded, row: usize| {
                let rows = expanded.rows.get(at)?;
                rows.get(row)?.first().cloned()
            };
            let most = found.iter().filter_map(|(_, expanded)| expanded.rows.get(at)).map(Vec::len).max().unwrap_or(0);
            for row in 0..most {
                pairs.push((at, relation.rows.len()));
                let side = found.iter().map(|(_, expanded)| of(expanded, row).unwrap_or(Datum::Null));
                relation.rows.push(side.collect());
            }
        }
        let columns: Vec<ExpandedCall> = found
            .into_iter()
            .enumerate()
            .map(|(at, (written, expanded))| {
                (written, width + at, expanded.columns.into_iter().next().and_then(|c| c.1))
            })
            .collect();
        let right = self.scans.len();
        let wide = relation.columns.len();
        self.scans.push(Scan::of_relation(Arc::new(relation)));
        let (left_rows, right_rows) = pairs.into_iter().map(|(l, r)| (Some(l), Some(r))).unzip();
        let picks = vec![Pick { scan, width, rows: left_rows }, Pick { scan: right, width: wide, rows: right_rows }];
        self.replace(scan, picks);
        if let Some(scope) = self.scopes.last_mut() {
            scope.expanded = columns;
        }
        Ok(())
    }

    /// The column that a call in the list has become.
    pub(super) fn expanded_call(&mut self, expr: &Expr) -> Evaluation<Option<Typed>> {
        let Expr::Function(call) = expr else { return Ok(None) };
        let Some(scope) = self.scopes.last().filter(|scope| !scope.expanded.is_empty()) else { return Ok(None) };
        let written = call.to_string();
        let found = scope.expanded.iter().find(|(known, ..)| *known == written).cloned();
        match found {
            Some((_, column, ty)) => self.scan_column(column, ty).map(Some),
            None => Ok(None),
        }
    }

    /// A subquery's rows as an array: `ARRAY(SELECT …)`.
    pub(super) fn array_of(relation: &Relation) -> Evaluation<Typed> {
        let [(_, ty)] = relation.columns.as_slice() else {
            return Err(Stop::fail(FailureKind::InvalidStatement, "subquery must return only one column"));
        };
        let items = relation.rows.iter().filter_map(|row| row.first().cloned()).collect();
        let ty = SqlType::Array(Box::new(ty.clone().unwrap_or(TEXT)));
        Ok(Typed { node: Node::Const(Datum::List(items)), ty: Some(ty) })
    }
}

/// The conditions of which all have to hold.
fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Nested(inner) => conjuncts(inner),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            let mut all = conjuncts(left);
            all.extend(conjuncts(right));
            all
        }
        other => vec![other],
    }
}

fn name_of(call: &Function) -> String {
    match call.name.0.last() {
        Some(ObjectNamePart::Identifier(ident)) => ident.value.to_lowercase(),
        _ => String::new(),
    }
}

/// The calls within an expression, those of a subquery left out.
fn collect<'e>(expr: &'e Expr, dialect: Dialect, calls: &mut Vec<&'e Function>) {
    match expr {
        Expr::Function(call) => {
            if gives_rows(&name_of(call), dialect) {
                calls.push(call);
            } else if let FunctionArguments::List(list) = &call.args {
                list.args.iter().filter_map(plain_argument).for_each(|arg| collect(arg, dialect, calls));
            }
        }
        Expr::Nested(inner)
        | Expr::UnaryOp { expr: inner, .. }
        | Expr::Cast { expr: inner, .. }
        | Expr::Trim { expr: inner, .. }
        | Expr::Substring { expr: inner, .. } => {
            collect(inner, dialect, calls);
        }
        Expr::CompoundFieldAccess { root, .. } => collect(root, dialect, calls),
        Expr::BinaryOp { left, right, .. } => {
            collect(left, dialect, calls);
            collect(right, dialect, calls);
        }
        _ => {}
    }
}
