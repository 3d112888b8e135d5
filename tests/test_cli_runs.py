"""The command `outcomes runs`: its list, its differences worked out by hand, its refusals."""

import csv

import pytest
from click.testing import CliRunner

from outcomes.batch.history import remember
from outcomes.cli import main
from outcomes.cli_runs import runs

COUNTY, DISTRICT, ELSEWHERE = "X10000001", "X07000001", "X09999999"
EARLY, LATE = "2026-11-22T03:57:09+00:00", "2026-11-23T08:00:00+00:00"
FIRST, SECOND = "ours/20261122T035709Z", "ours/20261123T080000Z"
JOBS, PAY = "employment_rate", "median_earnings"


def result(indicator: str, period: str, value: float, **changes) -> dict:
    limits = {"lower": None, "upper": None}
    verdict = {"verdict": "similar", "tested": True}
    about = {"indicator": indicator, "series": f"els/{indicator}", "period": period}
    return about | {"value": value} | limits | verdict | changes


def page(locality: str, outcome: str, *results: dict, comparator: str = "nation") -> dict:
    return {
        "name": f"{locality}/{outcome}--{comparator}",
        "page": {"locality": locality, "outcome": outcome, "comparator": comparator},
        "error": "",
        "data_version": "v1",
        "results": list(results),
    }


def manifest(made: str, *pages: dict, run: str = "ours", seconds: float = 61.4) -> dict:
    about = {"run": run, "title": "Ours", "made": made, "seconds": seconds}
    return about | {"data": {"sample": {"version": "v1"}}, "pages": list(pages)}


@pytest.fixture
def call(project, tmp_path, monkeypatch):
    """Return a function that gives `outcomes runs` some words, in a folder with no run yet."""
    monkeypatch.setenv("OUTCOMES_HOME", str(project))
    monkeypatch.setitem(main.commands, "runs", runs)

    def call(*words: object) -> str:
        asked = ["runs", "--folder", str(tmp_path), *map(str, words)]
        result = CliRunner().invoke(main, asked)
        assert (result.exit_code, result.stderr) == (0, ""), result.stderr
        return result.stdout

    return call


@pytest.fixture
def refused(call, tmp_path):
    """Return a function that gives it words to refuse, and returns the message."""

    def refused(*words: str) -> str:
        asked = ["runs", "--folder", str(tmp_path), *words]
        result = CliRunner().invoke(main, asked)
        assert (result.exit_code, result.stdout) == (10, "")
        return result.stderr

    return refused


@pytest.fixture
def two_runs(tmp_path):
    """Two runs of one name: five figures differ, one each in another way, and a verdict."""
    limits = {"lower": 70.0, "upper": 78.0}
    old = [
        page(COUNTY, "work", result(JOBS, "2023", 74.0, **limits), result(PAY, "2024", 642.0)),
        page(COUNTY, "overview", result(JOBS, "2023", 74.0, **limits), result(PAY, "2024", 642.0)),
        page(DISTRICT, "work", result(JOBS, "2023", 60.0), result(PAY, "2024", 500.0)),
        page(ELSEWHERE, "work", result("of_old", "2020", 1.23456789)),
    ]
    now = {"verdict": "better", "tested": True}
    new = [
        page(
            COUNTY, "work", result(JOBS, "2024", 77.0, **limits, **now), result(PAY, "2024", 642.0)
        ),
        page(COUNTY, "overview", result(JOBS, "2024", 77.0, **limits, **now)),
        page(DISTRICT, "work", result(JOBS, "2023", 75.0), result(PAY, "2024", 500.001)),
        page(DISTRICT, "other", result("of_new", "2024", 5.0)),
    ]
    remember(manifest(EARLY, *old), tmp_path)
    remember(manifest(LATE, *new, seconds=3.0), tmp_path)


def test_the_list_has_a_line_a_run_the_newest_first(call, two_runs, tmp_path):
    failed = page(COUNTY, "work") | {"error": "it broke"}
    remember(manifest("2026-11-22T12:00:00+00:00", failed, run="other"), tmp_path)
    assert call().splitlines() == [
        f"{SECOND}\t2026-11-23 08:00\t4 pages\t0 failed\t3 s\t3 figures moved",
        "other/20261122T120000Z\t2026-11-22 12:00\t0 pages\t1 failed\t61 s\tthe first",
        f"{FIRST}\t2026-11-22 03:57\t4 pages\t0 failed\t61 s\tthe first",
    ]


def test_an_empty_memory_says_how_to_fill_it(call):
    assert call() == "no run is remembered yet. Make one with: outcomes run RUN_FILE\n"


REPORT = f"""\
{FIRST} -> {SECOND}: 3 figures moved, 1 appeared, 1 disappeared, 1 verdict changed, 1 page gained, \
1 page lost
Revised, for the same period (2):
  Tarrowbridge, Working-age people in employment, 2023: 60.0% -> 75.0% (20.0%)
  Tarrowbridge, Median weekly pay, not adjusted for prices, 2024: 500 -> 500.001 (under 0.1%)
For another period than before (1):
  Tarrowshire, Working-age people in employment: 2023 74.0% -> 2024 77.0% (3.9%; 0.8 half widths), \
beside nation similar -> better
In the newer run only (1):
  Tarrowbridge, of_new: none -> 2024 5
In the older run only (1):
  X09999999, of_old: 2020 1.23457 -> none
Verdicts that changed (1):
  Tarrowshire, Working-age people in employment, beside nation: similar -> better (2024 77.0%)
New pages (1):
  X07000001/other--nation
Pages that are gone (1):
  X09999999/work--nation
"""


@pytest.mark.parametrize(
    "words",
    [(FIRST, SECOND), ("previous", "ours"), ("ours",), (SECOND,), (FIRST, "ours")],
    ids=["two ids", "previous and a name", "a name", "an id", "an id and a name"],
)
def test_what_moved_between_two_runs_the_largest_first(call, two_runs, words):
    assert call("diff", *words) == REPORT


def test_the_other_way_round_is_the_way_that_was_asked(call, two_runs):
    first, *rest = call("diff", "ours", "previous").splitlines()
    assert first.startswith(f"{SECOND} -> {FIRST}: 3 figures moved")
    assert "  Tarrowbridge, Working-age people in employment, 2023: 75.0% -> 60.0% (20.0%)" in rest


def test_nothing_that_moved_is_one_line(call, two_runs):
    said = call("diff", SECOND, SECOND)
    assert said == f"{SECOND} -> {SECOND}: 0 figures moved, 0 verdicts changed\n"


def test_a_long_list_is_cut_and_says_how_many_more(call, tmp_path):
    for made, change in ((EARLY, 0.0), (LATE, 1.0)):
        figures = [result(f"n{number:02d}", "2023", number + 1 + change) for number in range(23)]
        remember(manifest(made, page(COUNTY, "work", *figures)), tmp_path)
    lines = call("diff", "ours").splitlines()
    assert len(lines) == 23
    assert lines[2] == "  Tarrowshire, n00, 2023: 1 -> 2 (50.0%)"
    assert lines[-1] == "  and 3 more; --out FILE.csv has every figure"


def test_the_whole_table_goes_into_a_file(call, two_runs, tmp_path):
    target = tmp_path / "moved.csv"
    assert call("diff", "ours", "--out", target) == (
        f"{REPORT}every figure that changed: {target}\n"
    )
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["place"], row["indicator"], row["change"]) for row in rows] == [
        ("Tarrowbridge", JOBS, "revised"),
        ("Tarrowshire", JOBS, "another_period"),
        ("Tarrowbridge", PAY, "revised"),
        ("Tarrowbridge", "of_new", "appeared"),
        ("X09999999", "of_old", "disappeared"),
    ]
    county = rows[1]
    assert [county[f"{age}_{name}"] for name in ("period", "value") for age in ("old", "new")] == [
        "2023", "2024", "74.0", "77.0"]  # fmt: skip
    assert float(county["size"]) == pytest.approx(3 / 77)
    assert float(county["half_widths"]) == pytest.approx(3 / 4)
    assert (county["old_verdicts_nation"], county["new_verdicts_nation"]) == ("similar", "better")
    assert rows[3]["old_value"] == ""


def test_an_unknown_run_gets_a_suggestion(refused, two_runs):
    assert refused("diff", "our") == (
        "Error: no run is remembered as 'our'; did you mean 'ours'?\n"
    )
    assert refused("diff", FIRST, "zzzzzz") == (
        "Error: no run is remembered as 'zzzzzz'. List them with: outcomes runs\n"
    )


def test_the_first_run_has_none_before_it(refused, two_runs):
    assert refused("diff", FIRST) == (
        f"Error: no run is remembered before {FIRST}; name the run that it is to be compared with\n"
    )


def test_previous_needs_another_run(refused, two_runs):
    message = "Error: 'previous' is the run before another one; name that one\n"
    assert refused("diff", "previous") == refused("diff", "previous", "previous") == message


def test_a_file_that_cannot_be_written_is_said(call, two_runs, tmp_path):
    target = tmp_path / "no" / "moved.csv"
    words = ["runs", "--folder", str(tmp_path), "diff", "ours", "--out", str(target)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 11
    assert result.stderr == (
        f"Error: {target}: cannot be written there (Cannot save file into a non-existent "
        f"directory: '{target.parent}')\n"
    )
