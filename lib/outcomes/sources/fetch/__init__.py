"""Downloads the open sources of the register into folders that the connectors read. Adds nothing."""

from outcomes.sources.fetch.fetch import Failure, Fetched, fetch
from outcomes.sources.fetch.transfer import Limits

__all__ = ["Failure", "Fetched", "Limits", "fetch"]
