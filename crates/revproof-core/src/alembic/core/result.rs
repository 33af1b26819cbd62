//! [`ResultObject`]: what executing a statement gives.

use std::cell::Cell;
use std::rc::Rc;

use super::execute::Shape;
use super::method::{Body, Method};
use super::row::Row;
use crate::alembic::object;
use crate::op::RowSet;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// A result: its rows, read one after another.
#[derive(Debug)]
pub(super) struct ResultObject {
    labels: Rc<[Rc<str>]>,
    /// The rows; `None` of a statement that gives none.
    rows: Option<Rc<[Value]>>,
    next: Rc<Cell<usize>>,
    rowcount: Option<i64>,
    /// The primary key of the row that was inserted.
    key: Option<Value>,
}

impl ResultObject {
    /// The result of a statement that gives no rows.
    pub(super) fn done(rows: Option<u64>, inserted: Vec<(Rc<str>, Value)>) -> Value {
        // Without `RETURNING` the key is one of the values that were given.
        let key = inserted.iter().find(|(name, _)| &**name == "id").map(|(_, value)| Value::tuple(vec![value.clone()]));
        Value::object(Self {
            labels: Rc::from([]),
            rows: None,
            next: Rc::default(),
            rowcount: rows.map(|rows| i64::try_from(rows).unwrap_or(i64::MAX)),
            key,
        })
    }

    /// The result of a statement that gives rows.
    pub(super) fn of_rows(vm: &mut Vm<'_>, set: RowSet, shape: Shape, span: Span) -> Flow<Value> {
        let dialect = vm.host.catalog().dialect;
        let labels: Rc<[Rc<str>]> = set
            .columns
            .iter()
            .enumerate()
            .map(|(at, label)| match shape.columns.get(at) {
                Some((name, _)) if shape.columns.len() == set.columns.len() => name.clone(),
                _ => (**label).into(),
            })
            .collect();
        let mut rows = Vec::with_capacity(set.rows.len());
        for row in set.rows {
            let values: Vec<Value> = row
                .iter()
                .enumerate()
                .map(|(at, datum)| {
                    let ty = shape.columns.get(at).map(|(_, ty)| ty.clone()).unwrap_or_default();
                    super::adapt::value(vm, datum, &ty, dialect, span)
                })
                .collect();
            rows.push(values);
        }
        let rowcount = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if shape.implicit {
            let key = rows.into_iter().next().map(Value::tuple);
            return Ok(Value::object(Self {
                labels: Rc::from([]),
                rows: None,
                next: Rc::default(),
                rowcount: Some(rowcount),
                key,
            }));
        }
        let (labels, rows) = super::orm::fold(vm, shape.session.as_ref(), &shape.selected, labels, rows, span)?;
        let rows: Vec<Value> = rows
            .into_iter()
            .map(|values| Value::object(Row { labels: labels.clone(), values: values.into() }))
            .collect();
        Ok(Value::object(Self {
            labels,
            rows: Some(rows.into()),
            next: Rc::default(),
            rowcount: Some(rowcount),
            key: None,
        }))
    }

    /// A result over the same rows, each made into something else.
    fn mapped(&self, make: impl Fn(&Row) -> Value) -> Value {
        let rows = self.rows.as_deref().unwrap_or_default();
        let rows: Rc<[Value]> =
            rows.iter().map(|row| row.downcast::<Row>().map_or_else(|| row.clone(), |row| make(&row))).collect();
        Value::object(Self {
            labels: self.labels.clone(),
            rows: Some(rows),
            next: self.next.clone(),
            rowcount: self.rowcount,
            key: self.key.clone(),
        })
    }

    /// The rows that have not been read yet, at most `limit` of them.
    fn take(&self, limit: usize) -> Vec<Value> {
        let rows = self.rows.as_deref().unwrap_or_default();
        let taken: Vec<Value> = rows.iter().skip(self.next.get()).take(limit).cloned().collect();
        self.next.set(self.next.get().saturating_add(taken.len()));
        taken
    }

    fn one(&self, vm: &mut Vm<'_>, or_none: bool, span: Span) -> Flow<Value> {
        let mut rows = self.take(usize::MAX);
        match rows.len() {
            1 => Ok(rows.pop().unwrap_or(Value::None)),
            0 if or_none => Ok(Value::None),
            0 => Err(vm.raise("sqlalchemy.exc.NoResultFound", "No row was found when one was required", span)),
            _ => {
                let message = if or_none {
                    "Multiple rows were found when one or none was required"
                } else {
                    "Multiple rows were found when exactly one was required"
                };
                Err(vm.raise("sqlalchemy.exc.MultipleResultsFound", message, span))
            }
        }
    }
}

/// The first column of a row.
fn first_of(row: Value) -> Value {
    match row.downcast::<Row>() {
        Some(row) => row.values.first().cloned().unwrap_or(Value::None),
        None => row,
    }
}

fn column(args: &Args) -> usize {
    match args.get(0, "index") {
        Some(Value::Int(at)) => usize::try_from(*at).unwrap_or_default(),
        _ => 0,
    }
}

fn size(args: &Args) -> usize {
    match args.get(0, "size") {
        Some(Value::Int(size)) => usize::try_from(*size).unwrap_or_default(),
        _ => 1,
    }
}

/// Methods that read rows.
fn reading(name: &str) -> Option<Body<ResultObject>> {
    Some(match name {
        "fetchall" | "all" => |result, _, _, _| Ok(Value::list(result.take(usize::MAX))),
        "fetchone" => |result, _, _, _| Ok(result.take(1).pop().unwrap_or(Value::None)),
        "first" => |result, _, _, _| {
            let row = result.take(1).pop().unwrap_or(Value::None);
            result.take(usize::MAX);
            Ok(row)
        },
        "fetchmany" => |result, _, args, _| Ok(Value::list(result.take(size(&args)))),
        "one" => |result, vm, _, span| result.one(vm, false, span),
        "one_or_none" => |result, vm, _, span| result.one(vm, true, span),
        "scalar" => |result, _, _, _| {
            let row = result.take(1).pop();
            result.take(usize::MAX);
            Ok(row.map_or(Value::None, first_of))
        },
        "scalar_one" => |result, vm, _, span| Ok(first_of(result.one(vm, false, span)?)),
        "scalar_one_or_none" => |result, vm, _, span| Ok(first_of(result.one(vm, true, span)?)),
        "scalars" => |result, _, args, _| {
            let at = column(&args);
            Ok(result.mapped(|row| row.values.get(at).cloned().unwrap_or(Value::None)))
        },
        "mappings" => |result, _, _, _| Ok(result.mapped(Row::dict)),
        "tuples" => |result, _, _, _| Ok(Value::Object(result.clone())),
        "columns" => |result, vm, args, span| {
            let Some(places) = args
                .positional
                .iter()
                .map(|place| match place {
                    Value::Int(at) => usize::try_from(*at).ok(),
                    other => {
                        let name = super::change::key_of(other)?;
                        result.labels.iter().position(|label| *label == name)
                    }
                })
                .collect::<Option<Vec<usize>>>()
            else {
                return Ok(vm.unknown("the columns are not known", span));
            };
            Ok(result.mapped(|row| {
                let labels = places.iter().filter_map(|at| row.labels.get(*at).cloned()).collect();
                let values = places.iter().filter_map(|at| row.values.get(*at).cloned()).collect();
                Value::object(Row { labels, values })
            }))
        },
        "unique" | "yield_per" | "execution_options" | "freeze" => |result, _, _, _| Ok(Value::Object(result.clone())),
        "partitions" => |result, _, args, _| {
            let size = match args.get(0, "size") {
                Some(Value::Int(size)) => usize::try_from(*size).unwrap_or(1).max(1),
                _ => usize::MAX,
            };
            let rows = result.take(usize::MAX);
            Ok(Value::list(rows.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect()))
        },
        "keys" => |result, _, _, _| Ok(Value::list(result.labels.iter().cloned().map(Value::Str).collect())),
        _ => return None,
    })
}

impl Foreign for ResultObject {
    object!("CursorResult");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(body) = reading(name) {
            if self.rows.is_none() && !matches!(name, "unique" | "yield_per" | "execution_options") {
                return Ok(Some(Method::value(&self, |_, vm, _, span| {
                    let message = "This result object does not return rows. It has been closed automatically.";
                    Err(vm.raise("sqlalchemy.exc.ResourceClosedError", message, span))
                })));
            }
            return Ok(Some(Method::value(&self, body)));
        }
        Ok(Some(match name {
            "rowcount" => match self.rowcount {
                Some(count) => Value::Int(count),
                None => vm.unknown("how many rows the statement changed is not known", span),
            },
            "inserted_primary_key" => match &self.key {
                Some(key) => key.clone(),
                None => vm.unknown("the key of the inserted row is not known", span),
            },
            "lastrowid" => match &self.key {
                Some(Value::Tuple(key)) => key.first().cloned().unwrap_or(Value::None),
                _ => vm.unknown("the key of the inserted row is not known", span),
            },
            "returns_rows" => Value::Bool(self.rows.is_some()),
            "is_insert" => vm.unknown("`.is_insert` is not modelled", span),
            "closed" => Value::Bool(false),
            "close" => Method::value(&self, |_, _, _, _| Ok(Value::None)),
            _ if name.starts_with("__") => return Ok(None),
            _ => vm.unknown(format!("`.{name}` of a result is not modelled"), span),
        }))
    }

    fn iterate(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Option<Vec<Value>>> {
        if self.rows.is_none() {
            let message = "This result object does not return rows. It has been closed automatically.";
            return Err(vm.raise("sqlalchemy.exc.ResourceClosedError", message, span));
        }
        Ok(Some(self.take(usize::MAX)))
    }

    fn enter(self: Rc<Self>, _vm: &mut Vm<'_>, _span: Span) -> Flow<Value> {
        Ok(Value::Object(self))
    }
}
