"""Small numbers withheld, with as many others as keep them from being worked out. No files."""

from outcomes.store.disclosure.protect import BASE_NOTE, NOTE, protect

__all__ = ["BASE_NOTE", "NOTE", "protect"]
