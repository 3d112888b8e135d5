"""Each indicator of an outcome has a series in the store, or it is a gap with an action."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from outcomes.model import Indicator, OpenGap, Outcome, Series, StoreSettings

NOT_YET = {
    "why": "No version of its series that was out by then is held.",
    "action": "A later page shows it.",
}
"""What is said of a gap on a page as of a day before the series' first version."""


@dataclass(frozen=True)
class Measured:
    """An indicator with the series that gives its figures, where it stands in the framework."""

    number: str
    basket: str
    indicator_id: str
    indicator: Indicator
    series: Series
    proxy: str = ""
    """Why it may stand in for what cannot be measured yet; empty if it is no proxy."""


def coverage(
    outcome: Outcome,
    indicators: dict[str, Indicator],
    settings: StoreSettings,
    held: Collection[str],
    later: Collection[str] = (),
) -> tuple[list[Measured], list[OpenGap]]:
    """Return what has figures in a store and what is missing, in the framework's order.

    Parameters
    ----------
    outcome : Outcome
    indicators : dict of Indicator
        Every indicator by id.
    settings : StoreSettings
        The store's own series stand before those of the indicators' definitions.
    held : collection of str
        The series ids that the store holds.
    later : collection of str
        Those that it holds now, but that were not known on the page's day.

    Returns
    -------
    measured : list of Measured
        A basket gives one for each of its members.
    gaps : list of OpenGap
        An indicator with no series at all, or whose series is not in the store.
    """
    measured: list[Measured] = []
    gaps: list[OpenGap] = []
    for entry in outcome.entries:
        for indicator_id, basket in flat(entry.indicator, indicators):
            indicator = indicators[indicator_id]
            series = indicator.series
            if indicator_id in settings.series:
                # The caveats speak of the series in the indicator's definition, not of this one.
                series = settings.series[indicator_id]
                indicator = indicator.model_copy(update={"caveats": ()})
            if series and series.id in held:
                about = (entry.number, basket, indicator_id, indicator, series)
                measured.append(Measured(*about, proxy=entry.proxy or ""))
            else:
                gap = _gap(entry.number, entry.wording, indicator, series)
                gaps.append(replace(gap, **NOT_YET) if series and series.id in later else gap)
    return measured, gaps


def flat(indicator_id: str, indicators: dict[str, Indicator]) -> Iterator[tuple[str, str]]:
    """Yield an indicator and "", or each member of a basket and the basket's title."""
    indicator = indicators[indicator_id]
    if not indicator.members:
        yield indicator_id, ""
    for member in indicator.members:
        yield member, indicator.title


def _gap(number: str, wording: str, indicator: Indicator, series: Series | None) -> OpenGap:
    if series is None:
        why, action = indicator.gap.why, indicator.gap.action
    else:
        why = f"The series {series.id} has not been loaded."
        action = f"Add the publisher's files: outcomes data add {series.id.split('/')[0]} PATH."
    return OpenGap(number, indicator.title, wording, why, action)
