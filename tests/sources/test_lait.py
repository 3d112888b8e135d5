"""LAIT: each quirk on a small invented folder, then the counts of the real files."""

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from outcomes.errors import DataError
from outcomes.sources import add, lait

INNER_AND_OUTER = {987, 988}


@pytest.fixture
def reading(small_lait, areas):
    return lait.read(small_lait, areas)


def rows_of(reading, measure: str, area: str = "X10000001") -> list[dict]:
    rows = reading.observations
    return rows[(rows["series"] == f"lait/{measure}") & (rows["area_code"] == area)].to_dict(
        "records"
    )


class TestValues:
    def test_rows_are_kept_or_told(self, reading, small_lait):
        raw = pd.read_parquet(small_lait / "bds_long_0.parquet")
        assert len(reading.observations) + len(reading.rejected) == len(raw) == 14
        assert reading.rejected.to_dict("records") == [
            {
                "file": str(small_lait / "bds_long_0.parquet"),
                "line": 6,
                "kind": "rejected",
                "reason": "the area has no nine-character code",
                "content": "Rate,2023,,1",
            },
            {
                "file": str(small_lait / "bds_long_0.parquet"),
                "line": 13,
                "kind": "rejected",
                "reason": "the year is not one such as 2024 or 2023/24",
                "content": "Unit_cost,0,,7",
            },
        ]

    def test_float_tails_go_and_signs_stay(self, reading):
        assert [row["value"] for row in rows_of(reading, "Rate")] == [8.29, 0.0521, -0.5]

    def test_large_numbers_get_no_tail(self, reading):
        assert [row["value"] for row in rows_of(reading, "Unit_cost")] == [1205, 934567891, 90.1]

    def test_a_dash_is_no_zero(self, reading):
        zero, dash = rows_of(reading, "Rate", "X06000002")
        assert (zero["value"], zero["status"], zero["note"]) == (0.0, "final", "")
        assert math.isnan(dash["value"])
        assert dash["status"] == "not_available"
        assert dash["note"] == "missing or suppressed: the publisher does not say which"

    def test_suffixes_of_years_are_status_and_note(self, reading):
        provisional = rows_of(reading, "Rate")[-1]
        assert (provisional["period"], provisional["status"]) == ("2024/25", "provisional")
        cost = rows_of(reading, "Unit_cost")[0]
        assert (cost["period"], cost["status"], cost["note"]) == ("2023/24", "final", "outturn")

    def test_a_measure_keeps_its_odd_name_and_its_kind_of_year(self, reading):
        (pooled,) = rows_of(reading, "A&B  pooled")
        assert (pooled["period"], pooled["value"]) == ("2014 to 2016", 17.39)

    @pytest.mark.parametrize(
        ("column", "text", "reason"),
        [
            ("Values", "about 3", "the value is not a number"),
            ("Values", "inf", "the value is not a number"),
            ("Values", None, "the value is not a number"),
            ("Values", "", "the value is not a number"),
            ("Years", "Autumn", "the year is not one such as 2024 or 2023/24"),
            ("Years", None, "the year is not one such as 2024 or 2023/24"),
            ("Short Desc", "New", "the dictionary gives the measure no known kind of year"),
            ("LA Number", None, "the area has no nine-character code"),
            ("Years", "2024", "another row for the same area and period stands above it"),
        ],
    )
    def test_a_bad_row_is_told_and_the_others_kept(self, small_lait, areas, column, text, reason):
        path = small_lait / "bds_long_0.parquet"
        raw = pd.read_parquet(path)
        raw.loc[2, column] = text
        raw.to_parquet(path)
        reading = lait.read(small_lait, areas)
        told = reading.rejected.set_index("line")["reason"].to_dict()
        assert told[3] == reason
        assert len(reading.observations) + len(told) == 14
        assert len(told) == 3

    def test_a_bad_row_does_not_push_out_the_good_one_below_it(self, small_lait, areas):
        path = small_lait / "bds_long_0.parquet"
        raw = pd.read_parquet(path)
        raw.loc[0, "Values"] = "about 3"
        raw.loc[1, "Years"] = "2023"
        raw.to_parquet(path)
        reading = lait.read(small_lait, areas)
        assert [row["value"] for row in rows_of(reading, "Rate")] == [0.0521, -0.5]
        assert reading.rejected["line"].tolist() == [1, 6, 13]


class TestAreasAndDescriptions:
    def test_numbers_get_codes_by_name(self, reading):
        rows = reading.observations
        assert set(rows["area_code"]) == {
            "X10000001",
            "X06000002",
            "X06000003",
            "X06000005",
            "X12000001",
        }

    def test_a_measure_under_two_topics_stands_once(self, reading):
        series = reading.series.set_index("series")
        assert series.index.tolist() == ["lait/Rate", "lait/Unit_cost", "lait/A&B  pooled"]
        rate = series.loc["lait/Rate"]
        assert (rate["title"], rate["definition"]) == ("A rate", "Two lines")
        assert (rate["unit"], rate["published"]) == ("per cent", "2025-06-01")
        assert rate["url"] == "https://example.org/a"
        assert series.loc["lait/Unit_cost", ["published", "url"]].tolist() == ["", ""]

    def test_neighbours_keep_their_order_and_skip_what_has_no_code(self, reading):
        near = reading.tables["neighbours"].sort_values(["model", "area_code", "rank"])
        assert near[["model", "area_code", "rank", "neighbour"]].to_numpy().tolist() == [
            ["dfe_2021", "X10000001", 1, "X06000002"],
            ["dfe_2021", "X10000001", 2, "X06000003"],
            ["dfe_2025", "X06000002", 1, "X10000001"],
            ["dfe_2025", "X10000001", 1, "X06000003"],
            ["dfe_2025", "X10000001", 2, "X06000002"],
        ]
        assert set(near["closeness"]) == {"very close"}

    def test_els_comes_first(self, small_lait, store):
        message = (
            "DfE areas have no nine-character codes; they get them from the ONS list of areas. "
            "Add that first: outcomes data add els PATH"
        )
        with pytest.raises(DataError, match=f"^{re.escape(message)}$") as error:
            add("lait", small_lait, store)
        assert error.value.exit_code == 11
        assert not store.folder.exists()


NAMED = [
    ("Bedford Borough", "Bedford"),
    ("Durham", "County Durham"),
    ("Herefordshire", "Herefordshire, County of"),
    ("Kingston Upon Hull, City of", "Kingston upon Hull, City of"),
    ("Bournemouth (Pre LG)", "Bournemouth"),
    ("Poole (Pre LG)", "Poole"),
    ("Dorset (Pre LG)", "Dorset"),
    ("Dorset", "Dorset"),
    ("Cumbria", "Cumbria"),
    ("Northamptonshire", "Northamptonshire"),
    ("Essex", "Essex"),
    ("Southend-on-Sea", "Southend-on-Sea"),
    ("England", "England"),
    ("Yorkshire and the Humber", "Yorkshire and The Humber"),
    ("East of England", "East of England"),
    ("London", "London"),
]
"""The DfE's name of an area and the ONS's."""

ABOLISHED = ("(Pre LG)", "Cumbria", "Northamptonshire")

CHECKED = [
    ("RTA", 881, "2014-16", "2014 to 2016"),
    ("LAC", 881, "2025", "2025"),
    ("TotPermEx", 881, "2023/24", "2023/24"),
    ("A3A", 881, "2020 (Final)", "2019/20"),
    ("Hosp_Adm_Alc_<18yrs", 881, "2020/21-22/23", "2020/21 to 2022/23"),
    ("LACFinance", 881, "2024-25 (OT)", "2024/25"),
    ("KS1P_all", 881, "2025 (prov)", "2024/25"),
    ("Under18concep", 881, "2022", "2022"),
    ("RTA", 303, "2014-16", "2014 to 2016"),
    ("L3Age19Gap", 207, "2016", "2015/16"),
]
"""Measure, DfE number and years as in the raw file, and the label that is printed."""


@pytest.fixture(scope="module")
def codes(shared_data, real_store) -> dict[int, str]:
    return lait._codes(shared_data / "lait" / "la_code_list.xlsx", real_store.areas().reset_index())


@pytest.mark.shared_data
class TestRealFiles:
    def test_every_row_is_kept_or_told(self, real, raw_lait, real_rows):
        assert len(raw_lait) == 641_070
        reading = real["lait"].reading
        assert reading.kept == len(real_rows["lait"])
        assert len(raw_lait) == len(real_rows["lait"]) + len(reading.rejected)
        assert reading.series["series"].nunique() == raw_lait["Short Desc"].nunique() == 434

    def test_what_is_not_kept_is_what_the_file_says(self, real, raw_lait):
        number = raw_lait["LA Number"].isin(INNER_AND_OUTER)
        year = ~number & (raw_lait["Years"] == "0")
        bad = (number | year).sum()
        assert real["lait"].summary().splitlines()[:5] == [
            f"lait: {len(raw_lait):,} rows read = {len(raw_lait) - bad:,} kept + 0 duplicate + "
            f"{bad:,} rejected",
            f"  {number.sum():,} because the area has no nine-character code",
            f"  {year.sum():,} because the year is not one such as 2024 or 2023/24",
            f"  every one of them: {real['lait'].stored.folder / 'rejected.csv'}",
            "  434 series: 434 new",
        ]
        lines = real["lait"].reading.rejected["line"].tolist()
        assert lines == [int(at) + 1 for at in np.flatnonzero(number | year)]

    @pytest.mark.parametrize(("measure", "number", "years", "label"), CHECKED)
    def test_published_figures(self, raw_lait, real_rows, codes, measure, number, years, label):
        raw = raw_lait[
            (raw_lait["Short Desc"] == measure)
            & (raw_lait["LA Number"] == number)
            & (raw_lait["Years"] == years)
        ]
        rows = real_rows["lait"]
        rows = rows[
            (rows["series"] == f"lait/{measure}")
            & (rows["area_code"] == codes[number])
            & (rows["period"] == label)
        ]
        assert rows["value"].tolist() == [pytest.approx(float(raw["Values"].item()), rel=1e-14)]

    def test_every_number_is_the_number_in_the_file(self, raw_lait, real_rows, codes):
        raw = raw_lait[(raw_lait["Years"] != "0") & raw_lait["LA Number"].isin(codes)]
        raw = raw.assign(area_code=raw["LA Number"].map(codes), series="lait/" + raw["Short Desc"])
        raw["nth"] = raw.groupby(["series", "area_code"]).cumcount()
        rows = real_rows["lait"]
        rows = rows.assign(nth=rows.groupby(["series", "area_code"]).cumcount())
        both = rows.merge(raw, on=["series", "area_code", "nth"], validate="one_to_one")
        assert len(both) == len(rows) == len(raw)
        expected = [math.nan if v == "-" else float(v) for v in both["Values"].str.strip()]
        np.testing.assert_allclose(both["value"], expected, rtol=1e-14)
        named = both["Years"].str.replace(r" \(.*\)", "", regex=True)
        ends = both["period_end"].dt.year.astype(str).str[-2:]
        assert (named.str[-2:] == ends).all()

    def test_dashes_zeros_and_negatives(self, raw_lait, real_rows, codes):
        held = raw_lait[(raw_lait["Years"] != "0") & raw_lait["LA Number"].isin(codes)]["Values"]
        held = held.str.strip()
        rows = real_rows["lait"]
        dashes = held == "-"
        missing = rows["value"].isna()
        assert missing.sum() == dashes.sum() > 90_000
        assert set(rows[missing]["status"]) == {"not_available"}
        assert (rows[missing]["note"].str.startswith("missing or suppressed")).all()
        numbers = held[~dashes].astype(float)
        assert (rows["value"] == 0).sum() == (numbers == 0).sum() > 6_000
        assert (rows["value"] < 0).sum() == (numbers < 0).sum() > 20_000

    def test_no_float_tail_is_left(self, raw_lait, real_rows):
        tail = r"\.\d*(?:0{7}|9{7})\d"
        assert raw_lait["Values"].str.contains(tail).sum() > 10_000
        assert not real_rows["lait"]["value"].map(repr).str.contains(tail).any()

    def test_provisional_figures_are_marked(self, raw_lait, real_rows, codes):
        rows = real_rows["lait"]
        marked = rows[rows["status"] == "provisional"]
        raw = raw_lait[(raw_lait["Years"] == "2025 (prov)") & raw_lait["LA Number"].isin(codes)]
        assert len(marked) == (raw["Values"].str.strip() != "-").sum() > 0
        assert set(marked["period"]) == {"2024/25"}
        assert marked["series"].nunique() == 4
        assert set(rows["note"]) == {
            "",
            "revised",
            "final release",
            "outturn",
            "missing or suppressed: the publisher does not say which",
        }

    @pytest.mark.parametrize(("name", "ons_name"), NAMED)
    def test_areas_get_their_code(self, shared_data, codes, real_rows, name, ons_name):
        listed = pd.read_excel(shared_data / "lait" / "la_code_list.xlsx", engine="openpyxl")
        number = listed.loc[listed["LA Name"].str.strip() == name, "LA Number"].min()
        path = shared_data / "ons-els" / "reference" / "geo-metadata.json"
        (code,) = [
            area["areacd"]
            for area in json.loads(path.read_text(encoding="utf-8")).values()
            if area["areanm"] == ons_name
            and {"utla", "rgn", "ctry"} & set(area["level"])
            and ("end" in area) == name.endswith(ABOLISHED)
        ]
        assert codes[number] == code
        assert (real_rows["lait"]["area_code"] == code).any()

    def test_only_inner_and_outer_london_have_no_code(self, raw_lait, codes, real_store):
        numbers = set(raw_lait["LA Number"].astype(int))
        assert numbers - set(codes) == INNER_AND_OUTER
        assert len(set(codes.values())) == len(codes) == len(numbers) - 2
        names = real_store.areas()["area_name"]
        assert set(codes.values()) <= set(names.index)

    def test_a_measure_under_two_topics_does_not_double(self, real_rows, real_store):
        key = ["series", "area_code", "period_start", "period_end"]
        assert not real_rows["lait"].duplicated(key).any()
        series = real_store.series()
        assert series.index.is_unique
        described = series[series.index.str.startswith("lait/")]
        assert len(described) == 434
        for column in ("title", "definition", "unit"):
            assert (described[column] != "").all(), column
        assert not described["definition"].str.contains(r"[\r\n]").any()
        assert {"lait/KS1R_Expected_STD", "lait/KS1W_Expected _STD"} <= set(described.index)
        assert {"lait/Level2Age19_E&M", "lait/16-17 NEET"} <= set(described.index)

    @pytest.mark.parametrize(
        ("model", "workbook"),
        [("dfe_2025", "sn_may_2025.xlsx"), ("dfe_2021", "sn_april_2021.xlsx")],
    )
    def test_neighbours_of_essex(self, shared_data, real_store, codes, model, workbook):
        sheet = load_workbook(shared_data / "lait" / workbook)["LA SN Groups"]
        (essex,) = [row for row in sheet.iter_rows(values_only=True) if row[1] == "Essex"]
        near = real_store.neighbours(model).set_index("area_code").loc[codes[essex[0]]]
        assert near["neighbour"].tolist() == [codes[int(number)] for number in essex[5:25:2]]
        assert near["rank"].tolist() == list(range(1, 11))

    @pytest.mark.parametrize("model", ["dfe_2025", "dfe_2021"])
    def test_neighbours_of_all(self, real_store, model):
        near = real_store.neighbours(model)
        words = {"extremely close", "very close", "close", "somewhat close", "not close"}
        assert set(near["closeness"]) <= words
        assert not near.duplicated(["area_code", "rank"]).any()
        assert near["area_code"].nunique() > 150
        assert (near.groupby("area_code").size() == 10).all()
        assert (near["area_code"] != near["neighbour"]).all()
