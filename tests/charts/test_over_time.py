"""Histories: declared breaks, control charts, gaps and small multiples."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from outcomes.charts import (
    PALETTE,
    new_axes,
    new_grid,
    plot_control,
    plot_gap,
    plot_history,
    plot_multiples,
    to_svg,
)
from outcomes.model import Control, PlaceGap, Standing, Step

REASON = "the definition now counts people who work at least one hour a week"


def by_label(ax) -> dict:
    return {line.get_label(): line for line in ax.get_lines()}


def uprights(ax, style):
    return [float(x.get_xdata()[0]) for x in ax.get_lines() if x.get_linestyle() == style]


@pytest.fixture
def position(make_position, make_history, long_place):
    return make_position(place=long_place, history=make_history())


def test_a_declared_break_breaks_every_line_and_has_a_letter_and_its_reason(position, readable):
    breaks = (("2009/10", REASON), ("2014/15", ""))
    ax = plot_history(
        dataclasses.replace(position, standing=Standing(breaks=breaks)), ax=new_axes()
    )
    for label in (position.place.name, "The nation"):
        assert np.flatnonzero(np.isnan(by_label(ax)[label].get_ydata())).tolist() == [4, 10]
    assert uprights(ax, ":") == pytest.approx([2009.25, 2014.25], abs=0.01), "1 April"
    words = readable(ax)
    assert {"a", "b"} <= set(words)
    assert f"a: T{REASON[1:]} b: Break in the series" in ax.get_xlabel().replace("\n", " ")


@pytest.mark.parametrize("first_after", ["2005/06", "1999/00"])
def test_a_break_that_divides_nothing_is_left_out(position, first_after):
    standing = Standing(breaks=((first_after, REASON),))
    ax = plot_history(dataclasses.replace(position, standing=standing), ax=new_axes())
    assert uprights(ax, ":") == []
    assert not np.isnan(by_label(ax)[position.place.name].get_ydata()).any()
    assert ax.get_xlabel() == ""


def test_long_names_of_places_and_comparators_fit_under_the_history(position, readable):
    label = "the average of 20 similar places"
    comparison = dataclasses.replace(position.comparison, label=label)
    readable(plot_history(dataclasses.replace(position, comparison=comparison), ax=new_axes()))


def test_a_history_without_figures_says_why(make_position, make_history):
    empty = make_position(history=make_history(0), missing="It is not published for this place")
    assert [t.get_text() for t in plot_history(empty, ax=new_axes()).texts] == [
        "It is not published for this place"
    ]


@pytest.fixture
def control(position):
    """Return the position with a control chart: a rule each for four of its points."""
    points = position.history.assign(mean=70.0, lower_limit=64.0, upper_limit=76.0)
    rules = {2: "outside_limits", 4: "run_of_seven", 6: "trend_of_seven", 8: "two_of_three"}
    points["rule"] = [rules.get(i, "") for i in range(12)]
    points["special"] = points["rule"] != ""
    standing = Standing(
        control=Control(points=points, n=12, trial=True),
        step=Step(True, "2011/12", 4.0, 2.0, 6.0, 12, 0.05),
    )
    return dataclasses.replace(position, standing=standing)


def test_a_control_chart_has_its_mean_its_limits_and_a_shape_for_each_rule(control, readable):
    ax = plot_control(control, ax=new_axes())
    drawn = by_label(ax)
    assert set(drawn["Mean"].get_ydata()) == {70.0}
    limits = [x for x in ax.get_lines() if to_hex(x.get_color()) == PALETTE.others]
    assert [set(x.get_ydata()) for x in limits] == [{64.0}, {76.0}]
    shapes = {
        words: (drawn[words].get_marker(), drawn[words].get_ydata().tolist())
        for words in (
            "Outside the limits",
            "Seven or more in a row on one side",
            "Seven or more in a row going one way",
            "Two of three close to a limit",
        )
    }
    value = control.history["value"]
    assert [at for _, at in shapes.values()] == [[value[i]] for i in (2, 4, 6, 8)]
    assert len({shape for shape, _ in shapes.values()} | {"o"}) == 5, "colour is not alone"
    assert "Limits so far" in readable(ax), "a trial of 12 points"


def test_limits_that_rest_on_enough_points_are_called_limits(control):
    settled = dataclasses.replace(control.standing.control, trial=False)
    standing = dataclasses.replace(control.standing, control=settled)
    drawn = by_label(plot_control(dataclasses.replace(control, standing=standing), ax=new_axes()))
    assert "Limits" in drawn
    assert "Limits so far" not in drawn


def test_a_step_is_marked_where_one_was_found_and_only_there(control):
    ax = plot_control(control, ax=new_axes())
    assert uprights(ax, "-.") == pytest.approx([2011.25], abs=0.01)
    assert "Step at 2011/12" in by_label(ax)
    for changes in ({"found": False}, {"at": "2005/06"}, {"at": "1999/00"}):
        step = dataclasses.replace(control.standing.step, **changes)
        other = dataclasses.replace(control.standing, step=step)
        ax = plot_control(dataclasses.replace(control, standing=other), ax=new_axes())
        assert uprights(ax, "-.") == []


def test_a_step_beside_a_declared_break_can_still_be_read(control, readable):
    breaks = (("2011/12", REASON), ("2012/13", "new survey"))
    standing = dataclasses.replace(control.standing, breaks=breaks)
    unit = control.indicator.model_copy(update={"unit": "per 10,000 children under 18"})
    ax = plot_control(
        dataclasses.replace(control, standing=standing, indicator=unit), ax=new_axes()
    )
    assert {"a", "b", "step", "per 10,000 children under 18"} <= set(readable(ax))


def test_new_limits_begin_in_a_step_and_an_unknown_rule_is_named(control):
    points = control.standing.control.points
    points.loc[6:, "mean"] = 73.0
    points.loc[2, "rule"] = "fourteen_in_turn"
    drawn = by_label(plot_control(control, ax=new_axes()))
    assert drawn["Mean"].get_drawstyle() == "steps-mid"
    assert drawn["Fourteen in turn"].get_marker() == "X"


def test_without_limits_the_points_stand_alone_and_without_points_it_says_why(control):
    points = control.standing.control.points
    bare = points.assign(mean=np.nan, lower_limit=np.nan, upper_limit=np.nan, special=False)
    none = points.assign(value=np.nan)
    axes = [
        plot_control(
            dataclasses.replace(
                control,
                standing=Standing(control=Control(p, n=0, trial=True, reason="too few points")),
            ),
            ax=new_axes(),
        )
        for p in (bare, none)
    ]
    assert list(by_label(axes[0])) == [control.place.name]
    assert [t.get_text() for t in axes[1].texts] == ["too few points"]
    nothing = plot_control(dataclasses.replace(control, standing=Standing()), ax=new_axes())
    assert [t.get_text() for t in nothing.texts] == ["No control chart"]


@pytest.fixture
def gap(make_history, long_place):
    over_time = make_history().assign(
        low=lambda f: f["value"] - 8,
        high=lambda f: f["value"] + 9,
        overall=lambda f: f["value"],
        size=5.0,
        low_name=["Tendring"] * 6 + [long_place.name] * 6,
        high_name=["Northend"] * 6 + ["Brentwood and Chelmsford North"] * 6,
        n=12,
    )
    return PlaceGap(
        kind="places",
        label="districts",
        over_time=over_time,
        relative=0.1,
        relative_verdict="closing",
        noise_off=True,
        verdict="closing",
        slope=-1.0,
        slope_lower=-2.0,
        slope_upper=-0.1,
        n=12,
        method="trend",
        confidence=0.95,
    )


def test_a_gap_has_two_sides_a_band_and_the_whole_dashed(gap, position, readable):
    ax = plot_gap(gap, position.indicator, ax=new_axes())
    drawn = by_label(ax)
    assert drawn["Highest"].get_ydata().tolist() == gap.over_time["high"].tolist()
    assert drawn["Lowest"].get_ydata().tolist() == gap.over_time["low"].tolist()
    assert drawn["Highest"].get_marker() != drawn["Lowest"].get_marker()
    assert drawn["All together"].get_linestyle() == "--"
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (
        gap.over_time["low"].min(),
        gap.over_time["high"].max(),
    )
    names = {text.replace("\n", " ") for text in readable(ax)}
    assert {"Tendring", "Northend", position.place.name, "Brentwood and Chelmsford North"} <= names


def test_names_stand_clear_of_the_lines(gap, position):
    ax = plot_gap(gap, position.indicator, ax=new_axes())
    ax.figure.draw_without_rendering()
    top, bottom = gap.over_time["high"].max(), gap.over_time["low"].min()
    for text in ax.texts:
        box = text.get_window_extent().transformed(ax.transData.inverted())
        half = gap.over_time.iloc[6:] if text.get_ha() == "right" else gap.over_time.iloc[:6]
        assert box.y0 > half["high"].max() or box.y1 < half["low"].min()
    assert ax.get_ylim()[0] < bottom < top < ax.get_ylim()[1]


def test_a_place_that_is_highest_at_both_ends_is_named_once(gap, position):
    same = gap.over_time.assign(high_name="Northend", low_name="Westend")
    ax = plot_gap(dataclasses.replace(gap, over_time=same), position.indicator, ax=new_axes())
    assert [text.get_text() for text in ax.texts] == ["Northend", "Westend"]


def test_groups_are_named_in_the_legend_and_a_missing_period_breaks_them(gap, position, readable):
    over_time = gap.over_time.assign(low_name="Women", high_name="Men", overall=np.nan)
    over_time.loc[5, ["low", "high"]] = np.nan
    groups = dataclasses.replace(gap, kind="groups", over_time=over_time)
    ax = plot_gap(groups, position.indicator, ax=new_axes())
    assert list(by_label(ax)) == ["Men", "Women"], "the whole has no figures"
    assert np.isnan(by_label(ax)["Men"].get_ydata()).sum() == 1
    assert ax.texts[:] == []
    readable(ax)


@pytest.mark.parametrize("reason", ["fewer than 3 places have figures", ""])
def test_a_gap_without_figures_says_why(gap, position, reason):
    empty = dataclasses.replace(gap, over_time=gap.over_time.iloc[:0], reason=reason)
    (text,) = plot_gap(empty, position.indicator, ax=new_axes()).texts
    assert text.get_text() == (reason or "No gap could be worked out")


def test_a_gap_of_one_period_is_drawn(gap, position, readable):
    one = dataclasses.replace(gap, over_time=gap.over_time.tail(1))
    readable(plot_gap(one, position.indicator, ax=new_axes()))


@pytest.fixture
def many(position, make_history):
    """Return a maker of so many places within, with their histories; the second has none."""

    def make(n):
        codes = [f"X07{i:06}" for i in range(n)]
        within = pd.DataFrame({"area_code": codes, "area_name": ["Westend", position.place.name]
                               * (n // 2) + ["Eastend"] * (n % 2)})  # fmt: skip
        histories = [make_history(level=60 + i).assign(area_code=c) for i, c in enumerate(codes)]
        return dataclasses.replace(position, within=within), pd.concat(
            [h for i, h in enumerate(histories) if i != 1], ignore_index=True
        )

    return make


@pytest.mark.parametrize("n", [1, 5, 12])
def test_small_charts_share_one_scale_that_holds_every_value(many, readable, n):
    position, histories = many(n)
    axes = plot_multiples(position, histories, axes=new_grid(n))
    assert len(axes) == n
    low, high = axes[0].get_ylim()
    assert all(ax.get_ylim() == (low, high) for ax in axes)
    assert low < histories["value"].min()
    assert high > histories["value"].max()
    assert [ax._left_title.get_text().replace("\n", " ") for ax in axes] == position.within[
        "area_name"
    ].tolist()
    readable(axes[0])


def test_each_small_chart_has_its_own_line_before_the_faint_one_of_the_whole(many):
    position, histories = many(4)
    axes = plot_multiples(position, histories, axes=new_grid(4))
    whole, own, newest = axes[2].get_lines()
    assert whole.get_ydata().tolist() == position.history["value"].tolist()
    assert whole.get_linewidth() < own.get_linewidth()
    mine = histories.loc[histories["area_code"] == "X07000002", "value"].tolist()
    assert own.get_ydata().tolist() == mine
    assert newest.get_ydata().tolist() == mine[-1:]


def test_a_place_without_figures_keeps_its_chart_and_says_so(many):
    position, histories = many(4)
    axes = plot_multiples(position, histories, axes=new_grid(4))
    assert [text.get_text() for text in axes[1].texts] == ["no figures"]
    assert len(axes[1].get_lines()) == 1, "the whole"


def test_nothing_at_all_is_still_a_chart_for_each_place(many, readable):
    position, histories = many(3)
    bare = dataclasses.replace(position, history=position.history.assign(value=np.nan))
    axes = plot_multiples(bare, histories.iloc[:0], axes=new_grid(3))
    assert [ax.texts[0].get_text() for ax in axes] == ["no figures"] * 3


def test_too_few_axes_are_refused(many):
    message = "axes: 3 given for 4 places; expected one for each"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        plot_multiples(*many(4), axes=new_grid(3))


def test_the_periods_are_labelled_under_each_column(many):
    position, histories = many(5)
    axes = plot_multiples(position, histories, axes=new_grid(5))
    labelled = [ax.xaxis.get_tick_params()["labelbottom"] for ax in axes]
    assert labelled == [False, False, False, True, True]


@pytest.mark.parametrize("n", [12])
def test_the_same_charts_are_the_same_bytes(many, control, gap, n):
    def drawn():
        yield plot_multiples(*many(n), axes=new_grid(n))[0]
        yield plot_control(control, ax=new_axes())
        yield plot_gap(gap, control.indicator, ax=new_axes())

    for first, second in zip(drawn(), drawn(), strict=True):
        assert to_svg(first) == to_svg(second)
        assert len(to_svg(first)) < 50_000
