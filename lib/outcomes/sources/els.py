"""ONS Explore Local Statistics: a folder a dataset, each with a CSV and a JSON of the same name.

Beside them a folder `reference` with areas, nearest neighbours and boundaries. The sample county
has the same layout and is read by the same code.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS
from outcomes.paths import shown
from outcomes.sources.periods import iso_period
from outcomes.sources.reading import Reading, read_json, rejections, require_file, text_frame

NAME = "els"
NEEDS_AREAS = False
LICENCE = "Open Government Licence v3.0"
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


def files(path: Path) -> list[Path]:
    """Return every file that `read` will read, sorted.

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
    folders = sorted(f for f in path.iterdir() if f.is_dir() and f.name != "reference")
    found = []
    for folder in folders:
        for ending in (".csv", ".json"):
            found.append(require_file(folder / f"{folder.name}{ending}", what=WHAT))
    if not found:
        raise DataError(f"{shown(path)}: no dataset in it; expected {WHAT} in a folder of its own")
    reference = path / "reference"
    names = ["geo-metadata.json", "topo.json", *(f"clusters/{n}" for n in NEIGHBOURS.values())]
    return found + [require_file(reference / n, what="a reference file") for n in names]


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return all datasets of a folder as tidy tables.

    Raises
    ------
    DataError
        If a file is missing, cut short or not of this layout.
    """
    paths = files(path)
    observations, series, rejected = [], [], []
    for csv_path in (p for p in paths if p.suffix == ".csv" and p.parent.name == p.stem):
        tidy, refused = _read_dataset(csv_path)
        observations.append(tidy)
        rejected.append(refused)
        series.append(_read_series(csv_path.with_suffix(".json"), tidy["series"].unique()))
    reference = path / "reference"
    return Reading(
        observations=pd.concat(observations, ignore_index=True),
        series=pd.concat(series, ignore_index=True),
        rejected=pd.concat(rejected, ignore_index=True),
        tables={
            "areas": _read_areas(reference / "geo-metadata.json"),
            "neighbours": _read_neighbours(reference / "clusters"),
            "boundaries": _read_boundaries(reference / "topo.json"),
        },
    )


def _read_dataset(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    header_optional = [c for c in ("status", "notes") if c in _header(path)]
    raw = text_frame(path, columns=(*COLUMNS, *header_optional), what=WHAT)
    for column in ("status", "notes"):
        if column not in raw:
            raw[column] = ""
    numbers = {
        new: pd.to_numeric(raw[old].replace("", np.nan), errors="coerce").to_numpy(float)
        for new, old in (("value", "observation"), ("lower", "lci_95"), ("upper", "uci_95"))
    }
    periods = {text: _try_period(text) for text in raw["period"].unique()}
    status, note = _statuses(raw, numbers["value"])
    tidy = pd.DataFrame(
        {
            "series": f"{NAME}/{path.stem}/" + raw["indicator"],
            "area_code": raw["areacd"],
            "period_start": pd.to_datetime(raw["period"].map(lambda t: _part(periods[t], "start"))),
            "period_end": pd.to_datetime(raw["period"].map(lambda t: _part(periods[t], "end"))),
            "period": raw["period"].map(lambda t: _part(periods[t], "label")),
            **numbers,
            "numerator": np.nan,
            "denominator": np.nan,
            "status": status,
            "note": note,
            "group_kind": "",
            "group": "",
        },
        columns=list(OBSERVATION_COLUMNS),
    )
    reason = _reasons(raw, tidy)
    return tidy[reason == ""], rejections(path, raw, reason)


def _header(path: Path) -> list[str]:
    with require_file(path, what=WHAT).open(encoding="utf-8-sig", errors="replace") as file:
        return file.readline().strip().split(",")


def _try_period(text: str):
    try:
        return iso_period(text)
    except ValueError:
        return None


def _part(period, name: str):
    return None if period is None else getattr(period, name)


def _statuses(raw: pd.DataFrame, value: np.ndarray) -> tuple[pd.Series, pd.Series]:
    """Return status words and notes; a sentence in the status column belongs in the notes."""
    marker = raw["status"].str.strip()
    known = marker.isin(["", *STATUS])
    note = raw["notes"].str.strip().where(known, (marker + " " + raw["notes"]).str.strip())
    status = marker.map({k: v[0] for k, v in STATUS.items()}).fillna("final")
    status = status.where(np.isnan(value), "final")
    status = status.mask(np.isnan(value) & (status == "final"), "not_available")
    said = marker.map({k: v[1] for k, v in STATUS.items()}).fillna("")
    return status, (note + " " + said).str.strip()


def _reasons(raw: pd.DataFrame, tidy: pd.DataFrame) -> pd.Series:
    """Return why each row is not kept; empty if it is."""
    reason = pd.Series("", index=raw.index)
    key = ["series", "area_code", "period_start", "period_end"]
    same = [*key, "value", "lower", "upper"]
    reason[tidy.duplicated(key)] = "another value for the same area and period stands above it"
    reason[tidy.duplicated(same)] = "the same row stands above it"
    reason[tidy["period"].isna()] = "the period is not one such as 2023-01-01/P1Y"
    reason[~raw["areacd"].str.fullmatch(r"[A-Z][0-9A-Z]{2,8}")] = "there is no area code"
    for column in ("observation", "lci_95", "uci_95"):
        bad = (raw[column] != "") & pd.to_numeric(raw[column], errors="coerce").isna()
        reason[bad] = f"{column} is not a number"
    return reason


def _read_series(path: Path, series: Iterable[str]) -> pd.DataFrame:
    metadata = read_json(path, what=f"the description of {WHAT}").get("ess-beta-metadata", {})
    rows = []
    for series_id in series:
        about = {**metadata.get("shared", metadata), **metadata.get(series_id.split("/", 2)[2], {})}
        rows.append(
            {
                "series": series_id,
                "title": about.get("label") or series_id.split("/", 2)[2],
                "definition": about.get("subtitle") or "",
                "unit": about.get("suffix") or about.get("subText") or "",
                "publisher": " and ".join((about.get("sourceOrg") or "not stated").split("|")),
                "url": (about.get("sourceURL") or "").split("|")[0],
                "published": _iso_date((about.get("sourceDate") or "").split("|")[0]),
                "licence": LICENCE,
                "caveats": about.get("caveats") or "",
            }
        )
    return pd.DataFrame(rows)


def _iso_date(text: str) -> str:
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text.strip())
    return f"{match[3]}-{match[2]}-{match[1]}" if match else ""


def _read_areas(path: Path) -> pd.DataFrame:
    records = read_json(path, what="the list of areas").values()
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
            shapes = geopandas.read_file(path, layer=layer, engine="pyogrio")
        except Exception as error:
            raise DataError(
                f"{shown(path)}: the layer {layer!r} cannot be read as TopoJSON ({error}); "
                "download it again. Nothing was added."
            ) from None
        if "end" in shapes:
            shapes = shapes[shapes["end"].isna()]
        layers.append(shapes[["areacd", "geometry"]].assign(level=layer))
    boundaries = pd.concat(layers, ignore_index=True).rename(columns={"areacd": "area_code"})
    return geopandas.GeoDataFrame(boundaries, geometry="geometry", crs="EPSG:4326")
