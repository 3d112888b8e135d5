"""A place's latest figures against its comparator, among its peers, and in numbers of people."""

from collections.abc import Mapping

import pandas as pd

from outcomes.baseline.choice import Choice
from outcomes.baseline.figures import BY, Figures
from outcomes.model import Comparison, People, Rank
from outcomes.statistics.comparison import (
    compare,
    group_value,
    in_people,
    quantiles,
    rank_intervals,
)

FEWEST_RANKED = 3
FIFTHS = 5
FEWEST_IN_FIFTHS = 10
"""Of fewer areas the fifths are far from equal groups: of seven, two groups of two and three of one."""
DEPENDS_ON_SIZE = "a number of people or events depends on the size of the place"
NOTHING = float("nan")


def comparator_values(figures: Figures, choice: Choice | None = None) -> pd.DataFrame:
    """Return the comparator's figure for each indicator and period; of another one if it is given.

    Index series, period_start, period_end; columns value, lower, upper, n, how, simple, median.
    One area gives its published figure. A group gives a mean weighted by the people that the
    indicator is about, or a simple one where a member has no such estimate, or what its
    definition asks for; the simple mean and the median stand beside it. Counts have none.
    """
    choice = choice or figures.setting.choice
    rows = figures.of(choice.areas)
    if not choice.group:
        published = rows.set_index(BY)[["value", "lower", "upper"]]
        return published.assign(n=1, how="published", simple=NOTHING, median=NOTHING)
    used, simple, median = (
        group_value(rows, choice.areas, how=how, weights="population", by=BY)
        for how in (choice.how, "simple", "median")
    )
    how = used["how"].str.removesuffix("_population")
    return used.assign(how=how, simple=simple["value"], median=median["value"])


def comparisons(figures: Figures, beside: pd.DataFrame) -> dict[str, Comparison]:
    """Return each latest figure beside its comparator's of the same period."""
    latest = figures.latest
    if latest.empty:
        return {}
    same = pd.MultiIndex.from_frame(latest[BY])
    other = beside.reindex(same).set_axis(latest.index)
    pairs = latest[["value", "lower", "upper"]].assign(
        comparator=other["value"],
        comparator_lower=other["lower"],
        comparator_upper=other["upper"],
        share=_shares(figures, latest.index),
    )
    indicators = [figures.measured[name].indicator for name in latest.index]
    rows = compare(
        pairs.astype(float),
        polarity=pd.Series([i.polarity for i in indicators]).to_numpy(dtype=str),
        decimals=pd.Series([i.decimals for i in indicators]).to_numpy(),
    )
    return {
        name: _comparison(figures, name, rows.loc[name], other.loc[name]) for name in latest.index
    }


def _shares(figures: Figures, names: pd.Index) -> list[float]:
    """Return the place's part of a comparator that it lies in, for each indicator; else NaN."""
    choice, setting = figures.setting.choice, figures.setting
    if choice.group or not choice.areas:
        return [NOTHING] * len(names)
    code, kept = choice.areas[0], figures.kept
    return [setting.share(figures.measured[name].indicator, code, kept) for name in names]


def _comparison(figures: Figures, name: str, row: pd.Series, other: pd.Series) -> Comparison:
    counted = figures.measured[name].indicator.value_type == "count"
    known = other["value"] == other["value"]
    members = int(other["n"]) if known else 0
    numbers = ("difference", "difference_lower", "difference_upper", "ratio")
    return Comparison(
        label=figures.setting.choice.label_of(members),
        value=float(other["value"]),
        members=members,
        verdict=str(row["verdict"]),
        verdict_998=str(row["verdict_998"]),
        tested=bool(row["tested"]),
        method=str(row["method"]),
        reason=DEPENDS_ON_SIZE if counted else _why_not(figures, name, row["method"]),
        **{number: float(row[number]) for number in numbers},
        how=str(other["how"]) if known else "published",
        simple=float(other["simple"]),
        median=float(other["median"]),
    )


def _why_not(figures: Figures, name: str, method: str) -> str:
    choice = figures.setting.choice
    if choice.reason:
        return choice.reason
    if method == "none":
        return f"there is no figure for {choice.label} for {figures.latest['period'][name]}"
    if method == "side_only":
        return "our source gives no interval, so the difference may be chance"
    return ""


def peers_now(figures: Figures) -> pd.DataFrame:
    """Return the peers' rows of the period of each latest figure, the place's own among them."""
    rows = figures.of(figures.setting.choice.peers)
    now = pd.MultiIndex.from_frame(figures.latest[BY])
    return rows[pd.MultiIndex.from_frame(rows[BY]).isin(now)]


def ranks(figures: Figures) -> dict[str, Rank]:
    """Return where the place ranks among its peers, and between which ranks it may really lie."""
    place, choice = figures.setting.place.code, figures.setting.choice
    key = choice.peers, newest_periods(figures)
    ranked = figures.kept("ranks", key, lambda: _ranked(figures))
    found = {}
    for name, every in ranked.items():
        if place not in every.index:
            continue
        row = every.loc[place]
        found[name] = Rank(
            position=int(row["rank"]),
            of=int(row["of"]),
            alike=int(row["alike"]),
            among=choice.among,
            judged=figures.measured[name].indicator.polarity != "no_judgement",
            lowest=float(row["rank_best"]),
            highest=float(row["rank_worst"]),
            fifth=int(row["fifth"]) if row["fifth"] == row["fifth"] else None,
        )
    return found


def newest_periods(figures: Figures) -> tuple:
    """Return the period of the place's newest figure on each indicator, as a key."""
    return tuple(figures.latest[BY].itertuples(index=False, name=None))


def _ranked(figures: Figures) -> dict[str, pd.DataFrame]:
    """Return the rank and the fifth of every peer on each indicator, indexed by area."""
    found = {}
    for name, peers in peers_now(figures).groupby("series"):
        peers = peers.set_index("area_code")
        if len(peers) >= FEWEST_RANKED:
            polarity = figures.measured[name].indicator.polarity
            fifths = quantiles(peers["value"], polarity=polarity, count=FIFTHS)
            found[str(name)] = rank_intervals(peers, polarity=polarity).assign(
                fifth=fifths["quantile"].where(fifths["of"] >= FEWEST_IN_FIFTHS),
                alike=peers.groupby("value")["value"].transform("size"),
            )
    return found


def in_numbers(figures: Figures, beside: Mapping[str, Comparison]) -> dict[str, People]:
    """Return each difference from the comparator as people, on the newest and the oldest base."""
    found = {}
    for name, comparison in beside.items():
        limits = comparison.difference_lower, comparison.difference_upper
        people = people_in(figures, name, (comparison.difference, *limits))
        if people is not None:
            found[name] = people
    return found


def people_in(figures: Figures, name: str, difference: tuple[float, float, float]) -> People | None:
    """Return a difference and its limits, in an indicator's unit, as people of the place.

    None where the indicator is not about a share or rate of people, or they are not known.
    """
    indicator = figures.measured[name].indicator
    if indicator.people is None or difference[0] != difference[0]:
        return None
    bases = figures.setting.people(indicator)
    if figures.setting.place.code not in bases.index:
        return None
    return _people(indicator, difference, bases.loc[figures.setting.place.code].dropna())


def _people(indicator, difference: tuple[float, float, float], own: pd.Series) -> People:
    counted = in_people(*difference, own.to_numpy(), per=indicator.per)
    words = [f"{indicator.people.words}, mid-{year}" for year in own.index]
    newest = counted.iloc[-1]
    older = (float(counted["people"].iloc[0]), words[0], float(own.iloc[0]))
    return People(
        count=float(newest["people"]),
        lower=float(newest["people_lower"]),
        upper=float(newest["people_upper"]),
        base=words[-1],
        size=float(own.iloc[-1]),
        older=older if len(own) > 1 else None,
        rounding=0.5 * 10.0**-indicator.decimals * float(own.iloc[-1]) / indicator.per,
    )
