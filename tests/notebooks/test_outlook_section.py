"""The section 'Where are we heading?' as it is put on a page."""

import re
import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from outcomes import notebook as nb
from outcomes.model import Baseline, Entry, Framework, Outcome, Page, Pertinence, Place
from outcomes.notebook import display
from outcomes.notebook.outlook import shown_ahead

outlooks = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "outlooks.py")))
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
OUTCOMES = [NOTEBOOKS / "_template.ipynb", *sorted(NOTEBOOKS.glob("outcomes/*.ipynb"))]


@pytest.fixture
def shown(monkeypatch):
    """Return the HTML that is displayed, piece by piece."""
    pieces = []
    monkeypatch.setattr(display, "display", lambda html: pieces.append(html.data))
    return pieces


def make_baseline(*positions, influence=None) -> Baseline:
    entry = Entry(number="1.1", indicator="people_in_work", wording="People in work")
    outcome = Outcome(
        id="work", number=1, title="Good work", short="Work", question="How is work in {area}?",
        entries=[entry], influence=influence,
    )  # fmt: skip
    framework = Framework(
        id="own", title="Ours", area="Anytown", source="a document", outcomes=[outcome]
    )
    page = Page(framework="own", outcome="work", locality="X10000001", comparator="nation")
    place = Place(code="X10000001", name="Anytown", level="county")
    return Baseline(
        page=page, framework=framework, outcome=outcome, place=place, around=(),
        comparator_label="the nation", positions=positions, gaps=(), population=None, notice="",
        data_version="abc123",
    )  # fmt: skip


@pytest.fixture
def titled(make_position):
    def make(title, *, body=True, **changes):
        outlook = outlooks.make_outlook(**changes)
        return make_position(
            indicator={"title": title}, outlook=outlook, pertinence=Pertinence(body, "")
        )

    return make


def headings(pieces) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", "".join(pieces))


def test_everything_stands_in_order(shown, make_position):
    nb.show_outlook(make_baseline(make_position(outlook=outlooks.make_outlook())))
    html = "".join(shown)
    marks = (
        "<p>Of the one indicator here, ", "This is what to expect if the forces at work go on", "Where Anytown is heading",
        'data-label="How far to believe it">Seriously',
        "<h3>People in work: what lies ahead</h3>", "the figure for 2026 would be 79.9% at the good end",
        "Is that acceptable? No (the board",        "Tested on 340 forecasts", "<figure", "<summary>How forecasts of the past held",
        "<h4>Target</h4>", "<p>The target is at least 80.0%", "<li>The last figure due by then",
        "<li>If things go on as they are", "<li>Meeting it takes",
        "<summary>How chances given to past targets held", "<h4>Scenarios</h4>", "Scenarios are assumptions",
        "scenarios for 2028", "<h4>Since an earlier forecast</h4>", "The curve has turned",
        "<summary>Every later figure beside that forecast", "the forecast made on 1 April",
        "Source: Office", "Targets for Anytown", "What the scenarios for Anytown assume",
        "What could stop the scenarios", "<summary>How to read forecasts",
    )  # fmt: skip
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)


def test_without_any_outlook_one_plain_sentence(shown, make_position):
    nb.show_outlook(make_baseline(make_position()))
    assert shown == ["<p>No forecast has been worked out for the indicators of this outcome.</p>"]


def test_at_most_four_charts_and_those_with_targets_first(shown, titled):
    bare = {"targets": (), "trajectories": (), "scenarios": (), "register": ()}
    positions = [titled(f"Bare {i}", **bare) for i in range(4)] + [titled("Aimed")]
    baseline = make_baseline(*positions)
    nb.show_outlook(baseline)
    names = ["Aimed", "Bare 0", "Bare 1", "Bare 2"]
    assert headings(shown) == [f"{name}: what lies ahead" for name in names]
    assert "".join(shown).count("<figure") == 4
    assert [p.indicator.title for p in shown_ahead(baseline)] == names


def test_the_appendix_is_in_the_table_alone(shown, titled):
    bare = {"targets": (), "trajectories": (), "scenarios": (), "register": ()}
    nb.show_outlook(make_baseline(titled("Shown"), titled("Folded", body=False, **bare)))
    assert headings(shown) == ["Shown: what lies ahead"]
    assert '<th scope="row">Folded</th>' in shown[2]


def test_what_people_aim_at_is_shown_even_from_the_appendix_and_first(shown, titled):
    bare = {"targets": (), "trajectories": (), "scenarios": (), "register": ()}
    aimed = titled("Aimed", body=False)
    baseline = make_baseline(titled("Shown", **bare), titled("Folded", body=False, **bare), aimed)
    nb.show_outlook(baseline)
    assert headings(shown) == ["Aimed: what lies ahead", "Shown: what lies ahead"]


@pytest.mark.parametrize(("influence", "times"), [("low", 1), ("high", 0), (None, 0)])
def test_the_warning_stands_where_influence_is_low(shown, titled, influence, times):
    nb.show_outlook(make_baseline(titled("Shown"), influence=influence))
    assert "".join(shown).count("<strong>The partners have little influence") == times


def test_a_forecast_without_record_has_a_reason_and_no_chart(shown, titled):
    forecast = outlooks.make_forecast(record=None)
    nb.show_outlook(make_baseline(titled("Shown", forecast=forecast)))
    html = "".join(shown)
    assert "<p>Baseline incomplete: no forecast, because nobody has tested it.</p>" in html
    assert "<figure" not in html
    assert "How forecasts of the past held" not in html


def test_nothing_is_shown_of_what_there_is_not(shown, titled):
    bare = {"targets": (), "trajectories": (), "scenarios": (), "register": (), "turning": None}
    nb.show_outlook(make_baseline(titled("Shown", **bare, judgement=None)))
    html = "".join(shown)
    for words in ("<h4>", "The target is", "Scenarios are", "The curve has", "Targets for"):
        assert words not in html


def test_the_last_round_stands_after_the_forecast_to_beat(shown, titled):
    last = outlooks.make_turning(origin="2022")
    nb.show_outlook(make_baseline(titled("Shown", last_round=last)))
    html = "".join(shown)
    assert html.count("<summary>Every later figure beside that forecast") == 2
    assert html.index("The curve has turned") < html.index("The forecast before this one, made on")


def test_a_proxy_is_called_so_under_the_title_of_both_its_sections(shown, titled):
    position = replace(titled("Shown"), proxy="Work & pay go together.")
    nb.show_outlook(make_baseline(position))
    nb.show_indicators(make_baseline(position))
    assert "".join(shown).count("<p>A proxy: Work &amp; pay go together.</p>") == 2


def test_no_forecast_gives_way_to_those_that_have_one(shown, titled):
    bare = {"targets": (), "trajectories": (), "scenarios": (), "register": ()}
    none = outlooks.make_forecast(points=outlooks.make_points(0), reason="too few")
    empty = titled("Empty", forecast=none, **bare)
    nb.show_outlook(make_baseline(empty, titled("Bare", **bare), titled("Aimed")))
    assert headings(shown) == [f"{name}: what lies ahead" for name in ("Aimed", "Bare", "Empty")]


def test_what_people_wrote_is_escaped(shown, titled):
    judged = outlooks.make_outlook().judgement.model_copy(update={"reason": "a <b> & c"})
    position = titled("Work & <pay>", judgement=judged)
    nb.show_outlook(make_baseline(replace(position)))
    html = "".join(shown)
    assert "A &lt;b&gt; &amp; c" in html
    assert "<h3>Work &amp; &lt;pay&gt;: what lies ahead</h3>" in html
    assert "<pay>" not in html


@pytest.mark.parametrize("path", OUTCOMES, ids=lambda path: path.stem)
def test_every_outcome_notebook_has_the_section_after_what_lies_behind(path):
    cells = nbformat.read(path, as_version=4).cells
    said = [c.source for c in cells if c.source.startswith("## ") or "show_outlook" in c.source]
    at = said.index("## Where are we heading?")
    assert said[at - 1] == "## What lies behind the figures"
    assert said[at + 1 : at + 3] == ["nb.show_outlook(baseline)", "## What we do not know"]
