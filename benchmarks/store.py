"""How fast figures go into the store and come out, beside pandas reading the same from CSV.

    python benchmarks/store.py --raw FOLDER            the publishers' files: ons-els, lait, cpop
    python benchmarks/store.py --generated             33,000 areas x 100 indicators x 10 years

A page's slice is eight series: of the place, its wider areas and those it is compared with.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.model import OBSERVATION_COLUMNS, DisclosureRule
from outcomes.sources import add
from outcomes.store import Store

FOLDERS = {"els": "ons-els", "lait": "lait", "cpop": "cpop"}
RULE = DisclosureRule(already_protected=(*FOLDERS, "made"))
ON_A_PAGE, AREAS, SERIES, YEARS = 8, 33_000, 100, 10
REPEATS = 15


def peak() -> float:
    """Return the most memory this process has held, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def median_ms(work: Callable[[], object]) -> float:
    """Return the median time of a piece of work, in milliseconds."""
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return 1000 * float(np.median(seconds))


def opened(folder: Path) -> Store:
    """Return a store as a page does: nothing is known of it yet."""
    return Store("bench", folder, "", RULE)


def compare(store: Store, series: list[str], areas: list[str], folder: Path) -> None:
    """Print the time of a slice from the store and from one CSV a series."""
    for number, name in enumerate(series):
        store.observations([name]).to_csv(folder / f"{number}.csv", index=False)

    def from_csv() -> pd.DataFrame:
        frames = (pd.read_csv(folder / f"{n}.csv") for n in range(len(series)))
        return pd.concat(frame[frame["area_code"].isin(areas)] for frame in frames)

    rows = store.observations(series, areas)
    assert len(rows) == len(from_csv())
    parquet = median_ms(lambda: opened(store.folder).observations(series, areas))
    every = median_ms(lambda: opened(store.folder).observations(series))
    csv = median_ms(from_csv)
    print(f"  a page's slice, {len(rows):,} rows of {len(areas)} areas: {parquet:.1f} ms")
    print(f"  the same from CSV by pandas: {csv:.1f} ms, {csv / parquet:.1f} times as long")
    print(f"  the same series, all areas: {every:.1f} ms")
    process = (
        "import sys, time; from pathlib import Path; from outcomes.store import Store; "
        "from outcomes.model import DisclosureRule; started = time.perf_counter(); "
        f"rule = DisclosureRule(already_protected={RULE.already_protected!r}); "
        f"Store('bench', Path({str(store.folder)!r}), '', rule).observations({series!r}, {areas!r}); "
        "print(1000 * (time.perf_counter() - started))"
    )
    first = subprocess.run([sys.executable, "-c", process], capture_output=True, text=True)
    print(f"  and in a process that has read nothing yet: {float(first.stdout):.1f} ms")


def raw(data: Path, work: Path) -> None:
    """Add three publishers' files and read a page's slice."""
    store, total = opened(work / "raw"), 0.0
    for source, name in FOLDERS.items():
        started = time.perf_counter()
        added = add(source, data / name, store)
        seconds = time.perf_counter() - started
        total += seconds
        print(f"  {source}: {added.reading.kept:,} rows kept in {seconds:.1f} s")
    print(f"  all three: {total:.1f} s; peak {peak():.2f} GiB")
    held = store.held
    series = held[held["source"] == "els"].sort_values("rows").index[-ON_A_PAGE:].tolist()
    county = store.areas().index[store.areas()["levels"] == "utla"][0]
    areas = [county, "E92000001", *store.neighbours("ons_global")["neighbour"].unique()[:20]]
    compare(opened(work / "raw"), series, areas, work)


def made() -> Iterator[pd.DataFrame]:
    """Yield one series after another of a big made-up country."""
    random = np.random.default_rng(33)
    codes = np.repeat([f"E01{n:06d}" for n in range(AREAS)], YEARS)
    years = np.tile(np.arange(2015, 2015 + YEARS), AREAS)
    start = pd.to_datetime(pd.Series(years).astype(str) + "-01-01")
    frame = pd.DataFrame({"area_code": codes, "period_start": start})
    frame["period_end"] = pd.to_datetime(pd.Series(years).astype(str) + "-12-31")
    frame["period"] = years.astype(str)
    frame = frame.assign(numerator=np.nan, denominator=np.nan, status="final", note="")
    frame = frame.assign(group_kind="", group="")
    for number in range(SERIES):
        value = random.normal(50, 10, len(frame)).round(2)
        shown = frame.assign(value=value, lower=value - 5, upper=value + 5)
        yield shown.assign(series=f"made/{number:03d}/M")[list(OBSERVATION_COLUMNS)]


def generated(work: Path) -> None:
    """Build a store of 33 million rows a series at a time and read a page's slice."""
    names = [f"made/{number:03d}/M" for number in range(SERIES)]
    about = pd.DataFrame({"series": names, "title": names, "unit": ""})
    started = time.perf_counter()
    opened(work / "made").put("made", "k" * 64, {}, {"observations": made(), "series": about})
    size = sum(path.stat().st_size for path in (work / "made").rglob("*.parquet"))
    print(
        f"  {AREAS * SERIES * YEARS:,} rows built in {time.perf_counter() - started:.0f} s; "
        f"peak {peak():.2f} GiB; {size / 2**30:.2f} GiB on disk"
    )
    random = np.random.default_rng(1)
    near = [f"E01{n:06d}" for n in range(4_000, 4_040)]
    far = [f"E01{n:06d}" for n in random.choice(AREAS, 22, replace=False)]
    compare(opened(work / "made"), names[10 : 10 + ON_A_PAGE], [*near, *far], work)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raw", type=Path, help="the folder with ons-els, lait and cpop")
    parser.add_argument("--generated", action="store_true", help="33 million made-up rows")
    asked = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="outcomes-bench-"))
    try:
        if asked.raw:
            print("publishers' files")
            raw(asked.raw, work)
        if asked.generated:
            print("generated store")
            generated(work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
