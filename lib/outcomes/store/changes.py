"""What a release changed: every figure of two versions side by side."""

import pandas as pd

from outcomes.model import OBSERVATION_KEY

VALUES = ["value", "lower", "upper", "numerator", "denominator"]
WORDS = ["status", "note", "period"]
CHANGES = (
    "series",
    "area_code",
    "period_start",
    "period_end",
    "period",
    "group_kind",
    "group",
    "change",
    "old_value",
    "new_value",
    "old_status",
    "new_status",
)
"""`change` is revised (the figure, its limits, its counts, its status or its words), added or withdrawn."""


def compare(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that differ between two tidy tables, in the order of the store.

    A figure that was missing and now has a value is added; one that had a value and now has none,
    or stands there no more, is withdrawn. A row without a value in both is no change.

    Parameters
    ----------
    old, new : pandas.DataFrame
        Columns as OBSERVATION_COLUMNS.

    Returns
    -------
    pandas.DataFrame
        Columns as CHANGES; values are NaN where there is none.
    """
    if old.empty and new.empty:  # pandas cannot merge two empty tables that Arrow made
        return pd.DataFrame(columns=list(CHANGES))
    both = old.merge(new, how="outer", on=OBSERVATION_KEY, suffixes=("_old", "_new"))
    was, now = both["value_old"].notna(), both["value_new"].notna()
    moved = pd.Series(data=False, index=both.index)
    for name in WORDS:
        moved |= both[f"{name}_old"].ne(both[f"{name}_new"])
    for name in VALUES:
        before, after = both[f"{name}_old"], both[f"{name}_new"]
        moved |= before.ne(after) & ~(before.isna() & after.isna())
    change = pd.Series("", index=both.index)
    change = change.mask(was & now & moved, "revised")
    change = change.mask(~was & now, "added").mask(was & ~now, "withdrawn")
    table = both[OBSERVATION_KEY].assign(
        period=both["period_new"].fillna(both["period_old"]),
        change=change,
        **{f"{age}_value": both[f"value_{age}"] for age in ("old", "new")},
        **{f"{age}_status": both[f"status_{age}"].fillna("") for age in ("old", "new")},
    )
    return table.loc[change != "", list(CHANGES)].sort_values(OBSERVATION_KEY, ignore_index=True)
