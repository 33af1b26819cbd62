//! The face of the core for JavaScript: what goes in are plain objects, what comes out are the documented reports.

use std::collections::BTreeMap;

use revproof_core::analyse::analyse;
use revproof_core::config::Config;
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::prelude::*;

/// Proves the chains in `files`, an object of path to text, and gives the report of `revproof check --output-format json`.
#[wasm_bindgen]
pub fn check(files: JsValue) -> Result<JsValue, JsValue> {
    let files: BTreeMap<String, String> = from_value(files)?;
    let report = analyse(&files, "", &Config::default());
    Ok(report.serialize(&Serializer::json_compatible())?)
}
