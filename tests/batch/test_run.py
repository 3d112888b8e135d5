"""A run from its file to a finished folder, and what becomes of the run before."""

import hashlib
import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from outcomes import paths
from outcomes.batch import run_pages
from outcomes.batch.manifest import PACKAGES
from outcomes.cli import main
from outcomes.sources import open_known_store

pytestmark = pytest.mark.slow
POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")

COUNTY, DISTRICT = "X10000001", "X07000001"
COUNTY_PAGE = f"{COUNTY}/independent_living--nation"
DISTRICT_PAGE = f"{DISTRICT}/independent_living--nation"
SAMPLE = Path("parameters/runs/sample.yml")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_says_what_it_did_and_ends_with_its_index(finished):
    first, second, third, *_, last = finished.printed.splitlines()
    page = r"\[{}/2\] X(10|07)000001 independent_living nation: ok, \d+\.\d s"
    assert re.fullmatch(page.format(1), first)
    assert re.fullmatch(page.format(2), second)
    assert re.fullmatch(r"2 pages made in \d+ s", third)
    assert last == str(finished.folder / "index.html")


def test_a_run_makes_these_files_and_no_others(finished):
    assert sorted(tree(finished.folder)) == [
        f"{DISTRICT_PAGE}.html",
        f"{DISTRICT_PAGE}.ipynb",
        f"{COUNTY_PAGE}.html",
        f"{COUNTY_PAGE}.ipynb",
        "index.html",
        "manifest.json",
    ]
    assert names_in(finished.home / "outputs") == [".runs", "sample"]


def test_the_manifest_says_what_was_asked_and_with_what(finished):
    manifest = finished.manifest()
    assert manifest["run"] == "sample"
    assert manifest["title"] == manifest["request"]["title"]
    assert manifest["request"] == {
        "title": "The fictional county of Tarrowshire and its districts, every outcome, beside "
        "the nation",
        "framework": "essex_2014",
        "outcomes": "all",
        "localities": [COUNTY],
        "and_places_within": True,
        "comparators": ["nation"],
        "overviews": True,
        "evidence": True,
        "services": False,
        "as_of": "",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", manifest["made"])
    assert manifest["workers"] == 2
    assert manifest["seconds"] > 0
    packages = {package: version(package) for package in PACKAGES}
    assert manifest["versions"] == {"python": platform.python_version()} | packages


def test_the_manifest_has_the_hash_of_all_that_can_move_a_figure(finished):
    manifest = finished.manifest()
    notebooks = {*finished.home.glob("notebooks/o*/*.ipynb")}
    notebooks -= {finished.home / "notebooks" / "overview" / "services.ipynb"}  # not asked for
    parameters = {*finished.home.glob("parameters/**/*.yml")}
    for kind, files in (("notebooks", notebooks), ("parameters", parameters)):
        assert manifest[kind] == {
            path.relative_to(finished.home).as_posix(): sha256(path) for path in files
        }
    package = paths.code_folder()
    assert manifest["code"]["outcomes/batch/run.py"] == sha256(package / "batch" / "run.py")
    assert {Path(name).suffix for name in manifest["code"]} == {".py", ".j2", ".css"}
    assert len(manifest["code"]) > 60
    store = open_known_store("sample")
    sources = store.catalogue
    assert manifest["data"] == {"sample": {"version": store.version, "sources": sources}}
    table = "personal-budgets/personal-budgets.csv"
    assert manifest["data"]["sample"]["sources"]["els"][-1]["files"][table] == sha256(
        finished.home / "data" / "sample" / "els" / table
    )


def test_the_manifest_has_every_page_with_its_results(finished):
    manifest = finished.manifest()
    assert [page["name"] for page in manifest["pages"]] == [COUNTY_PAGE, DISTRICT_PAGE]
    page = finished.pages()[DISTRICT_PAGE]
    assert 0 < page.pop("seconds") < 60
    results = page.pop("results")
    inputs = page.pop("inputs")
    assert {"notebook", "settings", "code"} <= inputs.keys()
    assert all(inputs.values())
    assert page == {
        "name": DISTRICT_PAGE,
        "page": {
            "framework": "essex_2014",
            "outcome": "independent_living",
            "locality": DISTRICT,
            "comparator": "nation",
            "as_of": "",
        },
        "notebook": "notebooks/outcomes/independent_living.ipynb",
        "error": "",
        "title": "People in Tarrowshire can live independently and exercise control over their "
        "lives: Tarrowbridge compared with Alderland",
        "notice": "sample data, not a real place",
        "data_version": open_known_store("sample").version,
        "gaps": 1,
    }
    assert [result["indicator"] for result in results] == [
        "living_independently",
        "regained_independence",
        "receiving_social_care",
        "personal_budgets",
    ]
    assert results[1]["value"] is None
    assert results[1]["verdict"] == "not_compared"
    assert results[2].keys() == {
        "indicator", "series", "period", "value", "lower", "upper", "comparator_value",
        "verdict", "tested", "rank", "of", "trend", "ahead",
    }  # fmt: skip
    assert results[1]["ahead"] is None
    ahead = results[2]["ahead"]
    assert ahead.keys() == {"period", "mean", "lower_80", "upper_80", "chances"}
    assert ahead["lower_80"] < ahead["mean"] < ahead["upper_80"]


def test_the_kept_notebooks_were_executed_and_tell_nothing_of_the_machine(finished):
    for name in (COUNTY_PAGE, DISTRICT_PAGE):
        path = finished.folder / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        about = notebook.metadata.papermill
        assert about.input_path == "notebooks/outcomes/independent_living.ipynb"
        assert about.output_path == f"{name}.ipynb"
        assert about.parameters == finished.pages()[name]["page"]
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert all(cell.execution_count for cell in code)
        assert not [o for cell in code for o in cell.outputs if o.output_type != "display_data"]
        assert str(finished.home.parent) not in path.read_text(encoding="utf-8")
    assert str(finished.home.parent) not in (finished.folder / "manifest.json").read_text()


def without_times(manifest: dict) -> dict:
    pages = [
        {k: v for k, v in page.items() if k not in ("seconds", "made")}
        for page in manifest["pages"]
    ]
    return {k: v for k, v in manifest.items() if k not in ("seconds", "made")} | {"pages": pages}


def test_running_again_gives_the_same_pages_byte_by_byte(own_finished):
    before, web_pages = own_finished.manifest(), own_finished.web_pages()
    report = run_pages(
        SAMPLE,
        only=("independent_living",),
        localities=(COUNTY, DISTRICT),
        workers=2,
        force=True,
    )
    assert (report.made, report.kept, report.reused, report.failed) == (2, 0, 0, ())
    assert own_finished.manifest()["made"] >= before["made"]
    assert without_times(own_finished.manifest()) == without_times(before)
    assert own_finished.web_pages() == web_pages


def test_another_outcome_is_added_to_the_pages_there_are(own_finished):
    before, pages = tree(own_finished.folder), own_finished.pages()
    words = f"run {SAMPLE} --only environment --locality {COUNTY} --workers 1"
    result = CliRunner().invoke(main, words.split())
    assert (result.exit_code, result.stderr) == (0, "")
    said = result.stdout.splitlines()[1]
    assert re.fullmatch(r"1 page made in \d+ s, 2 kept from the run before", said)
    after = tree(own_finished.folder)
    new = {f"{COUNTY}/environment--nation.{kind}" for kind in ("html", "ipynb")}
    assert set(after) - set(before) == new
    for name in (COUNTY_PAGE, DISTRICT_PAGE):
        assert after[f"{name}.ipynb"] == before[f"{name}.ipynb"]
        assert own_finished.pages()[name] == pages[name]
    assert after[f"{DISTRICT_PAGE}.html"] == before[f"{DISTRICT_PAGE}.html"]
    assert b'href="environment--nation.html"' in after[f"{COUNTY_PAGE}.html"]
    assert f'href="{COUNTY}/environment--nation.html"'.encode() in after["index.html"]
    assert names_in(own_finished.home / "outputs") == [".runs", "sample"]


QUICK = """
from IPython.display import display
from outcomes import notebook as nb
from outcomes.model import PAGE_MIME
from outcomes.sources import open_known_store

page = nb.open_page(framework=framework, outcome=outcome, locality=locality, comparator=comparator)
with open("begun.txt", "a") as file:
    file.write(locality + "\\n")
said = {"page": page.model_dump(), "title": "Quick", "notice": "", "gaps": 0, "results": []}
said["data_version"] = open_known_store("sample").version
display({PAGE_MIME: said, "text/html": "<p>Quick</p>"}, raw=True)
"""


@pytest.fixture
def quick_pages(own_finished, edit):
    """Make the notebook of the finished run quick: it signs without figures."""

    def shorten(cells):
        cells[2].source = QUICK
        del cells[3:]

    edit(own_finished.home / "notebooks" / "outcomes" / "independent_living.ipynb", shorten)
    return own_finished


def test_a_page_that_fails_is_reported_and_the_others_are_made(own_finished, edit):
    def fail_for_the_district(cells):
        cells[2].source += f"\nif locality == '{DISTRICT}': raise ValueError('a <test> of it')"

    notebook = own_finished.home / "notebooks" / "outcomes" / "independent_living.ipynb"
    edit(notebook, fail_for_the_district)
    words = f"run {SAMPLE} --only independent_living --workers 2"
    words += f" --locality {COUNTY} --locality {DISTRICT}"
    result = CliRunner().invoke(main, words.split())
    assert (result.exit_code, result.stderr) == (12, "")
    assert (
        len(re.findall(r"\[\d/2\] X07000001 \S+ nation: FAILED, \d+\.\d s\n", result.stdout)) == 1
    )
    assert re.fullmatch(
        r"1 page made in \d+ s\n"
        r"1 could not be made:\n"
        rf"  {DISTRICT_PAGE}: ValueError: a <test> of it\n"
        r"(?s:.*)"
        rf"{re.escape(str(own_finished.folder / 'index.html'))}\n",
        "".join(result.stdout.splitlines(keepends=True)[2:]),
    )
    assert sorted(tree(own_finished.folder)) == [
        f"{DISTRICT_PAGE}.ipynb",
        f"{COUNTY_PAGE}.html",
        f"{COUNTY_PAGE}.ipynb",
        "index.html",
        "manifest.json",
    ]
    kept = nbformat.read(own_finished.folder / f"{DISTRICT_PAGE}.ipynb", as_version=4)
    (error,) = [o for c in kept.cells for o in c.get("outputs", []) if o.output_type == "error"]
    assert (error.ename, error.evalue) == ("ValueError", "a <test> of it")
    assert error.traceback
    index = (own_finished.folder / "index.html").read_text(encoding="utf-8")
    assert (
        '<h2 id="failed">Pages that could not be made</h2>\n'
        "<ul>\n"
        "<li>Tarrowbridge, People in Tarrowshire can live independently and exercise control over "
        "their lives: ValueError: a &lt;test&gt; of it</li>\n"
        "</ul>\n"
    ) in index
    assert DISTRICT_PAGE not in index
    assert own_finished.pages()[DISTRICT_PAGE]["error"] == "ValueError: a <test> of it"
    assert names_in(own_finished.home / "outputs") == [".runs", "sample"]


@POSIX_ONLY
def test_a_run_in_which_no_page_is_right_still_says_it_is_the_sample(own_finished, edit):
    def end_the_kernel(cells):
        cells[2].source = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"

    edit(own_finished.home / "notebooks" / "outcomes" / "independent_living.ipynb", end_the_kernel)
    report = run_pages(SAMPLE, only=("independent_living",), localities=(COUNTY, DISTRICT))
    assert (report.made, report.kept) == (0, 0)
    assert {page.name: page.error for page in report.failed} == {
        COUNTY_PAGE: "its kernel was ended from outside, twice",
        DISTRICT_PAGE: "its kernel was ended from outside, twice",
    }
    index = (own_finished.folder / "index.html").read_text(encoding="utf-8")
    assert '<p class="notice"><strong>Sample data, not a real place.</strong></p>' in index
    assert "0 pages: 0 places and 7 outcomes." in index
    assert "People in Tarrowshire can live independently" in index


def test_the_home_may_be_named_from_the_working_directory(quick_pages, monkeypatch):
    monkeypatch.chdir(quick_pages.home.parent)
    monkeypatch.setenv("OUTCOMES_HOME", "project")
    run_file = Path("project") / SAMPLE
    out = Path("elsewhere")
    report = run_pages(run_file, only=("independent_living",), localities=(COUNTY,), out=out)
    assert (report.made, report.failed) == (1, ())
    assert report.index == quick_pages.home.parent / "elsewhere" / "index.html"
    assert report.index.is_file()


def test_a_run_that_is_refused_leaves_the_run_before(own_finished):
    before = tree(own_finished.home)
    result = CliRunner().invoke(main, ["run", str(SAMPLE), "--only", "independent_livign"])
    assert result.exit_code == 10
    assert tree(own_finished.home) == before


def test_a_page_of_the_same_name_from_another_framework_is_not_kept(own_finished):
    path = own_finished.folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["pages"][1]["page"]["framework"] = "nine_outcomes_example"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    report = run_pages(SAMPLE, only=("environment",), localities=(COUNTY,))
    assert (report.made, report.kept) == (1, 1)
    assert sorted(own_finished.pages()) == [f"{COUNTY}/environment--nation", COUNTY_PAGE]


def make(home: Path, framework: str, outcome: str, overviews: str) -> Path:
    """Make a run of one district outside the project, and return its folder."""
    path = home / "parameters" / "runs" / "mine.yml"
    path.write_text(
        f"title: Mine\nframework: {framework}\noutcomes: [{outcome}]\nlocalities: [{DISTRICT}]\n"
        f"comparators: [ons_global]\noverviews: {overviews}\nevidence: false\n",
        encoding="utf-8",
    )
    folder = home.parent / "elsewhere" / "mine"
    assert run_pages(path, workers=2, out=folder).failed == ()
    return folder


def test_an_outcome_without_a_notebook_of_its_own_is_made_from_the_template(own_home):
    folder = make(own_home, "nine_outcomes_example", "good_work", "false")
    (page,) = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["pages"]
    assert page["notebook"] == "notebooks/_template.ipynb"
    shown = {result["indicator"]: result["value"] for result in page["results"]}
    assert shown["employment_rate"] > 0
    name = f"{DISTRICT}/good_work--ons_global"
    assert "employment" in (folder / f"{name}.html").read_text(encoding="utf-8")
    assert str(own_home.parent) not in (folder / f"{name}.ipynb").read_text(encoding="utf-8")
    assert names_in(folder.parent) == [".runs", "mine"]


def test_an_outcome_without_indicators_says_that_there_is_nothing_to_show(own_home):
    folder = make(own_home, "portsmouth_8", "active_say", "true")
    pages = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["pages"]
    assert [page["results"] for page in pages] == [[], []]
    text = (folder / f"{DISTRICT}/active_say--ons_global.html").read_text(encoding="utf-8")
    assert "No indicators have been chosen for this outcome yet, so nothing can be shown." in text
    assert "Every indicator of this outcome has a recent figure" not in text
    assert "<img" not in text
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "no figures yet</a>" in index
