"""Adding and building by name: what is in a store already, what is unknown, what an add says."""

import re
import shutil

import pytest
import yaml

from outcomes.errors import DataError, ParameterError
from outcomes.sources import SOURCES, add, build, open_known_store
from outcomes.store import open_store


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lati", "there is no source 'lati'; did you mean 'lait'?"),
        ("populations", "there is no source 'populations'; did you mean 'population'?"),
        ("ofsted", "there is no source 'ofsted'; there are: els, lait and population"),
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
    assert [(added.source, added.changed) for added in build("sample")] == [
        ("els", False),
        ("population", False),
    ]
    assert (store.folder / "catalogue.json").stat().st_mtime_ns == before


def test_building_a_store_anew_gives_the_same_version(own_home):
    store = open_store("sample")
    version = store.version
    shutil.rmtree(store.folder)
    assert all(added.changed for added in build("sample"))
    assert open_store("sample").version == version


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
        assert (again.changed, again.rows, again.rejected) == (False, 0, None)
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
        (held,) = (path.name for path in store.folder.iterdir() if path.is_dir())
        path = small_els / "employment-rate" / "employment-rate.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        cells = lines[1].split(",")
        lines[1] = ",".join([*cells[:5], "12.34", *cells[6:]])
        path.write_text("".join(lines), encoding="utf-8")
        assert add("els", small_els, store).changed
        after = store.observations(series)
        assert len(after) == len(before)
        assert (after["value"] == 12.34).sum() == 1
        assert store.version != version
        (now,) = (path.name for path in store.folder.iterdir() if path.is_dir())
        assert now != held

    def test_a_dataset_of_another_name_is_not_the_same(self, store, small_els):
        add("els", small_els, store)
        old, new = small_els / "recorded-crime", small_els / "crime"
        old.rename(new)
        for ending in (".csv", ".json"):
            (new / f"recorded-crime{ending}").rename(new / f"crime{ending}")
        assert add("els", small_els, store).changed
        assert not store.observations(["els/crime/Recorded crime"]).empty
        assert store.observations(["els/recorded-crime/Recorded crime"]).empty

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
        entry = open_store("sample").catalogue["population"]
        assert list(entry["files"]) == ["mid_year_estimates.csv"]
        assert entry["tables"] == ["population", "rejected"]


def test_a_connector_has_what_an_add_needs():
    for name, module in SOURCES.items():
        assert name == module.NAME
        assert isinstance(module.NEEDS_AREAS, bool)
        assert callable(module.files)
        assert callable(module.read)
