"""The command `outcomes serve`: live pages, and the published run beside them."""

from pathlib import Path

import click


@click.command()
@click.argument("run_file", type=click.Path(path_type=Path), required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8866,
    show_default=True,
    help="0 takes any that is free.",
)
@click.option(
    "--token",
    envvar="OUTCOMES_TOKEN",
    default="",
    help="A word that visitors must know; better in the variable OUTCOMES_TOKEN, which others on "
    "this machine cannot read.",
)
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    help="A file whose first line is the password that visitors must know, or its hash.",
)
@click.option(
    "--max-sessions",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Pages open at the same time.",
)
@click.option(
    "--idle-minutes",
    type=click.FloatRange(0, min_open=True),
    default=30,
    show_default=True,
    help="After how long without a choice a page is ended.",
)
@click.option("--browser/--no-browser", default=True, help="Open the first page in a browser.")
def serve(password_file: Path | None, browser: bool, **choices: object) -> None:
    """Serve the live pages, and the published run beside them, until Ctrl-C.

    RUN_FILE says whose pages are shown, and with which place the live ones start; without it, the
    newest run of outputs/. Other machines get in with --host only if visitors must know a token or
    a password, or behind JupyterHub.
    """
    from outcomes.serve import Settings, serve
    from outcomes.serve.settings import password_in

    password = password_in(password_file) if password_file else ""
    settings = Settings(password=password, **choices)
    serve(settings, say=lambda address: click.echo(f"live pages: {address}"), browser=browser)
