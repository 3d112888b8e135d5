"""What the tests of a run share: one finished run, and a command that must change nothing."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from outcomes.batch.manifest import read_manifest
from outcomes.cli import main

A_RUN = """\
title: A few pages
framework: essex_2014
outcomes: [best_start]
localities: [X10000001]
comparators: [nation]
overviews: false
evidence: false
"""


@dataclass(frozen=True)
class FinishedRun:
    """A project, the folder of a run in it, and what the command printed."""

    home: Path
    folder: Path
    printed: str

    def manifest(self) -> dict:
        return read_manifest(self.folder)

    def pages(self) -> dict[str, dict]:
        return {page["name"]: page for page in self.manifest()["pages"]}

    def web_pages(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*.html"))
        }


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the size and time of change of every file, and every folder, at or under a folder."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


@pytest.fixture(scope="session")
def _finished(_sample_home, tmp_path_factory) -> FinishedRun:
    home = tmp_path_factory.mktemp("finished") / "project"
    shutil.copytree(_sample_home, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(home))
        patch.chdir(home)
        words = "run parameters/runs/sample.yml --only independent_living --workers 2"
        words += " --locality X10000001 --locality X07000001"
        result = CliRunner().invoke(main, words.split())
    assert (result.exit_code, result.stderr) == (0, "")
    return FinishedRun(home, home / "outputs" / "sample", result.stdout)


@pytest.fixture
def finished(_finished, monkeypatch) -> FinishedRun:
    """One outcome for the sample county and one district, made once: read it only."""
    monkeypatch.setenv("OUTCOMES_HOME", str(_finished.home))
    return _finished


@pytest.fixture
def own_finished(_finished, tmp_path, monkeypatch) -> FinishedRun:
    """The same in a project of the test's own, which is also the working directory."""
    home = tmp_path / "project"
    shutil.copytree(_finished.home, home)
    monkeypatch.setenv("OUTCOMES_HOME", str(home))
    monkeypatch.chdir(home)
    return FinishedRun(home, home / "outputs" / "sample", _finished.printed)


@pytest.fixture
def refused(own_home, monkeypatch) -> Callable[..., tuple[int, str]]:
    """Return a function that gives a command to refuse and returns exit code and message.

    It fails if anything in the project folder, or beside it, is not as it was before.
    """
    monkeypatch.chdir(own_home)

    def run(*words: str) -> tuple[int, str]:
        before = files_of(own_home.parent)
        result = CliRunner().invoke(main, words)
        assert isinstance(result.exception, SystemExit), result.exception
        assert files_of(own_home.parent) == before
        assert result.stdout == ""
        return result.exit_code, result.stderr

    return run


@pytest.fixture
def write_run(own_home) -> Callable[..., str]:
    """Return a function that writes parameters/runs/mine.yml, with words of it replaced."""

    def write(*replacements: tuple[str, str]) -> str:
        text = A_RUN
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path = own_home / "parameters" / "runs" / "mine.yml"
        path.write_text(text, encoding="utf-8")
        return "parameters/runs/mine.yml"

    return write


def edit_notebook(path: Path, change: Callable[[list], None]) -> None:
    """Change the cells of a notebook in place."""
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)


@pytest.fixture
def edit() -> Callable[[Path, Callable[[list], None]], None]:
    """Return the function that changes the cells of a notebook in place."""
    return edit_notebook
