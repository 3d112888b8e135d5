"""The tidy Parquet store: write whole or not at all, read a slice fast. Knows no publisher."""

from outcomes.model import DisclosureRule
from outcomes.paths import store_folder
from outcomes.store.checks import check_observations
from outcomes.store.files import harmless, write_csv
from outcomes.store.findings import RULES
from outcomes.store.kept import Kept
from outcomes.store.store import Store, Stored


def open_store(name: str, rule: DisclosureRule) -> Store:
    """Return a store by name, with its rule for small numbers; it may be empty, or not there yet."""
    how = (
        f"outcomes data build {name}, which adds what parameters/stores/{name}.yml lists, or "
        f"outcomes data add SOURCE PATH --store {name}"
    )
    return Store(name, store_folder(name), how, rule)


__all__ = [
    "RULES",
    "Kept",
    "Store",
    "Stored",
    "check_observations",
    "harmless",
    "open_store",
    "write_csv",
]
