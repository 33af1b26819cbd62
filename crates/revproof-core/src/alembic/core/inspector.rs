//! [`Inspector`]: `sa.inspect(bind)`, answered from the catalog.

use std::rc::Rc;
use std::sync::Arc;

use super::arguments::{required, text};
use super::method::{Body, Method};
use super::reflect;
use crate::alembic::items::TableObject;
use crate::alembic::known::qname;
use crate::alembic::object;
use crate::alembic::objects::{Class, Inert};
use crate::python::{Args, Flow, Foreign, Raised, Value, Vm};
use crate::schema::{Catalog, Dialect, ObjectKind, QName, Table};
use crate::source::Span;

/// `sa.inspect(bind)`.
#[derive(Debug)]
pub(super) struct Inspector;

/// An inspector as a value.
pub(super) fn value() -> Value {
    Value::object(Inspector)
}

/// `sa.inspect(x)`: the inspector of a connection; of a mapped class or object, what nothing here needs.
pub(super) fn inspect(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let subject = required(vm, &args, 0, "subject", span)?;
    if super::orm::entity(&subject).is_some() {
        return Ok(Inert::value("the mapper of a class"));
    }
    if vm.host.offline().is_some() && subject.downcast::<super::bind::Connection>().is_some() {
        return Err(no_inspection(vm, span));
    }
    Ok(match subject {
        Value::Unknown(_) => subject,
        _ => value(),
    })
}

/// What is raised in offline mode where a database would be looked into.
pub(in crate::alembic) fn no_inspection(vm: &mut Vm<'_>, span: Span) -> Raised {
    let message =
        "No inspection system is available for object of type <class 'sqlalchemy.engine.mock.MockConnection'>";
    vm.raise("sqlalchemy.exc.NoInspectionAvailable", message, span)
}

/// The class `Inspector`: `Inspector.from_engine(bind)`, `Inspector(bind)`.
pub(super) fn class() -> Value {
    Value::object(InspectorClass)
}

/// `Inspector(bind)`, which connects and closes the connection.
fn legacy(vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
    if vm.host.offline().is_some() {
        let message = "'MockConnection' object has no attribute 'close'";
        return Err(vm.raise("AttributeError", message, span));
    }
    Ok(value())
}

/// The class of inspectors.
#[derive(Debug)]
struct InspectorClass;

impl Foreign for InspectorClass {
    object!("type");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(match name {
            "from_engine" => Some(Method::value(&self, |_, vm, _, span| legacy(vm, span))),
            "__name__" => Some(Value::str("Inspector")),
            _ if name.starts_with("__") => None,
            _ => Some(vm.unknown(format!("Inspector.{name} is not modelled"), span)),
        })
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, _args: Args, span: Span) -> Flow<Value> {
        legacy(vm, span)
    }
}

impl Foreign for Inspector {
    object!("Inspector");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(body) = method(name) {
            return Ok(Some(Method::value(&self, body)));
        }
        Ok(Some(match name {
            "bind" | "engine" | "connection" | "conn" => super::bind::Connection::value(),
            "dialect" => Value::object(super::dialect::DialectObject),
            "default_schema_name" => default_schema(vm.host.catalog().dialect),
            "info_cache" => Value::list(Vec::new()),
            _ if name.starts_with("__") => return Ok(None),
            _ => vm.unknown(format!("`.{name}` of an inspector is not modelled"), span),
        }))
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(Class::named(class, "Inspector"))
    }
}

fn default_schema(dialect: Dialect) -> Value {
    dialect.default_schema().map_or(Value::None, Value::str)
}

fn method(name: &str) -> Option<Body<Inspector>> {
    Some(match name {
        "has_table" => |_, vm, args, span| has_table(vm, args.get(0, "table_name"), args.get(1, "schema"), span),
        "get_table_names" => table_names,
        "get_sorted_table_and_fkc_names" => {
            |_, vm, _, span| Ok(vm.unknown("the order of tables is not modelled", span))
        }
        "get_view_names" => |_, vm, args, span| objects(vm, &args, ObjectKind::View, span),
        "get_materialized_view_names" => |_, vm, args, span| objects(vm, &args, ObjectKind::MaterializedView, span),
        "get_temp_table_names" | "get_temp_view_names" => |_, _, _, _| Ok(Value::list(Vec::new())),
        "get_schema_names" => schema_names,
        "has_schema" => |_, vm, args, span| {
            let Some(name) = text(&args, 0, "schema_name") else {
                return Ok(vm.unknown("which schema is not known", span));
            };
            let names = schemas(vm.host.catalog());
            Ok(doubt(vm, None, span).unwrap_or_else(|| Value::Bool(names.iter().any(|known| **known == *name))))
        },
        "get_sequence_names" => sequence_names,
        "has_sequence" => |_, vm, args, span| {
            let Some(name) = text(&args, 0, "sequence_name") else {
                return Ok(vm.unknown("which sequence is not known", span));
            };
            let catalog = vm.host.catalog();
            let name = qname(catalog.dialect, &name, text(&args, 1, "schema").as_deref());
            let found = catalog.sequences.contains_key(&name);
            Ok(doubt(vm, Some(&name), span).unwrap_or(Value::Bool(found)))
        },
        "get_enums" => enums,
        "get_columns" => |_, vm, args, span| of_table(vm, &args, span, true, reflect::columns),
        "get_pk_constraint" => |_, vm, args, span| of_table(vm, &args, span, false, reflect::primary_key),
        "get_primary_keys" => |_, vm, args, span| of_table(vm, &args, span, false, reflect::primary_keys),
        "get_foreign_keys" => |_, vm, args, span| of_table(vm, &args, span, true, reflect::foreign_keys),
        "get_unique_constraints" => |_, vm, args, span| of_table(vm, &args, span, true, reflect::uniques),
        "get_indexes" => |_, vm, args, span| of_table(vm, &args, span, true, reflect::indexes),
        "get_check_constraints" => |_, vm, args, span| of_table(vm, &args, span, true, reflect::checks),
        "get_table_comment" => |_, vm, args, span| of_table(vm, &args, span, false, reflect::comment),
        "get_table_options" => |_, vm, args, span| of_table(vm, &args, span, false, |_, _| reflect::dict(Vec::new())),
        "get_multi_columns" => |_, vm, _, span| Ok(vm.unknown("`get_multi_columns` is not modelled", span)),
        "has_index" => |_, vm, args, span| {
            let Some(index) = text(&args, 1, "index_name") else {
                return Ok(vm.unknown("which index is not known", span));
            };
            let indexes = of_table(vm, &args, span, true, reflect::indexes)?;
            let Value::List(indexes) = indexes else { return Ok(indexes) };
            let found = indexes.borrow().iter().any(|entry| reflect::entry(entry, "name").as_deref() == Some(&*index));
            Ok(Value::Bool(found))
        },
        "get_view_definition" => |_, vm, args, span| {
            let Some(name) = text(&args, 0, "view_name") else {
                return Ok(vm.unknown("which view is not known", span));
            };
            Ok(vm.unknown(format!("the definition of {name} is not modelled"), span))
        },
        "reflect_table" | "reflecttable" => |_, vm, args, span| reflect_table(vm, &args, span),
        "clear_cache" => |_, _, _, _| Ok(Value::None),
        _ => return None,
    })
}

/// Why what the catalog says of that name is not to be relied on, as a value; `name` is `None` where the question is
/// about all of it.
fn doubt(vm: &Vm<'_>, name: Option<&QName>, span: Span) -> Option<Value> {
    let catalog = vm.host.catalog();
    let why = match name {
        Some(name) => catalog.doubt_within(name).or(catalog.opaque.as_ref()).cloned(),
        None => catalog.opaque.clone().or_else(|| catalog.uncertain.values().next().cloned()),
    };
    why.map(|why| vm.unknown(why, span))
}

/// Why there may be tables that the catalog does not know: the chain alters tables that no revision creates.
fn open_world(catalog: &Catalog) -> Option<Arc<str>> {
    let assumed = catalog.tables.values().find(|table| table.assumed)?;
    Some(format!("the table {} is only assumed to exist, so others may exist as well", assumed.name).into())
}

/// `has_table(name, schema)`: of a view, too.
pub(super) fn has_table(vm: &mut Vm<'_>, name: Option<&Value>, schema: Option<&Value>, span: Span) -> Flow<Value> {
    let Some(name) = table_name(vm, name, schema) else {
        return Ok(vm.unknown("which table is not known", span));
    };
    let catalog = vm.host.catalog();
    let view = |kind| catalog.objects.contains_key(&(kind, name.clone()));
    let found = catalog.tables.contains_key(&name)
        || is_version_table(&name)
        || view(ObjectKind::View)
        || view(ObjectKind::MaterializedView);
    if let Some(value) = doubt(vm, Some(&name), span) {
        return Ok(value);
    }
    match open_world(vm.host.catalog()) {
        Some(why) if !found => Ok(vm.unknown(why, span)),
        _ => Ok(Value::Bool(found)),
    }
}

/// Alembic's own table, which is there before the first revision runs.
fn is_version_table(name: &QName) -> bool {
    name.schema.is_none() && &*name.name == "alembic_version"
}

fn table_name(vm: &mut Vm<'_>, name: Option<&Value>, schema: Option<&Value>) -> Option<QName> {
    let dialect = vm.host.catalog().dialect;
    let name = name?;
    if let Some(table) = name.downcast::<TableObject>() {
        return Some(table.name.clone());
    }
    let name = crate::alembic::known::text(vm, name)?;
    let schema = match schema {
        None | Some(Value::None) => None,
        Some(schema) => Some(crate::alembic::known::text(vm, schema)?),
    };
    Some(qname(dialect, &name, schema.as_deref()))
}

/// The table that a question is about; `Err` is the answer where there is no such table for certain to be had.
fn table(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Result<Arc<Table>, Value>> {
    let Some(name) = table_name(vm, args.get(0, "table_name"), args.get(1, "schema")) else {
        return Ok(Err(vm.unknown("which table is not known", span)));
    };
    if let Some(value) = doubt(vm, Some(&name), span) {
        return Ok(Err(value));
    }
    let catalog = vm.host.catalog();
    if let Some(table) = catalog.table(&name) {
        return Ok(Ok(Arc::clone(table)));
    }
    if is_version_table(&name) {
        return Ok(Ok(Arc::new(reflect::version_table(catalog.dialect))));
    }
    if let Some(why) = open_world(catalog) {
        return Ok(Err(vm.unknown(why, span)));
    }
    if catalog.objects.contains_key(&(ObjectKind::View, name.clone())) {
        return Ok(Err(vm.unknown(format!("the columns of the view {name} are not known"), span)));
    }
    if catalog.dialect == Dialect::Sqlite {
        // SQLAlchemy 2 raises here as well; older versions gave an empty list, and scripts that care catch this.
    }
    Err(vm.raise("sqlalchemy.exc.NoSuchTableError", &name.to_string(), span))
}

/// A question about one table; `whole` where an assumed table leaves the answer open.
fn of_table(
    vm: &mut Vm<'_>,
    args: &Args,
    span: Span,
    whole: bool,
    answer: fn(&Table, &Catalog) -> Value,
) -> Flow<Value> {
    let table = match table(vm, args, span)? {
        Ok(table) => table,
        Err(value) => return Ok(value),
    };
    if table.assumed {
        let _ = whole;
        return Ok(vm.unknown(format!("the table {} is only assumed to exist", table.name), span));
    }
    Ok(answer(&table, vm.host.catalog()))
}

fn schema_of(args: &Args, dialect: Dialect) -> Option<Rc<str>> {
    text(args, 0, "schema").filter(|schema| Some(&**schema) != dialect.default_schema())
}

fn table_names(_: &Rc<Inspector>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    if let Some(value) = doubt(vm, None, span) {
        return Ok(value);
    }
    let catalog = vm.host.catalog();
    if let Some(why) = open_world(catalog) {
        return Ok(vm.unknown(why, span));
    }
    let schema = schema_of(&args, catalog.dialect);
    let mut names: Vec<&str> = catalog
        .tables
        .keys()
        .filter(|name| name.schema.as_deref() == schema.as_deref())
        .map(|name| &*name.name)
        .collect();
    if schema.is_none() && !names.contains(&"alembic_version") {
        names.push("alembic_version");
        names.sort_unstable();
    }
    Ok(Value::list(names.into_iter().map(Value::str).collect()))
}

fn objects(vm: &mut Vm<'_>, args: &Args, kind: ObjectKind, span: Span) -> Flow<Value> {
    if let Some(value) = doubt(vm, None, span) {
        return Ok(value);
    }
    let catalog = vm.host.catalog();
    let schema = schema_of(args, catalog.dialect);
    let names =
        catalog.objects.keys().filter(|(known, name)| *known == kind && name.schema.as_deref() == schema.as_deref());
    Ok(Value::list(names.map(|(_, name)| Value::str(&name.name)).collect()))
}

fn schemas(catalog: &Catalog) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = catalog
        .objects
        .keys()
        .filter(|(kind, _)| *kind == ObjectKind::Schema)
        .map(|(_, name)| Arc::clone(&name.name))
        .collect();
    match catalog.dialect {
        Dialect::PostgreSql => names.extend(["information_schema".into(), "public".into()]),
        Dialect::Sqlite => names.push("main".into()),
        Dialect::MySql => {}
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn schema_names(_: &Rc<Inspector>, vm: &mut Vm<'_>, _args: Args, span: Span) -> Flow<Value> {
    if let Some(value) = doubt(vm, None, span) {
        return Ok(value);
    }
    Ok(Value::list(schemas(vm.host.catalog()).iter().map(|name| Value::str(name)).collect()))
}

fn sequence_names(_: &Rc<Inspector>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    if let Some(value) = doubt(vm, None, span) {
        return Ok(value);
    }
    let catalog = vm.host.catalog();
    let schema = schema_of(&args, catalog.dialect);
    let names = catalog.sequences.keys().filter(|name| name.schema.as_deref() == schema.as_deref());
    Ok(Value::list(names.map(|name| Value::str(&name.name)).collect()))
}

/// `get_enums(schema=None)`: of one schema, or of all with `"*"`.
fn enums(_: &Rc<Inspector>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    if let Some(value) = doubt(vm, None, span) {
        return Ok(value);
    }
    let catalog = vm.host.catalog();
    if catalog.dialect != Dialect::PostgreSql {
        return Err(vm.raise("AttributeError", "'Inspector' object has no attribute 'get_enums'", span));
    }
    if let Some(why) = open_world(catalog) {
        return Ok(vm.unknown(why, span));
    }
    let schema = schema_of(&args, catalog.dialect);
    let all = schema.as_deref() == Some("*");
    let listed = catalog.enums.values().filter(|ty| all || ty.name.schema.as_deref() == schema.as_deref());
    Ok(Value::list(
        listed
            .map(|ty| {
                reflect::dict(vec![
                    ("name", Value::str(&ty.name.name)),
                    ("schema", Value::str(ty.name.schema.as_deref().unwrap_or("public"))),
                    ("visible", Value::Bool(ty.name.schema.is_none())),
                    ("labels", Value::list(ty.values.iter().map(|label| Value::str(label)).collect())),
                ])
            })
            .collect(),
    ))
}

/// `inspector.reflect_table(table, include_columns)`: fills the table in.
fn reflect_table(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let Some(object) = args.get(0, "table").and_then(Value::downcast::<TableObject>) else {
        return Ok(Value::None);
    };
    let stored = vm.host.catalog().table(&object.name).cloned();
    let Some(stored) = stored else {
        return Err(vm.raise("sqlalchemy.exc.NoSuchTableError", &object.name.to_string(), span));
    };
    for column in &stored.columns {
        object.adopt(Rc::new(reflect::column_object(column, &stored)));
    }
    Ok(Value::None)
}
