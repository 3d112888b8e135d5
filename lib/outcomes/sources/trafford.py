"""Trafford Data Lab's tidy extracts: a folder a theme, each with CSVs and a folder of descriptions.

Beside them the folders `neighbours` (who the council is compared with) and `geospatial`. They have
no limits, denominators or indicator numbers, and nothing tells the missing from the suppressed.
"""

import html
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd

from outcomes.errors import DataError
from outcomes.paths import shown
from outcomes.sources.periods import read_periods, told_apart, written_period
from outcomes.sources.reading import Reading, read_rows, require_file, to_numbers
from outcomes.sources.settle import first_reason, join, keep, repeats, series_rows, tidy_rows

NAME = "trafford"
NEEDS_AREAS = False
WHAT = "an extract of the Trafford Data Lab"
NEEDED = ("area_code", "period", "indicator", "measure")
COUNCIL = "geospatial/trafford_local_authority.geojson"
WARDS = "geospatial/trafford_ward_2023.geojson"
NEIGHBOURS = {
    "cipfa_2019": "neighbours/cipfa2019.csv",
    "cipfa_2021": "neighbours/cipfa2021.csv",
    "cipfa_2024": "neighbours/cipfalga0724.csv",
    "childrens_services_2025": "neighbours/cssn.csv",
    "nhs_england_peers": "neighbours/nhsennpg.csv",
}
YEAR_STARTS = {
    **dict.fromkeys(("active_children", "obese_year6", "school_readiness"), (9, 1)),
    **dict.fromkeys(("active_adults", "overweight_adult"), (11, 16)),
}
"""School years, and years of the Active Lives survey; a split year of any other is financial."""
VERDICTS = {"Better": "better than", "Similar": "similar to", "Worse": "worse than"}
ASIDE = (
    r"#|Data for Trafford compared|Note: the following links|Indicators?\s*:|[*-] |Data$|Source:"
)
"""How a line of a description begins that is no caveat."""


def files(path: Path) -> list[Path]:
    """Return every file that `read` will read.

    Raises
    ------
    DataError
        If there is no extract, or a description or a file beside the extracts is missing.
    """
    folders = sorted(described.parent for described in path.glob("*/metadata"))
    extracts = [extract for folder in folders for extract in sorted(folder.glob("*.csv"))]
    if not extracts:
        raise DataError(
            f"{shown(path)}: no extract in it; expected {WHAT} in a folder that has a folder "
            "'metadata', such as health/life_expectancy.csv. Nothing was added."
        )
    described = [_description_of(extract) for extract in extracts]
    others = [path / name for name in (*NEIGHBOURS.values(), COUNCIL, WARDS)]
    what = "a file beside the extracts of the Trafford Data Lab"
    return [*extracts, *described, *(require_file(other, what=what) for other in others)]


def _description_of(extract: Path) -> Path:
    """Return the description of the same name, or else the one that links to the extract."""
    folder = extract.parent / "metadata"
    same = folder / f"{extract.stem}.md"
    linking = (p for p in sorted(folder.glob("*.md")) if f"/{extract.name}" in p.read_text("utf-8"))
    found = same if same.is_file() else next(linking, same)
    return require_file(found, what=f"the description of {extract.name}")


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return all extracts, the wards, and the council's lists of neighbours as tidy tables.

    A figure is a row of the account; an extract with several columns of values has several a line.

    Raises
    ------
    DataError
        If a file is missing, cut short or not of this layout.
    """
    extracts = [p for p in files(path) if p.suffix == ".csv" and p.parent.name != "neighbours"]
    council = _shapes(path / COUNCIL, ["lad19cd"])["lad19cd"].iloc[0]
    wards = _shapes(path / WARDS, ["area_code", "area_name"])
    named = pd.DataFrame(wards.drop(columns="geometry")).assign(levels="ward", parents=council)
    tables = {
        "neighbours": _read_neighbours(path, council),
        "areas": named.assign(end=pd.array([pd.NA] * len(named), dtype="Int64")),
        "boundaries": wards[["area_code", "geometry"]].assign(level="ward"),
    }
    return replace(join(map(_read_extract, extracts)), tables=tables)


def _read_extract(path: Path) -> Reading:
    header, rows = read_rows(path, columns=NEEDED, what=WHAT)
    values = [column for column in header if re.fullmatch("value(_.+)?", column)]
    if not values:
        raise DataError(
            f"{shown(path)}: no column 'value', nor one such as 'value_rating_A'; "
            f"it has {', '.join(header)}. Expected {WHAT}. Nothing was added."
        )
    table = pd.DataFrame(rows, columns=[*header, "line"]).rename(columns={"units": "unit"})
    raw = table.melt([c for c in table if c not in values], values, "figure", "text")
    raw = raw.sort_values("line", kind="stable", ignore_index=True)
    key = _keys(raw)
    in_year = partial(written_period, year_start=YEAR_STARTS.get(path.stem, (4, 1)))
    periods = read_periods(in_year, _quarters(raw["period"]))
    key["series"] = told_apart(f"{NAME}/{path.stem}/" + key["name"], periods)
    tidy = _tidy(raw, key, periods)
    reason, same = repeats(
        tidy,
        _reasons(raw, tidy),
        ["value"],
        same="the same figure stands above it",
        another="another value for the same area, period and group stands above it",
    )
    kept = keep(path, raw, reason, same, tidy=tidy, dataset=path.stem)
    return replace(kept, series=_series(key[reason == ""], _description_of(path)))


def _quarters(periods: pd.Series) -> pd.Series:
    """Return the periods with the last day of a quarter written as the quarter it stands for."""
    last_day = r"([12]\d{3})-(03-31|06-30|09-30|12-31)"
    return periods.str.replace(last_day, lambda m: f"Q{int(m[2][:2]) // 3} {m[1]}", regex=True)


def _keys(raw: pd.DataFrame) -> pd.DataFrame:
    """Return indicator, measure, unit and group of each figure, and the name of its series.

    The sex stands in the inequality, or else in the unit.
    """
    blank = pd.Series("", raw.index)
    unit, group = raw.get("unit", blank), raw.get("inequality", blank).replace("NA", "")
    in_unit = unit.isin(["Male", "Female"]) & (group == "")
    group, unit = group.mask(in_unit, unit), unit.mask(in_unit, "Persons")
    kind = group.map({"": "", "Male": "sex", "Female": "sex"}).fillna("inequality")
    figure = raw["figure"].str.removeprefix("value").str.replace("_", " ").str.strip()
    measure = raw["measure"] + (", " + figure).where(figure != "", "")
    return pd.DataFrame(
        {
            "indicator": raw["indicator"],
            "measure": measure,
            "unit": unit,
            "group_kind": kind.mask(group.str.contains("quintile"), "deprivation quintile"),
            "group": group,
            "name": raw["indicator"] + ", " + measure + (", " + unit).where(unit != "", ""),
            "is_count": raw["measure"].str.casefold().isin(["count", "frequency"]),
        }
    )


def _tidy(raw: pd.DataFrame, key: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    value, missing = to_numbers(raw["text"]), raw["text"] == "NA"
    # Tonnes and certificates are neither people nor businesses: there is nothing to protect.
    counted = key["is_count"] & key["unit"].str.casefold().isin(["persons", ""])
    verdict = raw.get("compared_to_England", pd.Series("", raw.index)).map(VERDICTS)
    note = ("the publisher finds it " + verdict + " England").fillna("")
    return tidy_rows(
        {
            **key[["series", "group_kind", "group"]],
            "area_code": raw["area_code"],
            **periods,
            "value": value,
            "numerator": value.where(counted),
            "status": np.where(missing, "not_available", "final"),
            "note": note.mask(missing, "missing or suppressed: the publisher does not say which"),
        }
    )


def _reasons(raw: pd.DataFrame, tidy: pd.DataFrame) -> pd.Series:
    wrong = tidy["value"].isna() & (raw["text"] != "NA")
    return first_reason(
        {
            "there is no area code": ~raw["area_code"].str.fullmatch(r"[A-Z]\d{8}"),
            "the period is not one such as 2024 or 2023/24": tidy["period"].isna(),
            "the value is neither a number nor NA": wrong,
        }
    )


def _series(key: pd.DataFrame, description: Path) -> pd.DataFrame:
    found = key.drop_duplicates("series")
    share = (found["indicator"] + found["measure"]).str.contains(
        "percentage|proportion|%", case=False
    )
    rate = found["measure"].str.contains("rate|per ", case=False)
    words = np.select([found["is_count"], share, rate], [found["unit"], "%", found["measure"]], "")
    about = {
        "title": found["series"].str.split("/", n=2).str[2],
        "unit": np.where(words == "", found["unit"], words),
        **_described(description),
    }
    return series_rows(found[["series"]].assign(**about))


def _described(path: Path) -> dict[str, str]:
    """Return definition, publisher, url and caveats from a description in Markdown with HTML."""
    text = path.read_text(encoding="utf-8-sig")
    plain = html.unescape(re.sub("<[^>]+>", "", text)).splitlines()
    lines = [" ".join(line.split()) for line in plain if line.strip()]
    source = next((line for line in lines if line.startswith("Source:")), "")
    link = re.search(r"Source:.*?href=[\"']([^\"']+)", text)
    return {
        "definition": next((line.lstrip("# ") for line in lines if line.startswith("#")), ""),
        "publisher": source.removeprefix("Source:").strip(" ,") or "Trafford Data Lab",
        "url": link[1] if link else "",
        "caveats": " ".join(line for line in lines if not re.match(ASIDE, line)),
    }


def _read_neighbours(folder: Path, council: str) -> pd.DataFrame:
    """Return the council's neighbours in the order of each list; some lack their last line end."""
    parts = []
    for model, name in NEIGHBOURS.items():
        try:
            near = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        except ValueError:
            near = pd.DataFrame()
        codes = near.get("area_code", pd.Series("", near.index))
        if near.empty or not codes.str.fullmatch(r"[A-Z]\d{8}").all():
            raise DataError(
                f"{shown(folder / name)}: expected a list of neighbours with a code in the column "
                "'area_code' of each row. Nothing was added."
            )
        listed = {"rank": range(1, len(near) + 1), "neighbour": codes, "model": model}
        parts.append(pd.DataFrame({"area_code": council, **listed, "closeness": ""}))
    return pd.concat(parts, ignore_index=True)


def _shapes(path: Path, columns: list[str]) -> geopandas.GeoDataFrame:
    try:
        return geopandas.read_file(path, engine="pyogrio")[[*columns, "geometry"]]
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{shown(path)}: not readable as GeoJSON with {columns[0]!r} for each area ({reason}); "
            "download it again. Nothing was added."
        ) from None
