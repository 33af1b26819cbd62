//! revproof proofs database migrations: it reads Alembic and Flask-Migrate revision scripts without running them,
//! replays the chain up, down and up again on an in-memory database that holds rows, and says what it proved.
//!
//! The modules are the stages of that pipeline, and each imports only what stands above it here. Nothing in this crate
//! touches the file system, the clock, the environment or the network: files come in through [`source::FileTree`],
//! and a plain [`report`] goes out.

// What a user hands in must never end in a panic: tests may unwrap, the pipeline may not.
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

pub mod alembic;
pub mod analyse;
pub mod autogenerate;
pub mod config;
pub mod ddl;
pub mod diagnostic;
pub mod directory;
pub mod draft;
pub mod engine;
pub mod history;
pub mod lint;
pub mod listing;
pub mod offline;
pub mod op;
pub mod python;
pub mod render;
pub mod replay;
pub mod report;
pub mod schema;
pub mod share;
pub mod source;
pub mod sql;
pub mod workflow;
