"""Periods as publishers write them: each spelling gives the right days and the right label."""

import json
import re
from datetime import date
from functools import partial

import pandas as pd
import pytest

from outcomes.sources import dfe_period, iso_period
from outcomes.sources.periods import (
    MONTHS,
    YEAR_STARTS,
    read_periods,
    told_apart,
    written_period,
)

ISO = [
    ("2023-01-01/P1Y", "2023-01-01", "2023-12-31", "2023"),
    ("2024-02-01/P1Y", "2024-02-01", "2025-01-31", "2024"),
    ("2023-03-01/P1Y", "2023-03-01", "2024-02-29", "2023"),
    ("2024-04-01/P1Y", "2024-04-01", "2025-03-31", "2024/25"),
    ("2024-05-15/P1Y", "2024-05-15", "2025-05-14", "2024/25"),
    ("2023-08-01/P1Y", "2023-08-01", "2024-07-31", "2023/24"),
    ("2024-09-01/P1Y", "2024-09-01", "2025-08-31", "2024/25"),
    ("2024-11-16/P1Y", "2024-11-16", "2025-11-15", "2024/25"),
    ("1999-04-01/P1Y", "1999-04-01", "2000-03-31", "1999/00"),
    ("2008-09-01/P1Y", "2008-09-01", "2009-08-31", "2008/09"),
    ("2022-01-01/P3Y", "2022-01-01", "2024-12-31", "2022 to 2024"),
    ("2022-04-01/P3Y", "2022-04-01", "2025-03-31", "2022/23 to 2024/25"),
    ("2020-01-01/P5Y", "2020-01-01", "2024-12-31", "2020 to 2024"),
    ("2023-07-01/P1M", "2023-07-01", "2023-07-31", "July 2023"),
    ("2024-02-01/P1M", "2024-02-01", "2024-02-29", "February 2024"),
    ("2025-12-01/P1M", "2025-12-01", "2025-12-31", "December 2025"),
    ("2025-11-01/P3M", "2025-11-01", "2026-01-31", "November 2025 to January 2026"),
    ("2024-01-01/P12M", "2024-01-01", "2024-12-31", "January 2024 to December 2024"),
    ("2026-01-01", "2026-01-01", "2026-01-01", "January 2026"),
    ("2025-04-30", "2025-04-30", "2025-04-30", "April 2025"),
    ("2024-02-29", "2024-02-29", "2024-02-29", "February 2024"),
    ("2024-02-29/P1Y", "2024-02-29", "2025-02-27", "2024"),
    ("2024-02-29/P4Y", "2024-02-29", "2028-02-28", "2024 to 2027"),
    ("2023-01-31/P1M", "2023-01-31", "2023-02-27", "January 2023"),
    (" 2023-01-01/P1Y ", "2023-01-01", "2023-12-31", "2023"),
]

NO_ISO = [
    *("", "2023", "2023/24", "2023-01-01/", "2023-01-01/1Y", "2023-01-01/P1W", "2023-01-01/P1Y2M"),
    *("2023-01-01/P0Y", "2023-01-01/P0M", "2023-01-01/P-1Y", "2023-01-01/2023-12-31", "01/01/2023"),
    *("2023-1-1/P1Y", "x2023-01-01", "2023-01-01T00:00:00/P1Y"),
]

ACADEMIC, FINANCIAL, CALENDAR = "Academic Year", "Financial Year", "Calendar Year"
SEPTEMBER, JANUARY = "Annual (end of Sept)", "Annual - January"

DFE = [
    ("2024", ACADEMIC, "2023-09-01", "2024-08-31", "2023/24"),
    ("2000", ACADEMIC, "1999-09-01", "2000-08-31", "1999/00"),
    ("2023/24", ACADEMIC, "2023-09-01", "2024-08-31", "2023/24"),
    ("2016-17", ACADEMIC, "2016-09-01", "2017-08-31", "2016/17"),
    ("1999-00", ACADEMIC, "1999-09-01", "2000-08-31", "1999/00"),
    ("2020 (Final)", ACADEMIC, "2019-09-01", "2020-08-31", "2019/20"),
    ("2024 (Rev)", ACADEMIC, "2023-09-01", "2024-08-31", "2023/24"),
    ("2025 (prov)", ACADEMIC, "2024-09-01", "2025-08-31", "2024/25"),
    ("2025", FINANCIAL, "2024-04-01", "2025-03-31", "2024/25"),
    ("2024", FINANCIAL, "2023-04-01", "2024-03-31", "2023/24"),
    ("2025-26", FINANCIAL, "2025-04-01", "2026-03-31", "2025/26"),
    ("2023-24 (OT)", FINANCIAL, "2023-04-01", "2024-03-31", "2023/24"),
    ("2020/21-22/23", FINANCIAL, "2020-04-01", "2023-03-31", "2020/21 to 2022/23"),
    ("2013/14-15/16", FINANCIAL, "2013-04-01", "2016-03-31", "2013/14 to 2015/16"),
    ("2016-18", FINANCIAL, "2016-04-01", "2019-03-31", "2016/17 to 2018/19"),
    ("2023", CALENDAR, "2023-01-01", "2023-12-31", "2023"),
    ("2014-16", CALENDAR, "2014-01-01", "2016-12-31", "2014 to 2016"),
    ("2023-25", CALENDAR, "2023-01-01", "2025-12-31", "2023 to 2025"),
    ("2016-17", CALENDAR, "2016-01-01", "2017-12-31", "2016 to 2017"),
    ("2023/24", CALENDAR, "2023-04-01", "2024-03-31", "2023/24"),
    ("2020/21-22/23", CALENDAR, "2020-04-01", "2023-03-31", "2020/21 to 2022/23"),
    ("2025", "Annual", "2025-01-01", "2025-12-31", "2025"),
    ("2025", SEPTEMBER, "2024-10-01", "2025-09-30", "year to September 2025"),
    ("2016-18", SEPTEMBER, "2016-10-01", "2019-09-30", "2016/17 to 2018/19"),
    ("2025", JANUARY, "2025-01-01", "2025-01-31", "January 2025"),
]

NO_YEAR = [
    *("0", "", "24", "20245", "2024/", "2024/24", "2024/26", "2024-24", "2024-23", "2024-12"),
    *("2020/22-22/23", "2020/21-22/24", "2020/21-20/21", "2020/21-22", "(Rev)", "Autumn 2024"),
]

YEARS = [
    ("2024", "2024-01-01", "2024-12-31", "2024"),
    ("2023/24", "2023-04-01", "2024-03-31", "2023/24"),
    ("2023-24", "2023-04-01", "2024-03-31", "2023/24"),
    ("2023\u201324", "2023-04-01", "2024-03-31", "2023/24"),
    ("1999/00", "1999-04-01", "2000-03-31", "1999/00"),
    ("1999/2000", "1999-04-01", "2000-03-31", "1999/00"),
    ("2016-17", "2016-04-01", "2017-03-31", "2016/17"),
    ("2016-2017", "2016-04-01", "2017-03-31", "2016/17"),
    ("2011-12", "2011-04-01", "2012-03-31", "2011/12"),
    ("2016 - 17", "2016-01-01", "2017-12-31", "2016 to 2017"),
    ("2016 to 17", "2016-01-01", "2017-12-31", "2016 to 2017"),
    ("2022 - 24", "2022-01-01", "2024-12-31", "2022 to 2024"),
    ("2022 \u2013 24", "2022-01-01", "2024-12-31", "2022 to 2024"),
    ("2022-24", "2022-01-01", "2024-12-31", "2022 to 2024"),
    ("2022-2024", "2022-01-01", "2024-12-31", "2022 to 2024"),
    ("1999 - 01", "1999-01-01", "2001-12-31", "1999 to 2001"),
    ("2015 - 24", "2015-01-01", "2024-12-31", "2015 to 2024"),
    ("2022/23 - 24/25", "2022-04-01", "2025-03-31", "2022/23 to 2024/25"),
    ("2022/23-24/25", "2022-04-01", "2025-03-31", "2022/23 to 2024/25"),
    ("2020-21 to 2022-23", "2020-04-01", "2023-03-31", "2020/21 to 2022/23"),
    ("1998/99 - 00/01", "1998-04-01", "2001-03-31", "1998/99 to 2000/01"),
    ("year ending March 2025", "2024-04-01", "2025-03-31", "April 2024 to March 2025"),
    ("Year to Feb 2024", "2023-03-01", "2024-02-29", "March 2023 to February 2024"),
]

PARTS_OF_YEARS = [
    ("2021/22 Q1", "2021-04-01", "2021-06-30", "April 2021 to June 2021"),
    ("2021/22 Q4", "2022-01-01", "2022-03-31", "January 2022 to March 2022"),
    ("2021-22 q2", "2021-07-01", "2021-09-30", "July 2021 to September 2021"),
    ("Q3 2021/22", "2021-10-01", "2021-12-31", "October 2021 to December 2021"),
    ("2021/22 Q1 - 2025/26 Q3", "2021-04-01", "2025-12-31", "April 2021 to December 2025"),
    ("2021/22 Q1 - 2021/22 Q2", "2021-04-01", "2021-09-30", "April 2021 to September 2021"),
    ("2006/07 Q4 - 2007/08 Q3", "2007-01-01", "2007-12-31", "January 2007 to December 2007"),
    ("2006/07 Q1-Q3", "2006-04-01", "2006-12-31", "April 2006 to December 2006"),
    ("Q1 2022", "2022-01-01", "2022-03-31", "January 2022 to March 2022"),
    ("2022 Q4", "2022-10-01", "2022-12-31", "October 2022 to December 2022"),
    ("2022-Q2", "2022-04-01", "2022-06-30", "April 2022 to June 2022"),
    ("2006 Q2 - 2007 Q1", "2006-04-01", "2007-03-31", "April 2006 to March 2007"),
    ("March 2023", "2023-03-01", "2023-03-31", "March 2023"),
    ("Apr 2026", "2026-04-01", "2026-04-30", "April 2026"),
    ("FEB 2024", "2024-02-01", "2024-02-29", "February 2024"),
    ("Sept 2024", "2024-09-01", "2024-09-30", "September 2024"),
    ("Mar-23", "2023-03-01", "2023-03-31", "March 2023"),
    ("Mar-2023", "2023-03-01", "2023-03-31", "March 2023"),
    ("Dec-68", "2068-12-01", "2068-12-31", "December 2068"),
    ("Dec-69", "1969-12-01", "1969-12-31", "December 1969"),
    ("Oct 2021-Sep 2022", "2021-10-01", "2022-09-30", "October 2021 to September 2022"),
    ("Aug 2006 - Jul 2009", "2006-08-01", "2009-07-31", "August 2006 to July 2009"),
    ("Jan to Mar 2022", "2022-01-01", "2022-03-31", "January 2022 to March 2022"),
    ("Jan-Mar 2022", "2022-01-01", "2022-03-31", "January 2022 to March 2022"),
    ("Mar-23 to May-23", "2023-03-01", "2023-05-31", "March 2023 to May 2023"),
    ("2025-12-31", "2025-12-31", "2025-12-31", "December 2025"),
    ("31/12/2025", "2025-12-31", "2025-12-31", "December 2025"),
    ("1/2/2025", "2025-02-01", "2025-02-01", "February 2025"),
    ("2022-01-01/P3Y", "2022-01-01", "2024-12-31", "2022 to 2024"),
    ("  March   2023 ", "2023-03-01", "2023-03-31", "March 2023"),
]

NOT_WRITTEN = [
    *(
        "",
        "24",
        "20245",
        "2024.0",
        "9999",
        "2023/24-",
        "2022/24",
        "2023/1924",
        "2024-12",
        "2024 - 22",
    ),
    *("2022 - 2022", "2022 - 24/25", "2020/21 - 22", "2020/22 - 22/23", "2014 - 24", "2022 24"),
    *("Q5 2022", "Q0 2022", "2022 Q1 - 2021 Q4", "2021/22 Q1 - 2022 Q3", "2021/22 Q1 - 2031/32 Q1"),
    *("Mar 23", "Marc 2023", "Spring 2023", "Oct - Sep 2022", "2022 - March 2023", "year to 2025"),
    *("31/02/2025", "12/31/2025", "2025-02-29", "2025-13-01", "1/1/25", "2022 - 23 - 24", "to"),
]


def whole(message: str) -> str:
    """Return a pattern that only the whole message fits."""
    return f"^{re.escape(message)}$"


def as_text(period) -> tuple[str, str, str]:
    return period.start.isoformat(), period.end.isoformat(), period.label


@pytest.mark.parametrize(("text", "start", "end", "label"), ISO)
def test_an_iso_period_has_its_days_and_its_label(text, start, end, label):
    assert as_text(iso_period(text)) == (start, end, label)


@pytest.mark.parametrize("text", NO_ISO)
def test_anything_else_is_no_iso_period(text):
    with pytest.raises(ValueError, match=whole(f"{text!r} is not a period such as 2023-01-01/P1Y")):
        iso_period(text)


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2023-04-31/P1M", "2023-13-01/P1Y", "9999-01-01/P1Y"]
)
def test_a_day_that_the_calendar_lacks_is_refused(text):
    with pytest.raises(ValueError, match="^(day|month|year) "):  # the rest is Python's own
        iso_period(text)


@pytest.mark.parametrize(("text", "kind", "start", "end", "label"), DFE)
def test_a_dfe_year_has_its_days_and_its_label(text, kind, start, end, label):
    assert as_text(dfe_period(text, kind)) == (start, end, label)


@pytest.mark.parametrize("kind", YEAR_STARTS)
@pytest.mark.parametrize("text", NO_YEAR)
def test_anything_else_is_no_dfe_year(text, kind):
    plain = text.removesuffix("(Rev)")
    with pytest.raises(ValueError, match=whole(f"{plain!r} is not a year such as 2024 or 2023/24")):
        dfe_period(text, kind)


@pytest.mark.parametrize("text", ["2023/24", "2016-18", "2023-24"])
def test_a_count_in_january_has_no_second_year(text):
    with pytest.raises(
        ValueError, match=whole(f"{text!r} is not a year with a January such as 2024")
    ):
        dfe_period(text, JANUARY)


@pytest.mark.parametrize("kind", ["", "academic year", "School Year"])
def test_an_unknown_kind_of_year_is_refused_and_not_taken_for_calendar(kind):
    with pytest.raises(ValueError, match=whole(f"{kind!r} is not a kind of year that is known")):
        dfe_period("2024", kind)


@pytest.mark.parametrize(("text", "start", "end", "label"), [*YEARS, *PARTS_OF_YEARS])
def test_a_written_period_has_its_days_and_its_label(text, start, end, label):
    assert as_text(written_period(text)) == (start, end, label)


@pytest.mark.parametrize("text", NOT_WRITTEN)
def test_anything_else_is_no_written_period(text):
    message = (
        f"{text!r} is not a period such as 2024, 2023/24, 2022 - 24, 2021/22 Q1, Q1 2022, "
        "March 2023 or 2025-12-31"
    )
    with pytest.raises(ValueError, match=whole(message)):
        written_period(text)


STARTS = [
    ((9, 1), "2023/24", "2023-09-01", "2024-08-31", "2023/24"),
    ((11, 16), "2023/24", "2023-11-16", "2024-11-15", "2023/24"),
    ((9, 1), "2016-17", "2016-09-01", "2017-08-31", "2016/17"),
    ((9, 1), "2022/23 - 24/25", "2022-09-01", "2025-08-31", "2022/23 to 2024/25"),
    ((9, 1), "2023/24 Q2", "2023-12-01", "2024-02-29", "December 2023 to February 2024"),
    ((9, 1), "2023", "2023-01-01", "2023-12-31", "2023"),
    ((9, 1), "2023 Q2", "2023-04-01", "2023-06-30", "April 2023 to June 2023"),
    ((1, 1), "2023", "2023-01-01", "2023-12-31", "2023"),
    ((1, 1), "2022 - 24", "2022-01-01", "2024-12-31", "2022 to 2024"),
]


@pytest.mark.parametrize(("year_start", "text", "start", "end", "label"), STARTS)
def test_a_split_year_starts_where_it_is_said_to(year_start, text, start, end, label):
    assert as_text(written_period(text, year_start=year_start)) == (start, end, label)


def test_a_year_that_starts_in_january_is_not_split():
    with pytest.raises(ValueError, match="^'2023/24' is not a period such as "):
        written_period("2023/24", year_start=(1, 1))


@pytest.mark.parametrize("start", ["2019-01-01", "2019-04-01", "2021-07-01"])
@pytest.mark.parametrize("length", ["1Y", "2Y", "9Y", "10Y", "1M", "2M", "3M", "11M", "12M", "30M"])
def test_a_printed_label_is_read_back_as_the_same_days(start, length):
    period = iso_period(f"{start}/P{length}")
    year_start = (period.start.month, 1)
    assert written_period(period.label, year_start=year_start) == period


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_is_known_by_its_name_and_by_three_letters(number):
    name = MONTHS[number - 1]
    found = {written_period(f"{text} 2023").start for text in (name, name[:3], name.upper())}
    assert found == {date(2023, number, 1)}


def test_a_column_of_periods():
    texts = pd.Series(["2023/24", "x", "2022 - 24", "2025-12-31", "2023/24"], index=[5, 6, 7, 8, 9])
    found = read_periods(partial(written_period, year_start=(9, 1)), texts)
    assert list(found.index) == [5, 6, 7, 8, 9]
    starts = found["period_start"].dt.strftime("%Y-%m-%d").fillna("")
    assert list(starts) == ["2023-09-01", "", "2022-01-01", "2025-12-31", "2023-09-01"]
    ends = found["period_end"].dt.strftime("%Y-%m-%d").fillna("")
    assert list(ends) == ["2024-08-31", "", "2024-12-31", "2025-12-31", "2024-08-31"]
    labels = ["2023/24", "", "2022 to 2024", "December 2025", "2023/24"]
    assert list(found["period"].fillna("")) == labels
    assert list(found["months"].fillna(-1)) == [12, -1, 36, 0, 12]


def test_a_column_without_any_period():
    found = read_periods(written_period, pd.Series(["x", "y"]))
    assert found.isna().all().all()
    assert list(told_apart(pd.Series(["a", "a"]), found)) == ["a", "a"]


APART = [
    (["2021", "2022", "2020 - 22"], ["a, 1 year", "a, 1 year", "a, 3 years"]),
    (["2020 - 22", "2021 - 23"], ["a", "a"]),
    (["2022", "Q1 2022", "Q2 2022"], ["a, 1 year", "a, 3 months", "a, 3 months"]),
    (["Jan 2022", "Feb 2022", "2022-02-01"], ["a, 1 month", "a, 1 month", "a, one day"]),
    (["2020/21", "2020/21 - 24/25"], ["a, 1 year", "a, 5 years"]),
    (["2021/22 Q1", "2021/22 Q1 - 2021/22 Q2", "2021/22 Q1 - 2022/23 Q1"], ["a", "a", "a"]),
    (["2021", "nonsense", "2020 - 22"], ["a, 1 year", "", "a, 3 years"]),
]


@pytest.mark.parametrize(("texts", "expected"), APART)
def test_no_series_mixes_pooled_periods_with_single_ones(texts, expected):
    periods = read_periods(written_period, pd.Series([*texts, "2019"]))
    found = told_apart(pd.Series([*["a"] * len(texts), "b"]), periods)
    assert list(found.where(periods["period"].notna(), "")) == [*expected, "b"]


@pytest.mark.parametrize("length", ["P1Y", "P3Y", "P1M"])
@pytest.mark.parametrize("month", range(1, 13))
def test_a_period_ends_the_day_before_the_next_begins(month, length):
    years, months = (int(length[1]), 0) if length[2] == "Y" else (0, int(length[1]))
    ahead = 2023 * 12 + month - 1 + 12 * years + months
    following = date(ahead // 12, ahead % 12 + 1, 1)
    end = iso_period(f"2023-{month:02d}-01/{length}").end
    assert (following - end).days == 1


@pytest.mark.shared_data
class TestRealFiles:
    def test_every_els_period_is_read(self, raw_els):
        found = {row["period"] for rows in raw_els.values() for row in rows}
        lengths = {text.partition("/")[2] for text in found}
        assert lengths == {"", "P1M", "P1Y", "P3Y", "P5Y"}
        assert all(iso_period(text).start.isoformat() == text[:10] for text in found)

    def test_every_lait_year_is_read_but_the_year_0(self, raw_lait):
        pairs = raw_lait[["Years", "kind"]].drop_duplicates()
        assert raw_lait["Years"].nunique() == 65
        assert set(pairs["kind"]) == set(YEAR_STARTS)
        refused = []
        for text, kind in pairs.itertuples(index=False):
            try:
                dfe_period(text, kind)
            except ValueError:
                refused.append((text, kind))
        assert refused == [("0", ACADEMIC)]

    @pytest.mark.parametrize("source", ["els", "lait"])
    def test_a_label_means_the_same_days_throughout_a_series(self, real_rows, source):
        columns = ["series", "period", "period_start", "period_end"]
        periods = real_rows[source][columns].drop_duplicates()
        assert len(periods) > 500
        assert not periods.duplicated(["series", "period"]).any()

    @pytest.mark.parametrize("source", ["els", "lait"])
    def test_days_have_one_label_throughout_a_series(self, real_rows, source):
        columns = ["series", "period", "period_start", "period_end"]
        periods = real_rows[source][columns].drop_duplicates()
        assert not periods.duplicated(["series", "period_start", "period_end"]).any()

    def test_labels_are_of_the_kind_that_the_publisher_names(self, real_rows, shared_data):
        """The service's own description says which kind of year a series has."""
        path = shared_data / "ons-els" / "reference" / "json-stat-metadata.json"
        kinds = {}

        def walk(part):
            if isinstance(part, dict):
                if "periodFormat" in part:
                    kinds[f"els/{part['dataset']}/{part['code']}"] = part["periodFormat"]
                for inner in part.values():
                    walk(inner)
            elif isinstance(part, list):
                for inner in part:
                    walk(inner)

        walk(json.loads(path.read_text(encoding="utf-8-sig")))
        rows = real_rows["els"]
        lasting = rows[rows["period_end"] > rows["period_start"]]
        lasting = lasting[["series", "period", "period_start"]].drop_duplicates()
        kind = lasting["series"].map(kinds)
        assert kind.notna().all()
        year = lasting["period_start"].dt.year
        split = year.astype(str) + "/" + ((year + 1) % 100).astype(str).str.zfill(2)
        of_two = kind.isin(["academic-year", "financial-year"])
        assert of_two.sum() > 150
        assert (lasting["period"] == split)[of_two].all()
        of_one = kind == "year"
        assert of_one.sum() > 200
        assert (lasting["period"] == year.astype(str))[of_one].all()
