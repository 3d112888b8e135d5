"""Notebooks are thin: settings, one call a section, words; nothing computed, nothing typed twice."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from outcomes.batch.plan import check_notebook

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
PUBLISHED = sorted(
    [NOTEBOOKS / "_template.ipynb", *NOTEBOOKS.glob("outcomes/*.ipynb"),
     *NOTEBOOKS.glob("overview/*.ipynb")]
)  # fmt: skip
OUTCOMES = [path for path in PUBLISHED if path.parent.name != "overview"]
SECTIONS = [
    "Where are we now?",
    "All indicators in one view",
    "Each indicator: its history and its comparison",
    "How places differ",
    "What lies behind the figures",
    "What we do not know",
    "Appendix: the other indicators, and every trend",
    "Sources and how to read this page",
]
ALLOWED = (ast.ImportFrom, ast.Import, ast.Assign, ast.Expr)
CODE_CELL_LINES = 8
every = pytest.mark.parametrize("path", PUBLISHED, ids=lambda p: p.stem)


def cells(path: Path, kind: str):
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


def tags(cell) -> list[str]:
    return cell.metadata.get("tags", [])


def test_there_are_seven_outcomes_a_template_an_overview_the_evidence_and_the_services():
    assert len(PUBLISHED) == 11


@every
def test_code_cells_only_import_assign_one_call_or_call(path):
    for cell in cells(path, "code"):
        assert len(cell.source.splitlines()) <= CODE_CELL_LINES
        for node in ast.parse(cell.source).body:
            assert isinstance(node, ALLOWED), ast.dump(node)
            if isinstance(node, ast.Expr):
                assert isinstance(node.value, ast.Call)
            if isinstance(node, ast.Assign) and "parameters" not in tags(cell):
                assert isinstance(node.value, ast.Call)
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.Lambda | ast.ListComp | ast.For | ast.If | ast.Try)


@every
def test_imports_come_from_the_front_door_alone(path):
    names = [
        f"{node.module}.{alias.name}"
        for cell in cells(path, "code")
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert names == ["outcomes.notebook"]


@every
def test_settings_are_one_literal_a_line_with_help_and_no_equals_sign_in_it(path):
    (settings,) = [cell for cell in cells(path, "code") if "parameters" in tags(cell)]
    for line in settings.source.splitlines():
        code, _, comment = line.partition("  # ")
        assert comment
        assert "=" not in comment, "papermill hides a parameter whose comment has an equals sign"
        (node,) = ast.parse(code).body
        assert isinstance(node.value, ast.Constant)
    check_notebook(path)


@every
def test_the_last_cell_signs(path):
    last = cells(path, "code")[-1]
    assert tags(last) == ["sign-off"]
    assert ".sign(" in last.source


@every
def test_no_place_and_no_number_is_typed_in_the_words(path):
    for cell in cells(path, "markdown"):
        assert not re.search(r"\d\s*%|\d+ per cent", cell.source)
        assert not re.search(r"Essex|Tarrowshire|Colchester|England", cell.source)


@every
def test_committed_without_outputs_and_with_a_kernel(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "outcomes"
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@every
def test_headings_come_in_order(path):
    levels = [
        len(match[1])
        for cell in cells(path, "markdown")
        if "lab" not in tags(cell)
        for match in re.finditer(r"^(#+) ", cell.source, re.MULTILINE)
    ]
    assert levels
    assert set(levels) == {2}, "the page's heading is level 1 and its sections are level 2"


@pytest.mark.parametrize("path", OUTCOMES, ids=lambda p: p.stem)
def test_outcome_notebooks_have_the_required_sections_in_order(path):
    headings = [
        cell.source.splitlines()[0].removeprefix("## ")
        for cell in cells(path, "markdown")
        if cell.source.startswith("## ")
    ]
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS


def test_each_outcome_notebook_is_set_to_its_own_outcome():
    for path in NOTEBOOKS.glob("outcomes/*.ipynb"):
        (settings,) = [cell for cell in cells(path, "code") if "parameters" in tags(cell)]
        assert f'outcome = "{path.stem}"' in settings.source


def test_the_list_of_notebooks_names_each():
    listed = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
    for path in PUBLISHED:
        assert path.relative_to(NOTEBOOKS).as_posix() in listed
