"""Time along the foot of a chart: where a period stands, its label, and declared breaks."""

from string import ascii_lowercase

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.theme import PALETTE, grow, wrapped
from outcomes.model.words import capital

MOST_TICKS = 5


def middle(frame: pd.DataFrame) -> pd.Series:
    """Return the middle of each period as a year and its fraction."""
    first, last = (
        frame[name].to_numpy(dtype="datetime64[s]") for name in ("period_start", "period_end")
    )
    half = first + (last - first) // 2
    year = half.astype("datetime64[Y]")
    day = (half.astype("datetime64[D]") - year) / np.timedelta64(1, "D")
    return pd.Series(year.astype(int) + 1970 + day / 365.25, index=frame.index)


def broken(history: pd.DataFrame, breaks: tuple[tuple[str, str], ...] = ()) -> pd.DataFrame:
    """Return a history with `at`, and an empty row at each missing period and declared break.

    Rows must be in order of time. An empty row breaks every line and band drawn from the frame.
    """
    frame = history.reset_index(drop=True)
    frame["at"] = middle(frame)
    step = frame["at"].diff()
    declared = frame["period"].isin([label for label, _ in breaks]) & step.notna()
    apart = (step > 1.6 * step.median()) | declared
    if not apart.any():
        return frame
    empty = pd.DataFrame({"at": frame.loc[apart, "at"] - step[apart] / 2})
    return pd.concat([frame, empty]).sort_values("at", ignore_index=True)


def mark_breaks(ax: Axes, history: pd.DataFrame, breaks: tuple[tuple[str, str], ...]) -> None:
    """Draw a dotted vertical with a letter at each declared break, and its reason underneath.

    A break that names no period of the history, or its first one, has nothing to divide and is
    left out.
    """
    at = middle(history).to_numpy()
    order = {label: i for i, label in enumerate(history["period"]) if i}
    known = [(order[label], reason) for label, reason in breaks if label in order]
    lines = []
    for letter, (i, reason) in zip(ascii_lowercase, sorted(known), strict=False):
        x = (at[i - 1] + at[i]) / 2
        ax.axvline(x, color=PALETTE.ink, linestyle=":", linewidth=1.4)
        mark(ax, x, letter)
        lines.append(wrapped(f"{letter}: {capital(reason) or 'Break in the series'}", 50))
    ax.set_xlabel("\n".join(lines), loc="left", fontsize=10)
    grow(ax, sum(line.count("\n") + 1 for line in lines) * 0.16)


def mark(ax: Axes, x: float, text: str, *, y: float = 0.99) -> None:
    """Write a letter or word at the top (or foot) of a vertical, on a ground of its own."""
    ax.text(
        x,
        y,
        text,
        transform=ax.get_xaxis_transform(),
        ha="center",
        va="top" if y > 0.5 else "bottom",
        fontsize=10,
        fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def label_periods(ax: Axes, frame: pd.DataFrame, *, most: int = MOST_TICKS) -> None:
    """Label the last period, and before it as many as have room; no grid upright."""
    at = middle(frame).to_numpy()
    shown = _spread(at, most)
    ax.set_xticks(at[shown], [_short(label) for label in frame["period"].iloc[shown]])
    ax.grid(visible=False, axis="x")


def _spread(at: np.ndarray, most: int) -> list[int]:
    room = (at[-1] - at[0]) / (most - 0.6)
    shown = [len(at) - 1]
    for i in range(len(at) - 2, -1, -1):
        if at[shown[-1]] - at[i] >= room:
            shown.append(i)
    return shown


def _short(label: str) -> str:
    """Return a period's label broken so that neighbours do not run into each other."""
    if " to " in label:
        first, last = label.split(" to ", 1)
        return f"{first} to\n{last}"
    return label.replace(" ", "\n")
