//! Comprehensions, evaluated at once.

use std::rc::Rc;

use ruff_python_ast::{Comprehension, Expr, ExprDictComp};

use super::{Frame, Vm};
use crate::python::join::{is_rest, rest};
use crate::python::scope::{Scope, ScopeKind};
use crate::python::value::{Dict, Flow, Value};
use crate::source::Span;

/// What is done with each round: items are pushed.
type Each<'a> = dyn FnMut(&mut Vm<'_>, &Frame<'_>) -> Flow<Vec<Value>> + 'a;

impl Vm<'_> {
    /// The items of a list comprehension; one that stands for any number where a condition could not be decided.
    pub(super) fn list_comprehension(
        &mut self,
        frame: &Frame<'_>,
        elt: &Expr,
        generators: &[Comprehension],
    ) -> Flow<Vec<Value>> {
        self.comprehension(frame, generators, &mut |vm, inner| {
            if let Expr::Starred(starred) = elt {
                let value = vm.expression(inner, &starred.value)?;
                return vm.items_with_rest(&value, inner.span(elt));
            }
            Ok(vec![vm.expression(inner, elt)?])
        })
    }

    pub(super) fn dict_comprehension(&mut self, frame: &Frame<'_>, comp: &ExprDictComp, span: Span) -> Flow<Value> {
        let pairs = self.comprehension(frame, &comp.generators, &mut |vm, inner| {
            let key = match &comp.key {
                Some(key) => vm.expression(inner, key)?,
                None => Value::None,
            };
            let value = vm.expression(inner, &comp.value)?;
            Ok(vec![Value::tuple(vec![key, value])])
        })?;
        let mut dict = Dict::default();
        for pair in pairs {
            match &pair {
                Value::Tuple(pair) => {
                    if let [key, value] = &**pair {
                        self.dict_put(&mut dict, key.clone(), value.clone(), span)?;
                    }
                }
                other => dict.entries.push((other.clone(), other.clone())),
            }
        }
        Ok(Value::dict(dict))
    }

    fn comprehension(
        &mut self,
        frame: &Frame<'_>,
        generators: &[Comprehension],
        each: &mut Each<'_>,
    ) -> Flow<Vec<Value>> {
        let scope = Scope::new(ScopeKind::Comprehension, Some(Rc::clone(&frame.scope)));
        let inner = frame.inside(scope);
        let Some((first, more)) = generators.split_first() else { return Ok(Vec::new()) };
        // The first iterable is evaluated outside: in a class body it sees the names of the class.
        let iterable = self.expression(frame, &first.iter)?;
        let mut items = Vec::new();
        self.generate(&inner, &iterable, first, more, each, &mut items)?;
        Ok(items)
    }

    fn generate(
        &mut self,
        frame: &Frame<'_>,
        iterable: &Value,
        generator: &Comprehension,
        more: &[Comprehension],
        each: &mut Each<'_>,
        items: &mut Vec<Value>,
    ) -> Flow<()> {
        let span = frame.span(&generator.iter);
        for item in self.items_with_rest(iterable, span)? {
            self.tick(|| span)?;
            if is_rest(&item) {
                let why = self.why(&item, span);
                let mut some = Vec::new();
                self.perhaps(&why, span, |vm| {
                    vm.assign(frame, &generator.target, Value::Unknown(why.clone()), span)?;
                    vm.filtered(frame, &generator.ifs, more, each, &mut some)
                })?;
                items.push(rest(&why));
                continue;
            }
            self.assign(frame, &generator.target, item, span)?;
            self.filtered(frame, &generator.ifs, more, each, items)?;
        }
        Ok(())
    }

    fn filtered(
        &mut self,
        frame: &Frame<'_>,
        ifs: &[Expr],
        more: &[Comprehension],
        each: &mut Each<'_>,
        items: &mut Vec<Value>,
    ) -> Flow<()> {
        if let Some((test, ifs)) = ifs.split_first() {
            let value = self.expression(frame, test)?;
            return match self.truth(&value) {
                Some(true) => self.filtered(frame, ifs, more, each, items),
                Some(false) => Ok(()),
                None => {
                    let span = frame.span(test);
                    let why = self.why(&value, span);
                    let mut some = Vec::new();
                    self.perhaps(&why, span, |vm| vm.filtered(frame, ifs, more, each, &mut some))?;
                    items.push(rest(&why));
                    Ok(())
                }
            };
        }
        match more.split_first() {
            Some((next, more)) => {
                let iterable = self.expression(frame, &next.iter)?;
                self.deeper(1, || frame.span(&next.iter), |vm| vm.generate(frame, &iterable, next, more, each, items))
            }
            None => {
                items.extend(each(self, frame)?);
                Ok(())
            }
        }
    }
}
