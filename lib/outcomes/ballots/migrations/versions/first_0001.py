"""Ballots, outcomes, statements, groups, voters, votes and choices."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None
WORD = sa.String(200)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ballot",
        sa.Column("id", WORD, nullable=False),
        sa.Column("framework", WORD, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("choose", sa.Integer, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "outcome",
        sa.Column("ballot_id", WORD, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("ballot_id", "id"),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
    )
    op.create_table(
        "statement",
        sa.Column("ballot_id", WORD, nullable=False),
        sa.Column("outcome_id", WORD, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("wording", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("ballot_id", "outcome_id", "id"),
        sa.ForeignKeyConstraint(["ballot_id", "outcome_id"], ["outcome.ballot_id", "outcome.id"]),
    )
    op.create_table(
        "voting_group",
        sa.Column("ballot_id", WORD, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("short", WORD, nullable=False),
        sa.PrimaryKeyConstraint("ballot_id", "id"),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
    )
    op.create_table(
        "voter",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("ballot_id", WORD, nullable=False),
        sa.Column("group_id", WORD, nullable=False),
        sa.Column("code_hash", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(
            ["ballot_id", "group_id"], ["voting_group.ballot_id", "voting_group.id"]
        ),
        sa.UniqueConstraint("ballot_id", "code_hash"),
        sa.UniqueConstraint("id", "ballot_id"),
    )
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("ballot_id", WORD, nullable=False),
        sa.Column("voter_id", sa.Integer, nullable=False),
        sa.Column("outcome_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["voter_id", "ballot_id"], ["voter.id", "voter.ballot_id"]),
        sa.ForeignKeyConstraint(["ballot_id", "outcome_id"], ["outcome.ballot_id", "outcome.id"]),
        sa.UniqueConstraint("voter_id", "outcome_id"),
        sa.UniqueConstraint("id", "ballot_id", "outcome_id"),
    )
    op.create_table(
        "choice",
        sa.Column("vote_id", sa.Integer, nullable=False),
        sa.Column("ballot_id", WORD, nullable=False),
        sa.Column("outcome_id", WORD, nullable=False),
        sa.Column("statement_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("vote_id", "statement_id"),
        sa.ForeignKeyConstraint(
            ["vote_id", "ballot_id", "outcome_id"],
            ["vote.id", "vote.ballot_id", "vote.outcome_id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id", "outcome_id", "statement_id"],
            ["statement.ballot_id", "statement.outcome_id", "statement.id"],
        ),
    )
