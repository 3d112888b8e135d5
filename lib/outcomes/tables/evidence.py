"""What is missing and where figures come from, as tables."""

import pandas as pd

from outcomes.errors import listed
from outcomes.model import Baseline, OpenGap, day_words
from outcomes.model.evidence import Evidence, EvidencePage, RegisterGap
from outcomes.tables.table import Table

KIND_WORDS = {
    "administrative": "Administrative records",
    "census": "Census",
    "survey": "Survey",
    "assessment": "Assessment",
    "research": "Research",
    "feedback": "Feedback (soft)",
    "consultation": "Consultation (soft)",
    "case_study": "Case study (soft)",
}
GAP_WORDS = {
    "no_measure": "No figures",
    "soft_only": "Only soft evidence",
    "no_locality_level": "No figure at {} level",
    "no_comparator": "Nothing to compare with",
    "too_rare": "Too rare",
    "stale": "Out of date",
    "by_hand": "Added by hand",
}
LEVEL_WORDS = {
    "nation": "Nation",
    "region": "Regions",
    "county": "Counties",
    "district": "Districts",
    "smaller": "Smaller than a district",
}
NOT_STATED, NOT_DECIDED = "Not stated", "Not decided"


def table_gaps(gaps: tuple[OpenGap, ...], *, caption: str) -> Table:
    """Return a row a gap: the indicator, why there is no figure, what would close it."""
    rows = [(gap.title, gap.wording, gap.why, gap.action) for gap in gaps]
    columns = ["Indicator", "In the framework's words", "Why there is no figure"]
    columns += ["What would close the gap"]
    return Table(caption, pd.DataFrame(rows, columns=columns))


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


def table_catalogue(page: EvidencePage) -> Table:
    """Return a row an entry that gives figures or findings: what, whose, how often, how fine."""
    rows = [
        (
            entry.title,
            listed(page.serves[name]) or "No outcome of this framework",
            f"{KIND_WORDS[entry.kind]}, {_words(entry.frequency).lower()}",
            (entry.holder or NOT_STATED) + (f" ({entry.obtained})" if entry.obtained else ""),
            _last_and_next(entry, page.expected[name]),
            LEVEL_WORDS.get(entry.lowest_level, NOT_STATED),
            _remarks(entry),
        )
        for name, entry in page.entries.items()
        if not entry.soft
    ]
    columns = ["Evidence", "Serves", "Kind and how often", "Holder", "Last and next"]
    columns += ["Smallest areas", "Access and remarks"]
    return Table("Evidence that gives figures or findings", pd.DataFrame(rows, columns=columns))


def table_soft(page: EvidencePage) -> Table:
    """Return a row an entry of soft evidence: what it says, who holds it, when it was heard."""
    rows = [
        (
            e.title,
            KIND_WORDS[e.kind],
            e.holder or NOT_STATED,
            _day(e.last_date),
            e.says or NOT_STATED,
        )
        for e in page.entries.values()
        if e.soft
    ]
    columns = ["Evidence", "Kind", "Holder", "Date", "What it says"]
    return Table("Soft evidence: what people told us", pd.DataFrame(rows, columns=columns))


def table_overdue(page: EvidencePage) -> Table:
    """Return a row an entry whose next issue was expected before the page's day."""
    rows = [
        (entry.title, entry.holder or NOT_STATED, _day(entry.last_date), day_words(day))
        for entry, day in ((page.entries[name], day) for name, day in page.overdue)
    ]
    columns = ["Evidence", "Holder", "Last", "Next was expected by"]
    caption = f"Evidence that is overdue on {day_words(page.today)}"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def table_coverage(page: EvidencePage) -> Table:
    """Return a row an outcome and a statement: how many entries of each kind serve it.

    An outcome that has statements has a row of its own only for evidence that names none of them.
    """
    short, words = {}, {}
    for baseline in page.overview.baselines:
        outcome = baseline.outcome
        short[outcome.id] = outcome.short
        words |= {(outcome.id, s.id): f"{outcome.short}: {s.wording}" for s in outcome.statements}
    detailed = {outcome for outcome, _ in words}
    matrix = page.matrix.reset_index()
    bare = matrix["outcome"].isin(detailed) & (matrix["statement"] == "") & (matrix["entries"] == 0)
    shown = matrix[~bare]
    pairs = zip(shown["outcome"], shown["statement"], strict=True)
    frame = shown[[*KIND_WORDS, "entries"]].rename(columns={**KIND_WORDS, "entries": "All"})
    frame.insert(0, "Outcome or statement", [words.get(pair, short[pair[0]]) for pair in pairs])
    caption = "How many pieces of evidence of each kind serve each outcome and statement"
    return Table(caption, frame.astype(str).replace("0", "None"))


def table_register(gaps: tuple[RegisterGap, ...], page: EvidencePage, *, caption: str) -> Table:
    """Return a row a gap: what is missing and why, what closes it, who does it, by when."""
    rows = [
        (
            gap.title,
            f"{_kind(gap)}. {gap.why}",
            _closing(gap),
            gap.owner or NOT_DECIDED,
            _due(gap, page),
            _words(gap.state),
        )
        for gap in gaps
    ]
    columns = ["About", "What is missing", "What closes it", "Owner", "Due", "State"]
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _kind(gap: RegisterGap) -> str:
    """Return what is missing; the name of one that is missing at a level says at which."""
    return GAP_WORDS[gap.kind].format(*gap.id.split("/")[1:2])


def table_names(page: EvidencePage) -> Table:
    """Return a row a gap: its name, under which a decision is written, and its plan action's."""
    rows = [(gap.title, gap.id, gap.action_id) for gap in page.gaps]
    columns = ["About", "Name of the gap", "Name of the plan action that closes it"]
    return Table("Names of the gaps", pd.DataFrame(rows, columns=columns))


def table_stakeholders(page: EvidencePage, outcome: str = "") -> Table:
    """Return a row a stakeholder, of one outcome if it is named, with the contact they need."""
    short = {b.outcome.id: b.outcome.short for b in page.overview.baselines}
    rows = [
        (s.name, listed(short[o] for o in s.outcomes), s.special_contact or "No special contact")
        for s in page.stakeholders
        if not outcome or outcome in s.outcomes
    ]
    columns = ["Stakeholder", "Outcomes", "Contact"]
    return Table("Whom the outcomes concern", pd.DataFrame(rows, columns=columns))


def table_elsewhere(page: EvidencePage, indicator: str = "") -> Table:
    """Return a row an indicator that somebody else measures, of one indicator if its id is given."""
    rows = [
        (title, item.who, _words(item.match), item.source)
        for title, item in page.elsewhere
        if indicator in ("", item.indicator)
    ]
    columns = ["Our indicator", "Who measures it", "Match to our definition", "Source"]
    return Table("What others measure", pd.DataFrame(rows, columns=columns))


def table_unfilled(page: EvidencePage) -> Table:
    """Return a row an entry of the catalogue in which something is not filled in."""
    rows = []
    for entry in page.entries.values():
        keys = entry.missing() or ([] if entry.last_date else ["last_date"])
        if keys:
            rows.append((entry.title, listed(key.replace("_", " ") for key in keys)))
    columns = ["Evidence", "Not filled in"]
    return Table("What the catalogue itself lacks", pd.DataFrame(rows, columns=columns))


def _words(word: str | None) -> str:
    return f"{word[:1].upper()}{word[1:]}".replace("_", " ") if word else NOT_STATED


def _day(day) -> str:
    return day_words(day) if day else NOT_STATED


def _last_and_next(entry: Evidence, expected) -> str:
    return _day(entry.last_date) + (f"; next by {day_words(expected)}" if expected else "")


def _remarks(entry: Evidence) -> str:
    access = _words(entry.access) + (f": {entry.how}" if entry.how else "")
    said = [access, entry.reference, entry.relevance, entry.robustness, entry.note]
    return " ".join(f"{words.rstrip('.')}." for words in said if words)


def _closing(gap: RegisterGap) -> str:
    if not gap.action:
        return f"Proposed: {gap.proposal}" if gap.proposal else NOT_DECIDED
    return f"{gap.action} Needs: {gap.change}." if gap.change else gap.action


def _due(gap: RegisterGap, page: EvidencePage) -> str:
    if gap.due is None:
        return NOT_DECIDED
    return day_words(gap.due) + (", past due" if gap.past_due(page.today) else "")
