//! Stands in for the regex of GlueSQL: `regex-lite`, which is a tenth of its size.
//!
//! `engine` hands on patterns of ASCII characters without escapes only, and those mean the same to both. Where case is
//! ignored, it is the case of ASCII letters.

pub use regex_lite::*;
