"""One assumed effect of a plan: how large, from when, for how long, and what it rests on."""

from collections.abc import Callable
from math import floor, log10

from ipywidgets import HTML, Checkbox, DatePicker, Layout, Text, Textarea, VBox

from outcomes.apps.controls import Options, dropdown, named, offer, row
from outcomes.apps.linked import Linked
from outcomes.apps.plans import rebuilt
from outcomes.errors import ParameterError
from outcomes.model import Effect, Indicator

KINDS = [("something that is planned", "planned_effect"), ("a change of policy", "policy_change")]
GRADES = ["strong", "moderate", "weak", "judgement"]
PLAUSIBLE = ["high", "medium", "low"]
PERCENT = 50
"""How far the sliders reach for an effect in per cent."""
SIZES = {
    "size": "Most likely size",
    "low": "At the lowest",
    "high": "At the highest",
}
COURSE = {
    "delay_months": "Months until it is felt",
    "builds_months": "Months to its full size",
    "lasts_months": "Months at its full size",
    "fade_months": "Months to fade away",
}
USUAL_MONTHS = 60


class AssumptionForm:
    """The controls of one effect.

    Parameters
    ----------
    changed : callable
        Called when a visitor has changed something; `read` then returns the new effect.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed, self._silent = changed, False
        self._effect: Effect | None = None
        self._indicator: Indicator | None = None
        self._numbers(), self._words()
        self.widget = VBox(
            [
                row(self.title, self.acts_on, self.kind, self.measured),
                *(self.numbers[name].widget for name in SIZES),
                row(self.starts, self.for_good, self.included),
                *(self.numbers[name].widget for name in COURSE),
                HTML("<h3>What it rests on</h3>"),
                row(self.source, self.strength, self.plausibility),
                row(self.depends_on, self.owner),
            ]
        ).add_class("outcomes-assumption-form")

    def _numbers(self) -> None:
        self.numbers = {
            name: Linked(
                label, name.replace("_", "-"), low=-1, high=1, step=0.1,
                changed=lambda name=name: self._number_set(name),
            )
            for name, label in SIZES.items()
        }  # fmt: skip
        self.numbers |= {
            name: Linked(
                label, name.replace("_", "-"), low=0, high=USUAL_MONTHS, step=1,
                changed=self._tell,
            )
            for name, label in COURSE.items()
        }  # fmt: skip

    def _words(self) -> None:
        self.title = named(Text(description="What is assumed"), "effect-title")
        self.acts_on = dropdown("It acts on", [], "acts-on")
        self.kind = dropdown("It is", KINDS, "kind")
        self.measured = dropdown("Sizes are", _measures(None), "measured")
        self.starts = named(DatePicker(description="Starts on"), "starts")
        self.for_good = named(Checkbox(description="Stays for good", indent=False), "for-good")
        self.included = named(
            Checkbox(description="Count this assumption", indent=False), "included"
        )
        self.source = named(Text(description="Evidence or reason"), "reason")
        self.strength = dropdown("Strength of it", [(word, word) for word in GRADES], "strength")
        self.plausibility = dropdown(
            "Plausibility", [(word, word) for word in PLAUSIBLE], "plausibility"
        )
        text = Textarea(description="Depends on", rows=2, layout=Layout(min_height="3rem"))
        self.depends_on = named(text, "depends-on")
        self.owner = named(Text(description="Who answers for it (a role)"), "owner")
        for control in self._typed():
            control.layout.flex = "1 1 11rem"
            if hasattr(control, "continuous_update"):
                control.continuous_update = False
            control.observe(self._typed_in, "value")

    def _typed(self) -> tuple:
        return (
            *(self.title, self.acts_on, self.kind, self.measured, self.starts, self.for_good),
            *(self.included, self.source, self.strength, self.plausibility),
            *(self.depends_on, self.owner),
        )

    def show(self, effect: Effect, acts_on: Options, about: Indicator | None, reach: float) -> None:
        """Show an effect; nothing is told as a change.

        Parameters
        ----------
        effect : Effect
        acts_on : list of pairs of str
            The indicators that an effect may act on, in words and by id.
        about : Indicator or None
            The one that it acts on, if it is of this outcome.
        reach : float
            How far the sliders of its size reach in that one's unit.
        """
        self._silent = True
        try:
            self._effect, self._indicator = effect, about
            offer(self.acts_on, acts_on, effect.indicator)
            self._show_words(effect)
            self._show_numbers(effect, reach)
        finally:
            self._silent = False

    def _show_words(self, effect: Effect) -> None:
        offer(self.measured, _measures(self._indicator), effect.measured)
        for name in ("title", "kind", "starts", "plausibility", "depends_on", "owner"):
            getattr(self, name).value = getattr(effect, name)
        self.included.value = effect.included
        self.source.value, self.strength.value = effect.evidence.source, effect.evidence.strength
        self.for_good.value = effect.lasts_months is None

    def _show_numbers(self, effect: Effect, reach: float) -> None:
        step = 10.0 ** -(self._indicator.decimals if self._indicator else 1)
        if effect.measured == "percent":
            reach, step = PERCENT, 0.5
        for name, linked in self.numbers.items():
            if name in SIZES:
                linked.scale(-reach, reach, step)
            linked.show(getattr(effect, name) or 0)
        for name in ("lasts_months", "fade_months"):
            self.numbers[name].disabled = effect.lasts_months is None

    def read(self) -> Effect:
        """Return the effect as the controls have it.

        Raises
        ------
        ParameterError
            If something is missing or does not go together.
        """
        values = self._effect.model_dump()
        for name in ("title", "kind", "measured", "starts", "plausibility", "depends_on", "owner"):
            values[name] = getattr(self, name).value
        values |= {"indicator": self.acts_on.value, "included": self.included.value}
        values["evidence"] |= {"source": self.source.value, "strength": self.strength.value}
        values |= {name: self.numbers[name].value for name in SIZES}
        values |= {name: _months(self.numbers[name].value) for name in COURSE}
        if self.for_good.value:
            values |= {"lasts_months": None, "fade_months": 0}
        if values["starts"] is None:
            raise ParameterError("starts on: choose a day")
        return rebuilt(Effect, values)

    def _number_set(self, name: str) -> None:
        """Let the two ends of a range follow the size, and the size an end that passes it."""
        size, low, high = (self.numbers[n].value for n in SIZES)
        if name == "size":
            low, high = min(low, size), max(high, size)
        else:
            size = max(size, low) if name == "low" else min(size, high)
            low, high = min(low, size), max(high, size)
        for which, value in zip(SIZES, (size, low, high), strict=True):
            self.numbers[which].show(value)
        self._tell()

    def _typed_in(self, change: dict) -> None:
        if self._silent:
            return
        if change["owner"] is self.for_good:
            for name in ("lasts_months", "fade_months"):
                self.numbers[name].disabled = self.for_good.value
        self._tell()

    def _tell(self) -> None:
        if not self._silent:
            self._changed()


def _measures(indicator: Indicator | None) -> Options:
    """Return in what the sizes of an effect may be given."""
    unit = indicator.unit.replace("%", "percentage points") if indicator else "the indicator’s unit"
    return [(f"in {unit}", "units"), ("in per cent of the forecast", "percent")]


def _months(value: float) -> int:
    if value != value or abs(value) > 1e6:
        raise ParameterError("a number of months is a whole number")
    return round(value)


def reach_of(spread: float, decimals: int) -> float:
    """Return how far sliders reach for an indicator whose figures have moved so far: 1, 2 or 5."""
    least = 10.0 ** (1 - decimals)
    if not spread > least:
        return least
    power = 10.0 ** floor(log10(spread))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= spread * (1 - 1e-9))
