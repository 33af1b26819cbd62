//! [`Source`]: what may stand in a FROM.

use std::rc::Rc;

use super::depth;
use super::expression::{Expression, Kind, Node};
use super::select::Select;
use super::text::Text;
use super::ty::Ty;
use crate::alembic::items::TableObject;

/// What may stand in a FROM.
#[derive(Debug)]
pub(super) enum Source {
    /// A table.
    Table(Rc<TableObject>),
    /// `source AS name`.
    Alias(Alias),
    /// A join.
    Join(Join),
    /// `text("…")`, as it stands.
    Text(Rc<Text>),
    /// A function: `func.unnest(…)`, `func.generate_series(…)`.
    Function(Node),
}

/// A source under another name.
#[derive(Debug)]
pub(super) struct Alias {
    /// The name; `None` where the compiler chooses one.
    pub name: Option<Rc<str>>,
    /// What has that name.
    pub of: Aliased,
    /// How deep the tree below it is.
    pub depth: u16,
}

/// What has another name.
#[derive(Debug)]
pub(super) enum Aliased {
    /// A table or a function.
    Source(Rc<Source>),
    /// `(SELECT …)`.
    Query(Rc<Select>),
    /// `WITH name AS (SELECT …)`.
    Cte(Rc<Select>, bool),
}

/// A join of two sources.
#[derive(Debug)]
pub(super) struct Join {
    /// The left one.
    pub left: Rc<Source>,
    /// The right one.
    pub right: Rc<Source>,
    /// `ON`; `None` is a cross join.
    pub on: Option<Node>,
    /// `LEFT OUTER`.
    pub outer: bool,
    /// `FULL OUTER`.
    pub full: bool,
    /// How deep the tree below it is.
    pub depth: u16,
}

impl Source {
    /// A source under another name.
    pub(super) fn alias(name: Option<Rc<str>>, of: Aliased) -> Rc<Self> {
        let depth = depth::of_aliased(&of);
        if depth > depth::LIMIT {
            return Self::unknown();
        }
        Rc::new(Self::Alias(Alias { name, of, depth }))
    }

    /// A join of two sources.
    pub(super) fn join(left: Rc<Self>, right: Rc<Self>, on: Option<Node>, outer: bool, full: bool) -> Rc<Self> {
        let below = depth::of_source(&left).max(depth::of_source(&right));
        let depth = below.max(on.as_ref().map_or(0, |on| on.depth)).saturating_add(1);
        if depth > depth::LIMIT {
            return Self::unknown();
        }
        Rc::new(Self::Join(Join { left, right, on, outer, full, depth }))
    }

    /// What stands in the place of a source that would be too deep.
    fn unknown() -> Rc<Self> {
        let select = Select::default().doubted(&depth::too_deep());
        Rc::new(Self::Alias(Alias { name: None, of: Aliased::Query(Rc::new(select)), depth: 1 }))
    }

    /// Whether both are the same table or the same alias.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Table(a), Self::Table(b)) => a.name == b.name,
            _ => std::ptr::eq(self, other),
        }
    }

    /// Whether it is that source, or a join that holds it.
    pub(super) fn holds(&self, other: &Self) -> bool {
        match self {
            Self::Join(join) => join.left.holds(other) || join.right.holds(other),
            _ => self.same(other),
        }
    }

    /// The column with that key.
    pub(super) fn column(self: &Rc<Self>, key: &str) -> Option<Node> {
        match &**self {
            Self::Table(table) => {
                let column = table.column(key)?;
                let ty = column.ty.clone().map_or(Ty::Null, Ty::Given);
                Some(self.named(column.name(), ty))
            }
            Self::Alias(alias) => match &alias.of {
                Aliased::Source(source) => {
                    let column = source.column(key)?;
                    Some(self.named(column.own_name()?.clone(), column.ty.clone()))
                }
                Aliased::Query(select) | Aliased::Cte(select, _) => {
                    let (name, ty) = select.column_types().into_iter().find(|(name, _)| &**name == key)?;
                    Some(self.named(name, ty))
                }
            },
            Self::Join(join) => join.left.column(key).or_else(|| join.right.column(key)),
            Self::Text(_) => None,
            Self::Function(_) => Some(self.named(key.into(), Ty::Null)),
        }
    }

    /// All its columns, keys first.
    pub(super) fn columns(self: &Rc<Self>) -> Vec<(Rc<str>, Node)> {
        match &**self {
            Self::Table(table) => table
                .columns
                .borrow()
                .iter()
                .map(|column| {
                    let ty = column.ty.clone().map_or(Ty::Null, Ty::Given);
                    (column.key(), self.named(column.name(), ty))
                })
                .collect(),
            Self::Alias(alias) => match &alias.of {
                Aliased::Source(source) => source
                    .columns()
                    .into_iter()
                    .filter_map(|(key, column)| Some((key, self.named(column.own_name()?.clone(), column.ty.clone()))))
                    .collect(),
                Aliased::Query(select) | Aliased::Cte(select, _) => {
                    select.column_types().into_iter().map(|(name, ty)| (name.clone(), self.named(name, ty))).collect()
                }
            },
            Self::Join(join) => {
                let mut columns = join.left.columns();
                columns.extend(join.right.columns());
                columns
            }
            Self::Text(_) | Self::Function(_) => Vec::new(),
        }
    }

    /// The tables that it is made of.
    pub(super) fn tables(&self, found: &mut Vec<Rc<TableObject>>) {
        match self {
            Self::Table(table) => found.push(table.clone()),
            Self::Join(join) => {
                join.left.tables(found);
                join.right.tables(found);
            }
            Self::Alias(Alias { of: Aliased::Source(source), .. }) => source.tables(found),
            Self::Alias(_) | Self::Text(_) | Self::Function(_) => {}
        }
    }

    fn named(self: &Rc<Self>, name: Rc<str>, ty: Ty) -> Node {
        Expression::new(Kind::Column { name, of: Some(Rc::clone(self)) }, ty)
    }
}
