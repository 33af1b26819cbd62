//! [`TableObject`]: a `sa.Table` or a `sa.table`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{ColumnObject, ConstraintObject, IndexObject, MetaDataObject};
use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::known;
use crate::alembic::objects::Class;
use crate::alembic::types::SaType;
use crate::alembic::{core, object};
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm};
use crate::schema::QName;
use crate::source::Span;

/// A `sa.Table(…)`, a `sa.table(…)` or the table of a declarative model.
#[derive(Debug)]
pub(in crate::alembic) struct TableObject {
    /// Its name and schema.
    pub name: QName,
    /// Its columns.
    pub columns: RefCell<Vec<Rc<ColumnObject>>>,
    /// Its constraints, without those of its columns.
    pub constraints: RefCell<Vec<Rc<ConstraintObject>>>,
    /// Its indexes, without those of its columns.
    pub indexes: RefCell<Vec<Rc<IndexObject>>>,
    /// Its comment.
    pub comment: Option<Rc<str>>,
    /// `sqlite_autoincrement`.
    pub sqlite_autoincrement: bool,
    /// `prefixes`, the words between `CREATE` and `TABLE`.
    pub prefixes: Vec<Rc<str>>,
    /// The options of dialects, as given.
    pub options: Vec<(Rc<str>, Value)>,
    /// Why it may have more columns, or other ones, than these, if so.
    pub open: Option<Rc<Unknown>>,
    /// `MetaData`, where it belongs to one.
    pub metadata: Value,
}

static SIGNATURE: Signature = Signature {
    keyword: &[
        "schema",
        "quote",
        "quote_schema",
        "autoload_with",
        "autoload",
        "autoload_replace",
        "keep_existing",
        "extend_existing",
        "resolve_fks",
        "include_columns",
        "implicit_returning",
        "comment",
        "info",
        "listeners",
        "prefixes",
        "must_exist",
        "sqlite_autoincrement",
    ],
    ..Signature::new("Table.__new__", &["name", "metadata"]).optional(1).rest().extra(Extra::Dialect).method()
};

/// `Table(name, metadata, *items, **options)`.
pub(super) fn construct(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = SIGNATURE.bind(vm, args, span)?;
    let name = match known::name(vm, call.get("name"), span) {
        Ok(name) => name,
        Err(why) => return Ok(Value::Unknown(why)),
    };
    let metadata = call.get("metadata").and_then(Value::downcast::<MetaDataObject>);
    let schema = match known::optional_text(vm, call.get("schema"), span) {
        Ok(schema) => schema.or_else(|| metadata.as_ref().and_then(|metadata| metadata.schema.clone())),
        Err(why) => return Ok(Value::Unknown(why)),
    };
    let name = known::spelled(vm, &name, schema.as_deref());
    if call.rest.is_empty()
        && let Some(known) = metadata.as_ref().and_then(|metadata| metadata.table(&name))
    {
        return Ok(Value::Object(known));
    }
    let mut table = TableObject { open: call.open.clone(), ..TableObject::empty(name) };
    table.metadata = call.get("metadata").cloned().unwrap_or(Value::None);
    table.sqlite_autoincrement = matches!(call.get("sqlite_autoincrement"), Some(Value::Bool(true)));
    table.take_options(vm, &call, span)?;
    if let Ok(comment) = known::optional_text(vm, call.get("comment"), span) {
        table.comment = comment;
    }
    let reflects = call.some("autoload_with").is_some() || matches!(call.get("autoload"), Some(Value::Bool(true)));
    if reflects {
        reflect(&mut table, vm, span)?;
    }
    let table = Rc::new(table);
    table.own_columns();
    for item in &call.rest {
        table.take(item, span);
    }
    if let Some(metadata) = metadata {
        metadata.tables.borrow_mut().push(table.clone());
    }
    Ok(Value::Object(table))
}

/// Fills a table from the simulated database, as `autoload_with=` does.
fn reflect(table: &mut TableObject, vm: &mut Vm<'_>, span: Span) -> Flow<()> {
    if vm.host.offline().is_some() {
        return Err(core::no_inspection(vm, span));
    }
    let catalog = vm.host.catalog();
    let Some(stored) = catalog.table(&table.name).cloned() else {
        if let Some(why) = catalog.uncertain.get(&table.name).or(catalog.opaque.as_ref()) {
            table.open = Some(known::because(why.clone(), span));
            return Ok(());
        }
        return Err(vm.raise("sqlalchemy.exc.NoSuchTableError", &table.name.to_string(), span));
    };
    let keys = stored.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
    for column in &stored.columns {
        let object = ColumnObject {
            primary_key: keys.contains(&column.id),
            nullable: Some(column.nullable),
            ..ColumnObject::light(&column.name, Some(Rc::new(SaType::reflected(column.ty.clone()))))
        };
        table.columns.borrow_mut().push(Rc::new(object));
    }
    if stored.assumed {
        let why = format!("the table {} is only assumed to exist", table.name);
        table.open = Some(known::because(why, span));
    }
    Ok(())
}

impl TableObject {
    /// A table without columns.
    pub(in crate::alembic) fn empty(name: QName) -> Self {
        Self {
            name,
            columns: RefCell::default(),
            constraints: RefCell::default(),
            indexes: RefCell::default(),
            comment: None,
            sqlite_autoincrement: false,
            prefixes: Vec::new(),
            options: Vec::new(),
            open: None,
            metadata: Value::None,
        }
    }

    /// Takes the options that only the text of a `CREATE TABLE` shows.
    pub(in crate::alembic) fn take_options(&mut self, vm: &mut Vm<'_>, call: &Call, span: Span) -> Flow<()> {
        self.options.clone_from(&call.extra);
        if let Some(prefixes) = call.some("prefixes")
            && let Ok(prefixes) = known::names(vm, Some(prefixes), span)?
        {
            self.prefixes = prefixes;
        }
        Ok(())
    }

    /// A bare table, as `sa.table(name, *columns)` makes it; takes the columns into possession.
    pub(in crate::alembic) fn light(name: QName, columns: Vec<Rc<ColumnObject>>) -> Rc<Self> {
        let table = Rc::new(Self::empty(name));
        for column in columns {
            table.adopt(column);
        }
        table
    }

    /// Takes a column into possession: a copy of it, where it belongs to another table already. A column of the same
    /// key gives way.
    pub(in crate::alembic) fn adopt(self: &Rc<Self>, column: Rc<ColumnObject>) {
        let column = match column.table.borrow().upgrade() {
            Some(owner) if !Rc::ptr_eq(&owner, self) => {
                Rc::new(ColumnObject { table: RefCell::default(), ..ColumnObject::clone(&column) })
            }
            _ => column.clone(),
        };
        *column.table.borrow_mut() = Rc::downgrade(self);
        let mut columns = self.columns.borrow_mut();
        let key = column.key();
        match columns.iter_mut().find(|known| known.key() == key) {
            Some(known) => *known = column,
            None => columns.push(column),
        }
    }

    /// Tells the columns that are already in it whose they are.
    fn own_columns(self: &Rc<Self>) {
        for column in self.columns.borrow().iter() {
            *column.table.borrow_mut() = Rc::downgrade(self);
        }
    }

    /// Takes an item of `Table(…)` or `create_table(…)` in; `Some` is why it could not.
    pub(in crate::alembic) fn take(self: &Rc<Self>, item: &Value, span: Span) -> Option<Rc<Unknown>> {
        if let Some(column) = item.downcast::<ColumnObject>() {
            self.adopt(column);
        } else if let Some(constraint) = item.downcast::<ConstraintObject>() {
            self.constraints.borrow_mut().push(constraint);
        } else if let Some(index) = item.downcast::<IndexObject>() {
            self.indexes.borrow_mut().push(index);
        } else if !matches!(item, Value::None) {
            return Some(known::unknown(item, span));
        }
        None
    }

    /// The column with that key.
    pub(in crate::alembic) fn column(&self, key: &str) -> Option<Rc<ColumnObject>> {
        self.columns.borrow().iter().find(|column| &*column.key() == key).cloned()
    }
}

impl Foreign for TableObject {
    object!("Table");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "name" => Value::str(&self.name.name),
            "key" | "fullname" => Value::Str(self.name.to_string().into()),
            "schema" => self.name.schema.as_ref().map_or(Value::None, |schema| Value::str(schema)),
            "metadata" => self.metadata.clone(),
            "comment" => self.comment.clone().map_or(Value::None, Value::Str),
            "create" | "drop" => {
                let create = name == "create";
                let run: fn(&Rc<Self>, &mut Vm<'_>, Args, Span) -> Flow<Value> = if create {
                    |table, vm, args, span| crate::alembic::lower::create_now(table, vm, &args, span)
                } else {
                    |table, vm, args, span| crate::alembic::lower::drop_now(table, vm, &args, span)
                };
                crate::alembic::objects::Method::value(&self, run)
            }
            _ => return core::table_attr(&self, vm, name, span),
        }))
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(Class::named(class, "Table"))
    }

    fn text(&self) -> Option<Rc<str>> {
        Some(self.name.to_string().into())
    }
}
