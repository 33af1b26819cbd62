//! [`FunctionView`]: a function as its text shows it.

use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt};

use crate::python::parse::{FunctionCode, span};
use crate::source::Span;

/// A function as its text shows it.
#[derive(Debug, Clone, Copy)]
pub struct FunctionView<'m> {
    code: &'m Arc<FunctionCode>,
}

/// A function that does nothing but raise an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The class of the exception, as written.
    pub class: String,
    /// Its message, where that is a plain string.
    pub message: Option<String>,
    /// The `raise`.
    pub span: Span,
}

impl<'m> FunctionView<'m> {
    pub(super) fn new(code: &'m Arc<FunctionCode>) -> Self {
        Self { code }
    }

    /// The span of its name.
    pub fn name_span(self) -> Span {
        self.code.name_span
    }

    /// Whether it can't be called without an argument.
    pub fn needs_argument(self) -> bool {
        self.code.parameters.iter_non_variadic_params().any(|parameter| parameter.default().is_none())
    }

    /// Whether its body holds nothing but `pass`, a docstring, `...`, or a bare return.
    pub fn is_trivial(self) -> bool {
        self.code.statements().iter().all(is_nothing)
    }

    /// The exception that it raises before it does anything else.
    pub fn unconditional_refusal(self) -> Option<Refusal> {
        let stmt = self.code.statements().iter().find(|stmt| !is_nothing(stmt) && !is_import(stmt))?;
        let Stmt::Raise(raise) = stmt else { return None };
        let raised = raise.exc.as_deref()?;
        let (class, message) = match raised {
            Expr::Call(call) => (&*call.func, call.arguments.args.first()),
            other => (other, None),
        };
        let message = match message {
            Some(Expr::StringLiteral(text)) => Some(text.value.to_str().to_owned()),
            _ => None,
        };
        Some(Refusal { class: dotted(class)?, message, span: span(self.code.file, raise.range) })
    }
}

/// All functions under these, each before those inside it.
pub(super) fn all(codes: &[Arc<FunctionCode>]) -> Vec<&Arc<FunctionCode>> {
    let mut all: Vec<&Arc<FunctionCode>> = codes.iter().collect();
    let mut at = 0;
    while let Some(code) = all.get(at) {
        let children: &[Arc<FunctionCode>] = &code.children;
        all.extend(children);
        at += 1;
    }
    all
}

fn is_nothing(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Pass(_) => true,
        Stmt::Expr(expr) => expr.value.is_literal_expr(),
        Stmt::Return(ret) => ret.value.as_deref().is_none_or(Expr::is_none_literal_expr),
        _ => false,
    }
}

fn is_import(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))
}

fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr)),
        _ => None,
    }
}
