"""From votes on paper to a frozen version: what was chosen, ties decided by a person with a reason."""

import pytest
from click.testing import CliRunner

from outcomes.cli import main
from outcomes.parameters import load_parameters
from outcomes.parameters.versions import ledger_of

NINE = "nine_outcomes_example"
BALLOT = f"""
framework: {NINE}
title: What safe means to us
outcomes: [safe]
groups:
  - {{id: members, title: Elected members, short: MEMBERS, votes: paper}}
"""
# Chosen by so many: outside 4, at_home 3, roads 3, children 2, victims 2, online 2.
SHEETS = [
    ("one", ["safe_outside", "safe_at_home", "safe_roads", "children_safe"]),
    ("two", ["safe_outside", "safe_at_home", "safe_roads", "victims_heard"]),
    ("three", ["safe_outside", "safe_at_home", "safe_online", "victims_heard"]),
    ("four", ["safe_outside", "safe_roads", "safe_online", "children_safe"]),
]  # fmt: skip


@pytest.fixture
def command(own_home):
    def run(*words: str):
        return CliRunner().invoke(main, words, input="y\n")

    return run


@pytest.fixture
def closed(own_home, command, tmp_path):
    (own_home / "parameters/ballots/spring.yml").write_text(BALLOT, encoding="utf-8")
    sheets = tmp_path / "sheets.csv"
    rows = [f"members,{voter},safe,{name}" for voter, names in SHEETS for name in names]
    sheets.write_text("\n".join(["group,voter,outcome,statement", *rows]), encoding="utf-8")
    for words in (
        ("open", "spring", "--out", str(tmp_path / "codes.csv")),
        ("import", "spring", str(sheets)),
        ("close", "spring"),
    ):
        done = command("ballot", *words)
        assert done.exit_code == 0, done.output
    return own_home


FREEZE = ("framework", "freeze", NINE, "--by", "The cabinet", "--reason", "Agreed in spring")


def test_row_007_a_tie_is_decided_once(closed, command):
    ties = ("--tie", "safe=victims_heard: a", "--tie", "safe = children_safe: b")
    done = command(*FREEZE, "--ballot", "spring", *ties)
    assert done.exit_code == 2
    assert done.output.endswith("an outcome has two decisions; give --tie once for each outcome\n")


@pytest.mark.parametrize("key", ["by", "reason"])
def test_row_007_who_agreed_a_version_and_why_is_said(own_home, command, key):
    done = command(*FREEZE, f"--{key}", "")
    assert (done.exit_code, done.output) == (
        10,
        f"Error: the new version of {NINE} has 1 problem\n  {key}: got ''; expected some text\n",
    )
    assert not ledger_of(load_parameters(), NINE).versions


def test_row_007_a_tie_is_never_broken_silently(closed, command):
    done = command(*FREEZE, "--ballot", "spring")
    assert done.exit_code == 10
    assert done.output == (
        "Error: safe: children_safe, victims_heard and safe_online tie for 1 place; decide with "
        "--tie 'safe=children_safe: the reason'\n"
    )
    wrong = command(*FREEZE, "--ballot", "spring", "--tie", "safe=safe_roads: dear to us")
    assert wrong.output.endswith("the reason'. Got safe_roads\n")
    assert not ledger_of(load_parameters(), NINE).versions


def test_row_007_the_ballots_choice_is_frozen_with_how_the_tie_was_decided(closed, command):
    done = command(
        *FREEZE, "--ballot", "spring", "--tie", "safe=victims_heard: the members spoke for it"
    )
    assert done.exit_code == 0, done.output
    assert done.output == (
        f"{NINE}: version 1 is frozen\n"
        "  Safe: 'People who are harmed are heard and helped' rather than 'Children are safe from "
        "harm and neglect' and 'People are safe online', which had the same score: the members "
        "spoke for it\n"
        "  The first version.\n"
    )
    safe = load_parameters().framework(NINE).outcome("safe")
    assert [s.id for s in safe.statements if s.status == "final"] == [
        "safe_outside", "safe_at_home", "safe_roads", "victims_heard",
    ]  # fmt: skip
    (version,) = ledger_of(load_parameters(), NINE).versions
    assert (version.ballot, version.by) == ("spring", "The cabinet")
    assert len(version.ties) == 1
    listed = command("framework", "versions", NINE)
    assert "by The cabinet: Agreed in spring\n  Safe: 'People who are harmed" in listed.output


def test_a_wording_that_was_changed_after_the_vote_is_not_frozen_as_chosen(closed, command):
    file = closed / "parameters" / "frameworks" / f"{NINE}.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("People are safe online", "All is well online"), encoding="utf-8")
    done = command(*FREEZE, "--ballot", "spring", "--tie", "safe=safe_online: why not")
    assert done.exit_code == 10
    assert done.output == (
        f"Error: {NINE}, safe, safe_online: people voted on 'People are safe online'; the framework "
        "now has 'All is well online'. Put the wording back, freeze, and change it afterwards\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--tie", "safe=a: b"), "--tie decides a tie of a ballot; name it with --ballot"),
        (
            ("--ballot", "spring", "--tie", "safe=a"),
            "'safe=a'; expected an outcome, its statements and a reason, such as "
            "'safe=victims_heard: asked for by the victims' forum'",
        ),
    ],
)
def test_a_tie_needs_a_ballot_and_a_reason(closed, command, words, message):
    done = command(*FREEZE, *words)
    assert done.exit_code == 2
    assert message in done.output


def test_a_ballot_on_another_framework_is_refused(closed, command):
    done = command(
        "framework", "freeze", "essex_2014", "--by", "x", "--reason", "y", "--ballot", "spring"
    )
    assert done.exit_code == 10
    assert done.output == (f"Error: the ballot 'spring' is about '{NINE}', not 'essex_2014'\n")
