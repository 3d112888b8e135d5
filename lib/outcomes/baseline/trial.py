"""Plans tried out on one outcome of a place: the same sums as a page's, nothing read or written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from outcomes.baseline.outlook import Plans
from outcomes.model import Baseline, Outlook, Scenario, Target


@dataclass(frozen=True)
class Trial:
    """A baseline on which plans can be tried, one indicator at a time."""

    baseline: Baseline
    """As published, without what lies ahead."""
    published: Plans
    """What the parameters hold of targets, judgements and scenarios for this place."""
    try_out: Callable[[Plans, str], Outlook | None]
    """Works out one indicator's outlook under plans; None if the place has no figure for it."""

    def tried(
        self, indicator: str, targets: tuple[Target, ...], scenarios: Mapping[str, Scenario]
    ) -> Baseline:
        """Return the baseline with one indicator's outlook under these plans, and no other's.

        The judgements are those of the parameters. Scenarios hold for the baseline's place alone:
        what they assume of other places is left out.
        """
        here = {name: found.in_place(self.baseline.place.code) for name, found in scenarios.items()}
        here = {name: found for name, found in here.items() if found.effects or found.cross_effects}
        plans = Plans(targets, self.published.judgements, here)
        outlook = self.try_out(plans, indicator)
        positions = tuple(
            replace(position, outlook=outlook if position.indicator_id == indicator else None)
            for position in self.baseline.positions
        )
        return replace(self.baseline, positions=positions)
