//! What the server makes of a call before it looks at a row: whether there is such a function for such arguments, and of
//! which type its value is. So a call over no rows is known even where its values are not simulated.

use std::sync::Arc;

use super::Compiler;
use super::typed::Typed;
use crate::ddl::unsized_type_name;
use crate::engine::cast::Mode;
use crate::engine::functions::{Resolved, resolve};
use crate::engine::stop::{Evaluation, Stop};
use crate::op::{Datum, Failure, FailureKind};
use crate::schema::{Dialect, ObjectKind, SqlType};

impl Compiler<'_> {
    /// A call of an ordinary function with these arguments.
    pub(super) fn call(&mut self, name: &str, mut args: Vec<Typed>) -> Evaluation<Typed> {
        let ty = self.called_type(name, &mut args)?;
        // What is called with constants only may be computed before there are rows, and fail.
        let constant = args.iter().all(|arg| arg.as_const().is_some()) && !args.is_empty();
        match (self.simulated_call(name, args), ty) {
            // They follow settings of the session, so that they are called for rows only.
            (Err(stop @ Stop::Fail(_)), Some(ty)) if constant && matches!(name, "to_date" | "to_timestamp") => {
                let scan = self.scan().map_err(|_| stop.clone())?;
                self.failing(scan, &ty, &stop)
            }
            (Err(Stop::Unsupported(why)), Some(ty)) if !constant => self.uncomputed(ty, why),
            (result, _) => result,
        }
    }

    /// The type of what a function gives for these arguments, of which literals get the types of their places; `None` where
    /// it is not known whether there is such a function.
    pub(super) fn called_type(&mut self, name: &str, args: &mut [Typed]) -> Evaluation<Option<SqlType>> {
        let dialect = self.dialect();
        let types: Vec<Option<&SqlType>> = args.iter().map(|arg| arg.ty.as_ref()).collect();
        let resolved = resolve(dialect, name, &types);
        match resolved {
            // One that the migrations have made may take anything.
            Resolved::Unlisted | Resolved::Refused if self.is_made(name, args.len()) => Ok(Some(SqlType::Unknown)),
            Resolved::Unlisted | Resolved::Open => Ok(None),
            Resolved::Refused => Err(self.no_function(name, args)),
            Resolved::Taken(ty, literals) => {
                for (arg, wanted) in args.iter_mut().zip(literals) {
                    if let (Some(wanted), Some(Datum::Text(_)), None) = (wanted, arg.as_const(), &arg.ty)
                        && !matches!(wanted, SqlType::Text(_) | SqlType::Builtin(_) | SqlType::Array(_))
                        && dialect == Dialect::PostgreSql
                    {
                        *arg = self.coerce(arg.clone(), &wanted, Mode::Literal)?;
                    }
                }
                Ok(Some(ty))
            }
        }
    }

    /// A value that the server can compute, but we can't: nothing is missing as long as there is no row to compute it for.
    pub(super) fn uncomputed(&mut self, ty: SqlType, why: Arc<str>) -> Evaluation<Typed> {
        match self.scan() {
            Ok(scan) if self.length(scan) == 0 => self.computed(scan, ty, 0, |_, _| Ok(Datum::Null)),
            _ => Err(Stop::Unsupported(why)),
        }
    }

    /// What is made of a value in a way that the server knows, but we don't; of a constant it may fail before there are rows.
    pub(super) fn beyond(&mut self, value: &Typed, ty: SqlType, why: &str) -> Evaluation<Typed> {
        match value.as_const() {
            Some(_) => Err(Stop::unsupported(why)),
            None => self.uncomputed(ty, Arc::from(why)),
        }
    }

    /// Whether there is no row that the query looks at.
    pub(super) fn is_without_rows(&self) -> bool {
        self.scan().is_ok_and(|scan| self.length(scan) == 0)
    }

    /// Whether the migrations have made a function of that name with so many parameters.
    fn is_made(&self, name: &str, count: usize) -> bool {
        let named = self
            .db
            .catalog
            .objects
            .iter()
            .filter(|((kind, made), _)| *kind == ObjectKind::Function && made.name.eq_ignore_ascii_case(name));
        named.into_iter().any(|(_, made)| parameters(&made.definition) == Some(count))
    }

    fn no_function(&self, name: &str, args: &[Typed]) -> Stop {
        let types = args.iter().map(|arg| arg.ty.as_ref().map_or_else(|| String::from("unknown"), unsized_type_name));
        let types: Vec<String> = types.collect();
        let (kind, message) = if self.dialect() == Dialect::PostgreSql {
            (FailureKind::UndefinedObject, format!("function {name}({}) does not exist", types.join(", ")))
        } else {
            (FailureKind::InvalidStatement, format!("wrong number of arguments to function {name}()"))
        };
        let mut failure = Failure::new(kind, message);
        failure.doubt.clone_from(&self.db.catalog.opaque);
        Stop::from(failure)
    }
}

/// How many parameters a function has by its definition; `None` where a call may leave some of them out.
fn parameters(definition: &str) -> Option<usize> {
    let (_, rest) = definition.split_once('(')?;
    let mut depth = 1_u32;
    let mut list = String::new();
    for c in rest.chars() {
        depth = match c {
            '(' => depth + 1,
            ')' => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            break;
        }
        list.push(if depth == 1 || c != ',' { c } else { ' ' });
    }
    let lower = list.to_lowercase();
    let optional = |word: &str| matches!(word, "default" | "variadic" | "out" | "inout") || word.contains('=');
    match lower.trim() {
        "" => Some(0),
        list if list.split(|c: char| c.is_whitespace() || c == ',').any(optional) => None,
        list => Some(list.split(',').count()),
    }
}
