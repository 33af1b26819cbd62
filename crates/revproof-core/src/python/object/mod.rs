//! The objects that the evaluator itself knows, each a [`super::Foreign`]: functions, classes, instances, modules,
//! builtins, iterators.

pub(super) mod class;
pub(super) mod dataclass;
pub(super) mod enumeration;
pub(super) mod exception;
pub(super) mod function;
pub(super) mod instance;
pub(super) mod items;
pub(super) mod method;
pub(super) mod module;
pub(super) mod native;
pub(super) mod range;
pub(super) mod slice;

use std::rc::Rc;

use self::class::Class;
use self::function::Function;
use self::instance::Instance;
use self::method::BoundMethod;
use super::value::Value;
use super::vm::Vm;

/// `type(value).__name__`.
pub(super) fn type_name(value: &Value) -> Rc<str> {
    match value {
        Value::None => "NoneType".into(),
        Value::Bool(_) => "bool".into(),
        Value::Int(_) => "int".into(),
        Value::Float(_) => "float".into(),
        Value::Str(_) => "str".into(),
        Value::Bytes(_) => "bytes".into(),
        Value::List(_) => "list".into(),
        Value::Tuple(_) => "tuple".into(),
        Value::Dict(_) => "dict".into(),
        Value::Set(_) => "set".into(),
        Value::Object(object) => object.type_name(),
        Value::Unknown(_) => "unknown".into(),
    }
}

/// `type(value)`.
pub(super) fn class_of(vm: &mut Vm<'_>, value: &Value) -> Value {
    if let Some(instance) = value.downcast::<Instance>() {
        return Value::Object(Rc::clone(&instance.class) as Rc<dyn super::Foreign>);
    }
    if let Value::Unknown(_) = value {
        return value.clone();
    }
    let name = type_name(value);
    if let Some(class) = native::type_named(&name) {
        return vm.builtin(class).unwrap_or(Value::None);
    }
    Value::object(native::Type { name: native::OTHER_TYPE, shown: Some(name) })
}

/// Whether calling the value runs code of the script.
pub(super) fn runs_code(value: &Value) -> bool {
    value.downcast::<Function>().is_some()
        || value.downcast::<BoundMethod>().is_some()
        || value.downcast::<Class>().is_some_and(|class| !class.is_exception())
}
