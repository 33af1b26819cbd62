//! Executing statements: `connection.execute(…)`, `exec_driver_sql(…)`.

use std::rc::Rc;
use std::sync::Arc;

use super::arguments::{entries, first};
use super::change::{Change, Verb};
use super::compiler::Doubt;
use super::datum::datum;
use super::driver_text;
use super::expression::Kind;
use super::orm::Session;
use super::result::ResultObject;
use super::row::mapping_of;
use super::select::Selected;
use super::source::Source;
use super::statement::{Compiled, Statement};
use super::text::Text;
use crate::alembic::apply;
use crate::op::{Answer, Datum, OpKind, Origin, SqlText};
use crate::python::{Args, Flow, Value, Vm};
use crate::schema::Name;
use crate::source::Span;

/// A set of values for one execution.
type Given = Vec<(Rc<str>, Value)>;

/// `execute(statement, parameters)`, with SQLAlchemy 1.x's forms of parameters.
pub(super) fn execute(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    execute_in(vm, args, None, span)
}

/// The same, in a session: rows of mapped classes become its objects.
pub(super) fn execute_in(vm: &mut Vm<'_>, args: &Args, session: Option<&Rc<Session>>, span: Span) -> Flow<Value> {
    if vm.host.offline().is_some() {
        // A session asks its connection first whether it is in a transaction.
        let message = "'MockConnection' object has no attribute 'in_transaction'";
        return Err(vm.raise("AttributeError", message, span));
    }
    let Some(statement) = args.get(0, "statement").or_else(|| args.keyword("object_")) else {
        return Err(vm.raise("TypeError", "missing a required argument: 'statement'", span));
    };
    if let Value::Unknown(unknown) = statement
        && let Some(text) = Text::of_partial(unknown)
    {
        return run_partial(vm, text, args, span);
    }
    if let Value::Str(_) = statement {
        // SQLAlchemy 1.x executes plain text as the driver would.
        return driver(vm, args, span);
    }
    let Some(known) = Statement::of(statement) else {
        return Ok(not_known(vm, statement, span));
    };
    match parameters(vm, args, span)? {
        Parameters::None => run(vm, &known, &[], session, span),
        Parameters::One(given) => run(vm, &known, &given, session, span),
        Parameters::Many(sets) => many(vm, &known, sets, span),
        Parameters::Unknown(why) => unknown_values(vm, &known, why, span),
    }
}

/// Executes a text of which only some pieces are known.
fn run_partial(vm: &mut Vm<'_>, text: Text, args: &Args, span: Span) -> Flow<Value> {
    let statement = Statement::Text(Rc::new(text));
    match parameters(vm, args, span)? {
        Parameters::None => run(vm, &statement, &[], None, span),
        Parameters::One(given) => run(vm, &statement, &given, None, span),
        Parameters::Many(sets) => many(vm, &statement, sets, span),
        Parameters::Unknown(why) => unknown_values(vm, &statement, why, span),
    }
}

/// The values that come with an execution.
enum Parameters {
    None,
    One(Given),
    Many(Vec<Given>),
    Unknown(Arc<str>),
}

fn parameters(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Parameters> {
    let keywords: Given = args
        .keyword
        .iter()
        .filter(|(name, _)| {
            !matches!(
                &**name,
                "statement" | "object_" | "parameters" | "params" | "execution_options" | "bind_arguments"
            )
        })
        .cloned()
        .collect();
    if let Some(open) = &args.open {
        return Ok(Parameters::Unknown(open.why.clone()));
    }
    let mut sets = Vec::new();
    let given = args.positional.iter().skip(1).chain(args.keyword("parameters")).chain(args.keyword("params"));
    let mut listed = false;
    for value in given {
        match value {
            Value::None => {}
            Value::List(items) => {
                listed = true;
                for item in items.borrow().iter() {
                    match set_of(item) {
                        Some(set) => sets.push(set),
                        None => return Ok(Parameters::Unknown(why_not(item))),
                    }
                }
            }
            Value::Tuple(items) if items.iter().all(|item| matches!(item, Value::Dict(_))) => {
                listed = true;
                sets.extend(items.iter().filter_map(set_of));
            }
            Value::Dict(_) => match set_of(value) {
                Some(set) => sets.push(set),
                None => return Ok(Parameters::Unknown("the values of the statement are not known".into())),
            },
            other => {
                if let Some(set) = set_of(other) {
                    sets.push(set);
                    continue;
                }
                let Some(items) = vm.iterate(other, span)? else { return Ok(Parameters::Unknown(why_not(other))) };
                listed = true;
                for item in &items {
                    match set_of(item) {
                        Some(set) => sets.push(set),
                        None => return Ok(Parameters::Unknown(why_not(item))),
                    }
                }
            }
        }
    }
    if !keywords.is_empty() {
        sets.push(keywords);
    }
    Ok(match (sets.len(), listed) {
        (0, _) => Parameters::None,
        (1, false) => Parameters::One(sets.pop().unwrap_or_default()),
        _ => Parameters::Many(sets),
    })
}

fn set_of(value: &Value) -> Option<Given> {
    match value {
        Value::Dict(dict) => dict
            .borrow()
            .entries
            .iter()
            .map(|(key, value)| Some((super::change::key_of(key)?, value.clone())))
            .collect(),
        other => mapping_of(other),
    }
}

fn why_not(value: &Value) -> Arc<str> {
    match value {
        Value::Unknown(unknown) => Arc::clone(&unknown.why),
        other => format!("{other:?} is no set of values").into(),
    }
}

/// Executes a statement once.
pub(super) fn run(
    vm: &mut Vm<'_>,
    statement: &Statement,
    given: &[(Rc<str>, Value)],
    session: Option<&Rc<Session>>,
    span: Span,
) -> Flow<Value> {
    let dialect = vm.host.catalog().dialect;
    let filled;
    let (statement, given): (&Statement, &[(Rc<str>, Value)]) = match statement {
        Statement::Change(change) => {
            filled = Statement::Change(Rc::new(super::defaults::apply(vm, change, given, span)?));
            // The values have become part of the statement; those of binds are still looked up by name.
            (&filled, given)
        }
        other => (other, given),
    };
    let compiled = statement.compile(dialect, given);
    compiled.check(vm, span)?;
    let Compiled { sql, columns, selected, .. } = compiled;
    let sql = match sql {
        Ok(sql) => sql,
        Err(doubt) => return doubted(vm, statement, &doubt, span),
    };
    let inserted = match statement {
        Statement::Change(change) if change.verb == Verb::Insert => inserted(change, &sql),
        _ => Vec::new(),
    };
    let implicit = matches!(statement, Statement::Change(change) if change.implicit_returning);
    send(vm, sql, Shape { columns, selected, inserted, implicit, session: session.cloned() }, span)
}

/// What is known of a result beforehand.
pub(super) struct Shape {
    /// The columns of the rows.
    pub columns: Vec<(Rc<str>, super::ty::Ty)>,
    /// What is selected, where the rows are made into objects.
    pub selected: Vec<Selected>,
    /// The values of an INSERT.
    pub inserted: Given,
    /// The session whose objects the rows become.
    pub session: Option<Rc<Session>>,
    /// The rows are only there to tell the primary key.
    pub implicit: bool,
}

/// Sends SQL and makes a result of the answer.
pub(super) fn send(vm: &mut Vm<'_>, sql: SqlText, shape: Shape, span: Span) -> Flow<Value> {
    match vm.host.execute(sql, span) {
        Err(failure) => Err(vm.raise_failure(failure, span)),
        Ok(Answer::Unknown(why)) => Ok(vm.unknown(why, span)),
        Ok(Answer::Done(effect)) => Ok(ResultObject::done(effect.rows, shape.inserted)),
        Ok(Answer::Rows(rows)) => ResultObject::of_rows(vm, rows, shape, span),
    }
}

/// A statement whose text can't be told: a change makes its tables uncertain.
fn doubted(vm: &mut Vm<'_>, statement: &Statement, doubt: &Doubt, span: Span) -> Flow<Value> {
    let why = doubt.why();
    if statement.is_query() {
        return Ok(vm.unknown(why, span));
    }
    let touches = statement.changes();
    if touches.is_empty() {
        vm.host.not_evaluated(Arc::clone(&why), span);
    } else {
        apply(
            vm,
            OpKind::Opaque { what: statement.what(), why: Arc::clone(&why), touches, rows_only: true },
            Origin::Sql,
            span,
        )?;
    }
    Ok(vm.unknown(why, span))
}

fn unknown_values(vm: &mut Vm<'_>, statement: &Statement, why: Arc<str>, span: Span) -> Flow<Value> {
    doubted(vm, statement, &Doubt::Why(why), span)
}

/// Something that is no statement, or not known, is executed.
fn not_known(vm: &mut Vm<'_>, value: &Value, span: Span) -> Value {
    let why: Arc<str> = match value {
        Value::Unknown(unknown) => Arc::clone(&unknown.why),
        other => format!("{other:?} is executed, which is not modelled").into(),
    };
    vm.host.not_evaluated(Arc::clone(&why), span);
    vm.unknown(why, span)
}

/// Executes a statement once for each set of values.
pub(super) fn many(vm: &mut Vm<'_>, statement: &Statement, sets: Vec<Given>, span: Span) -> Flow<Value> {
    if let Statement::Change(change) = statement
        && let Some(result) = bulk(vm, change, &sets, span)?
    {
        return Ok(result);
    }
    let mut result = ResultObject::done(Some(0), Vec::new());
    for given in sets {
        result = run(vm, statement, &given, None, span)?;
    }
    Ok(result)
}

/// Many rows for a plain INSERT travel as one operation.
fn bulk(vm: &mut Vm<'_>, change: &Rc<Change>, sets: &[Given], span: Span) -> Flow<Option<Value>> {
    let plain = change.verb == Verb::Insert
        && change.rows.is_empty()
        && change.query.is_none()
        && change.returning.is_empty()
        && change.conflict.is_none()
        && change.prefix.is_none()
        && change.doubt.is_none();
    let Source::Table(table) = &*change.table else { return Ok(None) };
    if !plain {
        return Ok(None);
    }
    let dialect = vm.host.catalog().dialect;
    let mut rows = Vec::with_capacity(sets.len());
    for given in sets {
        let filled = super::defaults::apply(vm, change, given, span)?;
        let Some(row) = filled.rows.first() else { return Ok(None) };
        let mut values: Vec<(Name, Datum)> = Vec::with_capacity(row.len());
        for (key, node) in row {
            let Kind::Bind(bind) = &node.kind else { return Ok(None) };
            let Some(value) = &bind.value else { return Ok(None) };
            let name = change.table.column(key).and_then(|column| column.own_name().cloned());
            values.push(((*name.unwrap_or_else(|| key.clone())).into(), datum(value, &node.ty, dialect)));
        }
        rows.push(values);
    }
    let count = rows.len() as u64;
    let effect = apply(vm, OpKind::BulkInsert { table: table.name.clone(), rows }, Origin::Sql, span)?;
    Ok(Some(ResultObject::done(effect.rows.or(Some(count)), Vec::new())))
}

/// The values of an INSERT of one row, by the columns' keys.
fn inserted(change: &Change, _sql: &SqlText) -> Given {
    let [row] = change.rows.as_slice() else { return Vec::new() };
    row.iter()
        .filter_map(|(key, node)| match &node.kind {
            Kind::Bind(bind) => Some((key.clone(), bind.value.clone()?)),
            _ => None,
        })
        .collect()
}

/// `exec_driver_sql(sql, parameters)`, and plain text of SQLAlchemy 1.x.
pub(super) fn driver(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(statement) = first(args) else {
        return Err(vm.raise("TypeError", "missing a required argument: 'statement'", span));
    };
    if let Value::Unknown(unknown) = statement
        && let Some(text) = Text::of_partial(unknown)
    {
        return run_partial(vm, text, args, span);
    }
    let Value::Str(sql) = statement else { return Ok(not_known(vm, statement, span)) };
    let sql = sql.clone();
    let literal = args.spans.first().and_then(|span| super::literal::inner(&sql, *span));
    let keywords = (!args.keyword.is_empty()).then(|| {
        Value::Dict(Rc::new(std::cell::RefCell::new(crate::python::Dict {
            entries: args.keyword.iter().map(|(key, value)| (Value::Str(key.clone()), value.clone())).collect(),
        })))
    });
    let params = match args.positional.get(1..) {
        None | Some([]) => args.keyword("parameters").cloned().or(keywords),
        Some([only]) => Some(only.clone()),
        // SQLAlchemy 1.x: `execute("… %s %s", a, b)`.
        Some(several) => Some(Value::tuple(several.to_vec())),
    };
    let sets = match &params {
        Some(Value::List(items))
            if items.borrow().iter().all(|item| matches!(item, Value::Tuple(_) | Value::Dict(_))) =>
        {
            items.borrow().iter().cloned().map(Some).collect()
        }
        other => vec![other.clone()],
    };
    let dialect = vm.host.catalog().dialect;
    let mut result = ResultObject::done(Some(0), Vec::new());
    for params in sets {
        if let Some(Value::Unknown(unknown)) = &params {
            let why = Arc::clone(&unknown.why);
            vm.host.not_evaluated(Arc::clone(&why), span);
            return Ok(vm.unknown(why, span));
        }
        let Some(text) = driver_text::read(&sql, params.as_ref(), dialect) else {
            // A text of SQLAlchemy's own style, as `execute("… :x", {"x": 1})` of the oldest scripts.
            let given = params.as_ref().and_then(entries).unwrap_or_default();
            let text = Text::new(sql.clone(), literal);
            result = run(vm, &Statement::Text(Rc::new(text)), &given, None, span)?;
            continue;
        };
        let text = Text { literal, ..text };
        result = run(vm, &Statement::Text(Rc::new(text)), &[], None, span)?;
    }
    Ok(result)
}
