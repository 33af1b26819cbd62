//! Developer commands: `cargo xtask --help`. Never shipped.

pub mod shell;
