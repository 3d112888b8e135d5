"""JSON Schemas of the files in parameters/, so that editors complete and check what is typed."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from outcomes import paths
from outcomes.model import (
    Comparator,
    Framework,
    Identifier,
    Indicator,
    PageLayout,
    Places,
    RunRequest,
    Scenario,
    StoreSettings,
    Story,
    Targets,
)
from outcomes.model.ballot import BallotDefinition
from outcomes.model.choosing import IndicatorScores
from outcomes.model.crosswalk import Crosswalk
from outcomes.model.evidence import Catalogue, GapDecisions
from outcomes.model.partners import PartnerMap
from outcomes.model.performance import Service
from outcomes.model.programme import Programme
from outcomes.model.register import RegisterEntry
from outcomes.model.report import ReportLog
from outcomes.model.survey import Survey
from outcomes.model.wording import Glossary, LastWords

KINDS: dict[str, Any] = {
    "framework": Framework,
    "indicators": dict[Identifier, Indicator],
    "places": Places,
    "comparators": dict[Identifier, Comparator],
    "store": StoreSettings,
    "run": RunRequest,
    "source": RegisterEntry,
    "evidence": Catalogue,
    "gaps": GapDecisions,
    "pages": PageLayout,
    "story": Story,
    "targets": Targets,
    "scenario": Scenario,
    "scores": IndicatorScores,
    "crosswalk": Crosswalk,
    "service": Service,
    "survey": Survey,
    "partners": PartnerMap,
    "programme": Programme,
    "report": ReportLog,
    "ballot": BallotDefinition,
    "glossary": Glossary,
    "wording": LastWords,
}


def schemas() -> dict[str, str]:
    """Return the text of each schema by file name, such as 'framework.json'."""
    return {
        f"{name}.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **TypeAdapter(kind).json_schema(),
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
        for name, kind in KINDS.items()
    }


def write_schemas() -> list[Path]:
    """Write every schema into parameters/schemas and return the paths."""
    folder = paths.parameters_folder() / "schemas"
    folder.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in schemas()]
