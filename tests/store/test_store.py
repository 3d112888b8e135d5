"""The store: what is put in comes out, by slice; what is damaged says so."""

import json
import re
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from shapely.geometry import box

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS, DisclosureRule
from outcomes.store import Store, open_store
from outcomes.store.files import SCHEMA

NAN = float("nan")
HOW = "outcomes data add els PATH --store mine"


def described(*series: str) -> pd.DataFrame:
    return pd.DataFrame({"series": series, "title": [s.upper() for s in series]})


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def table(tidy):
    return tidy(
        ("els/b/B", "X2", 2023, 4.0),
        ("els/a/A", "X2", 2023, NAN),
        ("els/a/A", "X1", 2023, 2.0),
        ("els/a/A", "X1", 2022, 0.0),
    )


@pytest.fixture
def filled(store, table) -> Store:
    """A store with two sources: one with observations, one with numbers of people."""
    shapes = geopandas.GeoDataFrame(
        {"area_code": ["X1"], "level": ["ltla"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4326"
    )
    areas = pd.DataFrame({"area_code": ["X1", "X2"], "area_name": ["One", "Two"]})
    near = pd.DataFrame(
        {
            "area_code": ["X1", "X1", "X1"],
            "rank": [10, 2, 1],
            "neighbour": ["X4", "X3", "X2"],
            "model": ["m", "m", "other"],
            "closeness": "",
        }
    )
    tables = {
        "observations": table,
        "series": described("els/a/A", "els/b/B"),
        "areas": areas,
        "neighbours": near,
        "boundaries": shapes,
    }
    store.put("els", "k" * 64, {"a.csv": "1"}, tables)
    people = pd.DataFrame({"area_code": ["X1"], "mid_year": [2024], "age": [90], "population": 7.0})
    store.put("population", "p" * 64, {"p.csv": "2"}, {"population": people})
    return store


class TestReading:
    def test_a_slice_comes_in_order_with_its_types(self, filled):
        rows = filled.observations(["els/a/A"])
        assert list(rows.columns) == list(OBSERVATION_COLUMNS)
        assert rows["area_code"].tolist() == ["X1", "X1", "X2"]
        assert rows["period"].tolist() == ["2022", "2023", "2023"]
        np.testing.assert_equal(rows["value"].tolist(), [0.0, 2.0, NAN])
        assert rows["status"].tolist() == ["final", "final", "not_available"]
        assert rows["period_end"].tolist()[0] == pd.Timestamp("2022-12-31")
        assert rows["numerator"].isna().all()

    def test_several_series_at_once(self, filled):
        rows = filled.observations(["els/b/B", "els/a/A", "els/c/C"])
        assert rows["series"].value_counts().to_dict() == {"els/a/A": 3, "els/b/B": 1}

    @pytest.mark.parametrize(
        "series", [[], ["els/c/C"], ["else/a/A"], ["own/a/A"], ["population/a/A"], ["els"]]
    )
    def test_an_unknown_series_has_no_rows_and_the_right_columns(self, filled, series):
        rows = filled.observations(series)
        assert rows.empty
        known = filled.observations(["els/a/A"])
        assert rows.dtypes.to_dict() == known.dtypes.to_dict()
        assert list(rows.columns) == list(OBSERVATION_COLUMNS)

    def test_other_tables(self, filled):
        assert filled.series()["title"].to_dict() == {"els/a/A": "ELS/A/A", "els/b/B": "ELS/B/B"}
        assert filled.series()["read_on"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
        assert filled.areas()["area_name"].to_dict() == {"X1": "One", "X2": "Two"}
        assert filled.neighbours("m")["neighbour"].tolist() == ["X3", "X4"]
        assert filled.neighbours("none").empty
        assert filled.population()["population"].tolist() == [7.0]
        assert filled.boundaries()["area_code"].tolist() == ["X1"]
        assert filled.boundaries().crs.to_epsg() == 4326

    def test_an_empty_store_has_empty_tables_with_their_columns(self, store):
        assert store.catalogue == {}
        assert list(store.observations(["els/a/A"]).columns) == list(OBSERVATION_COLUMNS)
        assert "title" in store.series()
        assert "area_name" in store.areas()
        assert list(store.population()) == ["area_code", "mid_year", "age", "population"]
        assert store.neighbours("m").empty
        assert store.boundaries().empty
        assert not store.folder.exists()

    @pytest.mark.parametrize("name", ["sample", "mine"])
    def test_an_empty_store_says_how_to_fill_it(self, tmp_path, monkeypatch, name):
        how = (
            f"outcomes data build {name}, which adds what parameters/stores/{name}.yml lists, or "
            f"outcomes data add SOURCE PATH --store {name}"
        )
        (tmp_path / "parameters").mkdir()
        (tmp_path / "parameters" / "places.yml").touch()
        monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))
        message = f"the store '{name}' is empty. Fill it with: {how}"
        with pytest.raises(DataError, match=f"^{re.escape(message)}$") as error:
            open_store(name, DisclosureRule()).require_filled()
        assert error.value.exit_code == 11

    def test_a_filled_store_is_handed_on(self, filled):
        assert filled.require_filled() is filled

    def test_some_areas_only(self, filled):
        rows = filled.observations(["els/a/A", "els/b/B"], areas=["X1"])
        assert rows[["series", "area_code", "value"]].to_numpy().tolist() == [
            ["els/a/A", "X1", 0.0],
            ["els/a/A", "X1", 2.0],
        ]
        assert filled.observations(["els/a/A"], areas=[]).empty

    def test_other_programs_can_read_the_files(self, filled):
        paths = [filled.folder / path for path in filled.held["path"]]
        assert len(paths) == 2
        for path in paths:
            assert pq.ParquetFile(path).schema_arrow.equals(SCHEMA)

    def test_the_first_source_that_lists_an_area_names_it(self, filled):
        areas = pd.DataFrame({"area_code": ["X1", "X9"], "area_name": ["Another One", "Nine"]})
        filled.put("other", "o" * 64, {}, {"areas": areas})
        assert filled.areas()["area_name"].to_dict() == {"X1": "One", "X2": "Two", "X9": "Nine"}

    def test_categories_and_code_changes(self, filled):
        kinds = pd.DataFrame(
            {"area_code": ["X1", "X2", "X1"], "scheme": ["a", "a", "b"], "category": list("pqr")}
        )
        moved = pd.DataFrame({"old_code": ["X1"], "new_code": ["X2"], "year": [2020]})
        filled.put("other", "o" * 64, {}, {"classifications": kinds, "code_changes": moved})
        assert filled.classifications("a").to_dict() == {"X1": "p", "X2": "q"}
        assert filled.classifications("none").empty
        assert filled.code_changes()["year"].tolist() == [2020]


class TestPutting:
    def test_the_same_key_again_changes_nothing(self, filled, table):
        before = snapshot(filled.folder)
        times = {path: path.stat().st_mtime_ns for path in filled.folder.rglob("*.*")}
        filled.put("els", "k" * 64, {}, {"observations": table.head(1)})
        assert snapshot(filled.folder) == before
        assert {path: path.stat().st_mtime_ns for path in filled.folder.rglob("*.*")} == times

    def test_a_table_stands_until_its_source_brings_another(self, filled):
        more = pd.DataFrame({"area_code": ["X7"], "area_name": ["Seven"]})
        filled.put("els", "n" * 64, {}, {"areas": more})
        assert filled.areas()["area_name"].to_dict() == {"X7": "Seven"}
        assert filled.neighbours("m")["neighbour"].tolist() == ["X3", "X4"]
        assert filled.population()["population"].tolist() == [7.0]
        assert len(filled.observations(["els/a/A"])) == 3

    def test_the_version_goes_with_the_figures(self, filled, table, tmp_path):
        first, second = (Store(name, tmp_path / name, HOW) for name in ("first", "second"))
        assert first.version != filled.version
        about = described("els/a/A", "els/b/B")
        first.put("els", "k" * 64, {"a.csv": "1"}, {"observations": table, "series": about})
        shuffled = table.iloc[::-1]
        second.put("els", "j" * 64, {"b.csv": "2"}, {"observations": shuffled, "series": about})
        assert first.version == second.version
        assert re.fullmatch(r"[0-9a-f]{12}", first.version)
        second.put("els", "i" * 64, {}, {"observations": table.assign(upper=9.0), "series": about})
        assert first.version != second.version

    def test_a_store_of_an_older_format_is_filled_again(self, filled, table, monkeypatch):
        monkeypatch.setattr("outcomes.store.store.FORMAT", 99)
        again = Store("mine", filled.folder, HOW)
        assert again.catalogue == {}
        again.put("els", "k" * 64, {}, {"observations": table, "series": described("els/a/A")})
        assert again.holds("els", "k" * 64)
        assert len(again.observations(["els/a/A"])) == 3
        assert set(again.catalogue) == {"els"}

    def test_a_table_that_breaks_a_rule_leaves_the_store_as_it_was(self, filled, table):
        before = snapshot(filled.folder)
        with pytest.raises(DataError, match="^els/b/B: 3 rows break the rule 'status is not"):
            filled.put("els", "n" * 64, {}, {"observations": table.assign(status="guessed")[:3]})
        assert snapshot(filled.folder) == before
        assert not list(filled.folder.glob(".*.partial"))

    def test_a_series_may_be_added_beside_a_cached_catalogue(self, filled, table):
        """A store object that was opened before another's add does not undo that add."""
        other = Store("mine", filled.folder, HOW)
        assert set(other.catalogue) == {"els", "population"}
        lait, own = (table.assign(series=f"{source}/A").head(1) for source in ("lait", "own"))
        filled.put("lait", "l" * 64, {}, {"observations": lait, "series": described("lait/A")})
        other.put("own", "o" * 64, {}, {"observations": own, "series": described("own/A")})
        again = Store("mine", filled.folder, HOW)
        assert set(again.catalogue) == {"els", "population", "lait", "own"}
        assert set(again.series().index) == {"els/a/A", "els/b/B", "lait/A", "own/A"}


class TestDamage:
    @pytest.mark.parametrize("keep", [0, 100, -1, -100])
    @pytest.mark.parametrize(
        ("name", "read"),
        [
            ("observations/0000", lambda store: store.observations(["els/a/A"])),
            ("../index*", lambda store: Store("mine", store.folder, HOW).series()),
            ("neighbours", lambda store: store.neighbours("m")),
            ("boundaries", lambda store: store.boundaries()),
        ],
    )
    def test_a_damaged_table(self, filled, name, read, keep):
        folder = filled.folder / filled.catalogue["els"][-1]["folder"]
        (path,) = (folder / name).parent.resolve().glob(f"{Path(name).name}.parquet")
        path.write_bytes(path.read_bytes()[:keep])
        start = re.escape(f"{path}: not readable (")
        end = re.escape(f"); delete the folder {filled.folder} and fill it again: {HOW}")
        with pytest.raises(DataError, match=f"^{start}.+{end}$") as error:
            read(filled)
        assert error.value.exit_code == 11

    def test_a_missing_table(self, filled):
        path = filled.folder / filled.catalogue["els"][-1]["folder"] / "areas.parquet"
        path.unlink()
        with pytest.raises(DataError, match=f"^{re.escape(str(path))}: not readable \\("):
            filled.areas()

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "Expecting value: line 1 column 1 (char 0)"),
            (b'{"sources": {"els"', "Expecting ':' delimiter: line 1 column 19 (char 18)"),
            (b"{}", "'sources'"),
            (b"[]", "list indices must be integers or slices, not str"),
            (b"\xff\xfe", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        ],
    )
    def test_a_damaged_catalogue(self, filled, table, content, reason):
        path = filled.folder / "catalogue.json"
        path.write_bytes(content)
        store = Store("mine", filled.folder, HOW)
        message = (
            f"{path}: not readable ({reason}); delete the folder {filled.folder} and fill it "
            f"again: {HOW}"
        )
        for use in (
            lambda: store.observations(["els/a/A"]),
            lambda: store.version,
            lambda: store.require_filled(),
            lambda: store.put("els", "n" * 64, {}, {"observations": table}),
        ):
            with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
                use()
        assert path.read_bytes() == content

    def test_a_reader_keeps_what_it_began_with(self, filled, table):
        """A newer vintage does not take away the one that a page is being made from."""
        reader = Store("mine", filled.folder, HOW)
        assert reader.held["rows"].sum() == 4
        about = described("els/a/A", "els/b/B")
        changed = table.assign(note="anew")
        filled.put("els", "n" * 64, {}, {"observations": changed, "series": about})
        assert set(reader.observations(["els/a/A"])["note"]) == {""}
        assert set(Store("mine", filled.folder, HOW).observations(["els/a/A"])["note"]) == {"anew"}

    def test_a_list_of_areas_that_was_replaced_while_it_was_being_read(self, filled):
        reader = Store("mine", filled.folder, HOW)
        assert reader.catalogue
        more = pd.DataFrame(
            {"area_code": ["X1"], "mid_year": [2025], "age": [9], "population": 1.0}
        )
        filled.put("population", "q" * 64, {}, {"population": more})
        message = "the store 'mine' was filled anew while it was being read; start again"
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            reader.population()


def test_the_catalogue_names_what_it_holds(filled):
    catalogue = json.loads((filled.folder / "catalogue.json").read_text())
    (entry,) = catalogue["sources"]["els"]
    assert entry["files"] == {"a.csv": "1"}
    assert sorted(entry["tables"]) == ["areas", "boundaries", "neighbours"]
    assert entry["rule"] == "under 5 withheld"
    held = {path.name for path in (filled.folder / entry["folder"]).iterdir()}
    tables = {f"{name}.parquet" for name in entry["tables"]}
    assert held == {*tables, "observations", "findings.csv"}
