"""The checks of the tidy table: each rule's failing side, with its whole message."""

import re

import pandas as pd
import pytest

from outcomes.errors import DataError
from outcomes.store import check_observations

NAN = float("nan")
STATUSES = (
    "final, provisional, imputed, modelled, projected, withheld_small_number, not_available and "
    "not_applicable"
)


@pytest.fixture
def table(tidy):
    return tidy(
        ("els/a/A", "X1", 2022, 1.5),
        ("els/a/A", "X1", 2023, 2.5),
        ("els/a/A", "X2", 2023, 0.0),
        ("els/a/A", "X3", 2023, NAN),
    )


def refuses(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=f"^{re.escape(message)}$") as error:
        check_observations(table)
    assert error.value.exit_code == 11


def test_a_tidy_table_comes_back_unchanged(table):
    before = table.copy()
    assert check_observations(table) is table
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["value"], "the tidy table lacks the columns value"),
        (["status", "area_code"], "the tidy table lacks the columns area_code and status"),
    ],
)
def test_columns_that_are_missing(table, columns, message):
    refuses(table.drop(columns=columns), message)


RULES = [
    (
        {"status": "guessed"},
        1,
        f"els/a/A: 1 row breaks the rule 'status is not one of {STATUSES}'; the first is X1, 2023, "
        "value 2.5, status guessed",
    ),
    (
        {"status": "withheld_small_number"},
        1,
        "els/a/A: 1 row breaks the rule 'a value beside a status that says there is none'; the "
        "first is X1, 2023, value 2.5, status withheld_small_number",
    ),
    (
        {"status": "not_applicable"},
        2,
        "els/a/A: 1 row breaks the rule 'a value beside a status that says there is none'; the "
        "first is X2, 2023, value 0.0, status not_applicable",
    ),
    (
        {"status": "final"},
        3,
        "els/a/A: 1 row breaks the rule 'no value, and a status that says there is one'; the first "
        "is X3, 2023, value nan, status final",
    ),
    (
        {"value": NAN},
        1,
        "els/a/A: 1 row breaks the rule 'no value, and a status that says there is one'; the first "
        "is X1, 2023, value nan, status final",
    ),
    (
        {"period_end": pd.Timestamp("2022-12-31")},
        1,
        "els/a/A: 1 row breaks the rule 'the period ends before it starts'; the first is X1, 2023, "
        "value 2.5, status final",
    ),
    (
        {
            "period_start": pd.Timestamp("2022-01-01"),
            "period_end": pd.Timestamp("2022-12-31"),
        },
        1,
        "els/a/A: 1 row breaks the rule 'another row for the same area, period and group'; the "
        "first is X1, 2023, value 2.5, status final",
    ),
]


@pytest.mark.parametrize(("change", "row", "message"), RULES)
def test_a_rule_that_is_broken(table, change, row, message):
    for column, value in change.items():
        table.loc[row, column] = value
    refuses(table, message)


def test_rows_are_counted_and_the_first_is_shown(table):
    refuses(
        table.assign(status="projected"),
        "els/a/A: 1 row breaks the rule 'no value, and a status that says there is one'; the first "
        "is X3, 2023, value nan, status projected",
    )
    refuses(
        table.assign(status="not_available"),
        "els/a/A: 3 rows break the rule 'a value beside a status that says there is none'; the "
        "first is X1, 2022, value 1.5, status not_available",
    )


def test_groups_of_one_area_and_period_may_stand_side_by_side(table, tidy):
    both = tidy(("els/a/A", "X1", 2023, 1.0), ("els/a/A", "X1", 2023, 2.0))
    refuses(
        both,
        "els/a/A: 1 row breaks the rule 'another row for the same area, period and group'; the "
        "first is X1, 2023, value 2.0, status final",
    )
    check_observations(both.assign(group_kind="sex", group=["female", "male"]))


@pytest.mark.parametrize("status", ["provisional", "imputed", "modelled", "projected", "final"])
def test_every_other_status_has_a_value(table, status):
    check_observations(table.dropna(subset="value").assign(status=status))
