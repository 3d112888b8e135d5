"""The slope and the relative index of inequality over ordered groups, with analytic limits."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from outcomes.statistics.inequality.groups import combined_limits, named, side_by_side
from outcomes.statistics.rows import z_of

SCALES = {
    "normal": (np.asarray, np.asarray),
    "rate": (np.log, np.exp),
    "proportion": (logit, expit),
}
"""The scale on which a value type's limits are even, and the way back."""
TRANSFORMS = {None: "normal", "log": "rate", "logit": "proportion"}
PUBLISHED = 0.95
FEWEST = 3


def slope_index(
    table: pd.DataFrame,
    *,
    by: Iterable[str],
    group_order: Sequence,
    value_type: str = "normal",
    transform: str | None = None,
    polarity: str = "no_judgement",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the slope index (SII) and relative index (RII) of inequality for each key.

    A straight line is fitted to the groups' values over their relative rank, weighted by their
    share of the population. The line's ends stand for the most and the least deprived person.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, group, value, denominator (the population), and lower and upper (95%
        limits) or standard_error. Groups not in `group_order` are left out.
    by : iterable of str
        What one index belongs to, such as series, area and period.
    group_order : sequence
        All groups from the most to the least deprived, at least three.
    value_type : {'normal', 'rate', 'proportion'}, optional
        On which scale limits of another level than 95% are taken: as they are, log or logit.
        Proportions are fractions.
    transform : {None, 'log', 'logit'}, optional
        Fit the line to the logarithm or logit of the values, for gradients that are not straight.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}, optional
        Gives the sign. Positive (RII above 1) means that the most deprived are worse off: SII is
        least minus most deprived where higher is better, otherwise most minus least.
    confidence : float, optional
        The level of the limits returned, a fraction.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; sii, sii_lower, sii_upper; rii, rii_lower, rii_upper; most_deprived
        and least_deprived (the line's ends); overall (population-weighted mean);
        relative_to_overall (SII / overall) and attributable (the fraction of the overall level
        that would go if all had the observed level of the least deprived group), as ScotPHO; n
        (groups), method, confidence, reason ('' or why something is missing).

    Raises
    ------
    ValueError
        If a column or too many groups are missing, an option is not one of those above, a
        population is negative or a proportion lies outside 0 to 1.

    Notes
    -----
    Where a group has no value or no population there is no result; where one has no limits, no
    limits. Values agree with PHEindicatormethods, whose limits come from simulation. Here they
    are exact for normal values, and from the delta method otherwise, each side by itself. They hold sampling error only, not departure from a straight line.

    References
    ----------
    Pamuk (1985), Population Studies 39; Low and Low (2004), Journal of Public Health 26.
    """
    _check(value_type, transform, polarity, group_order)
    names = ["value", "denominator", "lower", "upper", "standard_error"]
    keys, groups, a = side_by_side(table, names, by=by, across="group", order=group_order)
    value, population = a["value"], a["denominator"]
    _check_numbers(keys, groups, a, value_type)
    missing = np.isnan(value) | ~(population > 0)
    share = np.where(missing, np.nan, population)
    share = share / share.sum(axis=1, keepdims=True)
    lower, upper = _limits(a, value_type, confidence)
    sign = 1 if polarity == "higher_is_better" else -1
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _indices(share, value, lower, upper, TRANSFORMS[transform], sign)
        overall = (share * value).sum(axis=1)
        for name, numbers in found.items():
            found[name] = np.where(np.isfinite(found["sii"]), numbers, np.nan)
        found["overall"] = overall
        found["relative_to_overall"] = found["sii"] / overall
        found["attributable"] = 1 - value[:, -1] / overall
    return keys.assign(
        **found,
        n=(~missing).sum(axis=1),
        method="slope_index" if transform is None else f"slope_index_{transform}",
        confidence=confidence,
        reason=_reason(missing, groups, found, transform),
    )


def _check(value_type: str, transform: str | None, polarity: str, order: Sequence) -> None:
    if value_type not in SCALES:
        raise ValueError(f"value_type {value_type!r}: expected normal, rate or proportion")
    if transform not in TRANSFORMS:
        raise ValueError(f"transform {transform!r}: expected None, 'log' or 'logit'")
    if polarity not in ("higher_is_better", "lower_is_better", "no_judgement"):
        raise ValueError(
            f"polarity {polarity!r}: expected higher_is_better, lower_is_better or no_judgement"
        )
    if len(set(order)) < FEWEST:
        raise ValueError(f"group_order has {len(set(order))} groups; expected at least {FEWEST}")


def _check_numbers(keys: pd.DataFrame, groups: list, a: dict, value_type: str) -> None:
    rules = [("denominator", a["denominator"] < 0, "0 or more")]
    if value_type == "proportion":
        rules += [("value", (a["value"] < 0) | (a["value"] > 1), "a fraction from 0 to 1")]
    for name, wrong, expected in rules:
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            place = ", ".join(str(part) for part in [*keys.iloc[row], groups[column]])
            raise ValueError(f"{name} {a[name][row, column]} for {place}: expected {expected}")


def _limits(a: dict, value_type: str, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    z, value = z_of(confidence), a["value"]
    stretch = z / z_of(PUBLISHED)
    to, back = SCALES[value_type]
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = to(value)
        sides = [
            a[side] if stretch == 1 else back(middle + stretch * (to(a[side]) - middle))
            for side in ("lower", "upper")
        ]
    error = z * a["standard_error"]
    return (
        np.where(np.isnan(sides[0]), value - error, sides[0]),
        np.where(np.isnan(sides[1]), value + error, sides[1]),
    )


def _indices(share, value, lower, upper, scale: str, sign: int) -> dict[str, np.ndarray]:
    """Return the indices and limits; the line's ends are weighted sums of the values."""
    rank = share.cumsum(axis=1) - share / 2
    middle = (share * rank).sum(axis=1, keepdims=True)
    spread = (share * (rank - middle) ** 2).sum(axis=1, keepdims=True)
    slope = share * (rank - middle) / spread
    at_most = share - middle * slope
    at_least = at_most + slope
    to, back = SCALES[scale]
    fitted = to(value), to(lower), to(upper)
    most, least = back((at_most * fitted[0]).sum(axis=1)), back((at_least * fitted[0]).sum(axis=1))
    most_by, least_by = _derivative(most, scale) * at_most, _derivative(least, scale) * at_least
    sii, rii = sign * (least - most), (least / most) ** sign
    rii = np.where((most > 0) & (least > 0), rii, np.nan)
    sii_sides = _sides(sign * (least_by - most_by), *fitted)
    rii_sides = _sides(sign * (least_by / least[:, None] - most_by / most[:, None]), *fitted)
    return {
        "sii": sii,
        "sii_lower": sii + sii_sides[0],
        "sii_upper": sii + sii_sides[1],
        "rii": rii,
        "rii_lower": rii * np.exp(rii_sides[0]),
        "rii_upper": rii * np.exp(rii_sides[1]),
        "most_deprived": most,
        "least_deprived": least,
    }


def _derivative(end: np.ndarray, scale: str) -> np.ndarray:
    return {"normal": np.ones_like(end), "rate": end, "proportion": end * (1 - end)}[scale][:, None]


def _sides(weights, value, lower, upper) -> tuple[np.ndarray, np.ndarray]:
    """Return how far the limits of a weighted sum lie below (negative) and above it."""
    zero = np.zeros_like(value)
    return combined_limits(weights, zero, lower - value, upper - value)


def _reason(missing, groups, found, transform) -> np.ndarray:
    gone = missing.any(axis=1)
    return np.select(
        [gone, np.isnan(found["sii"]), np.isnan(found["sii_lower"])],
        [
            "no value or population for " + named(missing, groups),
            f"a value has no {transform}",
            "no limits for at least one group",
        ],
        default="",
    )
