"""The commands `outcomes services`: how well services work for their own customers."""

import click


@click.group()
def services() -> None:
    """Look at services, their performance measures and their customers."""


@services.command("list")
def services_list() -> None:
    """List the services that are described, one a line: id, title, provider, measures."""
    from outcomes.narrative.words import counted
    from outcomes.parameters import load_parameters
    from outcomes.parameters.performance import services as every

    found = every(load_parameters())
    for name, service in found.items():
        number = counted(len(service.measures), "measure")
        click.echo(f"{name}\t{service.title}\t{service.provider}\t{number}")
    if not found:
        click.echo("none is described. Describe one in parameters/measures/SERVICE.yml")


@services.command("report")
@click.argument("service")
def services_report(service: str) -> None:
    """Print the measures of SERVICE, the most important first, and what is to be looked at.

    The web page, with charts and population curves: a run with 'services: true'.
    """
    from outcomes.narrative.services import say_caution, say_follow_up, say_reach, say_service
    from outcomes.services import load_service
    from outcomes.tables.services import table_follow_up, table_measures

    result = load_service(service)
    _say(result.service.title, say_service(result))
    for flag in result.flags:
        click.echo(f"To look at: {flag}")
    _print(table_measures(result))
    if not result.follow_up.empty:
        _print(table_follow_up(result))
        _say(say_follow_up(result))
    _say(say_reach(result), say_caution())


@services.command("kinds")
def services_kinds() -> None:
    """List the kinds of measures found in each quadrant, as suggestions."""
    from outcomes.tables.services import table_kinds

    _print(table_kinds())


def _say(*lines: str) -> None:
    for line in filter(None, lines):
        click.echo(line)


def _print(table) -> None:
    """Print a table, tab-separated, under its caption."""
    click.echo(f"\n{table.caption}")
    click.echo("\t".join(table.frame.columns))
    for row in table.frame.itertuples(index=False):
        click.echo("\t".join(map(str, row)))
    click.echo()
