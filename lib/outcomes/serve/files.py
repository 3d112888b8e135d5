"""The files that a page loads: Voilà's front end, its widgets, our script. All of them, and no other.

They are found once, when the server starts; an address is looked up among them, never on the disk.
"""

import gzip
import mimetypes
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jupyterlab_server.config import get_federated_extensions
from tornado import web
from voila import __version__ as voila_version
from voila.paths import collect_static_paths
from voila.utils import get_voila_labextensions_path

EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager")
"""What pages need of all that extends Voilà's front end: what shows widgets, and the widgets."""
OWN = ("outcomes.js", "mathematics.js")
YEAR = 365 * 24 * 3600
SERVED = {".js", ".css", ".svg", ".woff", ".woff2", ".png"}


@lru_cache
def style() -> str:
    """Return the style of live pages: that of the published ones, and what widgets need."""
    shared = files("outcomes.batch") / "templates" / "style.css"
    own = files("outcomes.serve") / "template" / "live.css"
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in (shared, own))


@lru_cache
def extensions() -> list[dict]:
    """Return what Voilà's front end must know of the extensions that it loads."""
    known = get_federated_extensions(get_voila_labextensions_path())
    return [{"name": name, **known[name]["jupyterlab"]["_build"]} for name in EXTENSIONS]


@lru_cache
def shipped() -> dict[str, Path]:
    """Return every file that pages load, by its address below the version."""
    found = {}
    for folder in reversed(collect_static_paths(["voila"], "base", prune=True)):
        found |= _below(Path(folder), "static")
    for folder in reversed(get_voila_labextensions_path()):
        for name in EXTENSIONS:
            found |= _below(Path(folder) / name / "static", f"extensions/{name}/static")
    own = Path(str(files("outcomes.serve") / "template"))
    return found | {name: own / name for name in OWN}


@lru_cache
def version() -> str:
    """Return what stands in every file's address, so that a browser may keep it for a year."""
    return f"{voila_version}-{_stamp(shipped()['outcomes.js']):x}"


@lru_cache(maxsize=256)
def packed(path: Path) -> bytes:
    """Return a file packed, done once."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def _below(folder: Path, address: str) -> dict[str, Path]:
    return {
        f"{address}/{path.relative_to(folder).as_posix()}": path
        for path in folder.rglob("*")
        if path.suffix in SERVED and path.is_file()
    }


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns // 10**9


class Shipped(web.RequestHandler):
    """The address of these files. They are public: everyone can download them elsewhere."""

    def set_default_headers(self) -> None:
        """Let a browser keep a file, and take it for what it is."""
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Server", "outcomes")

    def get(self, name: str) -> None:
        """Send a file."""
        path = shipped().get(name)
        if path is None:
            raise web.HTTPError(404)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.set_header("Content-Type", kind)
        self.set_header("Cache-Control", f"public, max-age={YEAR}, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(packed(path))
        else:
            self.finish(path.read_bytes())

    def write_error(self, status_code: int, **_: object) -> None:
        """Say no more than the status."""
        self.finish(f"{status_code}\n")
