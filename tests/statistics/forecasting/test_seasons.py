import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.forecasting.backtest import backtest, track_record
from outcomes.statistics.forecasting.forecast import forecast
from outcomes.statistics.forecasting.panel import panels
from outcomes.statistics.forecasting.seasons import CYCLES, adjust

NAN = float("nan")
WAVE = np.array([3.0, -1.0, -4.0, 2.0])
"""What each quarter adds; sums to nothing."""


def quarters(values, series="a", start="2014-01-01") -> pd.DataFrame:
    days = pd.date_range(start, periods=len(values), freq="QS")
    return pd.DataFrame({"series": series, "period": days, "value": values, "group": "g"})


def adjusted(*histories, groups="group"):
    (panel,) = panels(pd.concat(histories, ignore_index=True), groups)
    return panel, adjust(panel)


def figures(what) -> np.ndarray:
    return what.figures


def line(length, slope=0.5, level=100.0) -> np.ndarray:
    return level + slope * np.arange(length)


def test_exact_seasons_on_a_straight_line_are_taken_out_whole():
    values = line(24) + np.tile(WAVE, 6)
    _, found = adjusted(quarters(values))
    assert found.ready.tolist() == [CYCLES * 4 - 1]
    # The seasons of two years lean a little on the slope of the line through them.
    assert figures(found)[0] == pytest.approx(line(24), abs=0.6)
    assert found.offsets[0, -1] == pytest.approx(WAVE, abs=0.8)


def test_the_season_ahead_is_that_of_the_period_ahead():
    _, found = adjusted(quarters(line(24, 0) + np.tile(WAVE, 6)))
    row, at = np.array([0]), np.array([23])
    for horizon in range(1, 9):
        wanted = WAVE[(23 + horizon) % 4]
        assert found.ahead(row, at, horizon) == pytest.approx([wanted], abs=0.3)


def test_yearly_figures_and_short_histories_are_left_as_they_are():
    yearly = pd.DataFrame({"series": "a", "period": range(2000, 2020), "value": np.arange(20.0)})
    (panel,) = panels(yearly)
    found = adjust(panel)
    assert figures(found).tolist() == figures(panel).tolist()
    assert found.ahead(np.array([0]), np.array([19]), 3).tolist() == [0]
    short = np.tile(WAVE, 2)[:7]
    panel, found = adjusted(quarters(short))
    assert figures(found).tolist() == figures(panel).tolist()
    assert (found.ready.tolist(), not found.offsets.any()) == ([0], True)


def test_what_could_be_chance_is_not_taken_for_a_season():
    rng = np.random.default_rng(1)
    histories = [quarters(100 + rng.normal(0, 2, 8), f"a{i:03}") for i in range(300)]
    _, found = adjusted(*histories)
    spread = np.sqrt((found.offsets[:, -1] ** 2).mean())
    means_of_two = 2 / np.sqrt(2)
    assert spread < 0.7 * means_of_two
    assert (found.offsets[:, -1] == 0).all(axis=1).mean() > 0.1
    real = [quarters(100 + np.tile(WAVE, 2) + rng.normal(0, 0.5, 8), f"a{i}") for i in range(50)]
    _, found = adjusted(*real)
    assert np.abs(found.offsets[:, -1].mean(axis=0) - WAVE).max() < 0.5


def test_seasons_follow_their_newest_figures():
    values = np.concatenate([np.tile(WAVE, 4), np.tile(2 * WAVE, 10)]) + 100
    _, found = adjusted(quarters(values))
    size = [np.abs(found.offsets[0, column]).sum() for column in (15, 35, 55)]
    assert size[0] < size[1] < size[2]
    assert size[2] > 1.6 * size[0]


def test_seasons_known_at_a_period_rest_on_figures_up_to_it():
    rng = np.random.default_rng(2)
    values = 100 + np.tile(WAVE, 8) + rng.normal(0, 1, 32).cumsum()
    _, whole = adjusted(quarters(values))
    for end in range(8, 32):
        _, cut = adjusted(quarters(values[:end]))
        assert whole.offsets[0, 7:end].tolist() == cut.offsets[0, 7:end].tolist()
        assert figures(whole)[0, :end].tolist() == figures(cut)[0].tolist()


def test_gaps_stay_gaps_and_put_off_the_first_seasons():
    values = np.tile(WAVE, 6) + 100
    values[[2, 9]] = NAN
    _, found = adjusted(quarters(values))
    assert np.isnan(figures(found)[0]).nonzero()[0].tolist() == [2, 9]
    assert found.ready.tolist() == [8]


def test_histories_teach_others_only_from_when_their_own_seasons_are_known():
    long = 100 + np.tile(WAVE, 6)
    parts = {
        "first": quarters(long, "first"),
        "later": quarters(long[8:], "later", "2016-01-01"),
        "short": quarters(long[:5], "short", "2015-01-01"),
        "with": quarters(long, "with"),
    }
    panel, found = adjusted(*parts.values())
    ready, teaches = (
        dict(zip(panel.series, what.tolist(), strict=True)) for what in (found.ready, found.teaches)
    )
    assert ready == {"first": 7, "with": 7, "later": 15, "short": 7}
    assert teaches == {"first": 0, "with": 0, "later": 15, "short": 24}
    _, alone = adjusted(parts["short"])
    assert (alone.ready.tolist(), alone.teaches.tolist()) == ([0], [0])


def wavy(freq, wave, years, seed=3, areas=12) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    length = years * len(wave)
    days = pd.date_range("2014-01-31", periods=length, freq=freq)
    parts = []
    for area in range(areas):
        noise = rng.normal(0, 0.3, length).cumsum() + rng.normal(0, 0.4, length)
        values = 100 + np.tile(wave, years) + noise
        parts.append(pd.DataFrame({"series": area, "group": "g", "period": days, "value": values}))
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(
    ("freq", "wave"), [("QE", WAVE), ("ME", 4 * np.sin(np.arange(12) * np.pi / 6))]
)
def test_forecasts_keep_the_shape_of_the_year_and_beat_the_last_figure(freq, wave):
    history = wavy(freq, wave, 6)
    got = forecast(history, horizon=len(wave), groups="group")
    for _, part in got.groupby("series"):
        shape = part["mean"].to_numpy() - part["mean"].mean()
        assert np.corrcoef(shape, wave)[0, 1] > 0.95
        assert 0.65 * wave.std() < shape.std() < 1.2 * wave.std()
    record = track_record(backtest(history, horizon=3, groups="group"))
    assert (record["error"] < 0.5 * record["naive_error"]).all()
    assert record["inside_95"].between(0.9, 1).all()
    assert record["inside_80"].between(0.72, 0.95).all()
