"""halls, and what hangs in them

Revision ID: 714ac9e0d6f2
Revises: be3150d7c84a
Create Date: 2024-03-25 14:09:44.687532

"""
from alembic import op as o
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '714ac9e0d6f2'
down_revision = 'be3150d7c84a'
branch_labels = None
depends_on = None


TABLES = ['paintings', 'sculptures', 'coins']
FLOORS = [('Foyer',), ('North Hall', 'South Hall'), ('Attic',)]


def upgrade():
    halls = o.create_table(
        'halls',
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('name', sa.String(60), nullable=False, unique=True),
        sa.Column('floor', sa.SmallInteger(), nullable=False),
    )
    o.bulk_insert(halls, [
        {'name': name, 'floor': floor} for floor, names in enumerate(FLOORS) for name in names
    ])
    for table in TABLES:
        with o.batch_alter_table(table) as batch:
            batch.add_column(sa.Column('hall_id', sa.Integer()))
            batch.create_foreign_key(f'{table}_hall_id_fkey', 'halls', ['hall_id'], ['id'])


def downgrade():
    for table in TABLES[::-1]:
        with o.batch_alter_table(table) as batch:
            batch.drop_constraint(f'{table}_hall_id_fkey', type_='foreignkey')
            batch.drop_column('hall_id')
    o.drop_table('halls')
