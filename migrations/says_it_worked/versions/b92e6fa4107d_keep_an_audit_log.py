"""keep an audit log

Revision ID: b92e6fa4107d
Revises: 58c0d1e7f3a9
Create Date: 2023-02-14 11:38:47.205914

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'b92e6fa4107d'
down_revision = '58c0d1e7f3a9'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('audit_log',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='audit_log_account_id_fkey'),
    sa.PrimaryKeyConstraint('id', name='audit_log_pkey')
    )
    op.create_index('ix_audit_log_account_id', 'audit_log', ['account_id'], unique=False)


def downgrade():
    pass
