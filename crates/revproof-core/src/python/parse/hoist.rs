//! Moves the bodies of functions and lambdas out of the tree.

use std::cell::RefCell;
use std::mem;
use std::sync::Arc;

use ruff_python_ast::visitor::transformer::{Transformer, walk_expr, walk_stmt};
use ruff_python_ast::{AtomicNodeIndex, Expr, ExprNoneLiteral, NodeIndex, Parameters, Stmt, StmtFunctionDef, Suite};
use ruff_text_size::TextRange;

use super::{Body, FunctionCode, span};
use crate::source::FileId;

/// The tree without the bodies, and the bodies that stood directly in it. What is left of a function in the tree
/// carries its place among them as its node index.
pub(super) fn hoist(file: FileId, mut body: Suite) -> (Suite, Vec<Arc<FunctionCode>>) {
    let hoister = Hoister { file, levels: RefCell::new(vec![Level::default()]) };
    hoister.visit_body(&mut body);
    let children = hoister.levels.into_inner().pop().unwrap_or_default().children;
    (body, children)
}

/// What has been moved out of the function that is being walked.
#[derive(Default)]
struct Level {
    children: Vec<Arc<FunctionCode>>,
    yields: bool,
}

struct Hoister {
    file: FileId,
    levels: RefCell<Vec<Level>>,
}

impl Transformer for Hoister {
    fn visit_stmt(&self, stmt: &mut Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => self.function(def),
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&self, expr: &mut Expr) {
        match expr {
            Expr::Lambda(lambda) => {
                let mut parameters = lambda.parameters.take().map(|parameters| *parameters).unwrap_or_default();
                self.visit_parameters(&mut parameters);
                let mut body = mem::replace(&mut *lambda.body, Expr::NoneLiteral(ExprNoneLiteral::default()));
                self.enter();
                self.visit_expr(&mut body);
                let body = Body::Expression(body);
                self.leave(&lambda.node_index, "<lambda>", lambda.range, parameters, body);
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                if let Some(level) = self.levels.borrow_mut().last_mut() {
                    level.yields = true;
                }
                walk_expr(self, expr);
            }
            _ => walk_expr(self, expr),
        }
    }
}

impl Hoister {
    fn function(&self, def: &mut StmtFunctionDef) {
        for decorator in &mut def.decorator_list {
            self.visit_decorator(decorator);
        }
        let mut parameters = mem::take(&mut *def.parameters);
        self.visit_parameters(&mut parameters);
        let mut body = mem::take(&mut def.body);
        self.enter();
        self.visit_body(&mut body);
        self.leave(&def.node_index, def.name.as_str(), def.name.range, parameters, Body::Block(body));
    }

    fn enter(&self) {
        self.levels.borrow_mut().push(Level::default());
    }

    fn leave(&self, node: &AtomicNodeIndex, name: &str, name_range: TextRange, parameters: Parameters, body: Body) {
        let mut levels = self.levels.borrow_mut();
        let level = levels.pop().unwrap_or_default();
        let Some(outer) = levels.last_mut() else { return };
        node.set(NodeIndex::from(outer.children.len() as u32));
        outer.children.push(Arc::new(FunctionCode {
            file: self.file,
            name: name.into(),
            name_span: span(self.file, name_range),
            parameters,
            body,
            children: level.children,
            is_generator: level.yields,
        }));
    }
}
