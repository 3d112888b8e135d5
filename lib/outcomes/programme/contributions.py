"""What a partner map leaves open: outcomes with few contributors, help that comes late only."""

from outcomes.errors import listed
from outcomes.model import Framework
from outcomes.model.partners import FEWEST, PartnerMap


def check_partners(found: PartnerMap, framework: Framework) -> list[str]:
    """Return a sentence for each kind of thing that somebody should look at."""
    if not found.partners:
        return ["No partner is named yet: write a file in parameters/partners for this area."]
    few, late, bare, unrated = [], [], [], []
    for outcome in framework.outcomes:
        names = list(found.contributors(outcome.id))
        if len(names) < FEWEST:
            few.append(f"{outcome.short} ({f'only {names[0]}' if names else 'none'})")
        if found.all_late(outcome.id):
            late.append(outcome.short)
        if not found.interventions_for(outcome.id):
            bare.append(outcome.short)
        if outcome.influence is None:
            unrated.append(outcome.short)
    lines = [line.title for line in found.counted().values() if not line.shares]
    said = [
        (
            few,
            "No outcome is brought about by one organisation alone. Fewer than two contribute to: ",
        ),
        (late, "Every intervention is specialist help that comes later, for: "),
        (bare, "No intervention is named for: "),
        (unrated, "Nobody has said yet how much partners can move: "),
        ([] if found.governance else ["no body"], "Who decides for all partners together: "),
        (lines, "Money that is mapped to no outcome: "),
    ]
    return [f"{words}{listed(names)}." for names, words in said if names]
