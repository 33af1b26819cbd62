//! The names that a body binds.

use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Identifier, Parameters, Pattern, Stmt};
use rustc_hash::FxHashSet;

use crate::python::parse::Body;

/// The names that a body binds in its own scope.
#[derive(Debug, Default)]
pub(super) struct Bindings<'a> {
    pub(super) names: FxHashSet<&'a str>,
    /// The names that are moved to the module.
    pub(super) globals: Vec<&'a str>,
    /// `from … import *`: any name may be bound.
    pub(super) star: bool,
    /// `from __future__ import annotations`
    pub(super) deferred_annotations: bool,
    /// How deep in comprehensions, whose targets are names of their own.
    comprehensions: u32,
}

impl<'a> Bindings<'a> {
    pub(super) fn of_body(body: &'a [Stmt]) -> Self {
        let mut bindings = Self::default();
        bindings.visit_body(body);
        bindings
    }

    pub(super) fn of_function(body: &'a Body) -> Self {
        let mut bindings = Self::default();
        match body {
            Body::Block(body) => bindings.visit_body(body),
            Body::Expression(expr) => bindings.visit_expr(expr),
        }
        bindings
    }

    pub(super) fn add_parameters(&mut self, parameters: &'a Parameters) {
        self.names.extend(parameters.iter().map(|parameter| parameter.name().as_str()));
    }

    /// The names of a target.
    pub(super) fn add_target(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(name) => {
                self.names.insert(name.id.as_str());
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.add_target(target)),
            Expr::List(list) => list.elts.iter().for_each(|target| self.add_target(target)),
            Expr::Starred(starred) => self.add_target(&starred.value),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Bindings<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.names.insert(def.name.as_str());
            }
            Stmt::ClassDef(def) => {
                self.names.insert(def.name.as_str());
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = match &alias.asname {
                        Some(asname) => asname.as_str(),
                        None => alias.name.split('.').next().unwrap_or_default(),
                    };
                    self.names.insert(name);
                }
            }
            Stmt::ImportFrom(from) => {
                let future = from.module.as_ref().is_some_and(|module| module.as_str() == "__future__");
                for alias in &from.names {
                    self.star |= alias.name.as_str() == "*";
                    self.deferred_annotations |= future && alias.name.as_str() == "annotations";
                    self.names.insert(alias.asname.as_ref().unwrap_or(&alias.name).as_str());
                }
            }
            Stmt::Global(global) => self.globals.extend(global.names.iter().map(Identifier::as_str)),
            // It has to be bound around here.
            Stmt::Nonlocal(nonlocal) => self.names.extend(nonlocal.names.iter().map(Identifier::as_str)),
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if matches!(name.ctx, ExprContext::Store) && self.comprehensions == 0 => {
                self.names.insert(name.id.as_str());
            }
            // `:=` binds around a comprehension.
            Expr::Named(named) => {
                self.add_target(&named.target);
                self.visit_expr(&named.value);
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehensions += 1;
                walk_expr(self, expr);
                self.comprehensions -= 1;
            }
            _ => walk_expr(self, expr),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.names.insert(name.as_str());
        }
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(named) => named.name.as_ref(),
            Pattern::MatchStar(star) => star.name.as_ref(),
            Pattern::MatchMapping(mapping) => mapping.rest.as_ref(),
            _ => None,
        };
        self.names.extend(name.map(Identifier::as_str));
        walk_pattern(self, pattern);
    }
}
