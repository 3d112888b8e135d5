"""The sample county: made anew byte for byte, adding up, with every planted feature in place."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import yaml

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "data" / "sample"
ELS = SAMPLE / "els"
DATASETS = sorted(path.name for path in ELS.iterdir() if path.name != "reference")
COLUMNS = (
    "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"
)
NATION, REGION, COUNTY = "X92000001", "X12000002", "X10000001"
DISTRICTS = [f"X07{number:06d}" for number in range(1, 37)]
OURS = DISTRICTS[:12]
OLD_CODE, NEW_CODE = "X07000037", "X07000009"


def made_files(folder: Path) -> dict[str, bytes]:
    """Return the content of every made file, by its path within the sample's folder."""
    by_hand = {path.with_suffix(".yml").name for path in (folder / "own").glob("*.csv")}
    by_hand |= {"residents-panel.csv", "residents.yml"}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in ("els", "population", "own", "services", "survey")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file() and path.name not in by_hand
    }


def read(dataset: str, indicator: str | None = None) -> pd.DataFrame:
    """Return the rows of a dataset, or of one of its indicators; values are numbers."""
    path = ELS / dataset / f"{dataset}.csv"
    table = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    for column in ("observation", "lci_95", "uci_95"):
        table[column] = pd.to_numeric(table[column].replace("", np.nan))
    table["year"] = table["period"].str[:4].astype(int)
    return table if indicator is None else table[table["indicator"] == indicator]


def by_year(dataset: str, code: str = COUNTY, column: str = "observation") -> pd.Series:
    """Return a column of an area's rows by the first year of the period, in order of time."""
    table = read(dataset)
    return table[table["areacd"] == code].set_index("year")[column].sort_index()


def of_districts(dataset: str, codes: list[str] = OURS) -> pd.DataFrame:
    """Return the values of districts: one row a year, one column a district."""
    table = read(dataset)
    table = table[table["areacd"].isin(codes)]
    return table.pivot(index="year", columns="areacd", values="observation")


def weights() -> pd.Series:
    """Return everyone in each area, mid-2024."""
    people = pd.read_csv(SAMPLE / "population" / "mid_year_estimates.csv", dtype={"age": str})
    return people[people["mid_year"] == 2024].groupby("area_code")["population"].sum()


@pytest.fixture(scope="module")
def boundaries() -> dict[str, geopandas.GeoDataFrame]:
    """Return the four layers of the map."""
    path = ELS / "reference" / "topo.json"
    return {
        layer: geopandas.read_file(path, layer=layer).set_index("areacd")
        for layer in ("ctry", "rgn", "utla", "ltla")
    }


class TestFiles:
    def test_making_it_anew_gives_the_same_bytes(self, tmp_path):
        program = SAMPLE / "make_sample.py"
        subprocess.run([sys.executable, program, tmp_path], check=True)
        made, committed = made_files(tmp_path), made_files(SAMPLE)
        assert sorted(made) == sorted(committed)
        assert [name for name in made if made[name] != committed[name]] == []

    def test_it_stays_small(self):
        assert sum(len(content) for content in made_files(SAMPLE).values()) < 3_000_000

    @pytest.mark.parametrize("dataset", DATASETS)
    def test_a_dataset_has_the_layout_and_the_notice(self, dataset):
        table = read(dataset)
        assert ",".join(table.columns[:12]) == COLUMNS
        assert table["areacd"].str.fullmatch(r"X\d{8}").all()
        assert not table.duplicated(["areacd", "indicator", "period"]).any()
        metadata = json.loads((ELS / dataset / f"{dataset}.json").read_text(encoding="utf-8"))
        assert metadata["_note"] == "sample data, not a real place"
        parts = metadata["ess-beta-metadata"]
        shared = parts.get("shared", parts)
        assert shared["sourceOrg"] == "Sample Statistics Office (invented)"
        assert shared["sourceURL"] == "https://example.org/sample"
        described = set(parts) - {"shared"} if "shared" in parts else {parts["label"]}
        assert described == set(table["indicator"])

    def test_byte_order_marks_and_line_ends_vary(self):
        starts = {name: (ELS / name / f"{name}.csv").read_bytes() for name in DATASETS}
        marked = [name for name, content in starts.items() if content.startswith(b"\xef\xbb\xbf")]
        windows = [name for name, content in starts.items() if b"\r\n" in content]
        assert len(DATASETS) / 2 < len(marked) < len(DATASETS)
        assert len(DATASETS) / 2 < len(windows) < len(DATASETS)

    def test_rows_are_not_in_order_of_time(self):
        table = read("recorded-crime")
        assert not table[table["areacd"] == COUNTY]["year"].is_monotonic_increasing

    def test_percentages_lie_within_0_and_100(self):
        for dataset in DATASETS:
            table = read(dataset)
            shares = table[table["unit"] == "%"]["observation"].dropna()
            assert shares.between(0, 100).all()

    def test_intervals_hold_their_values(self):
        for dataset in DATASETS:
            table = read(dataset).dropna(subset=["lci_95"])
            assert (table["lci_95"] < table["observation"]).all()
            assert (table["observation"] < table["uci_95"]).all()


class TestPlaces:
    def test_the_tree_has_twelve_districts_and_six_other_counties(self):
        areas = json.loads((ELS / "reference" / "geo-metadata.json").read_text())
        assert areas[COUNTY]["children"] == OURS
        assert areas[OURS[0]]["parents"] == [COUNTY, REGION, NATION]
        counties = [area for area in areas.values() if "utla" in area["level"]]
        assert [len(county["children"]) for county in counties] == [12, 4, 4, 4, 4, 4, 4]
        listed = json.loads((ELS / "reference" / "areas-list.json").read_text())
        assert listed["areacd"] == list(areas)
        assert listed["areanm"] == [area["areanm"] for area in areas.values()]

    def test_the_places_we_report_on_are_the_ones_of_the_sample(self):
        trees = yaml.safe_load((PROJECT / "parameters" / "places.yml").read_text())["trees"]
        areas = json.loads((ELS / "reference" / "geo-metadata.json").read_text())
        places = trees["sample"]["places"]
        assert [place["code"] for place in places] == [NATION, REGION, COUNTY, *OURS]
        for place in places:
            assert place["name"] == areas[place["code"]]["areanm"]
            parent = areas[place["code"]]["parents"][:1]
            assert parent == ([place["parent"]] if "parent" in place else [])

    @pytest.mark.parametrize("lens", ["global", "economic", "demographic"])
    def test_every_county_and_district_has_neighbours(self, lens):
        path = ELS / "reference" / "clusters" / f"{lens}-neighbours.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == ["AREACD", *map(str, range(1, 21))]
        assert len(rows) == 7 + 36
        for code, *near in rows:
            near = [it for it in near if it]
            assert len(near) == len(set(near)) == (6 if code.startswith("X10") else 20)
            assert code not in near
            assert {it[:3] for it in near} == {code[:3]}

    def test_larger_areas_are_exactly_the_sum_of_smaller_ones(self, boundaries):
        areas = json.loads((ELS / "reference" / "geo-metadata.json").read_text())
        districts = boundaries["ltla"].geometry
        assert len(districts) == 36
        assert districts.is_valid.all()
        assert districts.union_all().area == pytest.approx(districts.area.sum())
        for layer in ("utla", "rgn", "ctry"):
            assert boundaries[layer].geometry.is_valid.all()
            for code, shape in boundaries[layer].geometry.items():
                inside = [it for it in districts.index if code in areas[it]["parents"]]
                parts = districts.loc[inside]
                assert shape.area == pytest.approx(parts.area.sum())
                assert shape.symmetric_difference(parts.union_all()).area < 1e-9

    def test_the_map_is_small_and_lies_in_the_ocean(self, boundaries):
        assert (ELS / "reference" / "topo.json").stat().st_size < 150_000
        west, south, east, north = boundaries["ctry"].total_bounds
        assert -27 < west < east < -23
        assert 45 < south < north < 49

    def test_counties_have_the_people_of_their_districts(self):
        people = pd.read_csv(SAMPLE / "population" / "mid_year_estimates.csv", dtype={"age": str})
        table = people.pivot(index=["mid_year", "age"], columns="area_code", values="population")
        assert len(table) == 2 * 91
        assert (table[OURS].sum(axis=1) == table[COUNTY]).all()


class TestAddingUp:
    @pytest.mark.parametrize("dataset", ["recorded-crime", "children-in-good-schools"])
    def test_a_county_is_the_weighted_mean_of_its_districts(self, dataset):
        people = weights()[OURS]
        expected = of_districts(dataset) @ (people / people.sum())
        assert np.allclose(by_year(dataset), expected, atol=0.1)

    def test_counted_incidents_are_summed(self):
        assert (of_districts("preventable-flooding").sum(axis=1)).tolist() == (
            by_year("preventable-flooding").tolist()
        )


class TestStore:
    @pytest.fixture
    def store(self):
        return yaml.safe_load((PROJECT / "parameters" / "stores" / "sample.yml").read_text())

    def test_its_notice_and_its_contents(self, store):
        assert store["notice"] == "sample data, not a real place"
        assert all((PROJECT / content["path"]).exists() for content in store["contents"])

    def test_every_series_it_names_is_there(self, store):
        known = {
            f"els/{dataset}/{indicator}"
            for dataset in DATASETS
            for indicator in read(dataset)["indicator"].unique()
        }
        for path in (SAMPLE / "own").glob("*.yml"):
            mapping = yaml.safe_load(path.read_text(encoding="utf-8"))
            known |= {f"own/{mapping['id']}/{measure}" for measure in mapping["measures"]}
        named = [it if isinstance(it, str) else it["id"] for it in store["series"].values()]
        assert set(named) <= known


class TestPlantedFeatures:
    def test_a_steady_rise(self):
        assert (by_year("families-in-temporary-accommodation").diff().dropna() > 0.08).all()

    def test_a_steady_fall(self):
        assert (by_year("under-18-conceptions").diff().dropna() < 0).all()

    def test_a_break_with_a_note_on_the_year(self):
        change = by_year("fuel-poverty").diff()
        assert change[2019] > 3.5
        assert (change.drop(2019).dropna().abs() < 0.5).all()
        notes = by_year("fuel-poverty", column="notes")
        assert notes[2019].startswith("Break in series")
        assert (notes.drop(2019) == "").all()

    def test_a_break_after_missing_years(self):
        values = by_year("good-level-of-development")
        assert {2019, 2020}.isdisjoint(values.index)
        assert values[2021] < values[2018] - 4
        notes = by_year("good-level-of-development", column="notes")
        assert notes[2021].startswith("Break in series")

    def test_a_stall(self):
        values = by_year("children-in-good-schools")
        assert values[2018] - values[2014] > 10
        assert values.loc[2018:].max() - values.loc[2018:].min() < 1

    @pytest.mark.parametrize(
        ("dataset", "sample"),
        [("employment-rate", 420), ("volunteering", 300), ("residents-who-feel-safe", 350)],
    )
    def test_intervals_follow_from_the_stated_sample(self, dataset, sample):
        table = read(dataset)
        table = table[table["areacd"].isin(DISTRICTS)].dropna(subset=["observation"])
        share = table["observation"]
        half = 1.96 * np.sqrt(share * (100 - share) / sample)
        assert np.allclose(table["uci_95"] - share, half, atol=0.12)
        assert half.min() > 3.5
        metadata = (ELS / dataset / f"{dataset}.json").read_text(encoding="utf-8")
        assert f"A survey of {sample} people in each district." in metadata

    def test_administrative_figures_have_no_intervals(self):
        assert read("recorded-crime")["lci_95"].isna().all()

    def test_a_count_says_so(self):
        table = read("preventable-flooding")
        assert set(table["unit"]) == {"Number of incidents"}
        assert (table["observation"] % 1 == 0).all()

    def test_withheld_and_unavailable_values_are_blank_with_a_status(self):
        for dataset, status, year, codes in (
            ("under-18-conceptions", "c", 2024, {"X07000003", "X07000011"}),
            ("employment-rate", "x", 2023, {"X07000006"}),
        ):
            table = read(dataset)
            blank = table[table["observation"].isna()]
            assert set(blank["areacd"]) == codes
            assert set(blank["status"]) == {status}
            assert set(blank["year"]) == {year} == {table["year"].max()}
            assert blank["lci_95"].isna().all()
            assert (table.drop(blank.index)["status"] == "").all()

    def test_a_late_series(self):
        assert read("average-travel-time")["year"].max() == 2019

    def test_a_year_missing_in_the_middle(self):
        years = by_year("residents-who-feel-safe").index
        assert sorted(set(range(2016, 2025)) - set(years)) == [2020]

    @pytest.mark.parametrize(
        "dataset", ["children-in-care", "gap-in-life-expectancy", "regained-independence"]
    )
    def test_some_series_have_no_districts(self, dataset):
        assert set(read(dataset)["geography"]) == {
            "Nation",
            "Region",
            "County or Unitary Authority",
        }

    def test_a_snapshot_of_one_day(self):
        assert set(read("residents-in-good-health")["period"]) == {"2021-03-21"}

    def test_a_survey_day_that_moves(self):
        assert by_year("gross-median-weekly-pay", column="period").str[5:].nunique() > 3

    def test_three_years_pooled_that_overlap(self):
        periods = by_year("children-killed-or-seriously-injured", column="period")
        assert periods.str.endswith("/P3Y").all()
        assert (np.diff(periods.index) == 1).all()

    @pytest.mark.parametrize(
        ("dataset", "start"),
        [
            ("fuel-poverty", "01-01/P1Y"),
            ("recorded-crime", "04-01/P1Y"),
            ("gcses-in-english-and-maths", "09-01/P1Y"),
        ],
    )
    def test_kinds_of_year(self, dataset, start):
        assert set(read(dataset)["period"].str[5:]) == {start}

    def test_a_district_was_renumbered(self):
        areas = json.loads((ELS / "reference" / "geo-metadata.json").read_text())
        assert (areas[OLD_CODE]["end"], areas[NEW_CODE]["start"]) == (2022, 2023)
        old = read("recorded-crime").query("areacd == @OLD_CODE")
        assert old["year"].max() == 2022
        note = f"Obsolete code since 2023 (replaced by {NEW_CODE} Coldwater Vale)"
        assert set(old["notes"]) == {note}
        values = by_year("recorded-crime", OLD_CODE)
        assert values.equals(by_year("recorded-crime", NEW_CODE).loc[:2022])

    def test_history_left_behind(self):
        assert by_year("residual-waste", NEW_CODE).index.tolist() == [2023, 2024]
        assert by_year("residual-waste", OLD_CODE).index.max() == 2022

    def test_one_district_is_much_worse(self):
        latest = of_districts("recorded-crime", DISTRICTS).loc[2024].sort_values()
        assert latest.index[-1] == "X07000007"
        assert latest.iloc[-1] > 1.3 * latest.iloc[-2]

    def test_a_widening_gap_between_districts(self):
        spread = of_districts("gcses-in-english-and-maths").std(axis=1)
        assert spread[2024] > 2 * spread[2015]
        assert np.corrcoef(spread.index, spread)[0, 1] > 0.95


class TestQuarters:
    """Control charts of single values: a point is outside beyond 2.66 mean moving ranges."""

    BEFORE, AFTER = slice("2018-01", "2022-03"), slice("2022-04", "2024-12")

    @pytest.fixture
    def quarters(self):
        table = read("anti-social-behaviour").assign(
            start=lambda rows: rows["period"].str.removesuffix("/P3M")
        )
        values = table.pivot(index="start", columns="areacd", values="observation")
        return values.set_axis(pd.to_datetime(values.index)).sort_index()

    @staticmethod
    def outside(values):
        limit = 2.66 * values.diff().abs().mean()
        return [str(day.date()) for day in values.index[(values - values.mean()).abs() > limit]]

    def test_every_area_in_use_has_every_quarter_of_seven_years(self, quarters):
        assert quarters.index.equals(pd.date_range("2018-01-01", "2024-10-01", freq="QS"))
        since = quarters.drop(columns=[OLD_CODE])
        assert since.shape == (28, 47)
        assert since.notna().all(axis=None)

    def test_the_old_code_stops_where_the_new_one_starts(self, quarters):
        assert quarters[OLD_CODE].last_valid_index() == pd.Timestamp("2022-10-01")

    def test_the_county_steps_down_once_and_is_in_control_on_both_sides(self, quarters):
        before, after = quarters.loc[self.BEFORE, COUNTY], quarters.loc[self.AFTER, COUNTY]
        assert after.max() < before.min() - 0.1
        assert before.mean() - after.mean() == pytest.approx(0.6, abs=0.1)
        assert self.outside(before) == self.outside(after) == []
        assert len(self.outside(quarters[COUNTY])) > 2

    def test_the_districts_of_other_counties_do_not_step(self, quarters):
        others = quarters[DISTRICTS[12:]].mean(axis=1)
        assert abs(others.loc[self.AFTER].mean() - others.loc[self.BEFORE].mean()) < 0.05

    def test_one_quarter_of_one_district_of_ours_is_outside(self, quarters):
        found = {
            (code, day)
            for code in OURS
            for part in (self.BEFORE, self.AFTER)
            for day in self.outside(quarters.loc[part, code])
        }
        assert found == {("X07000005", "2023-07-01")}

    def test_there_are_no_seasons(self, quarters):
        by_season = quarters.loc[self.BEFORE, COUNTY].groupby(lambda day: day.quarter).mean()
        assert by_season.max() - by_season.min() < 0.25
