//! `alembic_utils`: functions, views, triggers, policies and extensions of PostgreSQL as objects, which `op.create_entity(…)`,
//! `op.replace_entity(…)` and `op.drop_entity(…)` write as SQL.

use std::rc::Rc;

use super::objects::Class;
use super::{known, object};
use crate::python::{Args, Flow, Foreign, Value, Vm};
use crate::source::Span;

/// The package.
pub(in crate::alembic) const PACKAGE: &str = "alembic_utils";

/// What an entity is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    View,
    MaterializedView,
    Trigger,
    Policy,
    Extension,
}

/// What `op` does with an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alembic) enum Deed {
    /// `op.create_entity(entity)`
    Create,
    /// `op.replace_entity(entity)`
    Replace,
    /// `op.drop_entity(entity, cascade=False)`
    Drop {
        /// `cascade`
        cascade: bool,
    },
}

/// `PGFunction(…)` and its like.
pub(in crate::alembic) struct Entity {
    kind: Kind,
    schema: Rc<str>,
    signature: Rc<str>,
    definition: Rc<str>,
    /// The table or view that it is on.
    target: Rc<str>,
    with_data: bool,
    is_constraint: bool,
}

/// The class of that name, where it is known.
pub(in crate::alembic) fn class(name: &str) -> Option<Value> {
    Some(match name {
        "PGFunction" => Class::value("PGFunction", |vm, args, span| construct(Kind::Function, vm, &args, span)),
        "PGView" => Class::value("PGView", |vm, args, span| construct(Kind::View, vm, &args, span)),
        "PGMaterializedView" => {
            Class::value("PGMaterializedView", |vm, args, span| construct(Kind::MaterializedView, vm, &args, span))
        }
        "PGTrigger" => Class::value("PGTrigger", |vm, args, span| construct(Kind::Trigger, vm, &args, span)),
        "PGPolicy" => Class::value("PGPolicy", |vm, args, span| construct(Kind::Policy, vm, &args, span)),
        "PGExtension" => Class::value("PGExtension", |vm, args, span| construct(Kind::Extension, vm, &args, span)),
        _ => return None,
    })
}

fn construct(kind: Kind, vm: &mut Vm<'_>, args: &Args, span: Span) -> Flow<Value> {
    let mut text = |place: usize, name: &str| {
        let given = known::optional_text(vm, args.get(place, name), span);
        given.map(Option::unwrap_or_default)
    };
    let read = (text(0, "schema"), text(1, "signature"), text(2, "definition"), text(3, "on_entity"));
    let with_data = known::flag(vm, args.keyword("with_data"), true, span);
    let is_constraint = known::flag(vm, args.get(4, "is_constraint"), false, span);
    Ok(match (read, with_data, is_constraint) {
        ((Ok(schema), Ok(signature), Ok(definition), Ok(target)), Ok(with_data), Ok(is_constraint)) => {
            let definition = definition.trim().trim_end_matches(';').into();
            Value::object(Entity { kind, schema, signature, definition, target, with_data, is_constraint })
        }
        _ => vm.unknown("what the entity is made of is not known", span),
    })
}

impl std::fmt::Debug for Entity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.create())
    }
}

impl Foreign for Entity {
    object!("ReplaceableEntity");

    fn attr(self: Rc<Self>, vm: &mut Vm<'_>, name: &str, span: Span) -> Flow<Option<Value>> {
        Ok(Some(match name {
            "schema" => Value::Str(self.schema.clone()),
            "signature" => Value::Str(self.signature.clone()),
            "definition" => Value::Str(self.definition.clone()),
            _ => vm.unknown(format!("an entity's {name} is not known"), span),
        }))
    }
}

impl Entity {
    /// The statements that do it; `None` where the package refuses.
    pub(in crate::alembic) fn statements(&self, deed: Deed) -> Option<Vec<String>> {
        let name = self.name();
        let (what, definition) = (self.what(), &self.definition);
        let create = self.create();
        Some(match (deed, self.kind) {
            (Deed::Create, _) => vec![create],
            (Deed::Replace, Kind::Extension) => return None,
            (Deed::Replace, Kind::Function) => vec![format!("CREATE OR REPLACE FUNCTION {name} {definition}")],
            (Deed::Replace, Kind::View) => vec![format!(
                "do $$ begin CREATE OR REPLACE VIEW {name} AS {definition}; exception when others then \
                 DROP VIEW IF EXISTS {name}; CREATE VIEW {name} AS {definition}; end; $$ language 'plpgsql'"
            )],
            (Deed::Replace, _) => vec![format!("DROP {what} IF EXISTS {}", self.place(&name)), create],
            (Deed::Drop { cascade }, _) => {
                let cascade = if cascade { " cascade" } else { "" };
                let parameters = self.parameters();
                vec![format!("DROP {what} {}{parameters}{cascade}", self.place(&name))]
            }
        })
    }

    fn create(&self) -> String {
        let (name, definition) = (self.name(), &self.definition);
        match self.kind {
            Kind::Function => format!("CREATE FUNCTION {name} {definition}"),
            Kind::View => format!("CREATE VIEW {name} AS {definition}"),
            Kind::MaterializedView => {
                let data = if self.with_data { "DATA" } else { "NO DATA" };
                format!("CREATE MATERIALIZED VIEW {name} AS {definition} WITH {data}")
            }
            Kind::Trigger => {
                let constraint = if self.is_constraint { " CONSTRAINT" } else { "" };
                format!("CREATE{constraint} TRIGGER {name} {definition}")
            }
            Kind::Policy => format!("CREATE POLICY {name} on {} {definition}", self.target),
            Kind::Extension => format!("CREATE EXTENSION {name} WITH SCHEMA \"{}\"", self.schema),
        }
    }

    fn what(&self) -> &'static str {
        match self.kind {
            Kind::Function => "FUNCTION",
            Kind::View => "VIEW",
            Kind::MaterializedView => "MATERIALIZED VIEW",
            Kind::Trigger => "TRIGGER",
            Kind::Policy => "POLICY",
            Kind::Extension => "EXTENSION",
        }
    }

    /// The name as it is created: of a function, with its parameters unless it is dropped.
    fn name(&self) -> String {
        match self.kind {
            Kind::Function => {
                let (name, parameters) = self.signature.split_once('(').unwrap_or((&self.signature, ")"));
                let name = name.trim().trim_matches('"');
                format!("\"{}\".\"{name}\"({parameters}", self.schema)
            }
            Kind::View | Kind::MaterializedView => format!("\"{}\".\"{}\"", self.schema, self.signature),
            Kind::Trigger | Kind::Extension => format!("\"{}\"", self.signature),
            Kind::Policy => self.signature.to_string(),
        }
    }

    /// How a statement that drops it names it.
    fn place(&self, name: &str) -> String {
        match self.kind {
            Kind::Trigger | Kind::Policy => format!("{name} ON {}", self.target),
            Kind::Function => name.split_once('(').map_or(name, |(name, _)| name).to_owned(),
            _ => name.to_owned(),
        }
    }

    /// The parameters of a function without their defaults, in brackets.
    fn parameters(&self) -> String {
        if self.kind != Kind::Function {
            return String::new();
        }
        let inner = self.signature.split_once('(').map_or("", |(_, rest)| rest.trim_end().trim_end_matches(')'));
        let without_default = |parameter: &str| {
            let lower = parameter.to_ascii_lowercase();
            let end = lower.find(" default ").or_else(|| lower.find('=')).unwrap_or(lower.len());
            parameter.get(..end).unwrap_or_default().trim().to_owned()
        };
        format!("({})", inner.split(',').map(without_default).collect::<Vec<_>>().join(", "))
    }
}
