//! [`Catalog`]: all that a database's system tables would say.

use std::sync::Arc;

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::dialect::Dialect;
use super::links::{Links, Target};
use super::name::{Name, QName};
use super::table::{Column, ColumnId, Identity, Index, PrimaryKey, Table};
use super::types::SqlType;

/// A schema, at one moment. Cheap to clone: a snapshot is kept for every step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// The database whose rules hold.
    pub dialect: Dialect,
    /// The tables. Read them here; changes go through [`Catalog::put_table`] and [`Catalog::take_table`], which keep
    /// the catalog's own registers of index names and references.
    pub tables: OrdMap<QName, Arc<Table>>,
    /// The enum types (PostgreSQL).
    pub enums: OrdMap<QName, Arc<EnumType>>,
    /// The sequences.
    pub sequences: OrdMap<QName, Arc<Sequence>>,
    /// Everything else that has a name.
    pub objects: OrdMap<(ObjectKind, QName), Arc<Object>>,
    /// Why a table, type or other object of that name may not be as it stands here: a statement that could not be
    /// evaluated touched it. What rests on it is `unknown`. Of a check there may be no more in doubt than itself, as
    /// [`QName::part`] of its table.
    pub uncertain: OrdMap<QName, Arc<str>>,
    /// Why anything at all may not be as it stands here (`DO $$ … $$`), if so.
    pub opaque: Option<Arc<str>>,
    /// Whether the connection renames tables as SQLite did before 3.25 (`PRAGMA legacy_alter_table = ON`): what refers to
    /// a table keeps its old name, and no view is read again.
    pub renames_alone: bool,
    /// Which table an index name belongs to, and which tables name a table, type or sequence.
    links: Links,
}

impl Catalog {
    /// The tables that the scripts are about: all but Alembic's own.
    pub fn own_tables(&self) -> impl Iterator<Item = &Arc<Table>> {
        self.tables.values().filter(|table| table.name.schema.is_some() || &*table.name.name != VERSION_TABLE)
    }

    /// A database as Alembic finds it: empty but for its own table `alembic_version`.
    pub fn new(dialect: Dialect) -> Self {
        let mut catalog = Self::empty(dialect);
        catalog.put_table(Arc::new(version_table()));
        catalog
    }

    /// A database with nothing in it at all.
    pub fn empty(dialect: Dialect) -> Self {
        Self {
            dialect,
            tables: OrdMap::new(),
            enums: OrdMap::new(),
            sequences: OrdMap::new(),
            objects: OrdMap::new(),
            uncertain: OrdMap::new(),
            opaque: None,
            renames_alone: false,
            links: Links::default(),
        }
    }

    /// Whether both are the same but for the numbers that new columns will get.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        // The registers follow from the tables.
        let Self { dialect, tables, enums, sequences, objects, uncertain, opaque, renames_alone, links: _ } = self;
        (*dialect, opaque, *renames_alone) == (other.dialect, &other.opaque, other.renames_alone)
            && tables.diff(&other.tables).all(|change| match change {
                DiffItem::Update { old: (_, one), new: (_, other) } => one.is_alike(other),
                DiffItem::Add(..) | DiffItem::Remove(..) => false,
            })
            && *enums == other.enums
            && *sequences == other.sequences
            && *objects == other.objects
            && *uncertain == other.uncertain
    }

    /// Why the table or other object of that name, or a part of it, may not be as it stands here.
    pub fn doubt_within(&self, name: &QName) -> Option<&Arc<str>> {
        let inside = |(other, _): &(&QName, &Arc<str>)| {
            let rest = other.name.strip_prefix(&*name.name).filter(|_| other.schema == name.schema);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.uncertain.iter().find(inside).map(|(_, why)| why)
    }

    /// The table of that name; SQLite does not care about case.
    pub fn table(&self, name: &QName) -> Option<&Arc<Table>> {
        self.tables.get(name).or_else(|| {
            let actual = self.links.table(name, self.dialect)?;
            self.tables.get(actual)
        })
    }

    /// Adds a table, or puts it in the place of the one with its name.
    pub fn put_table(&mut self, table: Arc<Table>) {
        let name = table.name.clone();
        self.links.replace(self.tables.get(&name).map(|old| &**old), Some(&table), self.dialect);
        self.tables.insert(name, table);
    }

    /// Takes a table out, by its exact name.
    pub fn take_table(&mut self, name: &QName) -> Option<Arc<Table>> {
        let old = self.tables.remove(name)?;
        self.links.replace(Some(&old), None, self.dialect);
        Some(old)
    }

    /// The table that an index, or a constraint with an index behind it, belongs to. On MySQL, where index names are
    /// the table's own affair, always `None`.
    pub fn index_owner(&self, index: &QName) -> Option<&QName> {
        self.links.index_owner(index, self.dialect)
    }

    /// The tables with a foreign key to this one, itself among them where it refers to itself.
    pub fn referencing(&self, table: &QName) -> Vec<QName> {
        self.links.users(Target::Table, table)
    }

    /// The tables with a column of this type.
    pub fn tables_using_type(&self, ty: &QName) -> Vec<QName> {
        self.links.users(Target::Type, ty)
    }

    /// The tables with a column whose default draws on this sequence.
    pub fn tables_using_sequence(&self, sequence: &QName) -> Vec<QName> {
        self.links.users(Target::Sequence, sequence)
    }

    /// A table that this one refers to, directly or through others, and that is not there: SQLite allows it, but
    /// SQLAlchemy can't reflect the table then.
    pub fn missing_reference(&self, table: &Table) -> Option<QName> {
        let mut seen: Vec<QName> = vec![table.name.clone()];
        let mut waiting: Vec<QName> = table.foreign_keys.iter().map(|key| key.ref_table.clone()).collect();
        while let Some(name) = waiting.pop() {
            if seen.contains(&name) {
                continue;
            }
            let Some(other) = self.table(&name) else { return Some(name) };
            waiting.extend(other.foreign_keys.iter().map(|key| key.ref_table.clone()));
            seen.push(name);
        }
        None
    }

    /// The view or materialized view of that name.
    pub fn view(&self, name: &QName) -> Option<&Arc<Object>> {
        if self.objects.is_empty() {
            return None;
        }
        self.objects
            .get(&(ObjectKind::View, name.clone()))
            .or_else(|| self.objects.get(&(ObjectKind::MaterializedView, name.clone())))
    }

    /// The materialized view that an index belongs to.
    pub fn indexed_view(&self, index: &QName) -> Option<&Arc<Object>> {
        let owns = |view: &&Arc<Object>| {
            view.name.schema == index.schema && view.indexes.iter().any(|own| own.name == index.name)
        };
        self.objects.values().find(owns)
    }

    /// What has this name among tables, indexes, sequences and views, which share one namespace.
    pub fn relation(&self, name: &QName) -> Option<Relation> {
        if self.table(name).is_some() {
            Some(Relation::Table)
        } else if self.index_owner(name).is_some() || self.indexed_view(name).is_some() {
            Some(Relation::Index)
        } else if self.sequences.contains_key(name) {
            Some(Relation::Sequence)
        } else {
            self.view(name).map(|_| Relation::View)
        }
    }
}

/// What a name stands for, among the things that share the namespace of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// A table.
    Table,
    /// An index.
    Index,
    /// A sequence.
    Sequence,
    /// A view, materialized or not.
    View,
}

/// The name of Alembic's own table.
pub const VERSION_TABLE: &str = "alembic_version";

fn version_table() -> Table {
    let id = ColumnId(0);
    let column = Column { nullable: false, ..Column::new(id, "version_num", SqlType::VarChar(Some(32))) };
    Table {
        columns: vec![column.into()],
        primary_key: Some(PrimaryKey { name: Some(Name::from("alembic_version_pkc")), columns: vec![id] }),
        next_column: 1,
        ..Table::new(QName::new(VERSION_TABLE))
    }
}

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    /// Its name.
    pub name: QName,
    /// Its values, in order.
    pub values: Vec<Name>,
}

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// Its name.
    pub name: QName,
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// The table that owns it, where a serial column or `OWNED BY` made one.
    pub owner: Option<QName>,
}

impl Sequence {
    /// The sequence of a column that counts: by its identity, where it has one, else from 1 by 1.
    pub(crate) fn of_column(name: QName, identity: Option<&Identity>, owner: &QName) -> Self {
        let start = identity.and_then(|identity| identity.start).unwrap_or(1);
        let increment = identity.and_then(|identity| identity.increment).unwrap_or(1);
        Self { name, start, increment, owner: Some(owner.clone()) }
    }
}

/// The kinds of objects that are known by name and text only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A schema.
    Schema,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A trigger; its name is qualified by its table: `table.trigger`.
    Trigger,
    /// An extension.
    Extension,
    /// A domain.
    Domain,
    /// A composite or other type that is no enum.
    Type,
    /// A row-level security policy, a rule, a publication, a role: anything else.
    Other,
}

impl ObjectKind {
    /// What it is called in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Trigger => "trigger",
            Self::Extension => "extension",
            Self::Domain => "domain",
            Self::Type => "type",
            Self::Other => "object",
        }
    }
}

/// An object known by name and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name.
    pub name: QName,
    /// Its definition as written, white space folded.
    pub definition: Name,
    /// The tables, views and types that the definition names, as far as it could be read.
    pub depends_on: Vec<QName>,
    /// The columns of tables that a view on PostgreSQL names, by which it knows them whatever they are called later, and
    /// what they were called when it was made.
    pub columns: Vec<(QName, ColumnId, Name)>,
    /// What a view on PostgreSQL calls its own columns, as far as that shows: it keeps these whatever its tables do.
    pub labels: Vec<Name>,
    /// The indexes of a materialized view, their columns by name.
    pub indexes: Vec<Index>,
}
