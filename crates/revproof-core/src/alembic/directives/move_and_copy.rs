//! "Move and copy" as the offline mode writes it: the statements by which a batch block builds its table anew from the
//! table that `copy_from=` gives.

use std::rc::Rc;

use super::batch::{BatchBlock, Queued, checks_of_types};
use super::column_order::Order;
use super::send::command_error;
use crate::alembic::apply;
use crate::alembic::items::TableObject;
use crate::alembic::lower::{create_enums, index_spec, naming_of, table_spec};
use crate::op::{
    Batch, ColumnChange, ColumnSpec, ConstraintKind, ConstraintKindName, ConstraintSpec, IndexSpec, OpKind, Origin,
    SqlText, TableSpec, TableSpelling,
};
use crate::python::{Flow, Unknown, Vm};
use crate::schema::{Dialect, Name, QName, SqlType, TypeFamily, quote, quote_qualified};
use crate::source::Span;

/// What decides how the table is built anew.
pub(super) struct Given<'a> {
    /// `copy_from=`.
    pub copy_from: Option<&'a Rc<TableObject>>,
    /// The constraints of `table_args=`.
    pub table_args: Vec<ConstraintSpec>,
    /// `table_kwargs={"sqlite_autoincrement": True}`.
    pub counts: bool,
    /// `partial_reordering=`.
    pub reordering: Vec<Vec<Name>>,
    /// The block.
    pub span: Span,
}

/// A column of the new table.
struct Moved {
    /// Its name in the old table, or the one that it is added under.
    key: Name,
    spec: ColumnSpec,
    /// What is copied into it; nothing into a new column.
    from: Option<String>,
}

/// The new table as it takes shape.
struct Draft {
    old: QName,
    dialect: Dialect,
    columns: Vec<Moved>,
    named: Vec<ConstraintSpec>,
    unnamed: Vec<ConstraintSpec>,
    indexes: Vec<IndexSpec>,
    new_indexes: Vec<IndexSpec>,
    order: Order,
}

/// Writes the statements of a batch block; `Some` is why something of them can't be known.
pub(super) fn write(
    vm: &mut Vm<'_>,
    batch: &BatchBlock,
    given: &Given<'_>,
    queue: Vec<Queued>,
) -> Flow<Option<Rc<Unknown>>> {
    let span = given.span;
    let dialect = vm.host.catalog().dialect;
    let Some(table) = given.copy_from else {
        return Err(command_error(vm, &needs_copy(dialect, &batch.table.name), span));
    };
    let naming = naming_of(table);
    let (mut spec, unsure) = table_spec(vm, &naming, table, span)?;
    let bound = checks_of_types(vm, &naming, table, &mut spec, &queue, span)?;
    let mut draft = Draft::new(&spec, dialect, given);
    for index in table.indexes.borrow().iter() {
        draft.indexes.push(index_spec(vm, &naming, &table.name, index)?.0);
    }
    for queued in queue {
        draft.take(vm, queued)?;
    }
    draft.order.arrange(&mut draft.columns, |column| column.key.clone());
    if dialect == Dialect::PostgreSql {
        for constraint in spec.constraints.iter().filter(|c| draft.named.iter().any(|named| named.name == c.name)) {
            let kind = OpKind::DropConstraint {
                table: draft.old.clone(),
                name: constraint.name.clone(),
                kind: None::<ConstraintKindName>,
                if_exists: false,
                cascade: false,
            };
            apply(vm, kind, Origin::Batch, span)?;
        }
    }
    draft.check_references(vm, span)?;
    create_enums(vm, table, span)?;
    let spelling = spec.spelling.clone().unwrap_or_default();
    draft.send(vm, given, &bound, *spelling, span)?;
    Ok(unsure)
}

fn needs_copy(dialect: Dialect, table: &str) -> String {
    format!(
        "This operation cannot proceed in --sql mode; batch mode with dialect {dialect} requires a live database \
         connection with which to reflect the table \"{table}\". To generate a batch SQL migration script using table \
         \"move and copy\", a complete Table object should be passed to the \"copy_from\" argument of the \
         batch_alter_table() method so that table reflection can be skipped."
    )
}

impl Draft {
    fn new(spec: &TableSpec, dialect: Dialect, given: &Given<'_>) -> Self {
        let table = quote_qualified(&spec.name, dialect);
        let kept = &spec.constraints;
        let columns: Vec<Moved> = spec
            .columns
            .iter()
            .map(|column| {
                let from = format!("{table}.{}", quote(&column.name, dialect));
                let mut spec = column.clone();
                let counts = given.counts && dialect == Dialect::Sqlite && spec.ty == SqlType::Integer;
                spec.serial |= counts && is_only_key(kept, &spec.name);
                Moved { key: column.name.clone(), spec, from: Some(from) }
            })
            .collect();
        let (named, unnamed) = kept.iter().cloned().partition(|constraint| constraint.name.is_some());
        let order = Order::new(columns.iter().map(|column| column.key.clone()).collect(), given.reordering.clone());
        let (indexes, new_indexes) = (Vec::new(), Vec::new());
        Self { old: spec.name.clone(), dialect, columns, named, unnamed, indexes, new_indexes, order }
    }

    /// Does what a directive of the block says.
    fn take(&mut self, vm: &mut Vm<'_>, queued: Queued) -> Flow<()> {
        let span = queued.span;
        match queued.kind {
            OpKind::AlterColumn { column, changes, .. } => {
                let at = self.position(vm, &column, span)?;
                let dialect = self.dialect;
                if let Some(moved) = self.columns.get_mut(at) {
                    for change in changes {
                        moved.change(change, dialect);
                    }
                }
            }
            OpKind::AddColumn { column, .. } => {
                self.order.add(&column.name, &queued.placement);
                self.columns.retain(|moved| moved.key != column.name);
                self.columns.push(Moved { key: column.name.clone(), spec: *column, from: None });
            }
            OpKind::DropColumn { column, .. } => {
                let at = self.position(vm, &column, span)?;
                self.columns.remove(at);
                self.order.drop(&column);
                for constraint in self.named.iter_mut().chain(&mut self.unnamed) {
                    if let ConstraintKind::PrimaryKey { columns, .. } = &mut constraint.kind {
                        columns.retain(|name| *name != column);
                    }
                }
            }
            OpKind::AddConstraint { constraint, .. } => self.add_constraint(constraint),
            OpKind::DropConstraint { name, .. } => {
                self.drop_constraint(vm, name.as_ref(), queued.type_of.is_some(), span)?;
            }
            OpKind::CreateIndex { index, .. } => self.new_indexes.push(index),
            OpKind::DropIndex { index, .. } => {
                let Some(at) = self.indexes.iter().position(|known| known.name.as_ref() == Some(&index.name)) else {
                    return Err(vm.raise("ValueError", &format!("No such index: '{}'", index.name), span));
                };
                self.indexes.remove(at);
            }
            kind @ OpKind::Opaque { .. } => {
                apply(vm, kind, queued.origin, span)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn position(&self, vm: &mut Vm<'_>, column: &str, span: Span) -> Flow<usize> {
        let at = self.columns.iter().position(|moved| &*moved.key == column);
        at.ok_or_else(|| vm.raise("KeyError", &format!("'{column}'"), span))
    }

    fn add_constraint(&mut self, constraint: ConstraintSpec) {
        if is_key(&constraint) {
            self.unnamed.retain(|known| !is_key(known));
        }
        match &constraint.name {
            Some(name) => {
                self.named.retain(|known| known.name.as_ref() != Some(name));
                self.named.push(constraint);
            }
            None => self.unnamed.push(constraint),
        }
    }

    fn drop_constraint(&mut self, vm: &mut Vm<'_>, name: Option<&Name>, type_bound: bool, span: Span) -> Flow<()> {
        let Some(name) = name else {
            return if type_bound { Ok(()) } else { Err(vm.raise("ValueError", "Constraint must have a name", span)) };
        };
        let is_it = |constraint: &ConstraintSpec| constraint.name.as_ref() == Some(name);
        for column in &mut self.columns {
            if let Some(at) = column.spec.constraints.iter().position(is_it) {
                column.spec.constraints.remove(at);
                return Ok(());
            }
        }
        if let Some(at) = self.named.iter().position(is_it) {
            self.named.remove(at);
            return Ok(());
        }
        if type_bound {
            return Ok(());
        }
        Err(vm.raise("ValueError", &format!("No such constraint: '{name}'"), span))
    }

    /// SQLAlchemy moves the target of a foreign key into the schema of the table, where it does not find it.
    fn check_references(&self, vm: &mut Vm<'_>, span: Span) -> Flow<()> {
        let Some(schema) = &self.old.schema else { return Ok(()) };
        for constraint in self.named.iter().chain(&self.unnamed) {
            let ConstraintKind::ForeignKey { columns, ref_table, ref_columns, .. } = &constraint.kind else { continue };
            if ref_table.schema.as_ref() == Some(schema) || *ref_table == self.old {
                continue;
            }
            let message = format!(
                "Foreign key associated with column '{}.{}' could not find table '{schema}.{}' with which to generate a \
                 foreign key to target column '{}'",
                self.temporary().name,
                columns.first().map_or("", |column| &**column),
                ref_table.name,
                ref_columns.first().map_or("", |column| &**column),
            );
            return Err(vm.raise("sqlalchemy.exc.NoReferencedTableError", &message, span));
        }
        Ok(())
    }

    fn temporary(&self) -> QName {
        self.old.sibling(Batch::temporary_name(&self.old.name))
    }

    fn send(
        &self,
        vm: &mut Vm<'_>,
        given: &Given<'_>,
        bound: &[ConstraintSpec],
        spelling: TableSpelling,
        span: Span,
    ) -> Flow<()> {
        let temporary = self.temporary();
        let mut constraints: Vec<ConstraintSpec> = Vec::new();
        constraints.extend(given.table_args.iter().chain(bound).cloned());
        constraints.extend(self.named.iter().chain(&self.unnamed).filter_map(|constraint| self.carried(constraint)));
        constraints.sort_by_key(|constraint| !is_key(constraint));
        constraints.retain(
            |constraint| !matches!(&constraint.kind, ConstraintKind::PrimaryKey { columns, .. } if columns.is_empty()),
        );
        let spec = TableSpec {
            name: temporary.clone(),
            columns: self.columns.iter().map(|column| column.spec.clone()).collect(),
            constraints,
            comment: None,
            as_query: None,
            spelling: Some(Box::new(spelling)),
        };
        apply(vm, OpKind::CreateTable { table: spec, if_not_exists: false }, Origin::Batch, span)?;
        let copied: Vec<&Moved> = self.columns.iter().filter(|column| column.from.is_some()).collect();
        let names: Vec<_> = copied.iter().map(|column| quote(&column.spec.name, self.dialect)).collect();
        let values: Vec<&str> = copied.iter().filter_map(|column| column.from.as_deref()).collect();
        let text = format!(
            "INSERT INTO {} ({}) SELECT {} \nFROM {}",
            quote_qualified(&temporary, self.dialect),
            names.join(", "),
            values.join(", "),
            quote_qualified(&self.old, self.dialect)
        );
        let copy = SqlText { text: text.into(), params: Vec::new(), literal: None };
        apply(vm, OpKind::Sql(copy), Origin::Batch, span)?;
        let old = self.old.clone();
        apply(vm, OpKind::DropTable { table: old, if_exists: false, cascade: false }, Origin::Batch, span)?;
        let to = self.old.name.clone();
        apply(vm, OpKind::RenameTable { table: temporary, to, if_exists: false }, Origin::Batch, span)?;
        for index in self.indexes.iter().chain(&self.new_indexes) {
            let index = self.renamed(index);
            apply(vm, OpKind::CreateIndex { index, if_not_exists: false, concurrently: false }, Origin::Batch, span)?;
        }
        Ok(())
    }

    /// The name that a column of the old table has in the new one.
    fn new_name(&self, key: &Name) -> Option<Name> {
        self.columns.iter().find(|column| column.key == *key).map(|column| column.spec.name.clone())
    }

    /// A constraint with the new names of its columns; `None` where one of them is gone.
    fn carried(&self, constraint: &ConstraintSpec) -> Option<ConstraintSpec> {
        let mut constraint = constraint.clone();
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. }
            | ConstraintKind::Unique { columns, .. }
            | ConstraintKind::ForeignKey { columns, .. } => {
                for column in columns {
                    *column = self.new_name(column)?;
                }
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclude { .. } => {}
        }
        Some(constraint)
    }

    fn renamed(&self, index: &IndexSpec) -> IndexSpec {
        let mut index = index.clone();
        if let Some(spelling) = &mut index.spelling {
            for part in &mut spelling.parts {
                let moved = self.columns.iter().find(|column| quote(&column.key, self.dialect) == **part);
                if let Some(moved) = moved {
                    *part = quote(&moved.spec.name, self.dialect).into();
                }
            }
        }
        index
    }
}

impl Moved {
    fn change(&mut self, change: ColumnChange, dialect: Dialect) {
        match change {
            ColumnChange::Rename(to) => self.spec.name = to,
            ColumnChange::Type { ty, family, spelled, .. } => self.retype(ty, family, spelled, dialect),
            ColumnChange::Nullable(nullable) => self.spec.nullable = nullable,
            ColumnChange::Default(default) => self.spec.default = default,
            ColumnChange::Comment(comment) if dialect != Dialect::Sqlite => self.spec.comment = comment,
            ColumnChange::Autoincrement(on) => self.spec.serial = on,
            ColumnChange::Comment(_)
            | ColumnChange::Identity(_)
            | ColumnChange::DropComputed
            | ColumnChange::Spelled(_) => {}
        }
    }

    /// The values are cast where the new type is of another kind.
    fn retype(&mut self, ty: SqlType, family: Option<TypeFamily>, spelled: Option<Name>, dialect: Dialect) {
        let is_json = dialect == Dialect::Sqlite && ty.is_json();
        let family = family.unwrap_or_else(|| ty.family());
        let before = self.spec.family.take().unwrap_or_else(|| self.spec.ty.family());
        let text = spelled.unwrap_or_else(|| ty.text(dialect).into());
        if family != before
            && !is_json
            && let Some(from) = &mut self.from
        {
            let target = if dialect == Dialect::MySql { mysql_cast(&ty) } else { Some(text.to_string()) };
            if let Some(target) = target {
                *from = format!("CAST({from} AS {target}) AS {}", quote(&self.key, dialect));
            }
        }
        self.spec.serial &= family == TypeFamily::Integer;
        self.spec.family = Some(family);
        self.spec.ty = ty;
        if let Some(spelling) = &mut self.spec.spelling {
            spelling.ty = text;
        }
    }
}

/// What MySQL casts to; nothing where it has no word for the type.
fn mysql_cast(ty: &SqlType) -> Option<String> {
    Some(match ty {
        SqlType::Unsigned(_) => "UNSIGNED INTEGER".to_owned(),
        SqlType::Char(Some(length)) | SqlType::VarChar(Some(length)) | SqlType::NChar(Some(length)) => {
            format!("CHAR({length})")
        }
        SqlType::Numeric(precision, scale) | SqlType::Decimal(precision, scale) => {
            SqlType::Decimal(*precision, *scale).text(Dialect::MySql)
        }
        _ => match ty.family() {
            TypeFamily::Integer => "SIGNED INTEGER",
            TypeFamily::String => "CHAR",
            TypeFamily::Date => "DATE",
            TypeFamily::Time => "TIME",
            TypeFamily::DateTime => "DATETIME",
            TypeFamily::Binary => "BINARY",
            TypeFamily::Json => "JSON",
            _ => return None,
        }
        .to_owned(),
    })
}

fn is_key(constraint: &ConstraintSpec) -> bool {
    matches!(constraint.kind, ConstraintKind::PrimaryKey { .. })
}

fn is_only_key(constraints: &[ConstraintSpec], column: &Name) -> bool {
    let key = constraints.iter().find(|constraint| is_key(constraint));
    key.is_some_and(
        |key| matches!(&key.kind, ConstraintKind::PrimaryKey { columns, .. } if columns.as_slice() == [column.clone()]),
    )
}
