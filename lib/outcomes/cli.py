"""The command `outcomes`: parses, calls, prints. Nothing is possible here only."""

import os
import sys
from datetime import date
from pathlib import Path

import click

from outcomes import paths
from outcomes.cli_ballots import ballot
from outcomes.cli_framework import framework
from outcomes.cli_programme import programme
from outcomes.cli_reports import report
from outcomes.cli_runs import runs
from outcomes.cli_serve import serve
from outcomes.cli_services import services
from outcomes.errors import OutcomesError


class _Group(click.Group):
    """A group that turns our errors into one message and an exit code, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except OutcomesError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=_Group)
@click.version_option(package_name="outcomes")
def main() -> None:
    """Where are we now, what evidence have we, where are we heading: for every outcome and place."""


@main.command()
def check() -> None:
    """Check everything in parameters/ and all notebooks, without running anything."""
    from outcomes.batch import check_everything
    from outcomes.parameters import load_parameters

    for line in check_everything(load_parameters()):
        click.echo(line)


@main.command()
def schema() -> None:
    """Write the JSON Schemas by which editors complete and check the files in parameters/."""
    from outcomes.parameters import write_schemas

    for path in write_schemas():
        click.echo(paths.shown(path))


@main.group()
def data() -> None:
    """Put publishers' figures into a store."""


MOST_WORKERS = 61
"""More processes than that cannot be waited for on Windows."""

STORE = click.option(
    "--store", default="published", show_default=True, help="A file in parameters/stores."
)


class _Day(click.ParamType):
    """A day such as 2026-06-30 or a quarter such as 2026-Q2, which is its last day."""

    name = "day"

    def convert(self, value, param, ctx) -> date:
        from outcomes.model import as_of_day

        if not value.strip():
            self.fail("expected a day such as 2026-06-30 or a quarter such as 2026-Q2", param, ctx)
        try:
            return date.fromisoformat(as_of_day(value))
        except ValueError as error:
            return self.fail(str(error), param, ctx)


@data.command("add")
@click.argument("source")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--released", type=_Day(), help="When it came out. [default: as the publisher says, or today]"
)
@STORE
def data_add(source: str, path: Path, released: date | None, store: str) -> None:
    """Add the files of SOURCE (els, lait, own ...) at PATH; the same again changes nothing.

    Every row is accounted for: kept, duplicate or rejected with its reason. A series that a new
    release changes is a new vintage; the earlier one is kept.
    """
    from outcomes.sources import add, open_known_store

    click.echo(add(source, path, open_known_store(store), released).summary())


@data.command("fetch")
@click.argument("source")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="[default: data/raw/SOURCE]")
@click.option("--edition", help="One that parameters/sources/SOURCE.yml names; else its first.")
@click.option("--base", metavar="ADDRESS", help="A copy of the files, instead of the publisher.")
def data_fetch(source: str, folder: Path | None, edition: str | None, base: str | None) -> None:
    """Download SOURCE from its publisher; what has not changed is not transferred again.

    Exits with 12 if something could not be reached and what is held can be used, with 11 if not.
    """
    from outcomes.sources.fetch import fetch

    def show(done: int, of: int, path: str) -> None:
        click.echo(f"[{done:>{len(str(of))}}/{of}] {path}", err=True)

    found = fetch(source, folder, edition=edition, base=base, progress=show)
    click.echo(found.summary())
    if found.failed:
        sys.exit(11 if found.problem else 12)


@data.command("map")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write it into a new file.")
def data_map(file: Path, out: Path | None) -> None:
    """Propose how to read a CSV or Excel FILE of your own; look the proposal through.

    What is unsure is marked '# check:'. Then: outcomes data add own OUT.
    """
    from outcomes.sources import own

    if out is None:
        click.echo(own.propose(file), nl=False)
        return
    own.write_proposal(file, out)
    click.echo(f"{out}: look it through, then: outcomes data add own {out}")


@data.command("diff")
@click.argument("source")
@click.option("--before", type=_Day(), help="What was known then. [default: before the newest add]")
@click.option("--after", type=_Day(), help="And then. [default: now]")
@click.option("--out", type=click.Path(path_type=Path), help="A CSV file for the whole table.")
@STORE
def data_diff(
    source: str, before: date | None, after: date | None, out: Path | None, store: str
) -> None:
    """Say what a release of SOURCE changed: revised, added, withdrawn; a sentence a series."""
    from outcomes.narrative import say_changes
    from outcomes.sources import open_known_store
    from outcomes.store import harmless, write_csv

    opened = open_known_store(store).require_filled()
    changes = opened.changes(source, before, after)
    if changes.empty:
        click.echo(f"{source}: no figure changed")
        return
    for sentence in say_changes(changes, opened.described(), opened.areas()):
        click.echo(sentence)
    if out:
        write_csv(harmless(changes), out)
        click.echo(f"every figure that changed: {out}")


@data.command("build")
@click.argument("store")
def data_build(store: str) -> None:
    """Add everything that parameters/stores/STORE.yml lists under contents."""
    from outcomes.sources import build

    for added in build(store):
        click.echo(added.summary())


@data.command("list")
@STORE
def data_list(store: str) -> None:
    """List the series that a store holds, one a line: series, title, publisher."""
    from outcomes.sources import open_known_store

    series = open_known_store(store).require_filled().series().sort_index()
    for row in series.itertuples():
        click.echo(f"{row.Index}\t{row.title}\t{row.publisher}")


class _Bytes(click.ParamType):
    """An amount of memory such as 4GB, or none."""

    name = "size"
    units = {"kb": 10**3, "mb": 10**6, "gb": 10**9}

    def convert(self, value, param, ctx) -> int:
        if isinstance(value, int):
            return value
        word = value.strip().lower().replace(" ", "")
        number, unit = word[:-2], word[-2:]
        try:
            size = 0 if word == "none" else int(float(number) * self.units[unit])
        except (KeyError, ValueError, OverflowError):
            size = -1
        if size < 0 or (size == 0 and word != "none"):
            self.fail(f"{value!r} is no size; expected one such as 4GB or 500MB, or none")
        return size


@main.command()
@click.argument("run_file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--only", multiple=True, metavar="OUTCOME", help="Make this outcome only; may be repeated."
)
@click.option(
    "--locality", multiple=True, metavar="CODE", help="Make this place only; may be repeated."
)
@click.option(
    "--as-of", type=_Day(), help="Show what was known on that day, or at the end of that quarter."
)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    help="Pages side by side. [default: cores + 1]",
)
@click.option("--out", type=click.Path(path_type=Path), help="The run's folder.")
@click.option("--force", is_flag=True, help="Make every page again, changed or not.")
@click.option("--explain", is_flag=True, help="Say why each page would be made; make nothing.")
@click.option("--resume", is_flag=True, help="Carry on the run that was interrupted.")
@click.option(
    "--time-limit",
    type=click.FloatRange(1),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="What one page may take.",
)
@click.option(
    "--memory-limit",
    type=_Bytes(),
    help="What one page may take, such as 4GB. [default: four fifths of this machine's, shared by "
    "the workers]",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    default="",
    help="Let a Dask cluster make the pages: tcp://host:port",
)
def run(
    run_file: Path | None,
    resume: bool,
    explain: bool,
    workers: int | None,
    time_limit: float,
    memory_limit: int | None,
    dask: str,
    **choices: object,
) -> None:
    """Make every page that RUN_FILE asks for and that changed; exit 0 only if all are right.

    A run that was stopped, killed or cut off is carried on with --resume. Exits with 12 if a page
    could not be made, with 130 after Ctrl-C.
    """
    import psutil

    from outcomes.batch import Limits, Progress, Stopped, explain_pages, run_pages

    choices = _choices(run_file, resume=resume, explain=explain, **choices)
    if explain:
        for line in explain_pages(run_file, **choices):
            click.echo(line)
        return
    # A page waits for its kernel for a third of a second: one more than there are cores fills that.
    workers = workers or min((os.cpu_count() or 1) + 1, MOST_WORKERS)
    if memory_limit is None:
        memory_limit = 0 if dask else psutil.virtual_memory().total * 4 // 5 // workers
    progress = Progress(sys.stdout, workers)
    limits = Limits(time_limit, memory_limit)
    try:
        report = run_pages(
            run_file,
            **choices,
            resume=resume,
            workers=workers,
            limits=limits,
            cluster=dask,
            progress=progress,
        )
    except Stopped as stopped:
        progress.end()
        click.echo(stopped, err=True)
        sys.exit(stopped.exit_code)
    progress.end()
    click.echo(report.summary())
    if report.failed:
        sys.exit(12)


def _choices(run_file, *, resume, explain, only, locality, as_of, out, force) -> dict:
    """Return the choices of a run by the names of `run_pages`; refuse what cannot go together."""
    if resume and (only or locality or as_of or force or explain):
        raise click.UsageError(
            "--resume carries on what the interrupted run was asked; leave out --only, --locality, "
            "--as-of, --force and --explain"
        )
    if run_file is None and not resume:
        raise click.UsageError("Missing argument 'RUN_FILE', such as parameters/runs/sample.yml")
    day = as_of.isoformat() if as_of else ""
    return {"only": only, "localities": locality, "as_of": day, "out": out, "force": force}


@main.group()
def forecast() -> None:
    """Keep what is expected today, so that later figures can be judged against it."""


@forecast.command("keep")
@click.option("--name", default="", help="What it is called. [default: the day]")
@click.option(
    "--until", type=_Day(), help="Use no figure of a later period: as if made then, afterwards."
)
@click.option("--as-of", type=_Day(), help="Use the figures as they were known on that day.")
@STORE
def forecast_keep(name: str, until: date | None, as_of: date | None, store: str) -> None:
    """Forecast every indicator in every place of a store, and keep that as a record.

    A forecast that is kept is never overwritten. It lies in data/forecasts: keep copies of it.
    """
    from outcomes.baseline.keeping import keep

    path, kept = keep(store, name=name, until=until, as_of=as_of)
    click.echo(
        f"{kept.forecasts:,} forecasts of {kept.indicators:,} indicators in {kept.places:,} "
        f"places, up to {kept.horizon} periods ahead, from figures up to {kept.until}"
    )
    if kept.afterwards:
        click.echo("made afterwards: later figures may have been known already; none was used")
    click.echo(f"kept as {kept.name}: {paths.shown(path)}")


@forecast.command("list")
@STORE
def forecast_list(store: str) -> None:
    """List the forecasts that are kept, one a line, the first one made first."""
    from outcomes.sources import open_known_store
    from outcomes.store.forecasts import kept_forecasts

    found = kept_forecasts(open_known_store(store).name)
    for kept in found:
        said = [
            kept.name,
            f"made on {kept.made_on}",
            f"figures up to {kept.until}",
            f"{kept.forecasts:,} forecasts",
        ]
        click.echo("\t".join([*said, *["made afterwards"] * kept.afterwards]))
    if not found:
        click.echo(f"none is kept. Keep one with: outcomes forecast keep --store {store}")


main.add_command(ballot)
main.add_command(framework)
main.add_command(report)
main.add_command(programme)
main.add_command(runs)
main.add_command(serve)
main.add_command(services)


if __name__ == "__main__":
    main()
