"""ONS Explore Local Statistics: a folder a dataset, each with a CSV and a JSON of the same name.

Beside them a folder `reference` with areas, nearest neighbours and boundaries. The sample county
has the same layout and is read by the same code.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import geopandas
import pandas as pd

from outcomes.errors import DataError
from outcomes.paths import shown
from outcomes.sources.periods import iso_period, read_periods
from outcomes.sources.reading import Reading, read_json, require_file, text_frame, to_numbers
from outcomes.sources.settle import first_reason, join, keep, repeats, series_rows, tidy_rows

NAME = "els"
NEEDS_AREAS = False
WHAT = "a dataset of ONS Explore Local Statistics"
COLUMNS = (
    "areacd",
    "areanm",
    "indicator",
    "period",
    "observation",
    "lci_95",
    "uci_95",
)
NUMBERS = {"value": "observation", "lower": "lci_95", "upper": "uci_95"}
STATUS = {
    "x": ("not_available", ""),
    "u": ("not_available", "the estimate is too unreliable to publish"),
    "c": ("withheld_small_number", ""),
    "z": ("not_applicable", ""),
}
NEIGHBOURS = {
    "ons_global": "global-neighbours.csv",
    "ons_economic": "economic-neighbours.csv",
    "ons_demographic": "demographic-neighbours.csv",
}
BOUNDARY_LAYERS = ("ctry", "rgn", "utla", "ltla")
CODE = r"\b(?:[A-Z]\d{8}|TL[A-Z0-9]{1,3})\b"
REPLACED = r"Obsolete code since (\d{4}) \(replaced by (.*)\)"
"""What a note says of a code that is no longer in use; it names one successor or several."""


def files(path: Path) -> list[Path]:
    """Return every file that `read` will read, sorted.

    The folder holds all datasets with the reference files, or is one dataset's own.

    Raises
    ------
    DataError
        If the folder is missing or holds no dataset, or a dataset lacks its CSV or JSON.
    """
    if not path.is_dir():
        raise DataError(
            f"{shown(path)}: no such folder; expected a folder with a folder for each dataset, "
            "such as employment-rate/employment-rate.csv"
        )
    if (path / f"{path.resolve().name}.csv").is_file():
        return [require_file(f, what=WHAT) for f in _of_dataset(path)]
    inside = (f for f in path.iterdir() if f.is_dir() and not f.name.startswith("."))
    folders = sorted(folder for folder in inside if folder.name != "reference")
    found = []
    for folder in folders:
        found += [require_file(file, what=WHAT) for file in _of_dataset(folder)]
    if not found:
        raise DataError(f"{shown(path)}: no dataset in it; expected {WHAT} in a folder of its own")
    reference = path / "reference"
    names = ["geo-metadata.json", "topo.json", *(f"clusters/{n}" for n in NEIGHBOURS.values())]
    return found + [require_file(reference / n, what="a reference file") for n in names]


def _of_dataset(folder: Path) -> list[Path]:
    return [folder / f"{folder.resolve().name}{ending}" for ending in (".csv", ".json")]


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return all datasets of a folder as tidy tables.

    Raises
    ------
    DataError
        If a file is missing, cut short or not of this layout.
    """
    paths = files(path)
    datasets = [p for p in paths if p.suffix == ".csv" and p.resolve().parent.name == p.stem]
    reading = join(map(_read_dataset, datasets))
    if not any(p.name == "topo.json" for p in paths):
        return reading
    return replace(reading, tables=_read_reference(path / "reference", reading.observations))


def _read_reference(folder: Path, tidy: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "areas": _read_areas(folder / "geo-metadata.json"),
        "neighbours": _read_neighbours(folder / "clusters"),
        "boundaries": _read_boundaries(folder / "topo.json"),
        "code_changes": _code_changes(tidy),
    }


def _code_changes(tidy: pd.DataFrame) -> pd.DataFrame:
    """Return old_code, new_code and year from the notes; where they differ, what most rows say."""
    noted = tidy[["area_code"]].join(
        tidy["note"].str.extract(REPLACED).set_axis(["year", "by"], axis=1)
    )
    noted = noted[noted["year"].notna()]
    noted = noted.assign(new_code=noted["by"].str.findall(CODE).map(tuple))
    counts = noted.groupby(["area_code", "year", "new_code"]).size().sort_values(kind="stable")
    said = counts.reset_index(name="rows").drop_duplicates("area_code", keep="last")
    said = said.explode("new_code").rename(columns={"area_code": "old_code"})
    said = said[["old_code", "new_code", "year"]].astype({"year": int}).astype({"year": "Int64"})
    return said.sort_values(["old_code", "new_code"], ignore_index=True)


def _read_dataset(path: Path) -> Reading:
    raw = text_frame(path, columns=COLUMNS, optional=("status", "notes"), what=WHAT, damaged=True)
    numbers = {new: to_numbers(raw[old]) for new, old in NUMBERS.items()}
    status, note = _statuses(raw, numbers["value"])
    tidy = tidy_rows(
        {
            "series": f"{NAME}/{path.stem}/" + raw["indicator"],
            "area_code": raw["areacd"],
            **read_periods(iso_period, raw["period"]),
            **numbers,
            "status": status,
            "note": note,
        }
    )
    reason, same = repeats(
        tidy,
        _reasons(raw, tidy),
        ["value", "lower", "upper"],
        same="the same row stands above it",
        another="another value for the same area and period stands above it",
    )
    kept = keep(path, raw, reason, same, tidy=tidy, dataset=path.stem)
    described = path.with_suffix(".json")
    return replace(kept, series=_read_series(described, kept.observations["series"].unique()))


def _statuses(raw: pd.DataFrame, value: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return status words and notes; a sentence in the status column belongs in the notes."""
    marker = raw["status"].str.strip()
    known = marker.isin(["", *STATUS])
    note = raw["notes"].str.strip().where(known, (marker + " " + raw["notes"]).str.strip())
    status = marker.map({k: v[0] for k, v in STATUS.items()}).fillna("final")
    status = status.where(value.isna(), "final")
    status = status.mask(value.isna() & (status == "final"), "not_available")
    said = marker.map({k: v[1] for k, v in STATUS.items()}).fillna("")
    beside = ("the publisher marks it '" + marker + "'").where(marker.isin(STATUS), "")
    return status, (note + " " + said.where(value.isna(), beside)).str.strip()


def _reasons(raw: pd.DataFrame, tidy: pd.DataFrame) -> pd.Series:
    checks = {words: raw["damage"] == words for words in raw["damage"].unique() if words}
    for new, old in reversed(NUMBERS.items()):
        checks[f"{old} is not a number"] = (raw[old].str.strip() != "") & tidy[new].isna()
    return first_reason(
        checks
        | {
            "there is no indicator": raw["indicator"].str.strip() == "",
            "there is no area code": raw["areacd"].isin(["", "na"]),
            "the area code is not one such as E07000066": ~raw["areacd"].str.fullmatch(CODE),
            "the period is not one such as 2023-01-01/P1Y": tidy["period"].isna(),
        }
    )


def _read_series(path: Path, series: Iterable[str]) -> pd.DataFrame:
    what = f"the description of {WHAT}"
    described = read_json(path, what=what)
    metadata = described.get("ess-beta-metadata") if isinstance(described, dict) else None
    if not isinstance(metadata, dict):
        raise DataError(
            f"{shown(path)}: no part 'ess-beta-metadata'; expected {what}. Nothing was added."
        )
    rows = []
    for series_id in series:
        about = {**metadata.get("shared", metadata), **metadata.get(series_id.split("/", 2)[2], {})}
        rows.append(
            {
                "series": series_id,
                "title": about.get("label") or series_id.split("/", 2)[2],
                "definition": about.get("subtitle") or "",
                "unit": about.get("suffix") or about.get("subText") or _sign(about),
                "publisher": " and ".join((about.get("sourceOrg") or "not stated").split("|")),
                "url": (about.get("sourceURL") or "").split("|")[0],
                "published": _iso_date((about.get("sourceDate") or "").split("|")[0]),
                "caveats": about.get("caveats") or "",
                "decimals": about.get("decimalPlaces"),
            }
        )
    return series_rows(pd.DataFrame(rows))


def _sign(about: dict) -> str:
    return "£" if about.get("prefix") == "GBPSign" else ""


def _iso_date(text: str) -> str:
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text.strip())
    return f"{match[3]}-{match[2]}-{match[1]}" if match else ""


def _read_areas(path: Path) -> pd.DataFrame:
    areas = read_json(path, what="the list of areas")
    if not isinstance(areas, dict) or not areas:
        raise DataError(f"{shown(path)}: expected a list of areas by code. Nothing was added.")
    for code, area in areas.items():
        for key in ("areacd", "areanm", "level", "parents"):
            if key not in area:
                raise DataError(
                    f"{shown(path)}: the area {code} has no {key!r}; expected a list of areas by "
                    "code. Nothing was added."
                )
    records = areas.values()
    return pd.DataFrame(
        {
            "area_code": [r["areacd"] for r in records],
            "area_name": [r["areanm"] for r in records],
            "levels": [" ".join(r["level"]) for r in records],
            "parents": [" ".join(r["parents"]) for r in records],
            "end": pd.array([r.get("end") for r in records], dtype="Int64"),
        }
    )


def _read_neighbours(folder: Path) -> pd.DataFrame:
    parts = []
    for model, name in NEIGHBOURS.items():
        columns = ("AREACD", *(str(i) for i in range(1, 21)))
        wide = text_frame(folder / name, columns=columns, what="a list of nearest neighbours")
        long = wide.drop(columns="line").melt("AREACD", var_name="rank", value_name="neighbour")
        long = long[long["neighbour"] != ""].rename(columns={"AREACD": "area_code"})
        parts.append(long.assign(model=model, rank=long["rank"].astype(int), closeness=""))
    return pd.concat(parts, ignore_index=True)


def _read_boundaries(path: Path) -> geopandas.GeoDataFrame:
    layers = []
    for layer in BOUNDARY_LAYERS:
        try:
            shapes = geopandas.read_file(path, layer=layer, engine="pyogrio").set_index("areacd")
        except Exception as error:
            raise DataError(
                f"{shown(path)}: the layer {layer!r} cannot be read as TopoJSON ({error}); "
                "download it again. Nothing was added."
            ) from None
        if "end" in shapes:
            shapes = shapes[shapes["end"].isna()]
        layers.append(shapes[["geometry"]].assign(level=layer))
    boundaries = pd.concat(layers).rename_axis("area_code").reset_index()
    found = geopandas.GeoDataFrame(boundaries, geometry="geometry", crs="EPSG:4326")
    # Quantised lines cross themselves here and there, which every overlay would stumble over.
    found["geometry"] = found.geometry.make_valid(method="structure", keep_collapsed=False)
    return found
