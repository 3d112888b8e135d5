"""The web pages of a run: each stands alone, says what it is about, and links to the others."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.slow

NOTICE = "sample data, not a real place"
PAGES = {
    "X07000001/independent_living--nation.html": "People in Tarrowshire can live independently and "
    f"exercise control over their lives: Tarrowbridge compared with Alderland ({NOTICE})",
    "X10000001/independent_living--nation.html": "People in Tarrowshire can live independently and "
    f"exercise control over their lives: Tarrowshire compared with Alderland ({NOTICE})",
    "index.html": "The fictional county of Tarrowshire and its districts, every outcome, beside "
    f"the nation ({NOTICE})",
}


@dataclass
class Reading(HTMLParser):
    """The elements of a web page, in order, and its title."""

    tags: list[tuple[str, dict]] = field(default_factory=list)
    title: str = ""

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "title":
            self.title += data.strip()

    def values(self, name: str, *, but: str = "") -> list[str]:
        return [attrs[name] for tag, attrs in self.tags if name in attrs and tag != but]

    def links(self) -> list[str]:
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]


@pytest.fixture(params=PAGES)
def page(request, finished) -> tuple[Path, str, Reading]:
    """One web page of the finished run: where it is, its text, and its elements."""
    path = finished.folder / request.param
    text = path.read_text(encoding="utf-8")
    reading = Reading()
    reading.feed(text)
    return path, text, reading


def test_there_is_a_web_page_of_each_page(finished):
    assert set(finished.web_pages()) == set(PAGES)


def test_a_web_page_asks_for_nothing_else(page):
    _, text, reading = page
    names = {tag for tag, _ in reading.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "base", "source", "video"}
    assert [value[:20] for value in reading.values("src") if not value.startswith("data:")] == []
    assert reading.values("href", but="a") == []
    assert reading.values("srcset") == []
    (style,) = re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL)
    assert "@import" not in style
    assert "url(" not in style
    for picture in reading.values("src"):
        drawn = unquote(picture)
        assert not re.findall(r"href=\"(?!#)", drawn)
        assert "<image" not in drawn


def test_a_web_page_has_a_language_a_title_and_its_notice(page, finished):
    path, text, reading = page
    assert text.startswith("<!DOCTYPE html>")
    assert reading.tags[0] == ("html", {"lang": "en-GB"})
    assert reading.title == PAGES[path.relative_to(finished.folder).as_posix()]
    notice = '<p class="notice"><strong>Sample data, not a real place.</strong></p>'
    assert text.count(notice) == 1
    assert [tag for tag, _ in reading.tags].count("h1") == 1


def test_a_web_page_shows_no_code_and_no_fault(page):
    _, text, reading = page
    for words in ("nb.open_page", "from outcomes", "Traceback", "<pre", "papermill", "In&nbsp;["):
        assert words not in text
    classes = " ".join(reading.values("class")).split()
    assert not {"input", "highlight", "code_cell", "jp-Cell", "prompt"} & set(classes)


def test_every_picture_has_words_in_its_stead(page):
    _, _, reading = page
    alternatives = [attrs.get("alt", "") for tag, attrs in reading.tags if tag == "img"]
    assert all(len(words) > 20 for words in alternatives)


def test_every_link_leads_somewhere(page):
    path, _, reading = page
    ids = set(reading.values("id"))
    for link in reading.links():
        if link.startswith("#"):
            assert link[1:] in ids
        elif not re.match(r"https?://", link):
            assert (path.parent / link).is_file(), link


def test_the_index_links_every_page(finished):
    reading = Reading()
    reading.feed((finished.folder / "index.html").read_text(encoding="utf-8"))
    pages = {link for link in reading.links() if not link.startswith("#")}
    assert pages == set(finished.web_pages()) - {"index.html"}


def test_the_index_says_what_there_is_and_what_was_not_made(finished):
    text = (finished.folder / "index.html").read_text(encoding="utf-8")
    assert "2 pages: 2 places and 7 outcomes." in text
    assert text.count('<td data-label="Best start">not made</td>') == 2
    assert text.count("<p>No page was made of this outcome.</p>") == 6
    assert "Pages that could not be made" not in text


def test_a_web_page_says_how_it_was_made(finished):
    text = (finished.folder / "X07000001/independent_living--nation.html").read_text("utf-8")
    data_version = finished.manifest()["data"]["sample"]["version"]
    assert (
        "<p>Made by the Outcomes Workbench for the run \N{LEFT SINGLE QUOTATION MARK}The fictional "
        "county of Tarrowshire and its districts, every outcome, beside the nation"
        f"\N{RIGHT SINGLE QUOTATION MARK}; version of the figures: {data_version}.</p>"
    ) in text
