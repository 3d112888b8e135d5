"""The tidy Parquet store: write whole or not at all, read a slice fast. Knows no publisher."""

from outcomes.paths import store_folder
from outcomes.store.checks import check_observations
from outcomes.store.store import Store


def open_store(name: str) -> Store:
    """Return a store by name; it may be empty, or not there yet."""
    how = (
        f"outcomes data build {name}, which adds what parameters/stores/{name}.yml lists, or "
        f"outcomes data add SOURCE PATH --store {name}"
    )
    return Store(name, store_folder(name), how)


__all__ = ["Store", "check_observations", "open_store"]
