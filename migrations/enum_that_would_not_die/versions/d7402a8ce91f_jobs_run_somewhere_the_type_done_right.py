"""jobs run somewhere, the type done right

Revision ID: d7402a8ce91f
Revises: 5c1be7d9406f
Create Date: 2024-10-28 10:53:49.871206

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'd7402a8ce91f'
down_revision = '5c1be7d9406f'
branch_labels = None
depends_on = None


site = sa.Enum('on_premise', 'cloud', name='job_site')


def upgrade():
    site.create(op.get_bind())
    op.add_column('jobs', sa.Column('site', site, nullable=True))


def downgrade():
    op.drop_column('jobs', 'site')
    site.drop(op.get_bind())
