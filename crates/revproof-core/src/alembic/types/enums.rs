//! [`EnumSpec`]: `sa.Enum`, `postgresql.ENUM` and `mysql.ENUM`.

use std::rc::Rc;

use super::SaType;
use super::kind::Kind;
use crate::alembic::known::{self, Known, NameArg};
use crate::python::{Args, Flow, Unknown, Value, Vm, enum_members};
use crate::schema::{Dialect, Name, QName};
use crate::source::Span;

/// Which class an enum type is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic) enum Flavour {
    /// `sa.Enum`.
    Generic,
    /// `postgresql.ENUM`.
    PostgreSql,
    /// `mysql.ENUM`.
    MySql,
}

/// An enum type, as a script gives it.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct EnumSpec {
    /// Which class it is of.
    pub flavour: Flavour,
    /// Its values, or why they can't be known.
    pub values: Known<Vec<Rc<str>>>,
    /// Its name.
    pub name: NameArg,
    /// Its schema.
    pub schema: Option<Rc<str>>,
    /// `native_enum`.
    pub native: bool,
    /// `create_constraint`.
    pub create_constraint: bool,
    /// `create_type`.
    pub create_type: bool,
    /// `length`.
    pub length: Option<u32>,
    /// The Python enum that it is made of, where it is: its members are the values on Python's side.
    pub class: Option<Value>,
    /// `inherit_schema`: it lives in the schema of its table.
    pub inherit_schema: bool,
}

impl EnumSpec {
    /// An enum type without arguments.
    pub(in crate::alembic) fn nameless(flavour: Flavour) -> Self {
        Self {
            flavour,
            values: Ok(Vec::new()),
            name: NameArg::None,
            schema: None,
            native: true,
            create_constraint: false,
            create_type: true,
            length: None,
            class: None,
            inherit_schema: false,
        }
    }

    /// The name of the type on PostgreSQL, for a table in `table_schema`.
    pub(in crate::alembic) fn qname(&self, dialect: Dialect, table_schema: Option<&str>) -> Option<QName> {
        let schema = self.schema.as_deref().or(if self.inherit_schema { table_schema } else { None });
        Some(known::qname(dialect, self.name.text()?, schema))
    }

    /// The name of the type as statements about it spell it.
    pub(in crate::alembic) fn spelled(&self, vm: &Vm<'_>, table_schema: Option<&str>) -> Option<QName> {
        let schema = self.schema.as_deref().or(if self.inherit_schema { table_schema } else { None });
        Some(known::spelled(vm, self.name.text()?, schema))
    }

    /// The length of the `VARCHAR` where the dialect has no such type.
    pub(in crate::alembic) fn text_length(&self) -> Option<u32> {
        let longest = || {
            let values = self.values.as_ref().ok()?;
            Some(values.iter().map(|value| value.chars().count()).max().unwrap_or(0) as u32)
        };
        self.length.or_else(longest)
    }

    /// Its values as the catalog holds them.
    pub(in crate::alembic) fn labels(&self) -> Known<Vec<Name>> {
        self.values.as_ref().map(|values| known::shared(values)).map_err(Clone::clone)
    }
}

/// The enum type that PostgreSQL would make for a type: itself, the item of an array, or what a decorator wraps.
pub(in crate::alembic) fn named_enum(ty: &SaType, dialect: Dialect) -> Option<Rc<EnumSpec>> {
    match &ty.on(dialect).kind {
        Kind::Enum(spec) if spec.native && spec.flavour != Flavour::MySql => Some(spec.clone()),
        Kind::Array(inner) | Kind::Decorated(inner) => named_enum(inner, dialect),
        _ => None,
    }
}

/// `Enum(*values, **options)`.
pub(super) fn build(class: &str, flavour: Flavour, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<SaType> {
    let mut spec = EnumSpec::nameless(flavour);
    let mut unknown: Option<Rc<Unknown>> = args.open.clone();
    spec.name = NameArg::read(vm, args.keyword("name"), span);
    read_values(&mut spec, vm, &args, span)?;
    let mut keep = |known: Known<bool>, default: bool| {
        known.unwrap_or_else(|why| {
            unknown = Some(why);
            default
        })
    };
    spec.native = keep(known::flag(vm, args.keyword("native_enum"), true, span), true);
    spec.create_constraint = keep(known::flag(vm, args.keyword("create_constraint"), false, span), false);
    spec.create_type = keep(known::flag(vm, args.keyword("create_type"), true, span), true);
    spec.inherit_schema = keep(known::flag(vm, args.keyword("inherit_schema"), false, span), false);
    match known::optional_text(vm, args.keyword("schema"), span) {
        Ok(schema) => spec.schema = schema,
        Err(why) => unknown = Some(why),
    }
    match known::number(args.keyword("length"), span) {
        Ok(length) => spec.length = length.and_then(|length| u32::try_from(length).ok()),
        Err(why) => unknown = Some(why),
    }
    if let NameArg::Unknown(why) = &spec.name {
        unknown = Some(why.clone());
    }
    if spec.native || spec.length.is_none() {
        // Without its values neither a MySQL `ENUM` nor the length of a `VARCHAR` is known; a PostgreSQL enum type has
        // a name, and that is enough for a column.
        if let Err(why) = &spec.values
            && (spec.name.text().is_none() || vm.host.catalog().dialect != Dialect::PostgreSql || !spec.native)
        {
            unknown = Some(why.clone());
        }
    }
    let mut ty = SaType::plain(class, Kind::Enum(Rc::new(spec)));
    if let Ok(collation) = known::optional_text(vm, args.keyword("collation"), span) {
        ty.params.collation = collation.map(|collation| Name::from(&*collation));
    }
    if let Ok(charset) = known::optional_text(vm, args.keyword("charset"), span) {
        ty.params.charset = charset.map(|charset| Name::from(&*charset));
    }
    ty.unknown = unknown;
    Ok(ty)
}

fn read_values(spec: &mut EnumSpec, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<()> {
    let listed = args.keyword("enums").cloned();
    if let [Value::Object(_)] = args.positional.as_slice()
        && let Some(class) = args.positional.first()
        && known::text(vm, class).is_none()
    {
        return read_class(spec, vm, class, args, span);
    }
    let positional = match listed {
        Some(listed) => match known::items(vm, &listed, span)? {
            Ok(items) => items,
            Err(why) => {
                spec.values = Err(why);
                return Ok(());
            }
        },
        None => args.positional.clone(),
    };
    spec.values = positional.iter().map(|value| known::name(vm, Some(value), span)).collect();
    if let Some(open) = &args.open {
        spec.values = Err(open.clone());
    }
    Ok(())
}

/// `Enum(SomeClass)`: the names of its members, unless `values_callable` says otherwise; the class lends its name.
fn read_class(spec: &mut EnumSpec, vm: &mut Vm<'_>, class: &Value, args: &Args, span: Span) -> Flow<()> {
    spec.class = Some(class.clone());
    if matches!(spec.name, NameArg::None)
        && let Ok(Value::Str(name)) = vm.attr(class, "__name__", span)
    {
        spec.name = NameArg::Plain(name.to_lowercase().into());
    }
    if let Some(callable) = args.keyword("values_callable").filter(|value| !matches!(value, Value::None)) {
        let call = Args { positional: vec![class.clone()], ..Args::default() };
        let values = vm.call(callable, call, span)?;
        spec.values = known::names(vm, Some(&values), span)?;
        return Ok(());
    }
    let Some(members) = enum_members(vm, class) else {
        spec.values = Err(known::unknown(class, span));
        return Ok(());
    };
    let names = members.into_iter().map(|(name, _)| name).collect();
    spec.values = Ok(names);
    Ok(())
}
