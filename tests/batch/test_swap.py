"""The new folder takes the place of the old one at once; a kill in the middle is put right."""

import json
import re
import shutil
import threading
from pathlib import Path

import pytest

from outcomes.batch import run_pages, staging
from outcomes.batch.staging import Staging

pytestmark = pytest.mark.slow


class Reader(threading.Thread):
    """Reads the index and every page that it links, over and over."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder, self.missing, self.rounds, self.going = folder, [], 0, True

    def run(self) -> None:
        while self.going:
            for path in ("index.html", *self._links()):
                try:
                    assert (
                        (self.folder / path)
                        .read_text(encoding="utf-8")
                        .rstrip()
                        .endswith("</html>")
                    )
                except (OSError, AssertionError) as error:
                    self.missing.append(f"{path}: {error!r}")
            self.rounds += 1

    def _links(self) -> list[str]:
        text = (self.folder / "index.html").read_text(encoding="utf-8")
        return [link for link in re.findall(r'href="([^"#]+)"', text) if "://" not in link]


def test_a_reader_never_finds_a_page_missing(quick):
    run_pages(quick.run_file, workers=2)
    reader = Reader(quick.out)
    reader.start()
    for text in ("one = 1", "two = 2"):
        quick.write("environment", text)
        before = reader.rounds
        assert run_pages(quick.run_file, workers=2).made == 3
        assert reader.rounds > before + 3
    reader.going = False
    reader.join(timeout=60)
    assert reader.missing == []
    quick.all_right()


def test_where_the_system_cannot_exchange_folders_two_renames_do(quick, monkeypatch):
    monkeypatch.setattr(staging, "_exchanged", lambda one, other: False)
    run_pages(quick.run_file, workers=2)
    quick.write("environment", "one = 1")
    assert run_pages(quick.run_file, workers=2).made == 3
    quick.all_right()


@pytest.fixture
def two(quick):
    """A finished run, and a newer one that is whole but was killed before the exchange."""
    run_pages(quick.run_file, workers=2)
    old = quick.home / "old"
    shutil.copytree(quick.out, old)
    quick.write("environment", "newer = True")
    run_pages(quick.run_file, workers=2)
    quick.out.rename(quick.home / "new")
    quick.staging.mkdir()
    (quick.home / "new").rename(quick.staging / "site")
    old.rename(quick.out)
    asked = {"run_file": str(quick.run_file), "only": [], "localities": [], "as_of": ""}
    journal = {**asked, "out": "", "force": False, "whole": staging._mark(quick.staging / "site")}
    (quick.staging / "journal.json").write_text(json.dumps(journal), encoding="utf-8")
    return quick


def newer(quick) -> bool:
    return "newer = True" in (quick.out / "X07000001/environment--nation.ipynb").read_text("utf-8")


@pytest.mark.parametrize("moment", ["before", "after", "between two renames", "after two renames"])
def test_a_run_killed_around_the_exchange_is_finished_by_the_next(two, moment):
    site, old = two.staging / "site", two.out.parent / ".quick.old"
    if moment == "after":
        assert staging._exchanged(site, two.out)
    elif moment != "before":
        two.out.rename(old)
        if moment == "after two renames":
            site.rename(two.out)
    with Staging(two.out):
        pass
    assert newer(two)
    report = run_pages(two.run_file, workers=2)
    assert (report.made, report.reused) == (0, 6)
    two.all_right()


def test_files_of_the_run_before_are_taken_by_copy_where_there_are_no_links(quick, monkeypatch):
    run_pages(quick.run_file, workers=2)
    before = (quick.out / "X07000001/best_start--nation.ipynb").stat()

    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr(staging.os, "link", refuse)
    quick.write("environment", "one = 1")
    assert run_pages(quick.run_file, workers=2).reused == 3
    after = (quick.out / "X07000001/best_start--nation.ipynb").stat()
    assert (after.st_size, after.st_ino == before.st_ino) == (before.st_size, False)
    quick.all_right()
