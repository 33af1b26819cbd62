"""members pay by the month, the right way

Revision ID: c1759e0ba3f4
Revises: 40d8e5f1b6c7
Create Date: 2024-09-02 11:59:58.232150

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'c1759e0ba3f4'
down_revision = '40d8e5f1b6c7'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('members', sa.Column('fee_cents', sa.Integer(), nullable=True))
    op.execute('UPDATE members SET fee_cents = 1500')
    op.alter_column('members', 'fee_cents', existing_type=sa.Integer(), nullable=False)


def downgrade():
    op.drop_column('members', 'fee_cents')
