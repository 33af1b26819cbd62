//! The integration tests: one binary, a module per topic.

mod autogenerate;
mod chains;
mod cli;
mod command;
mod conformance;
mod databases;
mod docs;
mod formats;
mod garbage;
mod graph;
mod incremental;
mod offline;
mod project;
mod python;
mod rows;
mod share;
mod tidy;
mod walkthrough;
mod watch;
mod workflow;
