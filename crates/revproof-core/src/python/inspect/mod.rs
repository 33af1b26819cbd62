//! What can be told of a module without evaluating it.

use ruff_python_ast::{Expr, Stmt};

use super::parse::{Module, span};
use crate::source::Span;

impl Module {
    /// The docstring and where it stands.
    pub fn docstring(&self) -> Option<(String, Span)> {
        docstring(&self.code().body, self.file())
    }
}

fn docstring(body: &[Stmt], file: crate::source::FileId) -> Option<(String, Span)> {
    let Some(Stmt::Expr(first)) = body.first() else { return None };
    let Expr::StringLiteral(text) = &*first.value else { return None };
    Some((text.value.to_str().to_owned(), span(file, text.range)))
}
