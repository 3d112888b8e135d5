"""What every trend says, in the same columns; and parts of histories."""

import numpy as np
import pandas as pd

from outcomes.statistics.rows import Histories

COLUMNS = [
    *("direction", "slope", "slope_lower", "slope_upper", "p", "n", "first", "last"),
    *("method", "confidence", "reason"),
]
TEXT = dict.fromkeys(["direction", "first", "last", "method", "reason"], "str")
NONE = "cannot_be_calculated"


def answers(
    past: Histories,
    *,
    line: tuple[np.ndarray, np.ndarray, np.ndarray],
    p: np.ndarray,
    significant: np.ndarray,
    method: np.ndarray | str,
    confidence: float,
    reason: np.ndarray,
) -> pd.DataFrame:
    """Return one row a history with COLUMNS; indexed by the histories' keys.

    Parameters
    ----------
    past : Histories
        The points used, g histories.
    line : tuple of three arrays, shape (g,)
        Slope in units a year and its limits.
    p, significant, method, reason : array, shape (g,)
        The test. `p` is NaN where there was none; then nothing can be calculated.
    """
    slope, lower, upper = line
    direction = np.select(
        [np.isnan(p), significant & (slope > 0), significant & (slope < 0)],
        [NONE, "increasing", "decreasing"],
        default="no_significant_change",
    )
    first, last = ends(past)
    columns = {"direction": direction, "slope": slope, "slope_lower": lower, "slope_upper": upper}
    columns |= {"p": p, "n": past.n, "first": first, "last": last, "method": method}
    columns |= {"confidence": confidence, "reason": reason}
    return pd.DataFrame(columns, index=past.keys)[COLUMNS].astype(TEXT)


def ends(past: Histories) -> tuple[np.ndarray, np.ndarray]:
    """Return the labels of each history's first and last point; '' where it has none."""
    if past.start.shape[1] == 0:
        none = np.full(len(past.start), "", dtype=object)
        return none, none
    oldest = np.maximum(past.start.shape[1] - past.n, 0).clip(max=past.start.shape[1] - 1)
    return past.labels[np.arange(len(oldest)), oldest], past.labels[:, -1]


def require_limits(table: pd.DataFrame) -> None:
    """Stop where a lower limit lies above its upper limit; name the row."""
    crossed = (table["lower"] > table["upper"]).to_numpy()
    if crossed.any():
        first = crossed.argmax()
        lower, upper = table["lower"].iloc[first], table["upper"].iloc[first]
        raise ValueError(
            f"row {table.index[first]}: lower limit {lower} is above upper limit {upper}"
        )
