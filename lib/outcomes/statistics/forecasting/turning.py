"""Whether the curve was turned: later figures beside a forecast that was stored before them."""

import numpy as np
import pandas as pd

from outcomes.statistics.comparison.polarity import good_sign
from outcomes.statistics.forecasting.targets import chance_of_meeting, good_signs
from outcomes.statistics.rows import require_columns

SMALL = 0.10
"""A chance as small as this, had the forecast held, is a turned curve: 80% range, good end."""
SMALL_ALONE = 0.025
"""The same for a single later figure: 95% range, good end."""
REASONS = {
    "not_judged": "more is neither good nor bad",
    "none": "there is no later figure that the forecast reaches",
    "one": "one figure alone does not tell",
    "worse": "the newest figure is no better than forecast",
    "within": "the newest figure is better than forecast, but no more than chance alone may bring",
}


def beside(later: pd.DataFrame, *, polarity: str) -> pd.DataFrame:
    """Return later figures with error (value minus mean) and better (True, False or None).

    None without a judgement, or where the figure or the forecast is missing. A figure that equals
    the forecast is not better.
    """
    require_columns(later, ["value", "mean"])
    error = later["value"].to_numpy(dtype=float) - later["mean"].to_numpy(dtype=float)
    ahead = good_signs(polarity) * error
    better = np.where(np.isnan(ahead), None, (ahead > 0).astype(object))
    return later.assign(error=error, better=pd.Series(better, index=later.index, dtype=object))


def turned(later: pd.DataFrame, *, polarity: str) -> pd.DataFrame:
    """Return for each series whether it does better than a forecast made before said it would.

    Parameters
    ----------
    later : pandas.DataFrame
        A row a figure: series, horizon, value, mean, lower_80, upper_80, lower_95, upper_95 of the
        stored forecast. A row without a value or a forecast is left out.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}

    Returns
    -------
    pandas.DataFrame
        Index series, in the order of `later`; columns verdict ('turned', 'not_yet', 'too_early',
        'not_judged'), chance (of doing at least as well as the newest figure, had the forecast
        held; NaN without such a figure or a judgement), n (figures beside the forecast), horizon
        (of the newest; NaN if none), method ('newest_figure'), confidence (one-sided: 0.9, with
        one figure alone 0.975; NaN if none) and reason ('' where turned).

    Raises
    ------
    ValueError
        If a column is missing, a series has two rows for one horizon, or the polarity is unknown.

    Notes
    -----
    Each figure is set against the forecast for its own period, never against an earlier figure: a
    series that worsens less than forecast may be turned, one that improves less is not. The errors
    of one forecast add up from period to period, so figures are not independent witnesses; the
    newest one, which holds them all, tells. The forecast's ranges are those of published figures,
    whose own sampling error they hold already: it is not counted again.
    """
    require_columns(later, ["series", "horizon", "value", "mean"])
    _refuse_two_for_one(later)
    series = pd.Index(later["series"].drop_duplicates(), name="series")
    known = later[later[["value", "mean"]].notna().all(axis=1)].sort_values("horizon")
    newest = known.drop_duplicates("series", keep="last").set_index("series").reindex(series)
    n = known.groupby("series").size().reindex(series, fill_value=0).to_numpy()
    chance = chance_of_meeting(newest, newest["value"].to_numpy(dtype=float), polarity)
    kind = _kinds(newest, n, chance, polarity)
    return pd.DataFrame(
        {
            "verdict": _verdict(kind),
            "chance": chance,
            "n": n,
            "horizon": newest["horizon"].astype(float),
            "method": "newest_figure",
            "confidence": np.select([n == 0, n == 1], [np.nan, 1 - SMALL_ALONE], 1 - SMALL),
            "reason": [REASONS.get(one, "") for one in kind],
        },
        index=series,
    )


def _kinds(newest: pd.DataFrame, n: np.ndarray, chance: np.ndarray, polarity: str) -> np.ndarray:
    """Return 'turned' or the key of the reason why not, for each series."""
    ahead = good_sign(polarity) * (newest["value"] - newest["mean"]).to_numpy(dtype=float)
    least = np.where(n == 1, SMALL_ALONE, SMALL)
    # A figure at the very end of the range is beyond it; the margin forgives the arithmetic.
    return np.select(
        [np.full(len(n), polarity == "no_judgement"), n == 0, chance <= least + 1e-9, ~(ahead > 0)],
        ["not_judged", "none", "turned", "worse"],
        default=np.where(n == 1, "one", "within"),
    )


def _verdict(kind: np.ndarray) -> np.ndarray:
    early = np.isin(kind, ["none", "one"])
    behind = np.isin(kind, ["worse", "within"])
    return np.select([early, behind], ["too_early", "not_yet"], default=kind)


def _refuse_two_for_one(later: pd.DataFrame) -> None:
    twice = later.duplicated(["series", "horizon"]).to_numpy()
    if twice.any():
        row = later.iloc[twice.argmax()]
        raise ValueError(f"two rows for {row['series']}, horizon {row['horizon']}; expected one")
