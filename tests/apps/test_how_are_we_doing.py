import re
import tempfile
from html import escape
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from outcomes.apps.how_are_we_doing import ALONE, how_are_we_doing
from outcomes.baseline import load_baseline
from outcomes.errors import DataError, ParameterError
from outcomes.narrative import say_headline, say_position
from outcomes.tables import table_positions

REGIONS = ("summary", "scorecard", "own", "within", "files", "published")
NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "apps" / "how_are_we_doing.ipynb"


@pytest.fixture
def app(settings):
    return how_are_we_doing(**settings)


@pytest.fixture
def asked(settings, monkeypatch):
    """Return an opener of the app at an address."""

    def open_at(query: str):
        monkeypatch.setenv("QUERY_STRING", query)
        return how_are_we_doing(**settings)

    return open_at


def mark(app) -> str:
    return re.search(r'data-query="([^"]*)"', app.controls.closing.value)[1].replace("&amp;", "&")


def spoken(app) -> str:
    return re.search(r'data-words="([^"]*)"', app.controls.closing.value)[1]


def table_cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", html)[1:]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in cells]


class TestFirstAnswer:
    def test_it_says_what_the_published_page_says(self, app, words):
        baseline = load_baseline(app.controls.page)
        assert "Is there sustainable economic growth for Tarrowshire" in words(app.summary.value)
        assert "Sample data, not a real place." in words(app.summary.value)
        for sentence in say_headline(baseline):
            assert sentence in words(app.summary.value)
        expected = [
            [escape(cell) for cell in row] for row in table_positions(baseline).frame.values
        ]
        assert table_cells(app.scorecard.value) == expected

    def test_the_most_pertinent_indicator_is_shown_with_all_there_is_of_it(self, app, words):
        baseline = load_baseline(app.controls.page)
        first = baseline.by_pertinence()[0]
        assert app.indicator.value == first.indicator_id
        for sentence in say_position(first):
            assert sentence in words(app.own.value)
        assert app.own.value.count("<figure") == 2
        assert app.within.value.count("<figure") == 2
        for html in (app.own.value, app.within.value):
            assert html.count("<img") == html.count('alt="') == html.count("<details>")
        assert first.source.publisher in words(app.own.value)
        for caveat in first.indicator.caveats:
            assert caveat in words(app.own.value)

    def test_the_address_names_every_choice(self, app):
        assert mark(app) == (
            "framework=essex_2014&outcome=economic_growth&locality=X10000001&comparator=nation"
            f"&indicator={app.indicator.value}"
        )

    def test_in_a_notebook_there_is_no_button_without_a_script(self, app):
        assert "<button" not in app.scorecard.value
        assert "outputs" in app.published.value

    def test_it_shows_itself_in_a_cell(self, app):
        shown = app._repr_mimebundle_()
        assert app.widget.model_id == shown["application/vnd.jupyter.widget-view+json"]["model_id"]


class TestChoosing:
    def test_an_indicator_redraws_its_own_regions_alone(self, app, words):
        before = {name: getattr(app, name).value for name in REGIONS}
        app.indicator.value = "employment_rate"
        changed = {name for name in REGIONS if getattr(app, name).value != before[name]}
        assert changed == {"own", "within"}
        assert "Working-age people in employment in Tarrowshire" in words(app.own.value)
        assert mark(app).endswith("&indicator=employment_rate")
        assert spoken(app).startswith("Working-age people in employment in Tarrowshire, ")

    def test_the_indicator_stays_when_the_place_changes(self, app, words):
        app.indicator.value = "employment_rate"
        app.controls.locality.value = "Wexmoor"
        assert app.indicator.value == "employment_rate"
        assert "Working-age people in employment in Wexmoor" in words(app.own.value)
        assert app._page.locality == "X07000002"

    def test_an_outcome_without_the_indicator_shows_its_own(self, app):
        app.indicator.value = "employment_rate"
        app.controls.outcome.value = "environment"
        assert app.indicator.value in dict(app.indicator.options).values()
        assert app.controls.messages.value == ""

    def test_who_the_neighbours_are_is_told(self, app, words):
        app.controls.tree.value = "X07000002"
        app.controls.comparator.value = "similar_by_work_and_health"
        members = load_baseline(app._page).compared_with["area_name"]
        assert f"Which {len(members)} places Wexmoor is compared with" in words(app.summary.value)
        for name in members:
            assert name in words(app.summary.value)

    def test_nobody_to_compare_with_is_told(self, app, words):
        app.controls.comparator.value = "dfe_2025"
        assert (
            "the published list of DfE statistical neighbours, 2025 has no entry for Tarrowshire, so "
            "there is nobody to compare with"
        ) in words(app.summary.value)
        assert "<details" not in app.summary.value

    def test_a_day_shows_what_was_known_then(self, app, words):
        app.controls.as_of.value = "2025-12-31"
        assert "What was known on 31 December 2025" in words(app.summary.value)
        assert "&as_of=2025-12-31&" in mark(app)

    def test_a_place_without_a_figure_is_told_why(self, asked, words):
        page = "outcome=safe_communities&locality=X07000005&indicator=children_in_care"
        app = asked(page)
        (position,) = [
            p for p in load_baseline(app._page).positions if p.indicator_id == "children_in_care"
        ]
        assert position.missing in words(app.own.value)
        assert "<figure" not in app.own.value + app.within.value
        assert "There are no figures for" in words(app.within.value)

    def test_a_place_with_one_place_within(self, app, words):
        app.controls.tree.value = "X92000001"
        assert words(app.within.value) == (
            "How places differ There are no figures for regions in Alderland to be shown side by "
            "side."
        )

    def test_a_day_before_all_figures(self, app, words):
        app.controls.as_of.value = "1990-01-01"
        assert (
            "We hold no figure for any of the 14 indicators of this outcome in Tarrowshire yet."
        ) in words(app.summary.value)
        assert words(app.own.value) == (
            "There is no open series for an indicator of this outcome, so there is nothing to show "
            "here."
        )
        assert app.scorecard.value == app.within.value == ""
        assert app.indicator.disabled
        app.controls.as_of.value = ""
        assert not app.indicator.disabled
        assert "<figure" in app.own.value

    def test_a_framework_without_indicators(self, app, words):
        app.controls.framework.value = "portsmouth_8"
        assert (
            "No indicators have been chosen for this outcome yet, so nothing can be shown."
        ) in words(app.summary.value)
        assert app.indicator.options == ()

    def test_a_wrong_entry_leaves_the_last_right_view(self, app, words):
        before = {name: getattr(app, name).value for name in REGIONS}
        app.controls.locality.value = "<script>alert(1)</script>"
        assert {name: getattr(app, name).value for name in REGIONS} == before
        assert words(app.controls.messages.value) == (
            "There is no place '<script>alert(1)</script>' here; the list has all the places there "
            "are."
        )
        assert "<script" not in app.controls.messages.value

    def test_a_page_seen_before_is_not_worked_out_again(self, app, monkeypatch):
        first = app.summary.value
        app.controls.tree.value = "X07000001"
        monkeypatch.setattr("outcomes.apps.how_are_we_doing.load_trial", None)
        app.controls.tree.value = "X10000001"
        assert app.summary.value == first


class TestBeside:
    def test_two_places_stand_in_one_table_with_both_verdicts(self, app, words):
        app.controls.tree.value = "X07000001"
        app.beside.value = "X07000002"
        here = load_baseline(app._page)
        there = load_baseline(app._page.model_copy(update={"locality": "X07000002"}))
        own, other = table_positions(here).frame, table_positions(there).frame
        rows = table_cells(app.scorecard.value)
        assert [row[2] for row in rows] == [escape(v) for v in own.iloc[:, 2]]
        assert [row[4] for row in rows] == [escape(v) for v in other.iloc[:, 2]]
        for at, frame in ((3, own), (5, other)):
            expected = [f"{v} ({c})" for v, c in zip(frame["Compared"], frame.iloc[:, 3],
                                                     strict=True)]  # fmt: skip
            assert [row[at] for row in rows] == [escape(cell) for cell in expected]
        assert (
            "Each verdict compares a place with its own comparator. The two places are not tested "
            "against each other."
        ) in words(app.scorecard.value)
        assert mark(app).endswith("&beside=X07000002")
        assert "Beside it: Wexmoor compared with Alderland ." in words(app.summary.value)

    def test_the_indicator_is_drawn_for_both_and_places_of_one_county_once(self, app):
        app.controls.tree.value = "X07000001"
        once = app.within.value.count("<figure")
        app.beside.value = "X07000002"
        assert app.own.value.count("<figure") == 4
        assert app.own.value.index("Tarrowbridge") < app.own.value.index("Wexmoor")
        assert app.within.value.count("<figure") == once

    def test_alone_again(self, app):
        before = app.scorecard.value
        app.beside.value = "X07000002"
        app.beside.value = ""
        assert app.scorecard.value == before
        assert "beside" not in mark(app)

    def test_only_other_places_of_the_same_figures_are_offered(self, app):
        offered = dict(app.beside.options)
        assert offered[ALONE] == ""
        assert set(map(len, offered.values())) == {0, 9}
        assert all(code.startswith("X") for code in offered.values() if code)
        assert "X10000001" not in offered.values()

    def test_choosing_the_other_place_as_the_page_s_own_ends_it(self, app, words):
        app.beside.value = "X07000002"
        app.controls.tree.value = "X07000002"
        assert app.beside.value == ""
        assert words(app.controls.messages.value) == (
            "The other place is not shown any more: a place is not shown beside itself."
        )


class TestAddress:
    def test_the_whole_view_comes_back(self, app, asked):
        app.controls.tree.value = "X07000001"
        app.controls.comparator.value = "region"
        app.controls.as_of.value = "2026-Q3"
        app.beside.value = "X07000002"
        app.indicator.value = "employment_rate"
        again = asked(mark(app))
        assert again.controls.messages.value == ""
        assert mark(again) == mark(app)
        for name in ("summary", "own", "within"):
            assert getattr(again, name).value == getattr(app, name).value

    def test_served_it_has_buttons_and_the_published_page(self, asked):
        app = asked("indicator=employment_rate")
        labels = [escape(label, quote=True) for label, _ in app.indicator.options]
        assert re.findall(r'data-value="([^"]*)"', app.scorecard.value) == labels
        assert app.published.value == (
            '<p><a href="../published/find?framework=essex_2014&amp;outcome=economic_growth&amp;'
            'locality=X10000001&amp;comparator=nation">This page as published</a></p>'
        )

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("indicator=employment", "The address asks for indicator 'employment', which cannot be "
             "shown, so the usual one is shown instead. (this outcome has no such indicator)"),
            ("indicator=adult_obesity", "The address asks for indicator 'adult_obesity', which cannot "
             "be shown, so the usual one is shown instead. (this outcome has no such indicator)"),
            ("indicator=job_growth", "There are no figures yet on: Growth in jobs. Another indicator "
             "is shown."),
            ("beside=X10000001", "The address asks for beside 'X10000001', which cannot be shown, so "
             "the usual one is shown instead. (a place is not shown beside itself)"),
            ("beside=E07000076", "The address asks for beside 'E07000076', which cannot be shown, so "
             "the usual one is shown instead. (the two places do not belong to one set of figures)"),
            ("beside=Z", "The address asks for beside 'Z', which cannot be shown, so the usual one is "
             "shown instead. (there is no such place)"),
            ("outcome=overview", "The address asks for the page 'overview', which is published but is "
             "no live page; this page shows one outcome."),
        ],
    )  # fmt: skip
    def test_what_cannot_be_shown_is_told_and_the_usual_is_shown(
        self, app, asked, words, query, said
    ):
        again = asked(query)
        assert words(again.controls.messages.value) == said
        assert mark(again) == mark(app)

    def test_several_messages_stand_below_each_other(self, asked, words):
        app = asked("indicator=job_growth&comparator=nobody")
        said = words(app.controls.messages.value)
        assert said.startswith("The address asks for comparator 'nobody'")
        assert said.endswith(
            "There are no figures yet on: Growth in jobs. Another indicator is shown."
        )

    @pytest.mark.parametrize("name", ["framework", "outcome", "locality", "comparator", "as_of",
                                      "indicator", "beside"])  # fmt: skip
    def test_no_choice_in_the_address_becomes_html(self, app, asked, name):
        again = asked(f"{name}=<img src=x onerror=alert(1)>'\"")
        html = "".join(getattr(again, region).value for region in REGIONS)
        assert "<img src=x" not in html + again.controls.messages.value
        assert "<img src=x" not in again.controls.closing.value
        assert mark(again) == mark(app)

    def test_a_store_without_figures_is_told_in_words(self, settings, monkeypatch, words):
        def empty(page):
            raise DataError("The store is empty.")

        monkeypatch.setattr("outcomes.apps.how_are_we_doing.load_trial", empty)
        app = how_are_we_doing(**settings)
        assert words(app.controls.messages.value) == "The store is empty."
        app._prepare("csv")
        assert words(app.controls.messages.value) == "There is nothing here to be saved."

    def test_settings_that_are_not_right_stop_the_notebook(self, settings):
        with pytest.raises(ParameterError):
            how_are_we_doing(**settings | {"outcome": "growth"})


class TestNotebook:
    def test_it_is_three_cells_with_its_name_for_the_front_page(self):
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        nbformat.validate(notebook)
        assert [cell.cell_type for cell in notebook.cells] == ["code"] * 3
        assert notebook.cells[0].metadata.tags == ["parameters"]
        assert notebook.cells[2].source == "app"
        assert notebook.metadata.kernelspec.name == "outcomes"
        assert notebook.metadata.outcomes.title == "How are we doing?"

    @pytest.mark.slow
    def test_it_runs_from_its_own_folder(self, settings, home, monkeypatch):
        monkeypatch.delenv("OUTCOMES_HOME")
        path = home / "notebooks" / "apps" / NOTEBOOK.name
        notebook = nbformat.read(path, as_version=4)
        sockets = Path(tempfile.mkdtemp()) / "kernel"
        NotebookClient(
            notebook,
            timeout=120,
            resources={"metadata": {"path": str(path.parent)}},
            config=Config({"KernelManager": {"transport": "ipc", "ip": str(sockets)}}),
        ).execute()
        outputs = [output for cell in notebook.cells for output in cell.outputs]
        assert [o.output_type for o in outputs] == ["execute_result"]
        assert "application/vnd.jupyter.widget-view+json" in outputs[0].data
