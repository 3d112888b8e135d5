"""Figures made up for the tests of what lies ahead: some areas, some indicators, one place."""

from datetime import date

import numpy as np
import pandas as pd

from outcomes.baseline.choice import Choice
from outcomes.baseline.figures import Figures
from outcomes.baseline.setting import Bases, Setting
from outcomes.evidence import Measured
from outcomes.model import Indicator, Place, Places, Series
from outcomes.model.place import Tree

NATION = "X92000001"
AREAS = tuple(f"X0700000{i}" for i in range(1, 10))
PLACE = AREAS[0]
NAMES = {code: f"Area {code[-1]}" for code in AREAS} | {NATION: "the nation"}
ABOUT = {"title": "Jobs", "definition": "A share of people.", "unit": "%", "decimals": 1}
ABOUT |= {"value_type": "proportion", "per": 100, "polarity": "higher_is_better"}
ABOUT |= {"people": {"ages": (16, 64), "words": "people aged 16 to 64"}}


def made_indicator(**changes) -> Indicator:
    return Indicator(**{**ABOUT, "series": "own/made/Jobs", **changes})


def made_measured(name="jobs", breaks=(), **changes) -> Measured:
    series = Series(id=f"own/made/{name}", breaks=breaks)
    return Measured("1", "", name, made_indicator(series=series, **changes), series)


def made_history(*, years=14, first=2010, seed=1, around=60.0, codes=(*AREAS, NATION)):
    """Return yearly values by area: each drifts by itself and with all others."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0.4, 0.5, years).cumsum()
    return {
        code: around + rng.normal(0, 4) + shared + rng.normal(0, 0.8, years).cumsum()
        for code in codes
    }


def made_rows(values: dict, *, name="jobs", first=2010, note="") -> pd.DataFrame:
    """Return yearly rows as a store has them; a missing value is a row without one."""
    parts = []
    for code, numbers in values.items():
        starts = pd.to_datetime([f"{first + i}-01-01" for i in range(len(numbers))])
        part = {"series": f"own/made/{name}", "area_code": code, "period_start": starts}
        part |= {"period_end": starts + pd.DateOffset(years=1, days=-1)}
        part |= {"period": [str(day.year) for day in starts], "value": numbers}
        parts.append(pd.DataFrame(part))
    missing = dict.fromkeys(("lower", "upper", "numerator", "denominator"), float("nan"))
    words = {"status": "final", "note": note, "group_kind": "", "group": ""}
    return pd.concat(parts, ignore_index=True).assign(**missing, **words)


def one_area(code=NATION, peers=AREAS) -> Choice:
    return Choice((code,), NAMES[code], tuple(peers), "districts in the nation")


def group(codes=AREAS[1:5], how="simple") -> Choice:
    return Choice(tuple(codes), "similar places", (PLACE, *codes), "them", group=True, how=how)


def nobody() -> Choice:
    return Choice((), "its region", (), "", "Area 1 has no region around it to compare with")


def made_setting(choice=None, *, people=None, as_of=None, names=("jobs",)) -> Setting:
    place = Place(code=PLACE, name="Area 1", level="district", parent=NATION)
    nation = Place(code=NATION, name="the nation", level="nation")
    people = dict.fromkeys([*AREAS, NATION], 100_000) | (people or {})
    table = pd.DataFrame(
        {"area_code": list(people), "population": list(people.values()), "mid_year": 2024}
    )
    codes = [f"own/made/{name}" for name in names]
    areas = pd.DataFrame({"area_name": NAMES}).assign(levels="ltla", parents=NATION, end=None)
    return Setting(
        place=place,
        places=Places(trees={"made": Tree(store="sample", places=(nation, place))}),
        choice=choice or one_area(),
        licence="",
        about_series=pd.DataFrame({"read_on": date(2024, 6, 1)}, index=codes),
        areas=areas,
        as_of=as_of,
        bases=Bases(table.assign(age=30)),
    )


def made_figures(values=None, measured=None, rows=None, **setting) -> Figures:
    """Return the figures of one place: of one indicator's values, or of ready rows."""
    measured = measured or [made_measured()]
    if rows is None:
        rows = made_rows(made_history() if values is None else values)
    names = tuple(item.indicator_id for item in measured)
    return Figures(measured, rows, made_setting(names=names, **setting))
