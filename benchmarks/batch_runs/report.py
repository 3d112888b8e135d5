"""What was measured, as Markdown."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from batch_runs.ways import CORES, Row

MIB = 2**20
WAYS = {
    "A": "commands, one page after another",
    "B": f"commands, {CORES} at a time",
    "C": "papermill and nbconvert in a loop",
    "D": "outcomes run, nothing cached",
    "E": "outcomes run again, nothing changed",
    "F": f"cells in one process, divided by {CORES} cores",
}
PACKAGES = ("papermill", "nbclient", "nbconvert", "ipykernel", "pandas", "matplotlib")


def machine() -> str:
    """Return what all this was measured on."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{CORES} cores, load {os.getloadavg()[0]:.1f} at the start; Python "
        f"{platform.python_version()}, {packages}. One thread a process. Memory is the greatest "
        "sum of proportional set sizes over all processes of a way. Others' cores: how many were kept "
        "busy by what is none of these processes; figures are good where it is near 0.\n"
    )


def ways_table(rows: dict[str, Row]) -> str:
    """Return a row a way."""
    ours = rows["D"].page
    return _table(
        {
            "way": f"{name}: {WAYS[name]}",
            "pages": row.pages,
            "seconds": f"{row.cost.seconds:.1f}",
            "pages a minute": f"{60 / row.page:.1f}",
            "time a page, D = 1": f"{row.page / ours:.2f}",
            "CPU s a page": f"{row.cost.cpu / row.pages:.2f}",
            "peak MiB": f"{row.cost.peak / MIB:,.0f}",
            "others' cores": f"{row.cost.others:.2f}",
        }
        for name, row in rows.items()
    )


def aims_table(rows: dict[str, Row]) -> str:
    """Return what is aimed at beside what was measured."""
    ratio = {name: row.page / rows["D"].page for name, row in rows.items()}
    again, left = rows["E"].cost.seconds, sum(rows[way].cost.left for way in "DE")
    aims = [
        *(
            (f"D at least {aim} times as fast as {way}", f"{ratio[way]:.1f}", ratio[way] >= aim)
            for way, aim in (("A", 12), ("B", 6), ("C", 8))
        ),
        ("D at most 1.5 times the floor F", f"{1 / ratio['F']:.2f}", 1 / ratio["F"] <= 1.5),
        (f"E under 2 s, {rows['E'].pages} pages", f"{again:.2f} s", again < 2),
        ("no process left behind", str(left), not left),
    ]
    return _aims(aims)


def growth_tables(small: Row, large: Row) -> str:
    """Return two runs of ours, one ten times the other, and whether time and memory grew so."""
    runs = _table(
        {
            "pages": row.pages,
            "seconds": f"{row.cost.seconds:.1f}",
            "pages a minute": f"{60 / row.page:.1f}",
            "CPU s a page": f"{row.cost.cpu / row.pages:.2f}",
            "peak MiB": f"{row.cost.peak / MIB:,.0f}",
            "others' cores": f"{row.cost.others:.2f}",
        }
        for row in (small, large)
    )
    time, memory = large.page / small.page, large.cost.peak / small.cost.peak
    aims = [
        ("time a page, large run over small, at most 1.10", f"{time:.2f}", time <= 1.1),
        ("peak memory, large run over small, at most 1.10", f"{memory:.2f}", memory <= 1.1),
    ]
    return f"{runs}\n{_aims(aims)}"


def site_table(row: Row, pages: list[dict], folder: Path) -> str:
    """Return what one large run took, and how large its site is."""
    cost = row.cost
    files = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    size = {end: {p: s for p, s in files.items() if p.suffix == end} for end in (".html", ".ipynb")}
    largest = max(size[".html"], key=size[".html"].get)
    failed = [page for page in pages if page.get("error")]
    slowest = max(pages, key=lambda page: page["seconds"])
    seconds = np.percentile([page["seconds"] for page in pages], [5, 50, 95, 99])
    facts = {
        "pages": f"{len(pages):,}",
        "failures": f"{len(failed):,}",
        "minutes": f"{cost.seconds / 60:.1f}",
        "pages a minute": f"{60 * len(pages) / cost.seconds:.1f}",
        "seconds of a page, 5th, 50th, 95th and 99th percentile": ", ".join(
            f"{value:.2f}" for value in seconds
        ),
        "slowest page": f"{slowest['name']}, {slowest['seconds']:.1f} s",
        "CPU s a page": f"{cost.cpu / len(pages):.2f}",
        "peak MiB": f"{cost.peak / MIB:,.0f}",
        "web pages": f"{len(size['.html']):,}, {sum(size['.html'].values()) / MIB:,.1f} MiB",
        "notebooks": f"{len(size['.ipynb']):,}, {sum(size['.ipynb'].values()) / MIB:,.1f} MiB",
        "the whole folder": f"{len(files):,} files, {sum(files.values()) / MIB:,.1f} MiB",
        "largest web page": f"{largest.relative_to(folder)}, {files[largest] / MIB:.2f} MiB",
        **{f"failed: {page['name']}": page["error"] for page in failed[:10]},
    }
    return _table({"": key, "measured": value} for key, value in facts.items())


def _aims(aims: list[tuple[str, str, bool]]) -> str:
    keys = ("aim", "measured", "met")
    return _table(
        dict(zip(keys, (*aim[:2], "yes" if aim[2] else "no"), strict=True)) for aim in aims
    )


def _table(rows) -> str:
    frame = pd.DataFrame(rows).astype(str)
    lines = [list(frame.columns), ["---"] * len(frame.columns), *frame.to_numpy().tolist()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
