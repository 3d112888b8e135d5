"""The command `outcomes runs`: what runs there were, and what moved between two of them."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from outcomes import paths

HEADINGS = {
    "revised": "Revised, for the same period",
    "another_period": "For another period than before",
    "another_series": "From another series than before",
    "appeared": "In the newer run only",
    "disappeared": "In the older run only",
}
MOST = 20
"""Lines of a kind that the terminal shows; a file has all."""
PREVIOUS = "previous"


@click.group(invoke_without_command=True)
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where runs were made. [default: outputs]"
)
@click.pass_context
def runs(context: click.Context, folder: Path | None) -> None:
    """List the finished runs that are remembered, the newest first.

    A line a run: id, when, pages, failed, seconds, figures that moved since the run before.
    """
    context.obj = folder or paths.outputs_folder()
    if context.invoked_subcommand is None:
        from outcomes.batch.history import every_run

        found = every_run(context.obj)
        for run in found:
            click.echo(_line(run.id, run.about))
        if not found:
            click.echo("no run is remembered yet. Make one with: outcomes run RUN_FILE")


@runs.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", default="")
@click.option("--out", type=click.Path(path_type=Path), help="A CSV file for the whole table.")
@click.pass_obj
def runs_diff(outputs: Path, first: str, second: str, out: Path | None) -> None:
    """Say which figures moved from run A to run B, or to A from the run before it.

    A and B are ids as `outcomes runs` lists them, names of runs, which mean their newest, or
    'previous': the one before the other. A figure counts once, however many pages show it.

    The largest change comes first. So that indicators in different units can be compared, size is
    the change as a share of the larger of the two values: from 74.9 to 75.5 is 0.8%. Where the
    older figure has a 95% interval, the change is also given in half widths of it: below 1, the
    figure stayed within. An indicator whose values lie near zero has large shares for small
    changes; look at the half widths first.
    """
    from outcomes.batch.history import compare

    older, newer = _pair(first, second, outputs)
    found = compare(older.manifest(), newer.manifest())
    click.echo(f"{older.id} -> {newer.id}: {found.words()}")
    for line in _report(found):
        click.echo(line)
    if out and found.changes:
        from outcomes.store import harmless, write_csv

        write_csv(harmless(_table(found)), out)
        click.echo(f"every figure that changed: {out}")


def _line(name: str, about: dict) -> str:
    moved = about["moved"]
    words = "the first" if moved is None else f"{moved:,} figures moved"
    when = about["made"][:16].replace("T", " ")
    counts = [f"{about['pages']:,} pages", f"{about['failed']:,} failed"]
    return "\t".join([name, when, *counts, f"{about['seconds']:.0f} s", words])


def _pair(first: str, second: str, outputs: Path):
    """Return the older and the newer of two remembered runs, as they were named."""
    from outcomes.batch.history import find, one_before
    from outcomes.errors import ParameterError

    older, newer = (first, second) if second else (PREVIOUS, first)
    if older == newer == PREVIOUS:
        raise ParameterError("'previous' is the run before another one; name that one")
    if older == PREVIOUS:
        run = find(newer, outputs)
        return one_before(run, outputs), run
    run = find(older, outputs)
    return run, one_before(run, outputs) if newer == PREVIOUS else find(newer, outputs)


def _report(found) -> Iterator[str]:
    """Yield a heading and the largest changes of each kind, then verdicts, then pages."""
    words = _Words()
    for kind, heading in HEADINGS.items():
        yield from _section(heading, [words.change(c) for c in found.changes if c.kind == kind])
    verdicts = [words.verdict(c, name) for c in found.changes for name in c.verdicts]
    yield from _section("Verdicts that changed", verdicts)
    yield from _section("New pages", list(found.gained))
    yield from _section("Pages that are gone", list(found.lost))


def _section(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{heading} ({len(lines):,}):"
    yield from (f"  {line}" for line in lines[:MOST])
    if len(lines) > MOST:
        yield f"  and {len(lines) - MOST:,} more; --out FILE.csv has every figure"


class _Words:
    """Names and numbers as the parameters have them; what they do not know keeps its code."""

    def __init__(self):
        from outcomes.parameters import load_parameters

        parameters = load_parameters()
        self.indicators, self.places = parameters.indicators, parameters.places.by_code()

    def place(self, code: str) -> str:
        return self.places[code].name if code in self.places else code

    def title(self, indicator: str) -> str:
        return self.indicators[indicator].title if indicator in self.indicators else indicator

    def number(self, indicator: str, value: float) -> str:
        from outcomes.model import number

        known = self.indicators.get(indicator)
        return number(known, value) if known else f"{value:,.6g}"

    def change(self, change) -> str:
        """Return one figure's line: whose, from what to what, how much, which verdicts."""
        old, new = change.old, change.new
        said = [self.number(change.indicator, f.value) if f else "none" for f in (old, new)]
        if old and new and said[0] == said[1] and old.value != new.value:
            said = [f"{figure.value:,.8g}" for figure in (old, new)]
        periods = [f.period if f else "" for f in (old, new)]
        head = f"{self.place(change.locality)}, {self.title(change.indicator)}"
        if change.kind == "revised":
            text = f"{head}, {periods[0]}: {said[0]} -> {said[1]}"
        else:
            ends = [" ".join(filter(None, end)) for end in zip(periods, said, strict=True)]
            text = f"{head}: {ends[0]} -> {ends[1]}"
        verdicts = [f"beside {k} {was} -> {now}" for k, (was, now) in change.verdicts.items()]
        return ", ".join([text + _size(change), *verdicts])

    def verdict(self, change, comparator: str) -> str:
        """Return the line of one verdict that changed."""
        old, new = change.verdicts[comparator]
        head = f"{self.place(change.locality)}, {self.title(change.indicator)}"
        value = self.number(change.indicator, change.new.value)
        return f"{head}, beside {comparator}: {old} -> {new} ({change.new.period} {value})"


def _size(change) -> str:
    if change.size is None:
        return ""
    size = "under 0.1%" if 0 < change.size < 0.0005 else f"{change.size:.1%}"
    widths = change.half_widths
    return f" ({size}{'' if widths is None else f'; {widths:.1f} half widths'})"


def _table(found):
    """Return every figure that changed as a frame, the largest change first."""
    import pandas as pd

    words = _Words()
    rows = [
        {
            "place": words.place(change.locality),
            "title": words.title(change.indicator),
            "change": change.kind,
            "size": change.size,
            "half_widths": change.half_widths,
            **asdict(change),
        }
        for change in found.changes
    ]
    return pd.json_normalize(rows, sep="_").drop(columns=["old", "new"], errors="ignore")
