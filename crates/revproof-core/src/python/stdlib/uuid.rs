//! `uuid`.

use super::function;
use super::scalar::{Scalar, ScalarClass};
use crate::python::value::{Args, Flow, Value};
use crate::python::vm::Vm;
use crate::source::Span;

pub(super) fn member(vm: &mut Vm<'_>, name: &str, span: Span) -> Option<Value> {
    match name {
        "UUID" => Some(Value::object(ScalarClass("UUID"))),
        "uuid1" | "uuid4" => function("uuid4", |vm, _, span| {
            Ok(match vm.loader.fresh() {
                Some(number) => Scalar::Uuid(drawn(number)).value(),
                None => vm.unknown("a random UUID is made", span),
            })
        }),
        "uuid3" | "uuid5" => function("uuid5", |vm, _, span| Ok(vm.unknown("a UUID is made from a hash", span))),
        "NAMESPACE_DNS" | "NAMESPACE_URL" | "NAMESPACE_OID" => Some(vm.unknown("a UUID is made from a hash", span)),
        _ => None,
    }
}

pub(super) fn construct(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    if let Some(Value::Int(int)) = args.keyword("int") {
        return Ok(Scalar::Uuid(u128::try_from(*int).unwrap_or(0)).value());
    }
    let Some(text) = args.get(0, "hex").and_then(Value::as_str) else {
        return Ok(vm.unknown("the UUID is made in a way that is not simulated", span));
    };
    match parse(text) {
        Some(uuid) => Ok(Scalar::Uuid(uuid).value()),
        None => Err(vm.raise("ValueError", "badly formed hexadecimal UUID string", span)),
    }
}

/// A UUID that stands for one drawn at random: no two are the same, and nothing may hang on which it is. The number is
/// scattered over it, so that it also looks like one.
fn drawn(number: u64) -> u128 {
    let scattered = |seed: u64| {
        let mixed = number.wrapping_add(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        u128::from(mixed ^ (mixed >> 31))
    };
    let all = scattered(1) << 64 | scattered(0x1234_5678_9abc_def0);
    let (version, variant) = (0xf_u128 << 76, 0b11_u128 << 62);
    all & !version & !variant | 4 << 76 | 0b10 << 62
}

fn parse(text: &str) -> Option<u128> {
    let plain = text.replace("urn:", "").replace("uuid:", "");
    let plain = plain.trim_matches(['{', '}']).replace('-', "");
    if plain.len() != 32 || !plain.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(&plain, 16).ok()
}

pub(super) fn text(uuid: u128) -> String {
    let hex = format!("{uuid:032x}");
    let part = |start: usize, end: usize| hex.get(start..end).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

pub(super) fn attribute(uuid: u128, name: &str) -> Option<Value> {
    match name {
        "hex" => Some(Value::Str(format!("{uuid:032x}").into())),
        "bytes" => Some(Value::Bytes(uuid.to_be_bytes().into())),
        // Only the variant of RFC 4122 has versions.
        "version" if (uuid >> 62) & 0b11 == 0b10 => i64::try_from((uuid >> 76) & 0xf).ok().map(Value::Int),
        "version" => Some(Value::None),
        "urn" => Some(Value::Str(format!("urn:uuid:{}", text(uuid)).into())),
        _ => None,
    }
}
