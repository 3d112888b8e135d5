"""How a file is written whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Lend a name in the same folder to write to; at the end it takes the file's name at once.

    After an error nothing is left and the file is as it was. Two who write one file need a lock.

    Raises
    ------
    OSError
        If it cannot be written there.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise
