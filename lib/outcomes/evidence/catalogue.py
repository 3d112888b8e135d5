"""The evidence catalogue: what each entry serves, when it comes next, and what it covers."""

from collections.abc import Iterable
from datetime import date
from typing import get_args

import pandas as pd

from outcomes.evidence.coverage import flat
from outcomes.model import Framework, Indicator, Outcome, Position
from outcomes.model.evidence import Evidence, EvidenceKind

CYCLES = {
    "weekly": {"weeks": 1},
    "monthly": {"months": 1},
    "quarterly": {"months": 3},
    "termly": {"months": 4},
    "yearly": {"years": 1},
    "every_two_years": {"years": 2},
    "every_five_years": {"years": 5},
    "every_ten_years": {"years": 10},
}
"""How long after the last issue the next one is expected; three terms make a year."""


def next_expected(evidence: Evidence, *, cycles: int = 1) -> date | None:
    """Return the day by which the next issue is expected, or the one after that and so on.

    None where there is no last date, or nothing regular to expect.
    """
    cycle = CYCLES.get(evidence.frequency)
    if cycle is None or evidence.last_date is None:
        return None
    return (pd.Timestamp(evidence.last_date) + cycles * pd.DateOffset(**cycle)).date()


def overdue(expected: dict[str, date | None], today: date) -> tuple[tuple[str, date], ...]:
    """Return name and day of what was expected before today, longest overdue first."""
    late = [(name, day) for name, day in expected.items() if day is not None and day < today]
    return tuple(sorted(late, key=lambda item: (item[1], item[0])))


def dated(
    entries: dict[str, Evidence], positions: Iterable[Position], indicators: dict[str, Indicator]
) -> dict[str, Evidence]:
    """Return the entries, a missing last date filled in from the series of their indicators.

    That is the newest day on which the publisher says that it published one of them.
    """
    published: dict[str, pd.Timestamp] = {}
    for position in positions:
        day = pd.to_datetime(position.source.published, format="ISO8601", errors="coerce")
        if not pd.isna(day):
            newest = published.get(position.indicator_id, day)
            published[position.indicator_id] = max(day, newest)
    found = dict(entries)
    for name, entry in entries.items():
        days = [published[i] for i in leaves(entry.indicators, indicators) if i in published]
        if entry.last_date is None and days:
            found[name] = entry.model_copy(update={"last_date": max(days).date()})
    return found


def leaves(names: Iterable[str], indicators: dict[str, Indicator]) -> set[str]:
    """Return the indicators themselves, and the members of a basket in its place."""
    return {leaf for name in names for leaf, _ in flat(name, indicators)}


def rows_of(framework: Framework) -> list[tuple[str, str]]:
    """Return each outcome as (outcome, "") and then its statements, withdrawn ones left out."""
    return [(o.id, name) for o in framework.outcomes for name in ("", *_statements(o))]


def _statements(outcome: Outcome) -> list[str]:
    return [s.id for s in outcome.statements if s.status != "withdrawn"]


def served(
    entry: Evidence, framework: Framework, indicators: dict[str, Indicator]
) -> list[tuple[str, str]]:
    """Return the (outcome, statement) pairs that an entry serves, in the framework's order.

    The statement is "" where the entry serves the outcome and names none of its statements.
    """
    pairs = []
    own = leaves(entry.indicators, indicators)
    for outcome in framework.outcomes:
        named = [(outcome.id, name) for name in _statements(outcome) if name in entry.statements]
        measures = leaves((e.indicator for e in outcome.entries), indicators)
        if named or outcome.id in entry.outcomes or measures & own:
            pairs += named or [(outcome.id, "")]
    return pairs


def coverage_matrix(
    framework: Framework, entries: dict[str, Evidence], indicators: dict[str, Indicator]
) -> pd.DataFrame:
    """Return how many entries of each kind serve each outcome and statement.

    Returns
    -------
    pandas.DataFrame
        Index (outcome, statement) as `rows_of`; the statement "" holds what serves the outcome
        and none of its statements. A column a kind of evidence, and `entries`, all kinds together;
        whole numbers.
    """
    kinds = list(get_args(EvidenceKind))
    rows = pd.MultiIndex.from_tuples(rows_of(framework), names=["outcome", "statement"])
    pairs = [(*pair, e.kind) for e in entries.values() for pair in served(e, framework, indicators)]
    long = pd.DataFrame(pairs, columns=["outcome", "statement", "kind"])
    counts = long.groupby(["outcome", "statement", "kind"]).size().unstack("kind")
    wide = counts.reindex(index=rows, columns=kinds).fillna(0).astype(int)
    return wide.assign(entries=wide.sum(axis=1))
