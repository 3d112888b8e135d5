"""What one page is refused for, and the traps of papermill that make a refusal necessary."""

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from papermill.cli import papermill as papermill_command

from outcomes.batch import Task
from outcomes.batch.execute import Job, Made, make_page
from outcomes.model import Page
from outcomes.sources import open_known_store

pytestmark = pytest.mark.slow

ASKED = {
    "framework": "essex_2014",
    "outcome": "best_start",
    "locality": "X07000001",
    "comparator": "nation",
    "as_of": "",
}
SIGNED = {
    "page": ASKED,
    "title": "A page",
    "notice": "",
    "data_version": "as now",
    "gaps": 0,
    "results": [],
}


def a_task(home: Path, notebook: str = "outcomes/best_start.ipynb", **changes) -> Task:
    page = Page(**{**ASKED, **changes})
    return Task(page, home / "notebooks" / notebook, f"{page.locality}/page")


def made(task: Task, data_version: str = "as now") -> Made:
    return make_page(Job(task, data_version))


def small_notebook(home: Path, *sources: str) -> str:
    """Write a notebook with a parameters cell and some cells of code; return its name."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    settings = "\n".join(f"{name} = {value!r}" for name, value in ASKED.items())
    cells.insert(0, nbformat.v4.new_code_cell(settings, metadata={"tags": ["parameters"]}))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, home / "notebooks" / "small.ipynb")
    return "small.ipynb"


def signing(**changes) -> str:
    """Return the code of a cell that signs a page without the workbench."""
    said = json.dumps({**SIGNED, **changes})
    return (
        "import json\n"
        "from IPython.display import display\n"
        f"display({{'application/vnd.outcomes.page+json': json.loads({said!r})}}, raw=True)"
    )


def test_without_its_tag_a_notebook_reports_on_its_own_place_and_is_caught(own_home, edit):
    def lose_tag(cells):
        cells[1].metadata.tags = []

    task = a_task(own_home)
    edit(task.notebook, lose_tag)
    result = made(task, open_known_store("sample").version).page
    assert "Tarrowshire compared with Alderland" in result.title
    assert not result.right
    assert result.error == (
        "asked for locality 'X07000001', but the notebook reported on 'X10000001'"
    )


def test_a_cell_that_sets_the_place_again_is_caught(own_home):
    said = {**ASKED, "locality": "X10000001"}
    notebook = small_notebook(own_home, "locality = 'X10000001'", signing(page=said))
    result = made(a_task(own_home, notebook)).page
    assert result.error == (
        "asked for locality 'X07000001', but the notebook reported on 'X10000001'"
    )


@pytest.mark.parametrize(
    ("cell", "version", "error"),
    [
        (
            "1 + 1",
            "as now",
            "the notebook did not sign its page; its last cell should call sign(...)",
        ),
        (
            signing(),
            "as it was",
            "the store changed while the run was going on; run it again",
        ),
        (
            signing(page={**ASKED, "comparator": "region"}),
            "as now",
            "asked for comparator 'nation', but the notebook reported on 'region'",
        ),
        ("{}['x']", "as now", "KeyError: 'x'"),
        (signing(), "as now", ""),
    ],
)
def test_a_page_is_right_only_if_it_signs_what_was_asked(own_home, cell, version, error):
    notebook = small_notebook(own_home, cell)
    page = made(a_task(own_home, notebook), version)
    assert (page.page.error, page.page.right, bool(page.web_page)) == (error, not error, not error)
    executed = nbformat.reads(page.notebook.decode(), as_version=4)
    assert executed.cells[-1].execution_count or error == "KeyError: 'x'"


def test_a_kernel_that_is_not_installed_is_an_error_of_the_page(own_home):
    notebook = own_home / "notebooks" / small_notebook(own_home, signing())
    written = nbformat.read(notebook, as_version=4)
    written.metadata.kernelspec.name = "no_such_kernel"
    nbformat.write(written, notebook)
    page = made(a_task(own_home, notebook.name))
    assert page.page.error == "NoSuchKernel: No such kernel named no_such_kernel"


@pytest.mark.parametrize(("code", "guessed"), [("00E5", 0.0), ("45E1", 450.0)])
def test_a_code_that_papermill_takes_for_a_number_fails_in_the_notebook(
    home, tmp_path, code, guessed
):
    notebook = home / "notebooks" / "outcomes" / "best_start.ipynb"
    words = [str(notebook), str(tmp_path / "out.ipynb"), "-p", "locality", code]
    failure = CliRunner().invoke(papermill_command, [*words, "--no-progress-bar"]).exception
    assert (failure.ename, failure.evalue) == (
        "ParameterError",
        "this page has 1 problem\n"
        f"  locality: got {guessed}; expected text; put a code or a number in quotes",
    )


def test_a_code_goes_into_the_notebook_as_text(own_home):
    notebook = small_notebook(own_home, signing(page={**ASKED, "locality": "E00000045"}))
    task = a_task(own_home, notebook, locality="E00000045")
    page = made(task)
    assert page.page.error == ""
    executed = nbformat.reads(page.notebook.decode(), as_version=4)
    given = [c for c in executed.cells if "injected-parameters" in c.metadata.get("tags", [])]
    assert [cell.source for cell in given] == [
        "# Parameters\n"
        'framework = "essex_2014"\n'
        'outcome = "best_start"\n'
        'locality = "E00000045"\n'
        'comparator = "nation"\n'
        'as_of = ""\n'
    ]


def test_no_scratch_folder_is_left_behind(own_home, tmp_path, monkeypatch):
    import tempfile

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    assert made(a_task(own_home, small_notebook(own_home, signing()))).page.right
    # The process that warm kernels come from lives longer than a page, and so does its own folder.
    assert [path.name for path in scratch.iterdir() if path.name.startswith("outcomes-")] == []


def test_the_same_page_made_twice_has_the_same_bytes(own_home):
    task = a_task(own_home, small_notebook(own_home, signing()))
    assert made(task).notebook == made(task).notebook


def test_what_a_page_read_is_handed_on(own_home):
    notebook = small_notebook(own_home, signing(read={"place:X07000001": ""}))
    assert made(a_task(own_home, notebook)).page.inputs == {"place:X07000001": ""}
