//! Functions on moments and intervals, and those with regular expressions.

use sqlparser::ast::BinaryOperator as Op;

use super::Compiler;
use super::typed::Typed;
use super::types::Kind;
use crate::engine::cast::Mode;
use crate::engine::defaults::NOW;
use crate::engine::functions::{
    Pattern, add_interval, add_intervals, age, check_pattern, moment_by, moment_of_seconds, moment_text as shown,
    multiply_interval, number_text, regex_call, regex_matches, time_between,
};
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{moment_text, number};
use crate::op::Datum;
use crate::schema::{Dialect, SqlType, TextSize};

const TEXT: SqlType = SqlType::Text(TextSize::Plain);
const INTERVAL: SqlType = SqlType::Interval { fields: None, precision: None };

impl Compiler<'_> {
    /// `to_char` and its kin.
    pub(super) fn moment_call(&mut self, name: &str, args: Vec<Typed>) -> Evaluation<Typed> {
        let dialect = self.dialect();
        let unsupported = || Stop::unsupported(format!("{name} of values of these types is not supported"));
        let kinds: Vec<Kind> = args.iter().map(|arg| arg.kind(dialect)).collect();
        let typed = args.first().is_some_and(|arg| arg.ty.is_some());
        let moment = |kind: &Kind| matches!(kind, Kind::Date | Kind::Timestamp);
        match (name, kinds.as_slice()) {
            ("to_char", [at, Kind::Text]) if moment(at) => {
                // A pattern is nearly always the same for all rows, and read but once then. One that is not understood is
                // of no account as long as there is no row.
                let written = match args.get(1).and_then(Typed::as_const) {
                    Some(Datum::Text(pattern)) => Pattern::read(pattern).ok(),
                    _ => None,
                };
                self.rowwise(&args, TEXT, |_, values| match (values, &written) {
                    ([Datum::Timestamp(at) | Datum::Date(at), _], Some(pattern)) => shown(at, pattern),
                    ([Datum::Timestamp(at) | Datum::Date(at), Datum::Text(pattern)], None) => {
                        shown(at, &Pattern::read(pattern)?)
                    }
                    _ => Ok(Datum::Null),
                })
            }
            ("to_char", [Kind::Int | Kind::Decimal, Kind::Text]) => {
                self.rowwise(&args, TEXT, |_, values| match values {
                    [Datum::Null, _] | [_, Datum::Null] => Ok(Datum::Null),
                    [value, Datum::Text(pattern)] => number_text(value, pattern),
                    _ => Ok(Datum::Null),
                })
            }
            ("to_date", [Kind::Text, Kind::Text]) => self.rowwise(&args, SqlType::Date, |_, values| match values {
                [Datum::Text(text), Datum::Text(pattern)] => {
                    moment_by(text, pattern).map(|at| Datum::Date(at.date().to_string().into()))
                }
                _ => Ok(Datum::Null),
            }),
            ("to_timestamp", [Kind::Text, Kind::Text]) => {
                let ty = SqlType::Timestamp { precision: None, tz: true };
                self.rowwise(&args, ty, |_, values| match values {
                    [Datum::Text(text), Datum::Text(pattern)] => {
                        moment_by(text, pattern).map(|at| Datum::Timestamp((moment_text(at) + "+00:00").into()))
                    }
                    _ => Ok(Datum::Null),
                })
            }
            ("to_timestamp", [kind]) if kind.is_number() => {
                let ty = SqlType::Timestamp { precision: None, tz: true };
                self.rowwise(&args, ty, |_, values| match values.first().and_then(number) {
                    Some(seconds) => moment_of_seconds(seconds),
                    None => Ok(Datum::Null),
                })
            }
            ("age", kinds) if kinds.iter().all(moment) && typed => {
                let ends: Vec<Typed> = match args.len() {
                    1 => {
                        let today = NOW.get(..10).unwrap_or_default();
                        let today = Typed::constant_of(Datum::Date(today.into()), SqlType::Date);
                        std::iter::once(today).chain(args).collect()
                    }
                    _ => args,
                };
                self.rowwise(&ends, INTERVAL, |_, values| match values {
                    [Datum::Timestamp(to) | Datum::Date(to), Datum::Timestamp(from) | Datum::Date(from)] => {
                        age(to, from)
                    }
                    _ => Ok(Datum::Null),
                })
            }
            ("make_date", [Kind::Int, Kind::Int, Kind::Int]) => {
                let shown: Vec<Typed> = args;
                self.rowwise(&shown, SqlType::Date, |_, values| match values {
                    [Datum::Int(year), Datum::Int(month), Datum::Int(day)] => {
                        moment_by(&format!("{year:04}-{month:02}-{day:02}"), "YYYY-MM-DD")
                            .map(|at| Datum::Date(at.date().to_string().into()))
                    }
                    _ => Ok(Datum::Null),
                })
            }
            _ => Err(unsupported()),
        }
    }

    /// A moment moved by a time of day.
    fn at_time(&mut self, moment: &Typed, time: &Typed, minus: bool) -> Evaluation<Typed> {
        let ty = match &moment.ty {
            Some(SqlType::Timestamp { tz, .. }) => SqlType::Timestamp { precision: None, tz: *tz },
            _ => SqlType::Timestamp { precision: None, tz: false },
        };
        let moment = self.coerce(moment.clone(), &ty, Mode::Explicit)?;
        self.rowwise(&[moment, time.clone()], ty, move |_, values| match values {
            [Datum::Timestamp(at), Datum::Time(time)] => add_interval(at, time, minus),
            _ => Ok(Datum::Null),
        })
    }

    /// An operator of which a side is an interval, or both are moments; `None` where it is another.
    pub(super) fn span(&mut self, a: &Typed, op: &Op, b: &Typed) -> Evaluation<Option<Typed>> {
        let dialect = self.dialect();
        let interval = |side: &Typed| matches!(side.ty, Some(SqlType::Interval { .. }));
        let stamp = |side: &Typed| side.ty.is_some() && side.kind(dialect) == Kind::Timestamp;
        let moment = |side: &Typed| side.ty.is_some() && matches!(side.kind(dialect), Kind::Timestamp | Kind::Date);
        let number_of = |side: &Typed| side.ty.is_some() && side.kind(dialect).is_number();
        let time = |side: &Typed| side.ty.is_some() && side.kind(dialect) == Kind::Time;
        // A time of day is taken for an interval there.
        match op {
            Op::Plus | Op::Minus if moment(a) && time(b) => return self.at_time(a, b, *op == Op::Minus).map(Some),
            Op::Plus if time(a) && moment(b) => return self.at_time(b, a, false).map(Some),
            _ => {}
        }
        let both = [a.clone(), b.clone()];
        if interval(a) && interval(b) && matches!(op, Op::Plus | Op::Minus) {
            let minus = *op == Op::Minus;
            let sum = self.rowwise(&both, INTERVAL, move |_, values| match values {
                [Datum::Interval(a), Datum::Interval(b)] => add_intervals(a, b, minus),
                _ => Ok(Datum::Null),
            })?;
            return Ok(Some(sum));
        }
        let times = interval(a) && number_of(b) && matches!(op, Op::Multiply | Op::Divide);
        if times || number_of(a) && interval(b) && *op == Op::Multiply {
            let divides = *op == Op::Divide;
            let product = self.rowwise(&both, INTERVAL, move |_, values| {
                let (interval, factor) = match values {
                    [Datum::Interval(interval), factor] | [factor, Datum::Interval(interval)] => {
                        (interval, number(factor))
                    }
                    _ => return Ok(Datum::Null),
                };
                match factor {
                    None => Ok(Datum::Null),
                    Some(0.0) if divides => Err(Stop::fail(crate::op::FailureKind::InvalidValue, "division by zero")),
                    Some(factor) => multiply_interval(interval, if divides { 1.0 / factor } else { factor }),
                }
            })?;
            return Ok(Some(product));
        }
        if *op == Op::Minus && moment(a) && moment(b) && (stamp(a) || stamp(b)) {
            let between = self.rowwise(&both, INTERVAL, |_, values| match values {
                [Datum::Timestamp(to) | Datum::Date(to), Datum::Timestamp(from) | Datum::Date(from)] => {
                    time_between(from, to)
                }
                _ => Ok(Datum::Null),
            })?;
            return Ok(Some(between));
        }
        Ok(None)
    }

    /// `regexp_replace` and its kin.
    pub(super) fn regex_function(&mut self, name: &str, args: &[Typed]) -> Evaluation<Typed> {
        let dialect = self.dialect();
        if args.iter().any(|arg| arg.kind(dialect) != Kind::Text) {
            return Err(Stop::unsupported(format!("{name} of values of these types is not supported")));
        }
        let ty = match name {
            "regexp_replace" | "substring" => TEXT,
            _ => SqlType::Array(Box::new(TEXT)),
        };
        let called = name.to_owned();
        self.rowwise(args, ty, move |_, values| {
            if values.contains(&Datum::Null) {
                return Ok(Datum::Null);
            }
            let unsupported = || Err(Stop::unsupported(format!("{called} of this is not supported")));
            regex_call(&called, values).unwrap_or_else(unsupported)
        })
    }

    /// `~` and its kin.
    pub(super) fn regex(&mut self, value: &Typed, op: &Op, pattern: &Typed) -> Evaluation<Typed> {
        let dialect = self.dialect();
        if dialect != Dialect::PostgreSql || [value, pattern].iter().any(|side| side.kind(dialect) != Kind::Text) {
            return Err(Stop::unsupported("this regular expression is not supported"));
        }
        let negated = matches!(op, Op::PGRegexNotMatch | Op::PGRegexNotIMatch);
        let fold = matches!(op, Op::PGRegexIMatch | Op::PGRegexNotIMatch);
        // The planner tries the pattern of a condition, to guess how many rows will match.
        if let (Some(Datum::Text(pattern)), true) = (pattern.as_const(), self.conditions > 0 && self.is_without_rows())
        {
            check_pattern(pattern)?;
        }
        self.rowwise(&[value.clone(), pattern.clone()], SqlType::Boolean, move |_, values| match values {
            [Datum::Text(text), Datum::Text(pattern)] => {
                regex_matches(text, pattern, fold).map(|found| Datum::Bool(found != negated))
            }
            _ => Ok(Datum::Null),
        })
    }

    /// An enum's value as the place of its label, by which it is sorted.
    pub(super) fn label_place(&mut self, value: Typed) -> Evaluation<Typed> {
        let Some(SqlType::Enum(name)) = value.ty.clone() else { return Ok(value) };
        self.rowwise(&[value], SqlType::Integer, move |this, values| {
            let Some(Datum::Text(label)) = values.first() else { return Ok(Datum::Null) };
            let labels = this.db.catalog.enums.get(&name).map(|known| known.values.as_slice()).unwrap_or_default();
            let at = labels.iter().position(|known| known == label);
            at.and_then(|at| i64::try_from(at).ok())
                .map(Datum::Int)
                .ok_or_else(|| Stop::unsupported("a label that its type does not have"))
        })
    }
}
