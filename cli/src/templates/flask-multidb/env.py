"""What `flask db` runs to reach the databases of the application: the default one, and one for each bind."""
import logging
from logging.config import fileConfig

from alembic import context
from flask import current_app
from sqlalchemy import MetaData

settings = context.config
fileConfig(settings.config_file_name)
log = logging.getLogger("alembic.env")

migrate = current_app.extensions["migrate"]
db = migrate.db


def names():
    """The databases; the default one has no name."""
    binds = current_app.config.get("SQLALCHEMY_BINDS")
    if binds is None:
        binds = db.bind_names() if hasattr(db, "bind_names") else []
    return ["", *binds]


def engine(name):
    if hasattr(db, "engines"):
        return db.engines[name or None]
    return db.get_engine(bind_key=name or None)


def metadata(name):
    """The tables of the models that live in a database."""
    if hasattr(db, "metadatas"):
        found = db.metadatas.get(name or None)
        return MetaData() if found is None else found
    found = MetaData()
    for table in db.metadata.tables.values():
        if table.info.get("bind_key") == (name or None):
            table.to_metadata(found)
    return found


def keep_if_changed(migration_context, revision, scripts):
    """Drops a script of `flask db migrate` that would do nothing, once all databases have been looked at."""
    if not getattr(settings.cmd_opts, "autogenerate", False):
        return
    changes = scripts[0].upgrade_ops_list
    if len(changes) == len(names()) and all(change.is_empty() for change in changes):
        scripts.clear()
        log.info("No changes in schema detected.")


def tokens(name):
    """Under which names the code for a database reaches script.py.mako."""
    return {"upgrade_token": name + "_upgrades", "downgrade_token": name + "_downgrades"}


def write_sql():
    """With `--sql`: no connection, the statements of each database go into a file of its own."""
    for name in names():
        url = engine(name).url.render_as_string(hide_password=False)
        file = (name or "default") + ".sql"
        log.info("Writing output to %s", file)
        with open(file, "w") as output:
            context.configure(url=url, output_buffer=output, target_metadata=metadata(name), literal_binds=True)
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_on_databases():
    """Every database is upgraded, or none."""
    options = {"process_revision_directives": keep_if_changed, **migrate.configure_args}
    opened = {}
    try:
        for name in names():
            connection = engine(name).connect()
            opened[name] = (connection, connection.begin())
        for name, (connection, _) in opened.items():
            log.info("Migrating database %s", name or "<default>")
            context.configure(connection=connection, target_metadata=metadata(name), **tokens(name), **options)
            context.run_migrations(engine_name=name)
        for _, transaction in opened.values():
            transaction.commit()
    finally:
        # What was not committed is rolled back.
        for connection, _ in opened.values():
            connection.close()


if context.is_offline_mode():
    write_sql()
else:
    run_on_databases()
