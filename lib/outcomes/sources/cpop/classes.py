"""Groups of zones and families of councils: income deciles, typology, family groups."""

from pathlib import Path

import pandas as pd

from outcomes.sources.cpop.settle import MISSING, UNKNOWN, Part, accounted, because
from outcomes.sources.cpop.tables import DECILES, FAMILIES, TYPOLOGY, ZONES, read_sheet
from outcomes.sources.reading import text_frame

DECILE_SCHEMES = {
    "Decile": "cpop_income_decile_council",
    "ScotlandDec": "cpop_income_decile_scotland",
}
FAMILY_SCHEMES = {
    "deprivationFG_2012": "cpop_family_deprivation",
    "popdensityFG_2012": "cpop_family_density",
}


def read_classes(folder: Path, codes: dict[str, str]) -> tuple[pd.DataFrame, list[Part]]:
    """Return the category of each area by scheme, and the accounts of the rows read.

    Columns area_code, scheme, category, all text. Decile 1 has the lowest income deprivation.

    Raises
    ------
    DataError
        If a file is missing, cut short or not of this layout.
    """
    deciles = text_frame(
        folder / DECILES, columns=("AreaCode", *DECILE_SCHEMES), what="income deciles of zones"
    )
    families = read_sheet(folder / FAMILIES, "Sheet1")
    groups = read_sheet(folder / TYPOLOGY, "IZ names")
    labels = read_sheet(folder / ZONES, "Labels")
    columns = {"": "area"} | {heading: heading for heading in FAMILY_SCHEMES}
    grouped = {"IntermediateZone2011Code": "area", "Group name": "group"}
    read = [
        (folder / DECILES, "", deciles.rename(columns={"AreaCode": "area"}), DECILE_SCHEMES),
        (families.path, families.name, families.table(columns), FAMILY_SCHEMES),
        (groups.path, groups.name, groups.table(grouped), {"group": "cpop_typology"}),
    ]
    found = [_split(*one, codes) for one in read]
    kept = [classes for classes, _ in found]
    named = labels.table({"InterZone": "area", "Typology_Name": "group"})
    same = named["area"].map(kept[2].set_index("area_code")["category"]) == named["group"]
    reason = pd.Series(f"{TYPOLOGY} has another group for it, or none", index=named.index)
    reason = reason.mask(same, f"{TYPOLOGY} has the same group")
    again = accounted(labels.path, named, reason, same, sheet=labels.name)
    return pd.concat(kept, ignore_index=True), [*(part for _, part in found), again]


def _split(
    path: Path, sheet: str, raw: pd.DataFrame, schemes: dict[str, str], codes: dict[str, str]
) -> tuple[pd.DataFrame, Part]:
    """Return a row a category, and the account of the rows: each needs an area and categories."""
    code = raw["area"].map(codes)
    reason = because(pd.Series("", index=raw.index), code.isna(), UNKNOWN)
    reason = because(reason, raw[list(schemes)].isin(MISSING).any(axis=1), "there is no category")
    reason = because(reason, code.duplicated(), "another row for the same area stands above it")
    wide = raw.rename(columns=schemes).assign(area_code=code)[reason == ""]
    long = wide.melt("area_code", list(schemes.values()), "scheme", "category")
    return long, accounted(path, raw, reason, sheet=sheet)


def neighbours(classes: pd.DataFrame) -> pd.DataFrame:
    """Return the other members of each council's family, in the publisher's order.

    Columns area_code, rank, neighbour, model, closeness. The members of a family are equals: the
    rank is an order, no distance.
    """
    families = classes[classes["scheme"].isin(FAMILY_SCHEMES.values())]
    pairs = families.merge(families, on=["scheme", "category"], suffixes=("", "_other"))
    pairs = pairs[pairs["area_code"] != pairs["area_code_other"]].reset_index(drop=True)
    rank = pairs.groupby(["scheme", "area_code"]).cumcount() + 1
    columns = {"area_code_other": "neighbour", "scheme": "model"}
    pairs = pairs.rename(columns=columns).assign(rank=rank, closeness="same family")
    return pairs[["area_code", "rank", "neighbour", "model", "closeness"]]
