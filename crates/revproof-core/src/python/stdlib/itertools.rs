//! `itertools`.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use super::lenient;
use crate::python::builtins::required;
use crate::python::join::is_rest;
use crate::python::object::items::{call_with, iterator};
use crate::python::object::method::{BoundMethod, any};
use crate::python::object::native::Native;
use crate::python::value::{Args, Flow, Foreign, Operator, Value};
use crate::python::vm::Vm;
use crate::source::Span;

/// The most items that a function makes.
const MAX_ITEMS: usize = 100_000;

pub(super) fn member(_: &mut Vm<'_>, name: &str, _: Span) -> Option<Value> {
    match name {
        "chain" => Some(Value::object(Chain)),
        "product" => lenient("product", product),
        "islice" => lenient("islice", islice),
        "zip_longest" => lenient("zip_longest", zip_longest),
        "groupby" => lenient("groupby", groupby),
        "repeat" => lenient("repeat", |vm, args, span| match args.positional.as_slice() {
            [value, Value::Int(times)] => {
                let times = usize::try_from(*times).unwrap_or(0).min(MAX_ITEMS);
                vm.charge(times as u64, || span)?;
                Ok(iterator("repeat", vec![value.clone(); times]))
            }
            _ => Ok(vm.unknown("something is repeated without end", span)),
        }),
        "count" => lenient("count", |_, args, _| {
            let part = |at: usize, default: i64| match args.positional.get(at) {
                Some(Value::Int(int)) => *int,
                _ => default,
            };
            Ok(Value::object(Count { next: Cell::new(part(0, 0)), step: part(1, 1) }))
        }),
        "accumulate" => lenient("accumulate", accumulate),
        "combinations" => lenient("combinations", |vm, args, span| choose(vm, args, false, span)),
        "permutations" => lenient("permutations", |vm, args, span| choose(vm, args, true, span)),
        "starmap" => lenient("starmap", |vm, args, span| {
            let (function, iterable) =
                (required(vm, args, 0, "starmap", span)?, required(vm, args, 1, "starmap", span)?);
            let mut mapped = Vec::new();
            for item in vm.items_with_rest(iterable, span)? {
                if is_rest(&item) {
                    mapped.push(item);
                    continue;
                }
                let args = vm.items_with_rest(&item, span)?;
                mapped.push(call_with(vm, function, args, span)?);
            }
            Ok(iterator("starmap", mapped))
        }),
        "pairwise" => lenient("pairwise", |vm, args, span| {
            let iterable = required(vm, args, 0, "pairwise", span)?;
            let items = known(vm, iterable, span)?;
            Ok(match items {
                Ok(items) => {
                    let pairs = items.windows(2).map(|pair| Value::tuple(pair.to_vec())).collect();
                    iterator("pairwise", pairs)
                }
                Err(unknown) => unknown,
            })
        }),
        _ => None,
    }
}

/// The items, or what makes them unknown.
fn known(vm: &mut Vm<'_>, iterable: &Value, span: Span) -> Flow<Result<Vec<Value>, Value>> {
    let items = vm.items_with_rest(iterable, span)?;
    Ok(match items.iter().find(|item| is_rest(item)) {
        Some(unknown) => Err(Value::Unknown(vm.why(unknown, span))),
        None => Ok(items),
    })
}

fn chain(vm: &mut Vm<'_>, iterables: &[Value], span: Span) -> Flow<Value> {
    let mut items = Vec::new();
    for iterable in iterables {
        items.extend(vm.items_with_rest(iterable, span)?);
    }
    Ok(iterator("chain", items))
}

fn product(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    let times = match args.keyword("repeat") {
        Some(Value::Int(times)) => usize::try_from((*times).clamp(0, 8)).unwrap_or(1),
        _ => 1,
    };
    for _ in 0..times {
        for iterable in &args.positional {
            let items = match known(vm, iterable, span)? {
                Ok(items) => items,
                Err(unknown) => return Ok(unknown),
            };
            vm.charge((rows.len() * items.len()) as u64, || span)?;
            if rows.len() * items.len() > MAX_ITEMS {
                return Ok(vm.unknown("a product too large to be simulated is made", span));
            }
            rows = rows
                .iter()
                .flat_map(|row| items.iter().map(move |item| row.iter().chain([item]).cloned().collect()))
                .collect();
        }
    }
    Ok(iterator("product", rows.into_iter().map(Value::tuple).collect()))
}

fn islice(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, "islice", span)?;
    let part = |at: usize| match args.positional.get(at) {
        Some(Value::Int(int)) => usize::try_from(*int).ok(),
        _ => None,
    };
    let (start, limit, step) = match args.positional.len() {
        2 => (0, part(1), 1),
        _ => (part(1).unwrap_or(0), part(2), part(3).unwrap_or(1).max(1)),
    };
    if let Some(count) = iterable.downcast::<Count>() {
        let mut items = Vec::new();
        for at in 0..limit.unwrap_or(0).min(MAX_ITEMS) {
            vm.charge(1, || span)?;
            let value = count.take();
            if at >= start && (at - start) % step == 0 {
                items.push(Value::Int(value));
            }
        }
        return Ok(iterator("islice", items));
    }
    let items = match known(vm, iterable, span)? {
        Ok(items) => items,
        Err(unknown) => return Ok(unknown),
    };
    let end = limit.unwrap_or(items.len()).min(items.len());
    let taken = items.get(start.min(end)..end).unwrap_or_default().iter().step_by(step).cloned().collect();
    // What an iterator has not handed out it still has.
    if let Some(source) = iterable.downcast::<crate::python::object::items::Items>().filter(|source| source.once) {
        *source.left.borrow_mut() = items.get(end..).unwrap_or_default().to_vec();
    }
    Ok(iterator("islice", taken))
}

fn zip_longest(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let fill = args.keyword("fillvalue").cloned().unwrap_or(Value::None);
    let mut lists = Vec::new();
    for iterable in &args.positional {
        match known(vm, iterable, span)? {
            Ok(items) => lists.push(items),
            Err(unknown) => return Ok(unknown),
        }
    }
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    let rows = (0..longest).map(|at| {
        Value::tuple(lists.iter().map(|list| list.get(at).cloned().unwrap_or_else(|| fill.clone())).collect())
    });
    Ok(iterator("zip_longest", rows.collect()))
}

fn groupby(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, "groupby", span)?;
    let key_of = args.get(1, "key").filter(|key| !matches!(key, Value::None));
    let items = match known(vm, iterable, span)? {
        Ok(items) => items,
        Err(unknown) => return Ok(unknown),
    };
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for item in items {
        let key = match key_of {
            Some(function) => call_with(vm, function, vec![item.clone()], span)?,
            None => item.clone(),
        };
        match groups.last_mut() {
            Some((last, group)) => match vm.equal(last, &key, span) {
                Some(true) => group.push(item),
                Some(false) => groups.push((key, vec![item])),
                None => return Ok(Value::Unknown(vm.why(&key, span))),
            },
            None => groups.push((key, vec![item])),
        }
    }
    let pairs = groups.into_iter().map(|(key, group)| Value::tuple(vec![key, iterator("group", group)]));
    Ok(iterator("groupby", pairs.collect()))
}

fn accumulate(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, "accumulate", span)?;
    let function = args.get(1, "func").cloned();
    let items = match known(vm, iterable, span)? {
        Ok(items) => items,
        Err(unknown) => return Ok(unknown),
    };
    let mut totals: Vec<Value> = Vec::new();
    for item in items {
        let next = match (totals.last().cloned(), &function) {
            (None, _) => item,
            (Some(total), Some(function)) => call_with(vm, function, vec![total, item], span)?,
            (Some(total), None) => vm.binary(&total, Operator::Add, &item, span)?,
        };
        totals.push(next);
    }
    Ok(iterator("accumulate", totals))
}

fn choose(vm: &mut Vm<'_>, args: &Args, ordered: bool, span: Span) -> Flow<Value> {
    let iterable = required(vm, args, 0, "combinations", span)?;
    let items = match known(vm, iterable, span)? {
        Ok(items) => items,
        Err(unknown) => return Ok(unknown),
    };
    let count = match args.positional.get(1) {
        Some(Value::Int(count)) => usize::try_from(*count).unwrap_or(0),
        _ => items.len(),
    };
    let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
    if count > items.len() {
        rows.clear();
    }
    for _ in 0..count.min(items.len()) {
        let mut longer = Vec::new();
        for row in &rows {
            for at in 0..items.len() {
                let fits = if ordered { !row.contains(&at) } else { row.last().is_none_or(|last| *last < at) };
                if fits {
                    longer.push(row.iter().copied().chain([at]).collect::<Vec<_>>());
                }
            }
            if longer.len() > MAX_ITEMS {
                return Ok(vm.unknown("a choice too large to be simulated is made", span));
            }
        }
        vm.charge(longer.len() as u64, || span)?;
        rows = longer;
    }
    let rows =
        rows.into_iter().map(|row| Value::tuple(row.into_iter().filter_map(|at| items.get(at).cloned()).collect()));
    Ok(iterator("combinations", rows.collect()))
}

/// `itertools.chain`, which has a constructor of its own.
#[derive(Debug)]
struct Chain;

impl Foreign for Chain {
    fn type_name(&self) -> Rc<str> {
        "type".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok((name == "from_iterable").then(|| {
            Native::lenient("from_iterable", |vm, args, span| {
                let iterable = required(vm, args, 0, "from_iterable", span)?;
                let iterables = vm.items_with_rest(iterable, span)?;
                let mut items = Vec::new();
                for iterable in &iterables {
                    items.extend(vm.items_with_rest(iterable, span)?);
                }
                Ok(iterator("chain", items))
            })
        }))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        chain(vm, &args.positional, span)
    }
}

/// `itertools.count(start, step)`
#[derive(Debug)]
struct Count {
    next: Cell<i64>,
    step: i64,
}

impl Count {
    fn take(&self) -> i64 {
        let value = self.next.get();
        self.next.set(value.saturating_add(self.step));
        value
    }
}

impl Foreign for Count {
    fn type_name(&self) -> Rc<str> {
        "count".into()
    }

    any!();

    fn attr(self: Rc<Self>, _: &mut Vm<'_>, name: &str, _: Span) -> Flow<Option<Value>> {
        Ok((name == "__next__").then(|| {
            let next = Native::lenient("__next__", |_, args, _| {
                let count = args.positional.first().and_then(Value::downcast::<Count>);
                Ok(Value::Int(count.map_or(0, |count| count.take())))
            });
            BoundMethod::value(next, Value::Object(self))
        }))
    }

    fn iterate(self: Rc<Self>, _: &mut Vm<'_>, _: Span) -> Flow<Option<Vec<Value>>> {
        Ok(None)
    }
}
