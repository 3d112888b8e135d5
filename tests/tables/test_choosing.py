"""How indicators stand on the three tests, as a reader meets it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from outcomes.cli import main
from outcomes.model.choosing import Choosing, standing_of
from outcomes.tables.choosing import table_data_power, table_standing, table_weak


def row(**changes) -> dict:
    values = {"title": "Jobs", "central": "high", "why_central": "Work counts", "by": "analyst"}
    values |= {"communicates": "high", "why_communicates": "Plain.", "said": "", "why_said": ""}
    values |= {"computed": "high", "short": (), "measured": True, "standing": "headline"}
    return {**values, "weak": (), **changes}


@pytest.fixture
def choosing():
    table = pd.DataFrame(
        [
            row(),
            row(said="high", why_said="A large survey", computed="low",
                short=(("timeliness", "low"), ("completeness", "medium"))),
            row(title="Crime", measured=False, computed="", standing="development"),
            row(title="Waste", central="low", weak=("central", "data_power"), standing="secondary",
                said="low", why_said="Late", computed="low"),
            row(title="Noise", central="", communicates="", by="", standing="unscored"),
        ]
    )  # fmt: skip
    nan = np.nan
    power = {"title": "Jobs", "newest": "2023", "age": 14.6, "cycle": 12.0, "points": 9.0}
    power |= {"areas": 0.85, "periods": 1.0, "revised": 12.0, "revision_size": 0.034}
    power |= {
        "inside": 0.5,
        "own": True,
        "chance": 0.26,
        "timeliness": "high",
        "revision": "medium",
    }
    power |= {"completeness": "medium", "locality": "high", "precision": "medium"}
    bare = {**power, "title": "Crime", "newest": nan, "age": nan, "cycle": nan, "points": 0.0}
    bare |= {"areas": 0.0, "periods": nan, "revised": nan, "revision": "", "inside": nan}
    bare |= {"own": False, "chance": nan, "precision": "", "locality": "low", "timeliness": ""}
    bare |= {"completeness": "low", "overall": "low"}
    return Choosing(
        "Ours", "Anytown", example=True, source="Nobody", table=table,
        power=pd.DataFrame([{**power, "overall": "medium"}, bare]),
    )  # fmt: skip


LEVELS = ("high", "medium", "low", "")


@pytest.mark.parametrize("central", LEVELS)
@pytest.mark.parametrize("communicates", LEVELS)
@pytest.mark.parametrize("power", LEVELS)
@pytest.mark.parametrize("measured", [True, False])
def test_row_150_the_standing_follows_from_the_scores(central, communicates, power, measured):
    found = standing_of(central, communicates, power, measured=measured)
    if "" in (central, communicates):
        assert found == "unscored"
    elif (central, communicates) != ("high", "high"):
        assert found == "secondary"
    elif measured and power in ("high", "medium"):
        assert found == "headline"
    else:
        assert found == "development"


def test_row_150_scores_stand_with_their_reasons_and_a_computed_one_that_differs(choosing):
    table = table_standing(choosing, "headline")
    assert table.caption == (
        "Headline indicators: Ours, Anytown (an example that nobody has adopted)"
    )
    assert table.frame.to_numpy().tolist() == [
        ["Jobs", "High. Work counts.", "High. Plain.", "Computed: high.", "analyst"],
        ["Jobs", "High. Work counts.", "High. Plain.",
         "High. A large survey. Computed: low (timely low, complete medium).", "analyst"],
    ]  # fmt: skip
    development = table_standing(choosing, "development").frame
    assert development["Indicator"].tolist() == ["Crime (no figures in the store)"]
    assert development["Data power"].tolist() == ["No figures in the store."]


def test_row_150_weak_ones_are_listed_with_the_reason_and_unscored_ones_too(choosing):
    assert table_weak(choosing).frame.to_numpy().tolist() == [
        ["Waste", "Central importance and Data power", "Work counts. Late."]
    ]
    unscored = table_standing(choosing, "unscored").frame
    assert unscored.to_dict("records") == [{"Indicator": "Noise", "Data power": "Computed: high."}]


def test_row_150_data_power_is_shown_with_what_it_rests_on(choosing):
    table = table_data_power(choosing)
    assert table.frame.iloc[0].tolist() == [
        "Jobs",
        "High: 2023, 15 months ago, a figure every 12 months",
        "Medium: 85% of areas; 9 periods; since the first, 100% of the figures that areas could have",
        "Medium: 12 figures revised, typically by 3.4%",
        "High: a figure of its own; 50% of the places within",
        "Medium: chance is 26% of the differences between areas",
        "Medium",
    ]
    assert table.frame.iloc[1].tolist() == [
        "Crime",
        "Not known: no area of its level has a figure",
        "Low: 0% of areas; 0 periods",
        "Not known: one version held",
        "Low: no figure of its own",
        "Not known: too few published limits",
        "Low",
    ]


def test_figures_that_were_revised_from_nought_only_are_not_one_version(choosing):
    from_nought = choosing.power.assign(revision="", revised=2.0, revision_size=np.nan)
    settled = table_data_power(replace(choosing, power=from_nought)).frame["Settled"]
    assert (
        settled.tolist()
        == ["Not known: 2 figures revised, each from 0, so there is no percentage"] * 2
    )


def test_the_command_prints_each_list_with_its_length_and_says_it_is_an_example(home):
    command = ["framework", "indicators", "essex_2014", "--place", "X10000001"]
    run = CliRunner().invoke(main, command)
    assert run.exit_code == 0, run.output
    assert run.output.startswith(
        "Corporate Outcomes Framework 2014-2018, Tarrowshire. Scores: Written as an example of how "
        "indicators are scored; nobody has adopted it.\n"
    )
    for words, count in (
        ("Headline indicators", 8),
        ("Not scored yet", 37),
        ("Weak indicators", 3),
    ):
        title = f"\n{words}: Corporate Outcomes Framework 2014-2018, Tarrowshire"
        assert f"{title} (an example that nobody has adopted): {count}\n" in run.output
    run = CliRunner().invoke(main, [*command[:-1], "X10000002"])
    assert run.exit_code == 10
    assert run.output.startswith("Error: this page: locality: there is no place 'X10000002' in ")
