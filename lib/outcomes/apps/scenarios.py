"""The scenarios that a visitor tries out: up to three, each with its assumed effects."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from ipywidgets import HTML, Button, Text, Textarea, VBox

from outcomes.apps.assumption import AssumptionForm, reach_of
from outcomes.apps.controls import Options, dropdown, named, offer, row
from outcomes.apps.plans import MOST, identifier, rebuilt, require_sensible
from outcomes.errors import ParameterError
from outcomes.model import Baseline, CrossEffect, Effect, Page, Position, Scenario
from outcomes.parameters import load_parameters

UNSAID = "not said yet"
SAYS = "Tried out on a live page; nobody has adopted it."
NONE = "there is no scenario yet; add one first"


class ScenariosForm:
    """The controls of the scenarios.

    A change that is not right is refused: `refuse` is told why, and the controls show what was there
    before.

    Parameters
    ----------
    changed : callable
        Called when the scenarios have changed; `scenarios` holds them.
    refuse : callable
        Told in plain words why a change is not taken.
    """

    def __init__(self, changed: Callable[[], None], refuse: Callable[[str], None]) -> None:
        self._changed, self._refuse, self._silent = changed, refuse, False
        self.scenarios: dict[str, Scenario] = {}
        self._page: Page | None = None
        self._links: dict[str, tuple[str, CrossEffect]] = {}
        self.chosen = dropdown("Scenario", [], "scenario")
        self.name = named(Text(description="Its name", continuous_update=False), "scenario-name")
        self.says = named(Textarea(description="What it supposes", rows=2), "scenario-says")
        self.says.continuous_update = False
        self.part = dropdown("Assumption", [], "assumption")
        self.effect: AssumptionForm | None = None
        self.add, self.remove, self.add_part, self.remove_part = (
            self._button(label, name, act)
            for label, name, act in (
                ("Add a scenario", "add-scenario", self._added),
                ("Remove this scenario", "remove-scenario", self._removed),
                ("Add an assumption", "add-assumption", self._part_added),
                ("Remove this assumption", "remove-assumption", self._part_removed),
            )
        )
        self.elsewhere = HTML()
        for control, act in (
            (self.chosen, self._show), (self.part, self._show_effect),
            (self.name, self._worded), (self.says, self._worded),
        ):  # fmt: skip
            control.observe(lambda _, act=act: None if self._silent else act(), "value")
        self._place_of_effect = VBox()
        self._inside = VBox(
            [
                row(self.chosen),
                row(self.name, self.says),
                self.elsewhere,
                row(self.part),
                self._place_of_effect,
                row(self.add_part, self.remove_part),
            ]
        )
        self.widget = VBox([row(self.add, self.remove), self._inside])
        self.widget.add_class("outcomes-scenarios")

    def _button(self, label: str, name: str, act: Callable[[], None]) -> Button:
        button = Button(description=label, layout={"width": "auto"}).add_class(f"outcomes-{name}")
        button.on_click(lambda _: self._tried(act))
        return button

    def _tried(self, act: Callable[[], None]) -> None:
        """Do something; if it cannot be done, say why and show what was there before."""
        before = dict(self.scenarios)
        try:
            act()
            require_sensible(self.scenarios)
        except ParameterError as error:
            self.scenarios = before
            self._show()
            self._refuse(str(error))
        else:
            self._show()
            self._changed()

    def suit(self, baseline: Baseline, position: Position, published: Mapping[str, Scenario]):
        """Make the controls suit a page and an indicator; the scenarios stay as they are.

        `published` are the scenarios of the parameters, whose effects of one indicator on another
        can be used.
        """
        self._page, self._position = baseline.page, position
        self._about = {p.indicator_id: p for p in baseline.positions}
        self._links = links_to(position.indicator_id, published)
        self._show()

    def put(self, scenarios: Mapping[str, Scenario], chosen: str = "") -> None:
        """Have these scenarios, already checked, and show one of them."""
        self.scenarios = dict(scenarios)
        self._silent = True
        offer(self.chosen, self._options(), chosen or next(iter(self.scenarios), None))
        self._silent = False
        if self._page:
            self._show()

    def _options(self) -> Options:
        return [(found.title, name) for name, found in self.scenarios.items()]

    @property
    def current(self) -> Scenario | None:
        """The scenario that is shown, if there is one."""
        return self.scenarios.get(self.chosen.value)

    def _show(self) -> None:
        """Let every control show the scenario that is chosen."""
        self._silent = True
        try:
            name = self.chosen.value
            if name not in self.scenarios:
                name = next(iter(self.scenarios), None)
            offer(self.chosen, self._options(), name)
            self._inside.layout.display = None if self.scenarios else "none"
            if found := self.current:
                self.name.value, self.says.value = found.title, found.says
                here = self._here(found)
                self.elsewhere.value = _elsewhere(found, here)
                options = [(effect.title, own) for own, effect in here.items()]
                kept = self.part.value if self.part.value in here else next(iter(here), None)
                offer(self.part, options, kept)
        finally:
            self._silent = False
        self._show_effect()

    def _here(self, scenario: Scenario) -> dict[str, Effect]:
        """Return the effects that can be changed here: on this place."""
        place = self._page.locality
        return {own: effect for own, effect in scenario.effects.items() if effect.place == place}

    def _show_effect(self) -> None:
        found = self.current
        effect = found.effects.get(self.part.value) if found else None
        self._place_of_effect.layout.display = None if effect else "none"
        if effect is None:
            return
        if self.effect is None:
            # Its many controls are made when they are first needed: a page opens sooner without.
            self.effect = AssumptionForm(self._effect_set)
            self._place_of_effect.children = (self.effect.widget,)
        about = self._about.get(effect.indicator)
        self.effect.show(
            effect, self._acts_on(effect), about and about.indicator, _reach(about, effect)
        )

    def _acts_on(self, effect: Effect) -> Options:
        """Return what an effect may act on: the indicator itself, and what moves it."""
        title = self._position.indicator.title
        options = [(title, self._position.indicator_id)]
        options += [(f"{self._title(name)}, which moves {title}", name) for name in self._links]
        if effect.indicator not in [name for _, name in options]:
            options.append((self._title(effect.indicator), effect.indicator))
        return options

    def _title(self, name: str) -> str:
        return load_parameters().indicators[name].title

    def _set(self, **values: object) -> None:
        """Give the chosen scenario other values."""
        self.scenarios[self.chosen.value] = rebuilt(Scenario, self.current.model_dump() | values)

    def _added(self) -> None:
        if len(self.scenarios) >= MOST:
            raise ParameterError(f"{MOST} scenarios can be compared at most; remove one first")
        title = "Our plan" if not self.scenarios else f"Our plan {len(self.scenarios) + 1}"
        name = identifier(title, self.scenarios)
        found = Scenario(
            title=title, framework=self._page.framework, says=SAYS,
            effects={"what_we_do": self._new_effect()}, example=True,
        )  # fmt: skip
        self.put({**self.scenarios, name: found}, name)

    def _new_effect(self) -> Effect:
        return Effect(
            title="What we do", kind="planned_effect", indicator=self._position.indicator_id,
            place=self._page.locality, size=0.0, low=0.0, high=0.0, starts=_start(self._position),
            evidence={"source": UNSAID, "strength": "judgement"}, plausibility="low",
            depends_on=UNSAID, owner=UNSAID,
        )  # fmt: skip

    def _removed(self) -> None:
        if not self.scenarios:
            raise ParameterError("there is no scenario to remove")
        del self.scenarios[self.chosen.value]

    def _part_added(self) -> None:
        found = self.current
        own = identifier("and this", {**found.effects, **found.cross_effects})
        self._set(effects={**found.effects, own: self._new_effect()})
        self._choose_part(own)

    def _choose_part(self, own: str) -> None:
        self._silent = True
        options = [(effect.title, name) for name, effect in self._here(self.current).items()]
        offer(self.part, options, own)
        self._silent = False

    def _part_removed(self) -> None:
        if self.part.value is None:
            raise ParameterError("there is no assumption to remove")
        kept = {own: e for own, e in self.current.effects.items() if own != self.part.value}
        self._set(effects=kept)

    def _worded(self) -> None:
        def act() -> None:
            old, title = self.chosen.value, self.name.value.strip()
            self._set(title=title, says=self.says.value)
            others = [name for name in self.scenarios if name != old]
            new = old if title == "" else identifier(title, others)
            renamed = {new if n == old else n: found for n, found in self.scenarios.items()}
            self.put(renamed, new)

        self._tried(act)

    def _effect_set(self) -> None:
        def act() -> None:
            effect, found = self.effect.read(), self.current
            values = {"effects": {**found.effects, self.part.value: effect}}
            if effect.indicator in self._links:
                own, link = self._links[effect.indicator]
                values["cross_effects"] = {**found.cross_effects, own: link}
            self._set(**values)

        self._tried(act)


def links_to(
    indicator: str, published: Mapping[str, Scenario]
) -> dict[str, tuple[str, CrossEffect]]:
    """Return the effects of other indicators on one that scenarios assume: by cause, with its id."""
    return {
        effect.cause: (own, effect)
        for found in published.values()
        for own, effect in found.cross_effects.items()
        if effect.indicator == indicator and effect.included
    }


def _elsewhere(scenario: Scenario, here: Mapping[str, Effect]) -> str:
    others = len(scenario.effects) - len(here)
    if not others:
        return ""
    many = "One of its assumptions is" if others == 1 else f"{others} of its assumptions are"
    return f"<p>{many} about other places, and kept as they are.</p>"


def _reach(about: Position | None, effect: Effect) -> float:
    """Return how far the sliders reach: as far as the figures have moved, or the effect does."""
    if about is None:
        return reach_of(max(abs(effect.low), abs(effect.high)), 1)
    known = about.history["value"].dropna().tail(15)
    spread = float(known.max() - known.min()) if len(known) else 0.0
    return reach_of(spread, about.indicator.decimals)


def _start(position: Position) -> date:
    """Return when a new effect starts: with the first period ahead, but not in the past."""
    points = position.outlook.forecast.points if position.outlook else ()
    today = datetime.now(UTC).date().replace(day=1)
    return max(points["period_start"].iloc[0].date(), today) if len(points) else today
