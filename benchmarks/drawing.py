"""Draw the charts of the sample county's pages, and the same ones the plain way, in turns.

The plain way is matplotlib's own: a figure with constrained layout, its usual axes, and `savefig`.
What is drawn, and the legend under it, come from the same functions; so the ratio is that of axes,
layout, measuring of text and writing alone. Each chart counts with the least CPU time of its rounds.

    outcomes data build sample
    python benchmarks/drawing.py --rounds 3
"""

import argparse
import io
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np

os.environ |= {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")}

import matplotlib as mpl
from matplotlib.figure import Figure

from outcomes import charts
from outcomes.baseline import load_baseline
from outcomes.baseline.across import load_funnel, load_relation
from outcomes.baseline.load import load_outlines
from outcomes.charts.theme import STYLE, WIDTH
from outcomes.model import Page

OUTCOMES = ("best_start", "safe_communities", "environment")
RELATION = ("gcses_in_english_and_maths", ["primary_school_standard"])


@dataclass
class Chart:
    """A chart to be drawn: on axes so many inches high, or on a grid of so many."""

    kind: str
    draw: Callable
    height: float = 3.1
    grid: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)


def page_charts(outcome: str) -> Iterator[Chart]:
    """Yield the charts of one page."""
    asked = {"framework": "essex_2014", "locality": "X10000001", "comparator": "nation"}
    page = Page(outcome=outcome, **asked)
    baseline = load_baseline(page)
    yield Chart(
        "spine", lambda ax: charts.plot_spine(baseline, ax=ax), charts.spine_height(baseline)
    )
    for position in baseline.positions:
        if position.latest is not None:
            yield from position_charts(position)
    mapped = next((p for p in baseline.positions if p.within["value"].notna().sum() > 2), None)
    if mapped is not None:
        shapes, height = load_outlines(page, mapped.within["area_code"]), charts.map_height
        yield Chart("map", lambda ax: charts.plot_map(shapes, mapped, ax=ax), height(shapes))
    many = next((p for p in baseline.positions if not p.within_history.empty), None)
    if many is not None:
        yield Chart("multiples", partial(draw_multiples, many), grid=len(many.within))
    if outcome == "safe_communities":
        yield from stories(page)


def draw_multiples(position, axes) -> None:
    """Draw the history of each place within."""
    charts.plot_multiples(position, position.within_history, axes=axes)


def position_charts(position) -> Iterator[Chart]:
    """Yield what is drawn of one indicator."""

    def chart(kind: str, *more) -> Chart:
        return Chart(kind, lambda ax: getattr(charts, f"plot_{kind}")(position, ax=ax), *more)

    standing = position.standing
    yield chart("history")
    yield chart("outlook", charts.outlook_height(position))
    if standing.spread is not None:
        yield chart("spread", charts.spread_height(position))
    if standing.control is not None and not standing.control.reason:
        yield chart("control")
    if position.within["value"].notna().sum() > 2:
        yield chart("within", charts.within_height(position))
    for gap in standing.gaps:
        yield Chart("gap", lambda ax, gap=gap: charts.plot_gap(gap, position.indicator, ax=ax))


def stories(page) -> Iterator[Chart]:
    """Yield the charts over areas."""
    relation = load_relation(page, *RELATION)
    yield Chart("relation", lambda ax: charts.plot_relation(relation, ax=ax), 3.6)
    told = load_funnel(page, "injuries_to_adults")
    about = (told.points, told.lines, told.indicator)
    yield Chart("funnel", lambda ax: charts.plot_funnel(*about, ax=ax), 3.6)


def ours(chart: Chart) -> str:
    """Return a chart as SVG as pages have it."""
    axes = charts.new_grid(chart.grid) if chart.grid else charts.new_axes(height=chart.height)
    chart.draw(axes)
    return charts.to_svg(axes[0] if chart.grid else axes)


def plain(chart: Chart) -> str:
    """Return a chart as SVG by matplotlib's usual figure and axes, layout and writer."""
    buffer, rows = io.StringIO(), math.ceil(chart.grid / 2)
    height = 0.3 + 1.35 * rows if chart.grid else chart.height
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        shared = {"sharex": True, "sharey": True}
        axes = figure.subplots(rows, 2, **shared).ravel() if chart.grid else figure.subplots()
        chart.draw(axes)
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def measure(drawn: list[Chart], rounds: int) -> None:
    """Draw each chart both ways, in turns, and keep the least CPU time of each."""
    for _ in range(rounds):
        for chart in drawn:
            for way in (ours, plain):
                started = time.process_time()
                chart.size[way.__name__] = len(way(chart).encode())
                spent = time.process_time() - started
                chart.seconds[way.__name__] = min(spent, chart.seconds.get(way.__name__, spent))


def line(kind: str, drawn: list[Chart]) -> str:
    """Return the figures of one kind of chart."""
    mine, other = (1e3 * np.mean([c.seconds[way] for c in drawn]) for way in ("ours", "plain"))
    small, large = (np.mean([c.size[way] for c in drawn]) / 1024 for way in ("ours", "plain"))
    return (
        f"{kind:<10}{len(drawn):>4}{mine:>9.1f}{other:>9.1f}{other / mine:>8.1f}{1e3 / mine:>9.0f}"
        f"{small:>9.1f}{large:>9.1f}"
    )


def main() -> None:
    """Print the CPU time and the size of a chart by kind, both ways."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    drawn = [chart for outcome in OUTCOMES for chart in page_charts(outcome)]
    measure(drawn, rounds)
    kinds = {
        kind: [c for c in drawn if c.kind == kind] for kind in dict.fromkeys(c.kind for c in drawn)
    }
    head = (
        f"{'chart':<10}{'n':>4}{'ms':>9}{'plain':>9}{'ratio':>8}{'a sec':>9}{'KiB':>9}{'plain':>9}"
    )
    lines = [head, *(line(kind, found) for kind, found in kinds.items()), line("all", drawn)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
