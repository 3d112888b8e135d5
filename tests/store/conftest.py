"""What the tests of the store share: tidy tables made by hand, and a store to put them in."""

from pathlib import Path

import pandas as pd
import pytest

from outcomes.model import OBSERVATION_COLUMNS
from outcomes.store import Store

NAN = float("nan")


@pytest.fixture
def store(tmp_path) -> Store:
    """A store of the test's own, not there yet."""
    return Store("mine", tmp_path / "store", "outcomes data add els PATH --store mine")


@pytest.fixture
def tidy():
    """Make a tidy table: a row for each (series, area, year, value), other columns by name."""

    def make(*rows: tuple, **columns) -> pd.DataFrame:
        table = pd.DataFrame(rows, columns=["series", "area_code", "year", "value"])
        years = table.pop("year")
        table["period"] = years.astype(str)
        table["period_start"] = pd.to_datetime(table["period"] + "-01-01")
        table["period_end"] = pd.to_datetime(table["period"] + "-12-31")
        table["status"] = table["value"].isna().map({True: "not_available", False: "final"})
        for name in ("lower", "upper", "numerator", "denominator"):
            table[name] = NAN
        for name in ("note", "group_kind", "group"):
            table[name] = ""
        return table.assign(**columns)[list(OBSERVATION_COLUMNS)]

    return make


@pytest.fixture
def sample(project) -> Path:
    """The publisher's files of the sample county; tests never write to them."""
    return project / "data" / "sample"
