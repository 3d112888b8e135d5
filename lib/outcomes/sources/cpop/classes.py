"""Groups of zones and families of councils: income deciles, typology, family groups."""

from pathlib import Path

import pandas as pd

from outcomes.sources.cpop.figures import MISSING, UNKNOWN
from outcomes.sources.cpop.tables import DECILES, FAMILIES, TYPOLOGY, ZONES, read_sheets
from outcomes.sources.reading import Reading, text_frame
from outcomes.sources.settle import first_reason, keep

DECILE_SCHEMES = {
    "Decile": "cpop_income_decile_council",
    "ScotlandDec": "cpop_income_decile_scotland",
}
FAMILY_SCHEMES = {
    "deprivationFG_2012": "cpop_family_deprivation",
    "popdensityFG_2012": "cpop_family_density",
}


def read_classes(folder: Path, codes: dict[str, str]) -> tuple[pd.DataFrame, list[Reading]]:
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
    (families,) = read_sheets(folder / FAMILIES, "Sheet1")
    (groups,) = read_sheets(folder / TYPOLOGY, "IZ names")
    (labels,) = read_sheets(folder / ZONES, "Labels")
    columns = {"": "area"} | {heading: heading for heading in FAMILY_SCHEMES}
    grouped = {"IntermediateZone2011Code": "area", "Group name": "group"}
    found = [
        _split(
            folder / DECILES, deciles.rename(columns={"AreaCode": "area"}), DECILE_SCHEMES, codes
        ),
        _split(families.place, families.table(columns), FAMILY_SCHEMES, codes),
        _split(groups.place, groups.table(grouped), {"group": "cpop_typology"}, codes),
    ]
    kept = [classes for classes, _ in found]
    named = labels.table({"InterZone": "area", "Typology_Name": "group"})
    same = named["area"].map(kept[2].set_index("area_code")["category"]) == named["group"]
    reason = pd.Series(f"{TYPOLOGY} has another group for it, or none", index=named.index)
    reason = reason.mask(same, f"{TYPOLOGY} has the same group")
    again = keep(labels.place, named, reason, same)
    return pd.concat(kept, ignore_index=True), [*(part for _, part in found), again]


def _split(
    place: Path, raw: pd.DataFrame, schemes: dict[str, str], codes: dict[str, str]
) -> tuple[pd.DataFrame, Reading]:
    """Return a row a category, and the account of the rows: each needs an area and categories."""
    code = raw["area"].map(codes)
    reason = first_reason(
        {
            UNKNOWN: code.isna(),
            "there is no category": raw[list(schemes)].isin(MISSING).any(axis=1),
            "another row for the same area stands above it": code.duplicated(),
        }
    )
    wide = raw.rename(columns=schemes).assign(area_code=code)[reason == ""]
    long = wide.melt("area_code", list(schemes.values()), "scheme", "category")
    return long, keep(place, raw, reason)


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
