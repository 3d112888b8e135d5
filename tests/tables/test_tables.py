import re
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from outcomes.model import Comparison, Rank
from outcomes.notebook import load_baseline, load_overview, open_page
from outcomes.tables import (
    Table,
    table_council_measures,
    table_gaps,
    table_history,
    table_outcomes,
    table_positions,
    table_sources,
    table_within,
)
from outcomes.tables.positions import rank_words, verdict_words

NAN = float("nan")


@pytest.fixture
def baseline(home):
    return load_baseline(
        open_page(
            framework="essex_2014", outcome="health_and_wellbeing", locality="X07000003",
            comparator="nation",
        )
    )  # fmt: skip


def test_html_has_a_caption_scopes_and_a_heading_in_each_cell(make_position):
    soup = BeautifulSoup(table_within(make_position()).to_html(), "html.parser")
    assert soup.caption.text == "People in work, districts in Anytown, 2023, per cent"
    assert [th["scope"] for th in soup.thead.find_all("th")] == ["col"] * 3
    assert [th.text for th in soup.tbody.find_all("th", scope="row")] == [
        "Northend",
        "Southend Green",
        "Westend",
    ]
    assert [td["data-label"] for td in soup.tbody.tr.find_all("td")] == ["Figure", "95% interval"]


def test_html_escapes_what_publishers_write(make_position):
    html = Table("a < b", pd.DataFrame({"x & y": ["<script>"], "z": ['"']})).to_html()
    assert "<script>" not in html
    assert "a &lt; b" in html


def test_a_withheld_figure_is_told_in_words(make_position):
    frame = table_within(make_position()).frame
    assert frame["Figure"].tolist()[-1] == "withheld to protect people's privacy"
    assert frame["95% interval"].tolist() == ["77.0% to 83.0%", "68.0% to 74.0%", "not published"]


def test_history_newest_first_with_the_comparator(make_position):
    frame = table_history(make_position()).frame
    assert list(frame) == ["Period", "Anytown", "95% interval", "The nation"]
    assert frame.iloc[0].tolist() == ["2023", "75.5%", "71.0% to 80.0%", "76.0%"]


@pytest.mark.parametrize(
    ("verdict", "tested", "words"),
    [
        ("better", True, "▲ Better"),
        ("worse", True, "▼ Worse"),
        ("similar", True, "● Similar"),
        ("better", False, "△ Better side, not tested"),
        ("equal", False, "○ The same, not tested"),
        ("not_compared", False, "– Not compared"),
    ],
)
def test_a_verdict_is_a_shape_and_words(make_position, verdict, tested, words):
    comparison = Comparison("the nation", 70.0, 1, 1.0, verdict, tested=tested)
    assert verdict_words(make_position(comparison=comparison)) == words


def test_a_rank_says_what_1_means(make_position):
    assert rank_words(make_position()) == "3 of 12 (1 is best)"
    unjudged = Rank(2, 9, among="", judged=False, alike=3)
    assert rank_words(make_position(rank=unjudged)) == "joint 2 to 4 of 9 (1 is highest)"


def test_the_scorecard_has_a_row_a_measure_in_the_frameworks_order(baseline):
    frame = table_positions(baseline).frame
    assert len(frame) == len(baseline.positions)
    assert list(frame)[:5] == [
        "Indicator",
        "Period",
        "Ellenford (95% interval)",
        "Alderland",
        "Compared",
    ]
    assert "Where it stands" in frame
    assert frame["Ellenford (95% interval)"].str.contains("No figure").any()


def test_gaps_and_sources_are_complete(baseline):
    gaps = table_gaps(baseline.gaps, caption="x").frame
    assert len(gaps) == len(baseline.gaps)
    assert gaps.ne("").all(axis=None)
    sources = table_sources(baseline).frame
    assert len(sources) == len(baseline.positions)
    assert sources.ne("").all(axis=None)


def test_the_overview_counts_each_outcome_and_keeps_council_measures_apart(home):
    overview = load_overview(
        open_page(
            framework="essex_2014", outcome="overview", locality="X10000001", comparator="nation"
        )
    )
    frame = table_outcomes(overview).frame
    for row, baseline in zip(frame.itertuples(), overview.baselines, strict=True):
        assert row[2] + row[3] == len(baseline.positions) + len(baseline.gaps)
    table = table_council_measures(overview).frame
    assert len(table) == 12
    answered = table[table["Latest"] != "No figure"].set_index("Measure")
    assert len(answered) == 2
    value, trust = answered.iloc[0], answered.iloc[1]
    assert value["Change"].startswith("+")
    assert value["Change"].endswith("since 2022/23, more than chance")
    assert trust["Change"].endswith("since 2022/23, could be chance")
    assert re.fullmatch("\N{PLUS-MINUS SIGN}1\\.\\d points", value["Margin of error"])
    assert int(value["Answers"].replace(",", "")) > 5_000
    silent = table[table["Latest"] == "No figure"]
    assert (silent["Margin of error"] == "\N{EN DASH}").all()
    assert silent["What would give it a figure"].str.len().gt(20).all()


def test_without_any_answer_the_table_of_council_measures_has_no_empty_columns(home):
    overview = load_overview(
        open_page(
            framework="essex_2014", outcome="overview", locality="X07000003", comparator="nation"
        )
    )
    columns = table_council_measures(replace(overview, answers=())).frame.columns
    assert columns.tolist() == ["Measure", "Latest", "What would give it a figure"]
