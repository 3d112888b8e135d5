"""The publishers' real files, served on this machine and fetched by the committed register."""

import shutil

import pytest

from outcomes.sources import SOURCES
from outcomes.sources.fetch import fetch


@pytest.fixture
def own_register(project, tmp_path, monkeypatch):
    home = tmp_path / "project"
    shutil.copytree(project / "parameters", home / "parameters")
    monkeypatch.setenv("OUTCOMES_HOME", str(home))
    return home


@pytest.mark.usefixtures("own_register")
@pytest.mark.parametrize(("source", "name"), [("els", "ons-els"), ("lait", "lait")])
def test_a_whole_source_comes_as_published(source, name, serve, shared_data):
    publisher = serve(shared_data / name)
    found = fetch(source, base=publisher.base)
    assert [found.failed, found.held, found.problem] == [[], [], ""]
    for path in found.reached:
        assert (found.folder / path).read_bytes() == (publisher.folder / path).read_bytes()
    read = [path.relative_to(found.folder) for path in SOURCES[source].files(found.folder)]
    assert {path.as_posix() for path in read} <= set(found.reached)
    publisher.asked.clear()
    again = fetch(source, base=publisher.base)
    assert again.unchanged == found.reached
    assert sum(asked.sent for asked in publisher.asked) == 0
