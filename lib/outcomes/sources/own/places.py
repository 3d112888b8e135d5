"""Area codes by code or by name, and why a text is neither."""

import re

import pandas as pd

from outcomes.errors import did_you_mean, listed
from outcomes.model.mapping import Mapping

CODE = r"[A-Z][0-9]{8}"
MOST_HINTS = 30
"""Looking for the nearest name takes a while: a column of free text would take minutes."""


def find_areas(
    text: pd.Series, mapping: Mapping, areas: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """Return each text's area code, and why there is none; empty where there is one.

    Parameters
    ----------
    text : pandas.Series of str
        Nine-character codes, or names as people write them: case, '&' and signs do not count.
    mapping : Mapping
        Its `area_names` come first; `area_level` chooses between two areas of one name.
    areas : pandas.DataFrame
        The store's list: area_code, area_name, levels, end. An area that has ended gives way to
        another of its name. A code of a kind that the list has none of, such as a council's own
        small areas, is taken as it stands.
    """
    known = areas.drop_duplicates("area_code")
    if mapping.area_level:
        known = known[known["levels"].str.split().map(lambda held: mapping.area_level in held)]
    lasting = known.sort_values("end", na_position="first", kind="stable")
    by_name: dict[str, list[str]] = {}
    for name, code, end in lasting[["area_name", "area_code", "end"]].itertuples(index=False):
        if pd.isna(end) or _plain(name) not in by_name:
            by_name.setdefault(_plain(name), []).append(code)
    by_name |= {_plain(name): [code] for name, code in mapping.area_names.items()}
    names = [*known["area_name"], *mapping.area_names]
    codes, kinds = set(areas["area_code"]), set(areas["area_code"].str[:3])
    found, left = {}, MOST_HINTS
    for word in text.unique():
        if re.fullmatch(CODE, word):
            strange = word[:3] in kinds and word not in codes
            found[word] = ("", f"no area has the code {word!r}") if strange else (word, "")
        else:
            fits = by_name.get(_plain(word), [])
            one = len(fits) == 1
            found[word] = (fits[0], "") if one else ("", _why(word, fits, names if left else []))
            left = max(left - (not fits), 0)
    return text.map(lambda t: found[t][0]), text.map(lambda t: found[t][1])


def _plain(name: str) -> str:
    """Return a name without what people write in several ways."""
    return " ".join(re.sub(r"[^\w\s]", "", name.replace("&", " and ")).casefold().split())


def _why(word: str, codes: list[str], names: list[str]) -> str:
    if not word:
        return "there is no area"
    if codes:
        return (
            f"{word!r} is the name of {listed(codes)}; say which in the mapping, by area_level or "
            "under area_names"
        )
    return f"no area is called {word!r}{did_you_mean(word, names)}"
