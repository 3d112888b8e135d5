"""What all tests share: the project, a home of its own built on the sample county, real data."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from outcomes.model import Comparison, Figure, Indicator, Place, Position, Rank, Series, Source
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
def copy_with_store() -> Callable[[Path, Path], Path]:
    """Return a function that copies a project folder with its stores and its finished runs.

    Kept results are linked, not copied: nobody changes one, and each copy would be a hundred MB.
    """
    return _copy_with_store


def _copy_with_store(home: Path, target: Path) -> Path:
    data, kept = home / "data", home / "data" / "cache"
    shutil.copytree(home, target, ignore=lambda at, _: {"cache"} if Path(at) == data else set())
    if kept.is_dir():
        shutil.copytree(kept, target / "data" / "cache", copy_function=os.link)
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
def own_home(_sample_home, copy_with_store, tmp_path, monkeypatch) -> Path:
    """A project folder of the test's own, with the sample store filled: change it at will."""
    folder = copy_with_store(_sample_home, tmp_path / "project")
    monkeypatch.setenv("OUTCOMES_HOME", str(folder))
    return folder


@pytest.fixture
def make_position():
    """Return a maker of positions: a proportion for 'Anytown' beside 'the nation', changed at will."""
    return _position


def _position(**changes):
    indicator = Indicator(
        title="People in work",
        definition="People in work, out of all.",
        unit="%",
        value_type="proportion",
        polarity="higher_is_better",
        decimals=1,
        series="els/jobs/Jobs",
    )
    indicator = indicator.model_copy(update=changes.pop("indicator", {}))
    starts = pd.to_datetime(["2021-01-01", "2022-01-01", "2023-01-01"])
    history = pd.DataFrame(
        {
            "period_start": starts,
            "period_end": starts + pd.DateOffset(years=1, days=-1),
            "period": ["2021", "2022", "2023"],
            "value": [70.0, 72.0, 75.5],
            "lower": [66.0, 68.0, 71.0],
            "upper": [74.0, 76.0, 80.0],
            "status": "final",
            "note": "",
            "comparator": [74.0, 75.0, 76.0],
        }
    )
    within = pd.DataFrame(
        {
            "area_code": ["X07000001", "X07000002", "X07000003"],
            "area_name": ["Northend", "Southend Green", "Westend"],
            "period": "2023",
            "value": [80.0, 71.0, float("nan")],
            "lower": [77.0, 68.0, float("nan")],
            "upper": [83.0, 74.0, float("nan")],
            "status": ["final", "final", "withheld_small_number"],
        }
    )
    values = {
        "number": "2.3",
        "basket": "",
        "indicator_id": "people_in_work",
        "indicator": indicator,
        "series": Series(id="els/jobs/Jobs"),
        "source": Source(
            "Office", "Work", "https://example.org", "2024-01-02", "2024-03-04", "Open"
        ),
        "place": Place(code="X10000001", name="Anytown", level="county"),
        "latest": Figure("2023", 75.5, 71.0, 80.0, "final"),
        "comparison": Comparison("the nation", 76.0, 1, -0.5, "similar", tested=True),
        "rank": Rank(3, 12, among="counties in the nation", judged=True),
        "history": history,
        "within": within,
        "within_label": "districts in Anytown",
        "within_history": pd.DataFrame(
            columns=["area_code", "area_name", "period_start", "period_end", "period", "value"]
        ),
        "missing": "",
        "newer": "",
        "stale": False,
    }
    return Position(**values | changes)
