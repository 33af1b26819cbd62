//! [`Select`]: a query, and what its generative methods do to it.

use std::rc::Rc;

use super::depth;
use super::expression::{Expression, Kind, Node};
use super::method::Method;
use super::orm::Model;
use super::refine::{self, Refinement};
use super::selectable::SourceObject;
use super::source::{Aliased, Source};
use super::text::Text;
use super::ty::{Family, Ty};
use crate::alembic::object;
use crate::python::{Args, Flow, Foreign, Unknown, Value, Vm};
use crate::source::Span;

/// A query.
#[derive(Debug, Clone, Default)]
pub(super) struct Select {
    /// What is selected.
    pub columns: Vec<Selected>,
    /// `select_from`, and the joins.
    pub froms: Vec<Rc<Source>>,
    /// The conditions, all of which hold.
    pub wheres: Vec<Node>,
    /// `GROUP BY`.
    pub group_by: Vec<Node>,
    /// `HAVING`.
    pub having: Vec<Node>,
    /// `ORDER BY`.
    pub order_by: Vec<Node>,
    /// `LIMIT`.
    pub limit: Option<Node>,
    /// `OFFSET`.
    pub offset: Option<Node>,
    /// `DISTINCT`.
    pub distinct: bool,
    /// `DISTINCT ON (…)`.
    pub distinct_on: Vec<Node>,
    /// What follows `FOR`: `UPDATE`, `UPDATE SKIP LOCKED`.
    pub lock: Option<Rc<str>>,
    /// `correlate(…)`: only these are taken from the query around.
    pub correlate: Option<Vec<Rc<Source>>>,
    /// `UNION`, … and the queries; what else stands here is then the ordering and the limit of the whole.
    pub compound: Option<(&'static str, Vec<Rc<Select>>)>,
    /// The whole query is this text: `text(…).columns(…)`.
    pub text: Option<Rc<Text>>,
    /// Why the query as a whole can't be known, if so.
    pub doubt: Option<Rc<Unknown>>,
    /// How deep the tree below it is.
    pub depth: u16,
}

/// What is selected.
#[derive(Debug, Clone)]
pub(super) enum Selected {
    /// An expression.
    Node(Node),
    /// All columns of a source.
    All(Rc<Source>),
    /// A mapped class: its columns, which make one object.
    Entity(Rc<Model>, Rc<Source>),
}

impl Select {
    /// A query of expressions.
    pub(super) fn of(nodes: Vec<Node>) -> Self {
        Self { columns: nodes.into_iter().map(Selected::Node).collect(), ..Self::default() }
    }

    /// A query that is a text.
    pub(super) fn of_text(text: Rc<Text>) -> Self {
        Self { text: Some(text), ..Self::default() }
    }

    /// `a UNION b`.
    pub(super) fn compound(operator: &'static str, parts: Vec<Rc<Self>>) -> Self {
        Self { compound: Some((operator, parts)), ..Self::default() }
    }

    /// The type of its first column.
    pub(super) fn scalar_type(&self) -> Ty {
        self.column_types().into_iter().next().map(|(_, ty)| ty).unwrap_or_default()
    }

    /// Its columns' names and types, as far as they have names of their own.
    pub(super) fn column_types(&self) -> Vec<(Rc<str>, Ty)> {
        if let Some((_, parts)) = &self.compound {
            return parts.first().map(|part| part.column_types()).unwrap_or_default();
        }
        if let Some(text) = &self.text {
            return text.columns.clone();
        }
        super::labels::labelled(self).into_iter().map(|(name, node)| (name, node.ty.clone())).collect()
    }

    /// What is selected, sources spread out into columns.
    pub(super) fn nodes(&self) -> Vec<Node> {
        self.columns
            .iter()
            .flat_map(|selected| match selected {
                Selected::Node(node) => vec![node.clone()],
                Selected::All(source) | Selected::Entity(_, source) => {
                    source.columns().into_iter().map(|(_, column)| column).collect()
                }
            })
            .collect()
    }

    /// It, as a value that others are built on: its depth is known, and not too great.
    #[must_use]
    pub(super) fn settled(mut self) -> Self {
        self.depth = depth::of_select(&self);
        if self.depth > depth::LIMIT {
            return Self { depth: 1, ..Self::default().doubted(&depth::too_deep()) };
        }
        self
    }

    /// It, with the doubt.
    #[must_use]
    pub(super) fn doubted(mut self, doubt: &Rc<Unknown>) -> Self {
        self.doubt.get_or_insert_with(|| Rc::clone(doubt));
        self
    }
}

impl Foreign for Select {
    object!("Select");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Some(body) = refine::method(name) {
            return Ok(Some(Value::object(RefineSelect { of: self, body })));
        }
        Ok(match name {
            "c" | "columns" | "selected_columns" | "exported_columns" => {
                let source = Source::alias(None, Aliased::Query(self));
                Some(SourceObject::columns(&source))
            }
            "scalar_subquery" | "as_scalar" => Some(Method::value(&self, |select, _, _, _| Ok(scalar(select)))),
            "label" => Some(Method::value(&self, |select, vm, args, span| {
                let scalar = scalar(select);
                let label = vm.attr(&scalar, "label", span)?;
                vm.call(&label, args, span)
            })),
            "exists" => Some(Method::value(&self, |select, _, _, _| Ok(exists(select)))),
            "subquery" | "alias" | "lateral" => Some(Method::value(&self, |select, _, args, _| {
                let name = super::arguments::text(&args, 0, "name");
                Ok(SourceObject::value(&Source::alias(name, Aliased::Query(Rc::clone(select)))))
            })),
            "cte" => Some(Method::value(&self, |select, _, args, _| {
                let name = super::arguments::text(&args, 0, "name");
                let recursive = super::arguments::flag(&args, "recursive");
                Ok(SourceObject::value(&Source::alias(name, Aliased::Cte(Rc::clone(select), recursive))))
            })),
            "is_select" => Some(Value::Bool(true)),
            _ if name.starts_with("__") => None,
            _ => Some(vm.unknown(format!("`.{name}` of a query is not modelled"), span)),
        })
    }
}

/// The query as one value.
pub(super) fn scalar(select: &Rc<Select>) -> Value {
    let ty = select.scalar_type();
    Value::Object(Expression::new(Kind::Query(Rc::clone(select)), ty))
}

/// `EXISTS (query)`.
pub(super) fn exists(select: &Rc<Select>) -> Value {
    Value::Object(Expression::new(Kind::Exists(Rc::clone(select)), Ty::Of(Family::Boolean)))
}

/// A generative method, bound to its query.
struct RefineSelect {
    of: Rc<Select>,
    body: Refinement,
}

impl std::fmt::Debug for RefineSelect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefineSelect")
    }
}

impl Foreign for RefineSelect {
    object!("method");

    fn attr(self: Rc<Self>, _vm: &mut Vm<'_>, _name: &str, _span: Span) -> Flow<Option<Value>> {
        Ok(None)
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: Args, span: Span) -> Flow<Value> {
        let mut select = (*self.of).clone();
        (self.body)(&mut select, vm, &args, span)?;
        if let Some(open) = &args.open {
            select = select.doubted(open);
        }
        Ok(Value::object(select.settled()))
    }
}
