//! [`Name`] and [`QName`]: identifiers as the database stores them.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// An identifier, as stored: already folded, unquoted.
pub type Name = Arc<str>;

/// A name that may be in a schema. Shared, and one word long: the catalogs of a long history hold every name in every
/// snapshot that differs near it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct QName(Arc<NameParts>);

/// The parts of a [`QName`]. `schema` is `None` in the default schema, so that `public.users` and `users` are one name
/// on PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameParts {
    /// The schema, where it is not the default one.
    pub schema: Option<Name>,
    /// The name.
    pub name: Name,
}

impl QName {
    /// A name in the default schema.
    pub fn new(name: impl Into<Name>) -> Self {
        Self(Arc::new(NameParts { schema: None, name: name.into() }))
    }

    /// A name in a schema, `None` being the default one.
    pub fn in_schema(schema: Option<impl Into<Name>>, name: impl Into<Name>) -> Self {
        Self(Arc::new(NameParts { schema: schema.map(Into::into), name: name.into() }))
    }

    /// Another name in the same schema.
    #[must_use]
    pub fn sibling(&self, name: impl Into<Name>) -> Self {
        Self(Arc::new(NameParts { schema: self.schema.clone(), name: name.into() }))
    }

    /// The name of something that has its own name within this table: a trigger, a constraint.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        self.sibling(format!("{}.{name}", self.name))
    }
}

impl Ord for QName {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl PartialOrd for QName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Deref for QName {
    type Target = NameParts;

    fn deref(&self) -> &NameParts {
        &self.0
    }
}

impl fmt::Debug for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QName").field("schema", &self.schema).field("name", &self.name).finish()
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
