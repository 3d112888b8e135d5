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
        "data map",
        "data diff",
        "data build",
        "data list",
        "run",
        "forecast",
        "forecast keep",
        "forecast list",
        "ballot",
        "ballot open",
        "ballot codes",
        "ballot status",
        "ballot import",
        "ballot close",
        "ballot backup",
        "ballot result",
        "ballot export",
        "framework",
        "framework check",
        "framework indicators",
        "framework crosswalk",
        "framework versions",
        "framework freeze",
        "report",
        "report baseline",
        "report strategy",
        "report check",
        "report comment",
        "report answer",
        "report stage",
        "programme",
        "programme show",
        "programme check",
        "programme round",
        "programme partners",
        "runs",
        "runs diff",
        "serve",
        "services",
        "services list",
        "services report",
        "services kinds",
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
    layout = yaml.safe_load((project / "parameters/pages.yml").read_text(encoding="utf-8"))
    said = [
        len(found)
        for path in project.glob("parameters/stories/*.yml")
        for found in yaml.safe_load(path.read_text(encoding="utf-8")).values()
    ]
    assert lines[at + 2] == (
        "a page's body holds 4 indicators and 12 charts; "
        f"{len(layout['pins'])} pinned by people; {sum(said)} entries on what lies behind figures"
    )
    assert re.fullmatch(
        r"\d+ targets, \d+ judgements, \d+ scenarios with \d+ assumptions", lines[at + 3]
    )
    discipline = [
        r"\d+ frozen versions of frameworks, as they were frozen",
        r"\d+ ballots?, for \d+ groups?",
        r"\d+ services with \d+ performance measures",
        r"glossary: \d+ words for three ideas; decided by people: \d+",
        r"\d+ programmes?, \d+ partner maps?",
        r"report essex_2014 for X10000001: stage comments, 2 comments .*",
        r"\d+ indicators scored, \d+ cross-walks?",
    ]
    told = sorted(lines[at + 4 : at + 4 + len(discipline)])
    for line in told:
        assert sum(bool(re.fullmatch(words, line)) for words in discipline) == 1, line
    for line in lines[at + 4 + len(discipline) : -1]:
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
    kinds += ("evidence", "gaps", "pages", "story", "targets", "scenario", "scores", "crosswalk")
    kinds += (
        "service",
        "survey",
        "partners",
        "programme",
        "report",
        "ballot",
        "glossary",
        "wording",
    )
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
    settings = (own_home / "parameters" / "stores" / "sample.yml").read_text(encoding="utf-8")
    sources = [content["source"] for content in yaml.safe_load(settings)["contents"]]
    assert sources[:2] == ["els", "population"]
    said = "".join(f"{source}: {again}\n" for source in sources)
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


class TestDiff:
    RATE = "els/employment-rate/Employment rate"
    CRIME = "els/recorded-crime/Recorded crime"

    @pytest.fixture
    def released(self, own_home, monkeypatch):
        """A later release of two datasets: figures revised, added and withdrawn."""
        monkeypatch.chdir(own_home)

        def rates(rows, at):
            own = [r for r in rows if r[at["areacd"]] == "X10000001"]
            by_year = {r[at["period"]][:4]: r for r in own}
            by_year["2020"][at["observation"]] = "60.5"
            by_year["2021"][at["observation"]] = "74.5"
            rows.remove(by_year["2015"])
            new = list(by_year["2023"])
            new[at["period"]], new[at["observation"]] = "2024-01-01/P1Y", "75.5"
            return [*rows, new]

        def crimes(rows, at):
            (own,) = [
                r
                for r in rows
                if (r[at["areacd"]], r[at["period"]]) == ("X10000001", "2024-04-01/P1Y")
            ]
            own[at["notes"]], own[at["observation"]] = "", "77.77"
            return rows

        before = open_known_store("sample").observations([self.CRIME], ["X10000001"])
        edit_rows(own_home, "employment-rate", rates)
        edit_rows(own_home, "recorded-crime", crimes)
        words = "data add els data/sample/els --released 2026-05-01 --store sample"
        exit_code, printed, error = outcome_of(*words.split())
        assert (exit_code, error) == (0, "")
        assert "  33 series: 2 revised\n  what changed: outcomes data diff els\n" in printed
        old = before.loc[before["period"] == "2024/25", "value"].item()
        return (
            f"Employment rate ({self.RATE}): 2 figures revised (2020 to 2021), 1 figure added "
            "(2024), 1 figure withdrawn (2015). The largest revision: Tarrowshire, 2020, from "
            "73.5 to 60.5.\n"
            f"Recorded crime ({self.CRIME}): 1 figure revised (2024/25). The largest revision: "
            f"Tarrowshire, 2024/25, from {old:,.1f} to 77.8.\n"
        )

    def test_one_sentence_a_series(self, released):
        assert outcome_of("data", "diff", "els", "--store", "sample") == (0, released, "")

    def test_the_whole_table_as_a_file(self, released, own_home):
        before = files_in(own_home)
        words = "data diff els --store sample --out changes.csv"
        said = f"{released}every figure that changed: changes.csv\n"
        assert outcome_of(*words.split()) == (0, said, "")
        assert set(files_in(own_home)) - set(before) == {own_home / "changes.csv"}
        assert (own_home / "changes.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        with (own_home / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = ("series", "area_code", "period", "change", "old_value", "new_value")
        table = [tuple(row[name] for name in columns) for row in rows]
        assert table[:4] == [
            (self.RATE, "X10000001", "2015", "withdrawn", "74.5", ""),
            (self.RATE, "X10000001", "2020", "revised", "73.5", "60.5"),
            (self.RATE, "X10000001", "2021", "revised", "74.4", "74.5"),
            (self.RATE, "X10000001", "2024", "added", "", "75.5"),
        ]
        assert [row[:4] for row in table[4:]] == [
            (self.CRIME, "X10000001", "2024/25", "revised"),
        ]

    def test_between_two_days(self, released):
        words = "data diff els --store sample --before {} --after {}"
        none = (0, "els: no figure changed\n", "")
        assert outcome_of(*words.format("2026-04-30", "2026-05-01").split()) == (0, released, "")
        assert outcome_of(*words.format("2026-Q1", "2026-Q2").split()) == (0, released, "")
        assert outcome_of(*words.format("2025-Q4", "2026-Q1").split()) == none
        assert outcome_of(*words.format("2026-05-01", "2026-05-02").split()) == none

    def test_a_measure_that_was_withdrawn_keeps_its_title(self, own_home, monkeypatch):
        monkeypatch.chdir(own_home)
        held = open_known_store("sample").observations(["els/average-travel-time/Drive to work"])
        assert len(held) > 0

        def without(rows, at):
            return [row for row in rows if row[at["indicator"]] != "Drive to work"]

        edit_rows(own_home, "average-travel-time", without)
        words = "data add els data/sample/els/average-travel-time --store sample"
        assert outcome_of(*words.split())[0] == 0
        exit_code, printed, _ = outcome_of("data", "diff", "els", "--store", "sample")
        assert exit_code == 0
        title = open_known_store("sample").described().loc[held["series"].iloc[0], "title"]
        (line,) = printed.splitlines()
        assert title != held["series"].iloc[0]
        assert line.startswith(
            f"{title} (els/average-travel-time/Drive to work): "
            f"{held['value'].notna().sum()} figures withdrawn ("
        )

    @pytest.mark.parametrize(
        ("words", "exit_code", "message"),
        [
            (
                "diff lait --store sample",
                11,
                "the store 'sample' holds nothing of 'lait'; it holds els, population and own",
            ),
            (
                "diff els",
                11,
                "the store 'published' is empty. Fill it with: outcomes data build published, "
                "which adds what parameters/stores/published.yml lists, or outcomes data add "
                "SOURCE PATH --store published",
            ),
            (
                "diff els --store sample --before 2025/27 Q1",
                2,
                "Invalid value for '--before': '2025/27 Q1' is not a quarter such as 2026-Q2 or "
                "2026/27 Q1",
            ),
            (
                "add els x --store sample --released May",
                2,
                "Invalid value for '--released': 'May' is not a day such as 2026-06-30 or a "
                "quarter such as 2026-Q2 or 2026/27 Q1",
            ),
        ],
    )
    def test_a_refusal_is_one_message(self, home, words, exit_code, message):
        words = ["data", *words.replace(" Q1", "\0Q1").split()]
        got = outcome_of(*(word.replace("\0", " ") for word in words))
        assert got[:2] == (exit_code, "")
        assert got[2].splitlines()[-1] == f"Error: {message}"


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2025/27 Q1", "'2025/27 Q1' is not a quarter such as 2026-Q2 or 2026/27 Q1"),
        (
            "2026-02-30",
            "'2026-02-30' is not a day such as 2026-06-30 or a quarter such as 2026-Q2 or 2026/27 "
            "Q1",
        ),
    ],
)
def test_a_run_as_of_no_day_is_refused(home, day, message):
    before = files_in(home)
    got = outcome_of("run", "parameters/runs/sample.yml", "--as-of", day)
    assert got[:2] == (2, "")
    assert got[2].splitlines()[-1] == f"Error: Invalid value for '--as-of': {message}"
    assert files_in(home) == before


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
