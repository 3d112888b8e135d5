"""A module a publisher: its own layout in, tidy tables and rejected rows out.

The only reader of raw files. Each connector has `NAME`, `NEEDS_AREAS`, `files(path)` and
`read(path, areas)`; a new one is listed in `outcomes.sources.add.SOURCES`.
"""

from outcomes.sources.add import SOURCES, Added, add, build, open_known_store
from outcomes.sources.periods import dfe_period, iso_period, written_period
from outcomes.sources.reading import Reading

__all__ = [
    "SOURCES",
    "Added",
    "Reading",
    "add",
    "build",
    "dfe_period",
    "iso_period",
    "open_known_store",
    "written_period",
]
