"""The command `outcomes`: what it prints, and how it ends."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from outcomes.cli import main
from outcomes.errors import listed
from outcomes.sources import SOURCES, open_known_store

INSTALLED = [str(Path(sys.executable).with_name("outcomes"))]
AS_A_MODULE = [sys.executable, "-m", "outcomes.cli"]


def commands(group=main, before=()):
    for name, command in group.commands.items():
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


def outcome_of(*words):
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def files_in(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def edit_rows(home, dataset, change):
    """Change the data rows of a sample dataset, lists of cells, in place."""
    path = home / "data" / "sample" / "els" / dataset / f"{dataset}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    rows = change(rows, {name: header.index(name) for name in header})
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def test_there_are_these_commands_and_no_others():
    assert [" ".join(words) for words in commands()] == [
        "check",
        "schema",
        "data",
        "data add",
        "data fetch",
        "data diff",
        "data build",
        "data list",
        "run",
    ]


@pytest.mark.parametrize("words", [(), *commands()], ids=" ".join)
def test_every_command_explains_itself(words):
    exit_code, printed, error = outcome_of(*words, "--help")
    assert (exit_code, error) == (0, "")
    usage, _, first, *_ = printed.splitlines()
    assert usage.startswith(f"Usage: {' '.join(['main', *words])} ")
    assert first.startswith("  ")
    assert first[2].isupper()


def test_the_version_is_that_of_the_package():
    assert outcome_of("--version") == (0, "main, version 0.1.0\n", "")


def test_the_whole_project_is_right(project, monkeypatch):
    monkeypatch.setenv("OUTCOMES_HOME", str(project))
    exit_code, printed, error = outcome_of("check")
    assert (exit_code, error) == (0, "")
    lines = printed.splitlines()
    assert lines[0] == "framework essex_2014: 7 outcomes, 55 entries, 52 indicators"
    frameworks = sorted(path.stem for path in project.glob("parameters/frameworks/*.yml"))
    sources = sorted(path.stem for path in project.glob("parameters/sources/*.yml"))
    entries = [
        f"{path.relative_to(project)}, {name}"
        for path in sorted(project.glob("parameters/evidence/*.yml"))
        for name in yaml.safe_load(path.read_text(encoding="utf-8")).get("entries", ())
    ]
    decisions = sum(
        len(yaml.safe_load(path.read_text(encoding="utf-8"))["gaps"])
        for path in project.glob("parameters/gaps/*.yml")
    )
    at = len(frameworks)
    assert [line.split(":")[0] for line in lines[:at]] == [f"framework {n}" for n in frameworks]
    assert lines[at : at + 2] == [
        f"{len(sources)} sources in the register: {listed(sources)}",
        f"evidence: {len(entries)} entries, {decisions} decisions on gaps",
    ]
    for line in lines[at + 2 : -1]:
        where, words = line.split(": not filled in: ")
        assert where in entries
        assert re.fullmatch(r"\w+((, \w+)* and \w+)?", words)
    assert re.fullmatch(
        r"\d+ indicators, \d+ places, \d+ comparators, 2 stores, \d+ runs, \d+ notebooks: all "
        r"right",
        lines[-1],
    )


def test_a_check_finds_what_is_wrong_in_any_run_file(own_home):
    run = own_home / "parameters" / "runs" / "essex.yml"
    run.write_text(run.read_text("utf-8").replace("[nation]", "[natoin]"), encoding="utf-8")
    assert outcome_of("check") == (
        10,
        "",
        "Error: parameters/runs/essex.yml: comparator: there is no comparator 'natoin'; did you "
        "mean 'nation'?\n",
    )


def test_the_schemas_are_written_and_named(own_home):
    kinds = ("framework", "indicators", "places", "comparators", "store", "run", "source")
    kinds += ("evidence", "gaps")
    names = "".join(f"parameters/schemas/{kind}.json\n" for kind in kinds)
    assert outcome_of("schema") == (0, names, "")


def test_a_store_lists_its_series(home):
    exit_code, printed, error = outcome_of("data", "list", "--store", "sample")
    assert (exit_code, error) == (0, "")
    lines = [line.split("\t") for line in printed.splitlines()]
    assert lines == sorted(lines)
    assert [line[0] for line in lines] == sorted(open_known_store("sample").series().index)
    assert [
        "els/personal-budgets/Personal budgets",
        "Personal budgets",
        "Sample Statistics Office (invented)",
    ] in lines


def test_the_same_files_again_change_nothing(own_home):
    before = files_in(own_home)
    again = "these files are in the store already; nothing to do"
    said = f"els: {again}\npopulation: {again}\n"
    assert outcome_of("data", "build", "sample") == (0, said, "")
    assert files_in(own_home) == before


@pytest.mark.parametrize(
    ("words", "exit_code", "message"),
    [
        (
            "data list --store smaple",
            10,
            "there is no store 'smaple' in parameters/stores; did you mean 'sample'?",
        ),
        (
            "data list --store zzz",
            10,
            "there is no store 'zzz' in parameters/stores; there are: published and sample",
        ),
        (
            "data list",
            11,
            "the store 'published' is empty. Fill it with: outcomes data build published, which "
            "adds what parameters/stores/published.yml lists, or outcomes data add SOURCE PATH "
            "--store published",
        ),
        ("data add elx x --store sample", 10, "there is no source 'elx'; did you mean 'els'?"),
        (
            "data add zzz x --store sample",
            10,
            f"there is no source 'zzz'; there are: {listed(SOURCES)}",
        ),
        (
            "data build smaple",
            10,
            "there is no store 'smaple' in parameters/stores; did you mean 'sample'?",
        ),
        (
            "data build published",
            11,
            "parameters/stores/published.yml lists no contents. List them there, or add a "
            "publisher's files: outcomes data add els PATH --store published",
        ),
    ],
)
def test_a_refusal_is_one_message_and_changes_nothing(own_home, words, exit_code, message):
    before = files_in(own_home)
    assert outcome_of(*words.split()) == (exit_code, "", f"Error: {message}\n")
    assert files_in(own_home) == before


def test_a_file_that_is_missing_leaves_the_store_as_it_was(own_home, monkeypatch):
    monkeypatch.chdir(own_home)
    before = files_in(own_home)
    exit_code, printed, error = outcome_of("data", "add", "els", "nowhere", "--store", "sample")
    assert (exit_code, printed) == (11, "")
    assert error.startswith("Error: nowhere: ")
    assert files_in(own_home) == before


@pytest.mark.parametrize("words", ["check", "schema", "data list", "run parameters/runs/a.yml"])
def test_outside_a_project_every_command_says_so(tmp_path, monkeypatch, words):
    monkeypatch.delenv("OUTCOMES_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    expected = (
        "expected a folder with parameters/places.yml in it. Change to the project's folder, or "
        "set OUTCOMES_HOME to it.\n"
    )
    where = f"the working directory is {tmp_path}"
    message = f"Error: no project folder found: {where}; {expected}"
    assert outcome_of(*words.split()) == (10, "", message)
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "gone"))
    where = f"OUTCOMES_HOME is {tmp_path / 'gone'}"
    message = f"Error: no project folder found: {where}; {expected}"
    assert outcome_of(*words.split()) == (10, "", message)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_within_the_project_finds_it(home, monkeypatch):
    monkeypatch.delenv("OUTCOMES_HOME")
    monkeypatch.chdir(home / "notebooks" / "outcomes")
    exit_code, printed, _ = outcome_of("check")
    assert exit_code == 0
    assert printed.endswith(": all right\n")


@pytest.mark.parametrize("workers", ["0", "62", "many"])
def test_the_number_of_workers_has_a_range(home, workers):
    exit_code, printed, error = outcome_of(
        "run", "parameters/runs/sample.yml", "--workers", workers
    )
    assert (exit_code, printed) == (2, "")
    assert "Error: Invalid value for '--workers':" in error


@pytest.mark.parametrize("command", [INSTALLED, AS_A_MODULE], ids=["installed", "module"])
@pytest.mark.parametrize(
    ("words", "exit_code", "message"),
    [
        (
            "run parameters/runs/smaple.yml",
            10,
            "parameters/runs/smaple.yml: no such file; did you mean 'sample.yml'?",
        ),
        (
            "run parameters/runs/essex.yml",
            11,
            "the store 'published' is empty. Fill it with: outcomes data build published, which "
            "adds what parameters/stores/published.yml lists, or outcomes data add SOURCE PATH "
            "--store published",
        ),
    ],
)
def test_the_command_itself_ends_with_one_message(home, command, words, exit_code, message):
    before = files_in(home)
    ended = subprocess.run(
        [*command, *words.split()], cwd=home, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (exit_code, "")
    assert ended.stderr == f"Error: {message}\n"
    assert files_in(home) == before


def test_a_page_that_cannot_be_made_ends_the_command_with_12(own_home):
    notebook = own_home / "notebooks" / "outcomes" / "best_start.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace('"parameters"', '"parametres"'), encoding="utf-8")
    ended = subprocess.run(
        [*INSTALLED, "run", "parameters/runs/sample.yml"],
        cwd=own_home,
        env={k: v for k, v in os.environ.items() if k != "OUTCOMES_HOME"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout) == (12, "")
    assert ended.stderr == (
        "Error: notebooks/outcomes/best_start.ipynb: 0 cells have the tag 'parameters'; expected "
        "one. Without it the page would report on the notebook's own defaults, whatever place was "
        "asked for. Give the cell with framework, outcome, locality, comparator and as_of that tag.\n"
    )
    assert not (own_home / "outputs").exists()
