"""notes have moved to the archive

Revision ID: 03f7d8c5b6ea
Revises: b92e6fa4107d
Create Date: 2023-03-09 14:51:33.846027

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '03f7d8c5b6ea'
down_revision = 'b92e6fa4107d'
branch_labels = None
depends_on = None


def upgrade():
    op.drop_column('accounts', 'note')


def downgrade():
    op.add_column('accounts', sa.Column('note', sa.String(length=255), nullable=True))
