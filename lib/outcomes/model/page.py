"""Page, run: what is asked for."""

import re
from calendar import monthrange
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from outcomes.model.base import AreaCode, Identifier, Strict, Text

PAGE_MIME = "application/vnd.outcomes.page+json"
"""The kind of output in which a notebook signs what it reported on; the runner reads it."""

QUARTER = r"(\d{4})(?:/(\d\d) |-)Q([1-4])"
"""2026-Q2 is a quarter of the calendar year, 2026/27 Q1 of the financial year: both end in June."""


def as_of_day(value: object) -> object:
    """Return the ISO date that a day or a quarter means; a quarter is its last day.

    Raises
    ------
    ValueError
        If a text is neither, or the date does not exist.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str) or not value.strip():
        return "" if value is None else value
    text = value.strip()
    if match := re.fullmatch(QUARTER, text):
        year, month = int(match[1]), int(match[3]) * 3
        if match[2]:
            if int(match[2]) != (year + 1) % 100:
                raise ValueError(f"{text!r} is not a quarter such as 2026-Q2 or 2026/27 Q1")
            year, month = (year + 1, 3) if month == 12 else (year, month + 3)
        return date(year, month, monthrange(year, month)[1]).isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(
            f"{text!r} is not a day such as 2026-06-30 or a quarter such as 2026-Q2 or 2026/27 Q1"
        ) from None


AsOf = Annotated[str, BeforeValidator(as_of_day, json_schema_input_type=str)]
"""The ISO date of the day whose knowledge a page shows, or empty for the newest."""


class Page(Strict):
    """One outcome, for one locality, beside one comparator. The unit that is made and signed."""

    framework: Identifier = Field(description="a file in parameters/frameworks, without .yml")
    outcome: Identifier = Field(description="an outcome's id, or 'overview' for all of them")
    locality: AreaCode = Field(description="a nine-character code in parameters/places.yml")
    comparator: Identifier = Field(description="a name in parameters/comparators.yml")
    as_of: AsOf = Field("", description="a day or a quarter: only what was known then is shown")

    @property
    def day(self) -> date | None:
        """The day whose knowledge the page shows, or None for the newest."""
        return date.fromisoformat(self.as_of) if self.as_of else None


class RunRequest(Strict):
    """A set of pages to make, as a file in parameters/runs says it."""

    title: Text
    framework: Identifier
    outcomes: Literal["all"] | tuple[Identifier, ...] = "all"
    localities: tuple[AreaCode, ...] = Field(min_length=1)
    and_places_within: bool = Field(False, description="true adds the places within each locality")
    comparators: tuple[Identifier, ...] = Field(min_length=1)
    overviews: bool = Field(True, description="true adds a page of all outcomes for each locality")
    evidence: bool = Field(True, description="true adds the page on evidence for each locality")
    services: bool = Field(False, description="true adds the page on services for each locality")
    as_of: AsOf = Field("", description="a day or a quarter: only what was known then is shown")
