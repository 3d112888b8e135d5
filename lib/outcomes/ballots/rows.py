"""What the steps of the ballot box read and write, each on the connection of its transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from outcomes.ballots.codes import hashed, mark_hash
from outcomes.ballots.held import Held, HeldGroup, HeldOutcome, Sheet, Ticket, hour
from outcomes.ballots.rules import require_valid
from outcomes.ballots.tables import (
    ballot,
    choice,
    outcome,
    statement,
    vote,
    voter,
    voting_group,
)
from outcomes.errors import ParameterError, did_you_mean, hint, listed
from outcomes.model.ballot import VotingGroup

CLOSING = 812_044_032
"""The kind of PostgreSQL's lock between the votes and the closing of a ballot."""
PUT_RIGHT = {
    False: "and can be changed on the page until the ballot closes",
    True: "so look whether the sheet was typed twice; another person's needs a mark of its own",
}
"""What to do about a second vote, by whether the group votes on paper."""


def read_held(connection: sa.Connection, ballot_id: str) -> Held:
    """Return a ballot that was opened; raise ParameterError if there is none."""
    row = connection.execute(sa.select(ballot).where(ballot.c.id == ballot_id)).first()
    if row is None:
        known = connection.execute(sa.select(ballot.c.id)).scalars().all()
        near = did_you_mean(ballot_id, known) or f"; open are or were: {listed(known) or 'none'}"
        raise ParameterError(f"the ballot {ballot_id!r} has not been opened{near}")

    def of(table: sa.Table, *order: str) -> sa.CursorResult:
        query = sa.select(table).where(table.c.ballot_id == ballot_id)
        return connection.execute(query.order_by(*(table.c[name] for name in order)))

    worded: dict[str, dict[str, str]] = {}
    for each in of(statement, "position"):
        worded.setdefault(each.outcome_id, {})[each.id] = each.wording
    return Held(
        row.id,
        row.framework,
        row.title,
        row.choose,
        utc(row.opened_at),
        utc(row.closed_at) if row.closed_at else None,
        {o.id: HeldOutcome(o.number, o.title, worded[o.id]) for o in of(outcome, "number", "id")},
        {g.id: HeldGroup(g.title, g.short, g.paper) for g in of(voting_group, "position", "id")},
    )


def take_turn(connection: sa.Connection, ballot_id: str, *, alone: bool) -> None:
    """Keep a ballot from closing until the transaction ends; `alone`, from any other change too."""
    if connection.dialect.name == "postgresql":
        # Votes pass side by side. These locks queue: votes cannot keep a closing waiting for ever.
        lock = f"pg_advisory_xact_lock{'' if alone else '_shared'}"
        key = sa.func.hashtext(ballot_id)
        connection.execute(sa.select(getattr(sa.func, lock)(CLOSING, key)))


def require_open(connection: sa.Connection, ballot_id: str, *, alone: bool = False) -> None:
    """Raise unless a ballot is open, and keep it from closing until the transaction ends."""
    take_turn(connection, ballot_id, alone=alone)
    query = sa.select(ballot.c.closed_at).where(ballot.c.id == ballot_id)
    row = connection.execute(query).first()
    if row is None:
        read_held(connection, ballot_id)
    elif row.closed_at:
        raise closed_already(utc(row.closed_at))


def closed_already(at: datetime) -> ParameterError:
    """Return what is wrong where a ballot was closed before."""
    return ParameterError(
        f"the ballot was closed on {hour(at)}; nothing can be cast, changed or withdrawn any more"
    )


def utc(moment: datetime) -> datetime:
    """Return a moment with its zone, which SQLite does not keep."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def salt_of(connection: sa.Connection, ballot_id: str) -> bytes:
    """Return what the codes of a ballot are hashed with."""
    read_held(connection, ballot_id)
    return connection.execute(sa.select(ballot.c.salt).where(ballot.c.id == ballot_id)).scalar_one()


def add_group(connection: sa.Connection, ballot_id: str, group: VotingGroup, position: int) -> None:
    """Write a group of a ballot."""
    said = {"position": position, "title": group.title, "short": group.short}
    said |= {"ballot_id": ballot_id, "id": group.id, "paper": group.votes == "paper"}
    connection.execute(sa.insert(voting_group).values(said))


def add_voters(
    connection: sa.Connection, ballot_id: str, group_id: str, hashes: Iterable[bytes]
) -> None:
    """Write a voter for each code of a group, known by its hash alone."""
    rows = [{"ballot_id": ballot_id, "group_id": group_id, "code_hash": each} for each in hashes]
    if rows:
        connection.execute(sa.insert(voter), rows)


def find_ticket(connection: sa.Connection, ballot_id: str, code_hash: bytes) -> Ticket:
    """Return what a code entitles to; raise ParameterError if the ballot has no such code."""
    query = sa.select(voter).where(voter.c.ballot_id == ballot_id, voter.c.code_hash == code_hash)
    row = connection.execute(query).first()
    if row is None:
        raise ParameterError(
            "this code is not one of this ballot; type it as it was handed out to you, such as "
            "MEMBERS-7K2M-9QXT-04WB"
        )
    return Ticket(ballot_id, row.id, row.group_id)


def mark_of(groups: Mapping[str, HeldGroup], group: str, mark: str, salt: bytes) -> bytes:
    """Return the hash of what a sheet names its voter by: a mark on paper, or a code."""
    paper = group in groups and groups[group].paper
    return mark_hash(group, mark, salt) if paper else hashed(mark, salt)


def whose(connection: sa.Connection, held: Held, sheet: Sheet, code_hash: bytes) -> Ticket:
    """Return whose a sheet is: the person with its code, or the one whose mark is on the paper."""
    group = held.groups.get(sheet.group)
    if group is None:
        known = hint(sheet.group, held.groups)
        raise ParameterError(f"group: there is no group {sheet.group!r}{known}")
    if not sheet.mark:
        raise ParameterError(
            "voter: nobody is named; every ballot has a code, or a mark of its own"
        )
    if group.paper:
        query = sa.select(voter.c.id).where(
            voter.c.ballot_id == held.id, voter.c.code_hash == code_hash
        )
        if connection.execute(query).first() is None:
            add_voters(connection, held.id, sheet.group, [code_hash])
        return find_ticket(connection, held.id, code_hash)
    ticket = find_ticket(connection, held.id, code_hash)
    if ticket.group != sheet.group:
        raise ParameterError(
            f"voter: the code is one of the group {ticket.group!r}, not of {sheet.group!r}"
        )
    return ticket


def write_vote(
    connection: sa.Connection,
    held: Held,
    ticket: Ticket,
    outcome_id: str,
    chosen: Sequence[str],
    *,
    change: bool = False,
) -> None:
    """Write a vote with its choices; raise ParameterError if it is spoiled or not the first."""
    require_valid(held, outcome_id, chosen)
    # Two pages with the same code take their turns.
    mine = sa.select(voter.c.id).where(voter.c.id == ticket.voter)
    connection.execute(mine.with_for_update())
    if remove_vote(connection, ticket, outcome_id) and not change:
        where = held.outcomes[outcome_id]
        raise ParameterError(
            f"{where.number}. {where.title}: this person has voted on it already; a vote counts once, "
            + PUT_RIGHT[held.groups[ticket.group].paper]
        )
    about = {"ballot_id": ticket.ballot, "outcome_id": outcome_id}
    added = connection.execute(sa.insert(vote).values(voter_id=ticket.voter, **about))
    vote_id = added.inserted_primary_key[0]
    rows = [{"vote_id": vote_id, "statement_id": each, **about} for each in chosen]
    connection.execute(sa.insert(choice), rows)


def remove_vote(connection: sa.Connection, ticket: Ticket, outcome_id: str) -> bool:
    """Take a vote out, with its choices, and return whether there was one."""
    mine = sa.and_(vote.c.voter_id == ticket.voter, vote.c.outcome_id == outcome_id)
    return connection.execute(sa.delete(vote).where(mine)).rowcount > 0
