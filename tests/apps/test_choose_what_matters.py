"""The live page on which people vote: what it says, in each state, and what it never lets pass."""

import re

import pytest
from ipywidgets import Checkbox
from ipywidgets.widgets import widget

from outcomes.apps import choose_what_matters as module
from outcomes.apps.choose_what_matters import choose_what_matters
from outcomes.ballots import open_box
from outcomes.parameters import load_parameters
from outcomes.parameters.ballots import ballot, candidates


@pytest.fixture
def page(home, tmp_path, monkeypatch):
    """Return an opener of the page on a database of the test's own."""
    monkeypatch.setenv("OUTCOMES_BALLOTS", f"sqlite:///{tmp_path / 'ballots.sqlite'}")
    monkeypatch.setattr(module, "WRONG_CODE_WAITS", 0)
    pages = []

    def opened(query: str = ""):
        monkeypatch.setenv("QUERY_STRING", query)
        pages.append(choose_what_matters(ballot="nine_outcomes"))
        return pages[-1]

    yield opened
    for each in pages:
        each._box._database.close()


@pytest.fixture
def codes(page):
    """The codes of elected members in the shipped ballot, which is open."""
    parameters, tables = load_parameters(), []
    definition = ballot(parameters, "nine_outcomes")
    with open_box() as box:
        outcomes = candidates(parameters, "nine_outcomes")
        box.open_ballot("nine_outcomes", definition, outcomes, tables.append, area="our area")
    return tables[0].set_index("group").loc["elected_members", "code"].to_list()


def enter(page, code):
    page.code.value = code
    page.enter.click()
    return page


def tick(page, number):
    for place, box in enumerate(page.boxes.values()):
        box.value = place < number


def test_without_a_ballot_the_page_says_so(page, words):
    assert words(page().about.value) == "No ballot has been opened yet."


def test_an_unknown_ballot_in_the_address_is_told_and_the_usual_one_shown(page, codes, words):
    opened = page("ballot=<b>spring</b>")
    assert words(opened.messages.value) == (
        "There is no ballot “<b>spring</b>” here, so the usual one is shown."
    )
    assert 'data-query="ballot=nine_outcomes"' in opened.closing.value


def test_row_005_the_page_asks_for_a_quick_and_independent_judgement(page, codes, words):
    said = words(page().about.value)
    for advice in ("Be quick.", "Step away from your own service.", "Decide by yourself."):
        assert advice in said
    assert "Nobody is shown how anybody votes before the ballot closes" in said


def test_the_code_is_forgotten_when_it_has_been_checked(page, codes):
    opened = enter(page(), codes[0])
    assert opened.code.value == ""
    assert codes[0] not in opened.closing.value + opened.progress.value
    assert opened.outcome.options[0] == (
        "1. Children in our area get a good start in life",
        "good_start",
    )


@pytest.mark.parametrize("act", ["cast", "withdraw", "onward"])
def test_without_a_code_nothing_can_be_done(page, codes, act, words):
    opened = page()
    getattr(opened, act).click()
    assert words(opened.messages.value) == "Type your code first."


def test_row_003_three_and_five_are_refused_and_four_are_stored(page, codes, words):
    opened = enter(page(), codes[0])
    for number in (3, 5):
        tick(opened, number)
        opened.cast.click()
        assert words(opened.messages.value) == (
            f"1. Children in our area get a good start in life: {number} statements are chosen; "
            "choose exactly 4."
        )
    assert words(opened.count.value) == "5 of 4 chosen: take 1 away"
    tick(opened, 4)
    opened.cast.click()
    assert words(opened.progress.value) == "Elected members: you have voted on 1 of 9 outcomes."
    assert opened.cast.description == "Change my vote"
    assert opened.outcome.options[0][0].endswith(" (voted)")
    opened.onward.click()
    assert opened.outcome.value == "learning"
    # The same code elsewhere shows the same ticks, in the same order.
    again = enter(page(), codes[0])
    again.outcome.value = "good_start"
    assert [box.value for box in again.boxes.values()] == [True] * 4 + [False] * 2


def test_a_closed_ballot_can_be_looked_at_no_more(page, codes, words):
    opened = enter(page(), codes[0])
    with open_box() as box:
        box.close_ballot("nine_outcomes")
    tick(opened, 4)
    opened.cast.click()
    assert "; nothing can be cast, changed or withdrawn any more." in words(opened.messages.value)
    assert "Nothing can be cast or changed any more" in words(page().about.value)


def test_who_finishes_after_closing_is_not_thanked_nor_asked_for_a_code(page, codes, words):
    opened = enter(page(), codes[0])
    tick(opened, 4)
    with open_box() as box:
        box.close_ballot("nine_outcomes")
    opened.leave.click()
    assert words(opened.told.value) == (
        "You left outcome 1 without casting what you ticked: no vote on it is stored. This page has "
        "forgotten your code."
    )
    assert opened.code.layout.display == opened.enter.layout.display == "none"
    assert "Nothing can be cast or changed any more" in words(opened.about.value)


UNCAST = "You left outcome 1 without casting what you ticked: "


@pytest.mark.parametrize("way", ["next", "drop-down", "finished"])
def test_ticks_that_were_never_cast_are_told(page, codes, way, words):
    opened = enter(page(), codes[0])

    def go():
        if way == "drop-down":
            opened.outcome.value = "learning"
        else:
            (opened.onward if way == "next" else opened.leave).click()
        return words(opened.told.value).partition(" Thank you.")[0]

    tick(opened, 2)
    assert go() == f"{UNCAST}no vote on it is stored."
    assert 'role="alert"' in opened.told.value
    if way == "finished":
        enter(opened, codes[0])
    opened.outcome.value = "good_start"
    tick(opened, 4)
    opened.cast.click()
    next(iter(opened.boxes.values())).value = False
    assert go() == f"{UNCAST}your vote from before stands."
    if way == "finished":
        enter(opened, codes[0])
    opened.outcome.value = "good_start"
    assert (words(opened.told.value), [box.value for box in opened.boxes.values()].count(True)) == (
        "",
        4,
    )


def test_ticks_are_told_also_where_another_ballot_is_chosen(page, codes, words):
    parameters, about = load_parameters(), "nine_outcomes"
    with open_box() as box:
        box.open_ballot(
            "again", ballot(parameters, about), candidates(parameters, about), lambda _: None
        )
    opened = enter(page(), codes[0])
    tick(opened, 1)
    opened.ballot.value = "again"
    assert words(opened.told.value) == f"{UNCAST}no vote on it is stored."


def go_to(page) -> list[str]:
    return re.findall('outcomes-go-to" hidden data-control="([^"]*)"', page.closing.value)


def test_after_a_button_that_redraws_the_reader_is_taken_to_the_outcome(page, codes, words):
    opened = enter(page(), codes[0])
    assert go_to(opened) == ["question"]
    assert 'class="outcomes-question-answer" tabindex="-1"' in opened.question.value
    tick(opened, 4)
    assert go_to(opened) == []
    opened.cast.click()
    assert go_to(opened) == []
    said = "Elected members: you have voted on {} of 9 outcomes."
    assert words(opened.messages.value) == f"Your vote is stored. {said.format(1)}"
    assert "alert" not in opened.messages.value
    opened.withdraw.click()
    assert words(opened.told.value) == f"Your vote is withdrawn. {said.format(0)}"
    assert (go_to(opened), opened.messages.value) == (["question"], "")
    opened.onward.click()
    assert (go_to(opened), opened.told.value) == (["question"], "")
    opened.outcome.value = "good_start"
    assert 'data-words="1. Children in our area get a good start in life: 0 of 4 chosen."' in (
        opened.closing.value
    )


def test_the_same_refusal_again_is_another_message_and_names_the_field(page, codes, words):
    opened = page()
    why = "type the code that was handed out to you"
    found = [enter(opened, "").messages.value for _ in range(2)]
    assert words(found[0]) == words(found[1]) == f"{why.capitalize()}."
    assert found[0] != found[1]
    assert f'id="outcomes-wrong-code" class="outcomes-wrong" hidden>{why.capitalize()}.' in (
        opened.closing.value
    )
    enter(opened, codes[0]).cast.click()
    assert "outcomes-wrong" not in opened.closing.value


@pytest.fixture
def kernel_holds():
    """Return a teller of the kernel's widgets that were made in this test, by the id of each."""
    before = {*widget._instances}
    return lambda: {n: each for n, each in widget._instances.items() if n not in before}


def boxes(held) -> int:
    return sum(isinstance(each, Checkbox) for each in held.values())


def told(held) -> str:
    """Return all that a kernel tells whoever asks for the state of its widgets."""
    return repr([each.get_state() for each in held.values()])


def test_redrawing_closes_the_boxes_that_were_there(page, codes, kernel_holds):
    opened = enter(page(), codes[0])
    number = len(kernel_holds())
    for _ in range(3):
        opened.onward.click()
        opened.outcome.value = "good_start"
        assert (boxes(kernel_holds()), len(kernel_holds())) == (6, number)


@pytest.mark.parametrize("leave", ["finished", "another ballot"])
def test_who_has_finished_leaves_nothing_in_the_kernel(page, codes, leave, words, kernel_holds):
    parameters, about = load_parameters(), "nine_outcomes"
    with open_box() as box:
        box.open_ballot(
            "again", ballot(parameters, about), candidates(parameters, about), lambda _: None
        )
    opened = enter(page(), codes[0])
    tick(opened, 4)
    opened.cast.click()
    assert "Every child is cared for and loved" in told(kernel_holds())
    if leave == "finished":
        opened.leave.click()
        assert words(opened.told.value) == (
            "Thank you. You have voted on 1 of 9 outcomes. This page has forgotten your code."
        )
        # Done, and no warning: it is spoken, and the reader goes to the heading above it.
        assert "alert" not in opened.told.value + opened.messages.value
        assert 'data-words="Thank you. You have voted on 1 of 9' in opened.closing.value
        assert go_to(opened) == ["thanks"]
    else:
        opened.ballot.value = "again"
    assert (boxes(kernel_holds()), opened.boxes, opened.outcome.options) == (0, {}, ())
    assert "Every child is cared for and loved" not in told(kernel_holds())
    assert "(voted)" not in told(kernel_holds())
    assert opened._door.layout.display is None  # the next person can type a code
    assert opened._room.layout.display == "none"
