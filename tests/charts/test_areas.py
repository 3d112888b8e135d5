"""Maps, scatters and funnels: where each area is drawn, how it looks, and who is named."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from outcomes.charts import (
    PALETTE,
    map_height,
    new_axes,
    plot_funnel,
    plot_map,
    plot_relation,
    plot_within,
    to_svg,
    within_height,
)
from outcomes.model import Relation


def square(x, y=0.0, size=10_000.0):
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], dtype=float)
    return corners * size + [x, y]


@pytest.fixture
def country(make_position):
    """Return ten square places in two rows, their values 1 to 9 and one missing, with shapes."""
    codes = [f"X07{i:06}" for i in range(10)]
    shapes = {c: [square(i % 5 * 10_000, i // 5 * 10_000)] for i, c in enumerate(codes)}
    within = pd.DataFrame(
        {
            "area_code": codes,
            "area_name": [f"Place {i}" for i in range(10)],
            "period": "2023",
            "value": [*map(float, range(1, 10)), np.nan],
        }
    )
    return shapes, make_position(within=within)


def drawn(shapes, position, **kwargs):
    return plot_map(shapes, position, ax=new_axes(height=map_height(shapes)), **kwargs)


def areas(ax):
    return [p for p in ax.patches if np.isfinite(p.get_path().vertices).all()]


def legend(ax):
    return [text.get_text() for text in ax.figure.legends[0].get_texts()]


def test_a_map_has_five_classes_of_equal_count_with_a_shade_and_a_letter(country, readable):
    ax = drawn(*country)
    shades = [to_hex(p.get_facecolor()) for p in areas(ax)[:9]]
    assert shades == [PALETTE.shades[i] for i in (0, 0, 1, 1, 2, 2, 3, 3, 4)]
    letters = {tuple(t.get_position()): t.get_text() for t in ax.texts}
    assert [letters[i % 5 * 10_000 + 5000, i // 5 * 10_000 + 5000] for i in range(9)] == list(
        "AABBCCDDE"
    )
    assert legend(ax)[:5] == [
        "A: 1.0% to 2.0%",
        "B: 3.0% to 4.0%",
        "C: 5.0% to 6.0%",
        "D: 7.0% to 8.0%",
        "E: 9.0%",
    ]
    readable(ax)


def test_a_place_without_a_figure_is_hatched_and_has_no_letter(country):
    ax = drawn(*country)
    hatched = [p.get_hatch() for p in areas(ax)]
    assert hatched == [None] * 9 + ["////"]
    assert len(ax.texts) == 9
    assert legend(ax)[5] == "No figure"


def test_our_own_place_has_a_heavier_outline_and_stands_in_the_legend(country, long_place):
    shapes, position = country
    place = long_place.model_copy(update={"code": "X07000003"})
    ax = drawn(shapes, dataclasses.replace(position, place=place))
    widths = [p.get_linewidth() for p in areas(ax)]
    assert widths.index(max(widths)) == 3
    assert widths.count(max(widths)) == 1
    assert legend(ax)[-1].replace("\n", " ") == place.name
    assert place.name not in legend(drawn(*country))


def test_given_breaks_make_the_classes_and_an_empty_one_has_no_letter(country):
    ax = drawn(*country, breaks=(3.0, 20.0, 30.0))
    assert [t.get_text() for t in ax.texts] == list("AABBBBBBB"), "a break begins the next class"
    assert legend(ax)[:2] == ["A: 1.0% to 2.0%", "B: 3.0% to 9.0%"]


@pytest.mark.parametrize("breaks", [(1.0, 2.0, 3.0, 4.0, 5.0), (2.0, 1.0), (1.0, 1.0)])
def test_breaks_that_make_no_five_classes_are_refused(country, breaks):
    message = f"breaks: {breaks}; expected at most 4 values that rise"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        drawn(*country, breaks=breaks)


def test_equal_values_share_a_class(country):
    shapes, position = country
    position.within["value"] = [5.0] * 8 + [6.0, 6.0]
    assert [t.get_text() for t in drawn(shapes, position).texts] == list("AAAAAAAABB")


def test_few_places_have_few_classes_and_none_is_only_hatched(country):
    shapes, position = country
    two = dict(list(shapes.items())[:2])
    ax = drawn(two, dataclasses.replace(position, within=position.within.head(2)))
    assert [t.get_text() for t in ax.texts] == ["A", "B"]
    position.within["value"] = np.nan
    assert {p.get_hatch() for p in areas(drawn(shapes, position))} == {"////"}
    (text,) = plot_map({}, position, ax=new_axes()).texts
    assert text.get_text() == "No boundaries of these places"


def test_a_place_without_a_shape_is_named_and_one_without_a_row_is_hatched(country):
    shapes, position = country
    del shapes["X07000000"]
    shapes["X07000099"] = [square(50_000)]
    ax = drawn(shapes, position)
    assert "Not on the map: Place 0" in [text.replace("\n", " ") for text in legend(ax)]
    assert areas(ax)[-1].get_hatch() == "////"


def test_an_area_in_parts_has_its_letter_inside_the_largest_and_a_speck_has_none(country):
    shapes, position = country
    # A horseshoe: the middle of its box lies outside it.
    outer = [[0, 0], [30, 0], [30, 30], [22, 30], [22, 8], [8, 8], [8, 30], [0, 30], [0, 0]]
    shapes["X07000000"] = [square(-5000, size=2000), np.array(outer) * 1000.0 + [0, 20_000]]
    shapes["X07000001"] = [square(-9000, size=900), square(-9000, 5000, size=1)]
    ax = drawn(shapes, position)
    # Two places leave room for eight letters: the speck has its shade alone.
    assert len(ax.texts) == 8
    x, y = ax.texts[0].get_position()
    assert areas(ax)[0].get_path().contains_point((x, y))
    assert to_hex(areas(ax)[1].get_facecolor()) == PALETTE.shades[0]


def test_a_map_keeps_its_shape_and_is_small(country):
    shapes, position = country
    angle = np.linspace(0, 2 * np.pi, 5000)
    circle = np.column_stack([np.cos(angle), np.sin(angle)]) * 5000
    fine = {code: [circle + rings[0][0]] for code, rings in shapes.items()}
    first, second = (to_svg(drawn(fine, position)) for _ in range(2))
    assert first == second
    assert len(first) < 60_000
    assert drawn(fine, position).get_aspect() == 1


@pytest.fixture
def relation(long_place):
    """Return a maker of relations on a falling line, with so many own and outlying areas."""

    def make(n=300, own=1, outliers=0, **changes):
        rng = np.random.default_rng(9)
        x = rng.normal(20, 5, n)
        points = pd.DataFrame(
            {
                "area_code": [f"X{i:08}" for i in range(n)],
                "area_name": [long_place.name, *(f"Area {i}" for i in range(1, n))],
                "x": x,
                "y": 80 - 0.8 * x + rng.normal(0, 3, n),
                "expected": 80 - 0.8 * x,
            }
        )
        points["residual"] = points["y"] - points["expected"]
        order = points["residual"].abs().rank(ascending=False)
        points["own"] = points.index < own
        points["outlier"] = (order <= outliers) & ~points["own"]
        points["influential"] = False
        fitted = pd.DataFrame({"term": ["x"], "coefficient": [-0.8]})
        known = {
            "outcome": "Good level of development at the end of the reception year",
            "on": ("Children in relative low income families, before housing costs",),
            "among": "districts", "period": "2023", "points": points, "r2": 0.5, "n": n,
            "correlations": pd.DataFrame(), "coefficients": fitted, "tests": 1, "caution": "", "influential": 0, "r_without": float("nan"),
        }  # fmt: skip
        return Relation(**(known | changes))

    return make


def of(ax, label):
    return next(line for line in ax.get_lines() if line.get_label() == label)


def test_a_relation_has_a_dot_for_each_area_a_diamond_for_ours_and_its_line(relation, readable):
    told = relation()
    ax = plot_relation(told, ax=new_axes())
    assert len(of(ax, "One area").get_xdata()) == 299
    own = of(ax, "Ours")
    assert (own.get_marker(), own.get_xdata()[0]) == ("D", told.points["x"][0])
    line = of(ax, "Fitted line")
    assert line.get_xdata().tolist() == [told.points["x"].min(), told.points["x"].max()]
    assert line.get_ydata() == pytest.approx(80 - 0.8 * line.get_xdata())
    words = {text.replace("\n", " ") for text in readable(ax)}
    assert "Bournemouth, Christchurch and Poole" in words
    assert any(told.on[0] in text for text in words)


def test_no_line_is_drawn_where_nothing_was_fitted_or_more_than_one_explains(relation):
    for changes in ({"coefficients": pd.DataFrame()}, {"on": ("One", "Another")}):
        ax = plot_relation(relation(**changes), ax=new_axes())
        assert "Fitted line" not in [line.get_label() for line in ax.get_lines()]


@pytest.mark.parametrize(("outliers", "named"), [(3, 3), (5, 5), (9, 5)])
def test_at_most_five_unusual_areas_are_named_the_furthest_first(relation, outliers, named):
    told = relation(outliers=outliers, own=0)
    ax = plot_relation(told, ax=new_axes())
    assert of(ax, "Far from the line").get_marker() == "^"
    assert len(of(ax, "Far from the line").get_xdata()) == outliers
    furthest = told.points.loc[told.points["residual"].abs().idxmax(), "area_name"]
    names = [t.get_text() for t in ax.texts] if named <= 4 else legend(ax)[3:]
    assert len(names) == named
    assert furthest in names[0]


def test_what_moves_the_line_has_a_shape_of_its_own(relation):
    told = relation(outliers=1, own=0)
    told.points.loc[[4, 5], "influential"] = True
    ax = plot_relation(told, ax=new_axes())
    assert of(ax, "Moves the line").get_marker() == "s"
    assert len(of(ax, "Moves the line").get_xdata()) == 2


def test_many_of_ours_are_numbered_with_a_key_and_no_number_covers_another(relation, readable):
    ax = plot_relation(relation(own=12, outliers=7), ax=new_axes(height=3.4))
    assert [text.get_text() for text in ax.texts] == [str(i) for i in range(1, 18)]
    key = [text.replace("\n", " ") for text in legend(ax)]
    assert "1  Bournemouth, Christchurch and Poole" in key
    assert "12  Area 11" in key
    readable(ax)


def test_an_area_without_both_figures_is_left_out_and_no_area_says_why(relation):
    told = relation(n=20)
    told.points.loc[3, "x"] = np.nan
    told.points.loc[4, "y"] = np.nan
    assert len(of(plot_relation(told, ax=new_axes()), "One area").get_xdata()) == 17
    empty = relation(points=told.points.iloc[:0], reason="fewer than 10 areas have both")
    (text,) = plot_relation(empty, ax=new_axes()).texts
    assert text.get_text() == "fewer than 10 areas have both"


@pytest.fixture
def funnel():
    """Return an area in each part of a funnel about 20, the first two our own, with its lines."""
    size = np.linspace(10_000, 500_000, 50)
    lines = pd.DataFrame({"denominator": size, "centre": 20.0})
    for level, z in (("95", 1.96), ("998", 3.09)):
        lines[f"lower_{level}"] = 20 - z * 400 / np.sqrt(size)
        lines[f"upper_{level}"] = 20 + z * 400 / np.sqrt(size)
    points = pd.DataFrame(
        {
            "area_code": [f"X{i:08}" for i in range(7)],
            "area_name": ["Bournemouth, Christchurch and Poole", *(f"Area {i}" for i in range(6))],
            "denominator": [20_000.0, 60_000, 90_000, 150_000, 250_000, 400_000, 450_000],
            "value": [20.0, 26.0, 23.2, 20.3, 18.0, 15.0, 20.1],
            "position": ["inside", "above_998", "above_95", "inside", "below_95", "below_998",
                         "inside"],
            "own": [True, True, False, False, False, False, False],
        }
    )  # fmt: skip
    return points, lines


def test_a_funnel_tells_its_five_places_apart_by_shape_and_filling(funnel, make_position, readable):
    ax = plot_funnel(*funnel, make_position().indicator, ax=new_axes())
    looks = {
        words: (of(ax, words).get_marker(), to_hex(of(ax, words).get_markerfacecolor()))
        for words in ("Above 95%", "Inside", "Below 95%", "Below 99.8%")
    }
    assert looks == {
        "Above 95%": ("^", "#ffffff"),
        "Inside": ("o", PALETTE.others),
        "Below 95%": ("v", "#ffffff"),
        "Below 99.8%": ("v", PALETTE.signal),
    }
    assert of(ax, "Inside").get_xdata().tolist() == [150_000, 450_000]
    words = {text.replace("\n", " ") for text in readable(ax)}
    assert {"Bournemouth, Christchurch and Poole", "Area 0"} <= words
    assert "400,000" in words


def test_our_own_areas_keep_the_shape_of_their_place(funnel, make_position):
    ax = plot_funnel(*funnel, make_position().indicator, ax=new_axes())
    own = {
        line.get_marker(): line.get_xdata().tolist()
        for line in ax.get_lines()
        if line.get_zorder() == 5 and len(line.get_xdata())
    }
    assert own == {"o": [20_000], "^": [60_000]}


def test_the_limits_of_a_funnel_differ_in_line_and_its_mouth_may_leave_the_chart(
    funnel, make_position
):
    points, lines = funnel
    ax = plot_funnel(points, lines, make_position().indicator, ax=new_axes())
    assert of(ax, "95% limits").get_linestyle() == "--"
    assert of(ax, "99.8% limits").get_linestyle() == "-"
    assert of(ax, "All together").get_ydata().tolist() == lines["centre"].tolist()
    assert lines["upper_998"].max() > ax.get_ylim()[1] > points["value"].max()


def test_many_of_ours_are_numbered_on_a_funnel(funnel, make_position, readable):
    points, lines = funnel
    ax = plot_funnel(points.assign(own=True), lines, make_position().indicator, ax=new_axes())
    assert [text.get_text() for text in ax.texts] == list("1234567")
    assert "2  Area 0" in legend(ax)
    readable(ax)


def test_a_funnel_leaves_out_what_has_no_figure_or_place_and_may_lack_its_lines(
    funnel, make_position, readable
):
    points, lines = funnel
    points.loc[3, "value"] = np.nan
    points.loc[6, "position"] = "not_given"
    indicator = make_position().indicator
    ax = plot_funnel(points, pd.DataFrame(), indicator, ax=new_axes())
    labels = [line.get_label() for line in ax.get_lines()]
    assert "Inside" not in labels
    assert "95% limits" not in labels
    readable(ax)
    for empty in (points.iloc[:0], pd.DataFrame(), points.assign(position="not_given")):
        (text,) = plot_funnel(empty, lines, indicator, ax=new_axes()).texts
        assert text.get_text() == "No areas with a figure and a size"


def test_the_same_charts_are_the_same_bytes_and_few_of_them(relation, funnel, make_position):
    def both():
        yield plot_relation(relation(own=3), ax=new_axes())
        yield plot_funnel(*funnel, make_position().indicator, ax=new_axes())

    for first, second in zip(both(), both(), strict=True):
        assert to_svg(first) == to_svg(second)
        assert len(to_svg(first)) < 40_000


def test_forty_places_within_with_long_names_can_be_read(make_position, long_place, readable):
    within = pd.DataFrame(
        {
            "area_code": [f"X07{i:06}" for i in range(40)],
            "area_name": [long_place.name, "Northend"] * 20,
            "period": "2023",
            "value": [np.nan, *np.linspace(60, 80, 39)],
            "lower": np.nan,
            "upper": np.nan,
            "status": "final",
        }
    )
    comparison = dataclasses.replace(make_position().comparison, label="the average of 20 places")
    position = make_position(within=within, comparison=comparison)
    words = readable(plot_within(position, ax=new_axes(height=within_height(position))))
    assert "The average of 20 places" in words
    assert "Bournemouth, Christchurch and Poole (no figure)" in [
        w.replace("\n", " ") for w in words
    ]
