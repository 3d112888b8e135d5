"""The commands `outcomes report`: documents to print, to comment on and to present."""

from datetime import date, datetime
from pathlib import Path

import click

from outcomes import paths

PLACE = [
    click.option("--framework", required=True, help="A file in parameters/frameworks."),
    click.option("--locality", required=True, metavar="CODE", help="A place's code."),
]
MADE = [
    click.option("--comparator", default="nation", show_default=True),
    click.option(
        "--as-of",
        default="",
        help="Show what was known on that day, or at the end of that quarter.",
    ),
    click.option("--out", type=click.Path(path_type=Path), help="A new folder for the files."),
]
DAY = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="[default: today]")


def _options(options):
    def decorate(command):
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.group()
def report() -> None:
    """Write reports on a place, collect comments on them, and issue them.

    A report goes from draft to comments, amended, final and cabinet. Its log is a file in
    parameters/reports that people may also type.
    """


@report.command()
@_options(PLACE + MADE)
def baseline(out: Path | None, **about: str) -> None:
    """Write the baseline report: web page, Word, PDF and a presentation."""
    from outcomes.reports import make_baseline

    click.echo(paths.shown(make_baseline(_page(about), out)))


@report.command()
@_options(PLACE + MADE)
@click.option("--outcome", "outcomes", multiple=True, help="This outcome only; may be repeated.")
def strategy(out: Path | None, outcomes: tuple[str, ...], **about: str) -> None:
    """Write the commissioning strategy of each outcome, in every format."""
    from outcomes.reports import make_strategies

    click.echo(paths.shown(make_strategies(_page(about), list(outcomes), out)))


@report.command()
@_options(PLACE)
def check(framework: str, locality: str) -> None:
    """List what is still to be written or answered before a report can be issued."""
    from outcomes.parameters import load_parameters
    from outcomes.parameters.reports import unfinished

    for line in unfinished(load_parameters(), framework, locality) or ["nothing is missing"]:
        click.echo(line)


@report.command()
@_options([*PLACE, DAY])
@click.option("--by", required=True, help="A role or an organisation, never a person's name.")
@click.option("--about", default="report", show_default=True, help="An outcome or a section.")
@click.option("--request", is_flag=True, help="It asks for further information.")
@click.argument("text")
def comment(
    framework: str,
    locality: str,
    day: datetime | None,
    by: str,
    about: str,
    request: bool,
    text: str,
) -> None:
    """Write a comment into the log of a report."""
    from outcomes.parameters import load_parameters
    from outcomes.parameters.reports import add_comment

    kind = "request" if request else "comment"
    values = {"day": _day(day), "by": by, "about": about, "kind": kind, "text": text}
    click.echo(f"{add_comment(load_parameters(), framework, locality, **values).id}: recorded")


@report.command()
@_options([*PLACE, DAY])
@click.option("--change", is_flag=True, help="Put it in the place of an answer; that is kept.")
@click.argument("comment")
@click.argument("text")
def answer(
    framework: str, locality: str, day: datetime | None, change: bool, comment: str, text: str
) -> None:
    """Write the answer to COMMENT, such as c1: what was changed, or why nothing was."""
    from outcomes.parameters import load_parameters
    from outcomes.parameters.reports import answer_comment

    answer_comment(load_parameters(), framework, locality, comment, text, _day(day), change=change)
    click.echo(f"{comment}: answered")


@report.command()
@_options([*PLACE, DAY])
@click.argument("name")
@click.option("--reason", default="", help="Why it is not simply the next stage.")
@click.option("--override", default="", help="Why it is issued with a comment unanswered.")
def stage(framework: str, locality: str, day: datetime | None, name: str, **why: str) -> None:
    """Record that a report came to the stage NAME: comments, amended, final or cabinet."""
    from outcomes.parameters import load_parameters
    from outcomes.parameters.reports import set_stage

    set_stage(load_parameters(), framework, locality, name, day=_day(day), **why)
    click.echo(f"stage: {name}")


def _page(about: dict[str, str]):
    from outcomes.parameters import load_parameters

    return load_parameters().page(outcome="overview", **about)


def _day(day: datetime | None) -> date:
    return day.date() if day else date.today()  # noqa: DTZ011  the day where it was said
