"""What the parts of a whole say of it, in sentences: reversals, and need beside take-up."""

from outcomes.errors import listed
from outcomes.model import Position, Reversal, with_unit

UNDER = {"under_served": "less", "over_served": "more"}


def say_reversals(position: Position) -> str:
    """Return where the whole moves against its own parts, and why; empty if it does not."""
    return " ".join(_say_reversal(found, position) for found in position.standing.reversals)


def _say_reversal(found: Reversal, position: Position) -> str:
    indicator, up = position.indicator, found.whole_last > found.whole_first
    rose, fell = ("rose", "fell") if up else ("fell", "rose")
    places = found.of == "places"
    whose = "every place within" if places else f"every group by {found.of}"
    if not found.every:
        whose = f"{'places' if places else f'groups by {found.of}'} with most of the people"
    return (
        f"The overall figure hides its parts: from {found.first} to {found.last} it {rose} from "
        f"{with_unit(indicator, found.whole_first)} to {with_unit(indicator, found.whole_last)}, "
        f"while it {fell} in {whose} ({listed(found.parts)}). Who is counted has changed: the mix "
        f"of {'places' if places else 'groups'} moved the overall figure, not the "
        "figures within it."
    )


def say_take_up(position: Position) -> str:
    """Return which groups get less or more of a service than their share of the need."""
    found = position.standing.take_up
    if found is None:
        return ""
    groups = found.groups
    said = []
    for verdict, word in UNDER.items():
        rows = groups[groups["verdict"] == verdict]
        named = [
            f"{row.group} ({row.served_share:.0%} of the help, {row.need_share:.0%} of the need)"
            for row in rows.itertuples()
        ]
        if named:
            said.append(
                f"More than chance, {word} than their share of the need goes to: {listed(named)}."
            )
    if not said:
        said.append("No group's share of the help differs from its share of the need by more than "
                    "chance.")  # fmt: skip
    lead = f"Need beside help in {position.place.name}, {found.period}, {len(groups)} groups."
    return " ".join([lead, *said])
