//! [`ConstraintObject`]: the table constraints.

use std::rc::Rc;

use super::{ColumnObject, Target};
use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::known::{self, Known, NameArg};
use crate::alembic::object;
use crate::alembic::objects::Class;
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm};
use crate::source::Span;

/// A table constraint, or a check at a column.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct ConstraintObject {
    /// Its name.
    pub name: NameArg,
    /// What it says.
    pub form: ConstraintForm,
    /// `deferrable`.
    pub deferrable: Option<bool>,
    /// `initially`.
    pub initially: Option<Rc<str>>,
    /// `postgresql_not_valid`.
    pub not_valid: bool,
    /// Why something about it can't be known, if so.
    pub taint: Option<Rc<Unknown>>,
    /// Its place in the script.
    pub span: Span,
}

/// What a constraint says.
#[derive(Debug, Clone)]
pub(in crate::alembic) enum ConstraintForm {
    /// `PrimaryKeyConstraint`.
    PrimaryKey {
        /// Its columns.
        columns: Vec<Rc<str>>,
    },
    /// `UniqueConstraint`.
    Unique {
        /// Its columns.
        columns: Vec<Rc<str>>,
        /// `postgresql_nulls_not_distinct`.
        nulls_not_distinct: bool,
    },
    /// `ForeignKeyConstraint`.
    ForeignKey {
        /// Its columns.
        columns: Vec<Rc<str>>,
        /// What they refer to.
        target: Target,
    },
    /// `CheckConstraint`: the condition as given.
    Check {
        /// Text, `text(…)` or an expression.
        condition: Value,
    },
    /// `ExcludeConstraint`.
    Exclude {
        /// Pairs of what is compared and the operator.
        elements: Vec<(Value, Rc<str>)>,
        /// `using`.
        using: Rc<str>,
        /// `where`.
        predicate: Option<Value>,
    },
}

impl ConstraintObject {
    /// A constraint of that form, otherwise plain.
    pub(in crate::alembic) fn new(name: NameArg, form: ConstraintForm, span: Span) -> Self {
        Self { name, form, deferrable: None, initially: None, not_valid: false, taint: None, span }
    }

    /// Reads the options that all constraints have.
    pub(in crate::alembic) fn options(mut self, vm: &mut Vm<'_>, call: &Call, span: Span) -> Self {
        match known::optional_flag(vm, call.get("deferrable"), span) {
            Ok(deferrable) => self.deferrable = deferrable,
            Err(why) => self.taint = Some(why),
        }
        match known::optional_text(vm, call.get("initially"), span) {
            Ok(initially) => self.initially = initially,
            Err(why) => self.taint = Some(why),
        }
        match known::flag(vm, call.extra("postgresql_not_valid"), false, span) {
            Ok(not_valid) => self.not_valid = not_valid,
            Err(why) => self.taint = Some(why),
        }
        if let Some(open) = &call.open {
            self.taint = Some(open.clone());
        }
        self
    }

    /// `initially="DEFERRED"`.
    pub(in crate::alembic) fn initially_deferred(&self) -> Option<bool> {
        self.initially.as_ref().map(|initially| initially.eq_ignore_ascii_case("deferred"))
    }
}

impl Foreign for ConstraintObject {
    object!("Constraint");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "name" => self.name.text().map_or(Value::None, |name| Value::Str(name.clone())),
            _ => vm.unknown(format!("a constraint's {name} is not known"), span),
        }))
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        let name = match self.form {
            ConstraintForm::PrimaryKey { .. } => "PrimaryKeyConstraint",
            ConstraintForm::Unique { .. } => "UniqueConstraint",
            ConstraintForm::ForeignKey { .. } => "ForeignKeyConstraint",
            ConstraintForm::Check { .. } => "CheckConstraint",
            ConstraintForm::Exclude { .. } => "ExcludeConstraint",
        };
        Some(Class::named(class, name))
    }
}

/// The names of columns given as strings or as columns.
pub(in crate::alembic) fn column_names(vm: &mut Vm<'_>, values: &[Value], span: Span) -> Known<Vec<Rc<str>>> {
    values
        .iter()
        .map(|value| match value.downcast::<ColumnObject>() {
            Some(column) => Ok(column.name()),
            None => known::name(vm, Some(value), span),
        })
        .collect()
}

const COMMON: [&str; 9] =
    ["name", "deferrable", "initially", "info", "comment", "_implicit_generated", "_column_flag", "quote", "_warn"];

static PRIMARY_KEY: Signature =
    Signature::new("PrimaryKeyConstraint.__init__", &[]).rest().keywords(&COMMON).extra(Extra::Dialect).method();
static UNIQUE: Signature =
    Signature::new("UniqueConstraint.__init__", &[]).rest().keywords(&COMMON).extra(Extra::Dialect).method();
static FOREIGN_KEY: Signature = Signature::new(
    "ForeignKeyConstraint.__init__",
    &[
        "columns",
        "refcolumns",
        "name",
        "onupdate",
        "ondelete",
        "deferrable",
        "initially",
        "use_alter",
        "link_to_name",
        "match",
        "table",
        "info",
        "comment",
    ],
)
.optional(11)
.extra(Extra::Dialect)
.method();
static CHECK: Signature = Signature::new(
    "CheckConstraint.__init__",
    &["sqltext", "name", "deferrable", "initially", "table", "info", "comment", "_create_rule"],
)
.optional(7)
.keywords(&["_autoattach", "_type_bound"])
.extra(Extra::Dialect)
.method();
static EXCLUDE: Signature = Signature::new("ExcludeConstraint.__init__", &[])
    .rest()
    .keywords(&["name", "deferrable", "initially", "using", "where", "ops", "info", "comment"])
    .extra(Extra::Dialect)
    .method();

/// A constraint over columns, or the unknown that its columns are.
fn listed(
    vm: &mut Vm<'_>,
    call: &Call,
    span: Span,
    form: impl FnOnce(&mut Vm<'_>, Vec<Rc<str>>) -> ConstraintForm,
) -> Value {
    match column_names(vm, &call.rest, span) {
        Ok(columns) => {
            let name = NameArg::read(vm, call.get("name"), span);
            let form = form(vm, columns);
            Value::object(ConstraintObject::new(name, form, span).options(vm, call, span))
        }
        Err(why) => Value::Unknown(why),
    }
}

/// `PrimaryKeyConstraint(*columns, name=None, …)`.
pub(super) fn primary_key(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = PRIMARY_KEY.bind(vm, args, span)?;
    Ok(listed(vm, &call, span, |_, columns| ConstraintForm::PrimaryKey { columns }))
}

/// `UniqueConstraint(*columns, name=None, …)`.
pub(super) fn unique(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = UNIQUE.bind(vm, args, span)?;
    Ok(listed(vm, &call, span, |vm, columns| ConstraintForm::Unique {
        columns,
        nulls_not_distinct: nulls_not_distinct(vm, &call, span),
    }))
}

/// `postgresql_nulls_not_distinct=True`.
pub(in crate::alembic) fn nulls_not_distinct(vm: &mut Vm<'_>, call: &Call, span: Span) -> bool {
    known::flag(vm, call.extra("postgresql_nulls_not_distinct"), false, span).unwrap_or_default()
}

/// `ForeignKeyConstraint(columns, refcolumns, name=None, …)`.
pub(super) fn foreign_key(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = FOREIGN_KEY.bind(vm, args, span)?;
    let columns = match call.get("columns") {
        Some(columns) => known::items(vm, columns, span)?,
        None => Ok(Vec::new()),
    };
    let referred = match call.get("refcolumns") {
        Some(referred) => known::items(vm, referred, span)?,
        None => Ok(Vec::new()),
    };
    let (columns, referred) = match (columns, referred) {
        (Ok(columns), Ok(referred)) => (columns, referred),
        (Err(why), _) | (_, Err(why)) => return Ok(Value::Unknown(why)),
    };
    if columns.len() != referred.len() {
        let message = "ForeignKeyConstraint number of constrained columns must match the number of referenced columns.";
        return Err(vm.raise("sqlalchemy.exc.ArgumentError", message, span));
    }
    let columns = match column_names(vm, &columns, span) {
        Ok(columns) => columns,
        Err(why) => return Ok(Value::Unknown(why)),
    };
    match Target::read(vm, &referred, &call, span) {
        Ok(target) => {
            let name = NameArg::read(vm, call.get("name"), span);
            let form = ConstraintForm::ForeignKey { columns, target };
            Ok(Value::object(ConstraintObject::new(name, form, span).options(vm, &call, span)))
        }
        Err(why) => Ok(Value::Unknown(why)),
    }
}

/// `CheckConstraint(sqltext, name=None, …)`.
pub(super) fn check(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = CHECK.bind(vm, args, span)?;
    let condition = match call.get("sqltext") {
        Some(Value::Unknown(why)) => return Ok(Value::Unknown(why.clone())),
        Some(condition) => condition.clone(),
        None => vm.unknown("the condition of a check is not known", span),
    };
    let name = NameArg::read(vm, call.get("name"), span);
    let form = ConstraintForm::Check { condition };
    Ok(Value::object(ConstraintObject::new(name, form, span).options(vm, &call, span)))
}

/// `ExcludeConstraint(*elements, name=None, using="gist", where=None, …)`.
pub(super) fn exclude(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = EXCLUDE.bind(vm, args, span)?;
    let name = NameArg::read(vm, call.get("name"), span);
    let form = match exclusion(vm, &call.rest, call.some("using"), call.some("where"), span)? {
        Ok(form) => form,
        Err(why) => return Ok(Value::Unknown(why)),
    };
    Ok(Value::object(ConstraintObject::new(name, form, span).options(vm, &call, span)))
}

/// The elements and options of an exclusion constraint.
pub(in crate::alembic) fn exclusion(
    vm: &mut Vm<'_>,
    elements: &[Value],
    using: Option<&Value>,
    predicate: Option<&Value>,
    span: Span,
) -> Flow<Known<ConstraintForm>> {
    let mut pairs = Vec::with_capacity(elements.len());
    for element in elements {
        let pair = match known::items(vm, element, span)? {
            Ok(pair) => pair,
            Err(why) => return Ok(Err(why)),
        };
        let [what, operator] = pair.as_slice() else {
            return Ok(Err(known::unknown(element, span)));
        };
        match known::text(vm, operator) {
            Some(operator) => pairs.push((what.clone(), operator)),
            None => return Ok(Err(known::unknown(operator, span))),
        }
    }
    let using = match known::optional_text(vm, using, span) {
        Ok(using) => using.unwrap_or_else(|| "gist".into()),
        Err(why) => return Ok(Err(why)),
    };
    Ok(Ok(ConstraintForm::Exclude { elements: pairs, using, predicate: predicate.cloned() }))
}
