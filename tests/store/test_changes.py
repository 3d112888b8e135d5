"""What a release changed: revised, added, withdrawn; what is no change; the order of the table."""

import pandas as pd
import pytest

from outcomes.store.changes import CHANGES, VALUES, compare
from outcomes.store.files import SCHEMA

NAN = float("nan")
A, B = "own/survey/A", "own/survey/B"


def told(old: pd.DataFrame, new: pd.DataFrame) -> list[tuple]:
    table = compare(old, new)
    assert list(table.columns) == list(CHANGES)
    columns = ["series", "area_code", "period", "change", "old_value", "new_value"]
    return [
        tuple(None if cell != cell else cell for cell in row)
        for row in table[columns].itertuples(index=False, name=None)
    ]


def test_each_kind_of_change(tidy):
    old = tidy(
        (A, "X1", 2021, 1.0), (A, "X1", 2022, 2.0), (A, "X2", 2022, 3.0), (A, "X2", 2021, NAN)
    )
    new = tidy(
        (A, "X1", 2021, 1.0), (A, "X1", 2022, 2.5), (A, "X1", 2023, 4.0), (A, "X2", 2021, 5.0)
    )
    assert told(old, new) == [
        (A, "X1", "2022", "revised", 2.0, 2.5),
        (A, "X1", "2023", "added", None, 4.0),
        (A, "X2", "2021", "added", None, 5.0),
        (A, "X2", "2022", "withdrawn", 3.0, None),
    ]


def test_nothing_changed(tidy):
    table = tidy((A, "X1", 2021, 1.0), (A, "X1", 2022, NAN), lower=0.5)
    assert told(table, table) == []
    assert told(table, table.iloc[::-1]) == []


def test_all_is_new_and_all_is_gone(tidy):
    table, none = tidy((A, "X1", 2021, 1.0)), tidy((A, "X1", 2021, 1.0)).head(0)
    assert told(none, table) == [(A, "X1", "2021", "added", None, 1.0)]
    assert told(table, none) == [(A, "X1", "2021", "withdrawn", 1.0, None)]
    assert told(none, none) == []
    stored = SCHEMA.empty_table().to_pandas()
    assert told(stored, stored) == []
    assert told(stored, table) == told(none, table)


def test_a_figure_that_is_withheld_now_is_withdrawn_and_keeps_why(tidy):
    old = tidy((A, "X1", 2021, 4.0))
    new = tidy((A, "X1", 2021, NAN), status="withheld_small_number")
    (row,) = compare(old, new).to_dict("records")
    assert (row["change"], row["old_status"], row["new_status"]) == (
        "withdrawn",
        "final",
        "withheld_small_number",
    )


def test_a_row_that_has_no_value_in_either_is_no_change(tidy):
    old = tidy((A, "X1", 2021, NAN), (A, "X1", 2022, NAN))
    new = tidy((A, "X1", 2021, NAN), (A, "X1", 2023, NAN), status="withheld_small_number")
    assert told(old, new) == []


@pytest.mark.parametrize("name", VALUES[1:])
@pytest.mark.parametrize(
    ("before", "after", "changes"), [(1.0, 2.0, 1), (1.0, NAN, 1), (NAN, 1.0, 1), (NAN, NAN, 0)]
)
def test_each_limit_and_count_counts(tidy, name, before, after, changes):
    old, new = (tidy((A, "X1", 2021, 7.0), **{name: number}) for number in (before, after))
    assert [row[3] for row in told(old, new)] == ["revised"] * changes


def test_a_status_alone_is_a_revision(tidy):
    old = tidy((A, "X1", 2021, 1.0), status="provisional")
    (row,) = compare(old, tidy((A, "X1", 2021, 1.0))).to_dict("records")
    assert (row["change"], row["old_status"], row["new_status"]) == (
        "revised",
        "provisional",
        "final",
    )
    assert (row["old_value"], row["new_value"]) == (1.0, 1.0)


@pytest.mark.parametrize("column", ["series", "area_code", "group_kind", "group"])
def test_rows_are_known_by_the_whole_key(tidy, column):
    old = tidy((A, "X1", 2021, 1.0), group_kind="sex", group="Female")
    new = old.assign(**{column: {"series": B, "area_code": "X2"}.get(column, "other")})
    assert sorted(row[3] for row in told(old, new)) == ["added", "withdrawn"]


def test_periods_that_begin_together_and_end_apart_are_two(tidy):
    year = tidy((A, "X1", 2021, 1.0))
    longer = year.assign(period_end=pd.Timestamp("2023-12-31"), period="2021 to 2023", value=9.0)
    assert told(year, pd.concat([year, longer])) == [
        (A, "X1", "2021 to 2023", "added", None, 9.0),
    ]


def test_the_table_is_in_the_order_of_the_store(tidy):
    none = tidy((A, "X1", 2021, 1.0)).head(0)
    new = tidy(
        (B, "X1", 2021, 1.0), (A, "X2", 2021, 1.0), (A, "X1", 2022, 1.0), (A, "X1", 2021, 1.0)
    )
    assert [row[:3] for row in told(none, new)] == [
        (A, "X1", "2021"),
        (A, "X1", "2022"),
        (A, "X2", "2021"),
        (B, "X1", "2021"),
    ]


@pytest.mark.parametrize("column", ["note", "period"])
def test_words_alone_are_a_revision_without_a_new_value(tidy, column):
    old = tidy((A, "X1", 2021, 1.0))
    assert told(old, old.assign(**{column: "anew"}))[0][3:] == ("revised", 1.0, 1.0)
