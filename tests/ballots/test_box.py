"""What the ballot box takes, refuses with its reason, keeps to itself, and shows in the end."""

import re

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from outcomes.ballots import open_box
from outcomes.ballots.database import Database
from outcomes.ballots.tables import choice, vote, voter
from outcomes.errors import ParameterError
from outcomes.model.ballot import VotingGroup

WORK, HOMES = ("find", "earn", "learn", "start"), ("warm", "near", "safe", "kept")
HERE = "1. Everyone has good work in Tarrowshire"
CLOSED = r"the ballot was closed on \d+ \w+ \d{4}, \d\d:\d\d \S+; nothing can be cast, changed or withdrawn any more"


@pytest.fixture
def member(opened):
    """The box, and what the first elected member's code entitles to."""
    box, codes = opened
    return box, box.ticket("spring", codes["members"][0])


@pytest.mark.parametrize(
    ("outcome", "chosen", "reason"),
    [
        ("work", ("find", "earn", "learn"), f"{HERE}: 3 statements are chosen; choose exactly 4"),
        ("work", (*WORK, "stay"), f"{HERE}: 5 statements are chosen; choose exactly 4"),
        ("work", ("find",), f"{HERE}: 1 statement is chosen; choose exactly 4"),
        ("work", (), f"{HERE}: no statements are chosen; choose exactly 4"),
        (
            "work",
            ("find", "find", "earn", "learn"),
            f"{HERE}: “People find” stands more than once; choose 4 different statements",
        ),
        (
            "work",
            ("find", "earn", "learn", "warm"),
            f"{HERE}: “People warm” belongs to another outcome, 2. Everyone has a home; choose among "
            "this outcome's statements",
        ),
        (
            "work",
            ("find", "earn", "learn", "stort"),
            f"{HERE}: there is no statement 'stort' in this ballot (did you mean 'start'?)",
        ),
        (
            "work",
            ("FIND", "Peopel lern", "warm", ""),
            f"{HERE}: there is no statement 'FIND' in this ballot (did you mean 'find'?); there is no "
            "statement 'Peopel lern' in this ballot (did you mean 'People learn'?); “People warm” "
            "belongs to another outcome, 2. Everyone has a home; choose among this outcome's "
            "statements; the cell of a statement is blank",
        ),
        ("wark", WORK, "outcome: 'What matters' has no outcome 'wark'; did you mean 'work'?"),
    ],
)
def test_row_003_a_spoiled_ballot_is_refused_with_its_reason(member, outcome, chosen, reason):
    box, ticket = member
    with pytest.raises(ParameterError) as error:
        box.cast(ticket, outcome, chosen)
    assert str(error.value) == reason
    assert box.votes(ticket) == {}


def test_row_003_exactly_four_valid_ones_are_taken(member):
    box, ticket = member
    box.cast(ticket, "work", WORK)
    assert {name: set(found) for name, found in box.votes(ticket).items()} == {"work": set(WORK)}


def test_row_004_each_group_has_its_voters_and_a_group_is_added_as_data(opened):
    box, codes = opened
    box.cast(box.ticket("spring", codes["managers"][1]), "homes", HOMES)
    turnout = [(t.group, t.voted, t.invited) for t in box.turnout("spring")]
    assert turnout == [("members", 0, 3), ("managers", 1, 2), ("users", 0, None)]
    tables = []
    board = VotingGroup(id="board", title="The board", short="BOARD", invited=1)
    box.add_codes("spring", board, 2, tables.append)
    new = tables[0]["code"].to_list()
    box.cast(box.ticket("spring", new[0]), "work", WORK)
    assert [(t.group, t.voted, t.invited) for t in box.turnout("spring")][-1] == ("board", 1, 2)


def test_row_005_ballots_are_kept_one_by_one_and_seen_by_nobody_before_closing(opened):
    box, codes = opened
    tickets = [box.ticket("spring", codes[group][0]) for group in ("members", "managers")]
    box.cast(tickets[0], "work", WORK)
    box.cast(tickets[1], "work", ("stay", "care", "find", "earn"))
    with pytest.raises(ParameterError) as error:
        box.cast_ballots("spring")
    assert str(error.value) == (
        "the ballot 'spring' is open: votes can be seen by nobody before it closes. Close it with: "
        "outcomes ballot close spring"
    )
    assert set(box.votes(tickets[0])["work"]) == set(WORK)  # one's own, and nobody else's
    box.close_ballot("spring")
    found = box.cast_ballots("spring")
    assert list(found.columns) == ["group", "voter", "outcome", "statement"]
    sets = found.groupby(["group", "outcome"])["statement"].agg(set).to_dict()
    assert sets == {("members", "work"): set(WORK),
                    ("managers", "work"): {"stay", "care", "find", "earn"}}  # fmt: skip


def test_row_005_the_same_person_twice_is_refused_and_a_change_replaces(member):
    box, ticket = member
    box.cast(ticket, "work", WORK)
    with pytest.raises(ParameterError) as error:
        box.cast(ticket, "work", ("find", "earn", "stay", "care"))
    assert str(error.value) == (
        f"{HERE}: this person has voted on it already; a vote counts once, and can be changed on the "
        "page until the ballot closes"
    )
    assert set(box.votes(ticket)["work"]) == set(WORK)
    box.cast(ticket, "work", ("find", "earn", "stay", "care"), change=True)
    box.cast(ticket, "homes", HOMES)
    box.withdraw(ticket, "homes")
    box.close_ballot("spring")
    assert set(box.cast_ballots("spring")["statement"]) == {"find", "earn", "stay", "care"}


def test_a_vote_that_is_not_there_cannot_be_withdrawn(member):
    box, ticket = member
    with pytest.raises(ParameterError, match="^there is no vote of yours on this outcome to with"):
        box.withdraw(ticket, "work")


def test_after_closing_nothing_is_taken_changed_withdrawn_or_shown(opened, definition):
    box, codes = opened
    ticket = box.ticket("spring", codes["members"][0])
    box.cast(ticket, "work", WORK)
    box.close_ballot("spring")
    for act in (
        lambda: box.cast(ticket, "homes", HOMES),
        lambda: box.cast(ticket, "work", WORK, change=True),
        lambda: box.withdraw(ticket, "work"),
        lambda: box.votes(ticket),
        lambda: box.ticket("spring", codes["members"][0]),
        lambda: box.close_ballot("spring"),
        lambda: box.add_codes("spring", definition.groups[0], 1, print),
    ):
        with pytest.raises(ParameterError) as error:
            act()
        assert re.fullmatch(CLOSED, str(error.value))
    assert len(box.cast_ballots("spring")) == 4


@pytest.mark.parametrize("code", ["MEMBERS-0000-0000-0000", "", "members", "' OR 1=1 --"])
def test_an_unknown_code_opens_nothing(opened, code):
    box, _ = opened
    with pytest.raises(ParameterError) as error:
        box.ticket("spring", code)
    assert str(error.value) == (
        "this code is not one of this ballot; type it as it was handed out to you, such as "
        "MEMBERS-7K2M-9QXT-04WB"
    )


def test_a_code_is_read_as_people_type_it(opened):
    box, codes = opened
    code = codes["members"][0]
    assert re.fullmatch(r"MEMBERS(-[0-9A-HJKMNP-TV-Z]{4}){3}", code)
    typed = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}"
    assert box.ticket("spring", typed) == box.ticket("spring", code)


def test_only_hashes_of_codes_are_kept_and_none_after_closing(opened, database):
    box, codes = opened
    shown = [code for found in codes.values() for code in found]
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        before = connection.execute(sa.select(voter.c.code_hash)).scalars().all()
    box.close_ballot("spring")
    with engine.connect() as connection:
        after = connection.execute(sa.select(voter.c.code_hash)).scalars().all()
    engine.dispose()
    assert len(set(before)) == len(shown) == 5
    assert {len(each) for each in before} == {32}
    assert not any(code.encode() in each for code in shown for each in before)
    assert after == [None] * 5


def test_the_wording_shown_is_the_wording_at_opening(opened, outcomes):
    box, _ = opened
    held = box.ballot("spring")
    assert held.outcomes["work"].title == "Everyone has good work in Tarrowshire"
    assert held.outcomes["work"].statements["find"] == "People find"
    assert list(held.outcomes["homes"].statements) == ["warm", "near", "safe", "kept", "cheap"]


def test_a_ballot_is_opened_once_and_a_failed_hand_out_opens_nothing(opened, definition, outcomes):
    box, _ = opened
    with pytest.raises(
        ParameterError, match=r"^the ballot 'spring' was opened on .* already; give"
    ):
        box.open_ballot("spring", definition, outcomes, print)

    def fail(_):
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        box.open_ballot("autumn", definition, outcomes, fail)
    with pytest.raises(ParameterError) as error:
        box.ballot("autumn")
    assert str(error.value) == ("the ballot 'autumn' has not been opened; open are or were: spring")


def test_the_database_itself_refuses_what_the_rules_refuse(opened):
    """Were the program wrong, the tables still could not hold it."""
    box, codes = opened
    ticket = box.ticket("spring", codes["members"][0])
    box.cast(ticket, "work", WORK)
    mine = {"ballot_id": "spring", "voter_id": ticket.voter}
    here = {"ballot_id": "spring", "outcome_id": "work"}
    database: Database = box._database
    with database.reading() as connection:
        vote_id = connection.execute(sa.select(vote.c.id)).scalar_one()
    for table, values in (
        (vote, {**mine, "outcome_id": "work"}),  # a second ballot of the same person
        (vote, {**mine, "outcome_id": "roads"}),  # an outcome that is not in the ballot
        (vote, {**mine, "voter_id": 999, "outcome_id": "homes"}),  # a voter that there is not
        (choice, {**here, "vote_id": vote_id, "statement_id": "find"}),  # a statement twice
        (choice, {**here, "vote_id": vote_id, "statement_id": "warm"}),  # of another outcome
        (choice, {**here, "outcome_id": "homes", "vote_id": vote_id, "statement_id": "warm"}),
        (voter, {"ballot_id": "spring", "group_id": "nobody"}),
    ):
        refused = pytest.raises(IntegrityError, match="SQL parameters hidden")
        with refused, database.writing() as connection:
            connection.execute(sa.insert(table).values(**values))
    assert set(box.votes(ticket)["work"]) == set(WORK)


def test_what_is_cast_outlives_the_program(opened, database):
    box, codes = opened
    box.cast(box.ticket("spring", codes["members"][0]), "work", WORK)
    with open_box() as other:
        other.close_ballot("spring")
        assert len(other.cast_ballots("spring")) == 4


def test_an_empty_ballot_has_no_rows(opened):
    box, _ = opened
    box.close_ballot("spring")
    expected = pd.DataFrame(columns=["group", "voter", "outcome", "statement"])
    assert box.cast_ballots("spring").equals(expected)


def test_the_numbers_of_an_export_are_drawn_and_not_those_kept_here(
    box, definition, outcomes, monkeypatch
):
    """Numbers in the order of the codes would say which votes came by codes that were made later."""
    monkeypatch.setattr("outcomes.ballots.box.secrets.token_bytes", lambda n: b"0" * n)
    groups = [definition.groups[0].model_copy(update={"invited": 8})]
    tables = []
    box.open_ballot(
        "spring", definition.model_copy(update={"groups": groups}), outcomes, tables.append
    )
    kept, chosen = [], {}
    for code, (left, right) in zip(
        tables[0]["code"], [(a, b) for a in WORK for b in ("stay", "care")], strict=True
    ):
        ticket = box.ticket("spring", code)
        chosen[ticket.voter] = sorted({*WORK, right} - {left})
        box.cast(ticket, "work", chosen[ticket.voter])
        kept.append(ticket.voter)
    box.close_ballot("spring")
    found = box.cast_ballots("spring").groupby("voter")["statement"].agg(sorted).to_dict()
    assert list(found) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert sorted(found.values()) == sorted(chosen.values())
    assert list(found.values()) != [chosen[number] for number in sorted(kept)]
    again = box.cast_ballots("spring").groupby("voter")["statement"].agg(sorted).to_dict()
    assert again == found
