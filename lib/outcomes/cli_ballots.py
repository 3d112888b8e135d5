"""The commands `outcomes ballot`: open, close, read in, and say what came of it."""

from pathlib import Path

import click

BALLOT = click.argument("ballot_id", metavar="BALLOT")
GROUP = click.argument("group")


def _file(text: str, *, required: bool = True):
    kind = click.Path(path_type=Path, dir_okay=False)
    return click.option("--out", type=kind, required=required, help=text)


@click.group()
def ballot() -> None:
    """Let groups choose the statements that matter most, and keep every vote secret until the end."""


@ballot.command("open")
@BALLOT
@_file("A new CSV file for the one-person codes; they are kept nowhere else.")
def open_(ballot_id: str, out: Path) -> None:
    """Open a ballot of parameters/ballots, and write a code for each person who has a vote."""
    from outcomes.ballots import open_box
    from outcomes.narrative.words import counted
    from outcomes.parameters import load_parameters
    from outcomes.parameters.ballots import ballot as defined
    from outcomes.parameters.ballots import candidates

    parameters = load_parameters()
    definition, outcomes = defined(parameters, ballot_id), candidates(parameters, ballot_id)
    area = parameters.framework(definition.framework).area
    with open_box() as box:
        held = box.open_ballot(ballot_id, definition, outcomes, _to_new_file(out), area=area)
    click.echo(
        f"{held.title}: open, with {counted(len(held.outcomes), 'outcome')} and "
        f"{counted(len(held.groups), 'group')}; choose {counted(held.choose, 'statement')} under each "
        "outcome"
    )
    click.echo(f"codes: {out}. Hand out one to each person; then delete the file.")


@ballot.command("codes")
@BALLOT
@GROUP
@click.argument("number", type=click.IntRange(1, 10_000))
@_file("A new CSV file for the codes.")
def codes(ballot_id: str, group: str, number: int, out: Path) -> None:
    """Make NUMBER further codes for a GROUP of an open ballot, also one that was added to its file."""
    from outcomes.ballots import open_box
    from outcomes.parameters import load_parameters
    from outcomes.parameters.ballots import ballot as defined
    from outcomes.parameters.names import require_known

    groups = {each.id: each for each in defined(load_parameters(), ballot_id).groups}
    require_known([group], groups, f"parameters/ballots/{ballot_id}.yml", "group")
    with open_box() as box:
        box.add_codes(ballot_id, groups[group], number, _to_new_file(out))
    click.echo(f"{number} code{'s' * (number > 1)} for {groups[group].title}: {out}")


@ballot.command("status")
@click.argument("ballot_id", metavar="[BALLOT]", default="")
def status(ballot_id: str) -> None:
    """Say which ballots are open and how many have voted; never what anybody chose."""
    from outcomes.ballots import open_box
    from outcomes.ballots.held import hour

    with open_box() as box:
        found = {ballot_id: box.ballot(ballot_id)} if ballot_id else box.ballots()
        for name, held in found.items():
            closed = f", closed on {hour(held.closed_at)}" if held.closed_at else ", still open"
            click.echo(f"{name}: {held.title}: opened on {hour(held.opened_at)}{closed}")
            for turnout in box.turnout(name):
                voted = f"{turnout.voted} voted on paper"
                if turnout.invited is not None:
                    voted = f"{turnout.voted} of {turnout.invited} voted"
                click.echo(f"  {held.groups[turnout.group].title}: {voted}")
    if not found:
        click.echo("no ballot was opened yet. Open one with: outcomes ballot open BALLOT")


@ballot.command("import")
@BALLOT
@click.argument("file", type=click.Path(path_type=Path))
def import_(ballot_id: str, file: Path) -> None:
    """Take the ballots of a CSV FILE with the columns group, voter, outcome, statement.

    A row for each chosen statement. The voter is the person's code; in a group that votes on paper,
    the mark on the sheet. All are taken, or none.
    """
    from outcomes.ballots import open_box
    from outcomes.ballots.sheets import read_sheets
    from outcomes.narrative.words import counted

    with open_box() as box:
        taken = box.cast_sheets(ballot_id, read_sheets(file, box.ballot(ballot_id)))
    people, outcomes = (len({each[i] for each in taken}) for i in (0, 1))
    said = f"{_people(people)} on {counted(outcomes, 'outcome')}"
    click.echo(f"{file}: the votes of {said} are taken")


@ballot.command("close")
@BALLOT
@click.confirmation_option(prompt="Close it for good? No vote can be cast or changed afterwards.")
def close(ballot_id: str) -> None:
    """Close a ballot for good; the result can be seen from then on."""
    from outcomes.ballots import open_box
    from outcomes.ballots.held import hour

    with open_box() as box:
        held = box.close_ballot(ballot_id)
        voted = sum(turnout.voted for turnout in box.turnout(ballot_id))
    click.echo(f"{held.title}: closed on {hour(held.closed_at)}; {_people(voted)} voted")
    click.echo(f"the result: outcomes ballot result {ballot_id}")


@ballot.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy every ballot and vote into a new FILE, also while people vote."""
    from outcomes.ballots.database import open_database

    database = open_database()
    try:
        database.back_up(file)
    finally:
        database.close()
    click.echo(
        f"a copy of all ballots: {file}. It holds secret votes: keep it as safe as they are."
    )


@ballot.command("result")
@BALLOT
@click.option("--weight", "weights", multiple=True, metavar="GROUP=NUMBER", help="May be repeated.")
@_file("A CSV file for every figure behind it.", required=False)
def result(ballot_id: str, weights: tuple[str, ...], out: Path | None) -> None:
    """Say what a closed ballot came to: what is chosen, tied and contested, and how far all agree."""
    from outcomes.ballots import open_box
    from outcomes.ballots.result import closed_result, result_rows, usual_weights
    from outcomes.narrative.ballots import say_ballot, say_identical
    from outcomes.parameters import load_parameters
    from outcomes.store import harmless, write_csv

    with open_box() as box:
        held = box.ballot(ballot_id)
        given = usual_weights(load_parameters(), held)
        found = closed_result(box, ballot_id, given | dict(map(_weight, weights)))
    titles = {name: group.title for name, group in held.groups.items()}
    counted = ", ".join(f"{titles[n]} {weight:g}" for n, weight in found.weights.items())
    click.echo(f"{held.title}. Weights: {counted}.")
    for name, outcome in held.outcomes.items():
        click.echo(f"\n{outcome.number}. {outcome.title}")
        click.echo(say_ballot(found, name, outcome.statements, titles))
    if same := say_identical(found, titles):
        click.echo(f"\n{same}")
    if out:
        write_csv(harmless(result_rows(found, held)), out)
        click.echo(f"\nevery figure: {out}")


@ballot.command("export")
@BALLOT
@_file("A new CSV file (group, voter, outcome, statement); its owner alone may read it.")
def export(ballot_id: str, out: Path) -> None:
    """Write every vote of a closed ballot: group, a number for the voter, outcome, statement."""
    from outcomes.ballots import open_box
    from outcomes.store import harmless

    write = _to_new_file(out)
    with open_box() as box:
        table = box.cast_ballots(ballot_id)
    write(harmless(table))
    click.echo(f"{len(table):,} choices: {out}")


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _weight(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        raise click.BadParameter(
            f"{text!r}; expected a group and a number, such as elected_members=2"
        ) from None


def _to_new_file(path: Path):
    """Return what writes codes or votes into a file that does not exist yet, for its owner alone."""
    from outcomes.errors import DataError
    from outcomes.store import write_csv

    if path.exists():
        raise DataError(f"{path}: it exists already; name a new file")

    def write(table) -> None:
        write_csv(table, path)
        path.chmod(0o600)

    return write
