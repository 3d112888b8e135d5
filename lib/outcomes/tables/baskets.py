"""What a basket's score is made of."""

import pandas as pd

from outcomes.model import BasketScore
from outcomes.tables.table import Table


def table_basket(basket: BasketScore, place: str) -> Table:
    """Return a row a member: the place's figure, how it stands, and its weight."""
    members = basket.members
    signed = [f"{value:+.2f}".replace("-", "\N{MINUS SIGN}") for value in members["standardised"]]
    frame = pd.DataFrame(
        {
            "Measure": members["title"],
            "Period": members["period"],
            place: members["value"],
            "Standard deviations from the average (higher is better)": signed,
            "Weight": [f"{weight:.0%}" for weight in members["weight"]],
        }
    )
    return Table(f"{basket.title}: what the score is made of", frame)
