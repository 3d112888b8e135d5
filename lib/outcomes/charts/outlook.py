"""Where one indicator is heading: history, forecast, comparator, targets and scenarios in one chart."""

from collections.abc import Iterator
from string import ascii_uppercase

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.history import place_line
from outcomes.charts.layout import settle
from outcomes.charts.periods import broken, label_periods, mark_breaks, middle
from outcomes.charts.theme import (
    DASHED,
    PALETTE,
    label_ticks,
    legend_below,
    name_unit,
    say_nothing,
    themed,
    widen,
)
from outcomes.model import Position, TargetOutlook, Trajectory, Turning, day_words, number
from outcomes.model.words import capital

NEWEST = 15
"""Points of the history that are drawn."""
BESIDE_SCENARIOS = 8
"""The same where scenarios need the room."""
ROW = 12
"""Points from one letter to the next where lines end close together."""
SHAPES = "^DPvX"
DASHES = ((0, (6, 2)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)), (0, (9, 3)), (0, (3, 1, 1, 1, 1, 1)))
"""The marker and the dash of each scenario, in order."""


@themed
def plot_outlook(position: Position, *, ax: Axes) -> Axes:
    """Draw the newest history, and the forecast from its last figure on as a fan of two ranges.

    The comparator and its forecast stand behind. A target is a star with a level line, and an
    upright joins it to the forecast: the gap. Each scenario has a letter at its end, which the legend
    explains. A forecast that was stored earlier is a thin line. Without a forecast, or without a
    track record of it, the history stands alone.

    Parameters
    ----------
    position : Position
        Its `history` and `outlook` are drawn.
    ax : matplotlib.axes.Axes
    """
    drawn = BESIDE_SCENARIOS if list(scenarios(position)) else NEWEST
    history = position.history.tail(drawn).reset_index(drop=True)
    if history["value"].isna().all():
        return say_nothing(ax, position.missing or "No figures")
    ahead = _ahead(position)
    _draw_history(ax, position, history)
    _draw_comparator(ax, position, history, forecast=not ahead.empty)
    _draw_stored(ax, position, history)
    ends = []
    if not ahead.empty:
        _draw_fan(ax, _from_last(history, "value", ahead))
        ends = _draw_scenarios(ax, position, history)
        _draw_targets(ax, position)
    _finish(ax, position, pd.concat([history, ahead]), history)
    if ends:
        at, letters = zip(*ends, strict=True)
        _write_letters(ax, np.array(at), letters)
    return ax


def _write_letters(ax: Axes, ends: np.ndarray, letters: tuple[str, ...]) -> None:
    """Write a letter right of the end of each line, in the order of the ends, none over another."""
    settle(ax)
    scale = ax.figure.dpi / 72
    heights = ax.transData.transform(ends)[:, 1] / scale
    order = np.argsort(heights, kind="stable")
    least = ROW * np.arange(len(order))
    spread = np.maximum.accumulate(heights[order] - least) + least
    spread -= (spread - heights[order]).mean()
    for i, height in zip(order, spread, strict=True):
        ax.annotate(
            letters[i], ends[i], xytext=(16, height - heights[i]), textcoords="offset points",
            ha="left", va="center", fontsize=10, zorder=6,
            arrowprops={"arrowstyle": "-", "linewidth": 0.7, "shrinkA": 1, "shrinkB": 3},
        ).set_in_layout(False)  # fmt: skip


def outlook_height(position: Position) -> float:
    """Return the height of the chart in inches: more where scenarios lie close together."""
    return 4.0 if list(scenarios(position)) else 3.4


def _ahead(position: Position) -> pd.DataFrame:
    """Return the points of a forecast that may be shown: one that has a track record."""
    found = position.outlook and position.outlook.forecast
    if not found or not found.record or found.record.reason:
        return pd.DataFrame()
    return found.points


def _from_last(history: pd.DataFrame, column: str, points: pd.DataFrame) -> pd.DataFrame:
    """Return points with `at`, led by the last known figure, where all ranges begin."""
    known = history[history[column].notna()].tail(1)
    ends = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]
    first = np.column_stack([np.repeat(known[[column]].to_numpy(float), 5, axis=1), middle(known)])
    rest = np.column_stack([points[ends].to_numpy(float), middle(points)])
    return pd.DataFrame(np.vstack([first, rest]), columns=[*ends, "at"])


def _draw_fan(ax: Axes, fan: pd.DataFrame) -> None:
    for level, colour, edge, words in (
        ("95", PALETTE.fan[1], ":", "95 in 100"),
        ("80", PALETTE.fan[0], "-", "8 in 10"),
    ):
        lower, upper = fan[f"lower_{level}"], fan[f"upper_{level}"]
        ax.fill_between(
            fan["at"], lower, upper, facecolor=colour, linewidth=0, label=f"Range for {words}"
        )
        for end in (lower, upper):
            ax.plot(fan["at"], end, color=PALETTE.others, linestyle=edge, linewidth=1.1)
    ax.plot(
        fan["at"], fan["mean"], color=PALETTE.place, linestyle=DASHED, linewidth=2.2,
        marker="o", markersize=5, markerfacecolor="white", markevery=slice(1, None),
        zorder=3, label="Forecast",
    )  # fmt: skip


def _draw_history(ax: Axes, position: Position, history: pd.DataFrame) -> None:
    frame = broken(history, position.standing.breaks)
    limits = frame[frame[["lower", "upper"]].notna().all(axis=1)]
    if not limits.empty:
        ax.vlines(
            limits["at"], limits["lower"], limits["upper"], color=PALETTE.others, linewidth=1.4,
            label="95% interval",
        )  # fmt: skip
    ax.plot(frame["at"], frame["value"], **place_line(position))


def _draw_comparator(
    ax: Axes, position: Position, history: pd.DataFrame, *, forecast: bool
) -> None:
    if history["comparator"].isna().all():
        return
    frame = broken(history, position.standing.breaks)
    label = capital(position.comparison.label if position.comparison else "comparator")
    style = {"color": PALETTE.comparator, "linewidth": 1.6, "marker": "s", "markersize": 3.5}
    ax.plot(frame["at"], frame["comparator"], linestyle="-", label=label, **style)
    points = position.outlook.forecast.comparator if forecast else pd.DataFrame()
    if not points.empty:
        ahead = _from_last(history, "comparator", points)
        ax.plot(
            ahead["at"], ahead["mean"], linestyle=DASHED, markerfacecolor="white",
            markevery=slice(1, None), label=f"{label}, forecast", **style,
        )  # fmt: skip


def _draw_stored(ax: Axes, position: Position, history: pd.DataFrame) -> None:
    turning = position.outlook and position.outlook.turning
    if not turning or turning.later.empty:
        return
    origin = history[history["period"] == turning.origin]
    led = pd.concat([origin.assign(mean=origin["value"]), turning.later])
    ax.plot(
        middle(led), led["mean"].astype(float), color=PALETTE.ink, marker="x",
        markersize=5, linewidth=1.0, label=_stored_words(turning),
    )  # fmt: skip


def _stored_words(turning: Turning) -> str:
    if turning.afterwards:
        return f"Forecast from figures up to {turning.origin}"
    return f"Forecast made on {day_words(turning.made_on)}"


def scenarios(position: Position) -> Iterator[tuple[str, Trajectory]]:
    """Yield the trajectories that differ from the forecast, each with its letter."""
    found = position.outlook.trajectories if position.outlook else ()
    yield from zip(ascii_uppercase, (t for t in found if t.name != "no_change"), strict=False)


def _draw_scenarios(ax: Axes, position: Position, history: pd.DataFrame) -> list:
    """Draw the scenarios; return where the end of each is, and its letter."""
    ends = []
    for i, (letter, found) in enumerate(scenarios(position)):
        points = _from_last(history, "value", found.points)
        ax.plot(
            points["at"], points["mean"], color=PALETTE.scenarios[i % len(PALETTE.scenarios)],
            linestyle=DASHES[i % len(DASHES)], marker=SHAPES[i % len(SHAPES)], markersize=6,
            markevery=slice(1, None), linewidth=1.7, label=f"{letter}: {found.title}",
        )  # fmt: skip
        ends.append((points[["at", "mean"]].iloc[-1].to_numpy(dtype=float), letter))
    return ends


def _targets(position: Position) -> list[TargetOutlook]:
    known = set(_ahead(position)["period"])
    return [t for t in position.outlook.targets if t.period in known and np.isfinite(t.level)]


def _draw_targets(ax: Axes, position: Position) -> None:
    """Draw each target with its level and the gap; the legend says how high it is."""
    ahead, shown = _ahead(position), _targets(position)
    for found in shown:
        at = float(middle(ahead[ahead["period"] == found.period]).iloc[0])
        if np.isfinite(found.expected):
            ax.plot(
                [at, at], [found.expected, found.level], color=PALETTE.worse, linewidth=2.4,
                marker="_", markersize=9, solid_capstyle="butt", label="Gap to the target",
            )  # fmt: skip
        when = f" for {found.period}" if len(shown) > 1 else ""
        ax.plot(
            [at], [found.level], "*", color=PALETTE.worse, markersize=13, zorder=5,
            markeredgecolor="white", label=f"Target {_aim(position, found)}{when}",
        )  # fmt: skip
        reach = max(at - middle(ahead).iloc[0], 0.5)
        level = [found.level] * 2
        ax.plot([at - reach, at], level, color=PALETTE.worse, linewidth=1.1)


def _aim(position: Position, found: TargetOutlook) -> str:
    """Return a target's level, or where it lies beside its comparator."""
    indicator = position.indicator
    if found.target.relative is None:
        return number(indicator, found.level)
    away, whom = found.target.relative.distance, found.comparator_label or "the comparator"
    size = number(indicator, abs(away))
    if size == number(indicator, 0):
        return f"level with {whom}"
    return f"{size.rstrip('%')} {'above' if away > 0 else 'below'} {whom}"


def _finish(ax: Axes, position: Position, every: pd.DataFrame, history: pd.DataFrame) -> None:
    label_periods(ax, every)
    ax.margins(x=0.05, y=0.14)
    first, last = ax.get_xlim()
    ax.set_xlim(first, last + 0.05 * (last - first))
    ax.set_ylim(widen(ax.get_ylim()))
    label_ticks(position.indicator, ax.yaxis)
    mark_breaks(ax, history, position.standing.breaks)
    name_unit(ax, position.indicator)
    legend_below(ax, most=2)
