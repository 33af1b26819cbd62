//! [`Query`]: `session.query(…)`.

use std::rc::Rc;

use super::flush::{by_key, flush};
use super::model::Model;
use super::session::Session;
use crate::alembic::core::arguments::first;
use crate::alembic::core::change::{Change, Verb};
use crate::alembic::core::expression::{Expression, Kind};
use crate::alembic::core::method::{Body, Method};
use crate::alembic::core::refine::{self, Refinement};
use crate::alembic::core::row::Row;
use crate::alembic::core::select::{self, Select, Selected};
use crate::alembic::core::source::{Aliased, Source};
use crate::alembic::core::statement::Statement;
use crate::alembic::core::ty::{Family, Ty};
use crate::alembic::core::{execute, froms};
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// `session.query(…)`.
#[derive(Debug, Clone)]
pub(in crate::alembic::core) struct Query {
    /// What it asks.
    pub select: Select,
    session: Rc<Session>,
}

impl Query {
    /// `session.query(*entities)`.
    pub(super) fn make(session: &Rc<Session>, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
        let mut select = Select::default();
        refine::add_columns(&mut select, vm, args, span)?;
        if let Some(open) = &args.open {
            select = select.doubted(open);
        }
        Ok(Value::object(Self { select, session: Rc::clone(session) }))
    }

    /// `Model.query`.
    pub(super) fn of(model: &Rc<Model>) -> Value {
        Value::object(Self::all_of(&Rc::new(Session::default()), model))
    }

    fn all_of(session: &Rc<Session>, model: &Rc<Model>) -> Self {
        let source = Rc::new(Source::Table(model.table.clone()));
        let select = Select {
            columns: vec![Selected::Entity(Rc::clone(model), source)],
            doubt: model.open.clone(),
            ..Select::default()
        };
        Self { select, session: Rc::clone(session) }
    }

    /// The objects of a class with that primary key.
    pub(super) fn by_key(session: &Rc<Session>, model: &Rc<Model>, key: &[Value]) -> Self {
        let mut query = Self::all_of(session, model);
        query.select.wheres = by_key(model, key);
        query
    }

    fn run(&self, vm: &mut Vm<'_>, select: Select, span: Span) -> Flow<Value> {
        flush(vm, &self.session, span)?;
        let result = execute::run(vm, &Statement::Select(Rc::new(select)), &[], Some(&self.session), span)?;
        Ok(result)
    }

    /// The method of the result, with single mapped classes taken out of their rows.
    fn read(&self, vm: &mut Vm<'_>, select: Select, method: &str, span: Span) -> Flow<Value> {
        let single = matches!(select.columns.as_slice(), [Selected::Entity(..)]);
        let mut result = self.run(vm, select, span)?;
        if single {
            let scalars = vm.attr(&result, "scalars", span)?;
            result = vm.call(&scalars, Args::default(), span)?;
        }
        let method = vm.attr(&result, method, span)?;
        vm.call(&method, Args::default(), span)
    }

    /// `.first()`.
    pub(super) fn first(&self, vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
        let mut select = self.select.clone();
        if select.limit.is_none() {
            select.limit = Some(Expression::bind("param", Value::Int(1), Ty::Of(Family::Integer)));
        }
        self.read(vm, select, "first", span)
    }

    /// The only object that it finds, if any.
    pub(super) fn only(&self, vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
        self.read(vm, self.select.clone(), "first", span)
    }

    fn model(&self) -> Option<Rc<Model>> {
        match self.select.columns.first()? {
            Selected::Entity(model, _) => Some(model.clone()),
            _ => None,
        }
    }

    fn count(&self, vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
        let simple = self.select.limit.is_none()
            && self.select.offset.is_none()
            && !self.select.distinct
            && self.select.group_by.is_empty()
            && self.select.compound.is_none()
            && self.select.having.is_empty();
        let star = Expression::new(
            Kind::Call { name: "count".into(), args: vec![Expression::untyped(Kind::Raw("*".into()))] },
            Ty::Of(Family::Integer),
        );
        let froms = if simple {
            froms::of(&self.select)
        } else {
            vec![Source::alias(None, Aliased::Query(Rc::new(self.select.clone())))]
        };
        let wheres = if simple { self.select.wheres.clone() } else { Vec::new() };
        let select = Select { froms, wheres, doubt: self.select.doubt.clone(), ..Select::of(vec![star]) };
        self.read(vm, select, "scalar", span)
    }

    /// UPDATE or DELETE of what the query finds.
    fn change(&self, vm: &mut Vm<'_>, verb: Verb, args: &Args, span: Span) -> Flow<Value> {
        flush(vm, &self.session, span)?;
        let sources = froms::of_columns(&self.select);
        let Some(source) = sources.first() else {
            vm.host.not_evaluated("the class of a query that changes rows is not known".into(), span);
            return Ok(vm.unknown("the class of the query is not known", span));
        };
        let mut change = Change::new(verb, source.clone());
        change.wheres.clone_from(&self.select.wheres);
        change.doubt.clone_from(&self.select.doubt);
        if !self.select.froms.is_empty() || self.select.limit.is_some() {
            change.doubt_because(vm, "rows are changed through a join or a limit", span);
        }
        if verb == Verb::Update {
            let values = first(args).cloned();
            let values = Args { positional: values.into_iter().collect(), ..Args::default() };
            change.add_values(vm, &values, span)?;
            if let (Some(model), Some(row)) = (self.model(), change.rows.first_mut()) {
                for (key, _) in row {
                    if let Some(column) = model.column(key) {
                        *key = column.key();
                    }
                }
            }
        }
        let result = execute::run(vm, &Statement::Change(Rc::new(change)), &[], None, span)?;
        self.session.forget();
        vm.attr(&result, "rowcount", span)
    }
}

fn method(name: &str) -> Option<Body<Query>> {
    Some(match name {
        "all" => |query, vm, _, span| query.read(vm, query.select.clone(), "all", span),
        "first" | "first_or_404" => |query, vm, _, span| query.first(vm, span),
        "one" | "one_or_404" => |query, vm, _, span| query.read(vm, query.select.clone(), "one", span),
        "one_or_none" => |query, vm, _, span| query.read(vm, query.select.clone(), "one_or_none", span),
        "scalar" => |query, vm, _, span| {
            let row = query.read(vm, query.select.clone(), "one_or_none", span)?;
            Ok(match row.downcast::<Row>() {
                Some(row) => row.values.first().cloned().unwrap_or(Value::None),
                None => row,
            })
        },
        "count" => |query, vm, _, span| query.count(vm, span),
        "get" | "get_or_404" => |query, vm, args, span| {
            let key = args.get(0, "ident").cloned().unwrap_or(Value::None);
            flush(vm, &query.session, span)?;
            match query.model() {
                Some(model) => query.session.get(vm, &model, &key, span),
                None => Ok(vm.unknown("the class of `get` is not known", span)),
            }
        },
        "update" => |query, vm, args, span| query.change(vm, Verb::Update, &args, span),
        "delete" => |query, vm, args, span| query.change(vm, Verb::Delete, &args, span),
        "exists" => |query, _, _, _| Ok(select::exists(&Rc::new(query.select.clone()))),
        "scalar_subquery" | "as_scalar" => |query, _, _, _| Ok(select::scalar(&Rc::new(query.select.clone()))),
        "values" => |query, vm, args, span| {
            let mut select = query.select.clone();
            select.froms = froms::of(&query.select);
            select.columns.clear();
            refine::add_columns(&mut select, vm, &args, span)?;
            query.read(vm, select, "all", span)
        },
        _ => return None,
    })
}

impl Foreign for Query {
    object!("Query");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(body) = method(name) {
            return Ok(Some(Method::value(&self, body)));
        }
        if let Some(body) = refine::method(name) {
            return Ok(Some(Value::object(RefineQuery { of: self, body })));
        }
        match name {
            "subquery" | "cte" | "label" | "alias" | "c" | "columns" => {
                let select = Value::object(self.select.clone());
                vm.attr(&select, name, span).map(Some)
            }
            "statement" | "selectable" => Ok(Some(Value::object(self.select.clone()))),
            "session" => Ok(Some(Value::Object(self.session.clone()))),
            _ if name.starts_with("__") => Ok(None),
            _ => Ok(Some(vm.unknown_database(format!("`.{name}` of a query is not modelled"), span))),
        }
    }

    fn iterate(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Option<Vec<Value>>> {
        let rows = self.read(vm, self.select.clone(), "all", span)?;
        match rows {
            Value::List(rows) => Ok(Some(rows.borrow().clone())),
            _ => Ok(None),
        }
    }

    fn index(self: Rc<Self>, vm: &mut Vm<'_>, key: &Value, span: Span) -> Flow<Value> {
        let rows = self.read(vm, self.select.clone(), "all", span)?;
        match (&rows, key) {
            (Value::List(rows), Value::Int(at)) => {
                let row = usize::try_from(*at).ok().and_then(|at| rows.borrow().get(at).cloned());
                row.ok_or_else(|| vm.raise("IndexError", "list index out of range", span))
            }
            _ => Ok(vm.unknown("a slice of a query is not modelled", span)),
        }
    }

    fn reaches_database(&self) -> bool {
        true
    }
}

/// A generative method, bound to its query.
struct RefineQuery {
    of: Rc<Query>,
    body: Refinement,
}

impl std::fmt::Debug for RefineQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefineQuery")
    }
}

impl Foreign for RefineQuery {
    object!("method");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let mut query = (*self.of).clone();
        (self.body)(&mut query.select, vm, &args, span)?;
        if let Some(open) = &args.open {
            query.select = query.select.doubted(open);
        }
        query.select = query.select.settled();
        Ok(Value::object(query))
    }
}
