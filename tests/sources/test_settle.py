"""The steps that all connectors share: tidy columns, the first reason, repeats, the account."""

from pathlib import Path

import pandas as pd

from outcomes.model import OBSERVATION_COLUMNS, SERIES_COLUMNS
from outcomes.sources.settle import first_reason, join, keep, repeats, series_rows, tidy_rows

FIGURES = ["value", "lower", "upper", "numerator", "denominator"]


def rows(values: list[float | None]) -> pd.DataFrame:
    """Return a row a value, all of one key; each is no figure if it is None."""
    day = pd.Timestamp("2024-01-01")
    value = pd.Series(values, dtype=float)
    key = {"series": "a/b", "area_code": "X07000001", "period_start": day, "period_end": day}
    return tidy_rows({**key, "period": "2024", "value": value, "status": "final"})


def test_what_a_publisher_does_not_have_is_missing_or_empty():
    tidy = rows([1.5])
    assert tuple(tidy) == OBSERVATION_COLUMNS
    assert (tidy.dtypes[FIGURES] == "float64").all()
    assert tidy[FIGURES[1:]].isna().all(axis=None)
    assert tidy[["note", "group_kind", "group"]].to_numpy().tolist() == [["", "", ""]]
    about = series_rows(pd.DataFrame({"decimals": ["2", ""], "series": ["a", "b"]}))
    assert tuple(about) == SERIES_COLUMNS
    assert about["decimals"].fillna(-1).to_list() == [2, -1]
    assert about["licence"].to_list() == ["", ""]


def test_the_first_of_several_reasons_is_given():
    checks = {"first": pd.Series([False, True, False]), "second": pd.Series([False, True, True])}
    assert first_reason(checks).to_list() == ["", "first", "second"]


def test_a_row_that_cannot_be_kept_neither_repeats_nor_is_repeated():
    reason = pd.Series(["bad", "", "", "", "bad"])
    found, same = repeats(
        rows([1, 1, 1, 2, 1]), reason, ["value"], same="the very same", another="another"
    )
    assert found.to_list() == ["bad", "", "the very same", "another", "bad"]
    assert same.to_list() == [False, False, True, False, False]
    found, same = repeats(rows([None, None]), reason[1:3].set_axis([0, 1]), ["value"], same="s",
                          another="a")  # fmt: skip
    assert (found.to_list(), same.to_list()) == (["", "s"], [False, True])


def test_readings_are_joined_and_each_row_is_in_one_place():
    raw = pd.DataFrame({"cell": ["1", "1", "x"], "line": [2, 3, 4]})
    reason, same = pd.Series(["", "again", "no number"]), pd.Series([False, True, False])
    figures = keep(Path("book.xlsx, sheet A"), raw, reason, same, tidy=rows([1, 1, None]))
    classes = keep(Path("classes.csv"), raw, pd.Series(["", "", ""]), dataset="classes")
    both = join([classes, figures])
    assert both.accounts.to_numpy().tolist() == [
        ["classes", 3, 3, 0, 0],
        ["book.xlsx, sheet A", 3, 1, 1, 1],
    ]
    assert both.rejected.to_numpy().tolist() == [
        ["book.xlsx, sheet A", 3, "duplicate", "again", "1"],
        ["book.xlsx, sheet A", 4, "rejected", "no number", "x"],
    ]
    assert both.observations["value"].to_list() == [1]
    assert both.series.empty
