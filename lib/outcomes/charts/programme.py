"""A programme's activities along time, with ends that are not exact drawn as such."""

from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter, MonthLocator, date2num

from outcomes.charts.theme import PALETTE, legend_below, say_nothing, themed, wrapped
from outcomes.model.programme import Programme

NAME = 46
"""Characters of an activity's name over its bar."""


def timeline_height(programme: Programme) -> float:
    """Return the inches that a chart of a programme's activities needs."""
    return 0.9 + 0.46 * max(1, len(programme.activities))


@themed
def plot_timeline(programme: Programme, *, ax: Axes) -> Axes:
    """Draw each activity as a bar under its name, in the file's order, the first one on top.

    The days that are certain are full; those on which it may begin or end are light and hatched. A
    single day is a diamond. An activity typed as one fuzzy time is hatched throughout.

    Parameters
    ----------
    programme : Programme
    ax : matplotlib.axes.Axes
        Of `timeline_height` inches.
    """
    if not programme.activities:
        return say_nothing(ax, "No activity has been planned yet")
    spans = [programme.span(name) for name in programme.activities]
    for row, (span, activity) in enumerate(zip(spans, programme.activities.values(), strict=True)):
        if span.point and span.starts[0] == span.starts[1]:
            ax.plot(
                date2num(span.starts[0]), row, marker="D", color=PALETTE.place, linestyle="",
                markersize=8, label="A single day",
            )  # fmt: skip
        elif span.point:
            _bar(ax, row, span.starts, sure=False)
        else:
            _bar(ax, row, (span.starts[0], span.ends[1]), sure=False)
            if span.starts[1] < span.ends[0]:
                _bar(ax, row, (span.starts[1], span.ends[0]), sure=True)
        ax.annotate(
            wrapped(activity.short, NAME), (0, row - 0.32), xycoords=("axes fraction", "data"),
            va="bottom", fontsize=10,
        )  # fmt: skip
    first, last = min(s.starts[0] for s in spans), max(s.ends[1] for s in spans)
    ax.set_ylim(len(programme.activities) - 0.5, -0.85)
    ax.set_xlim(date2num(first - timedelta(days=5)), date2num(last + timedelta(days=5)))
    _months(ax, first, last)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    legend_below(ax)
    return ax


def _bar(ax: Axes, row: int, days: tuple[date, date], *, sure: bool) -> None:
    left, right = date2num(days[0]), date2num(days[1] + timedelta(days=1))
    ax.barh(
        row, right - left, left=left, height=0.42, edgecolor=PALETTE.place, linewidth=0.8,
        color=PALETTE.place if sure else PALETTE.shades[0], hatch=None if sure else "////",
        label="Under way on any reading" if sure else "May begin, be due or end here",
    )  # fmt: skip


def _months(ax: Axes, first: date, last: date) -> None:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    locator = MonthLocator(interval=max(1, -(-months // 6)))
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
