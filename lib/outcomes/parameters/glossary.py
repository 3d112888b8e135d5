"""Reads a council's words for the three ideas, and what people decided about wordings."""

import re
from datetime import UTC, datetime

import yaml

from outcomes import paths
from outcomes.errors import ParameterError
from outcomes.model.performance import KINDS as MEASURE_KINDS
from outcomes.model.wording import Glossary, Kind, LastWord, LastWords, Verdict, quantities
from outcomes.parameters import names
from outcomes.parameters.library import Parameters
from outcomes.parameters.yaml_files import read_model

LIBRARY = "indicators"
"""The file of decisions on indicators' own titles, which belong to no framework."""
SAY = "SAY"
"""What stands where a person has to write something."""
PLACES = {"outcome": "outcomes.", "indicator": "", "performance_measure": "measures."}
"""What stands before the key of a decision."""


def read_glossary(parameters: Parameters) -> Glossary:
    """Return what parameters/glossary.yml holds."""
    return read_model(parameters.folder / "glossary.yml", Glossary)


def read_last_words(parameters: Parameters, name: str) -> dict[str, LastWord]:
    """Return the decisions on the wordings of a framework, or of `indicators`, by key; or none.

    Raises
    ------
    ParameterError
        If the file names a wording that there is not.
    """
    path = parameters.folder / "wording" / f"{name}.yml"
    if not path.exists():
        return {}
    found = read_model(path, LastWords).items
    names.require_known(found, _keys(parameters, name), paths.shown(path), "wording")
    return found


def check_wordings(parameters: Parameters) -> str:
    """Return a line on the glossary and the decisions, all checked, for `outcomes check`.

    Raises
    ------
    ParameterError
        If a file of decisions belongs to no framework, or an indicator serves no outcome.
    """
    words = read_glossary(parameters).words
    decided = 0
    for path in sorted((parameters.folder / "wording").glob("*.yml")):
        if path.stem != LIBRARY:
            names.require_framework(parameters, path.stem, paths.shown(path))
        decided += len(read_last_words(parameters, path.stem))
    require_outcomes(parameters)
    return f"glossary: {len(words)} words for three ideas; decided by people: {decided}"


def require_outcomes(parameters: Parameters) -> None:
    """Raise ParameterError unless every indicator serves an outcome, by itself or in a basket."""
    serving = {
        name for f in parameters.framework_ids() for name in parameters.framework(f).indicator_ids()
    }
    for name, indicator in parameters.indicators.items():
        baskets = [i for i in serving if name in parameters.indicators[i].members]
        if name not in serving and not baskets:
            raise ParameterError(
                f"parameters/indicators: {name} ({indicator.title!r}) serves no outcome; an indicator "
                "needs one: enter it under an outcome of a file in parameters/frameworks, or remove it"
            )


def _keys(parameters: Parameters, name: str) -> list[str]:
    if name == LIBRARY:
        return list(parameters.indicators)
    outcomes = parameters.framework(name).outcomes
    return [
        *(f"outcomes.{outcome.id}" for outcome in outcomes),
        *(f"statements.{s.id}" for outcome in outcomes for s in outcome.statements),
        *(f"entries.{entry.number}" for outcome in outcomes for entry in outcome.entries),
    ]


def entry_text(text: str, kind: Kind, verdict: Verdict) -> str:
    """Return an entry in YAML for a wording, which the register takes; what is to be said is marked."""
    name = identifier(text)
    if kind == "outcome":
        values = [{"id": name, "number": 1, "short": text[:30].strip(), "title": text,
                   "question": f"{SAY}: the outcome as a resident would ask it"}]  # fmt: skip
        return _dumped(values)
    share = any(text[start:end].strip() in ("%", "Percentage") for start, end in quantities(text))
    if kind == "indicator":
        gap = {"kind": "no_measure_agreed", "why": f"{SAY}: why it has no figures yet",
               "action": f"{SAY}: what would give it figures"}  # fmt: skip
        values = {"title": text, "definition": f"{SAY}: what is counted, of whom",
                  "unit": "%" if share else f"{SAY}: what follows the number",
                  "value_type": "proportion" if share else "count",
                  "polarity": "no_judgement", "gap": gap}  # fmt: skip
    else:
        quadrant = (("better_off_percent" if share else "better_off_number") if verdict.end
                    else "how_well" if share else "how_much")  # fmt: skip
        values = {"title": text, "quadrant": quadrant, "kind": next(iter(MEASURE_KINDS[quadrant])),
                  "accountable": "provider", "unit": "%" if share else "", "figures": {}}  # fmt: skip
    return _dumped({name: values})


def decision_text(text: str, kind: Kind, reason: str, role: str) -> str:
    """Return a person's last word in YAML, of today, under the key that its wording has in its file."""
    last = LastWord(text=text, kind=kind, reason=reason, role=role, day=datetime.now(UTC).date())
    return _dumped({"items": {PLACES[kind] + identifier(text): last.model_dump()}})


def identifier(text: str) -> str:
    """Return a word in lower case, joined by underscores, from the first words of a text."""
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("%", " percent "))[:6]
    return re.sub(r"^(?=\d|$)", "x_", "_".join(words)).rstrip("_")


def _dumped(values: object) -> str:
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=90)
