"""What is made again and what is not: by inputs, by --force, by what an interrupted run left."""

import re

import pytest
from click.testing import CliRunner

from outcomes.batch import run_pages
from outcomes.cli import main

pytestmark = pytest.mark.slow

START = [f"{place}/best_start--nation" for place in ("X10000001", "X07000001", "X07000002")]


def inodes(folder) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_ino
        for path in folder.rglob("*")
        if path.is_file()
    }


def explained(*words: str) -> list[str]:
    result = CliRunner().invoke(main, ["run", "parameters/runs/quick.yml", "--explain", *words])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def test_a_run_in_which_nothing_changed_leaves_every_file_but_its_manifest(quick):
    first = run_pages(quick.run_file, workers=2)
    assert (first.made, first.reused, first.failed) == (6, 0, ())
    quick.all_right()
    before, made = inodes(quick.out), quick.pages()
    again = run_pages(quick.run_file, workers=2)
    assert (again.made, again.reused, again.failed) == (0, 6, ())
    after = inodes(quick.out)
    assert before.pop("manifest.json") != after.pop("manifest.json")
    assert after == before
    assert quick.pages() == made
    quick.all_right()


def test_only_the_pages_of_a_changed_notebook_are_made_again(quick):
    run_pages(quick.run_file, workers=2)
    before = inodes(quick.out)
    quick.write("best_start", "begun = 'otherwise'")
    assert explained() == [
        "3 pages: nothing changed",
        f"3 pages: its notebook changed: {', '.join(START[:2])} and {START[2]}",
    ]
    report = run_pages(quick.run_file, workers=2)
    assert (report.made, report.reused) == (3, 3)
    after = inodes(quick.out)
    same = {name for name in before if after[name] == before[name]}
    assert {name for name in same if name.endswith(".ipynb")} == {
        name.replace("best_start", "environment") + ".ipynb" for name in START
    }
    text = (quick.out / f"{START[0]}.ipynb").read_text(encoding="utf-8")
    assert "otherwise" in text
    quick.all_right()


def test_why_each_page_would_be_made_is_told_without_making_any(quick):
    assert explained()[0].startswith(
        "6 pages: it was not made before: X10000001/best_start--nation, "
    )
    assert not quick.out.parent.exists()
    quick.write("best_start", "if locality == 'X07000002': raise ValueError('a test of it')")
    assert [page.name for page in run_pages(quick.run_file, workers=2).failed] == [START[2]]
    (quick.out / f"{START[1]}.html").unlink()
    assert explained() == [
        "4 pages: nothing changed",
        f"{START[1]}: its files are gone",
        f"{START[2]}: it could not be made last time",
    ]
    assert explained("--only", "environment") == [
        "X10000001/best_start--nation: not asked for, kept as it is",
        "3 pages: nothing changed",
    ]
    assert explained("--force", "--locality", "X07000001")[-1] == (
        "2 pages: asked for by --force: X07000001/best_start--nation and "
        "X07000001/environment--nation"
    )


def test_force_makes_every_page_and_the_same_bytes(quick):
    run_pages(quick.run_file, workers=2)
    before = {path: path.read_bytes() for path in quick.out.rglob("*--*")}
    ids = inodes(quick.out)
    result = CliRunner().invoke(main, ["run", str(quick.run_file), "--force", "--workers", "2"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"^6 pages made in \d+ s$", result.stdout, flags=re.MULTILINE)
    assert {path: path.read_bytes() for path in quick.out.rglob("*--*")} == before
    assert len(before) == 12
    assert not set(inodes(quick.out).values()) & set(ids.values())


def test_a_page_that_failed_is_tried_again(quick):
    switch = quick.home / "switch"
    quick.write("best_start", f"import os\nassert os.path.exists({str(switch)!r}), 'not yet'")
    report = run_pages(quick.run_file, workers=2)
    assert {page.error for page in report.failed} == {"AssertionError: not yet"}
    switch.touch()
    report = run_pages(quick.run_file, workers=2)
    assert (report.made, report.reused, report.failed) == (3, 3, ())
    quick.all_right()


def test_a_record_that_another_version_wrote_is_not_used(quick):
    run_pages(quick.run_file, workers=2)
    manifest = quick.out / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"seconds": ', '"duration": '), encoding="utf-8")
    assert explained()[0].startswith("6 pages: it was not made before: ")
