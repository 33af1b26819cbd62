"""jobs can fail

Revision ID: a60d3f7e81b5
Revises: 2e8f94c0b7d1
Create Date: 2024-10-14 09:17:36.044921

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'a60d3f7e81b5'
down_revision = '2e8f94c0b7d1'
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TYPE job_state ADD VALUE 'failed'")


def downgrade():
    pass
