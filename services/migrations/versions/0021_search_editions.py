"""Which rules made the terms of a search document, so that an upgrade tells when they have to be made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    first = sa.Column("edition", sa.SmallInteger(), nullable=False, server_default="1")
    op.add_column("search_document", first)
    op.alter_column("search_document", "edition", server_default=None)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_column("search_document", "edition")
