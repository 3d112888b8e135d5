"""The spread of the places within an area, over the same places in every period."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.inequality.closing import gap_trend
from outcomes.statistics.rows import PERIOD, require_columns, z_of

FEWEST_PLACES = 3
PUBLISHED = 0.95


def place_spread(
    table: pd.DataFrame,
    *,
    by: Iterable[str] = ("series",),
    weights: str | None = "denominator",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how far the same places lie apart in each period.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a place and period: the columns of `by`, area_code, period_start, period_end,
        value and the weights; lower and upper (95% limits) if there are any.
    by : iterable of str, optional
        What one set of places belongs to: series, and the parent area if there are several.
    weights : str or None, optional
        The column of weights. Each place has one weight, its mean over the periods, so that
        population change is not taken for a change of spread. None weighs all alike.
    confidence : float, optional
        The level of the limits returned, a fraction.

    Returns
    -------
    pandas.DataFrame
        One row a period: the columns of `by`, period_start, period_end; overall (weighted mean),
        sd (weighted, as seen), true_sd (without sampling error, NaN without limits), variance
        (square of the true spread, or of the spread as seen without limits; can be below 0),
        lower and upper (its limits for a trend, from the places' usual distances), sd_lower and
        sd_upper (limits of true_sd, from the period's own distances), highest, lowest, range, n (places), left_out (places without
        a value in some period, or without a weight), method ('noise_subtracted' or
        'noise_included') and confidence.

    Raises
    ------
    ValueError
        If a column is missing.

    Notes
    -----
    As seen, the variance is the true one plus the places' sampling variance; the latter, known
    from the limits, is subtracted. Highest minus lowest grows with the number of places and with
    noise, and is shown but never tested. To follow the places that were worst at the start is
    worse: part of what made them extreme was chance, and falls back by itself.
    """
    by, names = [*by], [weights] if weights else []
    require_columns(table, [*by, "area_code", *PERIOD, "value", *names])
    known = table[table["value"].notna()]
    sides = [known.get(side, pd.Series(np.nan, known.index)) for side in ("lower", "upper")]
    weight = known[weights] if weights else pd.Series(1.0, known.index)
    rows = known[[*by, "area_code", *PERIOD]].assign(
        y=known["value"], v=((sides[1] - sides[0]) / (2 * z_of(PUBLISHED))) ** 2
    )
    place = rows.groupby([*by, "area_code"], observed=True)
    rows["w"] = weight.groupby([rows[key] for key in (*by, "area_code")]).transform("mean")
    periods = rows[[*by, *PERIOD]].drop_duplicates().groupby(by, observed=True).size()
    wanted = rows[by].join(periods.rename("periods"), on=by)["periods"]
    kept = rows[(place["y"].transform("size") == wanted) & (rows["w"] > 0)]
    return _moments(kept, rows, by, confidence)


def _moments(
    rows: pd.DataFrame, known: pd.DataFrame, by: list[str], confidence: float
) -> pd.DataFrame:
    key = [*by, *PERIOD]
    rows = rows.assign(w=rows["w"] / rows.groupby(key, observed=True)["w"].transform("sum"))
    rows["wy"] = rows["w"] * rows["y"]
    away = rows["y"] - rows.groupby(key, observed=True)["wy"].transform("sum")
    rows = rows.assign(
        seen=rows["w"] * away**2,
        noise=rows["w"] * (1 - rows["w"]) * rows["v"],
        alone=2 * (rows["w"] * rows["v"]) ** 2,
    )
    # The mean over the periods: a period's own distance would tie its weight to its result.
    usual = (away**2).groupby([rows[name] for name in (*by, "area_code")]).transform("mean")
    rows["shared"] = 4 * rows["w"] ** 2 * usual * rows["v"]
    rows["own"] = 4 * rows["w"] ** 2 * away**2 * rows["v"]
    periods = rows.groupby(key, observed=True)
    parts = ["wy", "seen", "noise", "alone", "shared", "own"]
    sums = periods[parts].agg("sum", skipna=False)
    variance = sums["seen"] - sums["noise"]
    arm, shown = (
        z_of(confidence) * np.sqrt(np.maximum(sums[name] - sums["alone"], sums["alone"]))
        for name in ("shared", "own")
    )
    found = pd.DataFrame(
        {
            "overall": sums["wy"],
            "sd": np.sqrt(sums["seen"]),
            "true_sd": np.sqrt(variance.clip(lower=0)),
            "variance": variance.fillna(sums["seen"]),
            "lower": variance - arm,
            "upper": variance + arm,
            "sd_lower": np.sqrt((variance - shown).clip(lower=0)),
            "sd_upper": np.sqrt(variance + shown),
            "highest": periods["y"].max(),
            "lowest": periods["y"].min(),
        }
    )
    found["range"] = found["highest"] - found["lowest"]
    found["n"] = periods.size()
    found = found.reset_index()
    places = known[[*by, "area_code"]].drop_duplicates().groupby(by, observed=True).size()
    found["left_out"] = found[by].join(places.rename("all"), on=by)["all"] - found["n"]
    found["method"] = np.where(found["lower"].isna(), "noise_included", "noise_subtracted")
    return found.assign(confidence=confidence)


def places_gap(
    table: pd.DataFrame,
    *,
    by: Iterable[str] = ("series",),
    weights: str | None = "denominator",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return whether the spread of the places within an area is closing.

    Parameters as for `place_spread`.

    Returns
    -------
    pandas.DataFrame
        As `gap_trend`, of the variance: verdict 'closing', 'widening' or 'cannot_tell'; slope and
        limits in squared units a year; first and last are standard deviations, in the value's
        unit; and places (how many) and noise ('subtracted' or 'included'). Three places are
        needed; fewer give 'cannot_tell'. With noise included, a spread can seem to close because
        populations grew.
    """
    by = [*by]
    spreads = place_spread(table, by=by, weights=weights)
    gaps = spreads.assign(value=spreads["variance"])
    found = gap_trend(gaps, by=by, confidence=confidence).drop(columns="measure")
    # A variance estimated below 0 is none: it cannot be a gap the other way.
    turned = np.where(found["slope"] < 0, "closing", "widening")
    found["verdict"] = found["verdict"].where(found["verdict"] != "reversed", turned)
    for end in ("first", "last"):
        found[end] = np.sqrt(found[end].clip(lower=0))
    places = spreads.groupby(by, observed=True).agg(places=("n", "first"), noise=("method", "max"))
    found = found.join(places, on=by)
    found["noise"] = found["noise"].str.removeprefix("noise_")
    few = found["places"] < FEWEST_PLACES
    found.loc[few, "verdict"] = "cannot_tell"
    found.loc[few, "reason"] = f"at least {FEWEST_PLACES} places are needed"
    return found
