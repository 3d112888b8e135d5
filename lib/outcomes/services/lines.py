"""The figures of each performance measure of a service, and what its reader must know."""

import re
from calendar import month_abbr

import numpy as np
import pandas as pd

from outcomes.errors import listed
from outcomes.model import DisclosureRule
from outcomes.model.performance import (
    BETTER_OFF,
    QUADRANTS,
    SO_FAR,
    MeasureLine,
    PerformanceMeasure,
    Service,
    ServiceResult,
    by_importance,
)
from outcomes.statistics.follow_up import follow_up, served, year_name
from outcomes.statistics.survey import percent_of_people

LEAST = DisclosureRule().threshold
FIGURES = ["period", "value", "best", "lower", "upper", "people", "word"]
WITHHELD = "withheld to protect people's privacy"
NOT_DUE = "not due yet"
COUNTED = {
    ("better_off", "discharge"): ("better_at_discharge", "", "", "discharged"),
    ("better_off", "follow_up"): ("better_at_follow_up", "", "", "due"),
    ("percent_better_off", "discharge"): (
        "at_discharge", "at_discharge_lower", "at_discharge_upper", "discharged",
    ),
    ("percent_better_off", "follow_up"): ("worst", "worst_lower", "best_upper", "due"),
}  # fmt: skip
"""The columns of `follow_up` that give a measure: value, limits, people.

At follow-up a percent is out of all who were due, so that nobody is dropped. It is, as the number is,
from `value`, if none of those who were lost is better off, to `best`, if all of them are. The limits
hold either way.
"""


def service_result(name: str, service: Service, clients: pd.DataFrame) -> ServiceResult:
    """Return a service's measures with their figures, the most important first.

    Parameters
    ----------
    name : str
    service : Service
    clients : pandas.DataFrame
        As `read_clients` returns it; empty for a service without a table of clients.
    """
    after, people = pd.DataFrame(), pd.DataFrame()
    if service.clients:
        as_of = pd.Timestamp(service.clients.as_of)
        about = {"as_of": as_of, "year_start": int(service.clients.year_start[:2])}
        after = follow_up(clients, months=service.clients.follow_up_months, least=LEAST, **about)
        people = served(clients, least=LEAST, **about)
        after["unfinished"] = after["period"] == _unfinished(**about)
        people["period"] = _so_far(people["period"], people["period"] == _unfinished(**about))
    lines = tuple(
        MeasureLine(
            name=measure,
            measure=service.measures[measure],
            accountable=service.answers(service.measures[measure]),
            figures=_figures(service.measures[measure], after, people),
        )
        for measure in by_importance(service.measures)
    )
    return ServiceResult(
        name=name,
        service=service,
        lines=lines,
        follow_up=after,
        flags=(*_empty(service, lines), *_disagreements(lines)),
    )


def _figures(measure: PerformanceMeasure, after, people) -> pd.DataFrame:
    if measure.figures is not None:
        typed = sorted(measure.figures.items(), key=lambda item: period_order(item[0]))
        rows = pd.DataFrame(typed, columns=["period", "value"])
        return rows.assign(word="").reindex(columns=FIGURES)
    if measure.from_clients.count == "served":
        word = np.where(people["value"].isna(), WITHHELD, "")
        return people.assign(word=word).reindex(columns=FIGURES)
    at = measure.from_clients.at
    value, lower, upper, whole = COUNTED[measure.from_clients.count, at]
    scale = 100 if measure.unit == "%" else 1
    missing = pd.Series(np.nan, index=after.index)
    hidden = after["withheld_discharge" if at == "discharge" else "withheld_follow_up"]
    rows = pd.DataFrame(
        {
            "period": _so_far(
                after["period"],
                after["unfinished"] | ((at == "follow_up") & (after["not_due"] > 0)),
            ),
            "value": after[value] * scale,
            "best": {
                "worst": after["best"] * scale,
                "better_at_follow_up": after["better_at_follow_up"] + after["lost"],
            }.get(value, missing),
            "lower": after[lower] * scale if lower else missing,
            "upper": after[upper] * scale if upper else missing,
            "people": after[whole],
        }
    )
    none_due = ~hidden & (rows["people"] == 0)
    rows.loc[none_due, ["value", "best"]] = np.nan
    return rows.assign(word=np.select([hidden, none_due], [WITHHELD, NOT_DUE], ""))


def period_order(period: str) -> tuple[str, int, list[int]]:
    """Return what periods sort by: the first year in the label, a month named in it, its numbers.

    So 2023/24 is before 2024, that before 2024/25, and March 2024 before April 2024. Other words, such
    as Autumn 2024, say nothing: such periods stay as they were typed.
    """
    year = re.search(r"\d{4}|(?<=-)\d\d$", period)
    month = re.search(rf"\b({'|'.join(month_abbr[1:])})", period, re.IGNORECASE)
    at = list(month_abbr).index(month[0].capitalize()) if month else 0
    return f"20{year[0]}"[-4:] if year else "", at, [int(n) for n in re.findall(r"\d+", period)]


def _unfinished(as_of: pd.Timestamp, year_start: int) -> str:
    """Return the year that had not ended when the table was drawn; '' if none."""
    after = as_of + pd.Timedelta(days=1)
    if (after.month, after.day) == (year_start, 1):
        return ""
    return year_name(as_of.year - (as_of.month < year_start), year_start)


def _so_far(period: pd.Series, unfinished: pd.Series) -> pd.Series:
    period = period.astype(str)  # without a row it is a column of objects
    return period.where(~unfinished, period + SO_FAR)


def _empty(service: Service, lines: tuple[MeasureLine, ...]) -> list[str]:
    """Return a flag for each quadrant without a measure, and each measure without a figure."""
    missing = service.missing()
    said = []
    if set(BETTER_OFF) <= set(missing):
        said.append(
            "No measure says whether anyone is better off. This question is required: agree on one "
            "with the provider, as a number and a percent of the same people."
        )
        missing = tuple(quadrant for quadrant in missing if quadrant not in BETTER_OFF)
    for quadrant in missing:
        title, rank = QUADRANTS[quadrant]
        said.append(f"The cell \N{LEFT SINGLE QUOTATION MARK}{title}\N{RIGHT SINGLE QUOTATION MARK} "
                    f"({rank}) is empty.")  # fmt: skip
    for line in lines:
        if line.figures["value"].isna().all():
            hidden = (line.figures["word"] == WITHHELD).any()
            why = f"every figure is {WITHHELD}" if hidden else "there is no figure yet"
            said.append(f"{line.measure.title}: {why}.")
    return said


def _disagreements(lines: tuple[MeasureLine, ...]) -> list[str]:
    """Return a flag for each period whose number and percent cannot be of the same people."""
    by_name = {line.name: line for line in lines}
    said = []
    for line in lines:
        if line.measure.people is None:
            continue
        held = [line, by_name[line.measure.people], by_name[line.measure.number]]
        each = [
            one.figures.drop_duplicates("period", keep="last").set_index("period") for one in held
        ]
        table = pd.concat([one["value"] for one in each], axis=1).set_axis(range(3), axis=1)
        whole = table.dropna()
        found = percent_of_people(*whole.to_numpy(float).T, decimals=line.measure.decimals)
        for period, row, check in zip(
            whole.index, whole.to_numpy(), found.itertuples(), strict=True
        ):
            if check.verdict == "differs":
                said.append(
                    f"{line.measure.title}, {period}: the number is given as {row[2]:,.0f} of "
                    f"{row[1]:,.0f} people, and the percent as "
                    f"{row[0]:.{line.measure.decimals}f}%: no rounding makes the two the same. Ask the "
                    "provider which of the three is wrong."
                )
        # How many were served is known of more years; what is withheld or not due has a word.
        alone = table[table[[0, 2]].notna().any(axis=1) & table.isna().any(axis=1)].index
        unsaid = [p for p in alone if not any(one["word"].get(p) for one in each)]
        if unsaid:
            said.append(
                f"{line.measure.title}: not checked for {listed(sorted(unsaid, key=period_order))}, as "
                f"not all of it, {held[1].measure.title} and {held[2].measure.title} have a figure. "
                "Give all three for the same periods."
            )
    return said
