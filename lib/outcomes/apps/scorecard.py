"""The scorecard of a live page: of one place, or of two beside each other, as HTML."""

import re
from html import escape, unescape

import pandas as pd

from outcomes.apps.address import served
from outcomes.apps.parts import choice_button, sortable
from outcomes.model import Baseline
from outcomes.narrative import say_headline
from outcomes.notebook.page import heading_html
from outcomes.notebook.sections import list_html
from outcomes.tables import Table, table_compared_with, table_positions

ROW_HEAD = re.compile(r'(?<=<th scope="row">).*?(?=</th>)')
BESIDE = (
    "Each verdict compares a place with its own comparator. The two places are not tested against "
    "each other."
)

CHOOSE = (
    "Choose an indicator to see its history, its trend and how places differ. Choose a heading to "
    "sort by it."
)


def summary_html(baselines: list[Baseline]) -> str:
    """Return the heading, whom each group is made of, and the sentences that a reader takes away."""
    first, *others = baselines
    beside = "".join(
        f"<p>Beside it: <strong>{escape(other.place.name)}</strong> compared with "
        f"<strong>{escape(other.comparator_label)}</strong>.</p>"
        for other in others
    )
    members = "".join(_members(found) for found in baselines if not found.compared_with.empty)
    return f"{heading_html(first)}{beside}{members}{list_html(say_headline(first))}"


def _members(baseline: Baseline) -> str:
    count, table = len(baseline.compared_with), table_compared_with(baseline)
    whose = f"Which {count} places {baseline.place.name} is compared with"
    return f'<details class="folded"><summary>{escape(whose)}</summary>{table.to_html()}</details>'


def scorecard_html(baselines: list[Baseline], labels: dict[str, str]) -> str:
    """Return the scorecard, sortable, with a button in each row that chooses the indicator.

    Parameters
    ----------
    baselines : list of Baseline
        Of one place, or of two on the same outcome.
    labels : dict
        What the list of indicators calls each, by the indicator's id.
    """
    positions = baselines[0].positions
    if not positions:
        return ""
    note = f"<p>{BESIDE}</p>" if len(baselines) > 1 else ""
    html = sortable(scorecard(baselines))
    if served():
        note += f"<p>{CHOOSE}</p>"
        names = iter([labels[position.indicator_id] for position in positions])
        html = ROW_HEAD.sub(
            lambda found: choice_button("indicator", next(names), unescape(found[0])), html
        )
    return f"<h2>All indicators of this outcome</h2>{note}{html}"


def scorecard(baselines: list[Baseline]) -> Table:
    """Return the scorecard of one place, or of two in one table."""
    if len(baselines) == 1:
        return table_positions(baselines[0])
    return _side_by_side(*baselines)


def _side_by_side(first: Baseline, second: Baseline) -> Table:
    own, other = table_positions(first).frame, table_positions(second).frame
    frame = pd.DataFrame({"Indicator": own["Indicator"], "Period": _periods(own, other)})
    for baseline, shown in ((first, own), (second, other)):
        _, _, figure, comparator = shown.columns[:4]
        frame[figure] = shown[figure]
        frame[f"{baseline.place.name} compared with {baseline.comparator_label}"] = [
            f"{verdict} ({value})" for verdict, value in zip(shown["Compared"], shown[comparator],
                                                             strict=True)
        ]  # fmt: skip
    caption = f"Latest figures for {first.place.name} beside {second.place.name}"
    return Table(caption, frame)


def _periods(own: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """Return the period of each row; both, parted by 'and', where they are not the same."""
    pairs = zip(own["Period"], other["Period"], strict=True)
    return [" and ".join(dict.fromkeys(pair)) for pair in pairs]
