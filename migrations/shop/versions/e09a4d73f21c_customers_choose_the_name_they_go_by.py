"""customers choose the name they go by

Revision ID: e09a4d73f21c
Revises: 51b6c8a07e93
Create Date: 2024-02-19 08:31:59.642177

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'e09a4d73f21c'
down_revision = '51b6c8a07e93'
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column('customers', 'full_name', new_column_name='display_name')
    op.alter_column('customers', 'display_name',
               existing_type=sa.String(length=120),
               server_default='Guest',
               existing_nullable=True)


def downgrade():
    op.alter_column('customers', 'display_name',
               existing_type=sa.String(length=120),
               server_default=None,
               existing_nullable=True)
    op.alter_column('customers', 'display_name', new_column_name='full_name')
