"""How often the check of wordings is right: on the items of a file, each with its kind and why.

An item on which the check says that it cannot tell counts as not right, and is counted apart too.

    python benchmarks/wording.py tests/wording/items.yml
"""

import argparse
from pathlib import Path

import pandas as pd

from outcomes.model.wording import KINDS, Verdict
from outcomes.parameters import load_parameters, read_yaml
from outcomes.parameters.glossary import read_glossary
from outcomes.statistics.intervals import wilson
from outcomes.wording.classify import classify

CANNOT_TELL = "cannot tell"
MEANS = "means"
"""None of the three kinds, but a way of getting to one; an items file may have it as a kind."""


def judged(path: Path) -> pd.DataFrame:
    """Return a row an item: its text, its kind, and what the words alone are taken for."""
    glossary = read_glossary(load_parameters())
    items = pd.DataFrame(read_yaml(path))
    items["said"] = [_said(classify(text, glossary)) for text in items["text"]]
    return items


def _said(verdict: Verdict) -> str:
    """Return what a text was taken for; what is not wanted for its own sake and is no measure: means."""
    return verdict.kind or (MEANS if verdict.end is False else CANNOT_TELL)


def share(events: int, n: int) -> str:
    """Return 'k of n, p% (95% interval a% to b%)', the interval by Wilson's method."""
    lower, upper = wilson(events, n)
    return f"{events} of {n}, {events / n:.0%} (95% interval {lower:.0%} to {upper:.0%})"


def report(items: pd.DataFrame) -> str:
    """Return the scores, the table of confusions, and the items it got wrong."""
    right, told = items["said"] == items["kind"], items["said"] != CANNOT_TELL
    table = pd.crosstab(items["kind"], items["said"]).reindex(
        index=[*KINDS, MEANS], columns=[*KINDS, MEANS, CANNOT_TELL], fill_value=0
    )
    lines = [
        f"right: {share(right.sum(), len(items))}",
        f"cannot tell: {(~told).sum()} of {len(items)}",
    ]
    if told.any():
        lines.append(f"right where it tells: {share((right & told).sum(), told.sum())}")
    lines += ["", "rows: what it is; columns: what was said", table.to_string(), ""]
    lines += [f"{r.kind} taken for {r.said}: {r.text}" for r in items[~right].itertuples()]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("items", type=Path)
    print(report(judged(parser.parse_args().items)))
