//! Statements.

use std::rc::Rc;

use ruff_python_ast::{ElifElseClause, Expr, Stmt, StmtAnnAssign, StmtAssign, StmtAugAssign, StmtIf};
use ruff_text_size::Ranged;

use super::{Completion, Frame, Vm, Yields};
use crate::python::import;
use crate::python::object::{class, function};
use crate::python::parse::Module;
use crate::python::scope::Scope;
use crate::python::value::{Flow, Value};
use crate::source::Span;

impl Vm<'_> {
    /// Evaluates the top level of a module into `scope`.
    pub(in crate::python) fn execute_module(&mut self, module: &Module, scope: &Rc<Scope>) -> Flow<()> {
        let code = module.code();
        let frame = Frame {
            scope: Rc::clone(scope),
            children: &code.children,
            file: code.file,
            yields: Yields::Nothing,
            owner: None,
        };
        self.scopes.push(Rc::clone(scope));
        let result = self.block(&frame, &code.body);
        self.scopes.pop();
        result.map(|_| ())
    }

    /// Evaluates statements one after the other.
    pub(in crate::python) fn block(&mut self, frame: &Frame<'_>, body: &[Stmt]) -> Flow<Completion> {
        for stmt in body {
            match self.statement(frame, stmt)? {
                Completion::Normal => {}
                other => return Ok(other),
            }
        }
        Ok(Completion::Normal)
    }

    fn statement(&mut self, frame: &Frame<'_>, stmt: &Stmt) -> Flow<Completion> {
        self.here = frame.span(stmt);
        self.tick(|| frame.span(stmt))?;
        match stmt {
            Stmt::Expr(expr) => self.expression_statement(frame, &expr.value)?,
            Stmt::Assign(assign) => self.assign_statement(frame, assign)?,
            Stmt::AnnAssign(assign) => self.annotated_assignment(frame, assign)?,
            Stmt::AugAssign(assign) => self.augmented_assignment(frame, assign)?,
            Stmt::Return(ret) => {
                return Ok(Completion::Return(match &ret.value {
                    Some(value) => self.expression(frame, value)?,
                    None => Value::None,
                }));
            }
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
            Stmt::Break(_) => return Ok(Completion::Break),
            Stmt::Continue(_) => return Ok(Completion::Continue),
            _ => return self.deeper(2, || frame.span(stmt), |vm| vm.compound_statement(frame, stmt)),
        }
        Ok(Completion::Normal)
    }

    fn compound_statement(&mut self, frame: &Frame<'_>, stmt: &Stmt) -> Flow<Completion> {
        let span = frame.span(stmt);
        match stmt {
            Stmt::If(branch) => return self.if_statement(frame, branch),
            Stmt::For(each) => return self.for_statement(frame, each),
            Stmt::While(repeat) => return self.while_statement(frame, repeat),
            Stmt::Try(attempt) => return self.try_statement(frame, attempt),
            Stmt::With(with) => return self.with_statement(frame, &with.items, &with.body),
            Stmt::Match(matching) => return self.match_statement(frame, matching),
            Stmt::FunctionDef(def) => {
                let mut decorators = Vec::with_capacity(def.decorator_list.len());
                for decorator in &def.decorator_list {
                    decorators.push(self.expression(frame, &decorator.expression)?);
                }
                let mut value = match frame.child(&def.node_index) {
                    Some(code) => function::define(self, frame, code, span)?,
                    None => self.unknown("the function could not be read", span),
                };
                for decorator in decorators.iter().rev() {
                    value = function::decorate(self, decorator, value, span)?;
                }
                let span = frame.span(&def.name);
                self.bind(&frame.scope, &def.name.id, value, span);
            }
            Stmt::ClassDef(def) => {
                let value = class::define(self, frame, def)?;
                let span = frame.span(&def.name);
                self.bind(&frame.scope, &def.name.id, value, span);
            }
            Stmt::Import(import) => import::import(self, frame, import)?,
            Stmt::ImportFrom(from) => import::import_from(self, frame, from)?,
            Stmt::Global(global) => {
                let names = global.names.iter().map(|name| (name.id.clone(), true));
                frame.scope.declared.borrow_mut().extend(names);
            }
            Stmt::Nonlocal(nonlocal) => {
                let names = nonlocal.names.iter().map(|name| (name.id.clone(), false));
                frame.scope.declared.borrow_mut().extend(names);
            }
            Stmt::Raise(raise) => return self.raise_statement(frame, raise),
            Stmt::Assert(assert) => return self.assert_statement(frame, assert),
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.delete(frame, target)?;
                }
            }
            Stmt::TypeAlias(alias) => {
                if let Expr::Name(name) = &*alias.name {
                    let value = self.unknown("a type alias is used as a value", span);
                    self.bind(&frame.scope, &name.id, value, span);
                }
            }
            Stmt::Expr(_)
            | Stmt::Assign(_)
            | Stmt::AnnAssign(_)
            | Stmt::AugAssign(_)
            | Stmt::Return(_)
            | Stmt::Pass(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::IpyEscapeCommand(_) => return self.statement(frame, stmt),
        }
        Ok(Completion::Normal)
    }

    fn expression_statement(&mut self, frame: &Frame<'_>, expr: &Expr) -> Flow<()> {
        match expr {
            Expr::Call(call) => self.call_expression(frame, call, true)?,
            Expr::Await(awaited) => match &*awaited.value {
                Expr::Call(call) => self.call_expression(frame, call, true)?,
                other => self.expression(frame, other)?,
            },
            Expr::StringLiteral(_) => Value::None,
            other => self.expression(frame, other)?,
        };
        Ok(())
    }

    fn assign_statement(&mut self, frame: &Frame<'_>, assign: &StmtAssign) -> Flow<()> {
        let value = self.expression(frame, &assign.value)?;
        for target in &assign.targets {
            self.assign(frame, target, value.clone(), frame.span(&*assign.value))?;
        }
        Ok(())
    }

    fn annotated_assignment(&mut self, frame: &Frame<'_>, assign: &StmtAnnAssign) -> Flow<()> {
        if let Some(expr) = &assign.value {
            let value = self.expression(frame, expr)?;
            self.assign(frame, &assign.target, value, frame.span(&**expr))?;
        }
        class::annotate(frame, assign);
        Ok(())
    }

    fn augmented_assignment(&mut self, frame: &Frame<'_>, assign: &StmtAugAssign) -> Flow<()> {
        let span = Span::new(frame.file, assign.start().to_u32(), assign.end().to_u32());
        let operator = super::operator::operator(assign.op);
        let before = self.expression(frame, &assign.target)?;
        let value = self.expression(frame, &assign.value)?;
        let after = self.binary_in_place(&before, operator, &value, span)?;
        self.assign(frame, &assign.target, after, span)
    }

    fn if_statement(&mut self, frame: &Frame<'_>, branch: &StmtIf) -> Flow<Completion> {
        self.if_chain(frame, &branch.test, &branch.body, &branch.elif_else_clauses)
    }

    /// `if test: body`, with the `elif`s and the `else` that follow. An undecidable test looks at both ways, so the
    /// recursion is as deep as there are undecidable tests.
    fn if_chain(
        &mut self,
        frame: &Frame<'_>,
        test: &Expr,
        body: &[Stmt],
        clauses: &[ElifElseClause],
    ) -> Flow<Completion> {
        let (mut test, mut body, mut clauses) = (test, body, clauses);
        loop {
            let value = self.expression(frame, test)?;
            match self.truth(&value) {
                Some(true) => return self.block(frame, body),
                Some(false) => match clauses.split_first() {
                    None => return Ok(Completion::Normal),
                    Some((clause, rest)) => match &clause.test {
                        None => return self.block(frame, &clause.body),
                        Some(next) => (test, body, clauses) = (next, &clause.body, rest),
                    },
                },
                None => {
                    let span = frame.span(test);
                    let why = self.why(&value, span);
                    let branches = self.branches(
                        &why,
                        span,
                        |vm| vm.block(frame, body),
                        |vm| match clauses.split_first() {
                            None => Ok(Completion::Normal),
                            Some((clause, rest)) => match &clause.test {
                                None => vm.block(frame, &clause.body),
                                Some(next) => {
                                    vm.deeper(2, || frame.span(next), |vm| vm.if_chain(frame, next, &clause.body, rest))
                                }
                            },
                        },
                    );
                    return self.join_completions(branches, &why, span);
                }
            }
        }
    }
}
