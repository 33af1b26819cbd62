//! Views and sequences.

use super::Generator;
use super::step::Step;
use super::types::Kind;
use super::world::{Column, View, quoted, string};

impl Generator {
    /// Makes a view or drops one. Nothing else in the generator cares for views, as people who change tables don't.
    pub(super) fn change_view(&mut self) -> Option<Step> {
        if !self.world.views.is_empty() && self.random.percent(60) {
            let at = self.random.below(self.world.views.len());
            let view = self.world.views.remove(at);
            return Some(Step::new(execute(&view.dropped()), execute(&view.created)));
        }
        let at = self.random.below(self.world.tables.len());
        let table = self.world.tables.get(at)?.clone();
        let name = self.world.name("v_");
        let count = self.random.between(1, 3);
        let columns: Vec<String> =
            self.random.some(&table.columns, count).iter().map(|column| quoted(&column.name)).collect();
        let first = columns.first()?;
        let columns = if self.random.percent(20) { "*".to_owned() } else { columns.join(", ") };
        let filter = match self.random.below(3) {
            0 => format!(" WHERE {first} IS NOT NULL"),
            _ => String::new(),
        };
        let created = format!("CREATE VIEW {name} AS SELECT {columns} FROM {}{filter}", table.sql());
        let view = View { name, created };
        let step = Step::new(execute(&view.created), execute(&view.dropped()));
        self.world.views.push(view);
        Some(step)
    }

    /// A sequence, and now and then a column that takes its numbers.
    pub(super) fn change_sequence(&mut self) -> Option<Step> {
        if self.world.is_sqlite() {
            return None;
        }
        let name = self.world.name("numbers_");
        let options = self.random.of(&["", " START 100", " INCREMENT BY 5", " START WITH 10 INCREMENT BY 10"]);
        let mut step =
            Step::new(execute(&format!("CREATE SEQUENCE {name}{options}")), execute(&format!("DROP SEQUENCE {name}")));
        let at = self.random.below(self.world.tables.len());
        let Some(table) = self.world.tables.get(at).cloned().filter(|_| self.random.percent(70)) else {
            return Some(step);
        };
        let column = Column {
            name: self.world.name("number"),
            ty: super::types::Type::new("sa.Integer()", Kind::Int),
            nullable: self.random.percent(50),
            default: Some(format!("sa.text(\"nextval('{name}')\")")),
            generated: None,
            comment: None,
        };
        let schema = table.schema_argument("schema").map(|schema| format!(", {schema}")).unwrap_or_default();
        let place = string(&table.name);
        let added = Step::new(
            format!("op.add_column({place}, {}{schema})", column.python(&[])),
            format!("op.drop_column({place}, '{}'{schema})", column.name),
        );
        step.up.extend(added.up);
        // The wrong way round is a mistake that people make.
        let first = if self.random.percent(80) { 0 } else { step.down.len() };
        step.down.splice(first..first, added.down);
        self.world.tables[at].columns.push(column);
        Some(step)
    }
}

impl View {
    fn dropped(&self) -> String {
        format!("DROP VIEW {}", self.name)
    }
}

fn execute(sql: &str) -> String {
    format!("op.execute({})", string(sql))
}
