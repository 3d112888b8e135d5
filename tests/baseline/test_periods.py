"""Periods ahead bear the publisher's labels, and end on the days on which theirs would."""

import pandas as pd
import pytest

from outcomes.baseline.periods import later_day, later_label


@pytest.mark.parametrize(
    ("label", "months", "later"),
    [
        ("2023", 12, "2024"),
        ("2023", 36, "2026"),
        ("2023/24", 12, "2024/25"),
        ("2023/24", 24, "2025/26"),
        ("1998/99", 12, "1999/00"),
        ("1999/00", 12, "2000/01"),
        ("1999/00", 120, "2009/10"),
        ("2014/15 to 2016/17", 12, "2015/16 to 2017/18"),
        ("2014/15 to 2016/17", 36, "2017/18 to 2019/20"),
        ("2019 to 2023", 12, "2020 to 2024"),
        ("October 2022 to December 2022", 3, "January 2023 to March 2023"),
        ("October 2022 to December 2022", 12, "October 2023 to December 2023"),
        ("November 2022 to January 2023", 1, "December 2022 to February 2023"),
        ("year to September 2016", 12, "year to September 2017"),
        ("year to September 2016", 3, "year to December 2016"),
        ("April 2008", 1, "May 2008"),
        ("April 2008", 12, "April 2009"),
        ("December 2008", 1, "January 2009"),
        ("January 2008", 23, "December 2009"),
    ],
)
def test_a_label_ahead_is_written_as_the_publisher_writes_it(label, months, later):
    assert later_label(label, months) == later


def test_what_is_no_date_stays_as_it_is():
    assert later_label("autumn", 12) == "autumn"
    assert later_label("wave 12", 12) == "wave 12"


def test_a_year_without_a_month_moves_by_whole_years_alone():
    assert later_label("2023/24", 6) == "2023/24"
    assert later_label("2023/24", 18) == "2024/25"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2023-12-31", 12, "2024-12-31"),
        ("2023-02-28", 12, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2022-12-31", 3, "2023-03-31"),
        ("2022-11-30", 1, "2022-12-31"),
        ("2022-09-30", 3, "2022-12-31"),
        ("2024-11-15", 12, "2025-11-15"),
        ("2024-01-01", 1, "2024-02-01"),
        ("2023-09-01", 24, "2025-09-01"),
    ],
)
def test_the_last_of_a_month_stays_the_last_and_other_days_stay_themselves(day, months, later):
    days = pd.Series(pd.to_datetime([day, "2000-06-10"]))
    moved = later_day(days, months)
    assert moved[0] == pd.Timestamp(later)
    assert moved[1].day == 10
