"""create the collections

Revision ID: be3150d7c84a
Revises: 
Create Date: 2024-03-11 09:00:18.350967

"""
from alembic import op as o
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'be3150d7c84a'
down_revision = None
branch_labels = None
depends_on = None


COLLECTIONS = {
    'paintings': [sa.Column('medium', sa.String(40)), sa.Column('width_mm', sa.Integer())],
    'sculptures': [sa.Column('material', sa.String(40)), sa.Column('weight_kg', sa.Numeric(8, 3))],
    'coins': [sa.Column('minted', sa.Integer())],
}


def columns():
    """Every piece has these, whichever collection it is in."""
    return [
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('acquired_on', sa.Date()),
    ]


def upgrade():
    for name in COLLECTIONS:
        o.create_table(name, *columns(), *COLLECTIONS[name])
        o.create_index(f'ix_{name}_title', name, ['title'])


def downgrade():
    for name in reversed(list(COLLECTIONS)):
        o.drop_index(f'ix_{name}_title', table_name=name)
        o.drop_table(name)
