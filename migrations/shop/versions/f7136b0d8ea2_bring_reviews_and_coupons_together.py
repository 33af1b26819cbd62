"""bring reviews and coupons together

Revision ID: f7136b0d8ea2
Revises: 6fa30c5e91d8, 90d2e7ab4c15
Create Date: 2024-04-08 08:03:21.114075

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'f7136b0d8ea2'
down_revision = ('6fa30c5e91d8', '90d2e7ab4c15')
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
