"""What Alembic runs to reach the database."""
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

settings = context.config
if settings.config_file_name is not None:
    fileConfig(settings.config_file_name)

# The tables of your models, which `alembic revision --autogenerate` compares with the database:
#     from myapp.models import Base
#     metadata = Base.metadata
metadata = None


def write_sql():
    """With `--sql`: no connection, the statements are printed."""
    context.configure(
        url=settings.get_main_option("sqlalchemy.url"),
        target_metadata=metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on_database():
    options = settings.get_section(settings.config_ini_section) or {}
    engine = engine_from_config(options, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    write_sql()
else:
    run_on_database()
