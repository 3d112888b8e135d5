"""Turn the curve: where an indicator is heading, what a target takes, and what plans would do."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from html import escape
from math import isfinite

from ipywidgets import HTML, Box, Button, FileUpload, VBox

from outcomes.apps.address import (
    Choices,
    check_indicator,
    defaults_for,
    other_page,
    read_address,
    write_address,
)
from outcomes.apps.aim import AimForm, usual_targets
from outcomes.apps.controls import Controls, dropdown, offer, row
from outcomes.apps.indicator import first_choice, indicator_labels, position_of
from outcomes.apps.keeping import brought, scenario_link, target_link
from outcomes.apps.plans import (
    MOST,
    check_day,
    check_scenarios,
    check_target,
    pack,
    require_day,
    require_sensible,
    target_text,
    tried_target,
    unpack,
)
from outcomes.apps.scenarios import NONE, ScenariosForm
from outcomes.baseline.load import load_trial
from outcomes.errors import OutcomesError, ParameterError
from outcomes.model import Baseline, Page, Position, Scenario, Target
from outcomes.model.words import chance_words
from outcomes.narrative import say_low_influence
from outcomes.narrative.targets import say_needed
from outcomes.narrative.words import rounds_to_nothing, sentence, size_words
from outcomes.notebook.indicators import source_html
from outcomes.notebook.outlook import (
    assumed_tables,
    forecast_html,
    outlook_chart_html,
    reading_html,
    record_html,
    scenarios_html,
    targets_html,
    turning_html,
)
from outcomes.notebook.page import LAB_STYLE, heading_html
from outcomes.parameters import load_parameters

KEPT = 3
"""Pages whose forecasts are kept, so that a visitor goes back at once."""
LONGEST_LINK = 7_500
"""Characters of an address that browsers and servers carry safely."""
STYLE = f"""
{LAB_STYLE}
.outcomes-app .widget-html, .outcomes-app .widget-html-content {{ line-height: inherit; height: auto }}
.outcomes-app .noUi-handle {{ border: 2px solid #12436d }}
.outcomes-app .noUi-target:not([disabled]) {{ background: #5b6470 }}
.outcomes-app input[type=date] {{ min-height: 2.5rem; padding: 0.25rem 0.5rem; font: inherit }}
.outcomes-curve {{ display: grid; gap: 0 2rem; grid-template-columns: minmax(0, 1fr) }}
.outcomes-curve > * {{ min-width: 0 }}
@media (min-width: 62rem) {{
  .outcomes-curve {{ grid-template-columns: repeat(2, minmax(0, 1fr));
    grid-template-areas: "aim picture" "basis picture" "plans picture" }}
  .outcomes-curve > .outcomes-in-aim {{ grid-area: aim }}
  .outcomes-curve > .outcomes-in-picture {{ grid-area: picture; align-self: start;
    position: sticky; top: 0 }}
  .outcomes-curve > .outcomes-in-basis {{ grid-area: basis }}
  .outcomes-curve > .outcomes-in-plans {{ grid-area: plans }}
}}
"""


def turn_the_curve(**settings: str) -> "TurnTheCurve":
    """Return the live page for a notebook's settings, or for what its address asks instead.

    Raises
    ------
    ParameterError
        If the settings themselves are not right.
    """
    further = {
        "indicator": check_indicator,
        "target": check_target,
        "by": check_day,
        "scenarios": check_scenarios,
    }
    return TurnTheCurve(read_address(defaults_for(settings), further=further))


class TurnTheCurve:
    """A live page on one indicator: history, forecast, a target of one's own, and scenarios.

    Attributes
    ----------
    controls : Controls
        The choosers of the page.
    indicator : ipywidgets.Dropdown
    aim : AimForm
        The target.
    plans : ScenariosForm
        The scenarios.
    heading, title, answer, chart, chances, basis, compared, register, files : ipywidgets.HTML
        The answer, region by region.
    baseline : Baseline
        The results behind what is shown; its one position with an outlook is `position`.
    """

    def __init__(self, choices: Choices) -> None:
        self._load = lru_cache(KEPT)(load_trial)
        self._silent, self._target = False, None
        self.controls = Controls(choices, changed=self._turn)
        self.indicator = dropdown("Indicator", [], "indicator")
        self.aim = AimForm(self._aimed)
        self.plans = ScenariosForm(self._planned, self._refuse)
        self.heading, self.title, self.answer, self.chart, self.chances = (HTML() for _ in range(5))
        self.basis, self.compared, self.register, self.files = (HTML() for _ in range(4))
        self.upload = FileUpload(
            accept=".yml,.yaml", description="Load a file saved before", layout={"width": "auto"}
        ).add_class("outcomes-load")
        self.save_target = self._button("Save the target", self._save_target)
        self.save_scenario = self._button("Save this scenario", self._save_scenario)
        self.widget = self._laid_out()
        self.indicator.observe(self._indicator_chosen, "value")
        self.upload.observe(self._loaded, "value")
        self._begin(choices)

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)

    def _button(self, label: str, act) -> Button:
        button = Button(description=label, layout={"width": "auto"}).add_class("outcomes-prepare")
        button.on_click(lambda _: act())
        return button

    def _laid_out(self) -> VBox:
        keeping = _title(
            "Take it with you",
            "A saved scenario or target is a small text file that a page can be made from. Nothing is "
            "kept on the server.",
        )
        return VBox(
            [
                HTML(f"<style>{STYLE}</style>"),
                self.controls.widget,
                self.heading,
                row(self.indicator),
                self.title,
                self._curve(),
                self.compared,
                self.register,
                keeping,
                row(self.save_target, self.save_scenario, self.upload),
                self.files,
                HTML(reading_html()),
                self.controls.closing,
            ]
        ).add_class("outcomes-app")

    def _curve(self) -> Box:
        """Return the chart beside all that changes it, so that it stays in sight."""
        scenarios = _title(
            "What would your plans do?",
            "Describe up to three scenarios and compare them with things going on as they are. What "
            "you try out here is yours alone: it is kept in this page's address and nowhere else.",
        )
        parts = {
            "aim": [self.aim.widget, self.answer],
            "picture": [self.chart, self.chances],
            "basis": [self.basis],
            "plans": [scenarios, self.plans.widget],
        }
        boxes = [VBox(inside).add_class(f"outcomes-in-{name}") for name, inside in parts.items()]
        return Box(boxes).add_class("outcomes-curve")

    def _begin(self, choices: Choices) -> None:
        """Give the first answer; say why where there is none."""
        asked = choices.further
        self.plans.put(unpack(asked["scenarios"]))
        try:
            self._turn(asked["indicator"], asked["target"], asked["by"])
        except OutcomesError as error:
            self._refuse(str(error))

    @property
    def _page(self) -> Page:
        return self.controls.page

    @property
    def position(self) -> Position:
        """What is shown closely."""
        return position_of(self.baseline, self.indicator.value)

    def _turn(self, indicator: str = "", target: str = "", by: str = "") -> None:
        """Show the page that was chosen, with the indicator if it has it."""
        trial = self._load(self._page)
        options = [(label, name) for name, label in indicator_labels(trial.baseline).items()]
        before, known = self.indicator.value, [name for _, name in options]
        self._trial = trial
        self._silent = True
        kept = next((name for name in (indicator, before) if name in known), None)
        offer(self.indicator, options, kept or first_choice(trial.baseline) or None)
        self._silent = False
        self._set_out(target, by)

    def _indicator_chosen(self, change: dict) -> None:
        if not self._silent:
            self.controls.say()
            self._set_out()

    def _set_out(self, target: str = "", by: str = "") -> None:
        """Show an indicator with the target that is asked for, or the usual one."""
        name = self.indicator.value
        if name is None:
            self._show_nothing()
            return
        self.baseline = self._trial.tried(name, (), {})
        self._target = self._first_target(target, by)
        self._show_aim()
        self.plans.suit(self.baseline, self.position, self._trial.published.scenarios)
        self.heading.value = heading_html(self.baseline)
        self._answer()

    def _first_target(self, text: str, by: str) -> Target | None:
        """Return what was asked for, or what has been published, or the first that one click sets."""
        name, usual = self.indicator.value, usual_targets(self.position, self._today)
        published = [t for t in self._trial.published.targets if t.indicator == name]
        if not text and published:
            return min(published, key=lambda target: target.by)
        first = next(iter(usual.values()), None)
        day = date.fromisoformat(by) if by else first and first[1]
        text = text or (first[0] if first else "")
        return self._same(tried_target(text, day, name, self._page)) if text and day else None

    def _same(self, target: Target) -> Target:
        """Return the published target that says the same, with who set it; else this one."""
        said = (target.indicator, target.by, target.value, target.relative)
        for known in self._trial.published.targets:
            if (known.indicator, known.by, known.value, known.relative) == said:
                return known
        return target

    @property
    def _today(self) -> date:
        return self._page.day or datetime.now(UTC).date()

    def _show_aim(self) -> None:
        whom = self.baseline.comparator_label
        self.aim.show(self._target, self.position, whom, self._today)

    def _aimed(self) -> None:
        try:
            if self.aim.by is None:
                raise ParameterError("to be met by: choose a day")
            require_day(self.aim.by)
            text = check_target(self.aim.text, self._page)
        except ParameterError as error:
            self._refuse(str(error))
            return
        target = tried_target(text, self.aim.by, self.indicator.value, self._page)
        self._target = self._same(target)
        self._show_aim()
        self._planned()

    def _planned(self) -> None:
        self.controls.say()
        self._answer()

    def _refuse(self, why: str) -> None:
        self.controls.refuse(sentence(why))

    def _answer(self) -> None:
        """Work out what is asked and show it, region by region."""
        targets = (self._target,) if self._target else ()
        self.baseline = self._trial.tried(self.indicator.value, targets, self.plans.scenarios)
        position = self.position
        title = f"{position.indicator.title}: what would it take?"
        brief = f"<p><strong>{escape(_spoken(position, alone=True))}</strong></p>"
        back = "How are we doing on this and the other indicators?"
        link = other_page("how_are_we_doing", back, self._page, self.indicator.value)
        self.title.value = f"<h2>{escape(title)}</h2>{brief}{link}"
        self.answer.value = _answer_html(self.baseline, position)
        if position.outlook:
            self.chart.value = outlook_chart_html(position)
            self.basis.value = _basis_html(position)
            self.compared.value = _compared_html(position, self.plans.scenarios)
        else:
            self.chart.value = self.basis.value = self.compared.value = ""
        chances = _spoken(position)
        self.chances.value = f"<p>{escape(chances)}</p>" if self.plans.scenarios else ""
        tables = [table for table in assumed_tables(self.baseline) if len(table.frame)]
        self.register.value = "".join(table.to_html() for table in tables)
        self._close(position)

    def _show_nothing(self) -> None:
        self.baseline = self._trial.baseline
        self.heading.value = heading_html(self.baseline)
        self.answer.value = "<p>No indicator of this outcome has figures for any place here.</p>"
        for region in (
            self.title,
            self.chart,
            self.chances,
            self.basis,
            self.compared,
            self.register,
        ):
            region.value = ""
        self.controls.answered(f"Turn the curve: {self.baseline.place.name}")

    def _close(self, position: Position) -> None:
        further = {"indicator": self.indicator.value}
        if self._target:
            further |= {"target": target_text(self._target), "by": self._target.by.isoformat()}
        packed = {**further, "scenarios": pack(self.plans.scenarios)}
        if len(write_address(self._page, packed)) > LONGEST_LINK:
            packed = further
            self.controls.say(
                "These scenarios are too long for a link, so the address leaves them out. Save them "
                "as files."
            )
        about = f"Turn the curve: {position.indicator.title} in {self.baseline.place.name}"
        self.controls.answered(about, further=packed, words=_spoken(position))

    def _save_target(self) -> None:
        if self._target is None:
            self._refuse("there is no target to save")
            return
        self._offer_file(target_link(self._target, self._page.framework))

    def _save_scenario(self) -> None:
        if self.plans.current is None:
            self._refuse(NONE)
            return
        self._offer_file(scenario_link(self.plans.chosen.value, self.plans.current))

    def _offer_file(self, html: str) -> None:
        self.controls.say()
        self.files.value = html
        self._close(self.position)

    def _loaded(self, change: dict) -> None:
        if not change["new"]:
            return
        file = change["new"][0]
        self.upload.value = ()
        try:
            self._take(brought(file["name"], bytes(file["content"]), self._page))
        except ParameterError as error:
            self._refuse(str(error))

    def _take(self, found: Target | tuple[str, Scenario]) -> None:
        """Show a target, or a scenario with those there are, as a file gave it."""
        if isinstance(found, Target):
            self._take_target(found)
            return
        name, scenario = found
        together = {**self.plans.scenarios, name: scenario}
        if len(together) > MOST:
            raise ParameterError(f"{MOST} scenarios can be compared at most; remove one first")
        require_sensible(together)
        self.plans.put(together, name)
        self._planned()

    def _take_target(self, target: Target) -> None:
        _require_on_page(target, self._page, self.indicator.options)
        self._silent = True
        self.indicator.value = target.indicator
        self._silent = False
        self.controls.say()
        self._set_out(target_text(target), target.by.isoformat())


def _require_on_page(target: Target, page: Page, options: tuple[tuple[str, str], ...]) -> None:
    """Raise unless a target can be shown on a page as it is."""
    if target.indicator not in dict(options).values():
        raise ParameterError("the target is for an indicator that this outcome does not show")
    if target.relative and target.relative.comparator != page.comparator:
        whom = load_parameters().comparators[target.relative.comparator].title
        raise ParameterError(
            f"the target is measured from {whom}; choose that under “Compared with” and load it again"
        )


def _title(words: str, about: str) -> HTML:
    return HTML(f"<h2>{escape(words)}</h2><p>{escape(about)}</p>")


def _answer_html(baseline: Baseline, position: Position) -> str:
    """Return what the target takes, after the warning where the partners have little influence."""
    if position.outlook is None:
        return f"<p>{escape(position.missing or 'There is no figure for this place.')}</p>"
    warning = say_low_influence(baseline)
    warned = f"<p><strong>{escape(warning)}</strong></p>" if warning else ""
    return (targets_html(position) or "<p>No target can be set.</p>") + warned


def _basis_html(position: Position) -> str:
    parts = forecast_html(position), record_html(position), turning_html(position)
    return "".join(parts) + source_html(position)


def _compared_html(position: Position, scenarios: Mapping[str, Scenario]) -> str:
    """Return what the scenarios come to, or why there is nothing to compare."""
    if not scenarios:
        return ""
    return "<h2>What each scenario comes to</h2>" + (
        scenarios_html(position)
        or (
            "<p>Nothing that is assumed moves this indicator here within the time of the forecast. Give an "
            "assumption a size, or let it start earlier.</p>"
        )
    )


def _spoken(position: Position, *, alone: bool = False) -> str:
    """Return in a few words what has come of a choice; `alone` leaves the scenarios out."""
    outlook = position.outlook
    if outlook is None or not outlook.targets:
        return f"{position.indicator.title}: there is no forecast to set a target beside."
    found = outlook.targets[0]
    if not isfinite(found.chance):
        return f"{position.indicator.title}: the chance of meeting the target cannot be given."
    said = [
        f"If things go on as they are, the chance of meeting the target is {chance_words(found.chance)}."
    ]
    if found.gap > 0 and not rounds_to_nothing(position.indicator, found.gap):
        said.append(f"The forecast falls short by {size_words(position.indicator, found.gap)}.")
        if isfinite(found.needed):
            said.append(sentence(say_needed(found, position.indicator)))
    said += [
        f"{path.title}: {chance_words(path.chance)}."
        for path in outlook.trajectories
        if path.scenarios and isfinite(path.chance) and not alone
    ]
    return " ".join(said)
