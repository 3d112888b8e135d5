"""What is drawn, not its pixels: lines, bands, labels, order."""

import re

import numpy as np
import pytest

from outcomes.charts import PALETTE, new_axes, plot_history, plot_within, to_svg, within_height
from outcomes.charts.theme import widen


def lines(ax) -> dict:
    return {line.get_label(): line for line in ax.get_lines()}


def test_history_draws_the_place_over_its_comparator_with_a_band(make_position):
    ax = plot_history(make_position(), ax=new_axes())
    drawn = lines(ax)
    assert list(drawn) == ["The nation", "Anytown"], "data order is drawing order"
    assert drawn["Anytown"].get_ydata().tolist() == [70.0, 72.0, 75.5]
    assert drawn["The nation"].get_ydata().tolist() == [74.0, 75.0, 76.0]
    (band,) = ax.collections[:1]
    assert band.get_label() == "95% interval"
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (66.0, 80.0)


def test_the_two_lines_differ_in_more_than_colour(make_position):
    drawn = lines(plot_history(make_position(), ax=new_axes()))
    place, comparator = drawn["Anytown"], drawn["The nation"]
    assert place.get_marker() != comparator.get_marker()
    assert place.get_linestyle() != comparator.get_linestyle()


def test_a_proxy_is_dotted_with_hollow_markers_and_called_so(make_position):
    history = make_position().history.assign(status=["final", "imputed", "final"])
    drawn = lines(plot_history(make_position(history=history, proxy="why"), ax=new_axes()))
    assert list(drawn) == ["The nation", "Anytown (a proxy)", "Estimated, not measured"]
    proxy, estimated = drawn["Anytown (a proxy)"], drawn["Estimated, not measured"]
    assert (proxy.get_linestyle(), proxy.get_markerfacecolor()) == (":", "white")
    assert proxy.get_marker() != estimated.get_marker()


def test_a_missing_period_breaks_the_line(make_position):
    history = make_position().history.drop(index=1)
    history["period_start"] = history["period_start"].to_numpy()
    extra = make_position().history.assign(
        period_start=lambda f: f["period_start"] + np.timedelta64(365 * 3 + 1, "D"),
        period_end=lambda f: f["period_end"] + np.timedelta64(365 * 3 + 1, "D"),
        period=["2024", "2025", "2026"],
    )
    import pandas as pd

    joined = pd.concat([history, extra], ignore_index=True)
    y = lines(plot_history(make_position(history=joined), ax=new_axes()))["Anytown"].get_ydata()
    assert np.isnan(y).tolist() == [False, True, False, False, False, False]


def test_a_withheld_value_is_a_gap_not_a_zero(make_position):
    history = make_position().history
    history.loc[1, ["value", "lower", "upper"]] = np.nan
    y = lines(plot_history(make_position(history=history), ax=new_axes()))["Anytown"].get_ydata()
    assert np.isnan(y).tolist() == [False, True, False]


def test_without_comparator_and_interval_only_the_place_is_drawn(make_position):
    history = make_position().history.assign(comparator=np.nan, lower=np.nan, upper=np.nan)
    ax = plot_history(make_position(history=history), ax=new_axes())
    assert list(lines(ax)) == ["Anytown"]
    assert not [c for c in ax.collections if c.get_label() == "95% interval"]


def test_every_period_of_a_short_series_is_labelled(make_position):
    ax = plot_history(make_position(), ax=new_axes())
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2023", "2022", "2021"]


def test_noise_does_not_fill_the_axis(make_position):
    history = make_position().history.assign(
        value=[79.4, 79.1, 79.5], lower=np.nan, upper=np.nan, comparator=np.nan
    )
    low, high = plot_history(make_position(history=history), ax=new_axes()).get_ylim()
    assert high - low == pytest.approx(7.95, abs=0.05)


@pytest.mark.parametrize(
    ("limits", "wide"), [((0, 100), (0, 100)), ((99, 101), (94.95, 105.05)), ((0, 0), (0, 0))]
)
def test_widen(limits, wide):
    assert widen(limits) == pytest.approx(wide)


def test_places_within_are_in_order_and_a_place_without_a_figure_keeps_its_row(make_position):
    position = make_position()
    ax = plot_within(position, ax=new_axes(height=within_height(position)))
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == ["Westend (no figure)", "Southend Green", "Northend"]
    dots = [line for line in ax.get_lines() if line.get_marker() == "o"]
    assert dots[0].get_xdata().tolist() == [71.0, 80.0]


def test_the_pages_own_place_has_a_shape_of_its_own(make_position):
    place = make_position().place.model_copy(update={"code": "X07000002"})
    ax = plot_within(make_position(place=place), ax=new_axes())
    (own,) = [line for line in ax.get_lines() if line.get_marker() == "D"]
    assert own.get_xdata().tolist() == [71.0]
    bold = [t.get_text() for t in ax.get_yticklabels() if t.get_fontweight() == "bold"]
    assert bold == ["Southend Green"]


def test_the_comparators_line_is_drawn_for_the_same_period_only(make_position):
    other = make_position().within.assign(period="2022")
    dashed = [
        [line for line in plot_within(p, ax=new_axes()).get_lines() if line.get_linestyle() == "--"]
        for p in (make_position(), make_position(within=other))
    ]
    assert [len(found) for found in dashed] == [1, 0]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_colours_stand_out_from_the_page():
    for name in ("place", "comparator", "others", "ink", "better", "worse", "signal"):
        assert contrast(getattr(PALETTE, name), "#ffffff") >= 3, f"{name}: WCAG 2.2, 1.4.11"


def test_colours_that_stand_side_by_side_differ_in_lightness():
    verdicts = [PALETTE.better, PALETTE.others, PALETTE.worse, PALETTE.ink]
    for group in (verdicts, PALETTE.shades[::-1], [PALETTE.signal, PALETTE.place]):
        for one, other in zip(group, group[1:], strict=False):
            assert contrast(one, other) >= 1.3, f"{one} and {other} look alike in grey"


def test_letters_on_a_map_can_be_read_on_every_shade():
    for i, shade in enumerate(PALETTE.shades):
        assert contrast(shade, "#ffffff" if i >= 3 else PALETTE.ink) >= 4.5, "WCAG 2.2, 1.4.3"


def test_a_drawing_keeps_its_words_and_rounds_its_coordinates(make_position):
    ax = plot_history(make_position(), ax=new_axes())
    ax.set_xlabel("0.123456 stays")
    drawing = to_svg(ax)
    assert ">0.123456 stays</text>" in drawing
    assert not re.search(r' d="[^"]*\d\.\d{3}', drawing)
    assert '<g id="' not in drawing


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("spread", [0.4, 3, 11, 17, 90, 2500])
def test_every_tick_label_is_exactly_its_tick(make_position, decimals, spread):
    history = make_position().history.assign(
        value=[spread, spread * 1.4, spread * 2], lower=np.nan, upper=np.nan, comparator=np.nan
    )
    indicator = {"unit": "per 1,000 homes", "decimals": decimals}
    ax = plot_history(make_position(history=history, indicator=indicator), ax=new_axes())
    ax.figure.canvas.draw()
    for tick, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True):
        text = label.get_text().replace(",", "").replace("\N{MINUS SIGN}", "-")
        assert float(text) == pytest.approx(tick, abs=1e-9)


def test_labels_keep_their_distance_where_years_are_missing(make_position):
    import pandas as pd

    starts = pd.to_datetime([f"{year}-09-01" for year in (2018, 2021, 2022, 2023, 2024)])
    history = pd.DataFrame(
        {
            "period_start": starts,
            "period_end": starts + pd.DateOffset(years=1, days=-1),
            "period": ["2018/19", "2021/22", "2022/23", "2023/24", "2024/25"],
            "value": [63.0, 62.0, 61.3, 61.2, 60.9],
            "lower": np.nan,
            "upper": np.nan,
            "comparator": np.nan,
            "status": "final",
            "note": "",
        }
    )
    ax = plot_history(make_position(history=history), ax=new_axes())
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2024/25", "2022/23", "2018/19"]
    ax.figure.canvas.draw()
    boxes = sorted((t.get_window_extent() for t in ax.get_xticklabels()), key=lambda b: b.x0)
    assert all(left.x1 < right.x0 for left, right in zip(boxes, boxes[1:], strict=False))
