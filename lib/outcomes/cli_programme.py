"""The commands `outcomes programme`: the plan of the work, its rounds, the partners and the money."""

from pathlib import Path

import click

from outcomes import paths

OUT = click.option(
    "--out", type=click.Path(path_type=Path), help="A file to write: .html, .docx or .pdf."
)
NAME = click.argument("programme_id", metavar="PROGRAMME")


@click.group()
def programme() -> None:
    """Look at a programme's timeline and rounds, and at the partners and their money."""


@programme.command()
@NAME
@click.option("--service-area", metavar="NAME", help="Only what is asked of this service area.")
@OUT
def show(programme_id: str, service_area: str | None, out: Path | None) -> None:
    """Show PROGRAMME: activities, what is asked of whom, events and steps."""
    from outcomes.parameters.names import require_known
    from outcomes.reports.programme import programme_document
    from outcomes.tables.programme import table_requirements

    found = _read(programme_id)
    if service_area:
        require_known([service_area], found.service_areas, programme_id, "service area")
        _print(table_requirements(found, service_area))
    else:
        _give(programme_document(found), out)


@programme.command()
@NAME
def check(programme_id: str) -> None:
    """Say what PROGRAMME's timeline says against itself: overlaps, no slack, nobody who answers."""
    from outcomes.programme import check_timeline

    findings = check_timeline(_read(programme_id))
    for finding in findings:
        click.echo(f"{'flag' if finding.flag else 'note'}: {finding.words}")
    if not findings:
        click.echo(f"{programme_id}: nothing to flag")


@programme.command("round")
@NAME
@click.option("--copy-forward", is_flag=True, help="Make the next round as a copy of this one.")
@click.option("--year", type=int, help="The next round's. [default: the year after]")
@click.option("--name", help="The next round's. [default: this one's with the new year]")
def next_round(programme_id: str, copy_forward: bool, year: int | None, name: str | None) -> None:
    """Say what changed in PROGRAMME since the round before, or copy it forward to a new one.

    The file of a round is never changed or overwritten.
    """
    from outcomes.parameters import load_parameters
    from outcomes.parameters.programme import write_programme
    from outcomes.programme import copy_forward as copied
    from outcomes.programme import what_changed

    after = _read(programme_id)
    if copy_forward:
        before, year = after, year or after.year + 1
        old = str(before.year)
        name = name or (
            programme_id.replace(old, str(year))
            if old in programme_id
            else f"{programme_id}_{year}"
        )
        after = copied(before, programme_id, year)
        path = write_programme(load_parameters(), name, after)
        click.echo(f"{paths.shown(path)}: copied from {programme_id}; what changed:")
    elif year or name:
        raise click.UsageError("--year and --name go with --copy-forward")
    elif after.previous is None:
        click.echo(f"{programme_id} is the first round")
        return
    else:
        before = _read(after.previous)
    for line in what_changed(before, after):
        click.echo(f"  {line}")


@programme.command()
@click.argument("framework_id", metavar="FRAMEWORK")
@click.argument("locality")
@OUT
def partners(framework_id: str, locality: str, out: Path | None) -> None:
    """Show who helps FRAMEWORK's outcomes along in LOCALITY, what is done and the money for it."""
    from outcomes.parameters import load_parameters
    from outcomes.parameters.partners import partners_for
    from outcomes.reports.programme import partner_document

    parameters = load_parameters()
    framework = parameters.framework(framework_id)
    found = partners_for(parameters, framework_id, locality)
    titles = {outcome.id: outcome.short for outcome in framework.outcomes}
    titles |= {name: each.title for name, each in parameters.indicators.items()}
    titles |= {code: place.name for code, place in parameters.places.by_code().items()}
    _give(partner_document(found, framework, titles), out)


def _read(programme_id: str):
    from outcomes.parameters import load_parameters
    from outcomes.parameters.programme import programme as read

    return read(load_parameters(), programme_id)


def _print(table) -> None:
    """Print a table as a list: each row under its head, a line a cell that is not empty."""
    click.echo(f"\n{table.caption}\n")
    for first, *rest in table.frame.itertuples(index=False):
        click.echo(f"- {first}")
        for column, cell in zip(table.frame.columns[1:], rest, strict=True):
            if cell:
                click.echo(f"    {column}: {cell}")


def _give(document, out: Path | None) -> None:
    """Write a document into a file, or print its words and tables."""
    from outcomes.reports.printed import write_pdf
    from outcomes.reports.web import write_web
    from outcomes.reports.word import write_word

    writers = {".html": write_web, ".docx": write_word, ".pdf": write_pdf}
    if out is None:
        for block in document.blocks:
            if table := getattr(block, "table", None):
                _print(table)
            for text in getattr(block, "texts", ()) or filter(None, [getattr(block, "text", "")]):
                click.echo(text)
    elif out.suffix.lower() not in writers:
        raise click.UsageError(f"--out {out}: expected a file that ends in .html, .docx or .pdf")
    else:
        writers[out.suffix.lower()](document, out)
        click.echo(paths.shown(out))
