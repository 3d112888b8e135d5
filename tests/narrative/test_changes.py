"""What a release changed, in one sentence a series."""

import pandas as pd
import pytest

from outcomes.narrative import say_changes

NAN = float("nan")
JOBS, PAY = "own/survey/Jobs", "own/survey/Pay"


def changes(*rows: tuple, group: str = "") -> pd.DataFrame:
    columns = ["series", "area_code", "period", "change", "old_value", "new_value"]
    table = pd.DataFrame(rows, columns=columns)
    start = pd.to_datetime(table["period"].str[:4] + "-04-01")
    return table.assign(period_start=start, group_kind="sex" if group else "", group=group)


@pytest.fixture
def say():
    """Say what changed, of two series and two areas that have a name."""
    series = pd.DataFrame({"title": ["People in work", "Pay"], "decimals": [1, None]})
    series = series.set_index(pd.Index([JOBS, PAY])).astype({"decimals": "Int64"})
    areas = pd.DataFrame({"area_name": ["Northend"]}, index=["X1"])
    return lambda *rows, **more: say_changes(changes(*rows, **more), series, areas)


def test_one_sentence_a_series_with_the_largest_revision(say):
    assert say(
        (PAY, "X1", "2023", "added", NAN, 1234.5),
        (JOBS, "X1", "2022/23", "revised", 70.0, 71.25),
        (JOBS, "X2", "2021/22", "revised", 60.0, 58.0),
        (JOBS, "X1", "2023/24", "added", NAN, 99.0),
        (JOBS, "X2", "2022/23", "withdrawn", 1.0, NAN),
        (JOBS, "X2", "2020/21", "withdrawn", 1.0, NAN),
    ) == [
        "People in work (own/survey/Jobs): 2 figures revised (2021/22 to 2022/23), 1 figure added "
        "(2023/24), 2 figures withdrawn (2020/21 to 2022/23). The largest revision: X2, 2021/22, "
        "from 60.0 to 58.0.",
        "Pay (own/survey/Pay): 1 figure added (2023).",
    ]


def test_a_group_is_named(say):
    assert say((JOBS, "X1", "2023", "revised", 1.0, 2.0), group="Female") == [
        "People in work (own/survey/Jobs): 1 figure revised (2023). The largest revision: "
        "Northend, Female, 2023, from 1.0 to 2.0."
    ]


def test_only_what_stands_beside_the_value_was_revised(say):
    assert say((JOBS, "X1", "2023", "revised", 1.0, 1.0)) == [
        "People in work (own/survey/Jobs): 1 figure revised (2023). No value changed, only its "
        "limits, counts, status or note."
    ]


def test_numbers_of_a_series_without_decimals_are_shown_as_they_are(say):
    assert say((PAY, "X1", "2023", "revised", 1234.25, 987654.0)) == [
        "Pay (own/survey/Pay): 1 figure revised (2023). The largest revision: Northend, 2023, from "
        "1,234.25 to 987,654."
    ]


def test_a_revision_smaller_than_the_decimals_is_still_seen(say):
    assert say((JOBS, "X1", "2023", "revised", 70.01, 70.04)) == [
        "People in work (own/survey/Jobs): 1 figure revised (2023). The largest revision: "
        "Northend, 2023, from 70.01 to 70.04."
    ]


def test_many_figures_and_a_series_nobody_describes(say):
    rows = [("own/survey/Old", f"Z{n}", "2023", "withdrawn", 1.0, NAN) for n in range(1234)]
    assert say(*rows) == ["own/survey/Old (own/survey/Old): 1,234 figures withdrawn (2023)."]


def test_nothing_changed(say):
    assert say() == []
