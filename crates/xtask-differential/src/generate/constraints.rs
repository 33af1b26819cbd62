//! Changes of constraints and indexes.

use super::Generator;
use super::step::{Change, Directive};
use super::world::{Check, ForeignKey, Index, Key, Table, optional, string, strings};

impl Index {
    pub(super) fn created(&self) -> Directive {
        let mut rest = vec![format!("[{}]", self.parts.join(", "))];
        rest.push(format!("unique={}", if self.unique { "True" } else { "False" }));
        rest.extend(self.options.iter().cloned());
        Directive::named("create_index", string(&self.name), rest)
    }

    pub(super) fn dropped(&self) -> Directive {
        Directive::named("drop_index", string(&self.name), Vec::new()).table_keyword("table_name")
    }
}

impl Key {
    fn unique(&self) -> Directive {
        Directive::named("create_unique_constraint", optional(self.name.as_ref()), vec![strings(&self.columns)])
    }

    fn primary(&self) -> Directive {
        Directive::named("create_primary_key", optional(self.name.as_ref()), vec![strings(&self.columns)])
    }
}

impl Check {
    fn created(&self) -> Directive {
        Directive::named("create_check_constraint", optional(self.name.as_ref()), vec![string(&self.condition)])
    }
}

impl ForeignKey {
    fn created(&self) -> Directive {
        let mut rest = vec![string(&self.ref_table), strings(&self.columns), strings(&self.ref_columns)];
        rest.extend(self.options.iter().cloned());
        rest.extend(self.ref_schema.map(|schema| format!("referent_schema='{schema}'")));
        Directive::named("create_foreign_key", optional(self.name.as_ref()), rest).schema_keyword("source_schema")
    }
}

/// `drop_constraint` of that name and kind.
fn dropped(name: &str, kind: &str) -> Directive {
    Directive::named("drop_constraint", string(name), vec![format!("type_='{kind}'")])
}

impl Generator {
    pub(super) fn create_index(&mut self, at: usize) -> Option<Change> {
        let index = self.index(at)?;
        Some(Change::new(index.created(), index.dropped()))
    }

    pub(super) fn drop_index(&mut self, at: usize) -> Option<Change> {
        let index = self.random.pick(&self.world.tables[at].indexes)?.clone();
        self.world.tables[at].indexes.retain(|other| other.name != index.name);
        Some(Change::new(index.dropped(), index.created()))
    }

    pub(super) fn create_unique(&mut self, at: usize) -> Option<Change> {
        let key = self.unique(at)?;
        let name = real_name(&self.world.tables[at], key.name.as_ref(), &key.columns, "key");
        Some(Change::new(key.unique(), dropped(&name, "unique")))
    }

    pub(super) fn create_check(&mut self, at: usize) -> Option<Change> {
        let check = self.check(at)?;
        let name = real_name(&self.world.tables[at], check.name.as_ref(), &check.columns, "check");
        Some(Change::new(check.created(), dropped(&name, "check")))
    }

    pub(super) fn create_foreign_key(&mut self, at: usize) -> Option<Change> {
        let key = self.foreign_key(at)?;
        let name = real_name(&self.world.tables[at], key.name.as_ref(), &key.columns, "fkey");
        Some(Change::new(key.created(), dropped(&name, "foreignkey")))
    }

    /// Drops a unique constraint, a check, a foreign key or the primary key, or makes a primary key.
    pub(super) fn drop_constraint(&mut self, at: usize) -> Option<Change> {
        let table = self.world.tables[at].clone();
        match self.random.below(8) {
            0..3 => {
                let key = self.random.pick(&table.uniques)?.clone();
                self.world.tables[at].uniques.retain(|other| other.columns != key.columns);
                let name = real_name(&table, key.name.as_ref(), &key.columns, "key");
                Some(Change::new(dropped(&name, "unique"), key.unique()))
            }
            3..5 => {
                let check = self.random.pick(&table.checks)?.clone();
                self.world.tables[at].checks.retain(|other| other.condition != check.condition);
                let name = real_name(&table, check.name.as_ref(), &check.columns, "check");
                Some(Change::new(dropped(&name, "check"), check.created()))
            }
            5..7 => {
                let key = self.random.pick(&table.foreign_keys)?.clone();
                self.world.tables[at].foreign_keys.retain(|other| other.columns != key.columns);
                let name = real_name(&table, key.name.as_ref(), &key.columns, "fkey");
                Some(Change::new(dropped(&name, "foreignkey"), key.created()))
            }
            _ => self.change_primary_key(at, &table),
        }
    }

    fn change_primary_key(&mut self, at: usize, table: &Table) -> Option<Change> {
        match &table.key {
            Some(key) if !self.world.is_referenced(at) => {
                self.world.tables[at].key = None;
                let name = key.name.clone().unwrap_or_else(|| format!("{}_pkey", table.name));
                Some(Change::new(dropped(&name, "primary"), key.primary()))
            }
            Some(_) => None,
            None => {
                let fits = |c: &&super::world::Column| !c.nullable && c.ty.is_comparable();
                let columns: Vec<String> = table.columns.iter().filter(fits).map(|c| c.name.clone()).collect();
                let columns = self.random.some(&columns, 1);
                if columns.is_empty() {
                    return None;
                }
                let name = self.world.name("pk_new_");
                let key = Key { name: Some(name.clone()), columns };
                self.world.tables[at].key = Some(key.clone());
                Some(Change::new(key.primary(), dropped(&name, "primary")))
            }
        }
    }
}

/// The name that PostgreSQL gives what has none. SQLite gives none, so there the name is wrong.
fn real_name(table: &Table, name: Option<&String>, columns: &[String], suffix: &str) -> String {
    let chosen = || format!("{}_{}_{suffix}", table.name, columns.join("_"));
    name.cloned().unwrap_or_else(chosen)
}
