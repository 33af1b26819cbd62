"""find customers by name, whatever the case

Revision ID: 0c95d8e7a3b1
Revises: f7136b0d8ea2
Create Date: 2024-05-13 13:36:07.883652

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0c95d8e7a3b1'
down_revision = 'f7136b0d8ea2'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_customers_display_name_lower', 'customers', [sa.text('lower(display_name)')])
    op.execute("COMMENT ON TABLE coupons IS 'percent off the whole order'")


def downgrade():
    op.execute('COMMENT ON TABLE coupons IS NULL')
    op.drop_index('ix_customers_display_name_lower', table_name='customers')
