"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from collections.abc import Sequence

from alembic import op
import sqlalchemy as sa
${imports or ""}

# By these the revision is known and finds its place in the history.
revision: str = ${repr(up_revision)}
down_revision: str | Sequence[str] | None = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}


def upgrade(engine_name: str) -> None:
    globals()["upgrade_" + engine_name]()


def downgrade(engine_name: str) -> None:
    globals()["downgrade_" + engine_name]()
## A pair of functions for each database that alembic.ini lists.
% for name in config.get_main_option("databases").replace(",", " ").split():


def upgrade_${name}() -> None:
    ${context.get(name + "_upgrades", "pass")}


def downgrade_${name}() -> None:
    ${context.get(name + "_downgrades", "pass")}
% endfor
