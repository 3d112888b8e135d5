"""The ballot box: opens a ballot, takes, changes and gives back votes, and shows them once closed.

Every step is one transaction. Whether the ballot is open is looked at inside it, so that a vote that
was taken before the ballot closed is in the result, and none that comes later is.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256

import pandas as pd
import sqlalchemy as sa

from outcomes.ballots.codes import hashed, new_code
from outcomes.ballots.database import Database, open_database
from outcomes.ballots.held import Held, Sheet, Ticket, Turnout, hour
from outcomes.ballots.rows import (
    add_group,
    add_voters,
    closed_already,
    find_ticket,
    mark_of,
    read_held,
    remove_vote,
    require_open,
    salt_of,
    take_turn,
    utc,
    whose,
    write_vote,
)
from outcomes.ballots.tables import (
    ballot,
    choice,
    outcome,
    statement,
    vote,
    voter,
)
from outcomes.errors import OutcomesError, ParameterError
from outcomes.model import Outcome
from outcomes.model.ballot import BallotDefinition, VotingGroup
from outcomes.model.choosing import BALLOT_COLUMNS

HandOut = Callable[[pd.DataFrame], object]
"""Takes new codes (columns group, code) to where they are handed out from."""


@contextmanager
def open_box() -> Iterator["Box"]:
    """Open the ballot box of this project, or the one that OUTCOMES_BALLOTS names.

    Raises
    ------
    ParameterError, DataError
        If there is none to be reached.
    """
    database = open_database()
    try:
        yield Box(database)
    finally:
        database.close()


class Box:
    """The ballots of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ballots(self) -> dict[str, Held]:
        """Return every ballot that was opened, by id, the first one first."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(ballot.c.id).order_by(ballot.c.opened_at)).all()
            return {row.id: read_held(connection, row.id) for row in rows}

    def ballot(self, ballot_id: str) -> Held:
        """Return a ballot that was opened; raise ParameterError if there is none."""
        with self._database.reading() as connection:
            return read_held(connection, ballot_id)

    def open_ballot(
        self,
        ballot_id: str,
        definition: BallotDefinition,
        outcomes: Mapping[str, Outcome],
        hand_out: HandOut,
        *,
        area: str = "",
    ) -> Held:
        """Open a ballot and make the codes of its groups; all of it or nothing.

        Parameters
        ----------
        ballot_id : str
        definition : BallotDefinition
        outcomes : mapping of str to Outcome
            Each with the statements to choose among. They are kept as they are worded now.
        hand_out : callable
            Gets the codes, which are kept nowhere else; if it fails, the ballot is not opened.
        area : str, optional
            Stands in titles for {area}.

        Raises
        ------
        ParameterError
            If it was opened before.
        """
        salt = secrets.token_bytes(16)
        codes = {group.id: _new_codes(group, group.invited, salt) for group in definition.groups}
        with self._database.writing() as connection:
            take_turn(connection, ballot_id, alone=True)
            known = connection.execute(sa.select(ballot).where(ballot.c.id == ballot_id)).first()
            if known:
                raise ParameterError(
                    f"the ballot {ballot_id!r} was opened on {hour(utc(known.opened_at))} already; "
                    "give another ballot another file in parameters/ballots"
                )
            said = {"framework": definition.framework, "title": definition.title}
            said |= {"choose": definition.choose, "salt": salt, "opened_at": datetime.now(UTC)}
            connection.execute(sa.insert(ballot).values(id=ballot_id, **said))
            rows = [
                {"ballot_id": ballot_id, "id": o.id, "number": o.number}
                | {"title": o.title.replace("{area}", area)}
                for o in outcomes.values()
            ]
            connection.execute(sa.insert(outcome), rows)
            rows = [
                {"ballot_id": ballot_id, "outcome_id": o.id, "id": s.id, "wording": s.wording}
                | {"position": position}
                for o in outcomes.values()
                for position, s in enumerate(o.statements)
            ]
            connection.execute(sa.insert(statement), rows)
            for position, group in enumerate(definition.groups):
                add_group(connection, ballot_id, group, position)
                add_voters(connection, ballot_id, group.id, codes[group.id].values())
            hand_out(_as_table(codes))
            return read_held(connection, ballot_id)

    def add_codes(self, ballot_id: str, group: VotingGroup, number: int, hand_out: HandOut) -> None:
        """Make further codes for a group, also one that was not there when the ballot was opened.

        Raises
        ------
        ParameterError
            If the ballot is not open, or the group votes on paper.
        """
        with self._database.reading() as connection:
            salt = salt_of(connection, ballot_id)
        codes = _new_codes(group, number, salt)
        with self._database.writing() as connection:
            require_open(connection, ballot_id, alone=True)
            known = read_held(connection, ballot_id).groups
            if group.id not in known:
                add_group(connection, ballot_id, group, len(known))
            add_voters(connection, ballot_id, group.id, codes.values())
            hand_out(_as_table({group.id: codes}))

    def close_ballot(self, ballot_id: str) -> Held:
        """Close a ballot for good, and forget which code each vote came by.

        Raises
        ------
        ParameterError
            If it is not open.
        DataError
            If it is closed now, but what is left of its codes in the files could not be written
            over. Closing it again tries that once more.
        """
        with self._database.writing() as connection:
            take_turn(connection, ballot_id, alone=True)
            before = read_held(connection, ballot_id)
            if before.closed_at is None:
                here, now = ballot.c.id == ballot_id, datetime.now(UTC)
                connection.execute(sa.update(ballot).where(here).values(closed_at=now))
                codes = sa.update(voter).where(voter.c.ballot_id == ballot_id)
                connection.execute(codes.values(code_hash=None))
            held = read_held(connection, ballot_id)
        self._database.overwrite_deleted()
        if before.closed_at:
            raise closed_already(before.closed_at)
        return held

    def ticket(self, ballot_id: str, code: str) -> Ticket:
        """Return what a person's code entitles to.

        Raises
        ------
        ParameterError
            If the ballot is closed, or has no such code.
        """
        with self._database.reading() as connection:
            require_open(connection, ballot_id)
            return find_ticket(connection, ballot_id, hashed(code, salt_of(connection, ballot_id)))

    def votes(self, ticket: Ticket) -> dict[str, tuple[str, ...]]:
        """Return what one person has chosen, by outcome; for nobody but that person.

        Raises
        ------
        ParameterError
            If the ballot is closed.
        """
        with self._database.reading() as connection:
            require_open(connection, ticket.ballot)
            query = sa.select(choice.c.outcome_id, choice.c.statement_id).join(
                vote, vote.c.id == choice.c.vote_id
            )
            rows = connection.execute(query.where(vote.c.voter_id == ticket.voter)).all()
        found: dict[str, tuple[str, ...]] = {}
        for row in sorted(rows):
            found[row.outcome_id] = (*found.get(row.outcome_id, ()), row.statement_id)
        return found

    def cast(
        self, ticket: Ticket, outcome_id: str, chosen: Sequence[str], *, change: bool = False
    ) -> None:
        """Take a person's vote on one outcome; with `change`, in place of the one before.

        Raises
        ------
        ParameterError
            If the ballot is closed, the vote is spoiled, or there is one already.
        """
        with self._database.writing() as connection:
            require_open(connection, ticket.ballot)
            held = read_held(connection, ticket.ballot)
            write_vote(connection, held, ticket, outcome_id, chosen, change=change)

    def cast_sheets(self, ballot_id: str, sheets: Iterable[Sheet]) -> list[tuple[int, str]]:
        """Take ballots that were collected elsewhere, all or none.

        Returns
        -------
        list of (int, str)
            The number drawn for the person, and the outcome, of each.

        Raises
        ------
        ParameterError
            If any is refused; the message names each, with its reason.
        """
        refused, taken, sheets = [], [], list(sheets)
        with self._database.reading() as connection:
            require_open(connection, ballot_id)
            groups, salt = read_held(connection, ballot_id).groups, salt_of(connection, ballot_id)
        # Before the right to write is taken: hashing is slow, and voters would wait for it.
        marks = {(s.group, s.mark): None for s in sheets}
        marks = {each: mark_of(groups, *each, salt) for each in marks}
        with self._database.writing() as connection:
            require_open(connection, ballot_id, alone=True)
            held = read_held(connection, ballot_id)
            for sheet in sheets:
                try:
                    ticket = whose(connection, held, sheet, marks[sheet.group, sheet.mark])
                    write_vote(connection, held, ticket, sheet.outcome, sheet.chosen)
                    taken.append((ticket.voter, sheet.outcome))
                except OutcomesError as error:
                    refused.append(f"{sheet.where}: {error}")
            if refused:
                several = "s are" if len(refused) > 1 else " is"
                raise ParameterError(
                    "\n  ".join([f"{len(refused)} ballot{several} refused", *refused])
                    + "\nNo ballot of the file was taken; put them right, and read it in again."
                )
        return taken

    def withdraw(self, ticket: Ticket, outcome_id: str) -> None:
        """Take a person's vote on one outcome out again.

        Raises
        ------
        ParameterError
            If the ballot is closed, or there is no such vote.
        """
        with self._database.writing() as connection:
            require_open(connection, ticket.ballot)
            if not remove_vote(connection, ticket, outcome_id):
                raise ParameterError("there is no vote of yours on this outcome to withdraw")

    def turnout(self, ballot_id: str) -> list[Turnout]:
        """Return how many of each group have voted; that says nothing of what they chose."""
        with self._database.reading() as connection:
            held = read_held(connection, ballot_id)
            voted = sa.func.count(sa.distinct(vote.c.voter_id))
            query = (
                sa.select(voter.c.group_id, voted, sa.func.count(sa.distinct(voter.c.id)))
                .join_from(voter, vote, vote.c.voter_id == voter.c.id, isouter=True)
                .where(voter.c.ballot_id == ballot_id)
                .group_by(voter.c.group_id)
            )
            counts = {name: (done, of) for name, done, of in connection.execute(query)}
        return [
            Turnout(name, counts.get(name, (0, 0))[0], None if group.paper else counts[name][1])
            for name, group in held.groups.items()
        ]

    def cast_ballots(self, ballot_id: str) -> pd.DataFrame:
        """Return every ballot of a closed ballot: group, voter, outcome, statement, a row a choice.

        `voter` is a number that says who voted alike on several outcomes, and not who it was.

        Raises
        ------
        ParameterError
            While the ballot is open: nobody sees a vote before.
        """
        with self._database.reading() as connection:
            held = read_held(connection, ballot_id)
            if held.closed_at is None:
                raise ParameterError(
                    f"the ballot {ballot_id!r} is open: votes can be seen by nobody before it closes. "
                    f"Close it with: outcomes ballot close {ballot_id}"
                )
            query = (
                sa.select(voter.c.group_id, voter.c.id, choice.c.outcome_id, choice.c.statement_id)
                .join_from(choice, vote, vote.c.id == choice.c.vote_id)
                .join(voter, voter.c.id == vote.c.voter_id)
                .where(voter.c.ballot_id == ballot_id)
            )
            rows = connection.execute(query).all()
            salt = salt_of(connection, ballot_id)
        # Not the numbers kept here: those of codes that were made later are higher.
        drawn = sorted({row.id for row in rows}, key=lambda i: sha256(salt + b"%d" % i).digest())
        number = {voter_id: n for n, voter_id in enumerate(drawn, start=1)}
        rows = sorted((row[0], number[row[1]], *row[2:]) for row in rows)
        return pd.DataFrame(rows, columns=BALLOT_COLUMNS)


def _new_codes(group: VotingGroup, number: int | None, salt: bytes) -> dict[str, bytes]:
    if group.votes == "paper":
        if number:
            raise ParameterError(
                f"the group {group.id!r} votes on paper and has no codes; read its sheets in with: "
                "outcomes ballot import"
            )
        return {}
    codes = [new_code(group.short) for _ in range(number or 0)]
    return {code: hashed(code, salt) for code in codes}


def _as_table(codes: Mapping[str, Mapping[str, bytes]]) -> pd.DataFrame:
    """Return codes in their own order, which says nothing of the numbers they have here."""
    rows = [(group, code) for group, found in codes.items() for code in sorted(found)]
    return pd.DataFrame(rows, columns=["group", "code"])
