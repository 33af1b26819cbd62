"""pieces that are on loan

Revision ID: c9d57b3e024f
Revises: 08e6f2b9a51d
Create Date: 2024-05-06 16:44:51.903168

"""
from alembic import op as o
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'c9d57b3e024f'
down_revision = '08e6f2b9a51d'
branch_labels = None
depends_on = None


def each(do):
    for table in ('paintings', 'sculptures', 'coins'):
        do(table)


def upgrade():
    each(lambda table: o.add_column(table, sa.Column('on_loan', sa.Boolean(), server_default=sa.false(), nullable=False)))


def downgrade():
    each(lambda table: o.drop_column(table, 'on_loan'))
