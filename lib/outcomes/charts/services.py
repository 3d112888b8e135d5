"""A performance measure by period: bars for customers, never on one axis with a population."""

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from outcomes.charts.theme import PALETTE, legend_below, themed
from outcomes.model.performance import SO_FAR, MeasureLine


@themed
def plot_measure(line: MeasureLine, *, ax: Axes) -> Axes:
    """Draw a service's measure: a bar for each period, its interval, and its target as a line.

    A period without a figure keeps its place and has no bar.
    """
    rows = line.figures.reset_index(drop=True)
    ax.bar(rows.index, rows["value"].fillna(0), width=0.6, color=PALETTE.shades[2],
           label="Customers of the service")  # fmt: skip
    if (open_ := rows["best"] > rows["value"]).any():
        ax.bar(
            rows.index[open_], (rows["best"] - rows["value"])[open_], width=0.6,
            bottom=rows["value"][open_], facecolor="none", edgecolor=PALETTE.ink, hatch="//",
            linewidth=0.8, label="Not followed up: may be better off or not",
        )  # fmt: skip
    limits = rows["lower"].notna() & rows["value"].notna()
    if limits.any():
        ax.vlines(
            rows.index[limits], rows["lower"][limits], rows["upper"][limits],
            color=PALETTE.ink, linewidth=1.6, label="95% interval",
        )  # fmt: skip
    for at in rows.index[rows["value"].isna()]:
        ax.text(at, 0, "no\nfigure", ha="center", va="bottom", fontsize=9)
    if line.measure.target is not None:
        ax.axhline(line.measure.target, color=PALETTE.signal, linestyle="--", linewidth=1.6,
                   label="Target")  # fmt: skip
    ax.set_xticks(rows.index, rows["period"].str.replace(SO_FAR, "\nso far"))
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    sign = "%" if line.measure.unit == "%" else ""
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}{sign}"))
    ax.grid(visible=False, axis="x")
    legend_below(ax)
    return ax
