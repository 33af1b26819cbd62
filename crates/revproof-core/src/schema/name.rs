//! [`Name`] and [`QName`]: identifiers as the database stores them.

use std::fmt;
use std::sync::Arc;

/// An identifier, as stored: already folded, unquoted.
pub type Name = Arc<str>;

/// A name that may be in a schema. `schema` is `None` in the default schema, so that `public.users` and `users` are
/// one name on PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QName {
    /// The schema, where it is not the default one.
    pub schema: Option<Name>,
    /// The name.
    pub name: Name,
}

impl QName {
    /// A name in the default schema.
    pub fn new(name: impl Into<Name>) -> Self {
        Self { schema: None, name: name.into() }
    }

    /// A name in a schema, `None` being the default one.
    pub fn in_schema(schema: Option<impl Into<Name>>, name: impl Into<Name>) -> Self {
        Self { schema: schema.map(Into::into), name: name.into() }
    }

    /// Another name in the same schema.
    #[must_use]
    pub fn sibling(&self, name: impl Into<Name>) -> Self {
        Self { schema: self.schema.clone(), name: name.into() }
    }
}

impl From<&str> for QName {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
