"""JSON Schemas of the files in parameters/, so that editors complete and check what is typed."""

import json
from typing import Any

from pydantic import TypeAdapter

from outcomes.model import (
    Comparator,
    Framework,
    Identifier,
    Indicator,
    Places,
    RunRequest,
    StoreSettings,
)

KINDS: dict[str, Any] = {
    "framework": Framework,
    "indicators": dict[Identifier, Indicator],
    "places": Places,
    "comparators": dict[Identifier, Comparator],
    "store": StoreSettings,
    "run": RunRequest,
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
