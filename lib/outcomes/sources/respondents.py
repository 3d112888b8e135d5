"""A survey of residents, one row a respondent, as weighted shares of each question's answers.

The path is a file that describes the survey, `something.yml`, or a folder of them. A share's limits
allow for weighting and clustering; its denominator is the number of answers, unweighted.
"""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.errors import DataError, did_you_mean, ended, listed
from outcomes.model.survey import Question, Survey
from outcomes.parameters import read_model
from outcomes.parameters.csv_files import read_csv
from outcomes.paths import shown
from outcomes.sources.periods import read_periods, written_period
from outcomes.sources.reading import Reading, to_numbers
from outcomes.sources.settle import join, series_rows, tidy_rows
from outcomes.statistics.weighted import Design, WeightedShare, cells_to_withhold

NAME = "survey"
NEEDS_AREAS = True


def files(path: Path) -> list[Path]:
    """Return every file that `read` will read: the descriptions, and the tables that they name.

    Raises
    ------
    ParameterError
        If a description is missing or wrong.
    DataError
        If a folder holds none, or a table is missing.
    """
    described = _described(path)
    return [*described, *(at.parent / survey.file for at, survey in described.items())]


def hashes(path: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its name in the descriptions."""
    found = {at.name: at for at in _described(path)}
    found |= {survey.file: at.parent / survey.file for at, survey in _described(path).items()}
    return {name: hashlib.sha256(at.read_bytes()).hexdigest() for name, at in found.items()}


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return the weighted share of each question, by wave, area and group of residents.

    A share of fewer answers than the survey's least is withheld, with enough others that it cannot
    be had by subtraction. Nothing is left out silently: an answer that the description does not
    have is refused.

    Raises
    ------
    ParameterError
        If a description is wrong.
    DataError
        If a table cannot be read, or a wave, place, weight, answer or respondent is wrong; names
        the file, the line and the value.
    """
    known = pd.DataFrame(columns=["area_code", "area_name"]) if areas is None else areas
    return join(_one(at, survey, known) for at, survey in _described(path).items())


def _described(path: Path) -> dict[Path, Survey]:
    paths = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    if not paths:
        raise DataError(
            f"{shown(path)}: no description of a survey in it; expected a file such as "
            "residents.yml. docs/surveys.md says what stands in it. Nothing was added."
        )
    return {at: read_model(at, Survey) for at in paths}


def _one(at: Path, survey: Survey, areas: pd.DataFrame) -> Reading:
    place = at.parent / survey.file
    answers = {name: question.column for name, question in survey.questions.items()}
    optional = (survey.locality, survey.weight, survey.stratum, survey.cluster)
    headings = [survey.respondent, survey.wave, *filter(None, optional), *survey.groups.values()]
    columns = tuple(dict.fromkeys([*headings, *answers.values()]))
    what = f"a survey with a row for each respondent, as {shown(at)} describes it"
    raw = read_csv(place, columns, what=what, so="Nothing was added.")
    lines, raw = raw.index, raw.reset_index(drop=True)

    def refuse(wrong: pd.Series, heading: str, expected: str) -> None:
        if wrong.any():
            row = raw[wrong].iloc[0]
            raise DataError(
                f"{shown(place)}, line {lines[row.name]}: {heading} is {row[heading]!r}; expected "
                f"{ended(expected)} Nothing was added."
            )

    refuse(raw[survey.respondent] == "", survey.respondent, "the respondent's number")
    again = raw.duplicated([survey.respondent, survey.wave])
    refuse(again, survey.respondent, "each respondent once in a wave")
    periods = read_periods(written_period, raw[survey.wave])
    refuse(periods["period_start"].isna(), survey.wave, "a period such as 2024/25")
    for heading in filter(None, (survey.stratum, survey.cluster, *survey.groups.values())):
        refuse(raw[heading] == "", heading, "a word; for who did not say, 'not known'")
    weight = pd.Series(1.0, index=raw.index)
    if survey.weight:
        weight = to_numbers(raw[survey.weight])
        refuse(~(weight > 0), survey.weight, "a weight above 0")
    code = _localities(raw, survey, areas, refuse)
    counted = {
        name: _counted(question, raw[question.column], refuse)
        for name, question in survey.questions.items()
    }
    unanswered = [name for name, agrees in counted.items() if agrees is None]
    if unanswered:
        raise DataError(
            f"{shown(place)}: nobody answered {listed(map(repr, unanswered))}; check the headings, or "
            f"take what was not asked out of {shown(at)}. Nothing was added."
        )
    cells = _cells(raw, survey, code)
    found = []
    for _, wave in periods.groupby("period_start", sort=True):
        rows = wave.index
        design = _design(place, raw.loc[rows], survey, weight.loc[rows])
        for name, agrees in counted.items():
            found.append(
                _shares(
                    survey, name, wave.iloc[0], design, agrees[rows],
                    {cell: inside[rows] for cell, inside in cells.items()},
                )
            )  # fmt: skip
    tidy = pd.concat(found, ignore_index=True)
    read_now = len(raw) * len(answers)
    accounts = pd.DataFrame([(survey.id, read_now, read_now, 0, 0)],
                            columns=["dataset", "read", "kept", "duplicate", "rejected"])  # fmt: skip
    return Reading(observations=tidy, series=_series(survey), accounts=accounts)


def _counted(question: Question, given: pd.Series, refuse) -> np.ndarray | None:
    """Return 1 for who agrees, 0 for who does not, NaN for the others; None if all cells are blank."""
    words = [*question.agree, *question.others, *question.dont_know]
    refuse(
        ~given.isin(["", *words]),
        question.column,
        f"one of {listed(words)}, or blank for no answer",
    )
    meant = {word: question.counted(word) for word in ["", *words]}
    return given.map(meant).astype(float).to_numpy() if given.any() else None


def _localities(raw: pd.DataFrame, survey: Survey, areas: pd.DataFrame, refuse) -> pd.Series:
    """Return the area code of each respondent's locality; '' where the survey has none."""
    if not survey.locality:
        return pd.Series("", index=raw.index)
    inside = areas
    if "parents" in areas:
        within = areas["parents"].str.split().map(lambda codes: survey.area in codes)
        inside = areas[within & areas["end"].isna()]
    by_word = dict(zip(inside["area_name"].str.casefold(), inside["area_code"], strict=True))
    by_word |= {code.casefold(): code for code in inside["area_code"]}
    code = raw[survey.locality].str.casefold().map(by_word)
    strange = code.isna()
    hint = did_you_mean(raw[survey.locality][strange].iloc[0], inside["area_name"]) if (
        strange.any()) else ""  # fmt: skip
    refuse(strange, survey.locality, f"a place within {survey.area} that the store has{hint}")
    return code


def _cells(raw, survey: Survey, code: pd.Series) -> dict[tuple[str, str, str], np.ndarray]:
    """Return who is in each cell: (area, kind of group, group), area '' for the whole."""
    kinds = [("", "", pd.Series(True, index=raw.index))]
    for kind, heading in survey.groups.items():
        kinds += [(kind, word, raw[heading] == word) for word in sorted(raw[heading].unique())]
    places = [("", pd.Series(True, index=raw.index))]
    if survey.locality:
        places += [(one, code == one) for one in sorted(code.unique())]
    return {
        (area, kind, group): (here & among).to_numpy()
        for area, here in places
        for kind, group, among in kinds
    }


def _design(place: Path, rows: pd.DataFrame, survey: Survey, weight: pd.Series) -> Design:
    drawn = (rows[name].to_numpy() if name else None for name in (survey.stratum, survey.cluster))
    try:
        return Design(weight.to_numpy(), *drawn)
    except ValueError as error:
        wave = rows[survey.wave].iloc[0]
        raise DataError(f"{shown(place)}, {wave}: {error}. Nothing was added.") from None


def _shares(survey: Survey, name: str, period, design: Design, agrees, cells) -> pd.DataFrame:
    shares: dict[tuple[str, str, str], WeightedShare] = {
        cell: design.share(agrees, among=inside) for cell, inside in cells.items()
    }
    held = [cell for cell, share in shares.items() if share.answers]
    answers = np.array([shares[cell].answers for cell in held], dtype=float)
    agree = np.array([np.nansum(agrees[cells[cell]]) for cell in held])
    hidden = cells_to_withhold(held, answers, agree, least=survey.least_answers)
    rows = pd.DataFrame(
        [
            (area or survey.area, kind, group, one.share, one.lower, one.upper, one.answers)
            for area, kind, group in held
            for one in [shares[area, kind, group]]
        ],
        columns=["area_code", "group_kind", "group", "value", "lower", "upper", "denominator"],
    )
    figures = ["value", "lower", "upper"]
    rows[figures] *= 100
    rows.loc[hidden, [*figures, "denominator"]] = np.nan
    about = {key: period[key] for key in ("period_start", "period_end", "period")}
    status = np.where(hidden, "withheld_small_number", "final")
    held_rows = rows.to_dict("series")
    return tidy_rows({"series": _id(survey, name), **about, "status": status, **held_rows})


def _id(survey: Survey, name: str) -> str:
    return f"{NAME}/{survey.id}/{name}"


def _series(survey: Survey) -> pd.DataFrame:
    rows = []
    for name, question in survey.questions.items():
        unsure = ""
        if question.dont_know:
            how = "counted among the answers" if question.dont_know_counts else "left out"
            unsure = f" Those who do not know are {how}."
        rows.append(
            {
                "series": _id(survey, name),
                "title": question.title,
                "definition": "Weighted share of the residents who answered." + unsure,
                "unit": "%",
                "publisher": survey.publisher,
                "published": survey.published.isoformat() if survey.published else "",
                "licence": survey.licence,
                "polarity": "higher_is_better",
                "decimals": "1",
            }
        )
    return series_rows(pd.DataFrame(rows))
