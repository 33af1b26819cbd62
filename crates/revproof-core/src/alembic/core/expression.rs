//! [`Expression`]: a node of SQLAlchemy's SQL expression tree.

use std::rc::Rc;

use super::operator::Op;
use super::select::Select;
use super::source::Source;
use super::text::Text;
use super::ty::Ty;
use super::{depth, method, operators};
use crate::alembic::items::ColumnObject;
use crate::python::{Flow, Foreign, Operator, Value, Vm};
use crate::source::Span;

/// A shared node.
pub(super) type Node = Rc<Expression>;

/// A node of the expression tree.
#[derive(Debug)]
pub(super) struct Expression {
    /// What it is.
    pub kind: Kind,
    /// Its type.
    pub ty: Ty,
    /// How deep the tree below it is.
    pub depth: u16,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    /// A column of a table, an alias or nothing (`sa.column("x")`).
    Column {
        /// Its name in SQL.
        name: Rc<str>,
        /// Where it comes from.
        of: Option<Rc<Source>>,
    },
    /// `literal_column("…")`.
    Raw(Rc<str>),
    /// `text("…")`.
    Text(Rc<Text>),
    /// A bound value.
    Bind(Bind),
    /// `NULL`.
    Null,
    /// `true()`, `false()`.
    Truth(bool),
    /// A function call.
    Call {
        /// Its name, dots and all.
        name: Rc<str>,
        /// Its arguments.
        args: Vec<Node>,
    },
    /// `left op right`.
    Binary {
        /// The operator.
        op: Op,
        /// What stands left.
        left: Node,
        /// What stands right.
        right: Node,
        /// `ESCAPE`.
        escape: Option<Rc<str>>,
    },
    /// `x BETWEEN low AND high`.
    Between {
        /// The value between.
        operand: Node,
        /// The bounds.
        low: Node,
        /// The upper one.
        high: Node,
        /// `NOT BETWEEN`.
        negated: bool,
    },
    /// `AND` (`true`) or `OR` of several.
    Chain(bool, Vec<Node>),
    /// `NOT x`.
    Not(Node),
    /// `-x`, `~x` of numbers.
    Sign(char, Node),
    /// Something after the operand: `DESC`, `NULLS LAST`, `COLLATE x`, `AT TIME ZONE`.
    Suffix(Node, Rc<str>),
    /// Something before it: `DISTINCT`, `ANY`, `ALL`.
    Prefix(&'static str, Node),
    /// `CASE`.
    Case {
        /// `CASE value`.
        value: Option<Node>,
        /// `WHEN … THEN …`.
        whens: Vec<(Node, Node)>,
        /// `ELSE`.
        otherwise: Option<Node>,
    },
    /// `CAST(x AS type)`; the type is the node's.
    Cast(Node),
    /// `EXTRACT(field FROM x)`.
    Extract(Rc<str>, Node),
    /// `EXISTS (SELECT …)`.
    Exists(Rc<Select>),
    /// A scalar subquery, or the one of an `IN`.
    Query(Rc<Select>),
    /// `(a, b)`: a tuple, the list of an `IN`.
    List(Vec<Node>),
    /// `ARRAY[a, b]`.
    Array(Vec<Node>),
    /// `x AS name`.
    Label(Rc<str>, Node),
    /// `f(x) OVER (PARTITION BY … ORDER BY …)`.
    Over {
        /// The function.
        function: Node,
        /// `PARTITION BY`.
        partition: Vec<Node>,
        /// `ORDER BY`.
        order: Vec<Node>,
    },
    /// `f(x) FILTER (WHERE …)`.
    Filter(Node, Node),
    /// `f(x ORDER BY y)`: `aggregate_order_by`; `x` and what orders it.
    Ordered(Node, Vec<Node>),
    /// `x[i]` of an array.
    Item(Node, Node),
}

/// A bound value.
#[derive(Debug, Clone)]
pub(super) struct Bind {
    /// Its name, or what its name is made of where it is `unique`.
    pub name: Rc<str>,
    /// Its name is made unique.
    pub unique: bool,
    /// Its value; `None` where it comes with the execution.
    pub value: Option<Value>,
    /// `bindparam(expanding=True)`: stands for a list.
    pub expanding: bool,
}

impl Expression {
    /// A node.
    pub(super) fn new(kind: Kind, ty: Ty) -> Node {
        let depth = depth::of_kind(&kind);
        if depth > depth::LIMIT {
            return Rc::new(Self { kind: depth::stand_in(), ty: Ty::Null, depth: 1 });
        }
        Rc::new(Self { kind, ty, depth })
    }

    /// A node of no known type.
    pub(super) fn untyped(kind: Kind) -> Node {
        Self::new(kind, Ty::Null)
    }

    /// An anonymous bound value.
    pub(super) fn bind(name: &str, value: Value, ty: Ty) -> Node {
        let ty = if ty.is_null() { Ty::of_literal(&value) } else { ty };
        let bind = Bind { name: name.into(), unique: true, value: Some(value), expanding: false };
        Self::new(Kind::Bind(bind), ty)
    }

    /// A column in an expression.
    pub(super) fn column(column: &ColumnObject) -> Node {
        let of = column.table.borrow().upgrade().map(|table| Rc::new(Source::Table(table)));
        let ty = column.ty.clone().map_or(Ty::Null, Ty::Given);
        Self::new(Kind::Column { name: column.name(), of }, ty)
    }

    /// The name that a result column of it has of itself.
    pub(super) fn own_name(&self) -> Option<&Rc<str>> {
        match &self.kind {
            Kind::Column { name, .. } | Kind::Label(name, _) | Kind::Raw(name) => Some(name),
            Kind::Cast(of) => of.own_name(),
            _ => None,
        }
    }
}

/// The node that a value is in an expression. `like` is the type, and `name` the bind's name, that a plain value takes
/// on: those of the column that it is compared with.
pub(super) fn coerce(value: &Value, name: &str, like: &Ty) -> Node {
    match value {
        Value::None => Expression::untyped(Kind::Null),
        Value::Object(_) => as_node(value).unwrap_or_else(|| Expression::bind(name, value.clone(), like.clone())),
        _ => Expression::bind(name, value.clone(), like.clone()),
    }
}

/// The node that a value is already; `None` of a plain Python value.
pub(super) fn as_node(value: &Value) -> Option<Node> {
    if let Some(node) = value.downcast::<Expression>() {
        return Some(node);
    }
    if let Some(column) = value.downcast::<ColumnObject>() {
        return Some(Expression::column(&column));
    }
    if let Some(select) = value.downcast::<Select>() {
        let ty = select.scalar_type();
        return Some(Expression::new(Kind::Query(select), ty));
    }
    if let Some(query) = value.downcast::<super::orm::Query>() {
        let select = Rc::new(query.select.clone());
        let ty = select.scalar_type();
        return Some(Expression::new(Kind::Query(select), ty));
    }
    None
}

/// Whether the node is a truth value.
pub(super) fn is_boolean(node: &Expression) -> bool {
    node.ty.family() == super::ty::Family::Boolean
}

impl Foreign for Expression {
    fn type_name(&self) -> Rc<str> {
        match self.kind {
            Kind::Text(_) => "TextClause".into(),
            _ => "ColumnElement".into(),
        }
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn into_any(self: Rc<Self>) -> Rc<dyn std::any::Any> {
        self
    }

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        if let Kind::Text(text) = &self.kind
            && let Some(body) = super::text::method(name)
        {
            return Ok(Some(method::Method::value(text, body)));
        }
        Ok(operators::attribute(&self, vm, name, span))
    }

    fn call(self: Rc<Self>, vm: &mut Vm<'_>, args: crate::python::Args, span: Span) -> Flow<Value> {
        let _ = args;
        Ok(vm.unknown("a SQL expression is called", span))
    }

    fn index(self: Rc<Self>, _vm: &mut Vm<'_>, key: &Value, _span: Span) -> Flow<Value> {
        Ok(Value::Object(operators::item(&self, key)))
    }

    fn binary(
        self: Rc<Self>,
        _vm: &mut Vm<'_>,
        operator: Operator,
        other: &Value,
        reflected: bool,
        _span: Span,
    ) -> Flow<Option<Value>> {
        Ok(operators::binary(&self, operator, other, reflected))
    }

    fn unary(self: Rc<Self>, _vm: &mut Vm<'_>, sign: char, _span: Span) -> Flow<Option<Value>> {
        Ok(Some(Value::Object(operators::unary(&self, sign))))
    }

    fn truth(&self) -> Option<bool> {
        match &self.kind {
            // `==` of the same column twice is what SQLAlchemy itself compares by; anything else raises there.
            Kind::Truth(truth) => Some(*truth),
            _ => None,
        }
    }

    fn text(&self) -> Option<Rc<str>> {
        match &self.kind {
            Kind::Text(text) => Some(text.sql.clone()),
            Kind::Column { name, of: None } | Kind::Raw(name) => Some(name.clone()),
            _ => None,
        }
    }
}
