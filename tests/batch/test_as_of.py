"""Runs as of a day: from the run file or the command, in a folder of their own, signed and headed."""

import csv
import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from outcomes.batch import run_pages
from outcomes.cli import main
from outcomes.model import PAGE_MIME
from outcomes.sources import open_known_store

pytestmark = pytest.mark.slow

PAGE = "X10000001/economic_growth--nation"
RATE = "els/employment-rate/Employment rate"


@pytest.fixture
def run_file(own_home, monkeypatch) -> Path:
    """A run of one page in a project whose store holds two vintages of the employment rate."""
    monkeypatch.chdir(own_home)
    path = own_home / "data" / "sample" / "els" / "employment-rate" / "employment-rate.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    area, period, value = (header.index(n) for n in ("areacd", "period", "observation"))
    (last,) = [r for r in rows if (r[area], r[period]) == ("X10000001", "2023-01-01/P1Y")]
    last[value] = "74.9"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    words = "data add els data/sample/els --released 2026-05-01 --store sample"
    assert CliRunner().invoke(main, words.split()).exit_code == 0
    written = Path("parameters/runs/mine.yml")
    written.write_text(
        "title: Mine\nframework: essex_2014\noutcomes: [economic_growth]\n"
        "localities: [X10000001]\ncomparators: [nation]\noverviews: false\nevidence: false\n",
        encoding="utf-8",
    )
    return written


def made(folder: Path, day: str, value: float) -> None:
    """Check that a run's page was asked for a day, signed it, and shows what was known then."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (page,) = manifest["pages"]
    assert (page["name"], page["error"]) == (PAGE, "")
    assert manifest["request"]["as_of"] == page["page"]["as_of"] == day
    notebook = nbformat.read(folder / f"{PAGE}.ipynb", as_version=4)
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    (signed,) = [o.data[PAGE_MIME] for o in outputs if PAGE_MIME in o.get("data", {})]
    assert signed["page"] == page["page"]
    assert notebook.metadata.papermill.parameters["as_of"] == day
    (rate,) = [result for result in page["results"] if result["indicator"] == "employment_rate"]
    assert (rate["period"], rate["value"]) == ("2023", value)
    assert manifest["data"]["sample"]["version"] == page["data_version"]


def test_by_the_run_file(run_file):
    with run_file.open("a", encoding="utf-8") as file:
        file.write("as_of: 2026-Q2\n")
    report = run_pages(run_file)
    assert (report.made, report.failed) == (1, ())
    folder = Path("outputs/mine-2026-06-30").resolve()
    assert report.index == folder / "index.html"
    made(folder, "2026-06-30", 74.9)
    text = (folder / f"{PAGE}.html").read_text(encoding="utf-8")
    assert ". What was known on 30 June 2026.</p>" in text
    assert "No new figure since 31 March 2026." in text
    assert ", comparator nation, as of 2026-06-30." in text
    index = report.index.read_text(encoding="utf-8")
    assert " Every page shows what was known on 30 June 2026.</p>" in index


def test_by_the_command_in_place_of_the_run_files_day(run_file):
    with run_file.open("a", encoding="utf-8") as file:
        file.write("as_of: 2026-Q2\n")
    result = CliRunner().invoke(main, ["run", str(run_file), "--as-of", "2025/26 Q4"])
    assert (result.exit_code, result.stderr) == (0, "")
    folder = Path("outputs/mine-2026-03-31").resolve()
    assert result.stdout.splitlines()[-1] == str(folder / "index.html")
    assert sorted(path.name for path in Path("outputs").iterdir()) == [".runs", "mine-2026-03-31"]
    made(folder, "2026-03-31", 75.5)
    text = (folder / f"{PAGE}.html").read_text(encoding="utf-8")
    assert ". What was known on 31 March 2026.</p>" in text


def test_a_run_of_now_stands_beside_it_and_names_no_day(run_file):
    run_pages(run_file, as_of="2026-03-31")
    run_pages(run_file)
    names = sorted(path.name for path in Path("outputs").iterdir())
    assert names == [".runs", "mine", "mine-2026-03-31"]
    made(Path("outputs/mine").resolve(), "", 74.9)
    made(Path("outputs/mine-2026-03-31").resolve(), "2026-03-31", 75.5)
    text = Path("outputs/mine", f"{PAGE}.html").read_text(encoding="utf-8")
    assert "What was known on" not in text
    assert "No new figure since" not in text
    index = Path("outputs/mine/index.html").read_text(encoding="utf-8")
    assert "was known on" not in index


def test_pages_of_a_day_stay_the_same_when_figures_are_added_later(run_file):
    run_pages(run_file, as_of="2026-03-31")
    page = Path("outputs/mine-2026-03-31", f"{PAGE}.html")
    before = page.read_bytes()
    store = open_known_store("sample")
    rows = store.observations([RATE])
    rows["value"] += 1.0
    about = store.series().loc[[RATE]].reset_index()
    store.put("els", "f" * 64, {}, {"observations": rows, "series": about})
    assert run_pages(run_file, as_of="2026-03-31", force=True).made == 1
    assert page.read_bytes() == before


def test_a_day_that_is_none_is_refused_by_line(run_file):
    with run_file.open("a", encoding="utf-8") as file:
        file.write("as_of: 2025/27 Q1\n")
    result = CliRunner().invoke(main, ["run", str(run_file)])
    assert (result.exit_code, result.stdout, result.stderr) == (
        10,
        "",
        "Error: parameters/runs/mine.yml has 1 problem\n  line 8, as_of: '2025/27 Q1' is not a "
        "quarter such as 2026-Q2 or 2026/27 Q1\n",
    )
    assert not Path("outputs").exists()


def test_the_page_on_evidence_is_made_and_linked(run_file):
    text = run_file.read_text(encoding="utf-8")
    run_file.write_text(text.replace("evidence: false", "evidence: true"), encoding="utf-8")
    report = run_pages(run_file, as_of="2026-06-30", workers=2)
    assert (report.made, report.failed) == (2, ())
    folder = report.index.parent
    name = "X10000001/evidence--nation"
    pages = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["pages"]
    (page,) = [page for page in pages if page["name"] == name]
    assert page["notebook"] == "notebooks/overview/evidence.ipynb"
    assert page["page"]["outcome"] == "evidence"
    assert page["results"] == []
    assert f'href="{name}.html"' in report.index.read_text(encoding="utf-8")
    text = (folder / f"{name}.html").read_text(encoding="utf-8")
    assert "What evidence have we for Tarrowshire, and what is missing?</h1>" in text
    assert ". What was known on 30 June 2026.</p>" in text
    assert 'href="economic_growth--nation.html"' in text
