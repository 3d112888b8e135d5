"""How files of parameters are written: whole or not at all, as a person would have typed them."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock
from ruamel.yaml import YAML

from outcomes.errors import DataError, ParameterError
from outcomes.paths import shown
from outcomes.whole import whole


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all, with plain line ends.

    Raises
    ------
    DataError
        If it cannot be written there.
    """
    try:
        with whole(path) as partial:
            partial.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise _trouble(path, error) from None


@contextmanager
def writing_in(folder: Path) -> Iterator[None]:
    """Keep others from writing into a folder meanwhile; it is made if it is not there.

    Raises
    ------
    DataError
        If nothing can be written there.
    """
    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise _trouble(folder, error) from None
    try:
        yield
    finally:
        lock.release()


def _trouble(path: Path, error: OSError) -> DataError:
    return DataError(
        f"{shown(path)}: cannot be written ({error.strerror or error}) and is as it was; make room, "
        "or ask whoever looks after this folder for the right to write there"
    )


def require_words(where: str, *texts: str) -> None:
    """Raise ParameterError if a text that was typed holds what is no character."""
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ParameterError(
                f"{where}: got {ascii(text)}; expected text in UTF-8. Type it again, or set the "
                "terminal to UTF-8"
            ) from None


def yaml_text(values: Any) -> str:
    """Return plain values as YAML, keys in their order, umlauts as they are."""
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)


class Edited:
    """A YAML text that is changed in places: its comments, quotes and order stay as they are.

    Attributes
    ----------
    held : Any
        What it holds; change it in place.
    """

    def __init__(self, text: str) -> None:
        self._yaml = YAML()
        self._yaml.preserve_quotes, self._yaml.width = True, 4096
        self._yaml.indent(mapping=2, sequence=4, offset=2)
        self.held = self._yaml.load(text)

    def text(self) -> str:
        """Return the text as it is now."""
        written = StringIO()
        self._yaml.dump(self.held, written)
        return written.getvalue()
