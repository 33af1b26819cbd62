"""prices in cents, filled from the old ones

Revision ID: b4e81d6097fa
Revises: 27f5b9e8d04a
Create Date: 2024-03-18 10:47:35.218490

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'b4e81d6097fa'
down_revision = '27f5b9e8d04a'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('products', sa.Column('price_cents', sa.BigInteger(), nullable=True))
    op.execute('UPDATE products SET price_cents = CAST(price * 100 AS BIGINT)')
    op.alter_column('products', 'price_cents', existing_type=sa.BigInteger(), nullable=False)


def downgrade():
    op.drop_column('products', 'price_cents')
