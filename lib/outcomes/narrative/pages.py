"""What a whole page says first: the few sentences that a busy reader takes away."""

from collections.abc import Iterable

from outcomes.errors import listed
from outcomes.model import Baseline, Outcome, Overview, PlaceGap, Position
from outcomes.narrative.words import MANY, lower_first

MOST = 6
"""How many sentences a headline has at most."""
COURSES = {"getting_worse": "getting worse", "improving": "getting better"}
BEHIND = {
    (-1, -1): "falling behind {}",
    (-1, 1): "losing its lead over {}",
    (1, -1): "catching up with {}",
}
"""Which way a place moves beside its comparator, and on which side it now is: 1 is good."""
MOVING = ("closing", "widening", "reversed")
STEPPED = "off its earlier course"
GAPS = {"widening": "widening", "reversed": "turned round", "closing": "closing"}
"""What a headline says of a trend, a step and a gap; the worse comes first."""


def say_headline(baseline: Baseline) -> list[str]:
    """Return at most six sentences on one outcome, the most important ones first.

    Coverage; what is worse and better; what moves over time; whether gaps close; what is missing;
    and, where there is room, what is unclear.
    """
    shown = [position for position in baseline.positions if position.latest]
    sentences = [
        _say_coverage(baseline, shown),
        *_say_sides(baseline, shown),
        _say_courses(shown, baseline.comparator_label),
        _say_closing(baseline.positions),
        _say_missing(baseline),
        _say_unclear(shown, baseline.comparator_label),
    ]
    return [words for words in sentences if words][:MOST]


def _say_sides(baseline: Baseline, shown: list[Position]) -> list[str]:
    found = {verdict: _titles(shown, verdict, tested=True) for verdict in ("worse", "better")}
    if shown and not any(found.values()):
        return [_say_nothing_clear(baseline, shown)]
    return [
        f"Clearly {verdict} than {baseline.comparator_label}: {listed(titles, most=MANY)}."
        for verdict, titles in found.items()
        if titles
    ]


def _say_courses(shown: list[Position], whom: str) -> str:
    """Return what gets worse or better, falls behind or catches up, or left its course at once."""
    beside = {course: words.format(whom) for course, words in BEHIND.items()}
    groups = {words: [] for words in (*COURSES.values(), *beside.values(), STEPPED)}
    for position in shown:
        trend, title = position.standing.trend, lower_first(position.indicator.title)
        if trend and trend.judged in COURSES:
            groups[COURSES[trend.judged]].append(title)
        apart = position.standing.apart
        if apart and (course := _beside(position, apart)) in beside:
            groups[beside[course]].append(title)
        if position.stepped_lately:
            groups[STEPPED].append(f"{title} (since {position.standing.step.at})")
    return _say_groups("Over time", groups)


def _beside(position: Position, apart: PlaceGap) -> tuple[int, int]:
    """Return which way a place moves beside its comparator and where it now is; 0 if not known."""
    good = {"higher_is_better": 1, "lower_is_better": -1}.get(position.indicator.polarity, 0)
    sizes = apart.over_time["size"].dropna()
    if apart.verdict not in MOVING or sizes.empty or apart.slope != apart.slope:
        return 0, 0
    ends = (float(apart.slope), float(sizes.iloc[-1]))
    way, now = (good * ((end > 0) - (end < 0)) for end in ends)
    return way, now


def _say_closing(positions: Iterable[Position]) -> str:
    groups = {words: [] for words in GAPS.values()}
    for position in positions:
        for gap in position.standing.gaps:
            if gap.verdict in GAPS:
                title = lower_first(position.indicator.title)
                groups[GAPS[gap.verdict]].append(f"{title} (between {gap.label})")
    return _say_groups("Gaps", groups)


def _say_groups(start: str, groups: dict[str, list[str]]) -> str:
    said = [f"{words}: {listed(names, most=MANY)}" for words, names in groups.items() if names]
    return f"{start}, {'; '.join(said)}." if said else ""


def _say_missing(baseline: Baseline) -> str:
    if not baseline.gaps:
        return ""
    titles = "; ".join(lower_first(gap.title) for gap in baseline.gaps[:MANY])
    if len(baseline.gaps) > MANY:
        titles += f"; and {len(baseline.gaps) - MANY} more"
    return f"We hold no figures yet on: {titles}."


def _say_coverage(baseline: Baseline, shown: list[Position]) -> str:
    place, measures = baseline.place.name, len(baseline.positions) + len(baseline.gaps)
    if not baseline.outcome.entries:
        return "No indicators have been chosen for this outcome yet, so nothing can be shown."
    one = measures == 1
    if not shown:
        whole = "the one indicator" if one else f"any of the {measures} indicators"
        return (
            f"We hold no figure for {whole} of this outcome in {place} yet. This page says what is "
            "missing and what would close each gap."
        )
    some = f"{len(shown)} of the {measures} indicators of this outcome "
    some += "has" if len(shown) == 1 else "have"
    return f"{'The one indicator of this outcome has' if one else some} a figure for {place}."


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
    same = sum(p.comparison.verdict == "equal" for p in untested)
    better = sum(p.comparison.verdict == "better" for p in untested)
    worse = sum(p.comparison.verdict == "worse" for p in untested)
    parts = []
    if similar:
        parts.append(f"{similar} {'is' if similar == 1 else 'are'} similar to {whom}")
    if same:
        parts.append(
            f"{same} {'is' if same == 1 else 'are'} the same as {whom}, to the precision shown"
        )
    if better or worse:
        parts.append(
            f"{better or 'none'} {'lies' if better < 2 else 'lie'} on the better and "
            f"{worse or 'none'} on the worse side of {whom}, but without an interval we "
            "cannot say whether that is more than chance"
        )
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _titles(shown: list[Position], verdict: str, *, tested: bool) -> list[str]:
    return [
        lower_first(position.indicator.title)
        for position in shown
        if position.comparison
        and (position.comparison.verdict, position.comparison.tested) == (verdict, tested)
    ]


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
    """Return one to four sentences on all outcomes of a place together."""
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
            f"We hold no figures for {gaps} of the indicators; each is listed with what would close the "
            "gap."
        )
    inside = sum(p.latest is None and p.within["value"].notna().any() for p in every.values())
    if inside:
        sentences.append(
            f"For {inside} more, only places within {name} have figures, and not {name} as a whole."
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
    """Return how to read the page, a subject an entry, and last the version of the data."""
    return [*METHODS, f"{MISSING} Version of the figures: {baseline.data_version}."]


METHODS = (
    "A 95% interval shows how far chance alone could move a figure: were it measured again and "
    "again, about 95 in 100 such intervals would hold the true figure. Intervals come from the "
    "publisher. Where only the numbers behind a figure are published, the interval is worked out "
    "from those.",
    "Better or worse is said without a qualification only where the difference is more than "
    "chance. Where both figures have an interval, the difference itself is tested; where only the "
    "place has one, the whole of it must lie on one side of the comparator's figure, and the "
    "comparator's own uncertainty is not counted. Where our source gives no interval we say on which "
    "side the figure lies, and that it was not tested. Differences are worked out before rounding.",
    "Chance alone makes about 5 in 100 differences look real at the usual level of 95%, and about "
    "2 in 1,000 at the stricter level of 99.8%.",
    "Ranks use areas of the same kind that have a figure for the same period. Close ranks are "
    "often chance, so the ranks between which a place may really lie are given where it has an "
    "interval. Figures for areas that no longer exist are left out. A fifth is one of "
    "five groups of the ranked areas, as equal as can be; it is named where there are ten or more.",
    "A difference in people is the difference in the figures, put on the number of people it is "
    "about, and rounded.",
    "A trend is named only where it is more than chance. Where figures have intervals, a straight "
    "line through the newest five is tested by the rule of OHID Fingertips; elsewhere we test "
    "whether later figures of the last ten years tend to be higher or lower than earlier ones. "
    "Figures that share years are tested as such.",
    "A step is a sudden change of level beyond a steady trend. The search looks at every period "
    "and says how often it finds a step where there is none.",
    "A control chart shows ordinary variation: the average, and limits 2.66 times the average move "
    "from one figure to the next on either side. A figure is special outside these limits, in a "
    "run of seven going one way or on one side of the average, or where two of three neighbours "
    "lie close to the same limit.",
    "The spread shows all areas that a place ranks among. They draw together or apart only if the "
    "spread of the same areas changes over time by more than chance.",
    "A gap is called closing or widening only if its own trend is more than chance, and it "
    "stands beside the overall figure where there is one. A gap between places is how far a typical place lies from "
    "their average. Larger places count for more where their population is known, and what chance "
    "adds is taken off where intervals are published.",
)
"""How to read a page, a subject an entry."""
MISSING = (
    "A missing figure is never counted as zero, and an area's figure is never used for a place "
    "within it."
)
