"""A dot for each area, ours beneath, and the lines they are read by."""

import dataclasses

import numpy as np
import pytest
from matplotlib.colors import to_hex

from outcomes.charts import PALETTE, new_axes, plot_spread, spread_height, to_svg
from outcomes.model import Comparison, Standing


def drawn(position):
    return plot_spread(position, ax=new_axes(height=spread_height(position)))


def line(ax, label):
    (found,) = [line for line in ax.get_lines() if line.get_label() == label]
    return found


@pytest.fixture
def position(make_position, make_spread, long_place):
    similar = Comparison("the average of 20 similar places", 76, 20, -0.5, "similar", tested=True)
    return make_position(
        place=long_place, comparison=similar, standing=Standing(spread=make_spread())
    )


def test_every_other_area_is_a_dot_within_half_its_width_of_its_value(position):
    ax = drawn(position)
    dots = line(ax, "One area")
    values = position.standing.spread.peers["value"][1:].to_numpy()
    width = np.diff(ax.get_xlim())[0] / 60
    assert len(dots.get_xdata()) == 299
    assert np.abs(np.asarray(dots.get_xdata()) - values).max() <= width / 2 + 1e-9
    assert len(set(zip(dots.get_xdata(), dots.get_ydata(), strict=True))) == 299, (
        "none over another"
    )


def test_our_own_is_a_named_diamond_under_the_dots_at_its_exact_value(position):
    ax = drawn(position)
    (own,) = [found for found in ax.get_lines() if found.get_marker() == "D"]
    assert own.get_xdata()[0] == 75.5
    assert own.get_ydata()[0] < min(line(ax, "One area").get_ydata())
    assert [(t.get_text(), t.get_fontweight()) for t in ax.texts] == [(position.place.name, "bold")]
    interval = next(c for c in ax.collections if c.get_label() == "Our 95% interval")
    assert interval.get_segments()[0][:, 0].tolist() == [71.0, 80.0]


def test_quartiles_median_and_comparator_each_look_different(position):
    ax = drawn(position)
    spread = position.standing.spread
    (band,) = [patch for patch in ax.patches if patch.get_label() == "Middle half of areas"]
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((spread.q1, spread.q3))
    median, comparator = line(ax, "Median"), line(ax, "The average of 20 similar places")
    assert median.get_xdata()[0] == spread.median
    assert comparator.get_xdata()[0] == 76
    assert (median.get_linestyle(), comparator.get_linestyle()) == ("-", "--")
    assert to_hex(comparator.get_color()) == PALETTE.comparator


@pytest.mark.parametrize("n", [300, 15, 2])
def test_all_text_can_be_read(position, make_spread, readable, n):
    spread = make_spread(n)
    words = readable(drawn(dataclasses.replace(position, standing=Standing(spread=spread))))
    assert f"{n} counties and unitary authorities in the" in " ".join(words).replace("\n", " ")


@pytest.mark.parametrize("value", [60.0, 75.5, 90.0])
def test_our_name_stays_on_the_chart_wherever_we_stand(position, make_spread, readable, value):
    spread = make_spread(40)
    spread.peers.loc[0, ["value", "lower", "upper"]] = [value, value - 1, value + 1]
    readable(drawn(dataclasses.replace(position, standing=Standing(spread=spread))))


def test_without_an_interval_or_a_comparator_of_the_same_period_neither_is_drawn(
    position, make_spread
):
    spread = make_spread(20, period="2022")
    spread.peers[["lower", "upper"]] = np.nan
    ax = drawn(dataclasses.replace(position, standing=Standing(spread=spread)))
    assert not [c for c in ax.collections if "interval" in c.get_label()]
    assert "The average of 20 similar places" not in [x.get_label() for x in ax.get_lines()]


def test_an_area_without_a_value_has_no_dot(position, make_spread):
    spread = make_spread(20)
    spread.peers.loc[5, "value"] = np.nan
    ax = drawn(dataclasses.replace(position, standing=Standing(spread=spread)))
    assert len(line(ax, "One area").get_xdata()) == 18


@pytest.mark.parametrize("n", [1, 300])
def test_equal_values_make_one_stack_of_limited_height(position, make_spread, readable, n):
    spread = make_spread(n, lowest=75, q1=75, median=75, q3=75, highest=75)
    spread.peers["value"] = 75.0
    alike = dataclasses.replace(position, standing=Standing(spread=spread))
    assert spread_height(alike) <= 4.01
    ax = drawn(alike)
    assert len(set(line(ax, "One area").get_xdata())) == min(n - 1, 1)
    readable(ax)


def test_unknown_quartiles_are_not_drawn(position, make_spread, readable):
    unknown = dict.fromkeys(("q1", "median", "q3"), np.nan)
    spread = make_spread(3, **unknown)
    ax = drawn(dataclasses.replace(position, standing=Standing(spread=spread)))
    readable(ax)
    assert len(line(ax, "One area").get_xdata()) == 2
    assert "Median" not in [found.get_text() for found in ax.figure.legends[0].get_texts()]


def test_without_a_spread_it_says_so(position, make_position, make_spread):
    empty = make_spread(3, reason="fewer than 4 areas have a figure")
    empty.peers["value"] = np.nan
    for standing, words in (
        (Standing(), "No figures of other areas"),
        (Standing(spread=empty), "fewer than 4 areas have a figure"),
    ):
        ax = drawn(make_position(standing=standing))
        assert [text.get_text() for text in ax.texts] == [words]
        assert not ax.axison


def test_the_same_chart_is_the_same_bytes_and_few_of_them(position):
    first, second = to_svg(drawn(position)), to_svg(drawn(position))
    assert first == second
    assert len(first) < 40_000, "300 areas"
