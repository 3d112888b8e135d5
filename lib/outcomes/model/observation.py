"""Observation: one row of the tidy table, and the closed set of words for its status."""

OBSERVATION_KEY = ["series", "area_code", "period_start", "period_end", "group_kind", "group"]
"""What no two rows of the tidy table share, and the order in which they are kept."""

OBSERVATION_COLUMNS = (
    "series",
    "area_code",
    "period_start",
    "period_end",
    "period",
    "value",
    "lower",
    "upper",
    "numerator",
    "denominator",
    "status",
    "note",
    "group_kind",
    "group",
)
"""One row an observation. `period` is the printed label; the dates do the sorting.

`value`, `lower`, `upper`, `numerator`, `denominator` are floats; missing is NaN, never zero.
`lower` and `upper` are the published 95% limits. `series` is the publisher's; which indicator it
serves is said in the indicator's definition. `group_kind` and `group` are empty for everyone.
"""

SERIES_COLUMNS = (
    "series",
    "title",
    "definition",
    "unit",
    "publisher",
    "url",
    "published",
    "licence",
    "caveats",
    "polarity",
    "decimals",
)
"""One row a series: what the publisher says of it. `published` is an ISO date, or empty.

`licence` is empty where the source's entry in the register says it. `polarity` is one of the words
of `outcomes.model.Polarity`, or empty; `decimals` is a number, or missing.
"""

STATUSES = (
    "final",
    "provisional",
    "imputed",
    "modelled",
    "projected",
    "withheld_small_number",
    "not_available",
    "not_applicable",
)
"""Every status an observation can have. The last three come without a value."""

STATUS_WORDS = {
    "withheld_small_number": "withheld to protect people's privacy",
    "not_available": "not available from the publisher",
    "not_applicable": "not applicable here",
}
"""How a reader is told why there is no value."""
