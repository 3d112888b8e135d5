"""What the tests of the connectors share: small folders to damage, and the real files read once."""

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from outcomes.model import DisclosureRule
from outcomes.sources import add
from outcomes.store import Store

HOW = "outcomes data add els PATH"
SMALL = ("early-years", "employment-rate", "recorded-crime")
LAIT_SHEET = "LA SN Groups"


@pytest.fixture(scope="session")
def _small(project, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    for name in (*SMALL, "reference"):
        shutil.copytree(project / "data" / "sample" / "els" / name, folder / "els" / name)
    write_lait(folder / "lait")
    add("els", folder / "els", Store("small", folder / "store", HOW))
    return folder


@pytest.fixture
def small_els(_small, tmp_path) -> Path:
    """Three datasets of the sample county and its reference files, to change at will."""
    return shutil.copytree(_small / "els", tmp_path / "els")


@pytest.fixture
def small_lait(_small, tmp_path) -> Path:
    """A folder in LAIT's layout, invented: three measures, six areas."""
    return shutil.copytree(_small / "lait", tmp_path / "lait")


@pytest.fixture
def store(tmp_path) -> Store:
    """A store of the test's own, not there yet."""
    return Store("small", tmp_path / "store", HOW)


@pytest.fixture
def filled(_small, store) -> Store:
    """A store of the test's own that holds the small ELS folder."""
    shutil.copytree(_small / "store", store.folder)
    return store


@pytest.fixture
def write_dataset(tmp_path):
    """Write a dataset of one's own beside the small ones: header, rows and description."""

    def write(header: str, *rows: str, about: dict | None = None, name="made-up", end="\n"):
        folder = tmp_path / "els" / name
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(line + end for line in (header, *rows))
        (folder / f"{name}.csv").write_bytes(text.encode())
        described = {"ess-beta-metadata": about or {"label": "Made up"}}
        (folder / f"{name}.json").write_text(json.dumps(described), encoding="utf-8")
        return folder / f"{name}.csv"

    return write


@pytest.fixture
def areas() -> pd.DataFrame:
    """The ONS list of areas that the small LAIT folder needs; two names have an old code too."""
    rows = [
        ("X92000001", "Alderland", "ctry", None),
        ("X12000001", "Yorkshire and The Humber", "rgn", None),
        ("X10000001", "Tarrowshire", "utla", None),
        ("X06000002", "Bedford", "utla ltla", None),
        ("X06000003", "Poole", "utla ltla", 2018),
        ("X06000004", "Farrow", "utla ltla", 2020),
        ("X06000005", "Farrow", "utla ltla", None),
        ("X07000001", "Tarrowshire", "ltla", None),
    ]
    table = pd.DataFrame(rows, columns=["area_code", "area_name", "levels", "end"])
    return table.astype({"end": "Int64"})


def lait_values(rows: list[tuple]) -> pd.DataFrame:
    columns = ["Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number"]
    filled = [(short, "", years, "", value, float(number)) for short, years, value, number in rows]
    return pd.DataFrame(filled, columns=columns)


def lait_neighbours(path: Path, first: dict[int, list]) -> None:
    """Write a neighbour workbook: three heading rows, ten pairs of columns, an empty row."""
    heading = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
    heading += [name for rank in range(1, 11) for name in (f"SN{rank}", "SNP")]
    rows = [["a"] * 25, list(range(1, 26)), heading]
    for number, near in first.items():
        pairs = [cell for one in near for cell in (one, "Very Close ")]
        rows.append([number, "", number, "", "", *pairs, *["-"] * (20 - len(pairs))])
    rows.append([None] * 25)
    table = pd.DataFrame(rows)
    table.to_excel(path, sheet_name=LAIT_SHEET, header=False, index=False)


def write_lait(folder: Path) -> None:
    folder.mkdir()
    lait_values(
        [
            ("Rate", "2023", "8.2899999999999991", 101),
            ("Rate", "2024", "5.21E-2", 101),
            ("Rate", "2025 (prov)", "-0.5", 101),
            ("Rate", "2023", "0", 102),
            ("Rate", "2024", "-", 102),
            ("Rate", "2023", "1", 999),
            ("Rate", "2023", "2", 103),
            ("Rate", "2023", "3", 104),
            ("Rate", "2023", "4", 980),
            ("Unit_cost", "2023-24 (OT)", "1205", 101),
            ("Unit_cost", "2024-25 (OT)", "934567891", 101),
            ("Unit_cost", "2025-26", "90.100000000000009", 101),
            ("Unit_cost", "0", "7", 101),
            ("A&B  pooled", "2014-16", "17.390000000000001", 101),
        ]
    ).to_parquet(folder / "bds_long_0.parquet")
    numbers = [101, 102, 103, 104, 980, 999, 1000]
    names = ["Tarrowshire", "Bedford Borough", "Poole (Pre LG)", "Farrow"]
    names += ["Yorkshire and the Humber", "London (Inner)", "Alderland (discontinued)"]
    listed = pd.DataFrame({"LA Number": numbers, "LA Name": names})
    listed.to_excel(folder / "la_code_list.xlsx", index=False)
    with (folder / "lait_data_dictionary.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Topic", "Measure_short", "Measure", "Description", "Last Update", "y_axis_name"]
            + ["Year_Type", "Hyperlink(s)"]
        )
        rate = ["Rate", "A rate ", "Two\r\r\nlines", "45809", "per cent", "Academic Year"]
        cost = ["Unit_cost", "A cost", "", "soon", "£", "Financial Year"]
        pooled = ["A&B  pooled", "Pooled", "", "", "per 100,000", "Calendar Year"]
        writer.writerow(["Health", *rate, "https://example.org/a https://example.org/b"])
        writer.writerow(["Learning", *rate, "https://example.org/other"])
        writer.writerow(["Money", *cost, ""])
        writer.writerow(["Roads", *pooled, ""])
    lait_neighbours(folder / "sn_may_2025.xlsx", {101: [103, 102], 102: [101, 999]})
    lait_neighbours(folder / "sn_april_2021.xlsx", {101: [102, 103]})


@pytest.fixture(scope="session")
def real(shared_data, tmp_path_factory) -> dict:
    """The real files of all three publishers, added once: the store and what each add said."""
    folders = {"els": "ons-els", "lait": "lait", "population": "population"}
    rule = DisclosureRule(already_protected=tuple(folders))
    store = Store("real", tmp_path_factory.mktemp("real") / "store", HOW, rule)
    return {"store": store} | {
        source: add(source, shared_data / folder, store) for source, folder in folders.items()
    }


@pytest.fixture(scope="session")
def real_store(real) -> Store:
    return real["store"]


@pytest.fixture(scope="session")
def real_rows(real_store) -> dict[str, pd.DataFrame]:
    """Every observation of the real files, by source."""
    series = real_store.series().index
    return {
        source: real_store.observations([s for s in series if s.startswith(f"{source}/")])
        for source in ("els", "lait")
    }


@pytest.fixture(scope="session")
def raw_els(shared_data) -> dict[str, list[dict[str, str]]]:
    """Every row of the real ELS files by dataset, as text; a repeated header's first wins."""
    found = {}
    for path in sorted((shared_data / "ons-els").glob("*/*.csv")):
        if path.parent.name != path.stem:
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        at = {name: header.index(name) for name in header}
        found[path.stem] = [{name: row[i] for name, i in at.items()} for row in rows]
    return found


@pytest.fixture(scope="session")
def raw_lait(shared_data) -> pd.DataFrame:
    """Every row of the real LAIT table, with the kind of year that the dictionary gives."""
    folder = shared_data / "lait"
    raw = pd.read_parquet(folder / "bds_long_0.parquet")
    with (folder / "lait_data_dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        kinds = {row["Measure_short"]: row["Year_Type"] for row in csv.DictReader(file)}
    return raw.assign(kind=raw["Short Desc"].map(kinds))
