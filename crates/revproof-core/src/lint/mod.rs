//! The rules: what each looks for, how it says so, and the framework that keeps a rule to one file.

mod context;

pub use context::{Chain, Context};
