//! `batch_alter_table` that moves and copies: a new table from what SQLAlchemy reflects of the old one, the rows
//! copied over, the old table dropped, the new one renamed, the indexes made again.
//!
//! Columns go by the name that they had when the block began, even after a rename; that is how Alembic looks them up.

use std::sync::Arc;

use super::changed::{Demand, RowStep};
use super::column;
use super::constraint;
use super::failures::{self, refuse};
use super::index;
use super::rebuild_naming::name_by_convention;
use super::rebuild_order::Ordering;
use super::rebuild_postgresql;
use super::table;
use super::types;
use super::work::Work;
use crate::op::{
    Batch, ColumnChange, ColumnSpec, ConstraintKind, ConstraintSpec, Failure, FailureKind, IndexPartSpec, IndexSpec,
    OpKind, Outcome,
};
use crate::schema::{
    Check, Column, ColumnId, Dialect, ForeignKey, Index, Name, QName, SqlType, Table, TypeFamily, Unique,
    condition_text, has_string_for_column, needs_quotes, quote, same, unknown_column,
};

/// The new table while the block's changes are being gathered.
struct Draft {
    table: Table,
    /// The name by which Alembic knows each column.
    keys: Vec<(Name, ColumnId)>,
    /// The classes of those types that are not reflected, but given by the script.
    families: Vec<(ColumnId, TypeFamily)>,
    /// The columns that `copy_from=` gives to the old table, which does not have them: they can't be copied.
    absent: Vec<ColumnId>,
    /// Whether `copy_from=` gives the old table.
    given: bool,
    /// What PostgreSQL says to the defaults of the new table, when it is made.
    refused_default: Option<Failure>,
    /// What PostgreSQL says to the types of what is copied, when it is.
    refused_copy: Option<Failure>,
    /// Rows need these once the table is whole.
    steps: Vec<RowStep>,
    new_indexes: Vec<IndexSpec>,
    new_constraints: Vec<ConstraintSpec>,
    /// The columns that the block has dropped, by the names that they had: what holds them goes in the end, unless a new
    /// column has taken the name by then.
    gone: Vec<(Name, ColumnId)>,
    /// Whether new columns have taken the names of old ones.
    replaces: bool,
    order: Ordering,
}

impl Draft {
    /// The class under which SQLAlchemy counts the type of a column as the block knows it so far.
    fn family(&self, column: &Column) -> TypeFamily {
        let given = self.families.iter().find(|(id, _)| *id == column.id).map(|(_, family)| family.clone());
        given.unwrap_or_else(|| column.ty.family())
    }
}

/// Rebuilds a table as Alembic's batch mode does.
pub(super) fn rebuild(work: &mut Work, batch: &Batch) -> Outcome<()> {
    let (old, draft) = drafted(work, batch)?;
    finish(work, &old, draft)
}

/// The new table as it is when the rows begin to be copied: under its temporary name, and without indexes but those that
/// came with its columns.
pub(super) fn new_table(work: &mut Work, batch: &Batch) -> Outcome<Table> {
    let (old, draft) = drafted(work, batch)?;
    copy_stands(work, &old, &draft)?;
    let temporary = temporary(&old);
    let with_columns = draft.new_indexes.iter().filter(|index| made_with_table(index, &temporary));
    let mut table = Table { name: temporary.clone(), indexes: Vec::new(), ..draft.table };
    for spec in with_columns {
        let taken = spec.name.as_ref().is_some_and(|name| index_name_is_free(work, &table, name).is_err());
        if taken {
            // Making it fails, and leaves the table behind.
            break;
        }
        let index = index::make(work, &mut table, spec)?;
        table.indexes.push(index);
    }
    Ok(table)
}

/// Whether an index is made together with the new table, whose name it has then.
fn made_with_table(index: &IndexSpec, temporary: &QName) -> bool {
    index.name.as_ref().is_some_and(|name| name.contains(&*temporary.name))
}

/// The new table under the name of the old one with what its rows need to be copied, up to that; `Err` where the block does
/// not come so far.
pub(super) fn copied_rows(work: &mut Work, batch: &Batch) -> Outcome<(Table, Vec<RowStep>)> {
    let (old, draft) = drafted(work, batch)?;
    indexes_stand(work, &old, &draft)?;
    copy_stands(work, &old, &draft)?;
    let steps = steps_of(work, &draft.table, draft.steps);
    Ok((Table { name: old.name.clone(), ..draft.table }, steps))
}

fn no_table(name: &QName) -> Failure {
    refuse(FailureKind::UndefinedObject, name, format!("no such table: {name}"))
}

fn temporary(old: &Table) -> QName {
    old.name.sibling(Batch::temporary_name(&old.name.name))
}

/// The old table, and the new one up to the `CREATE TABLE` that makes it.
fn drafted(work: &mut Work, batch: &Batch) -> Outcome<(Arc<Table>, Draft)> {
    let old = match work.catalog.table(&batch.table).cloned() {
        Some(old) => old,
        // Where Alembic need not look at it, it is missed when its rows are to be copied.
        None if batch.copy_from.is_some() => Arc::new(Table::new(batch.table.clone())),
        None => return Err(no_table(&batch.table)),
    };
    let mut draft = match &batch.copy_from {
        Some(spec) => copied(work, &old, spec, batch)?,
        None => reflected(work, &old, batch)?,
    };
    for change in &batch.changes {
        apply(work, &old, &mut draft, &change.kind)?;
        if let OpKind::AddColumn { column, .. } = &change.kind {
            let wanted = |before: bool| {
                let placed = batch.placement.iter().find(|(name, first, _)| *name == column.name && *first == before);
                placed.map(|(.., other)| other)
            };
            draft.order.add(&column.name, wanted(true), wanted(false));
        }
    }
    let gone = std::mem::take(&mut draft.gone);
    let stays = |columns: &[ColumnId]| !gone.iter().any(|(_, id)| columns.contains(id));
    draft.table.uniques.retain(|unique| stays(&unique.columns));
    draft.table.foreign_keys.retain(|key| stays(&key.columns));
    names_differ(work, &draft.table)?;
    let is_copied = |id: ColumnId| old.column_by_id(id).is_some() || draft.absent.contains(&id);
    if !old.assumed && !draft.table.columns.iter().any(|column| is_copied(column.id)) {
        let message = "KeyError: 'insert_from_select' (no column of the old table is left to copy)";
        return Err(refuse(FailureKind::UndefinedObject, &old.name, message));
    }
    if work.dialect == Dialect::PostgreSql && !old.assumed {
        rebuild_postgresql::keys_may_go(work, &old, &draft.table, &draft.new_constraints)?;
    }
    computed_stand(work, &old, &draft.table)?;
    place(&mut draft, batch);
    let temporary = temporary(&old);
    if let Some(by) = work.catalog.relation(&temporary) {
        return Err(failures::taken(work.dialect, &temporary, by));
    }
    if work.dialect == Dialect::PostgreSql {
        rebuild_postgresql::names_are_free(&old, &draft.table)?;
    }
    for constraint in batch.table_args.iter().chain(&std::mem::take(&mut draft.new_constraints)) {
        add_constraint(work, &old, &mut draft, constraint)?;
    }
    checks_stand(work, &old, &mut draft)?;
    if work.dialect == Dialect::PostgreSql && !old.assumed {
        if batch.copy_from.is_none() {
            rebuild_postgresql::types_are_new(&old, &draft.table)?;
        }
        rebuild_postgresql::keys_stand(&old, &mut draft.table)?;
        draft.refused_default.take().map_or(Ok(()), Err)?;
        if batch.copy_from.is_none() {
            rebuild_postgresql::sequences_stand(work, &old, &mut draft.table)?;
        }
        rebuild_postgresql::references_fit(work, &old, &draft.table)?;
    }
    if batch.copy_from.is_some() || draft.replaces {
        draft.steps.extend(demands(&old, &draft.table));
    }
    draft.given = batch.copy_from.is_some();
    Ok((old, draft))
}

/// No two columns of the new table have one name.
fn names_differ(work: &Work, table: &Table) -> Outcome<()> {
    let mut columns = table.columns.iter();
    while let Some(column) = columns.next() {
        if columns.as_slice().iter().any(|other| same(&other.name, &column.name, work.dialect)) {
            return Err(failures::duplicate_column(work.dialect, &table.name, &column.name));
        }
    }
    Ok(())
}

/// What rows must satisfy in a table that `copy_from=` gives or whose columns are others by now, where the old one does not
/// ask it of them.
fn demands(old: &Table, table: &Table) -> Vec<RowStep> {
    let not_null = table.columns.iter().filter(|column| {
        let nullable = |before: &Column| before.nullable;
        !column.nullable && old.column_by_id(column.id).is_some_and(nullable)
    });
    let mut demands: Vec<Demand> = not_null.map(|column| Demand::NotNull(column.id)).collect();
    let is_new = |check: &&Check| {
        old.checks.iter().all(|own| (&own.condition, &own.columns) != (&check.condition, &check.columns))
    };
    demands.extend(table.checks.iter().filter(is_new).cloned().map(Demand::Check));
    let key =
        table.primary_key.iter().filter(|key| old.primary_key.as_ref().is_none_or(|own| own.columns != key.columns));
    demands.extend(key.cloned().map(Demand::PrimaryKey));
    let is_new = |unique: &&Unique| old.uniques.iter().all(|own| own.columns != unique.columns);
    demands.extend(table.uniques.iter().filter(is_new).cloned().map(Demand::Unique));
    let is_new = |key: &&ForeignKey| old.foreign_keys.iter().all(|own| own.columns != key.columns);
    demands.extend(table.foreign_keys.iter().filter(is_new).cloned().map(Demand::ForeignKey));
    let is_new = |index: &&Index| index.unique && old.indexes.iter().all(|own| own.parts != index.parts);
    demands.extend(table.indexes.iter().filter(is_new).cloned().map(Demand::UniqueIndex));
    demands.into_iter().map(|what| RowStep::MustHold { table: old.name.clone(), what }).collect()
}

/// The old table as `copy_from=` gives it, its columns matched by name.
fn copied(work: &mut Work, old: &Table, spec: &crate::op::TableSpec, batch: &Batch) -> Outcome<Draft> {
    let mut built = table::build(work, &old.name, spec)?;
    let (mut ids, mut absent) = (Vec::new(), Vec::new());
    let mut next = old.next_column.max(built.next_column);
    for column in &built.columns {
        let id = work.find(old, &column.name).map_or(ColumnId(next), |own| own.id);
        if id == ColumnId(next) {
            next += 1;
            absent.extend((!old.assumed).then_some(id));
        }
        ids.push((column.id, id));
    }
    renumber(&mut built, &ids);
    built.next_column = next;
    built.assumed = old.assumed;
    let mut steps = Vec::new();
    for column in &built.columns {
        let Some(before) = old.column_by_id(column.id) else { continue };
        if before.ty != column.ty {
            // Alembic takes the old column for one of that type, so it does not ask SQLite for a cast.
            let from = if work.dialect == Dialect::Sqlite { column } else { before };
            steps.push(retyped(old, from, &column.ty, false, work.dialect));
        }
    }
    let family = |column: &ColumnSpec| Some((built.column(&column.name)?.id, column.family.clone()?));
    let families = spec.columns.iter().filter_map(family).collect();
    for gone in old.columns.iter().filter(|column| built.column_by_id(column.id).is_none()) {
        steps.push(RowStep::ColumnDropped { table: old.name.clone(), column: gone.id, name: gone.name.clone() });
    }
    Ok(Draft { families, absent, ..draft_of(built, steps, !batch.reordering.is_empty()) })
}

/// Gives the columns of a table other identities.
fn renumber(table: &mut Table, ids: &[(ColumnId, ColumnId)]) {
    let new = |id: &mut ColumnId| {
        if let Some((_, to)) = ids.iter().find(|(from, _)| from == id) {
            *id = *to;
        }
    };
    for column in &mut table.columns {
        if ids.iter().any(|(from, _)| *from == column.id) {
            new(&mut Arc::make_mut(column).id);
        }
    }
    table.primary_key.iter_mut().for_each(|key| key.columns.iter_mut().for_each(new));
    table.uniques.iter_mut().for_each(|unique| unique.columns.iter_mut().for_each(new));
    table.foreign_keys.iter_mut().for_each(|key| key.columns.iter_mut().for_each(new));
    table.checks.iter_mut().for_each(|check| check.columns.iter_mut().for_each(new));
    for index in &mut table.indexes {
        index.parts.iter_mut().filter_map(|part| part.column.as_mut()).for_each(new);
        index.include.iter_mut().for_each(new);
    }
}

fn draft_of(table: Table, steps: Vec<RowStep>, given: bool) -> Draft {
    let keys: Vec<(Name, ColumnId)> = table.columns.iter().map(|column| (column.name.clone(), column.id)).collect();
    let order = Ordering::new(keys.iter().map(|(key, _)| key.clone()).collect(), given);
    Draft {
        table,
        keys,
        families: Vec::new(),
        absent: Vec::new(),
        given: false,
        refused_default: None,
        refused_copy: None,
        steps,
        new_indexes: Vec::new(),
        new_constraints: Vec::new(),
        gone: Vec::new(),
        replaces: false,
        order,
    }
}

/// The old table as SQLAlchemy reflects it: not all of it comes back.
fn reflected(work: &Work, old: &Table, batch: &Batch) -> Outcome<Draft> {
    if let Some(missing) = work.catalog.missing_reference(old).filter(|_| !old.assumed) {
        return Err(refuse(FailureKind::UndefinedObject, &missing, format!("NoSuchTableError: {missing}")));
    }
    let mut table = old.clone();
    table.comment = None;
    table.checks.retain(|check| check.name.is_some());
    table.foreign_keys = old.reflected_keys(work.dialect).cloned().collect();
    table.uniques = old.reflected_uniques(work.dialect).cloned().collect();
    if work.dialect == Dialect::Sqlite {
        for column in &mut table.columns {
            if column.collation.is_some() || column.autoincrement || column.never_rowid {
                let column = Arc::make_mut(column);
                column.collation = None;
                column.autoincrement = false;
                column.never_rowid = false;
            }
        }
        table.indexes.retain(|index| index.parts.iter().all(|part| part.column.is_some()));
        for part in table.indexes.iter_mut().flat_map(|index| &mut index.parts) {
            part.suffix = None;
        }
    }
    if work.dialect == Dialect::PostgreSql {
        rebuild_postgresql::leave_out_serials(&mut table);
    }
    name_by_convention(&mut table, &batch.naming);
    Ok(draft_of(table, Vec::new(), !batch.reordering.is_empty()))
}

fn apply(work: &mut Work, old: &Table, draft: &mut Draft, change: &OpKind) -> Outcome<()> {
    match change {
        OpKind::AddColumn { column: spec, .. } => {
            let known = draft.keys.iter().find(|(key, _)| same(key, &spec.name, work.dialect) && !old.assumed).cloned();
            if known.as_ref().is_some_and(|(key, _)| *key != spec.name) {
                return Err(failures::duplicate_column(work.dialect, &old.name, &spec.name));
            }
            if let Some((key, _)) = &known
                && let Some(last) = draft.order.goes_round(key)
            {
                let message = format!("CircularDependencyError: Circular dependency detected. ('{last}', '{key}')");
                return Err(Failure::new(FailureKind::Script, message));
            }
            let id = column::make(work, &mut draft.table, spec)?;
            if let Some((key, before)) = known {
                replace(old, draft, &key, before, id);
            } else {
                draft.keys.push((spec.name.clone(), id));
                if let Some(at) = draft.gone.iter().position(|(key, _)| *key == spec.name) {
                    let (_, before) = draft.gone.swap_remove(at);
                    renumber(&mut draft.table, &[(before, id)]);
                    draft.replaces = true;
                }
            }
            draft.families.extend(spec.family.clone().map(|family| (id, family)));
            draft.steps.push(RowStep::ColumnAdded { table: old.name.clone(), column: id });
            for constraint in &spec.constraints {
                constraint::add(work, &mut draft.table, constraint, Some(&spec.name))?;
            }
            Ok(())
        }
        OpKind::DropColumn { column, .. } => drop_column(old, draft, column),
        OpKind::AlterColumn { column, changes, .. } => alter_column(work, old, draft, column, changes),
        OpKind::AddConstraint { constraint, .. } => {
            if constraint.name.is_none() {
                return Err(Failure::new(FailureKind::InvalidStatement, "Constraint must have a name"));
            }
            draft.new_constraints.retain(|own| own.name != constraint.name);
            draft.new_constraints.push(constraint.clone());
            Ok(())
        }
        OpKind::DropConstraint { name, if_exists, .. } => {
            let Some(name) = name else {
                if *if_exists {
                    return Ok(());
                }
                return Err(Failure::new(FailureKind::InvalidStatement, "Constraint must have a name"));
            };
            let added = draft.new_constraints.len();
            draft.new_constraints.retain(|own| own.name.as_ref() != Some(name));
            if super::drop_constraint::take(&mut draft.table, name)
                || draft.new_constraints.len() < added
                || old.assumed
                || *if_exists
            {
                return Ok(());
            }
            let message = format!("No such constraint: '{name}'");
            Err(refuse(FailureKind::UndefinedObject, &old.name, message))
        }
        OpKind::CreateIndex { index, .. } => {
            draft.new_indexes.retain(|own| own.name != index.name);
            draft.new_indexes.push(index.clone());
            Ok(())
        }
        OpKind::DropIndex { index, .. } => {
            let before = draft.table.indexes.len();
            draft.table.indexes.retain(|own| own.name != index.name);
            if draft.table.indexes.len() < before || old.assumed {
                return Ok(());
            }
            let message = format!("No such index: '{}'", index.name);
            Err(refuse(FailureKind::UndefinedObject, &old.name, message))
        }
        // The block builds the table without it, whatever it says of it.
        OpKind::CommentTable { .. } => Ok(()),
        other => super::perform(work, other),
    }
}

/// A column of a name that the table has takes the place of the one before, whose values are not copied: Alembic keeps the
/// columns of the block by name.
fn replace(old: &Table, draft: &mut Draft, key: &Name, before: ColumnId, after: ColumnId) {
    let place = draft.table.columns.iter().position(|column| column.id == before);
    let gone = place.map(|place| draft.table.columns.swap_remove(place));
    renumber(&mut draft.table, &[(before, after)]);
    draft.replaces = true;
    draft.keys.iter_mut().filter(|(own, _)| own == key).for_each(|(_, id)| *id = after);
    draft.steps.retain(|step| !matches!(step, RowStep::ColumnAdded { column, .. } if *column == before));
    if let Some(gone) = gone.filter(|gone| old.column_by_id(gone.id).is_some()) {
        let name = gone.name.clone();
        draft.steps.push(RowStep::ColumnDropped { table: old.name.clone(), column: before, name });
    }
}

fn key_of(old: &Table, draft: &mut Draft, key: &str) -> Outcome<ColumnId> {
    if let Some((_, id)) = draft.keys.iter().find(|(own, _)| &**own == key) {
        return Ok(*id);
    }
    if old.assumed {
        let id = super::open_world::assume_column(&mut draft.table, key);
        draft.keys.push((Name::from(key), id));
        return Ok(id);
    }
    let message = format!("no such column: {key} (batch mode knows the columns that \"{}\" had)", old.name);
    Err(refuse(FailureKind::UndefinedObject, &old.name, message))
}

/// Constraints that hold the column go with it once the block is whole, checks and indexes do not.
fn drop_column(old: &Table, draft: &mut Draft, key: &str) -> Outcome<()> {
    let id = key_of(old, draft, key)?;
    draft.keys.retain(|(_, own)| *own != id);
    draft.order.drop(key);
    let name = draft.table.column_name(id);
    let table = &mut draft.table;
    table.columns.retain(|column| column.id != id);
    if let Some(key) = &mut table.primary_key {
        key.columns.retain(|column| *column != id);
        if key.columns.is_empty() {
            table.primary_key = None;
        }
    }
    draft.gone.push((Name::from(key), id));
    if draft.steps.iter().any(|step| matches!(step, RowStep::ColumnAdded { column, .. } if *column == id)) {
        // Alembic looks for it among the columns that the old table had.
        let message = format!("ValueError: list.remove(x): x not in list (column {key} was added in the same block)");
        return Err(Failure::new(FailureKind::Script, message));
    }
    if !draft.absent.contains(&id) {
        draft.steps.push(RowStep::ColumnDropped { table: old.name.clone(), column: id, name });
    }
    Ok(())
}

fn alter_column(work: &mut Work, old: &Table, draft: &mut Draft, key: &str, changes: &[ColumnChange]) -> Outcome<()> {
    let id = key_of(old, draft, key)?;
    for change in changes {
        let Some(mut column) = draft.table.column_by_id(id).cloned() else { continue };
        match change {
            ColumnChange::Rename(to) => column.name = to.clone(),
            ColumnChange::Type { ty, family, collation, .. } => {
                let to = types::resolve(work, ty)?;
                let is_old = old.column_by_id(id).is_some() || draft.absent.contains(&id);
                let family = family.clone().unwrap_or_else(|| to.family());
                let cast = draft.family(&column) != family && !(work.dialect == Dialect::Sqlite && to.is_json());
                match work.dialect {
                    _ if !is_old && !old.assumed => retyped_at_once(key, cast)?,
                    Dialect::PostgreSql if is_old => {
                        let copied = rebuild_postgresql::copies_over(work, old, &column, &to, cast);
                        draft.refused_copy = draft.refused_copy.take().or(copied.err());
                        let default = rebuild_postgresql::default_fits(old, &column, &to);
                        draft.refused_default = draft.refused_default.take().or(default.err());
                    }
                    _ => {}
                }
                if to != column.ty || cast {
                    draft.steps.push(retyped(old, &column, &to, cast, work.dialect));
                }
                draft.families.retain(|(own, _)| *own != id);
                draft.families.push((id, family));
                column.ty = to;
                column.collation.clone_from(collation);
            }
            ColumnChange::Nullable(nullable) => {
                if column.nullable && !nullable {
                    let what = Demand::NotNull(id);
                    draft.steps.push(RowStep::MustHold { table: old.name.clone(), what });
                }
                column.nullable = *nullable;
            }
            ColumnChange::Default(None) => column.default = None,
            ColumnChange::Default(Some(default)) => {
                column.default = column::default_of(work, &old.name, &column.name, &column.ty, default)?;
            }
            ColumnChange::Autoincrement(on) => column.autoincrement = *on,
            ColumnChange::Comment(comment) if work.dialect != Dialect::Sqlite => column.comment.clone_from(comment),
            ColumnChange::Comment(_)
            | ColumnChange::Identity(_)
            | ColumnChange::DropComputed
            | ColumnChange::Spelled(_) => {}
        }
        if let Some(own) = draft.table.columns.iter_mut().find(|own| own.id == id) {
            *own = column.into();
        }
    }
    Ok(())
}

/// A column that the block adds is retyped in the same block: Alembic casts what it copies of it where the types differ in
/// kind, and of a new column it copies nothing.
fn retyped_at_once(key: &str, cast: bool) -> Outcome<()> {
    if !cast {
        return Ok(());
    }
    let message = format!("KeyError: 'expr' (column {key} was added in the same block)");
    Err(Failure::new(FailureKind::Script, message))
}

/// With a cast, which is told by the name that the column has in the end.
fn retyped(table: &Table, column: &Column, to: &SqlType, cast: bool, dialect: Dialect) -> RowStep {
    RowStep::ColumnRetyped {
        table: table.name.clone(),
        column: column.id,
        from: column.ty.clone(),
        to: to.clone(),
        using: (cast && dialect == Dialect::PostgreSql).then(|| Arc::from("")),
        cast: cast && dialect == Dialect::Sqlite,
    }
}

/// Puts the columns into their order. The keys are in the order in which the block came to know them.
fn place(draft: &mut Draft, batch: &Batch) {
    let keys: Vec<Name> = draft.keys.iter().map(|(key, _)| key.clone()).collect();
    let sorted = draft.order.sorted(keys, &batch.reordering);
    let rank = |column: &Column| {
        let key = draft.keys.iter().find(|(_, id)| *id == column.id).map(|(key, _)| key);
        sorted.iter().position(|name| Some(name) == key)
    };
    draft.table.columns.sort_by_key(|column| rank(column));
}

/// Whether the indexes can be made that come with the new table.
fn indexes_stand(work: &Work, old: &Table, draft: &Draft) -> Outcome<()> {
    for spec in draft.new_indexes.iter().filter(|index| made_with_table(index, &temporary(old))) {
        spec.name.as_ref().map_or(Ok(()), |name| index_name_is_free(work, &draft.table, name))?;
    }
    Ok(())
}

/// Whether the rows can be copied, as far as the server tells before it looks at any.
fn copy_stands(work: &Work, old: &Table, draft: &Draft) -> Outcome<()> {
    if work.catalog.table(&old.name).is_none() {
        return Err(no_table(&old.name));
    }
    let was_computed = |column: &&Arc<Column>| column.computed.is_some() && old.column_by_id(column.id).is_some();
    if let Some(computed) = draft.table.columns.iter().find(was_computed) {
        let message = format!("cannot INSERT into generated column \"{}\"", computed.name);
        return Err(refuse(FailureKind::InvalidStatement, &old.name, message));
    }
    if let Some(column) = draft.table.columns.iter().find(|column| draft.absent.contains(&column.id)) {
        let message = match work.dialect {
            Dialect::Sqlite => format!("no such column: {}.{}", old.name, column.name),
            _ => format!("column {}.{} does not exist", old.name, column.name),
        };
        return Err(refuse(FailureKind::UndefinedObject, &old.name, message));
    }
    if work.dialect == Dialect::PostgreSql && !old.assumed {
        rebuild_postgresql::may_insert(old, &draft.table)?;
    }
    draft.refused_copy.clone().map_or(Ok(()), Err)
}

/// The steps as they are once the table is whole.
fn steps_of(work: &Work, table: &Table, steps: Vec<RowStep>) -> Vec<RowStep> {
    let filled = |id: ColumnId| table.column_by_id(id).is_some_and(|column| !column.nullable);
    // The block may have taken a NOT NULL back, and rows are copied but once.
    let stands = |step: &RowStep| match step {
        RowStep::MustHold { what: Demand::NotNull(column), .. } => filled(*column),
        _ => true,
    };
    let mut steps: Vec<RowStep> = steps.into_iter().filter(stands).collect();
    for step in &mut steps {
        if let RowStep::ColumnRetyped { column, to, using: Some(using), .. } = step
            && let Some(column) = table.column_by_id(*column)
        {
            *using = format!("{}::{}", quote(&column.name, work.dialect), to.text(work.dialect)).into();
        }
    }
    steps
}

/// Puts the new table in the place of the old one.
fn finish(work: &mut Work, old: &Arc<Table>, mut draft: Draft) -> Outcome<()> {
    indexes_stand(work, old, &draft)?;
    copy_stands(work, old, &draft)?;
    let inbound: Vec<QName> =
        work.catalog.referencing(&old.name).into_iter().filter(|child| *child != old.name).collect();
    let views = super::objects::views_on(work, &old.name);
    // The new table has its keys to itself on the old one, which still has the name.
    let to_itself = draft.table.foreign_keys.iter().any(|key| key.ref_table == old.name) && !old.assumed;
    if work.dialect == Dialect::PostgreSql && (to_itself || !(inbound.is_empty() && views.is_empty())) {
        let children = inbound.into_iter().chain(to_itself.then(|| temporary(old)));
        let children = children.map(|child| format!("constraint on table {child}"));
        let dependents: Vec<String> = children.chain(views.iter().map(|view| format!("view {}", view.name))).collect();
        return Err(failures::depended_on(&old.name, &format!("table {}", old.name), &dependents));
    }
    if work.dialect == Dialect::Sqlite && !work.catalog.renames_alone {
        if let Some(view) = views.first() {
            let message = format!("error in view {}: no such table: main.{}", view.name.name, old.name.name);
            return Err(refuse(FailureKind::DependentObjects, &view.name, message));
        }
        super::objects::sqlite_views_stand(work)?;
    }
    if work.dialect == Dialect::PostgreSql && !old.assumed {
        rebuild_postgresql::count_anew(work, old, &mut draft.table, &temporary(old), draft.given)?;
    }
    super::objects::drop_of_table(work, &old.name);
    let kept = std::mem::take(&mut draft.table.indexes);
    for mut own in kept {
        if work.dialect == Dialect::Sqlite {
            strings_for_gone_columns(old, &draft.table, &mut own);
        }
        if let Some(gone) = gone_from_index(work, old, &draft.table, &own) {
            return Err(failures::no_column_named(work.dialect, &old.name, &gone));
        }
        draft.table.indexes.push(own);
    }
    work.catalog.take_table(&old.name);
    for spec in &std::mem::take(&mut draft.new_indexes) {
        add_index(work, old, &mut draft, spec)?;
    }
    let steps = steps_of(work, &draft.table, draft.steps);
    work.put(draft.table);
    for step in steps {
        work.step(step);
    }
    Ok(())
}

/// Adds a constraint to the new table. One over columns that the block does not know by that name vanishes, as it
/// does in Alembic.
fn add_constraint(work: &mut Work, old: &Table, draft: &mut Draft, spec: &ConstraintSpec) -> Outcome<()> {
    let columns: &[Name] = match &spec.kind {
        ConstraintKind::PrimaryKey { columns, .. }
        | ConstraintKind::Unique { columns, .. }
        | ConstraintKind::ForeignKey { columns, .. }
        | ConstraintKind::Exclude { columns, .. } => columns,
        ConstraintKind::Check { .. } => &[],
    };
    let known = |column: &Name| draft.keys.iter().any(|(key, _)| same(key, column, work.dialect));
    if !old.assumed && !columns.iter().all(known) {
        return Ok(());
    }
    if let Some(name) = &spec.name {
        super::drop_constraint::take(&mut draft.table, name);
    }
    if matches!(spec.kind, ConstraintKind::PrimaryKey { .. }) {
        draft.table.primary_key = None;
    }
    let by_new_name = with_new_names(spec, draft);
    let demand = constraint::add(work, &mut draft.table, &by_new_name, None)?;
    draft.steps.push(RowStep::MustHold { table: old.name.clone(), what: demand });
    Ok(())
}

/// The constraint with the names that its columns have in the new table.
fn with_new_names(spec: &ConstraintSpec, draft: &Draft) -> ConstraintSpec {
    let mut spec = spec.clone();
    let columns = match &mut spec.kind {
        ConstraintKind::PrimaryKey { columns, .. }
        | ConstraintKind::Unique { columns, .. }
        | ConstraintKind::ForeignKey { columns, .. }
        | ConstraintKind::Exclude { columns, .. } => columns,
        ConstraintKind::Check { .. } => return spec,
    };
    for column in columns {
        if let Some((_, id)) = draft.keys.iter().find(|(key, _)| key == column) {
            *column = draft.table.column_name(*id);
        }
    }
    spec
}

/// Computed columns are copied as text as well.
fn computed_stand(work: &Work, old: &Table, table: &Table) -> Outcome<()> {
    let names = super::work::column_names(table);
    let expressions = table.columns.iter().filter_map(|column| column.computed.as_ref());
    for computed in expressions.filter(|_| !old.assumed) {
        if let Some(column) = unknown_column(&computed.expression, &names, work.dialect) {
            return Err(failures::no_column_named(work.dialect, &old.name, &column));
        }
    }
    Ok(())
}

/// Checks are copied as text: each must still find its columns. SQLite takes a name in double quotes that is no column for
/// a string, which rows may satisfy or not.
fn checks_stand(work: &Work, old: &Table, draft: &mut Draft) -> Outcome<()> {
    if draft.table.assumed {
        return Ok(());
    }
    let names = super::work::column_names(&draft.table);
    for check in &draft.table.checks {
        if let Some(column) = unknown_column(&check.condition, &names, work.dialect) {
            return Err(failures::no_column_named(work.dialect, &old.name, &column));
        }
        if !has_string_for_column(&check.condition, &names, work.dialect) {
            continue;
        }
        let mut check = check.clone();
        check.columns.retain(|id| draft.table.column_by_id(*id).is_some());
        draft.steps.push(RowStep::MustHold { table: old.name.clone(), what: Demand::Check(check) });
    }
    Ok(())
}

/// SQLite takes a name in double quotes that is no column for a string, and SQLAlchemy quotes whatever needs it.
fn strings_for_gone_columns(old: &Table, table: &Table, index: &mut Index) {
    for part in &mut index.parts {
        let Some(id) = part.column.filter(|id| table.column_by_id(*id).is_none()) else { continue };
        let name = old.column_name(id);
        if needs_quotes(&name, Dialect::Sqlite) {
            part.column = None;
            part.expression = Some(Name::from(format!("\"{name}\"")));
        }
    }
}

/// The first column of an old index that the new table does not have.
fn gone_from_index(work: &Work, old: &Table, table: &Table, own: &Index) -> Option<Name> {
    let parts = own.parts.iter().filter_map(|part| part.column);
    let gone = parts.chain(own.include.iter().copied()).find(|id| table.column_by_id(*id).is_none());
    if let Some(gone) = gone {
        return Some(old.column_name(gone));
    }
    let names = super::work::column_names(table);
    let predicate = own.predicate.as_deref().filter(|_| !table.assumed)?;
    unknown_column(predicate, &names, work.dialect).map(Name::from)
}

fn add_index(work: &mut Work, old: &Table, draft: &mut Draft, spec: &IndexSpec) -> Outcome<()> {
    let mut spec = spec.clone();
    if let Some(keys) = spec.keys.take() {
        spec.parts = remade(keys, &spec.parts);
        if spec.parts.is_empty() {
            let message =
                format!("Index '{}' is not associated with any table.", spec.name.as_deref().unwrap_or("None"));
            return Err(Failure::new(FailureKind::InvalidStatement, message));
        }
    }
    for part in &mut spec.parts {
        let IndexPartSpec::Column(column, _) = part else { continue };
        let id = key_of(old, draft, column)?;
        *column = draft.table.column_name(id);
    }
    spec.predicate = spec.predicate.map(|predicate| Arc::from(&*condition_text(&predicate, work.dialect)));
    if let Some(name) = &spec.name {
        index_name_is_free(work, &draft.table, name)?;
    }
    let made = index::make(work, &mut draft.table, &spec)?;
    draft.table.indexes.push(made.clone());
    if made.unique {
        let what = Demand::UniqueIndex(made);
        draft.steps.push(RowStep::MustHold { table: old.name.clone(), what });
    }
    Ok(())
}

fn index_name_is_free(work: &Work, table: &Table, name: &Name) -> Outcome<()> {
    let qualified = table.name.sibling(name.clone());
    if table.indexes.iter().all(|index| index.name != *name) && work.catalog.relation(&qualified).is_none() {
        return Ok(());
    }
    let message = match work.dialect {
        Dialect::Sqlite => format!("index {name} already exists"),
        _ => format!("relation \"{name}\" already exists"),
    };
    Err(refuse(FailureKind::DuplicateObject, &qualified, message))
}

/// The parts of which Alembic makes an index again (`_gather_indexes_from_both_tables`): plain columns. Operator classes and
/// lengths stay, since the index has these as options by column.
fn remade(keys: Vec<Name>, parts: &[IndexPartSpec]) -> Vec<IndexPartSpec> {
    let is_order = |word: &&str| !matches!(*word, "ASC" | "DESC" | "NULLS" | "FIRST" | "LAST");
    let option = |key: &Name| {
        let suffix = parts.iter().find_map(|part| match part {
            IndexPartSpec::Column(column, suffix) if column == key => suffix.as_deref(),
            _ => None,
        })?;
        let words: Vec<&str> = suffix.split_whitespace().filter(is_order).collect();
        (!words.is_empty()).then(|| Name::from(words.join(" ")))
    };
    let part = |key: Name| IndexPartSpec::Column(key.clone(), option(&key));
    keys.into_iter().map(part).collect()
}
