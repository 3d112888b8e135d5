"""Community Planning Outcomes Profile of the Improvement Service: Scotland's councils and zones.

Series, by the second part of their id:

- `profile`: the indicators of councils and Scotland, and of intermediate zones where both levels
  measure the same; raw, imputed and projected values are told apart by their status.
- `zones`: indicators of intermediate zones that are measured otherwise than those of councils.
- `CPPcleandata`: indicators for which that file and the councils' workbook disagree.
- `data-zones`, `counts`, `income`, `inequality`: the files of those names in `counts`.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from outcomes.sources.cpop.about import describe, read_indicators
from outcomes.sources.cpop.classes import neighbours, read_classes
from outcomes.sources.cpop.counts import read_counts
from outcomes.sources.cpop.places import code_changes, read_places
from outcomes.sources.cpop.profile import read_profile
from outcomes.sources.cpop.tables import FILES
from outcomes.sources.reading import Reading, require_file
from outcomes.sources.settle import join

__all__ = ["NAME", "NEEDS_AREAS", "files", "read"]

NAME = "cpop"
NEEDS_AREAS = False


def files(path: Path) -> list[Path]:
    """Return every file that `read` will read; the inputs of the index may be absent.

    Raises
    ------
    DataError
        If another is missing.
    """
    what = "a file of the Community Planning Outcomes Profile"
    needed = [require_file(path / name, what=what) for name in FILES]
    return needed + sorted((path / "Duncan inputs").glob("*.csv"))


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return the profile's figures, areas, families of councils and groups of zones.

    Councils are printed by name; their codes come from the publisher's lookup of zones, and four
    that were renumbered since get their present code.

    Raises
    ------
    DataError
        If a file is missing, cut short or not of this layout.
    """
    inputs = files(path)[len(FILES) :]
    areas, codes = read_places(path)
    indicators = read_indicators(path)
    parts = [
        *read_profile(path, codes, indicators["years"]),
        *read_counts(path, codes, indicators["years"], inputs),
    ]
    classes, class_parts = read_classes(path, codes)
    reading = join([*parts, *class_parts])
    return replace(
        reading,
        series=describe(reading.observations["series"].unique(), indicators),
        tables={
            "areas": areas,
            "neighbours": neighbours(classes),
            "classifications": classes,
            "code_changes": code_changes(),
        },
    )
