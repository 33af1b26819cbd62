//! Stands in for `wasm-streams`, through which Leptos sends and reads the streams of functions on a server.
//!
//! The playground has no server, and its policy would not let it ask one. The real crate exports what the streams call
//! back, so that no linker can tell that nobody does, and it is a fiftieth of the page.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use wasm_bindgen::JsValue;
use web_sys::ReadableStream as Raw;

/// A stream of the browser's.
#[derive(Debug)]
pub struct ReadableStream(Raw);

impl ReadableStream {
    /// A stream of what another gives. Nothing comes of it here.
    ///
    /// # Panics
    /// Where the browser has no streams.
    pub fn from_stream<S>(_: S) -> Self {
        Self(Raw::new().expect("every browser with WebAssembly has streams"))
    }

    /// A stream that the browser made.
    pub fn from_raw(raw: Raw) -> Self {
        Self(raw)
    }

    /// The browser's own.
    pub fn into_raw(self) -> Raw {
        self.0
    }

    /// What comes of it: nothing.
    pub fn into_stream(self) -> Nothing {
        Nothing
    }
}

/// A stream that has ended.
#[derive(Debug)]
pub struct Nothing;

impl Stream for Nothing {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
