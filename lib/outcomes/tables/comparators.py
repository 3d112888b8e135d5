"""Whom a place is compared with, where that is a group."""

import pandas as pd

from outcomes.model import Baseline
from outcomes.tables.table import Table


def table_compared_with(baseline: Baseline) -> Table:
    """Return a row an area of the group, nearest first; with its distance where it was computed."""
    found = baseline.compared_with
    frame = pd.DataFrame({"Place": found.get("area_name", [])})
    if "distance" in found:
        frame["Distance (0 is alike)"] = [f"{value:.2f}" for value in found["distance"]]
    label = baseline.comparator_label
    return Table(f"{label[:1].upper()}{label[1:]}: whom it is made of", frame)
