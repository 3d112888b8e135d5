"""What a whole page says first: the few sentences that a busy reader takes away."""

from outcomes.errors import listed
from outcomes.model import Baseline, Outcome, Overview, Position

MANY = 5


def say_headline(baseline: Baseline) -> list[str]:
    """Return at most five sentences on one outcome: coverage, better, worse, unclear, missing."""
    place, whom = baseline.place.name, baseline.comparator_label
    shown = [position for position in baseline.positions if position.latest]
    sentences = [_say_coverage(baseline, shown)]
    for verdict in ("better", "worse"):
        found = _titles(shown, verdict, tested=True)
        if found:
            sentences.append(f"Clearly {verdict} than {whom}: {listed(found, most=MANY)}.")
    if shown and len(sentences) == 1:
        sentences.append(_say_nothing_clear(baseline, shown))
    unclear = _say_unclear(shown, whom)
    if unclear:
        sentences.append(unclear)
    if baseline.gaps:
        titles = [_lower_first(gap.title) for gap in baseline.gaps]
        sentences.append(
            f"We hold no figures yet, for {place} or anywhere else, on: "
            f"{listed(titles, most=MANY)}."
        )
    return sentences


def _say_coverage(baseline: Baseline, shown: list[Position]) -> str:
    place, measures = baseline.place.name, len(baseline.positions) + len(baseline.gaps)
    if not baseline.outcome.entries:
        return "No indicators have been chosen for this outcome yet, so nothing can be shown."
    if not shown:
        return (
            f"None of the {measures} measures of this outcome has an open figure for {place} yet. "
            "This page says what is missing and what would close each gap."
        )
    return (
        f"{len(shown)} of the {measures} measures of this outcome "
        f"{'has' if len(shown) == 1 else 'have'} a figure for {place}."
    )


def _say_nothing_clear(baseline: Baseline, shown: list[Position]) -> str:
    whom = baseline.comparator_label
    reasons = {position.comparison.reason for position in shown if position.comparison}
    untold = all(position.comparison.verdict == "not_compared" for position in shown)
    if untold and len(reasons) == 1:
        return f"Nothing is compared with {whom}: {reasons.pop()}."
    return f"None of them is shown to be better or worse than {whom}."


def _say_unclear(shown: list[Position], whom: str) -> str:
    similar = len(_titles(shown, "similar", tested=True))
    untested = [p for p in shown if p.comparison and not p.comparison.tested]
    better = sum(p.comparison.verdict == "better" for p in untested)
    worse = sum(p.comparison.verdict == "worse" for p in untested)
    parts = []
    if similar:
        parts.append(f"{similar} {'is' if similar == 1 else 'are'} similar to {whom}")
    if better or worse:
        parts.append(
            f"{better or 'none'} {'lies' if better < 2 else 'lie'} on the better and "
            f"{worse or 'none'} on the worse side of {whom}, but without a published interval we "
            "cannot say whether that is more than chance"
        )
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _titles(shown: list[Position], verdict: str, *, tested: bool) -> list[str]:
    return [
        _lower_first(position.indicator.title)
        for position in shown
        if position.comparison
        and (position.comparison.verdict, position.comparison.tested) == (verdict, tested)
    ]


def _lower_first(title: str) -> str:
    """Return a title as it stands in mid-sentence; one that begins with an acronym is kept."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def say_place(page: Baseline | Overview) -> str:
    """Return which place a page is about, what it lies in, and how many people live there."""
    names = [around.name for around in page.around]
    where = f" ({', '.join(names[:-1] or names)})" if names else ""
    if page.population is None:
        return f"{page.place.name}{where} has no population estimate here."
    people, year = page.population
    return (
        f"{page.place.name}{where} has about {round(people, -3):,.0f} people (mid-{year} estimate)."
    )


def say_overview(overview: Overview) -> list[str]:
    """Return one to three sentences on all outcomes of a place together."""
    # An indicator that serves several outcomes is counted once.
    every = {p.indicator_id: p for baseline in overview.baselines for p in baseline.positions}
    positions = [position for position in every.values() if position.latest]
    gaps = len({gap.title for baseline in overview.baselines for gap in baseline.gaps})
    whom, name = overview.comparator_label, overview.place.name
    better, worse = (len(_titles(positions, v, tested=True)) for v in ("better", "worse"))
    empty = [
        baseline.outcome.title
        for baseline in overview.baselines
        if not any(position.latest for position in baseline.positions)
    ]
    sentences = [
        f"Across {len(overview.baselines)} outcomes there are {len(positions)} figures for {name}; "
        f"{better or 'none'} {'is' if better < 2 else 'are'} clearly better and {worse or 'none'} "
        f"clearly worse than {whom}.",
    ]
    if gaps:
        sentences.append(
            f"For {gaps} of the indicators there are no open figures at all; each is listed with "
            "what would close the gap."
        )
    if empty:
        sentences.append(f"No figure for {name} at all under: {listed(empty)}.")
    return sentences


CERTAINTY = {
    "words_completed": "a word that is cut in the source was completed",
    "uncertain": "the wording is one reading of a damaged source",
}
"""What is said of an entry's wording where it is not simply as printed."""


def say_wording(outcome: Outcome) -> list[str]:
    """Return a sentence for each entry of an outcome whose wording is not certain."""
    return [
        f"{entry.number} {entry.wording}: {CERTAINTY[entry.certainty]}."
        for entry in outcome.entries
        if entry.certainty in CERTAINTY
    ]


def say_methods(baseline: Baseline | Overview) -> list[str]:
    """Return how to read the page: intervals, comparison, rank, and the version of the data."""
    return [
        "A 95% interval shows how far chance alone could move a figure: were it measured again and "
        "again, about 95 in 100 such intervals would hold the true figure. Intervals come from the "
        "publisher and are shown wherever one is published.",
        "Better or worse is said without a qualification only where the whole interval lies on one "
        "side of the comparator's figure; the comparator's own uncertainty is not counted. Where "
        "no interval is published we say on which side the figure lies, and that it was not "
        "tested. Differences are worked out before rounding.",
        "Ranks use areas of the same kind that have a figure for the same period. Close ranks are "
        "often chance. Figures for areas that no longer exist are left out.",
        f"A missing figure is never counted as zero, and an area's figure is never used for a "
        f"place within it. Version of the figures: {baseline.data_version}.",
    ]
