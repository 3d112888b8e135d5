"""What all tests share: the project, a home of its own built on the sample county, real data."""

import os
import shutil
from pathlib import Path

import pytest

from outcomes.sources import build

PROJECT = Path(__file__).resolve().parents[1]
SHARED_DATA = Path(os.environ.get("OUTCOMES_SHARED_DATA", PROJECT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's own folder; tests never write to it."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The publishers' real files."""
    if not SHARED_DATA.is_dir():
        pytest.skip(
            "the publishers' real files are not here; set OUTCOMES_SHARED_DATA to their folder"
        )
    return SHARED_DATA


def copy_home(target: Path) -> Path:
    """Copy what a run needs of the project, without stores or outputs."""
    for name in ("parameters", "notebooks", "data/sample"):
        shutil.copytree(
            PROJECT / name, target / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
        )
    return target


@pytest.fixture(scope="session")
def _sample_home(tmp_path_factory) -> Path:
    folder = copy_home(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(folder))
        list(build("sample"))
    return folder


@pytest.fixture
def home(_sample_home, monkeypatch) -> Path:
    """A project folder with the sample store filled, shared by the tests: read it only."""
    monkeypatch.setenv("OUTCOMES_HOME", str(_sample_home))
    return _sample_home


@pytest.fixture
def own_home(_sample_home, tmp_path, monkeypatch) -> Path:
    """A project folder of the test's own, with the sample store filled: change it at will."""
    folder = tmp_path / "project"
    shutil.copytree(_sample_home, folder)
    monkeypatch.setenv("OUTCOMES_HOME", str(folder))
    return folder
