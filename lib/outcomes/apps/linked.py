"""A slider and a number box that say the same: one to try, one to be exact."""

from collections.abc import Callable

from ipywidgets import FloatSlider, FloatText, HBox, Layout


class Linked:
    """A number on a slider and in a box beside it.

    The box takes numbers beyond the slider's ends, which then move.

    Parameters
    ----------
    label : str
        What both are called.
    name : str
        Their class is `outcomes-<name>`.
    low, high, step : float
        The slider's ends and step.
    changed : callable
        Called when a visitor has changed the number, with nothing.
    """

    def __init__(
        self,
        label: str,
        name: str,
        *,
        low: float,
        high: float,
        step: float,
        changed: Callable[[], None],
    ) -> None:
        self._changed, self._silent, self._usual = changed, False, (low, high)
        self.slider = FloatSlider(
            min=low, max=high, step=step, readout=False, continuous_update=False,
            tooltip=f"{label}, by sliding", layout=Layout(flex="1 1 12rem", width="auto"),
        )  # fmt: skip
        self.box = FloatText(
            description=label, step=step, layout=Layout(flex="0 1 13rem", width="auto")
        )
        self.box.style.description_width = "initial"
        self.widget = HBox([self.box, self.slider]).add_class(f"outcomes-{name}")
        self.slider.observe(lambda change: self._moved(change["new"]), "value")
        self.box.observe(lambda change: self._moved(change["new"]), "value")

    @property
    def value(self) -> float:
        """The number."""
        return self.box.value

    @property
    def disabled(self) -> bool:
        """Whether it can be changed."""
        return self.box.disabled

    @disabled.setter
    def disabled(self, off: bool) -> None:
        self.box.disabled = self.slider.disabled = off

    def scale(self, low: float, high: float, step: float) -> None:
        """Give the slider other ends and another step."""
        self._usual = low, high
        self._silent = True
        self.slider.step = self.box.step = step
        self._show(self.value)
        self._silent = False

    def show(self, value: float) -> None:
        """Show a number without telling that it has changed."""
        self._silent = True
        self._show(value)
        self._silent = False

    def _show(self, value: float) -> None:
        low, high = min(self._usual[0], value), max(self._usual[1], value)
        with self.slider.hold_sync():
            # In an order in which the lower end never lies above the higher one.
            self.slider.max = max(high, self.slider.min)
            self.slider.min = low
            self.slider.max = high
            self.slider.value = value
        self.box.value = value

    def _moved(self, value: float) -> None:
        if not self._silent:
            self.show(value)
            self._changed()
