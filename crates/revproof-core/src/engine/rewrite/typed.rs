//! [`Typed`]: an expression whose type is known.

use gluesql_core::ast::Expr;

use super::identity::{hidden, is_identity};
use super::types::{Kind, kind, to_value, type_of};
use crate::engine::stop::{Evaluation, Stop};
use crate::op::Datum;
use crate::schema::{Dialect, SqlType};

/// An expression and its type. NULL and quoted literals have none until something gives them one.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Typed {
    /// The expression.
    pub(in crate::engine) node: Node,
    /// Its type.
    pub(in crate::engine) ty: Option<SqlType>,
}

/// An expression.
#[derive(Debug, Clone)]
pub(in crate::engine) enum Node {
    /// A constant.
    Const(Datum),
    /// Something that differs from row to row.
    Code(Code),
}

/// Something that GlueSQL evaluates.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Code {
    /// GlueSQL's expression.
    pub(in crate::engine) expr: Expr,
    /// The scans that it reads.
    pub(in crate::engine) scans: Vec<usize>,
    /// Whether it can be evaluated row by row: it holds no subquery and no aggregate.
    pub(in crate::engine) plain: bool,
    /// How large it is, about: what is repeated counts as often as it stands there.
    pub(in crate::engine) size: u32,
}

impl Typed {
    /// A constant, with the type that it shows by itself.
    pub(in crate::engine) fn constant(datum: Datum) -> Self {
        let ty = type_of(&datum);
        Self { node: Node::Const(datum), ty }
    }

    /// A constant of a type.
    pub(in crate::engine) fn constant_of(datum: Datum, ty: SqlType) -> Self {
        Self { node: Node::Const(datum), ty: Some(ty) }
    }

    /// NULL.
    pub(in crate::engine) fn null() -> Self {
        Self { node: Node::Const(Datum::Null), ty: None }
    }

    /// The constant, where it is one.
    pub(in crate::engine) fn as_const(&self) -> Option<&Datum> {
        match &self.node {
            Node::Const(datum) => Some(datum),
            Node::Code(_) => None,
        }
    }

    /// Whether it is the constant NULL.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.node, Node::Const(Datum::Null))
    }

    /// The kind of its values; text where nothing has given it a type.
    pub(super) fn kind(&self, dialect: Dialect) -> Kind {
        match (&self.ty, &self.node) {
            _ if dialect == Dialect::Sqlite => Kind::Opaque,
            (Some(ty), _) => kind(ty, dialect),
            (None, Node::Const(Datum::List(_))) => Kind::Opaque,
            (None, _) => Kind::Text,
        }
    }

    /// As GlueSQL's expression, of which others are made.
    pub(super) fn lower(&self, dialect: Dialect) -> Evaluation<Expr> {
        if is_identity(self.ty.as_ref()) { Err(hidden()) } else { self.shown(dialect) }
    }

    /// As GlueSQL's expression, to be evaluated as it is.
    pub(super) fn shown(&self, dialect: Dialect) -> Evaluation<Expr> {
        match &self.node {
            Node::Code(code) => Ok(code.expr.clone()),
            Node::Const(datum) => to_value(datum, self.kind(dialect)).map(Expr::Value).map_err(Stop::Unsupported),
        }
    }

    /// The scans that it reads.
    pub(super) fn scans(&self) -> &[usize] {
        match &self.node {
            Node::Const(_) => &[],
            Node::Code(code) => &code.scans,
        }
    }

    /// Whether it can be evaluated row by row.
    pub(super) fn is_plain(&self) -> bool {
        match &self.node {
            Node::Const(_) => true,
            Node::Code(code) => code.plain,
        }
    }
}

/// Code made of parts.
pub(super) fn combine(expr: Expr, parts: &[&Typed]) -> Code {
    let size = |part: &&&Typed| match &part.node {
        Node::Const(_) => 1,
        Node::Code(code) => code.size,
    };
    Code {
        expr,
        scans: union(parts.iter().map(|p| p.scans())),
        plain: parts.iter().all(|part| part.is_plain()),
        size: parts.iter().map(|p| size(&p)).fold(1, u32::saturating_add),
    }
}

/// A condition made of conditions.
pub(super) fn join(expr: Expr, parts: &[&Code]) -> Code {
    Code {
        expr,
        scans: union(parts.iter().map(|p| p.scans.as_slice())),
        plain: parts.iter().all(|part| part.plain),
        size: parts.iter().map(|p| p.size).fold(1, u32::saturating_add),
    }
}

fn union<'a>(lists: impl Iterator<Item = &'a [usize]>) -> Vec<usize> {
    let mut scans: Vec<usize> = lists.flatten().copied().collect();
    scans.sort_unstable();
    scans.dedup();
    scans
}

impl Code {
    /// With another expression that holds this one so many times.
    pub(super) fn rewritten(self, expr: Expr, times: u32) -> Self {
        Self { expr, size: self.size.saturating_mul(times).saturating_add(1), ..self }
    }

    /// As a value of a type.
    pub(in crate::engine) fn typed(self, ty: SqlType) -> Typed {
        Typed { node: Node::Code(self), ty: Some(ty) }
    }
}
