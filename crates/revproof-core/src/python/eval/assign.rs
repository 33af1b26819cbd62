//! Targets: names, attributes, items, and the unpacking of tuples and lists.

use std::rc::Rc;

use ruff_python_ast::Expr;
use ruff_python_ast::name::Name;

use super::{Frame, Vm};
use crate::python::join::{is_rest, rest};
use crate::python::journal::Place;
use crate::python::nesting::may_hold;
use crate::python::scope::Scope;
use crate::python::value::{Flow, Value};
use crate::source::Span;

impl Vm<'_> {
    /// `name = value` in a scope.
    pub(in crate::python) fn bind(&mut self, scope: &Rc<Scope>, name: &Name, value: Value, span: Span) {
        let table = scope.target(name);
        if !self.journal.is_idle() {
            self.journal.touch(&Place::Table(Rc::clone(&table)));
        }
        table.borrow_mut().set(name, value, span);
    }

    /// `target = value`; `span` is that of the value.
    pub(in crate::python) fn assign(&mut self, frame: &Frame<'_>, target: &Expr, value: Value, span: Span) -> Flow<()> {
        match target {
            Expr::Name(name) => {
                self.bind(&frame.scope, &name.id, value, span);
                Ok(())
            }
            Expr::Attribute(attribute) => {
                if may_hold(&value) {
                    self.nest(1, span)?;
                }
                let object = self.expression(frame, &attribute.value)?;
                self.set_attr(&object, attribute.attr.as_str(), value, span)
            }
            Expr::Subscript(subscript) => {
                self.nest(1, span)?;
                let object = self.expression(frame, &subscript.value)?;
                let key = self.expression(frame, &subscript.slice)?;
                self.set_item(&object, &key, value, span)
            }
            Expr::Tuple(tuple) => self.unpack(frame, &tuple.elts, &value, span),
            Expr::List(list) => self.unpack(frame, &list.elts, &value, span),
            Expr::Starred(starred) => {
                let items = self.items_with_rest(&value, span)?;
                self.assign(frame, &starred.value, Value::list(items), span)
            }
            _ => Ok(()),
        }
    }

    fn unpack(&mut self, frame: &Frame<'_>, targets: &[Expr], value: &Value, span: Span) -> Flow<()> {
        let items = self.items_with_rest(value, span)?;
        let star = targets.iter().position(Expr::is_starred_expr);
        if let Some(at) = items.iter().position(is_rest) {
            return self.unpack_unknown(frame, targets, &items, at, span);
        }
        let Some(star) = star else {
            if items.len() != targets.len() {
                return Err(self.wrong_count(targets.len(), items.len(), span));
            }
            for (target, item) in targets.iter().zip(items) {
                self.assign(frame, target, item, span)?;
            }
            return Ok(());
        };
        let after = targets.len() - star - 1;
        if items.len() < star + after {
            let message =
                format!("not enough values to unpack (expected at least {}, got {})", star + after, items.len());
            return Err(self.raise("ValueError", &message, span));
        }
        let starred = items.len() - star - after;
        let mut items = items.into_iter();
        for (at, target) in targets.iter().enumerate() {
            if at == star {
                let taken: Vec<_> = items.by_ref().take(starred).collect();
                let Expr::Starred(inner) = target else { continue };
                self.assign(frame, &inner.value, Value::list(taken), span)?;
            } else if let Some(item) = items.next() {
                self.assign(frame, target, item, span)?;
            }
        }
        Ok(())
    }

    /// The items before `known` are known; nothing is of those after it.
    fn unpack_unknown(
        &mut self,
        frame: &Frame<'_>,
        targets: &[Expr],
        items: &[Value],
        known: usize,
        span: Span,
    ) -> Flow<()> {
        let why = match items.get(known) {
            Some(value) => self.why(value, span),
            None => return Ok(()),
        };
        let mut starred = false;
        for (at, target) in targets.iter().enumerate() {
            if let Expr::Starred(inner) = target {
                starred = true;
                self.assign(frame, &inner.value, Value::list(vec![rest(&why)]), span)?;
                continue;
            }
            let item = match items.get(at) {
                Some(item) if at < known && !starred => item.clone(),
                _ => Value::Unknown(Rc::clone(&why)),
            };
            self.assign(frame, target, item, span)?;
        }
        Ok(())
    }

    fn wrong_count(&mut self, expected: usize, got: usize, span: Span) -> crate::python::Raised {
        let message = if got < expected {
            format!("not enough values to unpack (expected {expected}, got {got})")
        } else {
            format!("too many values to unpack (expected {expected})")
        };
        self.raise("ValueError", &message, span)
    }

    /// `del target`.
    pub(in crate::python) fn delete(&mut self, frame: &Frame<'_>, target: &Expr) -> Flow<()> {
        let span = frame.span(target);
        match target {
            Expr::Name(name) => {
                let table = frame.scope.target(&name.id);
                self.journal.touch(&Place::Table(Rc::clone(&table)));
                let removed = table.borrow_mut().remove(&name.id);
                match removed {
                    Some(_) => Ok(()),
                    None => Err(self.raise("NameError", &format!("name '{}' is not defined", name.id), span)),
                }
            }
            Expr::Subscript(subscript) => {
                let object = self.expression(frame, &subscript.value)?;
                let key = self.expression(frame, &subscript.slice)?;
                self.delete_item(&object, &key, span)
            }
            Expr::Attribute(attribute) => {
                let object = self.expression(frame, &attribute.value)?;
                self.delete_attr(&object, attribute.attr.as_str(), span)
            }
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|target| self.delete(frame, target)),
            Expr::List(list) => list.elts.iter().try_for_each(|target| self.delete(frame, target)),
            _ => Ok(()),
        }
    }
}
