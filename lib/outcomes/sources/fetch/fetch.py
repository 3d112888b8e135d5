"""Fetches the files of one source: each folder of them whole, or as it was before."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from outcomes import paths
from outcomes.errors import DataError, ParameterError, hint, listed
from outcomes.model.register import PublishedFile, RegisterEntry
from outcomes.parameters import load_parameters
from outcomes.sources.add import SOURCES
from outcomes.sources.fetch.contents import check_contents
from outcomes.sources.fetch.transfer import Client, Limits, TransferError, note_path
from outcomes.sources.reading import hash_files
from outcomes.whole import whole

RECORD = "fetched.json"
"""In each folder: what was fetched from where and when, with its checksum."""

Progress = Callable[[int, int, str], None]
"""Called after each file with how many are done, how many there are, and the file's path."""


@dataclass(frozen=True, order=True)
class Failure:
    """A file that was not got, and why. `host` is set if nothing could be got from there."""

    path: str
    url: str
    reason: str
    host: str = ""


@dataclass(frozen=True)
class Fetched:
    """What a fetch did: every file of the source is in one of the four lists, by its path."""

    source: str
    folder: Path
    reached: list[str]
    unchanged: list[str]
    failed: list[Failure]
    held: list[str]
    """Got, and not taken because a file of the same folder failed."""
    problem: str
    """Why what the folder now holds cannot be added; empty if it can."""

    def summary(self) -> str:
        """Return one or more lines for the terminal: a line a host that could not be reached."""
        counts = {"new": len(self.reached), "unchanged": len(self.unchanged)}
        counts |= {"not got": len(self.failed), "held back beside them": len(self.held)}
        said = [f"{count} {word}" for word, count in counts.items() if count]
        lines = [f"{self.source}: {listed(said)}, in {paths.shown(self.folder)}"]
        hosts = {failure.host: failure.reason for failure in self.failed if failure.host}
        lines += [f"  nothing from {host}: {reason}" for host, reason in hosts.items()]
        lines += [f"  {f.path}: {f.reason} ({f.url})" for f in self.failed if not f.host]
        if self.failed:
            lines.append("  What the folder held of these stays as it was.")
        if self.problem:
            lines.append(f"  It cannot be added: {self.problem}")
        return "\n".join(lines)


def fetch(
    source: str,
    folder: Path | None = None,
    *,
    edition: str | None = None,
    base: str | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Fetched:
    """Fetch what is new of a source in the register; what cannot be got stays as it was.

    Files that stand in one folder are taken together or not at all, so that a dataset and its
    description are always of one release.

    Parameters
    ----------
    source : str
        A file in parameters/sources.
    folder : Path, optional
        Where the files go; data/raw/SOURCE by default.
    edition : str, optional
        One that the register names; the first by default.
    base : str, optional
        The address of a copy that has the files laid out as in `folder`, instead of the publisher.
    progress : callable, optional
    limits : Limits, optional

    Raises
    ------
    ParameterError
        If the register has no such source or edition, or it can be had by hand only.
    DataError
        If another fetch into the same folder is running.
    """
    entry = _entry(source)
    files = entry.files(edition)
    if base:
        files = [replace(file, url=f"{base.rstrip('/')}/{quote(file.path)}") for file in files]
    folder = folder or paths.home() / "data" / "raw" / source
    incoming = folder.with_name(f".{folder.name}-incoming")
    incoming.mkdir(parents=True, exist_ok=True)
    job = _Job(entry, folder, incoming, Client(limits or Limits()))
    try:
        with FileLock(incoming / "lock", blocking=False):
            outcome = job.run(files, progress or (lambda done, of, path: None))
    except Timeout:
        raise DataError(f"another fetch into {paths.shown(folder)} is running") from None
    return Fetched(source=source, folder=folder, problem=_problem(source, folder), **outcome)


def _entry(source: str) -> RegisterEntry:
    known = load_parameters().sources
    if source not in known:
        near = hint(source, known)
        raise ParameterError(f"there is no source {source!r} in parameters/sources{near}")
    return known[source]


def _problem(source: str, folder: Path) -> str:
    """Return why the connector could not start on a folder, or nothing."""
    try:
        if source in SOURCES:
            SOURCES[source].files(folder)
    except DataError as error:
        return str(error)
    return ""


@dataclass(frozen=True)
class _Job:
    """One fetch: where its files go, where they wait until their folder is whole, and by whom."""

    entry: RegisterEntry
    folder: Path
    incoming: Path
    client: Client

    def run(self, files: list[PublishedFile], progress: Progress) -> dict[str, list]:
        """Get every file, take each folder once it is whole, and return the lists of `Fetched`."""
        record = self._read_record()
        lists: dict[str, list] = {"reached": [], "unchanged": [], "failed": [], "held": []}
        sizes = Counter(Path(file.path).parent for file in files)
        got: dict[Path, dict] = {folder: {} for folder in sizes}
        pool = ThreadPoolExecutor(self.client.limits.connections)
        in_order = sorted(files, key=lambda file: (Path(file.path).parent, file.path))
        running = {pool.submit(self._get, file, record): file.path for file in in_order}
        try:
            for done, future in enumerate(as_completed(running), start=1):
                path = running[future]
                together = got[Path(path).parent]
                together[path] = future.result()
                if len(together) == sizes[Path(path).parent]:
                    self._settle(together, lists, record)
                progress(done, len(files), path)
        finally:
            pool.shutdown(cancel_futures=True)
        return {name: sorted(found) for name, found in lists.items()}

    def _get(self, file: PublishedFile, record: dict) -> dict | Failure | None:
        """Return the record's entry for what came, why it did not, or None if nothing had to."""
        part, stored = self.incoming / file.path, _checksum(self.folder / file.path)
        if stored and stored == file.sha256:
            return None
        known = record.get(file.path, {})
        same = known.get("url") == file.url and known.get("sha256") == stored
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            said = self.client.download(file.url, part, known if same else {})
            if said is None:
                return None
            check_contents(part, file, what=f"a file of {self.entry.title}")
        except TransferError as error:
            return Failure(file.path, file.url, str(error), error.host)
        except DataError as error:
            _discard(part)
            reason = str(error).removeprefix(paths.shown(part)).lstrip(":, ")
            return Failure(file.path, file.url, reason)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        size, checksum = part.stat().st_size, _checksum(part)
        return {"url": file.url, **said, "sha256": checksum, "bytes": size, "fetched": now}

    def _settle(self, got: dict[str, dict | Failure | None], lists: dict, record: dict) -> None:
        """Move a folder's new files into place and into the record, or throw them away."""
        failed = [result for result in got.values() if isinstance(result, Failure)]
        came = {path: result for path, result in got.items() if isinstance(result, dict)}
        new = [p for p, entry in came.items() if entry["sha256"] != _checksum(self.folder / p)]
        lists["failed"] += failed
        lists["held" if failed else "reached"] += new
        lists["unchanged"] += {*got} - {*new} - {failure.path for failure in failed}
        for path in came:
            if path in new and not failed:
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                (self.incoming / path).replace(self.folder / path)
            _discard(self.incoming / path)
        record.update({} if failed else came)
        if record:
            self._write_record(record)

    def _write_record(self, record: dict[str, dict]) -> None:
        about = self.entry.model_dump(include={"title", "licence", "attribution"})
        files = {path: record[path] for path in sorted(record)}
        with whole(self.folder / RECORD) as partial:
            partial.write_text(json.dumps({**about, "files": files}, indent=1), encoding="utf-8")

    def _read_record(self) -> dict[str, dict]:
        try:
            return json.loads((self.folder / RECORD).read_text(encoding="utf-8"))["files"]
        except (OSError, ValueError, KeyError):
            return {}


def _checksum(path: Path) -> str:
    """Return the SHA-256 of a file, or nothing if there is no such file."""
    return hash_files([path], path.parent)[path.name] if path.is_file() else ""


def _discard(part: Path) -> None:
    for path in (part, note_path(part)):
        path.unlink(missing_ok=True)
