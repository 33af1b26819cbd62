//! Changes of columns.

use super::Generator;
use super::step::{Change, Directive};
use super::types::{Kind, Type};
use super::world::{Column, ForeignKey, Index, Key, Table, quoted, string};

const NAMES: &[&str] = &[
    "name",
    "email",
    "status",
    "amount",
    "created_at",
    "title",
    "body",
    "price",
    "is_active",
    "kind",
    "score",
    "note",
    "updated_at",
    "code",
    "data",
    "Total",
    "order",
    "parent_id",
    "end",
];

impl Column {
    /// `sa.Column(…)`, with more arguments.
    pub(super) fn python(&self, more: &[String]) -> String {
        let mut parts = vec![string(&self.name), self.ty.python.clone()];
        parts.extend(more.iter().filter(|part| part.starts_with("sa.")).cloned());
        parts.extend(self.generated.clone());
        parts.extend(more.iter().filter(|part| !part.starts_with("sa.")).cloned());
        if !self.nullable {
            parts.push("nullable=False".to_owned());
        }
        if let Some(default) = &self.default {
            parts.push(format!("server_default={default}"));
        }
        if let Some(comment) = &self.comment {
            parts.push(format!("comment={}", string(comment)));
        }
        format!("sa.Column({})", parts.join(", "))
    }
}

impl Generator {
    /// A column that the table does not have.
    pub(super) fn column(&mut self, table: &Table) -> Column {
        let base = self.random.of(NAMES);
        let name = self.world.free(base, |name| table.column(name).is_some());
        let ty = self.ty();
        let default = if self.random.percent(35) { ty.default(&mut self.random, self.world.dialect) } else { None };
        let nullable = self.random.percent(60);
        let comment = self.random.percent(6).then(|| "it's a comment".to_owned());
        let comment = comment.filter(|_| !self.world.is_sqlite());
        Column { name, ty, nullable, default, generated: None, comment }
    }

    /// Any type, enums among them.
    pub(super) fn ty(&mut self) -> Type {
        if self.random.percent(10) {
            if self.world.is_sqlite() || self.random.percent(25) {
                return Type::varchar_enum(&mut self.random, &mut self.world);
            }
            if let Some(known) = self.random.pick(&self.world.enums) {
                let values: Vec<String> = known.values.iter().map(|value| string(value)).collect();
                let python =
                    format!("postgresql.ENUM({}, name='{}', create_type=False)", values.join(", "), known.name);
                return Type { python, kind: Kind::Enum(known.values.clone()) };
            }
        }
        Type::any(&mut self.random, self.world.dialect)
    }

    pub(super) fn add_column(&mut self, at: usize) -> Option<Change> {
        let table = self.world.tables[at].clone();
        let mut column = self.column(&table);
        if !column.nullable && column.default.is_none() && self.random.percent(75) {
            column.default = column.ty.default(&mut self.random, self.world.dialect);
            column.nullable = column.default.is_none();
        }
        let mut more = Vec::new();
        let mut down = vec![Directive::new("drop_column", vec![string(&column.name)])];
        if self.random.percent(8) {
            let (key, ty) = self.reference(at, &column.name)?;
            column.ty = ty;
            column.default = None;
            let name = key.name.as_ref().map(|name| format!(", name={}", string(name))).unwrap_or_default();
            let options = key.options.iter().fold(String::new(), |text, option| text + ", " + option);
            more.push(format!("sa.ForeignKey({}{name}{options})", key.targets().join("")));
            self.world.tables[at].foreign_keys.push(key);
        } else if self.random.percent(5) && column.ty.is_comparable() {
            more.push("unique=True".to_owned());
            self.world.tables[at].uniques.push(Key { name: None, columns: vec![column.name.clone()] });
        } else if self.random.percent(5) {
            more.push("index=True".to_owned());
            let index = Index {
                name: format!(
                    "ix_{}{}_{}",
                    table.schema.map(|s| format!("{s}_")).unwrap_or_default(),
                    table.name,
                    column.name
                ),
                parts: vec![string(&column.name)],
                columns: vec![column.name.clone()],
                unique: false,
                options: Vec::new(),
            };
            down.insert(0, index.dropped());
            self.world.tables[at].indexes.push(index);
        } else if self.random.percent(4)
            && let Some(other) = table.columns.iter().find(|c| c.ty.kind == Kind::Int && c.generated.is_none())
        {
            let stored = if self.world.is_sqlite() { "False" } else { "True" };
            column.ty = other.ty.clone();
            column.nullable = true;
            column.default = None;
            column.generated =
                Some(format!("sa.Computed({}, persisted={stored})", string(&format!("{} * 2", quoted(&other.name)))));
        }
        let up = Directive::new("add_column", vec![column.python(&more)]);
        self.world.tables[at].columns.push(column);
        Some(Change { up: vec![up], down })
    }

    pub(super) fn drop_column(&mut self, at: usize) -> Option<Change> {
        let table = self.world.tables[at].clone();
        let careless = self.random.percent(20);
        let free: Vec<&Column> = table.columns.iter().filter(|c| careless || !table.is_used(&c.name)).collect();
        let column = (*self.random.pick(&free)?).clone();
        if table.columns.len() < 2 {
            return None;
        }
        self.world.tables[at].forget(&column.name);
        let up = Directive::new("drop_column", vec![string(&column.name)]);
        Some(Change::new(up, Directive::new("add_column", vec![column.python(&[])])))
    }

    pub(super) fn alter_column(&mut self, at: usize) -> Option<Change> {
        let table = self.world.tables[at].clone();
        let plain: Vec<&Column> = table.columns.iter().filter(|c| c.generated.is_none()).collect();
        let old = (*self.random.pick(&plain)?).clone();
        let in_key = table.key.as_ref().is_some_and(|key| key.columns.contains(&old.name));
        let mut new = old.clone();
        let mut up = vec![string(&old.name)];
        let mut down = Vec::new();
        let existing = |column: &Column, type_changes: bool| {
            let mut parts = if type_changes { Vec::new() } else { vec![format!("existing_type={}", column.ty.python)] };
            parts.push(format!("existing_nullable={}", if column.nullable { "True" } else { "False" }));
            parts
        };
        match self.random.below(10) {
            0..3 if !in_key => {
                new.nullable = !old.nullable;
                up.push(format!("existing_type={}", old.ty.python));
                up.push(format!("nullable={}", if new.nullable { "True" } else { "False" }));
                down = vec![format!("nullable={}", if old.nullable { "True" } else { "False" })];
                down.insert(0, format!("existing_type={}", old.ty.python));
            }
            3..6 => {
                new.ty = old.ty.changed(&mut self.random, self.world.dialect);
                if new.ty == old.ty {
                    return None;
                }
                up.push(format!("type_={}", new.ty.python));
                up.push(format!("existing_type={}", old.ty.python));
                up.push(existing(&old, true).join(", "));
                down = vec![format!("type_={}", old.ty.python), format!("existing_type={}", new.ty.python)];
                if !self.world.is_sqlite() && self.random.percent(60) {
                    let using = |ty: &Type| {
                        let target = sql_type(&ty.python)?;
                        Some(format!("postgresql_using={}", string(&format!("{}::{target}", quoted(&old.name)))))
                    };
                    up.extend(using(&new.ty));
                    down.extend(using(&old.ty));
                }
            }
            6..8 => {
                new.default = match &old.default {
                    Some(_) if self.random.percent(50) => None,
                    _ => Some(old.ty.default(&mut self.random, self.world.dialect)?),
                };
                let shown =
                    |default: &Option<String>| format!("server_default={}", default.as_deref().unwrap_or("None"));
                up.push(shown(&new.default));
                up.extend(existing(&old, false));
                down.push(shown(&old.default));
                down.extend(existing(&old, false));
            }
            8 if !self.world.is_sqlite() => {
                new.comment = Some("another comment".to_owned());
                up.push("comment='another comment'".to_owned());
                up.extend(existing(&old, false));
                down = vec![format!("comment={}", super::world::optional(old.comment.as_ref()))];
                down.push("existing_comment='another comment'".to_owned());
                down.extend(existing(&old, false));
            }
            _ => {
                let base = format!("{}_new", old.name);
                new.name = self.world.free(&base, |name| table.column(name).is_some());
                up.push(format!("new_column_name={}", string(&new.name)));
                up.extend(existing(&old, false));
                down.push(format!("new_column_name={}", string(&old.name)));
                down.extend(existing(&old, false));
            }
        }
        down.insert(0, string(&new.name));
        let changed = &mut self.world.tables[at];
        changed.rename(&old.name, &new.name);
        if let Some(place) = changed.columns.iter_mut().find(|c| c.name == new.name) {
            place.clone_from(&new);
        }
        if new.name != old.name {
            let moved = changed.clone();
            for other in &mut self.world.tables {
                for key in other.foreign_keys.iter_mut().filter(|key| key.is_to(&moved)) {
                    key.ref_columns.iter_mut().filter(|c| **c == old.name).for_each(|c| c.clone_from(&new.name));
                }
            }
        }
        Some(Change::new(Directive::new("alter_column", up), Directive::new("alter_column", down)))
    }

    /// A foreign key from a new column to some table's key, and the type that it needs.
    pub(super) fn reference(&mut self, at: usize, column: &str) -> Option<(ForeignKey, Type)> {
        let own = self.world.tables[at].clone();
        let with_key = |table: &&Table| table.key.as_ref().is_some_and(|key| key.columns.len() == 1);
        let targets: Vec<&Table> = self.world.tables.iter().filter(with_key).collect();
        let target = (*self.random.pick(&targets)?).clone();
        let key = target.key.as_ref()?;
        let ty = target.column(&key.columns[0])?.ty.clone();
        let named = self.random.percent(60);
        let options: &[&str] = match self.random.below(5) {
            0 => &["ondelete='CASCADE'"],
            1 => &["ondelete='SET NULL'"],
            2 => &["onupdate='CASCADE'", "ondelete='RESTRICT'"],
            _ => &[],
        };
        let name = named.then(|| self.world.name(&format!("fk_{}_{column}_", own.name.to_lowercase())));
        let key = ForeignKey {
            name,
            columns: vec![column.to_owned()],
            ref_schema: target.schema,
            ref_table: target.name.clone(),
            ref_columns: key.columns.clone(),
            options: options.iter().map(ToString::to_string).collect(),
        };
        Some((key, ty))
    }
}

/// The SQL of a type, for `USING`.
fn sql_type(python: &str) -> Option<&'static str> {
    Some(match python.split('(').next()? {
        "sa.Integer" => "integer",
        "sa.BigInteger" => "bigint",
        "sa.SmallInteger" => "smallint",
        "sa.String" | "sa.Unicode" | "sa.VARCHAR" => "varchar",
        "sa.Text" | "sa.UnicodeText" => "text",
        "sa.Numeric" | "sa.DECIMAL" => "numeric",
        "sa.Float" | "sa.Double" => "double precision",
        "sa.Boolean" => "boolean",
        "sa.Date" => "date",
        "sa.DateTime" => "timestamp",
        _ => return None,
    })
}
