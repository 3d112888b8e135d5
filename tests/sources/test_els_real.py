"""Explore Local Statistics: the real files, each figure beside its raw text."""

import json
import math
from collections import Counter

import geopandas
import numpy as np
import pandas as pd
import pytest

from outcomes.model import STATUSES
from outcomes.sources import add


@pytest.fixture(scope="module")
def kept(real_rows) -> pd.DataFrame:
    """The real observations, indexed by series, area and first day."""
    rows = real_rows["els"]
    return rows.set_index(["series", "area_code", rows["period_start"].dt.strftime("%Y-%m-%d")])


@pytest.fixture(scope="module")
def refused(real_store) -> pd.DataFrame:
    return real_store.report("els", "rejected")


CHECKED = [
    ("employment-rate", "Employment rate", "E07000071", "2023-01-01/P1Y", "2023"),
    ("employment-rate", "Economically inactive", "E07000071", "2023-01-01/P1Y", "2023"),
    (
        "adult-obesity-prevalence",
        "Adult obesity prevalence",
        "E10000012",
        "2024-11-16/P1Y",
        "2024/25",
    ),
    ("gross-median-weekly-pay", "Gross median weekly pay", "E07000071", "2025-04-30", "April 2025"),
    (
        "apprenticeships",
        "Apprenticeship starts (England)",
        "E10000012",
        "2024-08-01/P1Y",
        "2024/25",
    ),
    (
        "children-in-relative-poverty",
        "Children in relative poverty after housing costs",
        "E07000076",
        "2024-04-01/P1Y",
        "2024/25",
    ),
    (
        "housing-affordability-ratio",
        "Housing affordability ratio (residence-based)",
        "E07000071",
        "2025-04-01",
        "April 2025",
    ),
    ("cigarette-smokers", "Cigarette smokers", "E07000071", "2020-01-01/P5Y", "2020 to 2024"),
    (
        "short-term-let-number-of-guests-nights",
        "Number of guest nights at a short-term let",
        "E10000012",
        "2025-12-01/P1M",
        "December 2025",
    ),
    (
        "gigabit-capable-broadband",
        "Gigabit capable broadband",
        "E07000066",
        "2026-01-01",
        "January 2026",
    ),
    (
        "gcses-in-english-and-maths",
        "GCSEs in English and Maths",
        "E10000012",
        "2024-09-01/P1Y",
        "2024/25",
    ),
    ("homicide-offences", "Homicide Offences", "E23000028", "2021-04-01/P3Y", "2021/22 to 2023/24"),
    ("business-demography", "Active businesses", "E07000071", "2024-01-01/P1Y", "2024"),
    (
        "pupils-at-expected-standards-by-end-of-primary-school",
        "Pupils meeting the expected standard in reading, writing and maths",
        "E10000012",
        "2024-09-01/P1Y",
        "2024/25",
    ),
]
"""Dataset, indicator, area and period as in the raw file, and the label that is printed."""


@pytest.mark.shared_data
class TestRealFiles:
    def test_every_row_is_kept_or_told(self, real, raw_els, real_rows, refused):
        assert len(raw_els) == 53
        rows = sum(len(part) for part in raw_els.values())
        assert rows == 205_264
        reading = real["els"].reading
        assert real_rows["els"]["series"].nunique() == reading.series["series"].nunique() == 75
        assert len(real_rows["els"]) == reading.kept == 205_184
        assert rows == len(real_rows["els"]) + len(refused)
        assert real["els"].summary().splitlines()[:5] == [
            "els: 205,264 rows read = 205,184 kept + 20 duplicate + 60 rejected",
            "  60 because there is no area code",
            "  20 because the same row stands above it",
            f"  every one of them: {real['els'].stored.folder / 'rejected.csv'}",
            "  75 series: 75 new",
        ]

    def test_every_dataset_adds_up(self, real, raw_els, real_store):
        accounts = real["els"].reading.accounts.set_index("dataset")
        assert accounts["read"].to_dict() == {name: len(rows) for name, rows in raw_els.items()}
        not_kept = accounts["duplicate"] + accounts["rejected"]
        assert (accounts["read"] == accounts["kept"] + not_kept).all()
        assert not_kept[not_kept > 0].to_dict() == {
            "engagement-with-culture-and-heritage": 20,
            "foreign-direct-investment": 60,
        }
        stored = real_store.report("els", "accounts").set_index("dataset")
        assert stored.to_dict() == accounts.to_dict()

    def test_what_is_not_kept_is_what_the_file_says(self, raw_els, refused):
        invested = refused[refused["reason"] == "there is no area code"]
        assert invested["file"].str.endswith("foreign-direct-investment.csv").all()
        assert invested["content"].str.startswith("na,").all()
        assert sum(row["areacd"] == "na" for row in raw_els["foreign-direct-investment"]) == 60
        visits = refused[refused["reason"] == "the same row stands above it"]
        assert visits["file"].str.endswith("engagement-with-culture-and-heritage.csv").all()
        rows = raw_els["engagement-with-culture-and-heritage"]
        for number, content in zip(visits["line"], visits["content"], strict=True):
            assert content.split(",")[0] == rows[number - 2]["areacd"]

    @pytest.mark.parametrize(("dataset", "indicator", "area", "period", "label"), CHECKED)
    def test_published_figures(self, raw_els, real_store, dataset, indicator, area, period, label):
        raw = [
            row
            for row in raw_els[dataset]
            if (row["areacd"], row["indicator"], row["period"]) == (area, indicator, period)
        ]
        rows = real_store.observations([f"els/{dataset}/{indicator}"])
        start = pd.Timestamp(period[:10])
        rows = rows[(rows["area_code"] == area) & (rows["period_start"] == start)]
        assert len(raw) == 1
        assert [float(row["observation"]) for row in raw] == rows["value"].tolist()
        assert rows["period"].tolist() == [label]
        for column, old in (("lower", "lci_95"), ("upper", "uci_95")):
            limit = float(raw[0][old] or "nan")
            np.testing.assert_equal(rows[column].tolist(), [limit])

    def test_every_number_is_the_number_in_the_file(self, raw_els, kept):
        columns = {"observation": "value", "lci_95": "lower", "uci_95": "upper"}
        found = {
            (f"els/{dataset}/{row['indicator']}", row["areacd"], row["period"][:10]): [
                float(row[column]) if row[column] else math.nan for column in columns
            ]
            for dataset, rows in raw_els.items()
            for row in rows
            if row["areacd"] != "na"
        }
        assert len(found) == len(kept)
        expected = np.array([found[key] for key in kept.index])
        np.testing.assert_array_equal(kept[list(columns.values())].to_numpy(), expected)

    def test_files_with_and_without_a_byte_order_mark_are_among_them(self, shared_data, raw_els):
        folder = shared_data / "ons-els"
        marked = {
            name
            for name in raw_els
            if (folder / name / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        }
        assert 0 < len(marked) < len(raw_els)
        assert "employment-rate" not in marked
        assert all(row["areacd"] for name in marked for row in raw_els[name])

    def test_every_note_is_the_first_of_its_row(self, raw_els, kept):
        """One file has the header `notes` twice."""
        found = {
            (f"els/{dataset}/{row['indicator']}", row["areacd"], row["period"][:10]): row["notes"]
            for dataset, rows in raw_els.items()
            for row in rows
            if row.get("notes") and not row.get("status")
        }
        found = {key: note.strip() for key, note in found.items() if key[1] != "na"}
        assert len(found) > 1000
        assert kept["note"].loc[list(found)].to_dict() == found

    def test_titles_are_those_of_the_descriptions(self, raw_els, real_store, shared_data):
        series = real_store.series()
        shared = 0
        for dataset, rows in raw_els.items():
            path = shared_data / "ons-els" / dataset / f"{dataset}.json"
            about = json.loads(path.read_text(encoding="utf-8-sig"))["ess-beta-metadata"]
            shared += "shared" in about
            for indicator in {row["indicator"] for row in rows}:
                expected = {**about["shared"], **about[indicator]} if "shared" in about else about
                row = series.loc[f"els/{dataset}/{indicator}"]
                assert row["title"] == expected["label"]
                assert row["caveats"] == (expected.get("caveats") or "")
        assert shared == 11

    def test_blanks_have_a_reason_and_never_a_zero(self, raw_els, real_rows):
        rows = real_rows["els"]
        blank = {
            marker: sum(
                row["observation"] == "" and row.get("status", "") == marker
                for part in raw_els.values()
                for row in part
                if row["areacd"] != "na"
            )
            for marker in ("x", "u", "c", "z", "")
        }
        counts = rows[rows["value"].isna()]["status"].value_counts().to_dict()
        assert counts == {
            "not_available": blank["x"] + blank["u"] + blank[""],
            "withheld_small_number": blank["c"],
            "not_applicable": blank["z"],
        }
        assert set(rows["status"]) <= set(STATUSES)
        assert (rows[rows["value"].notna()]["status"] == "final").all()
        zeros = sum(
            row["observation"] != "" and float(row["observation"]) == 0
            for part in raw_els.values()
            for row in part
            if row["areacd"] != "na"
        )
        assert (rows["value"] == 0).sum() == zeros > 0

    def test_sentences_in_status_are_notes(self, real_store):
        rows = real_store.observations(
            [
                "els/preventable-cardiovascular-mortality-england/"
                "Preventable cardiovascular mortality (England)"
            ]
        )
        noted = rows[rows["note"].str.startswith("Value for ")]
        assert len(noted) == 44
        assert set(noted["note"]) == {
            "Value for Hackney and City of London combined",
            "Value for Cornwall and Isles of Scilly combined",
        }
        assert (noted["status"] == "final").all()

    def test_code_changes_are_what_the_notes_say(self, raw_els, real_store):
        """The notes are read here word by word: a code is a word in capitals and digits."""
        said: dict[str, Counter] = {}
        for row in (row for rows in raw_els.values() for row in rows):
            _, found, rest = f"{row.get('status', '')} {row.get('notes', '')}".partition(
                "Obsolete code since "
            )
            if found and row["areacd"] != "na":
                year, _, names = rest.partition(" (replaced by ")
                codes = [
                    word
                    for word in names.replace(",", " ").replace(")", " ").split()
                    if word.isupper() and word[-1].isdigit()
                ]
                key = (int(year), tuple(codes))
                said.setdefault(row["areacd"], Counter())[key] += 1
        torn = {code for code, counts in said.items() if len({key[1] for key in counts}) > 1}
        expected = set()
        for code, counts in said.items():
            (best, most), *others = counts.most_common()
            assert all(most > fewer for _, fewer in others), code
            expected |= {(code, new, best[0]) for new in best[1]}
        changes = real_store.code_changes()
        assert set(changes.itertuples(index=False, name=None)) == expected
        assert len(changes) == len(expected) > 100
        assert {real_store.areas().loc[code, "area_name"] for code in torn} == {"Perth and Kinross"}
        (new,) = changes.loc[changes["old_code"].isin(torn), "new_code"]
        assert real_store.areas().loc[new, "area_name"] == "Perth and Kinross"

    def test_old_codes_keep_their_history_and_their_note(self, real_rows):
        assert real_rows["els"]["note"].str.startswith("Obsolete code since").sum() > 1000

    def test_a_ratio_is_no_percentage(self, real_store):
        series = real_store.series()
        ratio = "els/housing-affordability-ratio/Housing affordability ratio (residence-based)"
        assert series.loc[ratio, "unit"] == "affordability ratio"

    def test_every_series_is_described(self, real_store):
        series = real_store.series()
        series = series[series.index.str.startswith("els/")]
        assert len(series) == 75
        for column in ("title", "definition", "unit", "publisher", "url", "published"):
            assert (series[column] != "").all(), column
        assert series["published"].str.fullmatch(r"20\d\d-\d\d-\d\d").all()
        assert series["url"].str.startswith("https://").all()
        starts = series.loc["els/apprenticeships/Apprenticeship starts (England)"]
        assert starts["title"] == "Apprenticeship starts (England)"
        assert starts["publisher"] == "Department for Education"

    def test_areas(self, real_store):
        areas = real_store.areas()
        assert len(areas) == 474
        assert areas.index.is_unique
        assert areas.loc["E10000012", ["area_name", "levels"]].tolist() == ["Essex", "utla"]
        assert areas.loc["E07000071", "parents"].split()[0] == "E10000012"
        districts = areas[areas["parents"].str.split().str[0] == "E10000012"]
        assert sorted(districts.index) == [f"E070000{number}" for number in range(66, 78)]
        assert areas.loc["E06000033", "levels"].split() == ["utla", "ltla"]
        assert pd.isna(areas.loc["E10000012", "end"])
        assert areas.loc["E10000006", "area_name"] == "Cumbria"
        assert areas.loc["E10000006", "end"] == 2022

    @pytest.mark.parametrize("model", ["ons_global", "ons_economic", "ons_demographic"])
    def test_neighbours(self, real_store, model):
        near = real_store.neighbours(model)
        assert near["area_code"].nunique() == 397
        counts = near.groupby("area_code")["rank"].agg(["min", "max", "size"])
        combined = counts.index.str.startswith("E47")
        assert combined.sum() == 15
        assert (counts[combined] == [1, 5, 5]).all(axis=None)
        assert (counts[~combined] == [1, 20, 20]).all(axis=None)
        assert not near.duplicated(["area_code", "neighbour"]).any()
        assert (near["area_code"] != near["neighbour"]).all()

    def test_neighbours_are_in_the_order_of_the_file(self, real_store, shared_data):
        path = shared_data / "ons-els" / "reference" / "clusters" / "global-neighbours.csv"
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        (raw,) = (text.split(",") for text in lines if text.startswith("E10000012,"))
        near = real_store.neighbours("ons_global").set_index("area_code").loc["E10000012"]
        assert near["neighbour"].tolist() == raw[1:]

    def test_boundaries_are_sound_and_of_today(self, real_store):
        shapes = real_store.boundaries()
        assert shapes["level"].value_counts().to_dict() == {
            "ltla": 361,
            "utla": 218,
            "rgn": 12,
            "ctry": 4,
        }
        assert shapes.geometry.is_valid.all()
        assert set(shapes.geometry.geom_type) == {"Polygon", "MultiPolygon"}
        assert shapes.crs.to_epsg() == 4326
        ended = real_store.areas()["end"].dropna().index
        assert not shapes["area_code"].isin(ended).any()
        assert not shapes.duplicated(["area_code", "level"]).any()
        of_county = shapes[shapes["level"] == "ltla"].set_index("area_code").loc["E07000071"]
        west, south, east, north = of_county.geometry.bounds
        assert 0.6 < west < east < 1.1
        assert 51.7 < south < north < 52.1

    def test_mended_boundaries_cover_what_the_drawn_ones_covered(self, real_store, shared_data):
        path = shared_data / "ons-els" / "reference" / "topo.json"
        drawn = geopandas.read_file(path, layer="utla").set_index("areacd").geometry
        drawn = drawn.set_crs("EPSG:4326")
        shapes = real_store.boundaries()
        mended = shapes[shapes["level"] == "utla"].set_index("area_code").geometry
        metres = "EPSG:27700"
        change = mended.to_crs(metres).area / drawn.loc[mended.index].to_crs(metres).area - 1
        assert change.abs().max() < 1e-3

    def test_the_same_files_again_change_nothing(self, real_store, shared_data):
        before = (real_store.folder / "catalogue.json").read_bytes()
        again = add("els", shared_data / "ons-els", real_store)
        assert not again.changed
        assert again.summary() == "els: these files are in the store already; nothing to do"
        assert (real_store.folder / "catalogue.json").read_bytes() == before
