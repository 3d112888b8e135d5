"""A publisher's server on this machine, over real HTTP, with faults by script."""

import hashlib
import shutil
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from outcomes.sources.fetch import Fetched, Limits, fetch

DATASETS = ("early-years", "employment-rate", "recorded-crime")
QUICK = Limits(connect=2, silence=5, tries=3, first_pause=0.01, longest_pause=3)
NEIGHBOURS = ["global-neighbours.csv", "economic-neighbours.csv", "demographic-neighbours.csv"]
COLUMNS = ["areacd", "areanm", "indicator", "period", "observation", "lci_95", "uci_95"]
ELS = {
    "title": "Small statistics",
    "publisher": "An office",
    "homepage": "https://example.org/",
    "licence": "free",
    "attribution": "An office, small statistics",
    "parts": [
        {
            "base": "https://example.org/{edition}/",
            "editions": {"latest": "HEAD"},
            "paths": ["{name}/{name}.csv", "{name}/{name}.json"],
            "columns": {"{name}/{name}.csv": COLUMNS},
            "names": list(DATASETS),
        },
        {
            "base": "https://example.org/{edition}/lib/",
            "editions": {"latest": "HEAD"},
            "folder": "reference",
            "paths": ["areas-list.json", "geo-metadata.json", "topo.json"],
        },
        {
            "base": "https://example.org/{edition}/clusters/",
            "editions": {"latest": "HEAD"},
            "folder": "reference/clusters",
            "paths": NEIGHBOURS,
        },
    ],
}


@dataclass
class Asked:
    """One request: its path and headers, and what was answered."""

    path: str
    headers: dict[str, str]
    at: float
    status: int = 0
    sent: int = 0


@dataclass
class Publisher:
    """A folder served over HTTP, as the publishers' servers do it: tags, ranges and conditions.

    `faults` says by path what to do instead at the first requests for it, one after the other.
    """

    folder: Path
    faults: dict[str, list[Callable]] = field(default_factory=lambda: defaultdict(list))
    asked: list[Asked] = field(default_factory=list)
    tags: str = '"{}"'
    base: str = ""
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def do_GET(self) -> None:
        publisher = self.publisher
        path = unquote(urlsplit(self.path).path).lstrip("/")
        self.now = Asked(path, dict(self.headers), time.monotonic())
        with publisher.lock:
            publisher.asked.append(self.now)
            publisher.at_once += 1
            publisher.most_at_once = max(publisher.most_at_once, publisher.at_once)
            fault = publisher.faults[path].pop(0) if publisher.faults[path] else Handler.serve
        try:
            fault(self)
        finally:
            with publisher.lock:
                publisher.at_once -= 1

    def found(self) -> tuple[bytes, dict[str, str]]:
        file = self.publisher.folder / self.now.path
        body = file.read_bytes()
        tag = self.publisher.tags.format(hashlib.md5(body).hexdigest())
        changed = formatdate(file.stat().st_mtime, usegmt=True)
        return body, {"ETag": tag, "Last-Modified": changed} if tag else {}

    def serve(self, limit: int | None = None) -> None:
        """Answer as a good server; with a limit, close the connection after so many bytes."""
        if not (self.publisher.folder / self.now.path).is_file():
            return self.answer(404, b"404: Not Found")
        body, validators = self.found()
        tag = validators.get("ETag")
        if tag and self.headers.get("If-None-Match") == tag:
            return self.answer(304, b"", validators)
        wanted = self.headers.get("Range", "").removeprefix("bytes=")
        if not wanted or self.headers.get("If-Range", tag) != tag:
            return self.answer(200, body, validators, limit=limit)
        start, end = (int(number or len(body) - 1) for number in wanted.split("-"))
        if start >= len(body):
            return self.answer(416, b"", {"Content-Range": f"bytes */{len(body)}"})
        said = {"Content-Range": f"bytes {start}-{end}/{len(body)}", **validators}
        return self.answer(206, body[start : end + 1], said, limit=limit)

    def answer(self, status: int, body: bytes, headers=None, *, more=0, limit=None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body) + more))
            self.send_header("Accept-Ranges", "bytes")
        self.end_headers()
        self.now.status = status
        part = body[:limit]
        self.wfile.write(part)
        self.now.sent = len(part)
        self.close_connection = bool(more) or len(part) < len(body)

    def log_message(self, *args) -> None:
        pass


@dataclass(frozen=True)
class Faults:
    """What a server may do wrong."""

    def cut(self, after: int) -> Callable:
        return lambda handler: handler.serve(limit=after)

    def status(self, code: int, **headers: str) -> Callable:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return lambda handler: handler.answer(code, b"no", named)

    def body(self, body: bytes, *, more: int = 0) -> Callable:
        """Send something else; with `more`, a length that many bytes greater than what comes."""
        return lambda handler: handler.answer(200, body, more=more)

    def slow(self, seconds: float) -> Callable:
        def wait(handler: Handler) -> None:
            time.sleep(seconds)
            handler.close_connection = True

        return wait

    def drip(self, pause: float) -> Callable:
        """Send the file a byte at a time."""

        def send(handler: Handler) -> None:
            body, validators = handler.found()
            handler.answer(200, b"", validators, more=len(body))
            try:
                for byte in body:
                    handler.wfile.write(bytes([byte]))
                    time.sleep(pause)
            except OSError:  # the other side hangs up, as it should
                handler.close_connection = True

        return send


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def serve(monkeypatch):
    """Start a publisher's server for a folder; it stops with the test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    started = []

    def start(folder: Path) -> Publisher:
        publisher = Publisher(folder)
        handler = type("OneHandler", (Handler,), {"publisher": publisher})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        started.append(server)
        publisher.base = f"http://127.0.0.1:{server.server_port}"
        return publisher

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture
def publisher(serve, project, tmp_path) -> Publisher:
    """A server of three datasets of the sample county and its reference files."""
    folder = tmp_path / "published"
    for name in (*DATASETS, "reference"):
        shutil.copytree(project / "data" / "sample" / "els" / name, folder / name)
    return serve(folder)


@pytest.fixture
def write_source(tmp_path, monkeypatch):
    """Write a source into the register of a project folder of the test's own."""
    home = tmp_path / "project"
    (home / "parameters" / "sources").mkdir(parents=True)
    (home / "parameters" / "places.yml").write_text("trees: {}\n", encoding="utf-8")
    monkeypatch.setenv("OUTCOMES_HOME", str(home))

    def write(name: str, **changes) -> Path:
        text = yaml.safe_dump({**ELS, **changes}, sort_keys=False)
        (home / "parameters" / "sources" / f"{name}.yml").write_text(text, encoding="utf-8")
        return home / "data" / "raw" / name

    return write


@pytest.fixture
def els(write_source) -> Path:
    """Where the files of the registered source `els` go."""
    return write_source("els")


@pytest.fixture
def get(publisher, els):
    """Fetch `els` from the server, quickly out of patience; other limits by keyword."""

    def run(source: str = "els", *, progress=None, **limits) -> Fetched:
        patience = Limits(**{**vars(QUICK), **limits})
        return fetch(source, base=publisher.base, progress=progress, limits=patience)

    return run


@pytest.fixture
def quick() -> Limits:
    return QUICK


@pytest.fixture
def closed_port() -> int:
    """A port on this machine at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
