//! The face of the core for JavaScript: what goes in are plain objects, what comes out are the documented reports. And the
//! playground's worker: a [`Session`] behind [`Worker`].

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

pub mod session;

use std::collections::BTreeMap;

use revproof_core::analyse::analyse;
use revproof_core::config::Config;
use revproof_messages::{Answer, Reply, decode, encode};
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use session::Session;
use wasm_bindgen::prelude::*;

/// Proves the chains in `files`, an object of path to text, and gives the report of `revproof check --output-format json`.
#[wasm_bindgen]
pub fn check(files: JsValue) -> Result<JsValue, JsValue> {
    let files: BTreeMap<String, String> = from_value(files)?;
    let report = analyse(&files, "", &Config::default());
    Ok(report.serialize(&Serializer::json_compatible())?)
}

/// The worker of the playground: `new Session().handle(bytes)`.
#[wasm_bindgen(js_name = Session)]
#[derive(Default)]
pub struct Worker {
    session: Session,
}

#[wasm_bindgen(js_class = Session)]
impl Worker {
    /// A worker with an empty workspace.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        // Without it a panic says nothing but `unreachable`.
        console_error_panic_hook::set_once();
        Self::default()
    }

    /// Answers a request of the page: a message as bytes, in and out.
    pub fn handle(&mut self, request: &[u8]) -> Vec<u8> {
        let start = now();
        let Some(request) = decode(request) else {
            let message = "The page and its worker are of different versions.".to_owned();
            let reply = Reply::Refused { message, help: "Reload the page.".to_owned() };
            return encode(&Answer { id: 0, generation: 0, took: 0.0, reply });
        };
        let answer = self.session.handle(request);
        encode(&Answer { took: now() - start, ..answer })
    }
}

#[wasm_bindgen]
extern "C" {
    /// The milliseconds since the worker began.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}
