"""Overall figures that hide their parts: reversals, and parts that are worse off."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.comparison.verdicts import verdicts
from outcomes.statistics.inequality.groups import named, require_once, side_by_side
from outcomes.statistics.rows import require_columns


def reversals(
    table: pd.DataFrame,
    *,
    by: Iterable[str],
    between: str,
    pair: tuple,
    groups: str = "group",
    per: float = 1,
) -> pd.DataFrame:
    """Return whether the overall rate moves one way while its groups move the other way.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, `between`, `groups`, numerator and denominator. The groups make up the
        whole; no row for everyone.
    by : iterable of str
        What one comparison belongs to; may be empty of `between`, never of all else.
    between : str
        The column that tells the two sides apart: period_start, or area_code for a place against
        its comparator.
    pair : tuple
        The two values of `between`, from the first to the second.
    groups : str, optional
        The column of group labels, or area_code for places.
    per : float, optional
        What rates are given per, such as 100.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; first, second (overall rates), change, rate_effect (from the groups'
        rates), mix_effect (from their shares; the two add up to change), verdict
        ('full_reversal': every group moves against the whole; 'partial_reversal': groups with more
        than half of the population do; 'no_reversal'; 'cannot_tell'), groups (those that move
        against it), groups_share (of the population, a fraction), n (groups), method, reason.

    Raises
    ------
    ValueError
        If a column is missing or a row comes twice.

    Notes
    -----
    Arithmetic, without a test: small groups move by chance. A group that is missing on one side,
    or has no population there, gives no result. Shares are the mean of both sides'.

    References
    ----------
    Kitagawa (1955), Components of a difference between two rates, JASA 50; Simpson (1951), The
    interpretation of interaction in contingency tables, JRSS B 13.
    """
    by = [*by]
    require_columns(table, [*by, between, groups, "numerator", "denominator"])
    sides = [
        table.loc[table[between] == value, [*by, groups, "numerator", "denominator"]].rename(
            columns={"numerator": f"n{side}", "denominator": f"d{side}"}
        )
        for side, value in enumerate(pair)
    ]
    for side in sides:
        require_once(side, [*by, groups])
    both = sides[0].merge(sides[1], how="outer", on=[*by, groups])
    keys, labels, a = side_by_side(both, ["n0", "d0", "n1", "d1"], by=by, across=groups)
    there = np.any([~np.isnan(part) for part in a.values()], axis=0)
    good = (a["d0"] > 0) & (a["d1"] > 0) & ~np.isnan(a["n0"] + a["n1"])
    short = there & ~good
    complete = ~short.any(axis=1) & (there.sum(axis=1) >= 2)
    found = _decomposed(a, there, complete, per)
    against = found.pop("against")
    found["groups"] = named(against, labels)
    found["n"] = there.sum(axis=1)
    reason = np.where(short.any(axis=1), "not known on both sides: " + named(short, labels), "")
    few = ~short.any(axis=1) & ~complete
    reason = np.where(few, "at least 2 groups are needed", reason)
    return keys.assign(**found, method="kitagawa", reason=reason)


def _decomposed(a: dict, there: np.ndarray, complete: np.ndarray, per: float) -> dict:
    use = there & complete[:, None]
    n0, d0, n1, d1 = (np.where(use, a[name], 0) for name in ("n0", "d0", "n1", "d1"))
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = [np.where(use, per * n / d, 0) for n, d in ((n0, d0), (n1, d1))]
        shares = [d / d.sum(axis=1, keepdims=True) for d in (d0, d1)]
    move = rates[1] - rates[0]
    share = (shares[0] + shares[1]) / 2
    first, second = ((s * r).sum(axis=1) for s, r in zip(shares, rates, strict=True))
    change = second - first
    # A change that is rounding alone has no direction.
    still = np.abs(change) <= 1e-12 * np.maximum(np.abs(first), np.abs(second))
    against = use & (move * np.where(still, 0, change)[:, None] < 0)
    part = np.where(complete, np.where(against, share, 0).sum(axis=1), np.nan)
    every = complete & (against == there).all(axis=1)
    return {
        "first": first,
        "second": second,
        "change": change,
        "rate_effect": (move * share).sum(axis=1),
        "mix_effect": ((shares[1] - shares[0]) * (rates[0] + rates[1]) / 2).sum(axis=1),
        "verdict": np.select(
            [~complete, every, part > 0.5],
            ["cannot_tell", "full_reversal", "partial_reversal"],
            default="no_reversal",
        ),
        "groups_share": part,
        "against": against,
    }


def worse_off(
    table: pd.DataFrame,
    *,
    by: Iterable[str],
    polarity: str,
    part: str = "group",
    whole: str = "",
    notable: float = 2.0,
) -> pd.DataFrame:
    """Return the parts, groups or places, that are worse off than the whole.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, `part`, value, lower, upper (95% limits), numerator and denominator;
        the whole in a row of its own. NaN where missing.
    by : iterable of str
        What one whole belongs to, such as series, area and period.
    polarity : {'higher_is_better', 'lower_is_better'}
    part, whole : str, optional
        The column of the parts' labels, and the label of the whole.
    notable : float, optional
        A part that is so many times worse is listed even where chance cannot be ruled out, so that
        small groups are not lost.

    Returns
    -------
    pandas.DataFrame
        The parts that are worse, the worst first: the columns of `by`, `part`, value, lower,
        upper, numerator, denominator, overall, difference (value - overall), ratio, people (how
        many more, or fewer where higher is better, than the whole's rate would give), verdict
        ('worse': significantly; 'notable': not), n (parts compared), method, confidence, reason.

    Raises
    ------
    ValueError
        If a column is missing, the polarity gives no worse side, or a whole comes twice.

    Notes
    -----
    The rule is that of OHID Fingertips: the part's whole interval on the worse side of the
    whole's value. Of many parts that do not differ, about one in forty is called worse by chance.
    """
    by = [*by]
    numbers = ["value", "lower", "upper", "numerator", "denominator"]
    require_columns(table, [*by, part, *numbers])
    if polarity not in ("higher_is_better", "lower_is_better"):
        raise ValueError(f"polarity {polarity!r}: expected higher_is_better or lower_is_better")
    own = table.loc[table[part] == whole, [*by, "value"]].rename(columns={"value": "overall"})
    rows = table.loc[table[part] != whole, [*by, part, *numbers]]
    require_once(table, [*by, part])
    rows = rows.merge(own, how="inner", on=by)
    known = rows["value"].notna() & rows["overall"].notna()
    rows["n"] = known.groupby([rows[key] for key in by], observed=True).transform("sum")
    rows, times = _judged(rows, polarity)
    listed = rows.assign(times=times)[(rows["verdict"] == "worse") | (times >= notable)]
    order = [*by, part, *numbers, "overall", "difference", "ratio", "people", "verdict", "n"]
    listed = listed.sort_values([*by, "times"], ascending=[True] * len(by) + [False])
    return listed[[*order, "method", "confidence", "reason"]].reset_index(drop=True)


def _judged(rows: pd.DataFrame, polarity: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return the rows with their verdicts, and how many times worse than the whole each is."""
    figures = [rows[name].to_numpy(dtype=float) for name in ("value", "lower", "upper", "overall")]
    words, tested = verdicts(*figures, polarity=polarity, decimals=9)
    worse = tested & (words == "worse")
    value, overall = figures[0], figures[3]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = value / overall
        people = np.abs(rows["numerator"] * (1 - overall / value))
        times = ratio if polarity == "lower_is_better" else 1 / ratio
    judged = rows.assign(
        difference=value - overall,
        ratio=ratio,
        people=people,
        verdict=np.where(worse, "worse", "notable"),
        method=np.where(tested, "overlap", "side_only"),
        confidence=np.where(tested, 0.95, np.nan),
        reason=np.where(tested, np.where(worse, "", "chance not ruled out"), "no limits"),
    )
    return judged, pd.Series(times, index=rows.index)
