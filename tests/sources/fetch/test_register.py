"""The register: what the committed files say, and what a wrong one is told."""

import pytest
import yaml

from outcomes.errors import ParameterError
from outcomes.model.register import RegisterEntry
from outcomes.parameters import Parameters, read_model
from outcomes.sources import SOURCES
from outcomes.sources.fetch.contents import check_contents
from outcomes.sources.reading import hash_files

GITHUB = "https://raw.githubusercontent.com"
FOLDERS = {"els": "ons-els", "lait": "lait", "cpop": "cpop", "trafford": "fingertips"}
"""Where the tests' real files of a source stand; its newest-proved edition is what they are."""
PROVED = {"els": "june_2026", "lait": "april_2026", "cpop": "march_2025", "trafford": "may_2026"}
PART = {
    "base": "https://example.org/{edition}/",
    "editions": {"latest": "HEAD"},
    "paths": ["a.csv"],
}


@pytest.fixture
def register(project) -> dict[str, RegisterEntry]:
    return Parameters(project / "parameters").sources


def test_there_is_an_entry_for_every_open_source(register):
    assert list(register) == ["cpop", "els", "fingertips", "lait", "population", "trafford"]


def test_no_licence_is_made_up(register):
    assert register["cpop"].licence == "no licence stated; ask before publishing"
    for name in ("els", "fingertips", "trafford"):
        assert register[name].licence.startswith("Open Government Licence v3.0")


@pytest.mark.parametrize(
    ("source", "edition", "path", "url"),
    [
        (
            "els",
            None,
            "employment-rate/employment-rate.csv",
            f"{GITHUB}/ONSdigital/explore-local-statistics-data/HEAD/"
            "employment-rate/employment-rate.csv",
        ),
        (
            "els",
            "june_2026",
            "reference/topo.json",
            f"{GITHUB}/ONSdigital/explore-local-statistics-app/"
            "ca9faecc8cab26e33faff935b2b58a4fc10d6c0d/src/lib/data/topo.json",
        ),
        (
            "cpop",
            None,
            "Final data - Sep 2023/CPP Data - Oct 23.xlsx",
            f"{GITHUB}/Improvement-Service/CPOP/871dfe768b163e7821356156445910482cb69ddb/data/"
            "Final%20data%20-%20Sep%202023/CPP%20Data%20-%20Oct%2023.xlsx",
        ),
        (
            "fingertips",
            None,
            "90366/90366.csv",
            "https://fingertips.phe.org.uk/api/all_data/csv/by_indicator_id"
            "?indicator_ids=90366&area_type_id=502",
        ),
    ],
)
def test_a_file_and_its_address(register, source, edition, path, url):
    files = {file.path: file.url for file in register[source].files(edition)}
    assert files[path] == url


@pytest.mark.parametrize("source", ["cpop", "els", "fingertips", "lait", "trafford"])
def test_no_two_files_share_a_place_or_an_address(register, source):
    entry = register[source]
    for edition in list(entry.parts[0].editions) or [None]:
        files = entry.files(edition)
        assert len({file.path for file in files}) == len({file.url for file in files}) == len(files)


def test_what_can_be_had_by_hand_says_how(register):
    with pytest.raises(
        ParameterError, match=r"nothing can be fetched by address\. The tables come"
    ):
        register["population"].files()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "a source has either parts or by_hand"),
        (
            {"parts": [{**PART, "paths": ["../a.csv"]}]},
            "got the path '../a.csv'; expected one that stays in the folder",
        ),
        (
            {"parts": [{**PART, "folder": "/etc"}]},
            "got the path '/etc'; expected one that stays in the folder",
        ),
        ({"parts": [{**PART, "names": ["b"]}]}, "{name} and names: expected both or neither"),
        ({"parts": [{**PART, "editions": {}}]}, "{edition} and editions: expected both or neither"),
        (
            {"parts": [{**PART, "columns": {"b.csv": ["x"]}}]},
            "b.csv: none of the paths or editions",
        ),
        (
            {"parts": [PART, {**PART, "editions": {"spring": "a"}}]},
            "all parts must have the same editions in the same order",
        ),
    ],
)
def test_a_wrong_entry_is_told(tmp_path, changes, message):
    about = dict.fromkeys(("title", "publisher", "licence", "attribution"), "x")
    about["homepage"] = "https://example.org/"
    path = tmp_path / "ours.yml"
    path.write_text(yaml.safe_dump({**about, **changes}), encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        read_model(path, RegisterEntry)
    assert str(error.value).endswith(message)


@pytest.mark.parametrize("source", sorted(FOLDERS))
def test_the_real_files_are_those_of_the_proved_edition(register, source, shared_data):
    folder = shared_data / FOLDERS[source]
    entry = register[source]
    for file in entry.files(PROVED[source]):
        check_contents(folder / file.path, file, what=entry.title)
    known = {path: sha for part in entry.parts for path, sha in part.sha256.items()}
    assert set(known) <= {PROVED[source]}


@pytest.mark.parametrize("source", sorted(set(FOLDERS) & set(SOURCES)))
def test_every_file_that_a_connector_reads_is_registered(register, source, shared_data):
    folder = shared_data / FOLDERS[source]
    needed = hash_files(SOURCES[source].files(folder), folder)
    assert set(needed) <= {file.path for file in register[source].files()}


@pytest.mark.parametrize(("source", "name"), [("els", "COLUMNS"), ("lait", "COLUMNS")])
def test_the_register_asks_for_the_columns_that_the_connector_needs(register, source, name):
    first = register[source].files()[0]
    assert list(first.columns) == list(getattr(SOURCES[source], name))
