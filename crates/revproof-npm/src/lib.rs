//! The functions of [`revproof_session::package`], as JavaScript calls them: the npm package.

// What a user hands in must never end in a panic.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::IgnoredAny;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::prelude::*;

use revproof_session::package::{self, Files, Settings};

/// The types are written by hand: those of what is serialised can't be told from `JsValue`.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("package.d.ts");

/// Runs when the module is loaded.
#[wasm_bindgen(start, skip_typescript)]
pub fn start() {
    // Without it a panic says nothing but `unreachable`.
    console_error_panic_hook::set_once();
}

/// Proves the chains in the files.
#[wasm_bindgen(skip_typescript)]
pub fn check(files: JsValue, settings: JsValue) -> Result<JsValue, JsError> {
    given(package::check(read_files(files)?, read(settings)?))
}

/// The simulated database after moves.
#[wasm_bindgen(skip_typescript)]
pub fn step(files: JsValue, moves: JsValue, settings: JsValue) -> Result<JsValue, JsError> {
    given(package::step(read_files(files)?, from_value(moves)?, read(settings)?))
}

/// The simulated database at a revision.
#[wasm_bindgen(skip_typescript)]
pub fn schema(files: JsValue, revision: &str, settings: JsValue) -> Result<JsValue, JsError> {
    given(package::schema(read_files(files)?, revision, read(settings)?))
}

/// The difference of the schemas at two revisions.
#[wasm_bindgen(skip_typescript)]
pub fn diff(files: JsValue, from: &str, to: &str, settings: JsValue) -> Result<JsValue, JsError> {
    given(package::diff(read_files(files)?, from, to, read(settings)?))
}

/// The SQL that a revision sends.
#[wasm_bindgen(skip_typescript)]
pub fn sql(files: JsValue, revision: &str, downgrade: Option<bool>, settings: JsValue) -> Result<JsValue, JsError> {
    given(package::sql(read_files(files)?, revision, downgrade.unwrap_or_default(), read(settings)?))
}

/// What statements give on the database at a revision.
#[wasm_bindgen(skip_typescript)]
pub fn query(files: JsValue, revision: &str, sql: &str, settings: JsValue) -> Result<JsValue, JsError> {
    given(package::query(read_files(files)?, revision, sql, read(settings)?))
}

/// All rules.
#[wasm_bindgen(skip_typescript)]
pub fn rules() -> Result<JsValue, JsError> {
    given(Ok(package::rules()))
}

/// The manual of a rule, by name or code.
#[wasm_bindgen(skip_typescript)]
pub fn rule(name_or_code: &str) -> Result<JsValue, JsError> {
    given(package::rule(name_or_code))
}

fn read_files(files: JsValue) -> Result<Files, JsError> {
    from_value(files).map_err(|error| JsError::new(&format!("`files` is an object of path to text: {error}")))
}

fn read(settings: JsValue) -> Result<Settings, JsError> {
    if settings.is_undefined() || settings.is_null() {
        return Ok(Settings::default());
    }
    // An object's other keys are passed over in silence where it is read as a struct.
    #[expect(clippy::zero_sized_map_values, reason = "an object is read as a map only")]
    let keys: BTreeMap<String, IgnoredAny> = from_value(settings.clone())?;
    package::known_settings(keys.keys()).map_err(|why| JsError::new(&why))?;
    Ok(from_value(settings)?)
}

fn given<T: Serialize>(answer: Result<T, String>) -> Result<JsValue, JsError> {
    let answer = answer.map_err(|why| JsError::new(&why))?;
    Ok(answer.serialize(&Serializer::json_compatible())?)
}
