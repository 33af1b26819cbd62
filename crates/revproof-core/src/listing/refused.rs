//! [`refusal`]: what stops Alembic before any command does anything: scripts that don't load, a graph that is none.

use std::collections::{BTreeMap, BTreeSet};

use super::message;
use crate::alembic::{Script, lacks_revision};
use crate::directory::ScriptDirectory;
use crate::history::Problem;
use crate::schema::Name;
use crate::source::{Sources, Span};

/// Why no command can be done, and what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Alembic's sentence, where it has one; it dies of some of these.
    pub sentence: String,
    /// What to do.
    pub help: String,
}

/// Why Alembic would refuse every command on these scripts; `None` where it would not. Of several reasons the one that
/// Alembic meets first.
pub fn refusal(directory: &ScriptDirectory<'_>, sources: &Sources) -> Option<Refused> {
    while_loading(directory, sources).or_else(|| in_graph(directory, sources))
}

/// Scripts are loaded one after the other, and the first that fails is told.
fn while_loading(directory: &ScriptDirectory<'_>, sources: &Sources) -> Option<Refused> {
    let mut found: Vec<(Span, Refused)> = Vec::new();
    for finding in &directory.unreadable {
        let Some(span) = finding.span else { continue };
        let help = finding.help.clone().unwrap_or_else(|| {
            format!("correct {}: Alembic loads every script before it does anything", place(sources, span))
        });
        let sentence = if lacks_revision(finding) {
            let file = sources.get(span.file).map_or("", |file| file.path.rsplit('/').next().unwrap_or_default());
            format!(
                "Could not determine revision id from filename {file}. Be sure the 'revision' variable is declared inside \
                 the script (please see 'Upgrading from Alembic 0.1 to 0.2' in the documentation)."
            )
        } else {
            format!("{}: {}", place(sources, span), finding.message)
        };
        found.push((span, Refused { sentence, help }));
    }
    for problem in &directory.problems {
        let (script, sentence, help) = match problem {
            Problem::IllegalIdentifier { script, why } if why.starts_with("Character(s)") => {
                (*script, why.to_string(), "rename the revision, here and where others name it, in")
            }
            Problem::Cycle { scripts, by_dependency } if scripts.len() == 1 => {
                let script = *scripts.first()?;
                let kind = if *by_dependency { "Dependency self-loop" } else { "Self-loop" };
                let name = &directory.scripts.get(script)?.revision;
                let variable = if *by_dependency {
                    "take the revision's own name out of `depends_on` in"
                } else {
                    "write the revision's parent as `down_revision` in"
                };
                (script, format!("{kind} is detected in revisions ({name})"), variable)
            }
            _ => continue,
        };
        let span = directory.scripts.get(script)?.revision_span;
        found.push((span, Refused { sentence, help: format!("{help} {}", place(sources, span)) }));
    }
    found.sort_by_key(|(span, _)| span.file);
    found.into_iter().map(|(_, refused)| refused).next()
}

/// The graph is made in steps, and the first that fails is told.
fn in_graph(directory: &ScriptDirectory<'_>, sources: &Sources) -> Option<Refused> {
    let step = |problem: &Problem| match problem {
        Problem::DuplicateLabel { .. } => Some(0),
        Problem::MissingDependency { .. } => Some(1),
        Problem::MissingParent { .. } => Some(2),
        Problem::Cycle { by_dependency, .. } => Some(3 + u8::from(*by_dependency)),
        Problem::Duplicate { .. } | Problem::IllegalIdentifier { .. } => None,
    };
    let first = directory.problems.iter().filter(|problem| step(problem).is_some()).min_by_key(|p| step(p))?;
    let script = |number: usize| directory.scripts.get(number);
    Some(match first {
        Problem::DuplicateLabel { script: number, other, label } => Refused {
            sentence: format!(
                "Branch name '{label}' in revision {} already used by revision {}",
                script(*number)?.revision,
                script(*other)?.revision
            ),
            help: format!(
                "take '{label}' out of `branch_labels` in {}",
                place(sources, script(*number)?.revision_span)
            ),
        },
        Problem::MissingDependency { script: number, dependency } => {
            absent(directory, script(*number)?, dependency, "depends_on", sources)
        }
        Problem::MissingParent { script: number, parent } => {
            absent(directory, script(*number)?, parent, "down_revision", sources)
        }
        Problem::Cycle { scripts, by_dependency } => {
            let kind = if *by_dependency { "Dependency cycle" } else { "Cycle" };
            let edge = if *by_dependency { "depends_on" } else { "down_revision" };
            let mut names = on_no_way(directory, *by_dependency);
            // A circle between a base and a head escapes Alembic, which then lists what no run could reach.
            if names.is_empty() {
                names = scripts.iter().filter_map(|s| script(*s)).map(|s| s.revision.clone()).collect();
                names.sort();
            }
            Refused {
                sentence: format!("{kind} is detected in revisions ({})", names.join(", ")),
                help: format!(
                    "correct one `{edge}` of the circle: {}",
                    scripts
                        .iter()
                        .filter_map(|s| script(*s))
                        .map(|s| place(sources, s.revision_span))
                        .collect::<Vec<_>>()
                        .join(" ")
                ),
            }
        }
        Problem::Duplicate { .. } | Problem::IllegalIdentifier { .. } => return None,
    })
}

/// A revision that is named and not there. Alembic warns in these words and dies.
fn absent(directory: &ScriptDirectory<'_>, script: &Script, name: &Name, variable: &str, sources: &Sources) -> Refused {
    let parents: Vec<&str> = script.down_revision.iter().map(|name| &**name).collect();
    let parents = if parents.is_empty() { "<base>".to_owned() } else { parents.join(", ") };
    let span = script.down_revision_span.unwrap_or(script.revision_span);
    let near = crate::config::nearest(name, directory.scripts.iter().map(|script| &*script.revision));
    let meant = near.map(|near| format!(" (did you mean '{near}'?)")).unwrap_or_default();
    Refused {
        sentence: format!(
            "Revision {name} referenced from {parents} -> {}, {} is not present",
            script.revision,
            message(script)
        ),
        help: format!("add the script of {name}, or correct `{variable}`{meant} in {}", place(sources, span)),
    }
}

/// The revisions that Alembic names where it finds a circle: all that do not lie between a base and a head, sorted;
/// or, where there is no base or no head, all there are, in order of loading.
fn on_no_way(directory: &ScriptDirectory<'_>, with_dependencies: bool) -> Vec<Name> {
    let mut order: Vec<Name> = Vec::new();
    let mut down: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut up: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let labels: BTreeMap<&str, &str> = directory
        .scripts
        .iter()
        .flat_map(|script| script.branch_labels.iter().map(|label| (&**label, &*script.revision)))
        .collect();
    for script in &directory.scripts {
        if !down.contains_key(&*script.revision) {
            order.push(script.revision.clone());
        }
        let dependencies = script.depends_on.iter().filter(|_| with_dependencies);
        let below = script.down_revision.iter().chain(dependencies).map(|name| &**name);
        let below: Vec<&str> = below.map(|name| labels.get(name).copied().unwrap_or(name)).collect();
        for parent in &below {
            up.entry(parent).or_default().push(&script.revision);
        }
        down.insert(&script.revision, below);
    }
    let without = |edges: &BTreeMap<&str, Vec<&str>>| -> Vec<Name> {
        order.iter().filter(|name| edges.get(&***name).is_none_or(Vec::is_empty)).cloned().collect()
    };
    let (heads, bases) = (without(&up), without(&down));
    if heads.is_empty() || bases.is_empty() {
        return order;
    }
    let (below, above) = (reach(&heads, &down), reach(&bases, &up));
    order.retain(|name| !below.contains(&**name) || !above.contains(&**name));
    order.sort();
    order
}

fn reach<'a>(from: &'a [Name], edges: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut todo: Vec<&str> = from.iter().map(|name| &**name).collect();
    while let Some(name) = todo.pop() {
        if seen.insert(name) {
            todo.extend(edges.get(name).into_iter().flatten());
        }
    }
    seen
}

/// A place as people and editors write it: `versions/a.py:12`.
fn place(sources: &Sources, span: Span) -> String {
    let Some(file) = sources.get(span.file) else { return String::new() };
    format!("{}:{}", file.path, file.position(span.start).line)
}
