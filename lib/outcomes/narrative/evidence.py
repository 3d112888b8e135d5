"""The evidence for a place and its gaps in sentences."""

from outcomes.errors import listed
from outcomes.model import day_words
from outcomes.model.evidence import EvidencePage

MANY = 5


def say_evidence(page: EvidencePage) -> list[str]:
    """Return three to six sentences: how much evidence, how much of it soft or overdue, the gaps."""
    name, entries = page.overview.place.name, page.entries.values()
    if not entries:
        none = f"No evidence catalogue covers {name}, so only published series are counted here."
        return [none, *say_gaps(page)]
    soft = sum(entry.soft for entry in entries)
    kept = " It is printed here and never enters a calculation." if soft else ""
    sentences = [
        f"The catalogue for {name} has {_count(len(entries), 'piece')} of evidence; "
        f"{soft or 'none'} of them {'is' if soft < 2 else 'are'} soft, that is, what people said "
        f"or single cases.{kept}",
        *_say_overdue(page),
        *_say_none(page),
    ]
    return sentences + say_gaps(page)


def _say_overdue(page: EvidencePage) -> list[str]:
    if not page.overdue:
        return [f"None of it is overdue on {day_words(page.today)}."]
    titles = [page.entries[name].title for name, _ in page.overdue]
    start = f"{_count(len(titles), 'piece')} of evidence {'is' if len(titles) == 1 else 'are'}"
    order = "" if len(titles) == 1 else ", the longest first"
    late = listed(titles, most=MANY)
    return [f"{start} overdue on {day_words(page.today)}{order}: {late}."]


def _say_none(page: EvidencePage) -> list[str]:
    """Return which statements have no evidence in the catalogue, and which outcomes without any."""
    counts = page.matrix["entries"]
    by_outcome = counts.groupby(level="outcome").sum()
    without = []
    for baseline in page.overview.baselines:
        outcome = baseline.outcome
        wording = {s.id: s.wording for s in outcome.statements if s.status != "withdrawn"}
        without += [words for name, words in wording.items() if counts[outcome.id, name] == 0]
        if not wording and by_outcome[outcome.id] == 0:
            without.append(outcome.title)
    if not without:
        return []
    return [f"No evidence in the catalogue for: {listed(without, most=MANY)}."]


def say_gaps(page: EvidencePage) -> list[str]:
    """Return how many gaps are open, how many past due, and what contradicts itself."""
    still = [gap for gap in page.gaps if gap.is_open]
    late = [gap for gap in still if gap.past_due(page.today)]
    nobody = sum(not gap.owner for gap in still)
    if not still:
        return ["No gap is open.", *page.findings]
    sentence = f"{_count(len(still), 'gap')} {'is' if len(still) == 1 else 'are'} open"
    if late:
        sentence += f"; {len(late)} past due: {listed((gap.title for gap in late), most=MANY)}"
    owners = f"{nobody} of them {'has' if nobody == 1 else 'have'} no owner yet." if nobody else ""
    if nobody == len(still):
        owners = "None has an owner yet."
    return [" ".join(filter(None, [f"{sentence}.", owners])), *page.findings]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
