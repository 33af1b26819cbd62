//! [`constraint_spec`]: a constraint's definition.

use std::fmt::Write as _;
use std::rc::Rc;

use super::doubt;
use super::naming::{Naming, Subject, checked_name};
use crate::alembic::core;
use crate::alembic::items::{ConstraintForm, ConstraintObject};
use crate::alembic::known::{self, Known, NameArg};
use crate::op::{ConstraintKind, ConstraintKindName, ConstraintSpec, Failure, FailureKind};
use crate::python::{Flow, Unknown, Value, Vm};
use crate::schema::{Dialect, Name, QName, quote};
use crate::source::Span;

/// The definition of a constraint, and why something of it can't be known, if so. `None` where the dialect leaves the
/// constraint out.
pub(in crate::alembic) fn constraint_spec(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    constraint: &ConstraintObject,
) -> Flow<Option<(ConstraintSpec, Option<Rc<Unknown>>)>> {
    let dialect = vm.host.catalog().dialect;
    let span = constraint.span;
    let mut unsure = constraint.taint.clone();
    if let NameArg::Unknown(why) = &constraint.name {
        doubt(&mut unsure, Some(why));
    }
    let kind = match &constraint.form {
        ConstraintForm::PrimaryKey { columns } => {
            ConstraintKind::PrimaryKey { columns: known::shared(columns), using_index: None }
        }
        ConstraintForm::Unique { columns, nulls_not_distinct } => ConstraintKind::Unique {
            columns: known::shared(columns),
            nulls_not_distinct: *nulls_not_distinct && dialect == Dialect::PostgreSql,
            using_index: None,
        },
        ConstraintForm::ForeignKey { columns, target } => {
            let kind = target.kind(vm, columns);
            if let ConstraintKind::ForeignKey { ref_table, match_type, .. } = &kind {
                if dialect == Dialect::Sqlite && ref_table.schema != table.schema {
                    return Ok(None);
                }
                if dialect == Dialect::MySql && match_type.is_some() {
                    let message = "MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON DELETE clauses to be ignored.";
                    return Err(super::compile_error(vm, message, span));
                }
            }
            kind
        }
        ConstraintForm::Check { condition } => match check_condition(vm, condition, span) {
            Ok(condition) => ConstraintKind::Check { condition: condition.into() },
            Err(why) => {
                doubt(&mut unsure, Some(&why));
                return Ok(Some((unknown_check(constraint), unsure)));
            }
        },
        ConstraintForm::Exclude { elements, using, predicate } => {
            if dialect != Dialect::PostgreSql {
                let message = format!("the {dialect} compiler can't render an ExcludeConstraint");
                return Err(vm.raise_failure(Failure::new(FailureKind::Unsupported, message), span));
            }
            match exclusion(vm, elements, using, predicate.as_ref(), span) {
                Ok(kind) => kind,
                Err(why) => {
                    doubt(&mut unsure, Some(&why));
                    return Ok(Some((unknown_check(constraint), unsure)));
                }
            }
        }
    };
    let name = name_of(vm, naming, table, &constraint.name, &kind, span)?;
    let spec = ConstraintSpec {
        name,
        kind,
        deferrable: constraint.deferrable,
        initially_deferred: constraint.initially_deferred(),
        not_valid: constraint.not_valid && dialect == Dialect::PostgreSql,
        tail: vm.host.offline().is_some().then(|| tail(constraint)),
        span: Some(span),
    };
    Ok(Some((spec, unsure)))
}

/// The words behind the columns, as they are spelled.
fn tail(constraint: &ConstraintObject) -> Name {
    let mut words = String::new();
    if let ConstraintForm::ForeignKey { target, .. } = &constraint.form {
        let given = [
            ("MATCH", target.match_type.as_deref()),
            ("ON DELETE", target.spelled.0.as_deref()),
            ("ON UPDATE", target.spelled.1.as_deref()),
        ];
        for (event, action) in given {
            if let Some(action) = action {
                let _ = write!(words, " {event} {action}");
            }
        }
    }
    words += match constraint.deferrable {
        Some(true) => " DEFERRABLE",
        Some(false) => " NOT DEFERRABLE",
        None => "",
    };
    if let Some(initially) = &constraint.initially {
        let _ = write!(words, " INITIALLY {initially}");
    }
    words.into()
}

/// A check whose condition can't be known; what is told with it makes the table uncertain.
fn unknown_check(constraint: &ConstraintObject) -> ConstraintSpec {
    ConstraintSpec {
        name: constraint.name.text().map(|name| Name::from(&**name)),
        kind: ConstraintKind::Check { condition: "TRUE".into() },
        deferrable: None,
        initially_deferred: None,
        not_valid: false,
        tail: None,
        span: Some(constraint.span),
    }
}

/// The name that a constraint gets.
pub(super) fn name_of(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    given: &NameArg,
    kind: &ConstraintKind,
    span: Span,
) -> Flow<Option<Name>> {
    let subject = match kind {
        ConstraintKind::PrimaryKey { columns, .. } => Subject { key: "pk", table, columns, referred: None },
        ConstraintKind::Unique { columns, .. } => Subject { key: "uq", table, columns, referred: None },
        ConstraintKind::ForeignKey { columns, ref_table, ref_columns, .. } => {
            Subject { key: "fk", table, columns, referred: Some((ref_table, ref_columns)) }
        }
        ConstraintKind::Check { .. } => Subject { key: "ck", table, columns: &[], referred: None },
        ConstraintKind::Exclude { columns, .. } => Subject { key: "ex", table, columns, referred: None },
    };
    naming.apply(vm, given, &subject, span)
}

/// The condition of a check as SQL text.
pub(in crate::alembic) fn check_condition(vm: &mut Vm<'_>, condition: &Value, span: Span) -> Known<String> {
    let dialect = vm.host.catalog().dialect;
    match condition {
        Value::Str(text) => Ok(text.to_string()),
        other => core::render(other, dialect).ok_or_else(|| known::unknown(other, span)),
    }
}

/// What follows `EXCLUDE`.
fn exclusion(
    vm: &mut Vm<'_>,
    elements: &[(Value, Rc<str>)],
    using: &str,
    predicate: Option<&Value>,
    span: Span,
) -> Known<ConstraintKind> {
    let dialect = vm.host.catalog().dialect;
    let mut columns = Vec::new();
    let mut parts = Vec::with_capacity(elements.len());
    for (what, operator) in elements {
        let text = match what {
            Value::Str(name) => {
                columns.push(Name::from(&**name));
                quote(name, dialect).into_owned()
            }
            other => {
                if let Some(column) = other.downcast::<crate::alembic::items::ColumnObject>() {
                    columns.push(Name::from(&*column.name()));
                    quote(&column.name(), dialect).into_owned()
                } else {
                    core::render(other, dialect).ok_or_else(|| known::unknown(other, span))?
                }
            }
        };
        parts.push(format!("{text} WITH {operator}"));
    }
    let mut definition = format!("USING {using} ({})", parts.join(", "));
    if let Some(predicate) = predicate {
        let predicate = check_condition(vm, predicate, span)?;
        definition = format!("{definition} WHERE ({predicate})");
    }
    Ok(ConstraintKind::Exclude { definition: definition.into(), columns })
}

/// The name under which `drop_constraint` looks for a constraint: a check convention applies to given names too.
pub(in crate::alembic) fn drop_name(
    vm: &mut Vm<'_>,
    naming: &Naming,
    table: &QName,
    given: &NameArg,
    kind: Option<ConstraintKindName>,
    span: Span,
) -> Flow<Option<Name>> {
    let dialect = vm.host.catalog().dialect;
    let key = match kind {
        Some(ConstraintKindName::Check) => "ck",
        Some(ConstraintKindName::PrimaryKey) => "pk",
        Some(ConstraintKindName::ForeignKey) => "fk",
        Some(ConstraintKindName::Unique) => "uq",
        Some(ConstraintKindName::Exclude) | None => "",
    };
    match given {
        NameArg::None | NameArg::Unknown(_) => Ok(None),
        NameArg::Final(name) => checked_name(vm, name, true, dialect, key, span).map(Some),
        NameArg::Plain(_) => naming.apply(vm, given, &Subject { key, table, columns: &[], referred: None }, span),
    }
}
