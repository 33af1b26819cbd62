//! Views, functions, triggers, extensions, schemas: known by name and by what they depend on.

use std::sync::Arc;

use super::changed::{Filling, RowStep};
use super::failures::{self, refuse};
use super::work::Work;
use crate::op::{FailureKind, Outcome};
use crate::schema::{Dialect, Name, Object, ObjectKind, QName, Table, Token, same, tokens, unknown_column};

/// Which text says that an object is there already.
fn exists_already(kind: ObjectKind, name: &QName, dialect: Dialect) -> String {
    match kind {
        ObjectKind::View | ObjectKind::MaterializedView if dialect == Dialect::PostgreSql => {
            format!("relation \"{}\" already exists", name.name)
        }
        ObjectKind::View | ObjectKind::MaterializedView => format!("view {} already exists", name.name),
        ObjectKind::Trigger => match name.name.split_once('.') {
            Some((table, trigger)) if dialect == Dialect::PostgreSql => {
                format!("trigger \"{trigger}\" for relation \"{table}\" already exists")
            }
            _ => format!("trigger {} already exists", name.name),
        },
        ObjectKind::Function | ObjectKind::Procedure => {
            format!("function \"{}\" already exists with same argument types", name.name)
        }
        ObjectKind::Domain | ObjectKind::Type => format!("type \"{}\" already exists", name.name),
        kind => format!("{} \"{}\" already exists", noun(kind), name.name),
    }
}

fn noun(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Schema => "schema",
        ObjectKind::View => "view",
        ObjectKind::MaterializedView => "materialized view",
        ObjectKind::Function => "function",
        ObjectKind::Procedure => "procedure",
        ObjectKind::Trigger => "trigger",
        ObjectKind::Extension => "extension",
        ObjectKind::Domain | ObjectKind::Type => "type",
        ObjectKind::Other => "object",
    }
}

/// `CREATE VIEW`, …
pub(super) fn create(work: &mut Work, mut object: Object, or_replace: bool, if_not_exists: bool) -> Outcome<()> {
    let (kind, name) = (object.kind, object.name.clone());
    if work.dialect == Dialect::PostgreSql && is_view(&object) {
        // The query is analysed before anything is asked of the name.
        query_stands(work, &object)?;
        object.bind(&work.catalog);
    }
    if !matches!(kind, ObjectKind::Schema | ObjectKind::Extension | ObjectKind::Trigger | ObjectKind::Other) {
        super::table::need_schema(work, &name)?;
    }
    let key = (kind, name.clone());
    let existing = work.catalog.objects.get(&key);
    let overload = matches!(kind, ObjectKind::Function | ObjectKind::Procedure)
        && existing.is_some_and(|old| arguments(&old.definition) != arguments(&object.definition));
    let builtin = kind == ObjectKind::Extension && &*name.name == "plpgsql"
        || kind == ObjectKind::Schema && &*name.name == "public" && work.dialect == Dialect::PostgreSql;
    let there = (existing.is_some() && kind != ObjectKind::Other && !overload) || builtin;
    if there && !or_replace {
        if if_not_exists {
            return Ok(());
        }
        return Err(refuse(FailureKind::DuplicateObject, &name, exists_already(kind, &name, work.dialect)));
    }
    match kind {
        ObjectKind::View | ObjectKind::MaterializedView => {
            if let Some(by) = work.catalog.relation(&name)
                && !there
            {
                return if if_not_exists { Ok(()) } else { Err(failures::taken(work.dialect, &name, by)) };
            }
            if work.dialect == Dialect::MySql {
                sources_exist(work, &object)?;
            }
            if work.dialect == Dialect::PostgreSql {
                labels_stand(work, existing.map(|old| &**old), &object)?;
            }
        }
        ObjectKind::Domain | ObjectKind::Type
            if work.catalog.enums.contains_key(&name) || work.catalog.table(&name).is_some() =>
        {
            return Err(refuse(FailureKind::DuplicateObject, &name, exists_already(kind, &name, work.dialect)));
        }
        _ => {}
    }
    if kind == ObjectKind::MaterializedView {
        let how = if super::view::is_filled(&object, work.dialect) { Filling::Anew } else { Filling::Not };
        work.step(RowStep::ViewFilled { view: name, how });
    }
    work.catalog.objects.insert(key, Arc::new(object));
    Ok(())
}

/// A view of PostgreSQL calls no two columns the same, and one that takes another's place has its columns, perhaps with more
/// behind them.
fn labels_stand(work: &Work, old: Option<&Object>, view: &Object) -> Outcome<()> {
    let Some(labels) = view.told_labels(&work.catalog) else { return Ok(()) };
    let told: Vec<&Name> = labels.iter().filter(|label| !label.is_empty()).collect();
    if let Some((_, double)) = told.iter().enumerate().find(|(at, label)| told.iter().take(*at).any(|l| l == *label)) {
        let message = format!("column \"{double}\" specified more than once");
        return Err(refuse(FailureKind::DuplicateObject, &view.name, message));
    }
    let Some(before) = old.and_then(|old| old.told_labels(&work.catalog)) else { return Ok(()) };
    if labels.len() < before.len() {
        return Err(refuse(FailureKind::InvalidStatement, &view.name, "cannot drop columns from view"));
    }
    let mut pairs = before.iter().zip(labels).filter(|(old, new)| !old.is_empty() && !new.is_empty());
    match pairs.find(|(old, new)| old != new) {
        None => Ok(()),
        Some((old, new)) => {
            let message = format!("cannot change name of view column \"{old}\" to \"{new}\"");
            Err(refuse(FailureKind::InvalidStatement, &view.name, message))
        }
    }
}

/// The list of arguments in a function's definition.
fn arguments(definition: &str) -> Option<&str> {
    let open = definition.find('(')?;
    let close = definition.find(')')?;
    definition.get(open..close)
}

/// What a view's query names is there.
fn query_stands(work: &Work, view: &Object) -> Outcome<()> {
    sources_exist(work, view)?;
    column_gone(work, view).map_or(Ok(()), |column| {
        let message = format!("column \"{column}\" does not exist");
        Err(refuse(FailureKind::UndefinedObject, &view.name, message))
    })
}

/// The tables and views that a view's query names exist. SQLite asks only when the view is used.
fn sources_exist(work: &Work, view: &Object) -> Outcome<()> {
    for source in &view.depends_on {
        let catalog = &work.catalog;
        let known = catalog.relation(source).is_some()
            || catalog.enums.contains_key(source)
            || catalog.objects.keys().any(|(_, name)| name == source)
            || source.schema.as_deref().is_some_and(|schema| schema == "pg_catalog" || schema == "information_schema")
            || source.name.starts_with("pg_")
            || is_local(&view.definition, &source.name, work.dialect);
        if !known {
            return Err(failures::no_table(work.dialect, source));
        }
    }
    Ok(())
}

/// Whether the query itself makes the name: `WITH name AS (…)`, a function call.
fn is_local(definition: &str, name: &str, dialect: Dialect) -> bool {
    let all = tokens(definition, dialect);
    all.windows(2).any(|pair| {
        let [first, second] = pair else { return false };
        let named = first.identifier(dialect).is_some_and(|own| same(&own, name, dialect));
        named && (second.is_word("as") || second.text == "(") && !all.is_empty()
    }) && (definition.to_ascii_lowercase().contains("with ") || definition.contains(&format!("{name}(")))
}

/// `DROP VIEW`, …
pub(super) fn drop(work: &mut Work, kind: ObjectKind, name: &QName, if_exists: bool, cascade: bool) -> Outcome<()> {
    let Some(object) = work.catalog.objects.get(&(kind, name.clone())).cloned() else {
        if matches!(kind, ObjectKind::View | ObjectKind::MaterializedView) {
            super::view::is_nothing_else(work, kind, name)?;
        }
        if if_exists || kind == ObjectKind::Other {
            return Ok(());
        }
        return Err(refuse(FailureKind::UndefinedObject, name, does_not_exist(work.dialect, kind, name)));
    };
    let dependents = dependents(work, &object);
    if !cascade && !dependents.is_empty() && work.dialect == Dialect::PostgreSql {
        return Err(failures::depended_on(name, &format!("{} {name}", noun(kind)), &dependents));
    }
    if work.dialect == Dialect::PostgreSql && cascade {
        cascade_from(work, &object)?;
    }
    work.catalog.objects.remove(&(kind, name.clone()));
    Ok(())
}

fn does_not_exist(dialect: Dialect, kind: ObjectKind, name: &QName) -> String {
    match (dialect, kind) {
        (Dialect::Sqlite, kind) => format!("no such {}: {name}", noun(kind)),
        (Dialect::MySql, ObjectKind::View) => format!("Unknown table '{name}'"),
        (_, ObjectKind::Trigger) => match name.name.split_once('.') {
            Some((table, trigger)) => format!("trigger \"{trigger}\" for table \"{table}\" does not exist"),
            None => format!("trigger \"{name}\" does not exist"),
        },
        (_, ObjectKind::Function | ObjectKind::Procedure) => format!("{} {name}() does not exist", noun(kind)),
        (_, kind) => format!("{} \"{}\" does not exist", noun(kind), name.name),
    }
}

/// What stands on an object, as PostgreSQL's DETAIL says it.
fn dependents(work: &Work, object: &Object) -> Vec<String> {
    let catalog = &work.catalog;
    let mut out = Vec::new();
    match object.kind {
        ObjectKind::View | ObjectKind::MaterializedView => {
            out.extend(views_on(work, &object.name).iter().map(|view| format!("view {}", view.name)));
        }
        ObjectKind::Function | ObjectKind::Procedure => {
            let triggers = catalog.objects.values().filter(|other| other.kind == ObjectKind::Trigger);
            let calling = triggers.filter(|trigger| trigger.depends_on.contains(&object.name));
            out.extend(calling.map(|trigger| format!("trigger {}", trigger.name)));
        }
        ObjectKind::Schema => {
            let inside = |name: &QName| name.schema.as_ref() == Some(&object.name.name);
            out.extend(catalog.tables.keys().filter(|name| inside(name)).map(|name| format!("table {name}")));
            out.extend(catalog.enums.keys().filter(|name| inside(name)).map(|name| format!("type {name}")));
            out.extend(catalog.objects.keys().filter(|(_, name)| inside(name)).map(|(_, name)| name.to_string()));
        }
        ObjectKind::Domain | ObjectKind::Type => {
            out.extend(
                super::enums::columns_of_type(work, &object.name)
                    .into_iter()
                    .map(|(table, column)| format!("column {} of table {table}", column.name)),
            );
        }
        ObjectKind::Extension => {
            for ty in super::types::types_of(&object.name.name) {
                out.extend(
                    super::enums::columns_of_type(work, &QName::new(ty))
                        .into_iter()
                        .map(|(table, column)| format!("column {} of table {table}", column.name)),
                );
            }
        }
        ObjectKind::Trigger | ObjectKind::Other => {}
    }
    out
}

/// `CASCADE`: takes out what stands on an object.
fn cascade_from(work: &mut Work, object: &Object) -> Outcome<()> {
    match object.kind {
        ObjectKind::View | ObjectKind::MaterializedView => {
            for view in views_on(work, &object.name) {
                drop_cascade(work, &view);
            }
        }
        ObjectKind::Function | ObjectKind::Procedure => {
            let calling: Vec<_> = work
                .catalog
                .objects
                .iter()
                .filter(|((kind, _), other)| *kind == ObjectKind::Trigger && other.depends_on.contains(&object.name))
                .map(|(key, _)| key.clone())
                .collect();
            for key in calling {
                work.catalog.objects.remove(&key);
            }
        }
        ObjectKind::Schema => {
            let inside = |name: &QName| name.schema.as_ref() == Some(&object.name.name);
            let tables: Vec<QName> = work.catalog.tables.keys().filter(|name| inside(name)).cloned().collect();
            for table in tables {
                super::table::drop(work, &table, true, true)?;
            }
            let enums: Vec<QName> = work.catalog.enums.keys().filter(|name| inside(name)).cloned().collect();
            for name in enums {
                super::enums::drop(work, &name, true, true)?;
            }
            let sequences: Vec<QName> = work.catalog.sequences.keys().filter(|name| inside(name)).cloned().collect();
            for name in sequences {
                super::sequence::remove(work, &name)?;
            }
            let objects: Vec<_> = work.catalog.objects.keys().filter(|(_, name)| inside(name)).cloned().collect();
            for key in objects {
                work.catalog.objects.remove(&key);
            }
        }
        ObjectKind::Domain | ObjectKind::Type => super::enums::drop_columns_of(work, &object.name)?,
        ObjectKind::Extension => {
            for ty in super::types::types_of(&object.name.name) {
                super::enums::drop_columns_of(work, &QName::new(ty))?;
            }
        }
        ObjectKind::Trigger | ObjectKind::Other => {}
    }
    Ok(())
}

/// `ALTER VIEW … RENAME TO`, …
pub(super) fn rename(work: &mut Work, kind: ObjectKind, name: &QName, to: &Name) -> Outcome<()> {
    let Some(object) = work.catalog.objects.get(&(kind, name.clone())).cloned() else {
        if kind == ObjectKind::Other {
            return Ok(());
        }
        return Err(refuse(FailureKind::UndefinedObject, name, does_not_exist(work.dialect, kind, name)));
    };
    let to = match (kind, name.name.split_once('.')) {
        (ObjectKind::Trigger, Some((table, _))) if !to.contains('.') => name.sibling(format!("{table}.{to}")),
        _ => name.sibling(to.clone()),
    };
    let view = matches!(kind, ObjectKind::View | ObjectKind::MaterializedView);
    if view && let Some(by) = work.catalog.relation(&to) {
        return Err(failures::taken(work.dialect, &to, by));
    }
    if work.catalog.objects.contains_key(&(kind, to.clone())) {
        return Err(refuse(FailureKind::DuplicateObject, &to, exists_already(kind, &to, work.dialect)));
    }
    work.catalog.objects.remove(&(kind, name.clone()));
    let renamed = Object { name: to.clone(), ..Object::clone(&object) };
    work.catalog.objects.insert((kind, to.clone()), Arc::new(renamed));
    mend(work, name, &to);
    Ok(())
}

/// The views that name a table or view.
pub(super) fn views_on(work: &Work, name: &QName) -> Vec<Arc<Object>> {
    if work.catalog.objects.is_empty() {
        return Vec::new();
    }
    let views = work.catalog.objects.values().filter(|object| is_view(object) && object.depends_on.contains(name));
    views.cloned().collect()
}

fn is_view(object: &Object) -> bool {
    matches!(object.kind, ObjectKind::View | ObjectKind::MaterializedView)
}

/// The views of a table that name a column of it: PostgreSQL knows the column whatever it is called later, the others read
/// the text again each time.
pub(super) fn views_naming_column(work: &Work, table: &Table, column: &str) -> Vec<Arc<Object>> {
    let mut views = views_on(work, &table.name);
    let id = work.find(table, column).map(|column| column.id);
    views.retain(|view| match id {
        Some(id) if work.dialect == Dialect::PostgreSql => {
            view.columns.iter().any(|(of, column, _)| *of == table.name && *column == id)
        }
        _ => names_column(&view.definition, column, work.dialect),
    });
    views
}

/// Whether a query names a column. What stands in double quotes without its table is a string to SQLite where there is no
/// such column.
fn names_column(definition: &str, column: &str, dialect: Dialect) -> bool {
    let all = tokens(definition, dialect);
    let before = |at: usize| at.checked_sub(1).and_then(|at| all.get(at));
    let is_string = |at: usize, token: &Token<'_>| {
        dialect == Dialect::Sqlite && token.text.starts_with('"') && before(at).is_none_or(|token| token.text != ".")
    };
    all.iter().enumerate().any(|(at, token)| {
        token.identifier(dialect).is_some_and(|name| same(&name, column, dialect)) && !is_string(at, token)
    })
}

/// Views follow a column that has another name now.
pub(super) fn column_renamed(work: &mut Work, table: &QName, from: &str, to: &str) {
    let naming: Vec<_> = views_on(work, table);
    for view in naming {
        let mut view = Object::clone(&view);
        view.definition = Name::from(crate::schema::renamed(&view.definition, from, to, work.dialect));
        work.catalog.objects.insert((view.kind, view.name.clone()), Arc::new(view));
    }
}

/// Takes a view out with the views on it.
pub(super) fn drop_cascade(work: &mut Work, view: &Object) {
    if work.catalog.objects.remove(&(view.kind, view.name.clone())).is_none() {
        return;
    }
    for other in views_on(work, &view.name) {
        drop_cascade(work, &other);
    }
}

/// What goes with a table: its triggers, policies and rules.
pub(super) fn drop_of_table(work: &mut Work, table: &QName) {
    if work.catalog.objects.is_empty() {
        return;
    }
    let prefix = format!("{}.", table.name);
    let gone: Vec<_> = work
        .catalog
        .objects
        .iter()
        .filter(|((kind, name), object)| match kind {
            ObjectKind::Trigger => {
                name.name.starts_with(&prefix) || object.depends_on.contains(table) && !name.name.contains('.')
            }
            ObjectKind::Other => object.depends_on.contains(table),
            _ => false,
        })
        .map(|(key, _)| key.clone())
        .collect();
    for key in gone {
        work.catalog.objects.remove(&key);
    }
}

/// Mends what names a table that has another name now.
pub(super) fn table_renamed(work: &mut Work, from: &QName, to: &QName) {
    if work.catalog.objects.is_empty() {
        return;
    }
    let prefix = format!("{}.", from.name);
    let triggers: Vec<_> = work
        .catalog
        .objects
        .iter()
        .filter(|((kind, name), _)| *kind == ObjectKind::Trigger && name.name.starts_with(&prefix))
        .map(|(key, object)| (key.clone(), object.clone()))
        .collect();
    for (key, object) in triggers {
        let Some(trigger) = key.1.name.strip_prefix(&prefix) else { continue };
        let name = to.sibling(format!("{}.{trigger}", to.name));
        work.catalog.objects.remove(&key);
        work.catalog.objects.insert((key.0, name.clone()), Arc::new(Object { name, ..Object::clone(&object) }));
    }
    if !work.catalog.renames_alone {
        mend(work, from, to);
    }
}

fn mend(work: &mut Work, from: &QName, to: &QName) {
    let naming: Vec<_> = work
        .catalog
        .objects
        .iter()
        .filter(|(_, object)| object.depends_on.contains(from))
        .map(|(key, object)| (key.clone(), object.clone()))
        .collect();
    for (key, object) in naming {
        let mut object = Object::clone(&object);
        for name in &mut object.depends_on {
            if name == from {
                *name = to.clone();
            }
        }
        for (name, ..) in object.columns.iter_mut().filter(|(name, ..)| name == from) {
            *name = to.clone();
        }
        if from.schema == to.schema && object.kind != ObjectKind::Function {
            object.definition =
                Name::from(crate::schema::renamed(&object.definition, &from.name, &to.name, work.dialect));
        }
        work.catalog.objects.insert(key, Arc::new(object));
    }
}

/// SQLite reads all views and triggers again when a table is renamed or a column is dropped or renamed, and refuses
/// where one names a table or a column that is gone.
pub(super) fn sqlite_views_stand(work: &Work) -> Outcome<()> {
    for object in work.catalog.objects.values().filter(|object| is_view(object)) {
        let gone = object.depends_on.iter().find(|name| work.catalog.relation(name).is_none());
        let missing = match gone.filter(|gone| !is_local(&object.definition, &gone.name, work.dialect)) {
            Some(gone) => format!("no such table: main.{}", gone.name),
            None => match column_gone(work, object) {
                Some(column) => format!("no such column: {column}"),
                None => continue,
            },
        };
        let message = format!("error in view {}: {missing}", object.name.name);
        return Err(refuse(FailureKind::DependentObjects, &object.name, message));
    }
    Ok(())
}

/// The column that a view names and its table does not have: of the items of a plain `SELECT … FROM table`, those that are
/// one name and nothing else, and of its condition. What else there may be is beyond a tokenizer.
fn column_gone(work: &Work, view: &Object) -> Option<String> {
    let [table] = view.depends_on.as_slice() else { return None };
    let table = work.catalog.table(table).filter(|table| !table.assumed)?;
    let mut names = super::work::column_names(table);
    // The name of the table stands for a whole row.
    names.push(table.name.name.clone());
    let all = tokens(&view.definition, work.dialect);
    let at = |word: &str| all.iter().position(|token| token.is_word(word));
    let (select, from) = (at("select")?, at("from")?);
    let beside = ["join", "with", "union"];
    if all.iter().any(|token| beside.iter().any(|word| token.is_word(word))) || view.definition.contains('(') {
        return None;
    }
    let items = all.get(select + 1..from)?.split(|token| token.text == ",");
    let single = items.filter_map(|item| if let [only] = item { Some(only.text) } else { None });
    let mut gone = single.filter_map(|name| unknown_column(name, &names, work.dialect));
    let gone = gone.find(|name| !is_system_column(name));
    gone.or_else(|| unknown_column(&condition(&all), &names, work.dialect).filter(|name| !is_system_column(name)))
}

/// What a query asks of its rows: the text behind `WHERE`.
fn condition(query: &[Token<'_>]) -> String {
    let ends = ["group", "having", "window", "order", "limit", "offset", "fetch", "for"];
    let behind = query.iter().skip_while(|token| !token.is_word("where")).skip(1);
    let mut text = String::new();
    for token in behind.take_while(|token| !ends.iter().any(|word| token.is_word(word))) {
        if token.spaced {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}

fn is_system_column(name: &str) -> bool {
    ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "rowid", "oid", "_rowid_"]
        .contains(&&*name.to_ascii_lowercase())
}
