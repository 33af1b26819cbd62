//! Enum types of PostgreSQL.

use super::Generator;
use super::step::Step;
use super::types::{Kind, Type};
use super::world::{Column, Enum, string};
use crate::chain::Piece;

impl Generator {
    pub(super) fn change_enum(&mut self) -> Option<Step> {
        if self.world.is_sqlite() {
            return None;
        }
        if self.world.enums.is_empty() || self.random.percent(40) {
            return if self.random.percent(50) { Some(self.create_enum()) } else { self.add_enum_column() };
        }
        let at = self.random.below(self.world.enums.len());
        let known = self.world.enums.get(at)?.clone();
        match self.random.below(4) {
            0 | 1 => {
                let value = self.world.name("extra");
                self.world.enums[at].values.push(value.clone());
                let add = format!("op.execute(\"ALTER TYPE {} ADD VALUE '{value}'\")", known.name);
                if self.random.percent(50) {
                    return Some(Step::one_way(add));
                }
                let head = "with op.get_context().autocommit_block():".to_owned();
                Some(Step { up: vec![Piece::Block { head, body: vec![Piece::Line(add)] }], down: Vec::new() })
            }
            2 => {
                let to = self.world.name("renamed");
                let old = self.random.pick(&known.values)?.clone();
                let rename = |from: &str, to: &str| {
                    format!("op.execute(\"ALTER TYPE {} RENAME VALUE '{from}' TO '{to}'\")", known.name)
                };
                let values = &mut self.world.enums[at].values;
                values.iter_mut().filter(|value| **value == old).for_each(|value| value.clone_from(&to));
                Some(Step::new(rename(&old, &to), rename(&to, &old)))
            }
            _ => {
                let to = self.world.name(&format!("{}_v", known.name));
                let rename = |from: &str, to: &str| format!("op.execute('ALTER TYPE {from} RENAME TO {to}')");
                self.world.enums[at].name.clone_from(&to);
                let [from, to] = [known.name, to].map(|name| string(&name));
                for column in self.world.tables.iter_mut().flat_map(|table| &mut table.columns) {
                    column.ty.python = column.ty.python.replace(&format!("name={from}"), &format!("name={to}"));
                }
                let plain = |name: &str| name.trim_matches('\'').to_owned();
                Some(Step::new(rename(&plain(&from), &plain(&to)), rename(&plain(&to), &plain(&from))))
            }
        }
    }

    fn new_enum(&mut self) -> (Enum, String) {
        let name = self.world.name("status_type");
        let values: Vec<String> =
            self.random.some(&["draft", "live", "gone", "Two Words"], 3).iter().map(ToString::to_string).collect();
        let list: Vec<String> = values.iter().map(|value| string(value)).collect();
        let python = format!("{}, name='{name}'", list.join(", "));
        (Enum { name, values }, python)
    }

    fn create_enum(&mut self) -> Step {
        let (new, python) = self.new_enum();
        let class = self.random.of(&["sa.Enum", "postgresql.ENUM"]);
        let check = self.random.of(&["", ", checkfirst=True", ", checkfirst=False"]);
        let down = match self.random.below(3) {
            0 => format!("op.execute('DROP TYPE {}')", new.name),
            _ => format!("sa.Enum(name='{}').drop(op.get_bind(){check})", new.name),
        };
        self.world.enums.push(new);
        Step::new(format!("{class}({python}).create(op.get_bind(){check})"), down)
    }

    /// A column of a new type. Adding it makes the type or fails, as SQLAlchemy has it.
    fn add_enum_column(&mut self) -> Option<Step> {
        let at = self.random.below(self.world.tables.len());
        let table = self.world.tables.get(at)?.clone();
        let (new, python) = self.new_enum();
        let name = self.world.name("state");
        let ty = Type { python: format!("sa.Enum({python})"), kind: Kind::Enum(new.values.clone()) };
        let column = Column { name: name.clone(), ty, nullable: true, default: None, generated: None, comment: None };
        let schema = table.schema_argument("schema").map(|schema| format!(", {schema}")).unwrap_or_default();
        let place = string(&table.name);
        let mut step = Step::new(
            format!("op.add_column({place}, {}{schema})", column.python(&[])),
            format!("op.drop_column({place}, '{name}'{schema})"),
        );
        if self.random.percent(50) {
            step.up.insert(0, Piece::Line(format!("sa.Enum({python}).create(op.get_bind())")));
        }
        if self.random.percent(60) {
            step.down.push(Piece::Line(format!("sa.Enum(name='{}').drop(op.get_bind())", new.name)));
        }
        self.world.enums.push(new);
        self.world.tables[at].columns.push(column);
        Some(step)
    }
}
