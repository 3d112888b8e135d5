"""What a survey's figures can bear: margins, changes between waves, and shares of people."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.intervals.counts import wilson
from outcomes.statistics.intervals.recovered import difference_interval, rescaled
from outcomes.statistics.intervals.tables import counts, listed, refuse
from outcomes.statistics.rows import HISTORY, PERIOD, require_columns, z_of

WAVE = ["value", "answers", "lower", "upper", "effective", "period"]
NUMBERS = WAVE[:5]
OVERLAP = "the two periods overlap, so the same answers may be in both"
FEW = 5
"""Answers for or against under which the usual margin is too narrow."""
UNKNOWN = "neither the number of answers nor an interval is known for both waves"


def margin_of_error(
    proportion: np.ndarray,
    answers: np.ndarray,
    *,
    design_effect: float = 1,
    confidence: float = 0.95,
) -> np.ndarray:
    """Return the half-width of a survey proportion's interval.

    Parameters
    ----------
    proportion : array of float
        Fractions from 0 to 1.
    answers : array of float
        How many people answered; NaN out where 0 or missing.
    design_effect : float, optional
        How much larger the variance is than in a simple random sample; 1 or more.
    confidence : float, optional
        A fraction.

    Raises
    ------
    ValueError
        If a proportion is not from 0 to 1, answers are negative (each names the row), or the
        design effect is under 1.

    Notes
    -----
    The usual z times the square root of p(1 - p)/n. Near 0 and 1 it is too narrow: see
    `margin_to_print`.
    """
    _check_design(design_effect)
    proportion = _within(proportion, 0, 1, "proportion")
    answers = _within(answers, 0, np.inf, "answers")
    size = np.where(answers > 0, answers, np.nan) / design_effect
    return z_of(confidence) * np.sqrt(proportion * (1 - proportion) / size)


def margin_to_print(
    proportion: np.ndarray, answers: np.ndarray, *, confidence: float = 0.95
) -> np.ndarray:
    """Return the margin of error; where under five answers are for or against, the safe one.

    Parameters and errors as for `margin_of_error`.

    Notes
    -----
    The usual margin is too narrow near 0 and 1, and nought at both. There it is the longer arm of
    Wilson's limits, if that is longer: at 0 it is z^2 / (n + z^2).

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22. Brown, Cai and DasGupta (2001), Interval estimation for
    a binomial proportion, Statistical Science 16, on the rule of five.
    """
    usual = margin_of_error(proportion, answers, confidence=confidence)
    share, size = (np.asarray(v, dtype=float) for v in (proportion, answers))
    low, high = wilson(share * size, size, confidence=confidence)
    arm = np.fmax(np.fmax(usual, share - low), high - share)
    return np.where(size * np.fmin(share, 1 - share) < FEW, arm, usual)


def wave_change(
    table: pd.DataFrame,
    *,
    per: float = 100,
    design_effect: float = 1,
    confidence: float = 0.95,
    by: Iterable[str] = HISTORY,
) -> pd.DataFrame:
    """Return the change of a survey measure from each wave to the next, and whether it is real.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start, period_end and value, one row a wave; with period,
        answers (sample size) or lower and upper (published 95% limits) where known, and effective
        (how many answers of a simple random sample are as precise: a wave's answers by its own
        design effect), which stands in for answers / design_effect. Rows without a value are left
        out: a change is then from the wave before. Leave answers out for a measure that is not a
        proportion, such as a mean score.
    per : float, optional
        What the whole is: 100 if values are percentages. Matters only with answers.
    design_effect : float, optional
        How much larger the variance is than in a simple random sample; 1 or more. Matters only
        with answers: published limits are taken to have it in them.
    confidence : float, optional
        Level of the limits and of the verdict, a fraction.
    by : iterable of str, optional
        What one history belongs to.

    Returns
    -------
    pandas.DataFrame
        One row for each wave but the first: the columns of `by`, period_start, period_end,
        from_period and period (labels), before, value, change, its lower and upper limits, verdict
        ('real', 'could_be_chance', 'not_tested'), method ('newcombe' from answers,
        'published_limits', or ''), confidence, n (answers in both waves) and reason.

    Raises
    ------
    ValueError
        If a column is missing, a wave is there twice, a value lies outside its limits or, with
        answers, outside 0 to `per`, or the design effect is under 1.

    Notes
    -----
    From answers: Newcombe's (1998) method 10, with each sample divided by the design effect. From
    published limits: Zou and Donner (2008). A change is real where the limits exclude 0. Waves
    whose periods overlap share answers and are not tested.
    """
    _check_design(design_effect)
    by = listed(by)
    pairs = _pairs(table, by, per)
    answers = pairs["answers"] * pairs["before_answers"] > 0
    shared = pairs["before_end"] >= pairs["period_start"]
    later, earlier = (
        _limits(pairs, prefix, answers, per=per, deff=design_effect, confidence=confidence)
        for prefix in ("", "before_")
    )
    lower, upper = difference_interval(pairs["value"], *later, pairs["before_value"], *earlier)
    known = ~np.isnan(lower + upper) & ~shared
    lower, upper = (np.where(known, limit, np.nan) for limit in (lower, upper))
    real = (lower > 0) | (upper < 0)
    columns = [*by, *PERIOD, "from_period", "period", "before", "value"]
    return pairs.assign(from_period=pairs["before_period"], before=pairs["before_value"])[
        columns
    ].assign(
        change=pairs["value"] - pairs["before_value"],
        lower=lower,
        upper=upper,
        verdict=np.select([~known, real], ["not_tested", "real"], "could_be_chance"),
        method=np.select([~known, answers], ["", "newcombe"], "published_limits"),
        confidence=confidence,
        n=(pairs["answers"] + pairs["before_answers"]).where(answers),
        reason=np.select([shared, ~known], [OVERLAP, UNKNOWN], ""),
    )


def effective_answers(
    proportion: np.ndarray, lower: np.ndarray, upper: np.ndarray, *, confidence: float = 0.95
) -> np.ndarray:
    """Return how many answers of a simple random sample have these limits, if they are Wilson's.

    Parameters
    ----------
    proportion, lower, upper : array of float
        Fractions from 0 to 1; NaN gives NaN.
    confidence : float, optional
        A fraction.

    Notes
    -----
    With k = z^2/n and W half the width, Wilson's limits have W^2 (1 + k)^2 = k p(1 - p) + k^2/4; k
    is the positive root. The usual limits give nearly the same.
    """
    share, lower, upper = (np.asarray(v, dtype=float) for v in (proportion, lower, upper))
    square = ((upper - lower) / 2) ** 2
    a, b = square - 0.25, 2 * square - share * (1 - share)
    with np.errstate(divide="ignore", invalid="ignore"):
        n = z_of(confidence) ** 2 * 2 * a / (-b - np.sqrt(b**2 - 4 * a * square))
    return np.where((n > 0) & np.isfinite(n), n, np.nan)


def percent_of_people(
    percent: np.ndarray, people: np.ndarray, number: np.ndarray, *, decimals: int
) -> pd.DataFrame:
    """Return whether a published percentage and number of the same people agree.

    Parameters
    ----------
    percent, people, number : array of float
        The percentage, all people, and the people it is said to be; people and number as counted.
    decimals : int
        Places after the point to which the percentage is rounded.

    Returns
    -------
    pandas.DataFrame
        lowest and highest (the whole numbers of people that round to the percentage; highest is
        below lowest where there is none) and verdict: 'agrees', 'differs' (also with a number above
        people), or 'not_checked' where one of the three is missing.

    Raises
    ------
    ValueError
        If a number or people are negative; names the row.
    """
    people = _within(people, 0, np.inf, "people")
    percent, people, number = np.broadcast_arrays(
        np.asarray(percent, dtype=float), people, _within(number, 0, np.inf, "number")
    )
    half, hair = 0.5 * 10.0**-decimals, 1e-9 * np.maximum(people, 1)
    lowest = np.ceil(people * (percent - half) / 100 - hair)
    highest = np.floor(people * (percent + half) / 100 + hair)
    missing = np.isnan(percent + people + number)
    agrees = (number >= lowest) & (number <= highest) & (number <= people)
    verdict = np.select([missing, agrees], ["not_checked", "agrees"], "differs")
    return pd.DataFrame({"lowest": lowest, "highest": highest, "verdict": verdict})


def _pairs(table: pd.DataFrame, by: list[str], per: float) -> pd.DataFrame:
    """Return each wave but the first beside the one before it."""
    require_columns(table, [*by, *PERIOD, "value"])
    known = table[table["value"].notna()].reindex(columns=[*by, *PERIOD, *WAVE])
    known = known.astype(dict.fromkeys(NUMBERS, float)).fillna({"period": ""})
    known = counts(known, ["answers", "effective"])
    refuse(known, known.duplicated([*by, *PERIOD]), "period_start", "one row for each wave")
    outside = known["answers"].notna() & ~known["value"].between(0, per)
    refuse(known, outside, "value", f"0 to {per}, being a share of the answers")
    value, hair = known["value"], 1e-9 * known["value"].abs().clip(lower=1)
    outside = (known["lower"] > value + hair) | (known["upper"] < value - hair)
    refuse(known, outside, "value", "to lie in its limits")
    known = known.sort_values([*by, *PERIOD], ignore_index=True)
    before = known.groupby(by, dropna=False, observed=True)[[*WAVE, "period_end"]].shift()
    before = before.rename(columns={"period_end": "end"}).add_prefix("before_")
    first = before["before_end"].isna()
    return pd.concat([known, before], axis=1)[~first].reset_index(drop=True)


def _limits(pairs, prefix, answers, *, per, deff, confidence) -> tuple[np.ndarray, np.ndarray]:
    """Return each wave's limits: Wilson's where both waves have answers, else as published."""
    value, size, lower, upper, effective = (pairs[prefix + name].to_numpy() for name in NUMBERS)
    size = np.where(np.isnan(effective), size / deff, effective)
    size = np.where(answers, size, np.nan)
    counted = wilson(value / per * size, size, confidence=confidence)
    lower, upper = (np.where(answers, np.nan, limit) for limit in (lower, upper))
    published = rescaled(value, lower, upper, confidence=0.95, to=confidence)
    return tuple(np.where(answers, per * a, b) for a, b in zip(counted, published, strict=True))


def _within(values: np.ndarray, low: float, high: float, what: str) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    wrong = np.flatnonzero((values < low) | (values > high))
    if wrong.size:
        row, span = wrong[0], f"{low} or more" if np.isinf(high) else f"{low} to {high}"
        raise ValueError(f"row {row}: {what} {values.flat[row]}: expected {span}")
    return values


def _check_design(design_effect: float) -> None:
    if not design_effect >= 1:
        raise ValueError(f"design_effect {design_effect}: expected 1 or more")
