//! The engine that the worker of the playground runs: a [`Session`] behind bytes.

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

use revproof_messages::{Answer, Reply, decode, encode};
use revproof_session::Session;
use wasm_bindgen::prelude::*;

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
