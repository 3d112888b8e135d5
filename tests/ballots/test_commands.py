"""The commands `outcomes ballot`, on the example that is shipped."""

import csv
import re
import stat

import pandas as pd
import pytest
from click.testing import CliRunner

from outcomes.cli import main
from outcomes.parameters import load_parameters

GOOD_START = ("ready_to_learn", "cared_for", "fed_and_warm", "parents_helped")
OTHER = ("ready_to_learn", "cared_for", "safe_to_play", "healthy_from_birth")


@pytest.fixture
def ballot(home, tmp_path, monkeypatch):
    """Return a function that runs a command, which ends as expected, and returns what it said."""
    monkeypatch.setenv("OUTCOMES_BALLOTS", f"sqlite:///{tmp_path / 'ballots.sqlite'}")
    monkeypatch.chdir(tmp_path)

    def run(*words: str, status: int = 0) -> str:
        found = CliRunner().invoke(main, ["ballot", *words])
        assert found.exit_code == status, found.output
        return found.output

    return run


@pytest.fixture
def codes(ballot, tmp_path):
    """The codes of the shipped ballot, which is open."""
    said = ballot("open", "nine_outcomes", "--out", "codes.csv")
    assert said == (
        "What the nine outcomes mean to us: open, with nine outcomes and ten groups; choose four "
        "statements under each outcome\ncodes: codes.csv. Hand out one to each person; then delete "
        "the file.\n"
    )
    with (tmp_path / "codes.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for row in rows:
        found.setdefault(row["group"], []).append(row["code"])
    return found


def put(tmp_path, *ballots) -> None:
    lines = [f"{g},{v},good_start,{s}" for g, v, chosen in ballots for s in chosen]
    (tmp_path / "sheets.csv").write_text("\n".join(["group,voter,outcome,statement", *lines]))


def test_row_004_the_shipped_ballot_has_the_groups_of_the_timeline(codes, tmp_path):
    assert {group: len(found) for group, found in codes.items()} == {
        "senior_managers": 20, "service_area_adults": 15, "service_area_places": 15,
        "elected_members": 50, "business": 12, "health_and_wellbeing_board": 16,
        "voluntary_sector": 25, "strategic_partnership": 18, "public": 200,
    }  # fmt: skip
    assert stat.S_IMODE((tmp_path / "codes.csv").stat().st_mode) == 0o600


def test_row_006_from_opening_to_the_result_by_hand_count(ballot, codes, tmp_path):
    """Two members and one manager: 3 chose the first two; 2 each of others, 1 the rest."""
    members, managers = codes["elected_members"], codes["senior_managers"]
    put(
        tmp_path,
        ("elected_members", members[0], GOOD_START),
        ("elected_members", members[1], GOOD_START),
        ("senior_managers", managers[0], OTHER),
    )
    assert ballot("import", "nine_outcomes", "sheets.csv") == (
        "sheets.csv: the votes of 3 people on one outcome are taken\n"
    )
    status = ballot("status", "nine_outcomes")
    assert "  Elected members: 2 of 50 voted\n" in status
    assert "  Service-user groups: 0 voted on paper\n" in status
    refused = ballot("result", "nine_outcomes", status=10)
    assert refused == (
        "Error: the ballot 'nine_outcomes' is open: votes can be seen by nobody before it closes. "
        "Close it with: outcomes ballot close nine_outcomes\n"
    )
    assert ballot("export", "nine_outcomes", "--out", "all.csv", status=10) == refused
    assert re.fullmatch(
        r"What the nine outcomes mean to us: closed on \d+ \w+ \d{4}, \d\d:\d\d \S+; 3 people voted\n"
        r"the result: outcomes ballot result nine_outcomes\n",
        ballot("close", "nine_outcomes", "--yes"),
    )
    # Shares: members 2/2 and 0, managers 1/1 and 0; equal weights give 1, 1, 1/2, 1/2, 1/2, 1/2.
    said = ballot("result", "nine_outcomes", "--out", "result.csv")
    assert "Four statements tie for the third and 4th place" in said
    rows = pd.read_csv(tmp_path / "result.csv").set_index(["outcome", "statement"])
    here = rows.loc["good_start"]
    assert here["total"].to_dict() == {
        "ready_to_learn": 3, "cared_for": 3, "fed_and_warm": 2, "parents_helped": 2,
        "safe_to_play": 1, "healthy_from_birth": 1,
    }  # fmt: skip
    assert here["score"].round(9).to_list() == [1, 1, 0.5, 0.5, 0.5, 0.5]
    assert rows.loc["learning", "total"].isna().all()
    # Members at 3: (3 * 1 + 1 * 0) / 4 for theirs, (3 * 0 + 1 * 1) / 4 for the manager's.
    ballot("result", "nine_outcomes", "--weight", "elected_members=3", "--out", "weighted.csv")
    rows = pd.read_csv(tmp_path / "weighted.csv").set_index(["outcome", "statement"])
    here = rows.loc["good_start"]
    assert here["score"].to_list() == [1, 1, 0.75, 0.75, 0.25, 0.25]
    assert here["score_equal"].to_list() == [1, 1, 0.5, 0.5, 0.5, 0.5]
    assert ballot("export", "nine_outcomes", "--out", "all.csv") == "12 choices: all.csv\n"
    assert len(pd.read_csv(tmp_path / "all.csv")) == 12
    assert stat.S_IMODE((tmp_path / "all.csv").stat().st_mode) == 0o600
    assert ballot("export", "nine_outcomes", "--out", "all.csv", status=11) == (
        "Error: all.csv: it exists already; name a new file\n"
    )


def test_weights_under_which_no_vote_counts_are_refused(ballot, codes, tmp_path):
    put(tmp_path, ("public", codes["public"][0], GOOD_START))
    assert ballot("import", "nine_outcomes", "sheets.csv") == (
        "sheets.csv: the votes of 1 person on one outcome are taken\n"
    )
    assert ballot("close", "nine_outcomes", "--yes").split("; ")[1].startswith("1 person voted\n")
    assert ballot("result", "nine_outcomes", "--weight", "public=0", status=10) == (
        "Error: weight: on 'Children in our area get a good start in life' only public voted, with "
        "a weight of 0, so nobody's vote counts; give one of them a weight above 0\n"
    )


def test_further_codes_are_made_into_a_new_file_alone(ballot, codes, tmp_path):
    before = (tmp_path / "codes.csv").read_bytes()
    said = ballot("codes", "nine_outcomes", "business", "2", "--out", "codes.csv", status=11)
    assert said == "Error: codes.csv: it exists already; name a new file\n"
    assert (tmp_path / "codes.csv").read_bytes() == before
    assert ballot("codes", "nine_outcomes", "business", "2", "--out", "more.csv") == (
        "2 codes for Business sector: more.csv\n"
    )
    assert ballot("codes", "nine_outcomes", "business", "1", "--out", "one.csv") == (
        "1 code for Business sector: one.csv\n"
    )
    assert "  Business sector: 0 of 15 voted\n" in ballot("status")
    assert ballot("codes", "nine_outcomes", "service_users", "1", "--out", "x.csv", status=10) == (
        "Error: the group 'service_users' votes on paper and has no codes; read its sheets in with: "
        "outcomes ballot import\n"
    )


def test_what_is_misspelt_is_told(ballot, codes):
    assert ballot("open", "nine_outcome", "--out", "c.csv", status=10) == (
        "Error: parameters/ballots: ballot: there is no ballot 'nine_outcome'; did you mean "
        "'nine_outcomes'?\n"
    )
    assert ballot("close", "nine", "--yes", status=10) == (
        "Error: the ballot 'nine' has not been opened; open are or were: nine_outcomes\n"
    )
    ballot("close", "nine_outcomes", "--yes")
    assert ballot("result", "nine_outcomes", "--weight", "members=2", status=10).startswith(
        "Error: weight: the ballot has no group 'members'; did you mean "
    )
    assert ballot("result", "nine_outcomes", "--weight", "public", status=2).endswith(
        "'public'; expected a group and a number, such as elected_members=2\n"
    )


def test_closing_is_asked_for_twice(ballot, codes):
    assert "Aborted" in ballot("close", "nine_outcomes", status=1)
    assert "still open" in ballot("status")


def test_without_any_ballot_status_says_how_to_open_one(ballot):
    assert ballot("status") == (
        "no ballot was opened yet. Open one with: outcomes ballot open BALLOT\n"
    )


def test_the_shipped_ballot_stands_in_what_is_checked(home):
    from outcomes.batch import check_everything

    assert "1 ballot, for 10 groups" in check_everything(load_parameters())
