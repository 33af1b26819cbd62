//! Functions on values, where GlueSQL has none or one that differs: text, numbers, moments, JSON.

mod aggregate;
mod arithmetic;
mod array;
mod dynamic;
mod json;
mod moment;
mod number;
mod sets;
mod text;
mod window;

pub(super) use aggregate::aggregate;
pub(super) use arithmetic::arithmetic;
pub(super) use array::{array_call, read_array};
pub(super) use dynamic::{dynamic_order, dynamic_truth, plain_text};
pub(super) use json::{canonical, json_call, json_equal, json_extract, json_get};
pub(super) use moment::{add_days, add_interval, date_part, date_trunc, days_between, interval_order, interval_text};
pub(super) use number::{numeric, rounded};
pub(super) use sets::set_rows;
pub(super) use text::{like, textual};
pub(super) use window::{Frame, Place, over_rows};
