"""halls have an address of their own

Revision ID: 08e6f2b9a51d
Revises: 714ac9e0d6f2
Create Date: 2024-04-15 10:31:05.219840

"""
from alembic import op as o
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '08e6f2b9a51d'
down_revision = '714ac9e0d6f2'
branch_labels = None
depends_on = None


halls = sa.table('halls', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('slug', sa.String))


def slugify(name):
    """Lower case, and dashes for blanks."""
    return '-'.join(name.lower().split())


def upgrade():
    o.add_column('halls', sa.Column('slug', sa.String(60)))
    bind = o.get_bind()
    for hall in bind.execute(sa.select(halls.c.id, halls.c.name)).fetchall():
        bind.execute(halls.update().where(halls.c.id == hall.id).values(slug=slugify(hall.name)))
    o.create_unique_constraint('halls_slug_key', 'halls', ['slug'])


def downgrade():
    o.drop_constraint('halls_slug_key', 'halls', type_='unique')
    o.drop_column('halls', 'slug')
