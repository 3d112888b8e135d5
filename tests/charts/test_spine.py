"""A row each: where the comparator, the ends and our mark stand, and what the mark looks like."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from outcomes.charts import PALETTE, new_axes, plot_spine, spine_height, to_svg
from outcomes.model import Comparison, Standing


@pytest.fixture
def row(make_position, make_spread, long_place):
    """Return a maker of positions that differ in verdict and polarity; ends 60 and 80."""

    def make(verdict="better", *, tested=True, comparator=65.0, **indicator):
        spread = make_spread(5, lowest=60.0, q1=64.0, median=66.0, q3=70.0, highest=80.0)
        spread.peers["value"] = [75.5, 60.0, 64.0, 66.0, 80.0]
        return make_position(
            place=long_place,
            indicator=indicator,
            comparison=Comparison("the nation", comparator, 1, 10.5, verdict, tested=tested),
            standing=Standing(spread=spread),
        )

    return make


def drawn(*positions):
    baseline = SimpleNamespace(positions=positions)
    return plot_spine(baseline, ax=new_axes(height=spine_height(baseline)))


def marks(ax):
    """Return x, shape, colour and whether filled of every mark that stands on a bar."""
    return [
        (
            round(float(line.get_xdata()[0]), 4),
            line.get_marker(),
            to_hex(line.get_color()),
            to_hex(line.get_markerfacecolor()) != "#ffffff",
        )
        for line in ax.get_lines()
        if len(line.get_xdata())
    ]


def bars(ax):
    return [(round(b.get_x(), 4), round(b.get_x() + b.get_width(), 4)) for b in ax.patches]


def test_the_comparator_is_in_the_middle_and_the_furthest_area_at_an_end(row):
    ax = drawn(row())
    # 80 lies 15 from the comparator at 65, the furthest: half a bar is 15 long.
    assert bars(ax) == [(0.3333, 1.0), (0.4667, 0.6667)]
    assert marks(ax) == [(0.85, "^", PALETTE.better, True)]
    (line,) = ax.collections
    assert line.get_segments()[0][:, 0].tolist() == [0.5, 0.5]


def test_better_is_to_the_right_where_lower_is_better(row):
    ax = drawn(row("worse", polarity="lower_is_better"))
    assert bars(ax) == [(0.0, 0.6667), (0.3333, 0.5333)]
    assert marks(ax) == [(0.15, "v", PALETTE.worse, True)]


def test_without_judgement_higher_is_to_the_right_and_the_row_says_so(row, readable):
    ax = drawn(row("higher", polarity="no_judgement"))
    assert marks(ax) == [(0.85, "D", PALETTE.ink, True)]
    words = readable(ax)
    assert "People in work (right is higher)" in words
    assert "better \N{RIGHTWARDS ARROW}" not in words, "nothing on it is judged"


def test_what_was_not_tested_is_hollow_and_the_legend_says_so(row, readable):
    ax = drawn(row("worse", tested=False), row("similar"), row("not_compared"))
    assert marks(ax) == [
        (0.85, "v", PALETTE.worse, False),
        (0.85, "o", PALETTE.others, True),
        (0.85, "o", PALETTE.ink, False),
    ]
    assert "Hollow: untested" in readable(ax)
    assert "Hollow: untested" not in readable(drawn(row()))


def test_without_a_comparator_of_the_period_the_median_is_the_middle(row, readable):
    for changed in (
        dataclasses.replace(row(), comparison=None),
        row("not_compared", comparator=np.nan),
        dataclasses.replace(row(), latest=None),
    ):
        ax = drawn(changed)
        # 80 lies 14 from the median at 66.
        assert marks(ax)[0][0] == round(0.5 + 9.5 / 28, 4)
        assert "Median" in readable(ax)
        assert "People in work (middle: median)" in " ".join(t.get_text() for t in ax.texts)


def test_a_place_without_a_figure_keeps_its_row_without_a_mark(row):
    position = row()
    position.standing.spread.peers.loc[0, "value"] = np.nan
    ax = drawn(position)
    assert marks(ax) == []
    assert len(bars(ax)) == 2


def test_an_indicator_without_a_spread_is_left_out(row, make_position, make_spread):
    unknown = make_position(standing=Standing(spread=make_spread(3, lowest=np.nan)))
    assert len(bars(drawn(row(), make_position(), unknown))) == 2
    (text,) = drawn(make_position()).texts
    assert text.get_text() == "No indicator has figures of enough areas"


def test_areas_that_are_all_equal_stand_in_the_middle(row):
    position = row(comparator=75.5)
    ends = dict.fromkeys(("lowest", "q1", "median", "q3", "highest"), 75.5)
    position.standing.spread.peers["value"] = 75.5
    spread = dataclasses.replace(position.standing.spread, **ends)
    ax = drawn(dataclasses.replace(position, standing=Standing(spread=spread)))
    assert marks(ax)[0][0] == 0.5
    assert bars(ax) == [(0.5, 0.5), (0.5, 0.5)]


def test_long_titles_can_be_read_and_make_the_chart_higher(row, readable):
    title = "Emergency hospital admissions for intentional self-harm, all ages, standardised"
    long, short = row(title=title), row()
    readable(drawn(*[long, short] * 6))
    one, other = (spine_height(SimpleNamespace(positions=(p,))) for p in (long, short))
    assert one - other == pytest.approx(0.34), "three lines, not one"


def test_each_word_stands_in_the_legend_once_and_the_bytes_repeat(row):
    ax = drawn(*[row() for _ in range(12)])
    labels = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert sorted(labels) == ["All areas", "Better", "Middle half", "The nation"]
    assert to_svg(ax) == to_svg(drawn(*[row() for _ in range(12)]))
    assert len(to_svg(ax)) < 40_000
