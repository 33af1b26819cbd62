//! Expressions.

use std::rc::Rc;

use ruff_python_ast::{BoolOp, Expr, ExprBoolOp, ExprIf, ExprUnaryOp, Number, UnaryOp};

use super::{Frame, Vm, Yields};
use crate::python::nesting::may_hold;
use crate::python::object::{function, type_name};
use crate::python::scope::ScopeKind;
use crate::python::value::{Dict, Flow, Unknown, Value};
use crate::source::Span;

impl Vm<'_> {
    /// The value of an expression.
    pub(in crate::python) fn expression(&mut self, frame: &Frame<'_>, expr: &Expr) -> Flow<Value> {
        self.tick(|| frame.span(expr))?;
        match expr {
            Expr::Name(name) => self.name(frame, name.id.as_str(), || frame.span(expr)),
            Expr::StringLiteral(literal) => Ok(self.string_literal(literal.value.to_str(), || frame.span(expr))),
            Expr::NumberLiteral(literal) => Ok(self.number(&literal.value, || frame.span(expr))),
            Expr::BooleanLiteral(literal) => Ok(Value::Bool(literal.value)),
            Expr::NoneLiteral(_) => Ok(Value::None),
            Expr::BytesLiteral(literal) => Ok(Value::Bytes(literal.value.bytes().collect())),
            _ => self.deeper(1, || frame.span(expr), |vm| vm.compound_expression(frame, expr)),
        }
    }

    fn compound_expression(&mut self, frame: &Frame<'_>, expr: &Expr) -> Flow<Value> {
        let span = frame.span(expr);
        match expr {
            Expr::Call(call) => self.call_expression(frame, call, false),
            Expr::Attribute(attribute) => {
                let value = self.expression(frame, &attribute.value)?;
                self.attr(&value, attribute.attr.as_str(), span)
            }
            Expr::Subscript(subscript) => self.subscript(frame, subscript, span),
            Expr::BinOp(binary) => self.binary_expression(frame, binary),
            Expr::BoolOp(boolean) => self.boolean(frame, boolean),
            Expr::UnaryOp(unary) => self.unary(frame, unary, span),
            Expr::Compare(compare) => self.compare_expression(frame, compare),
            Expr::If(conditional) => self.conditional_expression(frame, conditional),
            Expr::List(list) => {
                let items = self.items(frame, &list.elts)?;
                self.nest_items(&items, span)?;
                Ok(Value::list(items))
            }
            Expr::Tuple(tuple) => {
                let items = self.items(frame, &tuple.elts)?;
                self.nest_items(&items, span)?;
                Ok(Value::tuple(items))
            }
            Expr::Set(set) => {
                let items = self.items(frame, &set.elts)?;
                self.set_of(items, span)
            }
            Expr::Dict(dict) => self.dict_display(frame, dict, span),
            Expr::FString(string) => self.fstring(frame, string, span),
            Expr::TString(_) => Ok(self.unknown("template strings are not simulated", span)),
            Expr::Lambda(lambda) => match frame.child(&lambda.node_index) {
                Some(code) => function::define(self, frame, code, span),
                None => Ok(self.unknown("the lambda could not be read", span)),
            },
            Expr::Named(named) => {
                let value = self.expression(frame, &named.value)?;
                if let Expr::Name(name) = &*named.target {
                    // `:=` in a comprehension binds around it.
                    let mut scope = &frame.scope;
                    while scope.kind == ScopeKind::Comprehension {
                        let Some(parent) = &scope.parent else { break };
                        scope = parent;
                    }
                    self.bind(&Rc::clone(scope), &name.id, value.clone(), span);
                }
                Ok(value)
            }
            Expr::ListComp(comp) => {
                let items = self.list_comprehension(frame, &comp.elt, &comp.generators)?;
                self.nest_items(&items, span)?;
                Ok(Value::list(items))
            }
            Expr::SetComp(comp) => {
                let items = self.list_comprehension(frame, &comp.elt, &comp.generators)?;
                self.set_of(items, span)
            }
            Expr::DictComp(comp) => self.dict_comprehension(frame, comp, span),
            Expr::Generator(generator) => {
                let items = self.list_comprehension(frame, &generator.elt, &generator.generators)?;
                self.nest_items(&items, span)?;
                Ok(crate::python::object::items::iterator("generator", items))
            }
            Expr::Await(awaited) => self.expression(frame, &awaited.value),
            Expr::Yield(yielded) => {
                let value = match &yielded.value {
                    Some(value) => self.expression(frame, value)?,
                    None => Value::None,
                };
                self.yielded(frame, vec![value])
            }
            Expr::YieldFrom(yielded) => {
                let value = self.expression(frame, &yielded.value)?;
                let items = self.items_with_rest(&value, span)?;
                self.yielded(frame, items)
            }
            Expr::Starred(starred) => self.expression(frame, &starred.value),
            Expr::EllipsisLiteral(_) => Ok(self.builtin("Ellipsis").unwrap_or(Value::None)),
            Expr::Slice(slice) => self.slice_object(frame, slice),
            Expr::IpyEscapeCommand(_) => Ok(self.unknown("IPython commands are not simulated", span)),
            Expr::Name(_)
            | Expr::StringLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::BytesLiteral(_) => self.expression(frame, expr),
        }
    }

    fn yielded(&mut self, frame: &Frame<'_>, values: Vec<Value>) -> Flow<Value> {
        match frame.yields {
            Yields::Nothing => {}
            Yields::Collect(yields) => yields.borrow_mut().extend(values),
            Yields::Run(run) => {
                for value in values {
                    run(self, value)?;
                }
            }
        }
        Ok(Value::None)
    }

    /// The value of a name.
    pub(in crate::python) fn name(
        &mut self,
        frame: &Frame<'_>,
        name: &str,
        span: impl FnOnce() -> Span,
    ) -> Flow<Value> {
        if let Some(value) = frame.scope.lookup(name) {
            return Ok(value);
        }
        if let Some(value) = self.builtin(name) {
            return Ok(value);
        }
        let span = span();
        if let Some(Value::Unknown(star)) = frame.scope.module().get("*") {
            return Ok(Value::Unknown(star));
        }
        if name.is_empty() {
            return Ok(self.unknown("the text could not be read", span));
        }
        Err(self.raise("NameError", &format!("name '{name}' is not defined"), span))
    }

    fn number(&mut self, number: &Number, span: impl FnOnce() -> Span) -> Value {
        match number {
            Number::Int(int) => match int.as_i64() {
                Some(int) => Value::Int(int),
                None => self.unknown("the number has over 64 bits", span()),
            },
            Number::Float(float) => Value::Float(*float),
            Number::Complex { .. } => self.unknown("complex numbers are not simulated", span()),
        }
    }

    /// The items of a display, a `*x` among them spread out.
    fn items(&mut self, frame: &Frame<'_>, exprs: &[Expr]) -> Flow<Vec<Value>> {
        let mut items = Vec::with_capacity(exprs.len());
        for expr in exprs {
            if let Expr::Starred(starred) = expr {
                let value = self.expression(frame, &starred.value)?;
                items.extend(self.items_with_rest(&value, frame.span(expr))?);
            } else {
                items.push(self.expression(frame, expr)?);
            }
        }
        Ok(items)
    }

    /// Counts the link that a new container adds where it holds others.
    fn nest_items(&mut self, items: &[Value], span: Span) -> Flow<()> {
        if items.iter().any(may_hold) { self.nest(1, span) } else { Ok(()) }
    }

    fn dict_display(&mut self, frame: &Frame<'_>, dict: &ruff_python_ast::ExprDict, span: Span) -> Flow<Value> {
        let mut entries = Dict::default();
        for item in &dict.items {
            if let Some(key) = &item.key {
                let key = self.expression(frame, key)?;
                let value = self.expression(frame, &item.value)?;
                self.dict_put(&mut entries, key, value, span)?;
            } else {
                let value = self.expression(frame, &item.value)?;
                self.dict_update(&mut entries, &value, span)?;
            }
        }
        if entries.entries.iter().any(|(_, value)| may_hold(value)) {
            self.nest(1, span)?;
        }
        Ok(Value::dict(entries))
    }

    fn boolean(&mut self, frame: &Frame<'_>, boolean: &ExprBoolOp) -> Flow<Value> {
        self.boolean_from(frame, boolean.op, &boolean.values)
    }

    /// `values[0] op values[1] op …`: where an operand can't be decided, the rest may or may not be evaluated.
    fn boolean_from(&mut self, frame: &Frame<'_>, op: BoolOp, values: &[Expr]) -> Flow<Value> {
        let Some((first, rest)) = values.split_first() else { return Ok(Value::None) };
        let value = self.expression(frame, first)?;
        if rest.is_empty() {
            return Ok(value);
        }
        match (self.truth(&value), op) {
            (Some(true), BoolOp::Or) | (Some(false), BoolOp::And) => Ok(value),
            (Some(_), _) => self.boolean_from(frame, op, rest),
            (None, _) => {
                let span = frame.span(first);
                let why = self.why(&value, span);
                let second = self.perhaps(&why, span, |vm| vm.boolean_from(frame, op, rest));
                // `unknown and False` is certainly false, `unknown or True` certainly true.
                if let Ok(second) = &second
                    && let Some(truth) = self.truth(second)
                    && truth == (op == BoolOp::Or)
                    && matches!(second, Value::Bool(_))
                {
                    return Ok(second.clone());
                }
                let branches = crate::python::conditional::Branches { first: Ok(value), second };
                self.join_values(branches, &why, span)
            }
        }
    }

    fn unary(&mut self, frame: &Frame<'_>, unary: &ExprUnaryOp, span: Span) -> Flow<Value> {
        let value = self.expression(frame, &unary.operand)?;
        let sign = match unary.op {
            UnaryOp::Not => {
                return Ok(match self.truth(&value) {
                    Some(truth) => Value::Bool(!truth),
                    None => Value::Unknown(self.why(&value, span)),
                });
            }
            UnaryOp::USub => '-',
            UnaryOp::UAdd => '+',
            UnaryOp::Invert => '~',
        };
        self.unary_value(&value, sign, span)
    }

    fn conditional_expression(&mut self, frame: &Frame<'_>, conditional: &ExprIf) -> Flow<Value> {
        let test = self.expression(frame, &conditional.test)?;
        match self.truth(&test) {
            Some(true) => self.expression(frame, &conditional.body),
            Some(false) => self.expression(frame, &conditional.orelse),
            None => {
                let span = frame.span(&*conditional.test);
                let why = self.why(&test, span);
                let branches = self.branches(
                    &why,
                    span,
                    |vm| vm.expression(frame, &conditional.body),
                    |vm| vm.expression(frame, &conditional.orelse),
                );
                self.join_values(branches, &why, span)
            }
        }
    }

    /// Why the truth of `value` can't be decided.
    pub(in crate::python) fn why(&mut self, value: &Value, span: Span) -> Rc<Unknown> {
        match value {
            Value::Unknown(unknown) if !unknown.rest && unknown.partial.is_none() => Rc::clone(unknown),
            Value::Unknown(unknown) => Rc::new(Unknown { rest: false, partial: None, ..(**unknown).clone() }),
            Value::List(items) | Value::Set(items) => self.why_of_items(&items.borrow(), span),
            Value::Tuple(items) => self.why_of_items(items, span),
            Value::Dict(dict) => {
                let keys: Vec<_> = dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect();
                self.why_of_items(&keys, span)
            }
            _ => Unknown::data(format!("what the {} object is is not known", type_name(value)), span),
        }
    }

    fn why_of_items(&mut self, items: &[Value], span: Span) -> Rc<Unknown> {
        match items.iter().find(|item| matches!(item, Value::Unknown(_))) {
            Some(unknown) => self.why(&unknown.clone(), span),
            None => Unknown::data("not all items are known", span),
        }
    }
}
