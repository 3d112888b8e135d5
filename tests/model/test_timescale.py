"""Times as people type them: the days that they can mean, and what is refused."""

import calendar
from datetime import date

import pytest

from outcomes.model.timescale import UNDERSTOOD, Span, days_words, read_timescale, span_words


def days(first, last=None):
    """Return two days of 2012 from (month, day) pairs; one pair stands for both."""
    return date(2012, *first), date(2012, *(last or first))


@pytest.mark.parametrize(
    ("typed", "starts", "ends"),
    [
        ("25 April 2012", days((4, 25)), days((4, 25))),
        # late: the 21st to the last; mid: the 11th to the 20th
        ("Late April to mid-May", days((4, 21), (4, 30)), days((5, 11), (5, 20))),
        ("Mid May to Mid June", days((5, 11), (5, 20)), days((6, 11), (6, 20))),
        # the end of a month: its last seven days, of August the 25th to the 31st
        ("Late April onwards to end of August", days((4, 21), (4, 30)), days((8, 25), (8, 31))),
        ("End of June 2012", days((6, 24), (6, 30)), days((6, 24), (6, 30))),
        ("End of June to end of August", days((6, 24), (6, 30)), days((8, 25), (8, 31))),
        ("End of July", days((7, 25), (7, 31)), days((7, 25), (7, 31))),
        ("September 2012", days((9, 1), (9, 30)), days((9, 1), (9, 30))),
        ("end of February", days((2, 23), (2, 29)), days((2, 23), (2, 29))),  # a leap year
        ("Beginning of Sept to 3rd Oct", days((9, 1), (9, 7)), days((10, 3))),
        ("  EARLY\u2013May ", days((5, 1), (5, 10)), days((5, 1), (5, 10))),
    ],
)
def test_a_time_means_these_days(typed, starts, ends):
    assert read_timescale(typed, 2012) == Span(starts, ends)


@pytest.mark.parametrize("year", [2012, 2013])
@pytest.mark.parametrize("month", range(1, 13))
def test_early_mid_and_late_share_out_every_month(year, month):
    name = calendar.month_name[month]
    whole = read_timescale(name, year).starts
    parts = [read_timescale(f"{part} {name}", year).starts for part in ("early", "mid", "late")]
    covered = [n for first, last in parts for n in range(first.toordinal(), last.toordinal() + 1)]
    assert covered == list(range(whole[0].toordinal(), whole[1].toordinal() + 1))
    end = read_timescale(f"end of {name}", year).starts
    assert (end[1] - end[0]).days == 6
    assert end[1] == whole[1]


def test_a_year_typed_at_the_end_counts_for_both_and_one_typed_at_each_for_each():
    assert read_timescale("May to June 2015", 2012).starts[0] == date(2015, 5, 1)
    winter = read_timescale("November 2012 to February 2013", 2011)
    assert (winter.starts[0], winter.ends[1]) == (date(2012, 11, 1), date(2013, 2, 28))
    assert days_words((date(2012, 11, 1), date(2013, 2, 28))) == (
        "1 November 2012 to 28 February 2013"
    )


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("by Easter", ""),
        ("in due course", ""),
        ("Late April onwards", ""),
        ("soon", ""),
        ("", ""),
        ("2012-04-25", ""),
        ("early 5 May", ""),
        ("May to June to July", ""),
        ("Septembre 2012", "; did you mean 'september'?"),
    ],
)
def test_what_is_not_understood_is_refused_with_what_is(typed, hint):
    with pytest.raises(ValueError, match="got ") as refused:
        read_timescale(typed, 2012)
    assert str(refused.value) == f"got {typed!r}; {UNDERSTOOD}{hint}"


def test_a_day_that_its_month_has_not_is_refused():
    with pytest.raises(ValueError, match="^got '31 June'; June 2012 has 30 days$"):
        read_timescale("31 June", 2012)
    with pytest.raises(ValueError, match="^got '29 February'; February 2013 has 28 days$"):
        read_timescale("29 February", 2013)


def test_a_time_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before") as refused:
        read_timescale("October to February", 2012)
    assert str(refused.value) == (
        "got 'October to February', which ends before it begins; where it runs into another year, "
        "type both years, such as November 2012 to February 2013"
    )


def test_days_are_said_as_a_reader_meets_them():
    assert days_words(days((4, 25))) == "25 April 2012"
    assert days_words(days((4, 21), (4, 30))) == "21 to 30 April 2012"
    assert days_words(days((5, 11), (6, 20))) == "11 May to 20 June 2012"
    assert span_words(read_timescale("Late April to mid-May", 2012)) == (
        "from 21 to 30 April 2012 until 11 to 20 May 2012"
    )
