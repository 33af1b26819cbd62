//! Format specifications: `>10`, `05d`, `.2f`, `,`, `#x`.

use super::{MAX_WIDTH, float_text};
use crate::python::object::type_name;
use crate::python::value::Value;

/// `[[fill]align][sign][#][0][width][grouping][.precision][type]`
#[derive(Default, Clone)]
pub(super) struct Spec {
    pub(super) fill: Option<char>,
    pub(super) align: Option<char>,
    pub(super) sign: Option<char>,
    pub(super) alternate: bool,
    pub(super) zero: bool,
    pub(super) width: usize,
    pub(super) grouping: Option<char>,
    pub(super) precision: Option<usize>,
    pub(super) kind: Option<char>,
}

/// `format(value, spec)` of a builtin value; the error is what Python says.
pub(super) fn apply(value: &Value, text: &str) -> Result<String, String> {
    let spec = parse(text)
        .ok_or_else(|| format!("Invalid format specifier '{text}' for object of type '{}'", type_name(value)))?;
    match value {
        Value::Str(text) => match spec.kind {
            None | Some('s') => {
                let shown: String = match spec.precision {
                    Some(precision) => text.chars().take(precision).collect(),
                    None => text.to_string(),
                };
                Ok(pad(&shown, &spec, '<'))
            }
            Some(kind) => Err(unknown_kind(kind, "str")),
        },
        Value::Bool(truth) if spec.kind.is_none() => Ok(pad(if *truth { "True" } else { "False" }, &spec, '<')),
        Value::Bool(truth) => integer(i64::from(*truth), &spec),
        Value::Int(int) => integer(*int, &spec),
        Value::Float(value) => float(*value, &spec),
        other => Err(format!("unsupported format string passed to {}.__format__", type_name(other))),
    }
}

fn parse(text: &str) -> Option<Spec> {
    let chars: Vec<char> = text.chars().collect();
    let mut spec = Spec::default();
    let mut at = 0;
    let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '=' | '^'));
    if is_align(chars.get(1)) {
        spec.fill = chars.first().copied();
        spec.align = chars.get(1).copied();
        at = 2;
    } else if is_align(chars.first()) {
        spec.align = chars.first().copied();
        at = 1;
    }
    if let Some(sign @ ('+' | '-' | ' ')) = chars.get(at) {
        spec.sign = Some(*sign);
        at += 1;
    }
    if chars.get(at) == Some(&'#') {
        spec.alternate = true;
        at += 1;
    }
    if chars.get(at) == Some(&'0') {
        spec.zero = true;
        at += 1;
    }
    spec.width = digits(&chars, &mut at).unwrap_or(0).min(MAX_WIDTH);
    if let Some(grouping @ (',' | '_')) = chars.get(at) {
        spec.grouping = Some(*grouping);
        at += 1;
    }
    if chars.get(at) == Some(&'.') {
        at += 1;
        spec.precision = Some(digits(&chars, &mut at)?.min(MAX_WIDTH));
    }
    spec.kind = chars.get(at).copied();
    (chars.len() <= at + 1).then_some(spec)
}

fn digits(chars: &[char], at: &mut usize) -> Option<usize> {
    let mut number: Option<usize> = None;
    while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
        number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize));
        *at += 1;
    }
    number
}

pub(super) fn integer(int: i64, spec: &Spec) -> Result<String, String> {
    let magnitude = int.unsigned_abs();
    let (prefix, digits) = match spec.kind {
        None | Some('d' | 'n') => ("", magnitude.to_string()),
        Some('x') => ("0x", format!("{magnitude:x}")),
        Some('X') => ("0X", format!("{magnitude:X}")),
        Some('o') => ("0o", format!("{magnitude:o}")),
        Some('b') => ("0b", format!("{magnitude:b}")),
        Some('c') => {
            let c = u32::try_from(int).ok().and_then(char::from_u32).ok_or("%c arg not in range(0x110000)")?;
            return Ok(pad(&c.to_string(), spec, '<'));
        }
        #[expect(clippy::cast_precision_loss, reason = "so does Python")]
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => return float(int as f64, spec),
        Some(kind) => return Err(unknown_kind(kind, "int")),
    };
    let digits = group(&digits, spec.grouping, if prefix.is_empty() { 3 } else { 4 });
    let prefix = if spec.alternate { prefix } else { "" };
    Ok(signed(int < 0, prefix, &digits, spec))
}

pub(super) fn float(value: f64, spec: &Spec) -> Result<String, String> {
    let magnitude = value.abs();
    let shown = match spec.kind {
        None if spec.precision.is_none() => float_text(magnitude),
        None | Some('g' | 'n') => general(magnitude, spec.precision.unwrap_or(6), false),
        Some('G') => general(magnitude, spec.precision.unwrap_or(6), true),
        Some('f' | 'F') => format!("{magnitude:.*}", spec.precision.unwrap_or(6)),
        Some('%') => format!("{:.*}%", spec.precision.unwrap_or(6), magnitude * 100.0),
        Some('e') => exponent(magnitude, spec.precision.unwrap_or(6), 'e'),
        Some('E') => exponent(magnitude, spec.precision.unwrap_or(6), 'E'),
        Some(kind) => return Err(unknown_kind(kind, "float")),
    };
    let (whole, rest) = match shown.find(|c: char| !c.is_ascii_digit()) {
        Some(at) => shown.split_at_checked(at).unwrap_or((&shown, "")),
        None => (shown.as_str(), ""),
    };
    let shown = format!("{}{rest}", group(whole, spec.grouping, 3));
    Ok(signed(value.is_sign_negative() && !value.is_nan(), "", &shown, spec))
}

fn exponent(value: f64, precision: usize, letter: char) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}{letter}{sign}{digits:0>2}")
}

fn general(value: f64, precision: usize, upper: bool) -> String {
    let precision = precision.max(1);
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", precision - 1);
    let power: i64 = scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    let digits = i64::try_from(precision).unwrap_or(i64::MAX);
    let trim = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    if power < -4 || power >= digits {
        let text = exponent(value, precision - 1, if upper { 'E' } else { 'e' });
        let letter = if upper { 'E' } else { 'e' };
        let (mantissa, rest) = text.split_once(letter).unwrap_or((&text, "+00"));
        return format!("{}{letter}{rest}", trim(mantissa));
    }
    let decimals = usize::try_from(digits - 1 - power).unwrap_or(0);
    trim(&format!("{value:.decimals$}"))
}

fn group(digits: &str, separator: Option<char>, size: usize) -> String {
    let Some(separator) = separator else { return digits.to_owned() };
    let count = digits.chars().count();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (count - at).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

fn signed(negative: bool, prefix: &str, digits: &str, spec: &Spec) -> String {
    let sign = match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    };
    if (spec.zero && spec.align.is_none()) || spec.align == Some('=') {
        let fill = spec.fill.unwrap_or(if spec.zero { '0' } else { ' ' });
        let length = sign.len() + prefix.len() + digits.chars().count();
        let fill: String = std::iter::repeat_n(fill, spec.width.saturating_sub(length)).collect();
        return format!("{sign}{prefix}{fill}{digits}");
    }
    pad(&format!("{sign}{prefix}{digits}"), spec, '>')
}

pub(super) fn pad(text: &str, spec: &Spec, default: char) -> String {
    let missing = spec.width.saturating_sub(text.chars().count());
    if missing == 0 {
        return text.to_owned();
    }
    let fill = spec.fill.unwrap_or(if spec.zero { '0' } else { ' ' });
    let repeat = |count: usize| -> String { std::iter::repeat_n(fill, count).collect() };
    match spec.align.unwrap_or(default) {
        '<' => format!("{text}{}", repeat(missing)),
        '^' => format!("{}{text}{}", repeat(missing / 2), repeat(missing - missing / 2)),
        _ => format!("{}{text}", repeat(missing)),
    }
}

fn unknown_kind(kind: char, class: &str) -> String {
    format!("Unknown format code '{kind}' for object of type '{class}'")
}
