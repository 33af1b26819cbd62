//! Function calls.

use std::sync::Arc;

use gluesql_core::ast::Expr as Glue;
use sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart,
};

use super::Compiler;
use super::typed::{Typed, combine};
use super::types::Kind;
use crate::engine::cast::{Mode, number_prefix};
use crate::engine::defaults::{NOW, now, sequence_name};
use crate::engine::functions::{
    date_part, date_trunc, interval_part, json_call, numeric, plain_text, quoting_call, rounded, sqlite_time, textual,
};
use crate::engine::sequence::{current_value, is_there, next_fraction, next_uuid, next_value, set_value};
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{compare, count, text};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, QName, SqlType, TextSize};

const TEXT: SqlType = SqlType::Text(TextSize::Plain);

impl Compiler<'_> {
    /// A function call.
    pub(super) fn function(&mut self, call: &Function) -> Evaluation<Typed> {
        let Some(ObjectNamePart::Identifier(name)) = call.name.0.last() else {
            return Err(Stop::unsupported("this function is not supported"));
        };
        let name = name.value.to_lowercase();
        if let Some(over) = &call.over {
            return self.over(&name, call, over);
        }
        if !call.within_group.is_empty() || call.null_treatment.is_some() {
            return Err(Stop::unsupported(format!("{name} over a window is not supported")));
        }
        if let Some(aggregate) = self.aggregate(&name, call)? {
            return Ok(aggregate);
        }
        if call.filter.is_some() {
            return Err(Stop::unsupported(format!("FILTER of {name} is not supported")));
        }
        let exprs = match &call.args {
            FunctionArguments::None => Vec::new(),
            FunctionArguments::Subquery(query) if name == "array" && self.dialect() == Dialect::PostgreSql => {
                return self.array_subquery(query);
            }
            FunctionArguments::Subquery(_) => return Err(unsupported(&name)),
            FunctionArguments::List(list) => {
                if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
                    return Err(unsupported(&name));
                }
                list.args
                    .iter()
                    .map(plain_argument)
                    .collect::<Option<Vec<&Expr>>>()
                    .ok_or_else(|| unsupported(&name))?
            }
        };
        if self.dialect() == Dialect::Sqlite {
            // Only how many there are matters there.
            self.called_type(&name, &mut vec![Typed::null(); exprs.len()])?;
        }
        if let Some(json) = self.sqlite_json_call(&name, &exprs)? {
            return Ok(json);
        }
        match name.as_str() {
            "coalesce" | "ifnull" | "nvl" if !exprs.is_empty() => self.coalesce(&exprs),
            "coalesce" => Err(Stop::fail(FailureKind::InvalidStatement, "syntax error at or near \")\"")),
            "nullif" => self.nullif(&exprs),
            "iif" if exprs.len() == 3 && self.dialect() == Dialect::Sqlite => {
                let (condition, then, otherwise) = match exprs.as_slice() {
                    [condition, then, otherwise] => (*condition, *then, *otherwise),
                    _ => return Err(unsupported(&name)),
                };
                let arm = CaseWhen { condition: condition.clone(), result: then.clone() };
                self.case(None, &[arm], Some(otherwise))
            }
            _ => {
                let mut args = Vec::with_capacity(exprs.len());
                for expr in exprs {
                    args.push(self.expr(expr)?);
                }
                self.call(&name, args)
            }
        }
    }

    /// What comes of a call of an ordinary function, where that is simulated.
    pub(super) fn simulated_call(&mut self, name: &str, args: Vec<Typed>) -> Evaluation<Typed> {
        let dialect = self.dialect();
        if let Some(constant) = self.constant_call(name, &args) {
            self.stable += 1;
            return Ok(constant);
        }
        if dialect == Dialect::PostgreSql
            && let Some(array) = self.array_functions(name, &args)?
        {
            return Ok(array);
        }
        match (name, args.len()) {
            ("gen_random_uuid" | "uuid_generate_v4", 0) if dialect == Dialect::PostgreSql => {
                self.drawn(SqlType::Uuid, |this| Ok(Datum::Uuid(next_uuid(this.db))))
            }
            // As good as any other number, as long as nothing is decided by it.
            ("random", 0) if dialect == Dialect::PostgreSql && self.conditions == 0 => {
                self.drawn(SqlType::Double, |this| Ok(Datum::Float(next_fraction(this.db))))
            }
            ("uuid_in", 1) if dialect == Dialect::PostgreSql => match args.into_iter().next() {
                Some(text) => self.coerce(text, &SqlType::Uuid, crate::engine::cast::Mode::Explicit),
                None => Err(unsupported(name)),
            },
            ("uuid", 0) if dialect == Dialect::MySql => self.drawn(TEXT, |this| Ok(Datum::Text(next_uuid(this.db)))),
            ("nextval", 1) => {
                let sequence = named_sequence(&args)?;
                is_there(self.db, &sequence)?;
                self.drawn(SqlType::BigInt, move |this| next_value(this.db, &sequence).map(Datum::Int))
            }
            ("currval", 1) => {
                let value = current_value(self.db, &named_sequence(&args)?)?;
                Ok(Typed::constant_of(Datum::Int(value), SqlType::BigInt))
            }
            ("setval", 2 | 3) => self.set_sequence(&args),
            ("pg_get_serial_sequence", 2) => self.serial_sequence(&args),
            ("to_regclass", 1) => self.regclass(&args),
            ("concat", _) if dialect != Dialect::Sqlite => self.concat_all(args),
            ("concat_ws", 2..) => self.concat_ws(args),
            ("greatest" | "least", 1..) => self.extreme(name == "greatest", args),
            ("max" | "min", 2..) if dialect == Dialect::Sqlite => {
                let greatest = name == "max";
                let value = self.rowwise(&args, SqlType::None, move |_, values| {
                    if values.contains(&Datum::Null) {
                        return Ok(Datum::Null);
                    }
                    let known = values.iter();
                    let found =
                        if greatest { known.max_by(|a, b| compare(a, b)) } else { known.min_by(|a, b| compare(a, b)) };
                    Ok(found.cloned().unwrap_or(Datum::Null))
                })?;
                Ok(self.without_affinity(value))
            }
            ("strftime" | "date" | "datetime" | "time" | "julianday" | "unixepoch", _)
                if dialect == Dialect::Sqlite =>
            {
                let called = name.to_owned();
                let value = self.rowwise(&args, SqlType::None, move |_, values| {
                    sqlite_time(&called, values).unwrap_or_else(|| Err(unsupported(&called)))
                })?;
                Ok(self.without_affinity(value))
            }
            ("typeof", 1) if dialect == Dialect::Sqlite => self.rowwise(&args, TEXT, |_, values| {
                Ok(Datum::Text(Arc::from(match values.first() {
                    Some(Datum::Int(_) | Datum::Bool(_)) => "integer",
                    Some(Datum::Float(_)) => "real",
                    Some(Datum::Bytes(_)) => "blob",
                    Some(Datum::Null) | None => "null",
                    _ => "text",
                })))
            }),
            (
                "jsonb_set" | "jsonb_build_object" | "jsonb_build_array" | "to_jsonb" | "jsonb_typeof"
                | "jsonb_array_length" | "json_build_object" | "json_build_array" | "to_json" | "jsonb_strip_nulls",
                _,
            ) if dialect == Dialect::PostgreSql => self.json_function(name, args),
            ("round", 2) => self.round_to(&args),
            ("mod", 2) => self.modulo(args),
            ("date_trunc", 2) => {
                let ty = match args.get(1).and_then(|a| a.ty.clone()) {
                    Some(SqlType::Timestamp { tz, .. }) => SqlType::Timestamp { precision: None, tz },
                    // A date is taken for a moment in the session's zone.
                    Some(SqlType::Date) => SqlType::Timestamp { precision: None, tz: true },
                    _ => return Err(unsupported(name)),
                };
                let mut args = args;
                if let Some(at) = args.pop() {
                    args.push(self.coerce(at, &ty, Mode::Explicit)?);
                }
                self.rowwise(&args, ty, |_, values| match values {
                    [Datum::Text(field), Datum::Timestamp(at)] => date_trunc(&field.to_lowercase(), at),
                    _ => Ok(Datum::Null),
                })
            }
            ("date", 1) if dialect != Dialect::Sqlite => match args.into_iter().next() {
                Some(moment) => self.coerce(moment, &SqlType::Date, Mode::Explicit),
                None => Err(unsupported(name)),
            },
            ("min_scale" | "scale" | "trim_scale", 1) if dialect == Dialect::PostgreSql => self.scale(name, args),
            ("power" | "pow", 2) if dialect == Dialect::PostgreSql => match <[Typed; 2]>::try_from(args) {
                Ok([base, exponent]) => self.bits(base, &BinaryOperator::PGExp, exponent),
                Err(_) => Err(unsupported(name)),
            },
            ("format", 1..) | ("quote_ident" | "quote_literal" | "quote_nullable", 1)
                if dialect == Dialect::PostgreSql =>
            {
                self.quoting(name, args)
            }
            ("to_char" | "to_date", 2) | ("to_timestamp" | "age", 1 | 2) | ("make_date", 3)
                if dialect == Dialect::PostgreSql =>
            {
                self.moment_call(name, args)
            }
            ("regexp_replace", 3 | 4) | ("regexp_match" | "regexp_split_to_array", 2 | 3)
                if dialect == Dialect::PostgreSql =>
            {
                self.regex_function(name, &args)
            }
            ("substring", 2)
                if dialect == Dialect::PostgreSql && args.get(1).is_some_and(|arg| arg.kind(dialect) == Kind::Text) =>
            {
                self.regex_function(name, &args)
            }
            ("date_part", 2) => {
                let part = self.call("extract", args)?;
                self.coerce(part, &SqlType::Double, Mode::Explicit)
            }
            ("extract", 2) => {
                let numbers = SqlType::Numeric(None, None);
                self.rowwise(&args, numbers, |_, values| match values {
                    [Datum::Text(field), Datum::Timestamp(at) | Datum::Date(at)] => {
                        date_part(&field.to_lowercase(), at)
                    }
                    [Datum::Text(field), Datum::Interval(interval)] => interval_part(&field.to_lowercase(), interval),
                    [_, Datum::Null] => Ok(Datum::Null),
                    _ => Err(unsupported("date_part")),
                })
            }
            ("abs" | "ceil" | "ceiling" | "floor" | "round" | "trunc" | "sign" | "sqrt", 1) => {
                self.number_call(name, &args)
            }
            _ => self.text_call(name, args),
        }
    }

    /// Functions whose value is the same throughout a statement.
    fn constant_call(&self, name: &str, args: &[Typed]) -> Option<Typed> {
        let dialect = self.dialect();
        let zoned = SqlType::Timestamp { precision: None, tz: dialect == Dialect::PostgreSql };
        let plain = |t: &str| Typed::constant_of(Datum::Text(t.into()), TEXT);
        let first = args.first().and_then(Typed::as_const);
        let is_now = matches!(first, Some(Datum::Text(t)) if t.eq_ignore_ascii_case("now"));
        let day = NOW.get(..10).unwrap_or_default();
        let time = NOW.get(11..).unwrap_or_default();
        Some(match (dialect, name, args.len()) {
            (Dialect::Sqlite, "current_timestamp", 0) => plain(NOW),
            (Dialect::Sqlite, "current_date", 0) => plain(day),
            (Dialect::Sqlite, "current_time", 0) => plain(time),
            (Dialect::Sqlite, "datetime", 1) if is_now => plain(NOW),
            (Dialect::Sqlite, "date", 1) if is_now => plain(day),
            (Dialect::Sqlite, "time", 1) if is_now => plain(time),
            (Dialect::Sqlite, _, _) => return None,
            (
                _,
                "now"
                | "current_timestamp"
                | "transaction_timestamp"
                | "statement_timestamp"
                | "clock_timestamp"
                | "sysdate"
                | "utc_timestamp",
                0 | 1,
            ) => Typed::constant_of(now(dialect), zoned),
            (_, "localtimestamp", 0) => {
                let ty = SqlType::Timestamp { precision: None, tz: false };
                Typed::constant_of(Datum::Timestamp(NOW.into()), ty)
            }
            (_, "current_date" | "curdate", 0) => Typed::constant_of(Datum::Date(day.into()), SqlType::Date),
            (_, "current_schema", 0) if dialect == Dialect::PostgreSql => plain("public"),
            (_, "set_config", 3)
            | (_, "pg_advisory_lock" | "pg_advisory_xact_lock" | "pg_advisory_unlock" | "pg_notify", 1 | 2) => {
                plain("")
            }
            _ => return None,
        })
    }

    /// A function that gives another value whenever it is called.
    fn drawn(&mut self, ty: SqlType, draw: impl Fn(&mut Self) -> Evaluation<Datum>) -> Evaluation<Typed> {
        self.draws += 1;
        let Ok(scan) = self.scan() else { return draw(self).map(|datum| Typed::constant_of(datum, ty)) };
        let counts = !matches!(ty, SqlType::Uuid | SqlType::Double);
        let len = self.length(scan);
        if len > 0 && (self.conditions > 0 || counts && (self.conditional > 0 || self.scopes.len() > 1)) {
            return Err(Stop::unsupported("a function that counts is called for some rows only"));
        }
        self.computed(scan, ty, len, |this, _| draw(this))
    }

    fn set_sequence(&mut self, args: &[Typed]) -> Evaluation<Typed> {
        let sequence = named_sequence(args)?;
        is_there(self.db, &sequence)?;
        let rest = args.get(1..).unwrap_or_default();
        let constant = rest.iter().all(|arg| arg.as_const().is_some());
        if !constant && (self.conditions > 0 || self.conditional > 0 || self.scopes.len() > 1) {
            return Err(unsupported("setval"));
        }
        self.rowwise(rest, SqlType::BigInt, move |this, values| {
            let value = match values.first() {
                Some(Datum::Int(i)) => *i,
                Some(Datum::Null) => return Ok(Datum::Null),
                Some(Datum::Decimal(d)) if d.parse::<i64>().is_ok() => d.parse().unwrap_or_default(),
                _ => return Err(unsupported("setval")),
            };
            let called = match values.get(1) {
                None | Some(Datum::Bool(true)) => true,
                Some(Datum::Bool(false)) => false,
                Some(_) => return Err(unsupported("setval")),
            };
            if value < 1 {
                let message = format!(
                    "setval: value {value} is out of bounds for sequence \"{sequence}\" (1..9223372036854775807)"
                );
                return Err(Stop::fail(FailureKind::InvalidValue, message));
            }
            set_value(this.db, &sequence, value, called)?;
            Ok(Datum::Int(value))
        })
    }

    fn serial_sequence(&mut self, args: &[Typed]) -> Evaluation<Typed> {
        if self.is_without_rows() {
            return self.uncomputed(TEXT, Arc::from("it is asked for each row"));
        }
        let (Some(Datum::Text(table)), Some(Datum::Text(column))) =
            (args.first().and_then(Typed::as_const), args.get(1).and_then(Typed::as_const))
        else {
            return Err(unsupported("pg_get_serial_sequence"));
        };
        let name = sequence_name(table);
        let Some(table) = self.db.catalog.tables.get(&name) else {
            return Err(Stop::fail(FailureKind::UndefinedObject, format!("relation \"{name}\" does not exist")));
        };
        let Some(column) = table.column(column) else {
            let message = format!("column \"{column}\" of relation \"{name}\" does not exist");
            return Err(Stop::fail(FailureKind::UndefinedObject, message));
        };
        if column.identity.is_some() {
            return Err(unsupported("the sequence of an identity column"));
        }
        let sequence = column.owned_sequence.as_ref();
        let shown = sequence.map_or(Datum::Null, |s| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let quote = |name: &str| {
                let bare = name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit());
                if bare { name.to_owned() } else { format!("\"{name}\"") }
            };
            Datum::Text(format!("{}.{}", quote(s.schema.as_deref().unwrap_or("public")), quote(&s.name)).into())
        });
        Ok(Typed::constant_of(shown, TEXT))
    }

    fn regclass(&self, args: &[Typed]) -> Evaluation<Typed> {
        let Some(Datum::Text(name)) = args.first().and_then(Typed::as_const) else {
            return Err(unsupported("to_regclass"));
        };
        let wanted = sequence_name(name);
        if let Some(why) = self.db.doubt(&wanted) {
            return Err(Stop::Unsupported(why));
        }
        let catalog = &self.db.catalog;
        let indexed = || catalog.tables.values().any(|t| t.indexes.iter().any(|i| i.name == wanted.name));
        let object = || catalog.objects.keys().any(|(_, other)| *other == wanted);
        let known =
            catalog.tables.contains_key(&wanted) || catalog.sequences.contains_key(&wanted) || object() || indexed();
        let shown = if known { Datum::Text(name.clone()) } else { Datum::Null };
        Ok(Typed::constant_of(shown, TEXT))
    }

    fn coalesce(&mut self, exprs: &[&Expr]) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let mut values: Vec<Typed> = Vec::with_capacity(exprs.len());
        let mut open = self.all_places();
        let (mut dead, stable) = (false, self.stable);
        for expr in exprs {
            // Only where all before are NULL is it evaluated.
            let value = self.unless_dead(dead, |this| this.on_places(&open, |this| this.expr(expr)))?;
            dead = dead
                || dialect == Dialect::PostgreSql
                    && self.stable == stable
                    && !value.is_null()
                    && value.as_const().is_some();
            if !open.is_empty() && values.len() + 1 < exprs.len() {
                let is_null = combine(Glue::IsNull(Box::new(value.lower(dialect)?)), &[&value]);
                let null = self.true_places(&is_null)?;
                open.retain(|at| null.binary_search(at).is_ok());
            }
            values.push(value);
        }
        let (values, _) = match dialect {
            Dialect::Sqlite => (values, None),
            _ => self.alike(values)?,
        };
        let mut conditions = Vec::with_capacity(values.len());
        for value in values.iter().take(values.len().saturating_sub(1)) {
            conditions.push(combine(Glue::IsNotNull(Box::new(value.lower(dialect)?)), &[value]));
        }
        self.choose(&conditions, values)
    }

    fn nullif(&mut self, exprs: &[&Expr]) -> Evaluation<Typed> {
        let [left, right] = exprs else { return Err(unsupported("nullif")) };
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        let equal = self.compare(left.clone(), &BinaryOperator::Eq, right)?;
        self.choose(&[equal], vec![Typed::null(), left])
    }

    /// `concat`, which leaves NULLs out; on MySQL one NULL makes all NULL.
    fn concat_all(&mut self, args: Vec<Typed>) -> Evaluation<Typed> {
        let strict = self.dialect() == Dialect::MySql;
        let shown = self.all_text(args)?;
        self.rowwise(&shown, TEXT, move |_, values| {
            if strict && values.contains(&Datum::Null) {
                return Ok(Datum::Null);
            }
            let parts = values.iter().filter(|v| **v != Datum::Null).map(text);
            Ok(Datum::Text(parts.collect::<String>().into()))
        })
    }

    fn concat_ws(&mut self, args: Vec<Typed>) -> Evaluation<Typed> {
        let shown = self.all_text(args)?;
        self.rowwise(&shown, TEXT, |_, values| {
            let Some((Datum::Text(separator), parts)) = values.split_first() else { return Ok(Datum::Null) };
            let parts: Vec<_> = parts.iter().filter(|v| **v != Datum::Null).map(text).collect();
            Ok(Datum::Text(parts.join(separator).into()))
        })
    }

    fn quoting(&mut self, name: &str, args: Vec<Typed>) -> Evaluation<Typed> {
        let shown = self.all_text(args)?;
        let called = name.to_owned();
        self.rowwise(&shown, TEXT, move |_, values| quoting_call(&called, values))
    }

    fn all_text(&mut self, args: Vec<Typed>) -> Evaluation<Vec<Typed>> {
        let dialect = self.dialect();
        let mut shown = Vec::with_capacity(args.len());
        for arg in args {
            if arg.kind(dialect) == Kind::Bool || matches!(arg.ty, Some(SqlType::Char(_))) {
                return Err(Stop::unsupported("concat of a value of this type is not supported"));
            }
            shown.push(self.coerce(arg, &TEXT, Mode::Explicit)?);
        }
        Ok(shown)
    }

    fn extreme(&mut self, greatest: bool, args: Vec<Typed>) -> Evaluation<Typed> {
        let (args, ty) = self.alike(args)?;
        let Some(ty) = ty.filter(|_| self.dialect() == Dialect::PostgreSql) else {
            return Err(unsupported("greatest"));
        };
        self.rowwise(&args, ty, move |_, values| {
            let known = values.iter().filter(|v| **v != Datum::Null);
            let found = if greatest { known.max_by(|a, b| compare(a, b)) } else { known.min_by(|a, b| compare(a, b)) };
            Ok(found.cloned().unwrap_or(Datum::Null))
        })
    }

    fn round_to(&mut self, args: &[Typed]) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let Some(value) = args.first() else { return Err(unsupported("round")) };
        if dialect == Dialect::Sqlite {
            return self.sqlite_number("round", args);
        }
        if dialect == Dialect::PostgreSql && value.kind(dialect) == Kind::Float {
            let message = "function round(double precision, integer) does not exist";
            return Err(Stop::fail(FailureKind::UndefinedObject, message));
        }
        if !matches!(value.kind(dialect), Kind::Decimal | Kind::Int) {
            return Err(unsupported("round of a floating-point number"));
        }
        self.rowwise(args, SqlType::Numeric(None, None), |_, values| match values {
            [Datum::Null, _] | [_, Datum::Null] => Ok(Datum::Null),
            [value, Datum::Int(digits)] => rounded(value, *digits).ok_or_else(|| unsupported("round")),
            _ => Err(unsupported("round")),
        })
    }

    fn modulo(&mut self, args: Vec<Typed>) -> Evaluation<Typed> {
        let mut args = args.into_iter();
        let (Some(left), Some(right)) = (args.next(), args.next()) else { return Err(unsupported("mod")) };
        let dialect = self.dialect();
        if dialect == Dialect::PostgreSql {
            return self.arithmetic(left, &BinaryOperator::Modulo, right);
        }
        let (left, right) = self.unify(left, right, "%")?;
        let ty = left.ty.clone().filter(|_| left.kind(dialect) == Kind::Int && dialect == Dialect::PostgreSql);
        let Some(ty) = ty else { return Err(unsupported("mod")) };
        self.rowwise(&[left, right], ty, |_, values| match values {
            [Datum::Int(a), Datum::Int(b)] => a
                .checked_rem(*b)
                .map(Datum::Int)
                .ok_or_else(|| Stop::fail(FailureKind::InvalidValue, "division by zero")),
            _ => Ok(Datum::Null),
        })
    }

    /// How many digits stand, or need to stand, behind the point of a number.
    fn scale(&mut self, name: &str, args: Vec<Typed>) -> Evaluation<Typed> {
        let mut given = Vec::with_capacity(args.len());
        for arg in args {
            if !matches!(arg.kind(self.dialect()), Kind::Decimal | Kind::Int) {
                return Err(unsupported(name));
            }
            given.push(self.coerce(arg, &SqlType::Numeric(None, None), Mode::Explicit)?);
        }
        let trims = name == "trim_scale";
        let least = name != "scale";
        let ty = if trims { SqlType::Numeric(None, None) } else { SqlType::Integer };
        self.rowwise(&given, ty, move |_, values| {
            let Some(Datum::Decimal(digits)) = values.first() else { return Ok(Datum::Null) };
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            let fraction = if least { fraction.trim_end_matches('0') } else { fraction };
            Ok(match fraction {
                _ if !trims => Datum::Int(count(fraction.len())),
                "" => Datum::Decimal(whole.into()),
                fraction => Datum::Decimal(format!("{whole}.{fraction}").into()),
            })
        })
    }

    fn number_call(&mut self, name: &str, args: &[Typed]) -> Evaluation<Typed> {
        let dialect = self.dialect();
        if dialect == Dialect::Sqlite {
            return self.sqlite_number(name, args);
        }
        let Some(ty) = args.first().and_then(|a| a.ty.clone().filter(|_| a.kind(dialect).is_number())) else {
            return Err(unsupported(name));
        };
        let whole = args.first().is_some_and(|a| a.kind(dialect) == Kind::Int);
        let widened;
        let (args, ty) = if whole && name != "abs" && dialect == Dialect::PostgreSql {
            let Some(first) = args.first().cloned() else { return Err(unsupported(name)) };
            widened = [self.coerce(first, &SqlType::Double, Mode::Explicit)?];
            (widened.as_slice(), SqlType::Double)
        } else {
            (args, ty)
        };
        let ty =
            if matches!(ty, SqlType::Decimal(..) | SqlType::Numeric(..)) { SqlType::Numeric(None, None) } else { ty };
        let called = name.to_owned();
        self.rowwise(args, ty, move |_, values| match values {
            [Datum::Null] => Ok(Datum::Null),
            [value] => numeric(&called, value).ok_or_else(|| unsupported(&called)),
            _ => Err(unsupported(&called)),
        })
    }

    /// A function that makes or takes `jsonb`.
    fn json_function(&mut self, name: &str, args: Vec<Typed>) -> Evaluation<Typed> {
        let ty = match name {
            "jsonb_typeof" => TEXT,
            "jsonb_array_length" => SqlType::Integer,
            "json_build_object" | "json_build_array" | "to_json" => SqlType::Json,
            _ => SqlType::Jsonb,
        };
        let takes = matches!(name, "jsonb_set" | "jsonb_typeof" | "jsonb_array_length" | "jsonb_strip_nulls");
        let plain = matches!(name, "json_build_object" | "json_build_array" | "to_json");
        let mut given = Vec::with_capacity(args.len());
        for (at, arg) in args.into_iter().enumerate() {
            let wanted = match at {
                1 if takes => SqlType::Array(Box::new(TEXT)),
                0 | 2 if takes => SqlType::Jsonb,
                _ => TEXT,
            };
            let open = arg.ty.is_none() && !arg.is_null();
            let json = arg.ty == Some(SqlType::Json) && !plain;
            if matches!(name, "to_jsonb" | "to_json") && open || json || matches!(arg.ty, Some(SqlType::Char(_))) {
                return Err(unsupported(name));
            }
            given.push(if open { self.coerce(arg, &wanted, Mode::Literal)? } else { arg });
        }
        let called = name.to_owned();
        self.rowwise(&given, ty, move |_, values| {
            if matches!(called.as_str(), "to_jsonb" | "to_json") && values.contains(&Datum::Null) {
                return Ok(Datum::Null);
            }
            json_call(&called, values).unwrap_or_else(|| Err(unsupported(&called)))
        })
    }

    /// SQLite's functions on numbers, of whatever they are given.
    fn sqlite_number(&mut self, name: &str, args: &[Typed]) -> Evaluation<Typed> {
        let called = name.to_owned();
        let value = self.rowwise(args, SqlType::None, move |_, values| match (called.as_str(), values) {
            (_, [Datum::Null, ..] | [_, Datum::Null]) => Ok(Datum::Null),
            ("abs", [value]) => match number_prefix(value) {
                Datum::Int(i) if !matches!(value, Datum::Text(_)) => i
                    .checked_abs()
                    .map(Datum::Int)
                    .ok_or_else(|| Stop::fail(FailureKind::InvalidValue, "integer overflow")),
                Datum::Float(f) => Ok(Datum::Float(f.abs())),
                #[expect(clippy::cast_precision_loss, reason = "SQLite loses it too")]
                Datum::Int(i) => Ok(Datum::Float((i as f64).abs())),
                other => Ok(other),
            },
            ("round", [value]) => sqlite_round(value, 0),
            ("round", [value, Datum::Int(digits)]) => sqlite_round(value, *digits),
            _ => Err(unsupported(&called)),
        })?;
        Ok(self.without_affinity(value))
    }

    /// Functions on text; those that GlueSQL has too are left to it where the values of several tables meet.
    fn text_call(&mut self, name: &str, args: Vec<Typed>) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let known = match name {
            "starts_with" => SqlType::Boolean,
            "length" | "char_length" | "character_length" | "octet_length" | "strpos" | "position" | "instr"
            | "ascii" => SqlType::Integer,
            "lower" | "upper" | "btrim" | "trim" | "ltrim" | "rtrim" | "substr" | "substring" | "replace" => TEXT,
            "initcap" | "left" | "right" | "lpad" | "rpad" | "repeat" | "reverse" | "split_part" | "translate"
            | "md5" | "mid"
                if dialect != Dialect::Sqlite =>
            {
                TEXT
            }
            _ => return Err(unsupported(name)),
        };
        if dialect == Dialect::MySql && matches!(name, "length" | "instr") {
            return Err(unsupported(name));
        }
        let mut given = Vec::with_capacity(args.len());
        for (at, arg) in args.into_iter().enumerate() {
            let kind = arg.kind(dialect);
            given.push(match kind {
                _ if arg.is_null() => return Ok(Typed::constant_of(Datum::Null, known)),
                _ if dialect == Dialect::Sqlite => arg,
                Kind::Text => arg,
                Kind::Int if at > 0 => arg,
                _ => return Err(unsupported(name)),
            });
        }
        let called = name.to_owned();
        let result = self.rowwise(&given, known, move |_, values| {
            if values.contains(&Datum::Null) {
                return Ok(Datum::Null);
            }
            if dialect == Dialect::Sqlite {
                return sqlite_text(&called, values);
            }
            textual(&called, values).unwrap_or_else(|| Err(unsupported(&called)))
        })?;
        Ok(self.without_affinity(result))
    }
}

fn unsupported(name: &str) -> Stop {
    Stop::unsupported(format!("the function {name} is not supported"))
}

/// SQLite's functions on text, where they are PostgreSQL's: all arguments but numbers where such are wanted are text.
fn sqlite_text(name: &str, values: &[Datum]) -> Evaluation<Datum> {
    if values.iter().any(|value| matches!(value, Datum::Bytes(_))) {
        return Err(unsupported(name));
    }
    let as_text = |datum: &Datum| Datum::Text(plain_text(datum, Dialect::Sqlite).into());
    let numbers = matches!(name, "substr" | "substring");
    let mut given: Vec<Datum> = values
        .iter()
        .enumerate()
        .map(|(at, value)| if numbers && at > 0 { number_prefix(value) } else { as_text(value) })
        .collect();
    match (name, given.as_mut_slice()) {
        // Only the letters of ASCII have two cases there.
        ("lower", [Datum::Text(text)]) => Ok(Datum::Text(text.to_ascii_lowercase().into())),
        ("upper", [Datum::Text(text)]) => Ok(Datum::Text(text.to_ascii_uppercase().into())),
        ("substr" | "substring", [Datum::Text(text), Datum::Int(from), rest @ ..]) => {
            let (length, count) = match rest {
                [] => (i64::MAX, text.chars().count()),
                [Datum::Int(length)] => (*length, text.chars().count()),
                _ => return Err(unsupported(name)),
            };
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            // A place before the first is counted from the end, a negative length runs to the left.
            let start = if *from < 0 { count.saturating_add(*from) } else { *from - 1 };
            let (start, end) =
                if length < 0 { (start.saturating_add(length), start) } else { (start, start.saturating_add(length)) };
            let places = (0_i64..).zip(text.chars());
            Ok(Datum::Text(
                places.filter(|(at, _)| *at >= start && *at < end).map(|(_, c)| c).collect::<String>().into(),
            ))
        }
        _ => textual(name, &given).unwrap_or_else(|| Err(unsupported(name))),
    }
}

/// SQLite rounds half away from zero, by way of the decimal digits.
fn sqlite_round(value: &Datum, digits: i64) -> Evaluation<Datum> {
    let number = match number_prefix(value) {
        #[expect(clippy::cast_precision_loss, reason = "SQLite loses it too")]
        Datum::Int(i) => i as f64,
        Datum::Float(f) => f,
        _ => 0.0,
    };
    let digits = usize::try_from(digits.clamp(0, 30)).unwrap_or(0);
    if number.abs() > 4_503_599_627_370_496.0 {
        return Ok(Datum::Float(number));
    }
    if digits == 0 {
        return Ok(Datum::Float((number.abs() + 0.5).floor().copysign(number)));
    }
    // It prints the number, and reads that: a half is rounded by what its binary digits come to.
    format!("{number:.digits$}").parse().map(Datum::Float).map_err(|_| unsupported("round"))
}

/// The sequence that a function's first argument names.
fn named_sequence(args: &[Typed]) -> Evaluation<QName> {
    match args.first().and_then(Typed::as_const) {
        Some(Datum::Text(name)) => Ok(sequence_name(name)),
        _ => Err(Stop::unsupported("a sequence that is named by no literal is not supported")),
    }
}

/// An argument without a name.
pub(super) fn plain_argument(arg: &FunctionArg) -> Option<&Expr> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}
