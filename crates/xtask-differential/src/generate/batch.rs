//! Changes of one table, on `op` or in batch blocks.

use super::Generator;
use super::step::{Change, Directive, Step};
use super::world::{Table, string};
use crate::chain::Piece;

impl Generator {
    /// Some changes of one table.
    pub(super) fn change_table(&mut self) -> Option<Step> {
        if self.world.tables.is_empty() {
            return None;
        }
        let at = self.random.below(self.world.tables.len());
        let in_batch = self.random.percent(if self.world.is_sqlite() { 70 } else { 20 });
        self.in_batch = in_batch;
        let wanted = if in_batch { self.random.between(1, 4) } else { 1 };
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
        let options = match self.random.below(12) {
            0 if self.world.is_sqlite() => ", recreate='always'",
            1 => ", recreate='never'",
            _ => "",
        };
        Some(Step { up: vec![block(&table, options, &up)], down: vec![block(&table, options, &down)] })
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
