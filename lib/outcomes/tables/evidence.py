"""What is missing and where figures come from, as tables."""

import pandas as pd

from outcomes.model import Baseline, Framework, OpenGap
from outcomes.tables.table import Table


def table_gaps(gaps: tuple[OpenGap, ...], *, caption: str) -> Table:
    """Return a row a gap: the indicator, why there is no figure, what would close it."""
    return Table(
        caption,
        pd.DataFrame(
            [(gap.title, gap.wording, gap.why, gap.action) for gap in gaps],
            columns=[
                "Indicator",
                "In the framework's words",
                "Why there is no figure",
                "What would close the gap",
            ],
        ),
    )


def table_sources(baseline: Baseline) -> Table:
    """Return a row a measure: publisher and series, dates of publication and reading, licence."""
    rows = [
        (
            f"{position.indicator.title} ({position.number})",
            f"{position.source.publisher}: {position.source.title}",
            position.source.published or "not stated",
            position.source.read_on,
            position.source.licence,
        )
        for position in baseline.positions
    ]
    columns = ["Indicator (number in the framework)", "Source", "Published", "Read on", "Licence"]
    return Table("Where each figure comes from", pd.DataFrame(rows, columns=columns))


def table_council_measures(framework: Framework) -> Table:
    """Return the whole-council performance measures, which are never mixed with indicators."""
    return Table(
        "Whole-council performance measures, from residents' surveys",
        pd.DataFrame(
            [
                (measure.wording.replace("{area}", framework.area), "No figure", measure.gap)
                for measure in framework.council_measures
            ],
            columns=["Measure", "Latest", "What would give it a figure"],
        ),
    )
