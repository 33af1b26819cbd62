//! The typed catalog: what a database's system tables would say, and nothing about rows.
//!
//! [`Catalog`] holds [`Table`]s and the objects beside them. It is persistent: a clone is a few pointer copies, and two
//! catalogs share every table that neither changed. Names are stored as the dialect would store them (folded,
//! generated, truncated); texts of defaults and conditions are stored as the server prints them back.

mod catalog;
mod dialect;
mod diff;
mod diff_table;
mod drift;
mod family;
mod links;
mod name;
mod quote;
mod reflect;
mod table;
mod text;
mod tokens;
mod type_text;
mod types;
mod view;

pub use catalog::{Catalog, EnumType, Object, ObjectKind, Relation, Sequence, VERSION_TABLE};
pub use dialect::Dialect;
pub use diff::{Difference, DifferenceKind, diff};
pub use drift::drift;
pub(crate) use drift::loose;
pub use family::TypeFamily;
pub(crate) use links::named_type;
pub use name::{Name, NameParts, QName};
pub use quote::{is_reserved, needs_quotes, quote, quote_always, quote_qualified};
pub use reflect::reflect;
pub use table::{
    Check, Column, ColumnId, Computed, Exclusion, ForeignKey, Identity, Index, IndexPart, PrimaryKey,
    ReferentialAction, Table, Unique,
};
pub(crate) use text::{bare, literal_value, nextval_sequence, nextval_text};
pub use text::{condition_text, default_text};
pub(crate) use tokens::{Token, TokenKind, has_string_for_column, mentioned, renamed, same, tokens, unknown_column};
pub use types::{BlobSize, SqlType, TextSize};
