"""Every measure of the sample county's pages has a trend and a comparator, or a reason why not."""

import re

import numpy as np
import pytest

from outcomes.baseline import load_overview
from outcomes.baseline.evidence import load_evidence
from outcomes.narrative.comparisons import say_comparison
from outcomes.narrative.over_time import say_trend
from outcomes.narrative.positions import say_history, say_position
from outcomes.parameters import load_parameters
from outcomes.tables.evidence import table_elsewhere


def page(outcome: str, locality: str = "X10000001"):
    return load_parameters().page(
        framework="essex_2014",
        outcome=outcome,
        locality=locality,
        comparator="nation",
        as_of="",
    )


TRENDS = {"increasing", "decreasing", "no_significant_change"}


@pytest.mark.parametrize("locality", ["X10000001", "X07000003"])
def test_row_016_each_measure_shows_a_trend_and_a_comparator_or_says_why_not(home, locality):
    overview = load_overview(page("overview", locality))
    positions = [position for baseline in overview.baselines for position in baseline.positions]
    without = set()
    for position in positions:
        name, trend, comparison = (
            position.indicator_id,
            position.standing.trend,
            position.comparison,
        )
        if position.latest is None:
            assert say_position(position) == [position.missing] != [""], name
            continue
        if trend is None or trend.direction not in TRENDS:
            without.add("trend")
            words = say_trend(position) or say_history(position)
            assert re.search(
                r"^No trend can be worked out from .+: .+\.|^There is one figure only", words
            ), name
        if comparison is None or not np.isfinite(comparison.value):
            without.add("comparator")
            assert re.fullmatch(
                r"It is not compared with another area: \w.+\.", say_comparison(position)
            ), name
    assert without == {"trend", "comparator"}
    assert len(positions) >= 48


def test_row_017_who_measures_what_is_filtered_by_the_measure(home):
    found = load_evidence(page("evidence"))
    everything = table_elsewhere(found).frame
    assert everything.columns.tolist() == [
        "Our indicator",
        "Who measures it",
        "Match to our definition",
        "Source",
    ]
    named = {item.indicator for _, item in found.elsewhere}
    for name in named:
        rows = table_elsewhere(found, name).frame
        title = load_parameters().indicators[name].title
        assert rows["Our indicator"].eq(title).all()
        assert len(rows) == everything["Our indicator"].eq(title).sum() > 0
    assert set(everything["Match to our definition"]) <= {"Same", "Near", "Different"}
    assert table_elsewhere(found, "reoffending").frame.empty
