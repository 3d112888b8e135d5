"""Mergers and renumberings, by hand: one code for each place, and histories made from others'."""

import math

import pandas as pd
import pytest

from outcomes.model import OBSERVATION_COLUMNS
from outcomes.sources import els
from outcomes.statistics import one_code_each, predecessors, with_predecessors

NAN = float("nan")
RATE, COUNT = "own/survey/Rate", "own/survey/Count"
AREAS = pd.DataFrame(
    [
        ("X1", "Ashby", "ltla"),
        ("X2", "Brook", "ltla"),
        ("X3", "Coombe", "ltla"),
        ("X8", "Oldshire", "utla"),
        ("X9", "Newshire", "utla ltla"),
        ("Y1", "Deane", "ltla"),
        ("Y2", "Deane", "ltla"),
        ("Z1", "Elm", "ltla"),
        ("Z2", "Fell", "ltla"),
        ("Z3", "Gorse", "ltla"),
    ],
    columns=["area_code", "area_name", "levels"],
).set_index("area_code")


def pairs(*rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["old_code", "new_code", "year"])
    return table.astype({"year": "Int64"})


MERGED = pairs(("X1", "X9", 2023), ("X2", "X9", 2023), ("X8", "X9", 2023))
"""Two districts and the county around them became one authority."""
RENUMBERED = pairs(("Y1", "Y2", 2022))
SPLIT = pairs(("Z1", "Z2", 2021), ("Z1", "Z3", 2021))


def rows(*cells: tuple, series: str = RATE, **columns) -> pd.DataFrame:
    """Return a tidy table: a row for each (area, year, value[, numerator, denominator])."""
    filled = [(*cell, *[NAN] * (5 - len(cell))) for cell in cells]
    table = pd.DataFrame(filled, columns=["area_code", "year", "value", "numerator", "denominator"])
    table["period"] = table.pop("year").astype(str)
    table["period_start"] = pd.to_datetime(table["period"] + "-01-01")
    table["period_end"] = pd.to_datetime(table["period"] + "-12-31")
    table["status"] = table["value"].isna().map({True: "not_available", False: "final"})
    defaults = {"series": series, "note": "", "group_kind": "", "group": ""}
    table = table.assign(lower=table["value"] - 1, upper=table["value"] + 1, **defaults)
    return table.assign(**columns)[list(OBSERVATION_COLUMNS)]


def values(table: pd.DataFrame, code: str) -> dict[str, float]:
    own = table[table["area_code"] == code].sort_values("period_start")
    return dict(zip(own["period"], own["value"], strict=True))


def made(table: pd.DataFrame, changes: pd.DataFrame, counts=()) -> pd.DataFrame:
    """Return the rows that are there with predecessors and were not before, in order."""
    whole = with_predecessors(table, changes, AREAS, counts)
    pd.testing.assert_frame_equal(whole.iloc[: len(table)], table)
    return whole.iloc[len(table) :].reset_index(drop=True)


class TestOneCodeEach:
    def test_a_renumbered_area_counts_once(self):
        table = rows(("Y1", 2020, 5.0), ("Y2", 2020, 5.0), ("Y1", 2019, 4.0), ("X1", 2020, 7.0))
        kept = one_code_each(table, RENUMBERED)
        assert kept[["area_code", "period", "value"]].to_numpy().tolist() == [
            ["Y2", "2020", 5.0],
            ["Y1", "2019", 4.0],
            ["X1", "2020", 7.0],
        ]

    def test_a_merged_area_counts_once(self):
        table = rows(("X1", 2020, 1.0), ("X2", 2020, 2.0), ("X9", 2020, 3.0), ("X1", 2019, 1.0))
        kept = one_code_each(table, MERGED)
        assert values(kept, "X9") == {"2020": 3.0}
        assert values(kept, "X1") == {"2019": 1.0}
        assert values(kept, "X2") == {}

    def test_a_split_area_counts_once(self):
        table = rows(("Z1", 2020, 3.0), ("Z2", 2020, 1.0), ("Z3", 2020, 2.0), ("Z1", 2019, 4.0))
        kept = one_code_each(table, SPLIT)
        assert kept["area_code"].tolist() == ["Z2", "Z3", "Z1"]
        assert values(kept, "Z1") == {"2019": 4.0}

    def test_a_successor_without_a_value_does_not_push_out_the_old_code(self):
        table = rows(("Y1", 2020, 5.0), ("Y2", 2020, NAN))
        assert len(one_code_each(table, RENUMBERED)) == 2

    def test_series_periods_and_groups_are_kept_apart(self):
        old = rows(("Y1", 2020, 5.0))
        other = rows(("Y2", 2020, 5.0), series=COUNT)
        grouped = rows(("Y2", 2020, 5.0), group_kind="sex", group="Female")
        longer = rows(("Y2", 2020, 5.0)).assign(period_end=pd.Timestamp("2022-12-31"))
        for beside in (other, grouped, longer):
            table = pd.concat([old, beside], ignore_index=True)
            pd.testing.assert_frame_equal(one_code_each(table, RENUMBERED), table)

    def test_without_changes_all_rows_stay(self):
        table = rows(("Y1", 2020, 5.0), ("Y2", 2020, 5.0))
        pd.testing.assert_frame_equal(one_code_each(table, pairs()), table)


class TestRenumbered:
    def test_the_new_code_takes_over_the_rows_it_lacks(self):
        table = rows(("Y1", 2020, 5.0, 1.0, 20.0), ("Y1", 2021, 6.0), ("Y2", 2021, 6.5))
        (row,) = made(table, RENUMBERED).to_dict("records")
        old = table.iloc[0].to_dict()
        assert row == old | {"area_code": "Y2", "note": "under the old code Y1"}

    def test_a_note_of_the_old_row_stays(self):
        table = rows(("Y1", 2020, 5.0), note="Two areas combined", status="provisional")
        (row,) = made(table, RENUMBERED).to_dict("records")
        assert row["note"] == "under the old code Y1; Two areas combined"
        assert row["status"] == "provisional"

    def test_a_row_without_a_value_is_not_taken_over(self):
        assert made(rows(("Y1", 2020, NAN), ("X1", 2020, 1.0)), RENUMBERED).empty


class TestMerged:
    def test_counts_are_added_up(self):
        table = rows(("X1", 2020, 3.0), ("X2", 2020, 4.0), ("X9", 2023, 9.0), series=COUNT)
        (row,) = made(table, MERGED, counts=[COUNT]).to_dict("records")
        assert (row["area_code"], row["period"], row["value"]) == ("X9", "2020", 7.0)
        assert row["note"] == "added up from Ashby and Brook"
        assert row["status"] == "final"
        assert math.isnan(row["lower"])
        assert math.isnan(row["upper"])
        assert math.isnan(row["numerator"]), "a count that is not published is missing, never zero"
        assert math.isnan(row["denominator"])
        ends = (pd.Timestamp("2020-01-01"), pd.Timestamp("2020-12-31"))
        assert (row["period_start"], row["period_end"]) == ends

    def test_a_rate_is_made_from_counts_and_bases(self):
        """10 of 100 and 90 of 300 are 100 of 400: 25 %, not the 20 % that the mean would be."""
        table = rows(("X1", 2020, 10.0, 10.0, 100.0), ("X2", 2020, 30.0, 90.0, 300.0))
        (row,) = made(table, MERGED).to_dict("records")
        assert row["value"] == pytest.approx(25.0)
        assert (row["numerator"], row["denominator"]) == (100.0, 400.0)
        assert row["note"] == "added up from Ashby and Brook"
        assert math.isnan(row["lower"])

    def test_a_rate_keeps_its_scale(self):
        """Per 1,000: 5 of 1,000 and 25 of 2,000 are 30 of 3,000, 10 per 1,000; one of 0 helps."""
        table = rows(("X1", 2020, 5.0, 5.0, 1000.0), ("X2", 2020, 12.5, 25.0, 2000.0))
        assert made(table, MERGED)["value"].tolist() == [pytest.approx(10.0)]
        table = rows(("X1", 2020, 0.0, 0.0, 1000.0), ("X2", 2020, 12.0, 12.0, 1000.0))
        assert made(table, MERGED)["value"].tolist() == [pytest.approx(6.0)]

    @pytest.mark.parametrize(
        "second", [("X2", 2020, 30.0), ("X2", 2020, 30.0, 90.0), ("X2", 2020, 30.0, NAN, 300.0)]
    )
    def test_nothing_is_made_of_rates_without_counts(self, second):
        assert made(rows(("X1", 2020, 10.0, 10.0, 100.0), second), MERGED).empty
        assert made(rows(("X1", 2020, 10.0), ("X2", 2020, 30.0)), MERGED).empty

    @pytest.mark.parametrize("second", [("X2", 2021, 4.0), ("X2", 2020, NAN), ("X3", 2020, 4.0)])
    def test_some_of_the_areas_are_not_the_whole(self, second):
        assert made(rows(("X1", 2020, 3.0), second, series=COUNT), MERGED, [COUNT]).empty

    def test_the_county_that_was_merged_too_is_not_counted_again(self):
        table = rows(("X1", 2020, 3.0), ("X2", 2020, 4.0), ("X8", 2020, 7.0), series=COUNT)
        assert made(table, MERGED, [COUNT])["value"].tolist() == [7.0]

    def test_a_published_figure_of_the_new_area_stays(self):
        table = rows(("X1", 2020, 3.0), ("X2", 2020, 4.0), ("X9", 2020, 7.5), series=COUNT)
        assert made(table, MERGED, [COUNT]).empty

    def test_groups_are_added_up_each_for_itself(self):
        women = rows(("X1", 2020, 1.0), ("X2", 2020, 2.0), series=COUNT)
        women = women.assign(group_kind="sex", group="Female")
        men = rows(("X1", 2020, 5.0), series=COUNT).assign(group_kind="sex", group="Male")
        table = pd.concat([women, men], ignore_index=True)
        new = made(table, MERGED, [COUNT])
        assert new[["group", "value"]].to_numpy().tolist() == [["Female", 3.0]]


class TestOthers:
    def test_a_split_code_is_nobodys_predecessor(self):
        assert made(rows(("Z1", 2020, 3.0), series=COUNT), SPLIT, [COUNT]).empty
        assert predecessors(SPLIT, AREAS, "Z2") == ([], 0)

    def test_two_mergers_one_after_the_other(self):
        """Ashby and Brook became Coombe in 2019, Coombe and Elm became Fell in 2023."""
        chain = pairs(
            ("X1", "X3", 2019), ("X2", "X3", 2019), ("X3", "Z2", 2023), ("Z1", "Z2", 2023)
        )
        first = [("X1", 2018, 1.0), ("X2", 2018, 2.0), ("Z1", 2018, 4.0)]
        second = [("X3", 2020, 8.0), ("Z1", 2020, 16.0)]
        table = rows(*first, *second, series=COUNT)
        new = made(table, chain, [COUNT])
        assert values(new, "X3") == {"2018": 3.0}
        assert values(new, "Z2") == {"2018": 7.0, "2020": 24.0}
        assert set(new.loc[new["area_code"] == "Z2", "note"]) == {"added up from Coombe and Elm"}

    def test_a_renumbering_after_a_merger(self):
        chain = pairs(("X1", "X3", 2019), ("X2", "X3", 2019), ("X3", "Z2", 2023))
        table = rows(("X1", 2018, 1.0), ("X2", 2018, 2.0), series=COUNT)
        new = made(table, chain, [COUNT])
        assert values(new, "Z2") == {"2018": 3.0}
        assert new.loc[new["area_code"] == "Z2", "note"].tolist() == [
            "under the old code X3; added up from Ashby and Brook"
        ]

    def test_without_changes_the_table_is_as_it_was(self):
        assert made(rows(("X1", 2020, 3.0)), pairs()).empty
        assert made(rows(("X1", 2020, 3.0)).head(0), MERGED).empty

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("X9", (["Ashby", "Brook"], 2023)),
            ("Y2", (["Deane"], 2022)),
            ("X1", ([], 0)),
            ("Z3", ([], 0)),
        ],
    )
    def test_the_names_of_predecessors(self, code, expected):
        assert predecessors(pd.concat([MERGED, RENUMBERED, SPLIT]), AREAS, code) == expected

    def test_a_predecessor_that_is_not_listed_has_its_code_for_a_name(self):
        assert predecessors(pairs(("Q1", "Y2", 2022)), AREAS, "Y2") == (["Q1"], 2022)


BUSINESSES = "els/business-demography/Active businesses"


@pytest.fixture(scope="module")
def real(shared_data) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The publisher's count of active businesses, its areas and the changes of their codes."""
    reading = els.read(shared_data / "ons-els")
    table, areas = reading.observations, reading.tables["areas"].set_index("area_code")
    return table[table["series"] == BUSINESSES], areas, reading.tables["code_changes"]


@pytest.mark.shared_data
class TestRealFiles:
    def test_a_total_over_england_counts_no_place_twice(self, real):
        table, areas, changes = real
        whole = with_predecessors(table, changes, areas, [BUSINESSES])
        lower = areas.index[areas["levels"].str.split().map(lambda words: "ltla" in words)]
        lower = lower[lower.str.startswith("E")]
        england = table[table["area_code"] == "E92000001"].set_index("period")["value"]
        assert len(england) > 3

        def total(rows: pd.DataFrame) -> pd.Series:
            return rows[rows["area_code"].isin(lower)].groupby("period")["value"].sum()

        once = total(one_code_each(whole, changes))
        assert once.to_dict() == england.to_dict()
        assert (total(whole) > once).any()
        assert (total(whole) >= once).all()

    def test_what_was_made_is_the_sum_of_what_it_was_made_from(self, real):
        table, areas, changes = real
        whole = with_predecessors(table, changes, areas, [BUSINESSES])
        new = whole.iloc[len(table) :]
        assert not new.duplicated(["area_code", "period_start", "period_end"]).any()
        held = whole.set_index(["area_code", "period"])["value"]
        merged = new[new["note"].str.startswith("added up from")]
        assert len(set(merged["area_code"])) > 1
        for row in merged.itertuples():
            olds = changes.loc[changes["new_code"] == row.area_code, "old_code"]
            parts = [held.get((old, row.period), 0.0) for old in olds]
            parts = [
                p for p, old in zip(parts, olds, strict=True) if "ltla" in areas["levels"][old]
            ]
            assert row.value == sum(parts)


def test_one_lower_tier_area_and_the_county_around_it_is_a_renumbering():
    changes = pairs(("X1", "X9", 2023), ("X8", "X9", 2023))
    table = rows(("X1", 2021, 4.0), ("X8", 2021, 5.0), ("X9", 2023, 6.0))
    got = with_predecessors(table, changes, AREAS)
    assert values(got, "X9") == {"2021": 4.0, "2023": 6.0}
    assert got[got["area_code"] == "X9"]["note"].tolist()[-1] == "under the old code X1"
    assert predecessors(changes, AREAS, "X9") == (["Ashby"], 2023)


def test_a_sum_is_as_sure_as_its_least_sure_part():
    table = pd.concat(
        [
            rows(("X1", 2021, 4.0), series=COUNT),
            rows(("X2", 2021, 5.0), series=COUNT, status="provisional"),
        ]
    )
    got = with_predecessors(table, MERGED, AREAS, counts={COUNT})
    (row,) = got[got["area_code"] == "X9"].itertuples()
    assert (row.value, row.status) == (9.0, "provisional")
