"""Writes what an add brings into a folder of its own: the series that changed, and its reports."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from outcomes.store.checks import check_observations
from outcomes.store.files import (
    each_series,
    fingerprint,
    hash_of,
    read_series,
    write_csv,
    write_series,
)
from outcomes.store.findings import find, no_findings
from outcomes.store.vintages import description, extend, view

OBSERVATIONS = "observations"
FINDINGS = "findings"
REPORTS = ("accounts", "rejected", FINDINGS)
"""What an add says of itself, as CSV files that an analyst can open."""


class Written(NamedTuple):
    """What was written: the index with the new vintages, the other tables' hashes, what was found."""

    index: pd.DataFrame
    tables: dict[str, str]
    findings: pd.DataFrame


def write_add(
    store,
    source: str,
    tables: dict[str, pd.DataFrame | Iterable[pd.DataFrame]],
    folder: Path,
    name: str,
    *,
    today: date,
    released: date | None,
) -> Written:
    """Write an add's tables into `folder`, which is to be called `name` in the store's.

    Raises
    ------
    DataError
        If a table is not tidy, or the release is older than what the store holds.
    """
    areas = [tables["areas"]] if "areas" in tables else []
    areas = pd.concat([*areas, store.areas().reset_index()]).drop_duplicates("area_code")
    areas = areas.reindex(columns=["area_code", "area_name", "levels", "parents", "end"])
    incoming, findings = _write_observations(store, source, tables, areas, folder)
    index = store.index
    if not incoming.empty:
        incoming = incoming.assign(source=source, add=name, path=name + "/" + incoming["path"])
        index = extend(index, incoming, today, released)
    reports = {n: table for n, table in tables.items() if n in REPORTS} | {FINDINGS: findings}
    if store.rule.text(source) and "rejected" in reports:
        # A row that was not kept may hold a small number too; its file and line say where it is.
        reports["rejected"] = reports["rejected"].assign(content="")
    for report, table in reports.items():
        write_csv(table, folder / f"{report}.csv")
    return Written(index, _write_others(tables, folder), findings)


def _write_others(tables: dict, folder: Path) -> dict[str, str]:
    written = {}
    for name, table in tables.items():
        if name not in (OBSERVATIONS, "series", *REPORTS):
            path = folder / f"{name}.parquet"
            table.to_parquet(path, index=False)
            written[name] = hash_of(path)
    return written


def _write_observations(
    store, source: str, tables: dict, areas: pd.DataFrame, folder: Path
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the series that changed; return a row of the index for each, and what was found."""
    frames = tables.get(OBSERVATIONS, ())
    frames = [frames] if isinstance(frames, pd.DataFrame) else frames
    series = tables.get("series", pd.DataFrame(columns=["series"]))
    newest = view(store.index)["fingerprint"].to_dict()
    rows, found = [], [no_findings()]
    changes = pd.concat([tables.get("code_changes"), store.code_changes()])
    (folder / OBSERVATIONS).mkdir()
    for frame in frames:
        shown = _protected(store, source, check_observations(frame), areas, changes)
        found.append(find(shown, series, areas))
        for name, part in each_series(shown):
            path, mark = f"{OBSERVATIONS}/{len(rows):04d}.parquet", fingerprint(part)
            if newest.get(name) != mark:
                write_series(part, folder / path)
            rows.append({"series": name, "path": path, "rows": len(part), "fingerprint": mark})
    incoming = pd.DataFrame(rows)
    if rows:
        incoming = incoming.merge(description(series), how="left", validate="one_to_one")
    return incoming.assign(rule=store.rule.text(source)), pd.concat(found, ignore_index=True)


def _protected(store, source: str, table: pd.DataFrame, areas, changes) -> pd.DataFrame:
    """Return a table with small numbers withheld; what was withheld before stays so."""
    counted = table[["numerator", "denominator"]].notna().any(axis=None)
    if not store.rule.text(source) or not counted:
        return table
    known = store.index["series"].isin(set(table["series"])) & (store.index["rows"] > 0)
    paths = [store.folder / path for path in dict.fromkeys(store.index.loc[known, "path"])]
    from outcomes.store.disclosure import protect  # brings a solver, which no reader needs

    before = read_series(paths) if paths else None
    return protect(table, areas, store.rule, before=before, changes=changes)
