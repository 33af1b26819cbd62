//! Whole tables: made, dropped, renamed, commented on.

use super::Generator;
use super::step::Step;
use super::types::{Kind, Type};
use super::world::{Check, Column, ForeignKey, Index, Key, Table, quoted, string, strings};
use crate::chain::Piece;

const NAMES: &[&str] = &[
    "users",
    "orders",
    "items",
    "posts",
    "tags",
    "audit_log",
    "user",
    "Invoice",
    "team",
    "comment",
    "payments",
    "files",
];

impl Table {
    /// The call that makes it, with named constraints where they have names, and its indexes.
    pub(super) fn created(&self) -> Vec<Piece> {
        let items = self.items();
        let mut close = Vec::new();
        close.extend(self.schema_argument("schema"));
        close.extend(self.comment.as_ref().map(|comment| format!("comment={}", string(comment))));
        let open = format!("op.create_table({},", string(&self.name));
        let mut pieces = vec![Piece::Call { open, items, close: format!("{})", close.join(", ")) }];
        pieces.extend(self.indexes.iter().map(|index| Piece::Line(index.created().on_op(self))));
        pieces
    }

    /// The table as `sa.Table(…)`, without its indexes.
    pub(super) fn table_object(&self) -> String {
        format!("sa.Table({}, sa.MetaData(), {})", string(&self.name), self.items().join(", "))
    }

    /// Its columns and constraints, in Python.
    fn items(&self) -> Vec<String> {
        let mut items: Vec<String> = self.columns.iter().map(|column| column.python(&[])).collect();
        let with_name = |name: &Option<String>| name.as_ref().map(|name| format!("name={}", string(name)));
        let call = |class: &str, parts: Vec<String>| format!("sa.{class}({})", parts.join(", "));
        let names = |columns: &[String]| columns.iter().map(|c| string(c)).collect::<Vec<_>>();
        for key in &self.foreign_keys {
            let mut parts = vec![strings(&key.columns), format!("[{}]", key.targets().join(", "))];
            parts.extend(with_name(&key.name));
            parts.extend(key.options.iter().cloned());
            items.push(call("ForeignKeyConstraint", parts));
        }
        if let Some(key) = &self.key {
            let mut parts = names(&key.columns);
            parts.extend(with_name(&key.name));
            items.push(call("PrimaryKeyConstraint", parts));
        }
        for key in &self.uniques {
            let mut parts = names(&key.columns);
            parts.extend(with_name(&key.name));
            items.push(call("UniqueConstraint", parts));
        }
        for check in &self.checks {
            let mut parts = vec![string(&check.condition)];
            parts.extend(with_name(&check.name));
            items.push(call("CheckConstraint", parts));
        }
        items
    }

    /// The calls that take it away.
    pub(super) fn dropped(&self) -> Vec<Piece> {
        let mut pieces: Vec<Piece> =
            self.indexes.iter().rev().map(|index| Piece::Line(index.dropped().on_op(self))).collect();
        let schema = self.schema_argument("schema").map(|schema| format!(", {schema}")).unwrap_or_default();
        pieces.push(Piece::Line(format!("op.drop_table({}{schema})", string(&self.name))));
        pieces
    }
}

impl Generator {
    pub(super) fn create_table(&mut self) -> Step {
        let mut step = Step::default();
        let mut schema = None;
        if !self.world.is_sqlite() && self.random.percent(15) {
            schema = Some("app");
            if !self.world.has_app {
                self.world.has_app = true;
                step.up.push(Piece::line("op.execute('CREATE SCHEMA app')"));
                step.down.push(Piece::line("op.execute('DROP SCHEMA app')"));
            }
        }
        let base = self.random.of(NAMES);
        let known = self.world.tables.clone();
        let name = self.world.free(base, |name| known.iter().any(|t| t.name == name));
        let comment = (!self.world.is_sqlite() && self.random.percent(8)).then(|| "a table".to_owned());
        let mut table = Table {
            schema,
            name,
            columns: Vec::new(),
            key: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
            comment,
        };
        self.key_of(&mut table);
        for _ in 0..self.random.between(1, 5) {
            let column = self.column(&table);
            table.columns.push(column);
        }
        let at = self.world.tables.len();
        self.world.tables.push(table);
        self.references(at);
        self.constraints(at);
        let table = &self.world.tables[at];
        step.up.extend(table.created());
        let mut down = table.dropped();
        down.extend(step.down);
        Step { up: step.up, down }
    }

    /// The primary key of a new table.
    fn key_of(&mut self, table: &mut Table) {
        let plain = |name: &str, ty: Type| Column {
            name: name.to_owned(),
            ty,
            nullable: false,
            default: None,
            generated: None,
            comment: None,
        };
        let name = self.random.percent(30).then(|| format!("pk_{}", table.name.to_lowercase()));
        let columns = match self.random.below(12) {
            0..7 => vec![plain("id", Type::integer())],
            7 => vec![plain("id", Type::new("sa.BigInteger()", Kind::Int))],
            8 => vec![plain("code", Type::new("sa.String(length=20)", Kind::Text(20)))],
            9 => vec![plain("id", Type::new("sa.Uuid()", Kind::Uuid))],
            10 => vec![plain("left_id", Type::integer()), plain("right_id", Type::integer())],
            _ if !self.world.is_sqlite() => {
                let always = if self.random.percent(50) { "always=True" } else { "" };
                let generated = Some(format!("sa.Identity({always})"));
                vec![Column { generated, ..plain("id", Type::integer()) }]
            }
            _ => Vec::new(),
        };
        if !columns.is_empty() {
            table.key = Some(Key { name, columns: columns.iter().map(|c| c.name.clone()).collect() });
        }
        table.columns.extend(columns);
    }

    /// Foreign keys of a new table.
    fn references(&mut self, at: usize) {
        let others = self.world.tables.len() > 1;
        if !others || !self.random.percent(45) {
            return;
        }
        let base = self.random.of(&["owner_id", "parent_id", "ref_id"]);
        let table = self.world.tables[at].clone();
        let column = self.world.free(base, |name| table.column(name).is_some());
        if let Some((key, ty)) = self.reference(at, &column) {
            let nullable = self.random.percent(60);
            let column = Column { name: column, ty, nullable, default: None, generated: None, comment: None };
            self.world.tables[at].columns.push(column);
            self.world.tables[at].foreign_keys.push(key);
        }
    }

    /// Unique constraints, checks and indexes of a new table.
    fn constraints(&mut self, at: usize) {
        if self.random.percent(25) {
            self.unique(at);
        }
        if self.random.percent(20) {
            self.check(at);
        }
        if self.random.percent(30) {
            self.index(at);
        }
    }

    pub(super) fn drop_table(&mut self) -> Option<Step> {
        let at = self.random.below(self.world.tables.len());
        if self.world.tables.len() < 2 || self.world.is_referenced(at) && self.random.percent(85) {
            return None;
        }
        let table = self.world.tables.remove(at);
        for other in &mut self.world.tables {
            other.foreign_keys.retain(|key| !key.is_to(&table));
        }
        Some(Step { up: table.dropped(), down: table.created() })
    }

    pub(super) fn rename_table(&mut self) -> Option<Step> {
        let at = self.random.below(self.world.tables.len());
        let table = self.world.tables.get(at)?.clone();
        let base = format!("{}_old", table.name);
        let to = self.world.name(&base);
        let schema = table.schema_argument("schema").map(|schema| format!(", {schema}")).unwrap_or_default();
        let rename = |from: &str, to: &str| format!("op.rename_table({}, {}{schema})", string(from), string(to));
        for other in &mut self.world.tables {
            for key in other.foreign_keys.iter_mut().filter(|key| key.is_to(&table)) {
                key.ref_table.clone_from(&to);
            }
        }
        self.world.tables[at].name.clone_from(&to);
        Some(Step::new(rename(&table.name, &to), rename(&to, &table.name)))
    }

    pub(super) fn comment_table(&mut self) -> Option<Step> {
        if self.world.is_sqlite() {
            return None;
        }
        let at = self.random.below(self.world.tables.len());
        let table = self.world.tables.get(at)?.clone();
        let schema = table.schema_argument("schema").map(|schema| format!(", {schema}")).unwrap_or_default();
        let name = string(&table.name);
        let existing = super::world::optional(table.comment.as_ref());
        let up = format!("op.create_table_comment({name}, 'what it is for', existing_comment={existing}{schema})");
        let down = match &table.comment {
            Some(old) => format!("op.create_table_comment({name}, {}{schema})", string(old)),
            None => format!("op.drop_table_comment({name}, existing_comment='what it is for'{schema})"),
        };
        self.world.tables[at].comment = Some("what it is for".to_owned());
        Some(Step::new(up, down))
    }

    /// A unique constraint over columns that can be compared.
    pub(super) fn unique(&mut self, at: usize) -> Option<Key> {
        let table = self.world.tables[at].clone();
        let columns: Vec<String> =
            table.columns.iter().filter(|c| c.ty.is_comparable()).map(|c| c.name.clone()).collect();
        let count = self.random.between(1, 2);
        let columns = self.random.some(&columns, count);
        if columns.is_empty() || table.uniques.iter().any(|key| key.columns == columns) {
            return None;
        }
        let name = self.random.percent(65).then(|| self.world.name(&format!("uq_{}_", table.name.to_lowercase())));
        let key = Key { name, columns };
        self.world.tables[at].uniques.push(key.clone());
        Some(key)
    }

    /// A check that the made-up rows may or may not satisfy.
    pub(super) fn check(&mut self, at: usize) -> Option<Check> {
        let table = self.world.tables[at].clone();
        let with = |kind: &Column| matches!(kind.ty.kind, Kind::Int | Kind::Number | Kind::Float | Kind::Text(_));
        // By design, what a script inserts beside made-up rows gets other numbers on SQLite than it really does.
        let counts =
            |c: &Column| self.world.is_sqlite() && table.key.as_ref().is_some_and(|k| k.columns == [c.name.clone()]);
        let columns: Vec<&Column> = table.columns.iter().filter(|c| with(c) && !counts(c)).collect();
        let column = self.random.pick(&columns)?;
        let name = quoted(&column.name);
        let condition = match &column.ty.kind {
            Kind::Text(_) => self.random.of(&["length({}) > 0", "{} <> ''", "{} IN ('a', 'b', 'c')", "lower({}) = {}"]),
            _ => self.random.of(&["{} >= 0", "{} > 0 AND {} < 1000000000000", "{} <> 5", "{} BETWEEN 0 AND 99"]),
        };
        let condition = condition.replace("{}", &name);
        let constraint =
            self.random.percent(70).then(|| self.world.name(&format!("ck_{}_", table.name.to_lowercase())));
        let check = Check { name: constraint, condition, columns: vec![column.name.clone()] };
        self.world.tables[at].checks.push(check.clone());
        Some(check)
    }

    pub(super) fn index(&mut self, at: usize) -> Option<Index> {
        let table = self.world.tables[at].clone();
        let columns: Vec<&Column> = table.columns.iter().filter(|c| c.ty.is_comparable()).collect();
        let count = self.random.between(1, 2);
        let columns: Vec<Column> = self.random.some(&columns, count).into_iter().cloned().collect();
        let first = columns.first()?;
        let name = self.world.name(&format!("ix_{}_", table.name.to_lowercase()));
        let mut parts: Vec<String> = columns.iter().map(|c| string(&c.name)).collect();
        let mut options = Vec::new();
        let dialect = self.world.dialect.name();
        match self.random.below(12) {
            0 if matches!(first.ty.kind, Kind::Text(_)) => {
                parts[0] = format!("sa.text({})", string(&format!("lower({})", quoted(&first.name))));
            }
            1 => options
                .push(format!("{dialect}_where=sa.text({})", string(&format!("{} IS NOT NULL", quoted(&first.name))))),
            2 if !self.world.is_sqlite() => options.push("postgresql_using='hash'".to_owned()),
            3 => parts[0] = format!("sa.text({})", string(&format!("{} DESC", quoted(&first.name)))),
            _ => {}
        }
        if options.iter().any(|option| option.contains("hash")) {
            parts.truncate(1);
        }
        let unique = options.is_empty() && self.random.percent(25);
        let columns = columns.iter().map(|c| c.name.clone()).collect();
        let index = Index { name, parts, columns, unique, options };
        self.world.tables[at].indexes.push(index.clone());
        Some(index)
    }

    /// A foreign key over a column that is there.
    pub(super) fn foreign_key(&mut self, at: usize) -> Option<ForeignKey> {
        let table = self.world.tables[at].clone();
        let (mut key, ty) = self.reference(at, "x")?;
        let same = |c: &&Column| c.ty.kind == ty.kind && c.generated.is_none();
        let columns: Vec<&Column> = table.columns.iter().filter(same).collect();
        let column = self.random.pick(&columns)?.name.clone();
        if table.foreign_keys.iter().any(|key| key.columns == [column.clone()]) {
            return None;
        }
        key.columns = vec![column];
        self.world.tables[at].foreign_keys.push(key.clone());
        Some(key)
    }
}
