//! What PostgreSQL asks of views of the one kind and of the other: materialized ones have rows and indexes.

use std::sync::Arc;

use super::changed::{Filling, RowStep};
use super::failures::{self, no_such_kind, refuse};
use super::naming;
use super::work::Work;
use crate::op::{FailureKind, IndexPartSpec, IndexSpec, Outcome};
use crate::schema::{
    Dialect, Index, IndexPart, Name, Object, ObjectKind, QName, Relation, TokenKind, condition_text, quote, tokens,
};

/// `REFRESH MATERIALIZED VIEW`.
pub(super) fn refresh(work: &mut Work, name: &QName, concurrently: bool, fills: bool) -> Outcome<()> {
    let Some(view) = work.catalog.objects.get(&(ObjectKind::MaterializedView, name.clone())).cloned() else {
        return Err(match work.catalog.relation(name) {
            None => failures::no_table(work.dialect, name),
            Some(Relation::Table) => {
                refuse(FailureKind::Unsupported, name, format!("\"{}\" is not a materialized view", name.name))
            }
            Some(_) => no_such_kind(name, "a table or materialized view"),
        });
    };
    let plain = |part: &IndexPart| {
        let text = part.expression.as_deref().unwrap_or_default();
        matches!(tokens(text, work.dialect).as_slice(), [only] if only.kind != TokenKind::Text)
    };
    let serves = |index: &Index| index.unique && index.predicate.is_none() && index.parts.iter().all(plain);
    if concurrently && !view.indexes.iter().any(serves) {
        let message = format!(
            "cannot refresh materialized view \"{name}\" concurrently (it needs a unique index on columns, without WHERE)"
        );
        return Err(refuse(FailureKind::InvalidStatement, name, message));
    }
    if concurrently && !fills {
        let message = "CONCURRENTLY and WITH NO DATA options cannot be used together";
        return Err(refuse(FailureKind::InvalidStatement, name, message));
    }
    let how = match (fills, concurrently) {
        (false, _) => Filling::Not,
        (true, false) => Filling::Anew,
        (true, true) => Filling::Concurrently,
    };
    work.step(RowStep::ViewFilled { view: name.clone(), how });
    Ok(())
}

/// Whether a materialized view is filled when it is made.
pub(super) fn is_filled(view: &Object, dialect: Dialect) -> bool {
    let all = tokens(&view.definition, dialect);
    !matches!(all.as_slice(), [.., no, data] if no.is_word("no") && data.is_word("data"))
}

/// `CREATE INDEX` on a materialized view.
pub(super) fn create_index(work: &mut Work, view: &Object, spec: &IndexSpec, if_not_exists: bool) -> Outcome<()> {
    let labels = view.told_labels(&work.catalog).filter(|told| !told.contains(&Name::default()));
    let mut parts = Vec::with_capacity(spec.parts.len());
    for part in &spec.parts {
        let (expression, suffix) = match part {
            IndexPartSpec::Column(column, suffix) => {
                if labels.is_some_and(|told| !told.contains(column)) {
                    return Err(failures::no_column_named(work.dialect, &view.name, column));
                }
                (Name::from(quote(column, work.dialect)), suffix)
            }
            IndexPartSpec::Expression(text, suffix) => (condition_text(text, work.dialect), suffix),
        };
        parts.push(IndexPart {
            column: None,
            expression: Some(expression),
            mentions: Vec::new(),
            suffix: suffix.clone(),
        });
    }
    let Some(name) = spec.name.as_ref().map(|name| naming::stored(name, work.dialect)) else {
        work.doubt(format!("the name that the server gives the index of {} is not simulated", view.name));
        return Ok(());
    };
    let qualified = view.name.sibling(name.clone());
    if let Some(by) = work.catalog.relation(&qualified) {
        return if if_not_exists { Ok(()) } else { Err(failures::taken(work.dialect, &qualified, by)) };
    }
    let index = Index {
        name,
        parts,
        unique: spec.unique,
        using: None,
        predicate: spec.predicate.as_ref().map(|text| condition_text(text, work.dialect)),
        include: Vec::new(),
        nulls_not_distinct: spec.nulls_not_distinct,
    };
    if index.unique {
        work.step(RowStep::ViewFilled { view: view.name.clone(), how: Filling::Indexed });
    }
    let mut view = view.clone();
    view.indexes.push(index);
    work.catalog.objects.insert((view.kind, view.name.clone()), Arc::new(view));
    Ok(())
}

/// Drops an index of a materialized view, or gives it another name; `false` where none has it.
pub(super) fn change_index(work: &mut Work, name: &QName, to: Option<&Name>) -> bool {
    let Some(view) = work.catalog.indexed_view(name).cloned() else { return false };
    let mut view = Object::clone(&view);
    match to {
        None => view.indexes.retain(|index| index.name != name.name),
        Some(to) => {
            for index in view.indexes.iter_mut().filter(|index| index.name == name.name) {
                index.name = to.clone();
            }
        }
    }
    work.catalog.objects.insert((view.kind, view.name.clone()), Arc::new(view));
    true
}

/// Refuses `DROP TABLE` of a view, `IF EXISTS` or not.
pub(super) fn is_no_view(work: &Work, name: &QName) -> Outcome<()> {
    if work.catalog.view(name).is_none() {
        return Ok(());
    }
    Err(match work.dialect {
        Dialect::PostgreSql => no_such_kind(name, "a table"),
        Dialect::Sqlite => {
            refuse(FailureKind::InvalidStatement, name, format!("use DROP VIEW to delete view {}", name.name))
        }
        Dialect::MySql => refuse(FailureKind::UndefinedObject, name, format!("Unknown table '{name}'")),
    })
}

/// Refuses `DROP VIEW` of what is another kind of relation, `IF EXISTS` or not.
pub(super) fn is_nothing_else(work: &Work, kind: ObjectKind, name: &QName) -> Outcome<()> {
    match (work.dialect, work.catalog.relation(name)) {
        (Dialect::PostgreSql, Some(_)) => Err(no_such_kind(name, &format!("a {}", kind.noun()))),
        (Dialect::Sqlite, Some(Relation::Table)) => {
            let message = format!("use DROP TABLE to delete table {}", name.name);
            Err(refuse(FailureKind::InvalidStatement, name, message))
        }
        _ => Ok(()),
    }
}
