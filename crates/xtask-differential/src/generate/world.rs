//! [`World`]: the schema as the generator believes it to be, so that most of what it writes makes sense.

use revproof_core::schema::Dialect;

use super::types::Type;

/// The schema at one moment.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) dialect: Dialect,
    pub(super) tables: Vec<Table>,
    pub(super) enums: Vec<Enum>,
    pub(super) views: Vec<View>,
    /// Whether the second schema, `app`, has been made.
    pub(super) has_app: bool,
    /// How many names have been made up.
    pub(super) names: usize,
}

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) schema: Option<&'static str>,
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) key: Option<Key>,
    pub(super) uniques: Vec<Key>,
    pub(super) checks: Vec<Check>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) indexes: Vec<Index>,
    pub(super) comment: Option<String>,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) nullable: bool,
    /// The server default, in Python.
    pub(super) default: Option<String>,
    /// `sa.Identity(…)` or `sa.Computed(…)`, in Python.
    pub(super) generated: Option<String>,
    pub(super) comment: Option<String>,
}

/// A primary key or a unique constraint.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
}

/// A check constraint.
#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) name: Option<String>,
    pub(super) condition: String,
    pub(super) columns: Vec<String>,
}

/// A foreign key.
#[derive(Debug, Clone)]
pub(super) struct ForeignKey {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) ref_schema: Option<&'static str>,
    pub(super) ref_table: String,
    pub(super) ref_columns: Vec<String>,
    /// `ondelete='CASCADE'` and such, in Python.
    pub(super) options: Vec<String>,
}

/// An index.
#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) name: String,
    /// Its parts, in Python.
    pub(super) parts: Vec<String>,
    /// The columns that its parts and its predicate name.
    pub(super) columns: Vec<String>,
    pub(super) unique: bool,
    /// `postgresql_where=…` and such, in Python.
    pub(super) options: Vec<String>,
}

/// An enum type of PostgreSQL.
#[derive(Debug, Clone)]
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

/// A view.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) name: String,
    /// The statement that makes it.
    pub(super) created: String,
}

impl World {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, tables: Vec::new(), enums: Vec::new(), views: Vec::new(), has_app: false, names: 0 }
    }

    pub(super) fn is_sqlite(&self) -> bool {
        self.dialect == Dialect::Sqlite
    }

    /// A name that has not been used.
    pub(super) fn name(&mut self, base: &str) -> String {
        self.names += 1;
        format!("{base}{}", self.names)
    }

    /// A name for a thing, the plain one where nothing in `taken` has it.
    pub(super) fn free(&mut self, base: &str, taken: impl Fn(&str) -> bool) -> String {
        if taken(base) { self.name(base) } else { base.to_owned() }
    }

    /// Whether some table references this one.
    pub(super) fn is_referenced(&self, at: usize) -> bool {
        let table = &self.tables[at];
        let others = self.tables.iter().enumerate().filter(|(other, _)| *other != at);
        others.flat_map(|(_, t)| &t.foreign_keys).any(|key| key.is_to(table))
    }
}

impl Table {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Its name as SQL has it.
    pub(super) fn sql(&self) -> String {
        let schema = self.schema.map(|schema| format!("{schema}.")).unwrap_or_default();
        format!("{schema}{}", quoted(&self.name))
    }

    /// `, schema='app'` where it is in that schema.
    pub(super) fn schema_argument(&self, keyword: &str) -> Option<String> {
        self.schema.map(|schema| format!("{keyword}='{schema}'"))
    }

    /// Whether a key, a constraint or an index needs a column.
    pub(super) fn is_used(&self, column: &str) -> bool {
        let has = |columns: &[String]| columns.iter().any(|c| c == column);
        self.key.iter().chain(&self.uniques).any(|key| has(&key.columns))
            || self.checks.iter().any(|check| has(&check.columns))
            || self.foreign_keys.iter().any(|key| has(&key.columns) || key.is_to(self) && has(&key.ref_columns))
            || self.indexes.iter().any(|index| has(&index.columns))
            || self.columns.iter().any(|c| c.generated.as_ref().is_some_and(|g| g.contains(&quoted(column))))
    }

    /// Takes a column away, with everything that needs it.
    pub(super) fn forget(&mut self, column: &str) {
        let lacks = |columns: &[String]| !columns.iter().any(|c| c == column);
        self.columns.retain(|c| c.name != column);
        self.key = self.key.take().filter(|key| lacks(&key.columns));
        self.uniques.retain(|key| lacks(&key.columns));
        self.checks.retain(|check| lacks(&check.columns));
        self.foreign_keys.retain(|key| lacks(&key.columns));
        self.indexes.retain(|index| lacks(&index.columns));
    }

    /// Gives a column another name wherever it is named.
    pub(super) fn rename(&mut self, column: &str, to: &str) {
        let mend = |columns: &mut Vec<String>| {
            columns.iter_mut().filter(|c| *c == column).for_each(|c| to.clone_into(c));
        };
        self.columns.iter_mut().filter(|c| c.name == column).for_each(|c| to.clone_into(&mut c.name));
        self.key.iter_mut().chain(&mut self.uniques).for_each(|key| mend(&mut key.columns));
        self.foreign_keys.iter_mut().for_each(|key| mend(&mut key.columns));
        for check in &mut self.checks {
            mend(&mut check.columns);
            check.condition = check.condition.replace(&quoted(column), &quoted(to));
        }
        for index in &mut self.indexes {
            mend(&mut index.columns);
            for part in index.parts.iter_mut().chain(&mut index.options) {
                *part = part.replace(&format!("'{column}'"), &format!("'{to}'")).replace(&quoted(column), &quoted(to));
            }
        }
    }
}

impl ForeignKey {
    pub(super) fn is_to(&self, table: &Table) -> bool {
        self.ref_table == table.name && self.ref_schema == table.schema
    }

    /// What it refers to, for `sa.ForeignKey`: `app.users.id`.
    pub(super) fn targets(&self) -> Vec<String> {
        let schema = self.ref_schema.map(|schema| format!("{schema}.")).unwrap_or_default();
        self.ref_columns.iter().map(|column| format!("'{schema}{}.{column}'", self.ref_table)).collect()
    }
}

/// A name as SQL has it: in quotes where it needs them.
pub(super) fn quoted(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let reserved = ["user", "order", "select", "group", "end", "desc", "default", "check", "limit"].contains(&name);
    if plain && !reserved { name.to_owned() } else { format!("\"{name}\"") }
}

/// A list of texts, in Python.
pub(super) fn strings(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| string(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A text, in Python.
pub(super) fn string(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A text that may be missing, in Python.
pub(super) fn optional(text: Option<&String>) -> String {
    text.map_or_else(|| "None".to_owned(), |text| string(text))
}
