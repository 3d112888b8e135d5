"""Axes and layout that cost less give the same chart as matplotlib's own, and can be drawn on."""

import io
import pickle

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine

from outcomes.charts import new_axes, new_grid, plot_history, plot_relation, plot_within, to_svg
from outcomes.charts.frugal import FrugalAxes, Pen, Ruler, line_metrics, ruler
from outcomes.charts.layout import Layout, settle
from outcomes.charts.theme import STYLE, styled


def plain_axes(height=3.1):
    with mpl.rc_context(STYLE):
        return Figure(figsize=(4.5, height), layout="constrained").subplots()


def place(ax) -> np.ndarray:
    """Return where axes stand, in points."""
    return ax.get_position().transformed(ax.figure.transFigure).get_points() * 72 / ax.figure.dpi


@pytest.mark.parametrize("plot", [plot_history, plot_within])
def test_the_layout_is_that_of_matplotlibs_solver(make_position, plot):
    ours, theirs = (plot(make_position(), ax=ax) for ax in (new_axes(), plain_axes()))
    to_svg(ours)
    for _ in range(3):  # until it is still
        with styled():
            theirs.figure.savefig(io.BytesIO(), format="svg")
    assert isinstance(theirs.figure.get_layout_engine(), ConstrainedLayoutEngine)
    assert np.abs(place(ours) - place(theirs)).max() < 1.5


def test_the_axes_of_a_grid_are_of_one_size_and_do_not_overlap():
    axes = new_grid(6)
    axes[0].set_title("a title over two\nlines", loc="left")
    axes[4].set_xlabel("a label")
    to_svg(axes[0])
    corners = np.array([place(ax) for ax in axes])
    sizes = corners[:, 1] - corners[:, 0]
    assert np.allclose(sizes, sizes[0])
    assert (corners[1::2, 0, 0] > corners[::2, 1, 0]).all(), "side by side"
    assert (corners[:-2, 0, 1] > corners[2:, 1, 1]).all(), "row under row"


def test_a_chart_that_is_laid_out_stays_where_it_is(make_position):
    ax = plot_within(make_position(), ax=new_axes())
    first = to_svg(ax)
    settled = place(ax)
    settle(ax)
    assert (place(ax) == settled).all()
    assert to_svg(ax) == first


def test_what_is_drawn_later_has_room(make_position):
    ax = plot_history(make_position(), ax=new_axes())
    to_svg(ax)
    before = place(ax)
    ax.set_ylabel("a label that was added")
    ax.set_xlabel("and another\nof two lines")
    ax.axhline(72)
    assert ">a label that was added</text>" in to_svg(ax)
    assert place(ax)[0, 0] > before[0, 0] + 10, "the axes make room on the left"
    assert place(ax)[0, 1] > before[0, 1] + 20, "and beneath"


def test_a_title_over_all_is_laid_out_by_matplotlib(make_position):
    ax = plot_history(make_position(), ax=new_axes())
    title = ax.figure.suptitle("Over all")
    to_svg(ax)
    foot = title.get_window_extent().y0
    assert place(ax)[1, 1] <= foot * 72 / ax.figure.dpi


def test_a_colour_bar_finds_its_room():
    ax = new_axes()
    bar = ax.figure.colorbar(ax.scatter([1, 2], [1, 2], c=[1, 2]), ax=ax)
    to_svg(ax)
    assert place(bar.ax)[0, 0] > place(ax)[1, 0]


def test_charts_can_be_drawn_on_anybodys_axes(make_position):
    for layout in (None, "constrained", "tight"):
        ax = Figure(layout=layout).subplots()
        plot_history(make_position(), ax=ax)
        assert ">Anytown</text>" in to_svg(ax)


def test_ticks_are_each_their_own():
    ax = new_axes()
    ax.set_yticks([0, 0.5, 1], ["low", "middle", "high"])
    first, second, third = ax.yaxis.get_major_ticks()
    second.label1.set_fontweight("bold")
    second.gridline.set_color("red")
    assert [t.label1.get_fontweight() for t in (first, second, third)] == [
        "normal",
        "bold",
        "normal",
    ]
    assert first.gridline.get_color() == third.gridline.get_color() != "red"
    assert to_svg(ax).count("font-weight: 700") == 1


def test_minor_ticks_are_there_for_who_wants_them():
    ax = new_axes()
    assert not ax.xaxis.get_minor_ticks()
    ax.minorticks_on()
    ax.tick_params(which="minor", length=7)
    ax.set_title("asks on which side the ticks are", y=None)
    plain = plain_axes()
    plain.minorticks_on()
    assert len(ax.get_xticks(minor=True)) == len(plain.get_xticks(minor=True)) > 4
    to_svg(ax)
    assert {tick.tick1line.get_markersize() for tick in ax.xaxis.get_minor_ticks()} == {7}


def test_a_chart_can_be_stored_and_fetched_again(make_position):
    ax = plot_history(make_position(), ax=new_axes())
    ax.yaxis.set_major_formatter("{x}")  # ours are functions without a name, which do not travel
    (fetched,) = pickle.loads(pickle.dumps(ax.figure)).axes
    assert isinstance(fetched, FrugalAxes)
    assert isinstance(fetched.figure.get_layout_engine(), Layout)
    assert to_svg(fetched) == to_svg(ax)


@pytest.mark.parametrize("words", ["One line", "Two\nlines", "gjpqy", ""])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_text_is_measured_as_matplotlibs_own_writer_measures_it(words, weight):
    ax = new_axes()
    text = ax.text(0.3, 0.3, words, fontsize=10, fontweight=weight)
    ax.figure.dpi = 72
    usual = RendererSVG(324, 223, io.StringIO())
    expected = text.get_window_extent(usual).get_points()
    for mine in (ruler(72), Pen(324, 223, io.StringIO())):
        assert text.get_window_extent(mine).get_points() == pytest.approx(expected)


def test_a_ruler_measures_in_the_pixels_of_its_resolution():
    font = FontProperties(size=10)
    wide, high, deep = Ruler(144).get_text_width_height_descent("some words", font, False)
    once = Ruler(72).get_text_width_height_descent("some words", font, False)
    assert (wide, high, deep) == pytest.approx(tuple(2 * size for size in once))
    assert Ruler(144).points_to_pixels(10) == 20


def test_what_matplotlib_is_told_of_its_own_accord_is_still_asked_for(make_position):
    """Private names: should matplotlib drop one, charts stay right, and this says so."""
    line_metrics.cache_clear()
    ax = plot_history(make_position(), ax=new_axes())
    to_svg(ax)
    assert line_metrics.cache_info().currsize, "_get_font_height_metrics is asked no more"
    asked = [type(axis).__mro__[1].__name__ for axis in (ax.xaxis, ax.yaxis)]
    assert asked == ["_FrugalAxis"] * 2, "_init_axis is asked no more"
    assert callable(getattr(mpl.axis.XAxis, "_update_label_position", None))


def test_the_common_style_ends_with_the_chart(make_position):
    before = dict(mpl.rcParams)
    plot_history(make_position(), ax=new_axes())
    with pytest.raises(AttributeError, match="^'NoneType' object has no attribute 'points'$"):
        plot_relation(None, ax=new_axes())
    assert dict(mpl.rcParams) == before
