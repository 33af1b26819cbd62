"""What Alembic runs to reach the databases that alembic.ini lists."""
import logging
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

settings = context.config
if settings.config_file_name is not None:
    fileConfig(settings.config_file_name)
log = logging.getLogger("alembic.env")

# The tables of your models, by the name of their database, for `alembic revision --autogenerate`:
#     metadata = {"engine1": Base1.metadata, "engine2": Base2.metadata}
metadata = {}


def names():
    return settings.get_main_option("databases", "").replace(",", " ").split()


def options(name):
    """The section of a database."""
    return settings.get_section(name) or {}


def tokens(name):
    """Under which names the code for a database reaches script.py.mako."""
    return {"upgrade_token": name + "_upgrades", "downgrade_token": name + "_downgrades"}


def write_sql():
    """With `--sql`: no connection, the statements of each database go into a file of its own."""
    for name in names():
        file = name + ".sql"
        log.info("Writing output to %s", file)
        with open(file, "w") as output:
            context.configure(
                url=options(name)["sqlalchemy.url"],
                output_buffer=output,
                target_metadata=metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_on_databases():
    """Every database is upgraded, or none."""
    opened = {}
    try:
        for name in names():
            engine = engine_from_config(options(name), prefix="sqlalchemy.", poolclass=pool.NullPool)
            connection = engine.connect()
            opened[name] = (connection, connection.begin())
        for name, (connection, _) in opened.items():
            log.info("Migrating database %s", name)
            context.configure(connection=connection, target_metadata=metadata.get(name), **tokens(name))
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
