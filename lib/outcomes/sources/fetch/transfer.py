"""One file over HTTP: only if it changed, resumed where it was cut, tried again with patience."""

import json
import time
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter
from urllib3 import Retry
from urllib3.exceptions import HTTPError, InvalidHeader, NewConnectionError, ReadTimeoutError

AGENT = f"outcomes/{version('outcomes')} (a council's outcomes workbench)"
PASSING = {408, 425, 429, 500, 502, 503, 504}
"""Answers that may be another in a moment."""


@dataclass(frozen=True)
class Limits:
    """How long to wait, in seconds, how often to try, and how many connections to have at once."""

    connect: float = 10
    silence: float = 30
    one_file: float = 900
    tries: int = 5
    first_pause: float = 1
    longest_pause: float = 120
    connections: int = 3


class TransferError(Exception):
    """Why a file was not got. `passing` if another try may get it; `host` if nothing there can."""

    def __init__(self, reason: str, *, passing: bool = False, host: str = "") -> None:
        super().__init__(reason)
        self.passing = passing
        self.host = host


class Client:
    """What all files of one fetch share: connections, limits, and what is known of each host.

    A proxy is taken from HTTPS_PROXY and NO_PROXY, and an organisation's own certificates from
    REQUESTS_CA_BUNDLE.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.session = requests.Session()
        # Ranges and lengths must be those of the file itself, not of a compressed copy.
        self.session.headers.update({"User-Agent": AGENT, "Accept-Encoding": "identity"})
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=limits.connections))
        self._down: dict[str, str] = {}
        self._not_before: dict[str, float] = {}

    def download(self, url: str, part: Path, known: dict) -> dict | None:
        """Bring a file's bytes to `part`, after those of it that are there from an earlier try.

        Parameters
        ----------
        url : str
        part : Path
            Where the bytes go. What they are part of is noted beside it, see `note_path`.
        known : dict
            The `etag` and `last_modified` of the copy that is stored; empty if there is none.

        Returns
        -------
        dict or None
            The new `etag` and `last_modified`; None if the server says that nothing has changed.

        Raises
        ------
        TransferError
            With the reason in words, after the last try.
        """
        limits, host = self.limits, urlsplit(url).netloc
        pause = {"multiplier": limits.first_pause, "jitter": limits.first_pause}
        trying = Retrying(
            retry=retry_if_exception(lambda error: getattr(error, "passing", False)),
            stop=stop_after_attempt(limits.tries),
            wait=wait_exponential_jitter(max=limits.longest_pause, **pause),
            reraise=True,
        )
        try:
            return trying(self._attempt, url, host, part, known)
        except TransferError as error:
            again = f"; tried {limits.tries} times" if error.passing else ""
            if error.host:
                self._down.setdefault(host, f"{error}{again}")
            raise TransferError(f"{error}{again}", host=error.host) from None

    def _attempt(self, url: str, host: str, part: Path, known: dict) -> dict | None:
        if host in self._down:
            raise TransferError(self._down[host], host=host)
        time.sleep(max(0, self._not_before.get(host, 0) - time.monotonic()))
        note = _read_note(url, part)
        start = part.stat().st_size if note else 0
        headers = _asking_for_the_rest(note, start) if start else _asking_if_changed(known)
        with self._get(url, host, headers) as response:
            status, sent = response.status_code, response.headers.get("Content-Range", "")
            if status == 304:
                return None
            whole = status == 416 and sent == f"bytes */{start}"
            if status in (206, 416) and not (whole or sent.startswith(f"bytes {start}-")):
                note_path(part).unlink(missing_ok=True)
                raise TransferError("the server sent another part than was asked", passing=True)
            if not whole:
                self._require_good(response, host)
                if status == 200:
                    start, note = 0, _write_note(url, part, response)
                self._write(response, part, start)
        return {key: note[key] for key in ("etag", "last_modified")}

    def _get(self, url: str, host: str, headers: dict[str, str]) -> requests.Response:
        times = (self.limits.connect, self.limits.silence)
        try:
            return self.session.get(url, headers=headers, stream=True, timeout=times)
        except requests.exceptions.SSLError:
            reason = (
                "its certificate is not trusted here; if your organisation opens encrypted "
                "traffic, set REQUESTS_CA_BUNDLE to its certificate file"
            )
            raise TransferError(reason, host=host) from None
        except requests.ReadTimeout:
            reason = f"no answer within {self.limits.silence:g} seconds"
            raise TransferError(reason, passing=True) from None
        except requests.ConnectionError as error:
            cause = getattr(error.args[0], "reason", None)
            lost = isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError)
            if lost or isinstance(cause, NewConnectionError):
                reason = "no connection could be made"
                raise TransferError(reason, passing=True, host=host) from None
            raise TransferError("the connection was closed", passing=True) from None
        except requests.RequestException as error:
            raise TransferError(f"the address cannot be followed ({error})") from None

    def _require_good(self, response: requests.Response, host: str) -> None:
        status = response.status_code
        if status in (200, 206):
            return
        reason = f"the server answered {status} {response.reason}".rstrip()
        if status not in PASSING:
            moved = "; it may have moved: look at the publisher's site and correct the register"
            raise TransferError(reason + (moved if status in (404, 410) else ""))
        pause = _asked_pause(response)
        if pause > self.limits.longest_pause:
            raise TransferError(f"{reason} and asks to wait {pause:,.0f} seconds", host=host)
        self._not_before[host] = time.monotonic() + pause
        raise TransferError(reason, passing=True)

    def _write(self, response: requests.Response, part: Path, start: int) -> None:
        """Write the body as it comes; what came before a cut stays for the next try."""
        end = time.monotonic() + self.limits.one_file
        read = partial(response.raw.read1, 1 << 16, decode_content=False)
        with part.open("ab" if start else "wb") as file:
            try:
                for chunk in iter(read, b""):
                    file.write(chunk)
                    if time.monotonic() > end:
                        reason = f"not whole after {self.limits.one_file:g} seconds"
                        raise TransferError(f"{reason}, at {file.tell():,} bytes")
            except ReadTimeoutError:
                reason = f"silent for {self.limits.silence:g} seconds after {file.tell():,} bytes"
                raise TransferError(reason, passing=True) from None
            except HTTPError:
                length = int(response.headers.get("Content-Length", 0))
                of = f" of {start + length:,}" if length else ""
                reason = f"cut off after {file.tell():,}{of} bytes"
                raise TransferError(reason, passing=True) from None


def _asking_if_changed(known: dict) -> dict[str, str]:
    asked = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last_modified")}
    return {name: value for name, value in asked.items() if value}


def _asking_for_the_rest(note: dict, start: int) -> dict[str, str]:
    """Return the headers for the rest of a file, or the whole of it if it is another by now."""
    return {"Range": f"bytes={start}-", "If-Range": note["etag"] or note["last_modified"]}


def note_path(part: Path) -> Path:
    """Return where it is noted what file the bytes in `part` belong to."""
    return part.with_name(f"{part.name}.note")


def _read_note(url: str, part: Path) -> dict:
    """Return the note of a part that can be resumed, or nothing."""
    try:
        note = json.loads(note_path(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    weak = note["etag"].startswith("W/") or not (note["etag"] or note["last_modified"])
    return note if note["url"] == url and part.is_file() and not weak else {}


def _write_note(url: str, part: Path, response: requests.Response) -> dict:
    said = response.headers
    note = {"etag": said.get("ETag", ""), "last_modified": said.get("Last-Modified", "")}
    note_path(part).write_text(json.dumps({"url": url, **note}), encoding="utf-8")
    return note


def _asked_pause(response: requests.Response) -> float:
    """Return the seconds that the server's Retry-After asks for, in either of its forms, or 0."""
    try:
        return Retry().parse_retry_after(response.headers["Retry-After"])
    except (KeyError, InvalidHeader):
        return 0.0
