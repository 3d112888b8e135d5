"""The commands `outcomes framework`: what a council has said it wants, and whether it says it well."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from outcomes.parameters import Parameters


@click.group()
def framework() -> None:
    """Look at a framework's outcomes, statements and indicators, and freeze its statements."""


@framework.command("check")
@click.argument("framework_id", metavar="[FRAMEWORK]", required=False)
@click.option("--text", help="One wording, such as 'Crime rate', instead of the files.")
@click.option(
    "--as",
    "entered",
    type=click.Choice(["outcome", "indicator", "performance_measure"]),
    help="What the text is entered as; else it is told what it is.",
)
@click.option("--every", is_flag=True, help="List every wording, with ends or means.")
def framework_check(
    framework_id: str | None, text: str | None, entered: str | None, every: bool
) -> None:
    """Check the wordings of FRAMEWORK, or of everything: outcome, indicator or measure.

    Each finding says why and what to do. Exits with 10 if one is refused; warnings and hints are for
    people, who have the last word: see docs/methods/wording.md.
    """
    from outcomes.errors import ParameterError
    from outcomes.parameters import load_parameters
    from outcomes.parameters.glossary import read_glossary
    from outcomes.parameters.names import require_framework
    from outcomes.wording.check import check
    from outcomes.wording.say import say_checked, say_text, say_total

    parameters = load_parameters()
    glossary = read_glossary(parameters)
    if text is not None:
        if not text.strip():
            raise ParameterError("--text: got nothing; give a wording such as 'Crime rate'")
        lines, refused = say_text(text, entered, glossary)
        click.echo("\n".join(lines))
        sys.exit(10 if refused else 0)
    if framework_id:
        require_framework(parameters, framework_id, "framework check")
    files, found = _wordings(parameters, framework_id), []
    for file, (wordings, decided) in files.items():
        checked = check(wordings, glossary, decided)
        found += checked
        for line in say_checked(file, wordings if every else [], checked):
            click.echo(line)
    click.echo(say_total(sum(len(wordings) for wordings, _ in files.values()), found))
    if any(each.severity == "refused" for one in found for each in one.findings):
        sys.exit(10)


def _wordings(parameters: "Parameters", framework_id: str | None) -> dict[str, tuple]:
    """Return the wordings and the decisions of a framework's file, or of every file."""
    from outcomes.parameters.glossary import LIBRARY, read_last_words
    from outcomes.parameters.performance import services
    from outcomes.wording.check import framework_wordings, indicator_wordings, service_wordings

    files = {
        f"parameters/frameworks/{name}.yml": (
            list(framework_wordings(parameters.framework(name))),
            read_last_words(parameters, name),
        )
        for name in ([framework_id] if framework_id else parameters.framework_ids())
    }
    if not framework_id:
        titles = list(indicator_wordings(parameters.indicators))
        files[f"parameters/{LIBRARY}"] = (titles, read_last_words(parameters, LIBRARY))
        for name, service in services(parameters).items():
            files[f"parameters/measures/{name}.yml"] = (list(service_wordings(service)), {})
    return files


@framework.command("indicators")
@click.argument("name", metavar="FRAMEWORK")
@click.option("--place", required=True, help="The code of the place whose figures are looked at.")
@click.option("--as-of", default="", help="A day or a quarter, such as 2026-Q2. [default: now]")
@click.option("--all", "everything", is_flag=True, help="The data power of every measure too.")
def indicators(name: str, place: str, as_of: str, everything: bool) -> None:
    """Say which indicators of FRAMEWORK are headline, secondary or to be developed, and why.

    From the scores in parameters/scores/ and, for data power, from the store.
    """
    from outcomes.baseline.data_power import load_choosing
    from outcomes.tables.choosing import STANDINGS, table_data_power, table_standing, table_weak

    found = load_choosing(name, place, as_of)
    click.echo(f"{found.title}, {found.place}. Scores: {found.source}.")
    tables = [table_standing(found, standing) for standing in STANDINGS]
    for table in [*tables, table_weak(found), *[table_data_power(found)] * everything]:
        _print(table)


@framework.command("crosswalk")
@click.argument("local")
@click.argument("national")
def crosswalk(local: str, national: str) -> None:
    """Show which outcome of the framework LOCAL serves which of NATIONAL, and what they share."""
    from outcomes.parameters import load_parameters
    from outcomes.parameters.crosswalks import side_by_side
    from outcomes.tables.crosswalk import table_crosswalk, table_shared

    parameters = load_parameters()
    found = side_by_side(parameters, local, national)
    titles = {name: indicator.title for name, indicator in parameters.indicators.items()}
    ends = [table_crosswalk(found, end) for end in ("local", "national")]
    for table in (*ends, table_shared(found, titles)):
        _print(table)


def _print(table) -> None:
    """Print a table a row at a time, so that long cells can be read on a screen."""
    click.echo(f"\n{table.caption}: {len(table.frame)}")
    for first, *cells in table.frame.itertuples(index=False):
        click.echo(f"  {first}")
        for heading, cell in zip(table.frame.columns[1:], cells, strict=True):
            click.echo(f"    {heading}: {cell}")


@framework.command("versions")
@click.argument("framework_id", metavar="FRAMEWORK")
def versions(framework_id: str) -> None:
    """List the frozen versions of a framework, each with its reason and what it changed."""
    from outcomes.narrative.versions import say_version
    from outcomes.parameters import load_parameters
    from outcomes.parameters.versions import ledger_of, made_under, say_unknown, unknown_texts

    parameters = load_parameters()
    ledger = ledger_of(parameters, framework_id)
    for version in ledger.versions:
        click.echo(f"version {version.number}, {version.day}, by {version.by}: {version.reason}")
        for change in (*version.ties, *version.changes):
            click.echo(f"  {change}")
    found = parameters.framework(framework_id)
    click.echo(say_version(found, made_under(parameters, framework_id)))
    for path in unknown_texts(parameters, framework_id, ledger):
        click.echo(say_unknown(path))


@framework.command("freeze")
@click.argument("framework_id", metavar="FRAMEWORK")
@click.option("--by", required=True, help="The role or body that agreed it, never a name.")
@click.option("--reason", required=True, help="Why there is a new version.")
@click.option("--ballot", "ballot_id", help="A closed ballot whose choice becomes final.")
@click.option(
    "--tie",
    "ties",
    multiple=True,
    metavar="OUTCOME=STATEMENT,...: REASON",
    help="Which of the tied fill the last places, and why. May be repeated.",
)
def freeze_(
    framework_id: str, by: str, reason: str, ballot_id: str | None, ties: tuple[str, ...]
) -> None:
    """Freeze a FRAMEWORK as it stands, or with what a ballot chose, as its next version.

    The frozen text lies in parameters/frameworks/frozen and may not be changed; reports and pages
    say which version they show.
    """
    from datetime import date

    from outcomes.parameters import load_parameters
    from outcomes.parameters.versions import freeze

    parameters = load_parameters()
    final, said, weights = None, [], {}
    if ballot_id:
        decided = list(map(_tie, ties))
        if len(decided) > len(dict(decided)):
            raise click.BadParameter(
                "an outcome has two decisions; give --tie once for each outcome"
            )
        final, said, weights = _chosen(parameters, framework_id, ballot_id, dict(decided))
    elif ties:
        raise click.UsageError("--tie decides a tie of a ballot; name it with --ballot")
    version = freeze(
        parameters,
        framework_id,
        by=by,
        reason=reason,
        day=date.today(),  # noqa: DTZ011  the day where it was agreed
        final=final,
        ballot=ballot_id,
        ties=said,
        weights=weights,
    )
    click.echo(f"{framework_id}: version {version.number} is frozen")
    for change in (*version.ties, *version.changes):
        click.echo(f"  {change}")


def _chosen(
    parameters, framework_id: str, ballot_id: str, ties: dict
) -> tuple[dict, list[str], dict]:
    from outcomes.ballots import open_box
    from outcomes.ballots.freezing import final_statements
    from outcomes.ballots.result import closed_result, usual_weights
    from outcomes.errors import ParameterError

    with open_box() as box:
        held = box.ballot(ballot_id)
        if held.framework != framework_id:
            raise ParameterError(
                f"the ballot {ballot_id!r} is about {held.framework!r}, not {framework_id!r}"
            )
        weights = usual_weights(parameters, held)
        result = closed_result(box, ballot_id, weights)
    return *final_statements(result, held, parameters.framework(framework_id), ties), weights


def _tie(text: str):
    from outcomes.ballots.freezing import TieDecision

    outcome, _, rest = text.partition("=")
    statements, _, reason = rest.partition(":")
    named = tuple(filter(None, (name.strip() for name in statements.split(","))))
    if not (outcome.strip() and named and reason.strip()):
        raise click.BadParameter(
            f"{text!r}; expected an outcome, its statements and a reason, such as "
            "'safe=victims_heard: asked for by the victims' forum'"
        )
    return outcome.strip(), TieDecision(named, reason.strip())
