"""The ballot database: where it is, how it is reached, made and brought up.

A SQLite file of this machine, unless the environment variable OUTCOMES_BALLOTS holds the address of
another database, such as postgresql://user:password@host/database.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from outcomes import paths
from outcomes.errors import DataError, ParameterError
from outcomes.paths import shown
from outcomes.whole import whole

ADDRESS = "OUTCOMES_BALLOTS"
DRIVERS = dict.fromkeys(("postgres", "postgresql"), "postgresql+psycopg")
"""The driver that is taken where an address names none."""
REWRITE = "ALTER TABLE voter ALTER code_hash TYPE bytea USING code_hash || ''::bytea"
"""Copies the living voters to a new file: of a change to the very same nothing would be copied."""
PATIENCE = 60
"""Seconds that a vote waits for those before it."""
SIDE_BY_SIDE = 4
"""Connections of one process; further votes wait for one of them."""
UPGRADING = 812_044_031
"""The number of PostgreSQL's lock for whoever brings the database up."""


class Database:
    """A connection pool to the ballots; each use of it is one transaction, whole or not at all."""

    def __init__(self, address: sa.URL) -> None:
        self._address = address
        try:
            self._engine = sa.create_engine(
                address,
                hide_parameters=True,
                pool_size=SIDE_BY_SIDE,
                max_overflow=0,
                pool_timeout=2 * PATIENCE,
            )
        except (SQLAlchemyError, ImportError) as error:
            raise self._trouble(error) from None
        if self._engine.dialect.name == "sqlite":
            _prepare_file(Path(address.database))
            sa.event.listen(self._engine, "connect", _connected)
            sa.event.listen(self._engine, "begin", _begun)

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Give a connection for questions."""
        return self._using(writes=False)

    def writing(self) -> AbstractContextManager[sa.Connection]:
        """Give a connection whose changes are kept if nothing goes wrong; one at a time on SQLite.

        Raises
        ------
        sqlalchemy.exc.IntegrityError
            If the database's own rules refuse a change; all of it is undone.
        """
        return self._using(writes=True)

    @contextmanager
    def _using(self, *, writes: bool) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                connection.execution_options(writes=writes)
                with connection.begin():
                    yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise self._trouble(error) from None

    def bring_up(self) -> None:
        """Make the tables, or bring those of an earlier version up; what is kept stays.

        Raises
        ------
        DataError
            If the database cannot be reached, or was made by a newer version.
        """
        from alembic import command
        from alembic.config import Config
        from alembic.migration import MigrationContext
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        steps = ScriptDirectory.from_config(config)
        known = [step.revision for step in steps.walk_revisions()]
        with self.reading() as connection:
            if MigrationContext.configure(connection).get_current_revision() == known[0]:
                return
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADING)))
            at = MigrationContext.configure(connection).get_current_revision()
            if at not in (None, *known):
                raise DataError(
                    f"{self.name}: it was made by a newer version of outcomes (revision {at}, this "
                    f"one knows {known[-1]} to {known[0]}); bring outcomes up to date. Nothing was "
                    "changed."
                )
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def back_up(self, path: Path) -> None:
        """Copy all that is kept into a new file, whole or not at all, also while people vote.

        Raises
        ------
        ParameterError
            If it is no SQLite file.
        DataError
            If the file is there already or cannot be written.
        """
        if self._engine.dialect.name != "sqlite":
            raise ParameterError(f"{self.name}: back it up with the database's own pg_dump")
        if path.exists():
            raise DataError(f"{shown(path)}: it exists already; name a new file for the copy")
        try:
            with whole(path) as partial:
                partial.unlink(missing_ok=True)
                partial.touch(mode=0o600)
                with self.reading() as connection, closing(sqlite3.connect(partial)) as copy:
                    connection.connection.driver_connection.backup(copy)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise DataError(
                f"{shown(path)}: the copy cannot be written there ({reason}); choose another folder"
            ) from None

    def overwrite_deleted(self) -> None:
        """Write over what was deleted, which is in the files until then.

        SQLite's secure_delete leaves what it moved when an index grew, so all is written anew
        (VACUUM); and it keeps its journal until that is emptied. PostgreSQL's VACUUM FULL keeps
        what any older transaction might still read; a column's change of type copies living rows.

        Raises
        ------
        DataError
            If the database does not let it.
        """
        try:
            if self._engine.dialect.name == "sqlite":
                with closing(self._engine.raw_connection()) as raw:
                    raw.driver_connection.execute("VACUUM")
                    question = "PRAGMA wal_checkpoint(TRUNCATE)"
                    if raw.driver_connection.execute(question).fetchone()[0]:
                        raise sqlite3.OperationalError("somebody reads it all the time")
            else:
                outside = self._engine.execution_options(isolation_level="AUTOCOMMIT")
                with outside.connect() as connection:
                    connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}s'")
                    connection.exec_driver_sql(REWRITE)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise DataError(
                f"{self.name}: the ballot is closed, but what is left of its codes could not be "
                f"written over ({str(getattr(error, 'orig', None) or error).strip()}); close it once "
                "more when nobody else uses the database, which tries that again"
            ) from None

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    @property
    def name(self) -> str:
        """What messages call it: a file, or an address without its password."""
        if self._address.get_backend_name() == "sqlite":
            return shown(Path(self._address.database))
        return "the ballot database " + self._address.set(query={}).render_as_string()

    def _trouble(self, error: Exception) -> DataError:
        """Return what a driver says, in one line, without the password."""
        cause = getattr(error, "orig", None) or error
        said = (str(cause).strip() or type(cause).__name__).splitlines()[0].rstrip(".")
        if self._address.password:
            said = said.replace(str(self._address.password), "***")
        hint = ""
        if isinstance(cause, ImportError):
            hint = "; install its driver: pip install 'outcomes[postgresql]'"
        return DataError(f"{self.name}: it cannot be used: {said}{hint}. Nothing was changed.")


def open_database() -> Database:
    """Return the ballot database, made or brought up to this version.

    Raises
    ------
    ParameterError
        If OUTCOMES_BALLOTS holds no address.
    DataError
        If it cannot be reached, or a newer version made it.
    """
    database = Database(_address())
    try:
        database.bring_up()
    except BaseException:
        database.close()
        raise
    return database


def _address() -> sa.URL:
    said = os.environ.get(ADDRESS, "")
    if not said:
        return sa.URL.create("sqlite", database=str(paths.ballots_file()))
    try:
        address = sa.make_url(said)
        # Of a password with an unescaped @ in it, the rest would pass for the host, and be shown.
        file = address.get_backend_name() == "sqlite"
        told = address.host or "" if file else f"{address.host}{address.database}"
        readable = "@" not in told and bool(address.database)
    except (ValueError, SQLAlchemyError):
        readable = False
    if not readable:
        raise ParameterError(
            f"the environment variable {ADDRESS} holds no address of a database; expected one such "
            "as postgresql://user:password@host/database, with %40 for an @ in a password"
        ) from None
    return address.set(drivername=DRIVERS.get(address.drivername, address.drivername))


def _prepare_file(path: Path) -> None:
    """Make an empty file that its owner alone may read, if there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise DataError(
            f"{shown(path)}: ballots cannot be kept there ({error.strerror or error})"
        ) from None


def _connected(connection, _) -> None:
    connection.isolation_level = None  # transactions are begun by us, below
    rules = ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON")
    for rule in (f"busy_timeout = {1000 * PATIENCE}", *rules):
        connection.execute(f"PRAGMA {rule}")


def _begun(connection: sa.Connection) -> None:
    """Begin a change with the right to write: no two of them can wait for each other."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
