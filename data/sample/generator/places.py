"""The invented places: names, codes, who lies within what, how many live there, who is alike.

Every name is invented, and every code starts with X, which no real area code does.
"""

import zlib
from dataclasses import dataclass

import numpy as np

SEED = 20240630
MID_YEARS = (2023, 2024)
AGES = (*(str(age) for age in range(90)), "90+")

NATION = ("X92000001", "Alderland")
REGIONS = {
    "X12000001": "North Alderland",
    "X12000002": "Mid Alderland",
    "X12000003": "South Alderland",
}

# The first county is THE sample county. The letters are its districts on the map (landmass.py).
COUNTIES = (
    ("Tarrowshire", "X12000002", ("Tarrowbridge, Wexmoor, Ellenford, Harrowmere, Saltern Bay, "
     "Mallingbrook, Otterstow, Kingsharrow, Coldwater Vale, Hazelmarsh, Fennowick, Greyhaven")),
    ("Brackenshire", "X12000001", "Brackenhithe, High Bracken, Ludmere, Ashenvale"),
    ("Kestershire", "X12000001", "Kesterwick, Ravenscote, Tillingmoor, Eskerdale"),
    ("Pellowshire", "X12000002", "Pellowmouth, Marrowdale, Oxenmarsh, Hallenwold"),
    ("Wrenshire", "X12000003", "Wrenchurch, Somerwold, Dapplemere, Hartenfield"),
    ("Sallowshire", "X12000003", "Sallowfield, Cawderidge, Brinmouth, Orrenford"),
    ("Dunmarrow", "X12000003", "Dunmouth, Farrowgate, Calderholt, Fallowmere"),
)  # fmt: skip

# Coldwater Vale was renumbered on 1 January 2023; the old code keeps its history.
OBSOLETE, REPLACED_BY, RENUMBERED_IN = "X07000037", "X07000009", 2023


@dataclass(frozen=True)
class Area:
    """An area that figures are published for. `parents` runs from the nearest to the nation."""

    code: str
    name: str
    level: str
    parents: tuple[str, ...] = ()


def _areas() -> dict[str, Area]:
    """Return every area now in use by its code: nation, regions, counties, districts."""
    nation = NATION[0]
    areas = [Area(*NATION, "ctry")]
    areas += [Area(code, name, "rgn", (nation,)) for code, name in REGIONS.items()]
    districts = []
    for number, (county, region, names) in enumerate(COUNTIES, start=1):
        code = f"X100{number:05d}"
        areas.append(Area(code, county, "utla", (region, nation)))
        districts += [(name, (code, region, nation)) for name in names.split(", ")]
    areas += [
        Area(f"X070{number:05d}", name, "ltla", parents)
        for number, (name, parents) in enumerate(districts, start=1)
    ]
    return {area.code: area for area in areas}


AREAS = _areas()
DISTRICTS = tuple(code for code, area in AREAS.items() if area.level == "ltla")
COUNTY_CODES = tuple(code for code, area in AREAS.items() if area.level == "utla")


def random_numbers(name: str) -> np.random.Generator:
    """Return the random numbers of one named part, so that no part disturbs another."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def districts_of(code: str) -> np.ndarray:
    """Return which of DISTRICTS are, or lie within, an area: an array of true and false."""
    return np.array([code == it or code in AREAS[it].parents for it in DISTRICTS])


def _characteristics() -> dict[str, np.ndarray]:
    """Return each district's hidden character: its need, how urban and how old it is.

    Districts of one county are somewhat alike. Each characteristic has mean 0 and spread 1.
    """
    found = {}
    for name in ("need", "urban", "old"):
        numbers = random_numbers(f"character {name}")
        by_county = dict(zip(COUNTY_CODES, numbers.normal(size=len(COUNTY_CODES)), strict=True))
        shared = np.array([by_county[AREAS[code].parents[0]] for code in DISTRICTS])
        values = 0.45 * shared + 0.9 * numbers.normal(size=len(DISTRICTS))
        found[name] = (values - values.mean()) / values.std()
    return found


CHARACTER = _characteristics()


def _people() -> dict[int, np.ndarray]:
    """Return the population of each mid-year: one row a district, one column a single age."""
    numbers = random_numbers("population")
    size = np.exp(numbers.normal(np.log(112_000) + 0.22 * CHARACTER["urban"], 0.22))
    age = np.arange(len(AGES))
    old, urban = CHARACTER["old"][:, None], CHARACTER["urban"][:, None]
    shape = 1 + 0.10 * np.sin((age - 18) / 13) + 0.22 * urban * np.exp(-(((age - 24) / 8) ** 2))
    shape *= np.exp(0.006 * old * (age - 40)) / (1 + np.exp((age - 77 - 2 * old) / 6.5))
    shape[:, -1] *= 3.5  # the last age group is open
    shape *= numbers.normal(1, 0.02, shape.shape)
    latest = size[:, None] * shape / shape.sum(axis=1, keepdims=True)
    growth = numbers.normal(1.007, 0.003, (len(DISTRICTS), 1))
    return {2023: np.rint(latest / growth).astype(int), 2024: np.rint(latest).astype(int)}


PEOPLE = _people()
WEIGHTS = PEOPLE[2024].sum(axis=1)
"""Everyone in each district, mid-2024: the weight of a district in the areas it lies within."""


def neighbours(lens: str) -> dict[str, list[str]]:
    """Return the most alike counties and districts, nearest first, through one lens.

    Parameters
    ----------
    lens : str
        `global` (every characteristic), `economic` (need, urban) or `demographic` (old, urban).
    """
    names = {
        "global": ("need", "urban", "old"),
        "economic": ("need", "urban"),
        "demographic": ("old", "urban"),
    }[lens]
    found = {}
    for codes, most in ((COUNTY_CODES, 6), (DISTRICTS, 20)):
        weights = np.array([districts_of(code) * WEIGHTS for code in codes], dtype=float)
        weights /= weights.sum(axis=1, keepdims=True)
        points = np.column_stack([weights @ CHARACTER[name] for name in names])
        for code, point in zip(codes, points, strict=True):
            order = np.argsort(((points - point) ** 2).sum(axis=1), kind="stable")
            found[code] = [codes[at] for at in order if codes[at] != code][:most]
    return found
