"""The web pages of a run: each stands alone, says what it is about, and links to the others."""

import os
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import yaml
from nbformat.v4 import new_markdown_cell, new_notebook

from outcomes.batch.execute import PageResult
from outcomes.batch.publish import render
from outcomes.batch.site import publish_site
from outcomes.model import RunRequest
from outcomes.parameters import load_parameters

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


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.slow) for name in PAGES])
def page(request, finished) -> tuple[Path, str, Reading]:
    """One web page of the finished run: where it is, its text, and its elements."""
    path = finished.folder / request.param
    text = path.read_text(encoding="utf-8")
    reading = Reading()
    reading.feed(text)
    return path, text, reading


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_index_links_every_page(finished):
    reading = Reading()
    reading.feed((finished.folder / "index.html").read_text(encoding="utf-8"))
    pages = {link for link in reading.links() if not link.startswith("#")}
    assert pages == set(finished.web_pages()) - {"index.html"}


@pytest.mark.slow
def test_the_index_says_what_there_is_and_what_was_not_made(finished):
    text = (finished.folder / "index.html").read_text(encoding="utf-8")
    assert "2 pages: 2 places and 7 outcomes." in text
    assert text.count('<td data-label="Best start">not made</td>') == 2
    assert text.count("<p>No page was made of this outcome.</p>") == 6
    assert "Pages that could not be made" not in text


@pytest.mark.slow
def test_a_web_page_says_how_it_was_made(finished):
    text = (finished.folder / "X07000001/independent_living--nation.html").read_text("utf-8")
    data_version = finished.manifest()["data"]["sample"]["version"]
    assert (
        "<p>Made by the Outcomes Workbench for the run \N{LEFT SINGLE QUOTATION MARK}The fictional "
        "county of Tarrowshire and its districts, every outcome, beside the nation"
        f"\N{RIGHT SINGLE QUOTATION MARK}; version of the figures: {data_version}.</p>"
    ) in text


OUTCOMES = ("overview", "best_start", "safe_communities")


@dataclass
class Site:
    """A folder with rendered pages, and what is needed to put its site together."""

    folder: Path
    pages: list[PageResult]

    def publish(self, **changes) -> None:
        localities = tuple(dict.fromkeys(page.page["locality"] for page in self.pages))
        asked = {"title": "Ours", "framework": "essex_2014", "comparators": ("nation",)}
        request = RunRequest(**asked | {"localities": localities} | changes)
        publish_site(self.folder, load_parameters(), request, self.pages)

    def path(self, page: PageResult) -> Path:
        return self.folder / f"{page.name}.html"

    def index(self) -> Reading:
        reading = Reading()
        reading.feed((self.folder / "index.html").read_text(encoding="utf-8"))
        return reading


@pytest.fixture
def make_site(own_home, tmp_path):
    """Return a maker of a site whose pages were rendered and are not yet finished."""

    def make(codes: list[str], outcomes: tuple[str, ...] = OUTCOMES, *, words="Words") -> Site:
        notebook = new_notebook(cells=[new_markdown_cell(words)])
        html = render(notebook, title="A page", notice="")
        site = Site(tmp_path / "site", [])
        for code in codes:
            for outcome in outcomes:
                asked = {"framework": "essex_2014", "outcome": outcome, "locality": code}
                asked |= {"comparator": "nation", "as_of": ""}
                page = PageResult(
                    f"{code}/{outcome}--nation", asked, "a.ipynb", 1.0, title="A page",
                    data_version="abc")  # fmt: skip
                site.path(page).parent.mkdir(parents=True, exist_ok=True)
                site.path(page).write_text(html, encoding="utf-8")
                site.pages.append(page)
        return site

    return make


@pytest.fixture
def many_places(own_home) -> list[str]:
    """The codes of the sample's districts and of fifty more, added to the project's places."""
    path = own_home / "parameters" / "places.yml"
    places = yaml.safe_load(path.read_text(encoding="utf-8"))
    tree = places["trees"]["sample"]["places"]
    for number in range(50):
        name = f"{'ZEBO'[number % 4]}{'aeiou'[number % 5]}borough {number}"
        place = {"code": f"X0800{number:04d}", "name": name, "level": "district"}
        tree.append(place | {"parent": "X10000001"})
    path.write_text(yaml.safe_dump(places), encoding="utf-8")
    return [place["code"] for place in tree if place["level"] == "district"]


class TestPuttingTogether:
    def test_each_page_gets_the_others_of_its_place_in_order(self, make_site):
        site = make_site(["X10000001", "X07000001"])
        site.publish()
        text = site.path(site.pages[1]).read_text(encoding="utf-8")
        links = re.findall(r'<li><a href="(.*?)">(.*?)</a></li>', text)
        assert links == [
            ("overview--nation.html", "All outcomes"),
            (
                "safe_communities--nation.html",
                "People in Tarrowshire live in safe communities and are protected from harm",
            ),
        ]
        assert text.count("version of the figures: abc.</p>") == 1

    def test_a_failed_page_is_linked_from_nowhere_and_listed_with_its_reason(self, make_site):
        site = make_site(["X10000001"])
        failed = site.pages[1] = replace(site.pages[1], error="it <broke>")
        site.path(failed).unlink()
        site.publish()
        for path in site.folder.rglob("*.html"):
            assert f"{failed.name.split('/')[1]}.html" not in path.read_text(encoding="utf-8")
        index = (site.folder / "index.html").read_text(encoding="utf-8")
        assert (
            "<li>Tarrowshire, Children in Tarrowshire get the best start in life: it "
            "&lt;broke&gt;</li>"
        ) in index
        assert not site.path(failed).exists()

    def test_what_stays_the_same_is_not_touched(self, make_site):
        site = make_site(["X10000001"])
        site.publish()
        before = {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in site.folder.rglob("*.html")}
        assert len(before) == 4
        site.publish()
        assert {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in before} == before

    def test_a_page_that_another_run_holds_as_well_stays_as_it_was_there(self, make_site, tmp_path):
        site = make_site(["X10000001"])
        site.publish()
        held = tmp_path / "held.html"
        os.link(site.path(site.pages[0]), held)
        before = held.read_bytes()
        site.publish(title="Theirs")
        assert held.read_bytes() == before
        assert b"Theirs" in site.path(site.pages[0]).read_bytes()
        assert [p.name for p in site.folder.rglob("*.partial")] == []

    @pytest.mark.parametrize("old", [None, "<html>from an earlier version</html>"])
    def test_a_page_that_cannot_be_finished_is_rendered_from_its_notebook(self, make_site, old):
        site = make_site(["X10000001"], ("best_start",), words="Not these")
        (page,) = site.pages
        site.path(page).unlink()
        if old:
            site.path(page).write_text(old, encoding="utf-8")
        nbformat.write(
            new_notebook(cells=[new_markdown_cell("Kept words")]),
            site.folder / f"{page.name}.ipynb",
        )
        site.publish()
        text = site.path(page).read_text(encoding="utf-8")
        assert "<p>Kept words</p>" in text
        assert "version of the figures: abc.</p>" in text

    def test_a_thousand_pages_are_put_together(self, make_site, many_places):
        site = make_site(many_places, OUTCOMES, words="words " * 20_000)
        spare = [replace(page, name=f"{page.name}-{n}") for page in site.pages for n in range(6)]
        text = site.path(site.pages[0]).read_text(encoding="utf-8")
        for page in spare:
            site.path(page).write_text(text, encoding="utf-8")
        site.pages = spare
        site.publish()
        assert len(spare) == 1116
        assert "version of the figures" in site.path(spare[-1]).read_text(encoding="utf-8")


class TestTheIndexOfManyPlaces:
    def test_places_stand_by_letter_each_to_be_opened(self, make_site, many_places):
        site = make_site(many_places)
        site.publish()
        text = (site.folder / "index.html").read_text(encoding="utf-8")
        letters = re.findall(r"<summary>(.*?)</summary>", text)
        assert letters[0] == "B: Baborough 10 to Buborough 34, 12 places"
        assert [name[0] for name in letters] == sorted({name[0] for name in letters})
        assert "C: Coldwater Vale, 1 place" in letters
        assert sum(int(name.split()[-2]) for name in letters) == len(many_places) == 62
        assert text.count("<caption>") == len(letters)
        assert "<caption>B. How many figures each place has" in text
        assert "186 pages: 62 places and 7 outcomes. Open a letter, then choose a place" in text

    def test_every_page_is_linked_once_and_every_link_leads_somewhere(self, make_site, many_places):
        site = make_site(many_places)
        site.publish()
        index = site.index()
        links = [link for link in index.links() if not link.startswith("#")]
        assert sorted(links) == sorted(f"{page.name}.html" for page in site.pages)
        ids = {attrs["id"] for _, attrs in index.tags if "id" in attrs}
        assert {link[1:] for link in index.links() if link.startswith("#")} <= ids

    def test_pages_on_evidence_unfold_too(self, make_site, many_places):
        site = make_site(many_places, ("evidence",))
        site.publish()
        text = (site.folder / "index.html").read_text(encoding="utf-8")
        assert "<summary>What evidence there is, place by place</summary>" in text
        assert text.count("/evidence--nation.html") == 62

    def test_with_several_comparators_each_has_a_heading(self, make_site, many_places):
        site = make_site(many_places)
        site.publish(comparators=("nation", "parent"))
        headings = re.findall(r"<h[1-6].*?>(.*?)</h", (site.folder / "index.html").read_text())
        assert headings[:2] == ["Ours", "By place"]
        assert [heading[:14] for heading in headings[2:]] == ["Compared with "] * 2

    def test_few_places_stand_unfolded_with_their_outcomes(self, make_site):
        site = make_site(["X10000001", "X07000001"])
        site.publish()
        tags = [tag for tag, _ in site.index().tags]
        assert "details" not in tags
        assert tags.count("table") == 1
        assert tags.count("section") == 7
