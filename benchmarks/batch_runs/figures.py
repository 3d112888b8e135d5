"""What pages signed, and whether every way of making them gives the same."""

import json
from pathlib import Path

import nbformat

from outcomes.model import PAGE_MIME


def manifest(folder: Path) -> list[dict]:
    """Return the pages of a run, as its manifest has them."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["pages"]


def signed(path: Path) -> list[dict]:
    """Return the results that an executed notebook signed; the last signature counts."""
    notebook = nbformat.read(path, as_version=4)
    data = [o.get("data", {}) for c in notebook.cells for o in c.get("outputs", [])]
    found = [bundle[PAGE_MIME] for bundle in data if PAGE_MIME in bundle]
    if not found:
        raise SystemExit(f"{path} was not signed")
    return found[-1]["results"]


def chosen(pages: list[dict], count: int) -> list[dict]:
    """Return some pages spread over all outcomes, and over the places of each."""
    by_outcome: dict[str, list[dict]] = {}
    for page in pages:
        by_outcome.setdefault(page["page"]["outcome"], []).append(page)
    groups, count = list(by_outcome.values()), min(count, len(pages))
    found = {}
    for turn in range(len(pages)):
        group = groups[turn % len(groups)]
        page = group[(turn * len(group) // count) % len(group)]
        found.setdefault(page["name"], page)
        if len(found) == count:
            break
    return list(found.values())


def require_same(way: str, name: str, expected: list[dict], found: list[dict]) -> None:
    """Compare a page's results with those of the run: numbers as floats, text as text, exactly.

    Raises
    ------
    SystemExit
        Naming the way, the page, the indicator and the figure that differ.
    """
    if len(expected) != len(found):
        raise SystemExit(f"{way}, {name}: {len(found)} results; the run has {len(expected)}")
    for ours, theirs in zip(expected, found, strict=True):
        for key in sorted({*ours, *theirs}):
            if key not in ours or key not in theirs or ours[key] != theirs[key]:
                raise SystemExit(
                    f"{way}, {name}, {ours.get('indicator')}: {key} is {theirs.get(key)!r}; "
                    f"the run has {ours.get(key)!r}"
                )
