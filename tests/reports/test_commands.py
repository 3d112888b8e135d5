"""The commands `outcomes report`, as a person types them."""

import pytest
from click.testing import CliRunner

from outcomes.cli import main

AT = ["--framework", "essex_2014", "--locality", "X10000001"]


@pytest.fixture
def run(own_home):
    def call(*words):
        return CliRunner().invoke(main, ["report", *words])

    return call


def test_a_comment_is_recorded_answered_and_the_report_issued(run):
    assert run("comment", *AT, "--by", "Board", "Why so few?").output == "c3: recorded\n"
    assert run("answer", *AT, "c3", "Added.").output == "c3: answered\n"
    found = run("stage", *AT, "amended")
    assert (found.exit_code, found.output) == (0, "stage: amended\n")
    found = run("stage", *AT, "final")
    assert found.exit_code == 10
    assert found.stderr == (
        "Error: this report: stage 'final': these comments have no answer: c2; answer them "
        "(outcomes report answer), or issue it with --override and the reason\n"
    )
    assert run("stage", *AT, "final", "--override", "Agreed").output == "stage: final\n"


def test_the_check_lists_what_is_missing(run):
    lines = run("check", *AT).output.splitlines()
    assert len(lines) == 6
    assert lines[-1].startswith("c2, by Head of housing: no answer yet: ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["baseline", "--framework", "essex_2015", "--locality", "X10000001"],
         "Error: this page: framework: there is no framework 'essex_2015'; did you mean "
         "'essex_2014'?\n"),
        (["strategy", *AT, "--outcome", "best_stat"],
         "Error: this page: outcome: there is no outcome 'best_stat'; did you mean 'best_start'?\n"),
        (["check", "--framework", "essex_2014", "--locality", "X10000009"],
         "Error: this report: place: there is no place 'X10000009'; did you mean 'X10000001'?\n"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_refused(run, words, message):
    found = run(*words)
    assert (found.exit_code, found.stderr) == (10, message)
