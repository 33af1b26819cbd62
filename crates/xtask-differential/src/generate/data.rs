//! Statements about rows.

use super::Generator;
use super::step::Step;
use super::types::Kind;
use super::world::{Column, Table, quoted, string};

impl Generator {
    pub(super) fn change_rows(&mut self) -> Option<Step> {
        let at = self.random.below(self.world.tables.len());
        let table = self.world.tables.get(at)?.clone();
        match self.random.below(14) {
            0..2 => self.insert_sql(&table),
            2..4 => self.bulk_insert(&table),
            4..6 => self.update_sql(&table),
            6 => self.update_core(&table),
            7 => self.delete(&table),
            8 => self.insert_core(&table),
            9 => self.copy_column(&table),
            10 => self.insert_select(&table),
            _ => self.fill_nulls(&table),
        }
    }

    /// The columns that an INSERT has to name, with more of them now and then.
    fn insertable(&mut self, table: &Table) -> Option<Vec<Column>> {
        let counts = |c: &Column| {
            let only = table.key.as_ref().is_some_and(|key| key.columns == [c.name.clone()]);
            only && c.ty.kind == Kind::Int && c.ty.python == "sa.Integer()"
        };
        let mut columns = Vec::new();
        for column in &table.columns {
            let needs = !column.nullable && column.default.is_none() && !counts(column);
            if column.generated.is_none() && (needs || self.random.percent(50)) {
                columns.push(column.clone());
            }
        }
        (!columns.is_empty()).then_some(columns)
    }

    fn insert_sql(&mut self, table: &Table) -> Option<Step> {
        let columns = self.insertable(table)?;
        let dialect = self.world.dialect;
        let mut rows = Vec::new();
        for _ in 0..self.random.between(1, 3) {
            let values: Option<Vec<String>> =
                columns.iter().map(|c| c.ty.sql_value(&mut self.random, dialect)).collect();
            rows.push(format!("({})", values?.join(", ")));
        }
        let names: Vec<String> = columns.iter().map(|c| quoted(&c.name)).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES {}", table.sql(), names.join(", "), rows.join(", "));
        let delete = format!("DELETE FROM {}", table.sql());
        let mut step = Step::one_way(execute(&sql));
        if self.random.percent(30) {
            step.down.push(crate::chain::Piece::Line(execute(&delete)));
        }
        Some(step)
    }

    /// The table as `sa.table(…)`.
    fn core_table(table: &Table, columns: &[Column]) -> String {
        let mut parts = vec![string(&table.name)];
        parts.extend(columns.iter().map(|c| format!("sa.column({}, {})", string(&c.name), c.ty.python)));
        parts.extend(table.schema_argument("schema"));
        format!("sa.table({})", parts.join(", "))
    }

    fn python_row(&mut self, columns: &[Column]) -> Option<String> {
        let values: Option<Vec<String>> = columns
            .iter()
            .map(|c| Some(format!("{}: {}", string(&c.name), c.ty.python_value(&mut self.random)?)))
            .collect();
        Some(format!("{{{}}}", values?.join(", ")))
    }

    fn bulk_insert(&mut self, table: &Table) -> Option<Step> {
        let columns = self.insertable(table)?;
        let mut rows = Vec::new();
        for _ in 0..self.random.between(1, 3) {
            rows.push(self.python_row(&columns)?);
        }
        Some(Step::one_way(format!("op.bulk_insert({}, [{}])", Self::core_table(table, &columns), rows.join(", "))))
    }

    fn insert_core(&mut self, table: &Table) -> Option<Step> {
        let columns = self.insertable(table)?;
        let row = self.python_row(&columns)?;
        let bind = self.random.of(&["op", "op.get_bind()"]);
        Some(Step::one_way(format!("{bind}.execute({}.insert().values({row}))", Self::core_table(table, &columns))))
    }

    fn settable(&mut self, table: &Table) -> Option<Column> {
        let plain = |c: &&Column| {
            let in_key = table.key.as_ref().is_some_and(|key| key.columns.contains(&c.name));
            c.generated.is_none() && !in_key
        };
        let columns: Vec<&Column> = table.columns.iter().filter(plain).collect();
        self.random.pick(&columns).map(|c| (*c).clone())
    }

    fn update_sql(&mut self, table: &Table) -> Option<Step> {
        let column = self.settable(table)?;
        let dialect = self.world.dialect;
        let name = quoted(&column.name);
        let value = match (&column.ty.kind, self.random.below(4)) {
            (Kind::Int | Kind::Number, 0) => format!("{name} + 1"),
            (Kind::Text(_), 0) => format!("upper({name})"),
            (Kind::Text(_), 1) => format!("coalesce({name}, 'none')"),
            (Kind::Text(_), 2) => format!("substr({name}, 1, 2)"),
            (Kind::Text(_), 3) => format!("CASE WHEN {name} IS NULL THEN 'n' ELSE {name} END"),
            _ if column.nullable && self.random.percent(20) => "NULL".to_owned(),
            _ => column.ty.sql_value(&mut self.random, dialect)?,
        };
        let mut condition = String::new();
        if self.random.percent(60) {
            let other = self.random.pick(&table.columns)?.clone();
            let test = match (other.ty.sql_value(&mut self.random, dialect), self.random.below(3)) {
                (Some(value), 0) if other.ty.kind != Kind::Json => format!("= {value}"),
                (_, 1) => "IS NULL".to_owned(),
                _ => "IS NOT NULL".to_owned(),
            };
            condition = format!(" WHERE {} {test}", quoted(&other.name));
        }
        Some(Step::one_way(execute(&format!("UPDATE {} SET {name} = {value}{condition}", table.sql()))))
    }

    fn update_core(&mut self, table: &Table) -> Option<Step> {
        let column = self.settable(table)?;
        let value = column.ty.python_value(&mut self.random)?;
        let name = string(&column.name);
        let core = Self::core_table(table, std::slice::from_ref(&column));
        let condition =
            if self.random.percent(50) { format!(".where(sa.column({name}).is_(None))") } else { String::new() };
        Some(Step::one_way(format!("op.execute({core}.update(){condition}.values({{{name}: {value}}}))")))
    }

    fn delete(&mut self, table: &Table) -> Option<Step> {
        let column = self.random.pick(&table.columns)?.clone();
        let test = if self.random.percent(50) { "IS NULL" } else { "IS NOT NULL" };
        Some(Step::one_way(execute(&format!("DELETE FROM {} WHERE {} {test}", table.sql(), quoted(&column.name)))))
    }

    /// One column's values into another of its kind.
    fn copy_column(&mut self, table: &Table) -> Option<Step> {
        let to = self.settable(table)?;
        let same = |c: &&Column| c.name != to.name && c.ty.kind == to.ty.kind && to.ty.kind != Kind::Other;
        let from = table.columns.iter().find(same)?;
        let sql = format!("UPDATE {} SET {} = {}", table.sql(), quoted(&to.name), quoted(&from.name));
        Some(Step::one_way(execute(&sql)))
    }

    /// A table's rows into another table, as far as the columns go.
    fn insert_select(&mut self, table: &Table) -> Option<Step> {
        let columns = self.insertable(table)?;
        let other = self.random.pick(&self.world.tables)?.clone();
        let mut from = Vec::new();
        for column in &columns {
            let same = |c: &&Column| c.ty.kind == column.ty.kind && c.ty.kind != Kind::Other;
            match other.columns.iter().find(same) {
                Some(source) => from.push(quoted(&source.name)),
                None => from.push(column.ty.sql_value(&mut self.random, self.world.dialect)?),
            }
        }
        let to: Vec<String> = columns.iter().map(|c| quoted(&c.name)).collect();
        let (to, from) = (to.join(", "), from.join(", "));
        Some(Step::one_way(execute(&format!("INSERT INTO {} ({to}) SELECT {from} FROM {}", table.sql(), other.sql()))))
    }

    /// What goes before making a column NOT NULL.
    fn fill_nulls(&mut self, table: &Table) -> Option<Step> {
        let column = self.settable(table)?;
        let value = column.ty.sql_value(&mut self.random, self.world.dialect)?;
        let name = quoted(&column.name);
        Some(Step::one_way(execute(&format!("UPDATE {} SET {name} = {value} WHERE {name} IS NULL", table.sql()))))
    }
}

/// The statement through `op.execute`.
fn execute(sql: &str) -> String {
    // SQLAlchemy takes `:name` for a parameter.
    format!("op.execute({})", string(&sql.replace(':', "\\:")))
}
