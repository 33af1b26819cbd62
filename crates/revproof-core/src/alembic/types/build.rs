//! How a class of types reads its arguments.

use std::rc::Rc;

use super::class::{Base, Reader, TypeClass};
use super::kind::Kind;
use super::{SaType, coerce, decorator, enums};
use crate::alembic::known::{self, Known, NameArg};
use crate::python::{Args, Flow, Unknown, Value, Vm};
use crate::schema::Name;
use crate::source::Span;

/// `class(…)`.
pub(super) fn instance(class: &Rc<TypeClass>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let ty = match &class.base {
        Base::Known(kind, reader) => known_type(class, kind, *reader, vm, &args, span)?,
        Base::Enum(flavour) => enums::build(&class.name, *flavour, vm, args, span)?,
        Base::ThirdParty(package) => package.build(&class.name, vm, &args, span),
        Base::Abstract => SaType::plain(&class.name, Kind::Unknown),
        Base::Script(script) => decorator::build(&class.name, script, vm, args, span)?,
    };
    Ok(Value::object(ty))
}

/// An instance of one of SQLAlchemy's own classes.
fn known_type(
    class: &TypeClass,
    kind: &Kind,
    reader: Reader,
    vm: &mut Vm<'_>,
    args: &Args,
    span: Span,
) -> Flow<SaType> {
    let mut ty = SaType::plain(&class.name, kind.clone());
    ty.unknown.clone_from(&args.open);
    let mut read = Arguments { args, span, unknown: None };
    match reader {
        Reader::Nothing => {}
        Reader::Length => {
            ty.params.length = read.size(0, "length");
            ty.params.collation = read.text(vm, 1, "collation");
            ty.params.charset = read.text(vm, usize::MAX, "charset");
        }
        Reader::Decimal => {
            ty.params.precision = read.size(0, "precision");
            ty.params.scale = read.number(1, "scale");
        }
        Reader::Float => ty.params.precision = read.size(0, "precision"),
        Reader::Temporal => {
            ty.params.timezone = read.flag(vm, 0, "timezone");
            ty.params.precision = read.size(1, "precision");
        }
        Reader::FractionalSeconds => {
            // `DATETIME(timezone=False, fsp=None)`: the flag comes first here too.
            ty.params.length = read.size(1, "fsp");
        }
        Reader::Boolean => {
            ty.params.create_constraint = read.flag(vm, 0, "create_constraint");
            ty.params.name = NameArg::read(vm, args.get(1, "name"), span);
        }
        Reader::Interval => ty.params.precision = read.size(1, "second_precision"),
        Reader::PlainInterval => {
            ty.params.precision = read.size(0, "precision");
            ty.params.fields = read.text(vm, 1, "fields");
        }
        Reader::Uuid => {
            let native = args.get(1, "native_uuid");
            ty.params.not_native = native.is_some() && !read.flag(vm, 1, "native_uuid");
        }
        Reader::Bit => {
            ty.params.length = read.size(0, "length");
            ty.params.varying = read.flag(vm, 1, "varying");
        }
        Reader::MySqlInteger => {
            ty.params.length = read.size(0, "display_width");
            ty.params.unsigned = read.flag(vm, usize::MAX, "unsigned");
            ty.params.zerofill = read.flag(vm, usize::MAX, "zerofill");
        }
        Reader::MySqlNumber => {
            ty.params.precision = read.size(0, "precision");
            ty.params.scale = read.number(1, "scale");
            ty.params.unsigned = read.flag(vm, usize::MAX, "unsigned");
            ty.params.zerofill = read.flag(vm, usize::MAX, "zerofill");
        }
        Reader::Array => {
            let Some(item) = args.get(0, "item_type") else {
                let message = "ARRAY.__init__() missing 1 required positional argument: 'item_type'";
                return Err(vm.raise("TypeError", message, span));
            };
            match coerce(item) {
                Some(item) => {
                    ty.kind = Kind::Array(item);
                    ty.params.dimensions = read.size(2, "dimensions");
                }
                None => read.unknown = Some(known::unknown(item, span)),
            }
        }
        Reader::Set => {
            let values: Known<Vec<Rc<str>>> =
                args.positional.iter().map(|value| known::name(vm, Some(value), span)).collect();
            match values {
                Ok(values) => ty.kind = Kind::Set(known::shared(&values)),
                Err(unknown) => read.unknown = Some(unknown),
            }
        }
        Reader::Domain => match known::name(vm, args.get(0, "name"), span) {
            Ok(name) => ty.kind = Kind::Domain(Name::from(&*name)),
            Err(unknown) => read.unknown = Some(unknown),
        },
    }
    if read.unknown.is_some() {
        ty.unknown = read.unknown;
    }
    Ok(ty)
}

/// Arguments of a type, read one by one; the first that can't be known is kept.
struct Arguments<'a> {
    args: &'a Args,
    span: Span,
    unknown: Option<Rc<Unknown>>,
}

impl Arguments<'_> {
    fn keep<T: Default>(&mut self, known: Known<T>) -> T {
        known.unwrap_or_else(|unknown| {
            self.unknown = Some(unknown);
            T::default()
        })
    }

    fn raw_number(&mut self, at: usize, name: &str) -> Option<i64> {
        let number = known::number(self.args.get(at, name), self.span);
        self.keep(number)
    }

    fn size(&mut self, at: usize, name: &str) -> Option<u32> {
        self.raw_number(at, name).and_then(|number| u32::try_from(number).ok())
    }

    fn number(&mut self, at: usize, name: &str) -> Option<i32> {
        self.raw_number(at, name).and_then(|number| i32::try_from(number).ok())
    }

    fn text(&mut self, vm: &mut Vm<'_>, at: usize, name: &str) -> Option<Name> {
        let text = known::optional_text(vm, self.args.get(at, name), self.span);
        self.keep(text).map(|text| Name::from(&*text))
    }

    fn flag(&mut self, vm: &mut Vm<'_>, at: usize, name: &str) -> bool {
        let flag = known::flag(vm, self.args.get(at, name), false, self.span);
        self.keep(flag)
    }
}
