"""The live page that reads a wording: what it says, marks, asks and gives to copy."""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode

import pytest
import yaml

from outcomes.apps.what_is_it import MOST, marked, what_is_it


@pytest.fixture
def opened(project, monkeypatch):
    """Return an opener of the page at an address; the page writes nothing, so no copy is needed."""
    monkeypatch.setenv("OUTCOMES_HOME", str(project))

    def open_page(**asked: str):
        monkeypatch.setenv("QUERY_STRING", urlencode(asked))
        return what_is_it(text="Crime rate")

    return open_page


def query(page) -> dict[str, list[str]]:
    return parse_qs(unescape(re.search(r'data-query="([^"]*)"', page.closing.value)[1]))


def heard(page) -> str:
    return unescape(re.search(r'data-words="([^"]*)"', page.closing.value)[1])


def copied(page) -> list:
    """Return what stands to copy, read as YAML."""
    return [
        yaml.safe_load(unescape(text))
        for text in re.findall(r"<pre[^>]*>(.*?)</pre>", page.entry.value, re.S)
    ]


def test_the_first_wording_is_the_notebook_s(opened, words):
    page = opened()
    assert words(page.verdict.value) == (
        "This reads like an indicator Crime rate If so, it is about an end: how things are for everyone. "
        "Why: 'rate' speaks of counting or measuring. Nothing in it speaks of a service, so it is "
        "taken to be about everyone."
    )
    assert "Crime <mark>rate</mark>" in page.verdict.value
    assert list(copied(page)[0]) == ["crime_rate"]


def test_row_127_the_address_gives_the_wording_and_keeps_it(opened):
    page = opened(text="% of participants in job training who get living wage jobs")
    assert "performance measure" in page.verdict.value
    assert query(page) == {"text": ["% of participants in job training who get living wage jobs"]}
    page.text.value = "Safe community"
    assert query(page) == {"text": ["Safe community"]}
    assert copied(page)[0][0]["title"] == "Safe community"


def test_answers_settle_it_and_stand_in_the_address(opened, words):
    page = opened(text="Access to parks")
    assert words(page.verdict.value).endswith("The questions below tell it apart.")
    assert (page.entry.value, page.hints.value) == ("", "")
    page.questions["countable"].value = "yes"
    page.questions["everyone"].value = "no"
    assert "This reads like a performance measure" in page.verdict.value
    again = opened(**{name: values[0] for name, values in query(page).items()})
    assert again.verdict.value == page.verdict.value
    page.questions["everyone"].value = "yes"
    assert "This reads like an indicator" in page.verdict.value


def test_an_answer_that_there_is_not_is_left_out(opened):
    page = opened(text="Crime rate", countable="perhaps", other="x")
    assert query(page) == {"text": ["Crime rate"]}
    assert page.questions["countable"].value == ""


def test_row_129_a_means_is_warned_of_and_gives_no_entry(opened, words):
    page = opened(text="Collaboration")
    assert "This reads like none of the three" in page.verdict.value
    assert "Look at this again. 'Collaboration' is a means and not an end." in words(
        page.hints.value
    )
    assert page.entry.value == ""


def test_row_124_an_outcome_with_a_number_gives_no_entry(opened, words):
    page = opened(text="Safe for 90 days")
    page.last.value = "outcome"
    assert "This cannot be entered. '90' is a number or a unit" in words(page.hints.value)
    assert "It cannot be entered as it stands." in page.entry.value
    assert copied(page) == []


def test_the_person_has_the_last_word(opened, words):
    page = opened(text="Number of children in care")
    page.last.value = "indicator"
    assert "Say why, and in which role" in page.entry.value
    page.reason.value, page.role.value = "It stands for families", "Head of performance"
    decision, entry = copied(page)
    (last,) = decision["items"].values()
    assert (last["kind"], last["text"], last["role"]) == (
        "indicator",
        "Number of children in care",
        "Head of performance",
    )
    assert list(entry) == ["number_of_children_in_care"]
    assert "Head of performance" not in page.closing.value


def test_row_123_a_word_alone_is_explained(opened, words):
    page = opened(text="Goals")
    assert words(page.said.value) == "“Goals” is a word for an outcome here. Type what yours says."


def test_nothing_typed_is_asked_for(opened, words):
    page = opened(text=" ")
    assert words(page.said.value) == "Type a wording first, such as “Crime rate”."
    assert (page.verdict.value, page.entry.value) == ("", "")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> 5", '"><b>', "&amp; % of all", "x" * 9000]
)
def test_what_is_typed_stays_text(opened, text):
    page = opened(text=text)
    for region in (page.said, page.verdict, page.hints, page.entry, page.closing):
        assert not re.search(r"<script|<b>", region.value)
    assert max(map(len, re.findall("x+", page.verdict.value)), default=0) <= MOST


def test_a_wording_that_is_too_long_is_said_to_be_cut(opened, words):
    page = opened(text="x" * 301)
    assert words(page.said.value) == (
        "This has 301 letters, and only the first 300 are read: make it shorter."
    )
    page.text.value = "x" * 300
    assert page.said.value == ""


def test_another_wording_has_no_answers_kind_or_reason_of_the_one_before(opened, words):
    page = opened(text="Access to parks", countable="yes", everyone="no")
    assert "This reads like a performance measure" in page.verdict.value
    page.last.value, page.reason.value, page.role.value = "outcome", "It is theirs", "Officer"
    page.text.value = "Safe community"
    assert "This reads like an outcome" in page.verdict.value
    assert query(page) == {"text": ["Safe community"]}
    assert [control.value for control in (*page.questions.values(), page.last, page.reason)] == [
        ""
    ] * 5
    assert page.role.value == "Officer"
    assert len(copied(page)) == 1


def test_the_last_word_is_what_is_spoken(opened):
    page = opened(text="Homes for 90 days")
    page.last.value = "outcome"
    assert heard(page) == "You say that it is an outcome. It cannot be entered as it stands."
    page.last.value = "indicator"
    assert heard(page) == "You say that it is an indicator."


def test_what_stands_to_copy_is_plain_text_and_no_stop_of_the_keyboard(opened):
    assert re.findall("<pre[^>]*>", opened().entry.value) == ["<pre>"]


def test_marked_words_are_marked_once():
    assert marked("a <b> c", [(0, 1), (2, 5), (4, 5)]) == "<mark>a</mark> <mark>&lt;b&gt;</mark> c"
    assert marked("", []) == ""
