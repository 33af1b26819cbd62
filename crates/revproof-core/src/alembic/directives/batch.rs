//! `op.batch_alter_table`: directives wait until the block ends; then they are sent one by one, or the table is built
//! anew.

use std::cell::RefCell;
use std::rc::Rc;

use super::Site;
use super::move_and_copy::{self, Given};
use super::send::send_now;
use crate::alembic::arguments::Signature;
use crate::alembic::items::{ConstraintObject, TableObject};
use crate::alembic::known;
use crate::alembic::lower::{Naming, constraint_spec, table_spec, type_checks};
use crate::alembic::{apply, object};
use crate::op::{Batch, Certainty, ColumnChange, ConstraintSpec, IndexSpec, OpKind, Operation, Origin, TableSpec};
use crate::python::{Args, Flow, Foreign, Raised, Unknown, Value, Vm};
use crate::schema::{Dialect, Name, QName};
use crate::source::Span;

/// The queue of a batch block.
#[derive(Debug)]
pub(in crate::alembic) struct BatchBlock {
    /// Its table.
    pub table: QName,
    /// What waits.
    pub queue: RefCell<Vec<Queued>>,
    /// When the table is built anew.
    pub recreate: Recreate,
}

/// `recreate=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic) enum Recreate {
    /// Where the dialect needs it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// An operation on its way.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct Queued {
    /// What it does.
    pub kind: OpKind,
    /// How the script said it.
    pub origin: Origin,
    /// The call.
    pub span: Span,
    /// The column whose type brings along the check that it adds or drops.
    pub type_of: Option<Name>,
    /// The default of an added column is an expression, which SQLite can't add in place.
    pub expression_default: bool,
    /// `insert_before` (`true`) or `insert_after` (`false`).
    pub placement: Vec<(bool, Name)>,
}

impl Queued {
    /// An operation without anything special.
    pub(in crate::alembic) fn new(kind: OpKind, origin: Origin, span: Span) -> Self {
        Self { kind, origin, span, type_of: None, expression_default: false, placement: Vec::new() }
    }
}

static SIGNATURE: Signature = Signature::new(
    "batch_alter_table",
    &[
        "table_name",
        "schema",
        "recreate",
        "partial_reordering",
        "copy_from",
        "table_args",
        "table_kwargs",
        "reflect_args",
        "reflect_kwargs",
        "naming_convention",
    ],
)
.optional(9)
.method();

/// `op.batch_alter_table(table_name, schema=None, recreate="auto", …)`.
pub(super) fn batch_alter_table(site: &Rc<Site>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = SIGNATURE.bind(vm, args, span)?;
    let table = match site.table(vm, &call, "table_name", "schema") {
        Ok(table) => table,
        Err(why) => {
            site.opaque(vm, "op.batch_alter_table", Vec::new(), &why, span)?;
            return Ok(Value::Unknown(why));
        }
    };
    let recreate = match call.get("recreate").map(|value| (value.as_str(), value)) {
        None | Some((Some("auto"), _)) => Recreate::Auto,
        Some((Some("always"), _)) => Recreate::Always,
        Some((Some("never"), _)) => Recreate::Never,
        Some((None, value)) if value.as_unknown().is_some() => {
            site.opaque(vm, "op.batch_alter_table", vec![table.clone()], &known::unknown(value, span), span)?;
            Recreate::Auto
        }
        Some(_) => {
            let message = "recreate may be one of 'auto', 'always', or 'never'.";
            return Err(vm.raise("ValueError", message, span));
        }
    };
    let options = Options::read(vm, &call, span)?;
    let batch = BatchBlock { table, queue: RefCell::default(), recreate };
    let inner = Rc::new(Site { context: site.context.clone(), batch: Some(batch) });
    Ok(Value::object(BatchManager { site: inner, options, span }))
}

/// What decides how a table is built anew.
#[derive(Debug, Default)]
struct Options {
    copy_from: Option<Rc<TableObject>>,
    table_args: Vec<Value>,
    sqlite_autoincrement: bool,
    naming: Vec<(Name, Name)>,
    reordering: Vec<Vec<Name>>,
    unsure: Option<Rc<Unknown>>,
}

impl Options {
    fn read(vm: &mut Vm<'_>, call: &crate::alembic::arguments::Call, span: Span) -> Flow<Self> {
        let mut options = Self { unsure: call.open.clone(), ..Self::default() };
        if let Some(value) = call.some("copy_from") {
            options.copy_from = value.downcast::<TableObject>();
            if options.copy_from.is_none() {
                options.unsure = Some(known::unknown(value, span));
            }
        }
        if let Some(value) = call.some("table_args") {
            match known::items(vm, value, span)? {
                Ok(items) => options.table_args = items,
                Err(why) => options.unsure = Some(why),
            }
        }
        if let Some(value) = call.some("naming_convention") {
            match known::entries(value, span) {
                Ok(entries) => {
                    options.naming = entries
                        .iter()
                        .filter_map(|(key, template)| Some((Name::from(&**key), Name::from(template.as_str()?))))
                        .collect();
                }
                Err(why) => options.unsure = Some(why),
            }
        }
        if let Some(value) = call.some("table_kwargs")
            && let Ok(entries) = known::entries(value, span)
        {
            options.sqlite_autoincrement =
                entries.iter().any(|(key, v)| &**key == "sqlite_autoincrement" && matches!(v, Value::Bool(true)));
        }
        if let Some(value) = call.some("partial_reordering") {
            match known::items(vm, value, span)? {
                Ok(groups) => {
                    for group in &groups {
                        match known::names(vm, Some(group), span)? {
                            Ok(names) => options.reordering.push(known::shared(&names)),
                            Err(why) => options.unsure = Some(why),
                        }
                    }
                }
                Err(why) => options.unsure = Some(why),
            }
        }
        Ok(options)
    }
}

/// What `with op.batch_alter_table(…) as batch_op` opens and closes.
#[derive(Debug)]
struct BatchManager {
    site: Rc<Site>,
    options: Options,
    span: Span,
}

impl Foreign for BatchManager {
    object!("_GeneratorContextManager");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let _ = (vm, name, span);
        Ok(None)
    }

    fn enter(self: Rc<Self>, vm: &mut Vm<'_>, span: Span) -> Flow<Value> {
        let _ = (vm, span);
        Ok(Value::Object(self.site.clone()))
    }

    fn exit(self: Rc<Self>, vm: &mut Vm<'_>, raised: Option<&Raised>, span: Span) -> Flow<bool> {
        let _ = span;
        if raised.is_none() {
            flush(&self, vm)?;
        }
        Ok(false)
    }
}

/// Sends what has waited.
fn flush(manager: &BatchManager, vm: &mut Vm<'_>) -> Flow<()> {
    let Some(batch) = &manager.site.batch else { return Ok(()) };
    let queue = batch.queue.take();
    if batch.recreate.rebuilds(vm.host.catalog().dialect, &queue) {
        return rebuild(manager, batch, queue, vm);
    }
    for queued in queue {
        send_now(vm, queued)?;
    }
    Ok(())
}

impl Recreate {
    /// Whether a table is built anew for what waits.
    pub(super) fn rebuilds(self, dialect: Dialect, queue: &[Queued]) -> bool {
        match self {
            Self::Auto => dialect == Dialect::Sqlite && queue.iter().any(needs_rebuild),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// Whether SQLite can't do it in place.
fn needs_rebuild(queued: &Queued) -> bool {
    match &queued.kind {
        OpKind::AddColumn { column, .. } => {
            queued.expression_default || column.computed.as_ref().is_some_and(|computed| computed.persisted)
        }
        OpKind::CreateIndex { .. } | OpKind::DropIndex { .. } | OpKind::Opaque { .. } => false,
        _ => true,
    }
}

fn rebuild(manager: &BatchManager, batch: &BatchBlock, mut queue: Vec<Queued>, vm: &mut Vm<'_>) -> Flow<()> {
    take_back_checks(&mut queue);
    let context = &manager.site.context;
    let options = &manager.options;
    let mut unsure = options.unsure.clone();
    let mut rebuilt = Batch {
        table: batch.table.clone(),
        changes: Vec::with_capacity(queue.len()),
        copy_from: None,
        table_args: Vec::new(),
        placement: Vec::new(),
        reordering: options.reordering.clone(),
        naming: options.naming.clone(),
    };
    if let Some(table) = options.copy_from.as_ref().filter(|_| vm.host.offline().is_none()) {
        let (mut spec, why) = table_spec(vm, &context.naming, table, manager.span)?;
        rebuilt.table_args = checks_of_types(vm, &context.naming, table, &mut spec, &queue, manager.span)?;
        rebuilt.copy_from = Some(spec);
        unsure = unsure.or(why);
    }
    for value in &options.table_args {
        let Some(constraint) = value.downcast::<ConstraintObject>() else { continue };
        if let Some((spec, why)) = constraint_spec(vm, &context.naming, &batch.table, &constraint)? {
            rebuilt.table_args.push(spec);
            unsure = unsure.or(why);
        }
    }
    if vm.host.offline().is_some() {
        let given = Given {
            copy_from: options.copy_from.as_ref(),
            table_args: rebuilt.table_args,
            counts: options.sqlite_autoincrement,
            reordering: rebuilt.reordering,
            span: manager.span,
        };
        for queued in &queue {
            check_named(vm, queued)?;
        }
        let unsure = unsure.or(move_and_copy::write(vm, batch, &given, queue)?);
        if let Some(why) = unsure {
            vm.host.not_evaluated(why.why.clone(), manager.span);
        }
        return Ok(());
    }
    let renames = renames(&queue);
    for queued in queue {
        check_named(vm, &queued)?;
        if let OpKind::AddColumn { column, .. } = &queued.kind {
            let places = queued.placement.iter().map(|(before, other)| (column.name.clone(), *before, other.clone()));
            rebuilt.placement.extend(places);
        }
        if let OpKind::Opaque { .. } = &queued.kind {
            // What can't be known about the block is told beside it.
            send_now(vm, queued)?;
            continue;
        }
        let of_column = match &queued.kind {
            OpKind::CreateIndex { index, .. } if queued.origin == Origin::Implied => {
                Some(of_temporary_table(&batch.table, index, &renames))
            }
            _ => None,
        };
        let span = queued.span;
        rebuilt.changes.push(change(queued));
        if let Some(index) = of_column {
            let kind = OpKind::CreateIndex { index, if_not_exists: false, concurrently: false };
            rebuilt.changes.push(change(Queued::new(kind, Origin::Implied, span)));
        }
    }
    apply(vm, OpKind::Rebuild(Box::new(rebuilt)), Origin::Batch, manager.span)?;
    match unsure {
        Some(why) => {
            crate::alembic::lower::opaque(vm, "op.batch_alter_table", vec![batch.table.clone()], &why, manager.span)
        }
        None => Ok(()),
    }
}

/// Takes the checks that come with the types of the columns out of a table that `copy_from=` gives, and returns those that
/// the new table has: no directive knows them by name, they go with the column or its type.
pub(super) fn checks_of_types(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &Rc<TableObject>,
    spec: &mut TableSpec,
    queue: &[Queued],
    span: Span,
) -> Flow<Vec<ConstraintSpec>> {
    let old = type_checks(vm, naming, table, &|column| Some(column.into()), span)?;
    spec.constraints.retain(|constraint| !old.contains(constraint));
    type_checks(vm, naming, table, &|column| name_beside_type(queue, column), span)
}

/// The name that a column of the old table has in the end; `None` where it does not keep its type.
fn name_beside_type(queue: &[Queued], key: &str) -> Option<Name> {
    let mut name = Name::from(key);
    for queued in queue {
        match &queued.kind {
            OpKind::DropColumn { column, .. } if **column == *key => return None,
            OpKind::AddColumn { column, .. } if *column.name == *key => return None,
            OpKind::AlterColumn { column, changes, .. } if **column == *key => {
                for change in changes {
                    match change {
                        ColumnChange::Type { .. } => return None,
                        ColumnChange::Rename(to) => name = to.clone(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Some(name)
}

/// The check that a type brings along goes with a column that the block drops and does not add again, and so does the one
/// whose name it has taken.
fn take_back_checks(queue: &mut [Queued]) {
    let mut gone: Vec<Name> = Vec::new();
    for queued in queue.iter() {
        match &queued.kind {
            OpKind::DropColumn { column, .. } => gone.push(column.clone()),
            OpKind::AddColumn { column, .. } => gone.retain(|name| *name != column.name),
            _ => {}
        }
    }
    for queued in queue.iter_mut().filter(|queued| queued.type_of.as_ref().is_some_and(|column| gone.contains(column)))
    {
        if let OpKind::AddConstraint { table, constraint } = &queued.kind {
            let (table, name) = (table.clone(), constraint.name.clone());
            queued.kind = OpKind::DropConstraint { table, name, kind: None, if_exists: true, cascade: false };
        }
    }
}

/// The columns that a block renames, with the names that they have in the end.
fn renames(queue: &[Queued]) -> Vec<(Name, Name)> {
    let mut renames: Vec<(Name, Name)> = Vec::new();
    for queued in queue {
        let OpKind::AlterColumn { column, changes, .. } = &queued.kind else { continue };
        for change in changes {
            if let ColumnChange::Rename(to) = change {
                renames.retain(|(own, _)| own != column);
                renames.push((column.clone(), to.clone()));
            }
        }
    }
    renames
}

/// `index=True` of a column that the block adds makes a second index, with the new table, whose temporary name it gets.
fn of_temporary_table(table: &QName, index: &IndexSpec, renames: &[(Name, Name)]) -> IndexSpec {
    let last = |key: &Name| renames.iter().find(|(own, _)| own == key).map_or(key.clone(), |(_, to)| to.clone());
    let columns = index.keys.iter().flatten().map(last).collect::<Vec<_>>().join("_");
    let schema = table.schema.as_ref().map(|schema| format!("{schema}_")).unwrap_or_default();
    let name = format!("ix_{schema}{}_{columns}", Batch::temporary_name(&table.name));
    IndexSpec { name: Some(name.into()), ..index.clone() }
}

fn change(queued: Queued) -> Operation {
    let kind = match queued.kind {
        // The check of a type that is changed away may well have no name in the old table.
        OpKind::DropConstraint { table, name, kind, cascade, .. } if queued.type_of.is_some() => {
            OpKind::DropConstraint { table, name, kind, if_exists: true, cascade }
        }
        kind => kind,
    };
    Operation { kind, span: queued.span, certainty: Certainty::Certain, origin: queued.origin }
}

/// A rebuilt table knows its constraints by name.
fn check_named(vm: &mut Vm<'_>, queued: &Queued) -> Flow<()> {
    let named = match &queued.kind {
        OpKind::AddConstraint { constraint, .. } => constraint.name.is_some(),
        OpKind::DropConstraint { name, .. } => name.is_some(),
        _ => true,
    };
    if named || queued.type_of.is_some() {
        return Ok(());
    }
    Err(vm.raise("ValueError", "Constraint must have a name", queued.span))
}

/// Whether the default of a column is an expression rather than a literal string.
pub(super) fn is_expression(value: Option<&Value>) -> bool {
    value.is_some_and(|value| matches!(value, Value::Object(_)))
}
