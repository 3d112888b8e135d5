"""What the tests of charts share: long names, and a check that all text can be read."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from outcomes.model import Place, Spread

LONG = "Bournemouth, Christchurch and Poole"


@pytest.fixture
def long_place() -> Place:
    return Place(code="X10000001", name=LONG, level="county")


@pytest.fixture
def readable():
    """Return a check: no text over another, none cut off, none smaller than 10 points."""

    def check(ax) -> list[str]:
        canvas = ax.figure
        canvas.draw_without_rendering()
        texts = [text for text in _texts(canvas) if text.get_visible() and text.get_text()]
        boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts]
        assert boxes, "a chart without words says nothing"
        assert min(text.get_fontsize() for text in texts) >= 10
        edge = canvas.bbox.padded(2)
        for words, box in boxes:
            assert edge.contains(*box.min), f"cut off: {words!r}"
            assert edge.contains(*box.max), f"cut off: {words!r}"
        for (first, one), (second, other) in combinations(boxes, 2):
            common = Bbox.intersection(one, other)
            assert common is None or min(common.width, common.height) < 2, f"{first!r}, {second!r}"
        return [words for words, _ in boxes]

    return check


def _texts(canvas):
    for legend in canvas.legends:
        yield from legend.get_texts()
    for ax in canvas.axes:
        yield from ax.texts
        yield from (ax.title, ax._left_title)
        if ax.axison:
            for axis in (ax.xaxis, ax.yaxis):
                low, high = sorted(axis.get_view_interval())
                yield axis.label
                yield from (t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high)


@pytest.fixture
def make_history():
    """Return a maker of yearly histories: as many points as asked for, about a level."""

    def make(n=12, level=70.0, start=2005) -> pd.DataFrame:
        starts = pd.to_datetime([f"{start + i}-04-01" for i in range(n)])
        value = level + np.sin(np.arange(n) * 2.3) * 3
        return pd.DataFrame(
            {
                "period_start": starts,
                "period_end": starts + pd.DateOffset(years=1, days=-1),
                "period": [f"{start + i}/{(start + i + 1) % 100:02}" for i in range(n)],
                "value": value,
                "lower": value - 3,
                "upper": value + 3,
                "status": "final",
                "note": "",
                "comparator": level + 2,
            }
        )

    return make


@pytest.fixture
def make_spread():
    """Return a maker of spreads: the page's own place, at 75.5, and so many others."""

    def make(n=300, **changes) -> Spread:
        value = 75 + 5 * np.random.default_rng(4).standard_normal(n)
        value[0] = 75.5
        peers = pd.DataFrame(
            {
                "area_code": ["X10000001", *(f"X{i:08}" for i in range(1, n))],
                "area_name": [LONG, *(f"Area {i}" for i in range(1, n))],
                "value": value,
                "lower": value - 4.5,
                "upper": value + 4.5,
            }
        )
        names = ("lowest", "q1", "median", "q3", "highest")
        known = dict(zip(names, np.quantile(value, [0, 0.25, 0.5, 0.75, 1]), strict=True))
        known |= {"sd": 5.0, "cv": 0.07, "iqr_ratio": 1.1, "over_time": pd.DataFrame()}
        among = "counties and unitary authorities in the nation"
        known |= {"among": among, "period": "2023", "peers": peers, "n": n}
        return Spread(**(known | {"verdict": "cannot_tell"} | changes))

    return make
