"""A place against a comparator, for all areas and indicators at once."""

import numpy as np
import pandas as pd

from outcomes.statistics.comparison.polarity import side_words
from outcomes.statistics.intervals.recovered import difference_interval, ratio_interval, rescaled
from outcomes.statistics.rows import require_columns

FIRM = 0.998
"""The second, stricter level of confidence, as in OHID Fingertips."""
REASONS = {
    "none": "the place or the comparator has no value",
    "side_only": "the place has no confidence limits, so only the side is named",
}
"""Why a difference was not tested, by method."""


def verdicts(
    value: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    comparator: np.ndarray,
    *,
    polarity: str | np.ndarray,
    decimals: int | np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return how each area's figure compares, and whether the difference was tested.

    Parameters
    ----------
    value, lower, upper : array of float, shape (n,)
        Figures and their 95% limits, in the indicator's unit; NaN where missing.
    comparator : array of float, shape (n,) or scalar
        The value compared with, in the same unit, taken as known without error.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'} or array of these
    decimals : int or array of int
        Places after the point to which figures are shown. Without an interval, a difference that
        rounds to nothing is not called one.

    Returns
    -------
    verdict : array of str, shape (n,)
        'better', 'worse', 'higher', 'lower' by side and polarity; 'similar' if the interval
        includes the comparator's value; 'equal' if there is no interval and the difference rounds
        to nothing; 'not_compared' if a value is missing.
    tested : array of bool, shape (n,)
        True where both limits are known.

    Raises
    ------
    ValueError
        If a lower limit lies above its upper limit; names the row. If a polarity is unknown.

    Notes
    -----
    The rule with an interval is that of OHID Fingertips: the whole interval above or below the
    comparator's value. It treats the comparator as exact, which suits a nation or region; for a
    comparator with an interval of its own `compare` tests the difference.
    """
    value, lower, upper, comparator = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (value, lower, upper, comparator))
    )
    crossed = np.flatnonzero(lower > upper)
    if crossed.size:
        row = crossed[0]
        raise ValueError(f"row {row}: lower limit {lower[row]} is above upper limit {upper[row]}")
    known = ~(np.isnan(value) | np.isnan(comparator))
    tested = known & ~(np.isnan(lower) | np.isnan(upper))
    side = _side(value - comparator, decimals)
    above = np.where(tested, lower > comparator, side > 0)
    below = np.where(tested, upper < comparator, side < 0)
    return _words(known, above, below, tested, polarity), tested


def compare(
    table: pd.DataFrame,
    *,
    polarity: str | np.ndarray,
    decimals: int | np.ndarray = 9,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return difference and ratio of place and comparator, and whether they truly differ.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a comparison. Columns value, lower, upper and comparator; if there,
        comparator_lower and comparator_upper, and share: the place's part of the comparator's
        denominator (0 up to but not including 1) where the place is inside the comparator.
        NaN where missing; a missing share is 0.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'} or array of these
    decimals : int or array of int, optional
        As in `verdicts`, for rows without limits.
    confidence : float, optional
        The level of all limits in the table, and of those returned; a fraction.

    Returns
    -------
    pandas.DataFrame
        Index as `table`. Columns verdict (the words of `verdicts`), verdict_998 (the same at
        99.8%, 'not_compared' where not tested), method ('difference' where both have limits;
        'overlap' where the comparator has none and is taken as exact; 'side_only' without the
        place's limits; 'none' without a value), tested, confidence (NaN where not tested),
        difference, ratio and their _lower and _upper, and reason.

    Raises
    ------
    ValueError
        If a column is missing, a share is out of range, a value lies outside its limits, or a
        polarity is unknown.

    Notes
    -----
    A difference is real where its interval does not include zero. With an exact comparator this
    is the same as the rule of `verdicts`. Intervals are by the method of variance recovery (Zou
    and Donner 2008; Donner and Zou 2012), from limits taken as independent. A place within its
    comparator is not independent of it: with `share`, the place is set against the rest of the
    comparator, and the result is turned back. The share counts only where the comparator has
    limits. Without it, such intervals are somewhat too wide. The 99.8% limits are stretched from
    the published ones, each side by itself. The ratio is NaN where the comparator is not above 0
    or the value is below 0.
    """
    pairs = _pairs(table)
    value, limits, comparator = pairs["value"], (pairs["lower"], pairs["upper"]), pairs["other"]
    known = ~np.isnan(value - comparator)
    tested = known & ~np.isnan(limits[0] + limits[1])
    firm = _stretched(pairs, confidence)
    low, high = _difference(pairs)
    firm_low, firm_high = _difference(firm)
    side = _side(value - comparator, decimals)
    above, below = np.where(tested, low > 0, side > 0), np.where(tested, high < 0, side < 0)
    exact = pairs["exact"]
    method = np.select(
        [~known, ~tested, exact], ["none", "side_only", "overlap"], default="difference"
    )
    ratio, ratio_low, ratio_high = _ratio(pairs)
    columns = {
        "verdict": _words(known, above, below, tested, polarity),
        "verdict_998": _words(tested, firm_low > 0, firm_high < 0, tested, polarity),
        "method": method,
        "confidence": np.where(tested, confidence, np.nan),
        "tested": tested,
        "difference": value - comparator,
        "difference_lower": low,
        "difference_upper": high,
        "ratio": ratio,
        "ratio_lower": ratio_low,
        "ratio_upper": ratio_high,
        "reason": [REASONS.get(word, "") for word in method],
    }
    return pd.DataFrame(columns, index=table.index)


def _pairs(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the columns as arrays; a comparator without both limits has itself as limits."""
    require_columns(table, ["value", "lower", "upper", "comparator"])
    wanted = ["value", "lower", "upper", "comparator", "comparator_lower", "comparator_upper"]
    given = table.reindex(columns=[*wanted, "share"]).astype(float)
    wrong = given.index[(given["share"] < 0) | (given["share"] >= 1)]
    if len(wrong):
        raise ValueError(
            f"row {wrong[0]}: share {given.loc[wrong[0], 'share']}: expected 0 up to but not "
            "including 1"
        )
    exact = given[["comparator_lower", "comparator_upper"]].isna().any(axis=1)
    other = given["comparator"]
    return {
        "value": given["value"].to_numpy(),
        "lower": given["lower"].to_numpy(),
        "upper": given["upper"].to_numpy(),
        "other": other.to_numpy(),
        "other_lower": given["comparator_lower"].mask(exact, other).to_numpy(),
        "other_upper": given["comparator_upper"].mask(exact, other).to_numpy(),
        "share": given["share"].fillna(0).mask(exact, 0).to_numpy(),
        "exact": exact.to_numpy(),
    }


def _stretched(pairs: dict[str, np.ndarray], confidence: float) -> dict[str, np.ndarray]:
    firm = dict(pairs)
    for name, low, high in (
        ("value", "lower", "upper"),
        ("other", "other_lower", "other_upper"),
    ):
        limits = rescaled(pairs[name], pairs[low], pairs[high], confidence=confidence, to=FIRM)
        firm[low], firm[high] = limits
    return firm


def _rest(pairs: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return value and limits of the comparator without the place, which are independent of it."""
    share, value, other = pairs["share"], pairs["value"], pairs["other"]
    rest = (other - share * value) / (1 - share)

    def arm(of_comparator: np.ndarray, of_place: np.ndarray) -> np.ndarray:
        squared = of_comparator**2 - (share * of_place) ** 2
        return np.sqrt(np.maximum(squared, 0)) / (1 - share)

    below = arm(other - pairs["other_lower"], value - pairs["lower"])
    above = arm(pairs["other_upper"] - other, pairs["upper"] - value)
    # Without a share nothing is recovered: keep the published limits to the last digit.
    none = share == 0
    low = np.where(none, pairs["other_lower"], rest - below)
    return rest, low, np.where(none, pairs["other_upper"], rest + above)


def _difference(pairs: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    low, high = difference_interval(pairs["value"], pairs["lower"], pairs["upper"], *_rest(pairs))
    # Half an interval tells nothing about either side alone.
    open_ended = np.isnan(low + high)
    scale = np.where(open_ended, np.nan, 1 - pairs["share"])
    return scale * low, scale * high


def _ratio(pairs: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    other, share = pairs["other"], pairs["share"]
    rest = _rest(pairs)
    value = np.where((other > 0) & (pairs["value"] >= 0), pairs["value"], np.nan)
    own = np.where(rest[0] > 0, [value, pairs["lower"], pairs["upper"]], np.nan)
    low, high = ratio_interval(*own, *np.where(rest[0] > 0, rest, np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = value / other
        # x / (share x + 1 - share), written so that an infinite x is allowed.
        low, high = (1 / (share + (1 - share) / limit) for limit in (low, high))
    open_ended = np.isnan(low + high)
    return ratio, np.where(open_ended, np.nan, low), np.where(open_ended, np.nan, high)


def _side(difference: np.ndarray, decimals: int | np.ndarray) -> np.ndarray:
    return np.rint(difference * 10.0 ** np.asarray(decimals))


def _words(known, above, below, tested, polarity) -> np.ndarray:
    above_word, below_word = side_words(polarity, known.shape)
    return np.select(
        [~known, above, below, tested],
        ["not_compared", above_word, below_word, "similar"],
        default="equal",
    )
