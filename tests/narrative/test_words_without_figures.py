"""Whatever is missing, every sentence reads: no 'nan', one full stop, nothing left empty."""

import re
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pandas as pd
import pytest

from outcomes import narrative
from outcomes.model import (
    Change,
    Comparison,
    Control,
    Figure,
    Funnel,
    Part,
    People,
    Pertinence,
    PlaceGap,
    Rank,
    Relation,
    Spread,
    Standing,
    Step,
    Trend,
)

NAN = float("nan")
WRONG = re.compile(
    r"\bnan\b|\binf\b|\bNone\b(?! of)|no figure(?! for)|\.\.| {2}|\u2014|: \.| [.,;]|\(\)|\[|\]"
)
ONE = [
    narrative.say_comparison, narrative.say_rank, narrative.say_people, narrative.say_trend,
    narrative.say_change, narrative.say_step, narrative.say_control, narrative.say_breaks,
    narrative.say_apart, narrative.say_history, narrative.say_spread, narrative.say_worse_off, narrative.say_pertinence,
    narrative.describe_control, narrative.describe_spread,
]  # fmt: skip


def frame(**columns) -> pd.DataFrame:
    days = pd.to_datetime(["2021-01-01", "2022-01-01", "2023-01-01"])
    start = {"period_start": days, "period_end": days + pd.Timedelta(days=364)}
    return pd.DataFrame({**start, "period": ["2021", "2022", "2023"], **columns})


def full_standing() -> Standing:
    names = {"area_code": list("ABC"), "area_name": ["Ayton", "Beeton", "Ceeton"]}
    peers = pd.DataFrame({**names, "value": [1.0, 2.0, 3.0], "lower": 0.5, "upper": 3.5})
    chart = frame(value=4.0, mean=4.0, lower_limit=3.0, upper_limit=5.0, near_lower=3.3)
    chart = chart.assign(
        near_upper=4.6, special=[True, False, False], rule=["two_of_three", "", ""]
    )
    sizes = frame(size=[4.0, 4.5, 5.0], size_lower=3.0, size_upper=7.0, low=62.0, high=82.0)
    sizes = sizes.assign(low_name="Ayton", high_name="Beeton", overall=[70.0, 71.0, 72.0], n=3)
    sizes["left_out"] = 1
    about = {"label": "districts", "over_time": sizes, "relative": 0.1, "noise_off": True}
    about |= {"relative_verdict": "widening", "verdict": "closing", "n": 3, "method": "weighted"}
    about |= {"slope": -0.3, "slope_lower": -0.5, "slope_upper": -0.1, "confidence": 0.95}
    about |= {"reason": "note"}
    past = frame(n=3, lowest=1.0, highest=3.0, median=2.0, sd=1.0, cv=0.5)
    return Standing(
        trend=Trend("increasing", "improving", 0.4, 0.1, 0.7, 5, "2019", "2023", "x", 0.95, "note"),
        change=Change("2022", "2023", 3.5, 1.0, 6.0, "increased", "improving", "note"),
        step=Step(True, "2019", 4.0, 2.0, 6.0, 12, 0.05),
        control=Control(chart, 3, trial=True),
        people=People(100.0, 50.0, 150.0, "people, mid-2020", 5e4, (90.0, "people, mid-2011", 4e4)),
        spread=Spread(
            "districts", "2023", peers, 3, 1.0, 1.5, 2.0, 2.5, 3.0, 1.0, 0.5, 1.7, past, "closing",
            "note", ("Ayton",), ("Beeton",), ("Ceeton",), "2019",
        ),
        gaps=(PlaceGap("places", **about), PlaceGap("groups", **about)),
        apart=PlaceGap("comparator", **about),
        worse_off=(Part("Ayton", 20.1, 18.0, 22.0, 1.4, 340.0, tested=True),),
        breaks=(("2022", "a new method"),),
    )  # fmt: skip


def without(thing):
    """Return the thing with each of its parts taken out in turn, to any depth."""
    for field in fields(thing):
        value = getattr(thing, field.name)
        for changed in emptied(value):
            yield replace(thing, **{field.name: changed})


def emptied(value):
    if is_dataclass(value):
        yield from without(value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, float):
        yield from (NAN, float("inf"), 0.0, -value)
    elif isinstance(value, pd.DataFrame):
        yield from emptied_frames(value)
    elif isinstance(value, tuple) and value:
        yield ()
        first = without(value[0]) if is_dataclass(value[0]) else ()
        yield from ((changed, *value[1:]) for changed in first)


def emptied_frames(table: pd.DataFrame):
    yield table.head(0)
    for name in table.select_dtypes(np.number):
        yield table.assign(**{name: NAN})
        yield table.assign(**{name: [NAN, *table[name].iloc[1:]]})
        yield table.assign(**{name: [*table[name].iloc[:-1], NAN]})


@pytest.fixture
def full(make_position):
    rank = Rank(3, 12, among="counties", judged=True, lowest=1.0, highest=7.0, fifth=4)
    return make_position(
        latest=Figure("2023", 75.5, 71.0, 80.0, "final"),
        comparison=Comparison(
            "the nation", 70.0, 1, 5.5, "better", True, "a reason", 1.0, 10.0, 1.3, "better",
            "difference", "weighted", 71.0, 72.0,
        ),
        rank=rank,
        standing=full_standing(),
        pertinence=Pertinence(True, "it is getting worse"),
    )  # fmt: skip


def check(text: str) -> None:
    assert not WRONG.search(text), text
    assert not text or text.endswith("."), text


def test_every_sentence_reads_whatever_is_missing(full):
    # A latest figure has a value, or there is none.
    for latest in (replace(full.latest, lower=NAN), replace(full.latest, upper=NAN)):
        check(" ".join(narrative.say_position(replace(full, latest=latest))))
    for changed in ("comparison", "rank", "standing", "pertinence"):
        for part in without(getattr(full, changed)):
            position = replace(full, **{changed: part})
            for say in ONE:
                check(say(position))
            for sentence in narrative.say_position(position):
                check(sentence)


def test_every_gap_reads_whatever_is_missing(full):
    for gap in full.standing.gaps:
        for changed in (gap, *without(gap)):
            check(narrative.say_gap(changed, full))
            check(narrative.describe_gap(changed, full))


def test_every_verdict_reads(full):
    for verdict in ("closing", "widening", "reversed", "cannot_tell"):
        for gap in full.standing.gaps:
            check(narrative.say_gap(replace(gap, verdict=verdict), full))
    for verdict in ("better", "worse", "similar", "higher", "lower", "equal", "not_compared"):
        for method in ("difference", "overlap", "side_only", "none"):
            comparison = replace(full.comparison, verdict=verdict, method=method)
            for part in without(comparison):
                check(narrative.say_comparison(replace(full, comparison=part)))


def test_every_headline_reads_whatever_is_missing(full, make_baseline):
    for standing in without(full.standing):
        baseline = make_baseline(replace(full, standing=standing), full)
        for sentence in narrative.say_headline(baseline):
            check(sentence)
        check(narrative.describe_spine(baseline))


def test_every_relation_and_funnel_reads_whatever_is_missing(full):
    points = pd.DataFrame({"area_code": ["A"], "area_name": ["Ayton"], "x": [1.0], "y": [2.0]})
    points = points.assign(expected=2.0, residual=0.0, influential=True, outlier=True, own=True)
    pairs = {"first": ["Jobs"], "second": ["Pay"], "r": [0.4], "lower": [0.1], "upper": [0.6]}
    pairs = pd.DataFrame({**pairs, "p_adjusted": 0.01, "n": 36, "noteworthy": True})
    terms = pd.DataFrame({"term": ["Pay"], "coefficient": [1.0]})
    about = ("Jobs", ("Pay",), "districts", "2023", points, pairs.astype({"n": int}), terms)
    relation = Relation(*about, 0.4, 36, 1, 0.3, 3, "Not a cause.")
    for part in without(relation):
        if "n" in part.correlations and part.correlations["n"].isna().any() or not part.on:
            continue  # a count and the indicators themselves are never missing
        for sentence in narrative.say_relation(part):
            check(sentence)
        check(narrative.describe_relation(part))
    places = pd.DataFrame(
        {"area_name": ["Ayton"], "value": [1.0], "position": "above_95", "own": True}
    )
    made = Funnel("Jobs", full.indicator, "districts", "2023", places, pd.DataFrame(), True)
    for part in (made, replace(made, points=places.head(0)), replace(made, estimated=False)):
        check(narrative.say_funnel(part, full.indicator))
        check(narrative.describe_funnel(part, full.indicator))
