"""What a release changed, a sentence a series."""

import pandas as pd

KINDS = ("revised", "added", "withdrawn")


def say_changes(changes: pd.DataFrame, series: pd.DataFrame, areas: pd.DataFrame) -> list[str]:
    """Return one sentence for each series in which a figure changed.

    Parameters
    ----------
    changes : pandas.DataFrame
        Columns series, area_code, period, change (revised, added or withdrawn), old_value,
        new_value, a row a figure.
    series : pandas.DataFrame
        title and decimals, indexed by series.
    areas : pandas.DataFrame
        area_name, indexed by code.
    """
    return [
        f"{_title(name, series)}: {_counts(rows)}.{_largest(rows, name, series, areas)}"
        for name, rows in changes.groupby("series", sort=True)
    ]


def _title(name: str, series: pd.DataFrame) -> str:
    return f"{series['title'].get(name, name)} ({name})"


def _counts(rows: pd.DataFrame) -> str:
    parts = []
    for kind in KINDS:
        of_kind = rows[rows["change"] == kind]
        count = len(of_kind)
        periods = of_kind.sort_values("period_start")["period"].unique()
        when = "" if not count else f" ({_span(periods)})"
        parts.append(f"{count:,} figure{'' if count == 1 else 's'} {kind}{when}" if count else "")
    return ", ".join(part for part in parts if part)


def _span(periods) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def _largest(rows: pd.DataFrame, name: str, series: pd.DataFrame, areas: pd.DataFrame) -> str:
    revised = rows[rows["change"] == "revised"]
    size = (revised["new_value"] - revised["old_value"]).abs()
    if not (size > 0).any():
        return " No value changed, only its limits, counts, status or note." if len(revised) else ""
    row = revised.loc[size.idxmax()]
    where = areas["area_name"].get(row["area_code"], row["area_code"])
    group = f", {row['group']}" if row["group"] else ""
    values = [row[f"{age}_value"] for age in ("old", "new")]
    old, new = (_number(value, name, series) for value in values)
    if old == new:  # the revision is smaller than what is printed
        old, new = (f"{value:,}" for value in values)
    return f" The largest revision: {where}{group}, {row['period']}, from {old} to {new}."


def _number(value: float, name: str, series: pd.DataFrame) -> str:
    places = series["decimals"].get(name)
    if places is None or pd.isna(places):
        return f"{value:,.6g}"
    return f"{value:,.{max(int(places), 1)}f}"
