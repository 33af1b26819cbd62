//! Guards that an operation can carry itself, as `IF EXISTS` or `IF NOT EXISTS`.

use std::sync::Arc;

use super::guard::{Condition, Guard};
use super::statement::{Part, Statement};
use crate::op::{ConstraintSpec, OpKind};

/// Makes a statement do nothing where what it makes exists already (`duplicate`), or where what it drops does not exist.
pub(super) fn forgive(part: &mut Part, duplicate: bool) -> Option<()> {
    let op = only_op(part)?;
    if let OpKind::AddConstraint { table, constraint: ConstraintSpec { name: Some(name), .. } } = op {
        let condition =
            Condition::Constraint { table: Some(table.clone()), name: Arc::clone(name), kind: None, exists: false };
        if !duplicate || part.guard.is_some() {
            return None;
        }
        part.guard = Some(Guard::on(condition));
        return Some(());
    }
    let flag = if duplicate { if_not_exists(op) } else { if_exists(op) };
    *flag? = true;
    Some(())
}

/// Lets an operation carry the guard itself, where the guard asks for just the thing that it makes or drops.
pub(super) fn absorb(part: &mut Part, guard: &Guard) -> bool {
    let ([condition], false, None) = (&*guard.conditions, guard.otherwise, &part.guard) else { return false };
    let Some(op) = only_op(part) else { return false };
    let exists = match (condition, &*op) {
        (Condition::Table { table, exists: false }, OpKind::CreateTable { table: made, .. }) if made.name == *table => {
            false
        }
        (
            Condition::Table { table, exists: true },
            OpKind::DropTable { table: named, .. } | OpKind::RenameTable { table: named, .. },
        ) if named == table => true,
        (
            Condition::Column { table, column, data_type: None, exists: false },
            OpKind::AddColumn { table: named, column: made, .. },
        ) if named == table && made.name == *column => false,
        (
            Condition::Column { table, column, data_type: None, exists: true },
            OpKind::DropColumn { table: named, column: dropped, .. },
        ) if named == table && dropped == column => true,
        (Condition::Type { name, exists: false }, OpKind::CreateEnum { name: made, .. }) if made == name => false,
        (Condition::Type { name, exists: true }, OpKind::DropType { name: dropped, .. }) if dropped == name => true,
        (
            Condition::Constraint { name, kind: None, exists: true, .. },
            OpKind::DropConstraint { name: Some(dropped), .. },
        ) if dropped == name => true,
        (Condition::Relation { name, partial: None, exists: false }, OpKind::CreateIndex { index, .. })
            if index.table.schema == name.schema && index.name.as_ref() == Some(&name.name) =>
        {
            false
        }
        (Condition::Relation { name, partial: None, exists: true }, OpKind::DropIndex { index, .. })
            if index == name =>
        {
            true
        }
        _ => return false,
    };
    let flag = if exists { if_exists(op) } else { if_not_exists(op) };
    flag.map(|flag| *flag = true).is_some()
}

fn only_op(part: &mut Part) -> Option<&mut OpKind> {
    match &mut part.statement {
        Statement::Ddl(ops) => match ops.as_mut_slice() {
            [op] => Some(op),
            _ => None,
        },
        _ => None,
    }
}

fn if_not_exists(op: &mut OpKind) -> Option<&mut bool> {
    match op {
        OpKind::CreateTable { if_not_exists, .. }
        | OpKind::AddColumn { if_not_exists, .. }
        | OpKind::CreateIndex { if_not_exists, .. }
        | OpKind::CreateEnum { if_not_exists, .. }
        | OpKind::AddEnumValue { if_not_exists, .. }
        | OpKind::CreateSequence { if_not_exists, .. }
        | OpKind::CreateObject { if_not_exists, .. } => Some(if_not_exists),
        _ => None,
    }
}

fn if_exists(op: &mut OpKind) -> Option<&mut bool> {
    match op {
        OpKind::DropTable { if_exists, .. }
        | OpKind::DropColumn { if_exists, .. }
        | OpKind::DropIndex { if_exists, .. }
        | OpKind::DropConstraint { if_exists, .. }
        | OpKind::DropType { if_exists, .. }
        | OpKind::DropSequence { if_exists, .. }
        | OpKind::DropObject { if_exists, .. }
        | OpKind::RenameTable { if_exists, .. }
        | OpKind::RenameIndex { if_exists, .. } => Some(if_exists),
        _ => None,
    }
}
