//! [`Naming`]: the names of constraints and indexes that a script leaves to a naming convention, and the longest
//! names that a dialect takes.

use md5::{Digest, Md5};

use crate::alembic::known::NameArg;
use crate::python::{Flow, Raised, Vm};
use crate::schema::{Dialect, Name, QName};
use crate::source::Span;

/// A naming convention: key (`ix`, `uq`, `ck`, `fk`, `pk`) and template.
#[derive(Debug, Clone, Default)]
pub(in crate::alembic) struct Naming {
    templates: Vec<(Name, Name)>,
}

/// What is to be named.
pub(in crate::alembic) struct Subject<'a> {
    /// The key of its kind.
    pub key: &'static str,
    /// Its table.
    pub table: &'a QName,
    /// Its columns.
    pub columns: &'a [Name],
    /// The table and columns that it refers to.
    pub referred: Option<(&'a QName, &'a [Name])>,
}

impl Naming {
    /// A convention of these templates; without any, SQLAlchemy's own, which names indexes only.
    pub(in crate::alembic) fn new(templates: &[(Name, Name)]) -> Self {
        Self { templates: templates.to_vec() }
    }

    fn template(&self, key: &str) -> Option<&str> {
        if self.templates.is_empty() {
            return (key == "ix").then_some("ix_%(column_0_label)s");
        }
        self.templates.iter().find(|(known, _)| &**known == key).map(|(_, template)| &**template)
    }

    /// The name that a constraint or an index gets. A convention that can't be applied raises, as SQLAlchemy does.
    pub(in crate::alembic) fn apply(
        &self,
        vm: &mut Vm<'_>,
        given: &NameArg,
        subject: &Subject<'_>,
        span: Span,
    ) -> Flow<Option<Name>> {
        let dialect = vm.host.catalog().dialect;
        let (plain, conventional) = match given {
            NameArg::Final(name) => return checked_name(vm, name, true, dialect, subject.key, span).map(Some),
            NameArg::Plain(name) => (Some(&**name), false),
            NameArg::None | NameArg::Unknown(_) => (None, true),
        };
        let template = self.template(subject.key).filter(|t| conventional || t.contains("%(constraint_name)s"));
        match (template, plain) {
            (Some(template), _) => match expand(template, subject, plain) {
                Ok(name) => checked_name(vm, &name, true, dialect, subject.key, span).map(Some),
                Err(message) => Err(vm.raise("sqlalchemy.exc.InvalidRequestError", &message, span)),
            },
            (None, Some(name)) => checked_name(vm, name, false, dialect, subject.key, span).map(Some),
            (None, None) => Ok(None),
        }
    }
}

/// Fills a template in.
fn expand(template: &str, subject: &Subject<'_>, plain: Option<&str>) -> Result<String, String> {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let after = after.get(1..).unwrap_or_default();
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
        } else if let Some((token, after)) = after.strip_prefix('(').and_then(|t| t.split_once(")s")) {
            text.push_str(&token_text(token, subject, plain)?);
            rest = after;
        } else {
            return Err(format!("the naming convention \"{template}\" can't be read"));
        }
    }
    text.push_str(rest);
    Ok(text)
}

fn token_text(token: &str, subject: &Subject<'_>, plain: Option<&str>) -> Result<String, String> {
    match token {
        "table_name" => return Ok(subject.table.name.to_string()),
        "referred_table_name" => {
            return Ok(subject.referred.map(|(table, _)| table.name.to_string()).unwrap_or_default());
        }
        "constraint_name" => {
            return plain.map(str::to_owned).ok_or_else(|| {
                "Naming convention including %(constraint_name)s token requires that constraint is explicitly named."
                    .to_owned()
            });
        }
        _ => {}
    }
    let (columns, token) = match token.strip_prefix("referred_") {
        Some(token) => (subject.referred.map(|(_, columns)| columns).unwrap_or_default(), token),
        None => (subject.columns, token),
    };
    let rest = token.strip_prefix("column_").ok_or_else(|| format!("the naming token {token} is not known"))?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = rest.split_at(digits);
    let (separator, all, what) =
        match rest.strip_prefix("N_").map(|w| ("", w)).or(rest.strip_prefix("_N_").map(|w| ("_", w))) {
            Some((separator, what)) => (separator, true, what),
            None => ("", false, rest.trim_start_matches('_')),
        };
    let spell = |column: &Name| match what {
        "label" => {
            let schema = subject.table.schema.as_ref().map(|s| format!("{}_", s.replace('.', "_"))).unwrap_or_default();
            format!("{schema}{}_{column}", subject.table.name)
        }
        _ => column.to_string(),
    };
    if all {
        return Ok(columns.iter().map(spell).collect::<Vec<_>>().join(separator));
    }
    let at: usize = number.parse().map_err(|_| format!("the naming token {token} is not known"))?;
    Ok(columns.get(at).map(spell).unwrap_or_default())
}

/// A name as the dialect takes it: a generated one that is too long is cut, a given one is refused.
pub(in crate::alembic) fn checked_name(
    vm: &mut Vm<'_>,
    name: &str,
    generated: bool,
    dialect: Dialect,
    key: &str,
    span: Span,
) -> Flow<Name> {
    let _ = key;
    // SQLAlchemy cuts what it makes up to what the server takes, but looks at given names with MySQL's aliases in mind.
    let longest = match dialect {
        Dialect::MySql if !generated && vm.host.offline().is_some() => 255,
        _ => dialect.max_identifier(),
    };
    let length = name.chars().count();
    if length <= longest {
        return Ok(Name::from(name));
    }
    if !generated {
        return Err(too_long(vm, name, longest, span));
    }
    let head: String = name.chars().take(longest.saturating_sub(8)).collect();
    let digest = Md5::digest(name.as_bytes());
    let tail = digest.iter().skip(14).fold(0_u32, |tail, byte| tail << 8 | u32::from(*byte));
    Ok(Name::from(format!("{head}_{tail:04x}")))
}

fn too_long(vm: &mut Vm<'_>, name: &str, longest: usize, span: Span) -> Raised {
    let message = format!("Identifier '{name}' exceeds maximum length of {longest} characters");
    vm.raise("sqlalchemy.exc.IdentifierError", &message, span)
}
