"""Frameworks side by side: the tables and the files behind them."""

import re

import pytest
import yaml
from click.testing import CliRunner

from outcomes.cli import main
from outcomes.errors import ParameterError
from outcomes.parameters import load_parameters
from outcomes.parameters.crosswalks import crosswalks, side_by_side
from outcomes.tables.crosswalk import table_crosswalk, table_shared

READING = (
    "our reading of the two lists; neither Portsmouth nor the national programme has agreed it"
)


@pytest.fixture
def portsmouth(home):
    return side_by_side(load_parameters(), "portsmouth_8", "every_child_matters")


def test_row_131_a_cross_walk_shows_which_local_outcome_serves_which_national_one(portsmouth):
    table = table_crosswalk(portsmouth, "local")
    assert table.caption == f"The Portsmouth 8: what each outcome serves ({READING})"
    rows = table.frame.to_numpy().tolist()
    assert rows[0] == [
        "Active say",
        "● Serves",
        "Make a positive contribution",
        "Whoever has a say in what is planned contributes to it",
    ]
    assert [row[:3] for row in rows if row[0] == "Out of trouble"] == [
        ["Out of trouble", "○ Serves partly", "Make a positive contribution"],
        ["Out of trouble", "○ Serves partly", "Stay safe"],
    ]
    assert set(table.frame.iloc[:, 0]) == {o.short for o in portsmouth.local.outcomes}


def test_row_131_the_same_links_are_read_from_the_national_end(portsmouth):
    there, back = (
        table_crosswalk(portsmouth, "local").frame,
        table_crosswalk(portsmouth, "national").frame,
    )
    assert back.iloc[:, 0].drop_duplicates().tolist() == [
        "Stay safe",
        "Be healthy",
        "Enjoy and achieve",
        "Make a positive contribution",
        "Achieve economic wellbeing",
    ]
    pairs = {(row[0], row[2]) for row in there.to_numpy()}
    assert {(row[2], row[0]) for row in back.to_numpy()} == pairs


def test_row_131_outcomes_without_a_link_are_listed_at_both_ends(own_home):
    parameters = load_parameters()
    essex = side_by_side(parameters, "essex_2014", "every_child_matters")
    frame = table_crosswalk(essex, "local").frame
    assert frame[frame["How"] == "Serves none"].iloc[:, 0].tolist() == [
        "Environment",
        "Independent living",
    ]
    path = own_home / "parameters" / "crosswalks" / "essex_2014__every_child_matters.yml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    said["links"] = [link for link in said["links"] if link["national"] != "stay_safe"]
    path.write_text(yaml.safe_dump(said), encoding="utf-8")
    fewer = side_by_side(load_parameters(), "essex_2014", "every_child_matters")
    assert table_crosswalk(fewer, "national").frame.iloc[0].tolist() == [
        "Stay safe",
        "Served by none",
        "–",
        "–",
    ]


def test_row_131_the_indicators_that_two_frameworks_share_are_found(own_home):
    folder = own_home / "parameters" / "crosswalks"
    (folder / "nine_outcomes_example__essex_2014.yml").write_text(
        "source: a reading\nadopted: true\nlinks:\n"
        "  - {local: good_work, national: economic_growth, how: serves, reason: Work}\n",
        encoding="utf-8",
    )
    parameters = load_parameters()
    found = side_by_side(parameters, "nine_outcomes_example", "essex_2014")
    ours = yaml.safe_load(
        (own_home / "parameters/frameworks/nine_outcomes_example.yml").read_text()
    )
    theirs = yaml.safe_load((own_home / "parameters/frameworks/essex_2014.yml").read_text())
    sets = [
        {e["indicator"] for o in f["outcomes"] for e in o.get("entries", [])}
        for f in (ours, theirs)
    ]
    assert set(found.shared) == sets[0] & sets[1]
    titles = {name: indicator.title for name, indicator in parameters.indicators.items()}
    rows = {row[0]: row[1:] for row in table_shared(found, titles).frame.to_numpy().tolist()}
    assert len(rows) == len(found.shared) > 5
    assert rows["Working-age people in employment"] == [
        "Good work",
        "Health and wellbeing, Education and learning and Economic growth",
    ]
    assert (
        table_crosswalk(found, "local").caption
        == "Nine outcomes, an example: what each outcome serves"
    )


def test_every_cross_walk_that_is_shipped_is_right_and_none_is_said_to_be_adopted(home):
    found = crosswalks(load_parameters())
    assert set(found) == {
        ("portsmouth_8", "every_child_matters"),
        ("essex_2014", "every_child_matters"),
    }
    assert not any(crosswalk.adopted for crosswalk in found.values())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "local: active_say",
            "local: active_sy",
            "{path}, link 1: outcome of portsmouth_8: there is no outcome of portsmouth_8 "
            "'active_sy'; did you mean 'active_say'?",
        ),
        (
            "national: be_healthy, how: serves",
            "national: healthy, how: serves",
            "{path}, link 2: outcome of every_child_matters: there is no outcome of "
            "every_child_matters 'healthy'; did you mean 'be_healthy'?",
        ),
    ],
)
def test_a_link_to_an_unknown_outcome_is_refused(own_home, old, new, message):
    name = "parameters/crosswalks/portsmouth_8__every_child_matters.yml"
    path = own_home / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ParameterError, match=f"^{re.escape(message.format(path=name))}$"):
        crosswalks(load_parameters())


def test_a_link_that_stands_twice_is_refused(own_home):
    path = own_home / "parameters/crosswalks/portsmouth_8__every_child_matters.yml"
    text = path.read_text(encoding="utf-8")
    link = "  - {local: healthy, national: be_healthy, how: partly, reason: Again}\n"
    path.write_text(text + link, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        crosswalks(load_parameters())
    assert "the link of 'healthy' to 'be_healthy' stands twice; keep one" in str(caught.value)


def test_a_file_that_is_named_after_one_framework_is_refused(own_home):
    folder = own_home / "parameters" / "crosswalks"
    (folder / "portsmouth_8.yml").write_text("source: x\n", encoding="utf-8")
    said = (
        "parameters/crosswalks/portsmouth_8.yml: expected the names of two frameworks joined by "
        "two underscores, such as portsmouth_8__every_child_matters.yml"
    )
    with pytest.raises(ParameterError, match=f"^{re.escape(said)}$"):
        crosswalks(load_parameters())


def test_the_command_prints_both_ends_and_refuses_what_it_does_not_know(home):
    run = CliRunner().invoke(main, ["framework", "crosswalk", "essex_2014", "every_child_matters"])
    assert run.exit_code == 0
    assert "\n  Environment\n    How: Serves none\n" in run.output
    assert "\nEvery Child Matters, the five outcomes: what serves each outcome (our" in run.output
    run = CliRunner().invoke(main, ["framework", "crosswalk", "every_child_matters", "essex_2014"])
    assert run.exit_code == 10
    assert run.output == (
        "Error: parameters/crosswalks: cross-walk: there is no cross-walk "
        "'every_child_matters__essex_2014'; did you mean 'essex_2014__every_child_matters'?\n"
    )
