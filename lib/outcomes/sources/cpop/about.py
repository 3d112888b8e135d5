"""What the publisher says of each indicator, and the description of every series made of it."""

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from outcomes.sources.cpop.counts import LATEST
from outcomes.sources.cpop.tables import METADATA, RATES, VALUES
from outcomes.sources.reading import text_frame
from outcomes.sources.settle import series_rows

URL = "https://github.com/Improvement-Service/CPOP"
POLARITY = {"Yes": "higher_is_better", "No": "lower_is_better"}
UNITS = {
    "%": ["Child Poverty", "Participation Rate", "Positive Destinations", "Out of Work Benefits"]
    + ["Employment Rate", "Healthy Birthweight", "Primary 1 Body Mass Index"]
    + ["Business Survival", "Fuel Poverty"],
    "per 10,000": ["Crime Rate"],
    "per 100,000": ["Dwelling Fires", "Emergency Admissions", "Early Mortality"]
    + ["Unplanned Hospital Attendances"],
    "£ a week": ["Median Earnings"],
    "tonnes a head": ["Carbon Emissions"],
    "score": ["Attainment"],
    "score from 0 to 10": ["Well-being"],
    "index, base 100": ["Fragility", "Depopulation"],
}
DATASETS = {
    "profile": ("{}", ""),
    "CPPcleandata": (
        "{} (CPPcleandata.csv)",
        "This file and the workbook of councils have different figures, and neither says which is "
        "the later; the workbook's are in cpop/profile.",
    ),
    "zones": (
        "{} in intermediate zones",
        "Not measured as for councils, whose figures are in cpop/profile.",
    ),
    "data-zones": (
        "{} in data zones, latest",
        "The file prints no year: it is told from figures that have one.",
    ),
    "counts": (
        "{} from counts",
        "Counts of a financial year over the population of the year in which it starts.",
    ),
    "income": ("{}", "The file prints no year: it is told from the populations."),
    "inequality": (
        "Inequality in {}",
        "0 where both are spread alike, 1 or -1 at most; positive is worse for deprived zones. "
        "Early Mortality and Scotland come from other calculations.",
    ),
}
"""Title and caveat of the series of each dataset."""
DEFINITIONS = {
    "zones/Crime Rate": "Crimes per 10,000 people.",
    "counts/Child Poverty": "Children in low-income households, out of all aged 0 to 15.",
    "counts/Out of Work Benefits": "Claimants, out of the working-age population.",
    "counts/Crime Rate": "Crimes per 10,000 people.",
    "income/Income deprived": "People who are income deprived, out of all people.",
}
"""Of series that the publisher's definition of the indicator does not fit."""
CAVEATS = {
    "CPPcleandata/Child Poverty": "The workbook's figures go with those of the zones and with the "
    "published counts; the ones here come nearest to the workbook's of the year before.",
    "zones/Crime Rate": "They are below the councils' by a share that differs from council to "
    "council; the latest go with the data zones' SIMD crimes.",
    "zones/Early Mortality": "They vary less from year to year than single years of a zone could, "
    "so they look pooled; the publisher does not say over which years.",
    "counts/Out of Work Benefits": "Claimants are the mean of four quarters.",
    "counts/Crime Rate": "Crimes are no whole numbers, and their year is not printed: they are "
    "taken for those of the financial year that starts in the population's.",
}


def read_indicators(folder: Path) -> pd.DataFrame:
    """Return what the publisher says of each indicator of councils.

    Index: the indicator. Columns full_name, definition, source, span (the years that the figures
    are of, as printed), polarity and years: how many are pooled. A figure that is pooled bears the
    label of its last year.

    Raises
    ------
    DataError
        If a file is missing, cut short or without a column.
    """
    what = "figures of councils"
    names = _by_indicator(folder / VALUES, ["IndicatorFullName"], what)["IndicatorFullName"]
    names = names.str.replace(r" \(%\)$|, per [\d,]+$", "", regex=True)
    judged = _by_indicator(folder / RATES, ["High is Positive"], what)["High is Positive"]
    columns = {"Definition": "definition", "Raw Time-Period": "span", "Source": "source"}
    said = _by_indicator(folder / METADATA, [*columns], "definitions").rename(columns=columns)
    keys = [name if name in said.index else full for name, full in names.items()]
    found = said.reindex(keys)[list(columns.values())].set_axis(names.index).fillna("")
    found = found.apply(lambda texts: texts.str.split().str.join(" "))
    return found.assign(
        full_name=names,
        polarity=judged.map(POLARITY).reindex(names.index).fillna(""),
        years=found["span"].map(_pooled),
    )


def _by_indicator(path: Path, columns: list[str], what: str) -> pd.DataFrame:
    """Return columns of a file from the first row of each indicator."""
    frame = text_frame(path, columns=("Indicator", *columns), what=what)
    return frame.drop_duplicates("Indicator").set_index("Indicator")


def _pooled(span: str) -> int:
    """Return how many years are pooled, from a span such as '2008/09-2010/11 to ...'."""
    match = re.match(r"(\d{4})/\d\d\s*-\s*(\d{4})/\d\d\s+to\b", span)
    return int(match[2]) - int(match[1]) + 1 if match else 1


def describe(series: Iterable[str], indicators: pd.DataFrame) -> pd.DataFrame:
    """Return a row of SERIES_COLUMNS for each series.

    Parameters
    ----------
    series : iterable of str
        Ids such as 'cpop/profile/Crime Rate'.
    indicators : pandas.DataFrame
        As `read_indicators` returns it.
    """
    ids = list(series)
    twice = {series_id.split("/")[2] for series_id in ids if "/CPPcleandata/" in series_id}
    rows = [_describe(*series_id.split("/", 2)[1:], indicators, twice) for series_id in ids]
    return series_rows(pd.DataFrame(rows))


def _describe(dataset: str, measure: str, indicators: pd.DataFrame, twice: set[str]) -> dict:
    known = measure in indicators.index and dataset != "inequality"
    about = indicators.loc[measure] if known else pd.Series("", index=indicators.columns)
    title, caveat = DATASETS[dataset]
    caveats = [caveat, CAVEATS.get(f"{dataset}/{measure}", "")]
    if dataset == "profile" and measure in twice:
        caveats.append(f"{VALUES} has other figures: cpop/CPPcleandata/{measure}.")
    if dataset in ("profile", "CPPcleandata") and about["span"]:
        caveats.append(f"The publisher's years: {about['span']}.")
    source = about["source"].removeprefix("Provided directly by ")
    return {
        "series": f"cpop/{dataset}/{measure}",
        "title": title.format(about["full_name"] or measure),
        "definition": _definition(dataset, measure, about["definition"]),
        "unit": _unit(dataset, measure),
        "publisher": f"Improvement Service ({source})" if source else "Improvement Service",
        "url": URL,
        "caveats": " ".join(filter(None, caveats)),
        "polarity": about["polarity"],
    }


def _definition(dataset: str, measure: str, publishers: str) -> str:
    if dataset == "data-zones":
        return next(heading for heading, (of, _) in LATEST.items() if of == measure)
    if dataset == "inequality":
        return (
            "How differently income-deprived people and others are spread over zones sorted by it"
        )
    return DEFINITIONS.get(f"{dataset}/{measure}", publishers)


def _unit(dataset: str, measure: str) -> str:
    if dataset in ("income", "inequality"):
        return "%" if dataset == "income" else "index from -1 to 1"
    return next((unit for unit, measures in UNITS.items() if measure in measures), "")
