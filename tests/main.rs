//! The integration tests: one binary, a module per topic.

mod command;
mod docs;
mod garbage;
mod project;
mod tidy;
