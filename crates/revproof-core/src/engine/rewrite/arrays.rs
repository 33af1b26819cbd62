//! Arrays: what makes them, takes them apart and compares them.

use std::cmp::Ordering;

use sqlparser::ast::{AccessExpr, BinaryOperator as Op, Expr, Subscript};

use super::Compiler;
use super::operators::holds;
use super::subquery::Subquery;
use super::typed::{Code, Typed};
use super::types::Kind;
use crate::engine::cast::Mode;
use crate::engine::functions::array_call;
use crate::engine::stop::{Evaluation, Stop};
use crate::engine::value::{compare, same};
use crate::op::Datum;
use crate::schema::{Dialect, SqlType, TextSize};

const TEXT: SqlType = SqlType::Text(TextSize::Plain);

/// The type of an array's members.
fn item_of(array: &Typed) -> Option<&SqlType> {
    match &array.ty {
        Some(SqlType::Array(item)) => Some(item),
        _ => None,
    }
}

impl Compiler<'_> {
    /// `ARRAY[…]`.
    pub(super) fn array(&mut self, items: &[Expr]) -> Evaluation<Typed> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.push(self.expr(item)?);
        }
        let (values, ty) = self.alike(values)?;
        if values.is_empty() {
            return Ok(Typed { node: super::Node::Const(Datum::List(Vec::new())), ty: None });
        }
        let ty = match ty.unwrap_or(TEXT) {
            // An array of arrays has the type of an array.
            array @ SqlType::Array(_) => array,
            SqlType::VarChar(_) => SqlType::Array(Box::new(SqlType::VarChar(None))),
            item => SqlType::Array(Box::new(item)),
        };
        self.rowwise(&values, ty, |_, values| Ok(Datum::List(values.to_vec())))
    }

    /// `ARRAY(SELECT …)`.
    pub(super) fn array_subquery(&mut self, query: &sqlparser::ast::Query) -> Evaluation<Typed> {
        match self.subquery(query)? {
            Subquery::Rows(relation) => Self::array_of(&relation),
            Subquery::PerRow(scan, results) => {
                let first = results.iter().flatten().find_map(|r| r.columns.first().and_then(|(_, ty)| ty.clone()));
                let ty = SqlType::Array(Box::new(first.unwrap_or(TEXT)));
                self.computed(scan, ty, self.length(scan), |_, row| match results.get(row) {
                    Some(Ok(relation)) => Ok(Self::array_of(relation)?.as_const().cloned().unwrap_or(Datum::Null)),
                    Some(Err(failure)) => Err(Stop::from(failure.clone())),
                    None => Ok(Datum::Null),
                })
            }
        }
    }

    /// `value[n]`.
    pub(super) fn subscript(&mut self, root: &Expr, chain: &[AccessExpr]) -> Evaluation<Typed> {
        let beyond = || Stop::unsupported("a part of a value of this form is not supported");
        let mut value = self.expr(root)?;
        for access in chain {
            let AccessExpr::Subscript(Subscript::Index { index }) = access else { return Err(beyond()) };
            let index = self.expr(index)?;
            value = match item_of(&value).cloned() {
                Some(item) => {
                    let index = self.coerce(index, &SqlType::Integer, Mode::Literal)?;
                    self.array_function("[]", &[value, index], item)?
                }
                None if value.ty == Some(SqlType::Jsonb) => self.json_access(value, index, false)?,
                None => return Err(beyond()),
            };
        }
        Ok(value)
    }

    fn array_function(&mut self, name: &str, args: &[Typed], ty: SqlType) -> Evaluation<Typed> {
        let called = name.to_owned();
        self.rowwise(args, ty, move |_, values| {
            array_call(&called, values)
                .unwrap_or_else(|| Err(Stop::unsupported(format!("{called} of this is not supported"))))
        })
    }

    /// A function on arrays; `None` where it is none.
    pub(super) fn array_functions(&mut self, name: &str, args: &[Typed]) -> Evaluation<Option<Typed>> {
        // Which argument is the array, and which are members of it.
        let (at, members): (usize, &[usize]) = match (name, args.len()) {
            ("array_append" | "array_remove" | "array_position", 2) => (0, &[1]),
            ("array_prepend", 2) => (1, &[0]),
            ("array_replace", 3) => (0, &[1, 2]),
            ("array_length" | "array_upper" | "array_lower", 2) | ("cardinality", 1) | ("array_to_string", 2 | 3) => {
                (0, &[])
            }
            ("array_cat", 2) => return self.array_joined(args).map(Some),
            ("string_to_array", 2 | 3) => {
                let text = args.iter().all(|arg| arg.kind(self.dialect()) == Kind::Text);
                if !text {
                    return Err(Stop::unsupported("string_to_array of something other than text is not supported"));
                }
                return self.array_function(name, args, SqlType::Array(Box::new(TEXT))).map(Some);
            }
            _ => return Ok(None),
        };
        let Some(item) = args.get(at).and_then(item_of).cloned() else {
            return Err(Stop::unsupported(format!("{name} of something other than an array is not supported")));
        };
        let mut given = args.to_vec();
        for member in members {
            let Some(arg) = given.get_mut(*member) else { continue };
            if arg.ty.as_ref().is_some_and(|ty| super::kind(ty, self.dialect()) != super::kind(&item, self.dialect())) {
                return Err(Stop::unsupported(format!("{name} of a member of another type is not supported")));
            }
            let mode = if arg.ty.is_none() { Mode::Literal } else { Mode::Assignment };
            *arg = self.coerce(arg.clone(), &item, mode)?;
        }
        let ty = match name {
            "array_to_string" => TEXT,
            "array_length" | "array_upper" | "array_lower" | "cardinality" | "array_position" => SqlType::Integer,
            _ => SqlType::Array(Box::new(item)),
        };
        self.array_function(name, &given, ty).map(Some)
    }

    /// Two arrays, or an array and a member, put together.
    pub(super) fn array_joined(&mut self, args: &[Typed]) -> Evaluation<Typed> {
        let [a, b] = args else { return Err(Stop::unsupported("|| of this is not supported")) };
        let (Some(array), left) = (a.ty.as_ref().or(b.ty.as_ref()), item_of(a).is_some()) else {
            return Err(Stop::unsupported("|| of this is not supported"));
        };
        let array = if left { array.clone() } else { b.ty.clone().unwrap_or(SqlType::Unknown) };
        let SqlType::Array(item) = &array else { return Err(Stop::unsupported("|| of this is not supported")) };
        let (own, other) = if left { (a, b) } else { (b, a) };
        if other.ty.is_none() || item_of(other).is_some() {
            let other = match &other.ty {
                // A literal is an array as well.
                None => self.coerce(other.clone(), &array, Mode::Literal)?,
                Some(ty) if *ty == array => other.clone(),
                Some(_) => return Err(Stop::unsupported("|| of arrays of different types is not supported")),
            };
            let both = if left { [own.clone(), other] } else { [other, own.clone()] };
            return self.array_function("array_cat", &both, array.clone());
        }
        if other.kind(self.dialect()) != super::kind(item, self.dialect()) {
            return Err(Stop::unsupported("|| of an array and a member of another type is not supported"));
        }
        let member = self.coerce(other.clone(), item, Mode::Assignment)?;
        if left {
            return self.array_function("array_append", &[own.clone(), member], array.clone());
        }
        self.array_function("array_prepend", &[member, own.clone()], array.clone())
    }

    /// `@>`, `<@` and `&&` of arrays.
    pub(super) fn array_operator(&mut self, op: &'static str, a: Typed, b: Typed) -> Evaluation<Typed> {
        let ty = a.ty.clone().or_else(|| b.ty.clone()).unwrap_or(SqlType::Unknown);
        let mut sides = Vec::with_capacity(2);
        for side in [a, b] {
            let other = side.ty.as_ref().is_some_and(|own| *own != ty && side.as_const().is_none());
            if other {
                return Err(Stop::unsupported(format!("{op} of arrays of different types is not supported")));
            }
            sides.push(self.coerce(side, &ty, Mode::Literal)?);
        }
        self.array_function(op, &sides, SqlType::Boolean)
    }

    /// `value op ANY (array)`, where the array is that of a row.
    pub(super) fn any_member(&mut self, value: Typed, op: &Op, list: Typed, negated: bool) -> Evaluation<Code> {
        let dialect = self.dialect();
        let Some(item) = item_of(&list).cloned() else {
            return Err(Stop::unsupported("ANY of something other than an array is not supported"));
        };
        let value = if value.ty.is_none() { self.coerce(value, &item, Mode::Literal)? } else { value };
        if value.kind(dialect) != super::kind(&item, dialect) || value.kind(dialect) == Kind::Opaque {
            return Err(Stop::unsupported("ANY of an array of another type is not supported"));
        }
        let op = op.clone();
        let found = self.rowwise(&[value, list], SqlType::Boolean, move |_, values| {
            let [value, Datum::List(items)] = values else { return Ok(Datum::Null) };
            let mut open = *value == Datum::Null && !items.is_empty();
            for item in items {
                if *item == Datum::Null || *value == Datum::Null {
                    open = true;
                    continue;
                }
                let order = if same(value, item, Dialect::PostgreSql) { Ordering::Equal } else { compare(value, item) };
                if holds(&op, order)? {
                    return Ok(Datum::Bool(!negated));
                }
            }
            Ok(if open { Datum::Null } else { Datum::Bool(negated) })
        })?;
        self.as_condition(found)
    }
}
