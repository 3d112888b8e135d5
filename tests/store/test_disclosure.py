"""Small numbers: what is withheld in tables small enough to work out by hand."""

import numpy as np
import pandas as pd
import pytest

from outcomes.model import DisclosureRule
from outcomes.store.disclosure import BASE_NOTE, NOTE, protect

NAN = float("nan")
FIVE = DisclosureRule()
NUMBERS = ["value", "lower", "upper", "numerator", "denominator"]


def area_list(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return an area list: a row for each (code, levels, parents); codes with an X at the end ended."""
    areas = pd.DataFrame(rows, columns=["area_code", "levels", "parents"])
    ended = areas["area_code"].str.endswith("X").map({True: 2019, False: None})
    return areas.assign(area_name=areas["area_code"], end=pd.array(ended.to_numpy(), "Int64"))


COUNTY = area_list(
    ("T", "county", ""), ("A", "district", "T"), ("B", "district", "T"), ("C", "district", "T")
)


@pytest.fixture
def table(tidy):
    """Make a tidy table of counts: a row for each (area, count), other columns by name."""

    def make(*rows: tuple[str, float], **columns) -> pd.DataFrame:
        counts = [float(count) for _, count in rows]
        made = tidy(
            *(("own/a/A", area, 2022, n) for (area, _), n in zip(rows, counts, strict=True))
        )
        return made.assign(numerator=counts, **columns)

    return make


def withheld(shown: pd.DataFrame, by: str = "area_code") -> list:
    return shown.loc[shown["status"] == "withheld_small_number", by].tolist()


class TestNestedAreas:
    def test_a_small_number_takes_its_smallest_sibling_along(self, table):
        made = table(("T", 31), ("A", 3), ("B", 8), ("C", 20))
        assert withheld(protect(made, COUNTY, FIVE)) == ["A", "B"]

    def test_a_sibling_that_leaves_too_narrow_a_range_is_not_taken(self, table):
        """A and B are 6 together: each would be from 1 to 5."""
        made = table(("T", 15), ("A", 1), ("B", 5), ("C", 9))
        assert withheld(protect(made, COUNTY, FIVE)) == ["A", "C"]

    def test_two_small_ones_that_cover_each_other(self, table):
        made = table(("T", 28), ("A", 4), ("B", 4), ("C", 20))
        assert withheld(protect(made, COUNTY, FIVE)) == ["A", "B"]
        made = table(("T", 26), ("A", 3), ("B", 3), ("C", 20))
        assert withheld(protect(made, COUNTY, FIVE)) == ["A", "B", "C"]

    def test_zeros_are_shown_and_cover_nothing(self, table):
        made = table(("T", 23), ("A", 3), ("B", 0), ("C", 20))
        shown = protect(made, COUNTY, FIVE)
        assert withheld(shown) == ["A", "C"]
        assert shown.loc[2, NUMBERS].tolist()[0] == 0.0
        nothing = table(("T", 0), ("A", 0), ("B", 0), ("C", 0))
        pd.testing.assert_frame_equal(protect(nothing, COUNTY, FIVE), nothing)

    def test_a_total_goes_when_all_of_it_is_one_small_number(self, table):
        made = table(("T", 3), ("A", 3), ("B", 0), ("C", 0))
        assert withheld(protect(made, COUNTY, FIVE)) == ["T", "A"]

    def test_a_number_alone_has_nothing_beside_it(self, table):
        assert withheld(protect(table(("T", 3)), COUNTY, FIVE)) == ["T"]
        assert withheld(protect(table(("T", 30), ("Z", 3)), COUNTY, FIVE)) == ["Z"]

    def test_three_levels(self, table):
        areas = area_list(
            ("R", "region", ""),
            ("T", "county", "R"),
            ("U", "county", "R"),
            *((code, "ward", "T R") for code in ("T1", "T2", "T3")),
            *((code, "ward", "U R") for code in ("U1", "U2")),
        )
        made = table(
            ("R", 40), ("T", 25), ("U", 15), ("T1", 3), ("T2", 7), ("T3", 15), ("U1", 6), ("U2", 9)
        )
        assert withheld(protect(made, areas, FIVE)) == ["T1", "T2"]
        # U is small, so T covers it in R, and T1 keeps T from being the sum of its wards.
        made = table(
            ("R", 29), ("T", 25), ("U", 4), ("T1", 5), ("T2", 8), ("T3", 12), ("U1", 4), ("U2", 0)
        )
        assert withheld(protect(made, areas, FIVE)) == ["T", "U", "T1", "U1"]

    def test_a_missing_count_is_taken_as_known_to_somebody(self, table):
        areas = pd.concat([COUNTY, area_list(("D", "district", "T"))])
        made = table(("T", 40), ("A", 3), ("B", NAN), ("C", 8), ("D", 20))
        assert withheld(protect(made, areas, FIVE)) == ["A", "C"]

    def test_a_parent_with_few_of_its_areas_is_an_upper_bound_only(self, table):
        areas = area_list(("T", "county", ""), *((code, "district", "T") for code in "ABCDE"))
        assert withheld(protect(table(("T", 6), ("A", 3)), areas, FIVE)) == ["A"]
        assert withheld(protect(table(("T", 5), ("A", 3)), areas, FIVE)) == ["T", "A"]

    def test_two_ways_of_dividing_a_county_that_is_not_shown(self, table):
        areas = area_list(
            ("T", "county", ""),
            *((code, "ward", "T") for code in ("W1", "W2")),
            *((code, "school area", "T") for code in ("S1", "S2")),
        )
        made = table(("W1", 3), ("W2", 20), ("S1", 11), ("S2", 12))
        assert withheld(protect(made, areas, FIVE)) == ["W1", "W2"]
        assert withheld(protect(made[:2], areas, FIVE)) == ["W1"]


class TestCodeChanges:
    AREAS = area_list(
        ("R", "region", ""),
        ("U", "district", "R"),
        ("N", "district", "R"),
        ("O1X", "district", ""),
        ("O2X", "district", ""),
    )
    CHANGES = pd.DataFrame({"old_code": ["O1X", "O2X"], "new_code": "N", "year": 2020})

    def test_a_merged_area_is_the_sum_of_what_it_was(self, table):
        made = table(("R", 32), ("U", 20), ("N", 12), ("O1X", 3), ("O2X", 9))
        assert withheld(protect(made, self.AREAS, FIVE, changes=self.CHANGES)) == ["O1X", "O2X"]
        assert withheld(protect(made, self.AREAS, FIVE)) == ["O1X"]

    def test_before_the_merger_the_old_areas_make_up_the_region(self, table):
        made = table(("R", 32), ("U", 20), ("O1X", 3), ("O2X", 9))
        assert withheld(protect(made, self.AREAS, FIVE, changes=self.CHANGES)) == ["O1X", "O2X"]

    def test_an_area_that_was_split_or_numbered_anew(self, table):
        areas = area_list(("OX", "district", ""), ("P", "district", ""), ("Q", "district", ""))
        changes = pd.DataFrame({"old_code": "OX", "new_code": ["P", "Q"], "year": 2020})
        made = table(("OX", 12), ("P", 3), ("Q", 9))
        assert withheld(protect(made, areas, FIVE, changes=changes)) == ["P", "Q"]
        made = table(("OX", 3), ("P", 3))
        assert withheld(protect(made, areas, FIVE, changes=changes[:1])) == ["OX", "P"]


class TestGroups:
    def rows(self, table, *rows: tuple[str, str, str, float]) -> pd.DataFrame:
        made = table(*((area, count) for area, _, _, count in rows))
        return made.assign(group_kind=[row[1] for row in rows], group=[row[2] for row in rows])

    def test_areas_by_sex_take_a_square(self, table):
        made = self.rows(
            table,
            *(("T", "", "", 33), ("A", "", "", 12), ("B", "", "", 21)),
            *(("T", "sex", "F", 11), ("A", "sex", "F", 2), ("B", "sex", "F", 9)),
            *(("T", "sex", "M", 22), ("A", "sex", "M", 10), ("B", "sex", "M", 12)),
        )
        shown = protect(made, COUNTY[:3], FIVE)
        assert withheld(shown) == ["A", "B", "A", "B"]
        assert withheld(shown, "group") == ["F", "F", "M", "M"]

    def test_groups_of_different_kinds_have_the_same_sum(self, table):
        made = self.rows(
            table,
            *(("A", "sex", "F", 3), ("A", "sex", "M", 20)),
            *(("A", "age", "young", 11), ("A", "age", "old", 12)),
        )
        shown = protect(made, COUNTY, FIVE)
        assert "F" in withheld(shown, "group")
        assert len(withheld(shown)) == 2
        assert withheld(protect(made[:2], COUNTY, FIVE), "group") == ["F"]

    def test_one_group_alone_has_others_that_nobody_knows(self, table):
        made = self.rows(table, ("A", "", "", 30), ("A", "meals", "eligible", 3))
        assert withheld(protect(made, COUNTY, FIVE), "group") == ["eligible"]


class TestPeriods:
    def rows(self, table, *rows: tuple[int, int, float]) -> pd.DataFrame:
        made = table(*(("A", count) for _, _, count in rows))
        labels = [f"{first}-{last}" for first, last, _ in rows]
        return made.assign(
            period=labels,
            period_start=pd.to_datetime([f"{first}-01-01" for first, _, _ in rows]),
            period_end=pd.to_datetime([f"{last}-12-31" for _, last, _ in rows]),
        )

    def test_years_of_a_pooled_period(self, table):
        made = self.rows(
            table, (2020, 2020, 3), (2021, 2021, 9), (2022, 2022, 10), (2020, 2022, 22)
        )
        shown = protect(made, COUNTY, FIVE)
        assert withheld(shown, "period") == ["2020-2020", "2021-2021"]
        assert withheld(protect(made[:3], COUNTY, FIVE), "period") == ["2020-2020"]

    @pytest.mark.parametrize("unit", ["s", "ms", "ns"])
    def test_windows_that_overlap_bound_each_other(self, table, unit):
        """Nobody in 2018 to 2020, so 2019-2021 is 2021 alone: at most 2021-2023, which is 5."""
        made = self.rows(table, (2018, 2020, 0), (2019, 2021, 2), (2020, 2022, 3), (2021, 2023, 5))
        made = made.astype(dict.fromkeys(("period_start", "period_end"), f"datetime64[{unit}]"))
        shown = protect(made, COUNTY, FIVE)
        assert withheld(shown, "period") == ["2019-2021", "2020-2022", "2021-2023"]
        made.loc[3, ["numerator", "value"]] = 6.0
        shown = protect(made, COUNTY, FIVE)
        assert withheld(shown, "period") == ["2019-2021", "2020-2022"]

    def test_periods_that_do_not_add_up_are_no_reason_to_stop(self, table):
        """A yearly count below that of its days, as a count on a day may be."""
        made = self.rows(table, (2020, 2020, 3), (2021, 2021, 90), (2020, 2021, 40))
        assert "2020-2020" in withheld(protect(made, COUNTY, FIVE), "period")


class TestBases:
    def test_a_base_that_would_pin_its_count(self, table):
        made = table(("A", 2), ("B", 5), ("C", 6)).assign(denominator=[3.0, 5.0, 6.0])
        assert withheld(protect(made, COUNTY, FIVE)) == ["A", "B"]

    def test_a_zero_is_shown_without_its_small_base_and_limits(self, table):
        made = table(("A", 0)).assign(denominator=4.0, lower=0.0, upper=49.0)
        shown = protect(made, COUNTY, FIVE)
        np.testing.assert_equal(shown.loc[0, NUMBERS].tolist(), [0.0, NAN, NAN, 0.0, NAN])
        assert shown.loc[0, ["status", "note"]].tolist() == ["final", BASE_NOTE]

    def test_a_small_base_is_not_what_is_left_of_others(self, table):
        """3 of 43 people are women, none of them counted; the men and the total cover them."""
        made = table(("A", 9), ("A", 0), ("A", 9), denominator=[43.0, 3.0, 40.0])
        made = made.assign(group_kind=["", "sex", "sex"], group=["", "F", "M"])
        shown = protect(made, COUNTY, FIVE)
        assert withheld(shown, "group") == ["", "M"]
        assert shown["denominator"].isna().all()
        assert shown["numerator"].dropna().tolist() == [0.0]

    def test_large_bases_are_taken_as_known(self, table):
        made = table(("T", 31), ("A", 3), ("B", 8), ("C", 20))
        made["denominator"] = [3000.0, 1000.0, 1000.0, 1000.0]
        assert withheld(protect(made, COUNTY, FIVE)) == ["A", "B"]

    def test_nobody_to_count(self, table):
        made = table(("A", 0)).assign(denominator=0.0)
        pd.testing.assert_frame_equal(protect(made, COUNTY, FIVE), made)


class TestWhatIsReturned:
    def test_covers_and_small_numbers_look_alike_and_nothing_else_changes(self, table):
        made = table(("T", 31), ("A", 3), ("B", 8), ("C", 20), note="three people")
        made = made.assign(denominator=100.0, lower=1.0, upper=9.0).set_index(
            pd.Index([7, 3, 3, 1])
        )
        made = made.iloc[[2, 0, 3, 1]]
        before = made.copy()
        shown = protect(made, COUNTY, FIVE)
        pd.testing.assert_frame_equal(made, before)
        assert list(shown.columns) == list(made.columns)
        pd.testing.assert_index_equal(shown.index, made.index)
        assert shown["area_code"].tolist() == ["B", "T", "C", "A"]
        gone = shown.iloc[[0, 3]]
        assert gone[NUMBERS].isna().all(axis=None)
        assert gone["note"].tolist() == [NOTE, NOTE]
        pd.testing.assert_frame_equal(shown.iloc[1:3], made.iloc[1:3])

    def test_a_row_without_a_numerator_stays(self, table):
        made = table(("T", 31), ("A", NAN), ("B", NAN))
        made.loc[1, ["value", "status"]] = [3.0, "final"]
        pd.testing.assert_frame_equal(protect(made, COUNTY, FIVE), made)

    def test_no_rows(self, table):
        none = table(("T", 31))[:0]
        pd.testing.assert_frame_equal(protect(none, COUNTY, FIVE), none)

    def test_no_threshold(self, table):
        made = table(("T", 4), ("A", 3), ("B", 1))
        off = DisclosureRule(threshold=None)
        pd.testing.assert_frame_equal(protect(made, COUNTY, off), made)

    def test_another_threshold(self, table):
        made = table(("T", 31), ("A", 3), ("B", 8), ("C", 20))
        assert withheld(protect(made, COUNTY, DisclosureRule(threshold=3))) == []
        assert withheld(protect(made, COUNTY, DisclosureRule(threshold=10))) == ["A", "B", "C"]

    def test_series_are_apart(self, table):
        one = table(("T", 31), ("A", 3), ("B", 8), ("C", 20))
        other = table(("T", 50), ("A", 10), ("B", 20), ("C", 20), series="own/a/B")
        shown = protect(pd.concat([one, other], ignore_index=True), COUNTY, FIVE)
        assert withheld(shown, "series") == ["own/a/A", "own/a/A"]

    def test_an_empty_area_list(self, table):
        made = table(("T", 31), ("A", 3))
        assert withheld(protect(made, COUNTY[:0], FIVE)) == ["A"]


class TestVintages:
    def test_what_was_withheld_stays_and_what_was_shown_covers_nothing(self, table):
        """In March B covered A. In June C is smaller, and would show B: then A is 31 - 28."""
        march = table(("T", 31), ("A", 3), ("B", 8), ("C", 20))
        june = march.assign(numerator=[18.0, 3.0, 8.0, 7.0])
        assert withheld(protect(june, COUNTY, FIVE)) == ["A", "C"]
        first = protect(march, COUNTY, FIVE)
        assert withheld(protect(june, COUNTY, FIVE, before=first)) == ["A", "B"]

    def test_a_figure_that_was_shown_and_is_the_same_covers_nothing(self, table):
        """B was shown when A was 9; now only C can cover A."""
        march = table(("T", 37), ("A", 9), ("B", 8), ("C", 20))
        june = march.assign(numerator=[32.0, 3.0, 8.0, 21.0])
        first = protect(march, COUNTY, FIVE)
        assert withheld(first) == []
        assert withheld(protect(june, COUNTY, FIVE)) == ["A", "B"]
        assert withheld(protect(june, COUNTY, FIVE, before=first)) == ["A", "C"]

    def test_the_same_figures_are_withheld_alike_each_time(self, table):
        made = table(("T", 31), ("A", 3), ("B", 8), ("C", 20))
        first = protect(made, COUNTY, FIVE)
        both = pd.concat([first, first], ignore_index=True)
        pd.testing.assert_frame_equal(protect(made, COUNTY, FIVE, before=both), first)

    def test_what_everybody_knows_cannot_be_covered(self, table):
        made = table(("T", 31), ("A", 3), ("B", 8), ("C", 20))
        assert withheld(protect(made, COUNTY, FIVE, before=made)) == ["A"]


class TestRounding:
    RULE = DisclosureRule(round_to=5)

    def test_counts_bases_and_rates(self, table):
        made = table(("T", 40), ("A", 12), ("B", 28))
        made = made.assign(
            denominator=[202.0, 98.0, 104.0], lower=1.0, upper=90.0, note=["", "revised", ""]
        )
        made["value"] = 100 * made["numerator"] / made["denominator"]
        shown = protect(made, COUNTY[:3], self.RULE)
        assert shown["numerator"].tolist() == [40.0, 10.0, 30.0]
        assert shown["denominator"].tolist() == [200.0, 100.0, 105.0]
        np.testing.assert_allclose(shown["value"], [20.0, 10.0, 100 * 30 / 105])
        assert shown[["lower", "upper"]].isna().all(axis=None)
        why = "the interval is not shown because the count is rounded"
        assert shown["note"].tolist() == [why, f"revised; {why}", why]

    def test_counts_without_a_base_zeros_and_what_is_withheld(self, table):
        made = table(("T", 33), ("A", 3), ("B", 8), ("C", 22), ("D", 0), ("E", NAN))
        shown = protect(made, COUNTY, self.RULE)
        np.testing.assert_equal(shown["numerator"].tolist(), [35.0, NAN, NAN, 20.0, 0.0, NAN])
        np.testing.assert_equal(shown["value"].tolist(), [35.0, NAN, NAN, 20.0, 0.0, NAN])
        assert shown["note"].tolist() == ["", NOTE, NOTE, "", "", ""]

    def test_rounding_alone(self, table):
        made = table(("A", 2), ("B", 3)).assign(denominator=[2.0, 7.0], value=[100.0, 300 / 7])
        shown = protect(made, COUNTY, DisclosureRule(threshold=None, round_to=5))
        assert shown["numerator"].tolist() == [0.0, 5.0]
        assert shown["denominator"].tolist() == [5.0, 5.0]
        np.testing.assert_allclose(shown["value"], [0.0, 100.0])

    def test_a_rounded_figure_of_an_earlier_release_is_known(self, table):
        march = table(("T", 37), ("A", 9), ("B", 8), ("C", 20))
        june = march.assign(numerator=[32.0, 3.0, 8.0, 24.0])
        first = protect(march, COUNTY, self.RULE)
        assert withheld(protect(june, COUNTY, self.RULE, before=first)) == ["A", "C"]
