"""What `flask db` runs to reach the database of the application."""
import logging
from logging.config import fileConfig

from alembic import context
from flask import current_app

settings = context.config
fileConfig(settings.config_file_name)
log = logging.getLogger("alembic.env")

migrate = current_app.extensions["migrate"]
db = migrate.db

# Flask-SQLAlchemy knows its engine; Alchemical is asked for it.
engine = db.engine if hasattr(db, "engine") else db.get_engine()
url = engine.url.render_as_string(hide_password=False)
# The settings take a percent sign for the start of a name.
settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))

# More settings of your own can be read here, as in settings.get_main_option("my_option").


def metadata():
    """The tables of the models."""
    return db.metadatas[None] if hasattr(db, "metadatas") else db.metadata


def keep_if_changed(migration_context, revision, scripts):
    """Drops a script of `flask db migrate` that would do nothing."""
    if getattr(settings.cmd_opts, "autogenerate", False) and scripts[0].upgrade_ops.is_empty():
        scripts.clear()
        log.info("No changes in schema detected.")


def write_sql():
    """With `--sql`: no connection, the statements are printed."""
    context.configure(url=url, target_metadata=metadata(), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_on_database():
    options = {"process_revision_directives": keep_if_changed, **migrate.configure_args}
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata(), **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    write_sql()
else:
    run_on_database()
