//! [`ReferenceObject`]: `sa.ForeignKey` at a column, and [`Target`], what a foreign key refers to.

use std::rc::Rc;

use super::{ColumnObject, TableObject};
use crate::alembic::arguments::{Call, Extra, Signature};
use crate::alembic::known::{self, Known, NameArg};
use crate::alembic::object;
use crate::alembic::objects::Class;
use crate::op::ConstraintKind;
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm};
use crate::schema::{Name, QName, ReferentialAction};
use crate::source::Span;

/// What a foreign key refers to, and what happens when that goes.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct Target {
    /// The referenced columns.
    pub references: Vec<Reference>,
    /// `ondelete`.
    pub on_delete: ReferentialAction,
    /// `onupdate`.
    pub on_update: ReferentialAction,
    /// `match`.
    pub match_type: Option<Name>,
    /// `ondelete` and `onupdate` as they are spelled.
    pub spelled: (Option<Rc<str>>, Option<Rc<str>>),
}

/// A referenced column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::alembic) struct Reference {
    /// Its table, with the schema as written.
    pub table: QName,
    /// Its name; `None` means that of the referencing column.
    pub column: Option<Rc<str>>,
}

/// A `sa.ForeignKey(…)` at a column.
#[derive(Debug, Clone)]
pub(in crate::alembic) struct ReferenceObject {
    /// Its name.
    pub name: NameArg,
    /// What it refers to.
    pub target: Target,
    /// `deferrable`.
    pub deferrable: Option<bool>,
    /// `initially`.
    pub initially: Option<Rc<str>>,
    /// Why something about it can't be known, if so.
    pub taint: Option<Rc<Unknown>>,
    /// Its place in the script.
    pub span: Span,
}

static SIGNATURE: Signature = Signature::new(
    "ForeignKey.__init__",
    &[
        "column",
        "_constraint",
        "use_alter",
        "name",
        "onupdate",
        "ondelete",
        "deferrable",
        "initially",
        "link_to_name",
        "match",
        "info",
        "comment",
        "_unresolvable",
    ],
)
.optional(12)
.extra(Extra::Dialect)
.method();

/// `ForeignKey(column, name=None, onupdate=None, ondelete=None, …)`.
pub(super) fn construct(vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
    let call = SIGNATURE.bind(vm, args, span)?;
    let column = call.get("column").cloned().unwrap_or(Value::None);
    let target = match Target::read(vm, std::slice::from_ref(&column), &call, span) {
        Ok(target) => target,
        Err(why) => return Ok(Value::Unknown(why)),
    };
    let mut taint = call.open.clone();
    let mut reference = ReferenceObject {
        name: NameArg::read(vm, call.get("name"), span),
        target,
        deferrable: None,
        initially: None,
        taint: None,
        span,
    };
    match known::optional_flag(vm, call.get("deferrable"), span) {
        Ok(deferrable) => reference.deferrable = deferrable,
        Err(why) => taint = Some(why),
    }
    match known::optional_text(vm, call.get("initially"), span) {
        Ok(initially) => reference.initially = initially,
        Err(why) => taint = Some(why),
    }
    reference.taint = taint;
    Ok(Value::object(reference))
}

impl Target {
    /// Reads the referenced columns, and the actions from the call's `ondelete`, `onupdate` and `match`.
    pub(in crate::alembic) fn read(vm: &mut Vm<'_>, columns: &[Value], call: &Call, span: Span) -> Known<Self> {
        let references = columns.iter().map(|column| Reference::read(vm, column, span)).collect::<Known<Vec<_>>>()?;
        Self::with_actions(vm, references, call, span)
    }

    /// Reads the actions.
    pub(in crate::alembic) fn with_actions(
        vm: &mut Vm<'_>,
        references: Vec<Reference>,
        call: &Call,
        span: Span,
    ) -> Known<Self> {
        Ok(Self {
            references,
            on_delete: action(vm, call.get("ondelete"), span)?,
            on_update: action(vm, call.get("onupdate"), span)?,
            match_type: known::optional_text(vm, call.get("match"), span)?.map(|text| Name::from(&*text)),
            spelled: (
                known::optional_text(vm, call.get("ondelete"), span)?,
                known::optional_text(vm, call.get("onupdate"), span)?,
            ),
        })
    }

    /// The foreign key of these columns.
    pub(in crate::alembic) fn kind(&self, vm: &Vm<'_>, columns: &[Rc<str>]) -> ConstraintKind {
        let table = self.references.first().map_or_else(|| QName::new(""), |reference| reference.table.clone());
        let ref_table = known::spelled(vm, &table.name, table.schema.as_deref());
        let ref_columns = self
            .references
            .iter()
            .zip(columns)
            .map(|(reference, own)| Name::from(&**reference.column.as_ref().unwrap_or(own)))
            .collect();
        ConstraintKind::ForeignKey {
            columns: known::shared(columns),
            ref_table,
            ref_columns,
            on_delete: self.on_delete,
            on_update: self.on_update,
            match_type: self.match_type.clone(),
        }
    }
}

impl Reference {
    fn read(vm: &mut Vm<'_>, value: &Value, span: Span) -> Known<Self> {
        if let Some(column) = value.downcast::<ColumnObject>() {
            let Some(table) = column.table.borrow().upgrade() else {
                let why = format!("the column {} belongs to no table", column.name());
                return Err(known::because(why, span));
            };
            return Ok(Self { table: table.name.clone(), column: Some(column.name()) });
        }
        if let Some(table) = value.downcast::<TableObject>() {
            return Ok(Self { table: table.name.clone(), column: None });
        }
        let text = known::name(vm, Some(value), span)?;
        Ok(Self::parse(&text))
    }

    /// Reads `table`, `table.column` or `schema.table.column`.
    fn parse(text: &str) -> Self {
        let Some((table, column)) = text.rsplit_once('.') else {
            return Self { table: QName::new(text), column: None };
        };
        let table = match table.rsplit_once('.') {
            Some((schema, table)) => QName::in_schema(Some(schema), table),
            None => QName::new(table),
        };
        Self { table, column: Some(column.into()) }
    }
}

/// Reads `CASCADE`, `SET NULL`, ….
fn action(vm: &mut Vm<'_>, value: Option<&Value>, span: Span) -> Known<ReferentialAction> {
    let Some(text) = known::optional_text(vm, value, span)? else { return Ok(ReferentialAction::NoAction) };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
    if words.is_empty() {
        return Ok(ReferentialAction::NoAction);
    }
    let known = ReferentialAction::ALL.into_iter().find(|action| action.words() == words);
    known.ok_or_else(|| known::because(format!("`{text}` is no referential action"), span))
}

impl Foreign for ReferenceObject {
    object!("ForeignKey");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "name" => self.name.text().map_or(Value::None, |name| Value::Str(name.clone())),
            _ => vm.unknown(format!("a foreign key's {name} is not known"), span),
        }))
    }

    fn is_instance(&self, class: &Value) -> Option<bool> {
        Some(Class::named(class, "ForeignKey"))
    }
}
