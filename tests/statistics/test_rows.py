import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.rows import HISTORY, PERIOD, histories, require_columns, z_of

NAN = float("nan")


def rows(*figures, area="a", series="s", **columns):
    """One row a year from 2019."""
    starts = pd.to_datetime([f"{2019 + i}-01-01" for i in range(len(figures))])
    return pd.DataFrame(
        {
            "series": series,
            "area_code": area,
            "period_start": starts,
            "period_end": starts + pd.DateOffset(years=1, days=-1),
            "period": [str(start.year) for start in starts],
            "value": np.array(figures, dtype=float),
            **columns,
        }
    )


@pytest.mark.parametrize(
    ("confidence", "z"),
    [(0.5, 0.67449), (0.9, 1.64485), (0.95, 1.95996), (0.99, 2.57583), (0.998, 3.09023)],
)
def test_normal_deviates_are_those_of_the_printed_tables(confidence, z):
    assert z_of(confidence) == pytest.approx(z, abs=5e-6)


@pytest.mark.parametrize("confidence", [0.4999, 1, 95, -0.1, NAN])
def test_a_confidence_is_a_fraction(confidence):
    message = f"confidence {confidence!r}: expected a fraction from 0.5 to below 1, such as 0.95"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        z_of(confidence)


def test_missing_columns_are_all_named():
    require_columns(rows(1.0), [*HISTORY, *PERIOD])
    message = "the table has no column x, y; it has value"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        require_columns(pd.DataFrame({"value": []}), iter(["x", "value", "y"]))


def test_histories_stand_side_by_side_newest_last():
    table = pd.concat([rows(1, 2, 3, area="b"), rows(7, 8, area="a"), rows(5, series="r")])
    found = histories(table.sample(frac=1, random_state=1))
    assert found.keys.tolist() == [("r", "a"), ("s", "a"), ("s", "b")]
    assert found.keys.names == HISTORY
    np.testing.assert_array_equal(found.columns["value"], [[NAN, NAN, 5], [NAN, 7, 8], [1, 2, 3]])
    assert found.n.tolist() == [1, 2, 3]
    assert found.labels.tolist() == [
        ["", "", "2019"],
        ["", "2019", "2020"],
        ["2019", "2020", "2021"],
    ]


def test_a_row_without_a_wanted_figure_is_left_out_and_zero_is_a_figure():
    table = rows(0, 2, 3, lower=[NAN, 1.0, 2.0])
    assert histories(table).columns["value"].tolist() == [[0, 2, 3]]
    found = histories(table, ["value", "lower"])
    assert found.columns["value"].tolist() == [[2, 3]]
    assert found.columns["lower"].tolist() == [[1, 2]]
    assert histories(rows(1, NAN, 3)).labels.tolist() == [["2019", "2021"]]


def test_time_is_the_middle_of_the_period_in_years():
    found = histories(rows(1, 2))
    np.testing.assert_allclose(found.start, [[2019, 2020]], atol=0.003)
    np.testing.assert_allclose(found.end, [[2020, 2021]], atol=0.003)
    np.testing.assert_allclose(found.time, [[2019.5, 2020.5]], atol=0.003)
    # A year of 366 days is 366 days long.
    np.testing.assert_allclose((found.end - found.start) * 365.2425, [[365, 366]])


def test_the_newest_points_alone():
    found = histories(pd.concat([rows(1, 2, 3), rows(9, area="b")])).newest(2)
    np.testing.assert_array_equal(found.columns["value"], [[2, 3], [NAN, 9]])
    assert found.n.tolist() == [2, 1]
    assert found.labels.tolist() == [["2020", "2021"], ["", "2019"]]
    assert found.newest(5).n.tolist() == [2, 1]


def test_one_column_may_be_what_a_history_belongs_to():
    table = pd.concat([rows(1, area="b"), rows(2, area="a")]).drop(columns=["series", "period"])
    found = histories(table, by=["area_code"])
    assert found.keys.tolist() == [("a",), ("b",)]
    assert found.labels.tolist() == [[""], [""]]


@pytest.mark.parametrize("by", [HISTORY, ["area_code"]])
def test_an_empty_table_has_no_histories(by):
    for table in (rows(1).iloc[:0], rows(NAN)):
        found = histories(table, by=by)
        assert found.columns["value"].shape == found.time.shape == (0, 0)
        assert len(found.keys) == len(found.n) == 0
        assert found.newest(3).n.tolist() == []


def test_two_rows_for_one_period_are_refused():
    table = pd.concat([rows(1, 2), rows(5, area="b"), rows(5)], ignore_index=True)
    message = "two rows for s, a, 2019-01-01 00:00:00, 2019-12-31 00:00:00; expected one"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        histories(table)
