"""The command `outcomes framework check`."""

import shutil

import pytest
from click.testing import CliRunner

from outcomes.cli import main


@pytest.fixture
def check(project, tmp_path, monkeypatch):
    """Run the command in a project of its own; return exit code and output."""
    shutil.copytree(project / "parameters", tmp_path / "parameters")
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["framework", "check", *words])
        return result.exit_code, result.output

    run.parameters = tmp_path / "parameters"
    return run


def test_row_151_everything_is_checked_and_only_refusals_fail(check):
    code, said = check()
    assert code == 0
    assert said.startswith("parameters/frameworks/essex_2014.yml\n")
    assert (
        "  entries.7.5 (an indicator, ends): Number of people with personal budgets\n"
        "    warning: 'personal budgets' tells what a service does, or of the people it deals with: "
        "a performance measure. Keep it with the service's performance measures; ask what it should "
        "change for everyone, and measure that.\n" in said
    )
    assert said.rstrip().endswith("1 decided by people")


def test_one_framework(check):
    assert check("every_child_matters") == (
        0,
        "5 wordings: 0 refused, 0 warnings and 0 hints; 0 decided by people\n",
    )
    code, said = check("essex_2015")
    assert (code, said) == (
        10,
        "Error: framework check: framework: there is no framework 'essex_2015'; did you mean "
        "'essex_2014'?\n",
    )


def test_row_128_every_wording_with_ends_or_means(check):
    code, said = check("--every")
    assert code == 0
    assert "  outcomes.best_start (an outcome, ends): " in said
    assert "  measures.persons_treated (a performance measure, means): Persons treated\n" in said


def test_row_124_a_text_that_is_refused_fails(check):
    code, said = check("--text", "Safe for 90 days", "--as", "outcome")
    assert code == 10
    assert said.splitlines()[-1] == (
        "refused: '90' is a number or a unit, and an outcome has none. Say in words what people "
        "should have, and make the figure an indicator or a target."
    )


def test_row_129_a_means_is_warned_of_and_does_not_fail(check):
    assert check("--text", "Collaboration") == (
        0,
        "This reads like none of the three. It is a means: a way of getting to something else.\n"
        "  'Collaboration' is a way of getting somewhere, wanted for what comes of it.\n"
        "warning: 'Collaboration' is a means and not an end. Ask 'what for?' until the answer is "
        "something that people have, and enter that.\n",
    )


def test_row_123_a_word_alone_is_looked_up(check):
    assert check("--text", "Priority goals") == (
        0,
        "'Priority goals' is a word for an outcome here (parameters/glossary.yml).\n",
    )


def test_what_cannot_be_told_is_asked(check):
    code, said = check("--text", "zzz")
    assert (code, said.splitlines()) == (
        0,
        [
            "The words alone do not tell what this is.",
            "Answer these questions:",
            "  Is it about everyone who lives here, or about the people a service has dealt with?",
            "  Can you count it?",
            "  Would you still want it if no service did it?",
        ],
    )


def test_an_empty_text_is_refused(check):
    assert check("--text", " ") == (
        10,
        "Error: --text: got nothing; give a wording such as 'Crime rate'\n",
    )


def test_row_124_a_framework_whose_outcome_has_a_number_does_not_load(check):
    file = check.parameters / "frameworks" / "every_child_matters.yml"
    file.write_text(file.read_text().replace("in {area} are healthy", "are healthy by 2030", 1))
    code, said = check("every_child_matters")
    assert code == 10
    assert said == (
        "Error: parameters/frameworks/every_child_matters.yml has 1 problem\n"
        "  line 22, outcomes.1.title: got 'Children and young people are healthy by 2030'; an outcome "
        "has no number and no unit in it, and this has '2030': say in words what people should have, "
        "and make the figure an indicator or a target\n"
    )
