"""Which areas add up to which: nested levels of the area list, and codes that took over others."""

import pandas as pd

FAR_ENOUGH = 0.5
"""A level whose areas are at least half there adds up: an attacker may know the few others."""


def family(areas: pd.DataFrame, changes: pd.DataFrame | None) -> pd.DataFrame:
    """Return a row for each area, area above it and level: child, owner, level, listed.

    A code that was merged into another stands below it and below all that is above it; the parts
    of a code that was split stand below that. `listed` is how many areas in force the list has of
    that level below that owner. A `by` that is not empty names a successor: the row holds only
    where that one has no figure of its own.
    """
    above = _exploded(areas, "parents").rename(columns={"parents": "owner"}).assign(by="")
    levels = _exploded(areas, "levels").rename(columns={"levels": "level"})
    if changes is not None and not changes.empty:
        above = pd.concat([above, *_succession(changes, levels, above)])
    depth = areas["parents"].fillna("").str.split().str.len()
    unnamed = areas[["area_code"]].assign(level=[f"depth {n}" for n in depth])
    unnamed = unnamed[~unnamed["area_code"].isin(levels["area_code"])]
    rows = above.merge(pd.concat([levels, unnamed]), on="area_code").drop_duplicates()
    rows = rows[rows["owner"] != rows["area_code"]].rename(columns={"area_code": "child"})
    ended = areas.loc[areas["end"].notna(), "area_code"]
    current = rows[~rows["child"].isin(ended) | rows["owner"].isin(ended)]
    counts = current.groupby(["owner", "level"])["child"].nunique().rename("listed")
    return rows.join(counts, on=["owner", "level"]).fillna({"listed": 0})


def _exploded(areas: pd.DataFrame, column: str) -> pd.DataFrame:
    words = areas[["area_code"]].assign(**{column: areas[column].fillna("").str.split()})
    return words.explode(column).dropna().drop_duplicates()


def _succession(changes: pd.DataFrame, levels: pd.DataFrame, above: pd.DataFrame) -> list:
    """Return what code changes put above what, as `above`: mergers, splits and inheritance."""
    moves = changes[["old_code", "new_code", "year"]].drop_duplicates()
    moves = moves.merge(levels, how="left", left_on="old_code", right_on="area_code")
    news = moves.groupby(["old_code", "year"])["new_code"].transform("nunique")
    olds = moves.groupby(["new_code", "year", "level"], dropna=False)["old_code"]
    merged, split = moves[news == 1], moves[(news > 1) & (olds.transform("nunique") == 1)]
    pairs = moves[["old_code", "new_code"]].drop_duplicates()
    further = pairs
    for _ in range(3):  # no code in the publisher's history changed more often
        further = further.merge(pairs, left_on="new_code", right_on="old_code")
        further = further[["old_code_x", "new_code_y"]].set_axis(["old_code", "new_code"], axis=1)
        pairs = pd.concat([pairs, further]).drop_duplicates()
    joined = _link(merged["old_code"], merged["new_code"], "")
    heirs = pairs.merge(pd.concat([above, joined]), left_on="new_code", right_on="area_code")
    inherited = _link(heirs["old_code"], heirs["owner"], heirs["new_code"])
    return [joined, _link(split["new_code"], split["old_code"], ""), inherited]


def _link(child: pd.Series, owner: pd.Series, by: pd.Series | str) -> pd.DataFrame:
    return pd.DataFrame({"area_code": child, "owner": owner, "by": by})


def nested(keys: pd.DataFrame, family: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of every area, by level: key, owner, partition, exact.

    Parameters
    ----------
    keys : pandas.DataFrame
        The areas of one table; `area_code`, indexed by key.
    family : pandas.DataFrame
        As `family` returns it.

    Returns
    -------
    pandas.DataFrame
        `exact` is False where so few areas are there that they only cannot exceed the owner.
        What follows from the levels between is left out.
    """
    key = pd.Series(keys.index, index=keys["area_code"])
    links = family[family["child"].isin(key.index)]
    replaced = links.loc[links["by"].isin(key.index), ["child", "owner"]].drop_duplicates()
    gone = pd.MultiIndex.from_frame(links[["child", "owner"]]).isin(
        pd.MultiIndex.from_frame(replaced)
    )
    links = links[~gone].drop_duplicates(["child", "owner", "level"])
    size = links.groupby(["owner", "level"])["child"].transform("size")
    links = links.assign(size=size, exact=size >= FAR_ENOUGH * links["listed"])
    implied = _implied(links[links["exact"]])
    links = links.merge(implied, on=["owner", "level"], how="left", indicator="found")
    links = links[links["found"] == "left_only"].rename(columns={"level": "partition"})
    links = links.sort_values(["owner", "size", "partition"])
    return links.assign(key=links["child"].map(key))[["key", "owner", "partition", "exact"]]


def _implied(links: pd.DataFrame) -> pd.DataFrame:
    """Return owner and level whose sum follows from a coarser level and from its parts' sums."""
    names = ["child", "owner", "level", "size"]
    middle = links[names].set_axis(["via", "owner", "coarse", "coarse_size"], axis=1)
    below = links[["child", "owner", "level"]].rename(columns={"owner": "via"})
    own = links[["child", "owner", "level"]].merge(
        middle.rename(columns={"via": "child"}), on=["child", "owner"]
    )
    way = pd.concat([below.merge(middle, on="via"), own])
    way = way.merge(links[["child", "owner", "level", "size"]], on=["child", "owner", "level"])
    coarser = (way["coarse_size"] < way["size"]) | (
        (way["coarse_size"] == way["size"]) & (way["coarse"] < way["level"])
    )
    way = way[coarser]
    reached = way.groupby(["owner", "level", "coarse"])["child"].transform("nunique")
    return way.loc[reached == way["size"], ["owner", "level"]].drop_duplicates()
