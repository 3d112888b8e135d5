"""How unevenly an outcome falls on income-deprived people, and scores of small zones."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from outcomes.statistics.comparison.polarity import good_sign
from outcomes.statistics.inequality.groups import require_once, where
from outcomes.statistics.rows import PERIOD, require_columns

MOST_MISSING = 0.2
"""The share of zones without a value above which there is no index."""


def duncan_index(
    table: pd.DataFrame, *, by: Iterable[str], polarity: str, ties: str = "joined"
) -> pd.DataFrame:
    """Return the Duncan-type index of inequality over the zones of each key.

    Zones are sorted by the outcome. With a and b the cumulative shares of income-deprived and of
    other people, the index is the sum over neighbours of a(i) b(i+1) - a(i+1) b(i).

    Parameters
    ----------
    table : pandas.DataFrame
        One row a zone: the columns of `by`, value, deprived and others (people).
    by : iterable of str
        What one index belongs to, such as series, council and period.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}
        Gives the sign: positive means that deprived people live where the outcome is worse. No
        judgement is read as higher is better.
    ties : {'joined', 'row_order'}, optional
        Zones of equal value count as one, or are kept in the order of the rows, as published by
        the Community Planning Outcomes Profile (CPOP); then the index depends on that order.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`, index (0 where both are spread alike, -1 to 1), n (zones used),
        missing (zones without a value or people), method and reason. NaN if more than 20% of the
        zones are missing, or there are no deprived or no other people.

    Raises
    ------
    ValueError
        If a column is missing, an option unknown, or a number of people negative.

    References
    ----------
    Duncan and Duncan (1955), American Sociological Review 20; the form of the Improvement
    Service's CPOP, which sorts missing zones last where fewer than 20% are missing. Here they are
    left out.
    """
    by, sign = [*by], good_sign(polarity)
    require_columns(table, [*by, "value", "deprived", "others"])
    if ties not in ("joined", "row_order"):
        raise ValueError(f"ties {ties!r}: expected 'joined' or 'row_order'")
    for column in ("deprived", "others"):
        if (table[column] < 0).any():
            row = where(table, [*by, column], table[column] < 0)
            raise ValueError(f"{column} of {row}: expected 0 or more")
    known = table[["value", "deprived", "others"]].notna().all(axis=1)
    counts = known.groupby([table[key] for key in by], observed=True).agg(["sum", "size"])
    zones = table[known].sort_values([*by, "value"], kind="stable")
    if ties == "joined":
        people = zones.groupby([*by, "value"], observed=True)[["deprived", "others"]]
        zones = people.sum().reset_index()
    index = sign * _crossings(zones, by).reindex(counts.index)
    n, all_zones = counts["sum"], counts["size"]
    sparse = 1 - n / all_zones > MOST_MISSING
    index = index.where(~sparse)
    found = pd.DataFrame({"index": index, "n": n, "missing": all_zones - n}, index=counts.index)
    reason = np.select(
        [sparse, index.isna()],
        ["more than 20% of the zones are missing", "no deprived or no other people"],
        default="",
    )
    method = "duncan" if ties == "joined" else "duncan_row_order"
    return found.assign(method=method, reason=reason).reset_index()


def _crossings(zones: pd.DataFrame, by: list[str]) -> pd.Series:
    keys = [zones[key] for key in by]
    shares = {}
    for name in ("deprived", "others"):
        grouped = zones[name].astype(float).groupby(keys, observed=True)
        total = grouped.transform("sum")
        shares[name] = grouped.cumsum() / total.where(total > 0)
    after = pd.DataFrame(shares).groupby(keys, observed=True).shift(-1)
    terms = shares["deprived"] * after["others"] - after["deprived"] * shares["others"]
    terms = terms.where(after["others"].notna() | shares["others"].isna(), 0)
    return terms.groupby(keys, observed=True).agg("sum", skipna=False)


def zone_scores(
    table: pd.DataFrame, *, within: str, polarity: str | Mapping[str, str]
) -> pd.DataFrame:
    """Return each zone's z score among the zones of its council or of its type.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns series, area_code, period_start, period_end, value and `within`; all zones.
    within : str
        The column that says among which zones a zone is scored, such as council or type.
    polarity : str or mapping of series to str
        The polarity words; the sign is turned where lower is better, so that high is good.

    Returns
    -------
    pandas.DataFrame
        One row a series and zone: series, area_code, `within`, value (newest period of the
        series), score, change (newest over oldest period less 1, sign turned, NaN where either is
        0 or missing), change_score, n (zones scored with it), method and reason. A score is NaN
        where the value is, or where all values are the same.

    Raises
    ------
    ValueError
        If a column is missing, a zone has two rows for a period, or a series has no polarity.

    References
    ----------
    The Improvement Service's CPOP (CPPScore and CPPChangeScore within councils, TypeScore and
    TypeChangeScore within types). CPOP standardises change over all zones first; that leaves the
    score within a group as it is. CPOP gives no score to a group with a missing zone; here the
    zone alone has none.
    """
    key = ["series", "area_code"]
    require_columns(table, [*key, *PERIOD, "value", within])
    require_once(table, [*key, *PERIOD])
    series = table.groupby("series", observed=True)["period_start"]
    newest = table[table["period_start"] == series.transform("max")].set_index(key)
    oldest = table[table["period_start"] == series.transform("min")].set_index(key)["value"]
    found = newest[[within, "value"]].reset_index()
    sign = _signs(found["series"], polarity)
    before = oldest.where(oldest != 0).reindex(newest.index).to_numpy()
    change = found["value"].where(found["value"] != 0) / before - 1
    found["change"] = sign * change
    keys = [found["series"], found[within]]
    found["score"] = _standardised(sign * found["value"], keys)
    found["change_score"] = _standardised(found["change"], keys)
    found["n"] = found["value"].groupby(keys, observed=True).transform("count")
    missing = [found["value"].isna(), found["score"].isna(), found["change"].isna()]
    words = ["no value in the newest period", "all values are the same", "no change to score"]
    found["method"], found["reason"] = "z_score", np.select(missing, words, default="")
    order = [*key, within, "value", "score", "change", "change_score", "n", "method", "reason"]
    return found[order].sort_values(key, ignore_index=True)


def _signs(series: pd.Series, polarity: str | Mapping[str, str]) -> np.ndarray:
    names = series.unique()
    if isinstance(polarity, str):
        polarity = dict.fromkeys(names, polarity)
    without = sorted(set(names) - set(polarity))
    if without:
        raise ValueError(f"no polarity for series {', '.join(without)}")
    return series.map({name: good_sign(polarity[name]) for name in names}).to_numpy(dtype=float)


def _standardised(values: pd.Series, keys: list[pd.Series]) -> pd.Series:
    grouped = values.groupby(keys, observed=True)
    deviation = grouped.transform("std")
    return (values - grouped.transform("mean")) / deviation.where(deviation > 0)
