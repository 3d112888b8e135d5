"""The chart of what lies ahead: what is drawn, and that it can be read without colour."""

import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from outcomes.charts import PALETTE, new_axes, outlook_height, plot_outlook

outlooks = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "outlooks.py")))
NAN = float("nan")


@pytest.fixture
def ahead(make_position, make_history):
    """Return a maker of positions with a yearly history up to 2023 and an outlook."""

    def make(n=18, **changes):
        history = make_history(n, level=74.0, start=2024 - n)
        history["period"] = history["period_end"].dt.year.sub(1).astype(str)
        return make_position(history=history, outlook=outlooks.make_outlook(**changes))

    return make


def plain(**changes):
    return {"trajectories": (), "targets": (), "turning": None} | changes


def drawn(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def contrast(one: str, other: str) -> float:
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_forecast_starts_at_the_last_figure_and_is_dashed(ahead):
    position = ahead(**plain())
    line = drawn(plot_outlook(position, ax=new_axes()))["Forecast"]
    last = position.history["value"].iloc[-1]
    assert line.get_ydata() == pytest.approx([last, 76.1, 76.7, 77.3, 77.9, 78.5])
    assert line.get_linestyle() == "--"


def test_the_fan_has_both_ranges_and_a_line_along_each_edge(ahead):
    ax = plot_outlook(ahead(**plain()), ax=new_axes())
    bands = {c.get_label(): c for c in ax.collections}
    ends = {name: bands[name].get_paths()[0].vertices[:, 1] for name in bands if "Range" in name}
    assert set(ends) == {"Range for 8 in 10", "Range for 95 in 100"}
    points = outlooks.make_points()
    assert ends["Range for 8 in 10"].max() == pytest.approx(points["upper_80"].max())
    assert ends["Range for 95 in 100"].max() == pytest.approx(points["upper_95"].max())
    edges = [line for line in ax.lines if line.get_label().startswith("_")]
    assert sorted(line.get_linestyle() for line in edges) == ["-", "-", ":", ":"]


def test_the_newest_fifteen_points_are_drawn_and_fewer_beside_scenarios(ahead):
    alone = drawn(plot_outlook(ahead(**plain()), ax=new_axes()))["Anytown"]
    beside = drawn(plot_outlook(ahead(), ax=new_axes()))["Anytown"]
    assert (len(alone.get_ydata()), len(beside.get_ydata())) == (15, 8)


@pytest.mark.parametrize(
    "changes",
    [
        {"record": None},
        {"record": outlooks.make_record(reason="too few areas")},
        {"points": outlooks.make_points(0), "reason": "too few figures"},
    ],
    ids=["no record", "record refused", "no forecast"],
)
def test_without_forecast_or_record_the_history_stands_alone(ahead, changes):
    forecast = outlooks.make_forecast(**changes)
    ax = plot_outlook(ahead(forecast=forecast, turning=None), ax=new_axes())
    assert set(drawn(ax)) == {"Anytown", "The nation"}
    assert not ax.texts


def test_without_any_outlook_the_history_stands_alone(make_position):
    assert set(drawn(plot_outlook(make_position(), ax=new_axes()))) == {"Anytown", "The nation"}


def test_without_figures_the_reason_is_written(make_position):
    history = make_position().history.assign(value=NAN)
    position = make_position(history=history, missing="No figure here")
    ax = plot_outlook(position, ax=new_axes())
    assert [t.get_text() for t in ax.texts] == ["No figure here"]


def test_a_target_has_a_star_a_level_a_label_and_the_gap(ahead):
    ax = plot_outlook(ahead(trajectories=(), turning=None), ax=new_axes())
    lines = drawn(ax)
    assert lines["Target 80.0%"].get_ydata().tolist() == [80.0]
    assert lines["Target 80.0%"].get_marker() == "*"
    assert list(lines["Gap to the target"].get_ydata()) == [78.5, 80.0]
    levels = [line for line in ax.lines if set(line.get_ydata()) == {80.0}]
    assert len(levels) == 2
    assert not ax.texts, "nothing is written over the fan"


@pytest.mark.parametrize("change", [{"period": "2031"}, {"level": NAN}])
def test_a_target_beyond_the_forecast_or_without_a_level_is_not_drawn(ahead, change):
    targets = (outlooks.make_target(**change),)
    ax = plot_outlook(ahead(**plain(targets=targets)), ax=new_axes())
    assert not any(label.startswith("Target") for label in drawn(ax))


def test_a_target_without_an_expected_figure_has_no_gap(ahead):
    targets = (outlooks.make_target(expected=NAN),)
    lines = drawn(plot_outlook(ahead(**plain(targets=targets)), ax=new_axes()))
    assert "Target 80.0%" in lines
    assert "Gap to the target" not in lines


@pytest.mark.parametrize(
    ("distance", "words"),
    [(0.0, "level with the nation"), (0.04, "level with the nation"),
     (1.0, "1.0 above the nation"), (-2.0, "2.0 below the nation")],
)  # fmt: skip
def test_a_target_beside_a_comparator_is_named_as_a_distance(ahead, distance, words):
    about = outlooks.make_target().target.model_dump() | {"value": None}
    about |= {"relative": {"comparator": "nation", "distance": distance}}
    found = outlooks.make_target(set_for=about, comparator_label="the nation")
    lines = drawn(plot_outlook(ahead(targets=(found,)), ax=new_axes()))
    assert lines[f"Target {words}"].get_ydata().tolist() == [80.0]


def test_each_scenario_has_a_letter_a_marker_and_a_dash_of_its_own(ahead):
    ax = plot_outlook(ahead(turning=None), ax=new_axes(height=4.0))
    lines = [line for label, line in drawn(ax).items() if label[1:3] == ": "]
    assert [line.get_label() for line in lines] == [
        "A: Family hubs", "B: New rules for benefits", "C: Both together"
    ]  # fmt: skip
    assert len({line.get_marker() for line in lines}) == 3
    assert len({str(line._dash_pattern) for line in lines}) == 3
    assert {t.get_text() for t in ax.texts} >= {"A", "B", "C"}


def test_letters_can_be_read_where_lines_end_close_together(ahead, readable):
    close = tuple(outlooks.make_trajectory(f"s{i}", f"Plan {i}", by=0.02 * i) for i in range(1, 6))
    position = ahead(trajectories=close, turning=None)
    ax = plot_outlook(position, ax=new_axes(height=outlook_height(position)))
    assert {"A", "B", "C", "D", "E"} <= set(readable(ax))
    heights = {t.get_text(): t.get_window_extent().y0 for t in ax.texts}
    assert sorted(heights, key=heights.get) == list("ABCDE"), "in the order of the ends"


def test_the_forecast_itself_is_no_scenario(ahead):
    ahead_alone = (outlooks.make_trajectory("no_change", "As things are", by=0.0),)
    position = ahead(**plain(trajectories=ahead_alone))
    assert "A: As things are" not in drawn(plot_outlook(position, ax=new_axes()))
    assert outlook_height(position) < outlook_height(ahead())


def test_a_stored_forecast_is_a_thin_line_from_its_origin(ahead):
    line = drawn(plot_outlook(ahead(), ax=new_axes()))["Forecast made on 1 April 2022"]
    assert line.get_linewidth() == 1.0
    assert line.get_ydata()[1:] == pytest.approx([70.6, 71.2])
    assert len(line.get_ydata()) == 3


def test_a_forecast_worked_out_afterwards_is_called_after_its_figures(ahead):
    turning = outlooks.make_turning(afterwards=True)
    lines = drawn(plot_outlook(ahead(turning=turning), ax=new_axes()))
    assert "Forecast from figures up to 2021" in lines
    assert not any("2022" in label for label in lines)


def test_the_history_of_a_proxy_is_dotted_with_hollow_markers(ahead):
    position = replace(ahead(**plain()), proxy="it stands in")
    lines = drawn(plot_outlook(position, ax=new_axes()))
    line = lines["Anytown (a proxy)"]
    assert (line.get_linestyle(), line.get_markerfacecolor()) == (":", "white")
    assert "Anytown" not in lines


def test_the_comparators_forecast_is_dashed_and_its_history_is_not(ahead):
    lines = drawn(plot_outlook(ahead(), ax=new_axes()))
    assert lines["The nation"].get_linestyle() == "-"
    assert lines["The nation, forecast"].get_linestyle() == "--"


def test_a_comparator_without_forecast_has_its_history_alone(ahead):
    forecast = outlooks.make_forecast(comparator=outlooks.make_points(0))
    lines = drawn(plot_outlook(ahead(forecast=forecast), ax=new_axes()))
    assert "The nation" in lines
    assert "The nation, forecast" not in lines


@pytest.mark.parametrize(
    "changes", [{}, plain(), {"turning": None}], ids=["all", "bare", "no vintage"]
)
def test_every_word_can_be_read(ahead, readable, changes):
    position = ahead(**changes)
    words = readable(plot_outlook(position, ax=new_axes(height=outlook_height(position))))
    assert "Forecast" in words


def test_two_targets_are_told_apart(ahead, readable):
    soon = outlooks.make_target(period="2025", level=73.0, expected=76.7)
    position = ahead(**plain(targets=(outlooks.make_target(), soon)))
    words = readable(plot_outlook(position, ax=new_axes(height=3.4)))
    said = " ".join(" ".join(words).split())
    assert "Target 80.0% for 2028" in said
    assert "Target 73.0% for 2025" in said


@pytest.mark.parametrize("colour", PALETTE.scenarios)
@pytest.mark.parametrize("ground", ["#ffffff", *PALETTE.fan])
def test_scenarios_stand_out_from_the_fan_behind_them(colour, ground):
    assert contrast(colour, ground) >= 3


def test_drawing_changes_nothing_it_was_given(ahead):
    position = ahead()
    before = position.history.copy(), position.outlook.forecast.points.copy()
    plot_outlook(position, ax=new_axes())
    assert position.history.equals(before[0])
    assert position.outlook.forecast.points.equals(before[1])
    assert np.isfinite(position.outlook.forecast.points["mean"]).all()
