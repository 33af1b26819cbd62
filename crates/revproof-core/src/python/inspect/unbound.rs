//! [`unbound_names`]: names that are used and never bound.

use std::sync::Arc;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Comprehension, ExceptHandler, Expr, ExprContext, Parameters, Stmt, StmtTry};
use rustc_hash::{FxHashMap, FxHashSet};

use super::bindings::Bindings;
use super::function;
use crate::python::builtins;
use crate::python::parse::{Body, FunctionCode, Module, span};
use crate::source::{FileId, Span};

/// The names that a module uses and that nothing binds: no assignment, no import, no builtin. Each use is listed, in
/// order. A `from … import *` may bind any name: then there are none.
pub fn unbound_names(module: &Module) -> Vec<(String, Span)> {
    let code = module.code();
    let mut globals = Bindings::of_body(&code.body);
    let mut locals = FxHashMap::default();
    for inner in function::all(&code.children) {
        let bindings = Bindings::of_function(&inner.body);
        globals.star |= bindings.star;
        globals.names.extend(&bindings.globals);
        locals.insert(Arc::as_ptr(inner), bindings);
    }
    if globals.star {
        return Vec::new();
    }
    let mut uses = Uses {
        file: module.file(),
        deferred_annotations: globals.deferred_annotations,
        scopes: vec![Level { names: globals.names, is_class: false }],
        children: &code.children,
        locals,
        guarded: 0,
        unbound: Vec::new(),
    };
    uses.visit_body(&code.body);
    uses.unbound.sort_by_key(|(_, span)| span.start);
    uses.unbound
}

/// The names of one scope.
struct Level<'a> {
    names: FxHashSet<&'a str>,
    is_class: bool,
}

struct Uses<'a> {
    file: FileId,
    deferred_annotations: bool,
    scopes: Vec<Level<'a>>,
    children: &'a [Arc<FunctionCode>],
    /// What the bodies of functions bind.
    locals: FxHashMap<*const FunctionCode, Bindings<'a>>,
    /// How many `try`s around catch a `NameError`.
    guarded: u32,
    unbound: Vec<(String, Span)>,
}

impl<'a> Uses<'a> {
    fn is_bound(&self, name: &str) -> bool {
        let mut scopes = self.scopes.iter().rev();
        // A class body sees its own names; what stands inside it does not.
        if scopes.next().is_some_and(|own| own.names.contains(name)) {
            return true;
        }
        scopes.any(|scope| !scope.is_class && scope.names.contains(name)) || builtins::is_builtin(name)
    }

    fn within(&mut self, names: FxHashSet<&'a str>, is_class: bool, walk: impl FnOnce(&mut Self)) {
        self.scopes.push(Level { names, is_class });
        walk(self);
        self.scopes.pop();
    }

    fn function(&mut self, index: Option<u32>, annotations: bool) {
        let Some(code) = index.and_then(|at| self.children.get(at as usize)) else { return };
        self.defaults(&code.parameters, annotations && !self.deferred_annotations);
        let bindings = self.locals.remove(&Arc::as_ptr(code));
        let mut bindings = bindings.unwrap_or_else(|| Bindings::of_function(&code.body));
        bindings.add_parameters(&code.parameters);
        let outer = std::mem::replace(&mut self.children, &code.children);
        self.within(bindings.names, false, |uses| match &code.body {
            Body::Block(body) => uses.visit_body(body),
            Body::Expression(expr) => uses.visit_expr(expr),
        });
        self.children = outer;
    }

    fn defaults(&mut self, parameters: &'a Parameters, annotations: bool) {
        for parameter in parameters {
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
            if let Some(annotation) = parameter.annotation().filter(|_| annotations) {
                self.visit_expr(annotation);
            }
        }
    }

    /// The parts of a comprehension: the first iterable is evaluated outside.
    fn comprehension(&mut self, generators: &'a [Comprehension], parts: &[&'a Expr]) {
        let Some((first, more)) = generators.split_first() else { return };
        self.visit_expr(&first.iter);
        let mut bindings = Bindings::default();
        for generator in generators {
            bindings.add_target(&generator.target);
        }
        self.within(bindings.names, false, |uses| {
            first.ifs.iter().for_each(|test| uses.visit_expr(test));
            for generator in more {
                uses.visit_expr(&generator.iter);
                generator.ifs.iter().for_each(|test| uses.visit_expr(test));
            }
            for part in parts {
                uses.visit_expr(part);
            }
        });
    }

    fn attempt(&mut self, attempt: &'a StmtTry) {
        let guards = attempt.handlers.iter().any(catches_name_error);
        self.guarded += u32::from(guards);
        self.visit_body(&attempt.body);
        self.guarded -= u32::from(guards);
        attempt.handlers.iter().for_each(|handler| self.visit_except_handler(handler));
        self.visit_body(&attempt.orelse);
        self.visit_body(&attempt.finalbody);
    }
}

impl<'a> Visitor<'a> for Uses<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                def.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
                if let Some(returns) = def.returns.as_deref().filter(|_| !self.deferred_annotations) {
                    self.visit_expr(returns);
                }
                self.function(def.node_index.load().as_u32(), def.type_params.is_none());
            }
            Stmt::ClassDef(def) => {
                def.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
                def.bases().iter().for_each(|base| self.visit_expr(base));
                def.keywords().iter().for_each(|keyword| self.visit_expr(&keyword.value));
                let mut bindings = Bindings::of_body(&def.body);
                bindings.names.extend(["__qualname__", "__module__", "__class__"]);
                self.within(bindings.names, true, |uses| uses.visit_body(&def.body));
            }
            Stmt::AnnAssign(assign) => {
                // Annotations of a function's own names are never evaluated.
                let evaluated = self.scopes.len() == 1 || self.scopes.last().is_some_and(|scope| scope.is_class);
                if evaluated && !self.deferred_annotations {
                    self.visit_expr(&assign.annotation);
                }
                self.visit_expr(&assign.target);
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
            }
            Stmt::Try(attempt) => self.attempt(attempt),
            Stmt::TypeAlias(_) => {}
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                let used = matches!(name.ctx, ExprContext::Load) && !name.id.is_empty();
                if used && self.guarded == 0 && !self.is_bound(name.id.as_str()) && !in_function_only(&name.id, self) {
                    self.unbound.push((name.id.to_string(), span(self.file, name.range)));
                }
            }
            Expr::Lambda(lambda) => self.function(lambda.node_index.load().as_u32(), false),
            Expr::ListComp(comp) => self.comprehension(&comp.generators, &[&comp.elt]),
            Expr::SetComp(comp) => self.comprehension(&comp.generators, &[&comp.elt]),
            Expr::Generator(comp) => self.comprehension(&comp.generators, &[&comp.elt]),
            Expr::DictComp(comp) => match comp.key.as_deref() {
                Some(key) => self.comprehension(&comp.generators, &[key, &comp.value]),
                None => self.comprehension(&comp.generators, &[&comp.value]),
            },
            _ => walk_expr(self, expr),
        }
    }
}

/// `__class__` is there in every method.
fn in_function_only(name: &str, uses: &Uses<'_>) -> bool {
    name == "__class__" && uses.scopes.iter().any(|scope| scope.is_class)
}

fn catches_name_error(handler: &ExceptHandler) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    let is_one = |expr: &Expr| matches!(expr, Expr::Name(name) if matches!(name.id.as_str(), "NameError" | "Exception" | "BaseException"));
    match handler.type_.as_deref() {
        None => true,
        Some(Expr::Tuple(classes)) => classes.elts.iter().any(is_one),
        Some(class) => is_one(class),
    }
}
