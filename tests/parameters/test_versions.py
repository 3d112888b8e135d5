"""Frozen versions of a framework: proved, told apart, never edited."""

import shutil
from datetime import date

import pytest
from click.testing import CliRunner

from outcomes.baseline import load_baseline
from outcomes.cli import main
from outcomes.errors import DataError, ParameterError
from outcomes.model import Page
from outcomes.model.versions import MadeUnder
from outcomes.narrative.versions import say_statements, say_version
from outcomes.notebook.page import heading_html
from outcomes.parameters import load_parameters
from outcomes.parameters.versions import freeze, frozen, ledger_of, made_under

NINE = "nine_outcomes_example"
FIRST = ["safe_outside", "safe_roads", "children_safe", "safe_at_home"]
AGREED = {"by": "The county's cabinet", "day": date(2026, 6, 30)}


def frozen_once(**final):
    return freeze(
        load_parameters(), NINE, reason="Agreed.", final=final or None, ballot="spring", **AGREED
    )


def working(home):
    return home / "parameters" / "frameworks" / f"{NINE}.yml"


def kept(home, number):
    return home / "parameters" / "frameworks" / "frozen" / NINE / f"{number}.yml"


def ledger(home):
    return kept(home, 1).with_name("versions.yml")


def test_row_007_a_frozen_version_keeps_the_file_and_says_what_was_chosen(own_home):
    comments = working(own_home).read_text(encoding="utf-8").count("#")
    version = frozen_once(safe=FIRST)
    assert (version.number, version.changes) == (1, ("The first version.",))
    text = working(own_home).read_text(encoding="utf-8")
    assert kept(own_home, 1).read_text(encoding="utf-8") == text
    assert text.count("#") == comments
    safe = load_parameters().framework(NINE).outcome("safe")
    assert [(s.id, s.status) for s in safe.statements] == [
        *((name, "final") for name in FIRST),
        ("victims_heard", "candidate"),
        ("safe_online", "candidate"),
    ]
    assert not list(kept(own_home, 1).parent.glob("*.partial"))


def test_row_007_a_change_makes_a_new_version_with_its_differences(own_home):
    frozen_once(safe=FIRST)
    file = working(own_home)
    text = file.read_text(encoding="utf-8")
    text = text.replace("Nobody lives in fear at home", "Everyone is at ease at home")
    text = text.replace("title: People in {area} live long", "title: All in {area} live long")
    text = text.replace(
        "      - {id: safe_online, wording: People are safe online, origin: example}\n", ""
    )
    file.write_text(text, encoding="utf-8")
    second = freeze(
        load_parameters(),
        NINE,
        by="The cabinet",
        reason="Asked for by residents",
        day=date(2026, 9, 1),
        final={"safe": [*FIRST[1:], "victims_heard"]},
    )
    assert second.changes == (
        "Healthy lives: the outcome was 'People in {area} live long and healthy lives' and is now "
        "'All in {area} live long and healthy lives'.",
        "Safe: the statement 'Everyone is at ease at home' read 'Nobody lives in fear at home' "
        "before.",
        "Safe: the statement 'People who are harmed are heard and helped' was candidate and is now "
        "final.",
        "Safe: the statement 'People are at ease in their own streets' was final and is now "
        "candidate.",
        "Safe: the statement 'People are safe online' was taken out.",
    )
    wordings = [s.wording for s in frozen(load_parameters(), NINE, 1).outcome("safe").statements]
    assert "Nobody lives in fear at home" in wordings
    assert len(ledger_of(load_parameters(), NINE).versions) == 2


def test_row_007_a_frozen_version_that_was_edited_is_refused(own_home):
    frozen_once()
    file = kept(own_home, 1)
    file.write_text(file.read_text(encoding="utf-8") + "# one word more\n", encoding="utf-8")
    with pytest.raises(ParameterError) as refused:
        made_under(load_parameters(), NINE)
    assert str(refused.value) == (
        f"parameters/frameworks/frozen/{NINE}/1.yml: the text was changed after it was frozen on "
        f"2026-06-30; bring it back from version control, change parameters/frameworks/{NINE}.yml "
        "instead and freeze a new version"
    )
    file.unlink()
    with pytest.raises(ParameterError) as refused:
        made_under(load_parameters(), NINE)
    assert str(refused.value) == (
        f"parameters/frameworks/frozen/{NINE}/1.yml: the text of frozen version 1 is missing; "
        "bring it back from version control or a copy"
    )


def test_line_ends_of_another_system_change_nothing(own_home):
    frozen_once()
    kept(own_home, 1).write_bytes(kept(own_home, 1).read_bytes().replace(b"\n", b"\r\n"))
    assert not made_under(load_parameters(), NINE).changed


@pytest.mark.parametrize(
    ("final", "message"),
    [
        (
            {"safe": ["safe_outsid"]},
            "freeze, safe: statement: there is no statement 'safe_outsid'; did you mean "
            "'safe_outside'?",
        ),
        ({"saf": []}, "freeze: outcome: there is no outcome 'saf'; did you mean 'safe'?"),
        (
            {"safe": ["safe_online", "safe_online"]},
            "freeze, safe: safe_online and safe_online: expected each statement once, and none "
            "that was withdrawn",
        ),
    ],
)
def test_what_cannot_be_frozen_leaves_every_file_as_it_was(own_home, final, message):
    before = working(own_home).read_bytes()
    with pytest.raises(ParameterError) as refused:
        frozen_once(**final)
    assert str(refused.value) == message
    assert working(own_home).read_bytes() == before
    assert not kept(own_home, 1).exists()


def test_nothing_new_is_not_frozen_again(own_home):
    frozen_once()
    with pytest.raises(ParameterError) as refused:
        frozen_once()
    assert str(refused.value) == (
        f"{NINE}: nothing has changed since version 1, frozen on 2026-06-30; there is nothing to "
        "freeze"
    )


def test_no_folder_is_made_for_a_framework_that_is_not_there(own_home):
    with pytest.raises(ParameterError, match="nosuch.yml: no such file"):
        freeze(load_parameters(), "nosuch", by="A", reason="B", day=date(2026, 1, 1))
    assert not (own_home / "parameters" / "frameworks" / "frozen" / "nosuch").exists()


@pytest.mark.parametrize("final", [{}, {"safe": FIRST}])
def test_a_freeze_that_was_stopped_before_its_ledger_is_taken_over(own_home, final):
    frozen_once(**final)
    ledger(own_home).unlink()
    assert made_under(load_parameters(), NINE) == MadeUnder()
    frozen_once(**final)
    assert made_under(load_parameters(), NINE).newest.number == 1


def unknown_text(number):
    return (
        f"parameters/frameworks/frozen/{NINE}/{number}.yml: a frozen text that versions.yml beside "
        "it does not know. If lines of versions.yml were lost, bring it back from version control or "
        "a copy; if a freeze was stopped before its end, delete this text and freeze again"
    )


@pytest.mark.parametrize("lines", ["lost", "shortened", "lost and all as at first"])
def test_a_frozen_text_that_the_ledger_does_not_know_is_never_written_over(own_home, lines):
    frozen_once()
    first = ledger(own_home).read_text(encoding="utf-8")
    at_first = working(own_home).read_text(encoding="utf-8")
    frozen_once(safe=FIRST)
    texts = [kept(own_home, number).read_bytes() for number in (1, 2)]
    if lines == "shortened":
        ledger(own_home).write_text(first, encoding="utf-8")
    else:
        ledger(own_home).unlink()
    working(own_home).write_text(
        at_first if lines.endswith("first") else at_first.replace("unhurt", "safely"),
        encoding="utf-8",
    )
    number = 1 if lines == "lost" else 2
    with pytest.raises(ParameterError) as refused:
        frozen_once()
    assert str(refused.value) == f"{unknown_text(number)}. Nothing was frozen."
    assert [kept(own_home, number).read_bytes() for number in (1, 2)] == texts
    listed = CliRunner().invoke(main, ["framework", "versions", NINE]).output
    assert listed.endswith(f"{unknown_text(2)}\n")
    assert (unknown_text(1) in listed) == (lines != "shortened")


def test_a_reason_that_is_no_text_is_refused(own_home):
    with pytest.raises(ParameterError) as refused:
        freeze(load_parameters(), NINE, by="x", reason="caf\udce9", day=date(2026, 6, 30))
    assert str(refused.value) == (
        f"{NINE}: got 'caf\\udce9'; expected text in UTF-8. Type it again, or set the terminal to "
        "UTF-8"
    )
    assert not kept(own_home, 1).exists()


def test_a_clock_that_goes_before_the_last_version_is_told(own_home):
    frozen_once()
    with pytest.raises(ParameterError) as refused:
        freeze(load_parameters(), NINE, by="x", reason="y", day=date(2026, 6, 29),
               final={"safe": FIRST})  # fmt: skip
    assert str(refused.value) == (
        f"{NINE}: day: got 2026-06-29, but version 1 was frozen on 2026-06-30; put the clock of this "
        "machine right"
    )


def test_what_cannot_be_written_is_told_and_leaves_nothing_behind(own_home):
    ledger(own_home).mkdir(parents=True)  # stands where a file should be written
    with pytest.raises(DataError) as refused:
        frozen_once()
    where = f"parameters/frameworks/frozen/{NINE}"
    assert str(refused.value) == (
        f"{where}/versions.yml: cannot be written (Is a directory) and is as it was; make room, or "
        "ask whoever looks after this folder for the right to write there"
    )
    assert not list(ledger(own_home).parent.glob(".*.partial"))
    shutil.rmtree(ledger(own_home).parent)
    ledger(own_home).parent.touch()
    with pytest.raises(DataError) as refused:
        frozen_once()
    assert str(refused.value) == (
        f"{where}: cannot be written (File exists) and is as it was; make room, or ask whoever "
        "looks after this folder for the right to write there"
    )


def test_row_007_a_page_says_which_version_it_shows(own_home):
    page = Page(framework=NINE, outcome="safe", locality="X10000001", comparator="nation")
    before = load_baseline(page)
    assert say_version(before.framework, before.version) == (
        "Nine outcomes, an example: no version of this framework has been frozen yet."
    )
    line, statements = say_statements(before.outcome, before.version)
    assert (line, len(statements)) == ("It might mean, not yet agreed:", 6)
    frozen_once(safe=FIRST)
    under = load_baseline(page)
    assert say_version(under.framework, under.version) == (
        "Nine outcomes, an example: version 1, frozen on 30 June 2026 by The county's cabinet. "
        "Reason: Agreed."
    )
    assert (
        "<p>By this we mean, most important first, version 1 of 30 June 2026:</p><ol>"
        "<li>People are at ease in their own streets</li>"
        "<li>Everyone gets where they are going unhurt</li>"
        "<li>Children are safe from harm and neglect</li><li>Nobody lives in fear at home</li></ol>"
    ) in heading_html(under)
    file = working(own_home)
    file.write_text(file.read_text(encoding="utf-8").replace("unhurt", "safely"), encoding="utf-8")
    draft = load_baseline(page)
    assert say_version(draft.framework, draft.version) == (
        "Nine outcomes, an example: a draft, changed since version 1, frozen on 30 June 2026 by "
        "The county's cabinet."
    )
    assert "By this we mean, most important first:</p>" in heading_html(draft)


def test_versions_are_numbered_in_their_order(own_home):
    frozen_once()
    file = kept(own_home, 1).with_name("versions.yml")
    file.write_text(
        file.read_text(encoding="utf-8").replace("number: 1", "number: 2"), encoding="utf-8"
    )
    with pytest.raises(ParameterError, match=r"versions are numbered 1, 2, 3 in their order"):
        ledger_of(load_parameters(), NINE)
