"""A programme's activities along time: what is certain, and what is not."""

from datetime import date

import pytest
from matplotlib.dates import num2date

from outcomes.charts import new_axes, to_svg
from outcomes.charts.programme import plot_timeline, timeline_height
from outcomes.model.programme import Programme

NAMES = ["Meeting", "Research into what people need, want and have", "Report"]


@pytest.fixture
def plan():
    times = ["25 April", "Late April to end of August", "September"]
    activities = {
        f"step_{chr(97 + n)}": {"activity": name, "short": name, "timescale": time}
        for n, (name, time) in enumerate(zip(NAMES, times, strict=True))
    }
    head = {"title": "Ours", "year": 2012, "source": "us", "activities": activities}
    return Programme.model_validate(head)


def drawn(programme):
    return plot_timeline(programme, ax=new_axes(height=timeline_height(programme)))


def spans(ax, row):
    """Return the first and last day and the hatch of each bar of a row."""
    bars = [bar for bar in ax.patches if bar.get_y() < row < bar.get_y() + bar.get_height()]
    return [
        (
            num2date(bar.get_x()).date(),
            num2date(bar.get_x() + bar.get_width() - 1).date(),
            bar.get_hatch(),
        )
        for bar in bars
    ]


def test_the_days_that_are_sure_are_full_and_the_others_hatched(plan):
    ax = drawn(plan)
    assert spans(ax, 1) == [
        (date(2012, 4, 21), date(2012, 8, 31), "////"),
        (date(2012, 4, 30), date(2012, 8, 25), None),
    ]
    assert spans(ax, 2) == [(date(2012, 9, 1), date(2012, 9, 30), "////")]
    sure, fuzzy = ax.patches[1], ax.patches[0]
    assert sure.get_facecolor() != fuzzy.get_facecolor()


def test_a_single_day_is_a_diamond(plan):
    (line,) = drawn(plan).get_lines()
    assert (line.get_marker(), num2date(line.get_xdata()[0]).date()) == ("D", date(2012, 4, 25))


def test_each_activity_is_named_over_its_bar_and_the_first_is_on_top(plan, readable):
    ax = drawn(plan)
    assert [text.get_text() for text in ax.texts] == NAMES
    assert [text.xy[1] for text in ax.texts] == pytest.approx([-0.32, 0.68, 1.68])
    top, foot = ax.get_ylim()[1], ax.get_ylim()[0]
    assert top < foot
    readable(ax)


def test_the_legend_says_what_each_mark_means(plan):
    ax = drawn(plan)
    words = {t.get_text().replace("\n", " ") for t in ax.figure.legends[0].get_texts()}
    assert words == {
        "A single day",
        "Under way on any reading",
        "May begin, be due or end here",
    }


def test_no_more_months_are_labelled_than_can_be_read(plan, readable):
    long = plan.activities["step_b"].model_copy(update={"timescale": "May 2012 to June 2014"})
    ax = drawn(plan.model_copy(update={"activities": plan.activities | {"step_b": long}}))
    ax.figure.draw_without_rendering()
    assert len(ax.get_xticks()) <= 7
    readable(ax)


def test_the_same_programme_gives_the_same_picture(plan):
    assert to_svg(drawn(plan)) == to_svg(drawn(plan))


def test_without_activities_it_says_so():
    empty = Programme(title="Ours", year=2026, source="us")
    (text,) = drawn(empty).texts
    assert text.get_text() == "No activity has been planned yet"
