"""The memory of runs: each finished run's manifest is kept, and two of them can be compared.

A figure is one indicator's latest value for one place, however many pages show it.
"""

import gzip
import json
import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from outcomes.errors import ParameterError, did_you_mean
from outcomes.model import day_words
from outcomes.model.numbers import number_of
from outcomes.whole import whole

FOLDER = ".runs"
ENDING = ".json.gz"
KEPT = 50
"""How many finished runs of one name are remembered."""
FORGOTTEN = {"inputs", "read"}
"""Of each page: only the newest run needs it, and it does not compress."""
MOVED = ("revised", "another_period", "another_series")
KINDS = (*MOVED, "appeared", "disappeared", "verdict_only")
"""What can have become of a figure between two runs; `revised` is of the same period."""


@dataclass(frozen=True)
class Remembered:
    """One finished run that is remembered: its id, and what a list of runs says of it."""

    path: Path
    about: dict

    @property
    def id(self) -> str:
        """The run's name and the second it was made."""
        return f"{self.path.parent.name}/{self.path.name.removesuffix(ENDING)}"

    def manifest(self) -> dict:
        """Return the run's manifest, without what FORGOTTEN names."""
        with gzip.open(self.path, "rt", encoding="utf-8") as file:
            file.readline()
            return json.loads(file.readline())


@dataclass(frozen=True)
class Figure:
    """A place's latest value of an indicator, and its verdict by comparator."""

    series: str
    period: str
    value: float
    lower: float | None
    upper: float | None
    verdicts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What became of one figure; `old` or `new` is None where it is in one of the runs only.

    `size` is the change as a share of the larger of the two values, whatever their sign: from 0,
    unchanged, to 2. It has no unit, needs no interval, exists when the older value is 0, and a
    halving counts as much as a doubling. `half_widths` is the change measured by the older 95%
    interval, on the side to which the figure moved: below 1 it stayed within. Both are None where
    they do not exist.
    """

    locality: str
    indicator: str
    old: Figure | None
    new: Figure | None

    @property
    def kind(self) -> str:
        """One of KINDS, or an empty string if nothing changed."""
        if self.old is None or self.new is None:
            return "appeared" if self.old is None else "disappeared"
        if self.old.series != self.new.series:
            return "another_series"
        if self.old.period != self.new.period:
            return "another_period"
        limits = ("value", "lower", "upper")
        if not all(_same(getattr(self.old, name), getattr(self.new, name)) for name in limits):
            return "revised"
        return "verdict_only" if self.verdicts else ""

    @property
    def size(self) -> float | None:
        """The change as a share of the larger of the two values."""
        if self.old is None or self.new is None:
            return None
        larger = max(abs(self.old.value), abs(self.new.value))
        return abs(self.new.value - self.old.value) / larger if larger else 0.0

    @property
    def half_widths(self) -> float | None:
        """The change in half widths of the older interval."""
        if self.old is None or self.new is None or None in (self.old.lower, self.old.upper):
            return None
        change = self.new.value - self.old.value
        arm = self.old.upper - self.old.value if change > 0 else self.old.value - self.old.lower
        return abs(change) / arm if arm > 0 else None

    @property
    def verdicts(self) -> dict[str, tuple[str, str]]:
        """The older and newer verdict beside each comparator of both runs, where they differ."""
        if self.old is None or self.new is None:
            return {}
        before, now = self.old.verdicts, self.new.verdicts
        return {
            name: (before[name], now[name])
            for name in before
            if name in now and before[name] != now[name]
        }


@dataclass(frozen=True)
class Differences:
    """All that differs between two runs: figures, the largest change first, and pages by name."""

    changes: tuple[Change, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def moved(self) -> int:
        """How many figures of both runs have another value, interval, period or series."""
        return sum(change.kind in MOVED for change in self.changes)

    def words(self) -> str:
        """Return how much differs, in one sentence without its full stop."""
        kinds = Counter(change.kind for change in self.changes)
        verdicts = sum(len(change.verdicts) for change in self.changes)
        parts = [
            f"{number_of(self.moved, 'figure')} moved",
            f"{kinds['appeared']:,} appeared" if kinds["appeared"] else "",
            f"{kinds['disappeared']:,} disappeared" if kinds["disappeared"] else "",
            f"{number_of(verdicts, 'verdict')} changed",
            f"{number_of(len(self.gained), 'page')} gained" if self.gained else "",
            f"{number_of(len(self.lost), 'page')} lost" if self.lost else "",
        ]
        return ", ".join(filter(None, parts))


def remember(manifest: dict, outputs: Path) -> None:
    """Keep a finished run's manifest in outputs/.runs, and the newest fifty of its name.

    Parameters
    ----------
    manifest : dict
        As the run's manifest.json.
    outputs : Path
        The folder that runs are written to.
    """
    run = manifest["run"]
    before = next(iter(earlier(run, outputs)), None)
    pages = [{k: v for k, v in page.items() if k not in FORGOTTEN} for page in manifest["pages"]]
    about = {name: manifest[name] for name in ("run", "title", "made", "seconds")} | {
        "pages": sum(not page["error"] for page in pages),
        "failed": sum(bool(page["error"]) for page in pages),
        "moved": compare(before.manifest(), manifest).moved if before else None,
    }
    path = _new_file(outputs / FOLDER / run, datetime.fromisoformat(manifest["made"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps(record, ensure_ascii=False) for record in (about, manifest | {"pages": pages})
    ]
    with whole(path) as partial:
        partial.write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), 6, mtime=0))
    for old in earlier(run, outputs)[KEPT:]:
        old.path.unlink(missing_ok=True)


def _new_file(folder: Path, made: datetime) -> Path:
    """Return a name that is free: two runs may be made within a second."""
    stamp = f"{made.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (stamp if n == 1 else f"{stamp}-{n:02d}" for n in count(1))
    return next(path for name in names if not (path := folder / f"{name}{ENDING}").exists())


def earlier(run: str, outputs: Path) -> list[Remembered]:
    """Return the remembered runs of a name, the newest first; a file that is not one is skipped."""
    paths = (outputs / FOLDER / run).glob(f"*{ENDING}")
    found = []
    for path in sorted(paths, key=lambda path: path.name.removesuffix(ENDING), reverse=True):
        try:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                found.append(Remembered(path, json.loads(file.readline())))
        except (OSError, EOFError, ValueError):
            continue
    return found


def every_run(outputs: Path) -> list[Remembered]:
    """Return all remembered runs of all names, the newest first."""
    names = [path.name for path in (outputs / FOLDER).glob("*") if path.is_dir()]
    found = [run for name in sorted(names) for run in earlier(name, outputs)]
    return sorted(found, key=lambda run: datetime.fromisoformat(run.about["made"]), reverse=True)


def find(word: str, outputs: Path) -> Remembered:
    """Return a remembered run by its id, or the newest one of a name.

    Raises
    ------
    ParameterError
        If none is remembered by that id or name.
    """
    known = every_run(outputs)
    for run in known:
        if word in (run.id, run.path.parent.name):
            return run
    if not known:
        raise ParameterError(
            "no run is remembered yet; one is when it finishes. Make one with: outcomes run RUN_FILE"
        )
    names = [name for run in known for name in (run.path.parent.name, run.id)]
    hint = did_you_mean(word, names) or ". List them with: outcomes runs"
    raise ParameterError(f"no run is remembered as {word!r}{hint}")


def one_before(run: Remembered, outputs: Path) -> Remembered:
    """Return the run of the same name that was remembered before a run.

    Raises
    ------
    ParameterError
        If it is the first of its name that is remembered.
    """
    found = earlier(run.path.parent.name, outputs)
    older = found[[each.id for each in found].index(run.id) + 1 :]
    if not older:
        raise ParameterError(
            f"no run is remembered before {run.id}; name the run that it is to be compared with"
        )
    return older[0]


def compare(before: dict, now: dict) -> Differences:
    """Return what differs between the manifests of two runs, the largest change first."""
    old, new = figures(before), figures(now)
    changes = [Change(*key, old.get(key), new.get(key)) for key in sorted({*old, *new})]
    changes = [change for change in changes if change.kind]
    changes.sort(key=lambda change: -math.inf if change.size is None else change.size, reverse=True)
    was, there = (_right(manifest) for manifest in (before, now))
    return Differences(
        changes=tuple(changes),
        gained=tuple(name for name in there if name not in was),
        lost=tuple(name for name in was if name not in there),
    )


def figures(manifest: dict) -> dict[tuple[str, str], Figure]:
    """Return every figure of a run's right pages by place and indicator, each once.

    Where pages disagree, because some were kept from older data, the run's own data decides.
    """
    current = {store["version"] for store in manifest["data"].values()}
    pages = [page for page in manifest["pages"] if not page["error"]]
    pages.sort(key=lambda page: page["data_version"] not in current)
    found: dict[tuple[str, str], Figure] = {}
    for page in pages:
        for result in page["results"]:
            if result["value"] is None:
                continue
            key = (page["page"]["locality"], result["indicator"])
            values = (result[name] for name in ("series", "period", "value", "lower", "upper"))
            figure = found.setdefault(key, Figure(*values))
            figure.verdicts.setdefault(page["page"]["comparator"], _verdict(result))
    return found


def compared(now: dict, before: dict | None) -> str:
    """Return how a finished run compares with the one before, in two lines; nothing without one."""
    if before is None:
        return ""
    made = datetime.fromisoformat(before["made"]).astimezone(UTC)
    return (
        f"{duration(now['seconds'])}; the time before, on {day_words(made.date())} at {made:%H:%M} "
        f"UTC, {duration(before['seconds'])}\n"
        f"since then {compare(before, now).words()}: outcomes runs diff {now['run']}"
    )


def duration(seconds: float) -> str:
    """Return a time as a reader meets it: '0.4 s', '12 s', '4 min 41 s', '1 h 05 min'."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _verdict(result: dict) -> str:
    """Return a verdict in words; one that was not tested says only on which side a figure lies."""
    words = result["verdict"].replace("_", " ")
    return words if result["tested"] or words not in ("better", "worse") else f"{words} side"


def _right(manifest: dict) -> dict[str, None]:
    return dict.fromkeys(page["name"] for page in manifest["pages"] if not page["error"])


def _same(one: float | None, other: float | None) -> bool:
    """Whether two values are the same but for the last digits, which differ between machines."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
