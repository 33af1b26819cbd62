"""orders have a status

Revision ID: 51b6c8a07e93
Revises: 8d27e4f1c60b
Create Date: 2024-02-06 11:05:27.090313

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision = '51b6c8a07e93'
down_revision = '8d27e4f1c60b'
branch_labels = None
depends_on = None


# add_column does not create the type, and drop_column does not drop it: both are done by hand.
order_status = postgresql.ENUM('new', 'paid', 'shipped', 'returned', name='order_status', create_type=False)


def upgrade():
    order_status.create(op.get_bind())
    op.add_column('orders', sa.Column('status', order_status, server_default='new', nullable=False))
    op.create_index(op.f('ix_orders_status'), 'orders', ['status'], unique=False)


def downgrade():
    op.drop_index(op.f('ix_orders_status'), table_name='orders')
    op.drop_column('orders', 'status')
    order_status.drop(op.get_bind())
