"""Two hundred voters at once, from four processes: nothing is lost, and closing is a clean cut."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
import sqlalchemy as sa

from outcomes.ballots import database as database_module
from outcomes.ballots import open_box
from outcomes.ballots import rows as rows_module
from outcomes.ballots.box import Sheet
from outcomes.ballots.codes import mark_hash
from outcomes.ballots.tables import choice, vote
from outcomes.errors import ParameterError
from outcomes.model.ballot import BallotDefinition, VotingGroup

PROCESSES, THREADS = 4, 50
VOTER = '''
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, cycle
from outcomes.ballots import open_box
from outcomes.errors import ParameterError

WORK = list(combinations(["find", "earn", "learn", "start", "stay", "care"], 4))
codes, until_closed = json.loads(sys.stdin.readline()), sys.argv[1] == "until closed"


def vote(number, ticket):
    """Cast once; or cast, change and change again until it is refused. Return what was taken last."""
    taken = None
    for chosen in cycle(WORK[number % 15 :] + WORK[: number % 15]):
        try:
            box.cast(ticket, "work", chosen, change=taken is not None)
        except ParameterError as error:
            return ticket.voter, taken, str(error)
        taken = sorted(chosen)
        if not until_closed:
            return ticket.voter, taken, ""
        time.sleep(0.05)


with open_box() as box, ThreadPoolExecutor(len(codes)) as pool:
    tickets = [box.ticket("spring", code) for code in codes]
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(list(pool.map(vote, range(len(codes)), tickets))), flush=True)
'''


@pytest.fixture
def held(box, outcomes):
    """A ballot with 200 voters, and their codes."""
    tables = []
    group = {"id": "public", "title": "The public", "short": "PUBLIC", "invited": 200}
    defined = BallotDefinition(framework="essex_2014", title="What matters", groups=[group])
    box.open_ballot("spring", defined, outcomes, tables.append)
    return box, tables[0]["code"].to_list()


def voters(codes: list[str], how: str, meanwhile=lambda: None) -> list:
    """Let processes of many threads vote, all at once, and return what each voter was told."""
    with ExitStack() as running:
        started = [
            running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", VOTER, how],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                )
            )
            for _ in range(PROCESSES)
        ]  # fmt: skip
        for number, process in enumerate(started):
            print(json.dumps(codes[number::PROCESSES]), file=process.stdin, flush=True)
        assert [process.stdout.readline() for process in started] == ["ready\n"] * PROCESSES
        for process in started:
            print("go", file=process.stdin, flush=True)
        meanwhile()
        return [told for process in started for told in json.loads(process.stdout.readline())]


def in_the_box(box) -> dict[int, list[str]]:
    """Return what each voter chose, by the number kept with the vote, which no export shows."""
    query = sa.select(vote.c.voter_id, choice.c.statement_id).join(
        choice, choice.c.vote_id == vote.c.id
    )
    found = {}
    with box._database.reading() as connection:
        for voter, statement in sorted(connection.execute(query).all()):
            found.setdefault(voter, []).append(statement)
    return found


def test_row_005_two_hundred_at_once_and_nothing_is_lost(held):
    box, codes = held
    told = voters(codes, "once")
    assert len(told) == PROCESSES * THREADS
    assert {refused for _, _, refused in told} == {""}
    box.close_ballot("spring")
    assert in_the_box(box) == {voter: taken for voter, taken, _ in told}


def test_row_005_a_ballot_that_closes_while_all_vote_counts_what_was_taken_and_nothing_else(held):
    box, codes = held

    def close() -> None:
        late = time.monotonic() + 60
        while box.turnout("spring")[0].voted < 100 and time.monotonic() < late:
            time.sleep(0.05)
        box.close_ballot("spring")

    told = voters(codes, "until closed", close)
    assert len(told) == 200
    assert all(" was closed on " in refused for _, _, refused in told)
    taken = {voter: last for voter, last, _ in told if last}
    assert len(taken) >= 100
    assert in_the_box(box) == taken


def test_first_use_by_several_at_once_makes_one_database(database):
    program = "from outcomes.ballots import open_box\nwith open_box() as box: print(box.ballots())"
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=120)[0] for process in started] == ["{}\n"] * 3
    with open_box() as box:
        assert box.ballots() == {}


HANDED = []
BOARD = VotingGroup(id="board", title="The board", short="BOARD", invited=1)
SHEETS = [
    Sheet(f"line {n}", "users", f"sheet {n}", "work", ("find", "earn", "learn", "start"))
    for n in range(10)
]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda box, *what: box.open_ballot("autumn", *what, HANDED.append), "was opened on"),
        (lambda box, *_: box.cast_sheets("spring", SHEETS), "this person has voted on it already"),
        (lambda box, *_: box.add_codes("spring", BOARD, 1, HANDED.append), None),
    ],
)
def test_two_who_do_the_same_at_once_take_turns(opened, definition, outcomes, act, told):
    """The one who comes second is told so, and both may add codes to a group that is new."""
    both = Barrier(2)

    def one(_) -> str | None:
        with open_box() as box:
            both.wait(timeout=60)
            try:
                act(box, definition, outcomes)
            except ParameterError as error:
                return str(error)
        return None

    with ThreadPoolExecutor(2) as pool:
        first, second = sorted(pool.map(one, range(2)), key=lambda said: said or "")
    assert first is None
    assert second is None if told is None else told in second


def test_votes_do_not_wait_while_the_marks_of_sheets_are_hashed(opened, monkeypatch):
    box, codes = opened
    ticket = box.ticket("spring", codes["members"][0])
    cast = []

    def hashing(*given) -> bytes:
        if not cast:  # SQLite would let nobody else write until the sheets are in
            with open_box() as other:
                other.cast(ticket, "work", ("find", "earn", "learn", "start"))
            cast.append(True)
        return mark_hash(*given)

    monkeypatch.setattr(database_module, "PATIENCE", 1)
    monkeypatch.setattr(rows_module, "mark_hash", hashing)
    assert len(box.cast_sheets("spring", SHEETS)) == 10
    assert [turnout.voted for turnout in box.turnout("spring")] == [1, 0, 10]
