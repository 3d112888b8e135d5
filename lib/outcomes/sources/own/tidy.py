"""A table of text and its mapping: tidy observations, and every row that is not kept with why."""

import re
from dataclasses import replace
from functools import partial, reduce

import numpy as np
import pandas as pd

from outcomes.errors import DataError, did_you_mean, listed
from outcomes.model import STATUS_WORDS, STATUSES
from outcomes.model.mapping import FIGURES, Mapping
from outcomes.paths import shown
from outcomes.sources.own.places import find_areas
from outcomes.sources.own.tables import Table
from outcomes.sources.periods import Period, read_periods, written_period
from outcomes.sources.reading import Reading, to_numbers
from outcomes.sources.settle import first_reason, join, keep, repeats, series_rows, tidy_rows

NAME = "own"
WITHHELD = "withheld_small_number"


def read_tidy(table: Table, mapping: Mapping, areas: pd.DataFrame) -> Reading:
    """Return a table's figures as tidy rows, with an account of each.

    What is counted is a figure: in a long table a row, in a wide one a cell. A row with neither an
    area nor a figure, such as a footnote, counts once.

    Parameters
    ----------
    table : Table
    mapping : Mapping
    areas : pandas.DataFrame
        The store's list of areas.

    Raises
    ------
    DataError
        If a column that the mapping names is not there, or one that is left is no period.
    """
    parts = _parts(table, mapping)
    code, why = _areas_of(table, mapping, areas)
    figures = sorted({heading for part in parts for heading in part["figures"].values()})
    blank = (table.frame[figures] == "").all(axis=1)
    aside = table.fault.mask((table.fault == "") & blank & (why != ""), why)
    rows = pd.concat([_pick(table, mapping, part) for part in parts]).sort_index(kind="stable")
    rows = rows[(aside == "").reindex(rows.index)]
    rows = rows.assign(area_code=code, no_area=why).reset_index(drop=True)
    tidy, reason, same = _judge(rows, mapping)
    read = rows[[column for column in _WRITTEN if column in rows]]
    apart = table.frame.assign(line=table.line)[aside != ""]
    whole = join(
        [
            keep(table.place, apart, aside[aside != ""], dataset=mapping.id),
            keep(table.place, read, reason, same, tidy=tidy, dataset=mapping.id),
        ]
    )
    return replace(
        whole,
        series=_series(mapping, set(whole.observations["series"])),
        rejected=whole.rejected.sort_values("line", kind="stable", ignore_index=True),
        accounts=whole.accounts.groupby("dataset", as_index=False).sum(),
    )


_WRITTEN = ("area", "period", "measure", *FIGURES, "status", "note", "groups", "line")
"""What of a row an analyst is shown when it is rejected."""


def _parts(table: Table, mapping: Mapping) -> list[dict]:
    """Return where figures stand: a part has the headings of its figures, and what they are of."""
    columns, headings = mapping.columns, list(table.frame.columns)
    named = [columns.area, *columns.period, columns.measure, columns.status, columns.note]
    named += [group.column for group in columns.groups.values()]
    if mapping.layout == "wide_by_measure":
        parts = [{"figures": m.held(), "measure": name} for name, m in mapping.measures.items()]
    elif mapping.layout == "wide_by_period":
        left = [h for h in headings if h not in (*named, *mapping.ignore)]
        _require_periods(left, table, mapping)
        parts = [{"figures": {"value": heading}, "period": heading} for heading in left]
    else:
        parts = [{"figures": columns.held()}]
    wanted = [*named, *(heading for part in parts for heading in part["figures"].values())]
    for heading in filter(None, wanted):
        if heading not in headings:
            raise DataError(
                f"{shown(table.place)}: no column {heading!r}"
                f"{did_you_mean(heading, headings) or '.'} It has {listed(headings)}. "
                "Nothing was added."
            )
    return parts


def _require_periods(headings: list[str], table: Table, mapping: Mapping) -> None:
    if not headings:
        raise DataError(
            f"{shown(table.place)}: no column is left that could be a period. Nothing was added."
        )
    for heading in headings:
        try:
            _period(heading, mapping)
        except ValueError:
            raise DataError(
                f"{shown(table.place)}: the column {heading!r} is neither named in the mapping nor "
                "a period; name it under columns, or under ignore. Nothing was added."
            ) from None


def _areas_of(table: Table, mapping: Mapping, areas: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    if mapping.columns.area:
        return find_areas(table.frame[mapping.columns.area], mapping, areas)
    index = table.frame.index
    return pd.Series(mapping.area, index=index), pd.Series("", index=index)


def _pick(table: Table, mapping: Mapping, part: dict) -> pd.DataFrame:
    """Return one part's rows as text, under names of our own."""
    frame, columns, index = table.frame, mapping.columns, table.frame.index
    only = next(iter(mapping.measures))
    measure = part.get("measure") or (frame[columns.measure] if columns.measure else only)
    period = part.get("period") or mapping.period
    if columns.period:
        period = reduce(lambda one, more: one + " " + more, (frame[h] for h in columns.period))
    kind, group = _groups(frame, mapping)
    picked = {
        "area": frame[columns.area] if columns.area else mapping.area,
        "period": period.str.strip() if columns.period else period,
        "measure": measure,
        **{name: frame[heading] for name, heading in part["figures"].items()},
        "status": frame[columns.status] if columns.status else "",
        "note": frame[columns.note] if columns.note else "",
        "groups": group,
        "group_kind": kind,
        "computed": "value" not in part["figures"],
        "line": table.line,
    }
    return pd.DataFrame(picked, index=index)


def _groups(frame: pd.DataFrame, mapping: Mapping) -> tuple[pd.Series, pd.Series]:
    """Return the kind of group of each row and the group; both empty for everyone."""
    kind = group = pd.Series("", index=frame.index)
    for name, column in mapping.columns.groups.items():
        text = frame[column.column]
        everyone = text.str.casefold().isin(["", *(word.casefold() for word in column.everyone)])
        more = ~everyone & (kind != "")
        kind = (kind + f" and {name}").where(more, kind.where(everyone, name))
        group = (group + ", " + text).where(more, group.where(everyone, text))
    return kind, group


def _judge(rows: pd.DataFrame, mapping: Mapping) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Return the tidy rows, why each is not kept, and whether the same is kept already."""
    text = pd.DataFrame(
        {name: rows[name].fillna("") if name in rows else "" for name in FIGURES}, rows.index
    )
    numbers = _numbers(text, rows, mapping)
    status, note, unclear = _statuses(text, numbers, rows, mapping)
    withheld = status == WITHHELD
    numbers.loc[withheld, ["value", "lower", "upper", "numerator"]] = np.nan
    tidy = tidy_rows(
        {
            "series": f"{NAME}/{mapping.id}/" + rows["measure"],
            "area_code": rows["area_code"],
            **read_periods(partial(_period, mapping=mapping), rows["period"]),
            **numbers,
            "status": status,
            "note": note,
            "group_kind": rows["group_kind"],
            "group": rows["groups"],
        }
    )
    reason, same = repeats(
        tidy,
        first_reason(_checks(rows, text, tidy, mapping) | unclear),
        [*FIGURES, "status"],
        same="the same row stands above it",
        another="another row for the same area, period and group stands above it",
    )
    return tidy, reason, same


def _of_measure(rows: pd.DataFrame, mapping: Mapping, what: str) -> pd.Series:
    return rows["measure"].map({name: getattr(m, what) for name, m in mapping.measures.items()})


def _numbers(text: pd.DataFrame, rows: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """Return the figures as floats, columns as FIGURES; what is none is NaN."""
    numbers = text.apply(lambda column: as_numbers(column, mapping.decimal))
    factor = _of_measure(rows, mapping, "multiply_by").fillna(1).astype(float)
    for name in ("value", "lower", "upper"):
        numbers[name] *= factor.mask(text[name].str.endswith("%"), 1)
    per = _of_measure(rows, mapping, "per").astype(float)
    share = per * numbers["numerator"] / numbers["denominator"].replace(0, np.nan)
    numbers["value"] = numbers["value"].mask(rows["computed"], share)
    counts = _of_measure(rows, mapping, "value_type") == "count"
    numbers["numerator"] = numbers["numerator"].mask(
        counts & numbers["numerator"].isna(), numbers["value"]
    )
    return numbers


def as_numbers(text: pd.Series, decimal: str = ".") -> pd.Series:
    """Return numbers as people write them as floats: £1,234.50, 75.3%, (12), 1 234,5.

    A separator of thousands must stand before three digits; what is no number becomes NaN.
    """
    bare = text.str.replace(r"^\((.*)\)$", r"-\1", regex=True)
    bare = bare.str.replace(r"^([-+\u2212]?)\s*[£€$]\s*|\s*%$", r"\1", regex=True)
    bare = bare.str.replace("\N{MINUS SIGN}", "-")
    point, comma = re.escape(decimal), re.escape("," if decimal == "." else ".")
    shape = rf"[-+]?(\d{{1,3}}([ {comma}]\d{{3}})+|\d*)({point}\d+)?([eE][-+]?\d+)?"
    plain = bare.str.replace(rf"[ {comma}]", "", regex=True).str.replace(decimal, ".")
    return to_numbers(plain.where(bare.str.fullmatch(shape)))


def _statuses(
    text: pd.DataFrame, numbers: pd.DataFrame, rows: pd.DataFrame, mapping: Mapping
) -> tuple[pd.Series, pd.Series, dict[str, pd.Series]]:
    """Return status words, notes, and the checks of a status that cannot be right.

    A row one of whose figures is withheld for a small number is withheld whole: its rate and its
    denominator would give the count away.
    """
    marked = text.apply(lambda column: column.map(mapping.markers).astype("str"))
    said = rows["status"].map({word: word for word in STATUSES} | dict(mapping.markers))
    own = marked["value"].mask(rows["computed"], marked["numerator"].fillna(marked["denominator"]))
    no_base = rows["computed"] & (numbers["denominator"] == 0)
    own = own.mask(no_base, "not_applicable")
    missing = own.fillna(said.where(said.isin(list(STATUS_WORDS)))).fillna("not_available")
    there = numbers["value"].notna()
    withheld = (marked == WITHHELD).any(axis=1)
    note = rows["note"].mask(no_base, (rows["note"] + " the denominator is 0").str.strip())
    beside = (note + " withheld as another figure of its row is").str.strip()
    status = missing.mask(there, said.fillna("final")).mask(withheld, WITHHELD)
    unknown = (rows["status"] != "") & said.isna()
    against = there & said.isin(list(STATUS_WORDS))
    unclear = {
        "the status is not among the mapping's markers": unknown,
        "the status says that there is no figure, and there is one": against,
    }
    return status, note.mask(withheld & there, beside), unclear


def _checks(
    rows: pd.DataFrame, text: pd.DataFrame, tidy: pd.DataFrame, mapping: Mapping
) -> dict[str, pd.Series]:
    """Return which rows have no area, measure, period or figure, by what to say of them."""
    measures = {name: _no_measure(name, mapping) for name in rows["measure"].unique()}
    measure = rows["measure"].map(measures)
    checks = {words: rows["no_area"] == words for words in rows["no_area"].unique() if words}
    checks |= {words: measure == words for words in measures.values() if words}
    checks["the period is not one such as 2024, 2023/24 or March 2023"] = tidy["period"].isna()
    gaps = [marker for marker, status in mapping.markers.items() if status in STATUS_WORDS]
    for name in FIGURES:
        bad = ~text[name].isin(["", *gaps]) & as_numbers(text[name], mapping.decimal).isna()
        checks[f"the {name} is neither a number nor among the mapping's markers"] = bad
    return checks


def _no_measure(name: str, mapping: Mapping) -> str:
    if name in mapping.measures:
        return ""
    hint = did_you_mean(name, mapping.measures)
    return f"the measure {name!r} is not one that the mapping describes{hint}"


def _period(text: str, mapping: Mapping) -> Period:
    month, day = (int(part) for part in mapping.year_start.split("-"))
    return written_period(re.sub(r"\.0\b", "", text), year_start=(month, day))


def _series(mapping: Mapping, held: set[str]) -> pd.DataFrame:
    """Return what the holder says of each measure that has a row."""
    rows = [
        {
            "series": f"{NAME}/{mapping.id}/{name}",
            "title": measure.title or name,
            "definition": measure.definition,
            "unit": measure.unit,
            "publisher": mapping.publisher,
            "url": mapping.url,
            "published": mapping.published.isoformat() if mapping.published else "",
            "licence": mapping.licence,
            "caveats": measure.caveats,
            "polarity": measure.polarity,
            "decimals": measure.decimals,
        }
        for name, measure in mapping.measures.items()
        if f"{NAME}/{mapping.id}/{name}" in held
    ]
    return series_rows(pd.DataFrame(rows))
