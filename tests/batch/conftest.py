"""What the tests of a run share: one finished run, and a command that must change nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from outcomes.batch.manifest import read_manifest
from outcomes.cli import main
from outcomes.sources import open_known_store

PROJECT = Path(__file__).resolve().parents[2]

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
def _finished(_sample_home, copy_with_store, tmp_path_factory) -> FinishedRun:
    home = copy_with_store(_sample_home, tmp_path_factory.mktemp("finished") / "project")
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
def own_finished(_finished, copy_with_store, tmp_path, monkeypatch) -> FinishedRun:
    """The same in a project of the test's own, which is also the working directory."""
    home = copy_with_store(_finished.home, tmp_path / "project")
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


def until(condition: Callable[[], object], what: str, *, seconds: float = 120) -> object:
    """Wait until something is so, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


QUICK_RUN = """\
title: Quick pages
framework: essex_2014
outcomes: [best_start, environment]
localities: [X10000001, X07000001, X07000002]
comparators: [nation]
overviews: false
evidence: false
"""
SIGN = """
import json
from IPython.display import display
page = dict(framework=framework, outcome=outcome, locality=locality, comparator=comparator)
said = {{"page": page | {{"as_of": as_of}}, "title": outcome + " of " + locality, "notice": "sample"}}
said |= {{"data_version": "{version}", "gaps": 0, "results": []}}
display({{"application/vnd.outcomes.page+json": said, "text/html": "<p>Signed</p>"}}, raw=True)
"""


class QuickProject:
    """A project whose six pages are made from short notebooks that only sign, by real kernels."""

    run_file = Path("parameters/runs/quick.yml")

    def __init__(self, home: Path):
        self.home, self.out = home, home / "outputs" / "quick"
        self.staging = home / "outputs" / ".quick.partial"
        (home / self.run_file).write_text(QUICK_RUN, encoding="utf-8")
        self.version = open_known_store("sample").version
        for outcome in ("best_start", "environment"):
            self.write(outcome)
        # The warm kernel as it is, but for the libraries that these notebooks do not use.
        spec = json.loads((PROJECT / "kernels" / "outcomes" / "kernel.json").read_text())
        spec["metadata"]["kernel_provisioner"]["config"] = {"preload": ["ipykernel.kernelapp"]}
        kernel = home / "jupyter" / "kernels" / "outcomes"
        kernel.mkdir(parents=True)
        (kernel / "kernel.json").write_text(json.dumps(spec))

    def write(self, outcome: str, before: str = "") -> None:
        """Write an outcome's notebook, with a cell before the one that signs."""
        sources = [before or "begun = True", SIGN.format(version=self.version)]
        cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
        names = ("framework", "outcome", "locality", "comparator", "as_of")
        given = "\n".join(f'{name} = ""' for name in names)
        tagged = nbformat.v4.new_code_cell(given, id="given", metadata={"tags": ["parameters"]})
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = nbformat.v4.new_notebook(cells=[tagged, *cells], metadata={"kernelspec": kernel})
        nbformat.write(notebook, self.home / "notebooks" / "outcomes" / f"{outcome}.ipynb")

    def gate(self, outcome: str, locality: str = "X07000001") -> Path:
        """Let one page wait until a file is there; return the file. Its process ids stand beside."""
        gate = self.home / f"{outcome}.gate"
        self.write(
            outcome,
            f"import json, os, time\nif locality == {locality!r}:\n"
            f"    ids = [os.getpid(), os.getppid()]\n"
            f"    open({str(gate)!r} + '.new', 'w').write(json.dumps(ids))\n"
            f"    os.replace({str(gate)!r} + '.new', {str(gate)!r} + '.ids')\n"
            f"    while not os.path.exists({str(gate)!r}): time.sleep(0.05)",
        )
        return gate

    def waiting(self, gate: Path) -> list[int]:
        """Wait until a page waits at its gate; return the ids of its kernel and the one above."""
        ids = gate.with_name(gate.name + ".ids")
        until(ids.is_file, "a page waits at its gate")
        return json.loads(ids.read_text())

    def start(self, *words: str) -> subprocess.Popen:
        """Start `outcomes run` on the quick pages."""
        command = Path(sys.executable).with_name("outcomes")
        return subprocess.Popen(
            [command, "run", *(words or (self.run_file,))],
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
            env={**os.environ, "JUPYTER_PATH": str(self.home / "jupyter")},
            # Whoever runs the tests in the background ignores the signal; children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run `outcomes run` on the quick pages to its end: exit code, output, errors."""
        run = self.start(*(words or (self.run_file,)))
        out, err = run.communicate(timeout=300)
        return run.returncode, out, err

    def done(self) -> int:
        """How many pages an unfinished run has made."""
        return len([*self.staging.glob("records/*.json")])

    def pages(self) -> dict[str, dict]:
        return {page["name"]: page for page in read_manifest(self.out)["pages"]}

    def all_right(self) -> None:
        """Check that the run is whole: six right pages, all their files, nothing left beside."""
        pages = self.pages()
        assert len(pages) == 6
        assert {page["error"] for page in pages.values()} == {""}
        files = {path.relative_to(self.out).as_posix() for path in self.out.rglob("*.*")}
        named = {f"{name}.{kind}" for name in pages for kind in ("html", "ipynb")}
        assert files == {*named, "index.html", "manifest.json"}
        index = (self.out / "index.html").read_text(encoding="utf-8")
        assert all(f'href="{name}.html"' in index for name in pages)
        assert sorted(path.name for path in self.out.parent.iterdir()) == [".runs", "quick"]


@pytest.fixture
def quick(own_home, monkeypatch) -> QuickProject:
    """A project of the test's own with six pages that are quickly made."""
    monkeypatch.chdir(own_home)
    return QuickProject(own_home)
