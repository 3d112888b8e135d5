import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel

from outcomes.statistics.forecasting.forecast import forecast

NAN = float("nan")
NUMBERS = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]


def walk(seed=1, length=20) -> np.ndarray:
    return 80 + np.random.default_rng(seed).normal(0.3, 1, length).cumsum()


def laid(values, series="a", **more) -> pd.DataFrame:
    periods = np.arange(2000, 2000 + len(values))
    return pd.DataFrame({"series": series, "period": periods, "value": values, **more})


def test_theta_is_that_of_statsmodels():
    past = walk()
    got = forecast(laid(past), horizon=4, model="theta")
    fit = ThetaModel(past, period=1, deseasonalize=False).fit()
    assert got["mean"].tolist() == pytest.approx(np.asarray(fit.forecast(4)))
    for level in (80, 95):
        limits = fit.prediction_intervals(4, alpha=1 - level / 100)
        assert got[f"lower_{level}"].tolist() == pytest.approx(limits["lower"].to_numpy())
        assert got[f"upper_{level}"].tolist() == pytest.approx(limits["upper"].to_numpy())
    assert set(got["method"]) == {"theta"}
    assert got["period"].tolist() == [2020, 2021, 2022, 2023]


def test_exponential_smoothing_is_that_of_statsmodels():
    past = walk(2)
    got = forecast(laid(past), horizon=3, model="ets")
    fit = ETSModel(pd.Series(past), error="add", trend="add", damped_trend=True).fit(disp=False)
    assert got["mean"].to_numpy() == pytest.approx(fit.forecast(3).to_numpy(), rel=1e-4)
    assert set(got["method"]) == {"ets"}
    assert (got["lower_95"] < got["lower_80"]).all()
    assert (got["upper_80"] < got["upper_95"]).all()


@pytest.mark.parametrize("model", ["ets", "theta"])
def test_the_columns_order_and_periods_are_those_of_the_pooled_forecast(model):
    history = pd.concat([laid(walk(3), "z"), laid(walk(4), "a")])
    ours, theirs = (forecast(history, horizon=2, model=name) for name in ("pooled", model))
    same = ["series", "horizon", "period", "n"]
    assert_frame_equal(ours[same], theirs[same])
    assert ours.columns.tolist() == theirs.columns.tolist()


@pytest.mark.parametrize(("model", "fewest"), [("ets", 8), ("theta", 5)])
def test_gaps_and_too_few_figures_are_refused_with_the_reason(model, fewest):
    gap = walk(5)
    gap[7] = NAN
    short = laid(walk(6, fewest - 1), "short")
    history = pd.concat([laid(gap, "gap"), short, laid(walk(6, fewest), "enough")])
    got = forecast(history, horizon=1, model=model, groups=dict.fromkeys(
        ["gap", "short", "enough"], "g"
    )).set_index("series")  # fmt: skip
    assert got["reason"].to_dict() == {
        "gap": "the history has a gap",
        "short": f"{fewest - 1} figures, fewer than {fewest}",
        "enough": "",
    }
    assert got["method"].to_dict() == {"gap": "refused", "short": "refused", "enough": model}
    assert got.loc[["gap", "short"], NUMBERS].isna().all().all()


@pytest.mark.parametrize("model", ["ets", "theta"])
def test_bounds_clip(model):
    rising = np.linspace(60, 99, 20) + np.random.default_rng(7).normal(0, 0.5, 20)
    free, bound = (
        forecast(laid(rising, bound_low=0.0, bound_high=high), horizon=5, model=model)
        for high in (NAN, 100.0)
    )
    assert free["upper_95"].max() > 101
    assert_frame_equal(bound[NUMBERS], free[NUMBERS].clip(upper=100))


def test_a_year_of_seasons_is_kept():
    wave = np.tile([3.0, -1, -4, 2], 6)
    noise = np.random.default_rng(8).normal(0, 0.2, 24)
    days = pd.date_range("2015-01-01", periods=24, freq="QS")
    history = pd.DataFrame({"series": "a", "period": days, "value": 100 + wave + noise})
    for model in ("ets", "theta"):
        got = forecast(history, horizon=4, model=model)["mean"]
        assert got.to_numpy() - got.mean() == pytest.approx(wave[:4], abs=0.6)
