//! The faces of the core for JavaScript: the playground's worker, a [`session::Session`] behind bytes; and, with the feature
//! `package`, functions that take plain objects and give the documented reports.

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

#[cfg(feature = "package")]
pub mod javascript;
#[cfg(any(test, feature = "package"))]
pub mod package;
pub mod session;
#[cfg(not(feature = "package"))]
pub mod worker;
