"""accounts are closed, not deleted

Revision ID: e47a19b0d2c6
Revises: 03f7d8c5b6ea
Create Date: 2023-03-28 09:06:54.371845

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'e47a19b0d2c6'
down_revision = '03f7d8c5b6ea'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('accounts', sa.Column('closed_at', sa.DateTime(), nullable=True))
    op.create_index('ix_accounts_closed_at', 'accounts', ['closed_at'], unique=False)
    op.drop_index('ix_accounts_owner', table_name='accounts')
    op.create_index('ix_accounts_owner_closed_at', 'accounts', ['owner', 'closed_at'], unique=False)


def downgrade():
    op.drop_index('ix_accounts_owner_closed_at', table_name='accounts')
    op.drop_index('ix_accounts_closed_at', table_name='accounts')
    op.drop_column('accounts', 'closed_at')
