"""The tidy Parquet store: write whole or not at all, read a slice fast. Knows no publisher."""

from outcomes.paths import store_folder
from outcomes.store.checks import check_observations
from outcomes.store.store import Store


def open_store(name: str) -> Store:
    """Return a store by name; it may be empty, or not there yet."""
    if name == "sample":
        how = "outcomes data build sample"
    else:
        how = f"outcomes data add els PATH --store {name}"
    return Store(name, store_folder(name), how)


__all__ = ["Store", "check_observations", "open_store"]
