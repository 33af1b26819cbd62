//! Window functions. The rows of a query lie ready, so that each call becomes a further column of their scan.

use rustc_hash::FxHashMap;
use sqlparser::ast::{
    DuplicateTreatment, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, NamedWindowDefinition,
    NamedWindowExpr, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType,
};

use super::Compiler;
use super::aggregate::{is_aggregate, is_simulated};
use super::calls::plain_argument;
use super::names::{fold, same_name};
use super::select::SortKey;
use super::typed::{Code, Typed};
use crate::engine::functions::{Frame, Place, over_rows, ranges_by_value};
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{Key, key};
use crate::op::{Datum, FailureKind};
use crate::schema::{Dialect, SqlType};

/// How many rows one window may look at.
const MAX_ROWS: usize = 5_000;

/// What a call gives its function of each row, and in which order.
struct Window {
    partition: Vec<Typed>,
    order: Vec<SortKey>,
    frame: Option<Frame>,
    args: Vec<Typed>,
    filter: Option<Code>,
}

impl Compiler<'_> {
    /// A function with `OVER`.
    pub(super) fn over(&mut self, name: &str, call: &Function, over: &WindowType) -> Evaluation<Typed> {
        if !self.windows {
            return Err(Stop::fail(FailureKind::InvalidStatement, "window functions are not allowed here"));
        }
        // A window within a window is refused as one in a condition is.
        self.windows = false;
        let window = self.window_of(name, call, over);
        self.windows = true;
        let mut window = window?;
        let ty = self.window_type(name, &mut window.args)?;
        let scan = self.scan()?;
        let results = self.window_values(name, &window, &ty, scan)?;
        let value =
            self.computed(scan, ty, results.len(), |_, row| Ok(results.get(row).cloned().unwrap_or(Datum::Null)))?;
        Ok(self.without_affinity(value))
    }

    fn window_of(&mut self, name: &str, call: &Function, over: &WindowType) -> Evaluation<Window> {
        let FunctionArguments::List(list) = &call.args else { return Err(unsupported(name)) };
        let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        if distinct || !list.clauses.is_empty() || self.dialect() == Dialect::MySql {
            return Err(unsupported(name));
        }
        let mut args = Vec::with_capacity(list.args.len());
        if !matches!(list.args.as_slice(), [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]) {
            for argument in &list.args {
                let expr = plain_argument(argument).ok_or_else(|| unsupported(name))?;
                args.push(self.expr(expr)?);
            }
        }
        let filter = call.filter.as_deref().map(|filter| self.filter(filter, false)).transpose()?;
        let spec = match over {
            WindowType::WindowSpec(spec) => self.resolved(spec)?,
            WindowType::NamedWindow(name) => self.named_window(name)?,
        };
        let mut partition = Vec::with_capacity(spec.partition_by.len());
        for expr in &spec.partition_by {
            partition.push(self.expr(expr)?);
        }
        let mut order = Vec::with_capacity(spec.order_by.len());
        for by in &spec.order_by {
            let value = self.expr(&by.expr)?;
            let value = self.label_place(value)?;
            order.push(self.sort_key(value, &by.options)?);
        }
        let frame = spec.window_frame.as_ref().map(|frame| self.frame(frame)).transpose()?;
        if frame.is_some_and(Frame::is_by_value) {
            let [key] = order.as_slice() else {
                let message = "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
                return Err(Stop::fail(FailureKind::InvalidStatement, message));
            };
            if self.dialect() == Dialect::PostgreSql && !key.value.kind(Dialect::PostgreSql).is_number() {
                return Err(Stop::unsupported(
                    "RANGE with an offset from something other than a number is not supported",
                ));
            }
        }
        Ok(Window { partition, order, frame, args, filter })
    }

    /// A specification with what it takes over from a named one.
    fn resolved(&self, spec: &WindowSpec) -> Evaluation<WindowSpec> {
        let Some(name) = &spec.window_name else { return Ok(spec.clone()) };
        let base = self.named_window(name)?;
        let order_by = if spec.order_by.is_empty() { base.order_by } else { spec.order_by.clone() };
        Ok(WindowSpec { window_name: None, order_by, window_frame: spec.window_frame.clone(), ..base })
    }

    fn named_window(&self, name: &Ident) -> Evaluation<WindowSpec> {
        let dialect = self.dialect();
        let wanted = fold(name, dialect);
        let known = self.scopes.last().map(|scope| scope.windows.as_slice()).unwrap_or_default();
        let found =
            known.iter().find(|NamedWindowDefinition(name, _)| same_name(&fold(name, dialect), &wanted, dialect));
        match found {
            Some(NamedWindowDefinition(_, NamedWindowExpr::WindowSpec(spec))) if spec.window_name.is_none() => {
                Ok(spec.clone())
            }
            Some(_) => Err(Stop::unsupported("a window that takes over from another is not supported")),
            None => {
                let message = format!("window \"{wanted}\" does not exist");
                Err(Stop::fail(FailureKind::UndefinedObject, message))
            }
        }
    }

    fn frame(&mut self, frame: &WindowFrame) -> Evaluation<Frame> {
        let by_rows = match frame.units {
            WindowFrameUnits::Rows => true,
            WindowFrameUnits::Range => false,
            WindowFrameUnits::Groups => return Err(Stop::unsupported("GROUPS in a window is not supported")),
        };
        let end = frame.end_bound.as_ref().unwrap_or(&WindowFrameBound::CurrentRow);
        let (start, end) = (self.frame_end(&frame.start_bound)?, self.frame_end(end)?);
        Ok(Frame { by_rows, start, end })
    }

    fn frame_end(&mut self, bound: &WindowFrameBound) -> Evaluation<Place> {
        let (offset, sign) = match bound {
            WindowFrameBound::CurrentRow => return Ok(Place::Row(0)),
            WindowFrameBound::Preceding(None) => return Ok(Place::First),
            WindowFrameBound::Following(None) => return Ok(Place::Last),
            WindowFrameBound::Preceding(Some(offset)) => (offset, -1),
            WindowFrameBound::Following(Some(offset)) => (offset, 1),
        };
        match self.expr(offset)?.as_const() {
            Some(Datum::Int(offset)) if *offset >= 0 => Ok(Place::Row(offset.saturating_mul(sign))),
            _ => Err(Stop::unsupported("this frame of a window is not supported")),
        }
    }

    /// The type of what a window function gives; its arguments are brought to the types that it takes.
    fn window_type(&mut self, name: &str, args: &mut Vec<Typed>) -> Evaluation<SqlType> {
        let dialect = self.dialect();
        let ty = match (name, args.len()) {
            ("row_number" | "rank" | "dense_rank", 0) => SqlType::BigInt,
            ("percent_rank" | "cume_dist", 0) => SqlType::Double,
            ("ntile", 1) => SqlType::Integer,
            ("lag" | "lead", 3) if dialect == Dialect::PostgreSql => {
                let (default, offset, value) = (args.pop(), args.pop(), args.pop());
                let (Some(default), Some(offset), Some(value)) = (default, offset, value) else {
                    return Err(unsupported(name));
                };
                let (both, ty) = self.alike(vec![value, default])?;
                let mut both = both.into_iter();
                args.extend(both.next());
                args.push(offset);
                args.extend(both.next());
                ty.ok_or_else(|| unsupported(name))?
            }
            ("lag" | "lead", 1..=3) | ("first_value" | "last_value", 1) | ("nth_value", 2) => {
                match args.first().and_then(|first| first.ty.clone()) {
                    Some(ty) if dialect == Dialect::PostgreSql => ty,
                    None if dialect == Dialect::PostgreSql => return Err(unsupported(name)),
                    _ => SqlType::None,
                }
            }
            _ if is_aggregate(name, dialect) && is_simulated(name) => self.aggregate_type(name, args)?,
            _ => return Err(unsupported(name)),
        };
        // There, values keep their own types.
        Ok(if dialect == Dialect::Sqlite { SqlType::None } else { ty })
    }

    /// What the function gives for each row of the scan.
    fn window_values(&mut self, name: &str, window: &Window, ty: &SqlType, scan: usize) -> Evaluation<Vec<Datum>> {
        let dialect = self.dialect();
        let (parts, keys) = (window.partition.len(), window.order.len());
        let mut wanted = window.partition.clone();
        wanted.extend(window.order.iter().map(|key| key.value.clone()));
        wanted.extend(window.args.iter().cloned());
        let rows = self.values(&wanted, scan)?;
        let kept = match &window.filter {
            Some(filter) => Some(self.places(filter, scan)?),
            None => None,
        };
        if rows.len() > MAX_ROWS {
            return Err(Stop::unsupported("a window over so many rows is not simulated"));
        }
        let mut found: FxHashMap<Vec<Key>, usize> = FxHashMap::default();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let key: Option<Vec<Key>> = row.iter().take(parts).map(|datum| key(datum, dialect)).collect();
            let key = key.ok_or_else(|| Stop::unsupported("a partition by values that are not known"))?;
            let group = *found.entry(key).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups.get_mut(group).into_iter().for_each(|group| group.push(at));
        }
        let sorted = |a: &usize, b: &usize| {
            let pair = rows.get(*a).zip(rows.get(*b));
            let orders = window.order.iter().enumerate().map(|(at, key)| {
                let cells = pair.and_then(|(a, b)| a.get(parts + at).zip(b.get(parts + at)));
                cells.map_or(std::cmp::Ordering::Equal, |(a, b)| key.order(a, b))
            });
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        };
        let mut results = vec![Datum::Null; rows.len()];
        for mut group in groups {
            group.sort_by(sorted);
            // Where the peers of each row begin.
            let mut peers: Vec<usize> = Vec::with_capacity(group.len());
            for (at, row) in group.iter().enumerate() {
                let before = at.checked_sub(1).and_then(|before| group.get(before));
                let same = before.is_some_and(|before| sorted(before, row).is_eq());
                peers.push(if same { peers.last().copied().unwrap_or(0) } else { at });
            }
            let tied = peers.iter().enumerate().any(|(at, first)| at != *first);
            if tied && self.is_order_open() && counts_rows(name, window.frame) {
                return Err(Stop::unsupported("which of the rows that are alike comes first in a window is not known"));
            }
            let args = group.iter().map(|row| rows.get(*row).and_then(|r| r.get(parts + keys..)).unwrap_or_default());
            let args: Vec<&[Datum]> = args.collect();
            let counted: Vec<bool> =
                group.iter().map(|row| kept.as_ref().is_none_or(|kept| kept.binary_search(row).is_ok())).collect();
            let frame = window.frame.unwrap_or(Frame {
                by_rows: false,
                start: Place::First,
                end: if window.order.is_empty() { Place::Last } else { Place::Row(0) },
            });
            let ranges = match window.order.first() {
                Some(key) if frame.is_by_value() => {
                    let cell = |row: &usize| rows.get(*row).and_then(|row| row.get(parts)).cloned();
                    let values: Vec<Datum> = group.iter().map(|row| cell(row).unwrap_or(Datum::Null)).collect();
                    ranges_by_value(frame, &values, (key.descending, key.nulls_first), &peers, dialect)?
                }
                _ => frame.ranges(&peers),
            };
            let values = over_rows(name, &args, &counted, (&peers, &ranges), ty, dialect)?;
            for (row, value) in group.into_iter().zip(values) {
                results.get_mut(row).into_iter().for_each(|result| *result = value.clone());
            }
        }
        Ok(results)
    }

    /// Whether the order of the rows that the query reads is a server's own affair: that of a single table is taken to
    /// be the one in which they were written.
    fn is_order_open(&self) -> bool {
        self.scopes.last().is_none_or(|scope| scope.grouped.is_some() || scope.bindings.len() > 1)
    }
}

/// Whether a function tells rows apart that are alike to the window's order.
fn counts_rows(name: &str, frame: Option<Frame>) -> bool {
    match name {
        "rank" | "dense_rank" | "percent_rank" | "cume_dist" => false,
        "row_number" | "ntile" | "lag" | "lead" | "first_value" | "last_value" | "nth_value" => true,
        _ => frame.is_some_and(|frame| frame.by_rows),
    }
}

fn unsupported(name: &str) -> Stop {
    Stop::unsupported(format!("{name} over a window is not supported"))
}
