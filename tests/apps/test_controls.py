import re

import pytest

from outcomes.apps.address import Choices, read_address
from outcomes.apps.controls import Controls, find_place
from outcomes.apps.places import STEP
from outcomes.errors import DataError, ParameterError


class Shown:
    """Controls, and the pages that they have turned to."""

    def __init__(self, choices: Choices) -> None:
        self.pages, self.fault = [], None
        self.controls = Controls(choices, changed=self.turned)

    def turned(self) -> None:
        if self.fault:
            raise self.fault
        self.pages.append(self.controls.page)
        self.controls.answered("A title", words="An answer")


@pytest.fixture
def shown(settings):
    return Shown(read_address(settings))


def query(controls: Controls) -> str:
    return re.search(r'data-query="([^"]*)"', controls.closing.value)[1]


def test_they_show_the_page_they_begin_with(shown):
    controls = shown.controls
    assert controls.outcome.label == (
        "5. Sustainable economic growth for Tarrowshire communities and businesses"
    )
    assert controls.framework.label == "Corporate Outcomes Framework 2014-2018"
    assert controls.tree.label == STEP * 2 + "Tarrowshire, county"
    assert controls.comparator.label == "The nation as a whole"
    assert controls.as_of.value == controls.locality.value == controls.messages.value == ""
    assert shown.pages == []


def test_every_chooser_has_a_label_and_its_class(shown):
    for name in ("framework", "outcome", "locality", "tree", "comparator", "as_of"):
        widget = getattr(shown.controls, name)
        assert widget.description
        assert f"outcomes-{name}" in widget._dom_classes


@pytest.mark.parametrize(
    ("name", "value", "changed"),
    [
        ("outcome", "environment", {"outcome": "environment"}),
        ("tree", "X07000003", {"locality": "X07000003"}),
        ("locality", "Wexmoor, district in Tarrowshire", {"locality": "X07000002"}),
        ("comparator", "region", {"comparator": "region"}),
        ("as_of", " 2026-Q1 ", {"as_of": "2026-03-31"}),
        ("framework", "portsmouth_8", {"framework": "portsmouth_8", "outcome": "active_say"}),
    ],
)
def test_a_choice_turns_the_page_once(shown, settings, name, value, changed):
    getattr(shown.controls, name).value = value
    assert [page.model_dump() for page in shown.pages] == [settings | changed]


def test_all_choosers_follow_the_page(shown):
    shown.controls.locality.value = "wexm"
    assert shown.controls.tree.value == "X07000002"
    assert shown.controls.locality.value == ""
    shown.controls.framework.value = "portsmouth_8"
    assert shown.controls.outcome.value == "active_say"
    shown.controls.as_of.value = "2026-Q1"
    assert shown.controls.as_of.value == "2026-03-31"


def test_lists_that_do_not_change_are_not_sent_again(shown):
    changed = []
    for name in ("framework", "outcome", "tree", "comparator"):
        getattr(shown.controls, name).observe(lambda change: changed.append(change.name))
    shown.controls.comparator.value = "region"
    assert {name for name in changed if "options" in name} == set()


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("locality", "Atlantis", "There is no place 'Atlantis' here; the list has all the places "
         "there are."),
        ("locality", "Wexmore", "There is no place 'Wexmore' here; the nearest name is Wexmoor."),
        ("locality", "har", "Several places fit 'har': Harrowmere and Kingsharrow; type more of its "
         "name."),
        ("locality", "<img src=x>", "There is no place '<img src=x>' here; the list has all the "
         "places there are."),
        ("as_of", "last week", "'last week' is not a day such as 2026-06-30 or a quarter such as "
         "2026-Q2 or 2026/27 Q1."),
        ("as_of", "2026-02-30", "'2026-02-30' is not a day such as 2026-06-30 or a quarter such as "
         "2026-Q2 or 2026/27 Q1."),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told_plainly_and_the_page_stays(
    shown, words, settings, name, typed, said
):
    control = getattr(shown.controls, name)
    control.value = typed
    assert words(shown.controls.messages.value) == said
    assert "<img" not in shown.controls.messages.value
    assert shown.controls.page.model_dump() == settings
    assert shown.pages == []
    assert control.value == typed, "it stays to be put right"


def test_a_right_entry_ends_the_message(shown):
    shown.controls.as_of.value = "soon"
    shown.controls.as_of.value = "2026-Q1"
    assert shown.controls.messages.value == ""


def test_each_answer_is_marked_anew_even_if_the_page_is_the_same(shown):
    shown.controls.comparator.value = "region"
    first = shown.controls.closing.value
    assert query(shown.controls) == (
        "framework=essex_2014&amp;outcome=economic_growth&amp;locality=X10000001&amp;"
        "comparator=region"
    )
    shown.controls.locality.value = "Tarrowshire"
    assert shown.pages[1:] == []
    assert shown.controls.closing.value != first
    shown.controls.as_of.value = "soon"
    assert query(shown.controls).endswith("comparator=region")


def test_a_page_that_cannot_be_shown_gives_way_to_the_one_before(shown, words, settings):
    shown.fault = DataError("The store is empty.")
    shown.controls.tree.value = "X07000001"
    assert shown.controls.page.model_dump() == settings
    assert shown.controls.tree.value == "X10000001"
    assert words(shown.controls.messages.value) == "The store is empty."


def test_what_the_address_said_is_shown_first(settings, words):
    shown = Shown(read_address(settings, query="comparator=<script>"))
    assert words(shown.controls.messages.value).startswith(
        "The address asks for comparator '<script>', which cannot be shown"
    )
    assert "<script" not in shown.controls.messages.value


def test_a_place_whose_store_is_empty_is_listed_if_it_is_asked_for(settings):
    shown = Shown(read_address(settings, query="locality=E07000076"))
    assert shown.controls.tree.label.strip() == "Tendring, district"
    assert "Colchester" not in " ".join(label for label, _ in shown.controls.tree.options)


CODES = {
    "Ash, county": "X10000001",
    "Ash, district in Ash": "X07000001",
    "Ashford, district in Ash": "X07000002",
    "Oakham, district in Ash": "X07000003",
}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Ash, district in Ash", "X07000001"),
        ("ashford", "X07000002"),
        (" OAK ", "X07000003"),
        ("x07000003", "X07000003"),
    ],
)
def test_a_place_is_found_by_label_name_part_or_code(typed, code):
    assert find_place(typed, CODES) == code


@pytest.mark.parametrize("typed", ["", "ash", "zzz"])
def test_nothing_is_guessed(typed):
    with pytest.raises(ParameterError):
        find_place(typed, CODES)
