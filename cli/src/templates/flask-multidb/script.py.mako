"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports or ""}

# By these the revision is known and finds its place in the history.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade(engine_name):
    globals()["upgrade_" + engine_name]()


def downgrade(engine_name):
    globals()["downgrade_" + engine_name]()
<%
    from flask import current_app

    binds = current_app.config.get("SQLALCHEMY_BINDS")
    if binds is None:
        bind_names = getattr(current_app.extensions["migrate"].db, "bind_names", None)
        binds = bind_names() if bind_names else []
%>\
## A pair of functions for the default database, which has no name, and for each of the binds.
% for name in ["", *binds]:


def upgrade_${name}():
    ${context.get(name + "_upgrades", "pass")}


def downgrade_${name}():
    ${context.get(name + "_downgrades", "pass")}
% endfor
