//! Changes of one table, on `op` or in batch blocks.

use super::Generator;
use super::step::{Change, Directive, Step};
use super::world::{Table, string};
use crate::chain::Piece;

/// The convention of Alembic's documentation, for constraints that were given no name.
const CONVENTION: &str = "{'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s', \
    'uq': 'uq_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}";

impl Generator {
    /// Some changes of one table.
    pub(super) fn change_table(&mut self) -> Option<Step> {
        if self.world.tables.is_empty() {
            return None;
        }
        let at = self.random.below(self.world.tables.len());
        let in_batch = self.random.percent(if self.world.is_sqlite() { 70 } else { 20 });
        let wanted = if in_batch { self.random.between(1, 4) } else { 1 };
        let before = self.world.tables[at].clone();
        let changes: Vec<Change> = (0..wanted).filter_map(|_| self.change(at)).collect();
        if changes.is_empty() {
            return None;
        }
        let table = self.world.tables[at].clone();
        if !in_batch {
            return changes.first().map(|change| change.on_op(&table));
        }
        let up: Vec<Directive> = changes.iter().flat_map(|change| change.up.clone()).collect();
        let down: Vec<Directive> = changes.iter().rev().flat_map(|change| change.down.clone()).collect();
        let options = match self.random.below(14) {
            0 => ", recreate='always'".to_owned(),
            1 => ", recreate='never'".to_owned(),
            2 => format!(", naming_convention={CONVENTION}"),
            3 if self.world.is_sqlite() => format!(", copy_from={}", before.table_object()),
            _ => String::new(),
        };
        // What the table was before is not what the way back finds.
        let back = if options.contains("copy_from") { "" } else { &options };
        Some(Step { up: vec![block(&before, &options, &up)], down: vec![block(&table, back, &down)] })
    }

    fn change(&mut self, at: usize) -> Option<Change> {
        match self.random.below(20) {
            0..5 => self.add_column(at),
            5..7 => self.drop_column(at),
            7..12 => self.alter_column(at),
            12 | 13 => self.create_index(at),
            14 => self.drop_index(at),
            15 => self.create_unique(at),
            16 => self.create_check(at),
            17 => self.create_foreign_key(at),
            _ => self.drop_constraint(at),
        }
    }
}

fn block(table: &Table, options: &str, directives: &[Directive]) -> Piece {
    let schema = table.schema_argument("schema").map(|schema| format!(", {schema}")).unwrap_or_default();
    let head = format!("with op.batch_alter_table({}{schema}{options}) as batch_op:", string(&table.name));
    Piece::Block { head, body: directives.iter().map(|d| Piece::Line(d.in_batch())).collect() }
}
