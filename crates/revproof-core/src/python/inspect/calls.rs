//! [`CallView`]: the calls that a module's statements make, with those of their arguments that are plain values.

use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::{each_statement, function};
use crate::python::parse::{Module, span};
use crate::source::{FileId, Span};

/// A call that is a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct CallView {
    /// The name of the function around it, where there is one.
    pub within: Option<String>,
    /// Its keyword arguments.
    pub keywords: Vec<(String, Plain, Span)>,
    /// Whether there are more, `**kw`.
    pub open: bool,
}

/// A value as far as it can be told from its text.
#[derive(Debug, Clone, PartialEq)]
pub enum Plain {
    /// A string.
    Str(String),
    /// `True`, `False`.
    Bool(bool),
    /// `None`.
    None,
    /// A dict with strings for keys; other entries are left out.
    Dict(Vec<(String, Plain)>),
    /// Anything else.
    Other,
}

impl Module {
    /// The statements that call a function or a method of that name, anywhere in the file.
    pub fn calls(&self, name: &str) -> Vec<CallView> {
        let code = self.code();
        let mut calls = Vec::new();
        let mut look = |within: Option<&str>, body: &[Stmt]| {
            each_statement(body, &mut |stmt| {
                let Stmt::Expr(expr) = stmt else { return };
                if let Expr::Call(call) = &*expr.value
                    && is_named(&call.func, name)
                {
                    calls.push(self.view(within, call));
                }
            });
        };
        look(None, &code.body);
        for function in function::all(&code.children) {
            look(Some(&function.name), function.statements());
        }
        calls
    }

    fn view(&self, within: Option<&str>, call: &ExprCall) -> CallView {
        let keywords = call.arguments.keywords.iter();
        CallView {
            within: within.map(str::to_owned),
            open: keywords.clone().any(|keyword| keyword.arg.is_none()),
            keywords: keywords
                .filter_map(|keyword| {
                    let name = keyword.arg.as_ref()?.to_string();
                    Some((name, self.plain(&keyword.value, 0), place(self.file(), &keyword.value)))
                })
                .collect(),
        }
    }

    /// The value of an expression; a name is what the top level assigns it.
    fn plain(&self, value: &Expr, depth: u8) -> Plain {
        match value {
            Expr::StringLiteral(text) => Plain::Str(text.value.to_str().to_owned()),
            Expr::BooleanLiteral(flag) => Plain::Bool(flag.value),
            Expr::NoneLiteral(_) => Plain::None,
            Expr::Dict(dict) => Plain::Dict(
                dict.items
                    .iter()
                    .filter_map(|item| match item.key.as_ref()? {
                        Expr::StringLiteral(key) => {
                            Some((key.value.to_str().to_owned(), self.plain(&item.value, depth)))
                        }
                        _ => None,
                    })
                    .collect(),
            ),
            Expr::Name(name) if depth < 4 => {
                let mut found = None;
                each_statement(&self.code().body, &mut |stmt| {
                    if let Stmt::Assign(assign) = stmt
                        && assign
                            .targets
                            .iter()
                            .any(|target| matches!(target, Expr::Name(known) if known.id == name.id))
                    {
                        found = Some(&*assign.value);
                    }
                });
                found.map_or(Plain::Other, |value| self.plain(value, depth + 1))
            }
            _ => Plain::Other,
        }
    }
}

fn is_named(function: &Expr, name: &str) -> bool {
    match function {
        Expr::Name(known) => known.id.as_str() == name,
        Expr::Attribute(attribute) => attribute.attr.as_str() == name,
        _ => false,
    }
}

fn place(file: FileId, value: &Expr) -> Span {
    span(file, value.range())
}
