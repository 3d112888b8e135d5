"""Funnel plots: is an area further from the pooled value than chance at its size allows."""

import numpy as np
import pandas as pd
from scipy.special import pdtrik

from outcomes.statistics.rows import require_columns, z_of

PER = {"proportion": 100.0, "rate": 1e5, "standardised_rate": 1e5, "ratio": 1.0}
"""The kinds of figure, and what each is out of unless told."""
LEVELS = (0.95, 0.998)
FEWEST_FOR_OVERDISPERSION = 10
FEWEST_EVENTS = 10
"""Below this count a standardised rate is not given."""


def funnel(
    table: pd.DataFrame,
    *,
    kind: str = "proportion",
    per: float | None = None,
    levels: tuple[float, float] = LEVELS,
    overdispersion: bool = False,
) -> pd.DataFrame:
    """Return control limits and the position of each area; index as the table.

    Parameters
    ----------
    table : pandas.DataFrame
        One row an area: numerator and denominator (people or person-years; for a ratio the
        expected count). A standardised rate has numerator and value (the published rate) instead;
        its denominator is the one that would give that rate.
    kind : {'proportion', 'rate', 'standardised_rate', 'ratio'}, optional
    per : float, optional
        What figures are out of. Default 100, 100,000, 100,000 and 1.
    levels : two floats, optional
        Levels of the limits, the inner one first. They name the columns: 95 and 998.
    overdispersion : bool, optional
        Widen the limits by the spread that areas have beyond chance.

    Returns
    -------
    pandas.DataFrame
        numerator, denominator, value, centre (the pooled value; 1 x per for ratios), lower_95,
        upper_95, lower_998, upper_998, z, position ('above_998', 'above_95', 'inside', 'below_95',
        'below_998', 'not_given'), phi, tau, kind, method, confidence (the inner level), n, reason.
        A row without a value is left out of the centre.

    Raises
    ------
    ValueError
        If the kind, the levels or a column is unknown, or a count is negative or, in a proportion,
        above its denominator; names the row.

    References
    ----------
    Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in
    Medicine 24; Handling over-dispersion of performance indicators, Quality and Safety in Health
    Care 14. Limits as in the Fingertips technical guidance.
    """
    per = _checked(kind, per, levels)
    points = _points(table, kind, per)
    known = points["value"].notna()
    total = points.loc[known, ["numerator", "denominator"]].sum()
    pooled = total["numerator"] / total["denominator"] if known.any() else np.nan
    centre = per * (1.0 if kind == "ratio" else pooled)
    error = _sampling_error(centre / per, points["denominator"], kind) * per
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (points["value"] - centre) / error
    phi, tau, note = _overdispersion(z, error) if overdispersion else (np.nan, 0.0, "")
    limits = control_limits(
        centre, points["denominator"], kind=kind, per=per, levels=levels, tau=tau
    )
    answer = points.assign(centre=centre, z=z / np.sqrt(1 + (tau / error) ** 2))
    answer = answer.join(limits).assign(position=_position(points["value"], limits, levels))
    method = "score" if kind == "proportion" else "exact_poisson"
    return answer.assign(
        phi=phi,
        tau=tau,
        kind=kind,
        method=method + ("_overdispersed" if tau > 0 else ""),
        confidence=levels[0],
        n=int(known.sum()),
        reason=points["reason"].where(points["reason"] != "", note),
    )


def control_limits(
    centre: float,
    denominator: np.ndarray,
    *,
    kind: str,
    per: float,
    levels: tuple[float, float] = LEVELS,
    tau: float = 0.0,
) -> pd.DataFrame:
    """Return lower_95, upper_95, lower_998 and upper_998 about a centre, at each denominator.

    Parameters as for `funnel`; `centre` and `tau` (standard deviation between areas) are in the
    unit of the figures. A lower limit is at least 0; a proportion's upper limit at most `per`.
    NaN in gives NaN out.
    """
    size = np.asarray(denominator, dtype=float)
    base = centre / per
    error = _sampling_error(base, size, kind)
    with np.errstate(invalid="ignore", divide="ignore"):
        stretch = np.sqrt(1 + (tau / per / error) ** 2) if tau > 0 else 1.0
    limits = {}
    for level in levels:
        sides = _score_sides if kind == "proportion" else _poisson_sides
        lower, upper = sides(base, size, level)
        top = 1.0 if kind == "proportion" else np.inf
        limits[f"lower_{_word(level)}"] = np.maximum(base - (base - lower) * stretch, 0) * per
        limits[f"upper_{_word(level)}"] = np.minimum(base + (upper - base) * stretch, top) * per
    return pd.DataFrame(limits, index=getattr(denominator, "index", None))


def funnel_lines(
    points: pd.DataFrame,
    *,
    per: float | None = None,
    levels: tuple[float, float] = LEVELS,
    count: int = 100,
) -> pd.DataFrame:
    """Return denominator, centre and limits along a smooth line, for the chart of a funnel.

    `points` is what `funnel` gave; `per` and `levels` are those given to it. The line runs from its
    smallest to its largest denominator in `count` steps of equal ratio; without any it is empty.
    """
    known = points[points["value"].notna()]
    if known.empty:
        return known.filter(regex="^(denominator|centre|lower_.*|upper_.*)$")
    first = known.iloc[0]
    ends = known["denominator"].min(), known["denominator"].max()
    size = pd.Series(np.geomspace(*ends, count))
    limits = control_limits(
        first["centre"],
        size,
        kind=first["kind"],
        per=_checked(first["kind"], per, levels),
        levels=levels,
        tau=first["tau"],
    )
    return limits.assign(denominator=size, centre=first["centre"])


def _checked(kind: str, per: float | None, levels: tuple[float, float]) -> float:
    if kind not in PER:
        raise ValueError(f"kind {kind!r}: expected one of {', '.join(PER)}")
    if len(levels) != 2 or not z_of(levels[0]) < z_of(levels[1]):
        raise ValueError(f"levels {levels!r}: expected two, the smaller first")
    return PER[kind] if per is None else float(per)


def _points(table: pd.DataFrame, kind: str, per: float) -> pd.DataFrame:
    """Return numerator, denominator, value and reason of each row."""
    size = "value" if kind == "standardised_rate" else "denominator"
    require_columns(table, ["numerator", size])
    points = table[["numerator", size]].astype(float)
    negative = (points < 0).any(axis=1)
    if negative.any():
        raise ValueError(f"row {negative.idxmax()}: numerator or {size} is negative")
    missing = points.isna().any(axis=1)
    few = pd.Series(False, index=table.index)
    if kind == "standardised_rate":
        few = points["numerator"] < FEWEST_EVENTS
        points["denominator"] = per * points["numerator"] / points["value"].where(~few)
    none = points["denominator"] == 0
    points["value"] = per * points["numerator"] / points["denominator"].where(~none)
    over = points["numerator"] > points["denominator"]
    if kind == "proportion" and over.any():
        raise ValueError(f"row {over.idxmax()}: the numerator is above the denominator")
    points["reason"] = np.select(
        [missing, few, none],
        [f"no numerator or {size}", f"fewer than {FEWEST_EVENTS} events", "the denominator is 0"],
        default="",
    )
    return points[["numerator", "denominator", "value", "reason"]]


def _sampling_error(base: float, size: np.ndarray, kind: str) -> np.ndarray:
    variance = base * (1 - base) if kind == "proportion" else base
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(variance / size)


def _score_sides(base: float, size: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    # A value beyond these has a Wilson interval that leaves the centre out, and only then.
    reach = z_of(level) * _sampling_error(base, size, "proportion")
    return base - reach, base + reach


def _poisson_sides(base: float, size: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the rates at which an exact Poisson tail is (1 - level) / 2, between counts too."""
    tail, expected = (1 - level) / 2, base * size
    below = pdtrik(tail, expected)
    above = pdtrik(1 - tail, expected)
    # Where even one event is less likely than the tail, the line runs on from 1 to 0.
    above = np.where(above > 0, above + 1, expected / -np.log1p(-tail))
    with np.errstate(invalid="ignore", divide="ignore"):
        return below / size, above / size


def _overdispersion(z: pd.Series, error: pd.Series) -> tuple[float, float, str]:
    """Return Spiegelhalter's winsorised phi, the standard deviation between areas, and a note."""
    known = np.isfinite(z)
    count = int(known.sum())
    if count < FEWEST_FOR_OVERDISPERSION:
        need = FEWEST_FOR_OVERDISPERSION
        return np.nan, 0.0, f"overdispersion needs {need} areas, here are {count}"
    scores, weights = z[known], 1 / error[known] ** 2
    phi = float((scores.clip(*scores.quantile([0.1, 0.9])) ** 2).mean())
    room = weights.sum() - (weights**2).sum() / weights.sum()
    return phi, float(np.sqrt(max(0.0, count * phi - (count - 1)) / room)), ""


def _position(value: pd.Series, limits: pd.DataFrame, levels: tuple[float, float]) -> np.ndarray:
    words = [_word(level) for level in reversed(levels)]
    above = {f"above_{word}": value > limits[f"upper_{word}"] for word in words}
    below = {f"below_{word}": value < limits[f"lower_{word}"] for word in words}
    tests = {"not_given": value.isna()} | above | below
    return np.select(list(tests.values()), list(tests), default="inside")


def _word(level: float) -> str:
    return f"{level:.10g}"[2:]
