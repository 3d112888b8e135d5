"""What is said of services: what they did for their customers. Never that it moved anything else."""

import pandas as pd

from outcomes.model.numbers import day_words, rounded
from outcomes.model.performance import CAUTION, PerformanceMeasure, ServiceResult, ServicesPage
from outcomes.model.words import capital
from outcomes.narrative.words import counted, few, joined

TWO_SIDES = (
    "Everyone who works for a place is accountable for how all its people fare. A provider is "
    "accountable for its own customers, and a commissioner for whether a service works and what it "
    "contributes."
)


def say_services(page: ServicesPage) -> list[str]:
    """Return what a busy reader takes away from a place's services."""
    if not page.services:
        return [
            f"No service of {page.overview.place.name} is described yet. Describe one in "
            "parameters/measures."
        ]
    flagged = [result.service.title for result in page.services if result.flags]
    count = capital(counted(len(page.services), "service"))
    are = "is" if len(page.services) == 1 else "are"
    said = [f"{count} {are} described for {page.overview.place.name}.", TWO_SIDES]
    if flagged:
        said.append(f"Something is to be looked at in {few(len(flagged))} of them: "
                    f"{'; '.join(flagged)}.")  # fmt: skip
    return said


def say_service(result: ServiceResult) -> str:
    """Return who provides a service to whom, and under which contract."""
    service = result.service
    return (
        f"Provided by: {service.provider}. For: {service.customer_group}. Contract: "
        f"{service.contract}. Who answers for whether it works: {service.commissioner}."
    )


def say_targets(result: ServiceResult) -> str:
    """Return how the newest figures stand beside the service's own targets; '' without a target."""
    said = []
    for line in result.lines:
        measure, newest = line.measure, line.newest()
        if measure.target is None or newest is None:
            continue
        short = newest["value"] - measure.target
        short = -short if measure.polarity == "lower_is_better" else short
        what = f"{measure.title} ({_with_best(measure, newest)}, target "
        what += f"{_of(measure, measure.target)})"
        low, high = newest[["value", "lower"]].min(), newest[["value", "best", "upper"]].max()
        if low < high and low <= measure.target <= high:
            said.append(f"{what}: no clear difference from the target")
        else:
            said.append(f"{what}: {'target reached' if short >= 0 else 'target missed'}")
    return f"Beside its targets: {'; '.join(said)}." if said else ""


def _of(measure: PerformanceMeasure, value: float) -> str:
    text = f"{rounded(value, measure.decimals):,.{measure.decimals}f}"
    return f"{text}%" if measure.unit == "%" else f"{text} {measure.unit}"


def say_follow_up(result: ServiceResult) -> str:
    """Return the newest year in which people were due: how many were followed up, and what is known."""
    table = result.follow_up
    if table.empty:
        return ""
    months = result.service.clients.follow_up_months
    known = table[~table["withheld_follow_up"] & (table["due"] > 0)]
    if known.empty:
        return f"No year has figures at {months} months that can be shown."
    whole = known[known["not_due"] == 0]
    row = (known if whole.empty else whole).iloc[-1]
    lost = (
        f"{few(int(row['lost']))} of them were not followed up"
        if row["lost"]
        else "all of them were followed up"
    )
    still = few(int(row["better_at_follow_up"]))
    said = (
        f"The records of clients go up to {day_words(result.service.clients.as_of)}. Of those "
        f"discharged in {row['period']}, {row['due']:,.0f} were due at {months} months, and {lost}."
    )
    if row["followed"]:
        said += (
            f" {capital(still)} of the {row['followed']:,.0f} who were followed up "
            f"were better off ({100 * row['of_followed']:.0f}%)."
        )
    if row["lost"]:
        said += (
            f" Out of all who were due it may be anything from {100 * row['worst']:.0f}% to "
            f"{100 * row['best']:.0f}%, depending on those who were not followed up."
        )
    waiting = f"{row['not_due']:,.0f} more were not due yet then." if row["not_due"] else ""
    return joined(said, waiting)


def say_reach(result: ServiceResult) -> str:
    """Return how large the service is beside the people whom it is meant for."""
    found = result.reach()
    concerned = result.service.people_concerned
    if concerned is None:
        return (
            "How many people the service is meant for is not known, so nobody can say what share of "
            "them it reached."
        )
    if found is None:
        return ""
    period, customers, share = found
    most = "fewer than" if share < 0.005 else "at most"
    many = f"about {100 * share:.0f} in 100" if share > 0.005 else "1 in 200"
    said = f", so it reached {most} {many} of them."
    if share > 1:
        said = ", fewer than that. The two numbers do not fit, so nobody can say what share it reached."
    return (
        f"In {period} the service had {customers:,.0f} customers. There are about "
        f"{concerned.number:,.0f} {concerned.who} ({concerned.source}){said}"
    )


def say_caution() -> str:
    """Return what a contribution view does not show."""
    return CAUTION


def describe_measure(result: ServiceResult, at: int) -> str:
    """Return the text alternative of the chart of one measure, by its place among the lines."""
    line = result.lines[at]
    known = line.figures.dropna(subset="value")
    first, last = (_with_best(line.measure, known.iloc[at]) for at in (0, -1))
    return f"{line.measure.title}, customers of {result.service.title} only: {first} and {last}."


def _with_best(measure: PerformanceMeasure, row: pd.Series) -> str:
    said = _of(measure, row["value"])
    if row["best"] > row["value"]:
        said = f"{said.removesuffix(f' {measure.unit}')} to {_of(measure, row['best'])}"
    return f"{said} in {row['period']}"
