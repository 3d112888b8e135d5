"""How are we doing? One outcome of one place, and of another beside it if a visitor wants."""

from functools import lru_cache
from html import escape

from ipywidgets import HTML, Button, VBox

from outcomes.apps.address import (
    Choices,
    check_indicator,
    defaults_for,
    other_page,
    read_address,
    served,
    write_address,
)
from outcomes.apps.controls import Controls, dropdown, offer, row
from outcomes.apps.downloads import File, chart_file, table_file
from outcomes.apps.indicator import (
    NO_INDICATOR,
    brief_html,
    first_choice,
    indicator_labels,
    own_html,
    position_of,
    say_briefly,
    within_html,
)
from outcomes.apps.parts import download
from outcomes.apps.scorecard import scorecard_html, summary_html
from outcomes.baseline.load import load_outlines, load_trial
from outcomes.errors import OutcomesError, ParameterError
from outcomes.model import Baseline, Page, Position
from outcomes.notebook.page import LAB_STYLE, title
from outcomes.parameters import load_parameters

KEPT = 6
"""Pages whose results are kept, so that a visitor goes back at once."""
ALONE = "no other place"
FILES = {
    "csv": "Table as CSV",
    "xlsx": "Table as Excel",
    "svg": "Chart as SVG",
    "png": "Chart as PNG",
}
STYLE = f"""
{LAB_STYLE}
.outcomes-columns {{ display: grid; gap: 0 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)) }}
.outcomes-columns > * {{ min-width: 0 }}
"""


def how_are_we_doing(**settings: str) -> "HowAreWeDoing":
    """Return the live page for a notebook's settings, or for what its address asks instead.

    Raises
    ------
    ParameterError
        If the settings themselves are not right.
    """
    further = {"indicator": check_indicator, "beside": _checked_place}
    return HowAreWeDoing(read_address(defaults_for(settings), further=further))


def _checked_place(value: str, page: Page) -> str:
    places = load_parameters().places
    if value not in places.by_code():
        raise ParameterError("there is no such place")
    if value == page.locality:
        raise ParameterError("a place is not shown beside itself")
    if places.store_of(value) != places.store_of(page.locality):
        raise ParameterError("the two places do not belong to one set of figures")
    return value


class HowAreWeDoing:
    """A live page on one outcome: the scorecard, one indicator closely, another place beside.

    Attributes
    ----------
    controls : Controls
        The choosers of the page.
    indicator, beside : ipywidgets.Dropdown
        Which indicator is shown closely, and which place beside the page's own.
    summary, brief, scorecard, own, within, files : ipywidgets.HTML
        The answer, region by region.
    """

    def __init__(self, choices: Choices) -> None:
        self._load = lru_cache(KEPT)(lambda page: load_trial(page).baseline)
        self._outlines = lru_cache(KEPT)(lambda codes: load_outlines(self._page, codes))
        self._silent = False
        self._baselines: list[Baseline] = []
        self.indicator = dropdown("Indicator", [], "indicator")
        self.beside = dropdown("Beside another place", [(ALONE, "")], "beside")
        self.controls = Controls(choices, changed=self._turn, more=(self.beside,))
        self.summary, self.brief, self.scorecard, self.within, self.files = (
            HTML() for _ in range(5)
        )
        # It takes the focus when a row's button has chosen an indicator, and is not redrawn itself.
        self.own = HTML(tabbable=False).add_class("outcomes-indicator-answer")
        self.published = HTML()
        self.widget = self._laid_out()
        self.indicator.observe(self._indicator_chosen, "value")
        self.beside.observe(self._beside_chosen, "value")
        self._begin(choices)

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)

    def _button(self, ending: str, label: str) -> Button:
        button = Button(description=label).add_class("outcomes-prepare")
        button.on_click(lambda _: self._prepare(ending))
        return button

    def _laid_out(self) -> VBox:
        return VBox(
            [
                HTML(f"<style>{STYLE}</style>"),
                self.controls.widget,
                self.summary,
                self.brief,
                self.scorecard,
                HTML("<h2>One indicator closely</h2>"),
                row(self.indicator),
                self.own,
                self.within,
                HTML("<h2>Take it with you</h2>"),
                row(*(self._button(ending, label) for ending, label in FILES.items())),
                self.files,
                self.published,
                self.controls.closing,
            ]
        ).add_class("outcomes-app")

    def _begin(self, choices: Choices) -> None:
        """Give the first answer; say why where there is none."""
        try:
            self._turn(indicator=choices.further["indicator"], beside=choices.further["beside"])
        except OutcomesError as error:
            self.controls.also_say(str(error))
            self.controls.answered("How are we doing?")

    @property
    def _page(self) -> Page:
        return self.controls.page

    def _turn(self, *, indicator: str | None = None, beside: str | None = None) -> None:
        """Show the page that was chosen, with the indicator and the other place if they fit it."""
        indicator = self.indicator.value if indicator is None else indicator
        beside = self.beside.value if beside is None else beside
        if beside and not self._fits(beside):
            beside = ""
        baselines = [self._load(self._page)]
        if beside:
            baselines.append(self._load(self._page.model_copy(update={"locality": beside})))
        self._baselines = baselines
        labels = indicator_labels(baselines[0])
        if indicator not in labels:
            self._say_missing(indicator)
            indicator = first_choice(baselines[0])
        self._offer(labels, indicator, beside)
        self.summary.value = summary_html(baselines)
        self.scorecard.value = scorecard_html(baselines, labels)
        self._show_indicator()
        self._answered(f"{title(baselines[0])}. {self._brief()}")

    def _fits(self, place: str) -> bool:
        try:
            return bool(_checked_place(place, self._page))
        except ParameterError as error:
            self.controls.also_say(f"The other place is not shown any more: {error}.")
            return False

    def _say_missing(self, indicator: str | None) -> None:
        """Say that the page has no figures for an indicator that the address asks for."""
        known = load_parameters().indicators
        asked = [entry.indicator for entry in self._baselines[0].outcome.entries]
        if indicator in asked:
            self.controls.also_say(
                f"There are no figures yet on: {known[indicator].title}. Another indicator is shown."
            )

    def _offer(self, labels: dict[str, str], indicator: str, beside: str) -> None:
        own, places = self._page.locality, load_parameters().places
        store = places.store_of(own)
        trees = (tree for tree in places.trees.values() if tree.store == store)
        fitting = {place.code for tree in trees for place in tree.places} - {own}
        others = [(words, code) for words, code in self.controls.tree.options if code in fitting]
        self._silent = True
        try:
            options = [(label, name) for name, label in labels.items()]
            offer(self.indicator, options, indicator or None)
            self.indicator.disabled = not options
            offer(self.beside, [(ALONE, ""), *others], beside)
        finally:
            self._silent = False

    def _indicator_chosen(self, _: dict) -> None:
        if not self._silent:
            self.controls.say()
            self._show_indicator()
            self._answered(self._brief())

    def _beside_chosen(self, _: dict) -> None:
        if not self._silent:
            self.controls.say()
            try:
                self._turn()
            except OutcomesError as error:
                self.controls.refuse(str(error))

    def _pairs(self) -> list[tuple[Baseline, Position]]:
        """Return each place's results with its position on the indicator; none without one."""
        pairs = [(found, position_of(found, self.indicator.value)) for found in self._baselines]
        return [(baseline, position) for baseline, position in pairs if position]

    def _show_indicator(self) -> None:
        pairs = self._pairs()
        self.files.value = ""
        self.brief.value = brief_html([position for _, position in pairs]) + self._ahead()
        self.own.value = own_html([position for _, position in pairs])
        self.within.value = within_html(pairs, self._outlines)

    def _ahead(self) -> str:
        """Return a link to what it would take to do better on the indicator."""
        words = "What would it take to change this? Try it on the page “Turn the curve”"
        named = self.indicator.value
        return other_page("turn_the_curve", words, self._page, named) if named else ""

    def _brief(self) -> str:
        return say_briefly([position for _, position in self._pairs()]) or NO_INDICATOR

    def _answered(self, words: str) -> None:
        self.published.value = _published(self._page)
        further = {"indicator": self.indicator.value or "", "beside": self.beside.value}
        self.controls.answered(title(self._baselines[0]), further=further, words=words)

    def _prepare(self, ending: str) -> None:
        self.controls.say()
        files = self._files(ending)
        self.files.value = "".join(f"<p>{_link(file)}</p>" for file in files)
        if files:
            self._answered(f"{FILES[ending]} is ready.")
        else:
            self.controls.refuse("There is nothing here to be saved.")

    def _files(self, ending: str) -> list[File]:
        """Return what a button asks for: a table, or the chart of each place that is shown."""
        pairs = self._pairs()
        if pairs and ending in ("csv", "xlsx"):
            return [table_file(self._baselines, ending)]
        return [chart_file(b, p, ending) for b, p in pairs if p.figures_known > 1]


def _link(file: File) -> str:
    return download(file.content, name=file.name, kind=file.kind, label=f"Save {file.name}")


def _published(page: Page) -> str:
    """Return where the page is to be found as `outcomes run` publishes it."""
    if served():
        query = escape(write_address(page), quote=True)
        return f'<p><a href="../published/find?{query}">This page as published</a></p>'
    return (
        "<p>The command <code>outcomes run</code> publishes this page: its files lie in the folder "
        f"outputs, under the name of the run and {escape(page.locality)}.</p>"
    )
