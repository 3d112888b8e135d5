"""A real server for a project of its own, with a small app and a small published run."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from outcomes.batch import run_pages

helper = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "served.py")))


@pytest.fixture(scope="session")
def served():
    """The functions that start a server and talk to it."""
    return helper


@pytest.fixture(scope="session")
def live_home(_sample_home, copy_with_store, tmp_path_factory):
    """A project with a small app, one that fails, and a published run of one page."""
    home = copy_with_store(_sample_home, tmp_path_factory.mktemp("live") / "project")
    helper.put_small_app(home)
    helper.put_app(home, "broken", "raise ValueError('a secret detail')", title="A broken page")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(home))
        report = run_pages(
            home / "parameters" / "runs" / "sample.yml",
            only=("safe_communities",),
            localities=("X07000003",),
            workers=1,
        )
    assert not report.failed
    return home


@pytest.fixture(scope="session")
def server(live_home):
    """A server that only this machine reaches."""
    running = helper.start(live_home)
    yield running
    assert running.stop() == 0


@pytest.fixture
def page(server):
    """An open page, closed at the end."""
    opened = server.open()
    yield opened
    opened.close()
