"""Findings: what each rule of RULES names, what it lets pass, and what stands in its table."""

import pandas as pd
import pytest

from outcomes.store import RULES
from outcomes.store.findings import FEWEST, FINDINGS, JUMP, STOPPED, find

NAN = float("nan")
A, B = "own/survey/A", "own/survey/B"


@pytest.fixture
def found(tidy):
    """Return the findings of rows (area, year, value) of one series, and what else is said."""

    def of(*rows, unit="%", ended=(), **columns) -> list[tuple]:
        table = tidy(*((A, *row) for row in rows), **columns)
        return told(table, unit=unit, ended=ended)

    return of


def told(table, *, unit="%", ended=()) -> list[tuple]:
    series = pd.DataFrame({"series": [A, B], "unit": unit})
    areas = pd.DataFrame({"area_code": ["X1", "X2", "X3", "X4"], "end": None})
    areas["end"] = areas["area_code"].map(dict.fromkeys(ended, 2020)).astype("Int64")
    result = find(table, series, areas)
    assert list(result.columns) == list(FINDINGS)
    assert set(result["rule"]) <= set(RULES)
    columns = ["rule", "series", "area_code", "period", "value", "detail"]
    return list(result[columns].itertuples(index=False, name=None))


def test_a_sound_table_and_an_empty_one_have_none(found, tidy):
    assert found(("X1", 2022, 50.0), ("X1", 2023, 51.0), lower=45.0, upper=55.0) == []
    assert told(tidy(("own/survey/A", "X1", 2022, 50.0)).head(0)) == []
    assert found(("X1", 2022, NAN), ("X1", 2023, NAN)) == []


class TestInterval:
    def test_a_value_outside_it(self, found):
        rows = [("X1", 2020 + n, value) for n, value in enumerate([44.9, 45.0, 55.0, 55.1])]
        assert found(*rows, lower=45.0, upper=55.0) == [
            ("outside_interval", A, "X1", "2020", 44.9, "interval 45 to 55"),
            ("outside_interval", A, "X1", "2023", 55.1, "interval 45 to 55"),
        ]

    def test_limits_that_are_turned(self, found):
        assert found(("X1", 2022, 50.0), lower=55.5, upper=45.0) == [
            ("interval_turned", A, "X1", "2022", 50.0, "interval 55.5 to 45"),
        ]

    @pytest.mark.parametrize(
        ("value", "lower", "upper"), [(50.0, NAN, 40.0), (50.0, 60.0, NAN), (NAN, 40.0, 60.0)]
    )
    def test_what_is_missing_breaks_no_rule(self, found, value, lower, upper):
        assert found(("X1", 2022, value), lower=lower, upper=upper) == []


class TestPercentage:
    @pytest.mark.parametrize("unit", ["%", "% of pupils", "Per cent", "percent", "Percentage"])
    def test_below_0_and_above_100(self, found, unit):
        rows = [("X1", 2020 + n, value) for n, value in enumerate([-0.1, 0.0, 100.0, 100.1])]
        assert found(*rows, unit=unit) == [
            ("percentage", A, "X1", "2020", -0.1, ""),
            ("percentage", A, "X1", "2023", 100.1, ""),
        ]

    @pytest.mark.parametrize("unit", ["", "per 1,000 people", "£", "ratio"])
    def test_another_unit_may_be_any_number(self, found, unit):
        assert found(("X1", 2022, 120.0), ("X2", 2022, -4.0), unit=unit) == []

    @pytest.mark.parametrize("unit", ["% gap", "percentage point change", "Per cent difference"])
    def test_a_difference_between_percentages_may_be_negative(self, tidy, unit):
        about = pd.DataFrame({"series": [A], "unit": [unit]})
        table = tidy((A, "X1", 2020, -3.0))
        assert find(table, about, pd.DataFrame(columns=["area_code", "end"])).empty

    def test_a_series_that_is_not_described_is_no_percentage(self, tidy):
        table = tidy(("own/survey/C", "X1", 2022, 120.0))
        assert told(table) == []

    def test_a_count_above_its_base(self, found):
        rows = [("X1", 2021, 50.0), ("X1", 2022, 50.0), ("X1", 2023, 50.0)]
        counts = {"numerator": [10.0, 11.0, 11.0], "denominator": [10.0, 10.0, NAN]}
        assert found(*rows, **counts) == [("numerator", A, "X1", "2022", 50.0, "")]
        assert found(*rows, unit="per 1,000 people", **counts) == []


class TestJump:
    """A series of steps of 1: FEWEST changes and one more, which is the jump."""

    def steps(self, last: float, count: int = FEWEST - 1, first: float = 1.0) -> list[tuple]:
        values = [first + n % 2 for n in range(count + 1)]
        rows = [("X1", 1990 + n, value) for n, value in enumerate(values)]
        return [*rows, ("X1", 1990 + len(rows), values[-1] + last)]

    def test_a_change_far_out_of_what_is_usual(self, found):
        (finding,) = found(*self.steps(JUMP + 0.5), unit="")
        assert finding == ("jump", A, "X1", str(1990 + FEWEST), 2 + JUMP + 0.5, "from 2")

    def test_just_so_many_times_the_usual_change_is_none(self, found):
        assert found(*self.steps(JUMP), unit="") == []

    def test_downwards_too(self, found):
        rows = self.steps(0.0)[:-1]
        high = [(area, year, value + 100) for area, year, value in rows]
        last = ("X1", 1990 + len(rows), 50.0)
        assert [f[0] for f in found(*high, last, unit="")] == ["jump"]

    def test_too_few_changes_say_nothing_of_what_is_usual(self, found):
        assert found(*self.steps(500.0, count=FEWEST - 2), unit="") == []

    def test_a_change_must_at_least_double_or_halve(self, found):
        hundred = [(area, year, value + 99) for area, year, value in self.steps(0.0)[:-1]]
        year = 1990 + len(hundred)
        before = hundred[-1][2]
        for value, rules in (
            (before * 2, ["jump"]),
            (before * 2 - 0.1, []),
            (before / 2, ["jump"]),
            (before / 2 + 0.1, []),
        ):
            assert [f[0] for f in found(*hundred, ("X1", year, value), unit="")] == rules, value

    def test_a_missing_value_is_passed_over(self, found):
        *rows, last = self.steps(JUMP + 0.5)
        blank = ("X1", last[1], NAN)
        later = (last[0], last[1] + 1, last[2])
        findings = found(*rows, blank, later, unit="")
        assert [f[:4] for f in findings if f[0] == "jump"] == [("jump", A, "X1", str(later[1]))]

    def test_one_area_is_not_the_neighbour_of_another(self, found):
        rows = self.steps(0.0)[:-1]
        far = [("X2", year, value + 500) for _, year, value in rows]
        assert found(*rows, *far, unit="") == []

    def test_a_series_that_never_changes_has_no_usual_change(self, found):
        rows = [("X1", 1990 + n, 5.0) for n in range(FEWEST + 5)]
        assert found(*rows, ("X1", 1990 + FEWEST + 5, 500.0), unit="") == []


class TestPeriods:
    FULL = tuple(("X1", year, 5.0) for year in range(2018, 2024))

    def test_an_area_that_ends_early_has_stopped(self, found):
        ends = 2023 - STOPPED
        rows = [("X2", year, 5.0) for year in range(2018, ends + 1)]
        assert found(*self.FULL, *rows) == [
            ("stopped", A, "X2", str(ends), 5.0, f"{STOPPED} periods behind"),
        ]
        assert found(*self.FULL, *rows, ("X2", ends + 1, 5.0)) == []

    def test_a_row_without_a_value_is_no_figure(self, found):
        rows = [("X2", year, 5.0) for year in range(2018, 2021)]
        blank = [("X2", year, NAN) for year in range(2021, 2024)]
        assert found(*self.FULL, *rows, *blank) == [
            ("stopped", A, "X2", "2020", 5.0, "3 periods behind"),
        ]

    def test_a_period_that_others_have_is_missing(self, found):
        rows = [("X2", year, 5.0) for year in (2018, 2019, 2021, 2022, 2023)]
        (finding,) = found(*self.FULL, *rows)
        assert finding == ("gap", A, "X2", "2023", 5.0, "1 period missing")
        (finding,) = found(*self.FULL, *(row for row in rows if row[1] != 2021))
        assert finding == ("gap", A, "X2", "2023", 5.0, "2 periods missing")

    def test_a_period_that_nobody_has_is_no_gap_and_no_end(self, found):
        odd = [("X1", 2018, 5.0), ("X1", 2023, 5.0)]
        assert found(*odd) == []
        blank = [("X1", year, NAN) for year in (2019, 2020, 2024, 2025)]
        assert found(*odd, *blank) == []

    def test_an_area_that_begins_late_breaks_no_rule(self, found):
        assert found(*self.FULL, ("X2", 2022, 5.0), ("X2", 2023, 5.0)) == []

    def test_a_code_that_is_no_longer_in_use_is_told_so_and_not_that_it_stopped(self, found):
        rows = [("X2", 2018, 5.0), ("X2", 2019, 5.0)]
        assert found(*self.FULL, *rows, ended=["X2"]) == [
            ("obsolete_code", A, "X2", "2019", 5.0, ""),
        ]

    def test_a_code_without_a_figure_is_not_told(self, found):
        assert found(*self.FULL, ("X2", 2019, NAN), ended=["X2"]) == []

    def test_an_area_that_is_not_listed_has_not_ended(self, found):
        assert found(*self.FULL, *(("Z9", *row[1:]) for row in self.FULL)) == []


def test_groups_of_one_area_are_kept_apart(tidy):
    years = range(2018, 2024)
    women = tidy(*((A, "X1", year, 5.0) for year in years), group_kind="sex", group="Female")
    men = tidy(*((A, "X1", year, 5.0) for year in years[:3]), group_kind="sex", group="Male")
    assert told(pd.concat([women, men], ignore_index=True)) == [
        ("stopped", A, "X1", "2020", 5.0, "3 periods behind"),
    ]


def test_series_are_kept_apart(tidy):
    table = tidy(*((A, "X1", year, 5.0) for year in range(2018, 2024)), (B, "X1", 2018, 5.0))
    assert told(table) == []


def test_the_order_of_the_rows_makes_no_difference(tidy):
    rows = [(A, "X1", 1990 + n, 1.0 + n % 2) for n in range(FEWEST)]
    table = tidy(*rows, (A, "X1", 2020, 120.0), (A, "X2", 1995, -3.0))
    expected = told(table)
    assert sorted({finding[0] for finding in expected}) == ["jump", "percentage", "stopped"]
    assert told(table.sample(frac=1, random_state=3)) == expected
