"""Groups that vote on sheets of paper."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Say of each group whether it votes on paper; those there were have codes."""
    op.add_column(
        "voting_group", sa.Column("paper", sa.Boolean, nullable=False, server_default=sa.false())
    )
