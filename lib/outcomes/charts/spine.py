"""Every indicator of an outcome among the areas that a place ranks among: a row each."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from outcomes.charts.spread import compared
from outcomes.charts.theme import (
    DASHED,
    PALETTE,
    legend_below,
    say_nothing,
    themed,
    wrapped,
)
from outcomes.model import Baseline, Position, number
from outcomes.model.words import capital

LINE, BAR, ROOM = 0.17, 0.16, 0.22
"""Inches: a line of a title, the bar under it, and what lies between rows."""
TITLE = 40
"""Characters of a title on a line."""
MARKS = {
    "better": ("^", "better", "Better"),
    "worse": ("v", "worse", "Worse"),
    "similar": ("o", "others", "Similar"),
    "higher": ("D", "ink", "Higher or lower"),
    "lower": ("D", "ink", "Higher or lower"),
    "equal": ("o", "ink", "Equal"),
    "not_compared": ("o", "ink", "_nolegend_"),
}
"""The shape, the colour's name in the palette and the word of each verdict."""


@dataclass(frozen=True)
class _Row:
    position: Position
    top: float
    title: str
    centre: float
    half: float
    compared: bool

    @property
    def middle(self) -> float:
        return self.top + LINE * (self.title.count("\n") + 1) + BAR

    def across(self, value: float) -> float:
        """Return where a value stands: 0.5 is the comparator, 1 the far end on the good side."""
        sign = -1 if self.position.indicator.polarity == "lower_is_better" else 1
        return 0.5 + sign * (value - self.centre) / self.half / 2


def spine_height(baseline: Baseline) -> float:
    """Return the height in inches that `plot_spine` needs for its rows."""
    return 0.75 + _bottom(_rows(baseline))


@themed
def plot_spine(baseline: Baseline, *, ax: Axes) -> Axes:
    """Draw a bar from the worst to the best area for each indicator, and our place on it.

    Each bar is stretched so that the comparator stands in the middle, and better is to the right;
    where more is neither good nor bad, higher is to the right and the row says so. Without a
    comparator's value of the same period the median stands in the middle. Our mark's shape is the
    verdict, hollow where it was not tested. An indicator without a spread is left out; one without
    a figure for our place has no mark.

    Parameters
    ----------
    baseline : Baseline
        The `standing.spread` of its positions is drawn.
    ax : matplotlib.axes.Axes

    Notes
    -----
    The scaling is that of the Fingertips spine chart: by the area furthest from the comparator.
    """
    rows = _rows(baseline)
    if not rows:
        return say_nothing(ax, "No indicator has figures of enough areas")
    if any(row.position.indicator.polarity != "no_judgement" for row in rows):
        style = {"fontsize": 10, "va": "top", "color": PALETTE.others}
        ax.text(0, 0, "\N{LEFTWARDS ARROW} worse", **style)
        ax.text(1, 0, "better \N{RIGHTWARDS ARROW}", ha="right", **style)
    for row in rows:
        _draw_row(ax, row)
    if not all(_tested(row.position) for row in rows):
        # Words alone: a hollow circle is also the mark of a figure that is equal.
        ax.plot([], [], linestyle="none", label="Hollow: untested")
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(_bottom(rows), 0)
    ax.set_axis_off()
    legend_below(ax)
    return ax


def _rows(baseline: Baseline) -> list[_Row]:
    rows: list[_Row] = []
    for position in baseline.positions:
        spread = position.standing.spread
        if spread is None or not spread.lowest <= spread.highest:
            continue
        beside = compared(position, spread)
        centre = beside.iloc[0] if len(beside) else spread.median
        notes = [] if len(beside) else ["middle: median"]
        notes += ["right is higher"] * (position.indicator.polarity == "no_judgement")
        title = position.indicator.title + (f" ({', '.join(notes)})" if notes else "")
        half = max(spread.highest - centre, centre - spread.lowest) or 1.0
        rows.append(
            _Row(position, _bottom(rows), wrapped(title, TITLE), centre, half, len(beside) > 0)
        )
    return rows


def _bottom(rows: list[_Row]) -> float:
    return rows[-1].middle + BAR / 2 + ROOM if rows else 0.3


def _draw_row(ax: Axes, row: _Row) -> None:
    position, spread, y = row.position, row.position.standing.spread, row.middle
    ax.text(0, row.top, row.title, va="top", fontsize=10, linespacing=1.1)
    for ends, colour, label in (
        ((spread.lowest, spread.highest), PALETTE.band, "All areas"),
        ((spread.q1, spread.q3), PALETTE.interval, "Middle half"),
    ):
        left, right = sorted(row.across(end) for end in ends)
        ax.barh(y, right - left, BAR, left, color=colour, label=label)
    line = {"color": PALETTE.ink, "label": "Median"}
    if row.compared:
        line = {"color": PALETTE.comparator, "linestyle": DASHED}
        line["label"] = capital(position.comparison.label)
    ax.vlines(0.5, y - BAR, y + BAR, linewidth=1.6, **line)
    own = spread.peers.loc[spread.peers["area_code"] == position.place.code, "value"].dropna()
    for value in own:
        verdict = position.comparison.verdict if position.comparison else "not_compared"
        shape, colour, words = MARKS[verdict]
        colour = getattr(PALETTE, colour)
        ax.plot(
            row.across(value), y, shape, color=colour, mfc=colour if _tested(position) else "white",
            markersize=9, markeredgewidth=1.6, label=words,
        )  # fmt: skip
        ax.text(1, row.top, number(position.indicator, value), ha="right", va="top", fontsize=10,
                fontweight="bold")  # fmt: skip


def _tested(position: Position) -> bool:
    comparison = position.comparison
    return comparison is not None and comparison.tested and comparison.verdict != "not_compared"
