"""The commands `outcomes programme`: what they print, write and refuse."""

import re

import pytest
from click.testing import CliRunner
from docx import Document as open_word

from outcomes.cli import main


def outcome_of(*words):
    result = CliRunner().invoke(main, ["programme", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_row_027_check_prints_flags_before_notes(home):
    exit_code, printed, error = outcome_of("check", "nine_outcomes_2012")
    assert (exit_code, error) == (0, "")
    kinds = [line.partition(":")[0] for line in printed.splitlines()]
    assert kinds == ["flag"] * 4 + ["note"] * 3
    assert "begins about a month before each ends" in printed
    assert "is due on the day each ends" in printed
    assert outcome_of("check", "tarrowshire_2026") == (
        0,
        "tarrowshire_2026: nothing to flag\n",
        "",
    )


def test_row_026_a_list_for_a_service_area_is_printed(home):
    exit_code, printed, _ = outcome_of(
        "show", "nine_outcomes_2012", "--service-area", "performance"
    )
    assert exit_code == 0
    assert printed.startswith(
        "\nWhat is asked of: Performance\n\n- Conversations with stakeholders\n"
    )
    assert printed.count("What is asked: ") == 5
    exit_code, printed, error = outcome_of(
        "show", "nine_outcomes_2012", "--service-area", "performence"
    )
    assert (exit_code, printed, error) == (
        10,
        "",
        "Error: nine_outcomes_2012: service area: there is no service area 'performence'; did you "
        "mean 'performance'?\n",
    )


def test_show_prints_activities_events_and_steps(home):
    exit_code, printed, _ = outcome_of("show", "tarrowshire_2026")
    assert exit_code == 0
    heads = re.findall(r"^Outcomes in .*: (.*)$", printed, re.MULTILINE)
    assert heads == ["activities", "consultation events", "practical steps"]
    assert "\nOf ten steps, 2 done, 3 under way, 5 not started.\n" in printed
    assert "    Timescale as typed: Mid January to end of February\n" in printed


def test_row_031_a_round_is_copied_forward_and_the_last_one_is_kept(own_home):
    folder = own_home / "parameters" / "programmes"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    exit_code, printed, error = outcome_of("round", "tarrowshire_2026", "--copy-forward")
    assert (exit_code, error) == (0, "")
    first, *changed = printed.splitlines()
    assert first == (
        "parameters/programmes/tarrowshire_2027.yml: copied from tarrowshire_2026; what changed:"
    )
    assert "  Report to cabinet, timescale: 14 July 2026, now 14 July 2027" in changed
    assert "  Step 'Find new partners', state: under way, now not started" in changed
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"tarrowshire_2027.yml"}
    assert outcome_of("round", "tarrowshire_2027")[1].splitlines() == changed
    assert outcome_of("check", "tarrowshire_2027")[0] == 0
    exit_code, _, error = outcome_of("round", "tarrowshire_2026", "--copy-forward")
    assert (exit_code, error) == (
        10,
        "Error: parameters/programmes/tarrowshire_2027.yml: it is there already; give another "
        "name\n",
    )


def test_a_round_may_have_a_name_and_a_year_of_its_own(own_home):
    words = ("practical_steps", "--copy-forward", "--year", "2030")
    assert outcome_of("round", *words)[1].startswith("parameters/programmes/practical_steps_2030")
    assert outcome_of("round", *words, "--name", "steps")[0] == 0
    assert (own_home / "parameters/programmes/steps.yml").is_file()


@pytest.mark.parametrize("name", ["../steps", "Steps", "2030", "a b"])
def test_a_name_that_is_no_name_is_refused_and_nothing_is_written(own_home, name):
    before = sorted(own_home.rglob("*.yml"))
    exit_code, _, error = outcome_of("round", "practical_steps", "--copy-forward", "--name", name)
    assert (exit_code, error) == (
        10,
        f"Error: programme: got {name!r} as its name; expected a word in lower case, joined by "
        "underscores, such as ours_2027\n",
    )
    assert sorted(own_home.rglob("*.yml")) == before


def test_the_first_round_says_that_it_is_the_first(home):
    assert outcome_of("round", "practical_steps") == (
        0,
        "practical_steps is the first round\n",
        "",
    )
    exit_code, _, error = outcome_of("round", "practical_steps", "--year", "2030")
    assert (exit_code, error.splitlines()[-1]) == (
        2,
        "Error: --year and --name go with --copy-forward",
    )


def test_partners_prints_what_to_look_at_and_the_tables(home):
    exit_code, printed, error = outcome_of("partners", "essex_2014", "X10000001")
    assert (exit_code, error) == (0, "")
    assert printed.startswith(
        "Partners and what they do\nWhat to look at\nEvery intervention is specialist help"
    )
    assert "\nMoney that partners pool\n" in printed
    assert "\n- Total\n    Budgets and contracts: £355,300,000\n" in printed
    exit_code, printed, _ = outcome_of("partners", "essex_2014", "E10000012")
    assert exit_code == 0
    assert printed.splitlines()[2].startswith("No partner is named yet")


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_a_programme_is_written_as_a_file_for_readers(home, tmp_path, kind):
    path = tmp_path / f"nine.{kind}"
    assert outcome_of("show", "nine_outcomes_2012", "--out", str(path)) == (0, f"{path}\n", "")
    assert path.stat().st_size > 5_000
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_programme_has_no_stage_and_its_word_file_leaves_no_room_for_one(home, tmp_path):
    path = tmp_path / "partners.docx"
    said = outcome_of("partners", "essex_2014", "X10000001", "--out", str(path))
    assert said == (0, f"{path}\n", "")
    word = open_word(path)
    front = word.paragraphs[: [p.style.name for p in word.paragraphs].index("Heading 1")]
    assert [p.style.name for p in front if not p.text] == []
    assert word.sections[0].footer.paragraphs[0].text == "Page 1 of 1"


def test_a_file_of_another_kind_is_refused(home, tmp_path):
    exit_code, _, error = outcome_of(
        "show", "nine_outcomes_2012", "--out", str(tmp_path / "nine.txt")
    )
    assert exit_code == 2
    assert error.splitlines()[-1].endswith("expected a file that ends in .html, .docx or .pdf")
    assert not list(tmp_path.iterdir())
