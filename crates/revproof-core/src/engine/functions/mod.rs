//! Functions on values, where GlueSQL has none or one that differs: text, numbers, moments, JSON.

mod aggregate;
mod arithmetic;
mod dynamic;
mod json;
mod moment;
mod number;
mod text;

pub(super) use aggregate::aggregate;
pub(super) use arithmetic::arithmetic;
pub(super) use dynamic::{dynamic_order, dynamic_truth, plain_text};
pub(super) use json::{canonical, json_call, json_extract, json_get};
pub(super) use moment::{add_days, add_interval, date_part, date_trunc, days_between, interval_text};
pub(super) use number::{numeric, rounded};
pub(super) use text::{like, textual};
