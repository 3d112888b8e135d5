"""Adding and building by name: what is in a store already, what is unknown, what an add says."""

import dataclasses
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml

from outcomes.errors import DataError, ParameterError, listed
from outcomes.sources import SOURCES, add, build, els, open_known_store
from outcomes.store import RULES


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lati", "there is no source 'lati'; did you mean 'lait'?"),
        ("populations", "there is no source 'populations'; did you mean 'population'?"),
        ("ofsted", "there is no source 'ofsted'; there are: " + listed(SOURCES)),
    ],
)
def test_an_unknown_source(store, tmp_path, name, message):
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$") as error:
        add(name, tmp_path, store)
    assert error.value.exit_code == 10
    assert not store.folder.exists()


@pytest.mark.parametrize(
    ("name", "hint"),
    [("smaple", "; did you mean 'sample'?"), ("mine", "; there are: published and sample")],
)
@pytest.mark.parametrize("call", [open_known_store, lambda name: list(build(name))])
def test_an_unknown_store(home, call, name, hint):
    message = f"there is no store {name!r} in parameters/stores{hint}"
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$") as error:
        call(name)
    assert error.value.exit_code == 10


def test_a_store_that_lists_nothing(home):
    message = (
        "parameters/stores/published.yml lists no contents. List them there, or add a publisher's "
        "files: outcomes data add els PATH --store published"
    )
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        list(build("published"))


def test_building_again_changes_nothing(own_home):
    store = open_known_store("sample")
    before = (store.folder / "catalogue.json").stat().st_mtime_ns
    settings = (own_home / "parameters" / "stores" / "sample.yml").read_text(encoding="utf-8")
    contents = [content["source"] for content in yaml.safe_load(settings)["contents"]]
    assert contents[:2] == ["els", "population"]
    again = [(added.source, added.changed) for added in build("sample")]
    assert again == [(source, False) for source in contents]
    assert (store.folder / "catalogue.json").stat().st_mtime_ns == before


def test_building_a_store_anew_gives_the_same_version(own_home):
    store = open_known_store("sample")
    version = store.version
    shutil.rmtree(store.folder)
    assert all(added.changed for added in build("sample"))
    assert open_known_store("sample").version == version


def test_a_build_says_which_file_is_missing(own_home):
    path = own_home / "parameters" / "stores" / "sample.yml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["contents"] = [{"source": "population", "path": "data/sample/people.csv"}]
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    message = (
        "data/sample/people.csv: no such file; expected mid-year population estimates "
        "(mid_year_estimates.csv). Check the path, or download the publisher's files again."
    )
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        list(build("sample"))


class TestAgain:
    def test_the_same_files_change_nothing(self, store, small_els):
        assert add("els", small_els, store).changed
        before = {path: path.stat().st_mtime_ns for path in store.folder.rglob("*")}
        content, version = (store.folder / "catalogue.json").read_bytes(), store.version
        again = add("els", small_els, store)
        assert (again.changed, again.reading, again.stored.series) == (False, None, {})
        assert (again.stored.folder, again.stored.findings) == (None, None)
        assert again.summary() == "els: these files are in the store already; nothing to do"
        assert {path: path.stat().st_mtime_ns for path in store.folder.rglob("*")} == before
        assert (store.folder / "catalogue.json").read_bytes() == content
        assert store.version == version

    def test_the_same_files_elsewhere_change_nothing(self, store, small_els, tmp_path):
        add("els", small_els, store)
        shutil.copytree(small_els, tmp_path / "elsewhere")
        assert not add("els", tmp_path / "elsewhere", store).changed

    def test_changed_files_replace(self, store, small_els):
        add("els", small_els, store)
        series = ["els/employment-rate/Employment rate"]
        version, before = store.version, store.observations(series)
        path = small_els / "employment-rate" / "employment-rate.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        cells = lines[1].split(",")
        lines[1] = ",".join([*cells[:5], "12.34", *cells[6:]])
        path.write_text("".join(lines), encoding="utf-8")
        added = add("els", small_els, store)
        assert added.stored.series == {"revised": 1}
        after = store.observations(series)
        assert len(after) == len(before)
        assert (after["value"] == 12.34).sum() == 1
        assert store.version != version
        (change,) = store.changes("els").itertuples()
        assert (change.series, change.area_code) == (series[0], cells[0])
        assert (change.old_value, change.new_value) == (float(cells[5]), 12.34)

    def test_a_dataset_of_another_name_is_not_the_same(self, store, small_els):
        add("els", small_els, store)
        old, new = small_els / "recorded-crime", small_els / "crime"
        old.rename(new)
        for ending in (".csv", ".json"):
            (new / f"recorded-crime{ending}").rename(new / f"crime{ending}")
        assert add("els", small_els, store).stored.series == {"first": 1}
        assert not store.observations(["els/crime/Recorded crime"]).empty
        assert not store.observations(["els/recorded-crime/Recorded crime"]).empty, (
            "a dataset that is not among the files stays as it is"
        )

    def test_lait_is_read_again_when_the_areas_have_changed(self, store, small_els, small_lait):
        add("els", small_els, store)
        assert add("lait", small_lait, store).changed
        assert not add("lait", small_lait, store).changed
        path = small_els / "reference" / "geo-metadata.json"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("Tarrowshire", "Old Tarrowshire"), encoding="utf-8")
        add("els", small_els, store)
        with pytest.raises(DataError, match="^lait: none of 14 rows can be kept"):
            add("lait", small_lait, store)

    def test_the_catalogue_says_which_files_were_read(self, own_home):
        store = open_known_store("sample")
        (entry,) = store.catalogue["population"]
        assert list(entry["files"]) == ["mid_year_estimates.csv"]
        assert list(entry["tables"]) == ["population"]
        reports = {path.name for path in (store.folder / entry["folder"]).glob("*.csv")}
        assert reports == {"accounts.csv", "rejected.csv", "findings.csv"}


class TestOneDataset:
    def test_it_leaves_the_others_and_the_areas_as_they_are(self, store, small_els):
        add("els", small_els, store)
        areas, held = store.areas(), store.held
        shapes, near = store.boundaries(), store.neighbours("ons_global")
        folder = small_els / "early-years"
        path = folder / "early-years.csv"
        header, first, *rows = path.read_text(encoding="utf-8-sig").splitlines()
        cells = first.split(",")
        changed = ",".join([*cells[:5], "12.5", *cells[6:]])
        path.write_text("\n".join([header, changed, *rows, ""]), encoding="utf-8")
        added = add("els", folder, store)
        assert added.reading.accounts["dataset"].tolist() == ["early-years"]
        assert added.reading.tables == {}
        assert added.stored.series == {"revised": 1}
        assert set(store.held.index) == set(held.index)
        others = [name for name in held.index if not name.startswith("els/early-years/")]
        assert others == [
            "els/employment-rate/Employment rate",
            "els/recorded-crime/Recorded crime",
        ]
        pd.testing.assert_frame_equal(store.held.loc[others], held.loc[others])
        pd.testing.assert_frame_equal(store.areas(), areas)
        pd.testing.assert_frame_equal(store.neighbours("ons_global"), near)
        assert store.boundaries()["area_code"].tolist() == shapes["area_code"].tolist()
        (change,) = store.changes("els").itertuples()
        assert (change.area_code, change.new_value) == (cells[0], 12.5)

    def test_the_working_directory_may_be_its_folder(self, home, store, small_els, monkeypatch):
        monkeypatch.chdir(small_els / "early-years")
        assert add("els", Path(), store).changed
        assert store.series().index.str.startswith("els/early-years/").all()

    def test_the_whole_folder_may_follow(self, store, small_els):
        add("els", small_els / "early-years", store)
        assert store.areas().empty
        added = add("els", small_els, store)
        assert added.stored.series == {"first": 2}
        assert len(store.held) == 5
        assert not store.areas().empty


class TestReleased:
    def test_a_release_is_known_from_its_day(self, store, small_els):
        add("els", small_els, store, date(2026, 5, 1))
        assert set(store.held["known_from"]) == {pd.Timestamp("2026-05-01")}
        assert store.catalogue["els"][0]["released"] == "2026-05-01"
        assert store.at(date(2026, 4, 30)).held.empty

    def test_without_a_day_it_is_the_publishers(self, store, small_els):
        add("els", small_els, store)
        published = store.series()["published"]
        assert (published != "").all()
        assert store.held["known_from"].dt.strftime("%Y-%m-%d").tolist() == published.tolist()
        assert store.catalogue["els"][0]["released"] is None

    def test_an_older_release_is_refused_and_leaves_the_store(self, store, small_els):
        add("els", small_els, store, date(2026, 5, 1))
        path = small_els / "recorded-crime" / "recorded-crime.csv"
        header, first, *rows = path.read_text(encoding="utf-8-sig").splitlines()
        changed = ",".join([*first.split(",")[:5], "12.5", *first.split(",")[6:]])
        path.write_text("\n".join([header, changed, *rows, ""]), encoding="utf-8")
        before = {p: p.read_bytes() for p in store.folder.rglob("*") if p.is_file()}
        message = (
            "els/recorded-crime/Recorded crime: the release of 2026-04-30 is older than the figures "
            "held, which were known from 2026-05-01. Add releases in their order. Nothing was "
            "added."
        )
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            add("els", small_els, store, date(2026, 4, 30))
        assert {p: p.read_bytes() for p in store.folder.rglob("*") if p.is_file()} == before


class TestWhatAnAddSays:
    def test_a_first_add(self, store, small_els):
        added = add("els", small_els, store)
        read = sum(
            len(path.read_text(encoding="utf-8-sig").splitlines()) - 1
            for path in small_els.glob("*/*.csv")
        )
        first, second, *rest = added.summary().splitlines()
        assert first == (f"els: {read:,} rows read = {read:,} kept + 0 duplicate + 0 rejected")
        assert second == "  5 series: 5 new"
        counts = added.stored.findings["rule"].value_counts()
        assert rest[:-1] == [f"  to look at: {n:,} {RULES[rule]}" for rule, n in counts.items()]
        assert rest[-1] == f"  every one of them: {added.stored.folder / 'findings.csv'}"
        table = pd.read_csv(added.stored.folder / "findings.csv", keep_default_na=False)
        assert len(table) == counts.sum() > 0

    def test_a_second_add_says_what_changed(self, store, small_els):
        add("els", small_els, store)
        crime = small_els / "recorded-crime" / "recorded-crime.csv"
        text = crime.read_text(encoding="utf-8-sig")
        header, first, second, *rows = text.splitlines()
        bad = ",".join([*second.split(",")[:5], "many", *second.split(",")[6:]])
        crime.write_text("\n".join([header, first, first, bad, *rows, ""]), encoding="utf-8")
        early = small_els / "early-years" / "early-years.json"
        about = json.loads(early.read_text(encoding="utf-8"))
        about["ess-beta-metadata"]["shared"]["sourceOrg"] = "Another office"
        early.write_text(json.dumps(about), encoding="utf-8")
        added = add("els", small_els, store)
        lines = added.summary().splitlines()
        total = added.reading.accounts[["read", "kept"]].sum()
        assert lines[:6] == [
            f"els: {total['read']:,} rows read = {total['kept']:,} kept + 1 duplicate + 1 rejected",
            "  1 because the same row stands above it",
            "  1 because observation is not a number",
            f"  every one of them: {added.stored.folder / 'rejected.csv'}",
            "  5 series: 1 revised, 3 described anew",
            "  what changed: outcomes data diff els",
        ]
        assert total["read"] == total["kept"] + 2
        rejected = pd.read_csv(added.stored.folder / "rejected.csv")
        assert rejected[["line", "kind"]].to_numpy().tolist() == [[3, "duplicate"], [4, "rejected"]]

    def test_figures_that_only_moved_are_none_changed(self, store, small_els):
        add("els", small_els, store)
        crime = small_els / "recorded-crime" / "recorded-crime.csv"
        header, *rows = crime.read_text(encoding="utf-8-sig").splitlines()
        crime.write_text("\n".join([header, *rows[::-1], ""]), encoding="utf-8")
        added = add("els", small_els, store)
        assert added.summary().splitlines()[1] == "  5 series: none changed"
        assert added.stored.series == {}


LOST = "els: 9 rows were read, but 8 kept and 0 not; the connector loses count. Nothing was added."
MADE = "els: 8 figures of 5 rows; the connector makes figures up. Nothing was added."


@pytest.mark.parametrize(
    ("read", "kept", "rejected", "message"),
    [(9, 8, 0, LOST), (5, 5, 0, MADE)],
)
def test_a_connector_that_does_not_add_up_is_refused(
    store, write_dataset, small_els, monkeypatch, read, kept, rejected, message
):
    """The count is the connector's own, so a mistake in it is made here on purpose."""
    write_dataset(
        "areacd,areanm,indicator,period,observation,lci_95,uci_95",
        *(f"X10000001,A place,Made up,{year}-01-01/P1Y,1,," for year in range(2010, 2018)),
    )
    reading = els.read(small_els / "made-up")
    counted = reading.accounts.assign(read=read, kept=kept, rejected=rejected)
    wrong = dataclasses.replace(reading, accounts=counted)
    monkeypatch.setattr(els, "read", lambda path, areas: wrong)
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        add("els", small_els / "made-up", store)
    assert store.catalogue == {}


def test_the_sources_there_are():
    assert {"els", "fingertips", "lait", "population", "trafford"} <= set(SOURCES)


def test_a_connector_has_what_an_add_needs():
    for name, module in SOURCES.items():
        assert name == module.NAME
        assert isinstance(module.NEEDS_AREAS, bool)
        assert callable(module.files)
        assert callable(module.read)
