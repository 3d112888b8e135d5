"""The command `outcomes`: parses, calls, prints. Nothing is possible here only."""

import os
import sys
from pathlib import Path

import click

from outcomes import paths
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


@data.command("add")
@click.argument("source")
@click.argument("path", type=click.Path(path_type=Path))
@STORE
def data_add(source: str, path: Path, store: str) -> None:
    """Add the files of SOURCE (els, lait or population) at PATH; the same again changes nothing."""
    from outcomes.sources import add, open_known_store

    click.echo(add(source, path, open_known_store(store)).summary())


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


@main.command()
@click.argument("run_file", type=click.Path(path_type=Path))
@click.option(
    "--only", multiple=True, metavar="OUTCOME", help="Make this outcome only; may be repeated."
)
@click.option(
    "--locality", multiple=True, metavar="CODE", help="Make this place only; may be repeated."
)
@click.option(
    "--workers", type=click.IntRange(1, MOST_WORKERS), help="Pages side by side. [default: cores]"
)
@click.option("--out", type=click.Path(path_type=Path), help="The run's folder.")
def run(
    run_file: Path,
    only: tuple[str, ...],
    locality: tuple[str, ...],
    workers: int | None,
    out: Path | None,
) -> None:
    """Make every page that RUN_FILE asks for; exit 0 only if all are right."""
    from outcomes.batch import run_pages

    report = run_pages(
        run_file,
        only=only,
        localities=locality,
        workers=workers or min(os.cpu_count() or 1, MOST_WORKERS),
        out=out,
        progress=_progress,
    )
    click.echo(report.summary())
    if report.failed:
        sys.exit(12)


def _progress(done: int, of: int, page) -> None:
    state = "ok" if page.right else "FAILED"
    about = page.page
    click.echo(
        f"[{done:>{len(str(of))}}/{of}] {about['locality']} {about['outcome']} "
        f"{about['comparator']}: {state}, {page.seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
