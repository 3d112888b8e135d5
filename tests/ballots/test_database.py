"""The database is made, brought up with what it holds, refused if newer, and told from its tables."""

import re
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from click.testing import CliRunner

from outcomes import ballots
from outcomes.ballots.database import Database, open_database
from outcomes.ballots.tables import metadata, voter
from outcomes.cli import main
from outcomes.errors import DataError, ParameterError
from outcomes.model.ballot import BallotDefinition


def first_revision(address: str) -> None:
    """Make a database as the first revision has it, with a vote in it."""
    config = Config()
    config.set_main_option("script_location", f"{ballots.__path__[0]}/migrations")
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        assert "paper" not in [
            c["name"] for c in sa.inspect(connection).get_columns("voting_group")
        ]
        was = sa.MetaData()
        was.reflect(connection)
        here = {"ballot_id": "old"}
        opened = datetime(2025, 4, 25, 9, tzinfo=UTC)
        for table, values in (
            ("ballot", {"id": "old", "framework": "f", "title": "Old", "choose": 1, "salt": b"s",
                        "opened_at": opened, "closed_at": opened}),
            ("outcome", {**here, "id": "work", "number": 1, "title": "Work"}),
            ("statement", {**here, "outcome_id": "work", "id": "find", "position": 0,
                           "wording": "Find"}),
            ("voting_group", {**here, "id": "all", "title": "All", "short": "ALL", "position": 0}),
            ("voter", {**here, "id": 1, "group_id": "all"}),
            ("vote", {**here, "id": 1, "voter_id": 1, "outcome_id": "work"}),
            ("choice", {**here, "vote_id": 1, "outcome_id": "work", "statement_id": "find"}),
        ):  # fmt: skip
            connection.execute(sa.insert(was.tables[table]).values(**values))
    engine.dispose()


def test_a_database_of_the_first_revision_is_brought_up_with_what_it_holds(database):
    first_revision(database)
    with ballots.open_box() as box:
        held = box.ballot("old")
        assert not held.groups["all"].paper
        assert held.opened_at == datetime(2025, 4, 25, 9, tzinfo=UTC)
        assert box.cast_ballots("old").to_numpy().tolist() == [["all", 1, "work", "find"]]


def test_migrations_and_tables_agree(database):
    open_database().close()
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_newer_database_is_refused_and_left_alone(database):
    open_database().close()
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(DataError) as error:
        open_database()
    assert str(error.value).endswith(
        ": it was made by a newer version of outcomes (revision 0099, this one knows 0001 to 0002); "
        "bring outcomes up to date. Nothing was changed."
    )
    with engine.connect() as connection:
        version = sa.text("SELECT version_num FROM alembic_version")
        assert connection.execute(version).scalar_one() == "0099"
    engine.dispose()


def test_without_an_address_the_ballots_are_a_file_of_the_project_for_its_owner(
    tmp_path, monkeypatch
):
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "places.yml").touch()
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))
    monkeypatch.delenv("OUTCOMES_BALLOTS", raising=False)
    open_database().close()
    file = tmp_path / "data" / "ballots.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "address",
    [
        "ballots",
        "postgresql://me:half@half@host/data",
        "postgresql://me:word@host",
        "postgresql:///me:word@host/data",
        "://",
    ],
)
def test_what_is_no_address_is_refused_without_a_password(monkeypatch, address):
    monkeypatch.setenv("OUTCOMES_BALLOTS", address)
    with pytest.raises(ParameterError) as error:
        open_database()
    assert str(error.value) == (
        "the environment variable OUTCOMES_BALLOTS holds no address of a database; expected one "
        "such as postgresql://user:password@host/database, with %40 for an @ in a password"
    )


def test_a_server_that_cannot_be_reached_is_told_without_the_password(monkeypatch):
    monkeypatch.setenv("OUTCOMES_BALLOTS", "postgresql://me:s3cret@127.0.0.1:9/votes")
    with pytest.raises(DataError) as error:
        open_database()
    assert re.fullmatch(
        r"the ballot database postgresql\+psycopg://me:\*\*\*@127.0.0.1:9/votes: it cannot be used: "
        r".*refused.*\. Nothing was changed\.",
        str(error.value),
    )
    assert "s3cret" not in str(error.value)


def test_a_database_without_its_driver_is_told(monkeypatch):
    monkeypatch.setenv("OUTCOMES_BALLOTS", "oracle://me:s3cret@host/votes")
    with pytest.raises(DataError, match=r"cannot be used: .*; install its driver: pip install "):
        open_database()


def test_a_file_that_is_no_database_is_told(tmp_path, monkeypatch):
    file = tmp_path / "notes.sqlite"
    file.write_text("These are notes, and no database at all. " * 30)
    monkeypatch.setenv("OUTCOMES_BALLOTS", f"sqlite:///{file}")
    with pytest.raises(DataError) as error:
        open_database()
    assert str(error.value) == (
        f"{file}: it cannot be used: file is not a database. Nothing was changed."
    )


def test_a_place_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("OUTCOMES_BALLOTS", f"sqlite:///{tmp_path}/file/ballots.sqlite")
    with pytest.raises(DataError) as error:
        open_database()
    assert str(error.value) == (
        f"{tmp_path}/file/ballots.sqlite: ballots cannot be kept there (File exists)"
    )


def test_a_sqlite_file_may_have_an_at_sign_in_its_path(tmp_path, monkeypatch):
    monkeypatch.setenv("OUTCOMES_BALLOTS", f"sqlite:///{tmp_path}/me@work.sqlite")
    open_database().close()
    assert (tmp_path / "me@work.sqlite").is_file()


def backup(path) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["ballot", "backup", str(path)])
    return found.exit_code, found.output


def count(path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM choice").fetchone()[0]


def test_a_backup_has_every_vote_while_pages_are_open_and_somebody_votes(
    sqlite, opened_in_sqlite, tmp_path
):
    box, tickets = opened_in_sqlite
    for ticket in tickets:  # 3 voters with 4 choices each
        box.cast(ticket, "work", ("find", "earn", "learn", "start"))
    copy = tmp_path / "copy.sqlite"
    with box._database.writing() as connection:
        connection.execute(sa.insert(voter).values(ballot_id="spring", group_id="members"))
        assert backup(copy) == (
            0,
            f"a copy of all ballots: {copy}. It holds secret votes: keep it as safe as they are.\n",
        )
    assert count(copy) == 12
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert backup(copy) == (
        11,
        f"Error: {copy}: it exists already; name a new file for the copy\n",
    )
    away = tmp_path / "away" / "copy.sqlite"
    assert backup(away) == (
        11,
        f"Error: {away}: the copy cannot be written there (No such file or directory); choose "
        "another folder\n",
    )
    assert not list(tmp_path.glob(".*.partial"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_backup_of_another_database_is_its_own_programs_work(box, tmp_path):
    status, said = backup(tmp_path / "copy.sqlite")
    assert status == 10
    assert said.endswith(": back it up with the database's own pg_dump\n")
    assert not list(tmp_path.iterdir())


def kept_by(database: str, tmp_path) -> bytes:
    """Return the bytes of the files that hold the voters."""
    if database.startswith("sqlite"):
        return b"".join(path.read_bytes() for path in sorted(tmp_path.glob("ballots.sqlite*")))
    engine = sa.create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        file = "SELECT pg_read_binary_file(pg_relation_filepath('voter'))"
        found = connection.exec_driver_sql(file).scalar_one()
    engine.dispose()
    return bytes(found)


def test_no_hash_of_a_code_is_left_in_the_files_after_closing_though_a_page_is_open(
    opened, database, tmp_path
):
    box, _ = opened
    with box._database.reading() as connection:
        hashes = connection.execute(sa.select(voter.c.code_hash)).scalars().all()
        if database.startswith("sqlite"):
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    kept = kept_by(database, tmp_path)
    assert [each in kept for each in hashes] == [True] * 5
    with ballots.open_box() as other:
        other.close_ballot("spring")
        kept = kept_by(database, tmp_path)
    assert [each in kept for each in hashes] == [False] * 5


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_no_hash_is_left_though_an_older_transaction_reads_something_else(
    opened, database, tmp_path
):
    box, _ = opened
    with box._database.reading() as connection:
        hashes = connection.execute(sa.select(voter.c.code_hash)).scalars().all()
    engine = sa.create_engine(database, isolation_level="REPEATABLE READ")
    with engine.connect() as older:
        older.exec_driver_sql("SELECT count(*) FROM statement")
        box.close_ballot("spring")
        kept = kept_by(database, tmp_path)
    engine.dispose()
    assert [each in kept for each in hashes] == [False] * 5


def test_a_closing_whose_codes_cannot_be_written_over_says_so(opened, database, monkeypatch):
    box, _ = opened
    monkeypatch.setattr("outcomes.ballots.database.PATIENCE", 1)
    with ballots.open_box() as other, box._database.reading() as connection:
        connection.execute(sa.select(voter.c.id)).all()  # somebody who reads all the time
        with pytest.raises(DataError) as error:
            other.close_ballot("spring")
    assert re.search(
        r": the ballot is closed, but what is left of its codes could not be written over \(.+\); "
        r"close it once more when nobody else uses the database, which tries that again$",
        str(error.value),
    )
    at = box.ballot("spring").closed_at
    kept = []
    monkeypatch.setattr(Database, "overwrite_deleted", lambda self: kept.append(self.name))
    with pytest.raises(ParameterError, match="^the ballot was closed on "):
        box.close_ballot("spring")
    assert len(kept) == 1
    assert box.ballot("spring").closed_at == at


def test_no_hash_is_left_where_codes_fill_many_pages_of_an_index(
    sqlite, outcomes, tmp_path, monkeypatch
):
    monkeypatch.setattr("outcomes.ballots.codes.COST", 2)
    left = 0
    for number in range(6):  # a page of the index splits at another place each time
        name = f"spring{number}"
        many = BallotDefinition(
            framework="essex_2014",
            title="What matters",
            groups=[{"id": "public", "title": "Public", "short": "PUBLIC", "invited": 371}],
        )
        with ballots.open_box() as box:
            box.open_ballot(name, many, outcomes, lambda codes: None)
            with box._database.reading() as connection:
                mine = sa.select(voter.c.code_hash).where(voter.c.ballot_id == name)
                hashes = connection.execute(mine).scalars().all()
            assert sum(each in kept_by(sqlite, tmp_path) for each in hashes) == 371
            box.close_ballot(name)
            left += sum(each in kept_by(sqlite, tmp_path) for each in hashes)
    assert left == 0
