"""What the tests of own data share: a list of areas, and a mapping written beside its file."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml

from outcomes.sources import own

MEASURE = {"unit": "%", "value_type": "proportion", "polarity": "higher_is_better"}


@pytest.fixture
def areas() -> pd.DataFrame:
    """The store's list: a county and a district of one name, and a name with an older code."""
    rows = [
        ("X10000001", "Tarrowshire", "utla", None),
        ("X07000001", "Northend", "ltla", None),
        ("X07000002", "Southend & Wick", "ltla", None),
        ("X07000003", "Tarrowshire", "ltla", None),
        ("X07000004", "Westend", "ltla", 2018),
        ("X07000005", "Westend", "ltla", None),
    ]
    table = pd.DataFrame(rows, columns=["area_code", "area_name", "levels", "end"])
    return table.astype({"end": "Int64"})


@pytest.fixture
def write(tmp_path):
    """Write a file, CSV text or the rows of a sheet, and return its path."""

    def to(name: str, content: str | bytes | list[list], sheet: str = "Table") -> Path:
        path = tmp_path / name
        if isinstance(content, list):
            book = openpyxl.Workbook()
            book.active.title = sheet
            for row in content:
                book.active.append(row)
            book.save(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to


@pytest.fixture
def mapped(tmp_path):
    """Write a mapping for long.csv with a few keys changed; None takes one away."""

    def to(name: str = "own.yml", **changes) -> Path:
        keys = {
            "id": "panel",
            "publisher": "the council",
            "file": "own.csv",
            "columns": {"area": "Area", "period": "Year", "value": "Value"},
            "measures": {"Safe": MEASURE},
        }
        keys = {k: v for k, v in {**keys, **changes}.items() if v is not None}
        path = tmp_path / name
        path.write_text(yaml.safe_dump(keys, sort_keys=False, allow_unicode=True), "utf-8")
        return path

    return to


@pytest.fixture
def read(areas):
    """Read a mapping with the list of areas; the account adds up whatever is read."""

    def to(path: Path):
        reading = own.read(path, areas)
        counts = reading.accounts.set_index("dataset")
        assert (counts["read"] == counts[["kept", "duplicate", "rejected"]].sum(axis=1)).all()
        assert len(reading.rejected) == counts["duplicate"].sum() + counts["rejected"].sum()
        assert len(reading.observations) == counts["kept"].sum()
        return reading

    return to


@pytest.fixture
def figures(read):
    """Read a mapping and return (measure, area, period, group, value, status) of each row kept."""

    def to(path: Path) -> list[tuple]:
        rows = read(path).observations.fillna({"value": -1})
        measure = rows["series"].str.split("/").str[2]
        columns = [rows[name] for name in ("area_code", "period", "group", "value", "status")]
        return list(zip(measure, *columns, strict=True))

    return to
