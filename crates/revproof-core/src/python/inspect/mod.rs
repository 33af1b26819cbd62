//! What can be told of a module without evaluating it: its docstring, its imports, where a name is assigned, what a
//! function's body amounts to, and which names are used but never bound.

mod bindings;
mod calls;
mod function;
mod unbound;

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

pub use self::calls::{CallView, Plain};
pub use self::function::{FunctionView, Refusal};
pub use self::unbound::unbound_names;
use super::parse::{Module, span};
use crate::source::{FileId, Span};

/// Where a module assigns a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// The name.
    pub name: Span,
    /// The value.
    pub value: Span,
    /// The statement.
    pub statement: Span,
}

/// A module that is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its dotted name, with a leading dot per level where it is relative.
    pub module: String,
    /// The names taken from it; none for `import module`.
    pub names: Vec<String>,
    /// The statement.
    pub span: Span,
}

impl Module {
    /// The docstring and where it stands.
    pub fn docstring(&self) -> Option<(&str, Span)> {
        let Some(Stmt::Expr(first)) = self.code().body.first() else { return None };
        let Expr::StringLiteral(text) = &*first.value else { return None };
        Some((text.value.to_str(), span(self.file(), text.range)))
    }

    /// The last place at which the top level assigns a name.
    pub fn assignment(&self, name: &str) -> Option<Assignment> {
        let mut found = None;
        each_statement(&self.code().body, &mut |stmt| {
            if let Some(assignment) = assignment_in(stmt, name, self.file()) {
                found = Some(assignment);
            }
        });
        found
    }

    /// The modules that are imported, anywhere in the file, in order.
    pub fn imports(&self) -> Vec<Import> {
        let mut imports = Vec::new();
        let mut collect = |body: &[Stmt]| {
            each_statement(body, &mut |stmt| imports_in(stmt, self.file(), &mut imports));
        };
        collect(&self.code().body);
        for code in function::all(&self.code().children) {
            collect(code.statements());
        }
        imports.sort_by_key(|import| import.span.start);
        imports
    }

    /// The function of that name that the top level defines last.
    pub fn function(&self, name: &str) -> Option<FunctionView<'_>> {
        let mut found = None;
        each_statement(&self.code().body, &mut |stmt| {
            if let Stmt::FunctionDef(def) = stmt
                && def.name.as_str() == name
            {
                found = def.node_index.load().as_u32();
            }
        });
        let code = self.code().children.get(found? as usize)?;
        Some(FunctionView::new(code))
    }
}

/// Calls `each` for the statements of a body and of the blocks in it, but not for those of functions and classes.
pub(super) fn each_statement<'a>(body: &'a [Stmt], each: &mut impl FnMut(&'a Stmt)) {
    for stmt in body {
        each(stmt);
        match stmt {
            Stmt::If(branch) => {
                each_statement(&branch.body, each);
                for clause in &branch.elif_else_clauses {
                    each_statement(&clause.body, each);
                }
            }
            Stmt::For(each_of) => {
                each_statement(&each_of.body, each);
                each_statement(&each_of.orelse, each);
            }
            Stmt::While(repeat) => {
                each_statement(&repeat.body, each);
                each_statement(&repeat.orelse, each);
            }
            Stmt::With(with) => each_statement(&with.body, each),
            Stmt::Try(attempt) => {
                each_statement(&attempt.body, each);
                for handler in &attempt.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    each_statement(&handler.body, each);
                }
                each_statement(&attempt.orelse, each);
                each_statement(&attempt.finalbody, each);
            }
            Stmt::Match(matching) => {
                for case in &matching.cases {
                    each_statement(&case.body, each);
                }
            }
            _ => {}
        }
    }
}

fn assignment_in(stmt: &Stmt, name: &str, file: FileId) -> Option<Assignment> {
    let (targets, value) = match stmt {
        Stmt::Assign(assign) => (assign.targets.as_slice(), &*assign.value),
        Stmt::AnnAssign(assign) => (std::slice::from_ref(&*assign.target), assign.value.as_deref()?),
        _ => return None,
    };
    let target = targets.iter().find(|target| matches!(target, Expr::Name(target) if target.id.as_str() == name))?;
    Some(Assignment {
        name: span(file, target.range()),
        value: span(file, value.range()),
        statement: span(file, stmt.range()),
    })
}

fn imports_in(stmt: &Stmt, file: FileId, imports: &mut Vec<Import>) {
    match stmt {
        Stmt::Import(import) => imports.extend(import.names.iter().map(|alias| Import {
            module: alias.name.to_string(),
            names: Vec::new(),
            span: span(file, import.range),
        })),
        Stmt::ImportFrom(from) => imports.push(Import {
            module: format!(
                "{}{}",
                ".".repeat(from.level.min(16) as usize),
                from.module.as_ref().map_or("", |module| module.as_str())
            ),
            names: from.names.iter().map(|alias| alias.name.to_string()).collect(),
            span: span(file, from.range),
        }),
        _ => {}
    }
}
