"""Positions with all that statistics say of them, for tables that read it."""

import pandas as pd
import pytest

from outcomes.model import (
    Baseline,
    Entry,
    Framework,
    Outcome,
    Page,
    People,
    Place,
    PlaceGap,
    Rank,
    Spread,
    Standing,
    Trend,
)


@pytest.fixture
def make_trend():
    def make(**changes) -> Trend:
        about = {"direction": "increasing", "judged": "getting_worse", "slope": 0.44}
        about |= {"slope_lower": 0.1, "slope_upper": 0.72, "n": 5, "first": "2019", "last": "2023"}
        return Trend(**{**about, "method": "fingertips", "confidence": 0.998, **changes})

    return make


@pytest.fixture
def make_gap():
    def make(kind: str = "places", **changes) -> PlaceGap:
        over_time = pd.DataFrame(
            {
                "period": ["2022", "2023"],
                "size": [4.5, 5.0],
                "size_lower": [3.0, float("nan")],
                "size_upper": 7.0,
                "low": 62.0,
                "high": 82.0,
                "low_name": "Northend",
                "high_name": "Southend",
                "overall": [70.0, 75.5],
                "n": 12,
            }
        )
        about = {"label": "districts in Anytown", "over_time": over_time, "relative": 0.1}
        about |= {"relative_verdict": "cannot_tell", "noise_off": True, "verdict": "widening"}
        about |= {"slope": 0.3, "slope_lower": 0.1, "slope_upper": 0.5, "n": 5}
        return PlaceGap(kind, **{**about, "method": "weighted", "confidence": 0.95, **changes})

    return make


@pytest.fixture
def make_spread():
    def make(n: int = 4, *, limits: float = float("nan"), **changes) -> Spread:
        codes = [f"X{i:08}" for i in range(n)]
        peers = pd.DataFrame({"area_code": codes, "area_name": [f"Place {i}" for i in range(n)]})
        peers = peers.assign(value=[float(i) for i in range(n)], lower=limits, upper=limits)
        about = {"lowest": 0.0, "q1": 0.5, "median": 1.5, "q3": 2.5, "highest": 3.0, "sd": 1.0}
        about |= {"cv": 0.1, "iqr_ratio": 1.1, "over_time": pd.DataFrame()}
        return Spread("districts", "2023", peers, n, **{**about, "verdict": "closing", **changes})

    return make


@pytest.fixture
def full(make_position, make_trend, make_gap, make_spread):
    """A position of which everything is known."""
    rank = Rank(3, 12, among="counties", judged=True, lowest=1.0, highest=7.0, fifth=4)
    people = People(1049.0, 312.0, 1720.0, "people, mid-2020", 50000.0)
    standing = Standing(trend=make_trend(), people=people, gaps=(make_gap(),), spread=make_spread())
    return make_position(rank=rank, standing=standing)


@pytest.fixture
def make_baseline():
    """Return a maker of baselines: an outcome of Anytown compared with the nation."""

    def make(*positions):
        entry = Entry(number="1.1", indicator="people_in_work", wording="People in work")
        outcome = Outcome(
            id="work", number=1, title="Good work", short="Work", question="How is work in {area}?",
            entries=[entry],
        )  # fmt: skip
        framework = Framework(
            id="own", title="Ours", area="Anytown", source="a document", outcomes=[outcome]
        )
        page = Page(framework="own", outcome="work", locality="X10000001", comparator="nation")
        place = Place(code="X10000001", name="Anytown", level="county")
        return Baseline(
            page=page, framework=framework, outcome=outcome, place=place, around=(),
            comparator_label="the nation", positions=positions,
            order=tuple(range(len(positions))), gaps=(), population=None, notice="",
            data_version="abc123",
        )  # fmt: skip

    return make
