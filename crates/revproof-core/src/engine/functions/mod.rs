//! Functions on values, where GlueSQL has none or one that differs: text, numbers, moments, JSON.

mod aggregate;
mod arithmetic;
mod array;
mod dynamic;
mod format;
mod interval;
mod json;
mod moment;
mod number;
mod regex;
mod sets;
mod signature;
mod sqlite_json;
mod sqlite_time;
mod text;
mod to_char;
mod window;

pub(super) use aggregate::aggregate;
pub(super) use arithmetic::arithmetic;
pub(super) use array::{array_call, read_array};
pub(super) use dynamic::{dynamic_order, dynamic_truth, plain_text};
pub(super) use format::quoting_call;
pub(super) use interval::{
    add_interval, add_intervals, age, interval_order, interval_part, interval_text, interval_time, multiply_interval,
    time_between,
};
pub(super) use json::{canonical, json_call, json_equal, json_get};
pub(super) use moment::{add_days, date_part, date_trunc, days_between};
pub(super) use number::{numeric, rounded};
pub(super) use regex::{check_pattern, regex_call, regex_matches};
pub(super) use sets::set_rows;
pub(super) use signature::{Resolved, resolve};
pub(super) use sqlite_json::{Given as JsonGiven, sqlite_json, sqlite_json_each, sqlite_json_group};
pub(super) use sqlite_time::sqlite_time;
pub(super) use text::{like, textual};
pub(super) use to_char::{Pattern, moment_by, moment_of_seconds, moment_text, number_text};
pub(super) use window::{Frame, Place, over_rows, ranges_by_value};
