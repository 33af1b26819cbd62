//! [`TEMPLATES`]: the migrations folders that `init` can make. Alembic and Flask-Migrate run them as they are.

/// A kind of migrations folder.
pub(crate) struct Template {
    /// Its name, for `--template`.
    pub(crate) name: &'static str,
    /// `README`; its first line is the synopsis.
    pub(crate) readme: &'static str,
    /// `env.py`.
    pub(crate) env: &'static str,
    /// `script.py.mako`.
    pub(crate) script: &'static str,
    /// `alembic.ini`, with `{script_location}` to be filled in.
    pub(crate) ini: &'static str,
    /// The table for `pyproject.toml`, where there is one.
    pub(crate) toml: Option<&'static str>,
    /// Whether `alembic.ini` stands in the folder itself, as Flask-Migrate has it.
    pub(crate) is_flask: bool,
}

macro_rules! file {
    ($path:literal) => {
        include_str!(concat!("templates/", $path))
    };
}

/// The templates, by name.
pub(crate) const TEMPLATES: [Template; 5] = [
    Template {
        name: "flask",
        readme: "Flask-Migrate with one database.\n",
        env: file!("flask/env.py"),
        script: file!("flask/script.py.mako"),
        ini: file!("flask/alembic.ini"),
        toml: None,
        is_flask: true,
    },
    Template {
        name: "flask-multidb",
        readme: "Flask-Migrate with a database for each of SQLALCHEMY_BINDS.\n",
        env: file!("flask-multidb/env.py"),
        script: file!("flask-multidb/script.py.mako"),
        ini: file!("flask/alembic.ini"),
        toml: None,
        is_flask: true,
    },
    Template {
        name: "generic",
        readme: "Alembic with one database.\n",
        env: file!("generic/env.py"),
        script: file!("generic/script.py.mako"),
        ini: file!("generic/alembic.ini"),
        toml: None,
        is_flask: false,
    },
    Template {
        name: "multidb",
        readme: "Alembic with several databases, listed in alembic.ini.\n",
        env: file!("multidb/env.py"),
        script: file!("multidb/script.py.mako"),
        ini: file!("multidb/alembic.ini"),
        toml: None,
        is_flask: false,
    },
    Template {
        name: "pyproject",
        readme: "Alembic with one database, configured in pyproject.toml.\n",
        env: file!("generic/env.py"),
        script: file!("generic/script.py.mako"),
        ini: file!("pyproject/alembic.ini"),
        toml: Some(file!("pyproject/pyproject.toml")),
        is_flask: false,
    },
];
