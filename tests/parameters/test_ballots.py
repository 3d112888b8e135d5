"""The definition of a ballot: what is refused, and which statements can be chosen."""

import pytest

from outcomes.errors import ParameterError
from outcomes.parameters import load_parameters
from outcomes.parameters.ballots import ballot, candidates

MINE = """\
framework: nine_outcomes_example
title: Mine
outcomes: [good_start, learning]
groups:
  - {id: members, title: Elected members, short: MEMBERS, invited: 3}
  - {id: users, title: Users, short: USERS, votes: paper, weight: 2}
"""


@pytest.fixture
def read(project, tmp_path, monkeypatch):
    """Return a function that reads the ballot `mine` with words replaced."""
    import shutil

    shutil.copytree(project / "parameters", tmp_path / "parameters")
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))

    def change(old: str = "Mine", new: str = "Mine"):
        assert old in MINE
        path = tmp_path / "parameters" / "ballots" / "mine.yml"
        path.write_text(MINE.replace(old, new, 1))
        return ballot(load_parameters(), "mine")

    return change


def test_a_ballot_is_read_with_its_weights_and_candidates(read):
    assert read().weights() == {"members": 1.0, "users": 2.0}
    found = candidates(load_parameters(), "mine")
    assert list(found) == ["good_start", "learning"]
    assert {s.status for o in found.values() for s in o.statements} <= {"candidate", "final"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[good_start, learning]", "[god_start]", "parameters/ballots/mine.yml: outcome: there is no "
         "outcome 'god_start'; did you mean 'good_start'?"),
        ("nine_outcomes_example", "nine", "parameters/ballots/mine.yml: framework: there is no "
         "framework 'nine'"),
        (", invited: 3", "", "the group 'members' votes with codes; say in invited how many people "
         "have one"),
        ("id: users", "id: members", "group 'members' stands twice; each may stand once"),
        ("short: USERS", "short: MEMBERS", "short name of a group 'MEMBERS' stands twice"),
        ("weight: 2", "weight: -1", "got -1; expected greater than or equal to 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_held_is_refused(read, old, new, reason):
    with pytest.raises(ParameterError) as error:
        read(old, new)
    assert reason in str(error.value)


def test_row_003_an_outcome_with_nothing_to_choose_is_refused(read):
    read("outcomes:", "choose: 6\noutcomes:")
    with pytest.raises(ParameterError) as error:
        candidates(load_parameters(), "mine")
    assert str(error.value).startswith(
        "parameters/ballots/mine.yml: choose: got 6, but the outcome 'good_start' has "
    )
    assert str(error.value).endswith(
        "expected more than 6: add candidates to the framework, choose fewer, or leave the outcome "
        "out of outcomes"
    )
