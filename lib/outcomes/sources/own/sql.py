"""One SQL query as a table of text: read only, and never a word of the password."""

import os
import re
from pathlib import Path
from urllib.parse import quote, quote_plus

import sqlalchemy
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from outcomes.errors import DataError, ParameterError
from outcomes.model.mapping import Mapping
from outcomes.paths import shown
from outcomes.sources.own.tables import Table, as_text, to_table

DRIVERS = dict.fromkeys(("postgres", "postgresql"), "postgresql+psycopg")
"""The driver that is taken where an address names none."""
_ASIDE = r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/"


def read_query(path: Path, mapping: Mapping) -> Table:
    """Return what a mapping's query gives; `line` numbers its rows from 1.

    The transaction is read-only where SQLAlchemy knows how (PostgreSQL; a SQLite file is opened
    so), and is rolled back in any case.

    Parameters
    ----------
    path : Path
        The mapping's file; a SQLite file is looked for from its folder.
    mapping : Mapping
        With a connection and a query.

    Raises
    ------
    ParameterError
        If the query is not one SELECT statement, or there is no address to be had.
    DataError
        If the database cannot be reached or refuses the query, or it gives no row.
    """
    place = path.with_name(f"{path.name}, query")
    _require_select(place, mapping.query)
    address = _address(path, mapping.connection)
    try:
        engine = sqlalchemy.create_engine(address, poolclass=NullPool)
        with engine.connect() as connection:
            options = {"postgresql_readonly": True, "no_parameters": True}
            result = connection.execution_options(**options).exec_driver_sql(mapping.query)
            rows = [list(result.keys()), *([as_text(cell) for cell in row] for row in result)]
    except (SQLAlchemyError, ImportError) as error:
        raise DataError(
            f"{shown(place)}, {mapping.connection}: the database says: "
            f"{_without_password(address, error)}. Nothing was added."
        ) from None
    filled = [(i, row) for i, row in enumerate(rows) if any(row)]
    if len(filled) < 2:
        raise DataError(f"{shown(place)}: it gives no row. Nothing was added.")
    return to_table(place, filled, header=(0,))


def _require_select(place: Path, query: str) -> None:
    bare = re.sub(_ASIDE, " ", query, flags=re.DOTALL).strip().removesuffix(";")
    if ";" in bare or not re.match(r"(select|with)\b", bare, re.IGNORECASE):
        raise ParameterError(
            f"{shown(place)}: expected one SELECT statement and nothing else. Nothing was added."
        )


def _address(path: Path, connection: str) -> sqlalchemy.URL:
    if not connection.startswith("env:"):
        return _sqlite(path, connection)
    name = connection.removeprefix("env:")
    try:
        address = sqlalchemy.make_url(os.environ[name])
        # Of a password with an unescaped @ in it, the rest would pass for the host, and be shown.
        readable = "@" not in (address.host or "")
    except (KeyError, ValueError, SQLAlchemyError):
        readable = False
    if not readable:
        wrong = "holds no address" if name in os.environ else "is not set"
        raise ParameterError(
            f"{shown(path)}: the environment variable {name} {wrong}; expected one such as "
            "postgresql://user:password@host/database, with %40 for an @ in a password. "
            "Nothing was added."
        ) from None
    if address.get_backend_name() == "sqlite":
        return _sqlite(path, address.database or "")
    return address.set(drivername=DRIVERS.get(address.drivername, address.drivername))


def _sqlite(path: Path, name: str) -> sqlalchemy.URL:
    file = path.parent / name
    if not file.is_file():
        raise ParameterError(
            f"{shown(path)}: no SQLite file {name!r} beside it; give one, or env:NAME with a "
            "variable that holds the database's address. Nothing was added."
        )
    read_only = {"mode": "ro", "uri": "true"}
    return sqlalchemy.URL.create("sqlite", database=file.resolve().as_uri(), query=read_only)


def _without_password(address: sqlalchemy.URL, error: Exception) -> str:
    """Return what a driver says, without the password; its kind alone if options may hold one."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, ImportError):
        return f"{cause}: its driver is not installed; pip install 'outcomes[postgresql]' has one"
    if address.query and address.get_backend_name() != "sqlite":
        return type(cause).__name__
    words = (str(cause).strip() or type(cause).__name__).splitlines()[0].rstrip(".")
    secret = str(address.password or "")
    for written in filter(None, (secret, quote(secret), quote_plus(secret))):
        words = words.replace(written, "***")
    return words
