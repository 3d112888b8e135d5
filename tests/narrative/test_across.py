"""The spread over areas, what goes with what, and who lies outside a funnel."""

import pandas as pd
import pytest

from outcomes.model import Funnel, Relation, Spread, Standing
from outcomes.narrative import (
    describe_funnel,
    describe_relation,
    describe_spread,
    say_funnel,
    say_relation,
    say_spread,
)

NAN = float("nan")


def spread(n=36, *, peers=(60.0, 70.0, 75.0, 85.0), periods=("2019", "2020", "2023"), **k):
    table = pd.DataFrame({"area_name": list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[: len(peers)]})
    table = table.assign(area_code=table["area_name"], value=peers, lower=NAN, upper=NAN)
    about = {"lowest": 60.0, "q1": 70.0, "median": 75.0, "q3": 76.0, "highest": 85.0, "sd": 3.0}
    about |= {"cv": 0.1, "iqr_ratio": 1.1, "verdict": "closing"} | k
    over_time = pd.DataFrame({"period": list(periods), "sd": 3.0})
    return Standing(
        spread=Spread("districts in England", "2023", table, n, over_time=over_time, **about)
    )


RUN = (
    "Among the 36 districts in England with a figure for 2023, figures run from 60.0% in A to "
    "85.0% in D."
)
HALF = "The middle one (the median) is 75.0%; half of them lie between 70.0% and 76.0%."
TOGETHER = "Over the three periods from 2019 to 2023 they draw together, more than chance."


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (
            spread(outliers=("A",), best=("D", "C"), fastest=("B",), fastest_since="2019"),
            f"{RUN} {HALF} {TOGETHER} Far outside the rest: A. Best placed, places under "
            "20,000 people aside: D and C. Improved fastest since 2019: B.",
        ),
        (
            spread(verdict="widening", fastest=tuple("ABCDEFG")),
            f"{RUN} {HALF} {TOGETHER.replace('together', 'apart')} Improved fastest: A, B, C, D, E "
            "and 2 more.",
        ),
        (
            spread(verdict="cannot_tell", reason="at least 5 points are needed"),
            f"{RUN} {HALF} Over the three periods from 2019 to 2023 we cannot tell whether they "
            "draw together or apart: at least 5 points are needed.",
        ),
        (
            spread(relative_verdict="widening"),
            f"{RUN} {HALF} {TOGETHER} Relative to their average they draw apart, more than chance.",
        ),
        (
            spread(relative_verdict="closing"),
            f"{RUN} {HALF} {TOGETHER}",
        ),
        (
            spread(verdict="cannot_tell", reason="within chance", relative_verdict="closing"),
            f"{RUN} {HALF} Over the three periods from 2019 to 2023 we cannot tell whether they "
            "draw together or apart: it moved no more than chance does. Relative to their average "
            "they draw together, more than chance.",
        ),
        (
            spread(periods=("2023",), q1=NAN),
            f"{RUN} The middle one (the median) is 75.0%.",
        ),
        (
            spread(n=1234, peers=(60.0, 60.0, 85.0, 85.0), median=NAN, periods=()),
            "Among the 1,234 districts in England with a figure for 2023, figures run from 60.0% "
            "to 85.0%.",
        ),
        (
            spread(lowest=NAN, reason="fewer than 3 have a figure"),
            "How the figures of districts in England are spread cannot be shown: fewer than 3 have "
            "a figure.",
        ),
        (Standing(), ""),
    ],
)
def test_what_is_said_of_a_spread(make_position, standing, words):
    assert say_spread(make_position(standing=standing)) == words


def test_the_alternative_says_whether_the_table_is_whole(make_position):
    whole = make_position(standing=spread(peers=range(20)))
    assert describe_spread(whole) == (
        "Strip chart of People in work: a dot for each of the 36 districts in England, Anytown "
        "marked, the median and the middle half shaded. "
        f"{say_spread(whole)} The table below has every figure."
    )
    part = make_position(standing=spread(peers=range(21)))
    assert describe_spread(part).endswith("The table below has a selection of the figures.")
    assert describe_spread(make_position()) == ""


CAUTION = "What goes together need not be cause and effect."


def relation(r=0.62, *, on=("Adults walking",), noteworthy=True, limits=(0.35, 0.8), **k):
    names = [f"Place {i}" for i in range(k.pop("places", 2))]
    marks = {"influential": False, "outlier": [i == 1 for i in range(len(names))], "own": False}
    points = pd.DataFrame({"area_name": names}).assign(**marks)
    rows = [("Long life", name, r, *limits, 0.01, 36, noteworthy) for name in on]
    rows.append(("Adults walking", "Adults cycling", 0.9, 0.8, 0.95, 0.01, 36, True))
    columns = ["first", "second", "r", "lower", "upper", "p_adjusted", "n", "noteworthy"]
    terms = pd.DataFrame({"term": ["x"]}) if k.pop("fitted", True) else pd.DataFrame({"term": []})
    about = {"r2": 0.41, "n": 36, "tests": 3, "caution": CAUTION} | k
    about = {"influential": 0, "r_without": NAN} | about
    table = pd.DataFrame(rows, columns=columns)
    return Relation("Long life", on, "districts", "2023", points, table, terms, **about)


START = (
    "Long life is set beside adults walking over the 36 places that have the figures, among "
    "districts (2023)."
)
PAIR = (
    "With adults walking there is a strong link, the higher the one the higher the other (r = "
    "0.62, 95% interval 0.35 to 0.80, 36 places): more than chance."
)
TESTS = "3 pairs were tested together, and chance is judged over all of them."


def test_what_is_said_of_a_relation_with_its_caution():
    assert say_relation(relation()) == [
        START,
        PAIR,
        TESTS,
        "It goes with about 41% of the differences between places.",
        CAUTION,
    ]


@pytest.mark.parametrize(
    ("on", "influential", "without", "words"),
    [
        (1, 1, 0.58, "Without the one place that weighs most, r would be 0.58."),
        (1, 3, -0.004, "Without the three places that weigh most, r would be 0.00."),
        (1, 12, -0.3, "Without the 12 places that weigh most, r would be −0.30."),
        (2, 3, 0.5, "Without the three places that weigh most, r with adults walking would be "
                    "0.50."),
    ],
)  # fmt: skip
def test_what_a_few_places_do_to_a_relation(on, influential, without, words):
    about = {"on": ("Adults walking", "GCSEs")[:on]}
    said = say_relation(relation(**about, influential=influential, r_without=without))
    assert said[-3] == words
    assert said[-2].endswith("about 41% of the differences between places.")


def test_nothing_is_said_of_places_that_weigh_no_more_or_whose_rest_has_no_correlation():
    plain = say_relation(relation())
    assert say_relation(relation(influential=0, r_without=0.5)) == plain
    assert say_relation(relation(influential=3, r_without=NAN)) == plain


@pytest.mark.parametrize(
    ("r", "words"),
    [
        (0.09, "there is hardly any link (r = 0.09, 36 places)"),
        (-0.004, "there is hardly any link (r = 0.00, 36 places)"),
        (0.1, "there is a weak link, the higher the one the higher the other (r = 0.10, 36 places)"),
        (
            -0.3,
            "there is a moderate link, the higher the one the lower the other (r = −0.30, 36 "
            "places)",
        ),
        (-1.0, "there is a strong link, the higher the one the lower the other (r = −1.00, 36 "
               "places)"),
    ],
)  # fmt: skip
def test_the_words_for_a_correlation(r, words):
    said = say_relation(relation(r, noteworthy=False, limits=(NAN, 0.5), tests=1))
    assert said[1] == f"With adults walking {words}, which could be chance."
    assert not any("tested together" in sentence for sentence in said)


def test_several_indicators_and_no_figure_for_one():
    made = relation(on=("Adults walking", "GCSEs"))
    made.correlations.loc[1, "r"] = NAN
    said = say_relation(made)
    assert said[0].startswith("Long life is set beside adults walking and GCSEs over")
    assert sum(sentence.startswith("With ") for sentence in said) == 1
    assert said[-2] == "Together they go with about 41% of the differences between places."


def test_a_refused_line_says_why():
    said = say_relation(relation(NAN, fitted=False, r2=NAN, reason="fewer than 20 places"))
    assert said == [START, "No line is fitted: fewer than 20 places.", CAUTION]


def test_the_alternative_of_a_relation():
    chart = "Scatter chart of long life against adults walking, a dot for each of two places"
    assert describe_relation(relation()) == (
        f"{chart}, with a fitted line. {START} {PAIR} {TESTS} It goes with about 41% of the "
        f"differences between places. {CAUTION} Far from the line: Place 1. The table below has "
        "every figure."
    )
    bare = describe_relation(relation(fitted=False, places=21))
    assert bare.startswith(chart.replace("two", "21") + ". ")
    assert "Far from the line" not in bare
    assert bare.endswith("The table below has a selection of the figures.")


@pytest.fixture
def funnel(make_position):
    def make(*positions, estimated=False, reason="", own=()):
        names = [f"Place {i}" for i in range(len(positions))]
        points = pd.DataFrame({"area_name": names, "position": positions}, dtype="str")
        points["value"] = [10.0 + i for i in range(len(positions))]
        points["own"] = [i in own for i in range(len(positions))]
        indicator = make_position().indicator
        lines = pd.DataFrame()
        about = ("People in work", indicator, "districts", "2023", points, lines, estimated, reason)
        return Funnel(*about), indicator

    return make


def test_who_lies_outside_a_funnel(funnel):
    made = funnel("above_998", "below_95", "inside", "above_95", "below_998", "above_998")
    assert say_funnel(*made) == (
        "Far above what chance allows (99.8% limits): Place 5 (15.0%) and Place 0 (10.0%). Far "
        "below what chance allows (99.8% limits): Place 4 (14.0%). Above what chance usually "
        "allows (95% limits): Place 3 (13.0%). Below what chance usually allows (95% limits): "
        "Place 1 (11.0%)."
    )


def test_the_most_extreme_are_named_first_on_either_side(funnel):
    made = funnel(*["below_95"] * 5, *["above_95"] * 5)
    assert say_funnel(*made) == (
        "Above what chance usually allows (95% limits): Place 9 (19.0%), Place 8 (18.0%), Place 7 "
        "(17.0%) and 2 more. Below what chance usually allows (95% limits): Place 0 (10.0%), Place "
        "1 (11.0%), Place 2 (12.0%) and 2 more."
    )


MANY = "where chance alone would put about {}: most of these differences are real."


@pytest.mark.parametrize(
    ("places", "outside", "words"),
    [
        (20, 3, f"3 of the 20 places lie outside the 95% limits, {MANY.format(1)}"),
        (60, 7, f"7 of the 60 places lie outside the 95% limits, {MANY.format(3)}"),
        (60, 6, ""),
        (20, 2, ""),
        (19, 10, ""),
    ],
)
def test_from_20_places_on_those_outside_stand_beside_what_chance_would_put_there(
    funnel, places, outside, words
):
    said = say_funnel(*funnel(*["above_998"] * outside, *["inside"] * (places - outside)))
    named = "Far above what chance allows (99.8% limits): Place"
    assert said.startswith(f"{words} {named}" if words else named)


def test_our_own_place_outside_is_counted_and_still_comes_first(funnel):
    made = funnel(*["below_95"] * 3, *["inside"] * 17, own=(0,))
    assert say_funnel(*made) == (
        "Place 0 (10.0%) lies below what chance usually allows at its size. 3 of the 20 places lie "
        f"outside the 95% limits, {MANY.format(1)} Below what chance usually allows (95% limits): "
        "Place 1 (11.0%) and Place 2 (12.0%)."
    )


@pytest.mark.parametrize(
    ("position", "words"),
    [
        ("above_998", "Place 0 (10.0%) lies far above what chance allows at its size."),
        ("above_95", "Place 0 (10.0%) lies above what chance usually allows at its size."),
        ("inside", "Place 0 (10.0%) lies where chance alone could have put a place of its size."),
        ("below_95", "Place 0 (10.0%) lies below what chance usually allows at its size."),
        ("below_998", "Place 0 (10.0%) lies far below what chance allows at its size."),
    ],
)
def test_our_own_place_comes_first_in_a_funnel(funnel, position, words):
    assert say_funnel(*funnel(position, "inside", own=(0,))) == words
    assert say_funnel(*funnel(position, "above_998", own=(0,))) == (
        f"{words} Far above what chance allows (99.8% limits): Place 1 (11.0%)."
    )


def test_nobody_lies_outside_and_sizes_were_worked_out(funnel):
    made = funnel("inside", estimated=True)
    said = (
        "No place lies outside what chance allows at its size (one place). Sizes were worked out "
        "from the width of the published intervals."
    )
    assert say_funnel(*made) == said
    assert describe_funnel(*made) == (
        "Funnel chart of People in work, districts, 2023: a dot for each of one place by its size, "
        f"between curves that show how far chance moves a place of that size. {said} The table "
        "below has every figure."
    )
    long = describe_funnel(*funnel(*["inside"] * 21))
    assert long.endswith("The table below has a selection of the figures.")


def test_no_funnel(funnel):
    made = funnel(reason="no sizes are known")
    said = "No area can be set beside what chance allows: no sizes are known."
    assert say_funnel(*made) == describe_funnel(*made) == said
