"""What a server is asked to be, and whom it refuses to serve without asking who they are."""

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from outcomes.errors import ParameterError

HUB = "JUPYTERHUB_SERVICE_PREFIX"
"""The variable by which JupyterHub tells a program that it runs behind it."""
SECRETS = ("OUTCOMES_TOKEN", "JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")
"""Variables of the server's surroundings that a visitor's kernel does not get."""


@dataclass(frozen=True)
class Settings:
    """How a server serves.

    Parameters
    ----------
    host, port : str, int
        Where it listens; port 0 takes any that is free.
    token, password : str
        What a visitor must know; empty for none. The password may be its hash.
    max_sessions : int
        Pages open at the same time, each a kernel.
    idle_minutes : float
        After how long without a visitor's choice a page is ended.
    lost_seconds : float
        After how long without a connection a page is ended.
    run_file : Path, optional
        The run whose pages are shown beside, and whose first page the live ones start with.
    """

    host: str = "127.0.0.1"
    port: int = 8866
    token: str = ""
    password: str = ""
    max_sessions: int = 20
    idle_minutes: float = 30
    lost_seconds: float = 60
    run_file: Path | None = None

    @property
    def local(self) -> bool:
        """Whether only this machine reaches the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def behind_hub(self) -> bool:
        """Whether JupyterHub started this server, and says who may come in."""
        return bool(os.environ.get(HUB))

    @property
    def base_url(self) -> str:
        """The start of every address: "/", or what JupyterHub gave."""
        return f"/{os.environ.get(HUB, '').strip('/')}/".replace("//", "/")

    def check(self) -> "Settings":
        """Return these settings, if they may be served.

        Raises
        ------
        ParameterError
            If others than this machine could come in unasked.
        """
        if not self.local and not (self.token or self.password or self.behind_hub):
            raise ParameterError(
                f"--host {self.host} would let anyone who reaches this machine open pages, each a "
                "process of yours. Give --password-file FILE or --token WORD, or run it behind "
                "JupyterHub (docs/deploying.md shows how), or leave out --host for this machine alone."
            )
        if self.token and self.password:
            raise ParameterError("--token and --password-file: give one of them")
        return self


def password_in(path: Path) -> str:
    """Return the password or its hash, the first line of a file that only its owner can read.

    Raises
    ------
    ParameterError
        If it cannot be read, is empty, or others can read it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"--password-file {path}: cannot be read ({error})") from None
    if os.name != "nt" and mode & 0o077:
        raise ParameterError(
            f"--password-file {path}: others on this machine can read it. Run: chmod 600 {path}"
        )
    if not lines or not lines[0].strip():
        raise ParameterError(
            f"--password-file {path}: its first line is empty; expected the password"
        )
    return lines[0].strip()
