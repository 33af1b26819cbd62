//! The functions of `sqlalchemy` and `sqlalchemy.sql`: `and_`, `case`, `cast`, `select`, `text`, …

use std::rc::Rc;

use super::arguments::{first, flag, items, required, text};
use super::change::{self, Verb};
use super::element::nodes_of;
use super::expression::{Bind, Expression, Kind, Node, as_node, coerce};
use super::method::Function;
use super::operators::{chain, negate, prefix, suffix};
use super::refine;
use super::select::{self, Select};
use super::selectable::{SourceObject, source_of};
use super::source::Source;
use super::text::Text;
use super::ty::{Family, Ty};
use crate::alembic::items::{ColumnObject, TableObject};
use crate::python::{Args, Flow, Value, Vm, percent};
use crate::schema::QName;
use crate::source::Span;

/// The function of that name.
pub(super) fn named(name: &str) -> Option<Value> {
    Some(match name {
        "func" => return Some(Value::object(super::func::Func::default())),
        "null" => Function::value(|_, _, _| Ok(Value::Object(Expression::untyped(Kind::Null)))),
        "true" => Function::value(|_, _, _| Ok(truth(true))),
        "false" => Function::value(|_, _, _| Ok(truth(false))),
        "text" => Function::value(text_clause),
        "literal_column" => Function::value(|vm, args, span| {
            let Some(text) = text(&args, 0, "text") else {
                return Ok(vm.unknown("the literal column is not known", span));
            };
            let ty = args.get(1, "type_").map(Ty::of_value).unwrap_or_default();
            Ok(Value::Object(Expression::new(Kind::Raw(text), ty)))
        }),
        "literal" => Function::value(|vm, args, span| {
            let value = required(vm, &args, 0, "value", span)?;
            let ty = args.get(1, "type_").map(Ty::of_value).unwrap_or_default();
            Ok(Value::Object(as_node(&value).unwrap_or_else(|| Expression::bind("param", value, ty))))
        }),
        "bindparam" => Function::value(bindparam),
        "column" => Function::value(column),
        "table" => Function::value(table),
        "and_" => Function::value(|vm, args, span| logical(true, vm, &args, span)),
        "or_" => Function::value(|vm, args, span| logical(false, vm, &args, span)),
        "not_" => Function::value(|vm, args, span| {
            let value = required(vm, &args, 0, "clause", span)?;
            Ok(Value::Object(negate(&coerce(&value, "param", &Ty::Null))))
        }),
        "case" => Function::value(case),
        "cast" | "try_cast" | "type_coerce" => return Some(cast(name)),
        "extract" => Function::value(|vm, args, span| {
            let operand = required(vm, &args, 1, "expr", span)?;
            let Some(field) = text(&args, 0, "field") else { return Ok(vm.unknown("the field is not known", span)) };
            let operand = coerce(&operand, "param", &Ty::Null);
            Ok(Value::Object(Expression::new(Kind::Extract(field, operand), Ty::Of(Family::Integer))))
        }),
        "exists" => Function::value(exists),
        "desc" => return Some(suffixing("DESC")),
        "asc" => return Some(suffixing("ASC")),
        "nulls_first" | "nullsfirst" => return Some(suffixing("NULLS FIRST")),
        "nulls_last" | "nullslast" => return Some(suffixing("NULLS LAST")),
        "distinct" => Function::value(|vm, args, span| prefixed("DISTINCT", vm, &args, span)),
        "any_" => Function::value(|vm, args, span| prefixed("ANY", vm, &args, span)),
        "all_" => Function::value(|vm, args, span| prefixed("ALL", vm, &args, span)),
        "collate" | "between" | "label" => return Some(as_method(name)),
        "tuple_" => Function::value(|vm, args, span| {
            let nodes = items(vm, &args, span)?.iter().map(|value| coerce(value, "param", &Ty::Null)).collect();
            Ok(Value::Object(Expression::untyped(Kind::List(nodes))))
        }),
        "over" => Function::value(|vm, args, span| {
            let function = required(vm, &args, 0, "element", span)?;
            let Some(function) = as_node(&function) else { return Ok(vm.unknown("the window is not known", span)) };
            let partition = nodes_of(vm, args.keyword("partition_by"), span)?;
            let order = nodes_of(vm, args.keyword("order_by"), span)?;
            let ty = function.ty.clone();
            Ok(Value::Object(Expression::new(Kind::Over { function, partition, order }, ty)))
        }),
        "select" => Function::value(select),
        "union" => Function::value(|vm, args, span| compound("UNION", vm, &args, span)),
        "union_all" => Function::value(|vm, args, span| compound("UNION ALL", vm, &args, span)),
        "except_" => Function::value(|vm, args, span| compound("EXCEPT", vm, &args, span)),
        "intersect" => Function::value(|vm, args, span| compound("INTERSECT", vm, &args, span)),
        "insert" => Function::value(|vm, args, span| change::construct(Verb::Insert, vm, args, span)),
        "update" => Function::value(|vm, args, span| change::construct(Verb::Update, vm, args, span)),
        "delete" => Function::value(|vm, args, span| change::construct(Verb::Delete, vm, args, span)),
        "alias" | "aliased" => Function::value(|vm, args, span| {
            let of = required(vm, &args, 0, "element", span)?;
            let Some(source) = source_of(&of) else { return Ok(vm.unknown("what has an alias is not known", span)) };
            let name = text(&args, 1, "name").or_else(|| text(&args, 2, "name"));
            Ok(SourceObject::value(&super::selectable::alias(&source, name)))
        }),
        "join" => Function::value(|vm, args, span| join(vm, &args, flag(&args, "isouter"), span)),
        "outerjoin" => Function::value(|vm, args, span| join(vm, &args, true, span)),
        "inspect" => Function::value(super::inspector::inspect),
        "create_engine" => Function::value(super::bind::create_engine),
        "DDL" => Function::value(|vm, args, span| {
            let Some(template) = text(&args, 0, "statement") else {
                return Ok(vm.unknown("the DDL is not known", span));
            };
            // Its per cent signs are Python's, whether something is put in or not.
            let given = args.get(1, "context").filter(|context| !matches!(context, Value::None)).cloned();
            let context = given.unwrap_or_else(|| Value::Dict(Rc::default()));
            match percent(vm, &template, &context, span) {
                Ok(Value::Str(sql)) => Ok(super::text::value(Text { sql, raw: true, ..Text::default() })),
                // It is put in when it is executed, and of a table's event there is more by then than stands here.
                Err(raised) if !raised.is_limit() => Ok(vm.unknown("what is put into the DDL is not known", span)),
                other => other,
            }
        }),
        _ => return None,
    })
}

fn truth(truth: bool) -> Value {
    Value::Object(Expression::new(Kind::Truth(truth), Ty::Of(Family::Boolean)))
}

fn suffixing(name: &'static str) -> Value {
    match name {
        "DESC" => Function::value(|vm, args, span| suffixed("DESC", vm, &args, span)),
        "ASC" => Function::value(|vm, args, span| suffixed("ASC", vm, &args, span)),
        "NULLS FIRST" => Function::value(|vm, args, span| suffixed("NULLS FIRST", vm, &args, span)),
        _ => Function::value(|vm, args, span| suffixed("NULLS LAST", vm, &args, span)),
    }
}

fn suffixed(text: &str, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "column", span)?;
    let node = match &value {
        Value::Str(name) => Expression::untyped(Kind::Raw(name.clone())),
        _ => coerce(&value, "param", &Ty::Null),
    };
    Ok(suffix(&node, text))
}

fn prefixed(text: &'static str, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let value = required(vm, args, 0, "expr", span)?;
    Ok(Value::Object(prefix(text, &coerce(&value, "param", &Ty::Null))))
}

/// `between(column, low, high)` is `column.between(low, high)`.
fn as_method(name: &str) -> Value {
    fn forward(name: &str, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let Some(value) = args.positional.first().cloned() else {
            return Ok(vm.unknown(format!("the operand of `{name}` is not known"), span));
        };
        let method = vm.attr(&Value::Object(coerce(&value, "param", &Ty::Null)), name, span)?;
        vm.call(&method, Args { positional: args.positional.into_iter().skip(1).collect(), ..args }, span)
    }
    match name {
        "between" => Function::value(|vm, args, span| forward("between", vm, args, span)),
        "collate" => Function::value(|vm, args, span| forward("collate", vm, args, span)),
        _ => Function::value(|vm, args, span| {
            let (name, element) = (args.positional.first().cloned(), args.positional.get(1).cloned());
            forward("label", vm, Args { positional: element.into_iter().chain(name).collect(), ..args }, span)
        }),
    }
}

fn text_clause(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let value = required(vm, &args, 0, "text", span)?;
    let Some(text) = vm.text(&value).filter(|_| !matches!(value, Value::Unknown(_))) else {
        return Ok(match value {
            Value::Unknown(ref unknown) => match Text::of_partial(unknown) {
                Some(text) => super::text::value(text),
                None => value,
            },
            _ => vm.unknown("the text is not known", span),
        });
    };
    let literal = args.spans.first().and_then(|span| super::literal::inner(&text, *span));
    Ok(super::text::value(Text::new(text, literal)))
}

fn bindparam(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let value = args.get(1, "value").cloned();
    let ty = args.get(2, "type_").map(Ty::of_value).unwrap_or_default();
    let ty = match (&ty, &value) {
        (Ty::Null, Some(value)) => Ty::of_literal(value),
        _ => ty,
    };
    let (name, unique) = match args.get(0, "key") {
        Some(Value::Str(name)) => (name.clone(), flag(&args, "unique")),
        None | Some(Value::None) => ("param".into(), true),
        Some(_) => return Ok(vm.unknown("the name of the bind is not known", span)),
    };
    let bind = Bind { name, unique, value, expanding: flag(&args, "expanding") };
    Ok(Value::Object(Expression::new(Kind::Bind(bind), ty)))
}

fn column(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let Some(name) = text(&args, 0, "text") else { return Ok(vm.unknown("the column's name is not known", span)) };
    let ty = args.get(1, "type_").and_then(crate::alembic::types::coerce);
    if flag(&args, "is_literal") {
        let ty = ty.map_or(Ty::Null, Ty::Given);
        return Ok(Value::Object(Expression::new(Kind::Raw(name), ty)));
    }
    Ok(Value::object(ColumnObject::light(&name, ty)))
}

fn table(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let Some(name) = text(&args, 0, "name") else { return Ok(vm.unknown("the table's name is not known", span)) };
    let schema = match args.keyword("schema") {
        None | Some(Value::None) => None,
        Some(Value::Str(schema)) => Some(schema.clone()),
        Some(_) => return Ok(vm.unknown("the table's schema is not known", span)),
    };
    let default = vm.host.catalog().dialect.default_schema();
    let schema = schema.filter(|schema| Some(&**schema) != default || vm.host.offline().is_some());
    let mut columns = Vec::new();
    for value in args.positional.iter().skip(1) {
        let items = match value {
            Value::List(items) => items.borrow().clone(),
            other => vec![other.clone()],
        };
        for item in items {
            match item.downcast::<ColumnObject>() {
                Some(column) => columns.push(column),
                None => return Ok(vm.unknown("a column of the table is not known", span)),
            }
        }
    }
    Ok(Value::Object(TableObject::light(QName::in_schema(schema.as_deref(), &*name), columns)))
}

fn logical(and: bool, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let mut nodes = Vec::new();
    for value in items(vm, args, span)? {
        nodes.push(match &value {
            Value::Bool(truth) => Expression::new(Kind::Truth(*truth), Ty::Of(Family::Boolean)),
            _ => coerce(&value, "param", &Ty::Null),
        });
    }
    if let Some(open) = &args.open {
        nodes.push(Expression::bind("param", Value::Unknown(Rc::clone(open)), Ty::Null));
    }
    Ok(Value::Object(chain(and, nodes)))
}

/// `case((when, then), …, else_=…)`, `case([(when, then), …])`, `case({value: then}, value=column)`.
fn case(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let value = args.keyword("value").filter(|value| !matches!(value, Value::None));
    let value = value.map(|value| coerce(value, "param", &Ty::Null));
    let mut pairs: Vec<(Value, Value)> = Vec::new();
    let whens = match args.positional.as_slice() {
        [] => args.keyword("whens").into_iter().cloned().collect(),
        given => given.to_vec(),
    };
    for when in whens {
        match &when {
            Value::Dict(dict) => pairs.extend(dict.borrow().entries.iter().cloned()),
            Value::List(list) => {
                for item in list.borrow().iter() {
                    pairs.extend(pair(item));
                }
            }
            other => match pair(other) {
                Some(pair) => pairs.push(pair),
                None => return Ok(vm.unknown("a branch of `case` is not known", span)),
            },
        }
    }
    let like = value.as_ref().map(|value| value.ty.clone()).unwrap_or_default();
    let otherwise = args.keyword("else_").filter(|value| !matches!(value, Value::None));
    let thens: Vec<Node> = pairs.iter().map(|(_, then)| coerce(then, "param", &Ty::Null)).collect();
    let ty = thens.iter().map(|then| then.ty.clone()).find(|ty| !ty.is_null()).unwrap_or_default();
    let whens = pairs.iter().map(|(when, _)| coerce(when, "param", &like)).zip(thens).collect();
    let otherwise = otherwise.map(|value| coerce(value, "param", &ty));
    Ok(Value::Object(Expression::new(Kind::Case { value, whens, otherwise }, ty)))
}

fn pair(value: &Value) -> Option<(Value, Value)> {
    match value {
        Value::Tuple(items) => match &**items {
            [when, then] => Some((when.clone(), then.clone())),
            _ => None,
        },
        Value::List(items) => match items.borrow().as_slice() {
            [when, then] => Some((when.clone(), then.clone())),
            _ => None,
        },
        _ => None,
    }
}

fn cast(name: &str) -> Value {
    if name == "type_coerce" {
        return Function::value(|vm, args, span| {
            let value = required(vm, &args, 0, "expression", span)?;
            let ty = args.get(1, "type_").map(Ty::of_value).unwrap_or_default();
            let node = coerce(&value, "param", &ty);
            let kind = match &node.kind {
                Kind::Bind(bind) => Kind::Bind(bind.clone()),
                Kind::Column { name, of } => Kind::Column { name: name.clone(), of: of.clone() },
                _ => return Ok(Value::Object(node)),
            };
            Ok(Value::Object(Expression::new(kind, ty)))
        });
    }
    Function::value(|vm, args, span| {
        let value = required(vm, &args, 0, "expression", span)?;
        let ty = args.get(1, "type_").map(Ty::of_value).unwrap_or_default();
        if ty.is_null() {
            return Ok(vm.unknown("the type of the cast is not known", span));
        }
        let node = coerce(&value, "param", &ty);
        Ok(Value::Object(Expression::new(Kind::Cast(node), ty)))
    })
}

/// `exists()`, `exists(select)`, `exists(column)`, `exists([column])`.
fn exists(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    if let Some(query) = first(&args).and_then(change::query_of) {
        return Ok(select::exists(&query));
    }
    let mut select = Select::default();
    refine::add_columns(&mut select, vm, &args, span)?;
    if select.columns.is_empty() && select.doubt.is_none() {
        select = Select::of(vec![Expression::untyped(Kind::Raw("*".into()))]);
    }
    Ok(select::exists(&Rc::new(select)))
}

/// `select(a, b)` and SQLAlchemy 1.x's `select([a, b], whereclause, …)`.
pub(super) fn select(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let mut select = Select::default();
    let legacy = matches!(args.positional.first(), Some(Value::List(_)));
    let columns = Args {
        positional: if legacy { args.positional.iter().take(1).cloned().collect() } else { args.positional.clone() },
        ..Args::default()
    };
    refine::add_columns(&mut select, vm, &columns, span)?;
    if let Some(columns) = args.keyword("columns") {
        let columns = Args { positional: vec![columns.clone()], ..Args::default() };
        refine::add_columns(&mut select, vm, &columns, span)?;
    }
    let condition = if legacy { args.get(1, "whereclause") } else { args.keyword("whereclause") };
    let keywords = [
        ("where", condition),
        ("select_from", args.keyword("from_obj")),
        ("order_by", args.keyword("order_by")),
        ("group_by", args.keyword("group_by")),
        ("having", args.keyword("having")),
        ("limit", args.keyword("limit")),
        ("offset", args.keyword("offset")),
    ];
    for (name, value) in keywords {
        let Some(value) = value.filter(|value| !matches!(value, Value::None)) else { continue };
        let Some(body) = refine::method(name) else { continue };
        body(&mut select, vm, &Args { positional: vec![value.clone()], ..Args::default() }, span)?;
    }
    select.distinct |= flag(&args, "distinct");
    if let Some(open) = &args.open {
        select = select.doubted(open);
    }
    Ok(Value::object(select.settled()))
}

fn compound(operator: &'static str, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let mut parts = Vec::new();
    for value in items(vm, args, span)? {
        match change::query_of(&value) {
            Some(part) => parts.push(part),
            None => return Ok(vm.unknown("a part of a compound query is not known", span)),
        }
    }
    Ok(Value::object(Select::compound(operator, parts).settled()))
}

fn join(vm: &mut Vm<'_>, args: &Args, outer: bool, span: Span) -> Flow<Value> {
    let left = required(vm, args, 0, "left", span)?;
    let right = required(vm, args, 1, "right", span)?;
    let (Some(left), Some(right)) = (source_of(&left), source_of(&right)) else {
        return Ok(vm.unknown("what is joined is not known", span));
    };
    let on = match args.get(2, "onclause") {
        None | Some(Value::None) => super::join::condition(&left, &right, vm),
        Some(on) => Some(coerce(on, "param", &Ty::Null)),
    };
    if on.is_none() {
        return Ok(vm.unknown("the condition of the join is not known", span));
    }
    Ok(SourceObject::value(&Source::join(left, right, on, outer, flag(args, "full"))))
}
