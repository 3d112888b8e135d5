"""The tables of the ballot database. What they cannot hold cannot be voted.

No time stands at a vote, and no name anywhere: a vote belongs to a number that was drawn for a code.
"""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)
_WORD = String(200)

ballot = Table(
    "ballot",
    metadata,
    Column("id", _WORD, primary_key=True),
    Column("framework", _WORD, nullable=False),
    Column("title", String, nullable=False),
    Column("choose", Integer, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
)
outcome = Table(
    "outcome",
    metadata,
    Column("ballot_id", _WORD, ForeignKey("ballot.id"), primary_key=True),
    Column("id", _WORD, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("title", String, nullable=False),
)
statement = Table(
    "statement",
    metadata,
    Column("ballot_id", _WORD, primary_key=True),
    Column("outcome_id", _WORD, primary_key=True),
    Column("id", _WORD, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("wording", String, nullable=False),
    ForeignKeyConstraint(["ballot_id", "outcome_id"], ["outcome.ballot_id", "outcome.id"]),
)
voting_group = Table(
    "voting_group",
    metadata,
    Column("ballot_id", _WORD, ForeignKey("ballot.id"), primary_key=True),
    Column("id", _WORD, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("short", _WORD, nullable=False),
    Column("paper", Boolean, nullable=False, server_default=false()),
)
voter = Table(
    "voter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ballot_id", _WORD, nullable=False),
    Column("group_id", _WORD, nullable=False),
    Column("code_hash", LargeBinary),
    ForeignKeyConstraint(["ballot_id", "group_id"], ["voting_group.ballot_id", "voting_group.id"]),
    UniqueConstraint("ballot_id", "code_hash"),
    UniqueConstraint("id", "ballot_id"),
)
vote = Table(
    "vote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ballot_id", _WORD, nullable=False),
    Column("voter_id", Integer, nullable=False),
    Column("outcome_id", _WORD, nullable=False),
    ForeignKeyConstraint(["voter_id", "ballot_id"], ["voter.id", "voter.ballot_id"]),
    ForeignKeyConstraint(["ballot_id", "outcome_id"], ["outcome.ballot_id", "outcome.id"]),
    UniqueConstraint("voter_id", "outcome_id"),
    UniqueConstraint("id", "ballot_id", "outcome_id"),
)
choice = Table(
    "choice",
    metadata,
    Column("vote_id", Integer, primary_key=True),
    Column("ballot_id", _WORD, nullable=False),
    Column("outcome_id", _WORD, nullable=False),
    Column("statement_id", _WORD, primary_key=True),
    ForeignKeyConstraint(
        ["vote_id", "ballot_id", "outcome_id"],
        ["vote.id", "vote.ballot_id", "vote.outcome_id"],
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(
        ["ballot_id", "outcome_id", "statement_id"],
        ["statement.ballot_id", "statement.outcome_id", "statement.id"],
    ),
)
