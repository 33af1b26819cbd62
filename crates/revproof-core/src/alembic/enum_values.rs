//! `alembic_postgresql_enum`: enums of PostgreSQL whose values change, which `op.add_enum_value(…)` and
//! `op.sync_enum_values(…)` write as SQL; after its release 1.11. It also makes operators by which old and new values can be
//! compared on the way. They are left out, as it drops them again.

use std::rc::Rc;

use super::objects::Class;
use super::{known, object};
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::schema::{Catalog, QName};
use crate::source::Span;

/// The package.
pub(in crate::alembic) const PACKAGE: &str = "alembic_postgresql_enum";

/// What the package has under that name.
pub(in crate::alembic) fn attribute(vm: &mut Vm<'_>, name: &str, span: Span) -> Value {
    match name {
        "TableReference" => Class::value("TableReference", |vm, args, span| Ok(reference(vm, &args, span))),
        "TableIndex" => Class::value("TableIndex", |vm, args, span| Ok(index(vm, &args, span))),
        "ColumnType" => Value::object(ColumnType),
        _ => vm.unknown(format!("`{PACKAGE}.{name}` is of a third-party package"), span),
    }
}

/// `ColumnType.COMMON` and `ColumnType.ARRAY`.
#[derive(Debug)]
struct ColumnType;

impl Foreign for ColumnType {
    object!("type");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        let _ = (vm, span);
        Ok(matches!(name, "COMMON" | ARRAY).then(|| Value::str(name)))
    }
}

const ARRAY: &str = "ARRAY";

/// `TableReference(…)`: a column of the enum.
#[derive(Debug, Clone)]
struct Reference {
    table: Rc<str>,
    column: Rc<str>,
    /// `None` where it is that of the enum, empty where it is the default one.
    schema: Option<Rc<str>>,
    is_array: bool,
    default: Option<Rc<str>>,
}

impl Foreign for Reference {
    object!("TableReference");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(vm.unknown(format!("TableReference.{name} is not known"), span)))
    }
}

fn reference(vm: &mut Vm<'_>, args: &Args, span: Span) -> Value {
    let mut text = |place: usize, name: &str| known::optional_text(vm, args.get(place, name), span).ok();
    let read = (text(0, "table_name"), text(1, "column_name"), text(2, "table_schema"), text(3, "column_type"));
    let default = text(4, "existing_server_default");
    match (read, default) {
        ((Some(Some(table)), Some(Some(column)), Some(schema), Some(kind)), Some(default)) => {
            let schema = args.get(2, "table_schema").map(|_| schema.unwrap_or_default());
            Value::object(Reference { table, column, schema, is_array: kind.as_deref() == Some(ARRAY), default })
        }
        _ => vm.unknown("which column is meant is not known", span),
    }
}

/// `TableIndex(name, definition)`: an index that has to be made again.
#[derive(Debug)]
struct Index {
    name: Rc<str>,
    definition: Rc<str>,
}

impl Foreign for Index {
    object!("TableIndex");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(vm.unknown(format!("TableIndex.{name} is not known"), span)))
    }
}

fn index(vm: &mut Vm<'_>, args: &Args, span: Span) -> Value {
    let mut text = |place: usize, name: &str| known::optional_text(vm, args.get(place, name), span).ok().flatten();
    match (text(0, "name"), text(1, "definition")) {
        (Some(name), Some(definition)) => Value::object(Index { name, definition }),
        _ => vm.unknown("which index is meant is not known", span),
    }
}

/// The statement of `op.add_enum_value(enum_schema, enum_name, new_value, before_value=None)`; `None` where not all of it is
/// known.
pub(in crate::alembic) fn added(vm: &mut Vm<'_>, args: &Args, span: Span) -> Option<Vec<String>> {
    let mut text = |place: usize, name: &str| known::optional_text(vm, args.get(place, name), span).ok();
    let (schema, name, value) = (text(0, "enum_schema")??, text(1, "enum_name")??, text(2, "new_value")??);
    // The neighbour is called the one before which the value is to stand, and the statement says otherwise.
    let place = text(3, "before_value")?.map_or_else(String::new, |neighbour| format!(" AFTER '{neighbour}'"));
    Some(vec![format!("ALTER TYPE \"{schema}\".\"{name}\" ADD VALUE '{value}'{place}")])
}

/// The statements of `op.sync_enum_values(enum_schema, enum_name, new_values, affected_columns, enum_values_to_rename=(),
/// indexes_to_recreate=None)`; `None` where not all of it is known.
pub(in crate::alembic) fn synced(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Option<Vec<String>>> {
    let Some(change) = Change::read(vm, args, span)? else { return Ok(None) };
    Ok(Some(change.statements()))
}

/// What is to become of an enum.
struct Change {
    schema: Rc<str>,
    name: Rc<str>,
    values: Vec<Rc<str>>,
    columns: Vec<Reference>,
    renamed: Vec<(Rc<str>, Rc<str>)>,
    indexes: Vec<Rc<Index>>,
}

impl Change {
    fn read(vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Option<Self>> {
        let mut list = |place: usize, name: &str| match args.get(place, name) {
            None | Some(Value::None) => Ok(Some(Vec::new())),
            Some(value) => Ok(known::items(vm, value, span)?.ok()),
        };
        let lists = (list(3, "affected_columns")?, list(4, "enum_values_to_rename")?, list(5, "indexes_to_recreate")?);
        let (Some(columns), Some(renamed), Some(indexes)) = lists else { return Ok(None) };
        let Ok(values) = known::names(vm, args.get(2, "new_values"), span)? else { return Ok(None) };
        let (schema, name) = (args.get(0, "enum_schema"), args.get(1, "enum_name"));
        let named = (known::name(vm, schema, span), known::name(vm, name, span));
        let (Ok(schema), Ok(name)) = named else { return Ok(None) };
        let pair = |vm: &mut Vm<'_>, value: &Value| match known::names(vm, Some(value), span) {
            Ok(Ok(parts)) => Some((parts.first()?.clone(), parts.get(1)?.clone(), parts.get(2).cloned())),
            _ => None,
        };
        let mut change = Self { schema, name, values, columns: Vec::new(), renamed: Vec::new(), indexes: Vec::new() };
        for value in &columns {
            change.columns.push(if let Some(reference) = value.downcast::<Reference>() {
                Reference::clone(&reference)
            } else {
                let Some((table, column, kind)) = pair(vm, value) else { return Ok(None) };
                let default = default_of(vm.host.catalog(), &change.schema, &table, &column);
                Reference { table, column, schema: None, is_array: kind.as_deref() == Some(ARRAY), default }
            });
        }
        for value in &renamed {
            let Some((old, new, _)) = pair(vm, value) else { return Ok(None) };
            change.renamed.push((old, new));
        }
        for value in &indexes {
            let Some(index) = value.downcast::<Index>() else { return Ok(None) };
            change.indexes.push(index);
        }
        Ok(Some(change))
    }

    fn statements(&self) -> Vec<String> {
        let Self { schema, name, .. } = self;
        let (ty, old) = (format!("\"{schema}\".\"{name}\""), format!("\"{name}_old\""));
        let values: Vec<String> = self.values.iter().map(|value| format!("'{value}'")).collect();
        let mut statements = vec![
            format!("ALTER TYPE {ty} RENAME TO {old}"),
            format!("CREATE TYPE {ty} AS ENUM({})", values.join(", ")),
        ];
        let place = |index: &str| {
            let (schema, name) = index.rsplit_once('.').map_or((None, index), |(schema, name)| (Some(schema), name));
            let schema = schema.map_or_else(String::new, |schema| format!("\"{}\".", schema.trim_matches('"')));
            format!("{schema}\"{}\"", name.trim_matches('"'))
        };
        statements.extend(self.indexes.iter().map(|index| format!("DROP INDEX IF EXISTS {}", place(&index.name))));
        for column in &self.columns {
            let of = Some(column.schema.as_ref().unwrap_or(schema)).filter(|schema| !schema.is_empty());
            let of = of.map_or_else(String::new, |schema| format!("\"{schema}\"."));
            let alter = format!("ALTER TABLE {of}\"{}\" ALTER COLUMN \"{}\"", column.table, column.column);
            if column.default.is_some() {
                statements.push(format!("{alter} DROP DEFAULT"));
            }
            let brackets = if column.is_array { "[]" } else { "" };
            statements.push(format!("{alter} TYPE {ty}{brackets} USING {}", self.cast(column, &ty)));
            if let Some(default) = &column.default {
                statements.push(format!("{alter} SET DEFAULT {}", self.default(default)));
            }
        }
        statements.push(format!("DROP TYPE \"{schema}\".{old}"));
        statements.extend(self.indexes.iter().map(|index| self.index(&index.definition)));
        statements
    }

    fn cast(&self, column: &Reference, ty: &str) -> String {
        let name = &column.column;
        if column.is_array {
            let replaced = |text, (old, new): &(Rc<str>, Rc<str>)| format!("array_replace({text}, '{old}', '{new}')");
            return format!("{}::{ty}[]", self.renamed.iter().fold(format!("\"{name}\"::text[]"), replaced));
        }
        if self.renamed.is_empty() {
            return format!("\"{name}\"::text::{ty}");
        }
        let when = |(old, new): &(Rc<str>, Rc<str>)| format!("WHEN \"{name}\"::text = '{old}' THEN '{new}'::{ty}");
        let cases: Vec<String> = self.renamed.iter().map(when).collect();
        format!("CASE {} ELSE \"{name}\"::text::{ty} END", cases.join(" "))
    }

    /// A default of the old type as one of the new.
    fn default(&self, default: &str) -> String {
        let ty = format!("{}.{}", self.schema, self.name);
        let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let mut parts = default.split("::");
        let head = self.with_new_names(parts.next().unwrap_or_default());
        if default.starts_with("ARRAY[") {
            let parts = parts.map(|part| format!("::{ty}{}", self.with_new_names(part.trim_start_matches(in_word))));
            return head + &parts.collect::<String>();
        }
        let brackets = if default.ends_with("[]") { "[]" } else { "" };
        format!("{head}::{ty}{brackets}")
    }

    /// The definition of an index with the new names of values.
    fn index(&self, definition: &str) -> String {
        let of = [self.name.to_string(), format!("{}.{}", self.schema, self.name)];
        let pairs = self.renamed.iter().flat_map(|(old, new)| of.iter().map(move |ty| (old, new, ty)));
        pairs.fold(definition.to_owned(), |text, (old, new, ty)| {
            text.replace(&format!("'{old}'::{ty}"), &format!("'{new}'::{ty}"))
        })
    }

    /// A text with the new names of values in the place of the old ones.
    fn with_new_names(&self, text: &str) -> String {
        let replaced = |text: String, (old, new): &(Rc<str>, Rc<str>)| {
            text.replace(&format!("'{old}'"), &format!("'{new}'")).replace(&format!("\"{old}\""), &format!("\"{new}\""))
        };
        self.renamed.iter().fold(text.to_owned(), replaced)
    }
}

/// The default of a column in the database.
fn default_of(catalog: &Catalog, schema: &str, table: &str, column: &str) -> Option<Rc<str>> {
    let name: QName = known::qname(catalog.dialect, table, Some(schema));
    Some(Rc::from(&**catalog.table(&name)?.column(column)?.default.as_ref()?))
}
