"""Scotland's areas in the profile: country, councils, intermediate zones, data zones."""

from pathlib import Path

import pandas as pd

from outcomes.sources.cpop.tables import COUNTS, NAMES, read_sheets

SCOTLAND = "S92000003"
RENUMBERED = {
    "S12000015": ("S12000047", 2018),
    "S12000024": ("S12000048", 2018),
    "S12000044": ("S12000050", 2019),
    "S12000046": ("S12000049", 2019),
}
"""Present code, and its first year, of the councils that the lookup has by an old code. The same
codes and years stand in the notes of ONS Explore Local Statistics."""
SPELLINGS = {"Edinburgh City": "Edinburgh, City of", "Western Isles": "Eilean Siar"}
"""The name in the lookup, where another file of the profile has a name of its own."""


def code_changes() -> pd.DataFrame:
    """Return old_code, new_code and year of the councils that the lookup has by an old code."""
    rows = [(old, new, year) for old, (new, year) in RENUMBERED.items()]
    changes = pd.DataFrame(rows, columns=["old_code", "new_code", "year"])
    return changes.astype({"year": "Int64"})


def read_places(folder: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return every area of the lookup of zones, and the code of each by its name or its code.

    The areas are as a Reading has them. Zones have no name that is theirs alone: code by code.

    Raises
    ------
    DataError
        If a workbook, sheet or heading is missing.
    """
    columns = {"DataZone": "data_zone", "InterZone": "zone", "Council": "council"}
    lookup, names = read_sheets(folder / NAMES, "Lookup", "Sheet1")
    lookup = lookup.table(columns)
    lookup = lookup[lookup["data_zone"] != ""].drop_duplicates("data_zone")
    lookup["council"] = lookup["council"].replace({old: RENUMBERED[old][0] for old in RENUMBERED})
    zones = lookup.drop_duplicates("zone")
    named = {"Code": "code", "Name": "name", "Council Name": "council_name"}
    names = names.table(named).drop_duplicates("code").set_index("code")
    councils = zones.assign(name=zones["zone"].map(names["council_name"])).dropna()
    councils = councils.drop_duplicates("council")
    (small,) = read_sheets(folder / COUNTS, "Child Poverty - DZ")
    small = small.table({"S-code": "c", "Name": "n"}, 2).drop_duplicates("c").set_index("c")["n"]
    above = lookup["council"] + f" {SCOTLAND}"
    in_zone = lookup["zone"] + " " + above
    levels = [
        ("ctry rgn", pd.Series(SCOTLAND), pd.Series("Scotland"), ""),
        ("utla ltla", councils["council"], councils["name"], SCOTLAND),
        ("intermediate_zone", zones["zone"], zones["zone"].map(names["name"]), above),
        ("data_zone", lookup["data_zone"], lookup["data_zone"].map(small), in_zone),
    ]
    areas = pd.concat([_level(*level) for level in levels], ignore_index=True)
    return areas, _codes(areas)


def _level(levels: str, code: pd.Series, name: pd.Series, parents: pd.Series | str) -> pd.DataFrame:
    """Return the areas of a level; one that no file names is called by its code."""
    areas = pd.DataFrame({"area_code": code, "area_name": name.fillna(code), "levels": levels})
    return areas.assign(parents=parents, end=pd.array([pd.NA] * len(code), dtype="Int64"))


def _codes(areas: pd.DataFrame) -> dict[str, str]:
    upper = areas[areas["levels"].isin(["ctry rgn", "utla ltla"])]
    codes = dict(zip(areas["area_code"], areas["area_code"], strict=True))
    codes |= dict(zip(upper["area_name"], upper["area_code"], strict=True))
    return codes | {other: codes[name] for other, name in SPELLINGS.items() if name in codes}
