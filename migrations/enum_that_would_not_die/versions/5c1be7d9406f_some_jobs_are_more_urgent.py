"""some jobs are more urgent

Revision ID: 5c1be7d9406f
Revises: a60d3f7e81b5
Create Date: 2024-10-21 16:28:03.590377

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '5c1be7d9406f'
down_revision = 'a60d3f7e81b5'
branch_labels = None
depends_on = None


def upgrade():
    sa.Enum('low', 'normal', 'high', name='job_urgency').create(op.get_bind())
    op.add_column('jobs', sa.Column('urgency', sa.Enum('low', 'normal', 'high', name='job_urgency'), nullable=True))


def downgrade():
    op.drop_column('jobs', 'urgency')
