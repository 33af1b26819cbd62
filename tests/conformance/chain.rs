//! Chains that the tests write.

use super::real::Face;
use crate::project::Project;

/// A project with one folder of scripts, and whose commands are to be run on it.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    pub(super) face: Face,
    files: Vec<(String, String)>,
}

/// One revision script.
#[derive(Debug, Clone)]
pub(crate) struct Rev {
    id: String,
    down: Vec<String>,
    labels: Vec<String>,
    depends_on: Vec<String>,
    doc: String,
    upgrade: String,
    downgrade: String,
}

/// A revision on top of these, with the message `rev ID` and nothing to do.
pub(crate) fn rev(id: &str, down: &[&str]) -> Rev {
    let doc = format!(
        "rev {id}\n\nRevision ID: {id}\nRevises: {}\nCreate Date: 2024-01-01 00:00:00.000000\n\n",
        down.join(", ")
    );
    let nothing = || "pass".to_owned();
    let (labels, depends_on) = (Vec::new(), Vec::new());
    Rev { id: id.to_owned(), down: owned(down), labels, depends_on, doc, upgrade: nothing(), downgrade: nothing() }
}

impl Rev {
    /// Its branch labels.
    pub(crate) fn labels(self, labels: &[&str]) -> Self {
        Self { labels: owned(labels), ..self }
    }

    /// What it depends on.
    pub(crate) fn depends_on(self, on: &[&str]) -> Self {
        Self { depends_on: owned(on), ..self }
    }

    /// Its whole docstring.
    pub(crate) fn doc(self, doc: &str) -> Self {
        Self { doc: doc.to_owned(), ..self }
    }

    /// What its functions do.
    pub(crate) fn does(self, upgrade: &str, downgrade: &str) -> Self {
        Self { upgrade: upgrade.to_owned(), downgrade: downgrade.to_owned(), ..self }
    }

    fn text(&self) -> String {
        let body = |text: &str| text.lines().fold(String::new(), |body, line| body + "    " + line + "\n");
        format!(
            "\"\"\"{}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\n\n\
             # revision identifiers, used by Alembic.\nrevision = '{}'\ndown_revision = {}\nbranch_labels = {}\n\
             depends_on = {}\n\n\ndef upgrade():\n{}\n\ndef downgrade():\n{}",
            self.doc,
            self.id,
            tuple(&self.down),
            tuple(&self.labels),
            tuple(&self.depends_on),
            body(&self.upgrade),
            body(&self.downgrade)
        )
    }
}

impl Chain {
    /// A project of Alembic's: alembic.ini beside `migrations`.
    pub(crate) fn alembic(revisions: &[Rev]) -> Self {
        let ini = "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///db.sqlite\n";
        Self::new(Face::Alembic, "alembic.ini", ini, revisions)
    }

    /// A project of Flask-Migrate's: alembic.ini inside of `migrations`.
    pub(crate) fn flask(revisions: &[Rev]) -> Self {
        let ini = "[alembic]\nsqlalchemy.url = sqlite:///db.sqlite\n";
        Self::new(Face::Flask, "migrations/alembic.ini", ini, revisions)
    }

    /// With this file too, in place of one of the same path.
    pub(crate) fn with(mut self, path: &str, text: &str) -> Self {
        self.files.retain(|(known, _)| known != path);
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    fn new(face: Face, ini_path: &str, ini: &str, revisions: &[Rev]) -> Self {
        let empty = Self { face, files: Vec::new() };
        let empty = empty.with(ini_path, ini).with("migrations/env.py", ENV).with("migrations/versions/.keep", "");
        revisions
            .iter()
            .fold(empty, |chain, rev| chain.with(&format!("migrations/versions/{}_x.py", rev.id), &rev.text()))
    }

    pub(super) fn write(&self) -> Project {
        let files: Vec<(&str, &str)> = self.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        Project::new(&files)
    }
}

/// What `alembic init` writes, without the logging.
const ENV: &str = r#"from sqlalchemy import engine_from_config
from sqlalchemy import pool

from alembic import context

config = context.config
target_metadata = None


def run_migrations_offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(
        url=url,
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"#;

fn tuple(names: &[String]) -> String {
    match names {
        [] => "None".to_owned(),
        [name] => format!("'{name}'"),
        names => format!("('{}')", names.join("', '")),
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
