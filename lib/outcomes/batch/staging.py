"""The folder in which a run is put together, and how it takes the place of the run before.

Beside the run's folder `essex` lies `.essex.partial` while a run goes on, or after one was
interrupted: `journal.json` says what was asked, `records` holds what is known of each page, and
`site` becomes the new `essex`. Every file is written whole and then renamed; a page's record comes
after its files. `.essex.lock` is held by the living run, by the operating system: a run that was
killed holds nothing.
"""

import ctypes
import hashlib
import json
import os
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from outcomes import paths
from outcomes.batch.execute import Made, PageResult
from outcomes.batch.manifest import MANIFEST
from outcomes.errors import RunError

JOURNAL = "journal.json"
ENDINGS = (".ipynb", ".html")
ELSEWHERE = "Choose another folder with --out."


def interrupted(folder: Path) -> dict[Path, dict]:
    """Return the journals of the interrupted runs in a folder of runs, by the run's own folder."""
    found = {}
    for path in sorted(folder.glob(f".*.partial/{JOURNAL}")):
        journal = _read(path)
        if journal:
            found[folder / path.parent.name[1 : -len(".partial")]] = journal
    return found


class Staging:
    """A run's folder in the making. As a context, it is held against every other run.

    Raises
    ------
    RunError
        On entering, if another run of the same folder is going on, or nothing can be written there.
    """

    def __init__(self, out: Path):
        self.out = out
        self.folder = out.parent / f".{out.name}.partial"
        self.site, self.records = self.folder / "site", self.folder / "records"
        self._old = out.parent / f".{out.name}.old"
        self._lock = FileLock(out.parent / f".{out.name}.lock", timeout=0)

    def __enter__(self) -> "Staging":
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise RunError(self._going_on()) from None
        except OSError as error:
            where = paths.shown(self.out.parent)
            raise RunError(
                f"{where}: no run can be written there ({error.strerror}). {ELSEWHERE}"
            ) from None
        self._recover()
        return self

    def __exit__(self, *_) -> None:
        # Whoever opened the file before it went looks whether it is still there, and tries again.
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()

    def _going_on(self) -> str:
        began = (self.journal() or {}).get("began", "")
        since = f" since {began}" if began else ""
        return (
            f"a run into {paths.shown(self.out)} is going on{since}. Wait until it is done, or "
            "choose another folder with --out."
        )

    def journal(self) -> dict | None:
        """Return what the interrupted run was asked; None if none was interrupted."""
        return _read(self.folder / JOURNAL)

    def begin(self, asked: dict) -> None:
        """Write down what is asked, so that an interrupted run can be carried on."""
        self.records.mkdir(parents=True, exist_ok=True)
        self.site.mkdir(exist_ok=True)
        _write(self.folder / JOURNAL, _json(asked))

    def clear(self) -> None:
        """Throw away what an interrupted run left."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def pages(self) -> dict[str, PageResult]:
        """Return the right pages that an interrupted run left, by name."""
        found = [record_of(_read(path)) for path in sorted(self.records.glob("*.json"))]
        return {page.name: page for page in found if page and holds(self.site, page)}

    def add(self, made: Made) -> None:
        """Write a page's notebook, web page and record; no half of it is ever seen."""
        name = made.page.name
        record = self._record(name)
        record.unlink(missing_ok=True)
        for ending, content in zip(ENDINGS, (made.notebook, made.web_page.encode()), strict=True):
            path = self.site / f"{name}{ending}"
            if content:
                _write(path, content)
            else:
                path.unlink(missing_ok=True)
        _write(record, _json(made.page.as_dict()))

    def take(self, page: PageResult) -> None:
        """Take a page of the run before as it is: by a link where the system has links."""
        for ending in ENDINGS:
            target = self.site / f"{page.name}{ending}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            source = self.out / f"{page.name}{ending}"
            try:
                os.link(source, target)
            except OSError:
                _write(target, source.read_bytes())

    def leave_only(self, pages: list[PageResult]) -> None:
        """Remove what is no page of this run from the new folder."""
        named = {f"{page.name}{ending}" for page in pages for ending in ENDINGS}
        for path in sorted(self.site.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(self.site).as_posix() not in named:
                path.unlink()

    def swap(self) -> None:
        """Put the whole new folder in the place of the old one; a kill at any moment loses neither.

        Raises
        ------
        RunError
            If the system refuses; the old folder is then as it was.
        """
        journal = self.journal() or {}
        _write(self.folder / JOURNAL, _json(journal | {"whole": _mark(self.site)}))
        try:
            _replace(self.site, self.out, self._old)
        except OSError as error:
            raise RunError(
                f"{paths.shown(self.out)} could not be replaced ({error.strerror}) and is as it "
                "was. Close the programs that have one of its files open, and run again."
            ) from None
        self._tidy()

    def replace_manifest(self) -> None:
        """Put the new folder's manifest into the old one, which is right otherwise."""
        (self.site / MANIFEST).replace(self.out / MANIFEST)
        self._tidy()

    def _tidy(self) -> None:
        shutil.rmtree(self._old, ignore_errors=True)
        # The journal goes first: without it the rest is no interrupted run.
        (self.folder / JOURNAL).unlink(missing_ok=True)
        self.clear()

    def _recover(self) -> None:
        """Finish what a run was killed in: the exchange of folders, or what comes after it."""
        if self._old.exists() and not self.out.exists():
            self._old.rename(self.out)
        journal = self.journal()
        if journal is None or journal.get("whole"):
            if journal and journal["whole"] == _mark(self.site):
                _replace(self.site, self.out, self._old)
            self._tidy()

    def _record(self, name: str) -> Path:
        return self.records / f"{name.replace('/', '--')}.json"


def record_of(values: dict | None) -> PageResult | None:
    """Return a page's record; None if another version of the workbench wrote it."""
    try:
        return PageResult(**values) if values else None
    except TypeError:
        return None


def holds(folder: Path, page: PageResult) -> bool:
    """Whether a folder has a right page with both its files."""
    return page.right and all((folder / f"{page.name}{end}").is_file() for end in ENDINGS)


def _json(values: dict) -> bytes:
    return json.dumps(values, ensure_ascii=False, allow_nan=False).encode()


def _read(path: Path) -> dict | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; what it replaces may be a link into the run before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(content)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def _mark(site: Path) -> str:
    path = site / MANIFEST
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _replace(new: Path, out: Path, old: Path) -> None:
    """Put a folder in the place of another: in one step, or in two where the system has no such."""
    if not out.exists():
        new.rename(out)
    elif not _exchanged(new, out):
        out.rename(old)
        try:
            new.rename(out)
        except OSError:
            old.rename(out)
            raise


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two folders could be made to change names in one step (Linux 3.15 and later)."""
    here, exchange = -100, 2
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0
