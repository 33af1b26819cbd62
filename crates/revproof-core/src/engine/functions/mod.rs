//! Functions on values, where GlueSQL has none or one that differs: text, numbers, moments, JSON.

mod json;
mod moment;
mod number;
mod text;

pub(super) use json::json_get;
pub(super) use moment::{add_interval, date_part, date_trunc};
pub(super) use number::{numeric, rounded};
pub(super) use text::{like, textual};
