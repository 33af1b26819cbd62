//! What can be asked of an instance of a type: `with_variant`, `create`, `drop`, its arguments.

use std::rc::Rc;

use super::enums::{EnumSpec, Flavour, named_enum};
use super::kind::Kind;
use super::{SaType, TypeClass, coerce};
use crate::alembic::apply;
use crate::alembic::known;
use crate::alembic::object;
use crate::alembic::objects::Method;
use crate::op::{Failure, FailureKind, OpKind, Origin};
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::schema::Dialect;
use crate::source::Span;

impl Foreign for SaType {
    object!("TypeEngine");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let optional = |number: Option<u32>| number.map_or(Value::None, |number| Value::Int(i64::from(number)));
        Ok(Some(match name {
            "with_variant" => Method::value(&self, with_variant),
            "create" => Method::value(&self, |ty, vm, args, span| create_or_drop(ty, vm, &args, true, span)),
            "drop" => Method::value(&self, |ty, vm, args, span| create_or_drop(ty, vm, &args, false, span)),
            "copy" | "dialect_impl" | "as_generic" | "adapt" => {
                Method::value(&self, |ty, _, _, _| Ok(Value::Object(ty.clone())))
            }
            "length" => optional(self.params.length),
            "precision" => optional(self.params.precision),
            "scale" => self.params.scale.map_or(Value::None, |scale| Value::Int(i64::from(scale))),
            "timezone" => Value::Bool(self.params.timezone),
            "name" => match &self.kind {
                Kind::Enum(spec) => spec.name.text().map_or(Value::None, |name| Value::Str(name.clone())),
                _ => self.params.name.text().map_or(Value::None, |name| Value::Str(name.clone())),
            },
            "enums" => match &self.kind {
                Kind::Enum(spec) => match &spec.values {
                    Ok(values) => Value::list(values.iter().map(|value| Value::Str(value.clone())).collect()),
                    Err(why) => Value::Unknown(why.clone()),
                },
                _ => return Ok(None),
            },
            "item_type" => match &self.kind {
                Kind::Array(inner) => Value::Object(inner.clone()),
                _ => return Ok(None),
            },
            "impl" => match &self.kind {
                Kind::Decorated(inner) => Value::Object(inner.clone()),
                _ => Value::Object(self),
            },
            _ => vm.unknown(format!("{}.{name} is not known", self.class), span),
        }))
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        let class = class.downcast::<TypeClass>()?;
        if class.name == self.class {
            return Some(true);
        }
        // A class above it is told by the kind: every `JSONB` is a `JSON`, every `Text` a `String`.
        let bare = class.bare();
        Some(match (&*class.name, &self.kind) {
            ("TypeEngine", _)
            | ("String", Kind::VarChar | Kind::Char | Kind::Text(_) | Kind::NVarChar | Kind::NChar | Kind::Enum(_))
            | ("Integer", Kind::Integer | Kind::BigInteger | Kind::SmallInteger | Kind::TinyInt)
            | ("JSON", Kind::Json | Kind::Jsonb)
            | ("Numeric", Kind::Numeric | Kind::Decimal | Kind::Float | Kind::Double)
            | ("DateTime", Kind::DateTime | Kind::Timestamp | Kind::PlainDateTime) => true,
            (_, Kind::Reflected(_) | Kind::Unknown) => return None,
            _ => {
                let same = std::mem::discriminant(&bare.kind) == std::mem::discriminant(&self.kind);
                // Generic classes stand above the SQL ones of their kind, never below.
                same && class.name.chars().any(char::is_lowercase)
            }
        })
    }

    fn text(&self) -> Option<Rc<str>> {
        // SQLAlchemy prints a type as a dialect of no particular database would write it.
        let generic = match &self.kind {
            Kind::DateTime => Some("DATETIME"),
            Kind::LargeBinary => Some("BLOB"),
            Kind::Uuid => Some("CHAR(32)"),
            Kind::Null => Some("NULL"),
            Kind::Time if self.params.precision.is_none() && !self.params.timezone => Some("TIME"),
            _ => None,
        };
        if let Some(text) = generic {
            return Some(text.into());
        }
        [Dialect::PostgreSql, Dialect::Sqlite, Dialect::MySql]
            .into_iter()
            .filter_map(|dialect| super::compile(self, dialect).ok().map(|ty| (ty, dialect)))
            .find(|(ty, _)| *ty != crate::schema::SqlType::Unknown)
            .map(|(ty, dialect)| ty.text(dialect).into())
    }
}

/// `type.with_variant(other, *dialect_names)`.
fn with_variant(ty: &Rc<SaType>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let mut changed = SaType::clone(ty);
    let mut given = args.positional.iter();
    let other = given.next().or_else(|| args.keyword("type_"));
    let Some(other) = other.and_then(coerce) else {
        let why = vm.unknown("the variant of a type is not known", span);
        changed.unknown = why.as_unknown().cloned();
        return Ok(Value::object(changed));
    };
    for dialect in given {
        match known::text(vm, dialect) {
            Some(name) => changed.variants.push((name, other.clone())),
            None => changed.unknown = Some(known::unknown(dialect, span)),
        }
    }
    if let Some(name) = args.keyword("dialect_name").and_then(|name| known::text(vm, name)) {
        changed.variants.push((name, other.clone()));
    }
    Ok(Value::object(changed))
}

/// `enum.create(bind, checkfirst=…)` and `enum.drop(…)`: on PostgreSQL a statement, elsewhere nothing.
fn create_or_drop(ty: &Rc<SaType>, vm: &mut Vm<'_>, args: &Args, create: bool, span: Span) -> Flow<Value> {
    let dialect = vm.host.catalog().dialect;
    let Some(spec) = named_enum(ty, dialect) else { return Ok(Value::None) };
    if dialect != Dialect::PostgreSql {
        return if vm.host.offline().is_some() && spec.flavour == Flavour::PostgreSql && dialect == Dialect::MySql {
            let message = "the mysql compiler can't render a CreateEnumType";
            Err(vm.raise_failure(Failure::new(FailureKind::Unsupported, message), span))
        } else {
            Ok(Value::None)
        };
    }
    // `postgresql.ENUM` checks unless told not to; `sa.Enum` only when told to (SQLAlchemy 1.4, 2.0 and 2.1).
    let by_default = spec.flavour == Flavour::PostgreSql;
    let checked = match known::flag(vm, args.get(1, "checkfirst"), by_default, span) {
        // There is nothing to look into in offline mode.
        Ok(_) if vm.host.offline().is_some() => false,
        Ok(checked) => checked,
        Err(why) => return unknown(vm, &spec, &why.why, create, span),
    };
    let Some(name) = spec.spelled(vm, None) else {
        let why = match &spec.name {
            crate::alembic::known::NameArg::Unknown(why) => why.why.clone(),
            _ => return Err(vm.raise("sqlalchemy.exc.CompileError", "PostgreSQL ENUM type requires a name.", span)),
        };
        vm.host.not_evaluated(why, span);
        return Ok(Value::None);
    };
    if !create {
        apply(vm, OpKind::DropType { name, if_exists: checked, cascade: false }, Origin::Object, span)?;
        return Ok(Value::None);
    }
    match spec.labels() {
        Ok(values) => {
            apply(vm, OpKind::CreateEnum { name, values, if_not_exists: checked }, Origin::Object, span)?;
            Ok(Value::None)
        }
        Err(why) => unknown(vm, &spec, &why.why, create, span),
    }
}

fn unknown(vm: &mut Vm<'_>, spec: &EnumSpec, why: &str, create: bool, span: Span) -> Flow<Value> {
    let dialect = vm.host.catalog().dialect;
    let what = if create { "CREATE TYPE" } else { "DROP TYPE" };
    let touches = spec.qname(dialect, None).into_iter().collect();
    let kind = OpKind::Opaque { what: what.into(), why: why.into(), touches, rows_only: false };
    apply(vm, kind, Origin::Object, span)?;
    Ok(Value::None)
}
