import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from outcomes.statistics.forecasting.turning import beside, turned

NAN = float("nan")
UP, DOWN, NONE = "higher_is_better", "lower_is_better", "no_judgement"


def stored(values, mean=50.0, sd=2.0, series="s", errors=norm) -> pd.DataFrame:
    """Later figures beside a stored forecast whose error grows as that of a random walk."""
    values = np.asarray(values, dtype=float)
    horizon = np.arange(1, len(values) + 1)
    mean, sd = np.broadcast_to(mean, len(values)).astype(float), sd * np.sqrt(horizon)
    table = pd.DataFrame({"series": series, "horizon": horizon, "value": values, "mean": mean})
    for level in (80, 95):
        reach = errors.ppf(0.5 + level / 200) * sd
        table = table.assign(**{f"lower_{level}": mean - reach, f"upper_{level}": mean + reach})
    return table


def verdict(table, polarity=UP) -> tuple[str, str]:
    got = turned(table, polarity=polarity).iloc[0]
    return got["verdict"], got["reason"]


WORSE = ("not_yet", "the newest figure is no better than forecast")
WITHIN = (
    "not_yet",
    "the newest figure is better than forecast, but no more than chance alone may bring",
)


def test_row_136_worsening_less_than_forecast_is_turned_and_improving_less_is_not():
    falling = [48.0, 46.0, 44.0, 42.0]
    assert verdict(stored([50, 50, 50, 49.0], mean=falling)) == ("turned", "")
    rising = [52.0, 54.0, 56.0, 58.0]
    assert verdict(stored([51, 52, 53, 54.0], mean=rising)) == WORSE
    assert verdict(stored([51, 52, 53, 54.0], mean=rising), DOWN) == WITHIN
    assert verdict(stored([50, 50, 50, 50.0], mean=rising), DOWN) == ("turned", "")


def test_the_newest_of_several_tells_at_the_good_end_of_the_80_range():
    end = 50 + norm.ppf(0.9) * 2 * np.sqrt(2)
    assert verdict(stored([50.0, end])) == ("turned", "")
    assert verdict(stored([50.0, end - 0.001])) == WITHIN
    assert verdict(stored([58.0, end - 0.001])) == WITHIN
    assert verdict(stored([50.0, 100 - end]), DOWN) == ("turned", "")
    assert verdict(stored([50.0, 100 - end + 0.001]), DOWN) == WITHIN
    assert verdict(stored([58.0, 50.0])) == WORSE
    assert verdict(stored([58.0, 20.0])) == WORSE


def test_a_single_figure_tells_only_at_the_good_end_of_the_95_range():
    end = 50 + norm.ppf(0.975) * 2
    early = ("too_early", "one figure alone does not tell")
    assert verdict(stored([end])) == ("turned", "")
    assert verdict(stored([end - 0.001])) == early
    assert verdict(stored([50.001])) == early
    assert verdict(stored([50.0])) == WORSE
    assert verdict(stored([40.0])) == WORSE


def test_without_a_figure_that_the_forecast_reaches_it_is_too_early():
    none = ("too_early", "there is no later figure that the forecast reaches")
    assert verdict(stored([NAN, NAN])) == none
    table = stored([60.0])
    table["mean"] = NAN
    assert verdict(table) == none
    got = turned(table, polarity=UP).iloc[0]
    assert (got["n"], got["method"]) == (0, "newest_figure")
    assert got[["chance", "horizon", "confidence"]].isna().all()


def test_without_a_judgement_nothing_is_turned():
    got = turned(stored([60.0, 70.0]), polarity=NONE).iloc[0]
    assert (got["verdict"], got["reason"]) == ("not_judged", "more is neither good nor bad")
    assert np.isnan(got["chance"])
    assert verdict(stored([NAN]), NONE)[0] == "not_judged"


def test_each_series_has_its_verdict_chance_and_newest_figure_in_the_order_given():
    table = pd.concat(
        [
            stored([53.0, NAN, 51.0, NAN], series="z", errors=t(3)),
            stored([60.0], series="a", errors=t(3)),
            stored([45.0, 44.0], series="m", errors=t(3)),
        ]
    )
    got = turned(table.sample(frac=1, random_state=3).sort_values("series"), polarity=UP)
    assert got.index.tolist() == ["a", "m", "z"]
    assert turned(table, polarity=UP).index.tolist() == ["z", "a", "m"]
    assert got["verdict"].tolist() == ["turned", "not_yet", "not_yet"]
    assert got["n"].tolist() == [1, 2, 2]
    assert got["horizon"].tolist() == [1, 2, 3]
    assert got["confidence"].tolist() == [0.975, 0.9, 0.9]
    chances = t.sf([5, -6 / (2 * np.sqrt(2)), 1 / (2 * np.sqrt(3))], 3)
    assert got["chance"].tolist() == pytest.approx(chances)


def test_an_empty_table_gives_no_verdicts_and_two_rows_for_a_period_are_refused():
    got = turned(stored([50.0]).iloc[:0], polarity=UP)
    assert got.empty
    assert got.columns.tolist() == [
        "verdict", "chance", "n", "horizon", "method", "confidence", "reason",
    ]  # fmt: skip
    table = stored([50.0, 51.0]).assign(horizon=2)
    with pytest.raises(ValueError, match=re.escape("two rows for s, horizon 2; expected one")):
        turned(table, polarity=UP)
    with pytest.raises(ValueError, match="^the table has no column horizon; it has series, value"):
        turned(stored([50.0]).drop(columns="horizon"), polarity=UP)
    with pytest.raises(ValueError, match="^polarity 'up': expected one of "):
        turned(stored([50.0]), polarity="up")


def test_figures_beside_the_forecast_have_their_error_and_whether_better():
    table = stored([52.0, 49.0, 50.0, NAN])
    got = beside(table, polarity=DOWN)
    assert got["error"].tolist() == pytest.approx([2, -1, 0, NAN], nan_ok=True)
    assert got["better"].tolist() == [False, True, False, None]
    assert beside(table, polarity=UP)["better"].tolist() == [True, False, False, None]
    assert beside(table, polarity=NONE)["better"].tolist() == [None] * 4


def test_false_alarms_are_a_tenth_at_each_horizon_and_few_after_one_figure():
    rng = np.random.default_rng(7)
    walk = 50 + 2 * rng.standard_normal((4000, 4)).cumsum(axis=1)
    one = stored(walk[0])
    tables = pd.concat([one] * len(walk), ignore_index=True)
    tables = tables.assign(series=np.repeat(np.arange(len(walk)), 4), value=walk.ravel())
    for horizon, nominal in ((1, 0.025), (2, 0.1), (4, 0.1)):
        got = turned(tables[tables["horizon"] <= horizon], polarity=DOWN)["verdict"]
        assert (got == "turned").mean() == pytest.approx(nominal, abs=0.015)
